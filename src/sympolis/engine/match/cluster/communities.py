"""Communities of a graph: texts that are nearer to each other than to the rest, however many there turn out to be.

Modularity with a resolution (Newman 2004; Reichardt and Bornholdt 2006) is made large by moving one node at a time and
then whole communities (Louvain: Blondel et al. 2008), and once more one node at a time on the result (Rotta and Noack
2011). Nodes come in the order of their numbers and the lowest community wins a tie, so one graph has one answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

type Labels = npt.NDArray[np.int64]

_LEAST_GAIN = 1e-10
_MOST_ROUNDS = 50  # a round moves what it can; some ten are needed
_FINER, _FINEST = 1.4, 1e5


@dataclass(frozen=True, slots=True)
class Graph:
    """A weighted graph without direction: for each node its neighbours and the weight within it (both ends)."""

    links: list[dict[int, float]]
    within: list[float]

    def strengths(self) -> list[float]:
        """The weight at each node, what lies within it included."""
        return [sum(links.values()) + self.within[node] for node, links in enumerate(self.links)]


def communities(graph: Graph, resolution: float) -> Labels:
    """int (nodes,): the community of each node, numbered 0, 1, … by their first node."""
    labels = _numbered(_levels(graph, resolution))
    while True:
        finer = _numbered(_moved(graph, list(labels), resolution))
        labels, before = _numbered(_levels(_merged(graph, finer), resolution)[finer]), labels
        if np.array_equal(labels, before) or modularity(graph, labels, resolution) <= (
            modularity(graph, before, resolution) + _LEAST_GAIN
        ):
            return before


def exactly(graph: Graph, count: int, resolution: float) -> Labels:
    """int (nodes,): just ``count`` communities, at most as many as there are nodes.

    The resolution rises until there are enough; then the two with the strongest tie, for their strengths, become one,
    again and again.
    """
    labels = communities(graph, resolution)
    while len(labels) and labels.max() + 1 < count:
        resolution *= _FINER
        labels = communities(graph, resolution) if resolution < _FINEST else np.arange(len(graph.links))
    while len(labels) and labels.max() + 1 > count:
        labels = _numbered(_with_strongest_joined(_merged(graph, labels))[labels])
    return labels


def _with_strongest_joined(graph: Graph) -> Labels:
    """A number for each node, the same for two of them; where none are tied, for the two weakest."""
    strengths = graph.strengths()
    ties = [
        (-weight / (strengths[one] * strengths[other]), one, other)
        for one, near in enumerate(graph.links)
        for other, weight in near.items()
        if one < other
    ]
    weakest = sorted(range(len(strengths)), key=lambda node: (strengths[node], node))[:2]
    one, other = min(ties)[1:] if ties else sorted(weakest)
    labels = np.arange(len(strengths))
    labels[other] = one
    return labels


def _levels(graph: Graph, resolution: float) -> Labels:
    """Moves nodes, makes each community a node, and so on until nothing moves."""
    labels = np.arange(len(graph.links))
    while True:
        moved = _numbered(_moved(graph, list(range(len(graph.links))), resolution))
        if len(graph.links) == 0 or moved.max() + 1 == len(graph.links):
            return labels
        labels = moved[labels]
        graph = _merged(graph, moved)


def _moved(graph: Graph, labels: list[int], resolution: float) -> list[int]:
    """Each node in turn goes to the community among its neighbours' where it adds most, until none wants to."""
    strengths = graph.strengths()
    whole = sum(strengths)
    totals = [0.0] * len(strengths)
    for node, label in enumerate(labels):
        totals[label] += strengths[node]
    for _ in range(_MOST_ROUNDS):
        still = True
        for node, links in enumerate(graph.links):
            own, strength = labels[node], strengths[node]
            to: dict[int, float] = {own: 0.0}
            for other, weight in links.items():
                to[labels[other]] = to.get(labels[other], 0.0) + weight
            totals[own] -= strength
            share = resolution * strength / whole if whole else 0.0
            best, gain = own, to[own] - share * totals[own] + _LEAST_GAIN
            for label in sorted(to):
                if (offered := to[label] - share * totals[label]) > gain:
                    best, gain = label, offered + _LEAST_GAIN
            totals[best] += strength
            labels[node] = best
            still = still and best == own
        if still:
            break
    return labels


def _merged(graph: Graph, labels: Labels) -> Graph:
    """The graph whose nodes are the communities."""
    count = int(labels.max()) + 1 if len(labels) else 0
    links: list[dict[int, float]] = [{} for _ in range(count)]
    within = [0.0] * count
    for node, near in enumerate(graph.links):
        own = int(labels[node])
        within[own] += graph.within[node]
        for other, weight in near.items():
            there = int(labels[other])
            if there == own:
                within[own] += weight
            else:
                links[own][there] = links[own].get(there, 0.0) + weight
    return Graph(links, within)


def modularity(graph: Graph, labels: Labels, resolution: float) -> float:
    """How much more weight lies within communities than by chance, as a share of all weight."""
    merged = _merged(graph, labels)
    strengths = merged.strengths()
    whole = sum(strengths)
    if not whole:
        return 0.0
    return sum(
        inside / whole - resolution * (strength / whole) ** 2
        for inside, strength in zip(merged.within, strengths, strict=True)
    )


def _numbered(labels: Sequence[int] | Labels) -> Labels:
    """The same communities numbered by their first node."""
    numbers: dict[int, int] = {}
    return np.array([numbers.setdefault(int(label), len(numbers)) for label in labels], np.int64)
