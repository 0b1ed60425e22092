"""Jobs that take long and wait for others most of that time: each in a thread of its own beside the worker's rounds."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing

from django.db import connection

_stopping = threading.Event()
_running: dict[str, threading.Thread] = {}


def is_stopping() -> bool:
    """Such a job asks this between two steps, and ends."""
    return _stopping.is_set()


def run_aside(name: str, work: Callable[[], None]) -> bool:
    """Begin it, unless it is still at it from before; whether it began."""
    running = _running.get(name)
    if running is not None and running.is_alive():
        return False

    def alone() -> None:
        with closing(connection):
            work()

    thread = threading.Thread(target=alone, name=name, daemon=True)
    _running[name] = thread
    thread.start()
    return True


def wait_for_all() -> None:
    """Let those that run come to their own end."""
    for thread in _running.values():
        thread.join()


def ask_to_stop() -> None:
    """None begins another step."""
    _stopping.set()


def stop_all(patience_s: float) -> None:
    """Ask those that run to end, and wait a little."""
    ask_to_stop()
    for thread in _running.values():
        thread.join(timeout=patience_s)
    if not any(thread.is_alive() for thread in _running.values()):
        _stopping.clear()
        _running.clear()
