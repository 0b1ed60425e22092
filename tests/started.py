"""Commands in processes of their own, forked from one that has read the libraries: reading them anew took each longer
than most have work to do, and the tests start some hundred and fifty."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
from pathlib import Path

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.libraries"])
STREAMS = ("input", "output", "error")


def started(
    words: list[str], env: dict[str, str], *, given: str = "", cwd: Path | None = None, timeout_s: float
) -> subprocess.CompletedProcess[str]:
    """What ``python WORDS``, ``-m MODULE …`` or ``-c CODE``, does with nothing but `env` in its environment."""
    with tempfile.TemporaryDirectory() as folder:
        streams = [Path(folder) / name for name in STREAMS]
        streams[0].write_text(given, encoding="utf-8")
        process = _CONTEXT.Process(target=_run, args=(words, env, cwd or Path.cwd(), streams))
        process.start()
        process.join(timeout_s)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(words, timeout_s)
        said = [stream.read_text(encoding="utf-8") if stream.exists() else "" for stream in streams[1:]]
        return subprocess.CompletedProcess(words, process.exitcode, *said)


def _run(words: list[str], env: dict[str, str], cwd: Path, streams: list[Path]) -> None:
    """In the new process: its streams, its environment, and then what an interpreter does."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.path[0:0] = [one for one in env.get("PYTHONPATH", "").split(os.pathsep) if one]
    for number, (stream, mode) in enumerate(zip(streams, "rww", strict=True)):
        opened = stream.open(mode, encoding="utf-8")
        os.dup2(opened.fileno(), number)
        setattr(sys, ("stdin", "stdout", "stderr")[number], os.fdopen(number, mode, encoding="utf-8", closefd=False))
    try:
        if words[0] == "-m":
            sys.argv = words[1:]
            runpy.run_module(words[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv = ["-c", *words[2:]]
            exec(compile(words[1], "<string>", "exec"), {"__name__": "__main__"})
    finally:
        atexit._run_exitfuncs()
