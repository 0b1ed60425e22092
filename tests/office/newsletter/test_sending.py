"""An issue goes to each reader once: with a real mail server that is slow, down, refuses some or cuts."""

from __future__ import annotations

import os
import re
import time
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import IntegrityError
from django.utils import timezone

from sympolis.office.core.models import User
from sympolis.office.core.texts import Text
from sympolis.office.publishing.newsletter import doors, sending
from sympolis.office.publishing.newsletter.enums import BlockKind, DeliveryState, IssueState, SubscriberState
from sympolis.office.publishing.newsletter.errors import NobodyThere, NotADraft, NothingInIt, NoTitle, TooLate
from sympolis.office.publishing.newsletter.models import Delivery, Issue, IssueBlock, MailPace, Subscriber
from sympolis.office.publishing.newsletter.sending import decide, doubt_what_was_lost, queue, schedule, send_due, stop
from tests.cast import Cast
from tests.mail_html import assert_drawn_everywhere
from tests.office.newsletter.conftest import ADDRESS, make_issue, subscribe
from tests.office.newsletter.mail_server import MailServer


def states(issue: Issue) -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Delivery.objects.filter(issue=issue).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def test_each_reader_gets_it_once_in_their_language(cast: Cast, mail_server: MailServer) -> None:
    subscribe("anna")
    subscribe("biel", language="ca")
    subscribe("chadia", language="ar")
    subscribe("dora", language="fr")  # not in the issue: the first of its languages
    Subscriber.objects.create(email="left@readers.example", folded="left@readers.example", state=SubscriberState.LEFT)
    issue = make_issue()
    send_due()
    send_due()
    assert sorted(mail_server.taken.recipients) == [
        "anna@readers.example", "biel@readers.example", "chadia@readers.example", "dora@readers.example",
    ]  # fmt: skip
    subjects = {str(mail["To"]).partition("@")[0]: str(mail["Subject"]) for mail in mail_server.taken.mails}
    assert subjects == {"anna": "October", "biel": "Octubre", "chadia": "تشرين الأول", "dora": "October"}
    issue.refresh_from_db()
    assert (issue.state, states(issue)) == (IssueState.SENT, {"sent": 4})


def test_a_mail_has_both_forms_and_lets_go_with_one_click(cast: Cast, mail_server: MailServer) -> None:
    (anna,) = subscribe("anna", language="ar")
    issue = make_issue()
    rich = "## Head\n\nWords [here](https://x.example/)\n\n- one\n\n1. two\n\n> said"
    IssueBlock.objects.create(issue=issue, kind=BlockKind.OWN, title=Text.of(en="A block"), text=Text.of(en=rich))
    send_due()
    (mail,) = mail_server.taken.mails
    leave = f"{ADDRESS}/ar/newsletter/leave/"
    assert str(mail["List-Unsubscribe"]).startswith(f"<{leave}")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    # As it stands in the mail: no mail program looks for the address in encoded words.
    assert b"\r\nList-Unsubscribe: <" + leave.encode() in mail_server.taken.raw[0]
    assert str(mail["Message-ID"]).startswith(f"<{issue.public_id}.{anna.pk}.")
    html, text = (mail.get_body((kind,)).get_content() for kind in ("html", "plain"))  # type: ignore[union-attr]
    assert '<html lang="ar" dir="rtl">' in html
    for body in (html, text):
        assert leave in body
        assert "invalid" not in body
    assert "<style>" in html
    assert "prefers-color-scheme:dark" in html
    assert len(html.encode()) < 100_000
    # Mail programs drop style sheets but for the one of dark schemes, and lay out nothing but tables.
    assert re.findall(r"<(img|link|script|iframe|form|svg)[ >]", html) == []
    bare = re.findall(r"<(?:p|h1|h2|h3|li|ul|ol|a|td|div|blockquote)(?![^>]* style=)[ >][^>]*", html)
    assert (bare, html.count("<li "), html.count("<blockquote ")) == ([], 2, 1)
    assert_drawn_everywhere(html, "ar")


