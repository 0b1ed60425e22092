"""This is us: an organisation of the world's data, and which of ours it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from sympolis.engine.world import WorldOrganisation
from sympolis.office.core.queries import Reader
from sympolis.office.core.readers import open_world
from sympolis.office.directory.fields import OrganisationField
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.directory.world.actions import adopt_world_organisation, link_to_world, unlink_from_world
from sympolis.office.directory.world.candidates import alike_here, candidates, named, with_projects
from sympolis.office.directory.world.errors import LinkedAlready, NotInWorldData
from sympolis.office.directory.world.queries import (
    WorldProjects,
    linked_organisations,
    world_ids_of,
    world_organisation,
)
from sympolis.web.public.lists import asked
from sympolis.web.staff.imports.access import officer_of, officers_only
from sympolis.web.staff.world.shown import in_world_data

FEW = 10


class WhichForm(forms.Form):
    """Which of ours it is, by name."""

    organisation = OrganisationField(label=gettext_lazy("Our organisation"))

    def __init__(self, *args: Any, user: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.user = user


@officers_only
@require_safe
def world_record(request: HttpRequest) -> HttpResponse:
    """An organisation of the world's data: what is known of it, and the two ways to make it ours."""
    told = _told(request.GET.get("id", ""))
    return _record_page(request, told, WhichForm(user=request.user))


def _record_page(request: HttpRequest, told: WorldOrganisation, form: WhichForm, status: int = 200) -> HttpResponse:
    projects = WorldProjects(open_world(), [told.id])
    ours = linked_organisations([told.id]).get(told.id)
    context = {
        "told": told,
        "ours": ours,
        "alike": [] if ours else alike_here(told),
        "form": form,
        "projects": projects[:FEW],
        "count": len(projects),
    }
    return render(request, "staff/world/record.html", context, status=status)


@officers_only
@require_POST
def adopt(request: HttpRequest) -> HttpResponse:
    """Add it to our directory."""
    _must_link(request)
    try:
        organisation = adopt_world_organisation(officer_of(request), request.POST.get("id", "")[:200])
    except NotInWorldData as error:
        raise Http404 from error
    except LinkedAlready as error:
        messages.info(request, _("It is in our directory already: %(name)s.") % {"name": error.organisation.name})
        return redirect("staff:change", public_id=error.organisation.public_id)
    messages.success(request, _("Added to our directory. Correct here what you know better: your word stays."))
    return redirect("staff:change", public_id=organisation.public_id)


@officers_only
@require_POST
def link(request: HttpRequest) -> HttpResponse:
    """This is us: the organisation comes by its id (a button) or by its name (typed)."""
    _must_link(request)
    told = _told(request.POST.get("id", ""))
    if public_id := request.POST.get("ours", ""):
        organisation = get_object_or_404(visible_organisations(request.user), public_id=public_id[:20])
    else:
        form = WhichForm(request.POST, user=request.user)
        if not form.is_valid():
            return _record_page(request, told, form)
        organisation = form.cleaned_data["organisation"]
    try:
        link_to_world(officer_of(request), organisation, told.id)
    except LinkedAlready as error:
        messages.error(
            request, _("This is %(name)s already. Take that back first.") % {"name": error.organisation.name}
        )
    else:
        messages.success(request, _("This is %(name)s now.") % {"name": organisation.name})
    return redirect("staff:world_of", public_id=organisation.public_id)


@officers_only
@require_safe
def ours(request: HttpRequest, public_id: str) -> HttpResponse:
    """One of ours: what it is in the world's data, and who else it may be."""
    organisation = get_object_or_404(visible_organisations(request.user), public_id=public_id)
    world, question = open_world(), asked(request, "q")
    ids = world_ids_of(organisation)
    offered = named(question, FEW) if question else candidates(organisation, FEW)
    linked = with_projects(world, ids)
    context = {
        "organisation": organisation,
        "linked": linked,
        "lost": [one for one in ids if one not in {here.organisation.id for here in linked}],
        "candidates": [one for one in offered if one.organisation.id not in ids],
        "question": question,
        **in_world_data(organisation),
        "is_there": world is not None,
    }
    return render(request, "staff/world/ours.html", context)


@officers_only
@require_POST
def unlink(request: HttpRequest, public_id: str) -> HttpResponse:
    """It was not us."""
    _must_link(request)
    organisation: Organisation = get_object_or_404(visible_organisations(request.user), public_id=public_id)
    if not unlink_from_world(officer_of(request), organisation, request.POST.get("id", "")[:200]):
        raise Http404
    messages.success(request, _("Taken back: this is not %(name)s.") % {"name": organisation.name})
    return redirect("staff:world_of", public_id=public_id)


def _must_link(request: HttpRequest) -> None:
    if not request.user.has_perm("directory.link_world"):
        raise PermissionDenied


def _told(world_id: str) -> WorldOrganisation:
    told = world_organisation(world_id[:200])
    if told is None:
        raise Http404
    return told
