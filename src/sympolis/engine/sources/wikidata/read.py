"""Reads answers of Wikidata's query service (JSON, TSV) and bare tables of pairs and of names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from ...model import Record
from ..rejects import Reject
from ..streams import Notes, head, lines, members, objects
from .answers import KNOWN, Answers
from .terms import Term, from_json, from_tsv

_JSON = (".json", ".srj")
_TABLES = (".tsv", ".tab")
_BINDINGS = re.compile(r'"bindings"\s*:\s*\[')
_HEAD = re.compile(r'\A\s*\{\s*"head"\s*:\s*\{[^}]*"vars"\s*:\s*\[([^\]]*)\]')
_PLAIN = re.compile(r"\A\s*\[\s*\{[^}]*www\.wikidata\.org/entity/Q")
_PLAIN_LIST = re.compile(r"\A\s*\[")
_PAIR = re.compile(r"(Q[1-9]\d{0,11})\t(Q[1-9]\d{0,11})")
_NAME = re.compile(r"(Q[1-9]\d{0,11})\t([^\t]+)(?:\t([a-z]{2,3}))?")


def files(path: Path) -> list[Path]:
    """Answers and tables in a folder, known by what they begin with."""
    found = [path] if path.is_file() else sorted(path.rglob("*"))
    return [file for file in found if file.suffix.lower() in (*_JSON, *_TABLES) and file.is_file() and _is_ours(file)]


def _is_ours(file: Path) -> bool:
    begins = head(file)
    if file.suffix.lower() in _JSON:
        variables = _HEAD.match(begins)
        told = re.findall(r'"([^"]+)"', variables.group(1)) if variables else []
        return bool(KNOWN & set(told)) or _PLAIN.match(begins) is not None
    first = begins.split("\n", 1)[0].rstrip("\r")
    return bool(KNOWN & set(_variables(first))) or _NAME.fullmatch(first) is not None


def _variables(header: str) -> list[str]:
    return [cell.strip().removeprefix("?") for cell in header.rstrip("\r\n").split("\t")]


def read(file: Path, rejects: list[Reject]) -> Iterator[Record]:
    """The bodies and links of an answer or a table."""
    for notes, stream in members(file, rejects, lambda name: True):
        answers = Answers(notes)
        if file.suffix.lower() in _JSON:
            _read_json(stream, file, answers, notes)
        else:
            _read_table(stream, answers, notes)
        yield from answers.records()


def _read_json(stream: IO[bytes], file: Path, answers: Answers, notes: Notes) -> None:
    plain = _PLAIN.match(head(file)) is not None
    for place, value in objects(stream, notes, _PLAIN_LIST if plain else _BINDINGS):
        if isinstance(value, dict):
            answers.add(place, {str(name): from_json(told) for name, told in value.items()})
        else:
            notes.add(place, "This is no row of an answer.")


def _read_table(stream: IO[bytes], answers: Answers, notes: Notes) -> None:
    """An answer whose first line names variables, or lines of pairs (twins) or of an item and its name."""
    texts = lines(stream, notes)
    first = next(texts, "")
    variables = _variables(first)
    if KNOWN & set(variables):
        for number, line in enumerate(texts, start=2):
            cells = line.rstrip("\r\n").split("\t")
            if len(cells) == len(variables):
                answers.add(number, dict(zip(variables, map(from_tsv, cells), strict=True)))
            else:
                notes.add(number, f"The line has {len(cells)} cells, the header {len(variables)}.")
        return
    _read_bare(first, 1, answers, notes)
    for number, line in enumerate(texts, start=2):
        _read_bare(line, number, answers, notes)


def _read_bare(line: str, number: int, answers: Answers, notes: Notes) -> None:
    line = line.rstrip("\r\n")
    if pair := _PAIR.fullmatch(line):
        answers.add(number, {"item": Term(pair.group(1)), "twin": Term(pair.group(2))})
    elif named := _NAME.fullmatch(line):
        answers.add(number, {"item": Term(named.group(1)), "label": Term(named.group(2), named.group(3) or "")})
    else:
        notes.add(number, "This line is neither two items of Wikidata nor an item and its name.")
