"""What was promised last time, by whom, and what is overdue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from sympolis.office.synergies.brief.lines import Line, Private, first_short, proof_of
from sympolis.office.synergies.brief.naming import short_name_of, via
from sympolis.office.synergies.brief.wording import Label, Said, Value
from sympolis.office.synergies.enums import CommitmentStatus
from sympolis.office.synergies.facts import Facts
from sympolis.office.synergies.models import Commitment, Meeting
from sympolis.office.synergies.queries import is_overdue

SHORT, MEETINGS = 6, 4


def promise_lines(facts: Facts) -> list[Line]:
    """The last meetings of the two, then what is overdue, what is open, what nobody knows, what was done."""
    on = facts.question.on
    held = [meeting for meeting in facts.meetings if meeting.starts.latest and meeting.starts.latest < on]
    promises = sorted(facts.commitments, key=lambda each: _order(facts, each))
    lines = [*(_meeting_line(meeting) for meeting in held[:1]), *(_promise_line(facts, each) for each in promises)]
    if not held and not promises:
        said = Said(_("No earlier meeting of the two is known here, so nothing promised is open."))
        return [Line(key="promises:none", said=said, unknown=True)]
    if not promises:
        said = Said(_("What was promised there was not written down: ask both before the meeting."))
        lines.append(Line(key="promises:not-written", said=said, unknown=True))
    return [*first_short(lines, SHORT), *(_meeting_line(meeting, short=False) for meeting in held[1:MEETINGS])]


def next_meeting(facts: Facts) -> Meeting | None:
    """The next meeting of the two, the one this brief prepares."""
    coming = [each for each in facts.meetings if each.starts.earliest and each.starts.earliest >= facts.question.on]
    return min(coming, key=lambda each: (each.starts.earliest, each.pk), default=None)


def _order(facts: Facts, promise: Commitment) -> tuple[int, bool, date]:
    """Overdue first, and among equals what the two themselves promised."""
    on = facts.question.on
    rank = [CommitmentStatus.OPEN, CommitmentStatus.UNKNOWN, CommitmentStatus.DONE, CommitmentStatus.DROPPED]
    at = 0 if is_overdue(promise, on) else 1 + rank.index(CommitmentStatus(promise.status))
    return (at, facts.question.side_of(promise.organisation_id) is None, promise.due_latest or date.max)


def _meeting_line(meeting: Meeting, short: bool = True) -> Line:
    values: dict[str, Value] = {
        "title": meeting.title_text(),
        "when": meeting.starts,
        "kind": Label("meeting_kinds", meeting.kind),
    }
    said = Said(_("Last met on %(when)s: %(title)s"), values)
    return Line(
        key=f"meeting:{meeting.public_id}",
        said=said,
        proofs=(proof_of(meeting, meeting.decisions or meeting.agenda),),
        kind="meeting",
        record=meeting.public_id,
        short=short,
        parts=tuple(_meeting_parts(meeting)),
    )


def _meeting_parts(meeting: Meeting) -> Iterator[Line]:
    if meeting.decisions:
        said = Said(_("Decided: %(decisions)s"), {"decisions": meeting.decisions})
        yield Line(key=f"decided:{meeting.public_id}", said=said, kind="decision")
    if meeting.note:
        said = Said(_("Note: %(note)s"), {"note": meeting.note})
        yield Line(key=f"meeting-note:{meeting.public_id}", said=said, kind="note", private=Private.NOTE, short=False)


_SENTENCES = {
    "overdue": _("%(who)s promised: %(what)s Overdue since %(due)s."),
    CommitmentStatus.OPEN: _("%(who)s promised: %(what)s Due on %(due)s."),
    CommitmentStatus.DONE: _("%(who)s promised: %(what)s Done."),
    CommitmentStatus.DROPPED: _("%(who)s promised: %(what)s Dropped."),
    CommitmentStatus.UNKNOWN: _("%(who)s promised: %(what)s Nobody has told us what became of it: ask."),
}


def _promise_line(facts: Facts, promise: Commitment) -> Line:
    on = facts.question.on
    side = facts.question.side_of(promise.organisation_id)
    state = "overdue" if is_overdue(promise, on) else promise.status
    who: Value = short_name_of(promise.organisation)
    if promise.owner_post:
        who = Said(_("%(post)s of %(organisation)s"), {"post": promise.owner_post, "organisation": who})
    values: dict[str, Value] = {
        "who": who,
        "what": Said(_("“%(words)s”."), {"words": promise.text}),
        "due": promise.due,
    }
    message = _SENTENCES[state]
    if state == CommitmentStatus.OPEN and not promise.due:
        message = _("%(who)s promised: %(what)s No day was set.")
    also = (promise.meeting,) if promise.meeting else ()
    return Line(
        key=f"promise:{promise.public_id}",
        said=Said(message, values),
        proofs=(proof_of(promise, promise.text, *also),),
        side=side.name if side else "",
        via=via(side, promise.organisation_id),
        kind="promise",
        state=state,
        record=promise.public_id,
        parts=tuple(_notes(promise)),
    )


def _notes(promise: Commitment) -> Iterator[Line]:
    if promise.note:
        said = Said(_("Note: %(note)s"), {"note": promise.note})
        yield Line(key=f"promise-note:{promise.public_id}", said=said, kind="note", private=Private.NOTE, short=False)
