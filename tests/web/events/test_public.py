"""Events in public: the page and the month, recordings, feeds; registering without an account."""

from __future__ import annotations

import io
import json
import re
from datetime import time, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from icalendar import Calendar
from pypdf import PdfReader

from sympolis.office.core.texts import Text
from sympolis.office.events.actions import keep_event
from sympolis.office.events.models import (
    Event,
    Recording,
    Registration,
    RegistrationRules,
    Slot,
    Speaker,
)
from sympolis.office.events.registering.actions import Wish, register
from sympolis.office.events.registering.queries import token_of
from sympolis.office.planning.models import Action
from tests.cast import Cast, office_today
from tests.factories import make_organisation


@pytest.fixture
def event(cast: Cast) -> Event:
    day = office_today() + timedelta(20)
    made = Event(
        title=Text.of(en="Day of water", ar="يوم المياه"), start_earliest=day, start_latest=day, from_hour=time(16, 30),
        until_hour=time(18), time_zone="Europe/Madrid", languages=("es",), kind="webinar", place="Sfax",
        link="https://meet.example/room", also_dated=["2020-04-03 | one hour | https://uclg.example/30951"],
    )  # fmt: skip
    return keep_event(made, [cast.amb], [cast.sfax], invited=[make_organisation("Tetouan", kind="city")])


def page(client: Client, address: str, **query: str) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def address(name: str, event: Event) -> str:
    return reverse(f"public:{name}", kwargs={"slug": event.slug, "public_id": event.public_id})


def own_page(registration: Registration, name: str = "registration") -> str:
    return reverse(name, kwargs={"token": token_of(registration)})


def form_of(**fields: str) -> dict[str, str]:
    return {"name": "Amina", "email": "amina@x.example", "agrees": "on", **fields}


