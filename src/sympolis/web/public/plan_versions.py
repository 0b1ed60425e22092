"""Two versions of a plan beside each other, of what a reader may see of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext_lazy as _

from sympolis.engine.texts import vocabulary
from sympolis.office.core.names import COUNTRIES
from sympolis.office.core.queries import Reader, is_officer, open_visibilities
from sympolis.office.core.texts import Text
from sympolis.office.planning.enums import ActionStatus, PlanKind
from sympolis.office.planning.models import Plan, PlanVersion
from sympolis.office.planning.queries import visible_versions
from sympolis.office.planning.versions import (
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
    "countries": _("Countries"),
    "regions": _("Regions of the world"),
    "place": _("Place"),
    "starts": _("Begins"),
    "ends": _("Ends"),
    "budget": _("Budget planned"),
    "currency": _("Currency"),
    "money_from": _("Where the money comes from"),
    "status": _("Status"),
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
    titles = {**_titles(old), **_titles(new)}
    page.object_list = [_shown(one, titles) for one in page.object_list]
    return Comparison(versions, known[before], known[after], page, counts)


def _titles(content: Content) -> dict[str, str]:
    """What lines are called, for what was moved from one to another."""
    return {one: Text.of(**entry["title"]).best(language()).text for one, entry in content["parts"].items()}


def _content(user: Reader, plan: Plan, version: PlanVersion | None) -> Content:
    content = content_of(plan) if version is None else version.content
    if is_officer(user):
        return content
    visibilities = open_visibilities(user)
    return open_part(content, hidden_now(content, visibilities), visibilities)


def _shown(one: Difference, titles: Mapping[str, str]) -> ShownDifference:
    fields = [
        ShownField(LABELS.get(field.name, field.name), field.language, _pieces(field, titles)) for field in one.fields
    ]
    return ShownDifference(one, Text.of(**one.title), fields)


def _pieces(field: FieldDifference, titles: Mapping[str, str]) -> list[Piece]:
    return marked(_words(field.name, field.before, titles), _words(field.name, field.after, titles))


def _words(name: str, value: Any, titles: Mapping[str, str]) -> str:
    """A plain value as its reader calls it."""
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
