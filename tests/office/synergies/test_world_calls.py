"""Calls of the world's data in a brief: found by what both sides do, never twice, each with where it was read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from sympolis.engine.calls_file import write_calls
from sympolis.engine.index import Index
from sympolis.engine.model import Call, Document, Item, ItemKind, PartialDate, Provenance
from sympolis.engine.texts.encoders import FAST
from sympolis.engine.texts.vectors import Vectors
from sympolis.office.synergies import world_calls
from sympolis.office.synergies.actions import Wish, export_brief, make_brief
from sympolis.office.synergies.brief.sheet import Reading
from sympolis.office.synergies.enums import Audience, Format, Length
from tests.cast import Cast
from tests.factories import make_call
from tests.factories.synergies import make_pair

TODAY = date(2026, 3, 3)
ADDRESS = "https://funder.example/topics/"
ITEM = Item("i", ItemKind.NEED, {"en": "Reuse of waste water"}, "o", text={"en": "Reused waste water for parks."})


def world_call(code: str, title: str, closes: str = "2026-09-01") -> Call:
    return Call(
        id=f"portal:{code}",
        title={"en": title},
        provenance=Provenance("portal", code, ADDRESS + code.lower(), date(2026, 2, 1)),
        programme="LIFE",
        summary={"en": "Cities reuse treated waste water for parks."},
        closes=PartialDate.parse(closes),
        themes=("water",),
    )


CALLS = [
    world_call("W-1", "Waste water reuse in cities of the south"),
    world_call("W-2", "Waste water reuse, first round", "2026-01-01"),
    world_call("W-3", "Waste water as an officer wrote it down"),
]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A snapshot with three calls, one of them over."""
    write_calls(tmp_path, CALLS)
    with Index.create(tmp_path / "index", Vectors(tmp_path, (FAST,)), encoders=(FAST,)) as index:
        index.add(
            [
                Document(one.id, "call", one.title, one.summary, themes=one.themes, latest=one.closes.latest)
                for one in CALLS
            ]
        )
        monkeypatch.setattr(world_calls, "current_snapshot", lambda: tmp_path)
        monkeypatch.setattr(world_calls, "atlas_index", lambda: index)
        yield


def test_what_is_over_or_the_office_s_own_is_not_found(world: None) -> None:
    own = Call("call-1", {"en": "Ours"}, Provenance("facts", "other-code", ADDRESS + "w-3/"))
    assert [call.id for call in world_calls.world_calls([ITEM], [own], TODAY)] == ["portal:W-1"]
    assert {call.id for call in world_calls.world_calls([ITEM], [], TODAY)} == {"portal:W-1", "portal:W-3"}
    assert world_calls.world_calls([], [], TODAY) == []


def test_without_world_data_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world_calls, "current_snapshot", lambda: None)
    assert world_calls.world_calls([ITEM], [], TODAY) == []
    assert world_calls.snapshot_name() == ""


def test_a_brief_names_it_with_deadline_and_source(cast: Cast, world: None) -> None:
    pair = make_pair(TODAY)
    make_call("Waste water, kept here", source="facts", source_id="w-3", source_url=ADDRESS + "w-3", themes=("water",))
    brief = make_brief(cast.officer, Wish(pair.left, pair.right, pair.network, on=TODAY))
    [line] = [item for item in brief.document["calls"] if item["key"].startswith("call:portal:")]
    assert line["key"] == "call:portal:W-1"
    assert line["text"].startswith("Waste water reuse in cities of the south (LIFE), closes on 1")
    [evidence] = line["evidence"]
    assert evidence["source_url"] == ADDRESS + "w-1"
    assert evidence["read_on"] == "2026-02-01"
    assert evidence["passage"] == "Cities reuse treated waste water for parks."
    exported = json.loads(export_brief(brief, Reading(Audience.INTERNAL, Length.LONG), Format.JSON))
    assert "call:portal:W-1" in {item["key"] for item in exported["calls"]}


def test_one_can_apply_to_it_together(cast: Cast, world: None) -> None:
    pair = make_pair(TODAY)
    brief = make_brief(cast.officer, Wish(pair.left, pair.right, pair.network, on=TODAY))
    applied = [item for item in brief.document["synergies"] if item.get("record", "").startswith("portal:")]
    assert {item["kind"] for item in applied} <= {"joint-application"}
    for item in applied:
        assert ADDRESS + item["record"].removeprefix("portal:").lower() in {e["source_url"] for e in item["evidence"]}
