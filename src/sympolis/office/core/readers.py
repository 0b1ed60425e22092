"""The two indexes as every reader of this process shares them.

They are opened once and followed by a thread of their own: taking a new generation costs more than a question, so no
reader waits for it, and a change is found a second after the worker applied it.
"""

from __future__ import annotations

import logging
import threading
import time
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from sympolis.engine.errors import IndexUnavailable
from sympolis.engine.index import Index
from sympolis.engine.memory import clear_up
from sympolis.engine.model import Query
from sympolis.engine.resolve.gazetteer import Gazetteer
from sympolis.engine.world import World
from sympolis.office.core.tagging.reading import warm_tags

logger = logging.getLogger(__name__)

FOLLOWED_EVERY_S = 1.0
CLEARED_EVERY_S = 60.0

_lock = threading.Lock()
_opened: dict[Path, Index] = {}
_towns: dict[Path, Gazetteer] = {}
_follower: threading.Thread | None = None


def office_index() -> Index | None:
    """The index over the office's records; None where there is none yet."""
    return _open(settings.HOME.index)


def atlas_index() -> Index | None:
    """The index of the world's open data that is being served; None where there is none."""
    snapshot = current_snapshot()
    return _open(snapshot / "index") if snapshot else None


def current_snapshot() -> Path | None:
    """The folder of the snapshot that is being served."""
    try:
        build = (settings.HOME.atlas / "current").read_text("utf-8").strip()
    except OSError:
        return None
    return settings.HOME.atlas / build if build else None


def known_towns() -> Gazetteer | None:
    """Towns by all their names, as the first build of the world's data left them; None before it."""
    folder = settings.HOME.atlas / "cache"
    if folder not in _towns and (kept := Gazetteer.kept(folder)) is not None:
        _towns[folder] = kept
    return _towns.get(folder)


def open_world() -> World | None:
    """The organisations and projects of the world's open data; None where there are none, or of another version."""
    snapshot = current_snapshot()
    try:
        return _world(snapshot) if snapshot else None
    except IndexUnavailable:
        return None


@lru_cache(maxsize=2)
def _world(snapshot: Path) -> World:
    """A snapshot never changes once it is served."""
    return World(snapshot)


def warm_up() -> None:
    """Open what there is and load the encoders, so that the first reader waits no longer than the second."""
    for index in (office_index(), atlas_index()):
        if index is not None:
            index.search(Query(text="city", limit=1))
    warm_tags()


def follow() -> None:
    """Take newer generations of what is open; forget what is gone."""
    with _lock:
        opened = list(_opened.items())
    for folder, index in opened:
        try:
            index.reload()
        except IndexUnavailable:
            with _lock:
                _opened.pop(folder, None)


def forget_readers() -> None:
    """Let go of what is open: between tests, and where a home changes under a process."""
    with _lock:
        for index in _opened.values():
            index.close()
        _opened.clear()
    _towns.clear()
    _world.cache_clear()


def _open(folder: Path) -> Index | None:
    with _lock:
        if (found := _opened.get(folder)) is not None:
            return found
        try:
            index = _opened[folder] = Index.open(folder, towns=known_towns())
        except IndexUnavailable:
            return None
        _start_following()
        return index


def _start_following() -> None:
    global _follower
    if _follower is None or not _follower.is_alive():
        _follower = threading.Thread(target=_follow_for_ever, name="index follower", daemon=True)
        _follower.start()


def _follow_for_ever() -> None:
    pause = threading.Event()
    cleared_at = time.monotonic()
    while not pause.wait(FOLLOWED_EVERY_S):
        try:
            follow()
        except Exception:
            logger.exception("The index could not be followed; trying again")
        if time.monotonic() - cleared_at > CLEARED_EVERY_S:
            clear_up()
            cleared_at = time.monotonic()
