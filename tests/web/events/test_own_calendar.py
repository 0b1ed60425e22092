"""An officer's own calendar: an address a program subscribes to, made anew, read by a calendar library."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from sympolis.office.core.enums import SiteRole
from sympolis.office.core.texts import Text
from sympolis.office.events.models import CalendarKey, Event
from sympolis.office.planning.models import Session
from sympolis.office.synergies.models import Commitment, Meeting
from tests.cast import Cast

PAGE = "/en/account/calendar/"
REFUSED = ("contact", "participant", "outsider")
DAY = timezone.localdate() + timedelta(9)


def made(cast: Cast, who: str = "officer") -> str:
    """The address as it is shown, once."""
    said = cast.client(who).post(PAGE, {"what": "make"}).text
    [address] = re.findall(r'value="http://testserver(/en/calendar/[^"]+\.ics)"', said)
    assert address not in cast.client(who).get(PAGE).text
    return str(address)


def plant(cast: Cast, number: int = 0) -> None:
    day = {"start_earliest": DAY, "start_latest": DAY}
    Event.objects.create(title=Text.of(en=f"Event {number}"), visibility="office", from_hour=time(9), **day)
    starts = {"starts_earliest": DAY, "starts_latest": DAY}
    meeting = Meeting.objects.create(
        title=Text.of(en=f"Meeting {number}"), kind="bilateral", visibility="office", **starts
    )
    Session.objects.create(organisation=cast.amb, title=Text.of(en=f"Session {number}"), visibility="office", **starts)
    due = {"due_earliest": DAY, "due_latest": DAY, "visibility": "office"}
    Commitment.objects.create(organisation=cast.sfax, text=Text.of(en=f"Promise {number}"), meeting=meeting, **due)


def titles(address: str) -> list[str]:
    answer = Client().get(address)
    assert answer["Content-Type"].startswith("text/calendar")
    assert "no-store" in answer["Cache-Control"]
    return sorted(str(one["summary"]) for one in Calendar.from_ical(answer.content).walk("VEVENT"))


def test_what_the_office_has_before_it(cast: Cast) -> None:
    plant(cast)
    Event.objects.create(title=Text.of(en="An example"), illustrative=True, start_earliest=DAY, start_latest=DAY)
    Event.objects.create(title=Text.of(en="Long ago"), start_earliest=DAY.replace(2001), start_latest=DAY.replace(2001))
    Commitment.objects.create(
        organisation=cast.sfax, text=Text.of(en="Kept"), status="done", due_earliest=DAY, due_latest=DAY
    )
    assert titles(made(cast)) == ["Event 0", "Meeting 0", "Session 0", f"{cast.sfax} promised: Promise 0"]


def test_the_link_to_take_part_is_in_it(cast: Cast) -> None:
    Event.objects.create(title=Text.of(en="Room"), link="https://meet.example/9", start_earliest=DAY, start_latest=DAY)
    assert b"LOCATION:https://meet.example/9" in Client().get(made(cast)).content


def test_made_anew_the_one_before_opens_nothing(cast: Cast) -> None:
    first = made(cast)
    second = made(cast)
    assert first != second
    assert [Client().get(one).status_code for one in (first, second)] == [404, 200]
    assert second.removesuffix(".ics").rsplit("/")[-1] not in str(list(CalendarKey.objects.values()))
    assert CalendarKey.objects.get().last_used_at is not None
    cast.client("officer").post(PAGE, {"what": "withdraw"})
    assert Client().get(second).status_code == 404
    assert Client().get("/en/calendar/nothing.ics").status_code == 404


@pytest.mark.parametrize(("field", "value"), [("role", SiteRole.PARTICIPANT), ("is_active", False)])
def test_who_is_no_officer_any_more_has_none(cast: Cast, field: str, value: Any) -> None:
    address = made(cast)
    type(cast.officer).objects.filter(pk=cast.officer.pk).update(**{field: value})
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("administrator", 200),
        ("officer", 200),
        ("contact", 403),
        ("participant", 403),
        ("outsider", 403),
        ("visitor", 302),
    ],
)
def test_officers_alone_make_one(cast: Cast, who: str, status: int) -> None:
    assert cast.client(who).get(PAGE).status_code == status
    assert cast.client(who).post(PAGE, {"what": "make"}).status_code == status
    assert CalendarKey.objects.exists() is (status == 200)


def test_as_many_questions_for_many(cast: Cast, django_assert_max_num_queries: Callable[..., Any]) -> None:
    address = made(cast)
    Client().get(address)
    for number in range(8):
        plant(cast, number)
        if number in {0, 7}:
            with django_assert_max_num_queries(8):
                assert len(titles(address)) == 4 * (number + 1)
