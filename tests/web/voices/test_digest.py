"""A mail a day about answers and what is followed, through a real server; one click stops it; leaving for good."""

from __future__ import annotations

import re
import socket
from email import message_from_bytes, policy
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import LazySettings
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from sympolis.office.core.models import User
from sympolis.office.planning.models import Action, Comment, DigestReader, Plan, Support
from sympolis.office.planning.voices.actions import follow, say, stop_following, support
from sympolis.office.planning.voices.digest import one_click, tell_daily
from sympolis.office.planning.voices.leaving import delete_account
from sympolis.office.planning.voices.moderation import hide
from tests.cast import PASSWORD, Cast

SITE = "https://plan.example"


@pytest.fixture(autouse=True)
def reached(settings: LazySettings) -> None:
    settings.SITE_ADDRESS = SITE


class Inbox:
    """Takes what comes over SMTP."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (the library calls it so)
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 taken"


def test_it_goes_over_smtp_and_one_click_stops_it(cast: Cast, plan: Plan, settings: LazySettings) -> None:
    User.objects.filter(pk=cast.contact.pk).update(language="ca")
    first = say(cast.contact, plan, "What I said", "client-1")
    say(cast.participant, plan, "The answer", "client-2", first)
    inbox = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    options = {"host": "127.0.0.1", "port": port, "use_tls": False, "timeout": 10}
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
    try:
        assert tell_daily() == 1
        assert tell_daily() == 0  # told once
    finally:
        controller.stop()
    ((to, letter),) = inbox.mails
    assert to == ["contact@example.org"]
    body = letter.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert "Participant" in body
    assert "The answer" in body
    assert "What I said" not in body
    link = letter["List-Unsubscribe"].strip("<>")
    assert link == f"{SITE}/ca/no-more-mails/{one_click.token(cast.contact)}/"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in body
    program = Client(enforce_csrf_checks=True)
    path = link.removeprefix(SITE)
    assert program.get(path).status_code == 200
    assert DigestReader.objects.get(person=cast.contact).stopped_at is None
    answer = program.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    say(cast.participant, plan, "One more", "client-3", first)
    assert tell_daily() == 0
    assert program.post(path[:-3] + "x/").status_code == 404


def test_who_follows_is_told_of_others_alone(cast: Cast, plan: Plan, action: Action) -> None:
    client = cast.client("outsider")
    client.post(reverse("public:voices_follow", kwargs={"public_id": action.public_id}), {"what": "follow"})
    follow(cast.contact, action)
    for n, (who, record) in enumerate(((cast.contact, action), (cast.participant, action), (cast.participant, plan))):
        say(who, record, f"Word {n}", f"client-{n}")
    bad = say(cast.participant, action, "Bad words", "client-9")
    hide(cast.officer, bad, "Why")
    assert tell_daily() == 2
    told = {one.to[0]: re.findall(r"Word \d|Bad", one.body) for one in mail.outbox}
    assert told == {"outsider@example.org": ["Word 0", "Word 1"], "contact@example.org": ["Word 1"]}
    stop_following(cast.outsider, action)
    say(cast.participant, action, "Later", "client-10")
    assert tell_daily() == 1


def test_what_is_no_longer_public_is_not_told(cast: Cast, plan: Plan) -> None:
    follow(cast.outsider, plan)
    say(cast.participant, plan, "Words", "client-1")
    Plan.objects.update(visibility="office")
    assert tell_daily() == 0


def test_a_mail_that_does_not_go_is_told_the_next_day(cast: Cast, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    follow(cast.outsider, plan)
    say(cast.participant, plan, "Words", "client-1")
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", lambda _self: (_ for _ in ()).throw(OSError("no server")))
        assert tell_daily() == 0
    assert tell_daily() == 1


def test_whom_a_mail_does_not_reach_keeps_no_other_back(
    cast: Cast, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(cast.outsider, plan)
    follow(cast.contact, plan)
    say(cast.participant, plan, "Words", "client-1")
    send = mail.EmailMessage.send

    def refused(message: mail.EmailMessage) -> int:
        if message.to == [cast.outsider.email]:
            raise SMTPRecipientsRefused({cast.outsider.email: (550, b"no such mailbox")})
        return send(message)

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refused)
    assert (tell_daily(), [message.to for message in mail.outbox]) == (1, [[cast.contact.email]])


def test_ones_own_page(cast: Cast, plan: Plan) -> None:
    said = say(cast.contact, plan, "My words", "client-1")
    hide(cast.officer, said, "Why not")
    follow(cast.contact, plan)
    client = cast.client("contact")
    page = client.get(reverse("own_voices")).text
    for word in ("My words", "Why not", "The plan"):
        assert word in page
    client.post(reverse("own_digest"), {"what": "stop"})
    assert DigestReader.objects.get(person=cast.contact).stopped_at is not None
    client.post(reverse("own_digest"), {"what": "again"})
    assert DigestReader.objects.get(person=cast.contact).stopped_at is None
    assert "My words" not in cast.client("participant").get(reverse("own_voices")).text
    assert cast.client("visitor").get(reverse("own_voices")).status_code == 302


def test_who_leaves_leaves_words_without_a_name(cast: Cast, plan: Plan) -> None:
    mine = say(cast.participant, plan, "My words", "client-1")
    other = say(cast.contact, plan, "Other words", "client-2")
    support(cast.participant, other)
    client = cast.client("participant")
    visitor, page = cast.client("visitor"), plan.get_absolute_url()
    assert "<bdi>Participant</bdi>" in visitor.get(page).text
    assert client.post(reverse("leave"), {"password": "wrong"}).status_code == 422
    assert User.objects.filter(pk=cast.participant.pk).exists()
    assert client.post(reverse("leave"), {"password": PASSWORD}).status_code == 302
    assert not User.objects.filter(email="participant@example.org").exists()
    assert not Support.objects.exists()
    mine.refresh_from_db()
    assert (mine.author, mine.text) == (None, "My words")
    assert set(Comment.history.filter(id=mine.pk).values_list("author_id", flat=True)) == {None}  # type: ignore[attr-defined]
    said = visitor.get(page).text
    assert "<bdi>Participant</bdi>" not in said
    assert "<bdi>Somebody whose account is gone</bdi>" in said
    assert client.get(reverse("own_voices")).status_code == 302


def test_people_of_the_office_do_not_leave_by_themselves(cast: Cast) -> None:
    assert cast.client("officer").get(reverse("leave")).status_code == 404
    with pytest.raises(PermissionDenied):
        delete_account(cast.administrator)
