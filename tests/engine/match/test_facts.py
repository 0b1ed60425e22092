"""What items say of themselves, as numbers: what plain sets would say."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sympolis.engine.match.facts import common, facts_of, overlap
from sympolis.engine.match.features import _stage_score, _stage_scores
from sympolis.engine.model import Item, ItemKind, Stage
from tests.engine.conftest import item

CODES = st.lists(st.sampled_from(["ES", "FR", "TN", "MA", "IT"]), max_size=5).map(tuple)
ITEMS = st.lists(
    st.builds(
        lambda kind, stage, countries, programme: replace(
            item("x", kind, "x", stage=stage), countries=countries, programme=programme
        ),
        st.sampled_from(ItemKind),
        st.sampled_from(Stage),
        CODES,
        st.sampled_from(["", "LIFE", "URBACT"]),
    ),
    min_size=1,
    max_size=6,
)


@given(ITEMS, ITEMS)
def test_every_pair_shares_what_its_sets_share(left: list[Item], right: list[Item]) -> None:
    one, other = facts_of(left, right)
    shape = len(left), len(right)
    shared = [len({*a.countries} & {*b.countries}) for a, b in product(left, right)]
    np.testing.assert_array_equal(common(one.countries, other.countries), np.reshape(shared, shape))
    least = [max(min(len({*a.countries}), len({*b.countries})), 1) for a, b in product(left, right)]
    expected = (np.array(shared, np.float32) / np.array(least, np.float32)).reshape(shape)
    np.testing.assert_array_equal(overlap(one.countries, other.countries), expected)
    same = [float(bool(a.programme) and a.programme == b.programme) for a, b in product(left, right)]
    np.testing.assert_array_equal(overlap(one.programme, other.programme), np.reshape(same, shape))
    stages = np.array([_stage_score(a, b) for a, b in product(left, right)], np.float32).reshape(shape)
    np.testing.assert_array_equal(_stage_scores()[one.standing[:, None], other.standing], stages)


@given(ITEMS, ITEMS, st.data())
def test_some_items_keep_their_facts(left: list[Item], right: list[Item], data: st.DataObject) -> None:
    one, other = facts_of(left, right)
    places = data.draw(st.lists(st.integers(0, len(right) - 1), max_size=8))
    taken = other.take(np.array(places, np.int64))
    assert taken.standing.tolist() == other.standing[places].tolist()
    np.testing.assert_array_equal(
        overlap(one.countries, taken.countries), overlap(one.countries, other.countries)[:, places]
    )
