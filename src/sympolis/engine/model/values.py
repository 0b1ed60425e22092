"""What every record is made of: texts in several languages, dates known in part, where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

LANGUAGES = ("en", "ca", "es", "fr", "ar")

type Text = Mapping[str, str]
"""One text in several languages: ISO 639-1 code -> text. None of them is the main one."""


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known as an earliest and a latest day, both included; either may be open (ISO 8601-2, level 0)."""

    earliest: date | None = None
    latest: date | None = None

    @classmethod
    def parse(cls, written: str) -> PartialDate:
        """Read ``2019``, ``2019-03`` or ``2019-03-14``; the empty string is open. Raises ValueError otherwise."""
        written = written.strip()
        if not written:
            return cls()
        parts = [int(part) for part in written.split("-")]
        if len(parts) == 1:
            return cls(date(parts[0], 1, 1), date(parts[0], 12, 31))
        if len(parts) == 2:
            first = date(parts[0], parts[1], 1)
            return cls(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
        if len(parts) == 3:
            day = date(*parts)
            return cls(day, day)
        raise ValueError(f"not a date: {written!r}")

    def __bool__(self) -> bool:
        return self.earliest is not None or self.latest is not None

    def __str__(self) -> str:
        """Written as precisely as it is known: ``2019``, ``2019-03`` or ``2019-03-14``."""
        return _written(self)

    def shifted(self, days: int) -> PartialDate:
        """The same date moved by a number of days."""
        move = timedelta(days=days)
        return PartialDate(self.earliest and self.earliest + move, self.latest and self.latest + move)


@lru_cache(maxsize=4_096)
def _written(day: PartialDate) -> str:
    known = day.earliest or day.latest
    if known is None:
        return ""
    for written in (f"{known.year:04d}", f"{known.year:04d}-{known.month:02d}"):
        if PartialDate.parse(written) == day:
            return written
    return known.isoformat()


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a record came from."""

    source: str
    source_id: str
    source_url: str = ""
    retrieved_at: date | None = None
    confirmed: bool = True
    illustrative: bool = False
