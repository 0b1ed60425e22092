"""The workbench of a plan: what was said on one side, its lines and actions on the other.

Everything is one form: tick contributions or whole groups, choose where they belong, say what became of them, save.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sympolis.engine.match.consortium.regions import countries_of
from sympolis.office.core.form_fields import NamedCodesField, language_now, region_choices
from sympolis.office.core.form_fields import theme_choices as code_choices
from sympolis.office.core.models import User
from sympolis.office.core.names import COUNTRIES
from sympolis.office.core.plain_widgets import PlainSelect
from sympolis.office.planning.enums import ContributionKind, Outcome
from sympolis.office.planning.models import Action, Contribution, ContributionLink, Plan
from sympolis.office.planning.queries import changeable_plans
from sympolis.office.planning.sessions.errors import SessionRefused
from sympolis.office.planning.tracing.actions import (
    LONGEST_REASON,
    decide,
    link_contributions,
    unlink_contribution,
)
from sympolis.office.planning.tracing.places import (
    LONGEST_PLACE,
    Tagged,
    proposals_for,
    tag_contributions,
    untag_contributions,
)
from sympolis.office.planning.tracing.queries import (
    HAS_HOME,
    Coverage,
    Heard,
    HeardGroup,
    Outline,
    Place,
    coverage_of,
    heard_for,
    outline_of,
    places_listed,
    said_for,
    with_homes,
)
from sympolis.web.public.lists import Choice, CountedPaginator, asked, theme_choices, with_code
from sympolis.web.public.templatetags.plans import place_options
from sympolis.web.staff.brief.access import officers, reader

MOST_AT_ONCE = 2_000
SAID_A_PAGE = 30
FILTERS = ("session", "kind", "theme", "where", "home", "outcome", "under")
UNDECIDED = "none"  # as an outcome chosen: nothing is decided after all
HOMES = ("no", "yes")
ROW = (
    "public_id", "kind", "text", "language", "outcome", "reason", "themes", "countries", "regions", "place",
    "participant__kind", "group_id", "session_id",
)  # fmt: skip
NOWHERE = "none"  # as a part of the world chosen: nobody said where
_HAS_NO_PLACE = Q(countries="", regions="", place="")


class TagForm(forms.Form):
    """What is ticked gets these besides what it has."""

    theme = forms.ChoiceField(label=gettext_lazy("Theme"), required=False, widget=PlainSelect)
    region = forms.ChoiceField(label=gettext_lazy("Part of the world"), required=False, widget=PlainSelect)
    countries = NamedCodesField(
        COUNTRIES, label=gettext_lazy("Countries"), required=False, help_text=gettext_lazy("Several parted by commas.")
    )
    place = forms.CharField(
        label=gettext_lazy("Cities and other places"), required=False, max_length=LONGEST_PLACE,
        help_text=gettext_lazy("Several parted by semicolons."),
    )  # fmt: skip
    named = forms.BooleanField(label=gettext_lazy("Themes and places that their own words name"), required=False)
    nowhere = forms.BooleanField(label=gettext_lazy("Take all places off first"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("theme", code_choices()), ("region", region_choices())):
            field: Any = self.fields[name]
            field.choices = [("", gettext_lazy("Leave as it is")), *choices]

    def tagged(self) -> Tagged:
        said = self.cleaned_data
        themes, regions = (tuple(filter(None, (said[name],))) for name in ("theme", "region"))
        return Tagged(themes, tuple(said["countries"]), regions, said["place"], said["named"])


@dataclass
class Bench:
    """A plan with its sessions, as its reader may see them."""

    user: User
    plan: Plan

    @cached_property
    def outline(self) -> Outline:
        return outline_of(self.user, self.plan)

    @cached_property
    def _counted(self) -> tuple[list[Place], Coverage]:
        return coverage_of(self.user, self.outline)

    @property
    def places(self) -> list[Place]:
        return self._counted[0]

    @property
    def coverage(self) -> Coverage:
        return self._counted[1]

    @cached_property
    def sessions(self) -> list[Heard]:
        return heard_for(self.user, self.outline)

    @property
    def groups(self) -> dict[int, HeardGroup]:
        return {group.pk: group for one in self.sessions for group in one.groups}

    @property
    def said(self) -> QuerySet[Contribution]:
        return said_for(self.user, self.sessions)

    def place(self, public_id: str) -> Place | None:
        return next((one for one in self.places if one.record.public_id == public_id), None)


def _bench(request: HttpRequest, public_id: str) -> Bench:
    return Bench(reader(request), get_object_or_404(changeable_plans(request.user), public_id=public_id))


@officers
@never_cache
@require_safe
def workbench(request: HttpRequest, public_id: str) -> HttpResponse:
    return _page(request, _bench(request, public_id))


def _page(request: HttpRequest, bench: Bench, status: int = 200, **more: Any) -> HttpResponse:
    chosen = {name: asked(request, name) for name in FILTERS}
    filtered = _filtered(bench, chosen)
    count = filtered.count() if any(chosen.values()) else bench.coverage.contributions
    rows = filtered.select_related("participant").only(*ROW).order_by("pk")
    session = [one for one in bench.sessions if one.public_id == chosen["session"]]
    page = CountedPaginator(rows, count, SAID_A_PAGE).get_page(request.GET.get("page"))
    said: list[Any] = with_homes(bench.user, page)
    proposals = proposals_for(bench.user, said)
    groups, heard = bench.groups, {one.pk: one for one in bench.sessions}
    for one in said:
        one.proposal = proposals.get(one.pk)
        one.in_group, one.heard_in = groups.get(one.group_id), heard[one.session_id]
    under = bench.place(chosen["under"])
    context = {
        "plan": bench.plan,
        "options": place_options(bench.places, more.get("form", {}).get("home", "")),
        "listed": places_listed(bench.places, under),
        "sessions": bench.sessions,
        "coverage": bench.coverage,
        "empty": sum(one.rests_on_nothing for one in bench.places),
        "groups": _groups(session or bench.sessions),
        "page": page,
        "said": said,
        "tag_form": None,
        "tag_fields": _tag_fields(language_now()),
        "regions": _where_choices(chosen["where"]),
        "chosen": chosen,
        "under": under,
        "kinds": ContributionKind.choices,
        "outcomes": Outcome.choices,
        "undecided": UNDECIDED,
        "themes": theme_choices(chosen["theme"]),
        "longest": LONGEST_REASON,
        "form": {},
        **more,
    }
    return render(request, "staff/workbench/workbench.html", context, status=status)


@lru_cache  # nobody has chosen anything yet: it is the same for all who read the language
def _tag_fields(_language: str) -> SafeString:
    return SafeString(render_to_string("staff/workbench/_tag_fields.html", {"form": TagForm()}))


def _groups(sessions: list[Heard]) -> list[HeardGroup]:
    found = [group for one in sessions for group in one.groups]
    return sorted(found, key=lambda group: (group.position, group.pk))


def _where_choices(chosen: str) -> list[Choice]:
    pairs = [(NOWHERE, _("No place yet")), *region_choices()]
    return [Choice(code, label, code == chosen) for code, label in pairs]


def _filtered(bench: Bench, chosen: dict[str, str]) -> QuerySet[Contribution]:
    said = with_code(bench.said, "themes", chosen["theme"])  # type: ignore[type-var]  # contributions have themes too
    if chosen["session"]:
        said = said.filter(session__public_id=chosen["session"])
    if chosen["kind"] in ContributionKind.values:
        said = said.filter(kind=chosen["kind"])
    if chosen["home"] in HOMES:
        said = said.filter(HAS_HOME if chosen["home"] == "yes" else ~HAS_HOME)
    if chosen["outcome"] in {*Outcome.values, UNDECIDED}:
        said = said.filter(outcome="" if chosen["outcome"] == UNDECIDED else chosen["outcome"])
    if chosen["where"] == NOWHERE:
        said = said.filter(_HAS_NO_PLACE)
    elif chosen["where"] in dict(region_choices()):
        said = said.filter(_in_part_of_the_world(chosen["where"]))
    if place := bench.place(chosen["under"]):
        end = "links__action" if place.is_action else "links__line"
        said = said.filter(**{end: place.record.pk})
    return said


def _in_part_of_the_world(region: str) -> Q:
    found = Q(regions__contains=f",{region},")
    for country in countries_of(region):
        found |= Q(countries__contains=f",{country},")
    return found


@officers
@require_POST
def put(request: HttpRequest, public_id: str) -> HttpResponse:
    """Save what was ticked: where it belongs, what became of it; or take one link away."""
    bench = _bench(request, public_id)
    if request.POST.get("unlink"):
        return _unlinked(request, bench)
    ticked, place, outcome = _ticked(request.POST, bench), bench.place(request.POST.get("home", "")), _outcome(request)
    tags = TagForm(request.POST)
    form: dict[str, Any] = {name: request.POST.get(name, "") for name in ("home", "outcome", "reason")}
    form["ticked"] = {one.public_id for one in ticked}
    if not tags.is_valid():
        return _page(request, bench, 422, form=form, tag_form=tags)
    tagged, nowhere = tags.tagged(), tags.cleaned_data["nowhere"]
    if not ticked or (place is None and outcome is None and not tagged and not nowhere):
        messages.error(
            request, _("Tick contributions or a group, and say where they belong, what about or what became of them.")
        )
        return _page(request, bench, 422, form=form, tag_form=tags)
    try:
        if outcome is not None:
            decide(bench.user, ticked, outcome, request.POST.get("reason", ""), language_now())
    except SessionRefused as refused:
        messages.error(request, str(refused.sentence))
        return _page(request, bench, 409, form=form, tag_form=tags)
    if place is not None:
        link_contributions(bench.user, ticked, _home(place))
    if nowhere:
        untag_contributions(bench.user, ticked)
    if tagged:
        tag_contributions(bench.user, ticked, tagged)
    said = ngettext("Saved for %(n)d contribution.", "Saved for %(n)d contributions.", len(ticked))
    messages.success(request, said % {"n": len(ticked)})
    return _back(request, bench)


def _home(place: Place) -> Plan | Action:
    """A line or action that is seen, as a record."""
    return place.record if isinstance(place.record, Plan) else Action.objects.get(pk=place.record.pk)


def _ticked(data: QueryDict, bench: Bench) -> list[Contribution]:
    """The contributions ticked one by one or with their group."""
    ids, groups = data.getlist("said"), [int(one) for one in data.getlist("group") if one.isdecimal() and len(one) < 19]
    found = {one.pk: one for one in bench.said.filter(public_id__in=ids[:MOST_AT_ONCE])}
    if groups:
        found |= {one.pk: one for one in bench.said.filter(group__in=groups[:MOST_AT_ONCE])[:MOST_AT_ONCE]}
    return list(found.values())


def _outcome(request: HttpRequest) -> str | None:
    """What was chosen as the outcome; None leaves it as it is."""
    chosen = request.POST.get("outcome", "")
    if chosen == UNDECIDED:
        return ""
    return chosen if chosen in Outcome.values else None


def _unlinked(request: HttpRequest, bench: Bench) -> HttpResponse:
    number = request.POST["unlink"]
    links = ContributionLink.objects.filter(contribution__in=bench.said.values("pk"))
    pk = int(number) if number.isdecimal() and len(number) < 19 else 0
    unlink_contribution(bench.user, get_object_or_404(links, pk=pk))
    messages.success(request, _("Taken out of there."))
    return _back(request, bench)


def _back(request: HttpRequest, bench: Bench) -> HttpResponse:
    """To the page as it was filtered."""
    address = reverse("staff:workbench", kwargs={"public_id": bench.plan.public_id})
    kept = urlencode([(name, value) for name, value in request.GET.items() if value])
    return redirect(f"{address}?{kept}" if kept else address)
