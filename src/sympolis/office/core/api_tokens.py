"""Tokens of programs: made, used, withdrawn; and the answers kept so that nothing is added twice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from sympolis.office.core.models import ApiToken, KeptAnswer, User
from sympolis.office.core.tokens import hashed, new_api_token

LONGEST = timedelta(days=366)
"""A token is good for a year at most: one that nobody remembers dies of itself."""

NOTED_EVERY = timedelta(minutes=1)
"""How often the last use is written down: reading must not become writing."""

ANSWERS_KEPT = timedelta(days=1)


def tokens_of(user: User) -> QuerySet[ApiToken]:
    return user.api_tokens.all()


def make_token(user: User, name: str, scope: str, expires_on: date) -> tuple[ApiToken, str]:
    """A new token of a user and the token itself, which is said this once."""
    written = new_api_token()
    made = ApiToken.objects.create(
        user=user, name=name, scope=scope, expires_on=expires_on, token=hashed(written)
    )  # fmt: skip
    return made, written


def withdraw_token(token: ApiToken) -> ApiToken:
    """From now on it opens nothing; the row stays, so that its user sees when it was used last."""
    if token.withdrawn_at is None:
        token.withdrawn_at = timezone.now()
        token.save(update_fields=["withdrawn_at"])
    return token


def is_good(token: ApiToken, on: date) -> bool:
    """Whether it opens anything: its last day counts."""
    return token.withdrawn_at is None and token.expires_on >= on and token.user.is_active


def good_token(written: str) -> ApiToken | None:
    """The token a program shows, if it is one, is good and its user may sign in. Its use is noted."""
    token = ApiToken.objects.select_related("user").filter(token=hashed(written)).first()
    if token is None or not is_good(token, timezone.localdate()):
        return None
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def kept_answer(user: User, key: str) -> KeptAnswer | None:
    fresh = timezone.now() - ANSWERS_KEPT
    return KeptAnswer.objects.filter(user=user, key=key, at__gte=fresh).first()


def keep_answer(user: User, key: str, asked: str, answer: dict[str, Any]) -> None:
    """Within the transaction of what it answers. Raises IntegrityError where another was faster with the same key."""
    KeptAnswer.objects.filter(user=user, key=key, at__lt=timezone.now() - ANSWERS_KEPT).delete()
    KeptAnswer.objects.create(user=user, key=key, asked=asked, answer=answer)


def forget_answers() -> int:
    """Let go of the answers nobody may ask for again; how many."""
    return KeptAnswer.objects.filter(at__lt=timezone.now() - ANSWERS_KEPT).delete()[0]
