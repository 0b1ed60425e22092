"""What the first screen says: five short lists for officers, one's own organisation for everybody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext_lazy

from sympolis.office.core.enums import MembershipRole, SiteRole
from sympolis.office.core.models import User
from sympolis.office.core.proposals.queries import waiting_proposals
from sympolis.office.core.queries import WRITERS, Counted
from sympolis.office.directory.memberships import unanswered, year_asked_about
from sympolis.office.directory.models import Office, Organisation, Relation
from sympolis.office.directory.queries import (
    agreements_ending,
    own_organisations,
    people_without_basis,
)
from sympolis.office.events.queries import proposable_events
from sympolis.office.planning.voices.queries import waiting_comments
from sympolis.office.projects.applications.queries import next_steps
from sympolis.office.projects.models import Need, Project
from sympolis.office.projects.queries import (
    calls_closing,
    proposable_needs,
    proposable_projects,
    stale_needs,
    waiting_writings,
)
from sympolis.office.projects.running.queries import next_dues
from sympolis.office.publishing.pages.queries import waiting_news, waiting_pages
from sympolis.office.publishing.publications.queries import proposable_publications
from sympolis.office.synergies.enums import CommitmentStatus, InvitationState
from sympolis.office.synergies.helping.queries import new_requests
from sympolis.office.synergies.meetings import next_meetings, overdue_commitments
from sympolis.office.synergies.queries import (
    answered_invitations,
    visible_briefs,
    visible_commitments,
    visible_meetings,
    waiting_invitations,
)

SHORT = 5
# What the first screen says of each: wide rows cost more than the questions themselves.
PROMISE = (
    "public_id", "text", "owner_post", "due_earliest", "due_latest", "illustrative", "organisation__name",
    "organisation__short_name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShortList:
    """The first few of a list, and whether there are more."""

    rows: list[Any]
    has_more: bool

    @classmethod
    def of(cls, rows: Any) -> ShortList:
        found = list(rows.defer("imported", "folded", "note")[: SHORT + 1])
        return cls(found[:SHORT], len(found) > SHORT)


@dataclass(frozen=True, slots=True)
class Closing:
    """Something with a last day, and how many days are left."""

    record: Any
    on: date
    days: int
    is_soon: bool


def _closing(rows: ShortList, column: str, today: date, soon: int) -> list[Closing]:
    return [_to_come(row, getattr(row, column), today, soon) for row in rows.rows]


def _to_come(record: Any, on: date, today: date, soon: int) -> Closing:
    days = (on - today).days
    return Closing(record, on, days, days <= soon)


def officers_day(user: User, office: Office | None) -> dict[str, Any]:
    """Everything of the officer's first screen."""
    today = timezone.localdate()
    ours = office.organisation_id if office else None
    counts = _counts_of_what_waits(ours, today)
    agreements = ShortList.of(agreements_ending(user, today).prefetch_related("parties"))
    calls = ShortList.of(calls_closing(user, today))
    deadlines, tasks = next_steps(user, today, SHORT)
    dues = next_dues(user, today, SHORT)
    return {
        "today": today,
        "ours": ours,
        "our_id": counts["our_id"],
        "meetings": ShortList.of(next_meetings(user, today).prefetch_related("organisations")),
        "promises": ShortList.of(overdue_commitments(user, today, ours).select_related("organisation").only(*PROMISE)),
        "agreements": agreements,
        "agreements_closing": _closing(agreements, "decide_by", today, 60),
        "calls": calls,
        "calls_closing": _closing(calls, "closes_latest", today, 14),
        "applications_closing": [_to_come(one.application, one.on, today, 14) for one in deadlines],
        "tasks": tasks,
        "dues": dues,
        "waiting": _waiting(counts),
    }


