"""Ctrl-C is heard whatever the process is busy with.

The kernel may hand SIGINT to any thread that runs just then. Python's own handler is to run in the main thread, which
sleeps on a lock and is not woken: the process would go on for ever. (Python, ``signal``, "Signals and threads".)
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable

TOLD_BY = (signal.SIGINT, signal.SIGTERM)
NUDGE = signal.SIGURG  # nobody else sends it, and it does nothing
NUDGED_EVERY_S = 0.1


def call_when_told_to_stop(stop: Callable[[], None]) -> None:
    """Call ``stop`` in a thread of its own at the first of ``TOLD_BY``. To be called in the main thread, once.

    Not as a handler: a second signal runs its handler inside the first one's, or inside whatever the main thread is at,
    and would wait for ever for a lock that is held below it. ``Event.set`` takes one.
    """
    for number in TOLD_BY:
        signal.signal(number, lambda _number, _frame: None)
    _listen(stop)


def wake_when_told_to_stop() -> None:
    """Let the handlers that somebody else has set run. To be called in the main thread, once."""
    main = threading.main_thread()
    signal.signal(NUDGE, lambda _number, _frame: None)
    _listen(lambda: _nudge(main))


def _listen(told: Callable[[], None]) -> None:
    come, write = os.pipe()
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)

    def hear() -> None:
        while os.read(come, 1)[0] not in TOLD_BY:
            pass
        told()

    threading.Thread(target=hear, name="signals", daemon=True).start()


def _nudge(main: threading.Thread) -> None:
    while main.is_alive() and main.ident is not None:
        # Again and again: the first may come in the moment in which the main thread falls asleep.
        signal.pthread_kill(main.ident, NUDGE)
        time.sleep(NUDGED_EVERY_S)
