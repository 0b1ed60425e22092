"""The same build on a cluster: the same rows, whatever is lost on the way."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from sympolis.engine import atlas, sources
from sympolis.engine.errors import AtlasError
from sympolis.engine.resolve.gazetteer import Gazetteer
from sympolis.engine.run import describe, elsewhere
from sympolis.engine.run.here import Here
from sympolis.engine.run.parse import inputs_of

from .cluster import Server, need_client, need_java, started, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("spark")]  # one server for all
SAMPLES = Path(sources.__file__).parent
NEEDS = 120


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    need_client()
    need_java()
    with started(tmp_path_factory.mktemp("spark")) as running:
        yield running


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, gazetteer: Gazetteer) -> Path:
    """Built on this machine."""
    folder = tmp_path_factory.mktemp("here")
    resolved = folder / "atlas" / "cache" / "resolved"
    resolved.mkdir(parents=True)
    shutil.copy(gazetteer._file, resolved)
    fill(folder)
    atlas.build(folder)
    return folder


def fill(home: Path) -> None:
    for source in ("facts", "portal"):
        atlas.add(home, source, [SAMPLES / source / "sample"])
    many = home / "many" / "needs.csv"
    many.parent.mkdir(parents=True)
    rows = [f"vilanova,Rain for street {at},Water reuse in {at} parks,en,need" for at in range(NEEDS)]
    many.write_text("\n".join(["organisation_id,title,text,language,stage", *rows]) + "\n", "utf-8")
    atlas.add(home, "facts", [many.parent])


def again(home: Path, folder: Path) -> Path:
    """A home of the same inputs, nothing read yet; only the names of places, half a minute of work, are taken over."""
    shutil.copytree(home / "atlas" / "inputs", folder / "atlas" / "inputs")
    kept = Path("atlas", "cache", "resolved")
    shutil.copytree(home / kept, folder / kept, ignore=shutil.ignore_patterns("same-*"))
    return folder


def assert_same_rows(home: Path, other: Path) -> None:
    one, two = atlas.current(home), atlas.current(other)
    assert one is not None
    assert two is not None
    assert one.name == two.name
    tables = sorted(file.name for file in one.glob("*.parquet"))
    assert sorted(file.name for file in two.glob("*.parquet")) == tables
    assert [name for name in tables if not pq.read_table(one / name).equals(pq.read_table(two / name))] == []
    assert (one / "rejects.csv").read_bytes() == (two / "rejects.csv").read_bytes()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """What a cluster is asked to do, and how often."""
    need_client()
    from sympolis.engine.run import spark

    seen = Counter[str]()

    def pack_and_count(work: Callable[..., Any], args: tuple[Any, ...], named: Mapping[str, Any]) -> bytes:
        seen[work.__name__] += 1
        return elsewhere.pack_task(work, args, named)

    monkeypatch.setattr(spark, "pack_task", pack_and_count)
    return seen


def test_a_cluster_that_loses_an_executor_while_texts_are_read_makes_the_same_rows(
    server: Server, home: Path, tmp_path: Path, asked: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(describe, "_AT_ONCE", 10)  # a dozen tasks, of which some are on their way when it happens
    killed: list[int] = []

    def kill_one(step: str, done: int, total: int) -> None:
        if step == "describe" and done > 20 and not killed:
            killed.append(server.executors()[0])
            os.kill(killed[0], signal.SIGKILL)
            wait_until(lambda: b"Lost executor" in server.log.read_bytes(), server.log)

    report = atlas.build(again(home, tmp_path), kill_one, server.address)
    assert len(killed) == 1
    assert killed[0] not in server.executors()
    assert report.counts["needs"] == NEEDS + 1
    assert asked["read_content"] == len(inputs_of(home / "atlas" / "inputs"))
    assert asked["read_texts"] >= NEEDS / 10
    assert_same_rows(home, tmp_path)


def test_a_large_file_is_brought_to_the_worker_that_reads_it(
    server: Server, home: Path, tmp_path: Path, asked: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sympolis.engine.run import spark

    monkeypatch.setattr(spark, "IN_ROWS", 300)
    [one] = [one for one in inputs_of(home / "atlas" / "inputs") if one.name == "facts/many/needs.csv"]
    for folder, runner in ((tmp_path / "here", Here()), (tmp_path / "there", spark.Cluster(server.address))):
        folder.mkdir()
        assert list(runner.read([one], folder)) == [one]
    runner.shutdown()
    assert asked == {"read_artifact": 1}
    here, there = [sorted((tmp_path / side / one.key).iterdir()) for side in ("here", "there")]
    assert [(file.name, file.read_bytes()) for file in here] == [(file.name, file.read_bytes()) for file in there]


def test_what_fails_on_the_cluster_is_said_and_workers_of_another_version_do_nothing(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sympolis.engine.run.spark import Cluster

    with Cluster(server.address) as cluster:
        with pytest.raises(AtlasError, match=r"The cluster failed: .*ValueError: invalid literal for int"):
            cluster.submit(int, "no number").result()
        assert cluster.submit(int, "7").result() == 7
        monkeypatch.setattr(elsewhere, "code_version", lambda: bytes(16))
        with pytest.raises(AtlasError, match="have another version of Sympolis"):
            cluster.submit(int, "7").result()


NOUNS = ("parks", "schools", "markets", "harbours", "libraries", "roofs", "trams", "wells", "museums", "clinics")
DEEDS = ("Water reuse for", "Solar power on", "Safe ways to", "Local food in", "Open data on")


def table(path: Path, deeds: Sequence[str]) -> str:
    rows = [f"{deed[:5].strip()}-{noun},{deed} {noun},water;energy" for deed in deeds for noun in NOUNS]
    path.write_text("\n".join(["id,text,themes", *rows]) + "\n", encoding="utf-8")
    return str(path)


def test_two_files_are_matched_on_a_cluster_as_they_are_here(
    server: Server, tmp_path: Path, asked: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sympolis.cli.main import sympolis_command
    from sympolis.engine.match import items, rank
    from sympolis.engine.run import matching
    from sympolis.engine.texts import subjects

    for module, name, size in ((items, "AT_ONCE", 32), (matching, "AT_ONCE", 32), (rank, "_AT_ONCE", 10)):
        monkeypatch.setattr(module, name, size)  # so that few texts are several tasks
    phrases = subjects.subject_texts()[:6]  # all of them are a minute's reading
    monkeypatch.setattr(subjects, "subject_texts", lambda: phrases)
    monkeypatch.setattr(subjects, "_read", {})
    monkeypatch.setenv("SYMPOLIS_HOME", str(tmp_path / "none"))
    sides = [table(tmp_path / "l.csv", DEEDS[:2]), table(tmp_path / "r.csv", DEEDS)]
    here, there = tmp_path / "here.jsonl", tmp_path / "there.jsonl"
    for out, spark in ((here, ""), (there, server.address)):
        words = ["match", *sides, "--careful", "--limit", "7", "--spark", spark, "--output", str(out)]
        done = CliRunner(catch_exceptions=False).invoke(sympolis_command, words)
        assert (done.exit_code, done.stderr) == (0, "")
    assert there.read_text(encoding="utf-8").splitlines() == here.read_text(encoding="utf-8").splitlines()
    assert len(here.read_text(encoding="utf-8").splitlines()) == 2 * len(NOUNS) * 7
    assert {"text-fast", "text-careful", "text-subject"} <= {
        reason["name"]
        for line in here.read_text(encoding="utf-8").splitlines()
        for reason in json.loads(line)["reasons"]
    }
    # Texts by either encoder, subjects, and the single words of all.
    assert asked == {"encode": 2 + 2 + 1 + 1, "read_about": 1 + 2, "match_block": 2}


def test_sail_makes_the_same_rows(home: Path, tmp_path: Path, asked: Counter[str]) -> None:
    need_client()
    sail = pytest.importorskip("pysail.spark", reason="pysail has no wheel for this machine")
    server = sail.SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    try:
        _, port = server.listening_address
        atlas.build(again(home, tmp_path), spark=f"sc://127.0.0.1:{port}")
    finally:
        server.stop()
    assert set(asked) == {"read_content", "read_texts"}
    assert_same_rows(home, tmp_path)


def test_an_address_where_nobody_answers_is_said_at_once(tmp_path: Path) -> None:
    need_client()
    fill(tmp_path)
    with pytest.raises(AtlasError, match="That is no address of a Spark Connect server"):
        atlas.build(tmp_path, spark="http://127.0.0.1")
    with pytest.raises(
        AtlasError, match=r"No Spark Connect server answers at 127\.0\.0\.1, port 1: Connection refused"
    ):
        atlas.build(tmp_path, spark="sc://127.0.0.1:1/;token=hidden")


def test_builds_on_this_machine_and_workers_do_not_load_what_asks_a_cluster() -> None:
    code = "import sys, sympolis.engine.atlas, sympolis.engine.run.elsewhere; print('pyspark' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
