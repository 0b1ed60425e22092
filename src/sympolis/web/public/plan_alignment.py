"""How a plan stands to what is done: its lines, its geographical priorities, its parent plan and the 2030 Agenda."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.queries import Reader
from sympolis.office.planning.alignment import Links, Work, abroad, alignment_of, links_of, works_of
from sympolis.office.planning.models import GeographicalPriority, PrioritiesVersion
from sympolis.office.planning.priorities.queries import EffortRow, effort, priorities_of
from sympolis.web.public.plan_pages import PlanPage

type Things = list[tuple[Sequence[str], Sequence[str]]]
"""Countries and parts of the world of each thing."""

KINDS: Mapping[str, Any] = {"projects": _("Projects"), "links": _("Links"), "actions": _("Actions")}


def alignment_page(user: Reader, page: PlanPage, meetings: Things | None = None) -> dict[str, Any]:
    """Five questions, however large the plan. ``meetings``: where meetings lead, for the office's own page."""
    today, house = timezone.localdate(), page.plan.organisation
    links = links_of(user, house, today)
    works = works_of(user, house, links, page.tree.all_actions())
    priorities = _priorities(user, page, today)
    things = {
        **_things(page, links, works),
        **({"meetings": meetings} if meetings is not None else {}),
    }
    kinds = {**KINDS, **({"meetings": _("Meetings")} if meetings is not None else {})}
    return {
        "alignment": alignment_of(user, page.tree, page.parents, works, priorities),
        "version": priorities[0].version if priorities else None,
        "effort": effort(priorities, things) if priorities else [],
        "kinds": kinds,
    }


def effort_on(user: Reader, page: PlanPage, day: date) -> tuple[PrioritiesVersion | None, list[EffortRow]]:
    """The geographical priorities that hold on a day, with what is done in each part of the world: one question where
    there are none, else three."""
    priorities, house = _priorities(user, page, day), page.plan.organisation
    if not priorities:
        return None, []
    links = links_of(user, house, day)
    works = works_of(user, house, links, page.tree.all_actions())
    return priorities[0].version, effort(priorities, _things(page, links, works))


def _priorities(user: Reader, page: PlanPage, day: date) -> list[GeographicalPriority]:
    return priorities_of(user, [page.plan, *reversed(page.parents)], day)


def _things(page: PlanPage, links: Links, works: Sequence[Work]) -> dict[str, Things]:
    house = page.plan.organisation
    return {
        "projects": [(work.countries, ()) for work in works if not work.is_network],
        "links": [((country,), ()) for country in links.countries],
        "actions": [(abroad(one.countries, house), one.regions) for one in page.tree.all_actions()],
    }
