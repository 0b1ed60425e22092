"""Who takes part in a meeting: chosen, invited with an entry for the calendar, told of changes, answering on a page."""

from __future__ import annotations

import re
import socket
from datetime import date, time, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import LazySettings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from icalendar import Calendar, Component

from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Department, Person
from sympolis.office.synergies import attendee_mails
from sympolis.office.synergies.attendee_mails import send_attendee_mail, token_of
from sympolis.office.synergies.attendees import (
    MOST_ATTENDEES,
    TooMany,
    add_attendees,
    attendee_of,
    candidates_of,
    is_page_open,
    propose_attendees,
)
from sympolis.office.synergies.meetings import keep_meeting
from sympolis.office.synergies.models import Attendee, Meeting
from sympolis.office.synergies.programme import Planned, keep_programme
from tests.cast import Cast, office_today


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    day = office_today() + timedelta(20)
    made = Meeting(
        title=Text.of(en="Day of Sfax", fr="Journée de Sfax"), kind="bilateral", starts_earliest=day,
        starts_latest=day, from_hour=time(9, 30), until_hour=time(12), place="Sfax", visibility="office",
        agenda=Text.of(en="Water first"), notes="SECRET-NOTES", note="SECRET-NOTE", posts_present="SECRET-PRESENT",
    )  # fmt: skip
    return keep_meeting(made, [cast.sfax, cast.amb])


@pytest.fixture
def water(cast: Cast) -> Department:
    return Department.objects.create(
        organisation=cast.sfax, name=Text.of(fr="Eau"), post=Text.of(fr="Direction"), mailbox="eau@sfax.example"
    )


@pytest.fixture
def amina(cast: Cast, water: Department) -> Person:
    return Person.objects.create(
        organisation=cast.sfax, department=water, name="Amina Ben Salah", email="amina@sfax.example", language="fr",
        post=Text.of(fr="Cheffe de projet"),
    )  # fmt: skip


def on_the_list(meeting: Meeting, **fields: Any) -> Attendee:
    about = {"organisation": meeting.organisations.get(slug="sfax"), "email": "one@sfax.example", **fields}
    return Attendee.objects.create(meeting=meeting, **about)


def address(name: str, public_id: str, **more: Any) -> str:
    with override("en"):
        return reverse(f"staff:{name}", kwargs={"public_id": public_id, **more})


def one_line(response: Any) -> str:
    return " ".join(response.content.decode().split())


def entry_in(sent: Any) -> tuple[str, Component]:
    """The method and the event of the calendar part of a mail, as a calendar library reads them."""
    message = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
    return entry_of(message)


def entry_of(message: Any) -> tuple[str, Component]:
    (part,) = [each for each in message.walk() if each.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_content())
    (event,) = calendar.walk("VEVENT")
    assert part.get_param("method") == str(calendar["method"])
    return str(calendar["method"]), event


@pytest.fixture
def send(cast: Cast, django_capture_on_commit_callbacks: Any) -> Any:
    """Presses a button of the meeting's page, with what the worker then does; gives the mails that went out."""

    def press(name: str, meeting: Meeting, **more: Any) -> list[Any]:
        before = len(mail.outbox)
        with django_capture_on_commit_callbacks(execute=True):
            response = cast.client("officer").post(address(name, meeting.public_id, **more))
        assert response["Location"] == address("meeting", meeting.public_id)
        return mail.outbox[before:]

    return press


