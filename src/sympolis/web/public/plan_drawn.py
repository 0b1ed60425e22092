"""What a plan's page says of the plan, its parts and its actions, drawn once for all who see the same of it.

It is kept until one of them is written (``office/planning/kept.py``). What a page has besides is not in it: whatever is
the reader's own, supports and comments (their places are left free), documents, what depends on the day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from sympolis.office.core.queries import Reader
from sympolis.office.planning.kept import kept, page_token, plan_token, token_of
from sympolis.office.planning.models import Plan
from sympolis.office.planning.queries import visible_actions
from sympolis.office.planning.tracing.heat import heat_map
from sympolis.office.planning.voices.queries import tallied
from sympolis.web.public import heat
from sympolis.web.public.grounds import with_grounds
from sympolis.web.public.plan_alignment import alignment_page
from sympolis.web.public.plan_pages import changed_lately, grouped, page_by, plan_page, timeline
from sympolis.web.public.templatetags.plans import tally_words

PIECES = ("crumbs", "shortcuts", "kicker", "part_of", "body", "far", "beside")
_TALLY = re.compile("<!--tally ([0-9]+)-->")


@dataclass(frozen=True, slots=True)
class DrawnPlan:
    """The pieces of the page, and what of the plan decides on the rest of it."""

    pieces: Mapping[str, SafeString]
    plans: tuple[int, ...]  # the plan and all its parts
    tallied: tuple[int, ...]  # actions whose numbers have a place in ``body``
    action_count: int
    part_count: int  # right below it


def drawn_plan(user: Reader, plan: Plan, has_voices: bool) -> DrawnPlan:
    """``plan`` ``with_tokens``. No question where it is kept; five to seven where it is drawn."""
    return kept(page_token(plan), user, ("plan", plan.pk, has_voices), lambda: _drawn(user, plan, has_voices))


def _drawn(user: Reader, plan: Plan, has_voices: bool) -> DrawnPlan:
    page = plan_page(user, plan)
    actions = page.tree.all_actions() if page.is_small else []
    lines = [node.plan for node, _level in page.lines]
    with_grounds(user, [plan, *lines] if page.is_small else [plan], counted=() if page.is_small else lines)
    context = {
        "plan": plan,
        "page": page,
        "shown_lines": page.lines if page.is_small else [],
        "parent": page.parents[-1] if page.parents else None,
        "has_voices": has_voices,
    }
    return DrawnPlan(
        {piece: _piece(piece, context) for piece in PIECES},
        (plan.pk, *(one.pk for one in lines)),
        tuple(one.pk for one in actions) if has_voices else (),
        page.tree.action_count,
        len(page.tree.children),
    )


def body_of(user: Reader, drawn: DrawnPlan) -> SafeString:
    """The body with how many support each action and how many comments are on it: one question where there are any."""
    body = drawn.pieces["body"]
    if not drawn.tallied:
        return body
    rows: Any = tallied(visible_actions(user).filter(pk__in=drawn.tallied)).order_by()
    numbers = {pk: tally_words(backed, said) for pk, backed, said in rows.values_list("pk", "supported", "commented")}
    return SafeString(_TALLY.sub(lambda found: numbers.get(int(found[1]), ""), body))


class DrawnWay(NamedTuple):
    """What a way of looking at a plan shows, and how the page around it is."""

    crumbs: SafeString
    body: SafeString
    has_map: bool
    is_wide: bool


def drawn_way(user: Reader, plan: Plan, way: str) -> DrawnWay:
    """``plan`` ``with_tokens``. What carries it is made of more than plans, so that is never kept."""
    token = "" if way == "alignment" else token_of(plan) if way == "heat" else plan_token(plan)
    return kept(token, user, ("way", way, plan.pk), lambda: _way(user, plan, way))


def _way(user: Reader, plan: Plan, way: str) -> DrawnWay:
    page = page_by(user, plan, way)
    actions = page.tree.all_actions()
    context: dict[str, Any] = {"plan": plan, "page": page, "has_map": False}
    if way == "time":
        context["moments"] = timeline(actions)
    elif way == "changes":
        context["changed"] = changed_lately(user, page)
    elif way == "heat":
        context["heat"] = heat.shown(heat_map(user, plan, actions))
    elif way == "alignment":
        context |= alignment_page(user, page)
    else:
        context["groups"] = grouped(user, way, actions)
        context["has_map"] = way == "places" and any(one.countries or one.regions for one in actions)
    has_map = context["has_map"]
    return DrawnWay(_piece("crumbs", context), _piece("way", context), has_map, has_map or way == "heat")


def drawn_widget(everybody: Reader, plan: Plan, site: str) -> SafeString:
    """How far a plan and its lines are, for another site, with addresses of this one."""

    def drawn() -> SafeString:
        return _piece("widget", {"plan": plan, "page": plan_page(everybody, plan), "site": site})

    return kept(plan_token(plan), everybody, ("widget", plan.pk, site), drawn)


def _piece(name: str, context: dict[str, Any]) -> SafeString:
    return SafeString(render_to_string(f"public/plan/{name}.html", context))
