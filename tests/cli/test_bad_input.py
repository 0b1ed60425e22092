"""Whatever comes in, an answer or one clear sentence comes out: texts of any kind, files that are not what they say."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sympolis.cli.main import sympolis_command
from sympolis.cli.terminal import plain, whole
from sympolis.engine.match.peers import PlaceProfile, peers
from sympolis.engine.run import side_by_side
from tests.homes import in_home, make_home

LONG = "Reuse of treated waste water for parks. " * 2_500
STRANGE = {
    "one": "water",
    "long": LONG,
    "mixed": "Water ماء вода 水 aigua",
    "marks": "\u202e\u200fإعادة استعمال المياه\u200e \u2066water\u2069",
    "emoji": "😀🚰🌊",
    "signs": "--- ??? ///",
    "czech": "Opětovné využití vyčištěné odpadní vody v městských parcích",
    "chinese": "再生水灌溉公园",
    "nothing seen": "\u200f\u200e\u2060",
    "null": "wa\x00ter",
    "half": "water \ud83d reuse",
    "markup": "<script>alert(1)</script> {{ 7 * 7 }} %(x)s {x} \x1b[31mred",
    "=1+1": '=HYPERLINK("http://evil.example")',
    "-12": "+cmd|' /C calc'!A0",
}


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No home at all."""
    monkeypatch.setenv("SYMPOLIS_HOME", str(tmp_path / "none"))
    return tmp_path


def run(*words: str, given: bytes = b"") -> tuple[int, str, str]:
    """An exception that nobody caught is raised here."""
    done = CliRunner(catch_exceptions=False).invoke(sympolis_command, list(words), input=given)
    return done.exit_code, done.stdout, done.stderr


