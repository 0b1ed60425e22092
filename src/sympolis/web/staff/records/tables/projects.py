"""Projects, calls, applications, needs and practices, in lists and forms."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sympolis.office.core.queries import Reader, among, officers
from sympolis.office.directory import queries as directory
from sympolis.office.projects import actions as projects_actions
from sympolis.office.projects import forms as projects_forms
from sympolis.office.projects import queries as projects
from sympolis.office.projects.applications import actions as application_actions
from sympolis.office.projects.applications import forms as application_forms
from sympolis.office.projects.applications import queries as applications
from sympolis.office.projects.applications.enums import ApplicationStage
from sympolis.office.projects.enums import NeedStage, ParticipationRole
from sympolis.office.projects.models import Need, Participation
from sympolis.office.projects.practices import actions as practice_actions
from sympolis.office.projects.practices import forms as practice_forms
from sympolis.office.projects.practices import queries as practices
from sympolis.web.staff.records import alike
from sympolis.web.staff.records.columns import (
    CONFIRMED,
    THEME,
    TITLE,
    WHOSE,
    by_organisation,
    last_day,
    term,
    theme_names,
    with_organisation,
)
from sympolis.web.staff.records.kinds import Column, Filter, Kind

LEADS = (
    Participation.objects.filter(role=ParticipationRole.LEAD)
    .select_related("organisation")
    .only("project", "organisation__name")
)


def with_leads(rows: QuerySet[Any], reader: Reader) -> QuerySet[Any]:
    seen = LEADS.filter(among(directory.visible_organisations(reader), "organisation"))
    return rows.defer("summary").prefetch_related(Prefetch("participations", seen, to_attr="leads"))


PROJECTS = Kind(
    name="projects", prefix="prj", icon="briefcase",
    title=_("Projects"), one=_("Project"), add_label=_("Add a project"),
    empty=_("No project yet. A title is enough to begin with."),
    visible=projects.visible_projects, changeable=projects.changeable_projects,
    proposable=projects.proposable_projects, proposed_with="core.propose", like=alike.titled,
    permission="projects.add_project", form=projects_forms.ProjectForm,
    keep=lambda form: projects_actions.keep_project(form.instance, form.cleaned_data["parts"]),
    keep_version=projects_actions.keep_project, remove=projects_actions.remove_project,
    columns=(
        TITLE,
        Column("acronym", _("Acronym"), lambda row: row.acronym, ("acronym", "sort_key")),
        Column("lead", _("Lead partner"), lambda row: [part.organisation.name for part in row.leads]),
        Column("stage", _("Stage"), lambda row: term("stages", projects.stage_on(row, timezone.localdate()))),
        Column("start", _("Begins"), lambda row: row.start, ("start_earliest", "sort_key")),
        Column("end", _("Ends"), lambda row: row.end, ("end_latest", "sort_key")),
        Column("budget", _("Budget"), lambda row: row.budget, ("budget", "sort_key"), numeric=True),
    ),
    filters=(last_day("end_latest", _("finished"), _("ongoing or to come")), THEME, CONFIRMED),
    with_rows=with_leads,
)  # fmt: skip


CALLS = Kind(
    name="calls", prefix="cal", icon="megaphone",
    title=_("Calls"), one=_("Call"), add_label=_("Add a call"),
    empty=_("No call yet. Add one you have heard of, or bring in a list."),
    visible=projects.visible_calls, changeable=projects.changeable_calls,
    proposable=projects.proposable_calls, proposed_with="core.propose_for_office", like=alike.titled,
    permission="projects.add_call", form=projects_forms.CallForm,
    keep=lambda form: projects_actions.keep_call(form.instance), keep_version=projects_actions.keep_call,
    remove=projects_actions.remove_call,
    columns=(
        TITLE,
        Column("programme", _("Programme"), lambda row: row.programme, ("programme", "sort_key")),
        Column("opens", _("Opens"), lambda row: row.opens, ("opens_earliest", "sort_key")),
        Column("closes", _("Closes"), lambda row: row.closes, ("closes_latest", "sort_key")),
        Column("max_grant", _("Largest grant"), lambda row: row.max_grant, ("max_grant", "sort_key"), numeric=True),
    ),
    filters=(
        last_day("closes_latest", pgettext_lazy("calls", "closed"), pgettext_lazy("calls", "open or to come")),
        THEME,
    ),
    order=("closes_latest", "sort_key", "pk"),
)  # fmt: skip


APPLICATIONS = Kind(
    name="applications", prefix="app", icon="target",
    title=_("Applications"), one=_("Application"), add_label=_("Add an application"),
    empty=_("No application yet. Add what you think of applying for: a title is enough."),
    visible=applications.visible_applications, changeable=applications.changeable_applications,
    permission="projects.add_application", form=application_forms.ApplicationForm,
    keep=lambda form: application_actions.keep_application(form.instance),
    keep_version=application_actions.keep_application, remove=application_actions.remove_application,
    page="staff:application", goes_on_at_page=True, begun=applications.begun_by_call,
    columns=(
        TITLE, WHOSE,
        Column("stage", _("Stage"), lambda row: row.get_stage_display(), ("stage", "sort_key")),
        Column("owner", _("Owner"), lambda row: str(row.owner or ""), ("owner__last_name", "owner__email", "sort_key")),
        Column("deadline", _("Deadline"), lambda row: row.deadline_on, ("deadline_on", "sort_key")),
        Column("amount", _("Amount asked for"), lambda row: row.amount, ("amount", "sort_key"), numeric=True),
        Column("currency", _("Currency"), lambda row: row.currency, ("currency", "sort_key")),
    ),
    filters=(
        Filter("stage", _("Stage"), lambda: ApplicationStage.choices, lambda code: Q(stage=code)),
        Filter("owner", _("Owner"), lambda: [(str(one.pk), str(one)) for one in officers()],
               lambda code: Q(owner=int(code))),
        Filter("role", _("Role"), lambda: ParticipationRole.choices, lambda code: Q(role=code)),
    ),
    matches=by_organisation,
    with_rows=lambda rows, reader: with_organisation(rows, reader).select_related("owner"),
    order=("deadline_on", "sort_key", "pk"),
)  # fmt: skip


def _held(code: str) -> Q:
    stale = projects.stale_needs(Need.objects.all(), timezone.localdate()).order_by()
    return Q(pk__in=stale.values("pk")) if code == "no" else ~Q(pk__in=stale.values("pk"))


STILL_HOLDS = Filter(
    "held",
    _("Still holds"),
    lambda: [("yes", str(_("confirmed within a year"))), ("no", str(_("not confirmed for a year")))],
    _held,
)


NEEDS = Kind(
    name="needs", prefix="nee", icon="lifebuoy",
    title=_("Needs and offers"), one=_("Need or offer"), add_label=_("Add a need or an offer"),
    empty=_("Nothing yet. Write what an organisation needs, wants or can give: it is matched with what others do."),
    visible=projects.visible_needs, changeable=projects.changeable_needs,
    proposable=projects.proposable_needs, proposed_with="core.propose", like=alike.titled,
    permission="projects.add_need", form=projects_forms.NeedForm,
    keep=lambda form: projects_actions.keep_need(form.instance), keep_version=projects_actions.keep_need,
    remove=projects_actions.remove_need,
    columns=(
        TITLE, WHOSE,
        Column("stage", _("What it is"), lambda row: row.get_stage_display(), ("stage", "sort_key")),
        Column("themes", _("Themes"), lambda row: theme_names(row.themes)),
        Column("attested_on", _("Last confirmed on"), lambda row: row.attested_on, ("attested_on", "sort_key")),
    ),
    filters=(
        Filter("stage", _("What it is"), lambda: NeedStage.choices, lambda code: Q(stage=code)),
        THEME, STILL_HOLDS, CONFIRMED,
    ),
    matches=by_organisation, with_rows=with_organisation,
)  # fmt: skip


PRACTICES = Kind(
    name="practices", prefix="pra", icon="bulb",
    title=_("Practices"), one=_("Practice"), add_label=_("Add a practice"),
    empty=_("No practice yet. Open a finished project and tell what was learned: others find it when they need it."),
    visible=practices.visible_practices, changeable=practices.changeable_practices,
    proposable=practices.proposable_practices, proposed_with="core.propose", like=alike.titled,
    permission="projects.add_practice", form=practice_forms.PracticeForm,
    keep=lambda form: practice_actions.keep_practice(form.instance), keep_version=practice_actions.keep_practice,
    remove=practice_actions.remove_practice, begun=practices.told_by,
    columns=(
        TITLE, WHOSE,
        Column("themes", _("Themes"), lambda row: theme_names(row.themes)),
        Column("place", _("Place"), lambda row: row.place, ("place", "sort_key")),
        Column("cost", _("What it cost"), lambda row: row.cost, ("cost", "sort_key"), numeric=True),
        Column("currency", _("Currency"), lambda row: row.currency, ("currency", "sort_key")),
    ),
    filters=(THEME, CONFIRMED),
    matches=by_organisation, with_rows=with_organisation,
)  # fmt: skip
