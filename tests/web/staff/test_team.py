"""Who signs in for an organisation: four roles, invitations that end, and who gives them out."""

from __future__ import annotations

import re
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from sympolis.office.core.models import User
from sympolis.office.directory.models import Membership, Organisation
from tests.cast import Cast
from tests.factories import make_organisation

NEW = "a lighthouse in the evening"
AMAL = {"email": "amal@example.org", "first_name": "Amal", "role": "contributor", "language": "fr"}


def team(organisation: Organisation, what: str = "team", **more: Any) -> str:
    return reverse(f"staff:{what}", kwargs={"public_id": organisation.public_id, **more})


def administering(cast: Cast) -> Client:
    cast.contact.memberships.update(role="administrator")
    return cast.client("contact")


def link_in(message: mail.EmailMessage) -> str:
    found = re.search(r"http://testserver(\S+/key/\S+)", str(message.body))
    assert found
    return found[1]


def set_password(link: str) -> bool:
    """Whether the link still lets somebody set a password."""
    browser = Client()
    with override("en"):  # the page is in the language of who was invited, and the tests go on in their own
        page = browser.get(link, follow=True)
        return browser.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW}).status_code == 302


def test_who_gets_at_the_team(cast: Cast) -> None:
    for who, status in (("visitor", 302), ("contact", 404), ("participant", 404), ("outsider", 404), ("officer", 404)):
        assert cast.client(who).get(team(cast.sfax)).status_code == status
        assert cast.client(who).post(team(cast.sfax), AMAL).status_code == status
    assert cast.client("administrator").get(team(cast.sfax)).status_code == 200
    administrator = administering(cast)
    assert administrator.get(team(cast.sfax)).status_code == 200
    assert administrator.get(team(cast.amb)).status_code == 404
    assert team(cast.sfax) in administrator.get(reverse("staff:dashboard")).text
    assert User.objects.count() == 5


def test_an_organisations_administrator_invites_its_people(cast: Cast) -> None:
    answer = administering(cast).post(team(cast.sfax), AMAL, follow=True)
    assert "A mail is on its way to amal@example.org." in answer.text
    amal = User.objects.get(email="amal@example.org")
    assert (amal.role, amal.is_staff, amal.language) == ("participant", False, "fr")
    assert list(amal.memberships.values_list("organisation", "role")) == [(cast.sfax.pk, "contributor")]
    assert link_in(mail.outbox[0]).startswith("/fr/account/")
    again = administering(cast).post(team(cast.sfax), AMAL)
    assert again.context["form"].errors["email"] == [
        "There is a user with this address already. Ask the office to let them act for you."
    ]


def test_a_link_works_once_and_a_fresh_one_ends_the_one_before(cast: Cast) -> None:
    administrator = administering(cast)
    administrator.post(team(cast.sfax), AMAL)
    member = Membership.objects.get(user__email="amal@example.org")
    administrator.post(team(cast.sfax, "team_invite_again", pk=member.pk))
    first, second = map(link_in, mail.outbox)
    assert not set_password(first)
    assert set_password(second)
    assert not set_password(second)
    signed_in = User.objects.filter(pk=member.user_id)
    signed_in.update(last_login=timezone.now())
    sent = len(mail.outbox)
    administrator.post(team(cast.sfax, "team_invite_again", pk=member.pk))
    assert len(mail.outbox) == sent


def test_a_link_runs_out_and_the_page_says_so(cast: Cast, settings: Any) -> None:
    administrator = administering(cast)
    administrator.post(team(cast.sfax), AMAL)
    assert "invited, the link is good until" in administrator.get(team(cast.sfax)).text
    User.objects.update(invited_at=timezone.now() - timedelta(days=3, minutes=1))
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert not set_password(link_in(mail.outbox[0]))
    settings.PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
    for page in (administrator.get(team(cast.sfax)), cast.client("administrator").get(reverse("staff:users"))):
        assert "the link has run out" in page.text


def test_a_withdrawn_invitation_leads_nowhere(cast: Cast) -> None:
    administrator = administering(cast)
    administrator.post(team(cast.sfax), AMAL)
    amal = User.objects.get(email="amal@example.org")
    administrator.post(team(cast.sfax, "team_end", pk=amal.memberships.get().pk))
    amal.refresh_from_db()
    assert (amal.is_active, amal.memberships.count()) == (False, 0)
    assert not set_password(link_in(mail.outbox[0]))


