"""Contributions in several languages into groups: how many there are is found, and what goes with nothing stays apart.

Each text is joined to its nearest neighbours (``signals``), the communities of that graph are the groups
(``communities``), and each group gets a label in the reader's language (``labels``). Texts are taken in the order of
their words and not of their rows, and the same text counts once: so the same texts come into the same groups.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...errors import EngineError
from ...texts.languages import detect_language
from ...texts.themes import theme_scores
from ...texts.vectors import Vectors
from ...texts.words import words
from .communities import Graph, Labels, communities, exactly
from .labels import Described, Label, apart_label, describe
from .signals import Nearness, Step, signals_of

APART = 0
"""The number of what is in no group."""

FINEST = 2.0
"""Resolution of a large collection: some twenty groups of seven hundred texts. From 1.5 to 3 it hardly matters."""

_TEXTS_OF_FINEST = 200  # a finer resolution than plain modularity would part five texts that all say the same
_MOST_NEIGHBOURS, _FEWEST_NEIGHBOURS = 20, 3
_TEXTS_PER_NEIGHBOUR = 10
_NEAR = 1.25  # standard deviations: below that two texts have nothing in common that others have not
_FAR = 0.01  # the weight of neighbours that are not near, where every text must find a place
_READ_LETTERS, _HEARD_LETTERS = 3_000, 300


@dataclass(frozen=True, slots=True)
class Contribution:
    """What somebody wrote. ``language`` is an ISO 639-1 code; where it is empty the text itself says it."""

    text: str
    title: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class TextGroup:
    """Texts on one subject. ``number`` counts from 1, the largest first; ``APART`` holds what goes with nothing.

    ``members`` are places in the list that was given, in its order; ``typical`` is the one nearest to the others.
    ``words`` speak for the group, in the reader's language; ``theme`` is a code of the vocabulary, or empty.
    """

    number: int
    members: tuple[int, ...]
    typical: int
    label: str
    words: tuple[str, ...]
    theme: str


def cluster(
    texts: Sequence[Contribution],
    *,
    vectors: Vectors,
    count: int | None = None,
    language: str = "en",
    step: Step = lambda done, total: None,
) -> list[TextGroup]:
    """Groups of contributions, the largest first, and last what stays apart (number ``APART``), if anything does.

    Without ``count`` the number of groups is found; a group has at least two contributions. With it there are exactly
    so many, and apart stays only what has no words. Vectors are computed where they are missing, by the careful
    encoder where ``vectors`` has it: 20 texts a second. Labels are in ``language`` (en, ca, es, fr, ar).

    Raises EngineError where ``count`` is less than one or more than there are different texts with words.
    """
    places = _places(texts)
    different = texts_read(texts)
    _refuse(count, len(different))
    if not different:
        return _apart([], len(texts), language)
    languages = _languages(texts, places, different)
    themes = theme_scores(different, vectors).astype(np.float32)
    graph = _graph(Nearness(languages, signals_of(different, themes, vectors, step)), alone_too=count is not None)
    resolution = 1 + (FINEST - 1) * min(1.0, len(different) / _TEXTS_OF_FINEST)
    labels = communities(graph, resolution) if count is None else exactly(graph, count, resolution)
    gathered = _gathered(labels, [len(places[text]) for text in different], fewest=2 if count is None else 1)
    described = describe(gathered, Described(different, languages, themes), language)
    groups = [
        TextGroup(
            number=number,
            members=tuple(sorted(place for node in nodes for place in places[different[node]])),
            typical=places[different[_typical(graph, nodes)]][0],
            label=told.label,
            words=told.words,
            theme=told.theme,
        )
        for number, (nodes, told) in enumerate(zip(gathered, described, strict=True), start=1)
    ]
    return groups + _apart(groups, len(texts), language)


def in_languages(
    texts: Sequence[Contribution], groups: Sequence[TextGroup], *, vectors: Vectors, languages: Sequence[str]
) -> dict[str, list[TextGroup]]:
    """The same groups as somebody reads them in each of some languages: labels and words are said anew."""
    places = _places(texts)
    different = texts_read(texts)
    themes = theme_scores(different, vectors).astype(np.float32)
    described = Described(different, _languages(texts, places, different), themes)
    at = {place: node for node, text in enumerate(different) for place in places[text]}
    gathered = [sorted({at[place] for place in group.members}) for group in groups if group.number != APART]
    found: dict[str, list[TextGroup]] = {}
    for language in languages:
        told = iter(describe(gathered, described, language))
        found[language] = [
            replace(group, label=apart_label(language))
            if group.number == APART
            else replace(group, **_said(next(told)))
            for group in groups
        ]
    return found


def _said(told: Label) -> dict[str, Any]:
    return {"label": told.label, "words": told.words, "theme": told.theme}


def texts_read(texts: Sequence[Contribution]) -> list[str]:
    """What the encoder reads of contributions, each once, sorted: a background job may read it beforehand."""
    return sorted(text for text in _places(texts) if words(text))


def _places(texts: Sequence[Contribution]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(texts):
        places[_read(one)].append(at)
    return places


def _languages(
    texts: Sequence[Contribution], places: Mapping[str, Sequence[int]], different: Sequence[str]
) -> list[str]:
    return [texts[places[text][0]].language or detect_language(text[:_HEARD_LETTERS]) for text in different]


def _read(one: Contribution) -> str:
    """What is read of a contribution: the beginning of title and text."""
    return f"{one.title}\n{one.text}".strip()[:_READ_LETTERS]


def _refuse(count: int | None, different: int) -> None:
    if count is not None and count < 1:
        raise EngineError(f"{count} groups cannot be made.", "Ask for one or more, or leave the number open.")
    if count is not None and count > different:
        raise EngineError(
            f"{count} groups cannot be made of {different} different texts.", f"Ask for {different} at most."
        )


def _graph(nearness: Nearness, alone_too: bool) -> Graph:
    """Each text with its nearest neighbours, where they are near; ``alone_too``: however far they are."""
    links: list[dict[int, float]] = [{} for _ in range(len(nearness))]
    neighbours = int(np.clip(len(nearness) // _TEXTS_PER_NEIGHBOUR, _FEWEST_NEIGHBOURS, _MOST_NEIGHBOURS))
    for rows, near in nearness.blocks():
        near[np.arange(len(rows)), list(rows)] = -np.inf
        if neighbours < near.shape[1]:
            near[near < np.partition(near, -neighbours, axis=1)[:, -neighbours, None]] = -np.inf
        if alone_too:
            near[np.isfinite(near)] = np.maximum(near[np.isfinite(near)], _FAR)
        for row, column in zip(*np.nonzero(near >= (_FAR if alone_too else _NEAR)), strict=True):
            weight = float(near[row, column]) / 2
            for one, other in ((rows[row], int(column)), (int(column), rows[row])):
                links[one][other] = links[one].get(other, 0.0) + weight
    return Graph(links, [0.0] * len(links))


def _gathered(labels: Labels, sizes: Sequence[int], fewest: int) -> list[list[int]]:
    """The nodes of each community of ``fewest`` rows or more, the most rows first."""
    nodes: dict[int, list[int]] = defaultdict(list)
    for node, label in enumerate(labels):
        nodes[int(label)].append(node)
    rows = {label: sum(sizes[node] for node in held) for label, held in nodes.items()}
    return [nodes[label] for label in sorted(nodes, key=lambda label: (-rows[label], label)) if rows[label] >= fewest]


def _typical(graph: Graph, nodes: Sequence[int]) -> int:
    """The node with the most weight to others of its group."""
    group = set(nodes)
    return max(
        nodes, key=lambda node: (sum(weight for other, weight in graph.links[node].items() if other in group), -node)
    )


def _apart(groups: Sequence[TextGroup], count: int, language: str) -> list[TextGroup]:
    left = sorted(set(range(count)).difference(*(group.members for group in groups)))
    return [TextGroup(APART, tuple(left), left[0], apart_label(language), (), "")] if left else []
