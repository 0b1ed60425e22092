"""Which application a page is about: asked with the reader's permission, where it is fetched."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from sympolis.office.projects.applications.queries import changeable_applications
from sympolis.office.projects.models import Application


def application_or_404(request: HttpRequest, public_id: str) -> Application:
    """An application with what its page names; officers alone come as far as here."""
    return get_object_or_404(changeable_applications(request.user), public_id=public_id)
