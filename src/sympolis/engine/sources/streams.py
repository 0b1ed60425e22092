"""Files as streams: the members of an archive that nobody unpacks, lines of bounded length, rows, JSON objects.

What breaks off, is in another encoding or is a bomb ends in ``rejects``; nothing is raised.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

from .rejects import Reject

_MOST_BYTES = 16 << 30
_MOST_RATIO = 100
_SMALL = 16 << 20
_MOST_MEMBERS = 2_000
_LONGEST_LINE = 1 << 20
_LONGEST_OBJECT = 16 << 20
_BLOCK = 1 << 20
_HEAD = 1 << 16
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
_SPACE = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Notes:
    """Where to say what could not be read of one file."""

    file: str
    rejects: list[Reject]

    def add(self, line: int, reason: str) -> None:
        """One reject of this file; line 0 is the whole file."""
        self.rejects.append(Reject(self.file, line, reason))


def members(file: Path, rejects: list[Reject], wanted: Callable[[str], bool]) -> Iterator[tuple[Notes, IO[bytes]]]:
    """The file itself or, where it is a zip, its wanted members by name, each open for reading.

    Archives that hold too much for their size, that are damaged or locked are rejected by name.
    """
    if file.suffix.lower() != ".zip":
        with file.open("rb") as stream:
            yield Notes(file.name, rejects), stream
        return
    try:
        with zipfile.ZipFile(file) as archive:
            chosen = sorted((one for one in archive.infolist() if wanted(one.filename)), key=lambda one: one.filename)
            if reason := _distrust(chosen, file.stat().st_size):
                rejects.append(Reject(file.name, 0, reason))
                return
            for member in chosen:
                with archive.open(member) as unbuffered:
                    notes = Notes(f"{file.name}/{member.filename}", rejects)
                    yield notes, cast("IO[bytes]", io.BufferedReader(cast("io.RawIOBase", unbuffered), _BLOCK))
    except _BROKEN as error:
        rejects.append(Reject(file.name, 0, f"The archive is cut off or damaged: {error}"))


def _distrust(chosen: list[zipfile.ZipInfo], archive_bytes: int) -> str:
    """Why an archive is not opened; a member never gives more than it declares, so declared sizes will do."""
    total = sum(one.file_size for one in chosen)
    if len(chosen) > _MOST_MEMBERS:
        return f"The archive holds {len(chosen)} files, more than {_MOST_MEMBERS}."
    if total > _MOST_BYTES:
        return f"The archive unpacks to {total} bytes, more than {_MOST_BYTES}."
    if total > _SMALL and total > _MOST_RATIO * archive_bytes:
        return f"The archive unpacks to more than {_MOST_RATIO} times its size."
    if any(one.flag_bits & 1 for one in chosen):
        return "The archive is locked with a password."
    return ""


def member_names(file: Path) -> list[str]:
    """The names in a zip; none where it can't be opened."""
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.namelist()
    except _BROKEN:
        return []


def head(file: Path, wanted: Callable[[str], bool] | None = None) -> str:
    """The first letters of a file, or of the first wanted member of a zip; empty where nothing can be read."""
    try:
        if file.suffix.lower() != ".zip":
            with file.open("rb") as stream:
                raw = stream.read(_HEAD)
        else:
            with zipfile.ZipFile(file) as archive:
                names = sorted(name for name in archive.namelist() if wanted is None or wanted(name))
                with archive.open(names[0]) as stream:
                    raw = stream.read(_HEAD)
    except (*_BROKEN, IndexError):
        return ""
    return _unzipped(raw).decode("utf-8-sig", "replace")


def _unzipped(raw: bytes) -> bytes:
    if raw[:2] != b"\x1f\x8b":
        return raw
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(raw, _HEAD)
    except zlib.error:
        return b""


def lines(stream: IO[bytes], notes: Notes) -> Iterator[str]:
    """The lines of a text in UTF-8; those that are not are read as Windows-1252, which is said once.

    A text in UTF-16 and one with NUL bytes is rejected as a whole, a stream that breaks off where it does.
    """
    number, told = 0, False
    try:
        for raw in iter(partial(stream.readline, _LONGEST_LINE), b""):
            number += 1
            try:
                line = raw.decode("utf-8")
            except UnicodeDecodeError:
                line = raw.decode("cp1252", "replace")
                if number == 1 and raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
                    notes.add(0, "The text is in UTF-16, not in UTF-8.")
                    return
                if not told:
                    notes.add(number, "This line is not in UTF-8; it and those like it were read as Windows-1252.")
                    told = True
            yield line.removeprefix("\ufeff") if number == 1 else line
    except _BROKEN as error:
        notes.add(number, f"The file breaks off here: {error}")


def rows(texts: Iterator[str], notes: Notes, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of a CSV text with the number of their last line; a row that can't be parted is rejected."""
    csv.field_size_limit(_LONGEST_LINE)
    reader = csv.reader(texts, delimiter=delimiter, strict=True)
    while True:
        before = reader.line_num
        try:
            for row in reader:
                yield reader.line_num, row
                before = reader.line_num
        except csv.Error as error:
            notes.add(before + 1, f"The lines {before + 1} to {reader.line_num} can't be read: {error}.")
            continue
        return


def objects(stream: IO[bytes], notes: Notes, opening: re.Pattern[str]) -> Iterator[tuple[int, Any]]:
    """The values of a JSON array with their places from 1, one at a time; ``opening`` matches up to its bracket."""
    text = io.TextIOWrapper(cast("io.BufferedReader", stream), encoding="utf-8-sig")
    place = 0
    try:
        buffer = text.read(_BLOCK)
        found = opening.search(buffer)
        if found is None:
            notes.add(0, "There is no list of JSON objects in it.")
            return
        for place, value in enumerate(_values(text, buffer[found.end() :]), start=1):
            yield place, value
    except (*_BROKEN, RecursionError) as error:
        notes.add(place + 1, f"The file breaks off or is damaged after {place} objects: {error}")
    finally:
        text.detach()


def _values(text: io.TextIOWrapper, buffer: str) -> Iterator[Any]:
    """Values parted by commas up to the closing bracket; more is read whenever a value is not yet whole."""
    decoder = json.JSONDecoder()
    at = 0
    while True:
        at = _past_space(buffer, at)
        if buffer[at : at + 1] == "]":
            return
        try:
            value, end = decoder.raw_decode(buffer, at)
        except json.JSONDecodeError:
            if len(buffer) - at > _LONGEST_OBJECT:
                raise ValueError("an object is longer than 16 MB, or no JSON") from None
            value, end = None, len(buffer)
        end = _past_space(buffer, end)
        if end >= len(buffer):
            # A number may go on in the next block, so a value counts once something stands after it.
            if not (more := text.read(max(_BLOCK, len(buffer) - at))):
                raise ValueError("the list is not closed")
            buffer, at = buffer[at:] + more, 0
            continue
        yield value
        if buffer[end] not in ",]":
            raise ValueError("a comma is missing")
        at = end + (buffer[end] == ",")


def _past_space(buffer: str, at: int) -> int:
    found = _SPACE.match(buffer, at)
    return found.end() if found else at
