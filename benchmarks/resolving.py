"""How telling organisations apart grows: made-up records, the pairs compared, the keys they share, the time it takes.

    .venv/bin/python benchmarks/resolving.py [--records 30000 100000] [--gazetteer FOLDER] [--keys]
        [--source ANOTHER_CHECKOUT/src]

Each number of records gets a process of its own. What is found is held against what the records were made of: the same
name, country and kind is the same body, however its name is written. One other form in five is a name with its first
three letters in brackets, so that many cities are called CIT: no real list is as unkind, and precision is to be read
beside another checkout's, not by itself.
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
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from benchmarks.records import _body, _organisations, _world  # noqa: E402 - run as a script, it is in the folder above
from benchmarks.speed import machine, processor_ms, reference_loop  # noqa: E402 - as above


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--records", type=int, nargs="+", default=[30_000, 100_000])
    options.add_argument("--gazetteer", type=Path, help="where one is kept, or to be kept")
    options.add_argument("--source", type=Path, default=ROOT / "src")
    options.add_argument("--keys", action="store_true", help="which keys the pairs come from")
    options.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.one:
        print(json.dumps(measure(chosen.records[0], chosen.gazetteer, chosen.keys)))
        return
    print(f"{machine()}, the loop takes {processor_ms(reference_loop):.0f} ms")
    with tempfile.TemporaryDirectory(prefix="sympolis-resolving-") as scratch:
        gazetteer = chosen.gazetteer or Path(scratch)
        for count in chosen.records:
            print(f"\n{count:,} records, load {os.getloadavg()[0]:.1f}")
            for name, value in apart(count, gazetteer, chosen.source, chosen.keys).items():
                print(f"  {name:<34}{value:,}" if isinstance(value, int | float) else f"  {name:<34}{value}")


def apart(count: int, gazetteer: Path, source: Path, keys: bool) -> dict[str, Any]:
    """One number of records in a process of its own."""
    command = [sys.executable, __file__, "--one", "--records", str(count), "--gazetteer", str(gazetteer)]
    environment = {**os.environ, "PYTHONPATH": str(source.resolve())}
    done = subprocess.run(command + ["--keys"] * keys, env=environment, stdout=subprocess.PIPE, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def measure(count: int, folder: Path, keys: bool) -> dict[str, Any]:
    from sympolis.engine.resolve import bodies as records
    from sympolis.engine.resolve import candidates, resolve
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
    pairs: list[int] = []
    resolution = resolve.resolve_bodies(told, gazetteer, tell=lambda done, total: pairs.append(total))
    found["processor s"] = round(time.process_time() - spent, 1)
    found["wall s"] = round(time.perf_counter() - began, 1)
    found["memory MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    found["pairs"] = pairs[-1]
    found["pairs for each record"] = round(pairs[-1] / count, 2)
    found["unsure"] = len(resolution.unsure)
    found.update(quality([resolution.entities[one.id][0] for one in told], truth))
    if keys:
        found.update(shared_keys(candidates, records.prepare(told, gazetteer)))
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


def shared_keys(candidates: Any, bodies: Sequence[Any]) -> dict[str, str]:
    """For each sort of key: how many pairs share one of it, and of how many the largest block is."""
    seen = Counter(word for body in bodies for name in body.names for word in set(name.core))
    held = Counter(key for body in bodies for key in set(candidates.keys_of(body, seen)))
    pairs, most = Counter[str](), Counter[str]()
    for key, size in held.items():
        sort = key.split(" ", 1)[0]
        pairs[sort] += size * (size - 1) // 2
        most[sort] = max(most[sort], size)
    return {
        f"share a {sort}": f"{count:,} pairs, at most {most[sort]:,} bodies one" for sort, count in pairs.most_common()
    }


if __name__ == "__main__":
    main()