class TestChoosing:
    def test_people_and_mailboxes_of_those_who_meet_are_offered(
        self, cast: Cast, meeting: Meeting, water: Department, amina: Person
    ) -> None:
        Person.objects.create(
            organisation=cast.sfax, name="No Longer", email="old@sfax.example", until_latest=date(2020, 1, 1)
        )
        Person.objects.create(organisation=cast.sfax, name="No Basis", basis_until_latest=date(2020, 1, 1))
        other = Person.objects.create(organisation=cast.amb, name="Laia", post=Text.of(ca="Cap"))
        keep_programme(cast.officer, meeting, [Planned(time(10), None, Text.of(en="Water"), departments=[water])])
        found = candidates_of(cast.officer, meeting)
        assert [(one.key, one.attendee.email, one.attendee.language, one.fits) for one in found] == [
            (other.public_id, "", "es", False),
            (water.public_id, "eau@sfax.example", "fr", True),
            (amina.public_id, "amina@sfax.example", "fr", True),
        ]
        assert found[2].attendee.post == "Cheffe de projet"
        on_the_list(meeting, email="AMINA@sfax.example")
        on_the_list(meeting, person=other, organisation=cast.amb, email="")
        assert [one.key for one in candidates_of(cast.officer, meeting)] == [water.public_id]

    def test_proposing_the_programme_lists_who_has_a_part(
        self, cast: Cast, meeting: Meeting, water: Department, amina: Person
    ) -> None:
        Person.objects.create(organisation=cast.amb, name="Laia", email="laia@amb.example")
        assert propose_attendees(cast.officer, meeting) == []
        keep_programme(cast.officer, meeting, [Planned(time(10), None, Text.of(en="Water"), departments=[water])])
        made = propose_attendees(cast.officer, meeting)
        assert [one.email for one in made] == ["eau@sfax.example", "amina@sfax.example"]
        assert propose_attendees(cast.officer, meeting) == []
        assert mail.outbox == []

    def test_ticked_and_written_down(self, cast: Cast, meeting: Meeting, amina: Person) -> None:
        page = address("meeting_attendees", meeting.public_id)
        client = cast.client("officer")
        assert "Sfax · Amina Ben Salah · Cheffe de projet · amina@sfax.example" in one_line(client.get(page))
        new = {"new0-name": "Kamel", "new0-post": "Maire", "new0-email": "kamel@sfax.example", "new0-language": "ar"}
        wrong = client.post(page, {"known-chosen": [amina.public_id], **new})
        assert "Say on whose behalf." in one_line(wrong)
        assert "Kamel" in one_line(wrong)
        assert Attendee.objects.count() == 0
        right = {**new, "new0-organisation": cast.sfax.public_id, "known-chosen": [amina.public_id]}
        assert client.post(page, right)["Location"] == address("meeting", meeting.public_id)
        listed = [(one.name, one.post, one.email, one.language) for one in Attendee.objects.order_by("name")]
        assert listed == [
            ("Amina Ben Salah", "Cheffe de projet", "amina@sfax.example", "fr"),
            ("Kamel", "Maire", "kamel@sfax.example", "ar"),
        ]
        client.post(page, {"new0-email": "KAMEL@sfax.example", "new0-organisation": cast.sfax.public_id})
        assert Attendee.objects.count() == 2
        assert "Select a valid choice" in one_line(client.post(page, {"known-chosen": ["per_of_another"]}))

    def test_not_endlessly_many(self, cast: Cast, meeting: Meeting) -> None:
        many = [Attendee(organisation=cast.sfax, name=f"{number}") for number in range(MOST_ATTENDEES + 1)]
        with pytest.raises(TooMany):
            add_attendees(cast.officer, meeting, many)
        assert Attendee.objects.count() == 0

    def test_who_is_erased_leaves_every_list(self, meeting: Meeting, amina: Person) -> None:
        on_the_list(meeting, person=amina)
        amina.delete()
        assert Attendee.objects.count() == 0


def test_nobody_but_officers(cast: Cast, meeting: Meeting) -> None:
    one = on_the_list(meeting, name="Amina")
    number = {"number": one.pk}
    pages = [address("meeting_attendees", meeting.public_id), address("meeting_attendee", meeting.public_id, **number)]
    posts = [
        address("meeting_attendees", meeting.public_id),
        address("meeting_invite", meeting.public_id),
        address("meeting_attendance", meeting.public_id),
        address("meeting_call_off", meeting.public_id),
        address("meeting_attendee_off", meeting.public_id, **number),
    ]
    for who in ("contact", "participant", "outsider"):
        assert [cast.client(who).get(page).status_code for page in pages] == [403] * 2
        assert [cast.client(who).post(url).status_code for url in posts] == [403] * 5
    assert [Client().get(page).status_code for page in pages] == [302] * 2
    assert "Amina" not in one_line(cast.client("contact").get(address("meeting", meeting.public_id)))
    assert "Amina" in one_line(cast.client("officer").get(address("meeting", meeting.public_id)))
    other = keep_meeting(Meeting(title=Text.of(en="Another"), kind="bilateral"))
    assert cast.client("officer").get(address("meeting_attendee", other.public_id, **number)).status_code == 404
    assert Attendee.objects.count() == 1


