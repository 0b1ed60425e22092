"""The heavy steps of a build on a Spark cluster, asked over Spark Connect: a job for each task.

Spark does a task again whose worker was lost, and a task has no effect but its answer: so nothing is lost. Imported
only when a cluster is asked for.
"""

from __future__ import annotations

import hashlib
import pickle
import socket
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from pyspark.errors import PySparkException
from pyspark.sql.connect.functions import spark_partition_id
from pyspark.sql.connect.session import SparkSession

from ..errors import AtlasError
from .elsewhere import DONE, SCHEMA, do_task, from_rows, pack_task, read_artifact, read_content, to_rows, unpack
from .parse import Input

IN_ROWS = 8 << 20
"""Larger files (bytes) are brought to the worker that reads them as an artifact; rows travel through the scheduler."""

_PORT = 15002
_PATIENCE = 10.0  # seconds to reach the server
_TASKS_PER_CORE = 2
_MOST_AT_ONCE = 256
_INLINE = {"spark.sql.session.localRelationCacheThreshold": str(IN_ROWS * 4)}  # or the server would keep every task


class Cluster(Executor):
    """A runner on a cluster, and an executor whose every call is a Spark job."""

    def __init__(self, address: str) -> None:
        """Raises AtlasError where no Spark Connect server answers at the address (``sc://host:port``)."""
        _reach(address)
        self._address = address
        self._session = _open(address)
        self.ahead = min(_MOST_AT_ONCE, max(4, _TASKS_PER_CORE * _cores(self._session)))
        self._threads = ThreadPoolExecutor(self.ahead, "spark")

    def submit[**P, T](self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Let the cluster call a function of ours."""
        return self._threads.submit(_run, self._session, fn, *args, **kwargs)

    def read(self, waiting: Sequence[Input], cache: Path) -> Iterator[Input]:
        """Read files into folders of the cache; each file as soon as its folder is there."""
        for finished in as_completed([self._threads.submit(self._read, one, cache) for one in waiting]):
            yield finished.result()

    def share(self, content: bytes) -> str:
        """Bring bytes to every worker, once each; the name by which tasks find them (``elsewhere.shared``)."""
        name = hashlib.sha256(content).hexdigest()
        with tempfile.TemporaryDirectory() as scratch, _failing_as_ours():
            file = Path(scratch, name)
            file.write_bytes(content)
            self._session.addArtifacts(str(file), file=True)
        return name

    @contextmanager
    def workers(self, records: int) -> Iterator[Executor | None]:
        """The cluster, however few records there are."""
        yield self

    def _read(self, one: Input, cache: Path) -> Input:
        if one.size <= IN_ROWS:
            packed = _run(self._session, read_content, one.source, one.name, one.checksum, one.file.read_bytes())
        else:
            packed = _read_as_artifact(self._address, one)
        unpack(packed, cache / one.key)
        return one

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let go of the cluster."""
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        self._session.stop()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """A build that failed stops what the cluster does for it."""
        if error is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._session.interruptAll()
        self.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self


def _reach(address: str) -> None:
    """Spark's client tries for minutes; whether anybody listens is known at once. The address may hold a token."""
    parts = urlsplit(address)
    if parts.scheme != "sc" or not parts.hostname:
        raise AtlasError("That is no address of a Spark Connect server.", "It looks like sc://host:15002.")
    try:
        socket.create_connection((parts.hostname, parts.port or _PORT), _PATIENCE).close()
    except OSError as error:
        where = f"{parts.hostname}, port {parts.port or _PORT}"
        raise AtlasError(
            f"No Spark Connect server answers at {where}: {error.strerror or error}.",
            "Start one, or go on without --spark.",
        ) from None


def _open(address: str) -> SparkSession:
    """A session of our own: its artifacts go to those who do its tasks, and to nobody else."""
    with _failing_as_ours():
        session = SparkSession.builder.remote(address).create()
        for name, value in _INLINE.items():
            session.conf.set(name, value)
        return session


def _cores(session: SparkSession) -> int:
    """Spark cuts what it makes up itself into a part for each core."""
    with _failing_as_ours():
        return len(set(session.range(1 << 12).select(spark_partition_id()).toArrow()[0].to_pylist()))


def _run[**P, T](session: SparkSession, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """One task as a job of one partition. Raises AtlasError where the cluster fails."""
    with _failing_as_ours():
        task = session.createDataFrame(to_rows(pack_task(work, args, kwargs))).coalesce(1)
        answer = from_rows(task.mapInArrow(do_task, SCHEMA).toArrow())
    if answer[:1] != DONE:
        raise AtlasError(
            "The workers of the cluster have another version of Sympolis or of its packages than this machine.",
            "Install requirements/spark.txt and this version there.",
        )
    result: T = pickle.loads(answer[1:])  # noqa: S301 - the cluster is trusted, see elsewhere.py
    return result


def _read_as_artifact(address: str, one: Input) -> bytes:
    with tempfile.TemporaryDirectory() as scratch:
        link = Path(scratch, one.checksum)
        link.symlink_to(one.file.resolve())
        session = _open(address)
        try:
            with _failing_as_ours():
                session.addArtifacts(str(link), file=True)
            return _run(session, read_artifact, one.source, one.name, one.checksum)
        finally:
            session.stop()


@contextmanager
def _failing_as_ours() -> Iterator[None]:
    try:
        yield
    except PySparkException as error:
        raise AtlasError(
            f"The cluster failed: {_reason(str(error.getMessage() or error))}.",
            "Its log says more. Try again: what a home keeps is not done twice.",
        ) from error


def _reason(message: str) -> str:
    """Of a trace the last line that names an error, else how it begins; never our own address: it may hold a token."""
    lines = [line.strip() for line in message.splitlines() if line.strip() and not line.strip().startswith("at ")]
    named = [line for line in lines if "Error" in line]
    return (named[-1] if named else lines[0] if lines else "it gave no reason").rstrip(".")
