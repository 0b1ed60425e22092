"""Where an uploaded table waits between its preview and its coming in: a few files in the home, for a day."""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings

KEPT_S = 24 * 3600
MOST_EACH = 5  # of one person
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,40}")


@dataclass(slots=True)
class Waiting:
    """A table that waits. ``chosen`` is what a person said of its headings, ``list`` what they called it, ``tied`` and
    ``tied_to`` what each row is of whom, ``house`` whose the rows are: None until somebody said it."""

    token: str
    user: int
    table: str
    file_name: str
    language: str
    chosen: dict[int, str] | None = None
    list: str = ""
    tied: str = ""
    tied_to: str = ""
    house: str | None = None
    data: bytes = field(default=b"", repr=False)


def put(waiting: Waiting) -> None:
    """Lay a table on the shelf, for its owner alone; old ones and more than a few make room."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _tidy(folder, waiting.user)
    _write(folder / f"{waiting.token}.data", waiting.data)
    note(waiting)


def note(waiting: Waiting) -> None:
    """Keep what a person chose."""
    about = {name: value for name, value in asdict(waiting).items() if name != "data"}
    _write(_folder() / f"{waiting.token}.json", json.dumps(about).encode())


def take(token: str, user: int) -> Waiting | None:
    """The table as it was laid down; None where there is none of this person's."""
    path = _folder() / f"{token}.json"
    if not _TOKEN.fullmatch(token) or not path.exists():
        return None
    about = json.loads(path.read_text(encoding="utf-8"))
    if about["user"] != user:
        return None
    chosen = about.pop("chosen")
    data = path.with_suffix(".data").read_bytes()
    return Waiting(
        **about, data=data, chosen=None if chosen is None else {int(at): name for at, name in chosen.items()}
    )


def drop(token: str) -> None:
    for suffix in ("json", "data"):
        (_folder() / f"{token}.{suffix}").unlink(missing_ok=True)


def new_token() -> str:
    return secrets.token_urlsafe(20)


def _folder() -> Path:
    home: Path = settings.HOME.path
    return home / "waiting-imports"


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(data)


def _tidy(folder: Path, user: int) -> None:
    own = []
    for path in folder.glob("*.json"):
        if path.stat().st_mtime < time.time() - KEPT_S:
            drop(path.stem)
        elif json.loads(path.read_text(encoding="utf-8")).get("user") == user:
            own.append(path)
    for path in sorted(own, key=lambda path: path.stat().st_mtime)[: -MOST_EACH + 1 or None]:
        drop(path.stem)
