"""What is kept of a resolution saves its work and changes nothing of its result."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sympolis.engine.resolve.bodies import Body
from sympolis.engine.resolve.clusters import pair
from sympolis.engine.resolve.gazetteer import Gazetteer
from sympolis.engine.resolve.judge import Verdict
from sympolis.engine.resolve.kept import read_kept
from sympolis.engine.resolve.resolve import Resolution, resolve_bodies

TOWNS = ("Barcelona", "Girona", "Terrassa", "Tarragona", "Sfax", "صفاقس", "Göteborg", "Gothenburg")
PATTERNS = ("Ajuntament de {}", "Universitat de {}", "{} (AB)", "Fundació {} Nord", "Consorci {} Aigua SL", "{}")
names = st.builds(lambda pattern, town: pattern.format(town), st.sampled_from(PATTERNS), st.sampled_from(TOWNS))
bodies = st.builds(
    Body,
    id=st.just(""),
    names=st.lists(names, min_size=1, max_size=2, unique=True).map(tuple),
    country=st.sampled_from(("ES", "TN", "SE", "")),
    kind=st.sampled_from(("city", "research", "")),
    identifiers=st.sampled_from(((), ("pic:1",), ("pic:2", "ror:a"), ("ror:b",))),
)
MANY = [Body(f"x{at}", (f"{at:b} Aigua {at % 7}",), "ES") for at in range(210)]
"""So many that words have weights by how rare they are; three more names change some of them."""


def numbered(listed: list[Body]) -> list[Body]:
    return [replace(body, id=f"b{at:02d}") for at, body in enumerate(listed)]


def told(found: Resolution) -> tuple[object, ...]:
    kept = found.kept
    return found.entities, found.unsure, kept.sketches.to_pylist(), kept.pairs.to_pylist()


@settings(max_examples=30, deadline=None)
@given(
    before=st.lists(bodies, max_size=12),
    after=st.data(),
    many=st.booleans(),
)
def test_after_any_changes_the_result_is_that_of_resolving_all_again(
    gazetteer: Gazetteer, before: list[Body], after: st.DataObject, many: bool
) -> None:
    others = MANY if many else []
    rest = after.draw(st.lists(st.sampled_from(before), unique_by=id)) if before else []
    changed = numbered(after.draw(st.permutations([*rest, *after.draw(st.lists(bodies, max_size=3))])))
    decided = {pair("b00", "b01"): after.draw(st.sampled_from((Verdict.SAME, Verdict.OTHER)))}
    first = resolve_bodies([*numbered(before), *others], gazetteer)
    again = resolve_bodies([*changed, *others], gazetteer, decided, kept=first.kept)
    assert told(again) == told(resolve_bodies([*changed, *others], gazetteer, decided))


def test_only_what_changed_is_judged_again(gazetteer: Gazetteer, tmp_path: Path) -> None:
    rows = numbered([Body("", (pattern.format(town),), "ES", "city") for town in TOWNS for pattern in PATTERNS])
    first = resolve_bodies(rows, gazetteer)
    first.kept.write(tmp_path)
    kept = read_kept(tmp_path)
    assert first.judged > 20
    assert resolve_bodies(rows, gazetteer, kept=kept).judged == 0
    changed = [*rows[:-1], replace(rows[-1], names=("Ajuntament de Gotemburg",))]
    assert 0 < resolve_bodies(changed, gazetteer, kept=kept).judged <= 5


def test_what_was_judged_with_other_weights_is_judged_again() -> None:
    """A word that twice as many names have says less: the same two records are less sure."""
    two = [Body("a", ("Zeta Delta Marina",), "ES"), Body("b", ("Zeta Delta",), "ES")]
    others = [Body(f"z{at}", (f"Zeta {at:b}{at}",), "IT") for at in range(14)]
    first = resolve_bodies([*two, *MANY, *others[:4]], None)
    again = resolve_bodies([*two, *MANY, *others], None, kept=first.kept)
    assert told(again) == told(resolve_bodies([*two, *MANY, *others], None))
    [sure], [less] = ([one.score for one in found.unsure if one.left == "a"] for found in (first, again))
    assert less < sure


def test_what_is_not_whole_is_not_taken_over(tmp_path: Path) -> None:
    resolve_bodies(MANY, None).kept.write(tmp_path)
    assert len(read_kept(tmp_path).sketches) == 210
    (tmp_path / "scores.parquet").write_bytes(b"PAR1")
    assert len(read_kept(tmp_path).sketches) == 0
