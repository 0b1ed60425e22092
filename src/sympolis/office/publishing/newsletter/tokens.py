"""What opens a subscriber's own pages without a password: not to be made without the key."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer, TimestampSigner
from django.utils.crypto import constant_time_compare, salted_hmac

from sympolis.office.publishing.newsletter.models import Issue, Subscriber

CONFIRM_WITHIN_S = 14 * 24 * 3600

own = Signer(sep=".", salt="subscriber")
asked = TimestampSigner(sep=".", salt="subscriber-asked")


def own_token(subscriber_pk: int, issue_pk: int = 0) -> str:
    """For preferences and leaving; with the issue it stood in."""
    return own.sign(f"{subscriber_pk}-{issue_pk}")


def subscriber_of(token: str) -> tuple[Subscriber, int] | None:
    """Whose token it is, and the issue it stood in; None for one that we did not make."""
    try:
        key, _dash, issue = own.unsign(token).partition("-")
    except BadSignature:
        return None
    found = Subscriber.objects.filter(pk=int(key)).first()
    return (found, int(issue)) if found else None


def confirm_token(subscriber: Subscriber) -> str:
    return asked.sign(str(subscriber.pk))


def asked_subscriber(token: str) -> Subscriber | None:
    """Who is confirming, within two weeks."""
    try:
        key = asked.unsign(token, max_age=CONFIRM_WITHIN_S)
    except BadSignature:
        return None
    return Subscriber.objects.filter(pk=int(key)).first()


def message_id(issue: Issue, subscriber_pk: int, domain: str) -> str:
    """The same whenever and by whom this issue is handed over for this subscriber."""
    return f"<{issue.public_id}.{subscriber_pk}.{_seal(issue.public_id, subscriber_pk)}@{domain}>"


def named_by(said: str) -> tuple[str, int] | None:
    """The issue's public id and the subscriber that a Message-ID of ours names; None for any other."""
    parts = said.strip().strip("<>").partition("@")[0].split(".")
    if len(parts) != 3 or not parts[1].isdecimal() or len(parts[1]) > 18:
        return None
    issue, subscriber = parts[0], int(parts[1])
    return (issue, subscriber) if constant_time_compare(parts[2], _seal(issue, subscriber)) else None


def _seal(issue: str, subscriber_pk: int) -> str:
    return salted_hmac("newsletter.message-id", f"{issue}.{subscriber_pk}", algorithm="sha256").hexdigest()[:16]
