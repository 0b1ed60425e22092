"""Whose ids a spreadsheet's rows have: two lists that both count from 1 must not meet, the same list twice must."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

from sympolis.office.core.imports.definition import Table
from sympolis.office.core.imports.read import Sheet
from sympolis.office.core.models import Import
from sympolis.office.core.texts import folded

LISTS = "list:"  # what the source of an office's own list begins with; sources the product knows have no colon
LONGEST = 40 - len(LISTS)  # what the column of a source takes
UNNAMED = "list"
# What people and programs add to the name of a newer copy. Years and dates stay: the list of 2026 may count anew.
_COPY = re.compile(r"\(\d+\)|\bv\d+\b|\b(copy|copia|còpia|copie|kopie|final|definitiu|new)\b( (of|de|du))?")


@dataclass(frozen=True, slots=True)
class Origin:
    """The name of a list, and what was brought in before that it may be a newer copy of."""

    name: str
    again: Import | None = None  # the last table of this name: its ids are these ids
    alike: tuple[str, ...] = ()  # other lists with the very same headings

    @property
    def source(self) -> str:
        return source_of(self.name)


def source_of(name: str) -> str:
    """What the records of a list have for their source."""
    return LISTS + _tidy(name)


def layout_of(sheet: Sheet) -> str:
    """Equal for tables with the same headings."""
    headings = "\n".join(folded(heading) or heading.strip() for heading in sheet.headings)
    return hashlib.blake2s(headings.encode(), digest_size=8).hexdigest()


def origin_of(table: Table, sheet: Sheet, file_name: str, name: str = "") -> Origin:
    """The list a table is of: the name a person gave it, else the one a file of this name and these headings had,
    else the file's own name without what copies add to it."""
    layout, called = layout_of(sheet), name_of_file(file_name)
    runs = list(Import.objects.filter(table=table.name, undone_at=None).exclude(source="").defer("undo")[:500])
    alike = [run for run in runs if run.layout == layout]
    remembered = next((run for run in alike if name_of_file(run.file_name) == called), None)
    wanted = _tidy(name) or (list_name(remembered.source) if remembered else called)
    again = next((run for run in runs if run.source == source_of(wanted)), None)
    others = dict.fromkeys(list_name(run.source) for run in alike if run.source != source_of(wanted))
    return Origin(wanted, again, tuple(others))


def list_name(source: str) -> str:
    return source.removeprefix(LISTS)


def name_of_file(file_name: str) -> str:
    """``Còpia de Projectes AMB (2).xlsx`` -> ``projectes-amb``."""
    stem = unicodedata.normalize("NFC", PurePath(file_name).stem).casefold().replace("_", " ")
    return _tidy(_COPY.sub(" ", stem)) or UNNAMED


def _tidy(name: str) -> str:
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", name).casefold())
    return "-".join(words)[:LONGEST].strip("-")
