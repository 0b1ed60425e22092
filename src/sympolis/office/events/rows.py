"""The rows of an event that are written on a page of their own: speakers, sessions, recordings, questions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet

from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.events.actions import mark_event_changed
from sympolis.office.events.models import Event


class ChangedMeanwhile(Exception):
    """Somebody else has written these rows since the page was opened."""


def digest_of(rows: QuerySet[Any, Any]) -> str:
    """Equal while nobody changes any of them."""
    said = json.dumps(list(rows.order_by("pk").values()), cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.blake2s(said.encode(), digest_size=8).hexdigest()


@transaction.atomic
def keep_rows(user: User, event: Event, rows: QuerySet[Any, Any], seen: str, save: Callable[[], object]) -> None:
    """Save rows that nobody else changed since ``seen``. Raises ChangedMeanwhile, and nothing is saved then."""
    officers_only(user)
    fresh = Event.objects.select_for_update().get(pk=event.pk)
    if digest_of(rows) != seen:
        raise ChangedMeanwhile
    save()
    mark_event_changed(fresh)
