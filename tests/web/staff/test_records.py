"""Lists and forms: adding with a title, changing, two people at once, history, going back, removing."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook

from sympolis.office.core.models import IndexChange, RetiredId
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import MembershipFee, Organisation, Relation
from sympolis.office.directory.search_documents import naming, organisation_documents
from sympolis.office.projects.models import Project
from sympolis.office.synergies.models import Brief
from sympolis.web.staff import workbook
from sympolis.web.staff.records.documents import KIND_OF_NAME, KINDS, RECORD_KINDS
from sympolis.web.staff.records.tables.directory import ORGANISATIONS
from tests.cast import Cast
from tests.factories import make_organisation, make_project, make_relation
from tests.web.staff.rooms import HOSTILE, LEAST, day, one_of_each

NAMES = [kind.name for kind in KINDS]
RECORDS = [kind.name for kind in RECORD_KINDS]


def change_url(record: Any) -> str:
    return reverse("staff:change", kwargs={"public_id": record.public_id})


def sent(page: Any, **changed: Any) -> dict[str, Any]:
    """What a browser would send back of a page's form, with some boxes written anew."""
    form = page.context["form"]
    data: dict[str, Any] = {"seen": form.initial["seen"]}
    for bound in form:
        value = bound.value()
        if isinstance(value, Text):
            data |= {f"{bound.name}_{code}": words for code, words in value.plain().items()}
        elif bound.name in {"parts", "organisations", "organisers", "cities", "parties"} or value in (None, ""):
            continue
        elif isinstance(value, Organisation):
            data[bound.name] = value.name
        elif value is not False:
            data[bound.name] = value
    return {**data, **changed}


@pytest.mark.parametrize("kind", RECORDS)
def test_adding_takes_a_title_and_is_told_to_the_index(cast: Cast, kind: str) -> None:
    officer = cast.client("officer")
    answer = officer.post(reverse(f"staff:{kind}_add"), LEAST[kind])
    assert answer.status_code == 302, answer.context["form"].errors
    made = KIND_OF_NAME[kind].visible(cast.officer).latest("pk")
    at_its_page = kind in ("sessions", "applications")  # they are worked on there, not at their form
    goes_on = KIND_OF_NAME[kind].page if at_its_page else "staff:change"
    assert answer["Location"] == reverse(goes_on, kwargs={"public_id": made.public_id})
    assert made.source == "office"
    assert IndexChange.objects.filter(record=made.public_id, kind="put").exists()
    page = officer.get(change_url(made))
    assert page.status_code == 200
    assert [entry["version"].by for entry in page.context["versions"]] == ["Officer"]


@pytest.mark.parametrize("kind", RECORDS)
def test_adding_nothing_is_refused_in_words(cast: Cast, kind: str) -> None:
    model = KIND_OF_NAME[kind].form._meta.model
    before = model.objects.count()
    answer = cast.client("officer").post(reverse(f"staff:{kind}_add"), {})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert "Something is missing or wrong. Nothing has been saved yet." in answer.text
    assert model.objects.count() == before


@pytest.mark.parametrize("kind", NAMES)
def test_hostile_words_are_shown_as_words(cast: Cast, kind: str) -> None:
    rows = one_of_each(cast, HOSTILE)
    officer = cast.client("officer")
    for address in (reverse(f"staff:{kind}"), change_url(rows[kind]), f"{change_url(rows[kind])}remove/"):
        page = officer.get(address)
        assert page.status_code == 200
        assert '<script>alert("x")' not in page.text
        assert "<img src=x" not in page.text
    assert "&lt;script&gt;" in officer.get(reverse("staff:dashboard")).text
    assert "<script>alert" not in officer.get(reverse("staff:dashboard")).text


@pytest.mark.parametrize("kind", NAMES)
def test_few_queries_whatever_the_data(cast: Cast, kind: str) -> None:
    officer = cast.client("officer")
    counts = []
    for size in (1, 12):
        rows = [one_of_each(cast, f"Row {number}")[kind] for number in range(size)]
        for change in ("a", "b"):
            if hasattr(rows[0], "history"):
                rows[0].note = change
                rows[0].save()
        for address in (reverse(f"staff:{kind}"), change_url(rows[0]), f"{change_url(rows[0])}remove/"):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert officer.get(address).status_code == 200
            counts.append((address.rsplit("_")[0], len(queries)))
            assert len(queries) <= 12, "\n".join(query["sql"][:150] for query in queries)
    assert [count for _address, count in counts[:3]] == [count for _address, count in counts[3:]]


