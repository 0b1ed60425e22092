"""A build that is killed at any moment leaves the last snapshot serving, and the next goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sympolis.engine import atlas, sources
from sympolis.engine.model import Query

SOURCES = Path(sources.__file__).parent
STEPS = ["read", "merge", "resolve", "describe", "index"]

BUILD = """
import os, signal, sys
from pathlib import Path
from sympolis.engine import atlas
from sympolis.engine.run import same
from tests.gazetteer import shared_gazetteer

same.Gazetteer = shared_gazetteer

def killed(step, done, total):
    if step == sys.argv[2] and done == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)

atlas.build(Path(sys.argv[1]), killed)
"""


def added(home: Path, *names: str) -> None:
    for name in names:
        atlas.add(home, name, [SOURCES / name / "sample"])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build that nobody disturbed, to compare with."""
    home = tmp_path_factory.mktemp("whole")
    added(home, "facts", "portal")
    atlas.build(home)
    return home


def rows(home: Path) -> dict[str, object]:
    served = atlas.current(home)
    assert served is not None
    return {file.name: pq.read_table(file).to_pylist() for file in sorted(served.glob("*.parquet"))}


@pytest.mark.parametrize("moment", [0, 1], ids=["begins", "ends"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_in_each_step(step: str, moment: int, whole: Path, tmp_path: Path) -> None:
    added(tmp_path, "facts")
    first = atlas.build(tmp_path)
    added(tmp_path, "portal")
    told = [sys.executable, "-c", BUILD, str(tmp_path), step, str(moment)]
    died = subprocess.run(told, env=os.environ | {"PYTHONPATH": "src:."}, capture_output=True, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    assert atlas.status(tmp_path).build_id == first.build_id
    index = atlas.open_index(tmp_path)
    assert index is not None
    with index:
        assert index.search(Query("NSC", limit=1))[0].document.id == "facts:sea-network"
    again = atlas.build(tmp_path)
    assert again.unchanged is False
    assert rows(tmp_path) == rows(whole)
    assert not list((tmp_path / "atlas").glob("building-*"))


def test_the_same_input_gives_the_same_answers_to_200_questions(whole: Path, tmp_path: Path) -> None:
    added(tmp_path, "portal", "facts")
    atlas.build(tmp_path)
    one, other = atlas.open_index(whole), atlas.open_index(tmp_path)
    assert one is not None
    assert other is not None
    subjects = ["water", "aigua", "eau potable", "مياه", "port", "ciutat", "clima", "mobilitat", "waste", "energy"]
    joined = [f"{first} {second}" for first in subjects for second in subjects]
    asked = [Query(text, kinds=kinds, limit=5) for text in joined for kinds in ((), ("call", "project"))]
    assert len(asked) == 200
    with one, other:
        for query in asked:
            assert _told(one.search(query)) == _told(other.search(query))


def _told(hits: list[object]) -> list[tuple[str, float, str]]:
    return [(hit.document.id, hit.score, hit.passage) for hit in hits]  # type: ignore[attr-defined]
