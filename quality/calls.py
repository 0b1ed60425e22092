"""How well a need finds the calls that could pay for it: nDCG@10 against words, each encoder and their fusion.

``python quality/calls.py`` asks the needs of ``calls.yaml`` to the open calls of a folder of the EU's portal
(``--calls``) and prints a row for each way of finding and a column for each language, for the needs one may look at; of
those held out only totals. A gain is 2^grade - 1 (Järvelin and Kekäläinen, *Cumulated gain-based evaluation of IR
techniques*, 2002, in the form of Burges et al., 2005); a call that nobody judged counts as 0, and how many of these
stand among the first ten is printed beside it: where they are many, judge them before believing the figure. Needs that
no call clearly fits are left out of the means; how many calls ours proposes for them all the same is told below. How
far ours is above the others is told over the same needs, with the standard error of the mean difference and an interval
by bootstrap that holds it 95 times of 100: where a zero lies in it, the needs judged can't tell the two apart.

``--search`` asks the search as well, as ``sympolis search --kind call`` does, and weighs what it finds as the page of
a need does. ``--missed`` tells the first ten of ours
for the needs one may look at, never for those held out; ``--unjudged`` names what of ours is to be judged.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
import tantivy
import yaml

from sympolis.engine.index import Index
from sympolis.engine.match import weights
from sympolis.engine.match.calls import fitting_calls, is_open_or_forthcoming
from sympolis.engine.match.features import compare_items
from sympolis.engine.match.items import item_of_call, texts_of
from sympolis.engine.model import Call, Hit, Item, ItemKind, Query
from sympolis.engine.run.documents import document_of
from sympolis.engine.sources import portal
from sympolis.engine.texts.encoders import CAREFUL, FAST, Matrix
from sympolis.engine.texts.subjects import subject_texts
from sympolis.engine.texts.vectors import Vectors
from sympolis.engine.texts.words import terms, words

CASES = Path(__file__).with_name("calls.yaml")
FOLDER = Path(__file__).parents[2] / "shared" / "data" / "calls"
ON = date(2026, 8, 15)
"""The day the calls are asked for: the snapshot is of August 2026."""

LANGUAGES = ("ca", "es", "fr", "ar", "en", "it", "pt", "tr", "de")
FIRST = 10
FITS = 2
"""The grade from which a call is an answer; a 1 is worth a look."""

AGAINST = ("words", "stems", "fast", "careful", "both encoders")
"""The ways ours has to be clearly above of; ``both encoders`` is their reciprocal-rank fusion."""

OURS = ("ours", "search", "page of a need")
"""The ways in which the product finds calls for a need; the first is `sympolis calls`."""

CANDIDATES = 300
"""What a need's page takes of what the search finds."""

_RESAMPLED = 10_000
_RRF = 60  # Cormack, Clarke and Büttcher, *Reciprocal rank fusion*, 2009

type Case = Mapping[str, Any]
type Ranking = list[str]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--calls", type=Path, default=FOLDER, help="a folder with calls of the portal")
    arguments.add_argument("--cache", type=Path, help="a folder that keeps vectors; the first run takes minutes")
    arguments.add_argument(
        "--search", action="store_true", help="ask the search as well: every passage gets its vectors"
    )
    arguments.add_argument("--missed", action="store_true", help="tell the first ten of ours, needs held out left out")
    arguments.add_argument("--unjudged", action="store_true", help="print the pairs of ours that nobody judged")
    chosen = arguments.parse_args()
    calls = read_calls(chosen.calls)
    if not calls:
        print(f"Skipped: there are no calls in {chosen.calls}. Name a folder of the portal's pages with --calls.")
        return 0
    cases = yaml.safe_load(CASES.read_text("utf-8"))
    vectors = Complete(chosen.cache)
    rankings = ways(cases, calls, vectors)
    if chosen.search:
        rankings |= searched(cases, calls, vectors)
    print(f"{len(cases)} needs, {len(calls)} calls open or forthcoming on {ON}")
    print(table("by language", [case for case in cases if not case["held_out"]], rankings, by_language=True))
    print(table("held out", [case for case in cases if case["held_out"]], rankings, by_language=False))
    for one in (way for way in OURS if way in rankings):
        print(leads(cases, rankings, one))
    if chosen.missed:
        print("\n".join(told(cases, rankings["ours"], {call.id: call for call in calls})))
    if chosen.unjudged:
        found = {
            (case["id"], key)
            for way in OURS
            if way in rankings
            for case in cases
            for key in unjudged(case, rankings[way])
        }
        print("\n".join(f"{need}  {key}" for need, key in sorted(found)))
    return 0


