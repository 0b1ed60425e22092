"""A council of one's own: members by what they stand for, its meetings and its opinions."""

from __future__ import annotations

from datetime import date

import pytest

from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation, Position, Relation
from sympolis.office.synergies.models import Meeting
from tests.cast import Cast
from tests.factories import make_organisation, make_relation
from tests.office.imports.bringing import bring
from tests.web.public.test_as_of import EVERYBODY, dates, page


@pytest.fixture
def council(cast: Cast) -> Organisation:
    council = make_organisation("Advisory council", kind="body", parent=cast.amb)
    for name, kind, until in (
        ("Chamber", "private", ""), ("Port", "public", ""), ("University", "expert", ""), ("Museum", "public", ""),
        ("Neighbours", "civil-society", "2020"), ("Somebody", "", ""),
    ):  # fmt: skip
        make_relation(make_organisation(name), "sits_on", council, member_kind=kind, **dates(since="2019", until=until))
    return council


def benches(cast: Cast, council: Organisation, query: str = "") -> list[tuple[str, list[str], int]]:
    shown = cast.client("visitor").get(page("organisation", council) + query).context["benches"]
    return [(str(one.label), [str(each.organisation) for each in one.sitters], one.count) for one in shown]


def test_its_members_stand_by_kind_with_their_counts(cast: Cast, council: Organisation) -> None:
    Relation.objects.filter(from_organisation__name="Museum").update(illustrative=True)
    assert benches(cast, council) == [
        ("Public", ["Museum", "Port"], 1),
        ("Private", ["Chamber"], 1),
        ("Expert", ["University"], 1),
        ("What they stand for is not known", ["Somebody"], 1),
    ]
    assert [label for label, _who, _count in benches(cast, council, "?on=2020")][2] == "Civil society"
    assert (
        '<h3>Public <span class="count">1</span></h3>' in cast.client("visitor").get(page("organisation", council)).text
    )


@pytest.mark.parametrize("who", EVERYBODY)
def test_its_meetings_and_opinions_as_far_as_one_may_see(cast: Cast, council: Organisation, who: str) -> None:
    for title, visibility in (("Open session", "public"), ("Closed session", "office")):
        day = {"starts_earliest": date(2024, 5, 2), "starts_latest": date(2024, 5, 2)}
        meeting = Meeting.objects.create(
            title=Text.of(en=title),
            kind="other",
            visibility=visibility,
            notes="Hush",
            decisions=Text.of(en="To go on"),
            **day,
        )
        meeting.organisations.add(council)
        opinion = Position.objects.create(title=Text.of(en=f"Opinion of the {title}"), visibility=visibility)
        opinion.signatories.add(council)
    shown = cast.client(who).get(page("organisation", council))
    officer = who in {"officer", "administrator"}
    for title in ("Open session", "Closed session"):
        assert (f"<bdi>{title}</bdi>" in shown.text) is (officer or title == "Open session")
        assert (f"Opinion of the {title}" in shown.text) is (officer or title == "Open session")
    assert "To go on" in shown.text
    assert "Hush" not in shown.text


def test_a_list_of_seats_says_what_each_stands_for(cast: Cast) -> None:
    bring("seats", "organisation_id,network_id,body,role,member_kind\nSfax,AMB,Council,member,civil-society\n")
    assert Relation.objects.get(type="sits_on").member_kind == "civil-society"
