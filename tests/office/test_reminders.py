"""Agreements that run out: who is told, when, and that nobody is told twice."""

from __future__ import annotations

from datetime import date
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from icalendar import Calendar

from sympolis.office.core.jobs.recurring import JOBS
from sympolis.office.core.models import User
from sympolis.office.core.texts import Text
from sympolis.office.directory import reminders
from sympolis.office.directory.models import Agreement, EndReminder, Membership
from sympolis.office.directory.reminders import due_reminders, remind_houses_of_endings, remind_of_endings
from tests.cast import Cast
from tests.factories import make_organisation
from tests.office.newsletter.mail_server import MailServer


def agreement(title: str, ends: date | None, **fields: Any) -> Agreement:
    return Agreement.objects.create(
        title=Text.of(en=title), kind="other", ends_earliest=ends, ends_latest=ends, **fields
    )


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Any:
    def on(day: date) -> None:
        monkeypatch.setattr(reminders.timezone, "localdate", lambda: day)

    return on


def due(day: date) -> list[tuple[str, int]]:
    return [(str(one.agreement.title), one.months) for one in due_reminders(day)]


def test_the_nearest_step_is_due(cast: Cast) -> None:
    day = date(2026, 1, 1)
    agreement("Over", date(2025, 12, 31))
    agreement("Today", day)
    agreement("In two months", date(2026, 3, 1))
    agreement("In three months", date(2026, 4, 1))
    agreement("In half a year", date(2026, 7, 3))
    agreement("Later", date(2026, 7, 4))
    agreement("Without end", None)
    agreement("Renewed", date(2026, 2, 1), renewed_by=agreement("New", None))
    assert due(day) == [("Today", 2), ("In two months", 2), ("In three months", 6), ("In half a year", 6)]


def test_each_step_is_told_once_and_a_new_end_anew(cast: Cast, today: Any) -> None:
    one = agreement("Water", date(2026, 12, 31), obliges=Text.of(en="A visit each year"))
    one.parties.add(cast.sfax)
    told = []
    for day in (date(2026, 1, 1), date(2026, 7, 1), date(2026, 7, 2), date(2026, 11, 1), date(2026, 12, 30)):
        today(day)
        told.append(remind_of_endings())
    assert told == [0, 1, 0, 1, 0]
    assert sorted({address for message in mail.outbox for address in message.to}) == [
        "administrator@example.org", "officer@example.org",
    ]  # fmt: skip
    assert len(mail.outbox) == 4
    assert mail.outbox[0].subject == "1 agreement is about to end"
    for words in ("Water\nSfax\nends on 31", "A visit each year"):
        assert words in mail.outbox[0].body
    one.ends_earliest = one.ends_latest = date(2027, 1, 15)
    one.save()
    assert remind_of_endings() == 1


def test_a_reader_finds_it_in_their_language_with_its_page_and_a_day_for_the_calendar(
    cast: Cast, settings: Any, today: Any
) -> None:
    settings.SITE_ADDRESS = "https://office.example"
    User.objects.exclude(pk=cast.officer.pk).update(is_active=False)
    User.objects.filter(pk=cast.officer.pk).update(language="ar")
    cast.sfax.names = Text.of(ar="صفاقس")
    cast.sfax.save()
    one = agreement("Ports, and more", date(2026, 2, 1), renewal="automatic", notice_months=0)
    one.parties.add(cast.sfax)
    agreement("An example", date(2026, 2, 1), illustrative=True)
    today(date(2026, 1, 2))
    with MailServer() as server:
        settings.MAILERS = server.mailers
        assert remind_of_endings() == 1
    (told,) = server.taken.mails
    body: Any = told.get_body(("plain",))
    page = f"https://office.example/ar/office/records/{one.public_id}/"
    lines = body.get_content().splitlines()
    assert (told["To"], lines[2:4], page in lines) == ("officer@example.org", ["Ports, and more", "صفاقس"], True)
    (attached,) = told.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("agreements.ics", "text/calendar")
    (entry,) = Calendar.from_ical(attached.get_content()).events
    assert (entry["uid"], entry["url"], entry.start, entry.end, str(entry["transp"])) == (
        f"{one.public_id}@sympolis", page, date(2026, 2, 1), date(2026, 2, 2), "TRANSPARENT",
    )  # fmt: skip
    assert entry["summary"].endswith(": Ports, and more")


