"""Ctrl-C is heard whatever the process is busy with.

The kernel may hand SIGINT to any thread that runs just then. Python's own handler is to run in the main thread, which
sleeps on a lock and is not woken: the process would go on for ever. (Python, ``signal``, "Signals and threads".)
"""

from __future__ import annotations

import os
import signal
import threading
import time

HEARD = {signal.SIGINT, signal.SIGTERM}
NUDGE = signal.SIGURG  # nobody else sends it, and it does nothing
NUDGED_EVERY_S = 0.1


def hear_signals() -> None:
    """Wake the main thread whenever one of ``HEARD`` has come in. To be called in it, once."""
    come, write = os.pipe()
    os.set_blocking(write, False)
    signal.signal(NUDGE, lambda _number, _frame: None)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    threading.Thread(target=_nudge, args=(come, threading.main_thread()), name="signals", daemon=True).start()


def _nudge(come: int, main: threading.Thread) -> None:
    while os.read(come, 1)[0] not in HEARD:
        pass
    while main.is_alive() and main.ident is not None:
        # Again and again: the first may come in the moment in which the main thread falls asleep.
        signal.pthread_kill(main.ident, NUDGE)
        time.sleep(NUDGED_EVERY_S)