class TestEventPage:
    def test_took_part_spoke_and_was_invited_are_three_things(self, cast: Cast, event: Event) -> None:
        Speaker.objects.create(event=event, name="Laia", post="Head", organisation=cast.amb, house="AMB")
        Speaker.objects.create(event=event, name="Not Sure", organisation=cast.sfax, state="invited")
        said = page(Client(), event.get_absolute_url())
        sections = dict(re.findall(r"<h2>([^<]*?) <span class=\"count\">.*?</h2>(.*?)</section>", said))
        named = {heading: re.findall(r"<bdi>(.*?)</bdi>", words) for heading, words in sections.items()}
        assert named == {
            "Who takes part": ["Sfax"],
            "Who is to speak": ["Àrea Metropolitana de Barcelona"],
            "Who was invited": ["Tetouan"],
        }
        assert "Not Sure" not in said

    def test_hours_with_their_zone_and_what_another_source_says(self, event: Event) -> None:
        said = page(Client(), event.get_absolute_url())
        assert "16:30–18:00" in said
        assert "Europe/Madrid" in said
        assert "Another source says</dt><dd>3 April 2020 · <bdi>one hour</bdi>" in said

    def test_the_link_is_for_who_it_is_for_and_when(self, event: Event) -> None:
        client, url = Client(), event.get_absolute_url()
        assert "meet.example" not in page(client, url)
        Event.objects.update(link_for="everybody")
        assert "https://meet.example/room" in page(client, url)
        Event.objects.update(link_minutes=30)
        assert "meet.example" not in page(client, url)
        begins = timezone.localtime() + timedelta(minutes=20)
        Event.objects.update(
            start_earliest=begins.date(), start_latest=begins.date(), from_hour=begins.time(), until_hour=None
        )
        assert "https://meet.example/room" in page(client, url)
        Event.objects.update(is_cancelled=True)
        assert "meet.example" not in page(client, url)

    def test_editions_are_linked_both_ways(self, event: Event) -> None:
        other = keep_event(Event(title=Text.of(fr="Journée de l'eau"), languages=("fr",), edition_of=event))
        assert f'Also in French</dt><dd><a href="{other.get_absolute_url()}"' in page(
            Client(), event.get_absolute_url()
        )
        assert f'Also in Spanish</dt><dd><a href="{event.get_absolute_url()}"' in page(
            Client(), other.get_absolute_url()
        )

    def test_stops_of_a_visit_with_their_hosts(self, cast: Cast, event: Event) -> None:
        stop = Slot.objects.create(event=event, from_hour=time(9), title=Text.of(en="The plant"), place="Sfax harbour")
        stop.hosts.add(cast.sfax, make_organisation("Unseen", kind="city", visibility="office"))
        one = Speaker.objects.create(event=event, name="Laia", position=1)
        stop.speakers.add(Speaker.objects.create(event=event, name="Amina", position=2), one)
        said = page(Client(), event.get_absolute_url())
        (row,) = re.findall(r'<ol class="timeline">(.*?)</ol>', said)
        assert re.findall(r"<bdi>(.*?)</bdi>", row) == ["09:00", "Sfax harbour", "Sfax", "Laia", "Amina"]
        assert "Unseen" not in said

    def test_as_many_questions_whatever_the_data(self, cast: Cast, event: Event) -> None:
        def asked() -> tuple[int, int]:
            found = []
            for client in (Client(), cast.client("officer")):
                with CaptureQueriesContext(connection) as questions:
                    page(client, event.get_absolute_url())
                found.append(len(questions))
            return found[0], found[1]

        RegistrationRules.objects.create(event=event, capacity=9)
        Recording.objects.create(event=event, link="https://x.example/first", language="es")
        event.actions.add(Action.objects.create(title=Text.of(en="First deed")))
        small = asked()
        for number in range(6):
            house = make_organisation(f"City {number}", kind="city")
            event.cities.add(house)
            event.partners.add(house)
            one = Speaker.objects.create(event=event, name=f"S{number}", organisation=house)
            slot = Slot.objects.create(event=event, from_hour=time(9 + number), title=Text.of(en=f"Slot {number}"))
            slot.speakers.add(one)
            slot.hosts.add(house)
            Recording.objects.create(event=event, link=f"https://x.example/{number}", language="es")
            event.actions.add(Action.objects.create(title=Text.of(en=f"Deed {number}")))
            keep_event(Event(title=Text.of(en=f"Edition {number}"), edition_of=event))
            register(event, Wish(f"P{number}", f"p{number}@x.example"))
        assert asked() == small
        assert max(small) <= 12

    def test_linked_data(self, cast: Cast, event: Event) -> None:
        Speaker.objects.create(event=event, name="Laia")
        node = json.loads(Client().get(f"/event/{event.public_id}.jsonld").content)
        assert node["@type"] == "Event"
        assert re.fullmatch(rf"{event.start}T16:30:00\+0[12]:00", node["startDate"])
        assert re.fullmatch(rf"{event.start}T18:00:00\+0[12]:00", node["endDate"])
        assert node["performer"] == [{"@type": "Person", "name": "Laia"}]
        assert node["organizer"] == [{"@type": "Organization", "name": "Àrea Metropolitana de Barcelona"}]
        assert "meet.example" not in json.dumps(node)


def test_programs_read_who_was_invited_and_never_the_link(cast: Cast, event: Event) -> None:
    event.invited.add(make_organisation("Unseen", kind="city", visibility="office"))
    event.funders.add(cast.amb)
    for client, invited in ((Client(), 1), (cast.client("officer"), 2)):
        (row,) = client.get("/api/v1/events").json()["items"]
        assert (len(row["invited"]), row["funders"], row["partners"]) == (invited, [cast.amb.public_id], [])
        assert (row["from_hour"], row["time_zone"], row["kind"]) == ("16:30", "Europe/Madrid", "webinar")
        assert "meet.example" not in json.dumps(row)