class Complete(Vectors):
    """Vectors as they are once the background job has been through: nothing is unknown to any encoder."""

    def known(self, texts: Sequence[str], encoder: str) -> tuple[Matrix, npt.NDArray[np.bool_]]:
        """What is not known yet is computed."""
        return self.encode(texts, encoder), np.ones(len(texts), bool)


def read_calls(folder: Path) -> list[Call]:
    """The calls of a folder that are open or forthcoming on the day, each once, in order of id."""
    if not folder.is_dir():
        return []
    found = {call.id: call for file in portal.files(folder) for call in portal.read(file, []) if isinstance(call, Call)}
    return [call for _, call in sorted(found.items()) if is_open_or_forthcoming(call, ON)]


def ways(cases: Sequence[Case], calls: Sequence[Call], vectors: Vectors) -> dict[str, dict[str, Ranking]]:
    """Way of finding -> need's id -> ids of calls, best first."""
    needs = [str(case["text"]) for case in cases]
    english = [str(case["english"] or case["text"]) for case in cases]
    items = [item_of_call(call) for call in calls]
    corrected = compare_items([_item(need) for need in needs], items, vectors).encoders
    scores = {
        "words": Bm25(calls, words).scores(needs),
        "stems": Bm25(calls, terms).scores(needs),
        "stems, in English": Bm25(calls, terms).scores(english),
        "fast": _cosines(needs, items, vectors, FAST),
        "careful": _cosines(needs, items, vectors, CAREFUL),
        "fast, corrected": corrected[FAST],
        "careful, corrected": corrected[CAREFUL],
    }
    ids = [call.id for call in calls]
    ranked = {way: [_ranking(row, ids) for row in rows] for way, rows in scores.items()}
    for way, fused in {
        "both encoders": ("fast", "careful"),
        "both, corrected": ("fast, corrected", "careful, corrected"),
        "all three": ("stems", "fast", "careful"),
        "all three, corrected": ("stems", "fast, corrected", "careful, corrected"),
    }.items():
        ranked[way] = [fusion([ranked[name][at] for name in fused]) for at in range(len(cases))]
    ranked["ours"] = [_ours(need, calls, vectors) for need in needs]
    return {way: dict(zip([case["id"] for case in cases], rows, strict=True)) for way, rows in ranked.items()}


def searched(cases: Sequence[Case], calls: Sequence[Call], vectors: Vectors) -> dict[str, dict[str, Ranking]]:
    """What an index of the calls is asked: the search, and what the page of a need makes of what it finds."""
    hits = found(cases, calls, vectors)
    return {
        "search": {key: [hit.document.id for hit in listed] for key, listed in hits.items()},
        "page of a need": {case["id"]: _weighed(case["text"], hits[case["id"]], vectors) for case in cases},
    }


def found(cases: Sequence[Case], calls: Sequence[Call], vectors: Vectors) -> dict[str, Sequence[Hit]]:
    """Need's id -> what a search for its words finds in an index of the calls."""
    documents = [document for call in calls if (document := document_of(call)) is not None]
    vectors.fill(subject_texts(), CAREFUL)
    with TemporaryDirectory() as folder, Index.create(Path(folder), vectors) as index:
        index.add(documents)
        index.encode_missing(CAREFUL)
        return {
            case["id"]: index.search(Query(case["text"], kinds=("call",), limit=CANDIDATES, told=0)) for case in cases
        }


