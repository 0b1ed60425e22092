"""What changed since the two last met stands in the brief, with what it rests on; nothing private is handed round."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from sympolis.engine.model import PartialDate
from sympolis.office.core.enums import Visibility
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Agreement
from sympolis.office.projects.models import Project
from sympolis.office.synergies.actions import approve_for_sharing, export_brief, make_brief, read_brief
from sympolis.office.synergies.brief.sheet import Reading
from sympolis.office.synergies.enums import Format, Length
from sympolis.office.synergies.models import Brief, Meeting
from tests.cast import Cast
from tests.factories import make_organisation, make_relation
from tests.factories.synergies import Pair, make_pair
from tests.office.synergies.test_brief import SHARED, TODAY, text_of, wish

HEAD = "What began or ended after the two last met on 1 February 2026, as far as it is dated:"


def day(days_ago: int) -> date:
    return TODAY - timedelta(days_ago)


def since(days_ago: int) -> dict[str, date]:
    return {"since_earliest": day(days_ago), "since_latest": day(days_ago)}


def until(days_ago: int) -> dict[str, date]:
    return {"until_earliest": day(days_ago), "until_latest": day(days_ago)}


@pytest.fixture
def pair(cast: Cast) -> Pair:
    """They met thirty days ago. Since then one link began and one ended; an older one did both before."""
    pair = make_pair(TODAY)
    fund, port, club = (make_organisation(name, kind="programme") for name in ("Water Fund", "Port League", "Old Club"))
    make_relation(pair.right, "member_of", port, **since(10))
    make_relation(pair.left, "member_of", fund, **since(400), **until(3))
    make_relation(pair.left, "member_of", club, **since(90), **until(60))
    make_relation(pair.left, "partner_of", make_organisation("Secret Ally", visibility=Visibility.OFFICE), **since(5))
    pact = Agreement.objects.create(title=Text.of(en="Pact of the ports"), kind="memorandum")
    pact.signed = PartialDate(day(20), day(20))
    pact.save()
    pact.parties.set([pair.left, pair.right])
    Project.objects.filter(pk=pair.reuse.pk).update(end_earliest=date(2026, 1, 1), end_latest=date(2026, 12, 31))
    return pair


def changes(brief: Brief) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = brief.document["changes"]
    return found


def test_what_began_and_ended_since_they_met(cast: Cast, pair: Pair) -> None:
    brief = make_brief(cast.officer, wish(pair))
    assert [item["text"] for item in changes(brief)] == [
        HEAD,
        "Ended 28 February 2026: Lyra Metropolis · member of · Water Fund",
        "Began 26 February 2026: Lyra Metropolis · partner of · Secret Ally",
        "Began 21 February 2026: Cetus Area · member of · Port League",
        "Began 11 February 2026: agreement “Pact of the ports”",
        "Ended 2026: project “Reuse of treated water”",
    ]
    assert [bool(item.get("long")) for item in changes(brief)] == [False, False, False, False, False, True]
    assert all(item["evidence"] for item in changes(brief))


def test_without_a_meeting_it_is_twelve_months(cast: Cast, pair: Pair) -> None:
    Meeting.objects.all().delete()
    said = [item["text"] for item in changes(make_brief(cast.officer, wish(pair)))]
    assert said[0] == "What began or ended in the twelve months since 3 March 2025, as far as it is dated:"
    assert "Ended 2 January 2026: Lyra Metropolis · member of · Old Club" in said
    assert "Began 3 December 2025: Lyra Metropolis · member of · Old Club" in said


def test_where_nothing_changed_it_says_so(cast: Cast) -> None:
    brief = make_brief(cast.officer, wish(make_pair(TODAY)))
    (only,) = changes(brief)
    assert only["text"] == "Nothing that is dated here began or ended after the two last met on 1 February 2026."
    assert (only["unknown"], only["long"]) == (True, True)


@pytest.mark.parametrize("format_", list(Format))
def test_what_is_handed_round_names_nothing_of_the_office_s(cast: Cast, pair: Pair, format_: Format) -> None:
    brief = make_brief(cast.officer, wish(pair))
    approve_for_sharing(cast.officer, brief)
    internal = text_of(export_brief(brief, Reading(length=Length.LONG), format_), format_)
    shared = text_of(export_brief(brief, SHARED, format_), format_)
    assert "Secret Ally" in internal.replace("\\", "")
    assert "Port League" in shared
    assert "Secret Ally" not in shared


@pytest.mark.parametrize("language", ["ca", "es", "fr", "ar"])
def test_in_every_language(cast: Cast, pair: Pair, language: str) -> None:
    brief = make_brief(cast.officer, wish(pair, language=language))
    heading = brief.document["headings"]["changes"]
    assert heading != "What has changed since"
    assert len(changes(brief)) == 6
    assert not any("Began" in item["text"] or "Ended" in item["text"] for item in changes(brief))


def test_a_brief_of_an_earlier_version_is_still_read(cast: Cast, pair: Pair) -> None:
    brief = make_brief(cast.officer, wish(pair))
    del brief.document["changes"], brief.document["headings"]["changes"]
    assert "changes" not in {part.code for part in read_brief(brief, Reading()).parts}
