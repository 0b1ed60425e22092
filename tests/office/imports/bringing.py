"""How tests of the importer hand it a table."""

from __future__ import annotations

from typing import Any

from sympolis.office.core.imports.apply import bring_in
from sympolis.office.core.imports.definition import tables
from sympolis.office.core.imports.read import read_table
from sympolis.office.core.imports.understand import Understood, understand
from sympolis.office.core.models import Import


def read_as(table: str, written: str | bytes, **more: Any) -> Understood:
    data = written.encode() if isinstance(written, str) else written
    return understand(tables()[table], read_table(data), **more)


def bring(table: str, written: str | bytes, **more: Any) -> Import:
    return bring_in(read_as(table, written), **more)


def said(understood: Understood) -> list[tuple[int, str, str, str]]:
    """Row, column, value and what is wrong, of every problem."""
    return [(one.row, one.column, one.value, one.what) for one in understood.problems]
