"""One page for a region or a network: each member's networks, projects, twins, wishes and trips."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sympolis.office.synergies.agenda import Agenda, agenda_of, bodies_with_agendas
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.csv_file import csv_file


@officers
@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """``of`` names the body, the office's own organisation where nothing does; ``format=csv`` as a table."""
    user, bodies = reader(request), bodies_with_agendas(reader(request))
    office = getattr(request, "office", None)
    asked = request.GET.get("of", "")
    ours = office.organisation_id if office else None
    body = next((one for one in bodies if (one.public_id == asked if asked else one.pk == ours)), None)
    if asked and body is None:
        raise Http404
    found = agenda_of(user, body, timezone.localdate()) if body else None
    if found and request.GET.get("format") == "csv":
        return csv_file("agenda", _table(found))
    return render(request, "staff/agenda/agenda.html", {"bodies": bodies, "body": body, "agenda": found})


def _table(found: Agenda) -> Iterator[list[object]]:
    """A row for each thing, with whose it is."""
    yield ["id", _("Organisation"), _("What it is"), _("Title"), _("Place"), _("Begins"), _("Ends")]
    for member in found.members:
        begin: list[object] = [member.organisation.public_id, member.organisation.title_text()]
        for network in member.networks:
            yield [*begin, _("Network"), network.title_text(), "", "", ""]
        for twin in member.twins:
            yield [*begin, _("Twin town"), twin.title_text(), "", "", ""]
        for project in member.projects:
            yield [*begin, _("Project"), project.title, "", project.start, project.end]
        for need in member.wants:
            yield [*begin, need.get_stage_display(), need.title, "", "", ""]
        for trip in member.trips:
            yield [*begin, _("Trip"), trip.record.title, trip.place, trip.start, trip.end]
