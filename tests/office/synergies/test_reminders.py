"""Officers are told of promises once when their day comes near and once when it has passed, in their language."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail

from sympolis.office.core.texts import Text
from sympolis.office.directory.house_mails import set_mails
from sympolis.office.synergies.models import Commitment, Meeting, Reminder
from sympolis.office.synergies.reminders import remind, remind_houses, send_reminder
from tests.cast import Cast, office_today


@pytest.fixture(autouse=True)
def at_once(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend", "QUEUES": []}}


def promise(cast: Cast, text: str, due: date | None, **fields: Any) -> Commitment:
    about = {"due_earliest": due, "due_latest": due, "visibility": "office", **fields}
    return Commitment.objects.create(organisation=cast.sfax, text=Text.of(en=text), **about)


def told() -> list[tuple[str, str]]:
    return [(one.commitment.text.get_text("en"), one.kind) for one in Reminder.objects.order_by("pk")]


def test_who_is_told_of_what_and_once(cast: Cast) -> None:
    today = office_today()
    near = promise(cast, "Near", today + timedelta(7))
    promise(cast, "Late", today - timedelta(1))
    promise(cast, "Far", today + timedelta(8))
    promise(cast, "Done", today, status="done")
    promise(cast, "Invented", today, illustrative=True)
    promise(cast, "Undated", None)
    cast.officer.language = "fr"
    cast.officer.save()
    remind()
    assert told() == [("Late", "overdue"), ("Near", "soon")]
    assert [(one.to, one.subject) for one in mail.outbox] == [
        ([cast.administrator.email], "2 promises to look after"),
        ([cast.officer.email], "2 engagements à suivre"),
    ]
    body = mail.outbox[0].body
    assert body.startswith("Sfax: Late (overdue since ")
    assert "Sfax: Near (due on " in body
    for absent in ("Far", "Done", "Invented", "Undated"):
        assert absent not in body
    remind()
    assert len(mail.outbox) == 2
    near.due_earliest = near.due_latest = today - timedelta(2)
    near.save()
    remind()
    assert told()[2:] == [("Near", "overdue")]
    assert len(mail.outbox) == 4


def test_what_was_done_meanwhile_is_not_mailed(cast: Cast) -> None:
    one = promise(cast, "Near", office_today(), status="done")
    assert send_reminder.func(cast.officer.pk, [one.pk], office_today().isoformat()) is False
    assert mail.outbox == []


def test_the_mail_leads_to_the_meeting(cast: Cast, settings: Any) -> None:
    settings.SITE_ADDRESS = "https://office.example"
    meeting = Meeting.objects.create(title=Text.of(en="Day"), kind="bilateral")
    promise(cast, "Near", office_today(), meeting=meeting)
    remind()
    assert f"https://office.example/en/office/meetings/{meeting.public_id}/" in mail.outbox[0].body


def test_who_acts_for_whoever_promised_is_told_too(cast: Cast, settings: Any) -> None:
    """Once when it comes near and once when it has passed; of a meeting they don't see they get no address."""
    settings.SITE_ADDRESS = "https://office.example"
    today = office_today()
    hidden = Meeting.objects.create(title=Text.of(en="Hidden"), kind="bilateral", visibility="office")
    seen = Meeting.objects.create(title=Text.of(en="Day"), kind="bilateral", visibility="office")
    seen.organisations.add(cast.sfax)
    near = promise(cast, "Near", today + timedelta(7), meeting=hidden)
    promise(cast, "Late", today - timedelta(1), meeting=seen)
    promise(cast, "Invented", today, illustrative=True)
    Commitment.objects.create(
        organisation=cast.amb, text=Text.of(en="Of others"), due_earliest=today, due_latest=today, visibility="public"
    )
    cast.contact.language = "fr"
    cast.contact.save()
    assert (remind_houses(), remind_houses(), Reminder.objects.count()) == (1, 0, 0)
    (told_of,) = mail.outbox
    assert (told_of.to, told_of.subject) == (["contact@example.org"], "2 engagements à suivre")
    assert f"/fr/office/meetings/{seen.public_id}/" in told_of.body
    assert not any(words in told_of.body for words in (hidden.public_id, "Invented", "Of others"))
    assert "List-Unsubscribe-Post" in told_of.extra_headers
    near.due_earliest = near.due_latest = today - timedelta(2)
    near.save()
    assert (remind_houses(), mail.outbox[1].subject) == (1, "1 engagement à suivre")
    set_mails(cast.contact, False)
    Commitment.objects.filter(pk=near.pk).update(due_latest=today)
    assert remind_houses() == 0
