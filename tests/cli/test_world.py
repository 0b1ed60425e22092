"""The world's open data on the command line: adding without a path, asking public services."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

import sympolis
from sympolis.cli.main import sympolis_command
from sympolis.engine import atlas
from sympolis.engine.index import Index
from sympolis.engine.model import Document
from sympolis.engine.texts.encoders import FAST
from sympolis.engine.texts.vectors import Vectors
from tests.service import running


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SYMPOLIS_HOME", str(tmp_path))
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    return tmp_path


def run(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(sympolis_command, words)
    return done.exit_code, done.stdout, done.stderr


def test_a_source_that_brings_its_own_data_needs_no_path(home: Path) -> None:
    assert run("atlas", "add", "geonames") == (0, "", "1 files of geonames added. Next: sympolis atlas build\n")
    assert (home / "atlas" / "inputs" / "geonames" / "geonames.json").read_text() == '{"minimum_population": 15000}\n'
    code, _, said = run("atlas", "add", "cordis")
    assert code == 2
    assert "Name the files of cordis or their folder." in said


def test_fetching_puts_files_where_the_build_reads_them(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYMPOLIS_KEEP_KEY", "the-key")
    monkeypatch.setenv("SYMPOLIS_CONTACT", "office@example.org")
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    with running() as service:
        service.answer = lambda asked: asked.give(b"{}")
        code, out, said = run("atlas", "fetch", "interreg", "--address", service.address)
    folder = home / "atlas" / "inputs" / "interreg" / f"fetched-{datetime.now(UTC).date()}"
    assert (code, out) == (0, "")
    assert said.splitlines()[-1] == f"4 files of interreg in {folder}. Next: sympolis atlas build"
    assert sorted(file.name for file in folder.glob("*.json"))[0] == "keep-2000-2006.json"
    agents = {asked.headers["User-Agent"] for asked in service.asked}
    assert agents == {f"Sympolis/{sympolis.__version__} (office@example.org)"}
    assert {asked.query["key"] for asked in service.asked} == {"the-key"}


def test_what_nobody_can_be_asked_for_is_wrong_usage(home: Path) -> None:
    code, _, said = run("atlas", "fetch", "facts")
    assert code == 2
    assert "Nobody can be asked for 'facts'; there are portal, wikidata, iati, interreg, cordis." in said
    assert run("atlas", "fetch", "portal", "--since", "yesterday")[0] == 2


def test_rows_are_matched_with_the_projects_of_the_world(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = home / "mine.csv"
    mine.write_text("id,text\na,Drinking water for schools\nb,Bicycle lanes\n", "utf-8")
    assert run("match", str(mine), "atlas") == (
        1,
        "",
        "There is no world data to match with. Build it: sympolis atlas build\n",
    )
    said = {
        "tap": "Drinking water in every school",
        "lane": "Lanes for bicycles",
        "read": "Libraries that lend at night",
    }
    with Index.create(home / "world", Vectors(None, (FAST,)), (FAST,)) as index:
        index.add([Document(key, "project", {"en": title}) for key, title in said.items()])
    monkeypatch.setattr(atlas, "open_index", lambda path: Index.open(path / "world"))
    code, out, err = run("match", str(mine), "atlas", "--limit", "1")
    assert (code, err) == (0, "")
    assert [line.split(",")[:3] for line in out.splitlines()] == [
        ["left_id", "rank", "right_id"],
        ["a", "1", "tap"],
        ["b", "1", "lane"],
    ]
    assert run("match", str(mine), "atlas", "--spark", "sc://127.0.0.1")[0] == 2
