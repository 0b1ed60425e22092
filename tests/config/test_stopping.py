"""Ctrl-C ends a process whose other threads are busy."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

BUSY = """
import os, signal, threading
from sympolis.config.stopping import call_when_told_to_stop, wake_when_told_to_stop

over, zeros = threading.Event(), os.open("/dev/zero", os.O_RDONLY)
{listening}

def be_busy():
    os.write(1, b"busy\\n")  # printing would hold a lock that the end of a process needs
    while True:
        os.read(zeros, 100_000)

for _ in range(4):
    threading.Thread(target=be_busy, daemon=True).start()
over.wait()
"""
CALLED = "call_when_told_to_stop(over.set)"
# The handler of somebody else: it runs in the main thread, which sleeps.
WOKEN = """
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda *_: os._exit(0))
wake_when_told_to_stop()
"""


@pytest.mark.parametrize("listening", [CALLED, WOKEN], ids=["called", "woken"])
def test_a_busy_process_hears_that_it_is_to_stop(listening: str) -> None:
    """Twice, as in a terminal: the second signal comes before, while and after the first is answered."""
    for time_between in range(10):
        program = [sys.executable, "-c", BUSY.format(listening=listening)]
        with subprocess.Popen(program, stdout=subprocess.PIPE) as busy:
            assert busy.stdout is not None
            for _thread in range(4):
                busy.stdout.readline()
            busy.send_signal(signal.SIGINT)
            time.sleep(time_between * 0.0003)
            busy.send_signal(signal.SIGTERM)
            try:
                # The second signal may meet a process that is over already and no longer listens.
                assert busy.wait(60) in (0, -signal.SIGTERM)
            finally:
                busy.kill()
