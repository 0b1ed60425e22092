"""Proposals as contributions, meetings as events, results as actions of a plan."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from ...model import Contribution, Event, PartialDate, PlanAction, Provenance, Record
from ...sheets import UnreadableSheet, look_ahead, number, partial_date
from ...texts.languages import detect_language
from ..plain_text import plain_text
from ..rejects import Reject
from ..table.mapping import mapping_path
from .tables import Fields, Table, read_tables

_SUFFIXES = (".csv", ".json", ".zip")
_HOST = re.compile(r"https?://([^/?#\s]+)")
_TELLING_ROWS = 50
_LONGEST_TEXT = 20_000


def files(path: Path) -> list[Path]:
    """The files of a folder, or the file itself, known by their headings; damaged ones too, so that it is said."""
    found = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
    return [file for file in found if file.suffix.lower() in _SUFFIXES and _is_ours(file)]


def _is_ours(file: Path) -> bool:
    if mapping_path(file).exists():  # somebody said how it is read: a table of their own
        return False
    try:
        return next(read_tables(file), None) is not None
    except UnreadableSheet:
        return True


def read(file: Path, rejects: list[Reject]) -> Iterator[Record]:
    """The records of a file; a row that can't be read is rejected with its line, what was told twice counts once."""
    found = False
    try:
        for table in read_tables(file):
            found = True
            yield from _records(table, rejects)
        if not found:
            rejects.append(Reject(file.name, 0, "This is no export of proposals, meetings or results that we know."))
    except UnreadableSheet as error:
        rejects.append(Reject(file.name, error.line, error.what))


def _records(table: Table, rejects: list[Reject]) -> Iterator[Record]:
    first, rows = look_ahead(table.rows, _TELLING_ROWS)
    language = _language(fields for _line, fields in first)
    seen: set[str] = set()
    for line, fields in rows:
        row = Row(table, fields, language)
        try:
            record = READERS[table.kind](row)
            rejects.extend(Reject(table.name, line, problem) for problem in row.problems)
            if record.id in seen:
                raise ValueError("This stands twice in this file: the first one counts.")
        except ValueError as error:
            rejects.append(Reject(table.name, line, str(error)))
            continue
        seen.add(record.id)
        yield record


def _language(rows: Iterator[Fields]) -> str:
    """The language of columns that do not say theirs, by the first rows of the table; English if they do not tell."""
    said = (fields.get((name, ""), "") for fields in rows for name in ("title", "body"))
    return detect_language(" ".join(filter(None, said))) or "en"


class Row:
    """One row: its fields as texts by language, numbers and days."""

    def __init__(self, table: Table, fields: Fields, language: str) -> None:
        self._table, self._fields, self._language = table, fields, language
        self.problems: list[str] = []

    def one(self, name: str) -> str:
        """A field whose language does not matter: the one of no language, else of the first."""
        own = self._fields.get((name, ""))
        return own or next((text for (field, _code), text in self._fields.items() if field == name), "")

    def texts(self, *names: str) -> dict[str, str]:
        """Fields by language as plain text, one below the other, each once."""
        found: dict[str, list[str]] = {}
        for name in names:
            for (field, code), text in self._fields.items():
                if field == name and (said := _plain(text)):
                    lines = found.setdefault(code or self._language, [])
                    lines += [said] if said not in lines else []
        return {code: "\n".join(lines)[:_LONGEST_TEXT] for code, lines in found.items()}

    def title(self) -> dict[str, str]:
        """The title. Raises ValueError without one."""
        if found := {code: " ".join(text.split()) for code, text in self.texts("title").items()}:
            return found
        raise ValueError("This row has no title.")

    def count(self, name: str) -> int | None:
        """A whole number; one that is none is rejected and the row stays."""
        try:
            value = number(self.one(name)) if self.one(name) else None
        except ValueError as error:
            self.problems.append(f"{name}: {error}")
            return None
        return None if value is None else int(value)

    def day(self, name: str) -> PartialDate:
        """A day; one that is none is rejected and the row stays."""
        try:
            return partial_date(self.one(name)) if self.one(name) else PartialDate()
        except ValueError as error:
            self.problems.append(f"{name}: {error}")
            return PartialDate()

    def provenance(self) -> Provenance:
        """By the site's own reference, else by site, kind and number; the file stands for a site that isn't told."""
        address = self.one("url")
        host = found[1] if (found := _HOST.match(address)) else ""
        key = self.one("reference")
        if not key and self.one("id"):
            site = host or Path(self._table.name).stem
            key = f"{site}/{self._table.kind}/{self.one('id')}"
        if not key:
            raise ValueError("This row has neither a reference nor a number.")
        return Provenance("decidim", key, address if host else "")

    def category(self) -> str:
        """Category and the one below it, in the site's words; else the part of town."""
        names = [_plain(self.one(name)) for name in ("category", "subcategory")]
        return " / ".join(dict.fromkeys(filter(None, names))) or _plain(self.one("scope"))

    def process(self) -> str:
        """The process by the last part of its address, else its number."""
        written = self.one("process")
        return urlsplit(written).path.rstrip("/").rpartition("/")[2] if "/" in written else written


def _plain(text: str) -> str:
    return plain_text(text) if "<" in text or "&" in text else text.strip()


def _proposal(row: Row) -> Contribution:
    provenance = row.provenance()
    return Contribution(
        id=f"decidim:{provenance.source_id}",
        title=row.title(),
        provenance=provenance,
        text=row.texts("body", "more"),
        process=row.process(),
        category=row.category(),
        status=row.one("state"),
        supports=row.count("supports"),
        comments=row.count("comments"),
        made=row.day("made"),
    )


def _meeting(row: Row) -> Event:
    provenance = row.provenance()
    return Event(
        id=f"decidim:{provenance.source_id}",
        title=row.title(),
        provenance=provenance,
        starts=row.day("start") or row.day("made"),
        ends=row.day("end"),
        topic=row.category(),
        place=_plain(row.one("address")),
    )


def _action(row: Row) -> PlanAction:
    provenance = row.provenance()
    return PlanAction(
        id=f"decidim:{provenance.source_id}", title=row.title(), provenance=provenance, text=row.texts("body", "more")
    )


READERS: dict[str, Callable[[Row], Contribution | Event | PlanAction]] = {
    "proposal": _proposal,
    "meeting": _meeting,
    "action": _action,
}
