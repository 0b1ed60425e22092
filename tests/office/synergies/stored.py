"""What stands in the rows behind a brief, as a reader would see it: nothing else may stand in a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sympolis.engine.model import PartialDate
from sympolis.office.core.models import Record
from sympolis.office.core.texts import Text
from sympolis.office.synergies.answers import Answers
from sympolis.office.synergies.brief.lines import Line
from sympolis.office.synergies.brief.wording import Country, Label, Many, Said, Value
from sympolis.office.synergies.facts import Facts

_DATES = ("start", "end", "since", "until", "signed", "ends", "closes", "adopted")
_WORDS = ("name", "short_name", "role", "programme")


def walked(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines with all that they hold."""
    for line in lines:
        yield line
        yield from walked(line.parts)


def values_of(said: Said) -> Iterator[tuple[str, Value]]:
    """Each single value of a sentence, and of the sentences in it, with the name of its place."""
    for name, value in said.values.items():
        if isinstance(value, Said):
            yield from values_of(value)
        elif isinstance(value, Many):
            yield from ((name, one) for one in value.values)
        elif f"%({name})" in str(said.message):
            yield name, value


def seen(value: Any) -> str:
    """A value as it can be looked for."""
    match value:
        case Text():
            return value.best("en").text
        case Country():
            return f"country {value.code}"
        case Label():
            return f"{value.vocabulary} {value.code}"
        case PartialDate() | date():
            return f"day {value}"
        case _:
            return str(value)


def stored(facts: Facts, answers: Answers) -> set[str]:
    """All values of all rows, and of the calls of the world's data."""
    rows: list[Any] = [
        *facts.records.values(), *facts.relations, *facts.memberships, *facts.agreements, *facts.positions,
        *facts.organisations.values(),
        *(party for agreement in facts.agreements for party in agreement.parties.all()),
        *answers.world_calls.values(),
    ]  # fmt: skip
    found = {"what they share"}
    for row in rows:
        found |= {seen(getattr(row, name)) for name in _DATES if hasattr(row, name)}
        found |= {str(getattr(row, name)) for name in _WORDS if hasattr(row, name)}
        found |= {str(goal) for goal in getattr(row, "sdgs", ())}
        found |= {f"country {code}" for code in _countries(row)}
        found.add(f"relation_types {getattr(row, 'type', '')}")
        title = row.title_text() if isinstance(row, Record) else Text.of(**row.title)
        found |= {title.best("en").text, *title.plain().values(), *Text(getattr(row, "names", {})).plain().values()}
    return found


def _countries(row: Any) -> Iterator[str]:
    yield getattr(row, "country", "")
    yield from getattr(row, "countries", ())