def test_who_acts_for_a_party_is_told_what_they_may_see_and_can_stop_it(
    cast: Cast, settings: Any, today: Any, client: Client
) -> None:
    """Over a real mail server: in their language, each step once, of no agreement and no party that is hidden."""
    settings.SITE_ADDRESS = "https://office.example"
    User.objects.filter(pk=cast.contact.pk).update(language="ca")
    gone = User.objects.create_user("gone@example.org", "x", is_active=False)
    Membership.objects.create(user=gone, organisation=cast.sfax)
    Membership.objects.create(user=cast.officer, organisation=cast.sfax)  # has the office's mail
    hidden = make_organisation("Hidden City", visibility="office")
    seen = agreement("Water", date(2026, 12, 31), obliges=Text.of(en="A secret visit"), obliges_visibility="office")
    seen.parties.add(cast.sfax, hidden)
    for title, fields, party in (
        ("Kept by the office", {"visibility": "office"}, cast.sfax), ("An example", {"illustrative": True}, cast.sfax),
        ("Of others", {}, cast.amb), ("Renewed", {"renewed_by": seen}, cast.sfax),
    ):  # fmt: skip
        agreement(title, date(2026, 12, 31), **fields).parties.add(party)
    told, taken = [], []
    with MailServer() as server:
        settings.MAILERS = server.mailers
        for day in (date(2026, 6, 1), date(2026, 7, 1), date(2026, 7, 2), date(2026, 11, 1)):
            today(day)
            told.append(remind_houses_of_endings())
            taken += [server.taken.mails[-1]] if told[-1] else []
        first, second = taken
        stop = str(first["List-Unsubscribe"]).strip("<>").removeprefix("https://office.example")
        assert (told, first["To"], second["To"]) == ([0, 1, 0, 1], "contact@example.org", "contact@example.org")
        body: Any = first.get_body(("plain",))
        words = body.get_content()
        assert words.splitlines()[2:6] == [
            "Water", "Sfax", "venç el 31 de desembre del 2026",
            f"https://office.example/ca/agreement/{seen.slug}-{seen.public_id}/",
        ]  # fmt: skip
        assert stop in words
        for never in ("Hidden City", "secret", "Kept by", "example of", "Of others", "Renewed"):
            assert never not in words
        seen.ends_earliest = seen.ends_latest = date(2026, 12, 30)
        seen.save()
        assert [client.get(stop).context["is_off"], client.post(stop).context["is_off"]] == [False, True]
        assert remind_houses_of_endings() == 0
        assert client.post(stop, {"again": "yes"}).context["is_off"] is False
        assert (remind_houses_of_endings(), len(server.taken.mails)) == (1, 3)
    assert client.get(stop[:-2] + "x/").status_code == 404
    assert EndReminder.objects.count() == 0  # the office is told whatever the parties were


def test_a_mail_to_a_party_that_does_not_arrive_is_tried_again(cast: Cast, settings: Any, today: Any) -> None:
    agreement("Water", date(2026, 2, 1)).parties.add(cast.sfax, make_organisation("Rabat"))
    Membership.objects.create(user=cast.participant, organisation=cast.sfax, role="reader")
    today(date(2026, 1, 1))
    with MailServer() as server:
        settings.MAILERS = server.mailers
        server.taken.answer_to = lambda address: "550 no" if address.startswith("contact") else "250 OK"
        assert (remind_houses_of_endings(), server.taken.recipients) == (1, ["participant@example.org"])
        server.taken.answer_to = lambda address: "250 OK"
        assert remind_houses_of_endings() == 1
        assert server.taken.recipients == ["participant@example.org", "contact@example.org"]


def test_what_is_late_is_told_at_its_nearest_step_alone(cast: Cast, today: Any) -> None:
    agreement("Late", date(2026, 2, 1))
    today(date(2026, 1, 1))
    assert (remind_of_endings(), remind_of_endings()) == (1, 0)
    assert list(EndReminder.objects.values_list("months", flat=True)) == [2]


def test_a_mail_that_does_not_go_out_is_tried_again(cast: Cast, today: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    agreement("Water", date(2026, 2, 1))
    today(date(2026, 1, 1))

    def broken(_message: Any) -> int:
        raise OSError("no server")

    with monkeypatch.context() as patch:
        patch.setattr(reminders.EmailMessage, "send", broken)
        with pytest.raises(OSError, match="no server"):
            remind_of_endings()
    assert (EndReminder.objects.count(), remind_of_endings(), len(mail.outbox)) == (0, 1, 2)


def test_whom_a_mail_does_not_reach_keeps_no_other_back(
    cast: Cast, today: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement("Water", date(2026, 2, 1))
    today(date(2026, 1, 1))
    send = reminders.EmailMessage.send

    def refused(message: mail.EmailMessage) -> int:
        if message.to == [cast.administrator.email]:
            raise SMTPRecipientsRefused({cast.administrator.email: (550, b"no such mailbox")})
        return send(message)

    monkeypatch.setattr(reminders.EmailMessage, "send", refused)
    assert (remind_of_endings(), remind_of_endings()) == (1, 0)
    assert [message.to for message in mail.outbox] == [[cast.officer.email]]


def test_a_title_of_several_lines_writes_no_header(cast: Cast, today: Any) -> None:
    agreement("Water\nBcc: all@example.org", date(2026, 2, 1))
    cast.officer.language = "ar"
    cast.officer.save()
    today(date(2026, 1, 1))
    remind_of_endings()
    assert all("\n" not in message.subject and message.bcc == [] for message in mail.outbox)
    assert "Water Bcc: all@example.org" in mail.outbox[0].body


def test_the_worker_does_it_each_day() -> None:
    assert [(job.run, job.every_minutes, job.at_hour) for job in JOBS if job.name.startswith("remind-")] == [
        ("sympolis.office.synergies.reminders:remind_houses", 24 * 60, 7),
        ("sympolis.office.directory.reminders:remind_houses_of_endings", 24 * 60, 7),
        ("sympolis.office.directory.reminders:remind_of_endings", 24 * 60, 7),
    ]
