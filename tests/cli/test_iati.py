"""IATI on the command line: what scripts rely on when they check, fetch and export."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sympolis.cli.main import sympolis_command
from tests.engine.iati.standard import REASON, SHARED, small_standard
from tests.engine.iati.test_check import GOOD, file_of
from tests.engine.iati.test_standard import answering
from tests.homes import in_home, make_home, sympolis
from tests.service import running


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SYMPOLIS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    monkeypatch.delenv("SYMPOLIS_IATI_STANDARD", raising=False)
    return tmp_path


def run(*words: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(sympolis_command, ["iati", *map(str, words)])
    return done.exit_code, done.stdout, done.stderr


def test_check_tells_a_line_a_file_as_json(home: Path) -> None:
    standard = small_standard(home / "standard")
    good, bad = home / "good.xml", home / "bad.xml"
    good.write_bytes(file_of(GOOD))
    bad.write_bytes(file_of(GOOD, version="1.05"))
    code, out, said = run("check", good, bad, "--standard", standard, "--json")
    assert (code, said) == (0, "")
    assert [json.loads(line) for line in out.splitlines()] == [
        {"file": str(good), "valid": True, "problems": []},
        {
            "file": str(bad),
            "valid": False,
            "problems": [
                {
                    "severity": "critical",
                    "rule": "0.6.1",
                    "line": 2,
                    "message": "Version '1.05' is not supported. "
                    "Write it as version 2.03; 2.01, 2.02, 2.03 are supported.",
                }
            ],
        },
    ]


def test_check_in_words_and_for_scripts_that_want_only_what_is_valid(home: Path) -> None:
    standard = small_standard(home / "standard")
    file = home / "file.xml"
    file.write_bytes(file_of(GOOD.replace('"14010"', '"9"')))
    assert run("check", file, "--standard", standard, "--require-valid") == (
        0,
        f"{file}:7: error    codelist-Sector  “9” (code) is not in the code list Sector. Write a code of that list.\n"
        f"{file}: valid (1 error)\n",
        "",
    )
    file.write_bytes(b"<a/>")
    code, out, said = run("check", file, "--standard", standard, "--require-valid")
    assert (code, out.splitlines()[-1], said) == (
        1,
        f"{file}: NOT VALID (1 critical)",
        f"{file} is not valid. Mend what is critical.\n",
    )
    assert run("check", file, "--standard", standard)[0] == 0


def test_what_cannot_be_checked_is_refused_in_one_line(home: Path) -> None:
    standard = small_standard(home / "standard")
    for words, said in (
        ([home / "none.xml"], "none.xml can't be read: No such file or directory. Name a file that you may read.\n"),
        ([home], "is a folder. Name the files in it.\n"),
    ):
        done = sympolis(home / "home", "iati", "check", *map(str, words), "--standard", str(standard))
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
        assert done.stderr.endswith(said)
    done = sympolis(home / "home", "iati", "check", str(standard / "schemas" / "xml.xsd"))
    assert (done.returncode, done.stderr) == (
        1,
        f"There is no folder {home / 'home' / 'iati-standard'} with the files of the IATI standard. "
        "Get them with `sympolis iati fetch`, or name their folder with --standard.\n",
    )
    assert run("check")[0] == 2


def test_the_standard_is_fetched_into_the_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    with running() as service:
        service.answer = answering(small_standard(home / "small"), {})
        code, out, said = run("fetch", "--address", service.address)
    folder = home / "home" / "iati-standard"
    assert (code, out) == (0, "")
    assert said.splitlines()[-1] == f"23 files of the standard in {folder}. Next: sympolis iati check FILE"
    file = home / "file.xml"
    file.write_bytes(file_of(GOOD))
    assert run("check", file) == (0, f"{file}: valid\n", "")


RECORDS = """
from datetime import date
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Office, Organisation
from sympolis.office.projects.models import Project
us = Organisation.objects.create(name='Sfax', kind='city', country='TN')
hidden = Organisation.objects.create(name='Hidden partner', kind='company', visibility='office')
seen = Organisation.objects.create(name='Seen partner', kind='ngo')
Office.objects.create(organisation=us, default_language='fr')
dates = {'start_earliest': date(2020, 1, 1), 'start_latest': date(2020, 12, 31),
         'end_earliest': date(2022, 1, 1), 'end_latest': date(2022, 12, 31)}
def project(title, **fields):
    about = {'summary': Text.of(fr='Des fontaines'), **dates, **fields}
    made = Project.objects.create(title=Text.of(fr=title), **about)
    made.participations.create(organisation=us, role='lead')
    made.participations.create(organisation=hidden)
    made.participations.create(organisation=seen)
    return made
told = project('Eau', themes=['water'], countries=['TN'], sdgs=[6], note='Secret note')
told.indicators.create(title=Text.of(fr='Fuites'), unit='%', baseline=30, target=10, is_public=True)
told.indicators.create(title=Text.of(fr='Secret indicator'), target=7)
project('Exemple', illustrative=True)
project('Secret', visibility='office')
project('Douteux', confirmed=False)
short = project('Sans rien', summary=Text(), **dict.fromkeys(dates))
alien = Project.objects.create(title=Text.of(fr='Ailleurs'), summary=Text.of(fr='x'))
print(told.public_id, short.public_id)
"""


def test_export_tells_what_is_public_and_names_what_is_missing(
    django_db_setup: None, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = make_home(home / "home")
    told, short = in_home(office.path, RECORDS).split()
    file = home / "ours.xml"
    done = sympolis(office.path, "iati", "export", "--output", str(file))
    assert (done.returncode, done.stderr.count("\n"), file.exists()) == (1, 1, False)
    assert done.stderr.startswith("Nobody said by which identifier the office's organisation reports. Say it with")
    done = sympolis(office.path, "iati", "export", "--output", str(file), "--identifier", "Sfax")
    assert done.stderr.startswith("'Sfax' is no identifier of an organisation.")
    words = ["iati", "export", "--output", str(file), "--identifier", "TN-MF-123"]
    standard = ["--standard", str(SHARED)] if SHARED.is_dir() else []
    done = sympolis(office.path, *words, *standard)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines()[:-1] == [
        f"{short} Sans rien: it has no summary.",
        f"{short} Sans rien: nobody knows when it began or will.",
        f"{short} Sans rien: nobody knows its stage: set it, or its last day.",
    ]
    end = "valid" if standard else "not checked, for the files of the standard are not here: sympolis iati fetch"
    assert done.stderr.splitlines()[-1] == f"1 activities in {file}: {end}."
    text = file.read_text("utf-8")
    assert f"<iati-identifier>TN-MF-123-{told}</iati-identifier>" in text
    assert "Seen partner" in text
    assert (text.count("<result "), 'target value="10"' in text) == (1, True)
    assert [word for word in ("Secret", "Exemple", "Douteux", "Ailleurs", "Hidden partner") if word in text] == []
    assert sorted(path.name for path in home.iterdir()) == ["home", "ours.xml"]
    done = sympolis(office.path, *words, "--organisation", "--json", *standard)
    assert json.loads(done.stdout) == {
        "file": str(file),
        "written": 1,
        "valid": True if standard else None,
        "left_out": [],
    }


@pytest.mark.skipif(not SHARED.is_dir(), reason=REASON)
def test_the_standards_own_example_is_valid(home: Path) -> None:
    [file] = SHARED.rglob("activity-standard-example-annotated.xml")
    code, out, _said = run("check", file, "--standard", SHARED, "--json")
    assert (code, json.loads(out)["valid"]) == (0, True)
