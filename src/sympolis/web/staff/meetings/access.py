"""Which meeting a page is about: asked with the reader's permission, where it is fetched."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from sympolis.office.synergies.meetings import changeable_meetings
from sympolis.office.synergies.models import Meeting


def meeting_or_404(request: HttpRequest, public_id: str) -> Meeting:
    """A meeting this user may change; officers alone come as far as here."""
    rows = changeable_meetings(request.user).select_related("brief").defer("brief__document")
    return get_object_or_404(rows, public_id=public_id)
