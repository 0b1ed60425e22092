"""Plans, sessions and actions, in lists and forms."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.queries import Reader
from sympolis.office.planning import actions as planning_actions
from sympolis.office.planning import forms as planning_forms
from sympolis.office.planning import queries as planning
from sympolis.office.planning.enums import PlanKind
from sympolis.office.planning.models import Plan
from sympolis.office.planning.sessions import actions as session_actions
from sympolis.office.planning.sessions import queries as sessions
from sympolis.web.staff.records import alike
from sympolis.web.staff.records.columns import (
    THEME,
    TITLE,
    WHOSE,
    by_organisation,
    names,
    theme_names,
    with_names,
    with_organisation,
)
from sympolis.web.staff.records.kinds import Column, Filter, Kind


def _against_plan(plan: Plan, _user: Reader) -> str:
    return str(_("A plan can't be part of itself.")) if planning.closes_a_circle(plan.pk, plan.parent) else ""


PLANS = Kind(
    name="plans", prefix="pla", icon="compass",
    title=_("Plans"), one=_("Plan"), add_label=_("Add a plan"),
    empty=_("No plan yet. Add your strategy and its lines; actions come under them."),
    visible=planning.visible_plans, changeable=planning.changeable_plans,
    proposable=planning.proposable_plans, proposed_with="core.propose_for_office", like=alike.titled,
    permission="planning.add_plan", form=planning_forms.PlanForm, against=_against_plan,
    keep=lambda form: planning_actions.keep_plan(form.instance, form.cleaned_data["serves"]),
    keep_version=planning_actions.keep_plan,
    remove=planning_actions.remove_plan,
    columns=(
        TITLE, WHOSE,
        Column("kind", _("Kind"), lambda row: row.get_kind_display(), ("kind", "sort_key")),
        Column("starts", _("Begins"), lambda row: row.starts, ("starts_earliest", "sort_key")),
        Column("ends", _("Ends"), lambda row: row.ends, ("ends_latest", "sort_key")),
    ),
    filters=(Filter("kind", _("Kind"), lambda: PlanKind.choices, lambda code: Q(kind=code)),),
    matches=by_organisation, with_rows=with_organisation,
)  # fmt: skip


SESSIONS = Kind(
    name="sessions", prefix="ses", icon="comment",
    title=_("Sessions"), one=_("Session"), add_label=_("Add a session"),
    empty=_("No session yet. Add the first one, and hand out its links."),
    visible=sessions.visible_sessions, changeable=sessions.changeable_sessions,
    permission="planning.add_session", form=planning_forms.SessionForm,
    keep=lambda form: session_actions.keep_session(form.instance), keep_version=session_actions.keep_session,
    remove=session_actions.remove_session, page="staff:session", goes_on_at_page=True,
    columns=(
        TITLE, WHOSE,
        Column("starts", _("When"), lambda row: row.starts, ("starts_earliest", "sort_key")),
        Column("phase", _("State"), lambda row: row.get_phase_display(), ("phase", "sort_key")),
    ),
    matches=by_organisation, with_rows=with_organisation, order=("-starts_latest", "sort_key", "pk"),
)  # fmt: skip


def with_plan(rows: QuerySet[Any], reader: Reader) -> QuerySet[Any]:
    """Rows with the plan they are part of, where the reader may see that."""
    return rows.prefetch_related(Prefetch("plan", planning.visible_plans(reader).only("title")))


ACTIONS = Kind(
    name="actions", prefix="act", icon="target",
    title=_("Actions"), one=_("Action"), add_label=_("Add an action"),
    empty=_("No action yet. Add what your plan says will be done."),
    visible=planning.visible_actions, changeable=planning.changeable_actions,
    permission="planning.add_action", form=planning_forms.ActionForm,
    keep=lambda form: planning_actions.keep_action(
        form.instance, form.cleaned_data.get("organisations"), planning_forms.lists_in(form.cleaned_data)
    ),
    keep_version=planning_actions.keep_action, remove=planning_actions.remove_action,
    removed_by_office=True, page="staff:action",
    columns=(
        TITLE,
        Column("plan", _("Plan"), lambda row: row.plan.title if row.plan else "", ("plan__sort_key", "sort_key")),
        Column("organisations", _("Who does it"), names("organisations")),
        Column("themes", _("Themes"), lambda row: theme_names(row.themes)),
    ),
    filters=(THEME,),
    with_rows=lambda rows, reader: with_names("organisations")(with_plan(rows, reader), reader),
)  # fmt: skip
