"""The two indexes as every reader of this process shares them, opened once and looked at again when they change."""

from __future__ import annotations

import threading
from pathlib import Path

from django.conf import settings

from sympolis.engine.errors import IndexUnavailable
from sympolis.engine.index import Index

_lock = threading.Lock()
_opened: dict[Path, Index] = {}


def office_index() -> Index | None:
    """The index over the office's records; None where there is none yet."""
    return _open(settings.HOME.index)


def atlas_index() -> Index | None:
    """The index of the world's open data that is being served; None where there is none."""
    folder = current_snapshot()
    return _open(folder / "index") if folder else None


def current_snapshot() -> Path | None:
    """The folder of the snapshot that is being served."""
    try:
        build = (settings.HOME.atlas / "current").read_text("utf-8").strip()
    except OSError:
        return None
    return settings.HOME.atlas / build if build else None


def _open(folder: Path) -> Index | None:
    with _lock:
        try:
            if (found := _opened.get(folder)) is None:
                found = _opened[folder] = Index.open(folder)
            else:
                found.reload()
        except IndexUnavailable:
            _opened.pop(folder, None)
            return None
        return found


def forget_readers() -> None:
    """Let go of what is open: after a restore, and between tests."""
    with _lock:
        for index in _opened.values():
            index.close()
        _opened.clear()
