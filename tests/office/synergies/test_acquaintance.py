"""Chains of acquaintance: the shortest, through whom one really can go, each link with what it rests on."""

from __future__ import annotations

from datetime import date

import pytest

from sympolis.office.core.enums import Visibility
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Agreement, Organisation, Relation
from sympolis.office.projects.models import Project
from sympolis.office.synergies.acquaintance import Link, shortest_ways
from sympolis.office.synergies.actions import Wish, make_brief
from sympolis.office.synergies.brief.sheet import Reading, sheet_of
from sympolis.office.synergies.enums import Audience, Length
from sympolis.office.synergies.models import Brief
from tests.cast import Cast
from tests.factories import make_organisation, make_project, make_relation

TODAY = date(2026, 3, 3)
NOTHING = "No network, agreement, project or partner in common is known here."
NOBODY = "Nobody known here has to do with both: ask who could introduce you."


def said(brief: Brief) -> list[str]:
    return [item["text"] for item in brief.document["common"]]


def passages(brief: Brief, at: int) -> list[str]:
    return [proof["passage"] for proof in brief.document["common"][at]["evidence"]]


@pytest.fixture
def strangers(cast: Cast) -> tuple[Organisation, Organisation]:
    return make_organisation("Nowhere"), make_organisation("Elsewhere")


def way(links: list[tuple[int, ...]], left: int, right: int) -> list[tuple[int, ...]]:
    named = {Link(Relation, at): bodies for at, bodies in enumerate(links)}
    return [found.bodies for found in shortest_ways(named, {left}, {right})]


@pytest.mark.parametrize(
    ("links", "found"),
    [
        ([(1, 2)], [(1, 2)]),
        ([(1, 3), (3, 2)], [(1, 3, 2)]),
        ([(1, 3), (3, 4), (4, 2), (1, 5), (5, 2)], [(1, 5, 2)]),
        ([(1, 3), (3, 2), (1, 4), (4, 2), (3, 7), (3, 8)], [(1, 4, 2), (1, 3, 2)]),
        ([(1, 3, 7, 8, 9), (3, 2), (1, 4), (4, 2)], [(1, 4, 2), (1, 3, 2)]),
        ([(1, 3), (1, 3), (3, 2)], [(1, 3, 2)]),
        ([(1, 3), (3, 4), (4, 5), (5, 2)], [(1, 3, 4, 5, 2)]),
        ([(1, 3), (3, 4), (4, 5), (5, 6), (6, 2)], []),
        ([(1, 3), (4, 2)], []),
        ([(1, n) for n in (3, 4, 5, 6)] + [(n, 2) for n in (3, 4, 5, 6)], [(1, 3, 2), (1, 4, 2), (1, 5, 2)]),
    ],
    ids=["direct", "one", "shorter", "few friends", "small circle", "once", "three", "four", "apart", "three best"],
)
def test_the_shortest_and_of_these_the_closest(links: list[tuple[int, ...]], found: list[tuple[int, ...]]) -> None:
    assert way(links, 1, 2) == found


def test_each_link_is_shown_what_it_rests_on(cast: Cast, strangers: tuple[Organisation, Organisation]) -> None:
    one, other = strangers
    friend, acquainted = make_organisation("Friend"), make_organisation("Acquaintance")
    make_project("Blue Roofs", one, friend)
    signed = Agreement.objects.create(title=Text.of(en="A Pact"))
    signed.parties.set([friend, acquainted])
    make_relation(acquainted, "funds", other)
    brief = make_brief(cast.officer, Wish(one, other, on=TODAY))
    assert said(brief) == [
        NOTHING,
        "Friend knows Nowhere, Acquaintance knows Elsewhere, and these two know each other.",
    ]
    assert passages(brief, 1) == [
        "Nowhere and Friend both take part in Blue Roofs.",
        "Friend and Acquaintance signed A Pact.",
        "Acquaintance · funds · Elsewhere",
    ]


def test_a_chain_of_three_and_none_where_they_meet(cast: Cast, strangers: tuple[Organisation, Organisation]) -> None:
    one, other = strangers
    a, b, c = (make_organisation(f"Link {letter}") for letter in "ABC")
    for pair in ((one, a), (a, b), (b, c), (c, other)):
        make_relation(pair[0], "member_of", pair[1])
    assert said(make_brief(cast.officer, Wish(one, other, on=TODAY)))[1:] == [
        "Link A knows Nowhere, Link C knows Elsewhere, and Link B knows these two."
    ]
    make_relation(one, "twinned_with", other)
    assert said(make_brief(cast.officer, Wish(one, other, on=TODAY))) == ["Nowhere and Elsewhere are twin towns."]


@pytest.mark.parametrize("doubt", [{"confirmed": False}, {"illustrative": True}, {"until_latest": date(2025, 1, 1)}])
def test_nothing_doubtful_introduces(
    cast: Cast, strangers: tuple[Organisation, Organisation], doubt: dict[str, object]
) -> None:
    one, other = strangers
    friend = make_organisation("Friend")
    make_relation(one, "member_of", friend)
    make_relation(friend, "funds", other, **doubt)
    assert said(make_brief(cast.officer, Wish(one, other, on=TODAY))) == [NOTHING, NOBODY]


def test_a_private_link_in_the_middle_stays_in_the_office(
    cast: Cast, strangers: tuple[Organisation, Organisation]
) -> None:
    one, other = strangers
    friend, acquainted = make_organisation("Friend"), make_organisation("Acquaintance")
    make_relation(one, "member_of", friend)
    secret = make_project("Secret Works", friend, acquainted)
    Project.objects.filter(pk=secret.pk).update(visibility=Visibility.OFFICE)
    make_relation(acquainted, "funds", other)
    brief = make_brief(cast.officer, Wish(one, other, on=TODAY))
    sheets = [sheet_of(brief.document, {}, Reading(audience, Length.LONG)) for audience in Audience]
    shown = {
        sheet.is_internal: [line.text for line in sheet.lines if line.key.startswith("chain:")] for sheet in sheets
    }
    assert shown == {
        True: ["Friend knows Nowhere, Acquaintance knows Elsewhere, and these two know each other."],
        False: [],
    }
