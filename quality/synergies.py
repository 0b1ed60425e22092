"""Whether the engine proposes what can work together and leaves alone what cannot: pairs out of the demo's tables.

``python quality/synergies.py`` prints, for each way of scoring the pairs of ``synergies.yaml``, the area under the ROC
curve and the average precision, and how often the engine names the right kind; of pairs held out only these totals.
Pairs are scored one by one, as if nothing else stood in the two portfolios. ``--missed`` tells the scores of the pairs
one may look at.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from sympolis.engine.errors import EngineError
from sympolis.engine.match.features import compare_items
from sympolis.engine.match.items import texts_of
from sympolis.engine.match.synergies import synergies
from sympolis.engine.model import Call, Item, ItemKind, PartialDate, Portfolio, Stage, Synergy, SynergyKind
from sympolis.engine.sources import facts
from sympolis.engine.texts.encoders import FAST
from sympolis.engine.texts.vectors import Vectors

CASES = Path(__file__).with_name("synergies.yaml")
TABLES = Path(__file__).parents[1] / "src" / "sympolis" / "demo"
ON = date(2026, 8, 15)
GIVERS = ("development-bank", "national-agency", "city-network", "programme", "intergovernmental")
"""Kinds of organisations that stand beside the two sides of a brief, as ``others``: the office's HELPER_KINDS."""

type Pair = Mapping[str, Any]
type Row = Mapping[str, str]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--cache", type=Path, help="a folder that keeps vectors")
    arguments.add_argument("--missed", action="store_true", help="tell the pairs that are not held out")
    chosen = arguments.parse_args()
    pairs = yaml.safe_load(CASES.read_text("utf-8"))
    tables = Tables.read(TABLES)
    sides = [(tables.portfolio(*pair["left"]), tables.portfolio(*pair["right"])) for pair in pairs]
    vectors = Complete(chosen.cache)
    scores = scored(sides, vectors)
    found = [proposals(left, right, tables, vectors) for left, right in sides]
    proposed = [next((one for one in listed if one.kind is not SynergyKind.ADVOCACY), None) for listed in found]
    spoken_for = np.array([any(one.kind is SynergyKind.ADVOCACY for one in listed) for listed in found])
    scores["proposal"] = np.array([one.score if one else 0.0 for one in proposed])
    for name, held_out in (("cases", False), ("held out", True)):
        at = [place for place, pair in enumerate(pairs) if pair["held_out"] is held_out]
        print(table(name, [pairs[place] for place in at], {way: row[at] for way, row in scores.items()}))
        print(kinds([pairs[place] for place in at], [proposed[place] for place in at], spoken_for[at]))
    if chosen.missed:
        print("\n".join(told(pairs, scores, proposed)))


class Complete(Vectors):
    """Vectors as they are once the background job has been through: nothing is unknown to any encoder."""

    def known(self, texts: Sequence[str], encoder: str) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
        """What is not known yet is computed."""
        return self.encode(texts, encoder), np.ones(len(texts), bool)


@dataclass(frozen=True, slots=True)
class Tables:
    """The demo's organisations, projects, needs, calls and seats by id."""

    organisations: Mapping[str, Row]
    projects: Mapping[str, Row]
    needs: Mapping[tuple[str, str], Row]
    calls: Sequence[Call]
    seats: Mapping[str, Sequence[str]]

    @classmethod
    def read(cls, folder: Path) -> Tables:
        """The tables of a folder. Raises FileNotFoundError for one that is missing."""
        seats: dict[str, list[str]] = {}
        for row in rows(folder / "relations.csv"):
            if row["type"] in ("member_of", "president_of", "hosts_secretariat_of", "participates_in"):
                seats.setdefault(row["from_id"], []).append(row["to_id"])
        return cls(
            {row["id"]: row for row in rows(folder / "organisations.csv")},
            {row["id"]: row for row in rows(folder / "projects.csv")},
            {(row["organisation_id"], row["title"]): row for row in rows(folder / "needs.csv")},
            [one for one in facts.read(folder / "calls.csv", []) if isinstance(one, Call)],
            seats,
        )

    def portfolio(self, organisation: str, name: str) -> Portfolio:
        """A side with one item. Raises EngineError for an organisation or item that the tables do not have."""
        whose = self.organisations.get(organisation)
        if whose is None:
            raise EngineError(f"There is no organisation {organisation!r} in {TABLES}.", "Correct the pair.")
        item = self._item(whose, name)
        seats = tuple(dict.fromkeys(self.seats.get(organisation, ())))
        return Portfolio(organisation, whose["kind"], whose["country_iso2"], (item,), seats)

    def _item(self, whose: Row, name: str) -> Item:
        if (need := self.needs.get((whose["id"], name))) is not None:
            return need_item(need, whose)
        project = self.projects.get(name)
        if project is None or whose["id"] not in takes_part(project):
            problem = f"{whose['id']} has no need and no project {name!r} in {TABLES}."
            raise EngineError(problem, "Correct the pair.")
        return project_item(project, whose)


def rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def takes_part(project: Row) -> list[str]:
    return [one for one in dict.fromkeys([project["lead_id"], *project["partner_ids"].split(";")]) if one]


def project_item(row: Row, whose: Row) -> Item:
    """As the office reads it; of the texts the one in the project's language and the Arabic one."""
    language = row["language"] or "en"
    title = {"en": row["title"], language: row["title_local"] or row["title"], "ar": row["title_ar"]}
    text = {language: row["summary"], "ar": row["summary_ar"]}
    return Item(
        id=row["id"],
        kind=ItemKind.PROJECT,
        title={code: said for code, said in title.items() if said},
        owner_id=whose["id"],
        text={code: said for code, said in text.items() if said},
        stage=stage_of(row),
        themes=tuple(row["themes"].split(";")),
        sdgs=tuple(int(goal) for goal in row["sdgs"].split(";") if goal),
        countries=tuple(country for country in row["countries"].split(";") if country),
        partner_ids=tuple(one for one in takes_part(row) if one != whose["id"]),
        programme=row["programme"],
        since=PartialDate.parse(row["start_year"]),
        until=PartialDate.parse(row["end_year"]),
    )


