"""Registering: places exactly, nobody twice, who moves up; mails once each; forgetting; who came."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from django.conf import LazySettings
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from icalendar import Calendar

from sympolis.office.core.merging.merge import merge_records
from sympolis.office.core.merging.undo import undo_merge
from sympolis.office.core.texts import Text
from sympolis.office.events.actions import keep_event
from sympolis.office.events.models import (
    Event,
    FeedbackAnswer,
    Registration,
    RegistrationMail,
    RegistrationRules,
)
from sympolis.office.events.registering import reminders
from sympolis.office.events.registering.actions import (
    Wish,
    add_those_who_came,
    cancel_registration,
    check_in,
    decide,
    forget_registrations,
    give_feedback,
    keep_rules,
    register,
    tell_of_changes,
)
from sympolis.office.events.registering.errors import (
    CalledOff,
    Closed,
    Full,
    GivenAlready,
    NotOpenYet,
    RegistrationRefused,
    TooLate,
)
from sympolis.office.events.registering.mails import send_waiting
from sympolis.office.events.registering.queries import openness_of, registration_of, token_of
from tests.cast import Cast, office_today

MADRID = ZoneInfo("Europe/Madrid")


@pytest.fixture
def event(cast: Cast) -> Event:
    day = office_today() + timedelta(30)
    made = Event(
        title=Text.of(en="Day of water", fr="Journée de l'eau"), start_earliest=day, start_latest=day,
        from_hour=time(16, 30), until_hour=time(18), time_zone="Europe/Madrid", place="Sfax",
        link="https://meet.example/room",
    )  # fmt: skip
    return keep_event(made, [cast.amb])


def rules_for(event: Event, **fields: Any) -> RegistrationRules:
    return RegistrationRules.objects.create(event=event, **fields)


def come(event: Event, name: str, **fields: Any) -> Registration:
    return register(event, Wish(name=name, email=f"{name.lower()}@x.example", **fields), "https://city.example")


def states(event: Event) -> dict[str, str]:
    return dict(Registration.objects.filter(event=event).values_list("name", "state"))


def move(event: Event, begins: datetime) -> None:
    local = begins.astimezone(MADRID)
    day, until = local.date(), (local + timedelta(hours=1)).time()
    Event.objects.filter(pk=event.pk).update(
        start_earliest=day, start_latest=day, from_hour=local.time(), until_hour=until,
        end_earliest=(local + timedelta(hours=1)).date(), end_latest=(local + timedelta(hours=1)).date(),
    )  # fmt: skip
    event.refresh_from_db()


class TestPlaces:
    def test_places_then_the_waiting_list_in_turn(self, cast: Cast, event: Event) -> None:
        rules_for(event, capacity=2)
        made = [come(event, name) for name in ("Anna", "Ben", "Cira", "Dora")]
        assert states(event) == {"Anna": "confirmed", "Ben": "confirmed", "Cira": "waiting", "Dora": "waiting"}
        cancel_registration(made[0])
        assert states(event) == {"Anna": "cancelled", "Ben": "confirmed", "Cira": "confirmed", "Dora": "waiting"}
        cancel_registration(made[0])
        come(event, "Anna")
        assert states(event)["Anna"] == "waiting"
        cancel_registration(made[1])
        assert states(event) == {"Anna": "waiting", "Ben": "cancelled", "Cira": "confirmed", "Dora": "confirmed"}

    def test_nobody_twice_however_the_address_is_written(self, event: Event) -> None:
        rules_for(event, capacity=5)
        first = register(event, Wish("Anna", "Anna@X.example"))
        again = register(event, Wish("Somebody", " anna@x.EXAMPLE "))
        assert (again.pk, again.name) == (first.pk, "Anna")
        assert Registration.objects.count() == 1
        assert [one.kind for one in RegistrationMail.objects.all()] == ["confirmed", "again"]
        register(event, Wish("Somebody", "anna@x.example"))
        assert RegistrationMail.objects.count() == 2

    def test_without_a_waiting_list_it_is_full_for_all_alike(self, event: Event) -> None:
        rules_for(event, capacity=1, has_waiting_list=False)
        come(event, "Anna")
        for name in ("Ben", "Anna"):
            with pytest.raises(Full):
                come(event, name)

    def test_more_places_go_to_those_who_wait(self, cast: Cast, event: Event) -> None:
        rules = rules_for(event, capacity=1)
        for name in ("Anna", "Ben", "Cira"):
            come(event, name)
        rules.capacity = 2
        keep_rules(cast.officer, rules)
        assert states(event) == {"Anna": "confirmed", "Ben": "confirmed", "Cira": "waiting"}
        rules.capacity = 1
        keep_rules(cast.officer, rules)
        assert states(event)["Ben"] == "confirmed"

    def test_when_it_is_open(self, event: Event) -> None:
        now = timezone.now()
        rules = rules_for(event, opens_at=now + timedelta(1))
        cases: list[tuple[dict[str, Any], type[RegistrationRefused] | None]] = [
            ({"opens_at": now + timedelta(1)}, NotOpenYet),
            ({"opens_at": now - timedelta(1)}, None),
            ({"opens_at": None, "closes_at": now - timedelta(1)}, Closed),
            ({"opens_at": None, "closes_at": now + timedelta(1)}, None),
        ]
        for fields, refused in cases:
            RegistrationRules.objects.filter(pk=rules.pk).update(**fields)
            rules.refresh_from_db()
            assert openness_of(event, rules, now).refused is refused
        RegistrationRules.objects.filter(pk=rules.pk).update(closes_at=now - timedelta(1))
        with pytest.raises(Closed):
            come(event, "Late")
        RegistrationRules.objects.filter(pk=rules.pk).update(closes_at=None)
        Event.objects.filter(pk=event.pk).update(is_cancelled=True)
        with pytest.raises(CalledOff):
            come(event, "Late")
        Event.objects.filter(pk=event.pk).update(is_cancelled=False)
        move(event, now - timedelta(hours=3))
        with pytest.raises(Closed):
            come(event, "Late")
        assert Registration.objects.count() == 0

    def test_after_the_event_nothing_is_changed(self, event: Event) -> None:
        rules_for(event)
        mine = come(event, "Anna")
        move(event, timezone.now() - timedelta(hours=3))
        with pytest.raises(TooLate):
            cancel_registration(mine)
        assert states(event) == {"Anna": "confirmed"}

    def test_approval(self, cast: Cast, event: Event) -> None:
        rules_for(event, capacity=1, needs_approval=True)
        made = [come(event, name) for name in ("Anna", "Ben", "Cira")]
        assert set(states(event).values()) == {"asked"}
        with pytest.raises(PermissionDenied):
            decide(cast.participant, event, [made[0].pk], True)
        decide(cast.officer, event, [made[0].pk, made[1].pk], True)
        decide(cast.officer, event, [made[2].pk], False)
        assert states(event) == {"Anna": "confirmed", "Ben": "waiting", "Cira": "refused"}
        assert [one.kind for one in RegistrationMail.objects.order_by("pk")] == [
            "asked", "asked", "asked", "confirmed", "waiting", "refused",
        ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_exactly_the_places_there_are() -> None:
    day = office_today() + timedelta(30)
    event = keep_event(Event(title=Text.of(en="Day"), start_earliest=day, start_latest=day))
    rules_for(event, capacity=7)
    addresses = [f"p{number % 25}@x.example" for number in range(40)]
    failures: list[BaseException] = []

    def one(email: str) -> None:
        try:
            register(event, Wish("Somebody", email))
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(email,)) for email in addresses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    rows = Registration.objects.filter(event=event)
    assert rows.count() == 25
    assert (rows.filter(state="confirmed").count(), rows.filter(state="waiting").count()) == (7, 18)


def test_two_events_that_are_one_keep_places_links_and_what_was_told(cast: Cast, event: Event) -> None:
    """Whoever was at both holds what is best of the two, and nobody is told again what they were told."""
    other = keep_event(Event(title=Text.of(en="Water day"), start_earliest=event.start_earliest,
                             start_latest=event.start_latest))  # fmt: skip
    for one in (event, other):
        rules_for(one, capacity=5)
    first = {name: come(event, name) for name in ("Anna", "Ben")}
    second = {name: come(other, name) for name in ("Ben", "Cira")}
    cancel_registration(first["Ben"])
    RegistrationMail.objects.update(sent_at=timezone.now(), taken_at=timezone.now())
    links = {name: token_of(one) for name, one in second.items()}
    merge = merge_records(event, other, cast.officer)
    assert states(event) == {"Anna": "confirmed", "Ben": "confirmed", "Cira": "confirmed"}
    assert Registration.objects.count() == 3
    assert {name: registration_of(link) for name, link in links.items()} == {
        "Ben": first["Ben"], "Cira": second["Cira"],
    }  # fmt: skip
    assert RegistrationMail.objects.filter(sent_at=None).count() == 0
    kinds = RegistrationMail.objects.filter(registration=first["Ben"]).values_list("kind", flat=True)
    assert list(kinds) == ["confirmed", "confirmed", "cancelled"]
    undo_merge(merge, cast.officer)
    assert states(event) == {"Anna": "confirmed", "Ben": "cancelled"}
    assert states(Event.objects.get(public_id=other.public_id)) == {"Ben": "confirmed", "Cira": "confirmed"}
    assert registration_of(links["Ben"]) == second["Ben"]


def test_the_token_is_of_this_home_and_of_one_registration(event: Event) -> None:
    rules_for(event)
    mine = come(event, "Anna")
    token = token_of(mine)
    assert registration_of(token) == mine
    assert registration_of(f"{mine.pk + 1}.{token.partition('.')[2]}") is None
    assert registration_of(str(mine.pk)) is None


class Server:
    """A mail server on this machine that keeps what it takes, and refuses whom it is told to."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.refuses: dict[str, str] = {}
        self.greeted, self.on_this_one, self.lets_go_after, self.slow_s = 0, 0, 1_000, 0.0

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, host: str, said: list[str]) -> list[str]:  # noqa: N802
        session.host_name, self.on_this_one = host, 0
        self.greeted += 1
        return said

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if self.on_this_one >= self.lets_go_after:
            return "421 4.7.0 too many mails on this connection"
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        await asyncio.sleep(self.slow_s)
        self.taken.append(message)
        self.on_this_one += 1
        return "250 OK"


