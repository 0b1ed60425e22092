"""What `sympolis match` of two long files takes, vectors cached: processor time of all processes, the wall, the memory.

    .venv/bin/python benchmarks/matching.py [--rows 10000] [--cache FOLDER] [--source ANOTHER_CHECKOUT/src]

The texts are made up (``records.py``: eight languages, a title and some hundred words, countries, programme, dates).
They are read once before anything is measured; with ``--cache`` the vectors are kept, so that two checkouts can be
measured in turn (``--source``). The answer's checksum is printed: two checkouts that answer alike have the same.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from benchmarks.records import _project, _world  # noqa: E402 - run as a script, it is in the folder above
from benchmarks.speed import machine, processor_ms, reference_loop  # noqa: E402 - as above

COLUMNS = ("id", "title", "text", "countries", "programme", "start", "end")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=10_000)
    options.add_argument("--cache", type=Path)
    options.add_argument("--source", type=Path, default=ROOT / "src")
    chosen = options.parse_args()
    print(f"{machine()}, the loop takes {processor_ms(reference_loop):.0f} ms")
    with tempfile.TemporaryDirectory(prefix="sympolis-matching-") as scratch:
        folder, home = Path(scratch), chosen.cache or Path(scratch) / "home"
        home.mkdir(parents=True, exist_ok=True)
        (home / "home.json").write_text('{"kind": "office"}', "utf-8")
        for name, first in (("left", 0), ("right", chosen.rows)):
            write(folder / f"{name}.csv", range(first, first + chosen.rows))
        environment = {**os.environ, "SYMPOLIS_HOME": str(home), "PYTHONPATH": str(chosen.source.resolve())}
        answer = folder / "answer.csv"
        command = [sys.executable, "-m", "sympolis.cli.main", "match"]
        command += [str(folder / "left.csv"), str(folder / "right.csv"), "--fast", "--output", str(answer)]
        subprocess.run(command, env=environment, check=True)  # the texts are read
        before, began = used(), time.perf_counter()
        subprocess.run(command, env=environment, check=True)
        wall, after = time.perf_counter() - began, used()
        content = answer.read_bytes()
    print(f"{chosen.rows:,} × {chosen.rows:,} texts: {after - before:.1f} s of the processor, {wall:.1f} s on the wall")
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"largest process {most} MB; {len(content):,} bytes, {hashlib.sha256(content).hexdigest()[:16]}")


def write(file: Path, places: range) -> None:
    """A project a row, in the first of its languages."""
    world = _world()
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for at in places:
            project, _ = _project(world, at)
            language = next(iter(project.title))
            since, until = project.start.earliest, project.end.latest
            title, text = project.title[language], project.summary[language]
            countries = ";".join(project.countries)
            writer.writerow([project.id, title, text, countries, project.programme, since, until])


def used() -> float:
    """Processor seconds of all processes that this one started and that ended, theirs included."""
    told = resource.getrusage(resource.RUSAGE_CHILDREN)
    return told.ru_utime + told.ru_stime


if __name__ == "__main__":
    main()
