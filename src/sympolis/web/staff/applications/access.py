"""Which application a page is about: asked with the reader's permission, where it is fetched."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from sympolis.office.projects.applications.queries import changeable_applications, visible_partners
from sympolis.office.projects.models import Application, ApplicationPartner


def application_or_404(request: HttpRequest, public_id: str) -> Application:
    """An application with what its page names; officers alone come as far as here."""
    return get_object_or_404(changeable_applications(request.user), public_id=public_id)


def partner_or_404(request: HttpRequest, public_id: str, number: int) -> ApplicationPartner:
    rows = visible_partners(request.user).select_related(
        "organisation", "application__organisation", "application__call"
    )
    return get_object_or_404(rows, pk=number, application__public_id=public_id)
