"""Promises picked out of a meeting's notes: proposed with who and by when, kept only where a person ticks them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from zlib import crc32

from django.db import transaction

from sympolis.engine.model import LANGUAGES
from sympolis.engine.texts.languages import detect_language
from sympolis.engine.texts.promises import promises_in
from sympolis.engine.texts.words import fold
from sympolis.office.core.dates import PartialDate
from sympolis.office.core.enums import Visibility
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.synergies.meetings import keep_commitment
from sympolis.office.synergies.models import Commitment, Meeting

_AROUND = 120
_SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A sentence of the notes that promises something, with the words around it, and what is guessed of it."""

    key: str
    before: str
    passage: str
    after: str
    language: str
    organisation: Organisation | None
    due: PartialDate


@dataclass(frozen=True, slots=True)
class Picked:
    """A promise as somebody approved it."""

    passage: str
    language: str
    text: str
    organisation: Organisation
    due: PartialDate


def proposals_of(
    meeting: Meeting, organisations: Sequence[Organisation], ours: Organisation | None, today: date
) -> list[Proposal]:
    """What the notes of a meeting promise and nobody has kept yet. ``organisations`` may have promised it; "we" are
    ``ours``. Days without a year are seen from the day of the meeting."""
    kept = set(meeting.commitments.exclude(passage="").values_list("passage", flat=True))
    return list(_proposals(meeting.notes, kept, organisations, ours, meeting.starts.latest or today))


def _proposals(
    notes: str, kept: set[str], organisations: Sequence[Organisation], ours: Organisation | None, on: date
) -> Iterator[Proposal]:
    names = [(name, one) for one in organisations for name in _names_of(one)]
    for found in promises_in(notes, on):
        if found.passage in kept:
            continue
        kept.add(found.passage)
        yield Proposal(
            key=f"p{crc32(found.passage.encode()):08x}",
            before=_whole_words_before(notes, found.start),
            passage=found.passage,
            after=_whole_words_after(notes, found.end),
            language=detect_language(found.passage, LANGUAGES) or "en",
            organisation=ours if found.is_ours else _named_first(found.passage, names),
            due=found.due,
        )


def _whole_words_before(notes: str, start: int) -> str:
    if start <= _AROUND:
        return notes[:start]
    return "… " + notes[start - _AROUND : start].partition(" ")[2]


def _whole_words_after(notes: str, end: int) -> str:
    if len(notes) <= end + _AROUND:
        return notes[end:]
    return notes[end : end + _AROUND].rpartition(" ")[0] + " …"


def _names_of(organisation: Organisation) -> set[str]:
    names = (*organisation.other_names(), *organisation.title_text().plain().values())
    return {folded for name in names if len(folded := fold(str(name))) >= _SHORTEST_NAME}


def _named_first(passage: str, names: Iterable[tuple[str, Organisation]]) -> Organisation | None:
    """Whose name stands first in a sentence; of two that begin there, the longer name's."""
    text = fold(passage)
    hits = [
        (hit.start(), -len(name), one.pk, one)
        for name, one in names
        if (hit := re.search(rf"(?<!\w)(?:[وبل]|لل)?{re.escape(name)}(?!\w)", text))
    ]
    return min(hits)[3] if hits else None


@transaction.atomic
def keep_picked(user: User, meeting: Meeting, picked: Iterable[Picked]) -> list[Commitment]:
    """Keep what a person approved as promises of the meeting. Only officers do; a passage is kept once."""
    officers_only(user)
    kept = set(meeting.commitments.exclude(passage="").values_list("passage", flat=True))
    made = []
    for one in picked:
        if one.passage in kept:
            continue
        kept.add(one.passage)
        promise = Commitment(
            meeting=meeting,
            organisation=one.organisation,
            text=Text.of(**{one.language: one.text}),
            passage=one.passage,
            visibility=Visibility.OFFICE,
        )
        promise.due = one.due
        made.append(keep_commitment(promise))
    return made
