"""Small files in the home that say what was done last: read by the administration page and by the next start."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

STATUS = "status.json"  # what was done last: backup, restore_check, each with at, ok, error
MIGRATED = "migrated.json"  # which migrations have run


def read_note(name: str, home: Path | None = None) -> dict[str, Any]:
    """What the note says; empty where there is none or it was cut off."""
    try:
        found = json.loads(((home or settings.HOME.path) / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_note(name: str, values: dict[str, Any], home: Path | None = None) -> None:
    """Write a note that only its owner reads, all or nothing."""
    path = (home or settings.HOME.path) / name
    fresh = path.with_name(f"{name}.{os.getpid()}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        json.dump(values, out, indent=1, ensure_ascii=False)
    fresh.replace(path)


def write_status(key: str, value: dict[str, Any]) -> None:
    """Set one key of the status, the others stay."""
    write_note(STATUS, {**read_note(STATUS), key: value})


def note_done(key: str, **more: Any) -> None:
    """Note in the status that something was done now; it went well if ``more`` says nothing else."""
    write_status(key, {"at": timezone.now().isoformat(), "ok": True, "error": "", **more})