class TestListsAndFeeds:
    def test_the_month_in_the_readers_language(self, event: Event) -> None:
        month = str(event.start)[:7]
        for language, first in (("en", "Monday"), ("fr", "lundi"), ("ar", "الاثنين")):
            with override(language):
                said = page(Client(), reverse("public:events"), when="month", month=month)
            weekdays = re.findall(r'<abbr title="(.*?)">', said)
            assert (len(weekdays), weekdays[0]) == (7, first)
            assert event.get_absolute_url().split("/", 2)[2] in said
        assert event.slug not in page(Client(), reverse("public:events"), when="month", month="1999-13")
        before = page(Client(), reverse("public:events"), when="month", month="2019-02")
        assert event.slug not in before
        assert "month=2019-01" in before
        assert "month=2019-03" in before

    def test_by_language_kind_and_theme(self, event: Event) -> None:
        with override("en"):
            url = reverse("public:events")
        assert "Day of water" in page(Client(), url, language="es", kind="webinar")
        assert "Day of water" not in page(Client(), url, language="fr")
        assert "Day of water" not in page(Client(), url, theme="water")

    def test_what_is_not_to_come_is_looked_for_among_the_past(self, event: Event) -> None:
        with override("en"):
            url = reverse("public:events")
        assert f'href="{url}?q=nowhere&amp;when=past">Look among past events' in page(Client(), url, q="nowhere")
        assert f'href="{url}?q=nowhere">Look among events to come' in page(Client(), url, q="nowhere", when="past")

    def test_chapters_lead_to_their_moment(self, event: Event) -> None:
        Recording.objects.create(
            event=event, link="https://www.youtube.com/watch?v=abc", language="es", chapters="1:02:30 - Preguntas\nFin"
        )
        said = page(Client(), event.get_absolute_url())
        assert 'href="https://www.youtube.com/watch?v=abc&amp;t=3750s"><bdi>1:02:30</bdi>' in said
        assert "Fin" in said

    def test_recordings(self, event: Event) -> None:
        url = reverse("public:recordings")
        assert "No recording yet" in page(Client(), url)
        Recording.objects.create(event=event, link="https://video.example/1", language="es", chapters="0:00 Inicio")
        said = page(Client(), url)
        assert "https://video.example/1" in said
        assert "Day of water" in page(Client(), url, q="water", language="es")
        assert "Day of water" not in page(Client(), url, language="fr")
        Event.objects.update(visibility="office")
        assert "video.example" not in page(Client(), url)

    def test_feeds(self, event: Event) -> None:
        keep_event(Event(title=Text.of(en="Hearsay"), confirmed=False, start_earliest=event.start_earliest,
                         start_latest=event.start_latest))  # fmt: skip
        atom = ElementTree.fromstring(Client().get(reverse("public:events_feed")).content)
        assert [one.text for one in atom.iter("{http://www.w3.org/2005/Atom}title")][1:] == ["Day of water"]
        rss = ElementTree.fromstring(Client().get(reverse("public:events_rss"), {"language": "fr"}).content)
        assert rss.findall(".//item") == []
        calendar = Calendar.from_ical(Client().get(reverse("public:events_calendar")).content)
        (entry,) = calendar.walk("VEVENT")
        assert (str(entry["summary"]), entry["dtstart"].params["TZID"]) == ("Day of water", "Europe/Madrid")
        assert b"meet.example" not in Client().get(reverse("public:events_calendar")).content

    def test_a_program_subscribes_to_what_was_filtered(self, event: Event) -> None:
        """The address on the page is what a calendar program asks, in the page's language."""
        said = Client().get("/ca/events/", {"language": "en", "kind": "webinar", "when": "past", "page": "9"})
        address = said.context["address"]
        assert address.https == "http://testserver/ca/events/calendar.ics?language=en&kind=webinar"
        assert address.webcal == "webcal://testserver/ca/events/calendar.ics?language=en&kind=webinar"
        assert 'value="http://testserver/ca/events/calendar.ics?language=en&amp;kind=webinar"' in said.text
        found = Calendar.from_ical(Client().get(address.https).content)
        assert found["refresh-interval"].dt == timedelta(hours=6)
        Event.objects.update(languages=("en",), kind="webinar")
        for asked, count in ((address.https, 1), (address.https.replace("webinar", "visit"), 0)):
            assert len(Calendar.from_ical(Client().get(asked).content).walk("VEVENT")) == count


