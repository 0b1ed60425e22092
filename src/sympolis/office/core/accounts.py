"""Who may sign in: inviting, changing, deactivating users."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from sympolis.office.core.enums import SiteRole
from sympolis.office.core.models import User


class AlreadyThere(Exception):
    """A user with this mail address is there already."""


class LastAdministrator(Exception):
    """Somebody must be able to administer: the last who can stays."""


@transaction.atomic
def add_user(email: str, *, role: str, password: str | None = None, **about: Any) -> User:
    """A new user; without a password the first one is set over a link in a mail. Raises AlreadyThere."""
    address = User.objects.normalize_email(email).strip()
    if User.objects.filter(email__iexact=address).exists():
        raise AlreadyThere(address)
    return User.objects.create_user(address, password, role=role, **_powers(role), **about)


@transaction.atomic
def change_user(user: User, *, role: str, **about: Any) -> User:
    """Change what a user may do and how they are called. Raises LastAdministrator."""
    if role != SiteRole.ADMINISTRATOR:
        _keep_one_administrator(user)
    for name, value in {"role": role, **_powers(role), **about}.items():
        setattr(user, name, value)
    user.save()
    return user


@transaction.atomic
def deactivate_user(user: User) -> None:
    """Nobody signs in as this user any more, and where somebody is signed in, that ends now. What they did stays."""
    _keep_one_administrator(user)
    user.is_active = False
    user.save()
    end_sessions(user)


def reactivate_user(user: User) -> None:
    user.is_active = True
    user.save()


def note_invited(user: User) -> None:
    """A fresh invitation goes out: the links of earlier ones lead nowhere any more."""
    if not user.has_usable_password():
        user.set_unusable_password()  # a new one each time, and links are made of it
    user.invited_at = timezone.now()
    user.save()


def open_until(user: User) -> datetime | None:
    """The last moment at which somebody who was invited and never came can still set a password; None for others."""
    if user.invited_at is None or user.last_login is not None or not user.is_active:
        return None
    return user.invited_at + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


@transaction.atomic
def withdraw_invitation(user: User) -> bool:
    """The link in the mail leads nowhere any more and the account can't be used; whether somebody had not come yet."""
    if user.last_login is not None or user.has_usable_password():
        return False
    user.set_unusable_password()
    user.is_active, user.invited_at = False, None
    user.save()
    return True


def end_sessions(user: User) -> int:
    """Sign a user out everywhere; says from how many places."""
    mine = [
        session.pk
        for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator()
        if session.get_decoded().get("_auth_user_id") == str(user.pk)
    ]
    return Session.objects.filter(pk__in=mine).delete()[0]


def _powers(role: str) -> dict[str, bool]:
    """Django's own admin is for administrators only."""
    administers = role == SiteRole.ADMINISTRATOR
    return {"is_staff": administers, "is_superuser": administers}


def _keep_one_administrator(user: User) -> None:
    others = User.objects.select_for_update().filter(role=SiteRole.ADMINISTRATOR, is_active=True).exclude(pk=user.pk)
    if user.is_administrator and not others.exists():
        raise LastAdministrator
