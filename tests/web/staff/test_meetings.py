"""The page of a meeting: made of a brief, seen by whom it concerns, notes of the office, promises in one click."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from icalendar import Calendar

from sympolis.office.core.texts import Text
from sympolis.office.synergies import programme
from sympolis.office.synergies.actions import Wish, make_brief
from sympolis.office.synergies.models import Brief, Commitment, Meeting
from sympolis.office.synergies.picking import proposals_of
from sympolis.office.synergies.programme import Planned, keep_programme
from tests.cast import Cast, office_today
from tests.factories.synergies import Pair, make_pair

TODAY = date(2026, 3, 3)
SECRETS = ("SECRET-NOTES", "SECRET-NOTE", "SECRET-PRESENT")


@pytest.fixture
def pair(cast: Cast) -> Pair:
    return make_pair(TODAY)


@pytest.fixture
def brief(cast: Cast, pair: Pair) -> Brief:
    return make_brief(cast.officer, Wish(pair.left, pair.right, language="fr", on=TODAY))


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    made = Meeting.objects.create(
        title=Text.of(en="Day of Sfax"), kind="bilateral", starts_earliest=TODAY, starts_latest=TODAY, place="Sfax",
        visibility="office", notes="SECRET-NOTES", note="SECRET-NOTE", posts_present="SECRET-PRESENT",
        agenda=Text.of(en="Water first"), decisions=Text.of(en="A pilot"),
    )  # fmt: skip
    made.organisations.set([cast.sfax, cast.amb])
    return made


def promise(meeting: Meeting | None, whose: Any, text: str, **fields: Any) -> Commitment:
    about = {"visibility": "office", **fields}
    return Commitment.objects.create(meeting=meeting, organisation=whose, text=Text.of(en=text), **about)


def address(name: str, public_id: str) -> str:
    with override("en"):
        return reverse(f"staff:{name}", kwargs={"public_id": public_id})


def one_line(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_who_sees_a_meeting_and_what_of_it(cast: Cast, meeting: Meeting) -> None:
    promise(meeting, cast.sfax, "Send the costs")
    promise(meeting, cast.amb, "Answer them")
    page = address("meeting", meeting.public_id)
    assert Client().get(page)["Location"] == f"/en/account/login/?next={page}"
    for who in ("participant", "outsider"):
        assert cast.client(who).get(page).status_code == 404
    seen = one_line(cast.client("contact").get(page))
    for shown in ("Day of Sfax", "Water first", "A pilot", "Send the costs", "3 March 2026"):
        assert shown in seen
    for hidden in (*SECRETS, "Answer them", "Open again", "<textarea"):
        assert hidden not in seen
    for who in ("officer", "administrator"):
        all_of_it = one_line(cast.client(who).get(page))
        for shown in (*SECRETS, "Send the costs", "Answer them", "A pilot"):
            assert shown in all_of_it


def test_nobody_but_officers_writes(cast: Cast, meeting: Meeting, brief: Brief) -> None:
    made = promise(meeting, cast.sfax, "Send the costs")
    posts = [
        (address("meeting_notes", meeting.public_id), {"notes": "x"}),
        (address("meeting_of_brief", brief.public_id), {"on": "2026-05-01"}),
        (address("promise_status", made.public_id), {"status": "done"}),
    ]
    before = Meeting.objects.count()
    for who in ("contact", "participant", "outsider"):
        for url, data in posts:
            assert cast.client(who).post(url, data).status_code == 403
    for url, data in posts:
        assert Client().post(url, data).status_code == 302
    meeting.refresh_from_db()
    made.refresh_from_db()
    assert (meeting.notes, made.status, Meeting.objects.count()) == ("SECRET-NOTES", "open", before)


def test_a_meeting_is_made_of_a_brief_once(cast: Cast, pair: Pair, brief: Brief) -> None:
    client = cast.client("officer")
    page = one_line(client.get(address("brief", brief.public_id)))
    assert "Make a meeting of it" in page
    assert 'name="on" value="2026-03-03"' in page
    make = address("meeting_of_brief", brief.public_id)
    assert client.post(make, {"on": "soon"})["Location"] == address("brief", brief.public_id)
    answer = client.post(make, {"on": "2026-05-01"})
    made = Meeting.objects.get(brief=brief)
    assert answer["Location"] == address("meeting", made.public_id)
    assert made.title.plain() == {
        "en": "Meeting of Lyra Metropolis and Cetus Area",
        "ca": "Reunió Lyra Metropolis – Cetus Area",
        "es": "Reunión Lyra Metropolis – Cetus Area",
        "fr": "Réunion Lyra Metropolis – Cetus Area",
        "ar": "اجتماع Lyra Metropolis وCetus Area",
    }
    assert (str(made.starts), made.kind, made.visibility) == ("2026-05-01", "bilateral", "office")
    assert set(made.organisations.all()) == {pair.left, pair.right}
    assert "The brief it was prepared with" in one_line(client.get(answer["Location"]))
    again = one_line(client.get(address("brief", brief.public_id)))
    assert "Make a meeting of it" not in again
    assert address("meeting", made.public_id) in again
    client.post(make, {"on": "2026-05-01"})
    assert Meeting.objects.filter(brief=brief).count() == 1


def test_a_meeting_of_the_two_on_that_day_gets_the_brief(cast: Cast, pair: Pair, brief: Brief) -> None:
    there = Meeting.objects.get(starts_earliest=date(2026, 3, 10))
    cast.client("officer").post(address("meeting_of_brief", brief.public_id), {"on": "2026-03-10"})
    there.refresh_from_db()
    assert (there.brief, there.title.plain()) == (brief, {"en": "Day of the two"})
    assert Meeting.objects.count() == 2


def test_a_promise_is_done_dropped_and_open_again(cast: Cast, meeting: Meeting) -> None:
    made = promise(meeting, cast.sfax, "Send the costs")
    client, url = cast.client("officer"), address("promise_status", made.public_id)
    for status in ("done", "open", "dropped"):
        assert client.post(url, {"status": status})["Location"] == address("meeting", meeting.public_id)
        made.refresh_from_db()
        assert made.status == status
    assert client.post(url, {"status": "unknown"}).status_code == 404
    assert [(one.status, one.history_user) for one in made.history.all()[:3]] == [
        ("dropped", cast.officer), ("open", cast.officer), ("done", cast.officer),
    ]  # fmt: skip


def test_open_promises_stand_on_both_pages_until_done(cast: Cast, meeting: Meeting) -> None:
    made = promise(meeting, cast.sfax, "Send the costs", due_earliest=TODAY, due_latest=TODAY)
    promise(None, cast.amb, "Nothing to do with Sfax")
    urls = [one.get_absolute_url() for one in (cast.sfax, cast.amb)]
    for url in urls:
        assert "Send the costs" in cast.client("officer").get(url).text
        assert "Send the costs" not in Client().get(url).text
        assert "Send the costs" not in cast.client("outsider").get(url).text
    assert "Nothing to do with Sfax" not in cast.client("officer").get(urls[0]).text
    assert "Send the costs" in cast.client("contact").get(urls[0]).text
    cast.client("officer").post(address("promise_status", made.public_id), {"status": "done"})
    for url in urls:
        assert "Send the costs" not in cast.client("officer").get(url).text


def test_notes_are_kept_and_what_another_wrote_is_not_lost(cast: Cast, meeting: Meeting) -> None:
    client = cast.client("officer")
    page, url = address("meeting", meeting.public_id), address("meeting_notes", meeting.public_id)
    seen = client.get(page).context["form"].initial["seen"]
    assert client.post(url, {"notes": "First words", "seen": seen})["Location"] == page
    clash = client.post(url, {"notes": "Other words", "seen": seen})
    assert clash.status_code == 409
    assert "Somebody else changed the same while you were writing." in clash.text
    assert ("First words" in clash.text, "Other words" in clash.text) == (True, True)
    meeting.refresh_from_db()
    assert (meeting.notes, meeting.decisions.plain()) == ("First words", {"en": "A pilot"})
    long = client.post(url, {"notes": "a" * 100_001})
    assert "This is longer than 100,000 letters." in long.text


def test_a_meeting_does_not_end_before_it_begins(cast: Cast, meeting: Meeting) -> None:
    url = address("change", meeting.public_id)
    data = {"title_en": "Day", "starts": "2026-03-03", "from_hour": "10:00", "until_hour": "09:00"}
    assert "The meeting ends before it begins." in cast.client("officer").post(url, data).text
    assert cast.client("officer").post(url, {**data, "until_hour": "12:30"}).status_code == 302
    assert "10:00–12:30" in cast.client("officer").get(address("meeting", meeting.public_id)).text


def test_promises_are_picked_out_of_pasted_notes_and_kept_when_ticked(cast: Cast, meeting: Meeting) -> None:
    client = cast.client("officer")
    words = (
        "- Sfax enverra les coûts avant le 15 mars.\r\n- The port is old.\n- We will share <b>the list</b> next week."
    )
    notes, pick = address("meeting_notes", meeting.public_id), address("meeting_pick", meeting.public_id)
    assert client.post(notes, {"notes": words, "what": "pick"})["Location"] == pick
    page = client.get(pick)
    assert "<mark>Sfax enverra les coûts avant le 15 mars.</mark>" in page.text
    assert "<mark>We will share &lt;b&gt;the list&lt;/b&gt; next week.</mark>" in page.text
    first, second = page.context["rows"]
    assert [(row.initial["organisation"], row.initial["due"]) for row in (first, second)] == [
        (cast.sfax.public_id, "2026-03-15"), (cast.amb.public_id, "2026-03-13"),
    ]  # fmt: skip
    client.post(pick, {f"{second.prefix}-text": "not ticked", f"{second.prefix}-due": "rubbish"})
    assert Commitment.objects.count() == 0
    wrong = client.post(pick, {f"{first.prefix}-keep": "on", f"{first.prefix}-text": " "})
    assert "Say what was promised." in wrong.text
    assert "Say who promised it." in wrong.text
    assert Commitment.objects.count() == 0
    data = {"keep": "on", "text": "Envoyer les coûts", "organisation": cast.sfax.public_id, "due": "2026-03-14"}
    posted = {f"{first.prefix}-{name}": value for name, value in data.items()}
    assert client.post(pick, posted)["Location"] == address("meeting", meeting.public_id)
    made = Commitment.objects.get()
    assert (made.text.plain(), made.organisation, str(made.due), made.status, made.visibility, made.meeting) == (
        {"fr": "Envoyer les coûts"}, cast.sfax, "2026-03-14", "open", "office", meeting,
    )  # fmt: skip
    assert made.passage == "Sfax enverra les coûts avant le 15 mars."
    assert [row.prefix for row in client.get(pick).context["rows"]] == [second.prefix]
    client.post(pick, posted)
    assert Commitment.objects.count() == 1


def test_the_words_around_a_promise_are_not_cut_in_two(cast: Cast, meeting: Meeting) -> None:
    around = " ".join(f"word{number}" for number in range(100))
    meeting.notes = f"{around}. Sfax will send the list. {around}"
    (found,) = proposals_of(meeting, [cast.sfax], cast.amb, TODAY)
    for words in (found.before.removeprefix("… ").split(), found.after.removesuffix(" …").split()):
        assert len(words) >= 10
        assert {word.strip(".") for word in words} <= set(around.split())
    assert (found.before[:2], found.after[-2:]) == ("… ", " …")
    meeting.notes = "Hello. Sfax will send the list. Bye"
    (found,) = proposals_of(meeting, [cast.sfax], cast.amb, TODAY)
    assert (found.before, found.after) == ("Hello. ", " Bye")


def test_nobody_but_officers_picks(cast: Cast, meeting: Meeting) -> None:
    pick = address("meeting_pick", meeting.public_id)
    for who in ("contact", "participant", "outsider"):
        assert cast.client(who).get(pick).status_code == 403
        assert cast.client(who).post(pick).status_code == 403
    assert Client().get(pick).status_code == 302


@pytest.mark.parametrize("rows", [1, 80])
def test_picking_asks_few_questions(
    cast: Cast, meeting: Meeting, rows: int, django_assert_max_num_queries: Any
) -> None:
    meeting.notes = "\n".join(f"Sfax will send list {number}." for number in range(rows))
    meeting.save()
    client = cast.client("officer")
    with django_assert_max_num_queries(12):
        assert len(client.get(address("meeting_pick", meeting.public_id)).context["rows"]) == rows


@pytest.mark.parametrize("rows", [1, 40])
def test_the_page_asks_few_questions(
    cast: Cast, meeting: Meeting, rows: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(rows):
        promise(meeting, cast.sfax, f"Promise {number}", due_latest=office_today() + timedelta(number))
    for who, url in (
        ("officer", address("meeting", meeting.public_id)), ("contact", address("meeting", meeting.public_id)),
        ("officer", cast.sfax.get_absolute_url()), ("contact", cast.sfax.get_absolute_url()),
    ):  # fmt: skip
        client = cast.client(who)
        with django_assert_max_num_queries(12):
            assert client.get(url).status_code == 200


def test_a_meeting_that_was_removed_says_so(cast: Cast, meeting: Meeting) -> None:
    client = cast.client("officer")
    client.post(address("remove", meeting.public_id))
    assert client.get(address("meeting", meeting.public_id)).status_code == 410
    client.post(address("bring_back", meeting.public_id))
    assert client.get(address("meeting", meeting.public_id)).status_code == 200


def event_of(answer: Any) -> Any:
    assert answer["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    calendar = Calendar.from_ical(answer.content)
    assert (calendar["METHOD"], calendar["VERSION"]) == ("PUBLISH", "2.0")
    (event,) = calendar.walk("VEVENT")
    return event


def test_a_meeting_goes_into_the_calendar_at_the_offices_hours(cast: Cast, meeting: Meeting) -> None:
    meeting.from_hour, meeting.until_hour = time(10), time(12, 30)
    meeting.save()
    url = address("meeting_calendar", meeting.public_id)
    answer = cast.client("contact").get(url)
    assert answer["Content-Disposition"] == f'attachment; filename="{meeting.public_id}.ics"'
    for secret in SECRETS:
        assert secret not in answer.text
    event = event_of(answer)
    assert (event["UID"], event["SEQUENCE"], event["SUMMARY"], event["LOCATION"], event["DESCRIPTION"]) == (
        f"{meeting.public_id}@sympolis", 1, "Day of Sfax", "Sfax", "Water first",
    )  # fmt: skip
    assert event["DTSTART"].params["TZID"] == "Europe/Madrid"
    assert event.decoded("DTSTART").astimezone(UTC) == datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert event.decoded("DTEND").astimezone(UTC) == datetime(2026, 3, 3, 11, 30, tzinfo=UTC)
    assert [zone["TZID"] for zone in Calendar.from_ical(answer.content).walk("VTIMEZONE")] == ["Europe/Madrid"]
    meeting.place = "Tunis"
    meeting.save()
    again = event_of(cast.client("officer").get(url))
    assert (again["UID"], again["SEQUENCE"], again["LOCATION"]) == (event["UID"], 2, "Tunis")


def test_a_meeting_without_hours_has_those_of_its_programme(cast: Cast, meeting: Meeting) -> None:
    """From its first slot to its last, by the office's clock; with other hours the entry is a later one, with other
    words it is not."""
    url = address("meeting_calendar", meeting.public_id)

    def entry_with(*slots: tuple[time, time | None, str]) -> tuple[Any, ...]:
        planned = [Planned(begins, ends, Text.of(en=title)) for begins, ends, title in slots]
        keep_programme(cast.officer, Meeting.objects.get(pk=meeting.pk), planned)
        event = event_of(cast.client("officer").get(url))
        moments = (event.decoded(name) if name in event else None for name in ("DTSTART", "DTEND"))
        return event["SEQUENCE"], *(at.astimezone(UTC) if isinstance(at, datetime) else at for at in moments)

    ten = datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert entry_with() == (0, date(2026, 3, 3), date(2026, 3, 4))
    morning, lunch = (time(10), time(12), "Water"), (time(13), time(14, 30), "Lunch")
    assert entry_with(lunch, morning) == (1, ten, datetime(2026, 3, 3, 13, 30, tzinfo=UTC))
    assert entry_with(morning, (*lunch[:2], "A meal")) == (1, ten, datetime(2026, 3, 3, 13, 30, tzinfo=UTC))
    assert entry_with(morning) == (2, ten, datetime(2026, 3, 3, 11, tzinfo=UTC))
    assert entry_with(morning, (time(13), None, "Open end")) == (3, ten, None)
    Meeting.objects.filter(pk=meeting.pk).update(from_hour=time(8), until_hour=time(9))
    assert entry_with(lunch)[1:] == (ten - timedelta(hours=2), ten - timedelta(hours=1))


def test_without_hours_it_takes_whole_days_and_without_a_day_there_is_no_file(cast: Cast, meeting: Meeting) -> None:
    client, url = cast.client("officer"), address("meeting_calendar", meeting.public_id)
    meeting.ends_earliest = meeting.ends_latest = date(2026, 3, 4)
    meeting.save()
    event = event_of(client.get(url))
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2026, 3, 3), date(2026, 3, 5))
    meeting.starts_latest = date(2026, 3, 31)
    meeting.save()
    assert client.get(url).status_code == 404
    assert url not in client.get(address("meeting", meeting.public_id)).text


def test_a_promise_goes_into_the_calendar_and_leaves_it_when_done(cast: Cast, meeting: Meeting) -> None:
    made = promise(meeting, cast.sfax, "Send, the costs; now", due_earliest=TODAY, due_latest=date(2026, 3, 31))
    url = address("promise_calendar", made.public_id)
    event = event_of(cast.client("contact").get(url))
    assert (event["SUMMARY"], event["STATUS"], event["SEQUENCE"], event["TRANSP"]) == (
        "Sfax promised: Send, the costs; now", "CONFIRMED", 0, "TRANSPARENT",
    )  # fmt: skip
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2026, 3, 31), date(2026, 4, 1))
    cast.client("officer").post(address("promise_status", made.public_id), {"status": "done"})
    again = event_of(cast.client("officer").get(url))
    assert (again["UID"], again["STATUS"], again["SEQUENCE"]) == (event["UID"], "CANCELLED", 1)
    undated = promise(meeting, cast.sfax, "Some day")
    assert cast.client("officer").get(address("promise_calendar", undated.public_id)).status_code == 404


def test_calendars_are_for_who_may_see_the_record(cast: Cast, meeting: Meeting) -> None:
    made = promise(meeting, cast.amb, "Answer them", due_earliest=TODAY, due_latest=TODAY)
    meeting_file = address("meeting_calendar", meeting.public_id)
    promise_file = address("promise_calendar", made.public_id)
    for who in ("participant", "outsider"):
        assert cast.client(who).get(meeting_file).status_code == 404
    for who in ("contact", "participant", "outsider"):
        assert cast.client(who).get(promise_file).status_code == 404
    for url in (meeting_file, promise_file):
        assert Client().get(url).status_code == 302
        assert cast.client("officer").get(url).status_code == 200


def test_a_programme_that_goes_on_past_noon_has_lunch(cast: Cast, meeting: Meeting, monkeypatch: Any) -> None:
    monkeypatch.setattr(programme, "shared_themes", lambda _meeting: ["water", "climate", "mobility"])
    for begins, planned in (
        (
            time(10, 45),
            ["10:45 Welcome", "11:00 Water", "11:45 Climate", "12:30 Lunch", "13:30 Mobility", "14:15 Next"],
        ),
        (time(14), ["14:00 Welcome", "14:15 Water", "15:00 Climate", "15:45 Mobility", "16:30 Next"]),
    ):
        meeting.slots.all().delete()
        meeting.from_hour = begins
        slots = programme.propose_programme(cast.officer, meeting)
        said = [f"{one.from_hour:%H:%M} {str(one.title.get_text('en')).split()[0]}" for one in slots]
        assert said == planned


def test_a_programme_is_proposed_out_of_the_brief_and_changed(cast: Cast, pair: Pair, brief: Brief) -> None:
    client = cast.client("officer")
    client.post(address("meeting_of_brief", brief.public_id), {"on": "2026-05-01"})
    made = Meeting.objects.get(brief=brief)
    propose, edit = (address(f"meeting_{name}", made.public_id) for name in ("propose", "programme"))
    assert client.post(propose)["Location"] == edit
    slots = list(made.slots.all())
    assert [(str(one.from_hour), str(one.until_hour), one.title.get_text("en")) for one in slots] == [
        ("09:30:00", "09:45:00", "Welcome"), ("09:45:00", "10:30:00", "Water and sanitation"),
        ("10:30:00", "11:00:00", "Next steps"),
    ]  # fmt: skip
    assert slots[1].title.get_text("ca") == "Aigua i sanejament"
    assert {(one.organisation, str(one.name)) for one in slots[1].departments.all()} == {
        (pair.right, "Water service"), (pair.left, "Eau"),
    }  # fmt: skip
    client.post(propose)
    assert list(made.slots.all()) == slots
    page = one_line(client.get(address("meeting", made.public_id)))
    assert "09:45–10:30" in page
    assert "Water service" in page
    rows = client.get(edit).context["rows"]
    data = {f"{row.prefix}-{name}": row[name].value() or "" for row in rows for name in ("from_hour", "title")}
    data |= {f"{rows[0].prefix}-title": "", f"{rows[2].prefix}-from_hour": "", "new3-title": "Lunch"}
    wrong = client.post(edit, data)
    assert wrong.text.count("Say when it begins.") >= 2
    assert list(made.slots.all()) == slots
    data |= {f"{rows[2].prefix}-from_hour": "15:00", "new3-from_hour": "13:00", "new3-place": "Port"}
    assert client.post(edit, data)["Location"] == address("meeting", made.public_id)
    assert [(str(one.from_hour), one.title.get_text("en"), one.place) for one in made.slots.all()] == [
        ("09:45:00", "Water and sanitation", ""), ("13:00:00", "Lunch", "Port"), ("15:00:00", "Next steps", ""),
    ]  # fmt: skip
    assert made.slots.get(place="Port").title.plain() == {"en": "Lunch"}
    assert made.slots.first().title.get_text("ar") == slots[1].title.get_text("ar") != ""


def test_nobody_but_officers_plans_the_day_and_it_comes_back_with_its_meeting(cast: Cast, meeting: Meeting) -> None:
    urls = [address(f"meeting_{name}", meeting.public_id) for name in ("propose", "programme")]
    for who in ("contact", "participant", "outsider"):
        for url in urls:
            assert cast.client(who).post(url).status_code == 403
    assert Client().post(urls[0]).status_code == 302
    client = cast.client("officer")
    client.post(urls[0])
    assert meeting.slots.count() == 2  # no brief: a welcome and the next steps
    assert "Welcome" in cast.client("contact").get(address("meeting", meeting.public_id)).text
    client.post(address("remove", meeting.public_id))
    client.post(address("bring_back", meeting.public_id))
    assert Meeting.objects.get(public_id=meeting.public_id).slots.count() == 2
