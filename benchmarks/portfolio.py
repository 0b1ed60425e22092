"""One portfolio of sixty against the projects of a whole world: how long, and how much of it is which step.

    .venv/bin/python benchmarks/portfolio.py [--projects 100000] [--folder WHERE_THERE_IS_ROOM] [--limit 20]

The index holds made-up projects with their passages and vectors (``records.py``; from 5,000 on the same texts come
again with other noise in their vectors) and no words, which this question doesn't ask for. The sixty are other projects
of the same kind, read by the fast encoder before anything is measured, as an office has read its own.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import tempfile
import time
from dataclasses import replace
from itertools import batched
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from benchmarks.records import _NOISE, _SECOND, LANGUAGES, _project, _world
from benchmarks.speed import machine, processor_ms, reference_loop
from sympolis.engine.index import Index
from sympolis.engine.index.prepare import Batch, Prepared, filter_tokens, record_of, split
from sympolis.engine.model import Document, Item, ItemKind, Project
from sympolis.engine.run.documents import document_of
from sympolis.engine.texts.encoders import FAST, Matrix, load_encoder
from sympolis.engine.texts.vectors import Vectors

SIDE, DIFFERENT, TIMES = 60, 5_000, 5
_ELSEWHERE = 5_000_000  # the place of the first of the sixty among all projects that could be made up


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--projects", type=int, default=100_000)
    options.add_argument("--folder", type=Path, help="where there is room; an index that lies there is used again")
    options.add_argument("--limit", type=int, default=20)
    chosen = options.parse_args()
    print(f"{machine()}, the loop takes {processor_ms(reference_loop):.0f} ms")
    with tempfile.TemporaryDirectory(prefix="sympolis-portfolio-") as scratch:
        folder = (chosen.folder or Path(scratch)) / f"portfolio-{chosen.projects}"
        if not (folder / "made").exists():
            spent, began = time.process_time(), time.perf_counter()
            make(chosen.projects, folder)
            (folder / "made").touch()
            print(f"index made: {time.process_time() - spent:.0f} s of the processor", end=", ")
            print(f"{time.perf_counter() - began:.0f} s on the wall")
        ask(folder, chosen.limit)


def make(count: int, folder: Path) -> None:
    """The index, by its own writer."""
    world, made = _world(), _Made()
    different = [_project(world, at) for at in range(min(count, DIFFERENT))]
    made.learn(world, different)
    documents = [prepared(document_of(project)) for project, _ in different]
    with Index.create(folder, made, (FAST,)) as index:
        for places in batched(range(count), 500):
            some = (documents[at % len(documents)] for at in places)
            batch = [_renamed(one, f"world:project:{at:08d}") for at, one in zip(places, some, strict=True)]
            index._put(Batch(tuple(batch), MappingProxyType({})))
        index._commit({FAST: None})


def prepared(document: Document | None) -> Prepared:
    """A document without its words."""
    assert document is not None
    record, passages, filters = record_of(document), tuple(split(document)), tuple(filter_tokens(document))
    days = [day.toordinal() if day else 0 for day in (document.earliest, document.latest)]
    return Prepared(document.id, record, passages, filters, days[0], days[1], (), "", "", "", ())


def _renamed(one: Prepared, key: str) -> Prepared:
    return replace(one, id=key, record=one.record.replace(one.id, key, 1))


class _Made(Vectors):
    """Vectors of made-up passages: those of their subjects with noise. Other texts are encoded."""

    def __init__(self) -> None:
        super().__init__(None, (FAST,))
        self._of: dict[str, tuple[int, int, int]] = {}
        self._chance = np.random.default_rng(1)

    def learn(self, world: Any, projects: list[tuple[Project, tuple[int, int]]]) -> None:
        places = {language: at for at, language in enumerate(LANGUAGES)}
        said = [[sentences[0] for sentences in world.sentences[language]] for language in LANGUAGES]
        self._subjects = np.array([load_encoder(FAST).encode(listed) for listed in said], np.float32)
        for project, subjects in projects:
            document = document_of(project)
            assert document is not None
            self._of.update({text: (places[language], *subjects) for language, text in split(document)})

    def encode(self, texts: Any, encoder: str = FAST) -> Matrix:
        if not all(text in self._of for text in texts):
            return super().encode(texts, encoder)
        language, first, second = np.array([self._of[text] for text in texts]).T
        noise = self._chance.standard_normal((len(texts), self._subjects.shape[2]), np.float32)
        noise *= _NOISE / np.sqrt(self._subjects.shape[2])
        rows = self._subjects[language, first] + _SECOND * self._subjects[language, second] + noise
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def side() -> list[Item]:
    """The sixty."""
    world = _world()
    return [_item(_project(world, _ELSEWHERE + at)[0]) for at in range(SIDE)]


def _item(project: Project) -> Item:
    return Item(
        project.id,
        ItemKind.PROJECT,
        project.title,
        "",
        project.summary,
        themes=project.themes,
        sdgs=project.sdgs,
        countries=project.countries,
        since=project.start,
        until=project.end,
    )


def ask(folder: Path, limit: int) -> None:
    from sympolis.engine.match import match_index

    vectors, items = Vectors(None, (FAST,)), side()
    with Index.open(folder) as index:
        print(f"{len(index):,} projects, {sum(index.encoded().values()):,} passages, load {os.getloadavg()[0]:.1f}")
        taken = []
        for at in range(TIMES + 1):
            began, spent = time.perf_counter(), time.process_time()
            found = list(match_index(items, index, limit, vectors=vectors))
            taken.append((time.perf_counter() - began, time.process_time() - spent))
            if not at:
                print(f"the first time, with the sixty read and files mapped: {taken[0][0]:.2f} s, {taken[0][1]:.2f} s")
    walls, processors = zip(*taken[1:], strict=True)
    print(f"{len(found):,} matches; again, median and most of {TIMES}, on the wall and of the processor, all threads:")
    print(f"  {statistics.median(walls):.2f} s, {max(walls):.2f} s; {statistics.median(processors):.2f} s,", end=" ")
    print(f"{max(processors):.2f} s; {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB, files included")


if __name__ == "__main__":
    main()