@pytest.fixture
def server(settings: LazySettings) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    settings.MAILERS = {  # type: ignore[misc]
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "use_tls": False, "timeout": 5},
        }
    }
    handler.controller = controller  # type: ignore[attr-defined]
    yield handler
    if controller._thread is not None:
        controller.stop()


def entry_of(message: EmailMessage) -> tuple[str, Any]:
    (part, attached) = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
    assert attached.get_filename() == "event.ics"
    calendar = Calendar.from_ical(part.get_content())
    assert part.get_param("method") == str(calendar["method"])
    (entry,) = calendar.walk("VEVENT")
    return str(calendar["method"]), entry


class TestMails:
    def test_through_a_real_server_in_the_readers_language(self, cast: Cast, event: Event, server: Server) -> None:
        server.controller.start()  # type: ignore[attr-defined]
        rules_for(event)
        mine = come(event, "Amina", language="fr")
        assert send_waiting() == 1
        assert send_waiting() == 0
        (message,) = server.taken
        assert str(message["To"]) == "amina@x.example"
        assert "Journée de l'eau" in str(message["Subject"])
        kinds = [one.get_content_type() for one in message.walk() if not one.is_multipart()]
        assert kinds == ["text/plain", "text/html", "text/calendar", "text/calendar"]
        plain = message.get_body(("plain",))
        assert plain is not None
        assert f"https://city.example/fr/registration/{token_of(mine)}/" in plain.get_content()
        assert "https://meet.example/room" in plain.get_content()
        method, entry = entry_of(message)
        assert (method, str(entry["summary"]), str(entry["attendee"])) == (
            "REQUEST", "Journée de l'eau", "mailto:amina@x.example",
        )  # fmt: skip
        assert entry["dtstart"].params["TZID"] == "Europe/Madrid"
        cancel_registration(mine)
        send_waiting()
        method, gone = entry_of(server.taken[1])
        assert (method, str(gone["uid"]), str(gone["status"])) == ("CANCEL", str(entry["uid"]), "CANCELLED")
        assert int(gone["sequence"]) >= int(entry["sequence"])
        ids = [str(one["Message-ID"]) for one in server.taken]
        assert len(set(ids)) == 2

    def test_a_server_that_is_down_loses_nothing(self, event: Event, server: Server) -> None:
        rules_for(event)
        come(event, "Anna")
        come(event, "Ben")
        assert send_waiting() == 0
        assert RegistrationMail.objects.filter(taken_at=None, sent_at=None, error="").count() == 2
        server.controller.start()  # type: ignore[attr-defined]
        assert send_waiting() == 2
        assert [str(one["To"]) for one in server.taken] == ["anna@x.example", "ben@x.example"]

    def test_a_server_that_refuses_half_takes_the_rest(self, event: Event, server: Server) -> None:
        server.controller.start()  # type: ignore[attr-defined]
        rules_for(event)
        for name in ("Anna", "Ben", "Cira"):
            come(event, name)
        server.refuses = {"anna@x.example": "550 No such user", "ben@x.example": "451 Try later"}
        assert send_waiting() == 1
        assert dict(RegistrationMail.objects.values_list("registration__name", "error")) == {
            "Anna": "refused: 550", "Ben": "", "Cira": "",
        }  # fmt: skip
        server.refuses = {}
        assert send_waiting() == 1
        assert [str(one["To"]) for one in server.taken] == ["cira@x.example", "ben@x.example"]

    def test_a_server_that_ends_connections_gets_the_rest_over_new_ones(self, event: Event, server: Server) -> None:
        server.controller.start()  # type: ignore[attr-defined]
        rules_for(event)
        for name in ("Anna", "Ben", "Cira"):
            come(event, name)
        server.lets_go_after = 1
        assert send_waiting() == 3
        assert [str(one["To"]) for one in server.taken] == ["anna@x.example", "ben@x.example", "cira@x.example"]
        assert server.greeted == 3

    def test_one_connection_takes_all_and_a_slow_one_is_no_trouble(self, event: Event, server: Server) -> None:
        server.controller.start()  # type: ignore[attr-defined]
        rules_for(event)
        for name in ("Anna", "Ben", "Cira"):
            come(event, name)
        server.slow_s = 0.05
        assert (send_waiting(), server.greeted) == (3, 1)

    @pytest.mark.usefixtures("transactional_db")
    def test_one_task_for_all_who_register_until_it_begins(self, event: Event, settings: LazySettings) -> None:
        settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "long"]}}  # type: ignore[misc]
        rules_for(event)
        for name in ("Anna", "Ben", "Cira"):
            come(event, name)
        assert DBTaskResult.objects.count() == 1
        DBTaskResult.objects.update(status="RUNNING")
        come(event, "Dina")
        assert DBTaskResult.objects.count() == 2

    def test_one_cut_off_in_between_is_in_doubt_and_not_sent_again(self, event: Event) -> None:
        rules_for(event)
        come(event, "Anna")
        RegistrationMail.objects.update(taken_at=timezone.now() - timedelta(hours=1))
        assert send_waiting() == 0
        assert mail.outbox == []

    def test_whoever_moved_up_is_told_and_old_news_is_not(self, event: Event) -> None:
        rules_for(event, capacity=1)
        first = come(event, "Anna")
        come(event, "Ben")
        cancel_registration(first)
        send_waiting()
        told = [(one.to[0], one.subject.partition(":")[0]) for one in mail.outbox]
        assert told == [
            ("anna@x.example", "Your registration is cancelled"),
            ("ben@x.example", "A place is free for you"),
        ]

    def test_a_change_is_told_once_to_those_who_were_told_otherwise(self, cast: Cast, event: Event) -> None:
        rules_for(event)
        come(event, "Anna")
        cancel_registration(come(event, "Ben"))
        send_waiting()
        before = len(mail.outbox)
        assert tell_of_changes(cast.officer, event) == 0
        event.place = "Tunis"
        keep_event(event)
        assert tell_of_changes(cast.officer, event) == 1
        assert tell_of_changes(cast.officer, event) == 0
        send_waiting()
        (sent,) = mail.outbox[before:]
        assert (sent.to, sent.subject) == (["anna@x.example"], "It has changed: Day of water")
        method, entry = entry_of(message_from_bytes(sent.message().as_bytes(), policy=policy.default))  # type: ignore[arg-type]
        assert (method, str(entry["location"]).startswith("Tunis")) == ("REQUEST", True)
        event.is_cancelled = True
        keep_event(event)
        assert tell_of_changes(cast.officer, event) == 1
        send_waiting()
        method, gone = entry_of(message_from_bytes(mail.outbox[-1].message().as_bytes(), policy=policy.default))  # type: ignore[arg-type]
        assert (method, int(gone["sequence"]) > int(entry["sequence"])) == ("CANCEL", True)

    def test_words_of_others_stay_in_their_place(self, event: Event) -> None:
        rules_for(event)
        register(event, Wish("Eve\r\nBcc: all@x.example <b>", "eve@x.example"))
        send_waiting()
        message = message_from_bytes(mail.outbox[0].message().as_bytes(), policy=policy.default)
        assert "Bcc" not in message
        html = next(one for one in message.walk() if one.get_content_type() == "text/html")
        assert "<b>" not in html.get_content()  # type: ignore[attr-defined]


