"""Every kind of record the office keeps, and what its list and form show. A new kind is a new entry here."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sympolis.office.core.form_fields import term_choices
from sympolis.office.core.queries import Reader, among, officers
from sympolis.office.core.templatetags import show
from sympolis.office.directory import actions as directory_actions
from sympolis.office.directory import forms as directory_forms
from sympolis.office.directory import queries as directory
from sympolis.office.directory.enums import LegalBasis
from sympolis.office.events import actions as events_actions
from sympolis.office.events import forms as events_forms
from sympolis.office.events import queries as events
from sympolis.office.planning import actions as planning_actions
from sympolis.office.planning import forms as planning_forms
from sympolis.office.planning import queries as planning
from sympolis.office.planning.enums import PlanKind
from sympolis.office.planning.sessions import actions as session_actions
from sympolis.office.planning.sessions import queries as sessions
from sympolis.office.projects import actions as projects_actions
from sympolis.office.projects import forms as projects_forms
from sympolis.office.projects import queries as projects
from sympolis.office.projects.applications import actions as application_actions
from sympolis.office.projects.applications import forms as application_forms
from sympolis.office.projects.applications import queries as applications
from sympolis.office.projects.applications.enums import ApplicationStage
from sympolis.office.projects.enums import NeedStage, ParticipationRole
from sympolis.office.projects.models import Need, Participation
from sympolis.office.publishing import actions as publishing_actions
from sympolis.office.publishing import forms as publishing_forms
from sympolis.office.publishing import queries as publishing
from sympolis.office.synergies import forms as synergies_forms
from sympolis.office.synergies import meetings as synergies_meetings
from sympolis.office.synergies import queries as synergies
from sympolis.office.synergies.enums import CommitmentStatus
from sympolis.office.synergies.helping import actions as helping_actions
from sympolis.office.synergies.helping import forms as helping_forms
from sympolis.office.synergies.helping import queries as helping
from sympolis.office.synergies.helping.enums import HelpKind, HelpState
from sympolis.web.staff.records.columns import (
    CONFIRMED,
    THEME,
    TITLE,
    WHOSE,
    by_either_end,
    by_organisation,
    country_of,
    in_force,
    last_day,
    names,
    term,
    theme_names,
    whose,
    with_names,
    with_organisation,
)
from sympolis.web.staff.records.kinds import Column, Filter, Kind

ORGANISATIONS = Kind(
    name="organisations", prefix="org", icon="landmark",
    title=_("Organisations"), one=_("Organisation"), add_label=_("Add an organisation"),
    empty=_("No organisation yet. Add the ones you work with, or bring in a spreadsheet."),
    visible=directory.visible_organisations, changeable=directory.changeable_organisations,
    proposable=directory.proposable_organisations, removed_by_office=True,
    permission="directory.add_organisation", form=directory_forms.OrganisationForm,
    keep=lambda form: directory_actions.keep_organisation(form.instance),
    keep_version=directory_actions.keep_organisation,
    remove=directory_actions.remove_organisation,
    columns=(
        Column("name", _("Name"), lambda row: row.title_text(), ("sort_key",)),
        Column("kind", _("Kind"), lambda row: term("kinds", row.kind), ("kind", "sort_key")),
        Column("country", _("Country"), lambda row: show.country(row.country), ("country", "sort_key")),
        Column("themes", _("Themes"), lambda row: theme_names(row.themes)),
        Column("updated", _("Changed"), lambda row: row.updated_at.date(), ("updated_at",)),
    ),
    filters=(Filter("kind", _("Kind"), term_choices("kinds"), lambda code: Q(kind=code)), country_of(""), THEME,
             CONFIRMED),
)  # fmt: skip

RELATION_COLUMNS = (
    "public_id", "type", "role", "since_earliest", "since_latest", "until_earliest", "until_latest", "confirmed",
    "illustrative", "from_organisation__name", "to_organisation__name",
)  # fmt: skip

RELATIONS = Kind(
    name="relations", prefix="rel", icon="link",
    title=_("Relations"), one=_("Relation"), add_label=_("Add a relation"),
    empty=_("No relation yet. Say who is a member of what, and who is twinned with whom."),
    visible=directory.visible_relations, changeable=directory.changeable_relations,
    proposable=directory.proposable_relations, adds_by_proposal=True,
    permission="directory.add_relation", form=directory_forms.RelationForm,
    keep=lambda form: directory_actions.keep_relation(form.instance), keep_version=directory_actions.keep_relation,
    remove=directory_actions.remove_relation,
    columns=(
        Column("from", _("Who"), lambda row: row.from_organisation, ("from_organisation__sort_key", "pk")),
        Column("type", _("Relation"), lambda row: term("relation_types", row.type), ("type", "pk")),
        Column("to", _("To whom"), lambda row: row.to_organisation, ("to_organisation__sort_key", "pk")),
        Column("role", _("Role"), lambda row: row.role, ("role", "pk")),
        Column("since", _("Since"), lambda row: row.since, ("since_earliest", "pk")),
        Column("until", _("Until"), lambda row: row.until, ("until_latest", "pk")),
    ),
    filters=(
        Filter("type", _("Relation"), term_choices("relation_types"), lambda code: Q(type=code)),
        last_day("until_latest", pgettext_lazy("relations", "past"), pgettext_lazy("relations", "present")),
        CONFIRMED,
    ),
    matches=by_either_end,
    with_rows=lambda rows, _reader: rows.select_related("from_organisation", "to_organisation").only(*RELATION_COLUMNS),
    order=("from_organisation__sort_key", "type", "pk"), as_of=lambda rows, moment: moment.possible(rows),
)  # fmt: skip

AGREEMENTS = Kind(
    name="agreements", prefix="agr", icon="handshake",
    title=_("Agreements"), one=_("Agreement"), add_label=_("Add an agreement"),
    empty=_("No agreement yet. Note what was signed, with whom, and when it ends: you will be told in time."),
    visible=directory.visible_agreements, changeable=directory.changeable_agreements,
    permission="directory.add_agreement", form=directory_forms.AgreementForm,
    keep=lambda form: directory_actions.keep_agreement(form.instance, form.cleaned_data["parties"]),
    keep_version=directory_actions.keep_agreement, remove=directory_actions.remove_agreement,
    columns=(
        TITLE,
        Column("parties", _("Parties"), lambda row: names(row.parties)),
        Column("kind", _("Kind"), lambda row: term("agreement_kinds", row.kind), ("kind", "sort_key")),
        Column("signed", _("Signed on"), lambda row: row.signed, ("signed_earliest", "sort_key")),
        Column("ends", _("Ends on"), lambda row: row.ends, ("ends_latest", "sort_key")),
    ),
    filters=(
        Filter("kind", _("Kind"), term_choices("agreement_kinds"), lambda code: Q(kind=code)),
        Filter("time", _("When"), lambda: [("now", str(_("in force"))), ("over", str(_("ended")))], in_force),
    ),
    with_rows=with_names("parties"),
)  # fmt: skip

DEPARTMENTS = Kind(
    name="departments", prefix="dep", icon="landmark",
    title=_("Departments"), one=_("Department"), add_label=_("Add a department"),
    empty=_("No department yet. Add the units of the houses you meet and what each works on: they are public."),
    visible=directory.visible_departments, changeable=directory.changeable_departments,
    proposable=directory.proposable_departments, adds_by_proposal=True,
    permission="directory.add_department", form=directory_forms.DepartmentForm,
    keep=lambda form: directory_actions.keep_department(form.instance),
    keep_version=directory_actions.keep_department, remove=directory_actions.remove_department,
    columns=(
        Column("name", _("Name"), lambda row: row.title_text(), ("sort_key",)),
        WHOSE,
        Column("themes", _("Themes"), lambda row: theme_names(row.themes)),
        Column("mailbox", _("Shared mailbox"), lambda row: row.mailbox, ("mailbox",)),
    ),
    filters=(THEME,), matches=by_organisation, with_rows=with_organisation,
)  # fmt: skip

HELD = (
    Column("since", _("Since"), lambda row: row.since, ("since_earliest", "pk")),
    Column("until", _("Until"), lambda row: row.until, ("until_latest", "pk")),
)


def legal_bases() -> list[tuple[str, Any]]:
    return [*LegalBasis.choices, ("none", _("none noted")), ("over", _("run out"))]


def kept_on(code: str) -> Q:
    """The people kept on a legal basis, on none that was noted, or on one that has run out."""
    if code == "over":
        return Q(basis_until_latest__lt=timezone.localdate())
    return Q(basis="" if code == "none" else code)


PEOPLE = Kind(
    name="people", prefix="per", icon="user",
    title=_("People"), one=_("Person"), add_label=_("Add a person"),
    empty=_("Nobody yet. Add who works on what in the houses you meet: a post is enough."),
    visible=directory.visible_people, changeable=directory.changeable_people,
    proposable=directory.proposable_people, adds_by_proposal=True,
    permission="directory.add_person", form=directory_forms.PersonForm,
    keep=lambda form: directory_actions.keep_person(form.instance), keep_version=directory_actions.keep_person,
    remove=directory_actions.remove_person,
    columns=(
        Column("name", _("Name"), lambda row: row.name or row.post, ("sort_key",)),
        Column("post", _("Post"), lambda row: row.post if row.name else ""),
        WHOSE,
        Column("themes", _("Works on"), lambda row: theme_names(row.themes)),
        Column("email", _("Mail address"), lambda row: row.email, ("email",), office_only=True),
        Column("basis", _("Legal basis"), lambda row: row.get_basis_display(), ("basis", "pk"), office_only=True),
    ),
    filters=(THEME, Filter("basis", _("Legal basis"), legal_bases, kept_on)),
    matches=by_organisation, with_rows=with_organisation,
)  # fmt: skip

POSTS = Kind(
    name="posts", prefix="pst", icon="briefcase",
    title=_("Posts"), one=_("Post"), add_label=_("Add a post"),
    empty=_("No other post yet. The one held now stands with the person; earlier and second ones are added there."),
    visible=directory.visible_posts, changeable=directory.changeable_posts,
    proposable=directory.proposable_posts,
    permission="", form=directory_forms.PostForm,
    keep=lambda form: directory_actions.keep_post(form.instance), keep_version=directory_actions.keep_post,
    remove=directory_actions.remove_post,
    columns=(
        Column("post", _("Post"), lambda row: row.post, ("sort_key",)),
        Column("person", _("Person"), lambda row: row.person, ("person__sort_key", "pk")),
        WHOSE,
        *HELD,
    ),
    filters=(
        last_day("until_latest", pgettext_lazy("posts", "earlier"), pgettext_lazy("posts", "held now")),
    ),
    matches=lambda word, reader: by_organisation(word, reader) | Q(person__folded__contains=word),
    with_rows=lambda rows, reader: with_organisation(rows, reader).select_related("person"),
)  # fmt: skip

LEADS = (
    Participation.objects.filter(role=ParticipationRole.LEAD)
    .select_related("organisation")
    .only("project", "organisation__name")
)


def with_leads(rows: QuerySet[Any], reader: Reader) -> QuerySet[Any]:
    seen = LEADS.filter(among(directory.visible_organisations(reader), "organisation"))
    return rows.defer("summary").prefetch_related(Prefetch("participations", seen, to_attr="leads"))


POSITIONS = Kind(
    name="positions", prefix="pos", icon="megaphone",
    title=_("Positions"), one=_("Position"), add_label=_("Add a position"),
    empty=_("No position yet. Note what you said together with others, to whom, and what came of it."),
    visible=directory.visible_positions, changeable=directory.changeable_positions,
    permission="directory.add_position", form=directory_forms.PositionForm,
    keep=lambda form: directory_actions.keep_position(form.instance, form.cleaned_data["signatories"]),
    keep_version=directory_actions.keep_position, remove=directory_actions.remove_position,
    columns=(
        TITLE,
        Column("signatories", _("Who signed"), lambda row: names(row.signatories)),
        Column("addressed_to", _("Addressed to"), lambda row: row.addressed_to, ("addressed_to__sort_key", "sort_key")),
        Column("adopted", _("Date"), lambda row: row.adopted, ("adopted_earliest", "sort_key")),
    ),
    filters=(THEME,),
    with_rows=lambda rows, reader: with_names("addressed_to")(with_names("signatories")(rows, reader), reader),
)  # fmt: skip

FEES = Kind(
    name="fees", prefix="fee", icon="coin",
    title=_("Membership fees"), one=_("Membership fee"), add_label=_("Add a membership fee"),
    empty=_("No fee yet. Write what each network costs a year: then its page says what came of it."),
    visible=directory.visible_fees, changeable=directory.changeable_fees,
    permission="directory.add_fee", form=directory_forms.MembershipFeeForm,
    keep=lambda form: directory_actions.keep_fee(form.instance), keep_version=directory_actions.keep_fee,
    remove=directory_actions.remove_fee,
    columns=(
        Column("network", _("Network"), lambda row: row.network, ("network__sort_key", "-year", "pk")),
        Column("year", _("Year"), lambda row: str(row.year), ("year", "pk")),
        Column("amount", _("Amount"), lambda row: row.amount, ("amount", "pk"), numeric=True),
        Column("currency", _("Currency"), lambda row: row.currency, ("currency", "pk")),
        Column("organisation", _("Who pays"), whose, ("organisation__sort_key", "pk")),
    ),
    matches=lambda word, _reader: Q(network__folded__contains=word),
    with_rows=lambda rows, reader: with_organisation(rows, reader).select_related("network"),
    order=("-year", "network__sort_key", "pk"),
)  # fmt: skip

PROJECTS = Kind(
    name="projects", prefix="prj", icon="briefcase",
    title=_("Projects"), one=_("Project"), add_label=_("Add a project"),
    empty=_("No project yet. A title is enough to begin with."),
    visible=projects.visible_projects, changeable=projects.changeable_projects,
    proposable=projects.proposable_projects, adds_by_proposal=True,
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
    page="staff:application",
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
    proposable=projects.proposable_needs, adds_by_proposal=True,
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

EVENTS = Kind(
    name="events", prefix="eve", icon="calendar",
    title=_("Events"), one=_("Event"), add_label=_("Add an event"),
    empty=_("No event yet. Add the conferences, webinars and assemblies you hold or go to."),
    visible=events.visible_events, changeable=events.changeable_events,
    proposable=events.proposable_events, adds_by_proposal=True,
    permission="events.add_event", form=events_forms.EventForm,
    keep=lambda form: events_actions.keep_event(
        form.instance, **{name: form.cleaned_data[name] for name in events.ROUND_AN_EVENT}
    ),
    keep_version=events_actions.keep_event, remove=events_actions.remove_event,
    columns=(
        TITLE,
        Column("start", _("Begins"), lambda row: row.start, ("start_earliest", "sort_key")),
        Column("kind", _("Kind"), lambda row: row.get_kind_display(), ("kind", "sort_key")),
        Column("place", _("Place"), lambda row: row.place, ("place", "sort_key")),
        Column("organisers", _("Who organises it"), lambda row: names(row.organisers)),
    ),
    filters=(last_day("start_latest", pgettext_lazy("events", "past"), pgettext_lazy("events", "to come")),),
    with_rows=with_names("organisers"),
    order=("-start_latest", "sort_key", "pk"),
)  # fmt: skip

MEETINGS = Kind(
    name="meetings", prefix="mee", icon="people",
    title=_("Meetings"), one=_("Meeting"), add_label=_("Add a meeting"),
    empty=_("No meeting yet. Add the next one, and prepare a brief for it."),
    visible=synergies.visible_meetings, changeable=synergies_meetings.changeable_meetings,
    permission="synergies.add_meeting", form=synergies_forms.MeetingForm,
    keep=lambda form: synergies_meetings.keep_meeting(form.instance, form.cleaned_data["organisations"]),
    keep_version=synergies_meetings.keep_meeting, remove=synergies_meetings.remove_meeting, page="staff:meeting",
    columns=(
        TITLE,
        Column("starts", _("When"), lambda row: row.starts, ("starts_earliest", "sort_key")),
        Column("organisations", _("Who meets"), lambda row: names(row.organisations)),
        Column("place", _("Place"), lambda row: row.place, ("place", "sort_key")),
    ),
    filters=(last_day("starts_latest", pgettext_lazy("meetings", "past"), pgettext_lazy("meetings", "to come")),),
    with_rows=with_names("organisations"),
    order=("-starts_latest", "sort_key", "pk"),
)  # fmt: skip


def promise_state(row: Any) -> str:
    if row.status == CommitmentStatus.OPEN and row.due_latest and row.due_latest < timezone.localdate():
        return str(_("overdue"))
    return str(row.get_status_display())


def promises_in_state(code: str) -> Q:
    if code == "overdue":
        return Q(status=CommitmentStatus.OPEN, due_latest__lt=timezone.localdate())
    return Q(status=code)


COMMITMENTS = Kind(
    name="commitments", prefix="com", icon="check",
    title=_("Promises"), one=_("Promise"), add_label=_("Add a promise"),
    empty=_("No promise yet. Write down what was promised, by whom and by when; you will see what is overdue."),
    visible=synergies.visible_commitments, changeable=synergies_meetings.changeable_commitments,
    permission="synergies.add_commitment", form=synergies_forms.CommitmentForm,
    keep=lambda form: synergies_meetings.keep_commitment(form.instance),
    keep_version=synergies_meetings.keep_commitment, remove=synergies_meetings.remove_commitment,
    columns=(
        Column("text", _("What was promised"), lambda row: row.text, ("sort_key",)),
        Column("organisation", _("Who promised"), whose, ("organisation__sort_key", "pk")),
        Column("due", _("By when"), lambda row: row.due, ("due_latest", "sort_key")),
        Column("status", _("Status"), promise_state, ("status", "sort_key")),
    ),
    filters=(Filter("status", _("Status"), lambda: [("overdue", str(_("overdue"))), *CommitmentStatus.choices],
                    promises_in_state),),
    matches=by_organisation, with_rows=with_organisation, order=("due_latest", "sort_key", "pk"),
)  # fmt: skip

REQUESTS = Kind(
    name="requests", prefix="req", icon="lifebuoy",
    title=_("Requests"), one=_("Request"), add_label=_("Add a request"),
    empty=_("No request yet. Give the departments a link, or write down what they ask for by telephone."),
    visible=helping.visible_requests, changeable=helping.changeable_requests,
    permission="synergies.add_helprequest", form=helping_forms.HelpRequestForm,
    keep=lambda form: helping_actions.keep_request(form.instance), keep_version=helping_actions.keep_request,
    remove=helping_actions.remove_request, page="staff:help_request",
    columns=(
        TITLE,
        Column("kind", _("What is asked for"), lambda row: row.get_kind_display(), ("kind", "sort_key")),
        Column("department", _("Department"), lambda row: row.department.name if row.department else "",
               ("department__sort_key", "sort_key")),
        Column("asked_on", _("Asked on"), lambda row: row.asked_on, ("asked_on", "pk")),
        Column("owner", _("Owner"), lambda row: str(row.owner or ""), ("owner__last_name", "owner__email", "pk")),
        Column("due", _("By when"), lambda row: row.due, ("due", "pk")),
        Column("state", _("State"), lambda row: row.get_state_display(), ("state", "pk")),
    ),
    filters=(
        Filter("state", _("State"), lambda: HelpState.choices, lambda code: Q(state=code)),
        Filter("kind", _("What is asked for"), lambda: HelpKind.choices, lambda code: Q(kind=code)),
    ),
    with_rows=lambda rows, _reader: rows.select_related("department", "owner"),
    order=("-asked_on", "-pk"),
)  # fmt: skip

PLANS = Kind(
    name="plans", prefix="pla", icon="compass",
    title=_("Plans"), one=_("Plan"), add_label=_("Add a plan"),
    empty=_("No plan yet. Add your strategy and its lines; actions come under them."),
    visible=planning.visible_plans, changeable=planning.changeable_plans,
    permission="planning.add_plan", form=planning_forms.PlanForm,
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
    remove=session_actions.remove_session, page="staff:session",
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
        Column("organisations", _("Who does it"), lambda row: names(row.organisations)),
        Column("themes", _("Themes"), lambda row: theme_names(row.themes)),
    ),
    filters=(THEME,),
    with_rows=lambda rows, reader: with_names("organisations")(with_plan(rows, reader), reader),
)  # fmt: skip

NEWS = Kind(
    name="news", prefix="new", icon="bell",
    title=_("News"), one=_("News item"), add_label=_("Add news"),
    empty=_("No news yet. A title and a few lines are enough."),
    visible=publishing.visible_news, changeable=publishing.changeable_news,
    permission="publishing.add_newsitem", form=publishing_forms.NewsItemForm,
    keep=lambda form: publishing_actions.keep_news_item(form.instance),
    keep_version=publishing_actions.keep_news_item, remove=publishing_actions.remove_news_item,
    columns=(
        TITLE,
        Column("published", _("Published on"), lambda row: row.published, ("published_latest", "sort_key")),
        Column("organisation", _("Whose news it is"), whose, ("organisation__sort_key", "pk")),
    ),
    with_rows=with_organisation, order=("-published_latest", "-created_at", "pk"),
)  # fmt: skip

RECORD_KINDS: tuple[Kind, ...] = (
    ORGANISATIONS, RELATIONS, AGREEMENTS, POSITIONS, FEES, DEPARTMENTS, PEOPLE, PROJECTS, CALLS, APPLICATIONS, NEEDS,
    EVENTS, MEETINGS, COMMITMENTS, REQUESTS, PLANS, ACTIONS, SESSIONS, NEWS,
)  # fmt: skip
