"""What scripts rely on: names, exit statuses, one line on what is wrong, JSON."""

from __future__ import annotations

import csv
import errno
import json
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import OperationalError

from sympolis.cli.main import COMMANDS, main, sympolis_command
from sympolis.config.home import Home
from sympolis.engine import sources
from tests.homes import environment, in_home, make_home, sympolis

ONE_ORGANISATION = (
    "from sympolis.office.directory.models import Organisation as O\n"
    "print(O.objects.create(name='Sfax', kind='city').public_id)"
)


def test_every_command_answers_to_help() -> None:
    for name in COMMANDS:
        result = CliRunner().invoke(sympolis_command, [name, "--help"])
        assert (name, result.exit_code) == (name, 0)


@pytest.mark.parametrize(
    "words",
    [
        ["fly"],
        ["search"],
        ["search", "a", "--queries", "b"],
        ["search", "--queries", "b", "--json"],
        ["match", "-", "-"],
        ["calls", " "],
        ["answer", " "],
        ["answer", "a", "--kind", "need"],
        ["backup"],
        ["serve", "--port", "99999"],
        ["brief", "a"],
        ["brief", "a", "b", "--language", "xx"],
        ["search", "a", "--language", "xx"],
        ["calls", "a", "--language", "xx"],
    ],
)
def test_wrong_usage_is_2(words: list[str], tmp_path: Path) -> None:
    done = sympolis(tmp_path / "none", *words)
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.parametrize("words", [["search", "water"], ["doctor"], ["worker"], ["backup", "x.zip"]])
def test_without_an_office_it_is_1_and_one_line_with_a_remedy(words: list[str], tmp_path: Path) -> None:
    done = sympolis(tmp_path / "none", *words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"There is no office in {tmp_path / 'none'}. Begin one with `sympolis init`, or try `sympolis demo`.\n"
    )


