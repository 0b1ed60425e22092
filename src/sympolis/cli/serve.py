"""Web and worker: each alone, and both together under one parent."""

from __future__ import annotations

import errno
import multiprocessing
import signal
import socket
import subprocess
import sys
import time
from types import FrameType
from zoneinfo import ZoneInfo

import click

from sympolis.cli.office import office_home
from sympolis.cli.terminal import Refusal, say

PORT = 8000
port_option = click.option(
    "--port", type=click.IntRange(1, 65535), default=PORT, envvar="PORT", show_default=True, help="Where to listen."
)
address_option = click.option("--address", default="127.0.0.1", show_default=True, help="Whom to listen to.")


@click.command()
@port_option
@address_option
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Web processes.")
@click.option(
    "--threads", type=click.IntRange(1, 64), default=4, show_default=True, help="Requests a process does at once."
)
def serve(port: int, address: str, workers: int, threads: int) -> None:
    """Answer web requests until stopped."""
    home = office_home()
    refuse_taken(address, port)
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from sympolis.office.core.keeping.running import at_work_in

    multiprocessing.set_start_method("spawn", force=True)  # an encoder hangs after a fork
    server = Granian(
        "sympolis.config.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    )
    with at_work_in(home.path):
        server.serve()


@click.command()
@click.option("--once", is_flag=True, help="Do what waits, then stop.")
def worker(once: bool) -> None:
    """Do what waits: the index, mail, backups and other jobs, until stopped."""
    home = office_home()
    from sympolis.office.core.jobs.worker import Worker
    from sympolis.office.core.keeping.running import at_work_in
    from sympolis.office.directory.queries import current_office

    office = current_office()
    working = Worker(ZoneInfo(office.time_zone if office else "UTC"))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: working.stop())
    with at_work_in(home.path):
        if once:
            working.run_once()
        else:
            working.run()


def refuse_taken(address: str, port: int) -> None:
    """Say at once, in one line, when somebody else listens there."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Refusal(
                    f"Port {port} is taken by another program.", f"Stop it or choose another: PORT={port + 1} make run"
                ) from error
            if error.errno == errno.EACCES:
                raise Refusal(f"Port {port} needs rights you do not have.", "Choose one above 1024.") from error
            raise Refusal(f"Cannot listen on {address}: {error.strerror}.") from error


def run_together(address: str, port: int) -> int:
    """Web and worker as children of this process until it is told to stop or one of them ends."""
    commands = [["serve", "--address", address, "--port", str(port)], ["worker"]]
    children = [subprocess.Popen([sys.executable, "-m", "sympolis.cli.main", *command]) for command in commands]  # noqa: S603
    asked_to_stop = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    while not asked_to_stop and all(child.poll() is None for child in children):
        time.sleep(0.2)
    for child in children:
        if child.poll() is None:
            child.terminate()
    _wait_for(children, timeout_s=15)
    if asked_to_stop:
        return 0
    say("The web server or the worker ended by itself, see above; both are stopped.")
    return 1


def _wait_for(children: list[subprocess.Popen[bytes]], timeout_s: float) -> None:
    until = time.monotonic() + timeout_s
    for child in children:
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def wait_until_answering(address: str, port: int, timeout_s: float = 60) -> bool:
    """Whether somebody listens there before the time is over."""
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        try:
            with socket.create_connection((address, port), timeout=1):
                return True
        except OSError:
            time.sleep(0.1)
    return False