def test_only_what_somebody_chose(cast: Cast, mail_server: MailServer) -> None:
    issue = make_issue(opening=Text())
    for kind, title, themes in (
        ("news", "Harbour", ("water",)),
        ("news", "Tram", ("mobility",)),
        ("calls", "Call", ()),
    ):
        IssueBlock.objects.create(issue=issue, kind=kind, record=title, title=Text.of(en=title), themes=themes)
    subscribe("all")
    subscribe("water", kinds=("news",), themes=("water",))
    subscribe("calls", kinds=("calls",))
    subscribe("plan", kinds=("plan",))  # nothing in it for them: no mail
    send_due()
    said = {}
    for mail in mail_server.taken.mails:
        text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        said[str(mail["To"]).partition("@")[0]] = {word for word in ("Harbour", "Tram", "Call") if word in text.split()}
    assert said == {"all": {"Harbour", "Tram", "Call"}, "water": {"Harbour"}, "calls": {"Call"}}
    assert states(issue) == {"sent": 3, "skipped": 1}


def test_half_refused_is_told_apart(cast: Cast, mail_server: MailServer) -> None:
    answers = {
        "gone@readers.example": "550 5.1.1 no such user",
        "full@readers.example": "552 5.2.2 mailbox full",
        "policy@readers.example": "550 5.7.1 we take no newsletters",
        "later@readers.example": "451 4.7.1 greylisted",
    }
    mail_server.taken.answer_to = lambda address: answers.get(address, "250 OK")
    subscribe("fine", "gone", "full", "policy", "later", "well")
    issue = make_issue()
    send_due()
    assert sorted(mail_server.taken.recipients) == ["fine@readers.example", "well@readers.example"]
    found = {one.subscriber.email.partition("@")[0]: one.state for one in issue.deliveries.select_related("subscriber")}  # type: ignore[union-attr]
    assert found == {
        "fine": "sent", "well": "sent", "gone": "bounced", "full": "refused", "policy": "refused", "later": "queued",
    }  # fmt: skip
    people = dict(Subscriber.objects.values_list("email", "state"))
    assert {name for name, state in people.items() if state == SubscriberState.BOUNCED} == {"gone@readers.example"}
    assert dict(Subscriber.objects.exclude(soft_bounces=0).values_list("email", "soft_bounces")) == {
        "full@readers.example": 1
    }
    answers.clear()
    send_due()  # ten minutes have not passed
    assert len(mail_server.taken.mails) == 2
    Delivery.objects.filter(state=DeliveryState.QUEUED).update(due_at=timezone.now())
    send_due()
    assert mail_server.taken.recipients[2:] == ["later@readers.example"]


def test_a_server_that_is_down_leaves_all_waiting(cast: Cast, settings: LazySettings) -> None:
    with MailServer() as server:
        settings.MAILERS = server.mailers
    subscribe("anna", "biel")
    issue = make_issue()
    send_due()
    issue.refresh_from_db()
    assert states(issue) == {"queued": 2}
    assert "ConnectionRefusedError" in issue.trouble
    with MailServer() as server:
        settings.MAILERS = server.mailers
        send_due()
        assert sorted(server.taken.recipients) == ["anna@readers.example", "biel@readers.example"]
    issue.refresh_from_db()
    assert (issue.state, issue.trouble) == (IssueState.SENT, "")


def test_a_cut_after_the_last_byte_leaves_one_in_doubt(cast: Cast, mail_server: MailServer) -> None:
    mail_server.taken.after = lambda address: "cut" if address.startswith("biel") else "250 taken"
    subscribe("anna", "biel", "carla", "david")
    issue = make_issue()
    send_due()
    assert states(issue) == {"sent": 3, "doubt": 1}
    assert set(mail_server.taken.message_ids.values()) == {1}
    mail_server.taken.after = lambda address: "250 taken"
    send_due()
    assert states(issue) == {"sent": 3, "doubt": 1}  # nothing goes twice by itself
    assert len(mail_server.taken.mails) == 4
    officer = User.objects.get(email="officer@example.org")
    doubted = issue.deliveries.get(state=DeliveryState.DOUBT)
    decide(doubted, officer, went=False)
    send_due()
    assert states(issue) == {"sent": 4}
    assert sorted(mail_server.taken.message_ids.values()) == [1, 1, 1, 2]  # as that person wanted, with the same id
    with pytest.raises(TooLate):
        decide(doubted, officer, went=True)


def test_a_server_that_never_answers_stops_the_issue(
    cast: Cast, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "ANSWER_S", 0.2)
    mail_server.taken.slow_s = 1
    subscribe("anna", "biel", "carla")
    issue = make_issue()
    send_due()
    issue.refresh_from_db()
    assert (issue.state, states(issue)) == (IssueState.STOPPED, {"queued": 2, "doubt": 1})