def test_the_demo_does_not_move_into_an_office(django_db_setup: None, tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    done = sympolis(home.path, "demo", "--no-serve")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith(f"An office of your own lives in {home.path}.")


def test_an_office_does_not_move_into_the_demo(django_db_setup: None, tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", "demo")
    done = sympolis(home.path, "init", "--name", "A", "--organisation", "B", "--email", "a@example.org")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith(f"The demo lives in {home.path}.")


@pytest.mark.parametrize("command", [["serve", "--port", "{port}"], ["together", "127.0.0.1", "{port}"]])
def test_a_taken_port_is_said_in_one_line(command: list[str], django_db_setup: None, tmp_path: Path) -> None:
    """Also where somebody took it while the demo was prepared."""
    home = make_home(tmp_path / "home")
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as our own server does
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = sympolis(home.path, *(word.format(port=port) for word in command))
    assert (done.returncode, done.stderr) == (
        1,
        f"Port {port} is taken by another program. Stop it or choose another, such as --port {port + 1} "
        f"(with make: PORT={port + 1} make run)\n",
    )


def test_a_home_that_can_not_be_made_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = sympolis(tmp_path / "file" / "home", "serve", "--port", "8999")
    assert (done.returncode, done.stderr.splitlines()[1:]) == (
        1,
        [
            f"Cannot write in {tmp_path}/file/home: Not a directory. "
            "Name a folder that is yours and has room: SYMPOLIS_HOME=/some/folder"
        ],
    )


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            OSError(errno.ENOSPC, "No space left"),
            "The disk is full. Make room, or move /srv/ours to a larger disk, ",
        ),
        (sqlite3.OperationalError("database or disk is full"), "The disk is full. Make room, "),
        (PermissionError(errno.EACCES, "Permission denied", "/x/backups"), "/x/backups can't be written. Do it as "),
        (OperationalError("attempt to write a readonly database"), "/srv/ours can't be written. Do it as "),
    ],
)
def test_what_can_not_be_written_is_said_in_one_line(
    error: Exception, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setenv("SYMPOLIS_HOME", "/srv/ours")
    monkeypatch.setattr(sympolis_command, "main", fails)
    with pytest.raises(SystemExit) as ended:
        main([])
    told = capsys.readouterr().err
    assert (ended.value.code, told.count("\n"), told[: len(said)]) == (1, 1, said)


def test_other_errors_keep_their_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sympolis_command, "main", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        main([])


def test_search_answers_json_and_files(django_db_setup: None, tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    public_id = in_home(home.path, ONE_ORGANISATION)
    in_home(home.path, "from sympolis.office.core.indexing import rebuild; rebuild(lambda *a: None)")
    found = json.loads(sympolis(home.path, "search", "sfâx", "--json").stdout)
    assert [(hit["id"], hit["kind"], hit["title"]) for hit in found] == [(public_id, "organisation", "Sfax")]
    assert json.loads(sympolis(home.path, "answer", "an organisation alone answers nothing", "--json").stdout) == []
    (tmp_path / "q.csv").write_text("id,text\nq1,Sfax\nq2,sfax\n", encoding="utf-8")
    done = sympolis(home.path, "search", "--queries", str(tmp_path / "q.csv"), "--output", str(tmp_path / "a.csv"))
    assert (done.returncode, done.stderr) == (0, "")
    with (tmp_path / "a.csv").open(encoding="utf-8") as answers:
        rows = [(row["query_id"], row["rank"], row["id"]) for row in csv.DictReader(answers)]
    assert rows == [("q1", "1", public_id), ("q2", "1", public_id)]


def test_a_file_without_what_it_needs_is_refused_with_its_row(tmp_path: Path) -> None:
    (tmp_path / "left.csv").write_text("id,text\na,Water\nb,\n", encoding="utf-8")
    done = sympolis(tmp_path / "none", "match", str(tmp_path / "left.csv"), str(tmp_path / "left.csv"))
    assert (done.returncode, done.stderr) == (1, f"{tmp_path / 'left.csv'}, row 2: no text. Every row needs it.\n")


def test_match_ranks_and_gives_reasons(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text(
        'id,text\nwater,"Reuse of treated waste water for irrigation of farms"\n', encoding="utf-8"
    )
    (tmp_path / "r.csv").write_text(
        "id,text,title\n"
        "trams,Night trains and trams between cities,Night trains\n"
        "reuse,Treated waste water irrigates farms and parks,Water reuse\n",
        encoding="utf-8",
    )
    out = tmp_path / "m.jsonl"
    done = sympolis(tmp_path / "none", "match", str(tmp_path / "l.csv"), str(tmp_path / "r.csv"), "--output", str(out))
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert (rows[0]["left_id"], rows[0]["rank"], rows[0]["right_id"]) == ("water", 1, "reuse")
    assert rows[0]["reasons"]


def test_tags_come_a_row_per_code(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,text\na,Clean drinking water and sanitation for all\n", encoding="utf-8")
    done = sympolis(tmp_path / "none", "tag", str(tmp_path / "t.csv"), "--scheme", "sdg")
    rows = list(csv.DictReader(done.stdout.splitlines()))
    assert list(rows[0]) == ["id", "code", "score", "accepted", "words"]
    assert [(row["code"], row["words"]) for row in rows if row["accepted"] == "true"] == [
        ("6", "drinking water; water and sanitation")
    ]


def test_targets_are_told_with_the_words_that_spoke_for_them(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,text\na,Clean drinking water and sanitation for all\nb,😀\n", encoding="utf-8")
    done = sympolis(tmp_path / "none", "tag", str(tmp_path / "t.csv"), "--scheme", "target")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(done.stdout.splitlines()))
    assert {(row["id"], row["code"], row["words"]) for row in rows if row["accepted"] == "true"} == {
        ("a", "6.1", "drinking water"),
        ("a", "6.2", "sanitation"),
    }


def test_texts_that_are_missing_are_named(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,text\na,Water\nb,\n", encoding="utf-8")
    done = sympolis(tmp_path / "none", "tag", str(tmp_path / "t.csv"), "--scheme", "target")
    assert (done.returncode, done.stderr) == (1, f"{tmp_path / 't.csv'}, row 2: no text. Every row needs it.\n")


def test_a_user_is_added_once(django_db_setup: None, tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    words = ["user", "add", "ana@example.org", "--password", "a harbour in the morning", "--json"]
    assert json.loads(sympolis(home.path, *words).stdout) == {"email": "ana@example.org", "role": "officer"}
    again = sympolis(home.path, *words)
    assert (again.returncode, again.stderr.count("\n")) == (1, 1)
    weak = sympolis(home.path, "user", "add", "bo@example.org", "--password", "password")
    assert (weak.returncode, weak.stderr.count("\n")) == (1, 1)


OPENING = ["init", "--name", "A", "--organisation", "B", "--email", "a@example.org", "--password", "a harbour at noon"]


@pytest.mark.parametrize(
    "words",
    [
        ["--time-zone", "Mars/Base"],
        ["--language", "xx"],
        ["--languages", "en,xx"],
        ["--kind", "planet"],
        ["--country", "Spain"],
        ["--currency", "EU1"],
    ],
)
def test_an_office_is_not_opened_with_what_no_page_could_work_with(words: list[str], tmp_path: Path) -> None:
    done = sympolis(tmp_path / "home", *OPENING, *words)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("Error: --")
    assert not (tmp_path / "home").exists()


def test_all_that_is_missing_or_wrong_is_said_at_once(tmp_path: Path) -> None:
    missing = sympolis(tmp_path / "home", "init", "--organisation", "B", "--kind", "planet")
    assert [line.removeprefix("Error:").strip() for line in missing.stderr.splitlines()[-3:]] == [
        "--name is missing.", "--email is missing.", "The password is missing: give it in SYMPOLIS_PASSWORD.",
    ]  # fmt: skip
    wrong = sympolis(tmp_path / "home", *OPENING, "--kind", "planet", "--currency", "EU1")
    said = [line.removeprefix("Error:").strip().split()[0] for line in wrong.stderr.splitlines()[-2:]]
    assert (missing.returncode, wrong.returncode, said) == (2, 2, ["--kind", "--currency"])
    assert not (tmp_path / "home").exists()


def test_an_address_without_its_scheme_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYMPOLIS_ADDRESS", "ir.example.org")
    done = sympolis(tmp_path / "home", *OPENING)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("SYMPOLIS_ADDRESS is to begin with https:// (or http://)")
    assert not (tmp_path / "home").exists()


def test_a_logo_that_is_no_picture_is_refused_before_there_is_an_office(tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    logo.write_text("<svg onload=alert(1)>")
    done = sympolis(tmp_path / "home", *OPENING, "--logo", str(logo))
    assert (done.returncode, done.stderr) == (
        1,
        f"{logo} is no picture that can be read. Give a PNG or JPEG.\n",
    )
    assert not (tmp_path / "home").exists()


def test_serve_says_how_to_open_an_office_nobody_has_opened(django_db_setup: None, tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "sympolis.cli.main", "serve", "--port", str(port)]
    with subprocess.Popen(words, env=environment(home.path), stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        said = [server.stderr.readline().strip() for _line in range(3)]
        server.terminate()
    assert said == [
        "",
        f"Open your office: http://localhost:{port}/",
        f"Code:             {home.secret('first_run_code')}",
    ]


def test_serve_begins_a_home_in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What ``serve`` does before it listens; the tables are made by ``migrate``, which takes half a minute here."""
    from sympolis.cli import opening

    begun: list[Home] = []
    monkeypatch.setenv("SYMPOLIS_HOME", str(tmp_path / "empty"))
    monkeypatch.setattr(opening, "begin_home", begun.append)
    monkeypatch.setattr(opening, "office_home", lambda: Home(tmp_path / "empty"))
    opening.home_to_serve()
    assert begun == [Home(tmp_path / "empty")]


def test_a_brief_into_a_folder_that_is_not_there_is_refused_before_it_is_made(tmp_path: Path) -> None:
    done = sympolis(tmp_path / "none", "brief", "amb", "sfax", "--output", str(tmp_path / "no" / "brief.md"))
    assert (done.returncode, done.stderr) == (
        1,
        f"There is no folder {tmp_path / 'no'}. Make it first or name another.\n",
    )


def test_a_page_that_is_cut_off_is_named_and_the_others_come_in(tmp_path: Path) -> None:
    whole = Path(sources.__file__).parent / "portal" / "sample" / "page.json"
    cut = tmp_path / "cut.json"
    cut.write_text(whole.read_text(encoding="utf-8")[:400], encoding="utf-8")
    home = tmp_path / "home"
    home.mkdir()
    assert sympolis(home, "atlas", "add", "portal", str(whole), str(cut)).returncode == 0
    done = sympolis(home, "atlas", "build")
    assert done.returncode == 0, done.stderr
    counts = dict(line.split() for line in done.stdout.splitlines())
    assert int(counts["calls"]) > 0
    assert counts["rejected"] == "2"  # the sample holds a broken row of its own
    assert done.stderr.startswith("Left out as a whole: cut.json. The page is cut off or damaged: ")


def test_a_build_goes_by_what_the_office_decided_also_after_a_restore(django_db_setup: None, tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    in_home(
        home.path,
        "from sympolis.office.directory.models import SameBody\n"
        "SameBody.objects.create(left='facts:a', right='facts:b', verdict='same')",
    )
    assert not (home.atlas / "judgements.csv").exists()
    assert (
        sympolis(home.path, "atlas", "add", "facts", str(Path(sources.__file__).parent / "facts" / "sample")).returncode
        == 0
    )
    assert sympolis(home.path, "atlas", "build").returncode == 0
    assert (home.atlas / "judgements.csv").read_text(encoding="utf-8").split() == [
        "left,right,verdict",
        "facts:a,facts:b,same",
    ]


def test_a_table_of_ones_own_is_guessed_approved_and_added(tmp_path: Path) -> None:
    table, beside, home = tmp_path / "members.csv", tmp_path / "members.mapping.yaml", tmp_path / "home"
    home.mkdir()
    table.write_text("Organització;País\nCiutat de Sfax;Tunísia\n", encoding="utf-8")
    refused = sympolis(home, "atlas", "add", "table", str(table))
    assert (refused.returncode, refused.stderr) == (
        1,
        f"members.csv has no mapping beside it. Run: sympolis atlas map {table} --output {beside}; "
        "look it over and write approved: true.\n",
    )
    shown = sympolis(home, "atlas", "map", str(table))
    assert "approved: false\nkind: organisation\n" in shown.stdout
    assert "  Organització: name\n  País: country\n" in shown.stdout
    assert not beside.exists()
    assert sympolis(home, "atlas", "map", str(table), "--output", str(beside)).returncode == 0
    assert sympolis(home, "atlas", "map", str(table), "--output", str(beside)).returncode == 2
    assert sympolis(home, "atlas", "add", "table", str(table)).stderr.startswith("The mapping of members.csv is not")
    beside.write_text(beside.read_text("utf-8").replace("approved: false", "approved: true"), "utf-8")
    done = sympolis(home, "atlas", "add", "table", str(table))
    assert (done.returncode, done.stderr) == (0, "2 files of table added. Next: sympolis atlas build\n")
