"""An event's desk in the office: rows, rules, the list of who registered, the door, files."""

from __future__ import annotations

from datetime import time, timedelta
from io import BytesIO
from typing import Any

import lxml.html
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from sympolis.office.core.texts import Text
from sympolis.office.events.actions import keep_event
from sympolis.office.events.clashes import clashes_in
from sympolis.office.events.models import (
    Event,
    FeedbackAnswer,
    Recording,
    Registration,
    RegistrationQuestion,
    RegistrationRules,
    Slot,
    Speaker,
)
from sympolis.office.events.registering.actions import Wish, register
from tests.cast import Cast, office_today


@pytest.fixture
def event(cast: Cast) -> Event:
    day = office_today() + timedelta(20)
    about = {"start_earliest": day, "start_latest": day, "from_hour": time(16, 30)}
    return keep_event(Event(title=Text.of(en="Day of water"), speakers="Amina (Head of Water, Sfax); Laia", **about))


@pytest.fixture
def rules(event: Event) -> RegistrationRules:
    return RegistrationRules.objects.create(event=event, capacity=2)


def address(name: str, event: Event, **more: Any) -> str:
    return reverse(f"staff:{name}", kwargs={"public_id": event.public_id, **more})


def one_line(response: Any) -> str:
    return " ".join(response.content.decode().split())