def _weighed(need: str, hits: Sequence[Hit], vectors: Vectors) -> Ranking:
    """As `office/synergies/weighing.py` puts them in order, save that a page leaves out the least ones."""
    weighed = zip(weights(need, hits, vectors), hits, strict=True)
    return [hit.document.id for _, hit in sorted(weighed, key=lambda pair: (-pair[0].score, pair[1].document.id))]


class Bm25:
    """Calls by the words of their titles and summaries, in tantivy, as it scores them by default (BM25)."""

    def __init__(self, calls: Sequence[Call], read: Callable[[str], list[str]]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("said", tokenizer_name="pieces", index_option="freq")
        builder.add_integer_field("place", fast=True)
        self._schema, self._read, self._count = builder.build(), read, len(calls)
        self._index = tantivy.Index(self._schema)
        pieces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer("pieces", pieces)
        writer = self._index.writer(50_000_000, 1)
        for place, call in enumerate(calls):
            said = " ".join(read(" ".join([*call.title.values(), *call.summary.values()])))
            writer.add_document(tantivy.Document(said=[said], place=[place]))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def scores(self, questions: Sequence[str]) -> Matrix:
        """float32 (questions, calls); 0 where no word is shared."""
        return np.array([self._scores(question) for question in questions], np.float32)

    def _scores(self, question: str) -> Matrix:
        asked = [tantivy.Query.term_query(self._schema, "said", word) for word in self._read(question)]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in asked])
        searcher = self._index.searcher()
        hits = searcher.search(query, self._count, count=False).hits
        places = searcher.fast_field_values("place", [address for _, address in hits])
        row = np.zeros(self._count, np.float32)
        for (score, _), place in zip(hits, places, strict=True):
            row[int(place or 0)] = score
        return row


def fusion(rankings: Sequence[Ranking]) -> Ranking:
    """One ranking of several by the sum of their reciprocal ranks; equals in order of id."""
    total: dict[str, float] = defaultdict(float)
    for ranking in rankings:
        for rank, key in enumerate(ranking, start=1):
            total[key] += 1 / (_RRF + rank)
    return sorted(total, key=lambda key: (-total[key], key))


def ndcg(ranking: Ranking, grades: Mapping[str, int]) -> float | None:
    """Normalised discounted cumulated gain of the first ten in [0, 1]; None where no call is any good."""
    best = _gained(sorted(grades.values(), reverse=True)[:FIRST])
    return _gained([grades.get(key, 0) for key in ranking[:FIRST]]) / best if best else None


def _gained(grades: Sequence[int]) -> float:
    return float(sum((2**grade - 1) / np.log2(rank + 1) for rank, grade in enumerate(grades, start=1)))


def unjudged(case: Case, rankings: Mapping[str, Ranking]) -> list[str]:
    """What stands among the first ten and nobody has judged."""
    judged = {*case["grades"], *case["judged_zero"]}
    return [key for key in rankings[case["id"]][:FIRST] if key not in judged]


def table(name: str, cases: Sequence[Case], rankings: Mapping[str, Mapping[str, Ranking]], by_language: bool) -> str:
    """nDCG@10 for each way of finding, right at rank 1 (a grade of 2 or 3), and unjudged ones among the first ten."""
    fitting = [case for case in cases if _best(case) >= FITS]
    groups = {language: [c for c in fitting if c["language"] == language] for language in LANGUAGES}
    columns = {**(groups if by_language else {}), "all": fitting}
    lines = [f"{name:22}" + "".join(f"{column:>7}" for column in columns) + "  first  unjudged"]
    for way, ranked in rankings.items():
        means = [mean(ndcg(ranked[c["id"]], c["grades"]) or 0 for c in listed) for listed in columns.values()]
        first = mean(_is_good(ranked[c["id"]], c["grades"]) for c in fitting)
        blanks = sum(len(unjudged(case, ranked)) for case in cases)
        lines.append(f"{way:22}" + "".join(f"{one:7.3f}" for one in means) + f"{first:7.2f}{blanks:>10}")
    idle = [len(rankings["ours"][case["id"]]) for case in cases if _best(case) < FITS]
    lines.append(f"{len(idle)} needs that no call fits: ours proposes {', '.join(map(str, idle))} calls")
    return "\n".join(lines)


