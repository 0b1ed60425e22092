"""Opening an account to take part: where the office lets everybody, with a confirmed address, for no more than that."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from sympolis.office.core.enums import SiteRole
from sympolis.office.core.models import User
from sympolis.office.directory.models import Office
from sympolis.office.planning.models import Comment, Plan
from tests.cast import PASSWORD, Cast

DOOR, NEW = "/ca/account/signup/", "aina@example.org"


def told(**more: str) -> dict[str, str]:
    return {
        "email": NEW,
        "password1": PASSWORD,
        "password2": PASSWORD,
        "first_name": "Aina",
        "last_name": "Roca",
        **more,
    }


@pytest.fixture
def opened(cast: Cast) -> None:
    Office.objects.update(is_open_to_join=True)


def test_closed_until_the_office_opens_it(cast: Cast) -> None:
    Client().post(DOOR, told())
    assert not User.objects.filter(email=NEW).exists()
    answer = cast.client("administrator").get("/en/office/administration/office/")
    assert "Everybody may open an account to support and comment" in answer.text


def test_with_a_confirmed_address_somebody_takes_part(cast: Cast, opened: None, plan: Plan) -> None:
    client = Client()
    assert client.get(DOOR).status_code == 200
    answer = client.post(DOOR, told(role="administrator", is_staff="on"))
    assert answer.status_code == 302
    user = User.objects.get(email=NEW)
    assert (user.role, user.is_staff, user.is_superuser) == (SiteRole.PARTICIPANT, False, False)
    assert (user.language, str(user)) == ("ca", "Aina Roca")
    # not before the address is confirmed
    signed_in = Client()
    signed_in.post("/en/account/login/", {"login": NEW, "password": PASSWORD})
    assert "_auth_user_id" not in signed_in.session
    link = re.search(r"https?://[^/]+(/\S+confirm-email/\S+)", mail.outbox[0].body)
    assert link is not None
    client.post(link[1])
    signed_in.post("/en/account/login/", {"login": NEW, "password": PASSWORD})
    assert signed_in.session["_auth_user_id"] == str(user.pk)
    page = f"/en/voices/{plan.public_id}/say/"
    assert signed_in.post(page, {"text": "Words", "client_id": "client-1"}).status_code == 302
    assert Comment.objects.get().author == user
    assert signed_in.get("/en/office/comments/").status_code == 403


def test_who_has_an_account_is_told_by_mail_alone(cast: Cast, opened: None) -> None:
    answer = Client().post(DOOR, told(email="contact@example.org"))
    assert answer.status_code == 302
    (letter,) = mail.outbox
    assert letter.to == ["contact@example.org"]
    assert "/account/password/reset/" in letter.body
    assert User.objects.filter(email__iexact="contact@example.org").count() == 1


def test_a_machine_that_fills_in_everything_gets_none(cast: Cast, opened: None) -> None:
    Client().post(DOOR, told(website="https://example.com"))
    assert not User.objects.filter(email=NEW).exists()


def test_accounts_the_office_made_need_no_confirming(cast: Cast) -> None:
    client = Client()
    client.post("/en/account/login/", {"login": "officer@example.org", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(cast.officer.pk)
