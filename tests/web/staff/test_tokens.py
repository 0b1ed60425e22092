"""The page of one's tokens: made by who knows the password, shown once, withdrawn for good."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sympolis.office.core.api_tokens import make_token
from sympolis.office.core.models import ApiToken
from tests.cast import PASSWORD, Cast


def signed_in(who: str) -> Client:
    """Signed in, and the password said again a moment ago."""
    client = Client()
    client.post(reverse("account_login"), {"login": f"{who}@example.org", "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def form(**told: str) -> dict[str, str]:
    day = timezone.localdate() + timedelta(days=30)
    return {"name": "Our sheet", "scope": "write", "expires_on": day.isoformat(), **told}


def token_on(page: str) -> str:
    found = re.search(r'id="token" value="(sympolis_[\w-]{43})"', page)
    assert found
    return found[1]


def test_a_token_is_made_shown_once_and_works(cast: Cast) -> None:
    client = signed_in("contact")
    answer = client.post(reverse("account_token_new"), form())
    written = token_on(answer.text)
    assert "no-store" in answer["Cache-Control"]
    assert written not in client.get(reverse("account_tokens")).text
    token = ApiToken.objects.get()
    assert (token.user, token.name, token.scope) == (cast.contact, "Our sheet", "write")
    read = Client(headers={"Authorization": f"Bearer {written}"}).get(
        f"/api/v1/organisations/{cast.sfax.public_id}/fields"
    )
    assert read.status_code == 200


def test_the_password_is_said_again_first(cast: Cast) -> None:
    client = cast.client("contact")
    for answer in (client.get(reverse("account_token_new")), client.post(reverse("account_token_new"), form())):
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, reverse("account_reauthenticate"))
    assert client.get(reverse("account_tokens")).status_code == 200
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"name": ""}, "name"), ({"scope": "all"}, "scope"), ({"expires_on": "2020-01-01"}, "expires_on"),
        ({"expires_on": "2999-01-01"}, "expires_on"), ({"expires_on": ""}, "expires_on"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(cast: Cast, told: dict[str, str], field: str) -> None:
    answer = signed_in("contact").post(reverse("account_token_new"), form(**told))
    assert list(answer.context["form"].errors) == [field]
    assert not ApiToken.objects.exists()


def test_one_sees_and_withdraws_ones_own_alone(cast: Cast) -> None:
    day = timezone.localdate() + timedelta(days=30)
    mine, _written = make_token(cast.contact, "Mine", "read", day)
    theirs, _written = make_token(cast.officer, "Theirs", "write", day)
    client = cast.client("contact")
    page = client.get(reverse("account_tokens"))
    assert ("Mine" in page.text, "Theirs" in page.text) == (True, False)
    for token, status in ((theirs, 404), (mine, 302)):
        assert client.post(reverse("account_token_withdraw", kwargs={"pk": token.pk})).status_code == status
    assert {token.name: token.withdrawn_at is None for token in ApiToken.objects.all()} == {
        "Mine": False,
        "Theirs": True,
    }
    assert "withdrawn" in client.get(reverse("account_tokens")).text


def test_a_visitor_is_asked_to_sign_in(cast: Cast) -> None:
    for name in ("account_tokens", "account_token_new"):
        address = reverse(name)
        assert Client().get(address)["Location"] == f"{reverse('account_login')}?next={address}"


def test_the_page_asks_the_same_for_one_token_and_for_thirty(cast: Cast, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    day = timezone.localdate() + timedelta(days=30)
    client = cast.client("contact")
    for many in (1, 29):
        for number in range(many):
            make_token(cast.contact, f"Token {number}", "read", day)
        with django_assert_max_num_queries(8):
            client.get(reverse("account_tokens"))
