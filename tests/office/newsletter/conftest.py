"""An issue with readers, and a mail server for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.conf import LazySettings
from django.utils import timezone

from sympolis.office.core.texts import Text
from sympolis.office.publishing.newsletter.enums import IssueState, SubscriberState
from sympolis.office.publishing.newsletter.models import Issue, Subscriber
from tests.office.newsletter.mail_server import MailServer

ADDRESS = "https://office.example"


def subscribe(*names: str, **fields: object) -> list[Subscriber]:
    """Readers by the first part of their address."""
    about = {"state": SubscriberState.SUBSCRIBED, **fields}
    addresses = [f"{name}@readers.example" for name in names]
    return [Subscriber.objects.create(email=address, folded=address, **about) for address in addresses]


def make_issue(**fields: object) -> Issue:
    """One that is due now."""
    about = {
        "month": date(2026, 10, 1), "title": Text.of(en="October", ca="Octubre", ar="تشرين الأول"),
        "opening": Text.of(en="Good *news*.", ca="Bones notícies.", ar="أخبار"), "languages": ("en", "ca", "ar"),
        "state": IssueState.SCHEDULED, "scheduled_for": timezone.now(), "address": ADDRESS, "rate": 60_000,
    }  # fmt: skip
    return Issue.objects.create(**{**about, **fields})


@pytest.fixture
def mail_server(settings: LazySettings) -> Iterator[MailServer]:
    with MailServer() as server:
        settings.MAILERS = server.mailers
        yield server
