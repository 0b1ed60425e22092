"""Web and worker: each alone, and both together under one parent."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
from zoneinfo import ZoneInfo

import click

from sympolis.cli.office import office_home
from sympolis.cli.opening import home_to_serve, tell_how_to_open
from sympolis.cli.terminal import Refusal, say
from sympolis.config.stopping import call_when_told_to_stop

PORT = 8000
STOPPED_WITHIN_S = 10
STARTED_AFTER_S = 3  # the first page is served before the worker begins
RESTARTED_AFTER_S = 2
port_option = click.option(
    "--port", type=click.IntRange(1, 65535), default=PORT, envvar="PORT", show_default=True, help="Where to listen."
)
address_option = click.option("--address", default="127.0.0.1", show_default=True, help="Whom to listen to.")


@click.command()
@port_option
@address_option
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Web processes.")
@click.option("--threads", type=click.IntRange(1, 64), default=4, show_default=True, help="Requests at once each.")
def serve(port: int, address: str, workers: int, threads: int) -> None:
    """Answer web requests until stopped. In an empty folder: begin a home, and say how to open its office."""
    refuse_taken(address, port)
    home = home_to_serve()
    tell_how_to_open(f"http://{shown(address)}:{port}/")
    from sympolis.office.core.keeping.running import at_work_in

    with at_work_in(home.path):
        _tell_of_the_worker()
        serve_web(address, port, workers, threads)


def _tell_of_the_worker() -> None:
    """Served alone, an office looks whole and is not: said where somebody can still do something about it."""
    from sympolis.office.core.jobs.lease import is_worker_there

    if not is_worker_there():
        say("No worker is running: search, mail and backups wait for one. Start it beside this: sympolis worker")


def serve_web(address: str, port: int, workers: int = 1, threads: int = 4) -> None:
    """Granian in this process, its web processes as children, until SIGINT or SIGTERM."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    multiprocessing.set_start_method("spawn", force=True)  # threads of libraries do not outlive a fork
    # Each thread would keep a heap of its own: 70 MB that a brief leaves behind. Read when a process starts.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    Granian(
        "sympolis.config.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        respawn_failed_workers=True,
        workers_kill_timeout=STOPPED_WITHIN_S,
        log_level=LogLevels.warning,
    ).serve()


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
    call_when_told_to_stop(working.stop)
    with at_work_in(home.path):
        if home.kind == "demo":
            _freshen_demo()
        if once:
            working.run_once()
        else:
            working.run()


def _freshen_demo() -> None:
    """The demo hangs on next Tuesday: here and not before the first page, which readers wait for."""
    from django.utils import timezone

    from sympolis.cli.demo import refresh_dates

    refresh_dates(timezone.localdate())


def shown(address: str) -> str:
    """The host as one types it into a browser."""
    if address in {"127.0.0.1", "0.0.0.0", "::", "::1"}:  # noqa: S104
        return "localhost"
    return f"[{address}]" if ":" in address else address


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
                    f"Port {port} is taken by another program.",
                    f"Stop it or choose another, such as --port {port + 1} (with make: PORT={port + 1} make run)",
                ) from error
            if error.errno == errno.EACCES:
                raise Refusal(f"Port {port} needs rights you do not have.", "Choose one above 1024.") from error
            raise Refusal(f"Cannot listen on {address}: {error.strerror}.") from error


@click.command(hidden=True)
@click.argument("address")
@click.argument("port", type=int)
def together(address: str, port: int) -> None:
    """The web server, with a worker beside it that is started again should it ever die."""
    serve_together(address, port)


def serve_together(address: str, port: int) -> None:
    # Once more: a first start prepares for a minute, and two servers of ours would share a port without a word, so that
    # readers get now a page of the one home, now of the other.
    refuse_taken(address, port)
    from sympolis.config.home import current_home
    from sympolis.office.core.keeping.running import at_work_in

    home = current_home()
    if home.kind == "demo" and address in {"127.0.0.1", "::1"}:
        # Nobody sets an address for the demo, and the worker's mails lead to its pages all the same.
        os.environ.setdefault("SYMPOLIS_ADDRESS", f"http://localhost:{port}")
    with at_work_in(home.path):
        companion = Companion([sys.executable, "-m", "sympolis.cli.main", "worker"])
        companion.start()
        try:
            serve_web(address, port)
        finally:
            companion.stop()


class Companion:
    """A process beside this one: started again when it dies, stopped with this one, also when a terminal closes."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="companion", daemon=True)
        self._parent = os.getppid()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(timeout=STOPPED_WITHIN_S + 5)

    def _watch(self) -> None:
        self._over.wait(STARTED_AFTER_S)
        while not self._over.is_set():
            with subprocess.Popen(self._command) as child:  # noqa: S603
                while not self._over.wait(0.5) and child.poll() is None:
                    if os.getppid() != self._parent:  # the terminal is gone, and `make` with it
                        os.kill(os.getpid(), signal.SIGTERM)
                _stop(child)
            self._over.wait(RESTARTED_AFTER_S)


def _stop(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.terminate()
    try:
        child.wait(STOPPED_WITHIN_S)
    except subprocess.TimeoutExpired:
        child.kill()
