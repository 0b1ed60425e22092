"""What changed around the two since they last met: links, agreements and projects that began or ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Relation
from sympolis.office.directory.moments import Period
from sympolis.office.synergies.brief.lines import Line, first_short, proof_of
from sympolis.office.synergies.brief.naming import relation_proof, spoken, via
from sympolis.office.synergies.brief.wording import Said, Value
from sympolis.office.synergies.facts import Facts
from sympolis.office.synergies.models import Meeting

SHORT, MOST = 4, 40
_SENTENCES = {True: _("Began %(when)s: %(what)s"), False: _("Ended %(when)s: %(what)s")}


def change_lines(facts: Facts) -> list[Line]:
    """From when on this looks, then the changes, the latest first; what is only roughly dated waits below."""
    period, meeting = facts.period, facts.last_meeting
    found = sorted(_changes(facts, period), key=lambda pair: (not pair[1].short, -pair[0].toordinal(), pair[1].key))
    lines = first_short([line for _day, line in found[:MOST]], SHORT)
    head = _head(period, meeting, bool(lines))
    return [replace(head, short=any(line.short for line in lines)), *lines]


def _head(period: Period, meeting: Meeting | None, has_changes: bool) -> Line:
    values: dict[str, Value] = {"when": period.after}
    messages: dict[tuple[bool, bool], Promise] = {
        (True, True): _("What began or ended after the two last met on %(when)s, as far as it is dated:"),
        (True, False): _("What began or ended in the twelve months since %(when)s, as far as it is dated:"),
        (False, True): _("Nothing that is dated here began or ended after the two last met on %(when)s."),
        (False, False): _("Nothing that is dated here began or ended in the twelve months since %(when)s."),
    }
    return Line(
        key="changes:since",
        said=Said(messages[has_changes, meeting is not None], values),
        proofs=(proof_of(meeting),) if meeting else (),
        unknown=not has_changes,
    )


def _changes(facts: Facts, period: Period) -> Iterator[tuple[date, Line]]:
    seen: set[str] = set()
    for relation in (*facts.relations, *facts.ended):
        if relation.public_id not in seen:
            seen.add(relation.public_id)
            line = Line(key=relation.public_id, said=spoken(relation), proofs=(relation_proof(relation),))
            line = replace(line, via=_via(facts, relation), record=relation.public_id)
            yield from _dated(period, line, relation.since, relation.until)
    for agreement in facts.agreements:
        said = Said(_("agreement “%(title)s”"), {"title": agreement.title})
        line = Line(key=agreement.public_id, said=said, proofs=(proof_of(agreement),), record=agreement.public_id)
        yield from _dated(period, line, agreement.signed, agreement.ends)
    ours = [pk for side in facts.question.sides for pk in side.ends]
    for project in facts.projects_of(ours):
        said = Said(_("project “%(title)s”"), {"title": project.title})
        line = Line(key=project.public_id, said=said, proofs=(proof_of(project),), record=project.public_id)
        yield from _dated(period, line, project.start, project.end)


def _dated(period: Period, line: Line, start: PartialDate, end: PartialDate) -> Iterable[tuple[date, Line]]:
    """The same as a line for its beginning, its end or both, where they fall into the period."""
    for day, began in ((start, True), (end, False)):
        is_sure = period.falls(day)
        if is_sure is not None and day.latest is not None:
            said = Said(_SENTENCES[began], {"when": day, "what": line.said})
            key = f"{'began' if began else 'ended'}:{line.key}"
            yield day.latest, replace(line, key=key, said=said, short=is_sure)


def _via(facts: Facts, relation: Relation) -> Text | None:
    for pk in (relation.from_organisation_id, relation.to_organisation_id):
        if side := facts.question.side_of(pk):
            return via(side, pk)
    return None
