"""Signing in and out, a lost password, a new mail address, users invited, changed, deactivated."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from sympolis.office.core.accounts import change_user
from sympolis.office.core.enums import SiteRole
from sympolis.office.core.keeping.notes import read_note
from sympolis.office.core.models import User
from tests.cast import PASSWORD, Cast

NEW = "a lighthouse at night"


def sign_in(email: str, password: str = PASSWORD, **extra: str) -> Any:
    client = Client()
    return client, client.post("/en/account/login/", {"login": email, "password": password, **extra})


def link_in(message: Any) -> str:
    found = re.search(r"http://testserver(/\S+)", message.body)
    assert found
    return found.group(1)


def test_signing_in_leads_back_to_where_one_was(cast: Cast) -> None:
    asked = Client().get("/ca/office/projects/")
    assert 'href="/ca/account/login/"' in Client().get("/ca/").text  # from the first page to what one's day is
    assert 'href="/ca/account/login/?next=/ca/projects/"' in Client().get("/ca/projects/").text
    assert asked["Location"] == "/ca/account/login/?next=/ca/office/projects/"
    page = Client().get(asked["Location"])
    assert 'value="/ca/office/projects/"' in page.text
    _client, answer = sign_in("officer@example.org", next="/ca/office/projects/")
    assert answer["Location"] == "/ca/office/projects/"
    _client, answer = sign_in("officer@example.org", next="https://evil.example/")
    assert answer["Location"] == "/en/office/"
    _client, answer = sign_in("officer@example.org", "wrong")
    assert answer.status_code == 200


def test_there_is_no_open_sign_up(cast: Cast) -> None:
    cast.office.contact = "office@example.org"
    cast.office.save()
    page = Client().get("/en/account/signup/")
    assert "Accounts are given by the office." in page.text
    assert "office@example.org" in page.text
    Client().post("/en/account/signup/", {"email": "new@example.org", "password1": NEW, "password2": NEW})
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_lost_password_is_set_anew_once_in_ones_language(cast: Cast) -> None:
    asked = Client().post("/en/account/password/reset/", {"email": "officer@example.org"})
    assert asked["Location"] == "/en/account/password/reset/done/"
    address = link_in(mail.outbox[0])
    assert mail.outbox[0].subject == "Set a new password"
    assert "International Relations" in mail.outbox[0].body
    client = Client()
    page = client.get(address, follow=True)
    answer = client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert answer.status_code == 302
    assert sign_in("officer@example.org")[1].status_code == 200
    # the link came by mail: nothing is left to confirm
    assert sign_in("officer@example.org", NEW)[1]["Location"] == "/en/office/"
    assert "This link is used up" in Client().get(address, follow=True).text


def test_an_unknown_address_is_told_nothing(cast: Cast) -> None:
    answer = Client().post("/en/account/password/reset/", {"email": "nobody@example.org"})
    assert answer["Location"] == "/en/account/password/reset/done/"
    assert mail.outbox == []


def test_a_new_mail_address_holds_once_it_is_confirmed(cast: Cast) -> None:
    client, _answer = sign_in("officer@example.org")
    client.post("/en/account/email/", {"email": "new@example.org", "action_add": ""})
    cast.officer.refresh_from_db()
    assert cast.officer.email == "officer@example.org"
    assert mail.outbox[0].to == ["new@example.org"]
    page = client.get("/en/account/email/").text
    assert "Waiting to be confirmed" in page
    address = link_in(mail.outbox[0])
    assert "Is new@example.org your address?" in client.get(address).text
    client.post(address)
    cast.officer.refresh_from_db()
    assert cast.officer.email == "new@example.org"
    assert sign_in("new@example.org")[1].status_code == 302


def test_changing_the_password_is_told_by_mail(cast: Cast) -> None:
    client, _answer = sign_in("officer@example.org")
    said = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post("/en/account/password/change/", said).status_code == 302
    assert [message.subject for message in mail.outbox] == ["Your password was changed"]
    assert sign_in("officer@example.org", NEW)[1].status_code == 302


def test_inviting_somebody(cast: Cast) -> None:
    said = {
        "email": "Amal@Example.org",
        "first_name": "Amal",
        "last_name": "",
        "post": "Engineer",
        "role": "participant",
        "language": "fr",
        "organisations": ["Sfax"],
        "organisations_was": [""],
    }
    client = cast.client("administrator")
    assert client.post(reverse("staff:user_invite"), said)["Location"] == "/en/office/administration/users/"
    user = User.objects.get(email="Amal@example.org")
    assert (user.role, user.language, user.is_staff, user.has_usable_password()) == ("participant", "fr", False, False)
    assert [one.organisation for one in user.memberships.all()] == [cast.sfax]
    assert mail.outbox[0].to == ["Amal@example.org"]
    address = link_in(mail.outbox[0])
    assert address.startswith("/fr/account/password/reset/key/")
    assert read_note("status.json")["mail"]["ok"] is True
    invited = Client()
    page = invited.get(address, follow=True)
    assert invited.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW}).status_code == 302
    assert sign_in("amal@example.org", NEW)[1]["Location"] == "/en/office/"
    again = client.post(reverse("staff:user_invite"), {**said, "email": "AMAL@example.org"})
    assert again.context["form"].errors["email"] == ["There is a user with this address already."]


def test_changing_a_role_and_whom_somebody_acts_for(cast: Cast) -> None:
    address = reverse("staff:user_change", kwargs={"pk": cast.contact.pk})
    said = {"role": "administrator", "language": "ar", "organisations": ["AMB"], "organisations_was": [""]}
    assert cast.client("administrator").post(address, said).status_code == 302
    cast.contact.refresh_from_db()
    assert (cast.contact.role, cast.contact.language, cast.contact.is_superuser) == ("administrator", "ar", True)
    assert [one.organisation for one in cast.contact.memberships.all()] == [cast.amb]
    wrong = cast.client("administrator").post(address, {**said, "role": "emperor"})
    assert "role" in wrong.context["form"].errors


def test_the_last_administrator_stays(cast: Cast) -> None:
    client, pk = cast.client("administrator"), {"pk": cast.administrator.pk}
    answer = client.post(reverse("staff:user_change", kwargs=pk), {"role": "officer", "language": "en"})
    assert answer.context["form"].errors["role"] == ["This is the last administrator. Make somebody else one first."]
    client.post(reverse("staff:user_deactivate", kwargs=pk))
    cast.administrator.refresh_from_db()
    assert (cast.administrator.is_active, cast.administrator.role) == (True, "administrator")


def test_deactivating_ends_where_somebody_is_signed_in(cast: Cast) -> None:
    client, _answer = sign_in("officer@example.org")
    assert client.get("/en/office/").status_code == 200
    address = reverse("staff:user_deactivate", kwargs={"pk": cast.officer.pk})
    assert "Deactivate Officer?" in cast.client("administrator").get(address).text
    assert cast.client("administrator").post(address).status_code == 302
    assert client.get("/en/office/").status_code == 302
    assert sign_in("officer@example.org")[1]["Location"] == "/en/account/inactive/"
    Client().post("/en/account/password/reset/", {"email": "officer@example.org"})
    assert mail.outbox == []
    cast.client("administrator").post(reverse("staff:user_reactivate", kwargs={"pk": cast.officer.pk}))
    assert client.get("/en/office/").status_code == 302
    assert sign_in("officer@example.org")[1].status_code == 302


@pytest.mark.parametrize(
    "name",
    [
        "login",
        "logout",
        "signup",
        "reset_password",
        "reset_password_done",
        "email",
        "change_password",
        "reauthenticate",
        "inactive",
        "email_verification_sent",
    ],
)
def test_every_page_of_an_account_is_in_our_look(cast: Cast, name: str) -> None:
    for who in ("visitor", "contact"):
        page = cast.client(who).get(reverse(f"account_{name}"))
        if page.status_code == 302:
            continue
        assert page.status_code == 200
        assert 'class="site-header"' in page.text
        assert page.text.count("<h1") == 1
        assert "style=" not in page.text
    assert cast.client("contact").get(reverse("mfa_index")).text.count("<h1") == 1


def test_djangos_admin_has_no_door_of_its_own(cast: Cast) -> None:
    """Its sign-in would know neither the limit on guesses nor the second factor."""
    address = "/en/administration/django/login/"
    credentials = {"username": "administrator@example.org", "password": PASSWORD}
    client = Client()
    answer = client.post(f"{address}?next=/en/administration/django/", credentials)
    assert (answer.status_code, "_auth_user_id" in client.session) == (302, False)
    assert answer["Location"].startswith("/en/account/login/?next=")
    assert cast.client("officer").get(f"{address}?next=/en/administration/django/").status_code == 403
    change_user(cast.administrator, role=SiteRole.ADMINISTRATOR)
    assert cast.client("administrator").get("/en/administration/django/").status_code == 200