def need_item(row: Row, whose: Row) -> Item:
    return Item(
        id=f"{row['organisation_id']}|{row['title']}",
        kind=ItemKind(row["stage"]),
        title={row["language"]: row["title"]},
        owner_id=whose["id"],
        text={row["language"]: row["text"]},
        themes=tuple(row["themes"].split(";")),
        countries=(whose["country_iso2"],) if whose["country_iso2"] else (),
        illustrative=row["illustrative"] == "true",
    )


def stage_of(row: Row) -> Stage:
    """What the table says, else what the dates do, as in the office."""
    if row["status"]:
        return Stage(row["status"])
    start, end = PartialDate.parse(row["start_year"]), PartialDate.parse(row["end_year"])
    if end.latest and end.latest < ON:
        return Stage.FINISHED
    if start.earliest and start.earliest > ON:
        return Stage.PREPARING
    return Stage.ONGOING if start and end else Stage.UNKNOWN


def scored(sides: Sequence[tuple[Portfolio, Portfolio]], vectors: Vectors) -> dict[str, npt.NDArray[np.float64]]:
    """Way of scoring -> float64 (pairs,): plain cosine, topic, all features, topic as it is agreed on for proposals."""
    lefts, rights = [left.items[0] for left, _ in sides], [right.items[0] for _, right in sides]
    compared = compare_items(lefts, rights, vectors)
    first = [vectors.encode([texts_of(item)[0] for item in listed], FAST) for listed in (lefts, rights)]
    made = {
        "fast": first[0] @ first[1].T,
        "topic": compared.topic,
        "pair score": compared.score,
        "agreed": compared.agreed,
        "stage alone": compared.parts["stage"],
    }
    return {way: np.diag(matrix).astype(np.float64) for way, matrix in made.items()}


def proposals(left: Portfolio, right: Portfolio, tables: Tables, vectors: Vectors) -> list[Synergy]:
    """What the engine proposes for a pair, best first; a network stands beside the sides, as it does in a brief."""
    others = [side for side in (left, right) if side.kind in GIVERS]
    sides = [Portfolio(s.organisation_id, s.kind, s.country) if s in others else s for s in (left, right)]
    found = synergies(sides[0], sides[1], tables.calls, others, ON, vectors=vectors)
    return sorted(found, key=lambda one: (-one.score, one.id))


def table(name: str, pairs: Sequence[Pair], scores: Mapping[str, npt.NDArray[np.float64]]) -> str:
    works = np.array([pair["works"] for pair in pairs], bool)
    lines = [f"{name:14}{'AUC':>7}{'AP':>7}   {len(works)} pairs, {int(works.sum())} of them work"]
    lines += [f"{way:14}{area(row, works):7.3f}{average_precision(row, works):7.3f}" for way, row in scores.items()]
    return "\n".join(lines)


def area(scores: npt.NDArray[np.float64], works: npt.NDArray[np.bool_]) -> float:
    """Area under the ROC curve: how often a pair that works scores above one that doesn't; a tie is half."""
    above = scores[works][:, None] - scores[~works][None, :]
    return float(np.mean((above > 0) + 0.5 * (above == 0)))


def average_precision(scores: npt.NDArray[np.float64], works: npt.NDArray[np.bool_]) -> float:
    """Mean precision at the rank of each pair that works; among equals those that don't come first."""
    order = np.lexsort((works, -scores))
    right = works[order]
    return float(np.mean((np.cumsum(right) / np.arange(1, len(right) + 1))[right]))


def kinds(pairs: Sequence[Pair], proposed: Sequence[Synergy | None], spoken_for: npt.NDArray[np.bool_]) -> str:
    """How many of the pairs that work are proposed and by their kind, how many that don't are proposed.

    Advocacies are counted apart: they rest on a seat and a theme, and no pair is judged for them.
    """
    works = np.array([pair["works"] for pair in pairs], bool)
    there = np.array([one is not None for one in proposed])
    named = [(str(one.kind), pair) for one, pair in zip(proposed, pairs, strict=True) if one and pair["works"]]
    best = sum(kind == pair["kind"] for kind, pair in named)
    fair = sum(kind in (pair["kind"], *pair.get("also", ())) for kind, pair in named)
    return (
        f"of {works.sum()} that work {len(named)} are proposed: {best} as the best kind, {fair} as one that fits\n"
        f"of {(~works).sum()} that don't {(there & ~works).sum()} are proposed\n"
        f"advocacy besides: {(spoken_for & works).sum()} that work, {(spoken_for & ~works).sum()} that don't\n"
    )


def told(
    pairs: Sequence[Pair], scores: Mapping[str, npt.NDArray[np.float64]], proposed: Sequence[Synergy | None]
) -> list[str]:
    """The pairs that are not held out, the best proposal first."""
    seen = [at for at, pair in enumerate(pairs) if not pair["held_out"]]
    lines = []
    for at in sorted(seen, key=lambda place: (-scores["proposal"][place], place)):
        pair, one = pairs[at], proposed[at]
        figures = "  ".join(f"{way} {row[at]:.2f}" for way, row in scores.items())
        lines.append(f"{'yes' if pair['works'] else 'no ':4}{pair['id']}  {figures}")
        lines.append(f"       {pair['kind']}: {one.kind if one else '-'}  {pair['left'][1]} / {pair['right'][1]}")
    return lines


if __name__ == "__main__":
    main()