def rows_of(seen: str, prefix: str, rows: list[dict[str, str]], there: int = 0) -> dict[str, str]:
    """A formset as a browser sends it."""
    data = {"seen": seen, f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": str(there)}
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def seen_on(client: Client, url: str) -> str:
    return str(client.get(url).context["seen"])


class TestRows:
    def test_speakers_are_proposed_out_of_the_words_and_kept(self, cast: Cast, event: Event) -> None:
        client, url = cast.client("officer"), address("event_rows", event, what="speakers")
        said = one_line(client.get(url))
        assert "Proposed out of the words that were read." in said
        assert 'value="Head of Water"' in said
        rows = [
            {"name": "Amina", "post": "Head of Water", "organisation": "Sfax", "state": "confirmed", "position": "0"},
            {"name": "Laia", "state": "invited", "position": "1"},
            {"name": "", "state": "confirmed"},
        ]
        assert client.post(url, rows_of(seen_on(client, url), "speaker_rows", rows))["Location"] == url
        kept = [(one.name, one.post, one.house, one.organisation, one.state) for one in event.speaker_rows.all()]
        assert kept == [
            ("Amina", "Head of Water", "Sfax", cast.sfax, "confirmed"), ("Laia", "", "", None, "invited"),
        ]  # fmt: skip
        wrong = client.post(
            url, rows_of(seen_on(client, url), "speaker_rows", [{"post": "Nameless", "state": "invited"}])
        )
        assert wrong.status_code == 200
        assert "This field is required." in one_line(wrong)

    @pytest.mark.parametrize(
        ("what", "prefix", "written", "count"),
        [
            ("speakers", "speaker_rows", {"0-name": "Amina"}, lambda event: event.speaker_rows.count()),
            ("sessions", "slots", {"0-title_en": "Port", "0-from_hour": "10:00"}, lambda event: event.slots.count()),
            ("recordings", "recordings", {"0-link": "https://v.example/"}, lambda event: event.recordings.count()),
            ("questions", "questions", {"0-text_en": "Why?"}, lambda event: event.registering.questions.count()),
        ],
    )
    def test_the_form_as_it_is_served_saves_one_row(
        self, cast: Cast, event: Event, rules: RegistrationRules, what: str, prefix: str, written: Any, count: Any
    ) -> None:
        """With every field a browser sends, hidden ones too: the spare row below stays a spare row."""
        Event.objects.update(speakers="")
        client, url = cast.client("officer"), address("event_rows", event, what=what)
        form = next(one for one in lxml.html.fromstring(client.get(url).content).forms if one.method == "POST"
                    and f"{prefix}-TOTAL_FORMS" in one.fields)  # fmt: skip
        sent = dict(form.form_values()) | {f"{prefix}-{name}": words for name, words in written.items()}
        assert client.post(url, sent).get("Location") == url
        assert count(event) == 1

    def test_a_chapter_without_its_moment_is_refused(self, cast: Cast, event: Event) -> None:
        client, url = cast.client("officer"), address("event_rows", event, what="recordings")
        written = {"link": "https://video.example/1", "chapters": "0:00 Inicio\nLo aprendido"}
        refused = client.post(url, rows_of(seen_on(client, url), "recordings", [written]))
        assert "“Lo aprendido” does not begin with a moment, such as 12:30 or 1:02:30." in one_line(refused)
        assert event.recordings.count() == 0

    def test_two_at_once_lose_nothing(self, cast: Cast, event: Event) -> None:
        client, url = cast.client("officer"), address("event_rows", event, what="recordings")
        seen = seen_on(client, url)
        Recording.objects.create(event=event, link="https://theirs.example/")
        mine = rows_of(seen, "recordings", [{"link": "https://mine.example/", "language": "es"}])
        clash = client.post(url, mine)
        assert clash.status_code == 409
        assert "https://mine.example/" in one_line(clash)
        assert [one.link for one in event.recordings.all()] == ["https://theirs.example/"]
        again = {**mine, "seen": str(clash.context["seen"])}
        assert client.post(url, again)["Location"] == url
        assert [one.link for one in event.recordings.all()] == ["https://theirs.example/", "https://mine.example/"]

    def test_who_speaks_twice_at_once_is_told_and_so_is_a_room(self, cast: Cast, event: Event) -> None:
        amina = Speaker.objects.create(event=event, name="Amina")
        client, url = cast.client("officer"), address("event_rows", event, what="sessions")
        hours = (("A", "09:00", "10:00", "Hall 1"), ("B", "09:30", "10:30", "Hall 2"), ("C", "10:00", "", "hall 1"))
        written = [
            {"title_en": title, "from_hour": begins, "until_hour": ends, "speakers": str(amina.pk), "place": place}
            for title, begins, ends, place in hours
        ]
        said = one_line(client.post(url, rows_of(seen_on(client, url), "slots", written), follow=True))
        assert said.count("at the same time") == 2
        assert "Amina speaks in “A” and in “B” at the same time." in said
        assert "Amina speaks in “B” and in “C” at the same time." in said
        Slot.objects.filter(place="Hall 2").update(place="HALL 1", day=event.start_earliest)
        assert [(str(one.one.title), str(one.other.title), one.who, one.place) for one in clashes_in(event)] == [
            ("A", "B", "Amina", ""), ("A", "B", "", "Hall 1"), ("C", "B", "Amina", ""), ("C", "B", "", "hall 1"),
        ]  # fmt: skip

    def test_sessions_and_questions(self, cast: Cast, event: Event, rules: RegistrationRules) -> None:
        one = Speaker.objects.create(event=event, name="Amina")
        other = Speaker.objects.create(event=keep_event(Event(title=Text.of(en="Another"))), name="Not here")
        client, url = cast.client("officer"), address("event_rows", event, what="sessions")
        row = {
            "title_en": "Opening",
            "from_hour": "09:30",
            "until_hour": "09:00",
            "speakers": str(one.pk),
            "track": "A",
        }
        assert "It ends before it begins." in one_line(client.post(url, rows_of(seen_on(client, url), "slots", [row])))
        row |= {"until_hour": "10:00", "hosts": "Sfax", "place": "Harbour"}
        stranger = {**row, "speakers": str(other.pk)}
        client.post(url, rows_of(seen_on(client, url), "slots", [stranger]))
        assert Slot.objects.count() == 0
        client.post(url, rows_of(seen_on(client, url), "slots", [row]))
        slot = event.slots.get()
        assert (str(slot.title), slot.from_hour, slot.track, list(slot.speakers.all())) == (
            "Opening",
            time(9, 30),
            "A",
            [one],
        )
        url = address("event_rows", event, what="questions")
        row = {"text_en": "Diet", "kind": "choice", "answers": ""}
        assert "Write the answers" in one_line(client.post(url, rows_of(seen_on(client, url), "questions", [row])))
        row["answers"] = "All\nNone"
        client.post(url, rows_of(seen_on(client, url), "questions", [row]))
        assert [(str(one.text), one.kind) for one in RegistrationQuestion.objects.all()] == [("Diet", "choice")]


def test_a_visit_has_stops_and_asks_for_nothing_it_has_not(cast: Cast, event: Event) -> None:
    client, url = cast.client("officer"), address("event_rows", event, what="sessions")
    asked = one_line(client.get(url))
    assert "Sessions" in asked
    assert 'name="slots-0-track"' in asked
    assert 'name="slots-0-speakers"' not in asked  # nobody speaks
    Event.objects.filter(pk=event.pk).update(kind="visit")
    asked = one_line(client.get(url))
    assert "<h1>Stops</h1>" in asked
    assert "Sessions" not in asked
    assert 'name="slots-0-track"' not in asked
    assert 'name="slots-0-hosts"' in asked
    row = {"title_en": "Water works", "hosts": "Sfax"}
    assert "Say when it begins." in one_line(client.post(url, rows_of(seen_on(client, url), "slots", [row])))
    client.post(url, rows_of(seen_on(client, url), "slots", [{**row, "from_hour": "10:00"}]))
    assert list(event.slots.get().hosts.all()) == [cast.sfax]


def test_nobody_but_officers(cast: Cast, event: Event, rules: RegistrationRules) -> None:
    one = register(event, Wish("Amina", "amina@x.example"))
    gets = [
        *(address("event_rows", event, what=what) for what in ("speakers", "sessions", "recordings", "questions")),
        *(address(name, event) for name in ("event_registrations", "event_rules", "event_check_in", "event_feedback")),
        f"{address('event_registrations', event)}?format=csv",
        f"{address('event_registrations', event)}?format=xlsx",
    ]
    posts = [
        *(address(name, event) for name in ("event_decide", "event_tell", "event_took_part", "event_check_in")),
        address("event_registration_off", event, number=one.pk),
    ]
    for who in ("contact", "participant", "outsider"):
        assert [cast.client(who).get(url).status_code for url in gets] == [403] * len(gets)
        assert [cast.client(who).post(url, {"who": one.pk}).status_code for url in posts] == [403] * len(posts)
    assert [Client().get(url).status_code for url in gets] == [302] * len(gets)
    for who in ("officer", "administrator"):
        answers = [cast.client(who).get(url) for url in gets]
        assert [answer.status_code for answer in answers] == [200] * len(gets)
    one.refresh_from_db()
    assert (one.state, one.came_at) == ("confirmed", None)


class TestRegistrations:
    def test_open_with_one_click(self, cast: Cast, event: Event) -> None:
        client = cast.client("officer")
        assert "Nobody can register yet" in one_line(client.get(address("event_registrations", event)))
        answer = client.post(
            address("event_rules", event), {"capacity": "500", "kept_days": "180", "has_waiting_list": "on"}
        )
        assert answer["Location"] == address("event_registrations", event)
        rules = RegistrationRules.objects.get()
        assert (rules.event, rules.capacity, rules.has_waiting_list, rules.needs_approval) == (event, 500, True, False)
        wrong = {"opens_at": "2027-01-02T10:00", "closes_at": "2027-01-01T10:00", "kept_days": "180"}
        assert "It closes before it opens." in one_line(client.post(address("event_rules", event), wrong))

    def test_filters_files_and_formulas(self, cast: Cast, event: Event, rules: RegistrationRules) -> None:
        question = rules.questions.create(text=Text.of(en="Diet"), kind="text")
        register(event, Wish("=1+1", "eve@x.example", "Sfax", "en", {str(question.pk): "@SUM(A1)"}))
        for name in ("Ben", "Cira"):
            register(event, Wish(name, f"{name}@x.example"))
        client, url = cast.client("officer"), address("event_registrations", event)
        assert "2 of 2 places taken." in one_line(client.get(url))
        waiting = one_line(client.get(url, {"state": "waiting"}))
        assert ("Cira" in waiting, "Ben" in waiting) == (True, False)
        lines = client.get(url, {"format": "csv", "q": "sfax"}).content.decode("utf-8-sig").splitlines()
        assert lines[0].endswith("Diet")
        assert (len(lines), lines[1].startswith("'=1+1,eve@x.example,Sfax"), lines[1].endswith("'@SUM(A1)")) == (
            2,
            True,
            True,
        )
        book = load_workbook(BytesIO(client.get(url, {"format": "xlsx"}).content))
        cells = [[cell.value for cell in row] for row in book.active.iter_rows()]  # type: ignore[union-attr]
        assert [row[0] for row in cells] == ["Name", "'=1+1", "Ben", "Cira"]

    def test_admit_refuse_and_take_off(self, cast: Cast, event: Event, rules: RegistrationRules) -> None:
        RegistrationRules.objects.update(needs_approval=True, capacity=1)
        made = [register(event, Wish(name, f"{name}@x.example")) for name in ("Anna", "Ben", "Cira")]
        client = cast.client("officer")
        client.post(address("event_decide", event), {"what": "admit", "who": [made[0].pk, made[1].pk, "x"]})
        client.post(address("event_decide", event), {"what": "refuse", "who": [made[2].pk]})
        client.post(address("event_registration_off", event, number=made[0].pk))
        assert dict(Registration.objects.values_list("name", "state")) == {
            "Anna": "cancelled", "Ben": "confirmed", "Cira": "refused",
        }  # fmt: skip
        assert client.post(address("event_registration_off", event, number=made[2].pk)).status_code == 404
        other = keep_event(Event(title=Text.of(en="Another")))
        RegistrationRules.objects.create(event=other)
        assert client.post(address("event_registration_off", other, number=made[1].pk)).status_code == 404

    def test_as_many_questions_for_three_as_for_sixty(self, cast: Cast, event: Event, rules: RegistrationRules) -> None:
        client, url = cast.client("officer"), address("event_registrations", event)

        def asked() -> int:
            with CaptureQueriesContext(connection) as questions:
                client.get(url)
            return len(questions)

        for number in range(3):
            register(event, Wish(f"P{number}", f"p{number}@x.example"))
        few = asked()
        for number in range(3, 60):
            one = register(event, Wish(f"P{number}", f"p{number}@x.example"))
        Registration.objects.filter(pk=one.pk).update(organisation=cast.sfax)
        assert asked() == few <= 12

    def test_at_the_door(self, cast: Cast, event: Event, rules: RegistrationRules) -> None:
        one = register(event, Wish("Amina", "amina@x.example", "Sfax"))
        client, url = cast.client("officer"), address("event_check_in", event)
        assert "Nobody is called that here." in one_line(client.get(url, {"q": "zz"}))
        assert client.post(url, {"who": one.pk, "what": "came", "q": "am"})["Location"] == url
        one.refresh_from_db()
        assert one.came_at is not None
        client.post(url, {"who": one.pk, "what": "undo"})
        one.refresh_from_db()
        assert one.came_at is None
        for wrong in ("", "x", "99999999999999999999", "77"):
            assert client.post(url, {"who": wrong, "what": "came"}).status_code == 404

    def test_feedback_as_bars_and_a_table(self, cast: Cast, event: Event, rules: RegistrationRules) -> None:
        for useful in (5, 5, 3):
            FeedbackAnswer.objects.create(event=event, useful=useful, organised=4, words="<script>alert(1)</script>")
        said = one_line(cast.client("officer").get(address("event_feedback", event)))
        assert "3 answers" in said
        assert said.count('<th scope="row">5</th><td class="num">2</td>') == 1
        assert "<script>alert" not in said


def test_announcing_is_a_title_a_date_a_language_and_a_link(cast: Cast) -> None:
    client = cast.client("officer")
    form = client.get(reverse("staff:events_add")).context["form"]
    assert [field.name for field in form.first_fields] == ["title", "start", "from_hour", "languages", "link"]
    said = {"title_en": "Webinar", "start": "2027-03-28", "languages": "es", "link": "meet.example/room"}
    assert "The clock has no such hour on that day" in one_line(
        client.post(reverse("staff:events_add"), {**said, "from_hour": "02:30"})
    )
    assert "Say on which day" in one_line(
        client.post(reverse("staff:events_add"), {**said, "start": "2027-03", "from_hour": "09:30"})
    )
    client.post(reverse("staff:events_add"), {**said, "from_hour": "16:30"})
    made = Event.objects.get()
    assert (str(made.title), str(made.start), made.from_hour, made.languages, made.link, made.link_for) == (
        "Webinar", "2027-03-28", time(16, 30), ("es",), "https://meet.example/room", "registered",
    )  # fmt: skip
