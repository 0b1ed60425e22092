"""A Spark cluster of two executors on this machine, and Sail, for tests."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

_STARTS_WITHIN = 300  # seconds, on a machine that has other things to do


@dataclass(frozen=True, slots=True)
class Server:
    """A Spark Connect server: its address, its process, what it says."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    def executors(self) -> list[int]:
        """The processes that do the work; they are in the server's group."""
        command = ["ps", "-eww", "-o", "pid=,pgid=,args="]
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        rows = re.findall(r"^ *(\d+) +(\d+) .*CoarseGrainedExecutorBackend", listed, re.MULTILINE)
        return [int(pid) for pid, group in rows if int(group) == self.process.pid]


def need_client() -> None:
    """Skip where what asks a cluster is not installed."""
    if find_spec("pyspark") is None or find_spec("pyspark.errors") is None:
        pytest.skip("pyspark is not installed: SPARK=1 make test installs it where it finds Java 17")


def need_java() -> None:
    """Skip where no Java runs."""
    java = shutil.which("java")
    if java is None or subprocess.run([java, "-version"], capture_output=True).returncode:
        pytest.skip("no Java on this machine: a Spark server needs Java 17")


@contextmanager
def started(folder: Path) -> Iterator[Server]:
    """A server with two executors, each a process of its own with one core."""
    import pyspark

    port = _free_port()
    home = Path(pyspark.__file__).parent
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.driver.memory": "1g",
        "spark.local.dir": str(folder / "local"),
        "spark.ui.enabled": "false",
    }
    options = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    server = "org.apache.spark.sql.connect.service.SparkConnectServer"
    command = [home / "bin" / "spark-submit", "--class", server, "--master", "local-cluster[2,1,1024]", *options]
    environment = os.environ | {
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_NO_DAEMONIZE": "1",
    }
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*map(str, command), "spark-internal"],
            cwd=folder,
            env=environment,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        wait_until(lambda: _listens(port) or process.poll() is not None, log)
        yield Server(f"sc://127.0.0.1:{port}", process, log)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def wait_until(is_so: Callable[[], bool], log: Path) -> None:
    """Wait for what a server does; where it does not, its words say why."""
    until = time.monotonic() + _STARTS_WITHIN
    while not is_so():
        assert time.monotonic() < until, log.read_text("utf-8", "replace")[-3000:]
        time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return int(any_port.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0
