"""``sympolis partners``: of a file of links, and of one organisation of the office."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.homes import in_home, make_home, sympolis

LINKS = "a,b\na,b\na,c\nb,d\nc,d\nc,e\ng,h\n"


@pytest.fixture
def links(tmp_path: Path) -> Path:
    path = tmp_path / "links.csv"
    path.write_text(LINKS, encoding="utf-8")
    return path


def test_a_file_of_links_answers_a_file_of_ids(links: Path, tmp_path: Path) -> None:
    (tmp_path / "ids.csv").write_text("id\na\nnobody\ne\n", encoding="utf-8")
    out = tmp_path / "out.csv"
    words = ["--relations", str(links), "--for", str(tmp_path / "ids.csv"), "--limit", "1", "--output", str(out)]
    done = sympolis(tmp_path / "none", "partners", *words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "1 of 3 ids have no relation and get no row: nobody\n"
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [(row["id"], row["rank"], row["partner"]) for row in rows] == [("a", "1", "d"), ("e", "1", "b")]
    assert list(rows[0]) == ["id", "rank", "partner", "score"]


def test_json_lines_and_ids_written_out(tmp_path: Path) -> None:
    lines = [json.dumps(dict(zip("ab", line.split(","), strict=True))) for line in LINKS.splitlines()[1:]]
    (tmp_path / "links.jsonl").write_text("\n".join(lines), encoding="utf-8")
    words = ["--relations", str(tmp_path / "links.jsonl"), "--for", "a, e", "--limit", "2"]
    done = sympolis(tmp_path / "none", "partners", *words)
    rows = [(row["id"], row["rank"], row["partner"]) for row in csv.DictReader(done.stdout.splitlines())]
    assert rows == [("a", "1", "d"), ("a", "2", "e"), ("e", "1", "b"), ("e", "2", "a")]


def test_what_is_known_of_bodies_finds_those_without_links(links: Path, tmp_path: Path) -> None:
    (tmp_path / "bodies.csv").write_text(
        "id,country,population,languages,themes\na,FR,50000,fr,water\nnew,FR,51000,fr,water;culture\n", encoding="utf-8"
    )
    words = ["--relations", str(links), "--bodies", str(tmp_path / "bodies.csv"), "--for", "new", "--limit", "1"]
    done = sympolis(tmp_path / "none", "partners", *words)
    assert [(row["id"], row["partner"]) for row in csv.DictReader(done.stdout.splitlines())] == [("new", "a")]


@pytest.mark.parametrize(
    ("text", "asked", "said"),
    [
        ("a,c\nx,y\n", "x", "{links}, row 1: no b. Every row needs it."),
        ("a,b\nx,\n", "x", "{links}, row 1: no b. Every row needs it."),
        ("a,b\nx,y\n", " , ", "--for names nobody. Name a file with a column id, or ids parted by commas."),
        (
            *("a,b\nx,y\n", "gone.csv"),
            "There is no file gone.csv. Name a file with a column id, or ids parted by commas.",
        ),
    ],
)
def test_what_cannot_be_answered_is_one_line_with_a_remedy(text: str, asked: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    path.write_text(text, encoding="utf-8")
    done = sympolis(tmp_path / "none", "partners", "--relations", str(path), "--for", asked, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said.format(links=path) + "\n")


def test_a_body_with_a_wrong_number_is_refused_with_its_row(links: Path, tmp_path: Path) -> None:
    bodies = tmp_path / "bodies.csv"
    bodies.write_text("id,latitude,population\na,41.4,many\n", encoding="utf-8")
    done = sympolis(tmp_path / "none", "partners", "--relations", str(links), "--for", "a", "--bodies", str(bodies))
    assert (done.returncode, done.stderr) == (
        1,
        f"{bodies}, row 1: population many is no number. Correct it or leave it empty.\n",
    )


@pytest.mark.parametrize(
    "words",
    [
        ["partners"],
        ["partners", "Sfax", "--relations", "x.csv"],
        ["partners", "--relations", "x.csv"],
        ["partners", "--relations", "-", "--for", "-"],
        ["partners", "--relations", "x.csv", "--for", "a", "--json"],
        ["partners", "Sfax", "--for", "a"],
        ["partners", "Sfax", "--novelty", "2"],
        ["partners", "Sfax", "--limit", "0"],
    ],
)
def test_wrong_usage_is_2(words: list[str], tmp_path: Path) -> None:
    done = sympolis(tmp_path / "none", *words)
    assert (done.returncode, done.stdout) == (2, "")


OFFICE = """
from sympolis.office.directory.models import Organisation as O, Relation as R
made = {name: O.objects.create(name=name, kind="city", slug=name.lower(), confirmed=True)
        for name in ("Sfax", "Barcelona", "Dakar", "Lyon", "Rumour")}
def link(a, b, **more):
    R.objects.create(from_organisation=made[a], to_organisation=made[b], type="partner_of",
                     **{"confirmed": True, **more})
link("Sfax", "Barcelona"); link("Barcelona", "Dakar"); link("Lyon", "Barcelona"); link("Lyon", "Dakar")
link("Sfax", "Rumour", confirmed=False)
print(made["Dakar"].public_id)
"""


def test_an_organisation_of_the_office_gets_partners_with_reasons_in_words(
    django_db_setup: None, tmp_path: Path
) -> None:
    home = make_home(tmp_path / "home")
    dakar = in_home(home.path, OFFICE)
    done = sympolis(home.path, "partners", "sfax", "--json")
    assert done.returncode == 0, done.stderr
    assert done.stderr == (
        "Nothing has been learnt yet: the order is as shipped. Yes and no to suggestions will teach it.\n"
    )
    found = json.loads(done.stdout)
    assert {row["name"] for row in found} == {"Dakar", "Lyon", "Rumour"}
    best = next(row for row in found if row["id"] == dakar)
    told = {reason["detail"]: reason["text"] for reason in best["reasons"]}
    assert told["partners-in-common"] == "They have partners in common: Barcelona."
    assert list(told) == ["partners-in-common", "partners-chosen-alike", "same-kind", "wider-circle"]
    assert told["partners-chosen-alike"] == "Their partners work together: Barcelona – Lyon."
    assert told["same-kind"] == "Both are of the kind “city”."
    rumour = next(row for row in found if row["name"] == "Rumour")
    assert [reason["detail"] for reason in rumour["reasons"]] == ["same-kind"]
    shown = sympolis(home.path, "partners", "sfax", "--limit", "1").stdout
    assert shown.startswith(f"{found[0]['score']:.3f}  {found[0]['id']}")
    nobody = sympolis(home.path, "partners", "Zzyzx")
    assert (nobody.returncode, nobody.stderr) == (
        1,
        "No organisation is surely meant by 'Zzyzx'. Write its name, short name or id.\n",
    )