def lines(path: Path, rows: list[dict[str, Any]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def test_texts_of_any_kind_are_matched_and_come_out_as_they_went_in(nowhere: Path) -> None:
    rows: list[dict[str, Any]] = [{"id": key, "text": text} for key, text in STRANGE.items()]
    rows[0] |= {"language": "tlh", "themes": ["water", "no-such-theme"], "unknown": {"a": [1]}}
    left, out = lines(nowhere / "l.jsonl", rows), nowhere / "m.jsonl"
    assert run("match", left, left, "--fast", "--limit", "1", "--output", str(out)) == (
        0,
        "",
        f"{left}: themes that no list has are left out: no-such-theme.\n" * 2,
    )
    found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(row["left_id"], row["rank"]) for row in found] == [(key, 1) for key in STRANGE]
    wordless = ["emoji", "signs", "nothing seen"]
    assert [row["left_id"] for row in found if row["right_id"] != row["left_id"]] == wordless
    nothing = [row for row in found if row["left_id"] in wordless]
    assert [(float(row["score"]) < 0.1, [one["name"] for one in row["reasons"]]) for row in nothing] == [
        (True, ["stage"])
    ] * 3
    quoted = {row["left_id"]: row["reasons"][0]["values"]["left_passage"] for row in found if row not in nothing}
    assert quoted["markup"] == STRANGE["markup"]
    assert quoted["half"] == "water \ufffd reuse"
    assert quoted["null"] == STRANGE["null"]
    assert quoted["long"] in LONG


@pytest.mark.parametrize("scheme", ["theme", "sdg", "target"])
def test_texts_of_any_kind_are_tagged(nowhere: Path, scheme: str) -> None:
    texts, out = lines(nowhere / "l.jsonl", [{"id": key, "text": text} for key, text in STRANGE.items()]), "t.jsonl"
    assert run("tag", texts, "--scheme", scheme, "--output", str(nowhere / out)) == (0, "", "")
    tags = [json.loads(line) for line in (nowhere / out).read_text(encoding="utf-8").splitlines()]
    assert {row["id"] for row in tags} <= set(STRANGE)
    held = {key: " ".join(whole(text).split()) for key, text in STRANGE.items()}
    told = [(row["id"], word) for row in tags for word in row["words"].split("; ")]
    assert [(key, word) for key, word in told if word not in held[key]] == []
    if scheme == "theme":
        accepted = {(row["id"], row["code"]) for row in tags if row["accepted"] == "true"}
        assert {("one", "water"), ("long", "water"), ("mixed", "water"), ("marks", "water")} <= accepted
    assert not {"emoji", "signs", "nothing seen"} & {row["id"] for row in tags if row["accepted"] == "true"}


def test_texts_of_any_kind_are_grouped(nowhere: Path) -> None:
    texts, out = lines(nowhere / "l.jsonl", [{"id": key, "text": text} for key, text in STRANGE.items()]), "g.jsonl"
    code, _, said = run("cluster", texts, "--quick", "--output", str(nowhere / out))
    assert (code, "Traceback" in said) == (0, False)
    rows = [json.loads(line) for line in (nowhere / out).read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == list(STRANGE)


def test_ids_of_any_kind_get_partners(nowhere: Path) -> None:
    names = [*STRANGE, *STRANGE.values()]
    links = lines(nowhere / "a.jsonl", [{"a": one, "b": other} for one, other in pairwise(names)])
    ids = lines(nowhere / "i.jsonl", [{"id": name} for name in names])
    bodies = lines(
        nowhere / "b.jsonl",
        [{"id": key, "name": text, "country": text, "kind": text, "themes": [text]} for key, text in STRANGE.items()],
    )
    out = nowhere / "p.jsonl"
    words = ["--relations", links, "--for", ids, "--bodies", bodies, "--limit", "1", "--output", str(out)]
    assert run("partners", *words) == (0, "", "")
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == [plain_id(name) for name in names]


def plain_id(name: str) -> str:
    """As JSON is read: half a character is U+FFFD, and white space around an id is none of it."""
    return whole(name).strip()


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_places_of_any_kind_have_peers(text: str) -> None:
    odd = PlaceProfile("a", kind=text, country=text, income=1.0, income_unit=text, themes=frozenset({text}))
    [found] = peers(odd, [odd, replace(odd, id="b")])
    assert (found.id, found.score) == ("b", 1.0)
    assert {feature.name for feature in found.features} >= {"kind", "themes"}


@pytest.mark.parametrize("name", ["m.csv", "m.jsonl"])
def test_several_processes_write_what_one_writes(nowhere: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    left = lines(nowhere / "l.jsonl", [{"id": key, "text": text} for key, text in STRANGE.items()])
    alone, out = nowhere / f"alone-{name}", nowhere / name
    assert run("match", left, left, "--fast", "--limit", "3", "--output", str(alone)) == (0, "", "")
    monkeypatch.setattr(side_by_side, "_WORTH_A_PROCESS", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert run("match", left, left, "--fast", "--limit", "3", "--output", str(out)) == (0, "", "")
    assert out.read_bytes() == alone.read_bytes()
    assert alone.read_bytes().count(b"\n") == 3 * len(STRANGE) + (name == "m.csv")


def test_what_a_spreadsheet_would_run_is_written_as_text(nowhere: Path) -> None:
    rows = [{"id": key, "text": STRANGE[key]} for key in ("=1+1", "-12")]
    left = lines(nowhere / "l.jsonl", rows)
    code, out, _ = run("match", left, left, "--fast", "--limit", "1")
    assert code == 0
    found = list(csv.DictReader(out.splitlines()))
    assert [(row["left_id"], row["right_id"]) for row in found] == [("'=1+1", "'=1+1"), ("-12", "-12")]
    assert [row["reasons"][0] for row in found] == ["[", "["]


CSV, JSONL = "l.csv", "l.jsonl"
HEAD = b"id,text,kind,sdgs,start,themes\n"
EVERY, OWN, UTF8 = "Every row needs it.", "Give each its own.", "Save it as UTF-8."
ONE_TEXT, OBJECTS, CORRECT = "Write it as one text.", "Write one object a line.", "Correct it or leave it empty."
NO_DATE = "is no date like 2027, 2027-03 or 2027-03-14"


@pytest.mark.parametrize(
    ("name", "content", "what", "mend"),
    [
        (CSV, b"id,words\na,Water\n", "row 1: no text", EVERY),
        (CSV, b"name\nWater\n", "row 1: no id and no text", EVERY),
        (CSV, b'id,text\na,"  "\n', "row 1: no text", EVERY),
        (CSV, b"id,text\na,Water\nb,Trees\na,Trams\n", "row 3: the id a is that of row 1", OWN),
        (CSV, HEAD + b"a,Water,wish,,,\n", "row 1: wish is none of the kinds project, need, priority, offer", CORRECT),
        (CSV, HEAD + b"a,Water,Need,,,\nb,Water,,6;18,,\n", "row 2: 18 is none of the goals 1 to 17", CORRECT),
        (CSV, HEAD + b"a,Water,,six,,\n", "row 1: six is none of the goals 1 to 17", CORRECT),
        (CSV, HEAD + b"a,Water,,,2027-13,\n", f"row 1: start 2027-13 {NO_DATE}", CORRECT),
        (CSV, HEAD + b"a,Water,,," + b"9" * 30 + b",\n", f"row 1: start {'9' * 30} {NO_DATE}", CORRECT),
        (JSONL, b'{"id": "a", "text": ["Water"]}', "row 1: text is a list or an object", ONE_TEXT),
        (JSONL, b'{"id": {}, "text": "Water"}', "row 1: id is a list or an object", ONE_TEXT),
        (JSONL, b'{"id": "a", "text": null}', "row 1: no text", EVERY),
        (JSONL, b'["a", "Water"]', "line 1: not an object", OBJECTS),
        (JSONL, b'{"id": "a", "text": "Water"}\n{"id"', "line 2: not JSON", OBJECTS),
        (JSONL, b"[" * 100_000, "line 1: not JSON", OBJECTS),
    ],
)
def test_a_row_that_cannot_be_meant_is_refused_with_its_place(
    nowhere: Path, name: str, content: bytes, what: str, mend: str
) -> None:
    path = nowhere / name
    path.write_bytes(content)
    assert run("match", str(path), str(path), "--fast") == (1, "", f"{path}, {what}. {mend}\n")


@pytest.mark.parametrize(
    ("content", "byte"),
    [("id,text\na,Água\n".encode("latin-1"), 10), (b"\xff\xfei\0d\0", 0), (b"id,text\na,\xe9\n", 10)],
)
def test_other_letters_than_utf_8_are_refused_from_a_file_and_from_standard_input(
    nowhere: Path, content: bytes, byte: int
) -> None:
    path = nowhere / "l.csv"
    path.write_bytes(content)
    said = f"is not UTF-8 text (byte {byte}). {UTF8}\n"
    assert run("match", str(path), str(path), "--fast") == (1, "", f"{path} {said}")
    assert run("match", "-", str(path), "--fast", given=content) == (1, "", f"standard input {said}")


@pytest.mark.parametrize(
    ("name", "content", "ids"),
    [
        (CSV, b'id,text\na,"Water\n', ["a"]),
        (CSV, b"id,text\na\x00,Wa\x00ter,more,cells\nb,Trees\n", ["a\x00", "b"]),
        (CSV, b"text,id,title\n\nWater,a\n", ["a"]),
        (CSV, b"", []),
        (CSV, b"id,text\n", []),
        (JSONL, b'\n{"id": 1, "text": 2, "title": 3, "language": [], "themes": {"a": 1}, "countries": 7}', ["1"]),
    ],
)
def test_an_odd_row_is_matched_all_the_same(nowhere: Path, name: str, content: bytes, ids: list[str]) -> None:
    path = nowhere / name
    path.write_bytes(content)
    code, out, _ = run("match", str(path), str(path), "--fast", "--limit", "1")
    assert code == 0
    table = list(csv.reader(out.splitlines()))
    assert table[0] == ["left_id", "rank", "right_id", "score", "reasons"]
    assert [row[0] for row in table[1:]] == ids


def test_a_refusal_is_one_line_whatever_an_id_holds(nowhere: Path) -> None:
    path = lines(nowhere / "l.jsonl", [{"id": "a\nb\x1b[31m", "text": "Water"}] * 2)
    code, _, err = run("match", path, path)
    assert (code, err) == (1, f"{path}, row 2: the id a b [31m is that of row 1. Give each its own.\n")


def test_a_folder_that_is_not_there_is_said_before_anything_is_read(nowhere: Path) -> None:
    code, _, err = run("match", "l.csv", "r.csv", "--output", str(nowhere / "gone" / "m.csv"))
    assert (code, err) == (1, f"There is no folder {nowhere / 'gone'}. Make it first or name another.\n")


def test_words_of_others_cannot_command_a_terminal() -> None:
    assert plain("Water\x1b]0;owned\x07 \x9b31m\r\nfor\tall \ud83d") == "Water ]0;owned   31m for all \ufffd"
    assert plain("قناة\u200fالماء 👩🏽‍🔧") == "قناة\u200fالماء 👩🏽‍🔧"


ASKED = """
import json
from click.testing import CliRunner
from sympolis.cli.main import sympolis_command
from sympolis.engine.texts import subjects
from sympolis.office.core.indexing import rebuild
from sympolis.office.core.texts import Text
from sympolis.office.projects.models import Call
from datetime import timedelta
from django.utils import timezone

subjects.subject_texts = lambda: ()  # read once for an office, in a minute
closes = timezone.localdate() + timedelta(60)
Call.objects.create(
    title=Text.of(en="Reuse of \\x1b[31mwater"),
    summary=Text.of(en="Cities reuse water."),
    closes_earliest=closes,
    closes_latest=closes,
)
rebuild(lambda *a: None)
said = []
for text in json.loads(input()):
    for command in ("search", "calls"):
        done = CliRunner(catch_exceptions=False).invoke(sympolis_command, [command, "--", text])
        said.append([command, text, done.exit_code, done.stdout, done.stderr])
[long] = [text for _, text, *_ in said if len(text) > 50_000][:1]
done = CliRunner(catch_exceptions=False).invoke(sympolis_command, ["calls", "--json", long])
print(json.dumps([said, done.stdout]))
"""


def test_any_text_may_be_searched_and_asked_for_calls(django_db_setup: None, tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    asked = ["", " ", *STRANGE.values(), "caf\udce9", '"', "AND OR NOT (", "title:*"]
    said, in_full = json.loads(in_home(home.path, ASKED, given=json.dumps(asked)))
    assert [(command, text) for command, text, *_ in said] == [(c, text) for text in asked for c in ("search", "calls")]
    for command, text, code, out, err in said:
        if command == "calls" and not text.strip():
            assert (code, out) == (2, "")
            assert err.endswith("Error: Give an organisation or a text.\n")
            continue
        assert (text, code) == (text, 0)
        assert err == ("" if out else {"search": "Nothing found.\n", "calls": "No open call fits.\n"}[command])
        assert "\x1b" not in out
    found = {(command, text) for command, text, _, out, _ in said if out.endswith("  Reuse of  [31mwater\n")}
    assert {("calls", LONG), ("calls", STRANGE["chinese"]), ("search", "water")} <= found
    [call] = json.loads(in_full)
    assert "text-careful" in {reason["name"] for reason in call["reasons"]}


NAMED = """
import json
from click.testing import CliRunner
from sympolis.cli.main import sympolis_command
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.projects.models import Call

Organisation.objects.create(name="Sfax", kind="city", country="TN", slug="sfax", confirmed=True)
call = Call.objects.create(title=Text.of(en="Reuse of water"), source_id="W-1", confirmed=True)
said = []
for text in json.loads(input()):
    for words in (
        ["partners", "--", text],
        ["consortium", "--", text, "Sfax"],
        ["consortium", "--", "W-1", text],
        ["consortium", f"--with={text}", "--", "W-1", "Sfax"],
        ["search", f"--as={text}", "--", "water"],
    ):
        done = CliRunner(catch_exceptions=False).invoke(sympolis_command, words)
        said.append([text, words[0], done.exit_code, done.stdout, done.stderr])
print(json.dumps(said))
"""


def test_any_text_may_be_given_for_a_name(django_db_setup: None, tmp_path: Path) -> None:
    """Nothing is called so: one sentence says that, without what would command a terminal."""
    home = make_home(tmp_path / "home")
    said = json.loads(in_home(home.path, NAMED, given=json.dumps(["", " ", *STRANGE.values()])))
    assert len(said) == 5 * (2 + len(STRANGE))
    for text, command, code, out, err in said:
        assert "\x1b" not in err + out
        if code:
            assert (code in {1, 2}, out, len(err) < 1_000) == (True, "", True), (text[:50], command, err[:2_000])
    answered = {(command, text) for text, command, code, _, _ in said if not code}
    # A title in other words is found; to be with nobody is no wish.
    assert answered == {("consortium", text) for text in ("", " ", STRANGE["half"])}
