"""``sympolis consortium``: who, why, which rules are met and what is missing, for people and for scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sympolis.config.home import Home
from tests.homes import in_home, make_home, sympolis

OFFICE = """
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation as O, Relation as R
from sympolis.office.projects.models import Call, Project
made = {name: O.objects.create(name=name, kind=kind, country=country, slug=name.lower(), confirmed=True)
        for name, kind, country in (("Sfax", "city", "TN"), ("Genoa", "city", "IT"), ("Lyon", "research", "FR"))}
R.objects.create(from_organisation=made["Sfax"], to_organisation=made["Genoa"], type="partner_of", confirmed=True)
project = Project.objects.create(title=Text.of(en="Clean beaches"), themes=("water",), confirmed=True)
project.participations.create(organisation=made["Genoa"], role="lead")
call = Call.objects.create(title=Text.of(en="Water for everybody"), themes=("water",), source_id="W-1", confirmed=True,
    summary=Text.of(en="Consortia must include at least one university and at least one NGO."))
print(call.public_id, *(made[name].public_id for name in ("Sfax", "Genoa", "Lyon")))
"""


@pytest.fixture
def office(django_db_setup: None, tmp_path: Path) -> tuple[Home, list[str]]:
    home = make_home(tmp_path / "home")
    return home, in_home(home.path, OFFICE).split()


def test_the_set_comes_with_reasons_rules_and_what_is_missing(office: tuple[Home, list[str]]) -> None:
    home, (call, sfax, genoa, lyon) = office
    done = sympolis(home.path, "consortium", "water for everybody", "sfax", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["call"] == {"id": call, "title": "Water for everybody"}
    assert (found["size"], found["size_from"], found["number_told"]) == (8, "usual", False)
    assert {member["id"] for member in found["members"]} == {sfax, genoa, lyon}
    assert [member["id"] for member in found["members"] if member["lead"]] == [sfax]
    reasons = {reason["detail"]: reason for member in found["members"] for reason in member["reasons"]}
    assert [record["title"] for record in reasons["covers"]["records"]] == ["Clean beaches"]
    assert reasons["fills-roles"]["text"] == "Its role: university or research centre."
    rules = [(rule["rule"], rule["outcome"]) for rule in found["rules"]]
    assert rules == [
        ("size-not-told", "cant-tell"), ("takes-part", "met"), ("takes-part", "not-met"), ("countries", "cant-tell"),
        ("kinds", "cant-tell"), ("deadline", "cant-tell"),
    ]  # fmt: skip
    assert found["rules"][1]["passage"] == "Consortia must include at least one university and at least one NGO."
    assert [gap["text"] for gap in found["missing"]] == [
        "Still needed in a role that the call demands: civil society organisation."
    ]
    shown = sympolis(home.path, "consortium", "W-1", "Sfax", "--without", "Lyon", "--language", "en")
    assert shown.stdout.startswith(f"lead   {sfax}   TN Sfax\n       {genoa}   IT Genoa\n")
    assert "NO   At least 1 in this role: university or research centre." in shown.stdout
    assert shown.stdout.count("Missing: ") == 2
    assert shown.stderr == "The call doesn't say how many: 8 is a usual size.\n"
    two = sympolis(home.path, "consortium", call, sfax, "--size", "2", "--with", lyon, "--novelty", "1", "--json")
    assert [member["id"] for member in json.loads(two.stdout)["members"]] == [sfax, lyon]


def test_what_cannot_be_answered_is_one_line_with_a_remedy(office: tuple[Home, list[str]]) -> None:
    home, (call, sfax, _genoa, lyon) = office
    for words, said in (
        (["water for all", sfax], f"No call is surely meant by 'water for all'. Near: {call} Water for everybody."),
        (["zzyzx", sfax], "No call is surely meant by 'zzyzx'. Write its id, the funder's code or its title."),
        ([call, "Zzyzx"], "No organisation is surely meant by 'Zzyzx'. Write its name, short name or id."),
        ([call, sfax, "--with", "facts:gone"], "Nobody here is facts:gone. Name an organisation by its id or name."),
        ([call, sfax, "--with", "Sfax"],
         "The lead is in already and can't stay out. Leave it out of --with and --without."),
        ([call, sfax, "--with", "Lyon", "--without", "lyon"], f"{lyon} is to be in and to stay out. Name it once."),
    ):  # fmt: skip
        done = sympolis(home.path, "consortium", *words)
        assert (done.returncode, done.stdout, done.stderr) == (1, "", said + "\n")


@pytest.mark.parametrize(
    "words",
    [["w"], ["w", "sfax", "--size", "0"], ["w", "sfax", "--size", "41"], ["w", "sfax", "--novelty", "2"],
     ["w", "sfax", "--language", "xx"]],
)  # fmt: skip
def test_wrong_usage_is_2(words: list[str], tmp_path: Path) -> None:
    done = sympolis(tmp_path / "none", "consortium", *words)
    assert (done.returncode, done.stdout) == (2, "")
