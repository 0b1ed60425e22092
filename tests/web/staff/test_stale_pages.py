"""Members' pages by how long nobody of theirs said anything, and asking them whether they are still right."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sympolis.office.core.models import User
from sympolis.office.core.texts import Text
from sympolis.office.directory import keeping_pages
from sympolis.office.directory.models import Organisation, PageQuestion, Person
from tests.cast import Cast
from tests.factories import make_organisation, make_relation

PAGE = "staff:stale"


def ask(client: Client, *pages: Organisation, **said: str) -> list[str]:
    """Press the button below the list with these ticked; what the page says then."""
    data = {"page": [one.public_id for one in pages], **said}
    return [str(one) for one in client.post(reverse("staff:stale_ask"), data, follow=True).context["messages"]]


def link_in(message: mail.EmailMessage) -> str:
    found = re.search(r"http://testserver(/\w\w/still-right/[\w-]+/)", str(message.body))
    assert found
    return found[1]


def listed(client: Client, **query: str) -> list[str]:
    return [row.organisation.name for row in client.get(reverse(PAGE), query).context["rows"]]


def long_ago(days: int) -> None:
    PageQuestion.objects.update(asked_at=timezone.now() - timedelta(days))


def test_the_longest_silent_first_with_what_is_missing(cast: Cast) -> None:
    rabat = Organisation.objects.get(slug="rabat")
    rabat.description, rabat.themes = Text.of(en="A port"), ("water",)
    rabat._history_user = cast.outsider  # type: ignore[attr-defined]
    rabat.save()
    Person.objects.create(organisation=rabat, name="Amal")
    make_organisation("Nobody writes for it")
    rows = cast.client("officer").get(reverse(PAGE)).context["rows"]
    assert [(row.organisation.name, row.missing, row.said is None) for row in rows] == [
        ("Sfax", ["description", "people", "logo", "themes"], True),
        ("Rabat", ["logo"], False),
    ]


def test_what_the_office_changes_is_no_word_of_the_member(cast: Cast) -> None:
    cast.sfax._history_user = cast.officer  # type: ignore[attr-defined]
    cast.sfax.save()
    rows = cast.client("officer").get(reverse(PAGE)).context["rows"]
    assert [row.said for row in rows] == [None, None]


def test_the_members_of_a_network_the_office_looks_after(cast: Cast) -> None:
    network = make_organisation("MedCities", kind="city-network")
    other = make_organisation("Eurocities", kind="city-network")
    make_relation(cast.amb, "hosts_secretariat_of", network)
    tunis, gone = make_organisation("Tunis"), make_organisation("Gone")
    for member in (cast.sfax, tunis):
        make_relation(member, "member_of", network)
    make_relation(gone, "member_of", network, until_earliest="2001-01-01", until_latest="2001-12-31")
    make_relation(cast.amb, "member_of", other)
    officer = cast.client("officer")
    assert listed(officer) == ["Rabat", "Sfax"]
    assert listed(officer, network=network.public_id) == ["Sfax", "Tunis"]
    assert listed(officer, network=other.public_id) == ["Rabat", "Sfax"]
    page = officer.get(reverse(PAGE), {"network": network.public_id})
    assert [row.may_ask for row in page.context["rows"]] == [True, False]


def test_asked_in_the_members_language_and_not_twice(cast: Cast) -> None:
    cast.contact.language = "ar"
    cast.contact.save()
    officer = cast.client("officer")
    assert ask(officer, cast.sfax, Organisation.objects.get(slug="rabat")) == ["2 pages were asked about by mail."]
    assert {message.to[0] for message in mail.outbox} == {"contact@example.org", "outsider@example.org"}
    to_contact = next(message for message in mail.outbox if message.to == ["contact@example.org"])
    assert link_in(to_contact).startswith("/ar/still-right/")
    assert PageQuestion.objects.get(to=cast.contact).token not in to_contact.body
    nobody = ["Nobody was asked: tick a page that was not asked about lately."]
    assert ask(officer, cast.sfax) == nobody
    assert [row.may_ask for row in officer.get(reverse(PAGE)).context["rows"]] == [False, False]
    long_ago(31)
    assert ask(officer, one=cast.sfax.public_id) == ["1 page was asked about by mail."]
    assert len(mail.outbox) == 3
    assert ask(officer) == nobody


def test_everybody_who_writes_is_asked_and_no_reader(cast: Cast) -> None:
    for name, role in (("second", "contributor"), ("third", "reader"), ("fourth", "administrator")):
        user = User.objects.create_user(f"{name}@example.org", "x")
        user.memberships.create(organisation=cast.sfax, role=role)
    User.objects.filter(email="fourth@example.org").update(is_active=False)
    ask(cast.client("officer"), cast.sfax)
    assert {message.to[0] for message in mail.outbox} == {"contact@example.org", "second@example.org"}


def test_looking_changes_nothing_and_the_button_confirms_once(cast: Cast) -> None:
    ask(cast.client("officer"), cast.sfax)
    link, visitor = link_in(mail.outbox[0]), Client()
    page = visitor.get(link)
    assert (page.status_code, page["X-Robots-Tag"]) == (200, "noindex, nofollow")
    assert reverse("staff:change", kwargs={"public_id": cast.sfax.public_id}) in page.text
    assert PageQuestion.objects.get().confirmed_at is None
    assert visitor.post(link).status_code == 200
    confirmed = PageQuestion.objects.get().confirmed_at
    assert confirmed is not None
    visitor.post(link)
    assert PageQuestion.objects.get().confirmed_at == confirmed
    row = next(r for r in cast.client("officer").get(reverse(PAGE)).context["rows"] if r.organisation == cast.sfax)
    assert (row.said, row.is_confirmed) == (confirmed, True)


def test_an_address_that_is_old_guessed_or_no_longer_theirs_leads_nowhere(cast: Cast) -> None:
    ask(cast.client("officer"), cast.sfax)
    link = link_in(mail.outbox[0])
    assert Client().get("/en/still-right/guessed/").status_code == 404
    cast.contact.memberships.update(role="reader")
    assert Client().get(link).status_code == 404
    cast.contact.memberships.update(role="editor")
    assert Client().get(link).status_code == 200
    long_ago(91)
    assert Client().post(link).status_code == 404
    assert PageQuestion.objects.get().confirmed_at is None


def test_what_was_answered_is_counted(cast: Cast) -> None:
    tunis, member = make_organisation("Tunis"), User.objects.create_user("tunis@example.org", "x")
    member.memberships.create(organisation=tunis, role="editor")
    officer, rabat = cast.client("officer"), Organisation.objects.get(slug="rabat")
    assert officer.get(reverse(PAGE)).context["answers"].asked == 0
    ask(officer, cast.sfax, rabat, tunis)
    Client().post(link_in(next(message for message in mail.outbox if message.to == ["contact@example.org"])))
    rabat._history_user = cast.outsider  # type: ignore[attr-defined]
    rabat.save()
    counted = officer.get(reverse(PAGE)).context["answers"]
    assert (counted.asked, counted.confirmed, counted.changed, counted.silent) == (3, 1, 1, 1)
    long_ago(366)
    assert officer.get(reverse(PAGE)).context["answers"].asked == 0


def test_a_mail_that_cannot_go_can_be_asked_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_all: Any) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(keeping_pages.EmailMessage, "send", refused)
        assert ask(cast.client("officer"), cast.sfax) == ["1 mail did not go out. Look at the mail server."]
    assert PageQuestion.objects.count() == 0
    assert ask(cast.client("officer"), cast.sfax) == ["1 page was asked about by mail."]


def test_who_asks(cast: Cast) -> None:
    for who, status in (("visitor", 302), ("contact", 403), ("participant", 403), ("outsider", 403), ("officer", 200)):
        assert cast.client(who).get(reverse(PAGE)).status_code == status
    for who in ("visitor", "contact", "participant", "outsider"):
        cast.client(who).post(reverse("staff:stale_ask"), {"page": cast.sfax.public_id})
    assert (PageQuestion.objects.count(), mail.outbox) == (0, [])


@pytest.mark.parametrize("many", [2, 30])
def test_questions_to_the_database_do_not_grow(cast: Cast, many: int, django_assert_max_num_queries: Any) -> None:
    for number in range(many):
        city, user = make_organisation(f"City {number}"), User.objects.create_user(f"{number}@example.org", "x")
        user.memberships.create(organisation=city, role="editor")
    client = cast.client("officer")
    with django_assert_max_num_queries(12):
        client.get(reverse(PAGE))