class TestReminders:
    def remind(self, monkeypatch: pytest.MonkeyPatch, now: datetime) -> list[str]:
        before = len(mail.outbox)
        monkeypatch.setattr(timezone, "now", lambda: now)
        reminders.look_round()
        reminders.look_round()
        return [one.subject.partition(":")[0] for one in mail.outbox[before:]]

    def test_each_once_and_only_who_has_a_place(self, event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
        begins = datetime.combine(event.start_earliest, time(16, 30), MADRID)
        rules_for(event, capacity=1, asks_feedback=True)
        come(event, "Anna")
        come(event, "Ben")
        send_waiting()
        assert self.remind(monkeypatch, begins - timedelta(days=2)) == []
        assert self.remind(monkeypatch, begins - timedelta(hours=20)) == ["Reminder"]
        assert self.remind(monkeypatch, begins - timedelta(minutes=50)) == ["It begins soon"]
        assert self.remind(monkeypatch, begins + timedelta(minutes=5)) == []
        assert self.remind(monkeypatch, begins + timedelta(hours=3)) == ["What did you think of it? Day of water"]
        assert self.remind(monkeypatch, begins + timedelta(days=1)) == []

    def test_one_that_moved_reminds_anew(self, event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
        begins = datetime.combine(event.start_earliest, time(16, 30), MADRID)
        rules_for(event)
        come(event, "Anna")
        send_waiting()
        assert self.remind(monkeypatch, begins - timedelta(hours=20)) == ["Reminder"]
        move(event, begins + timedelta(days=1))
        assert self.remind(monkeypatch, begins + timedelta(hours=4)) == ["Reminder"]


class TestAfterwards:
    def test_forgotten_after_the_time_that_was_promised(self, event: Event) -> None:
        rules = rules_for(event, kept_days=10)
        come(event, "Anna")
        cancel_registration(come(event, "Ben"))
        last = datetime.combine(event.start_earliest, time(12), MADRID)
        assert forget_registrations(last + timedelta(days=10)) == 0
        assert forget_registrations(last + timedelta(days=11)) == 2
        rules.refresh_from_db()
        assert rules.counted == {"registered": 2, "places": 1, "came": 0}
        assert (Registration.objects.count(), RegistrationMail.objects.count()) == (0, 0)
        assert forget_registrations(last + timedelta(days=12)) == 0

    def test_organisations_of_those_who_came_took_part_and_no_person_does(self, cast: Cast, event: Event) -> None:
        rules_for(event)
        there = come(event, "Anna", house="Sfax")
        come(event, "Ben", house="Rabat")
        lost = come(event, "Cira", house="Nowhere at all")
        for one in (there, lost):
            assert check_in(cast.officer, event, one.pk) is not None
        with pytest.raises(PermissionDenied):
            check_in(cast.contact, event, there.pk)
        assert add_those_who_came(cast.officer, event) == 1
        assert list(event.cities.all()) == [cast.sfax]
        assert add_those_who_came(cast.officer, event) == 0

    def test_feedback_once_each_and_without_a_name(self, event: Event) -> None:
        rules_for(event, asks_feedback=True)
        mine = come(event, "Anna")
        give_feedback(mine, 5, 4, "Good")
        with pytest.raises(GivenAlready):
            give_feedback(mine, 1, 1, "Bad")
        (answer,) = FeedbackAnswer.objects.values()
        del answer["id"]
        assert answer == {"event_id": event.pk, "useful": 5, "organised": 4, "words": "Good"}
