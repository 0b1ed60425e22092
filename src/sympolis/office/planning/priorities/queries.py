"""Which geographical priorities hold when, and what serves which of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery

from sympolis.office.core.prepared import Prepared
from sympolis.office.core.queries import Reader
from sympolis.office.planning.models import GeographicalPriority, Plan, PrioritiesVersion
from sympolis.office.planning.queries import visible_plans
from sympolis.office.planning.tracing.places import parts_of_the_world


def visible_priorities(user: Reader) -> QuerySet[PrioritiesVersion]:
    """Versions of the priorities of plans the reader may see, the latest first, each with its priorities."""
    seen = PrioritiesVersion.objects.filter(plan__in=visible_plans(user).order_by())
    return seen.select_related("plan", "by").prefetch_related(
        Prefetch("priorities", GeographicalPriority.objects.all())
    )


def priorities_of(user: Reader, plans: Sequence[Plan], on: date) -> list[GeographicalPriority]:
    """What holds on a day for the first of these plans that has any: a plan first, then those it is part of. A version
    with nothing in it says nothing. One question."""
    seen = [one.pk for one in plans]
    rows = GeographicalPriority.objects.filter(version__plan__in=seen, version__since__lte=on)
    rows = rows.filter(version__plan__in=visible_plans(user).order_by()).select_related("version")
    found: dict[int, list[GeographicalPriority]] = {}
    for one in rows.order_by("-version__since", "-version", "-weight", "pk"):
        listed = found.setdefault(one.version.plan_id, [])
        if not listed or listed[0].version_id == one.version_id:
            listed.append(one)
    return next((found[pk] for pk in seen if pk in found), [])


def priorities_now(user: Reader, on: date) -> list[GeographicalPriority]:
    """Of all plans that are not over, what holds on a day, with its plan at hand: one question."""
    return [_with_plan(row) for row in _holding(on).read(user)]


@lru_cache(maxsize=2)  # on this day and the last: the page of every organisation and project asks it
def _holding(on: date) -> Prepared:
    def question(user: Reader) -> QuerySet[Any, Any]:
        latest = PrioritiesVersion.objects.filter(plan=OuterRef("version__plan"), since__lte=on)
        newest = Subquery(latest.order_by("-since", "-pk").values("pk")[:1])
        not_over = Q(version__plan__ends_latest=None) | Q(version__plan__ends_latest__gte=on)
        rows = GeographicalPriority.objects.filter(not_over, version__plan__in=visible_plans(user).order_by())
        rows = rows.annotate(newest=newest).filter(version=F("newest"))
        rows = rows.order_by("version__plan__sort_key", "-weight", "pk")
        return rows.values_list(*(f"{path}{name}" for path, model in _AT_HAND for name in _columns(model)))

    return Prepared(question)


def _columns(model: Any) -> list[str]:
    return [column.attname for column in model._meta.concrete_fields]


_AT_HAND: tuple[tuple[str, Any], ...] = (
    ("", GeographicalPriority),
    ("version__", PrioritiesVersion),
    ("version__plan__", Plan),
    ("version__plan__organisation__", Plan._meta.get_field("organisation").related_model),
)


def _with_plan(row: Sequence[Any]) -> GeographicalPriority:
    values = iter(row)
    read = [
        model.from_db(DEFAULT_DB_ALIAS, names, list(islice(values, len(names))))
        for model, names in ((model, _columns(model)) for _path, model in _AT_HAND)
    ]
    priority: GeographicalPriority = read[0]
    priority.version, priority.version.plan, priority.version.plan.organisation = read[1:]
    return priority


def served_by(priorities: Iterable[GeographicalPriority], countries: Iterable[str]) -> list[GeographicalPriority]:
    """The priorities that work in these countries serves; of work at home nobody says so."""
    listed = [one for one in countries if one]
    return [
        one for one in priorities
        if one.is_served_by(country for country in listed if country != one.version.plan.organisation.country)
    ]  # fmt: skip


@dataclass(slots=True)
class EffortRow:
    """A part of the world: how much of the priority it has, and how many things of each kind are done there."""

    region: str
    priorities: list[GeographicalPriority] = field(default_factory=list)
    share: Fraction = Fraction(0)
    counts: dict[str, int] = field(default_factory=dict)
    effort: Fraction | None = None

    @property
    def is_neglected(self) -> bool:
        """A priority where less than half of its share is done."""
        return bool(self.share) and self.effort is not None and self.effort * 2 < self.share


def effort(
    priorities: Sequence[GeographicalPriority], works: dict[str, list[tuple[Sequence[str], Sequence[str]]]]
) -> list[EffortRow]:
    """Priority against effort, part of the world by part of the world. ``works``: kind -> countries and parts of the
    world of each thing of it; what is in several counts in each. The share of a priority is spread evenly over the
    parts of the world it names; the effort is a part's share of all things, kinds taken alike."""
    rows: dict[str, EffortRow] = {}
    weights = sum((Fraction(one.weight) for one in priorities), Fraction(0))
    for one in priorities:
        parts = sorted(parts_of_the_world(one.countries, one.regions))
        for region in parts:
            row = rows.setdefault(region, EffortRow(region))
            row.priorities.append(one)
            row.share += Fraction(one.weight) / weights / len(parts) if weights else 0
    counted = {kind: _counted(things) for kind, things in works.items()}
    for region in {region for counter in counted.values() for region in counter}:
        rows.setdefault(region, EffortRow(region))
    kinds = [kind for kind, counter in counted.items() if counter]
    for row in rows.values():
        row.counts = {kind: counter[row.region] for kind, counter in counted.items()}
        if kinds:
            shares = (Fraction(counted[kind][row.region], counted[kind].total()) for kind in kinds)
            row.effort = sum(shares, Fraction(0)) / len(kinds)
    return sorted(rows.values(), key=lambda row: (-row.share, -(row.effort or 0), row.region))


def _counted(things: Iterable[tuple[Sequence[str], Sequence[str]]]) -> Counter[str]:
    return Counter(region for countries, regions in things for region in parts_of_the_world(countries, regions))
