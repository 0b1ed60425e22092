"""Whether a relation held at a time, as far as its dates say."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sympolis.office.core.dates import PartialDate
from sympolis.office.directory.models import Relation
from sympolis.office.directory.moments import Holds, Moment
from tests.cast import Cast
from tests.factories import make_relation

TODAY = date(2026, 11, 27)
CASES = [
    # asked for, since, until, attested on, the answer
    ("2019", "2016", "", None, Holds.YES),
    ("2019", "2016", "2018", None, Holds.NO),
    ("2019", "2020", "", None, Holds.NO),
    ("2019", "2019-12-31", "", None, Holds.YES),  # any day of the year will do
    ("2019-03", "2019", "", None, Holds.PERHAPS),  # begun in the year: before April or after
    ("2019-03", "2016", "2019", None, Holds.PERHAPS),
    ("2019-03-14", "2019-03-14", "2019-03-14", None, Holds.YES),
    ("2019-03-15", "2019-03-14", "2019-03-14", None, Holds.NO),
    ("2019", "", "", None, Holds.PERHAPS),  # nobody knows since when
    ("2019", "", "2020", None, Holds.PERHAPS),
    ("2019", "", "2018", None, Holds.NO),
    ("2019", "", "", "2018-05-01", Holds.YES),  # somebody saw it by then
    ("2019", "", "", "2024-05-01", Holds.PERHAPS),
    ("", "", "", None, Holds.YES),
    ("", "", "2025", None, Holds.NO),
    ("", "2027", "", None, Holds.NO),
    ("", "2026", "", None, Holds.PERHAPS),
]


@pytest.mark.parametrize(("asked", "since", "until", "attested", "answer"), CASES)
def test_what_held_when(asked: str, since: str, until: str, attested: str | None, answer: Holds) -> None:
    moment = Moment.asked(PartialDate.parse(asked), TODAY)
    seen = date.fromisoformat(attested) if attested else None
    assert moment.holds(PartialDate.parse(since), PartialDate.parse(until), seen) is answer


def test_today_asked_for_by_its_date_is_today() -> None:
    assert Moment.asked(PartialDate.parse("2026-11-27"), TODAY) == Moment.now(TODAY)


days = some.dates(date(1990, 1, 1), date(2030, 12, 31))
spans = some.tuples(days, days).map(sorted).map(tuple)


@given(asked=spans, since=spans, until=spans, begun=days, ended=days)
def test_yes_and_no_are_never_wrong(
    asked: tuple[date, date], since: tuple[date, date], until: tuple[date, date], begun: date, ended: date
) -> None:
    """Whatever the true days were, within what is known of them."""
    begun = min(max(begun, since[0]), since[1])
    ended = min(max(ended, until[0]), until[1])
    held = begun <= asked[1] and ended >= asked[0]
    said = Moment(*asked).holds(PartialDate(*since), PartialDate(*until))
    if begun <= ended:
        assert said is not (Holds.NO if held else Holds.YES)


@pytest.mark.parametrize(("asked", "since", "until", "attested", "answer"), CASES)
def test_the_database_leaves_out_what_did_not_hold_and_nothing_else(
    cast: Cast, asked: str, since: str, until: str, attested: str | None, answer: Holds
) -> None:
    begins, ends = PartialDate.parse(since), PartialDate.parse(until)
    make_relation(
        cast.sfax, "member_of", cast.amb, attested_on=attested, since_earliest=begins.earliest,
        since_latest=begins.latest, until_earliest=ends.earliest, until_latest=ends.latest,
    )  # fmt: skip
    moment = Moment.asked(PartialDate.parse(asked), TODAY)
    assert moment.possible(Relation.objects.all()).exists() is (answer is not Holds.NO)
