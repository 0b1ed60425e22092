"""Files of activities and of organisations, versions 1.x to 2.03."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml.etree import _Element

from ...model import Record
from ..rejects import Reject
from .activity import identifier_of, read_activity
from .organisations import Bodies, published
from .parts import parts_of
from .results import Results
from .stream import elements

_MARKS = (b"<iati-activit", b"<iati-organisation", b"DOCTYPE iati-")
_HEAD = 64 * 1024


def files(path: Path) -> list[Path]:
    """The XML files of a folder, or the file itself, that hold activities or organisations."""
    found = [path] if path.is_file() else sorted(path.rglob("*.xml"))
    return [file for file in found if file.suffix.lower() == ".xml" and _is_ours(file)]


def _is_ours(file: Path) -> bool:
    with file.open("rb") as opened:
        head = opened.read(_HEAD).replace(b"\0", b"")  # files in UTF-16 too
    return any(mark in head for mark in _MARKS)


def read(file: Path, rejects: list[Reject]) -> Iterator[Record]:
    """The records of a file, streamed: an activity is freed when the next one is asked for."""
    bodies = Bodies()
    seen: set[str] = set()
    for element, results in elements(file, rejects):
        line = element.sourceline or 0
        problems: list[str] = []
        try:
            yield from _records(element, results, seen, bodies, problems)
        except ValueError as error:
            problems.append(str(error))
        rejects.extend(Reject(file.name, line, problem) for problem in dict.fromkeys(problems))
    yield from bodies.left()


def _records(
    element: _Element, results: Results, seen: set[str], bodies: Bodies, problems: list[str]
) -> Iterator[Record]:
    if str(element.tag).endswith("iati-organisation"):
        if (body := published(element)) is None:
            raise ValueError("The organisation has no identifier.")
        yield body
        return
    identifier = identifier_of(parts_of(element))
    if identifier in seen:
        raise ValueError(f"The activity {identifier} stands twice in this file: the first one counts.")
    seen.add(identifier)
    yield from read_activity(element, results, bodies, problems)
