"""Ctrl-C ends a process whose other threads are busy."""

from __future__ import annotations

import signal
import subprocess
import sys

PROGRAM = """
import os, signal, threading
from sympolis.config.stopping import hear_signals

over, zeros = threading.Event(), os.open("/dev/zero", os.O_RDONLY)
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda *_: over.set())
hear_signals()

def be_busy():
    os.write(1, b"busy\\n")  # printing would hold a lock that the end of a process needs
    while True:
        os.read(zeros, 100_000)

for _ in range(4):
    threading.Thread(target=be_busy, daemon=True).start()
over.wait()
"""


def test_a_busy_process_hears_that_it_is_to_stop() -> None:
    for _ in range(10):
        with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE) as busy:
            assert busy.stdout is not None
            for _thread in range(4):
                busy.stdout.readline()
            busy.send_signal(signal.SIGINT)
            busy.send_signal(signal.SIGTERM)
            try:
                # The second signal may meet a process that is over already and no longer listens.
                assert busy.wait(20) in (0, -signal.SIGTERM)
            finally:
                busy.kill()
