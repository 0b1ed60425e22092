"""Budget lines of a running project out of spreadsheets and into them."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from sympolis.office.core.texts import Text
from sympolis.office.projects.models import Project
from sympolis.office.projects.running.actions import add_lines, keep_entry
from sympolis.office.projects.running.models import (
    BudgetLine,
    Payment,
    Running,
    WorkPackage,
)
from tests.cast import Cast
from tests.factories import make_project
from tests.web.staff.running import at, blue_harbours


@pytest.fixture
def project(cast: Cast) -> Project:
    return blue_harbours(cast)


def test_lines_out_of_a_spreadsheet(cast: Cast, project: Project) -> None:
    Running.objects.create(project=project, rules="interreg")
    WorkPackage.objects.create(project=project, code="WP1", title=Text.of(en="Study"))
    table = (
        "What for;Category;Partner;Work package;Year;Planned;Actual\nExperts;Gastos de viaje;Sfax;WP1;2026;1.234,50;\n"
    )
    address = at("running_lines_in", project.public_id)
    client = cast.client("officer")
    wrong = client.post(address, {"file": SimpleUploadedFile("b.csv", table.encode())})
    assert (wrong.status_code, [(one.row, one.column) for one in wrong.context["problems"]]) == (422, [(2, "Category")])
    assert not BudgetLine.objects.exists()
    table = table.replace("Gastos de viaje", "Viajes y alojamiento") + "Staff;staff;;;2027;-5;1\n"
    wrong = client.post(address, {"file": SimpleUploadedFile("b.csv", table.encode())})
    assert [(one.row, one.column) for one in wrong.context["problems"]] == [(3, "Planned")]
    table = table.replace("-5", "5")
    shown = client.post(address, {"file": SimpleUploadedFile("b.csv", table.encode())}, follow=True)
    assert [shown.context[name] for name in ("new", "there", "planned")] == [2, 0, Decimal("1239.50")]
    assert not BudgetLine.objects.exists()
    look = shown.redirect_chain[0][0]
    assert cast.client("administrator").post(look).status_code == 404
    assert client.post(look).status_code == 302
    again = client.post(address, {"file": SimpleUploadedFile("b.csv", table.encode())}, follow=True)
    assert [again.context[name] for name in ("new", "there")] == [0, 2]
    rows = BudgetLine.objects.order_by("pk").values_list(
        "what", "category", "organisation", "work_package__code", "year", "planned", "actual"
    )
    assert list(rows) == [
        ("Experts", "travel", cast.sfax.pk, "WP1", 2026, Decimal("1234.50"), None),
        ("Staff", "staff", None, None, 2027, Decimal(5), Decimal(1)),
    ]
    wide = ";".join(f"c{number}" for number in range(300)) + "\n" + ";".join("1" for _ in range(300)) + "\n"
    refused = client.post(address, {"file": SimpleUploadedFile("w.csv", wide.encode())})
    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"file"})
    for data in (_workbook(301), _with_entities(_workbook(2))):
        refused = client.post(address, {"file": SimpleUploadedFile("b.xlsx", data)})
        assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"file"})
    assert BudgetLine.objects.count() == 2


def _workbook(columns: int) -> bytes:
    book, written = Workbook(), io.BytesIO()
    sheet: Any = book.active
    sheet.append(["What for", "Planned", *range(columns - 2)])
    sheet.append(["x"] + [1] * (columns - 1))
    book.save(written)
    return written.getvalue()


def _with_entities(data: bytes) -> bytes:
    """The same with a sheet whose one cell is ten to the ninth letters, said in nine lines."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    said, written = f'<!DOCTYPE x [<!ENTITY e0 "a">{entities}]>', io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            part = source.read(name).decode()
            if name.endswith("sheet1.xml"):
                part = part.replace("<worksheet", f"{said}<worksheet", 1).replace("<v>1</v>", "<v>&e9;</v>")
                assert "&e9;" in part
            made.writestr(name, part)
    return written.getvalue()


def test_lines_of_a_file_are_taken_back_but_for_those_worked_with(cast: Cast, project: Project) -> None:
    Running.objects.create(project=project, rules="interreg")
    lines = [BudgetLine(what=what, planned=Decimal(100), category="staff") for what in ("Gone", "Changed", "Paid")]
    lines.append(BudgetLine(what="Flat", basis="flat", category="office", rate=Decimal(10)))
    add_lines(cast.officer, project, lines, "b.csv")
    changed, paid, flat = (BudgetLine.objects.get(what=what) for what in ("Changed", "Paid", "Flat"))
    assert flat.planned == Decimal("30.00")
    changed.planned = Decimal(70)
    keep_entry(cast.officer, changed)
    Payment.objects.create(project=project, on=date(2026, 1, 1), amount=Decimal(5), budget_line=paid)
    [brought] = project.lines_brought.all()  # type: ignore[attr-defined]
    address = reverse("staff:running_lines_back", args=[project.public_id, brought.pk])
    allowed = {who: cast.client(who).post(address).status_code for who in ("visitor", "participant", "outsider")}
    assert allowed == {"visitor": 302, "participant": 404, "outsider": 404}
    assert cast.client("contact").post(address).status_code == 302
    assert set(BudgetLine.objects.values_list("what", "brought")) == {("Changed", None), ("Paid", None)}
    assert cast.client("contact").post(address).status_code == 404
    assert BudgetLine.history.filter(what="Gone", history_type="-", history_user=cast.contact).count() == 1


def test_budgets_stream_and_come_in_again(cast: Cast, project: Project) -> None:
    other = make_project("Other", cast.amb)
    BudgetLine.objects.create(project=project, what="=1+1", planned=Decimal("0.10"))
    BudgetLine.objects.create(project=other, what="Theirs", planned=Decimal("0.20"))
    file = b"".join(cast.client("contact").get(at("budgets")).streaming_content).decode("utf-8-sig")
    assert [row.split(",")[3] for row in file.splitlines()] == ["what", "'=1+1"]
    assert len(b"".join(cast.client("officer").get(at("budgets")).streaming_content).splitlines()) == 3
    own = b"".join(cast.client("officer").get(at("running_budget_file", other.public_id)).streaming_content)
    address = at("running_lines_in", project.public_id)
    client = cast.client("officer")
    shown = client.post(address, {"file": SimpleUploadedFile("b.csv", own)}, follow=True)
    assert client.post(shown.redirect_chain[0][0]).status_code == 302
    assert set(project.budget_lines.values_list("what", "planned")) == {
        ("=1+1", Decimal("0.10")),
        ("Theirs", Decimal("0.20")),
    }
