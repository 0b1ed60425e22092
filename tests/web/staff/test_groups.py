"""The pages "Groups": pouring in, looking on, mending by hand, taking along, deleting."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from sympolis.office.synergies.models import Grouping
from tests.cast import Cast

MOST_QUERIES = 12
HOSTILE = '<script>alert("x")</script>"><img src=x onerror=alert(1)>'
PRIVATE = "What nobody else may read"


@pytest.fixture(autouse=True)
def waits_for_a_worker(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "long"]}}


def make_grouping(cast: Cast, *texts: str, **fields: Any) -> Grouping:
    """Two groups and one contribution in none; more texts go into the first group."""
    said = [("Més carrils bici", "ca"), ("حدائق أكثر", "ar"), (PRIVATE, "en"), *((text, "en") for text in texts)]
    placed = [1, 2, 0, *(1 for _ in texts)]
    groups = [
        {"number": 1, "labels": {"en": "Cycling", "ca": "Bicicletes"}, "theme": "mobility", "name": ""},
        {"number": 2, "labels": {"en": "Parks", "ca": "Parcs"}, "theme": "", "name": ""},
    ]
    rows = [{"id": f"c{at}", "text": text, "language": language} for at, (text, language) in enumerate(said)]
    about = {"title": "Session", "state": "done", "count": len(rows), "made_by": cast.officer, **fields}
    return Grouping.objects.create(texts=rows, groups=groups, found=placed, placed=placed, **about)


def page_of(grouping: Grouping, name: str = "grouping") -> str:
    return reverse(f"staff:{name}", args=[grouping.public_id])


def pour(client: Client, **said: Any) -> Any:
    return client.post(reverse("staff:groups"), said)


@pytest.mark.parametrize(
    "name", ["groups", "grouping", "grouping_download", "grouping_remove", "grouping_name", "grouping_move"]
)
def test_only_officers(cast: Cast, name: str) -> None:
    grouping = make_grouping(cast)
    address = reverse(f"staff:{name}", args=[] if name == "groups" else [grouping.public_id])
    for method in ("get", "post"):
        answer = getattr(cast.client("visitor"), method)(address)
        assert (answer.status_code, "/account/login/" in answer["Location"]) == (302, True)
        for who in ("contact", "participant", "outsider"):
            answer = getattr(cast.client(who), method)(address)
            assert answer.status_code == 403
            assert PRIVATE not in answer.text
        assert Grouping.objects.count() == 1
    for who in ("administrator", "officer"):
        assert cast.client(who).get(address).status_code == (405 if name in {"grouping_name", "grouping_move"} else 200)


def test_pasted_lines_and_files_wait_for_the_worker(cast: Cast) -> None:
    client = cast.client("officer")
    answer = pour(client, pasted="Més carrils bici\nUn parc gran")
    made = Grouping.objects.get()
    assert answer["Location"] == page_of(made)
    assert (made.title, made.state, made.count, made.made_by) == ("Més carrils bici", "waiting", 2, cast.officer)
    page = client.get(page_of(made)).text
    assert 'hx-trigger="every 2s"' in page
    assert "It waits for the worker." in page
    assert "Look again" in page
    Grouping.objects.update(state="reading", done=40, total=1_300)
    assert "Being read: 40 of 1,300 texts and phrases." in client.get(page_of(made)).text
    file = SimpleUploadedFile("survey.csv", b"what,who\nWater for all,A\nMore trees,B\n")
    answer = client.post(reverse("staff:groups"), {"file": file}, follow=True)
    assert Grouping.objects.count() == 2
    assert "The column “what” was read as the texts." in answer.text
    assert Grouping.objects.first().title == "survey.csv"  # type: ignore[union-attr]
    assert "survey.csv" in client.get(reverse("staff:groups")).text


@pytest.mark.parametrize(
    ("said", "field", "error"),
    [
        ({}, "file", "Choose a file, or paste contributions below."),
        ({"pasted": " \n "}, "file", "Choose a file, or paste contributions below."),
        ({"pasted": "one line"}, "pasted", "Groups need at least two contributions; here is one only."),
        ({"pasted": "Water\n" * 1_001}, "pasted", "There are 1001 contributions; at most 1000"),
        ({"pasted": "Water\n" + "x" * 20_001}, "pasted", "Row 2: 20001 characters are too many"),
        ({"file": b"\x89PNG\r\n\x1a\n" + bytes(200)}, "file", "This is not a table"),
        ({"file": b"id,text\n1,a\n1,b\n"}, "file", "Row 3: “1” is the number of row 2 already."),
        ({"file": b"text\n"}, "file", "There is no contribution in it."),
    ],
)
def test_bad_input_says_what_and_where_and_loses_nothing(cast: Cast, said: Any, field: str, error: str) -> None:
    if "file" in said:
        said = {"file": SimpleUploadedFile("x.csv", said["file"])}
    answer = pour(cast.client("officer"), title="Kept", **said)
    assert answer.status_code == 422
    assert error in answer.context["form"].errors[field][0]
    assert 'value="Kept"' in answer.text
    assert said.get("pasted", "").strip()[:50] in answer.text
    assert Grouping.objects.count() == 0


def test_an_empty_file_and_hostile_lines(cast: Cast) -> None:
    client = cast.client("officer")
    answer = client.post(reverse("staff:groups"), {"file": SimpleUploadedFile("x.csv", b"")})
    assert answer.status_code == 422
    lines = ["same"] * 3 + ["🎉", "\u202eevil", HOSTILE, "x" * 10_000, "=cmd()"]
    assert pour(client, pasted="\n".join(lines), title=HOSTILE).status_code == 302
    made = Grouping.objects.get()
    assert [one["text"] for one in made.texts] == lines
    Grouping.objects.update(state="done", found=[0] * 8, placed=[0] * 8)
    page = client.get(page_of(made)).text + client.get(reverse("staff:groups")).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert" in page
    assert "x" * 601 not in page
    assert "the whole of it is in the download" in page
    assert "No two of them are about the same" in page
    table = list(csv.reader(io.StringIO(client.get(page_of(made, "grouping_download")).content.decode("utf-8-sig"))))
    assert table[-2][1] == "x" * 10_000
    assert table[-1][1] == "'=cmd()"


def test_the_groups_with_their_picture_in_the_readers_language(cast: Cast) -> None:
    grouping = make_grouping(cast, "Safe lanes", "Bike parking")
    answer = cast.client("officer").get(page_of(grouping))
    assert [(bar.group.label, bar.count, bar.length, bar.share) for bar in answer.context["bars"]] == [
        ("Cycling", 3, 100, 0.6), ("Parks", 1, 33, 0.2), ("In no group", 1, 33, 0.2),
    ]  # fmt: skip
    assert "2 groups; the largest is “Cycling”, with 3 of 5" in answer.text
    assert '<rect y="0.4" width="33" height="1.6" fill="currentColor"/>' in answer.text
    assert '<span dir="auto" lang="ar">حدائق أكثر</span>' in answer.text
    assert "· Arabic" in answer.text
    with translation.override("ca"):
        assert "Bicicletes" in cast.client("officer").get(page_of(grouping)).text


def test_renaming_moving_and_the_file(cast: Cast) -> None:
    grouping = make_grouping(cast)
    client = cast.client("officer")
    named = client.post(page_of(grouping, "grouping_name"), {"number": "1", "name": "Bikes & <b>lanes</b>"})
    assert named["Location"] == f"{page_of(grouping)}#group-1"
    moved = client.post(page_of(grouping, "grouping_move"), {"from": "0", "to": "1", "place": ["2", "1"]}, follow=True)
    assert "2 contributions moved." in moved.text
    assert "Bikes &amp; &lt;b&gt;lanes&lt;/b&gt;" in moved.text
    assert moved.text.count("moved by hand") == 2
    assert "Nothing is in it any more." in moved.text
    assert (moved.context["group_count"], [bar.group.label for bar in moved.context["bars"]]) == (
        1, ["Bikes & <b>lanes</b>"],
    )  # fmt: skip
    answer = client.get(page_of(grouping, "grouping_download"))
    assert answer["Content-Disposition"] == f'attachment; filename="groups-{grouping.public_id}.csv"'
    assert list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))) == [
        ["id", "text", "language", "group", "label"],
        ["c0", "Més carrils bici", "ca", "1", "Bikes & <b>lanes</b>"],
        ["c1", "حدائق أكثر", "ar", "1", "Bikes & <b>lanes</b>"],
        ["c2", PRIVATE, "en", "1", "Bikes & <b>lanes</b>"],
    ]
    new = client.post(page_of(grouping, "grouping_move"), {"from": "1", "to": "-1", "place": "0"})
    assert new["Location"] == f"{page_of(grouping)}#group-3"
    back = client.post(page_of(grouping, "grouping_name"), {"number": "1", "name": ""}, follow=True)
    assert {group.label for group in back.context["groups"]} == {"Cycling", "Parks", "Group 3"}


def test_what_makes_no_sense_is_not_found_and_nothing_ticked_is_said(cast: Cast) -> None:
    grouping = make_grouping(cast)
    client = cast.client("officer")
    for name, said in (
        ("grouping_name", {"number": "0", "name": "x"}), ("grouping_name", {"number": "x"}), ("grouping_name", {}),
        ("grouping_move", {"from": "1", "to": "9", "place": "0"}),
        ("grouping_move", {"from": "1", "to": "1", "place": "77"}),
        ("grouping_move", {"from": "1", "to": "1", "place": "\x00"}),
        ("grouping_move", {"from": "1", "to": "1" * 1_000, "place": "0"}),
    ):  # fmt: skip
        assert client.post(page_of(grouping, name), said).status_code == 404, (name, said)
    answer = client.post(page_of(grouping, "grouping_move"), {"from": "1", "to": "2"}, follow=True)
    assert "tick the contributions first" in answer.text
    assert client.get(reverse("staff:grouping", args=["grp_nobody"])).status_code == 404
    grouping.refresh_from_db()
    assert (grouping.placed, [one["name"] for one in grouping.groups]) == ([1, 2, 0], ["", ""])


def test_deleting_is_asked_once_and_for_good(cast: Cast) -> None:
    grouping = make_grouping(cast)
    client = cast.client("administrator")
    asked = client.get(page_of(grouping, "grouping_remove"))
    assert "3 contributions go with their groups and names, for good." in asked.text
    assert Grouping.objects.count() == 1
    assert client.post(page_of(grouping, "grouping_remove"))["Location"] == reverse("staff:groups")
    assert Grouping.objects.count() == 0
    assert client.get(page_of(grouping)).status_code == 404


def test_what_failed_says_so(cast: Cast) -> None:
    grouping = make_grouping(cast, state="failed", error=f"out of memory {HOSTILE}")
    client = cast.client("officer")
    page = client.get(page_of(grouping)).text
    assert "It could not be put into groups." in page
    assert "<script>alert" not in page
    assert client.get(page_of(grouping, "grouping_download")).status_code == 404
    assert client.post(page_of(grouping, "grouping_move"), {"from": "1", "to": "2", "place": "0"}).status_code == 404


def test_pages_ask_as_much_of_much_as_of_little(cast: Cast, django_assert_max_num_queries: Callable[..., Any]) -> None:
    client, grouping, counts = cast.client("officer"), make_grouping(cast), []
    for round_ in range(2):
        for address in (page_of(grouping), reverse("staff:groups")):
            with django_assert_max_num_queries(MOST_QUERIES) as asked:
                assert client.get(address).status_code == 200
            counts.append((round_, len(asked)))
        grouping = make_grouping(cast, *(f"More {number}" for number in range(300)))
        for number in range(25):
            make_grouping(cast, title=f"Session {number}")
    assert [count for round_, count in counts if not round_] == [count for round_, count in counts if round_]


@pytest.mark.parametrize("language", ["ca", "es", "fr", "ar"])
def test_the_pages_speak_the_readers_language(cast: Cast, language: str) -> None:
    grouping = make_grouping(cast)
    with translation.override(language):
        client = cast.client("officer")
        page = "".join(
            client.get(address).text
            for address in (page_of(grouping), reverse("staff:groups"), page_of(grouping, "grouping_remove"))
        )
    for words in ("Put them into groups", "In no group", "Rename", "Move the ticked", "for good", "the largest is"):
        assert words not in page
