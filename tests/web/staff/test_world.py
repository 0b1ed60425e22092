"""World data: who sees and does what, the review of pairs, This is us, and what the pages ask of the database."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override
from django_tasks_db.models import DBTaskResult

from sympolis.config.home import Home
from sympolis.office.core import world_data
from sympolis.office.core.readers import current_snapshot
from sympolis.office.directory.models import Organisation, SameBody, WorldLink
from sympolis.office.directory.world import refresh
from sympolis.office.directory.world.actions import link_to_world
from sympolis.office.directory.world.judgements import judge_pair
from sympolis.web.staff.world.words import COUNTS, REASONS, STEPS
from tests.cast import Cast

AMB = "facts:amb-en"
PAIR = {"left": "facts:cordoba", "right": "facts:cordoba-es"}
READ = ["world_data", "world_left_out", "world_left_out_file", "same_bodies", "same_decided"]
WRITE = ["world_refresh", "same_decide", "world_adopt", "world_link"]
OTHERS = ("contact", "participant", "outsider")
MOST_QUERIES = 12
OF_BODIES = {key: both for key, both in REASONS.items() if key.startswith("resolve-")}


def many_pairs(count: int) -> None:
    """As many pairs as wanted, each between the same two bodies under records of their own."""
    snapshot = current_snapshot()
    assert snapshot is not None
    features = [[key.removeprefix("resolve-"), (-1) ** at * 0.5, {"left": "1 km", "right": ["ES", "FR"]}]
                for at, key in enumerate(OF_BODIES)]  # fmt: skip
    lines = [
        {"left": f"facts:a{at:03}", "right": f"facts:b{at:03}", "score": 0.5, "names": [f"<b>Left</b> {at}", f"R {at}"],
         "features": features}
        for at in range(count)
    ]  # fmt: skip
    (snapshot / "unsure.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")


@pytest.mark.parametrize("name", READ)
def test_officers_read_and_nobody_else(cast: Cast, world: Home, name: str) -> None:
    address = reverse(f"staff:{name}")
    assert cast.client("visitor").get(address).status_code == 302
    for who in ("administrator", "officer"):
        assert cast.client(who).get(address).status_code == 200
    for who in OTHERS:
        assert cast.client(who).get(address).status_code == 403


def test_every_count_and_step_of_a_build_has_a_word(world: Home) -> None:
    standing = world_data.standing()
    assert standing is not None
    assert set(standing.counts) <= set(COUNTS)
    assert set(standing.seconds) == set(STEPS)


@pytest.mark.parametrize("name", WRITE)
def test_nobody_else_does_anything(cast: Cast, world: Home, name: str) -> None:
    address, said = reverse(f"staff:{name}"), {**PAIR, "verdict": "same", "id": AMB, "ours": cast.amb.public_id}
    assert cast.client("visitor").post(address, said).status_code == 302
    for who in OTHERS:
        assert cast.client(who).post(address, said).status_code == 403
    assert cast.client("administrator").get(address).status_code == 405
    assert [model.objects.count() for model in (SameBody, WorldLink, DBTaskResult)] == [0, 0, 0]
    assert Organisation.objects.count() == 3


def test_a_record_and_ours_are_for_officers(cast: Cast, world: Home) -> None:
    link_to_world(cast.officer, cast.amb, AMB)
    judged = judge_pair(cast.officer, PAIR["left"], PAIR["right"], "same")
    record = f"{reverse('staff:world_record')}?id={AMB}"
    ours = reverse("staff:world_of", args=[cast.amb.public_id])
    for address in (record, ours):
        assert cast.client("officer").get(address).status_code == 200
        assert cast.client("visitor").get(address).status_code == 302
    for who in OTHERS:
        assert [cast.client(who).get(address).status_code for address in (record, ours)] == [403, 403]
        unlink = reverse("staff:world_unlink", args=[cast.amb.public_id])
        assert cast.client(who).post(unlink, {"id": AMB}).status_code == 403
        assert cast.client(who).post(reverse("staff:same_back", args=[judged.pk])).status_code == 403
    assert (WorldLink.objects.count(), SameBody.objects.count()) == (1, 1)
    for wrong in ("", "?id=facts:nobody", "?id=%00", "?id=" + "x" * 5000):
        assert cast.client("officer").get(reverse("staff:world_record") + wrong).status_code == 404


def test_only_administrators_refresh_and_a_second_press_says_so(cast: Cast, world: Home, settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "long"]}}
    address = reverse("staff:world_refresh")
    assert cast.client("officer").post(address).status_code == 403
    assert "Refresh now" not in cast.client("officer").get(reverse("staff:world_data")).text
    client = cast.client("administrator")
    assert "Refresh now" in client.get(reverse("staff:world_data")).text
    first = client.post(address, follow=True).text
    assert "World data is being refreshed. You can go on working." in first
    assert "A refresh waits for the worker." in first
    assert "World data is being refreshed already." in client.post(address, follow=True).text
    assert DBTaskResult.objects.count() == 1
    refresh.write_note(refresh.NOTE, {"step": "describe", "done": 2000, "total": 5000})
    page = client.get(reverse("staff:world_data")).text
    assert "Being refreshed: Finding out what each is about" in page
    assert "2,000 of 5,000" in page


def test_how_it_stands_is_said(cast: Cast, world: Home) -> None:
    page = cast.client("officer").get(reverse("staff:world_data"))
    counts = dict(page.context["counts"])
    assert (counts["Organisations"], "Events" in counts) == (7, False)  # what there is none of is not told
    assert [label for label, _ in page.context["seconds"]][:3] == [
        "Reading the files", "Putting the sources together", "Telling organisations apart",
    ]  # fmt: skip
    for word in ("atlas", "snapshot", "resolve", "parquet"):
        assert word not in page.text.casefold()
    refresh.write_note(refresh.NOTE, {"at": "2026-05-01T10:00:00+00:00", "ok": False, "error": "The <disk> is full."})
    page = cast.client("officer").get(reverse("staff:world_data"))
    assert "failed. What was there stays." in page.text
    assert "The &lt;disk&gt; is full." in page.text


def test_a_home_without_world_data_says_what_to_do(cast: Cast, settings: Any, tmp_path: Any) -> None:
    settings.HOME = Home(tmp_path)
    client = cast.client("administrator")
    texts = {name: client.get(reverse(f"staff:{name}")).text for name in READ if not name.endswith("file")}
    assert "No source has been added" in texts["world_data"]
    assert "Nothing was left out" in texts["world_left_out"]
    assert "No pair waits" in texts["same_bodies"]
    assert "Nothing has been decided yet" in texts["same_decided"]
    assert "There is no world data yet" in client.get(reverse("staff:world_of", args=[cast.amb.public_id])).text
    page = client.post(reverse("staff:world_refresh"), follow=True).text
    assert "There is nothing to make it from." in page


def test_what_was_left_out_is_paged_and_comes_as_a_file_no_spreadsheet_runs(cast: Cast, world: Home) -> None:
    snapshot = current_snapshot()
    assert snapshot is not None
    rows = [["<script>.csv", number, "=cmd|' /C calc'!A0" if number % 2 else "Empty"] for number in range(250)]
    manifest = json.loads((snapshot / "manifest.json").read_text("utf-8"))
    (snapshot / "manifest.json").write_text(json.dumps({**manifest, "rejects": rows}), "utf-8")
    lines = "".join(f'{name},{line},"{reason}"\n' for name, line, reason in rows)
    (snapshot / "rejects.csv").write_text(f"file,line,reason\n{lines}", "utf-8")
    client, address = cast.client("officer"), reverse("staff:world_left_out")
    page = client.get(address, {"page": 3})
    assert [row.line for row in page.context["page"]] == [str(number) for number in range(200, 250)]
    assert "<script>.csv" not in page.text
    narrowed = client.get(address, {"reason": "Empty", "page": 2})
    assert [row.line for row in narrowed.context["page"]] == [str(number) for number in range(200, 250, 2)]
    answer = client.get(reverse("staff:world_left_out_file"))
    assert answer.streaming is True
    written = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert (len(written), written[0]) == (251, "File,Line,Reason")
    assert written[2] == "<script>.csv,1,'=cmd|' /C calc'!A0"


def test_why_lines_were_left_out_is_told_in_the_readers_language(cast: Cast, world: Home) -> None:
    snapshot = current_snapshot()
    assert snapshot is not None
    reasons = ["start: '<i>31</i>' is no date.", "Something <new>."]
    rows = [["a.csv", at, reason] for at, reason in enumerate(reasons, start=2)]
    manifest = json.loads((snapshot / "manifest.json").read_text("utf-8"))
    (snapshot / "manifest.json").write_text(json.dumps({**manifest, "rejects": rows}), "utf-8")
    lines = "".join(f"{name},{line},{reason}\n" for name, line, reason in rows)
    (snapshot / "rejects.csv").write_text(f"file,line,reason\n{lines}", "utf-8")
    client = cast.client("officer")
    with override("ca"):
        address, file = reverse("staff:world_left_out"), reverse("staff:world_left_out_file")
    page = client.get(address, {"reason": reasons[0]}).text
    assert re.findall(r"<option.*?</option>", page)[1:] == [
        '<option value="start: &#x27;&lt;i&gt;31&lt;/i&gt;&#x27; is no date." selected >'
        "\u2068start\u2069: «\u2068&lt;i&gt;31&lt;/i&gt;\u2069» no és cap data. (1)</option>",
        '<option value="Something &lt;new&gt;."  lang="en" dir="ltr">Something &lt;new&gt;. (1)</option>',
    ]
    assert re.findall(r'<td data-label="Motiu">(.*?)</td>', page) == [
        "<bdi>start</bdi>: «<bdi>&lt;i&gt;31&lt;/i&gt;</bdi>» no és cap data."
    ]
    written = b"".join(client.get(file).streaming_content).decode("utf-8-sig").splitlines()
    assert written == [
        "Fitxer,Línia,Motiu",
        "a.csv,2,start: «<i>31</i>» no és cap data.",
        "a.csv,3,Something <new>.",
    ]


def test_pairs_stand_side_by_side_with_reasons_in_words(cast: Cast, world: Home) -> None:
    page = cast.client("officer").get(reverse("staff:same_bodies"), {"q": "ayuntamiento"})
    [shown] = page.context["pairs"]
    assert [(str(line.label), line.left, line.right, line.differs) for line in shown.lines] == [
        ("Country", "Spain", "", False),
        ("Kind", "City", "Other", True),
        ("Place", "Córdoba", "", False),
        ("Projects", "0", "0", False),
    ]
    assert [said.words for said in shown.speaks_for] == ["The names are alike"]
    assert [(said.words, said.left, said.right) for said in shown.speaks_against] == [
        (
            "The countries differ, or one of them is not known",
            "Spain",
            "Argentina, Colombia, Spain, Mexico, Philippines",
        ),
        ("They govern at different levels, or only one of them governs", "", ""),
    ]
    narrowed = cast.client("officer").get(reverse("staff:same_bodies"), {"country": "ar"})
    assert [shown.pair.left for shown in narrowed.context["pairs"]] == ["facts:cordoba-ar"]


@pytest.mark.parametrize("language", ["ca", "es", "fr", "ar"])
def test_every_reason_is_translated(cast: Cast, world: Home, language: str) -> None:
    many_pairs(1)
    address = reverse("staff:same_bodies").replace("/en/", f"/{language}/")
    with override(language):
        page = cast.client("officer").get(address)
    [shown] = page.context["pairs"]
    assert len(shown.speaks_for) + len(shown.speaks_against) == len(OF_BODIES)
    assert "resolve-" not in page.text
    english = {str(words) for both in OF_BODIES.values() for words in both}
    assert not {said.words for said in (*shown.speaks_for, *shown.speaks_against)} & english
    assert "<b>Left</b>" not in page.text


def test_deciding_goes_on_where_one_was_and_can_be_undone(
    cast: Cast, world: Home, django_capture_on_commit_callbacks: Any
) -> None:
    client = cast.client("officer")
    said = {**PAIR, "q": "córdoba", "country": "", "page": "1"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("staff:same_decide"), {**said, "verdict": "other"})
    assert answer["Location"] == "/en/office/world/same/?q=c%C3%B3rdoba&country=&page=1#pairs"
    judged = SameBody.objects.get()
    assert (judged.left, judged.right, judged.verdict, judged.by) == (*PAIR.values(), "other", cast.officer)
    assert judged.names == ["Córdoba", "Ayuntamiento de Córdoba"]
    assert "facts:cordoba,facts:cordoba-es,other" in (world.atlas / "judgements.csv").read_text("utf-8")
    page = client.get(reverse("staff:same_bodies"))
    assert page.context["page"].paginator.count == 1
    assert "You decided last:" in page.text
    assert "You decided last:" not in cast.client("administrator").get(reverse("staff:same_bodies")).text
    decided = cast.client("administrator").get(reverse("staff:same_decided"))
    assert [(one.verdict, str(one.by)) for one in decided.context["page"]] == [("other", "Officer")]
    assert "1 decision on pairs will be taken in" in client.get(reverse("staff:world_data")).text
    with django_capture_on_commit_callbacks(execute=True):
        answer = cast.client("administrator").post(reverse("staff:same_back", args=[judged.pk]), {"from": "decided"})
    assert answer["Location"] == reverse("staff:same_decided")
    assert "facts:cordoba" not in (world.atlas / "judgements.csv").read_text("utf-8")
    assert client.get(reverse("staff:same_bodies")).context["page"].paginator.count == 2
    assert client.post(reverse("staff:same_back", args=[judged.pk])).status_code == 404


def test_what_is_no_waiting_pair_is_not_decided(cast: Cast, world: Home) -> None:
    client = cast.client("officer")
    for said in ({**PAIR, "verdict": "perhaps"}, {**PAIR}, {"verdict": "same"},
                 {"left": AMB, "right": "facts:sfax-fr", "verdict": "same"}):  # fmt: skip
        assert client.post(reverse("staff:same_decide"), said).status_code == 404
    assert not SameBody.objects.exists()


def test_twenty_pairs_a_page_and_few_questions(
    cast: Cast, world: Home, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    many_pairs(45)
    judge_pair(cast.officer, "facts:a000", "facts:b000", "unsure")
    client = cast.client("officer")
    with django_assert_max_num_queries(MOST_QUERIES):
        page = client.get(reverse("staff:same_bodies"), {"page": 2})
    assert [shown.pair.left for shown in page.context["pairs"]] == [f"facts:a{at:03}" for at in range(21, 41)]
    assert len(client.get(reverse("staff:same_bodies"), {"page": 3}).context["pairs"]) == 4
    assert page.text.count('accesskey="1"') == 1


def test_pages_ask_little(cast: Cast, world: Home, django_assert_max_num_queries: Callable[..., Any]) -> None:
    link_to_world(cast.officer, cast.amb, AMB)
    for number in range(30):
        judge_pair(cast.officer, f"facts:x{number}", f"facts:y{number}", "same")
    client = cast.client("administrator")
    addresses = [reverse(f"staff:{name}") for name in READ]
    addresses += [reverse("staff:world_of", args=[one.public_id]) for one in (cast.amb, cast.sfax)]
    addresses += [f"{reverse('staff:world_record')}?id={one}" for one in (AMB, "facts:sfax-fr")]
    addresses += [reverse("staff:change", args=[cast.amb.public_id])]
    for address in addresses:
        with django_assert_max_num_queries(MOST_QUERIES, info=address):
            assert client.get(address).status_code == 200


def test_a_record_is_added_to_the_directory(cast: Cast, world: Home) -> None:
    client = cast.client("officer")
    page = client.get(f"{reverse('staff:world_record')}?id=facts:sfax-fr")
    assert [one.name for one in page.context["alike"]] == ["Sfax"]
    answer = client.post(reverse("staff:world_adopt"), {"id": "facts:gothenburg"})
    ours = Organisation.objects.get(source_id="gothenburg")
    assert answer["Location"] == reverse("staff:change", args=[ours.public_id])
    assert ours.names.plain() == {"sv": "Göteborgs Stad"}
    again = client.post(reverse("staff:world_adopt"), {"id": "facts:gothenburg"}, follow=True)
    assert "It is in our directory already: City of Gothenburg." in again.text
    assert client.post(reverse("staff:world_adopt"), {"id": "facts:nobody"}).status_code == 404
    assert Organisation.objects.count() == 4


def test_this_is_us_by_button_and_by_name(cast: Cast, world: Home) -> None:
    client, address = cast.client("officer"), reverse("staff:world_link")
    ours = client.get(reverse("staff:world_of", args=[cast.sfax.public_id]))
    assert [one.organisation.id for one in ours.context["candidates"]] == ["facts:sfax-fr"]
    page = client.post(address, {"id": "facts:sfax-fr", "ours": cast.sfax.public_id}, follow=True)
    assert "This is Sfax now." in page.text
    assert [one.organisation.id for one in page.context["linked"]] == ["facts:sfax-fr"]
    assert page.context["candidates"] == []
    page = client.post(address, {"id": AMB, "organisation": "AMB", "organisation_was": ""}, follow=True)
    assert [one.organisation.id for one in page.context["linked"]] == [AMB]
    page = client.post(address, {"id": AMB, "ours": cast.sfax.public_id}, follow=True)
    assert "This is Àrea Metropolitana de Barcelona already. Take that back first." in page.text
    page = client.post(address, {"id": "facts:odd", "organisation": "Atlantis", "organisation_was": ""})
    assert (page.status_code, "We know no organisation called “Atlantis”" in page.text) == (200, True)
    assert client.post(address, {"id": "facts:odd", "ours": "org_000000000000"}).status_code == 404
    unlink = reverse("staff:world_unlink", args=[cast.amb.public_id])
    assert client.post(unlink, {"id": "facts:sfax-fr"}).status_code == 404
    assert (
        "Taken back: this is not Àrea Metropolitana de Barcelona." in client.post(unlink, {"id": AMB}, follow=True).text
    )
    assert [link.world_id for link in WorldLink.objects.all()] == ["facts:sfax-fr"]


def test_the_forms_page_shows_its_projects(cast: Cast, world: Home) -> None:
    address = reverse("staff:change", args=[cast.sfax.public_id])
    assert "Projects in world data" not in cast.client("officer").get(address).text
    link_to_world(cast.officer, cast.sfax, "facts:sfax-fr")
    assert "Water plan 11" in cast.client("officer").get(address).text
    assert "In world data" not in cast.client("contact").get(address).text


def test_hostile_words_and_addresses_stay_words(cast: Cast, world: Home) -> None:
    link_to_world(cast.officer, cast.sfax, "facts:odd")
    client = cast.client("officer")
    for address in (f"{reverse('staff:world_record')}?id=facts:odd",
                    reverse("staff:world_of", args=[cast.sfax.public_id]), cast.sfax.get_absolute_url()):  # fmt: skip
        page = client.get(address).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
        assert 'href="javascript:' not in page
