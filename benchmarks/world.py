"""How large a world one machine holds: merging, resolving, looking up, indexing and asking made-up records.

    .venv/bin/python benchmarks/world.py [--sizes 10000 100000] [--json FILE] [--plot FILE.svg]

Each size gets a process of its own and a folder that is thrown away; seconds are of the wall and of all processors
together, memory is the most any process held, mapped files included.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from benchmarks.speed import machine  # noqa: E402 - run as a script, it is in the folder above

FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"countries": ("ES", "FR")},
    {"kinds": ("project",)},
    {"languages": ("fr",), "kinds": ("project",)},
    {"themes": ("water",)},
    {"after": date(2018, 1, 1), "before": date(2022, 1, 1)},
    {"countries": ("TN",), "kinds": ("organisation",)},
)
EXACT = 40  # questions answered exactly, to compare


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    options.add_argument("--json", type=Path)
    options.add_argument("--plot", type=Path)
    options.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--folder", type=Path, help="where there is room; what is kept there is used again")
    chosen = options.parse_args()
    if chosen.one:
        chosen.one.write_text(json.dumps(measure(chosen.sizes[0], chosen.folder)), "utf-8")
        return
    found = {}
    print(machine())
    for size in chosen.sizes:
        found[size] = apart(size, chosen.folder)
        print(f"\n{size:,} projects", *(f"  {name:<34}{value}" for name, value in found[size].items()), sep="\n")
    if chosen.json:
        chosen.json.write_text(json.dumps([machine(), found], indent=1), "utf-8")
    if chosen.plot:
        chosen.plot.write_text(plot(found), "utf-8")


def apart(size: int, kept: Path | None) -> dict[str, Any]:
    """One size in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="sympolis-world-") as scratch:
        folder = (kept or Path(scratch)) / str(size)
        answer = Path(scratch) / "answer.json"
        here = [sys.executable, __file__, "--sizes", str(size), "--one", str(answer), "--folder", str(folder)]
        subprocess.run(here, check=True)
        told: dict[str, Any] = json.loads(answer.read_text("utf-8"))
        return told


def measure(size: int, folder: Path) -> dict[str, Any]:
    from benchmarks.records import write_records
    from sympolis.engine.index import Index
    from sympolis.engine.resolve.gazetteer import Gazetteer
    from sympolis.engine.run.indexing import build_index
    from sympolis.engine.run.lookup import write_lookup
    from sympolis.engine.run.merge import database, merge
    from sympolis.engine.run.same import put_together
    from sympolis.engine.run.schemas import SCHEMAS
    from sympolis.engine.texts.vector_blocks import VectorBlocks

    found: dict[str, Any] = {"load": round(os.getloadavg()[0], 1)}
    vectors = VectorBlocks(folder / "vectors")
    merged = folder / "merged"
    if not (folder / "made").exists():
        with step("made", found):
            write_records(size, folder / "parts", vectors)
        (folder / "made").touch()
    for before in (merged, folder / "scratch", folder / "cache" / "resolved"):
        shutil.rmtree(before, ignore_errors=True)
    merged.mkdir()
    with step("merge", found), database(folder / "scratch") as base:
        merge(sorted((folder / "parts").iterdir()), merged, base)
    Gazetteer(folder / "cache").close()  # made once in a home, not with each build
    with step("resolve", found), database(folder / "scratch") as base:
        put_together(merged, folder / "cache" / "resolved", folder / "none", base, lambda *_: None)
    assert all((merged / f"{name}.parquet").is_file() for name in SCHEMAS)
    (merged / "world.sqlite").unlink(missing_ok=True)
    with step("lookup", found):
        write_lookup(merged)
    with step("index", found):
        found["documents"] = build_index(merged, vectors)
    found["index MB"] = megabytes(merged / "index")
    with Index.open(merged / "index") as index:
        ask(index, found)
    found["memory MB"] = max(most_memory(resource.RUSAGE_SELF), most_memory(resource.RUSAGE_CHILDREN))
    return found


@contextmanager
def step(name: str, found: dict[str, Any]) -> Iterator[None]:
    began, spent = time.perf_counter(), processor()
    yield
    found[f"{name} s"] = round(time.perf_counter() - began, 1)
    found[f"{name} processor s"] = round(processor() - spent, 1)
    found[f"{name} memory MB so far"] = most_memory(resource.RUSAGE_SELF)
    print(f"  {name}: {found[f'{name} s']} s, processor {found[f'{name} processor s']} s", file=sys.stderr, flush=True)


