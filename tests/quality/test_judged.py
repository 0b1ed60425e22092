"""The judged cases are whole, and their measures give what one reckons by hand."""

from __future__ import annotations

import importlib.util
import math
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import yaml

from sympolis.engine.errors import EngineError
from sympolis.engine.match.conditions.roles import role_codes
from sympolis.engine.model import Call, Provenance, Stage

QUALITY = Path(__file__).parents[2] / "quality"


def loaded(name: str) -> ModuleType:
    """A runner of ``quality/``, which is no package; under a name that cannot hide a module of Python's own."""
    spec = importlib.util.spec_from_file_location(f"quality_{name}", QUALITY / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


calls, consortium, synergies = loaded("calls"), loaded("consortium"), loaded("synergies")
promises = loaded("promises")


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((QUALITY / f"{name}.yaml").read_text("utf-8"))
    return found


def test_needs_are_in_nine_languages_and_every_second_is_held_out() -> None:
    needs = cases("calls")
    assert [need["id"] for need in needs] == [f"c{number:02}" for number in range(1, 101)]
    assert Counter((need["language"], need["held_out"]) for need in needs) == {
        (language, held_out): count
        for count, languages in ((8, ("ca", "ar", "en")), (7, ("es", "fr")), (3, ("it", "pt", "tr", "de")))
        for language in languages for held_out in (False, True)
    }  # fmt: skip
    assert [need["held_out"] for need in needs] == [False, True] * 50
    assert [need["id"] for need in needs if not 10 <= len(need["text"].split()) <= 35] == []


def test_a_call_is_judged_once_for_a_need() -> None:
    for need in cases("calls"):
        judged = [*need["grades"], *need["judged_zero"]]
        assert len(judged) == len(set(judged)), need["id"]
        assert set(need["grades"].values()) <= {1, 2, 3}, need["id"]
        assert all(key.startswith("portal:") for key in judged), need["id"]


def test_judged_calls_are_among_the_open_ones() -> None:
    if not calls.FOLDER.is_dir():
        pytest.skip("the portal's calls are not beside this checkout")
    known = {call.id for call in calls.read_calls(calls.FOLDER)}
    judged = {key for need in cases("calls") for key in (*need["grades"], *need["judged_zero"])}
    assert judged - known == set()


def test_without_the_calls_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = tmp_path / "calls"
    monkeypatch.setattr(sys, "argv", ["calls.py", "--calls", str(missing)])
    assert calls.main() == 0
    said = f"Skipped: there are no calls in {missing}. Name a folder of the portal's pages with --calls.\n"
    assert capsys.readouterr().out == said


def test_ndcg_is_what_one_reckons_by_hand() -> None:
    grades = {"a": 3, "b": 1}
    best = 7 + 1 / math.log2(3)
    assert calls.ndcg(["a", "b"], grades) == pytest.approx(1)
    assert calls.ndcg(["x", "a"], grades) == pytest.approx(7 / math.log2(3) / best)
    assert calls.ndcg([*"0123456789", "a"], grades) == 0
    assert calls.ndcg(["a"], {}) is None


def test_how_far_one_is_above_another_comes_with_its_error() -> None:
    differences = np.array([0.1, 0.3])
    assert calls.lead(differences) == "+0.200 (0.100) +0.100 +0.300"  # of two needs a resample is either, or both
    needs = [
        {"id": "c", "held_out": False, "grades": {"a": 3}}, {"id": "d", "held_out": False, "grades": {"b": 2}},
        {"id": "e", "held_out": True, "grades": {"a": 3}}, {"id": "f", "held_out": True, "grades": {"a": 2}},
        {"id": "nothing fits", "held_out": True, "grades": {"a": 1}},
    ]  # fmt: skip
    right = {need["id"]: ["a", "b"] for need in needs}
    told = calls.leads(needs, {"ours": right} | {way: {key: ["x"] for key in right} for way in calls.AGAINST}, "ours")
    assert told.splitlines()[0].split() == ["ours", "above", "developed", "(2)", "held", "out", "(2)", "all", "(4)"]
    assert told.splitlines()[-1].split()[:6] == ["both", "encoders", "+0.815", "(0.185)", "+0.631", "+1.000"]


def test_fusion_adds_reciprocal_ranks_and_equals_come_by_id() -> None:
    assert calls.fusion([["b", "a"], ["a", "b"]]) == ["a", "b"]
    assert calls.fusion([["c", "a"], ["c", "b"], ["b"]]) == ["c", "b", "a"]  # 2/61 > 1/61 + 1/62


def test_unjudged_ones_are_told() -> None:
    case = {"id": "c", "grades": {"a": 2}, "judged_zero": ["b"]}
    assert calls.unjudged(case, {"c": ["x", "a", "b", "y"]}) == ["x", "y"]


def test_consortia_are_judged_in_roles_that_there_are() -> None:
    roles = set(role_codes())
    judged = cases("consortium")
    assert len({case["call"] for case in judged}) == len(judged) == 12
    for case in judged:
        assert {*case["required"], *case["wanted"], *case["perhaps"]} <= roles, case["call"]
        assert set(case["required"]) <= set(case["wanted"]), case["call"]
        assert not set(case["wanted"]) & set(case["perhaps"]), case["call"]


def test_what_is_read_of_consortia_is_counted_against_what_was_judged() -> None:
    words = "Consortia must include at least two NGOs. Projects involve SMEs."
    call = Call("c", {}, Provenance("portal", "c"), conditions={"en": words})
    case = {"call": "c", "least": 3, "countries": 0, "required": {"civil-society": 2}, "perhaps": []}
    case["wanted"] = ["civil-society", "bank"]
    found = consortium.measure([case], {"c": call})
    assert {name: (one.right, one.all) for name, one in found.items()} == {
        "numbers": (0, 1), "duties": (1, 1), "wanted found": (1, 2), "told rightly": (1, 2),
    }  # fmt: skip
    assert found["wanted found"].missed == ("c: bank",)
    assert found["told rightly"].missed == ("c: company",)


def test_half_of_the_pairs_work_in_both_sets() -> None:
    pairs = cases("synergies")
    assert [pair["id"] for pair in pairs] == [f"s{number:02}" for number in range(1, 61)]
    assert Counter((pair["held_out"], pair["works"]) for pair in pairs) == dict.fromkeys(
        [(False, True), (False, False), (True, True), (True, False)], 15
    )
    assert {pair["kind"] for pair in pairs if not pair["works"]} == {"none"}
    kinds = {kind for pair in pairs if pair["works"] for kind in (pair["kind"], *pair.get("also", ()))}
    assert kinds == {"exchange", "joint-project", "joint-application", "assistance", "advocacy"}


def test_every_entry_of_a_pair_is_in_the_tables_of_another_organisation() -> None:
    tables = synergies.Tables.read(synergies.TABLES)
    for pair in cases("synergies"):
        sides = [tables.portfolio(*pair[side]) for side in ("left", "right")]
        assert sides[0].organisation_id != sides[1].organisation_id, pair["id"]
        assert not {s.organisation_id for s in sides} & {p for s in sides for p in s.items[0].partner_ids}, pair["id"]


def test_an_entry_that_is_not_there_is_named() -> None:
    tables = synergies.Tables.read(synergies.TABLES)
    with pytest.raises(EngineError, match="montpellier has no need and no project 'vilawatt'"):
        tables.portfolio("montpellier", "vilawatt")
    with pytest.raises(EngineError, match="There is no organisation 'atlantis'"):
        tables.portfolio("atlantis", "vilawatt")


@pytest.mark.parametrize(
    ("status", "start", "end", "stage"),
    [
        ("finished", "2030", "", Stage.FINISHED),
        ("", "2019", "2021", Stage.FINISHED),
        ("", "2027", "", Stage.PREPARING),
        ("", "2025", "2028", Stage.ONGOING),
        ("", "2020", "", Stage.UNKNOWN),
        ("", "", "", Stage.UNKNOWN),
    ],
)
def test_stages_are_read_as_in_the_office(status: str, start: str, end: str, stage: Stage) -> None:
    assert synergies.stage_of({"status": status, "start_year": start, "end_year": end}) is stage


def test_area_and_average_precision_are_what_one_reckons_by_hand() -> None:
    works = np.array([True, False, True, False])
    assert synergies.area(np.array([0.9, 0.8, 0.7, 0.1]), works) == 0.75
    assert synergies.area(np.zeros(4), works) == 0.5
    assert synergies.average_precision(np.array([0.9, 0.8, 0.7, 0.1]), works) == pytest.approx((1 + 2 / 3) / 2)
    assert synergies.average_precision(np.zeros(4), works) == pytest.approx((1 / 3 + 2 / 4) / 2)


def test_half_of_the_sentences_promise_something_in_each_language() -> None:
    judged = cases("promises")
    assert [case["id"] for case in judged] == [f"p{number:02}" for number in range(1, 121)]
    assert Counter((case["language"], case["held_out"], case["promise"]) for case in judged) == {
        (language, held_out, is_one): 2 if held_out else 10
        for language in ("en", "ca", "es", "fr", "ar") for held_out in (True, False) for is_one in (True, False)
    }  # fmt: skip


def test_promises_are_found_as_well_as_was_measured() -> None:
    found = promises.measure(cases("promises"))
    assert {language: one.counts for language, one in found.items()} == promises.FLOOR
