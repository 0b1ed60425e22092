"""How telling organisations apart grows: made-up records, the pairs compared, the keys they share, the time it takes.

    .venv/bin/python benchmarks/resolving.py [--records 30000 100000] [--gazetteer FOLDER] [--keys] [--again]

Each number of records gets a process of its own. What is found is held against what the records were made of: the same
name, country and kind is the same body, however its name is written. One other form in five is a name with its first
three letters in brackets, so that many cities are called CIT: no real list is as unkind. ``--again`` changes the name
of one record in a hundred and resolves again with what was kept, and without.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from benchmarks.records import _body, _organisations, _world  # noqa: E402 - run as a script, it is in the folder above
from benchmarks.speed import machine, processor_ms, reference_loop  # noqa: E402 - as above


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--records", type=int, nargs="+", default=[30_000, 100_000])
    options.add_argument("--gazetteer", type=Path, help="where one is kept, or to be kept")
    options.add_argument("--again", action="store_true", help="resolve again after one record in a hundred changed")
    options.add_argument("--keys", action="store_true", help="which keys the pairs come from")
    options.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.one:
        print(json.dumps(measure(chosen.records[0], chosen.gazetteer, chosen.keys, chosen.again)))
        return
    print(f"{machine()}, the loop takes {processor_ms(reference_loop):.0f} ms")
    with tempfile.TemporaryDirectory(prefix="sympolis-resolving-") as scratch:
        gazetteer = chosen.gazetteer or Path(scratch)
        for count in chosen.records:
            print(f"\n{count:,} records, load {os.getloadavg()[0]:.1f}")
            for name, value in apart(count, gazetteer, chosen.keys, chosen.again).items():
                print(f"  {name:<34}{value:,}" if isinstance(value, int | float) else f"  {name:<34}{value}")


def apart(count: int, gazetteer: Path, keys: bool, again: bool) -> dict[str, Any]:
    """One number of records in a process of its own."""
    command = [sys.executable, __file__, "--one", "--records", str(count), "--gazetteer", str(gazetteer)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command += ["--keys"] * keys + ["--again"] * again
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def measure(count: int, folder: Path, keys: bool, again: bool) -> dict[str, Any]:
    from sympolis.engine.resolve import bodies as records
    from sympolis.engine.resolve import resolve
    from sympolis.engine.resolve.gazetteer import Gazetteer

    world = _world()
    told = [
        records.Body(one.id, tuple(dict.fromkeys([one.name])), one.country, one.kind, one.identifiers)
        for one in _organisations(world, 0, count)
    ]
    truth = [_body(world, random.Random(at - 3 if at % 4 == 3 else at)) for at in range(count)]
    gazetteer = Gazetteer(folder)
    found: dict[str, Any] = {}
    began, spent = time.perf_counter(), time.process_time()
    resolution = resolve.resolve_bodies(told, gazetteer)
    found["processor s"] = round(time.process_time() - spent, 1)
    found["wall s"] = round(time.perf_counter() - began, 1)
    found["memory MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    found["pairs"] = resolution.judged
    found["pairs for each record"] = round(resolution.judged / count, 2)
    found["unsure"] = len(resolution.unsure)
    found.update(quality([resolution.entities[one.id][0] for one in told], truth))
    if keys:
        found.update(shared_keys(resolution.kept.sketches))
    if again:
        found.update(resolved_again(told, gazetteer, resolution))
    return found


def quality(said: Sequence[str], truth: Sequence[tuple[str, str, str]]) -> dict[str, float]:
    """Pairwise precision, recall and F1."""
    both, found, real = (
        sum(n * (n - 1) // 2 for n in Counter(one).values())
        for one in (list(zip(said, truth, strict=True)), list(said), list(truth))
    )
    precision, recall = both / max(found, 1), both / max(real, 1)
    return {
        "pairs that are the same": real,
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "F1": round(2 * both / max(found + real, 1), 4),
    }


def shared_keys(told: Any) -> dict[str, str]:
    """For each sort of key: how many pairs share one of it, and of how many the largest block is."""
    from sympolis.engine.resolve.columns import listed

    found = {}
    for sort in ("identifiers", "strong", "weak"):
        _, sizes = np.unique(listed(told, sort)[1], return_counts=True)
        pairs = int((sizes * (sizes - 1) // 2).sum())
        found[f"share one of {sort}"] = f"{pairs:,} pairs, at most {int(max(sizes, default=0)):,} bodies one"
    return found


def resolved_again(told: Sequence[Any], gazetteer: Any, before: Any) -> dict[str, Any]:
    """The same records, one in a hundred by another name: with what was kept, and without. The results are the same."""
    from sympolis.engine.resolve.resolve import resolve_bodies

    changed = [replace(one, names=(f"{one.names[0]} Nord",)) if at % 100 == 7 else one for at, one in enumerate(told)]
    found: dict[str, Any] = {}
    results = []
    for name, kept in (("kept", before.kept), ("nothing kept", None)):
        spent = time.process_time()
        results.append(resolve_bodies(changed, gazetteer, kept=kept))
        found[f"again, {name}, processor s"] = round(time.process_time() - spent, 2)
        found[f"again, {name}, pairs judged"] = results[-1].judged
    with_kept, without = ((one.entities, one.unsure) for one in results)
    assert with_kept == without
    return found


if __name__ == "__main__":
    main()
