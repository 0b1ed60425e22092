"""Whether a need still holds: who is asked, when, once, and what an answer does."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.utils import timezone

from sympolis.office.core.jobs.recurring import JOBS
from sympolis.office.core.models import RetiredId
from sympolis.office.projects import holding
from sympolis.office.projects.holding import ask_nightly, ask_what_is_due
from sympolis.office.projects.models import HoldsQuestion, Need, Writing, WritingLink
from tests.cast import Cast
from tests.factories import make_need

SITE = "https://office.example"
OLD = timedelta(366)


def written(
    cast: Cast,
    title: str = "Water for parks",
    *,
    email: str = "mayor@example.org",
    state: str = "published",
    **more: object,
) -> Need:
    today = timezone.localdate()
    link = WritingLink.objects.create(
        organisation=cast.sfax, label="Mayor", email=email, language="ar", token=title, expires_on=today
    )
    need = make_need(cast.sfax, title, **{"attested_on": today - OLD, **more})
    Writing.objects.create(need=need, link=link, state=state)
    return need


def ask() -> int:
    return ask_what_is_due(timezone.localdate(), SITE)


def link_in(message: mail.EmailMessage) -> str:
    found = re.search(r"https://office\.example(/\w\w/holds/[\w-]+/)", str(message.body))
    assert found
    return found[1]


def test_the_writer_is_asked_once_in_the_links_language(cast: Cast) -> None:
    need = written(cast)
    assert [ask(), ask()] == [1, 0]
    (message,) = mail.outbox
    assert message.to == ["mayor@example.org"]
    assert link_in(message).startswith("/ar/holds/")
    assert "Water for parks" in message.body
    question = HoldsQuestion.objects.get()
    assert (question.need, question.to) == (need, "mayor@example.org")
    assert question.token not in message.body
    HoldsQuestion.objects.update(asked_at=timezone.now() - OLD)
    assert ask() == 1


def test_who_is_not_asked(cast: Cast) -> None:
    today = timezone.localdate()
    written(cast, "Fresh", attested_on=today - timedelta(365))
    written(cast, "Example", illustrative=True)
    written(cast, "No address", email="")
    written(cast, "Refused", state="refused")
    make_need(cast.sfax, "Nobody is known to have written it", attested_on=today - OLD)
    assert ask() == 0
    assert mail.outbox == []


def test_the_contact_who_wrote_it_is_asked_and_no_officer(cast: Cast) -> None:
    today = timezone.localdate()
    for who, title in (
        (cast.contact, "By the contact"),
        (cast.officer, "By the office"),
        (cast.outsider, "By another"),
    ):
        need = make_need(cast.sfax, title, attested_on=today - OLD)
        need.history.update(history_user=who)
    assert ask() == 1
    assert [(message.to, "By the contact" in message.body) for message in mail.outbox] == [
        (["contact@example.org"], True)
    ]


def test_looking_changes_nothing_and_yes_keeps_it(cast: Cast) -> None:
    need = written(cast)
    ask()
    address, visitor = link_in(mail.outbox[0]), Client()
    page = visitor.get(address)
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    visitor.post(address, {"holds": "perhaps"})
    need.refresh_from_db()
    assert need.attested_on == timezone.localdate() - OLD
    visitor.post(address, {"holds": "yes"})
    need.refresh_from_db()
    assert need.attested_on == timezone.localdate()
    visitor.post(address, {"holds": "no"})
    assert Need.objects.filter(pk=need.pk).exists()


def test_no_takes_it_back(cast: Cast) -> None:
    need = written(cast)
    ask()
    address = link_in(mail.outbox[0])
    page = Client().post(address, {"holds": "no"})
    assert page.status_code == 200
    assert not Need.objects.exists()
    assert RetiredId.objects.filter(public_id=need.public_id).exists()
    assert Client().get(address).status_code == 404


def test_an_address_ends_after_three_months(cast: Cast) -> None:
    written(cast)
    ask()
    HoldsQuestion.objects.update(asked_at=timezone.now() - timedelta(91))
    assert Client().post(link_in(mail.outbox[0]), {"holds": "no"}).status_code == 404
    assert Need.objects.count() == 1
    assert Client().get("/en/holds/xxxxxxxx/").status_code == 404


def test_a_mail_that_fails_is_tried_again_and_keeps_no_other_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    written(cast, "First")
    written(cast, "Second")
    send = mail.EmailMessage.send

    def fails(message: mail.EmailMessage) -> int:
        if "First" in str(message.subject):
            raise OSError("no server")
        return send(message)

    monkeypatch.setattr(holding.EmailMessage, "send", fails)
    assert ask() == 1
    monkeypatch.undo()
    assert ask() == 1
    assert [("First" in message.subject) for message in mail.outbox] == [False, True]


def test_the_worker_asks_where_the_site_has_an_address(cast: Cast, settings: LazySettings) -> None:
    assert "sympolis.office.projects.holding:ask_nightly" in [job.run for job in JOBS]
    written(cast)
    settings.SITE_ADDRESS = ""
    ask_nightly()
    assert mail.outbox == []
    settings.SITE_ADDRESS = SITE
    ask_nightly()
    assert len(mail.outbox) == 1