def test_looking_for_words_asks_as_much_of_many_relations_as_of_few(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And shows the same, in the same order, whether few or many have the words."""
    address = reverse("staff:relations")
    shown: list[list[str]] = []
    counts: dict[str, list[int]] = {"officer": [], "contact": []}
    for size in (2, 6):
        for at in range(size):
            hidden = make_organisation(f"Vila {size} {at}", slug=f"hidden-{size}-{at}", visibility="office")
            seen = make_organisation(f"Vila {size} {at}", slug=f"seen-{size}-{at}")
            make_relation(hidden, "partner_of", cast.amb)
            make_relation(seen, "partner_of", cast.amb)
        for who in counts:
            client = cast.client(who)
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                asked = {"q": f"vila {size} metropolitana", "sort": "-from"}
                rows = client.get(address, asked).context["list"].rows
            counts[who].append(len(queries))
            shown.append([str(row.record.from_organisation) for row in rows])
    assert shown[1] == ["Vila 2 1", "Vila 2 0"]
    assert shown[3] == [f"Vila 6 {at}" for at in (5, 4, 3, 2, 1, 0)]
    assert shown[2] == [name for name in shown[3] for _twice in range(2)]
    assert counts == {"officer": [8, 8], "contact": [9, 9]}
    monkeypatch.setattr("sympolis.office.core.found_by_words.FEW", 1)
    again = cast.client("contact").get(address, {"q": "vila 6 metropolitana", "sort": "-from"}).context["list"].rows
    assert [str(row.record.from_organisation) for row in again] == shown[3]


def test_of_many_found_by_words_it_is_told_that_there_are_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not counted for each page; every page can be turned to, and what a choice leaves is told as it is."""
    monkeypatch.setattr("sympolis.office.core.found_by_words.FEW", 3)
    monkeypatch.setattr("sympolis.web.staff.records.listing.ROWS_A_PAGE", 2)
    for at in range(7):
        other = make_organisation(f"Vila {at}", visibility="office" if at == 6 else "public")
        make_relation(other, "partner_of" if at < 2 else "twinned_with", cast.amb)

    def shown(who: str, **asked: str) -> tuple[list[str], str]:
        page = cast.client(who).get(reverse("staff:relations"), {"q": "vila", **asked})
        said = re.search(r'<p class="result-count">\s*(.*?)\s*</p>', page.text, re.S)
        return [str(row.record.from_organisation) for row in page.context["list"].rows], said[1] if said else ""

    assert shown("officer") == (["Vila 0", "Vila 1"], "More than 3 found")
    assert shown("officer", q="vila metropolitana") == (["Vila 0", "Vila 1"], "More than 3 found")
    assert shown("contact", q="metropolitana 5") == (["Vila 5"], "1 found")
    assert shown("officer", page="3") == (["Vila 4", "Vila 5"], "More than 6 found")
    assert shown("officer", page="4") == (["Vila 6"], "7 found")
    assert shown("officer", page="99") == (["Vila 6"], "7 found")
    assert shown("contact") == (["Vila 0", "Vila 1"], "More than 3 found")
    assert shown("contact", page="3") == (["Vila 4", "Vila 5"], "6 found")
    assert shown("officer", type="partner_of") == (["Vila 0", "Vila 1"], "2 found")
    assert shown("officer", sort="-from") == (["Vila 6", "Vila 5"], "More than 3 found")
    pages = cast.client("officer").get(reverse("staff:relations"), {"q": "vila", "page": "2"}).text
    assert "3 to 4 of more than 4" in " ".join(pages.split())


def test_the_text_filter_knows_no_accents_and_the_choices_narrow(cast: Cast) -> None:
    make_organisation("Tétouan", country="MA", themes=("water",), names=Text.of(ar="تطوان"))
    officer = cast.client("officer")

    def found(**asked: str) -> list[str]:
        page = officer.get(reverse("staff:organisations"), asked)
        return [row.record.name for row in page.context["list"].rows]

    assert found(q="tetouan") == ["Tétouan"]
    assert found(q="TÉTOUAN") == ["Tétouan"]
    assert found(q="تطوان") == ["Tétouan"]
    assert found(theme="water") == ["Tétouan"]
    assert found(country="MA") == ["Rabat", "Tétouan"]
    assert found(country="MA", q="rab") == ["Rabat"]
    assert found(kind="nonsense") == ["Àrea Metropolitana de Barcelona", "Rabat", "Sfax", "Tétouan"]
    assert found(sort="-name")[0] == "Tétouan"
    assert found(sort="'; DROP TABLE")[0] == "Àrea Metropolitana de Barcelona"
    assert found(q="nobody") == []
    assert "Nothing fits" in officer.get(reverse("staff:organisations"), {"q": "nobody"}).text


def test_relations_are_found_by_either_end(cast: Cast) -> None:
    make_relation(cast.sfax, "member_of", cast.amb)
    officer = cast.client("officer")
    for word in ("sfax", "barcelona"):
        assert len(officer.get(reverse("staff:relations"), {"q": word}).context["list"].rows) == 1
    assert officer.get(reverse("staff:relations"), {"q": "rabat"}).context["list"].rows == []


def test_the_csv_has_every_row_that_fits_and_nothing_a_spreadsheet_runs(cast: Cast) -> None:
    for number in range(60):
        make_organisation(f"=Town {number:02}", country="FR")
    answer = cast.client("officer").get(reverse("staff:organisations"), {"format": "csv", "country": "FR"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="organisations.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 60
    assert (rows[0]["Name"], rows[0]["Country"]) == ("'=Town 00", "France")


def test_a_long_csv_goes_out_line_by_line(cast: Cast) -> None:
    towns = [Organisation(name=f"Town {number:04}", kind="city", country="FR") for number in range(2_500)]
    for town in towns:
        town.prepare()
    Organisation.objects.bulk_create(towns)
    answer = cast.client("officer").get("/fr/office/organisations/", {"format": "csv", "country": "FR"})
    assert answer.streaming
    assert answer["Content-Disposition"] == 'attachment; filename="organisations.csv"'
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert len(rows) == 2_501
    assert [row[1] for row in rows[1:]] == [f"Town {number:04}" for number in range(2_500)]
    assert {row[2] for row in rows[1:]} == {"Ville"}  # in the reader's language to the last line


def test_a_list_is_had_as_a_workbook_and_as_json(cast: Cast) -> None:
    hostile = '=1+1 <b>&"\x01\ufffe\n'
    first = make_organisation(
        f"A {hostile}", country="FR", founded_year=1900, names=Text.of(ar="مدينة"), themes=("water",)
    )
    make_organisation("B", country="FR", visibility="office")
    client = cast.client("officer")
    book = client.get(reverse("staff:organisations"), {"format": "xlsx", "country": "FR"})
    assert book["Content-Disposition"] == 'attachment; filename="organisations.xlsx"'
    (sheet,) = load_workbook(io.BytesIO(book.getvalue()))
    table = list(csv.reader(io.StringIO(client.get(
        reverse("staff:organisations"), {"format": "csv", "country": "FR"}).content.decode("utf-8-sig"))))  # fmt: skip
    rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert rows == [[cell.replace("\x01", "").replace("\ufffe", "") for cell in row] for row in table]
    assert [row[1] for row in rows] == ["Name", 'A =1+1 <b>&"\n', "B"]
    told = client.get(reverse("staff:organisations"), {"format": "json", "country": "FR"})
    assert told["Content-Type"] == "application/json"
    read = json.loads(told.getvalue())
    assert [one["id"] for one in read] == [row[0] for row in rows[1:]]
    assert read[0]["id"] == first.public_id
    assert set(read[0]) == {"id", *(column.key for column in ORGANISATIONS.columns)}
    others = json.loads(cast.client("outsider").get("/en/office/organisations/?format=json&country=FR").getvalue())
    assert [one["id"] for one in others] == [first.public_id]


def test_more_rows_than_a_sheet_has_go_into_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "ROWS_A_SHEET", 4)
    for many, sizes in ((0, [1]), (3, [4]), (4, [4, 2]), (7, [4, 4, 2])):
        lines = iter([["n", "half"], *([number, Decimal(number) / 2] for number in range(many))])
        sheets = load_workbook(io.BytesIO(workbook.workbook_file("numbers", lines).getvalue())).worksheets
        assert [one.max_row for one in sheets] == sizes
        assert [next(one.values) for one in sheets] == [("n", "half")] * len(sheets)
        told = [row for one in sheets for row in list(one.values)[1:]]
        assert told == [(number, number / 2) for number in range(many)]
    assert [one.title for one in sheets] == ["numbers 1", "numbers 2", "numbers 3"]


def test_pages_of_fifty(cast: Cast) -> None:
    for number in range(60):
        make_organisation(f"Town {number:02}", country="FR")
    pages = [
        cast.client("officer").get(reverse("staff:organisations"), {"country": "FR", "page": page}).context["list"]
        for page in ("1", "2", "999", "x")
    ]
    assert [len(page.rows) for page in pages] == [50, 10, 10, 50]


def test_a_change_keeps_other_languages_and_says_who(cast: Cast) -> None:
    project = make_project("Water")
    project.title.write("it", "Acqua", author="Anna")
    project.save()
    officer = cast.client("officer")
    page = officer.get(change_url(project))
    answer = officer.post(change_url(project), sent(page, title_ca="Aigua", start="març 2019", end="14/3/2021"))
    assert answer.status_code == 302, answer.context["form"].errors
    project.refresh_from_db()
    assert project.title.plain() == {"en": "Water", "it": "Acqua", "ca": "Aigua"}
    assert project.title["ca"]["author"] == "Officer"
    assert (str(project.start), str(project.end)) == ("2019-03", "2021-03-14")
    changes = officer.get(change_url(project)).context["versions"][0]["changes"]
    assert [(str(one["label"]), str(one["before"]), str(one["after"])) for one in changes] == [
        ("Title", "", '<span lang="ca" dir="ltr">Aigua</span>'),
        ("Begins", "", "March 2019"),
        ("Ends", "", "14\N{NO-BREAK SPACE}Mar\N{NO-BREAK SPACE}2021"),
    ]


def test_two_people_on_different_fields_lose_nothing(cast: Cast) -> None:
    first, second = cast.client("officer"), cast.client("administrator")
    one, two = first.get(change_url(cast.sfax)), second.get(change_url(cast.sfax))
    assert first.post(change_url(cast.sfax), sent(one, place="By the sea")).status_code == 302
    assert second.post(change_url(cast.sfax), sent(two, website="sfax.tn")).status_code == 302
    cast.sfax.refresh_from_db()
    assert (cast.sfax.place, cast.sfax.website) == ("By the sea", "https://sfax.tn")


def test_two_people_on_the_same_field_are_told_and_decide(cast: Cast) -> None:
    first, second = cast.client("officer"), cast.client("administrator")
    one, two = first.get(change_url(cast.sfax)), second.get(change_url(cast.sfax))
    first.post(change_url(cast.sfax), sent(one, place="By the sea", website="sfax.tn"))
    clash = second.post(change_url(cast.sfax), sent(two, place="In the south"))
    assert clash.status_code == 409
    assert "Somebody else changed the same while you were writing." in clash.text
    assert [(str(one["label"]), one["theirs"]) for one in clash.context["clashes"]] == [("Place", "By the sea")]
    assert 'value="In the south"' in clash.text
    cast.sfax.refresh_from_db()
    assert cast.sfax.place == "By the sea"
    assert second.post(change_url(cast.sfax), sent(clash)).status_code == 302
    cast.sfax.refresh_from_db()
    assert (cast.sfax.place, cast.sfax.website) == ("In the south", "https://sfax.tn")


def test_going_back_to_a_version(cast: Cast) -> None:
    project = make_project("Water")
    project.title = Text.of(en="Spoiled")
    project.save()
    first = project.history.order_by("history_id")[0].history_id
    answer = cast.client("officer").post(
        reverse("staff:restore", kwargs={"public_id": project.public_id, "history_id": first})
    )
    assert answer.status_code == 302
    project.refresh_from_db()
    assert str(project.title) == "Water"
    assert project.history.count() == 3
    assert project.sort_key == "water"
    other = make_project("Other").history.get().history_id
    wrong = reverse("staff:restore", kwargs={"public_id": project.public_id, "history_id": other})
    assert cast.client("officer").post(wrong).status_code == 404


def test_removing_names_what_goes_and_answers_410_from_then_on(cast: Cast) -> None:
    relation = make_relation(cast.sfax, "member_of", cast.amb)
    make_project("Water", cast.sfax)
    officer = cast.client("officer")
    address = reverse("staff:remove", kwargs={"public_id": cast.sfax.public_id})
    going = [str(one) for one in officer.get(address).context["going"]]
    assert going == [
        "1 relation",
        "1 user's right to act for it",
        "1 part in a project",
        "Its address will say that it was removed.",
    ]
    assert Organisation.objects.filter(pk=cast.sfax.pk).exists()
    assert officer.post(address).status_code == 302
    assert not Organisation.objects.filter(pk=cast.sfax.pk).exists()
    assert not Relation.objects.exists()
    assert set(RetiredId.objects.values_list("public_id", flat=True)) == {cast.sfax.public_id, relation.public_id}
    removed = IndexChange.objects.filter(kind="remove").values_list("record", flat=True)
    assert set(removed) == {cast.sfax.public_id, relation.public_id}
    assert officer.get(change_url(cast.sfax)).status_code == 410
    assert cast.client("participant").get(change_url(cast.sfax)).status_code == 404


def test_what_a_brief_rests_on_stays(cast: Cast) -> None:
    Brief.objects.create(
        left=cast.amb, right=cast.sfax, on=day(0).earliest, language="en", document={}, title="A brief"
    )
    address = reverse("staff:remove", kwargs={"public_id": cast.sfax.public_id})
    assert "This can't be removed" in cast.client("officer").get(address).text
    assert cast.client("officer").post(address).status_code == 409
    assert Organisation.objects.filter(pk=cast.sfax.pk).exists()


def test_a_file_that_came_with_something_to_mend_is_asked_for_again(cast: Cast) -> None:
    officer = cast.client("officer")
    again = "Choose the file again: a browser does not keep it when a form comes back."
    page = officer.get(change_url(cast.amb))
    assert again not in page.text
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    logo = SimpleUploadedFile("logo.png", picture.getvalue(), "image/png")
    answer = officer.post(change_url(cast.amb), sent(page, name="", logo=logo))
    assert set(answer.context["form"].errors) == {"name"}
    assert f'<div class="error" id="id_logo_again">{again}</div>' in answer.text
    assert again not in officer.post(change_url(cast.amb), sent(page, name="")).text


def test_a_logo_is_made_afresh_and_what_is_no_picture_is_refused(cast: Cast) -> None:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (2400, 1200), "navy").save(out, "JPEG", comment=b"<script>")
    officer = cast.client("officer")
    page = officer.get(change_url(cast.amb))
    logo = SimpleUploadedFile("logo.jpg", out.getvalue() + b"<script>", "image/jpeg")
    assert officer.post(change_url(cast.amb), sent(page, logo=logo)).status_code == 302
    cast.amb.refresh_from_db()
    with cast.amb.logo.open() as kept:
        content = kept.read()
    assert content.startswith(b"\x89PNG")
    assert b"<script>" not in content
    assert Image.open(io.BytesIO(content)).size == (1000, 500)
    for name, wrong in (
        ("logo.png", b"no picture"),
        ("logo.svg", b"<svg onload='alert(1)'/>"),
        ("logo.jpg", b"\xff\xd8\xff"),
    ):
        page = officer.get(change_url(cast.sfax))
        upload = SimpleUploadedFile(name, wrong, "image/png")
        answer = officer.post(change_url(cast.sfax), sent(page, logo=upload))
        assert answer.context["form"].errors == {
            "logo": ["This file is no picture we can read. Choose a PNG, JPEG, GIF or WebP file."]
        }


def test_who_takes_part_is_written_as_rows(cast: Cast) -> None:
    officer = cast.client("officer")
    parts = {
        "parts": ["AMB", "sfax", ""],
        "parts_was": ["", "", ""],
        "parts_role": ["lead", "partner", "partner"],
        "parts_money": ["120 000,50", "", ""],
    }
    answer = officer.post(reverse("staff:projects_add"), {**LEAST["projects"], **parts})
    assert answer.status_code == 302, answer.context["form"].errors
    project = Project.objects.get()
    rows = project.participations.order_by("role").values_list("organisation__slug", "role", "money")
    assert [(slug, role, str(money)) for slug, role, money in rows] == [
        ("amb", "lead", "120000.50"),
        ("sfax", "partner", "None"),
    ]
    page = officer.get(change_url(project))
    again = sent(page, parts=["Sfax"], parts_was=[cast.sfax.public_id], parts_role=["lead"], parts_money=[""])
    assert officer.post(change_url(project), again).status_code == 302
    assert list(project.participations.values_list("organisation__slug", "role")) == [("sfax", "lead")]


def test_a_relation_and_a_fee_are_called_by_what_they_name(cast: Cast) -> None:
    network = make_organisation("Harbours", kind="city-network")
    relation = make_relation(cast.sfax, "member_of", network)
    fee = MembershipFee.objects.create(network=network, organisation=cast.amb, year=2025, amount=900, currency="EUR")
    client = cast.client("officer")
    for record, called in ((relation, "Sfax · membre de · Harbours"), (fee, "Harbours · 2025")):
        for view in ("staff:change", "staff:remove"):
            with override("fr"):
                page = client.get(reverse(view, kwargs={"public_id": record.public_id}))
            assert page.context["title"] == called
            assert called in page.text


def test_a_body_is_listed_with_whose_it_is(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    """Every network has a board; of a network the reader may not see the name is not told."""
    for name, visibility in (("Harbours", "public"), ("Hidden", "office")):
        network = make_organisation(name, kind="city-network", visibility=visibility)
        board = make_organisation("Board", kind="body", parent=network)
        make_relation(cast.sfax, "sits_on", board)
    for n in range(8):
        make_relation(cast.sfax, "twinned_with", make_organisation(f"Town {n}", parent=network))
    for who, told in (("officer", {"Board · Harbours", "Board · Hidden"}), ("contact", {"Board · Harbours", "Board"})):
        client = cast.client(who)
        with django_assert_max_num_queries(12):
            rows = client.get("/en/office/relations/?type=sits_on").context["list"].rows
        assert {str(row.cells[1].value) for row in rows} == told
        for words, count in (("board harbours", 1), ("harbours", 1), ("sfax board", 2), ("board harbours nobody", 0)):
            with django_assert_max_num_queries(12):
                assert len(client.get("/en/office/relations/", {"q": words}).context["list"].rows) == count, words
        for words in ("board hidden", "hidden"):
            found = client.get("/en/office/relations/", {"q": words}).context["list"].rows
            named = [row for row in found if "Board" in str(row.cells[1].value)]
            assert len(named) == (who == "officer"), words
    with monkeypatch.context() as patched:  # where many are called so, the database looks all up
        patched.setattr("sympolis.office.core.found_by_words.FEW", 0)
        for who, count in (("officer", 1), ("contact", 0)):
            found = cast.client(who).get("/en/office/relations/", {"q": "board hidden"}).context["list"].rows
            assert len(found) == count, who
    bodies = {one.parent.name: one for one in Organisation.objects.select_related("parent").filter(kind="body")}
    told_of = {
        name: {one.audiences: "harbours" in words or "hidden" in words for one in organisation_documents(body)
               for words in [" ".join(one.text.values()).lower()]}
        for name, body in bodies.items()
    }  # fmt: skip
    assert told_of == {"Harbours": {("public",): True}, "Hidden": {("public",): False, ("office",): True}}
    assert set(naming([bodies["Hidden"].parent.public_id])) == {bodies["Hidden"].public_id}
