"""Two versions of a plan beside each other, of what a reader may see of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext_lazy as _

from sympolis.engine.texts import vocabulary
from sympolis.office.core.names import COUNTRIES
from sympolis.office.core.queries import Reader, is_officer, open_visibilities
from sympolis.office.core.texts import Text
from sympolis.office.directory.queries import visible_agreements, visible_departments, visible_organisations
from sympolis.office.events.queries import visible_events
from sympolis.office.planning.enums import ActionStatus, PlanKind
from sympolis.office.planning.models import Plan, PlanVersion
from sympolis.office.planning.queries import visible_plans, visible_versions
from sympolis.office.planning.versions import (
    SINCE_LISTS,
    Content,
    Difference,
    FieldDifference,
    Piece,
    content_of,
    differences,
    hidden_now,
    marked,
    open_part,
)
from sympolis.office.projects.queries import visible_calls, visible_projects
from sympolis.web.public.lists import language

NOW = "now"
A_PAGE = 50
LABELS = {
    "title": _("Title"),
    "text": _("Text"),
    "objective": _("Objective"),
    "part_of": _("Part of"),
    "kind": _("Kind"),
    "code": _("Code"),
    "position": _("Order"),
    "weight": _("Weight"),
    "themes": _("Themes"),
    "sdgs": _("Sustainable development goals"),
    "local_targets": _("Local targets"),
    "countries": _("Countries"),
    "regions": _("Regions of the world"),
    "place": _("Place"),
    "starts": _("Begins"),
    "ends": _("Ends"),
    "budget": _("Budget planned"),
    "currency": _("Currency"),
    "money_from": _("Where the money comes from"),
    "status": _("Status"),
    "department": _("Responsible department"),
    "organisations": _("Organisations"),
    "projects": _("Projects"),
    "calls": _("Calls"),
    "agreements": _("Agreements"),
    "events": _("Events"),
    "serves": _("Lines of other plans that it serves"),
}


@dataclass(frozen=True, slots=True)
class ShownField:
    """One field's change, words marked."""

    label: Any
    language: str
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class ShownDifference:
    difference: Difference
    title: Text
    fields: list[ShownField]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The versions there are, which two are compared (None: as it is now), and what differs."""

    versions: Sequence[PlanVersion]
    before: PlanVersion | None
    after: PlanVersion | None
    page: Page[Any] | None
    counts: Mapping[str, int]


def compared(user: Reader, plan: Plan, asked: Mapping[str, str]) -> Comparison:
    """The two versions somebody asked for, or else the last two. Officers compare with how it is now as well."""
    versions = list(visible_versions(user).filter(plan=plan).select_related("by").defer("content"))
    known: dict[str, PlanVersion | None] = {str(one.pk): one for one in versions}
    if is_officer(user):
        known = {NOW: None, **known}
    chosen = list(known)[:2]
    if len(chosen) < 2:
        return Comparison(versions, None, None, None, {})
    after, before = asked.get("to", chosen[0]), asked.get("from", chosen[1])
    after, before = (after if after in known else chosen[0]), (before if before in known else chosen[1])
    old, new = (_content(user, plan, known[one]) for one in (before, after))
    found = differences(old, new)
    counts = {what: sum(one.what == what for one in found) for what in ("added", "removed", "changed")}
    page: Page[Any] = Paginator(found, A_PAGE).get_page(asked.get("page"))
    titles = {**_names(user, page.object_list), **_titles(old), **_titles(new)}
    page.object_list = [_shown(one, titles) for one in page.object_list]
    return Comparison(versions, known[before], known[after], page, counts)


def _titles(content: Content) -> dict[str, str]:
    """What lines are called, for what was moved from one to another."""
    return {one: Text.of(**entry["title"]).best(language()).text for one, entry in content["parts"].items()}


def _names(user: Reader, shown: Iterable[Difference]) -> dict[str, str]:
    """What the records are called that lists on a page name, of those the reader may see: two questions."""
    fields = [field for one in shown for field in one.fields if field.name in SINCE_LISTS]
    wanted = {public_id for field in fields for side in (field.before, field.after) for public_id in _ids(side)}
    if not wanted:
        return {}
    houses = visible_organisations(user).filter(public_id__in=wanted)
    found = {one.public_id: one.title_text().best(language()).text for one in houses}
    named: list[Any] = [visible_departments(user).values_list("public_id", "name")]
    kinds: tuple[Any, ...] = (
        visible_projects(user), visible_calls(user), visible_agreements(user), visible_events(user),
        visible_plans(user),
    )  # fmt: skip
    named += [records.values_list("public_id", "title") for records in kinds]
    each = [rows.filter(public_id__in=wanted).order_by() for rows in named]
    for public_id, title in each[0].union(*each[1:], all=True):
        found[public_id] = title.best(language()).text
    return found


def _ids(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _content(user: Reader, plan: Plan, version: PlanVersion | None) -> Content:
    content = content_of(plan) if version is None else version.content
    if is_officer(user):
        return content
    visibilities = open_visibilities(user)
    return open_part(content, hidden_now(content, visibilities), visibilities)


def _shown(one: Difference, titles: Mapping[str, str]) -> ShownDifference:
    fields = [
        ShownField(LABELS.get(field.name, field.name), field.language, _pieces(field, titles))
        for field in one.fields
        if field.name not in SINCE_LISTS or _is_told(field, titles)
    ]
    return ShownDifference(one, Text.of(**one.title), fields)


def _is_told(field: FieldDifference, titles: Mapping[str, str]) -> bool:
    """Of what a reader may not see nothing is told, not even that it came or went."""
    before, after = ({one for one in _ids(side) if one in titles} for side in (field.before, field.after))
    return before != after


def _pieces(field: FieldDifference, titles: Mapping[str, str]) -> list[Piece]:
    return marked(_words(field.name, field.before, titles), _words(field.name, field.after, titles))


def _words(name: str, value: Any, titles: Mapping[str, str]) -> str:
    """A plain value as its reader calls it."""
    if name in SINCE_LISTS:
        return ", ".join(titles[one] for one in _ids(value) if one in titles)
    if isinstance(value, list):
        return ", ".join(_word(name, one) for one in value)
    return titles.get(value, "") if name == "part_of" else _word(name, value)


def _word(name: str, value: Any) -> str:
    if name in {"themes", "sdgs"}:
        return vocabulary.label(name, str(value), language())
    if name in {"countries", "regions"}:
        return COUNTRIES.name(str(value), language())
    choices = {"kind": PlanKind, "status": ActionStatus}.get(name)
    if choices is not None and value in choices.values:
        return str(choices(value).label)
    return str(value)