def test_the_system_administrator_withdraws_too_but_not_from_who_has_come(cast: Cast) -> None:
    administering(cast).post(team(cast.sfax), AMAL)
    amal = User.objects.get(email="amal@example.org")
    withdraw = reverse("staff:user_invitation_withdraw", kwargs={"pk": amal.pk})
    for who, status in (("visitor", 302), ("officer", 403), ("contact", 403), ("outsider", 403)):
        assert cast.client(who).post(withdraw).status_code == status
    assert cast.client("administrator").post(withdraw).status_code == 302
    assert not set_password(link_in(mail.outbox[0]))
    there = reverse("staff:user_invitation_withdraw", kwargs={"pk": cast.contact.pk})
    answer = cast.client("administrator").post(there, follow=True)
    assert "They have come already. Deactivate the account instead." in answer.text
    assert User.objects.get(pk=cast.contact.pk).is_active


def test_roles_change_but_not_ones_own(cast: Cast) -> None:
    second = User.objects.create_user("second@example.org", NEW)
    member = second.memberships.create(organisation=cast.sfax, role="reader")
    elsewhere = second.memberships.create(organisation=cast.amb, role="reader")
    administrator, own = administering(cast), cast.contact.memberships.get()
    administrator.post(team(cast.sfax, "team_role", pk=member.pk), {"role": "editor"})
    administrator.post(team(cast.sfax, "team_role", pk=member.pk), {"role": "emperor"})
    assert administrator.post(team(cast.sfax, "team_role", pk=own.pk), {"role": "reader"}).status_code == 404
    assert administrator.post(team(cast.sfax, "team_end", pk=own.pk)).status_code == 404
    assert administrator.post(team(cast.sfax, "team_role", pk=elsewhere.pk), {"role": "editor"}).status_code == 404
    roles = dict(Membership.objects.values_list("pk", "role"))
    assert (roles[member.pk], roles[own.pk], roles[elsewhere.pk]) == ("editor", "administrator", "reader")
    administrator.post(team(cast.sfax, "team_end", pk=member.pk))
    second.refresh_from_db()
    assert (second.is_active, list(second.memberships.all())) == (True, [elsewhere])


def test_no_more_mails_than_a_handful_at_once(cast: Cast) -> None:
    for number in range(20):
        User.objects.create_user(f"{number}@example.org").memberships.create(organisation=cast.sfax)
    answer = administering(cast).post(team(cast.sfax), AMAL)
    assert "Many were invited and have not come yet." in answer.text
    assert mail.outbox == []


def test_the_system_administrator_gives_a_role_for_each_organisation(cast: Cast) -> None:
    client, change = cast.client("administrator"), reverse("staff:user_change", kwargs={"pk": cast.contact.pk})
    said = {"role": "participant", "language": "en", "organisations": ["Sfax", "AMB"],
            "organisations_was": ["", ""], "organisations_role": ["administrator", "reader"]}  # fmt: skip
    assert client.post(change, said).status_code == 302
    roles = cast.contact.memberships.order_by("role").values_list("organisation", "role")
    assert list(roles) == [(cast.sfax.pk, "administrator"), (cast.amb.pk, "reader")]
    page = client.get(change)
    assert page.text.count('<option value="administrator" selected>') == 1
    wrong = client.post(change, {**said, "organisations_role": ["emperor", "reader"]})
    assert wrong.context["form"].errors["organisations"] == ["There is no such role. Choose one of the list."]


@pytest.mark.parametrize(("before", "after"), [("contact", "editor"), ("reader", "reader")])
def test_contacts_of_before_became_editors(cast: Cast, before: str, after: str) -> None:
    cast.contact.memberships.update(role=before)
    migration = import_module("sympolis.office.directory.migrations.0010_roles")
    migration.contacts_become_editors(apps, None)
    assert cast.contact.memberships.get().role == after


@pytest.mark.parametrize("many", [2, 19])
def test_questions_to_the_database_do_not_grow(cast: Cast, many: int, django_assert_max_num_queries: Any) -> None:
    for number in range(many):
        User.objects.create_user(f"{number}@example.org").memberships.create(organisation=cast.sfax)
    make_organisation("Tunis")
    client = administering(cast)
    with django_assert_max_num_queries(12):
        client.get(team(cast.sfax))