class TestRegistering:
    @pytest.fixture
    def rules(self, event: Event) -> RegistrationRules:
        return RegistrationRules.objects.create(event=event, capacity=1)

    def test_from_the_form_to_the_mail(
        self, event: Event, rules: RegistrationRules, django_capture_on_commit_callbacks: Any
    ) -> None:
        diet = rules.questions.create(text=Text.of(en="Diet"), kind="choice", answers="All\nNone")
        tick = rules.questions.create(text=Text.of(en="Dinner"), kind="tick", position=1)
        with override("ar"):
            url, done = address("event_register", event), address("event_registered", event)
        assert "Diet" in page(Client(), url)
        answers = {f"question_{diet.pk}": "None", f"question_{tick.pk}": "on"}
        with django_capture_on_commit_callbacks(execute=True):
            assert Client().post(url, form_of(**answers))["Location"] == done
        made = Registration.objects.get()
        assert (made.name, made.language, made.state) == ("Amina", "ar", "confirmed")
        assert made.answers == {str(diet.pk): "None", str(tick.pk): True}
        (sent,) = mail.outbox
        assert "http://testserver/ar/registration/" in sent.body
        assert "يوم المياه" in sent.subject

    def test_the_answer_is_the_same_for_who_is_registered_already(self, event: Event, rules: RegistrationRules) -> None:
        url = address("event_register", event)
        first = Client().post(url, form_of())
        again = Client().post(url, form_of(name="Somebody"))
        assert (first.status_code, first["Location"]) == (again.status_code, again["Location"])
        assert Registration.objects.get().name == "Amina"

    @pytest.mark.parametrize(
        ("fields", "status"),
        [
            ({"email": "amina@x.example\nBcc: all@x.example"}, 400),
            ({"email": "no address"}, 400),
            ({"name": "Win at https://spam.example"}, 400),
            ({"house": "write to me@x.example"}, 400),
            ({"name": ""}, 400),
            ({"agrees": ""}, 400),
        ],
    )
    def test_what_is_refused(self, event: Event, rules: RegistrationRules, fields: dict[str, str], status: int) -> None:
        assert Client().post(address("event_register", event), form_of(**fields)).status_code == status
        assert Registration.objects.count() == 0

    def test_who_falls_into_the_trap_is_told_nothing(self, event: Event, rules: RegistrationRules) -> None:
        answer = Client().post(address("event_register", event), form_of(website="https://spam.example"))
        assert answer["Location"] == address("event_registered", event)
        assert Registration.objects.count() == 0

    def test_after_closing(self, event: Event, rules: RegistrationRules) -> None:
        RegistrationRules.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
        answer = Client().post(address("event_register", event), form_of())
        assert answer.status_code == 409
        assert "Registration is closed." in answer.content.decode()
        assert Registration.objects.count() == 0

    def test_not_endlessly_for_one_address_nor_from_one_place(self, event: Event, rules: RegistrationRules) -> None:
        url = address("event_register", event)
        codes = [Client().post(url, form_of()).status_code for _turn in range(6)]
        assert codes == [302] * 5 + [429]
        many = [
            Client().post(url, form_of(email=f"p{n}@x.example"), REMOTE_ADDR="10.0.0.9").status_code for n in range(41)
        ]
        assert many == [302] * 40 + [429]

    def test_without_rules_or_of_an_event_kept_back_there_is_no_form(self, cast: Cast, event: Event) -> None:
        assert Client().get(address("event_register", event)).status_code == 404
        RegistrationRules.objects.create(event=event)
        Event.objects.update(visibility="office")
        for who in ("visitor", "participant", "contact", "outsider"):
            assert cast.client(who).get(address("event_register", event)).status_code == 404
        assert cast.client("officer").get(address("event_register", event)).status_code == 200

    def test_ones_own_page_changes_and_cancels(self, event: Event, rules: RegistrationRules) -> None:
        mine = register(event, Wish("Amina", "amina@x.example"))
        register(event, Wish("Ben", "ben@x.example"))
        url = own_page(mine)
        assert "https://meet.example/room" in page(Client(), url)
        changed = Client().post(url, {"name": "Amina B", "house": "Sfax", "language": "fr"})
        assert changed["Location"] == url
        mine.refresh_from_db()
        assert (mine.name, mine.house, mine.language, mine.state) == ("Amina B", "Sfax", "fr", "confirmed")
        Client().post(url, {"what": "cancel"})
        assert dict(Registration.objects.values_list("name", "state")) == {"Amina B": "cancelled", "Ben": "confirmed"}
        assert "meet.example" not in page(Client(), url)
        assert Client().get(url)["X-Robots-Tag"] == "noindex, nofollow"
        forged = url.replace(token_of(mine), token_of(mine)[:-2] + "xx")
        assert (Client().get(forged).status_code, Client().post(forged, {"what": "cancel"}).status_code) == (404, 404)

    def test_the_link_waits_for_its_time_and_for_a_place(self, event: Event, rules: RegistrationRules) -> None:
        mine, other = (register(event, Wish(name, f"{name}@x.example")) for name in ("amina", "ben"))
        assert "meet.example" not in page(Client(), own_page(other))
        Event.objects.update(link_minutes=15)
        assert "meet.example" not in page(Client(), own_page(mine))
        content = Client().get(own_page(mine, "registration_calendar")).content
        assert b"meet.example" not in content

    def test_certificate_and_feedback_once_it_is_over(self, event: Event, rules: RegistrationRules) -> None:
        mine = register(event, Wish("أمينة بن صالح #1", "amina@x.example"))
        certificate, feedback = (own_page(mine, f"registration_{name}") for name in ("certificate", "feedback"))
        RegistrationRules.objects.update(has_certificate=True, asks_feedback=True)
        Registration.objects.update(came_at=timezone.now())
        assert [Client().get(url).status_code for url in (certificate, feedback)] == [404, 404]
        yesterday = office_today() - timedelta(days=2)
        Event.objects.update(start_earliest=yesterday, start_latest=yesterday)
        for language in ("en", "ar"):
            answer = Client().get(certificate.replace("/en/", f"/{language}/"))
            assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
        event.organisers.add(make_organisation("Water board", names=Text.of(ca="Junta de l'aigua")))
        in_catalan = Client().get(certificate.replace("/en/", "/ca/")).content
        said = PdfReader(io.BytesIO(in_catalan)).pages[0].extract_text()
        assert ("Junta de l'aigua" in said, "Water board" in said) == (True, False)
        Registration.objects.update(came_at=None)
        assert Client().get(certificate).status_code == 404
        assert Client().post(feedback, {"useful": "6", "organised": "1"}).status_code == 400
        assert "Thank you." in Client().post(feedback, {"useful": "5", "organised": "4"}).content.decode()
        assert Client().post(feedback, {"useful": "1", "organised": "1"}).status_code == 409
        assert list(event.feedback.values_list("useful", "organised")) == [(5, 4)]
        asked = f'href="{feedback}"'
        Registration.objects.update(gave_feedback=False)
        assert asked in Client().get(own_page(mine)).text
        Registration.objects.update(state="cancelled")  # who had cancelled was not there
        assert asked not in Client().get(own_page(mine)).text
        assert Client().get(feedback).status_code == 404
