"""Whether languages and accents matter to search, and whether the right things come first.

``python quality/search.py --home HOME`` asks the indexes of a home (the demo's, with what open data it holds) the
questions of ``search.yaml`` and prints shares in [0, 1]. Questions held out are only ever told as totals.
"""

from __future__ import annotations

import argparse
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from pathlib import Path
from statistics import mean

import yaml

from sympolis.engine import atlas
from sympolis.engine.index import Index, search_both
from sympolis.engine.model import Hit, Query

QUESTIONS = Path(__file__).with_name("search.yaml")
_PLAIN = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"})

type Ask = Callable[[str], list[Hit]]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--home", type=Path, required=True, help="a home with an index")
    arguments.add_argument("--told", action="store_true", help="say what was missed, and the questions told apart")
    chosen = arguments.parse_args()
    asked = yaml.safe_load(QUESTIONS.read_text("utf-8"))
    with Index.open(chosen.home / "index") as office:
        ask = asking(office, atlas.open_index(chosen.home))
        for name in ("concepts", "held_out"):
            print(f"{name:10}" + "  ".join(f"{what} {share:.3f}" for what, share in alike(asked[name], ask)))
        for name, first in (("known", 5), ("names", 1)):
            missed = [question for question, title in asked[name] if not is_found(title, ask(question)[:first])]
            print(f"{name:10}{len(asked[name]) - len(missed)} of {len(asked[name])} among the first {first}")
            if chosen.told:
                print("".join(f"  missed: {question}\n" for question in missed), end="")
        if chosen.told:
            tell_apart(asked["concepts"], ask)


def asking(office: Index, world: Index | None) -> Ask:
    """A visitor's question to both indexes, each asked once."""
    known: dict[str, list[Hit]] = {}

    def ask(text: str) -> list[Hit]:
        if text not in known:
            known[text] = search_both(world, office, Query(text, limit=20, told=0))
        return known[text]

    return ask


def alike(questions: Sequence[Sequence[str]], ask: Ask) -> Iterable[tuple[str, float]]:
    """How much of what they find questions share: between languages, with and without accents; how much is right."""
    for first in (10, 20):
        pairs = [pair for _, *said in questions for pair in combinations(said, 2)]
        yield f"languages@{first}", mean(shared(one, other, ask, first) for one, other in pairs)
    marked = [text for _, *said in questions for text in said if plain(text) != text]
    yield "accents@20", mean(shared(text, plain(text), ask, 20) for text in marked)
    yield "same order", mean(ids(text, ask, 20) == ids(plain(text), ask, 20) for text in marked)
    found = [(theme, hit) for theme, *said in questions for text in said for hit in ask(text)[:10]]
    yield "right theme@10", mean(theme in hit.document.themes for theme, hit in found)


def shared(one: str, other: str, ask: Ask, first: int) -> float:
    """The share of the first hits of two questions that both have."""
    ours, theirs = set(ids(one, ask, first)), set(ids(other, ask, first))
    return len(ours & theirs) / (max(len(ours), len(theirs)) or 1)


def ids(text: str, ask: Ask, first: int) -> list[str]:
    return [hit.document.id for hit in ask(text)[:first]]


def plain(text: str) -> str:
    """A question as somebody in a hurry types it: no accents, no hamza, no points on the final ha."""
    bare = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare).translate(_PLAIN)


def is_found(title: str, hits: Iterable[Hit]) -> bool:
    return any(said.startswith(title) for hit in hits for said in hit.document.title.values())


def tell_apart(questions: Sequence[Sequence[str]], ask: Ask) -> None:
    """Questions by how little their languages share."""
    told = []
    for theme, *said in questions:
        share = mean(shared(one, other, ask, 10) for one, other in combinations(said, 2))
        right = mean(theme in hit.document.themes for text in said for hit in ask(text)[:10])
        told.append((share, f"  {share:.2f} alike, {right:.2f} right: {' / '.join(said)}"))
    print("\n".join(line for _, line in sorted(told)))


if __name__ == "__main__":
    main()
