"""Accounts and their mails: who gets one, in which language, and what became of the mail."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from sympolis.office.core.accounts import note_invited
from sympolis.office.core.enums import SiteRole
from sympolis.office.core.keeping.notes import write_status
from sympolis.office.core.mails import letter
from sympolis.office.core.models import User
from sympolis.office.directory.queries import current_office


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth with sign-up only where the office lets everybody in; mails in the language of who gets them."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        office = getattr(request, "office", None)
        return office is not None and office.is_open_to_join

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Who opens an account takes part, and no more; mails come in the language they did it in."""
        user.role, user.language = SiteRole.PARTICIPANT, translation.get_language() or user.language
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def pre_login(self, request: HttpRequest, user: User, **about: Any) -> HttpResponse | None:
        """The address of an account that the office made is vouched for: it needs no confirming. Who opened it without
        the office confirms it first."""
        if not EmailAddress.objects.filter(user=user).exists():
            EmailAddress.objects.create(user=user, email=user.email.lower(), verified=True, primary=True)
        response: HttpResponse | None = super().pre_login(request, user, **about)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Who takes part and acts for nobody has no work to come to: they go on to what they said themselves."""
        user: Any = request.user
        if user.reads_office or user.writes_everywhere or user.memberships.exists():
            address: str = super().get_login_redirect_url(request)
            return address
        return reverse("own_voices")

    def set_password(self, user: User, password: str) -> None:
        """A first or a lost password is set behind a link that came by mail, which proves the address."""
        super().set_password(user, password)
        addresses = EmailAddress.objects.filter(user=user)
        if not addresses.filter(verified=True).exists():
            addresses.filter(email__iexact=user.email).update(verified=True, primary=True)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        user = context.get("user") or User.objects.filter(email__iexact=email).first()
        send_account_mail(template_prefix, email, user, context)


def send_account_mail(template_prefix: str, email: str, user: User | None, context: dict[str, Any]) -> None:
    """One mail in the user's language. Whether it went is noted for the administration page."""
    with translation.override(user.language if user else translation.get_language()):
        about = {**context, "user": user, "email": email, "office": current_office()}
        subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", about).split())
        body = render_to_string(f"{template_prefix}_message.txt", about).strip()
        why = _("You get this because of an account with this address, or one that was asked for with it.")
        mail = letter(subject, body.split("\n\n"), email, why)
    try:
        mail.send()
    except OSError as error:
        write_status("mail", {"at": timezone.now().isoformat(), "ok": False, "error": str(error)})
        raise
    write_status("mail", {"at": timezone.now().isoformat(), "ok": True, "error": ""})


def send_invitation(request: HttpRequest, user: User) -> None:
    """The mail that lets a new user set the first password, good for three days and for once. Earlier ones end."""
    note_invited(user)
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    with translation.override(user.language):
        address = reverse("account_reset_password_from_key", kwargs=key)
    context = {"password_url": request.build_absolute_uri(address), "inviter": request.user}
    send_account_mail("account/email/invitation", user.email, user, context)
