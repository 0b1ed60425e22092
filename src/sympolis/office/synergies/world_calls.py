"""The calls of the world's data that may bear on what two sides share. The office's own calls go before them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from sympolis.engine.calls_file import read_calls
from sympolis.engine.model import Call, Item, Query
from sympolis.office.core.readers import atlas_index, current_snapshot

ASKED, FOUND, TAKEN = 8, 6, 16
_LONGEST = 600


def world_calls(items: Sequence[Item], own: Collection[Call], on: date) -> list[Call]:
    """Some two dozen calls, found by what the items say; what the office keeps itself is not said twice.

    A few are looked for and not all compared: reading hundreds of summaries would take longer than the whole brief.
    """
    snapshot, index = current_snapshot(), atlas_index()
    if snapshot is None or index is None or not items:
        return []
    found = Counter[str]()
    for item in items[:ASKED]:
        hits = index.search(Query(text=_question(item), kinds=("call",), after=on, limit=FOUND, told=0))
        for hit in hits:
            found[hit.document.id] = max(found[hit.document.id], round(hit.score * 1_000_000))
    calls, kept = _by_id(snapshot), {topic_of(call) for call in own}
    ranked = (calls[key] for key, _ in found.most_common() if key in calls)
    return [call for call in ranked if topic_of(call) not in kept][:TAKEN]


def snapshot_name() -> str:
    """Which snapshot is served: another one may answer otherwise."""
    snapshot = current_snapshot()
    return snapshot.name if snapshot else ""


def world_call(world_id: str) -> Call | None:
    """One call of the snapshot that is served."""
    snapshot = current_snapshot()
    return _by_id(snapshot).get(world_id) if snapshot else None


def all_world_calls() -> list[Call]:
    """Every call of the snapshot that is served."""
    snapshot = current_snapshot()
    return list(_by_id(snapshot).values()) if snapshot else []


@lru_cache(maxsize=1)
def _by_id(snapshot: Path) -> dict[str, Call]:
    """A snapshot never changes once it is served."""
    return {call.id: call for call in read_calls(snapshot)}


def with_conditions(call: Call) -> Call:
    """The office's row of a call with what the funder's own says of conditions, where the world's data has it: a person
    writes down what matters and not the small print."""
    snapshot = current_snapshot()
    if snapshot is None or call.conditions:
        return call
    twin = _by_topic(snapshot).get(topic_of(call)) if topic_of(call) else None
    return replace(call, conditions=twin.conditions, action_type=twin.action_type) if twin else call


@lru_cache(maxsize=1)
def _by_topic(snapshot: Path) -> dict[str, Call]:
    return {topic_of(call): call for call in _by_id(snapshot).values()}


def _question(item: Item) -> str:
    title = next((said for said in item.title.values() if said), "")
    text = next((said for said in item.text.values() if said), "")
    return f"{title}. {text}"[:_LONGEST]


def topic_of(call: Call) -> str:
    """The funder's own code of a call, by which an officer's row and the funder's are known to be one."""
    address = call.provenance.source_url.rstrip("/").rpartition("/")[2]
    return (address or call.provenance.source_id).casefold()