def test_slow_is_no_trouble(cast: Cast, mail_server: MailServer) -> None:
    mail_server.taken.slow_s = 0.3
    subscribe("anna", "biel")
    issue = make_issue()
    send_due()
    assert states(issue) == {"sent": 2}


def test_a_server_that_ends_each_connection_after_a_mail(cast: Cast, mail_server: MailServer) -> None:
    turns = {"n": 0}

    def every_second(address: str) -> str:
        turns["n"] += 1
        return "250 OK" if turns["n"] % 2 else "421 4.7.0 too many mails on this connection"

    mail_server.taken.answer_to = every_second
    subscribe("anna", "biel", "carla")
    issue = make_issue()
    send_due()
    assert states(issue) == {"sent": 3}
    assert set(mail_server.taken.message_ids.values()) == {1}


def test_the_pace_holds(cast: Cast, mail_server: MailServer) -> None:
    subscribe(*(f"r{n}" for n in range(9)))
    make_issue(rate=600)  # ten a second
    began = time.monotonic()
    send_due()
    assert time.monotonic() - began >= 0.7
    assert len(mail_server.taken.mails) == 9


def test_a_claim_of_a_process_that_died_is_in_doubt(cast: Cast) -> None:
    (anna,) = subscribe("anna")
    issue = make_issue(state=IssueState.SENDING, queued_at=timezone.now())
    claim = f"{sending.socket.gethostname()}:999999999:abc"
    one = Delivery.objects.create(
        issue=issue, subscriber=anna, state=DeliveryState.CLAIMED, due_at=timezone.now(), claim=claim,
        claimed_at=timezone.now(),
    )  # fmt: skip
    assert doubt_what_was_lost() == 1
    Delivery.objects.update(state=DeliveryState.CLAIMED, claim=f"elsewhere:{os.getpid()}:abc")
    assert doubt_what_was_lost() == 0  # another machine's may still be at it
    Delivery.objects.update(claimed_at=timezone.now() - timedelta(hours=1))
    assert doubt_what_was_lost() == 1
    one.refresh_from_db()
    assert one.state == DeliveryState.DOUBT


def test_nobody_stands_twice_in_an_issue(cast: Cast) -> None:
    subscribe("anna", "biel")
    issue = make_issue(state=IssueState.SENDING)
    assert (queue(issue), queue(issue)) == (2, 0)
    Issue.objects.update(queued_at=None, queued_to=0)
    queue(issue)
    assert Delivery.objects.count() == 2
    with pytest.raises(IntegrityError):
        Delivery.objects.create(issue=issue, subscriber=Subscriber.objects.all()[0], due_at=timezone.now())


def test_who_leaves_meanwhile_gets_nothing(cast: Cast, mail_server: MailServer) -> None:
    subscribe("anna", "biel")
    issue = make_issue(state=IssueState.SENDING)
    queue(issue)
    Subscriber.objects.filter(email__startswith="anna").update(state=SubscriberState.LEFT)
    Subscriber.objects.filter(email__startswith="biel").delete()
    send_due()
    assert mail_server.taken.mails == []
    assert states(issue) == {"skipped": 2}


def test_what_keeps_an_issue_from_going_out(cast: Cast) -> None:
    draft = make_issue(state=IssueState.DRAFT, title=Text.of(en="Only English"))
    with pytest.raises(NoTitle):
        schedule(draft, timezone.now(), ADDRESS)
    draft = make_issue(state=IssueState.DRAFT, opening=Text())
    with pytest.raises(NothingInIt):
        schedule(draft, timezone.now(), ADDRESS)
    IssueBlock.objects.create(issue=draft, kind=BlockKind.OWN, title=Text.of(en="We moved"))
    with pytest.raises(NobodyThere):
        schedule(draft, timezone.now(), ADDRESS)
    schedule(draft, timezone.now() + timedelta(days=1), ADDRESS)  # for later: who subscribes until then gets it
    with pytest.raises(NotADraft):
        schedule(draft, timezone.now(), ADDRESS)
    send_due()
    assert Delivery.objects.count() == 0  # its hour has not come
    stop(draft)
    draft.refresh_from_db()
    assert draft.state == IssueState.DRAFT
    assert not MailPace.objects.exists()
