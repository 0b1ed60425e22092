"""The demo's example of a newsletter: an issue of the month of the webinar and some readers, marked as examples."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils import timezone

from sympolis.engine.model import LANGUAGES
from sympolis.office.core.models import User
from sympolis.office.core.texts import Text
from sympolis.office.publishing.newsletter.drafting import draft_issue
from sympolis.office.publishing.newsletter.enums import IssueState, LeftWhy, SubscriberState, Topic
from sympolis.office.publishing.newsletter.models import EXAMPLE_DOMAIN, Issue, Subscriber

THE_MONTH = date(2020, 4, 1)  # of the news on the webinar with its sixteen urban areas
OPENING = Text.of(
    en="An example of an issue: it drafted itself from what the demo knows of this month, and went to nobody.",
    ca="Un exemple de número: s'ha fet sol amb el que la demostració sap d'aquest mes, i no ha anat a ningú.",
    es="Un ejemplo de número: se ha hecho solo con lo que la demostración sabe de este mes, y no ha ido a nadie.",
    fr="Un exemple de numéro : il s'est fait de ce que la démonstration sait de ce mois, et n'est allé à personne.",
    ar="مثال على عدد: كوّن نفسه مما يعرفه العرض التجريبي عن هذا الشهر، ولم يُرسل إلى أحد.",
)
CONSENT = "Example: nobody agreed to anything, this reader is made up."
# Who reads, in which language, what about (nothing: everything), and how they stand.
READERS = (
    ("lectora.exemple", "ca", (), (), SubscriberState.SUBSCRIBED),
    ("lector.exemple", "ca", (Topic.EVENTS,), (), SubscriberState.SUBSCRIBED),
    ("lectora.ejemplo", "es", (), ("water", "climate"), SubscriberState.SUBSCRIBED),
    ("lecteur.exemple", "fr", (Topic.NEWS, Topic.CALLS), (), SubscriberState.SUBSCRIBED),
    ("example.reader", "en", (), (), SubscriberState.SUBSCRIBED),
    ("qari.mithal", "ar", (), (), SubscriberState.SUBSCRIBED),
    ("lectrice.exemple", "fr", (), (), SubscriberState.LEFT),
    ("no.mailbox", "en", (), (), SubscriberState.BOUNCED),
    ("not.confirmed", "es", (), (), SubscriberState.WAITING),
)


def keep_example_letters() -> None:
    """Once: an office that removed them keeps it so."""
    officer = User.objects.filter(email="officer@demo.example").first()
    if officer is None or Issue.history.filter(illustrative=True).exists():
        return
    issue = draft_issue(THE_MONTH, officer, LANGUAGES, illustrative=True)
    issue.opening, issue.state, issue.sent_at = OPENING, IssueState.SENT, timezone.now()
    issue.save()
    Subscriber.objects.bulk_create(_readers(), ignore_conflicts=True)


def _readers() -> Iterator[Subscriber]:
    """They are told apart by their domain, which nothing is ever delivered to."""
    agreed = timezone.now() - timedelta(days=60)
    for name, language, kinds, themes, state in READERS:
        address = f"{name}{EXAMPLE_DOMAIN}"
        one = Subscriber(
            email=address,
            folded=address,
            language=language,
            kinds=kinds,
            themes=themes,
            state=state,
            asked_at=timezone.now(),
        )
        if state != SubscriberState.WAITING:
            one.consent_at, one.consent_from, one.consent_words = agreed, "demo", CONSENT
        if state == SubscriberState.LEFT:
            one.left_at, one.left_why = timezone.now(), LeftWhy.READER
        if state == SubscriberState.BOUNCED:
            one.bounced_at, one.bounce_said = timezone.now(), "550 5.1.1 example: there is no such mailbox"
        yield one
