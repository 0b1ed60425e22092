"""Whether this very program prepared the demo: asked before Django is loaded, so that the next start is quick."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from sympolis.config.home import Home, read_json, write_private_json

PACKAGE = Path(__file__).resolve().parents[1]
NOTE = "prepared.json"


def is_prepared(home: Home) -> bool:
    """Tables, records and index are there, and nothing of the program has changed since they were made."""
    there = home.kind == "demo" and home.database.exists() and (home.index / "complete").exists()
    return there and _noted(home) == fingerprint()


def note_prepared(home: Home) -> None:
    write_private_json(home.path / NOTE, {"fingerprint": fingerprint()})


def _noted(home: Home) -> str:
    try:
        return str(read_json(home.path / NOTE).get("fingerprint", ""))
    except json.JSONDecodeError:  # cut off: prepare again
        return ""


def fingerprint() -> str:
    """Changes with any file of ours, with the version of any package and with Python."""
    digest = hashlib.sha256(sys.version.encode())
    for folder in sorted({Path(entry) for entry in sys.path if entry.endswith("site-packages")}):
        digest.update(" ".join(sorted(found.name for found in folder.glob("*.dist-info"))).encode())
    for file in sorted(PACKAGE.rglob("*")):
        if file.suffix in {".py", ".csv", ".yaml"}:
            digest.update(f"{file.relative_to(PACKAGE)} ".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