def readers_day(user: User) -> dict[str, Any]:
    """What of it is to be read: what comes, what is late, what runs out; and for whom else they act."""
    today = timezone.localdate()
    agreements = ShortList.of(agreements_ending(user, today))
    calls = ShortList.of(calls_closing(user, today))
    return {
        "today": today,
        "meetings": ShortList.of(next_meetings(user, today).prefetch_related("organisations")),
        "promises": ShortList.of(overdue_commitments(user, today).select_related("organisation").only(*PROMISE)),
        "agreements_closing": _closing(agreements, "decide_by", today, 60),
        "calls_closing": _closing(calls, "closes_latest", today, 14),
        "briefs": visible_briefs(user).defer("document").order_by("-pk")[:SHORT],
        "own": own_organisations(user).order_by("sort_key"),
        "proposed": waiting_proposals(user).count() if user.writes_everywhere else 0,
    }


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of what waits for an answer."""

    words: str
    url: str


_UNCONFIRMED = "?confirmed=no"
_SAYINGS = {
    "to_approve": (
        ngettext_lazy("%(n)d invitation to approve", "%(n)d invitations to approve", "n"), "staff:briefs", "",
    ),
    "to_be_answered": (
        ngettext_lazy("%(n)d invitation sent, not answered yet", "%(n)d invitations sent, not answered yet", "n"),
        "staff:briefs", "",
    ),
    "answered": (
        ngettext_lazy("%(n)d answer in the last month", "%(n)d answers in the last month", "n"), "staff:briefs", "",
    ),
    "without_basis": (
        ngettext_lazy(
            "%(n)d person whose legal basis has run out", "%(n)d people whose legal basis has run out", "n"
        ),
        "staff:people", "?basis=over",
    ),
    "organisations": (
        ngettext_lazy("%(n)d organisation to confirm", "%(n)d organisations to confirm", "n"),
        "staff:organisations", _UNCONFIRMED,
    ),
    "to_look_back_on": (
        ngettext_lazy(
            "%(n)d membership to look back on", "%(n)d memberships to look back on", "n"
        ),
        "staff:worth", "",
    ),
    "written": (
        ngettext_lazy("%(n)d need or offer to read", "%(n)d needs and offers to read", "n"),
        "staff:writing", "",
    ),
    "asked": (
        ngettext_lazy("%(n)d request of a department", "%(n)d requests of departments", "n"), "staff:help", "",
    ),
    "proposed": (
        ngettext_lazy("%(n)d proposed change to decide", "%(n)d proposed changes to decide", "n"),
        "staff:proposals", "",
    ),
    "pages_to_read": (
        ngettext_lazy("%(n)d page to read before it goes out", "%(n)d pages to read before they go out", "n"),
        "staff:publishing", "",
    ),
    "news_to_read": (
        ngettext_lazy(
            "%(n)d piece of news to read before it goes out", "%(n)d pieces of news to read before they go out", "n"
        ),
        "staff:publishing", "",
    ),
    "said_in_public": (
        ngettext_lazy("%(n)d comment to look at", "%(n)d comments to look at", "n"),
        "staff:comments", "",
    ),
    "stale": (
        ngettext_lazy(
            "%(n)d need not confirmed for a year", "%(n)d needs not confirmed for a year", "n"
        ),
        "staff:needs", "?held=no",
    ),
    "relations": (
        ngettext_lazy("%(n)d relation to confirm", "%(n)d relations to confirm", "n"), "staff:relations", _UNCONFIRMED,
    ),
    "projects": (
        ngettext_lazy("%(n)d project to confirm", "%(n)d projects to confirm", "n"), "staff:projects", _UNCONFIRMED,
    ),
}  # fmt: skip
"""What may wait -> its words, its page, and what that page is asked."""


def _waiting(counts: Mapping[str, Any]) -> list[Waiting]:
    """What waits for an answer; nothing where nothing waits."""
    return [
        Waiting(str(words % {"n": counts[name]}), f"{reverse(page)}{asked}")
        for name, (words, page, asked) in _SAYINGS.items()
        if counts[name]
    ]


def _counts_of_what_waits(ours: int | None, today: date) -> dict[str, Any]:
    """How much waits of each, and the id of our own organisation: in one query."""
    names, sql, values = _question_of_what_waits(ours, today)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return dict(zip(names, cursor.fetchone(), strict=True))


@lru_cache(maxsize=4)
def _question_of_what_waits(ours: int | None, today: date) -> tuple[list[str], str, tuple[Any, ...]]:
    """What to ask, put into SQL once a day: every officer sees all that waits, and Django needs longer to put eleven
    small questions together than the database to answer them."""
    user = User(role=SiteRole.OFFICER)
    waiting = waiting_invitations(user)
    lately = timezone.make_aware(datetime.combine(today - timedelta(days=30), time.min))
    counts = {
        "to_approve": waiting.filter(state=InvitationState.DRAFT),
        "to_be_answered": waiting.filter(state=InvitationState.SENT),
        "answered": answered_invitations(user).filter(answered_at__gte=lately),
        "without_basis": people_without_basis(user, today),
        "organisations": Organisation.objects.filter(confirmed=False),
        "relations": Relation.objects.filter(confirmed=False),
        "projects": Project.objects.filter(confirmed=False),
        "to_look_back_on": unanswered(ours, year_asked_about(today), today),
        "written": waiting_writings(user),
        "asked": new_requests(),
        "proposed": waiting_proposals(user),
        "pages_to_read": waiting_pages(),
        "news_to_read": waiting_news(),
        "said_in_public": waiting_comments(),
        "stale": stale_needs(Need.objects.all(), today),
    }
    own: Any = Organisation.objects.order_by().filter(pk=ours or 0).values("public_id")[:1]
    columns: Any = {"our_id": Subquery(own), **{name: Counted(found) for name, found in counts.items()}}
    sql, values = User.objects.order_by("pk").values(**columns)[:1].query.sql_with_params()
    return list(columns), sql, tuple(values)


def members_day(user: User) -> dict[str, Any]:
    """The first screen of who is no officer: one's organisation, and what of it one keeps right."""
    today = timezone.localdate()
    organisations = list(Organisation.objects.filter(memberships__user=user).order_by("sort_key"))
    own = Q(organisation__in=organisations)
    meetings = visible_meetings(user).filter(organisations__in=organisations).distinct()
    return {
        "today": today,
        "organisations": organisations,
        "kept": set(user.acts_for(WRITERS)),
        "administered": set(user.acts_for((MembershipRole.ADMINISTRATOR,))),
        "proposed": waiting_proposals(user).count(),
        "projects": ShortList.of(proposable_projects(user).order_by("-updated_at")),
        "needs": ShortList.of(proposable_needs(user).order_by("-updated_at").select_related("organisation")),
        "events": ShortList.of(proposable_events(user).order_by("-start_latest", "sort_key")),
        "publications": ShortList.of(proposable_publications(user).order_by("-published_latest", "sort_key")),
        "meetings": ShortList.of(meetings.filter(starts_latest__gte=today).order_by("starts_earliest")),
        "promises": ShortList.of(_open_promises(user, own)),
    }


def _open_promises(user: User, own: Q) -> Any:
    promises = visible_commitments(user).filter(own, status=CommitmentStatus.OPEN).order_by("due_latest", "sort_key")
    return promises.select_related("organisation", "meeting")