def processor() -> float:
    """Seconds of this process and those it started that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def most_memory(who: int) -> int:
    return resource.getrusage(who).ru_maxrss // 1024


def megabytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) // 2**20


def ask(index: Any, found: dict[str, Any]) -> None:
    """200 questions with filters, after one round that maps the files; then how good the neighbours are."""
    from benchmarks.records import questions
    from sympolis.engine.model import Query

    asked = [Query(text, **FILTERS[at % len(FILTERS)]) for at, text in enumerate(questions())]
    for query in asked:
        index.search(query)
    taken = np.array([timed(lambda query=query: index.search(query)) for query in asked]) * 1000
    for name, column in (("search", taken[:, 0]), ("search processor", taken[:, 1])):
        for share in (50, 95):
            found[f"{name} p{share} ms"] = round(float(np.percentile(column, share)), 1)
    found["answered"] = sum(bool(index.search(query)) for query in asked[::5])
    for at, filters in enumerate(FILTERS):
        found[f"search processor p50 ms {filters}"] = round(float(np.median(taken[at :: len(FILTERS), 1])), 1)
    found.update(recall(index, asked))


def timed(work: Callable[[], object]) -> tuple[float, float]:
    began, spent = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - spent


def recall(index: Any, asked: list[Any]) -> dict[str, Any]:
    """Share of the ten best documents by vectors that are found without looking at all, with and without filters."""
    from sympolis.engine.index.reading import filter_groups
    from sympolis.engine.texts.encoders import FAST, load_encoder

    reading = index._reading
    table = reading.tables[FAST]
    if table.neighbours is None:
        return {"rows": len(table.passages)}
    shares: dict[bool, list[float]] = {True: [], False: []}
    for query in asked[: 2 * EXACT]:
        allowed = reading.filters.allowed(filter_groups(query), query.after, query.before)
        row = load_encoder(FAST).encode([query.text])[0]
        best = exact(table, row, allowed)
        if len(best):
            near = table.answers(row).best(allowed, 200)
            shares[allowed.is_all].append(float(np.isin(best, near[:10]).mean()))
    means = {
        f"recall@10 {'plain' if plain else 'filtered'}": round(float(np.mean(one)), 3) for plain, one in shares.items()
    }
    lists = table.neighbours
    return {"rows": len(table.passages), "lists": lists.lists.nlist, "probes": lists.probes, **means}


def exact(table: Any, row: Any, allowed: Any) -> Any:
    return replace(table, neighbours=None).answers(row).best(allowed, 10)


def plot(found: dict[int, dict[str, Any]]) -> str:
    """Processor seconds of the steps by number of projects, both logarithmic; a dotted line is linear growth."""
    steps, colours = ("merge", "resolve", "lookup", "index"), ("#4c78a8", "#f58518", "#54a24b", "#b279a2")
    sizes = sorted(found)
    values = [found[size].get(f"{name} processor s", 0.1) for name in steps for size in sizes]
    low, high = np.log10(max(min(values), 0.1)), np.log10(max(values))

    def x(size: int) -> float:
        return 70 + 480 * np.log10(size / sizes[0]) / max(np.log10(sizes[-1] / sizes[0]), 1e-9)

    def y(value: float) -> float:
        return 300 - 260 * (np.log10(max(value, 0.1)) - low) / max(high - low, 1e-9)

    drawn = [f'<text x="{x(size):.0f}" y="330" text-anchor="middle">{size:,} projects</text>' for size in sizes]
    ends = {name: y(found[sizes[-1]].get(f"{name} processor s", 0.1)) for name in steps}
    beside = apart_by(16, ends)
    for name, colour in zip(steps, colours, strict=True):
        times = [found[size].get(f"{name} processor s", 0.1) for size in sizes]
        points = " ".join(f"{x(size):.0f},{y(value):.0f}" for size, value in zip(sizes, times, strict=True))
        drawn.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        linear = y(times[0] * sizes[-1] / sizes[0])
        drawn.append(
            f'<line x1="{x(sizes[0]):.0f}" y1="{y(times[0]):.0f}" x2="{x(sizes[-1]):.0f}" y2="{linear:.0f}" '
            f'stroke="{colour}" stroke-dasharray="2 5"/>'
        )
        drawn.append(f'<text x="562" y="{beside[name] + 4:.0f}" fill="{colour}">{name}, {times[-1]:,.0f} s</text>')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 350" font-family="sans-serif" font-size="12">'
        "<title>Processor seconds by number of projects, both logarithmic; dotted: linear growth</title>"
        f'<rect width="680" height="350" fill="#fff"/>{"".join(drawn)}</svg>\n'
    )


def apart_by(gap: float, places: dict[str, float]) -> dict[str, float]:
    """The same places, moved down where they would lie over one another."""
    moved: dict[str, float] = {}
    for name, place in sorted(places.items(), key=lambda one: one[1]):
        moved[name] = max([place, *(other + gap for other in moved.values())])
    return moved


if __name__ == "__main__":
    main()
