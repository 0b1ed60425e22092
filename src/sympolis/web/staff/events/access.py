"""Which event a page is about: asked with the reader's permission, where it is fetched."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from sympolis.office.events.models import Event
from sympolis.office.events.queries import changeable_events


def event_or_404(request: HttpRequest, public_id: str) -> Event:
    """An event this user may change; officers alone come as far as here."""
    return get_object_or_404(changeable_events(request.user).select_related("registering"), public_id=public_id)
