"""Asking for the newsletter, confirming it, choosing what about, leaving; what the office does with a list it has."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.tasks import task
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from sympolis.office.core.mails import letter
from sympolis.office.directory.queries import current_office
from sympolis.office.publishing.newsletter.enums import LeftWhy, SubscriberState
from sympolis.office.publishing.newsletter.models import Issue, Subscriber
from sympolis.office.publishing.newsletter.tokens import confirm_token, own_token

MOST_ASKED, ASKED_EVERY = 5, timedelta(minutes=10)
FORGOTTEN_AFTER = timedelta(days=30)


def folded_address(email: str) -> str:
    """Equal for two ways of writing the same address. Providers treat capitals alike; the standard lets them not."""
    return unicodedata.normalize("NFC", email).strip().lower()


@dataclass(frozen=True, slots=True)
class Wishes:
    """In which language and what about; nothing chosen means everything."""

    language: str
    kinds: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Consent:
    """Where somebody agreed, and to which words."""

    where: str
    words: str


def ask_to_subscribe(email: str, wishes: Wishes, consent: Consent, address: str) -> bool:
    """Note who asks and write to them; whether a mail goes out.

    Nothing an unconfirmed stranger says changes what a subscriber chose: it waits until it is confirmed. Whoever is
    subscribed already gets the link to their preferences, so that the page need not say who is on the list.
    """
    now = timezone.now()
    with transaction.atomic():
        one, _is_new = Subscriber.objects.get_or_create(
            folded=folded_address(email), defaults={"email": email.strip(), "language": wishes.language}
        )
        if one.asked_at and one.asked_at < now - FORGOTTEN_AFTER:
            one.asked = 0
        if one.asked_at and (one.asked >= MOST_ASKED or one.asked_at > now - ASKED_EVERY):
            return False
        one.asked_at, one.asked = now, one.asked + 1
        if one.state != SubscriberState.SUBSCRIBED:
            one.wishes = {
                "language": wishes.language, "kinds": list(wishes.kinds), "themes": list(wishes.themes),
                "where": consent.where, "words": consent.words,
            }  # fmt: skip
        one.save()
        transaction.on_commit(lambda: send_confirmation.enqueue(one.pk, wishes.language, address))
    return True


@task
def send_confirmation(subscriber_pk: int, language: str, address: str) -> bool:
    one = Subscriber.objects.filter(pk=subscriber_pk).first()
    if one is None:
        return False
    confirmation_mail(one, language, address).send()
    return True


def confirmation_mail(one: Subscriber, language: str, address: str) -> EmailMultiAlternatives:
    """Asks whether it was them; who is subscribed already is led to their preferences."""
    office = current_office()
    with override(language):
        name = office.name.best(language).text if office else ""
        if one.state == SubscriberState.SUBSCRIBED:
            page = reverse("public:letter_preferences", kwargs={"token": own_token(one.pk)})
            subject = _("You are subscribed already: %(office)s") % {"office": name}
            said = [
                _("Somebody, probably you, asked for our newsletter with this address. You get it already."),
                _("What you get, in which language, and leaving, without a password: %(link)s")
                % {"link": address + page},
            ]
        else:
            page = reverse("public:letter_confirm", kwargs={"token": confirm_token(one)})
            subject = _("Please confirm: newsletter of %(office)s") % {"office": name}
            said = [
                _("Somebody, probably you, asked for our newsletter with this address."),
                _("If it was you, confirm it here within two weeks: %(link)s") % {"link": address + page},
                _("If it was not, do nothing: you are not written to again."),
            ]
        why = _("You get this one mail because this address was written into the form for our newsletter.")
        return letter(subject, [*said, name], one.email, why)


@transaction.atomic
def confirm(subscriber: Subscriber) -> Subscriber:
    """The address is theirs: what they asked for holds from now on. Twice is as good as once."""
    one = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    said = one.wishes
    if said is None:
        return one
    one.language, one.kinds, one.themes = said["language"], said["kinds"], said["themes"]
    one.consent_at, one.consent_from, one.consent_words = timezone.now(), said["where"], said["words"]
    one.state, one.wishes, one.asked = SubscriberState.SUBSCRIBED, None, 0
    one.left_at, one.left_why, one.left_with = None, "", None
    one.soft_bounces, one.bounced_at, one.bounce_said = 0, None, ""
    one.save()
    return one


def choose(subscriber: Subscriber, wishes: Wishes) -> None:
    subscriber.language, subscriber.kinds, subscriber.themes = wishes.language, wishes.kinds, wishes.themes
    subscriber.save(update_fields=["language", "kinds", "themes"])


def leave(subscriber: Subscriber, why: str = LeftWhy.READER, issue_pk: int = 0) -> bool:
    """No more issues; whether they got them until now. What already waits for them is not handed over."""
    issue = Issue.objects.filter(pk=issue_pk).first() if issue_pk else None
    there = Subscriber.objects.filter(pk=subscriber.pk).exclude(state=SubscriberState.LEFT)
    return bool(
        there.update(
            state=SubscriberState.LEFT, left_at=timezone.now(), left_why=why, left_with=issue, wishes=None, asked=0
        )
    )


def forget(subscriber: Subscriber) -> None:
    """Their address and all that was noted of it; issues keep the number of mails that went out."""
    subscriber.delete()


def forget_unconfirmed() -> int:
    """Addresses that nobody confirmed within a month: they never agreed to be kept. How many."""
    long_ago = timezone.now() - FORGOTTEN_AFTER
    waiting = Subscriber.objects.filter(state=SubscriberState.WAITING)
    found = waiting.filter(created_at__lt=long_ago).exclude(asked_at__gte=long_ago)
    return found.delete()[1].get("publishing.Subscriber", 0)


def found_gone(subscriber: Subscriber, said: str) -> None:
    """There is no such mailbox: nothing more is sent there until it is confirmed anew."""
    there = Subscriber.objects.filter(pk=subscriber.pk, state=SubscriberState.SUBSCRIBED)
    there.update(state=SubscriberState.BOUNCED, bounced_at=timezone.now(), bounce_said=said[:500])


MOST_SOFT_BOUNCES, SOFT_FORGIVEN_AFTER = 3, timedelta(days=120)


def found_failing(subscriber: Subscriber, said: str) -> None:
    """A full mailbox, a server that stays silent: the third time within some months counts as gone."""
    now = timezone.now()
    with transaction.atomic():
        one = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
        is_first = one.bounced_at is None or one.bounced_at < now - SOFT_FORGIVEN_AFTER
        one.soft_bounces = 1 if is_first else one.soft_bounces + 1
        one.bounced_at, one.bounce_said = now, said[:500]
        if one.soft_bounces >= MOST_SOFT_BOUNCES and one.state == SubscriberState.SUBSCRIBED:
            one.state = SubscriberState.BOUNCED
        one.save(update_fields=["soft_bounces", "bounced_at", "bounce_said", "state"])


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list of subscribers the office brings along."""

    email: str
    wishes: Wishes
    consent: str


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What became of a list: those added, those on it already, those who had left or whose address does not work."""

    added: int
    known: int
    kept_away: tuple[str, ...]


IN_ONE_GO = 500


def bring_in(rows: Iterable[Row], where: str) -> BroughtIn:
    """Add those who agreed elsewhere, as the list says of each. Nobody who left is brought back by a list."""
    wanted = {folded_address(row.email): row for row in rows}
    addresses = list(wanted)
    states: dict[str, str] = {}
    for at in range(0, len(addresses), IN_ONE_GO):
        some = Subscriber.objects.filter(folded__in=addresses[at : at + IN_ONE_GO])
        states.update(some.values_list("folded", "state"))
    now = timezone.now()
    away = {SubscriberState.LEFT, SubscriberState.BOUNCED}
    with transaction.atomic():
        fresh = [
            Subscriber(
                email=row.email.strip(), folded=folded, language=row.wishes.language, kinds=row.wishes.kinds,
                themes=row.wishes.themes, state=SubscriberState.SUBSCRIBED, consent_at=now,
                consent_from=where[:300], consent_words=row.consent,
            )
            for folded, row in wanted.items()
            if folded not in states
        ]  # fmt: skip
        Subscriber.objects.bulk_create(fresh, batch_size=IN_ONE_GO)
        for folded, state in states.items():
            if state == SubscriberState.WAITING:
                _agreed_elsewhere(folded, wanted[folded], where)
    return BroughtIn(
        added=len(fresh) + sum(state == SubscriberState.WAITING for state in states.values()),
        known=sum(state == SubscriberState.SUBSCRIBED for state in states.values()),
        kept_away=tuple(wanted[one].email for one, state in states.items() if state in away),
    )


def _agreed_elsewhere(folded: str, row: Row, where: str) -> None:
    Subscriber.objects.filter(folded=folded, state=SubscriberState.WAITING).update(
        state=SubscriberState.SUBSCRIBED, consent_at=timezone.now(), consent_from=where[:300],
        consent_words=row.consent, language=row.wishes.language, kinds=row.wishes.kinds, themes=row.wishes.themes,
        wishes=None, asked=0,
    )  # fmt: skip
