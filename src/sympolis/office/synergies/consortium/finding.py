"""A call out of what somebody typed: its id, a piece of its address or its title, among ours and the world's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sympolis.engine.calls_file import read_calls
from sympolis.engine.model import Call as EngineCall
from sympolis.engine.resolve.names import NameBook, NameEntry
from sympolis.office.core.queries import Reader
from sympolis.office.core.readers import current_snapshot
from sympolis.office.projects.queries import visible_calls
from sympolis.office.synergies.answers import engine_call
from sympolis.office.synergies.world_calls import topic_of, with_conditions

NEAREST = 5
_SURE, _AHEAD = 0.88, 0.03


@dataclass(frozen=True, slots=True)
class FoundCall:
    """The call a text surely means, with the conditions the funder's own has; and the nearest ones to offer."""

    call: EngineCall | None
    nearest: tuple[EngineCall, ...] = ()


def find_call(user: Reader, text: str) -> FoundCall:
    """By id, by the funder's code, or by a title in any language, typing errors forgiven. Ours go before the world's:
    one that is kept here too is found here alone."""
    text = text.strip()[:300]
    calls = list(_known(user))
    wanted = text.casefold()
    for call in calls:
        if wanted and wanted in (call.id.casefold(), topic_of(call)):
            return FoundCall(with_conditions(call))
    by_id = {call.id: call for call in calls}
    book = NameBook(NameEntry(call.id, tuple(title for title in call.title.values() if title)) for call in calls)
    hits = book.nearest(text, NEAREST)
    nearest = tuple(by_id[hit.id] for hit in hits)
    sure = bool(hits) and hits[0].score >= _SURE
    alone = len(hits) < 2 or hits[0].score - hits[1].score >= _AHEAD
    return FoundCall(with_conditions(nearest[0]) if sure and alone else None, nearest)


def _known(user: Reader) -> Iterable[EngineCall]:
    ours = [engine_call(call) for call in visible_calls(user).order_by("pk")]
    yield from ours
    kept = {topic_of(call) for call in ours}
    if snapshot := current_snapshot():
        yield from (call for call in read_calls(snapshot) if topic_of(call) not in kept)
