"""A call out of what somebody typed: ours first, the world's by id, code or title, never one twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from sympolis.engine.calls_file import write_calls
from sympolis.engine.model import Call, Provenance
from sympolis.office.synergies import world_calls
from sympolis.office.synergies.consortium import finding
from sympolis.office.synergies.consortium.finding import find_call
from tests.cast import Cast
from tests.factories import make_call

ADDRESS = "https://funder.example/topics/"


def world_call(code: str, title: str) -> Call:
    where = Provenance("portal", code, ADDRESS + code.lower())
    return Call(f"portal:{code}", {"en": title}, where, conditions={"en": f"Conditions of {code}."})


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_calls(tmp_path, [world_call("W-1", "Clean harbours of the south"), world_call("W-2", "Schools in the shade")])
    for module in (finding, world_calls):
        monkeypatch.setattr(module, "current_snapshot", lambda: tmp_path)


def test_the_worlds_calls_are_found_by_id_code_and_title(cast: Cast, world: None) -> None:
    for typed in ("portal:W-1", "w-1", " Clean harbors of the south "):
        found = find_call(cast.officer, typed)
        assert found.call is not None, typed
        assert found.call.id == "portal:W-1"


def test_one_that_is_kept_here_too_is_ours_with_the_funders_conditions(cast: Cast, world: None) -> None:
    ours = make_call("Harbours", source_url=f"{ADDRESS}w-1")
    for typed in (ours.public_id, "w-1", "Harbours"):
        found = find_call(cast.officer, typed)
        assert found.call is not None, typed
        assert (found.call.id, found.call.conditions) == (ours.public_id, {"en": "Conditions of W-1."})
    assert find_call(cast.officer, "portal:W-1").call is None


def test_what_a_reader_may_not_see_is_not_found(cast: Cast) -> None:
    secret = make_call("Secret harbours", visibility="office")
    assert find_call(cast.officer, "Secret harbours").call is not None
    for who in (cast.contact, cast.outsider):
        found = find_call(who, secret.public_id)
        assert (found.call, found.nearest) == (None, ())


def test_of_two_alike_none_is_surely_meant(cast: Cast) -> None:
    calls = [make_call("Water round one"), make_call("Water round two")]
    found = find_call(cast.officer, "Water round")
    assert found.call is None
    assert {one.id for one in found.nearest} == {one.public_id for one in calls}
    assert find_call(cast.officer, "").call is None
