"""Questions about meetings, promises and briefs, as far as the reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache, reduce
from operator import or_

from django.db.models import Count, Max, Q, QuerySet

from sympolis.engine.resolve.names import NameBook, NameEntry, NameMatch
from sympolis.office.core.queries import Reader, belongs_to, reads_office, visible_records
from sympolis.office.core.tokens import hashed
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.synergies.enums import CommitmentStatus, InvitationState, Subject
from sympolis.office.synergies.models import (
    Attendee,
    Brief,
    Commitment,
    Invitation,
    LineDecision,
    Meeting,
    PartnerDecision,
    SuggestionAnswer,
)

NEAREST = 6
_SURE, _AHEAD = 0.88, 0.03


def visible_meetings(user: Reader) -> QuerySet[Meeting]:
    """The contacts of those who meet see the meeting too."""
    own = Meeting.organisations.through.objects.filter(belongs_to(user, "organisation"))
    return visible_records(user, Meeting.objects.all(), Q(pk__in=own.values("meeting")))


def visible_attendees(user: Reader) -> QuerySet[Attendee]:
    """Who takes part by name is about people: the office's own."""
    return Attendee.objects.all() if reads_office(user) else Attendee.objects.none()


def visible_commitments(user: Reader) -> QuerySet[Commitment]:
    return visible_records(user, Commitment.objects.all(), belongs_to(user, "organisation"))


def is_overdue(promise: Commitment, on: date) -> bool:
    """Open, and its last day is past."""
    return promise.status == CommitmentStatus.OPEN and promise.due_latest is not None and promise.due_latest < on


def visible_briefs(user: Reader) -> QuerySet[Brief]:
    """Briefs are the office's own work."""
    return Brief.objects.all() if reads_office(user) else Brief.objects.none()


def decisions_of(pair: str) -> dict[str, LineDecision]:
    """What officers decided about this pair of partners, by line, in whatever brief they did."""
    return {decision.line: decision for decision in LineDecision.objects.filter(pair=pair).select_related("by")}


def partner_decisions_of(user: Reader, organisation: Organisation) -> QuerySet[PartnerDecision]:
    """What officers decided about the partners suggested for an organisation, the latest first; for officers."""
    if not reads_office(user):
        return PartnerDecision.objects.none()
    return PartnerDecision.objects.filter(organisation=organisation).select_related("partner", "by")


def answers_about(user: Reader, subject: Subject, about: str) -> dict[str, SuggestionAnswer]:
    """Suggestion -> the last word on it, whoever said it; for officers."""
    return answers_about_each(user, {subject: about})[subject]


def answers_about_each(user: Reader, asked: Mapping[Subject, str]) -> dict[Subject, dict[str, SuggestionAnswer]]:
    """The same of several subjects in one question to the database."""
    found: dict[Subject, dict[str, SuggestionAnswer]] = {subject: {} for subject in asked}
    if not reads_office(user):
        return found
    wanted = [Q(subject=subject, about=about) for subject, about in asked.items()]
    for one in SuggestionAnswer.objects.filter(reduce(or_, wanted)).order_by("at", "pk").select_related("by"):
        found[Subject(one.subject)][one.suggestion] = one
    return found


def visible_invitations(user: Reader) -> QuerySet[Invitation]:
    return Invitation.objects.all() if reads_office(user) else Invitation.objects.none()


def waiting_invitations(user: Reader) -> QuerySet[Invitation]:
    """What waits: mails for an officer's approval and invitations for their answer; fresh answers come along."""
    waiting = Q(state__in=[InvitationState.DRAFT, InvitationState.SENT])
    return visible_invitations(user).filter(waiting).select_related("organisation", "brief").order_by("-pk")


def answered_invitations(user: Reader) -> QuerySet[Invitation]:
    found = visible_invitations(user).filter(state=InvitationState.ANSWERED)
    return found.select_related("organisation", "brief").order_by("-answered_at")


def invitation_of(token: str) -> Invitation | None:
    """The invitation an address leads to, once it was sent."""
    states = [InvitationState.SENT, InvitationState.ANSWERED]
    return (
        Invitation.objects.filter(token=hashed(token), state__in=states)
        .select_related("organisation", "brief__left", "brief__right", "brief__network", "approved_by")
        .first()
    )


@dataclass(frozen=True)
class Found:
    """The organisation a text surely means, and the nearest ones to offer."""

    organisation: Organisation | None
    nearest: list[Organisation]


def find_organisation(user: Reader, text: str) -> Found:
    """An organisation by public id, slug, short name or name in any language, typing errors forgiven."""
    return NameFinder(user).find(text)


class NameFinder:
    """Finds several names for one reader; the book of names is looked at once."""

    def __init__(self, user: Reader) -> None:
        self.user = user

    @cached_property
    def _names(self) -> NameBook:
        return _book(self.user)

    def find(self, text: str) -> Found:
        text = text.strip()[:300]
        seen = visible_organisations(self.user)
        if text.startswith(f"{Organisation.ID_PREFIX}_"):
            organisation = seen.filter(public_id=text).first()
            return Found(organisation, [organisation] if organisation else [])
        return _nearest(seen, self._names.nearest(text, NEAREST))


def _nearest(seen: QuerySet[Organisation], hits: list[NameMatch]) -> Found:
    """Sure of the first where it is the very name, or near and well ahead of the second.

    Where two bear the very name, the one with more links is meant: the book lists it first.
    """
    rows = {organisation.public_id: organisation for organisation in seen.filter(public_id__in=[h.id for h in hits])}
    nearest = [rows[hit.id] for hit in hits if hit.id in rows]
    sure = bool(nearest) and hits[0].score >= _SURE and nearest[0].public_id == hits[0].id
    alone = len(hits) < 2 or hits[0].score == 1.0 or hits[0].score - hits[1].score >= _AHEAD
    return Found(nearest[0] if sure and alone else None, nearest)


def _book(user: Reader) -> NameBook:
    """The names a reader may see, prepared once for as long as no organisation changes."""
    seen = visible_organisations(user)
    stamp = seen.aggregate(n=Count("pk"), last=Max("updated_at"))
    return _book_of(_Names(user), (reads_office(user), user.pk, stamp["n"], stamp["last"]))


class _Names:
    """Reads the names only where no book is ready; equal to any other, so that the stamp alone decides."""

    def __init__(self, user: Reader) -> None:
        self.user = user

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Names)

    def __hash__(self) -> int:
        return 0

    def entries(self) -> Iterable[NameEntry]:
        rows = visible_organisations(self.user).annotate(
            links=Count("relations_out", distinct=True) + Count("relations_in", distinct=True)
        )
        for row in rows.only("slug", "public_id", "name", "name_language", "names", "short_name", "aliases", "called"):
            names = (row.slug, *row.title_text().plain().values(), *row.other_names())
            yield NameEntry(row.public_id, tuple(name for name in names if name), float(row.links))


@lru_cache(maxsize=4)
def _book_of(names: _Names, stamp: tuple[object, ...]) -> NameBook:
    return NameBook(names.entries())
