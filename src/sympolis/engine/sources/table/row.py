"""One row, field by field, as its mapping says; what can't be read is named and the row stays."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from collections.abc import Mapping as Named
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache

from ...model import PartialDate, Provenance
from ...sheets import country_code, degrees, money, number, partial_date
from ...sheets.headings import folded
from .mapping import Mapping, words

_GOAL = re.compile(r"\b(1[0-7]|[1-9])(?:\.\w{1,2})?\b")


class Row:
    """A row's cells by field; every question answers with nothing where the table does not say."""

    def __init__(self, table: str, mapping: Mapping, cells: Named[str, str]) -> None:
        self._table, self._mapping, self._cells = table, mapping, cells
        self.problems: list[str] = []

    def word(self, field: str) -> str:
        """The cell as it stands."""
        return self._cells.get(field, "")

    def texts(self, field: str) -> dict[str, str]:
        """A text by language: ``title`` is in the table's language, ``title.fr`` in French."""
        found = {}
        for name, text in self._cells.items():
            base, _dot, language = name.partition(".")
            if base == field:
                found[language or self._mapping.language] = text
        return found

    def needed(self, field: str) -> dict[str, str]:
        """The text a row must have. Raises ValueError without it."""
        if found := self.texts(field):
            return found
        raise ValueError(f"This row has no {field}.")

    def listed(self, field: str) -> tuple[str, ...]:
        """Several values in one cell, each once."""
        parts = (part.strip() for part in self.word(field).split(self._mapping.lists))
        return tuple(dict.fromkeys(filter(None, parts)))

    def day(self, field: str) -> PartialDate:
        """A year, month or day."""
        found = self._read(field, lambda written: partial_date(written, self._mapping.month_first))
        return found or PartialDate()

    def last_days(self, field: str) -> tuple[date, ...]:
        """The day, where it is known to the day."""
        latest = self.day(field)
        return (latest.latest,) if latest.latest and latest.earliest == latest.latest else ()

    def amount(self, field: str) -> tuple[Decimal | None, str]:
        """An amount and its currency: the one written with it, else of the currency's column, else of the mapping."""
        found = self._read(field, lambda written: money(written, self._mapping.decimal))
        if found is None:
            return None, ""
        return found[0], found[1] or self.word("currency").upper()[:3] or self._mapping.currency

    def count(self, field: str) -> int | None:
        """A whole number."""
        return self._read(field, lambda written: int(number(written)))

    def degrees(self, field: str, most: int) -> float | None:
        """A coordinate."""
        return self._read(field, lambda written: degrees(written, most))

    def country(self, field: str = "country") -> str:
        """Two letters; those of the mapping where the table does not say."""
        return self._read(field, country_code) or ("" if self.word(field) else self._mapping.country)

    def countries(self, field: str = "countries") -> tuple[str, ...]:
        """Several countries, parted by the mapping's mark or by commas."""
        found = []
        for written in re.split(rf"[{re.escape(self._mapping.lists)},]", self.word(field)):
            if written.strip():
                try:
                    found.append(country_code(written))
                except ValueError as error:
                    self.problems.append(f"{field}: {error}")
        default = [self._mapping.country] if self._mapping.country and not self.word(field) else []
        return tuple(dict.fromkeys(found or default))

    def address(self, field: str) -> str:
        """A web address; ``www.sfax.tn`` gets its ``https://``."""
        written = self.word(field)
        if not written or re.match(r"(?i)https?://\S+$", written):
            return written
        if re.match(r"(?i)[\w-]+(\.[\w-]+)+(/\S*)?$", written):
            return f"https://{written}"
        self.problems.append(f"{field}: {written[:40]!r} is no web address.")
        return ""

    def goals(self, field: str) -> tuple[int, ...]:
        """Goals of the 2030 Agenda, by number; of a target its goal."""
        return tuple(sorted({int(found) for found in _GOAL.findall(self.word(field))}))

    def status(self) -> str:
        """Our word for where the work stands, else the table's own."""
        return _statuses().get(folded(self.word("status")), self.word("status"))

    def provenance(self, called: str, url: str = "url") -> Provenance:
        """By the row's own id, else by what it is called; in the table of this name."""
        own = self.word("id")
        key = f"{self._table}/{own}" if own else f"{self._table}/~{hashed(called)}"
        return Provenance("table", key, self.address(url))

    def body(self, name: str) -> str:
        """The id of a body that another row or table names."""
        return f"table:{self._table}/body/~{hashed(name)}"

    def _read[Value](self, field: str, read: Callable[[str], Value]) -> Value | None:
        if not (written := self.word(field)):
            return None
        try:
            return read(written)
        except ValueError as error:
            self.problems.append(f"{field}: {error}")
            return None


@lru_cache(maxsize=50_000)
def hashed(called: str) -> str:
    """A short id for what is called so."""
    return hashlib.blake2b(folded(called).encode() or called.encode(), digest_size=8).hexdigest()


@cache
def _statuses() -> dict[str, str]:
    return {folded(word): code for code, said in words()["statuses"].items() for word in (code, *said)}