class TestInviting:
    def test_in_their_language_with_an_entry_for_the_calendar(self, cast: Cast, meeting: Meeting, send: Any) -> None:
        one = on_the_list(meeting, name="Amina Ben Salah", language="fr")
        on_the_list(meeting, name="Without a mail", email="")
        assert "Send 1 invitation" in one_line(cast.client("officer").get(address("meeting", meeting.public_id)))
        (sent,) = send("meeting_invite", meeting)
        assert (sent.to, sent.reply_to) == (["one@sfax.example"], ["officer@example.org"])
        assert sent.subject == "Invitation : Journée de Sfax"
        link = f"http://testserver/fr/takes-part/{token_of(one)}/"
        assert link in sent.body
        assert "9:30" in sent.body
        assert "Europe/Madrid" in sent.body
        method, event = entry_in(sent)
        assert method == "REQUEST"
        assert (str(event["uid"]), str(event["url"])) == (f"{meeting.public_id}@sympolis", link)
        assert str(event["summary"]) == "Journée de Sfax"
        assert event["dtstart"].dt.isoformat() in (
            f"{meeting.starts_latest}T09:30:00+01:00", f"{meeting.starts_latest}T09:30:00+02:00"
        )  # fmt: skip
        assert str(event["organizer"]) == "mailto:officer@example.org"
        asked = event["attendee"]
        assert str(asked) == "mailto:one@sfax.example"
        assert {key: asked.params[key] for key in ("CN", "RSVP", "PARTSTAT")} == {
            "CN": "Amina Ben Salah", "RSVP": "TRUE", "PARTSTAT": "NEEDS-ACTION",
        }  # fmt: skip
        assert send("meeting_invite", meeting) == []

    def test_hostile_names_stay_in_their_place(self, meeting: Meeting, send: Any) -> None:
        on_the_list(meeting, name='Eve"\r\nBCC:all@example.org;X=1:mailto:evil')
        (sent,) = send("meeting_invite", meeting)
        message = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
        assert "Bcc" not in message
        _method, event = entry_in(sent)
        assert str(event["attendee"]) == "mailto:one@sfax.example"
        assert "BCC" not in event

    def test_who_was_told_another_hour_is_told_again_and_no_other(
        self, cast: Cast, meeting: Meeting, send: Any
    ) -> None:
        on_the_list(meeting, email="yes@sfax.example")
        on_the_list(meeting, email="no@sfax.example")
        first = {sent.to[0]: entry_in(sent)[1] for sent in send("meeting_invite", meeting)}
        Attendee.objects.filter(email="no@sfax.example").update(answer="no")
        meeting.place = "La Marsa"
        keep_meeting(meeting)
        page = one_line(cast.client("officer").get(address("meeting", meeting.public_id)))
        assert page.count("told another day, hour or place") == 1
        (sent,) = send("meeting_invite", meeting)
        assert (sent.to, sent.subject) == (["yes@sfax.example"], "It has changed: Day of Sfax")
        _method, event = entry_in(sent)
        assert str(event["location"]) == "La Marsa"
        assert event["sequence"] > first["yes@sfax.example"]["sequence"]
        meeting.agenda = Text.of(en="Something else")
        keep_meeting(meeting)
        assert send("meeting_invite", meeting) == []

    def test_taken_off_and_told_so(self, meeting: Meeting, send: Any) -> None:
        asked, unasked = on_the_list(meeting), on_the_list(meeting, email="two@sfax.example")
        unasked_pk = unasked.pk
        assert send("meeting_attendee_off", meeting, number=unasked_pk) == []
        assert not Attendee.objects.filter(pk=unasked_pk).exists()
        (invited,) = send("meeting_invite", meeting)
        (sent,) = send("meeting_attendee_off", meeting, number=asked.pk)
        assert sent.subject == "You are no longer asked: Day of Sfax"
        assert "/takes-part/" not in sent.body
        method, event = entry_in(sent)
        assert (method, str(event["status"])) == ("CANCEL", "CANCELLED")
        assert str(event["uid"]) == str(entry_in(invited)[1]["uid"])
        assert Attendee.objects.count() == 0

    def test_called_off(self, meeting: Meeting, send: Any) -> None:
        for number in range(3):
            on_the_list(meeting, email=f"{number}@sfax.example")
        send("meeting_invite", meeting)
        Attendee.objects.filter(email="2@sfax.example").update(answer="no")
        sent = send("meeting_call_off", meeting)
        assert sorted(each.to[0] for each in sent) == ["0@sfax.example", "1@sfax.example"]
        assert (Attendee.objects.count(), Meeting.objects.count()) == (0, 1)

    def test_a_meeting_without_a_day_or_past_invites_nobody(self, cast: Cast, meeting: Meeting, send: Any) -> None:
        on_the_list(meeting)
        day = office_today() - timedelta(1)
        meeting.starts_earliest = meeting.starts_latest = day
        meeting.save()
        assert send("meeting_invite", meeting) == []
        meeting.starts_earliest, meeting.starts_latest = date(2099, 1, 1), date(2099, 12, 31)
        meeting.save()
        assert send("meeting_invite", meeting) == []
        page = one_line(cast.client("officer").get(address("meeting", meeting.public_id)))
        assert "Invitations can go out once the day is set." in page

    def test_a_server_that_refuses_leaves_the_mail_waiting(
        self, cast: Cast, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one = on_the_list(meeting, mail="invite", asked_by=cast.officer)

        def refuse(*_args: object) -> None:
            raise OSError("no server")

        with monkeypatch.context() as broken:
            broken.setattr(attendee_mails.EmailMultiAlternatives, "send", refuse)
            with pytest.raises(OSError, match="no server"):
                send_attendee_mail.func(one.pk, "http://testserver/")
        one.refresh_from_db()
        assert (one.mail, one.asked_at) == ("invite", None)
        assert send_attendee_mail.func(one.pk, "http://testserver/") is True
        assert send_attendee_mail.func(one.pk, "http://testserver/") is False
        assert len(mail.outbox) == 1

    def test_over_a_real_mail_server(self, cast: Cast, meeting: Meeting, settings: LazySettings) -> None:
        class Kept:
            got: list[EmailMessage] = []

            async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
                self.got.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
                return "250 kept"

        one = on_the_list(meeting, name="Zoë", mail="invite", asked_by=cast.officer, language="ar")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = Controller(Kept(), hostname="127.0.0.1", port=port)
        server.start()
        try:
            real = {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}
            settings.MAILERS = {"default": {**real, "OPTIONS": {"host": "127.0.0.1", "port": port}}}
            assert send_attendee_mail.func(one.pk, "http://testserver/") is True
        finally:
            server.stop()
        (message,) = Kept.got
        assert message["To"] == "one@sfax.example"
        assert message.get_content_type() == "multipart/alternative"
        method, event = entry_of(message)
        assert (method, str(event["attendee"].params["CN"])) == ("REQUEST", "Zoë")


class TestTheirPage:
    def test_their_part_and_nobody_elses_name(
        self, cast: Cast, meeting: Meeting, water: Department, amina: Person, send: Any
    ) -> None:
        one = on_the_list(meeting, department=water, name="Amina")
        on_the_list(meeting, name="SECRET-NAME", email="secret@sfax.example")
        hidden = Department.objects.create(organisation=cast.sfax, name=Text.of(en="SECRET-UNIT"), visibility="office")
        planned = [
            Planned(time(9, 30), time(10), Text.of(en="Water"), departments=[water]),
            Planned(time(10), None, Text.of(en="Waste"), departments=[hidden]),
        ]
        keep_programme(cast.officer, meeting, planned)
        page = reverse("takes_part", kwargs={"token": token_of(one)})
        assert Client().get(page).status_code == 404
        send("meeting_invite", meeting)
        response = Client().get(page)
        seen = one_line(response)
        for shown in ("Day of Sfax", "Water first", "09:30", "Waste", "your part", "Will you come?"):
            assert shown in seen
        assert seen.count("your part") == 1
        for kept in ("SECRET", "secret@", "amina@", "Amina Ben Salah"):
            assert kept not in seen
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in response["Cache-Control"]
        previewed = one_line(cast.client("officer").get(address("meeting_attendee", meeting.public_id, number=one.pk)))
        assert "This is how they read it." in previewed
        assert "Will you come?" not in previewed

    def test_answered_without_sign_in_and_changed(self, cast: Cast, meeting: Meeting, send: Any) -> None:
        one = on_the_list(meeting, name="Amina")
        send("meeting_invite", meeting)
        page = reverse("takes_part", kwargs={"token": token_of(one)})
        visitor = Client(enforce_csrf_checks=True)
        form = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', visitor.get(page).content.decode())
        assert form
        for answer, words in (("yes", "With a\r\ncolleague"), ("ask", "The mayor")):
            data = {"answer": answer, "words": words, "csrfmiddlewaretoken": form[1]}
            assert "Thank you." in one_line(visitor.post(page, data))
        one.refresh_from_db()
        assert (one.answer, one.answer_text) == ("ask", "The mayor")
        assert "The mayor" in one_line(cast.client("officer").get(address("meeting", meeting.public_id)))
        refused = visitor.post(page, {"answer": "perhaps", "csrfmiddlewaretoken": form[1]})
        assert (refused.status_code, "Choose one of the three answers." in one_line(refused)) == (400, True)

    def test_into_their_calendar(self, meeting: Meeting, send: Any) -> None:
        one = on_the_list(meeting)
        send("meeting_invite", meeting)
        page = reverse("takes_part", kwargs={"token": token_of(one)})
        response = Client().get(reverse("takes_part_calendar", kwargs={"token": token_of(one)}))
        (event,) = Calendar.from_ical(response.content).walk("VEVENT")
        assert str(event["url"]) == f"http://testserver{page}"
        assert "office/" not in response.content.decode()

    def test_a_forged_or_withdrawn_address_opens_nothing(self, meeting: Meeting, send: Any) -> None:
        one, two = on_the_list(meeting), on_the_list(meeting, email="two@sfax.example")
        send("meeting_invite", meeting)
        forged = token_of(one).replace(str(one.pk), str(two.pk), 1)
        for token in (forged, str(one.pk), f"{one.pk}.", "x"):
            assert attendee_of(token) is None
        assert attendee_of(token_of(one)) == one
        Attendee.objects.filter(pk=one.pk).update(mail="cancel")
        assert attendee_of(token_of(one)) is None

    def test_closed_three_months_after(self, meeting: Meeting, send: Any) -> None:
        one = on_the_list(meeting)
        send("meeting_invite", meeting)
        one = Attendee.objects.select_related("meeting").get(pk=one.pk)
        last = meeting.starts_latest
        assert is_page_open(one, last + timedelta(90))
        assert not is_page_open(one, last + timedelta(91))
        day = office_today() - timedelta(91)
        Meeting.objects.filter(pk=meeting.pk).update(starts_earliest=day, starts_latest=day)
        response = Client().get(reverse("takes_part", kwargs={"token": token_of(one)}))
        assert (response.status_code, "This meeting is over" in one_line(response)) == (410, True)


def test_who_was_there(cast: Cast, meeting: Meeting) -> None:
    here, away = on_the_list(meeting, name="Here"), on_the_list(meeting, name="Away", email="two@sfax.example")
    page = address("meeting", meeting.public_id)
    assert "Who was there" not in one_line(cast.client("officer").get(page))
    day = office_today()
    Meeting.objects.filter(pk=meeting.pk).update(starts_earliest=day, starts_latest=day)
    assert "Who was there" in one_line(cast.client("officer").get(page))
    url = address("meeting_attendance", meeting.public_id)
    cast.client("officer").post(url, {"there": [str(here.pk), "²", "x"]})
    assert dict(Attendee.objects.values_list("pk", "was_there")) == {here.pk: True, away.pk: False}


def test_as_many_questions_however_many_take_part(cast: Cast, meeting: Meeting) -> None:
    def questions() -> int:
        client = cast.client("officer")
        page = address("meeting", meeting.public_id)
        client.get(page)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(page).status_code == 200
        return len(asked)

    on_the_list(meeting)
    few = questions()
    for number in range(30):
        on_the_list(meeting, email=f"{number}@sfax.example", organisation=cast.amb)
    assert questions() == few <= 12