def leads(cases: Sequence[Case], rankings: Mapping[str, Mapping[str, Ranking]], one: str) -> str:
    """How far one way is above others, over the same needs: mean, standard error and interval of 95 %."""
    fitting = [case for case in cases if _best(case) >= FITS]
    halves = {"developed": [c for c in fitting if not c["held_out"]], "held out": [c for c in fitting if c["held_out"]]}
    groups = {**halves, "all": fitting}
    lines = [f"{f'{one} above':22}" + "".join(f"{f'{name} ({len(listed)})':>30}" for name, listed in groups.items())]
    for way in AGAINST:
        told = [lead(gains(listed, rankings[one]) - gains(listed, rankings[way])) for listed in groups.values()]
        lines.append(f"{way:22}" + "".join(f"{said:>30}" for said in told))
    return "\n".join(lines)


def gains(cases: Sequence[Case], ranked: Mapping[str, Ranking]) -> npt.NDArray[np.float64]:
    """float64 (needs,): nDCG@10 of each need that some call fits."""
    return np.array([ndcg(ranked[case["id"]], case["grades"]) or 0 for case in cases])


def lead(differences: npt.NDArray[np.float64]) -> str:
    """Mean of paired differences with its standard error, and where it lies in 95 of 100 resamples; the same always."""
    error = differences.std(ddof=1) / np.sqrt(len(differences))
    drawn = np.random.default_rng(2026).integers(len(differences), size=(_RESAMPLED, len(differences)))
    low, high = np.quantile(differences[drawn].mean(axis=1), (0.025, 0.975))
    return f"{differences.mean():+.3f} ({error:.3f}) {low:+.3f} {high:+.3f}"


def _best(case: Case) -> int:
    return max(case["grades"].values(), default=0)


def _is_good(ranking: Ranking, grades: Mapping[str, int]) -> bool:
    return bool(ranking) and grades.get(ranking[0], 0) >= FITS


def told(cases: Sequence[Case], ours: Mapping[str, Ranking], calls: Mapping[str, Call]) -> list[str]:
    """The first ten of ours with their grades, and the good ones that are not among them."""
    lines = []
    for case in (case for case in cases if not case["held_out"]):
        ranking, grades = ours[case["id"]], case["grades"]
        score = ndcg(ranking, grades)
        lines.append(f"\n{case['id']} {'-' if score is None else f'{score:.3f}'}  {case['text']}")
        for key in ranking[:FIRST]:
            grade = grades.get(key, 0 if key in case["judged_zero"] else "?")
            lines.append(f"  {grade}  {key}  {_title(calls, key)}")
        for key in (key for key, grade in grades.items() if grade >= FITS and key not in ranking[:FIRST]):
            place = ranking.index(key) + 1 if key in ranking else "-"
            lines.append(f"  missed {grades[key]} at {place}  {key}  {_title(calls, key)}")
    return lines


def _title(calls: Mapping[str, Call], key: str) -> str:
    return next(iter(calls[key].title.values()), "")[:80] if key in calls else "(not in this folder)"


def _item(need: str) -> Item:
    return Item(id=need, kind=ItemKind.NEED, title={"": need}, owner_id="")


def _cosines(needs: Sequence[str], items: Sequence[Item], vectors: Vectors, encoder: str) -> Matrix:
    """float32 (needs, calls): plain cosines."""
    texts = [" ".join(texts_of(item)) for item in items]
    return np.asarray(vectors.encode(needs, encoder) @ vectors.encode(texts, encoder).T, np.float32)


def _ranking(scores: Matrix, ids: Sequence[str]) -> Ranking:
    """Ids by score, equals by id; what has no score at all is not in it."""
    return [ids[at] for at in np.argsort(-scores, kind="stable") if scores[at] > 0]


def _ours(need: str, calls: Sequence[Call], vectors: Vectors) -> Ranking:
    return [fit.call.id for fit in fitting_calls(need, calls, (), (), ON, vectors=vectors, limit=len(calls))]


if __name__ == "__main__":
    sys.exit(main())
