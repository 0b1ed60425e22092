"""Meetings, promises and requests, in lists and forms."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sympolis.office.synergies import forms as synergies_forms
from sympolis.office.synergies import meetings as synergies_meetings
from sympolis.office.synergies import queries as synergies
from sympolis.office.synergies.enums import CommitmentStatus
from sympolis.office.synergies.helping import actions as helping_actions
from sympolis.office.synergies.helping import forms as helping_forms
from sympolis.office.synergies.helping import queries as helping
from sympolis.office.synergies.helping.enums import HelpKind, HelpState
from sympolis.web.staff.records import alike
from sympolis.web.staff.records.columns import (
    TITLE,
    by_organisation,
    last_day,
    names,
    whose,
    with_names,
    with_organisation,
)
from sympolis.web.staff.records.kinds import Column, Filter, Kind

MEETINGS = Kind(
    name="meetings", prefix="mee", icon="people",
    title=_("Meetings"), one=_("Meeting"), add_label=_("Add a meeting"),
    empty=_("No meeting yet. Add the next one, and prepare a brief for it."),
    visible=synergies.visible_meetings, changeable=synergies_meetings.changeable_meetings,
    proposable=synergies_meetings.proposable_meetings, proposed_with="core.propose_for_office", like=alike.titled,
    permission="synergies.add_meeting", form=synergies_forms.MeetingForm,
    keep=lambda form: synergies_meetings.keep_meeting(form.instance, form.cleaned_data["organisations"]),
    keep_version=synergies_meetings.keep_meeting, remove=synergies_meetings.remove_meeting, page="staff:meeting",
    columns=(
        TITLE,
        Column("starts", _("When"), lambda row: row.starts, ("starts_earliest", "sort_key")),
        Column("organisations", _("Who meets"), names("organisations")),
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
