"""Organisations, and the agreements they signed."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from sympolis.office.core.enums import Visibility
from sympolis.office.core.found_by_words import containing
from sympolis.office.core.models import User
from sympolis.office.core.queries import WRITERS, visible_documents
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import organisations_at, signatures_of, visible_agreements, visible_organisations
from sympolis.office.directory.world.queries import with_world_links
from sympolis.office.synergies.meetings import open_promises_around
from sympolis.office.synergies.peers.places import PLACE_KINDS
from sympolis.web.public.addresses import find_page
from sympolis.web.public.carries import carries
from sympolis.web.public.changes import changes_of, shown_changes
from sympolis.web.public.events.encounters import Switches
from sympolis.web.public.lists import (
    ORGANISATION_ROW,
    PAGE_LENGTH,
    asked,
    country_choices,
    kind_choices,
    listing,
    theme_choices,
    with_code,
)
from sympolis.web.public.moments import PeriodForm, asked_moment
from sympolis.web.public.organisation_page import all_links_page, organisation_page, world_projects_of
from sympolis.web.public.serves import serves


def organisations(request: HttpRequest) -> HttpResponse:
    """All organisations, filtered by kind, country, theme and words of their names; or those of another time."""
    when = asked_moment(request)
    seen = organisations_at(request.user, when.moment)
    question, kind, country, theme = (asked(request, name) for name in ("q", "kind", "country", "theme"))
    found = with_code(containing(seen, question), "themes", theme)
    if kind:
        found = found.filter(kind=kind)
    if country:
        found = found.filter(country=country)
    pairs = kinds_and_countries(seen)
    context = {
        "asked": when,
        "listing": listing(request, found.only(*ORGANISATION_ROW)),
        "question": question,
        "kinds": kind_choices({one for one, _ in pairs}, kind),
        "countries": country_choices({one for _, one in pairs}, country),
        "themes": theme_choices(theme),
    }
    return render(request, "public/organisations.html", context)


def kinds_and_countries(seen: QuerySet[Organisation]) -> set[tuple[str, str]]:
    """Which there are, one visibility after the other: each stands sorted in an index, all together in none."""
    first, *others = (
        seen.filter(visibility=one).order_by().values_list("kind", "country").distinct() for one in Visibility
    )
    return set(first.union(*others).order_by())


def organisation(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    seen = with_world_links(visible_organisations(request.user)).select_related("parent")
    found = find_page(request, seen, slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    asked = asked_moment(request)
    context = organisation_page(request.user, found, asked.moment)
    context["is_theirs"] = isinstance(request.user, User) and found.pk in request.user.acts_for(WRITERS)
    context["is_place"] = found.kind in PLACE_KINDS
    context["promises"] = open_promises_around(request.user, found)
    context["today"] = timezone.localdate()
    context["switches"] = Switches.of(request, asked)
    return render(request, "public/organisation.html", {"record": found, "asked": asked, **context})


def organisation_links(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Its links and projects, where its own page shows the first; ``group`` names a kind to turn the pages of."""
    found = find_page(request, visible_organisations(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    then = asked_moment(request)
    only, page = asked(request, "group"), request.GET.get("page")
    context = all_links_page(request.user, found, then.moment, only, page)
    more = {"record": found, "asked": then, "serves": serves(request.user, [found.country])}
    return render(request, "public/organisation_links.html", {**more, **context})


def organisation_changes(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """What began and ended around it between two times; without any, in the last three years."""
    found = find_page(request, visible_organisations(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    form = PeriodForm(request.GET if {"since", "until"} & request.GET.keys() else None)
    period = form.period(timezone.localdate())
    page = Paginator(changes_of(request.user, found, period), PAGE_LENGTH).get_page(request.GET.get("page"))
    changes = shown_changes(request.user, page)
    context = {"record": found, "organisation": found, "form": form, "period": period, "page": page, "changes": changes}
    return render(request, "public/organisation_changes.html", context)


def organisation_world(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """All the projects the world's data knows of it, the latest first."""
    found = find_page(request, visible_organisations(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    page = Paginator(world_projects_of(request.user, found), PAGE_LENGTH).get_page(request.GET.get("page"))
    context = {"record": found, "organisation": found, "page": page}
    return render(request, "public/organisation_world.html", context)


def agreement(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    found = find_page(request, visible_agreements(request.user).select_related("renewed_by"), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    renewed_by = found.renewed_by
    if renewed_by and not visible_agreements(request.user).filter(pk=renewed_by.pk).exists():
        renewed_by = None
    parties = found.parties.filter(pk__in=visible_organisations(request.user).values("pk"))
    context = {
        "record": found,
        "agreement": found,
        "parties": parties,
        "carries": carries(request.user, "agreements", found.pk),
        "documents": visible_documents(request.user).filter(record=found.public_id),
        "renewed_by": renewed_by,
        "signatures": signatures_of(request.user, found),
    }
    return render(request, "public/agreement.html", context)
