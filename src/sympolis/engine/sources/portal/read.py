"""Pages of the portal's search, and lists of calls with one JSON object a line."""

from __future__ import annotations

import codecs
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import IO, Any, cast

from ...model import PartialDate, Record
from ..json_text import parsed
from ..rejects import Reject
from ..streams import Notes, head, lines
from .calls import read_flat, read_result

_ENDINGS = (".json", ".json.gz", ".jsonl", ".jsonl.gz")
_LISTS = (".jsonl", ".jsonl.gz")
_PAGE = re.compile(r'\A\s*\{\s*"(?:apiVersion|terms|responseTime|totalResults|pageNumber|pageSize|sort|results)"\s*:')
_LINE = re.compile(r'\A\s*\{[^\n]*"topicId"\s*:')
_DATED = re.compile(r"(?<!\d)(20\d\d)-(\d\d)(?:-(\d\d))?(?!\d)")
_MOST_BYTES = 256 << 20
_DAMAGED = (OSError, EOFError, zlib.error, UnicodeDecodeError, json.JSONDecodeError, RecursionError)
_UNUSABLE = (KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError, RecursionError)


def files(path: Path) -> list[Path]:
    """Pages and lists in a folder, known by what they begin with."""
    found = [path] if path.is_file() else sorted(path.rglob("*"))
    return [file for file in found if file.name.lower().endswith(_ENDINGS) and file.is_file() and _is_ours(file)]


def _is_ours(file: Path) -> bool:
    begins = head(file)
    return (_LINE if file.name.lower().endswith(_LISTS) else _PAGE).match(begins) is not None


def read(file: Path, rejects: list[Reject]) -> Iterator[Record]:
    """The calls on a page or a list; a page that is cut off or no page of the search is rejected by name."""
    notes, seen = Notes(file.name, rejects), day_in(file)
    if file.name.lower().endswith(_LISTS):
        yield from _read_list(file, seen, notes)
        return
    try:
        results = _content(file)["results"]
    except _DAMAGED as error:
        notes.add(0, f"The page is cut off or damaged: {error}")
        return
    except (KeyError, TypeError):
        notes.add(0, "This is no page of the portal's search: it has no results.")
        return
    for place, result in enumerate(results if isinstance(results, list) else [], start=1):
        try:
            yield read_result(result, seen)
        except _UNUSABLE as error:
            notes.add(place, f"This result has no usable {error}")


def day_in(file: Path) -> date | None:
    """The day a file's name, or its folder's, says it was fetched; of a month, the first. The file's time is not asked:
    the same files must give the same records on every machine."""
    for name in (file.name, file.parent.name):
        for found in _DATED.finditer(name):
            try:
                return PartialDate.parse("-".join(part for part in found.groups() if part)).earliest
            except ValueError:
                continue
    return None


def _content(file: Path) -> Any:
    with _opened(file) as stream:
        raw = stream.read(_MOST_BYTES + 1)
    if len(raw) > _MOST_BYTES:
        raise OSError(f"it holds more than {_MOST_BYTES} bytes")
    return parsed(raw.removeprefix(codecs.BOM_UTF8))


def _opened(file: Path) -> gzip.GzipFile | io.BufferedReader:
    with file.open("rb") as stream:
        zipped = stream.read(2) == b"\x1f\x8b"
    return gzip.open(file) if zipped else file.open("rb")


def _read_list(file: Path, seen: date | None, notes: Notes) -> Iterator[Record]:
    with _opened(file) as stream:
        for number, line in enumerate(lines(cast("IO[bytes]", stream), notes), start=1):
            if not line.strip():
                continue
            try:
                row: Mapping[str, Any] = parsed(line)
                yield read_flat(row, seen)
            except _UNUSABLE as error:
                notes.add(number, f"This line has no usable {error}")
