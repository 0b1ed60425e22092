"""A project that runs: its money, its work, who owes what by when, and who changed which number."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from openpyxl import Workbook, load_workbook

from sympolis.office.core.merging.errors import MergeRefused
from sympolis.office.core.merging.merge import merge_records
from sympolis.office.core.merging.undo import undo_merge
from sympolis.office.core.removals import bring_back
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Department, Organisation
from sympolis.office.projects.actions import remove_project
from sympolis.office.projects.models import Application, Project
from sympolis.office.projects.running import counted
from sympolis.office.projects.running.actions import Outdated, add_lines, keep_entry
from sympolis.office.projects.running.incoming import read_lines
from sympolis.office.projects.running.models import (
    BudgetLine,
    Claim,
    PartnerShare,
    Payment,
    ProjectMilestone,
    ReportingPeriod,
    Running,
    WorkPackage,
)
from sympolis.office.projects.running.portfolio import figures
from sympolis.office.projects.running.queries import not_adding_up, number_changes
from sympolis.web.staff.running.kinds import KINDS
from tests.cast import Cast, office_today
from tests.factories import make_call, make_organisation, make_project

PAGES = (
    "running", "running_budget", "running_payments", "running_work", "running_claims", "running_hours",
    "running_changes", "running_settings", "running_lines_in", "running_budget_file", "running_changes_file",
    "running_shares_in", "running_shares_file",
)  # fmt: skip


@pytest.fixture
def project(cast: Cast) -> Project:
    return make_project("Blue harbours", cast.sfax, cast.amb, budget=Decimal("1000.00"), currency="EUR")


def at(name: str, *about: Any) -> str:
    with override("en"):
        return reverse(f"staff:{name}", args=about)


def add(cast: Cast, project: Project, kind: str, who: str = "officer", **data: Any) -> Any:
    return cast.client(who).post(at(f"running_{kind}_add", project.public_id), data)


# Who may: officers, and an editor of the organisation that leads.
WHO = {"officer": 200, "administrator": 200, "contact": 200, "participant": 404, "outsider": 404, "visitor": 302}


def test_who_opens_and_writes(cast: Cast, project: Project) -> None:
    for who, status in WHO.items():
        client = cast.client(who)
        for name in PAGES:
            expected = 302 if name == "running" and status == 404 else status  # its public page
            assert client.get(at(name, project.public_id)).status_code == expected, (who, name)
        for kind in KINDS:
            assert client.get(at(f"running_{kind}_add", project.public_id)).status_code == status, (who, kind)
        written = add(cast, project, "milestone", who, title_en=f"By {who}", due="2026-01-31")
        assert written.status_code == (302 if status == 200 else status), who
    assert {str(one.title) for one in ProjectMilestone.objects.all()} == {
        "By officer",
        "By administrator",
        "By contact",
    }
    with pytest.raises(PermissionDenied):
        keep_entry(cast.outsider, ProjectMilestone(project=project, title=Text.of(en="No")))


def test_an_entry_of_another_project_is_unknown(cast: Cast, project: Project) -> None:
    other = make_project("Other", cast.amb)
    theirs = ProjectMilestone.objects.create(project=other, title=Text.of(en="Theirs"))
    client = cast.client("contact")
    for of in (project, other):
        assert client.post(at("running_milestone", of.public_id, theirs.pk), {"what": "remove"}).status_code == 404
    assert ProjectMilestone.objects.get() == theirs


def test_partners_only_of_the_project(cast: Cast, project: Project) -> None:
    rabat = make_organisation("Elsewhere")
    wrong = add(cast, project, "share", organisation=rabat.pk, own="1", grant="0", cofinancing="0")
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (422, {"organisation"})


def test_shares_may_not_exceed_the_budget(cast: Cast, project: Project) -> None:
    assert (
        add(
            cast, project, "share", organisation=cast.sfax.pk, own="200.10", grant="399.90", cofinancing="0"
        ).status_code
        == 302
    )
    wrong = add(cast, project, "share", organisation=cast.amb.pk, own="400.01", grant="0", cofinancing="0")
    assert wrong.status_code == 422
    assert "more than the project&#x27;s budget of €1,000" in wrong.text
    assert (
        add(cast, project, "share", organisation=cast.amb.pk, own="400", grant="0", cofinancing="0").status_code == 302
    )
    again = add(cast, project, "share", organisation=cast.amb.pk, own="0", grant="0", cofinancing="0")
    assert again.context["form"].errors == {"organisation": ["This partner has its share already: change that one."]}
    negative = add(cast, project, "share", organisation=cast.amb.pk, own="-1", grant="0", cofinancing="0")
    assert set(negative.context["form"].errors) == {"own"}
    page = cast.client("officer").get(at("running", project.public_id))
    assert (page.context["financing"].total, page.context["financing"].own) == (Decimal("1000.00"), Decimal("600.10"))
    assert page.context["wrong"] == []


def test_a_partner_reckons_in_its_own_currency(cast: Cast, project: Project) -> None:
    """Sums of the project are exact in its own currency, cent by cent; what the partner wrote stays, with its rate."""
    dinars = {"organisation": cast.sfax.pk, "own": "100.01", "grant": "1000.05", "cofinancing": "0", "currency": "tnd"}
    for more, field, words in (
        ({}, "rate", "Write the rate: the project is reckoned in EUR."),
        ({"rate": "0.29550001"}, "rate_on", "Write of which day the rate is."),
        ({"rate": "0", "rate_on": "2026-03-31"}, "rate", "A rate is more than nothing."),
        ({"currency": "", "rate": "0.3"}, "rate", "This is the project's own currency: leave the rate empty."),
        ({"currency": "D"}, "currency", "Write the three letters of the currency: EUR, MAD, TND."),
    ):
        wrong = add(cast, project, "share", **{**dinars, **more})
        assert (wrong.status_code, wrong.context["form"].errors) == (422, {field: [words]})
    rate = {"rate": "0.29550001", "rate_on": "2026-03-31"}
    assert add(cast, project, "share", **{**dinars, **rate}).status_code == 302
    add(cast, project, "share", organisation=cast.amb.pk, own="600.10", grant="0", cofinancing="0", currency="EUR")
    told = project.shares.values_list("own", "currency", "rate", "rate_on")  # type: ignore[attr-defined]
    assert list(told) == [
        (Decimal("100.01"), "TND", Decimal("0.29550001"), date(2026, 3, 31)),
        (Decimal("600.10"), "", None, None),
    ]
    page = cast.client("officer").get(at("running", project.public_id))
    found = page.context["financing"]  # 29.5529… and 295.5147…
    assert (found.own, found.grant, found.total) == (Decimal("629.65"), Decimal("295.51"), Decimal("925.16"))
    for words in ("€29.55", "TND100.010", "€325.06", "TND1,100.060", "0.29550001", "€925.16"):
        assert words in page.text, words
    in_catalan = at("running", project.public_id).replace("/en/", "/ca/", 1)
    assert "<bdi>0,29550001</bdi>" in cast.client("officer").get(in_catalan).text
    share = project.shares.get(currency="TND")  # type: ignore[attr-defined]
    for grant, status in (("1253.32", 422), ("1253.29", 302)):  # 370.36 is a cent too much, 370.35 is not
        written = {**dinars, **rate, "grant": grant}
        answer = cast.client("officer").post(at("running_share", project.public_id, share.pk), written)
        assert answer.status_code == status, grant
    assert not_adding_up(project, list(project.shares.all()), [], {}) == []  # type: ignore[attr-defined]
    changes = [one for one in number_changes(project) if one.field == "rate"]
    assert [(one.about, one.before, one.after) for one in changes] == [("Sfax (TND)", None, Decimal("0.29550001"))]
    row = b"".join(cast.client("officer").get(f"{at('portfolio')}?format=csv").streaming_content).decode()
    assert row.splitlines()[1].endswith(",1000,EUR,629.65,370.35,0")


def test_a_form_that_an_address_filled_is_kept(cast: Cast, project: Project) -> None:
    """“Write its share” names the partner: what the page said it held is no change by somebody else."""
    client, address = cast.client("officer"), at("running_share_add", project.public_id)
    form = client.get(f"{address}?organisation={cast.sfax.pk}").context["form"]
    said = {"seen": form.initial["seen"], "organisation": cast.sfax.pk, "own": "1", "grant": "0", "cofinancing": "0"}
    assert client.post(f"{address}?organisation={cast.sfax.pk}", said).status_code == 302
    assert PartnerShare.objects.get().organisation == cast.sfax


def test_a_line_of_another_currency_is_not_read_as_the_project_s(cast: Cast, project: Project) -> None:
    read = read_lines(b"what,planned,currency\nPumps,10,TND\nPipes,20,eur\n", project)
    assert [line.what for line in read.lines] == ["Pipes"]
    assert [(one.column, one.value, one.what, one.remedy) for one in read.problems] == [
        ("currency", "TND", "This line is of another currency than the project.",
         "Write its sums in EUR, or take the column away.")
    ]  # fmt: skip


def test_a_payment_begins_in_the_project_s_currency(cast: Cast, project: Project) -> None:
    Project.objects.update(currency="TND")
    form = cast.client("officer").get(at("running_payment_add", project.public_id)).context["form"]
    assert form["currency"].value() == "TND"
    assert add(cast, project, "payment", on="2026-05-02", amount="3.10", direction="out").status_code == 302
    assert Payment.objects.get().currency == "TND"


def test_a_lower_budget_is_told(cast: Cast, project: Project) -> None:
    PartnerShare.objects.create(project=project, organisation=cast.sfax, own=Decimal(900))
    BudgetLine.objects.create(project=project, organisation=cast.sfax, what="x", planned=Decimal(950))
    Project.objects.update(budget=Decimal(800))
    page = cast.client("officer").get(at("running_budget", project.public_id))
    assert page.context["wrong"] == [
        "The partners' shares come to €900; the project's budget is €800.",
        "The lines come to €950; the project's budget is €800.",
        "The lines of Sfax come to €950, more than its share of €900.",
    ]


@pytest.mark.parametrize(
    ("kind", "data", "field"),
    [
        ("period", {"label": "P", "starts": "2026-05-01", "ends": "2026-04-01"}, "ends"),
        ("period", {"label": "P", "starts": "2026-03-31", "ends": "2026-05-01"}, "starts"),
        ("package", {"title_en": "W", "starts": "2026-05-01", "ends": "2026-04-01"}, "ends"),
        ("payment", {"on": "2026-05-01", "amount": "-5", "currency": "EUR"}, "amount"),
        ("payment", {"on": "2026-05-01", "amount": "0", "currency": "EUR"}, "amount"),
        ("payment", {"on": "2026-05-01", "amount": "5", "currency": "MAD"}, "rate"),
        ("payment", {"on": "2026-05-01", "amount": "5", "currency": "MAD", "rate": "0.09"}, "rate_on"),
        ("payment", {"on": "2026-05-01", "amount": "5", "currency": "MAD", "rate": "-1"}, "rate"),
        ("payment", {"on": "2026-05-01", "amount": "5", "currency": "EUR", "rate": "2"}, "rate"),
        ("line", {"what": "x", "basis": "unit", "units": "3"}, "units"),
        ("line", {"what": "x", "basis": "flat", "category": "staff", "rate": "3"}, "category"),
        ("line", {"what": "x", "planned": "-1"}, "planned"),
        ("effort", {"month": "2026-13", "post": "Officer", "hours": "3"}, "month"),
        ("effort", {"month": "2026-03", "post": "Officer", "hours": "745"}, "hours"),
        ("effort", {"month": "2026-03", "hours": "5"}, "post"),
    ],
)
def test_what_can_not_be(cast: Cast, project: Project, kind: str, data: dict[str, str], field: str) -> None:
    Running.objects.create(project=project, layout="full")
    ReportingPeriod.objects.create(project=project, label="First", starts=date(2026, 1, 1), ends=date(2026, 3, 31))
    answer = add(cast, project, kind, **data)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {field})
    assert getattr(project, KINDS[kind].relation).count() == (1 if kind == "period" else 0)


def test_claims_of_a_period(cast: Cast, project: Project) -> None:
    period = ReportingPeriod.objects.create(
        project=project, label="First", starts=date(2026, 1, 1), ends=date(2026, 6, 30)
    )
    said = {"period": period.pk, "organisation": cast.sfax.pk, "claimed": "100.00"}
    assert add(cast, project, "claim", **said).status_code == 302
    assert set(add(cast, project, "claim", **said).context["form"].errors) == {"period"}
    one = Claim.objects.get()
    client = cast.client("officer")
    wrong = client.post(
        at("running_claim", project.public_id, one.pk), {**said, "certified": "100.01", "accepted": "90"}
    )
    assert set(wrong.context["form"].errors) == {"certified"}
    fine = {**said, "certified": "95", "certified_on": "2026-08-01", "accepted": "90", "control": "certified"}
    assert client.post(at("running_claim", project.public_id, one.pk), fine).status_code == 302
    page = client.get(at("running_claims", project.public_id))
    assert [page.context[name] for name in ("claimed", "certified", "accepted")] == [
        Decimal(100),
        Decimal(95),
        Decimal(90),
    ]


def test_other_currencies_keep_rate_and_day(cast: Cast, project: Project) -> None:
    add(
        cast,
        project,
        "payment",
        on="2026-05-01",
        amount="1000.05",
        currency="MAD",
        rate="0.09215",
        rate_on="2026-04-30",
        direction="in",
    )
    for _number in range(3):
        add(cast, project, "payment", on="2026-05-02", amount="0.10", currency="EUR", direction="out")
    one = Payment.objects.get(direction="in")
    assert (one.converted, one.rate, one.rate_on) == (Decimal("92.15"), Decimal("0.09215000"), date(2026, 4, 30))
    moved = cast.client("officer").get(at("running_payments", project.public_id)).context["moved"]
    assert (moved.received, moved.paid, moved.balance) == (Decimal("92.15"), Decimal("0.30"), Decimal("91.85"))


def test_the_simple_layout_asks_for_little(cast: Cast, project: Project) -> None:
    client = cast.client("officer")
    asked = list(client.get(at("running_line_add", project.public_id)).context["form"].fields)
    assert asked == ["what", "category", "organisation", "year", "planned", "actual", "seen"]
    assert [str(tab.url) for tab in client.get(at("running", project.public_id)).context["tabs"]] == [
        "staff:running", "staff:running_budget", "staff:running_changes", "staff:running_settings",
    ]  # fmt: skip
    line = BudgetLine.objects.create(project=project, what="x", basis="unit", units=Decimal(2), unit_cost=Decimal(3))
    kept = client.post(
        at("running_line", project.public_id, line.pk), {"what": "y", "basis": "unit", "units": "2", "unit_cost": "4"}
    )
    line.refresh_from_db()
    assert (kept.status_code, line.what, line.planned) == (302, "y", Decimal(8))
    client.post(at("running_settings", project.public_id), {"layout": "full", "rules": "horizon"})
    assert len(client.get(at("running", project.public_id)).context["tabs"]) == 8
    form = client.get(at("running_line_add", project.public_id)).context["form"]
    assert [code for code, _label in form.fields["category"].choices] == [
        "", "personnel", "subcontracting", "purchases", "other", "indirect",
    ]  # fmt: skip
    assert "basis" in form.fields


def test_unit_costs_and_flat_rates_are_reckoned(cast: Cast, project: Project) -> None:
    Running.objects.create(project=project, rules="interreg", layout="full")
    house = {"organisation": cast.sfax.pk}
    add(cast, project, "line", what="Officer", category="staff", basis="unit", units="10.5", unit_cost="33.33", **house)
    assert set(
        add(cast, project, "line", what="Office", category="office", basis="flat", rate="15.01", **house)
        .context["form"]
        .errors
    ) == {"rate"}
    add(cast, project, "line", what="Office", category="office", basis="flat", rate="15", **house)
    staff, office = BudgetLine.objects.order_by("pk")
    assert (staff.planned, office.planned) == (Decimal("349.97"), Decimal("52.50"))
    client = cast.client("officer")
    sent = {"what": "Officer", "category": "staff", "basis": "unit", "units": "20", "unit_cost": "33.33", **house}
    client.post(at("running_line", project.public_id, staff.pk), sent)
    office.refresh_from_db()
    assert office.planned == Decimal("99.99")
    assert [one.planned for one in office.history.order_by("history_id")] == [
        Decimal(0),
        Decimal("52.50"),
        Decimal("99.99"),
    ]
    wrong = client.post(at("running_settings", project.public_id), {"layout": "full", "rules": "office"})
    assert set(wrong.context["form"].errors) == {"rules"}


def test_two_people_edit_one_line(cast: Cast, project: Project) -> None:
    """In different fields both are kept; in the same the second sees what the first wrote and keeps what they wrote."""
    line = BudgetLine.objects.create(project=project, what="Study", planned=Decimal(100))
    address = at("running_line", project.public_id, line.pk)
    first, second = cast.client("officer"), cast.client("contact")
    seen = second.get(address).context["form"].initial["seen"]
    said = {"what": "Study", "basis": "real", "seen": seen}
    assert first.post(address, {**said, "planned": "120"}).status_code == 302
    assert second.post(address, {**said, "planned": "100", "actual": "80"}).status_code == 302
    line.refresh_from_db()
    assert (line.planned, line.actual, line.version) == (Decimal(120), Decimal(80), 3)
    answer = second.post(address, {**said, "planned": "150", "actual": "80", "seen": seen})
    assert answer.status_code == 409
    assert [(one["label"], one["theirs"]) for one in answer.context["clashes"]] == [("Planned", "120")]
    assert 'name="planned" value="150"' in answer.text
    line.refresh_from_db()
    assert line.planned == Decimal(120)
    now = answer.context["form"].initial["seen"]
    assert second.post(address, {**said, "planned": "150", "actual": "80", "seen": now}).status_code == 302
    line.refresh_from_db()
    assert line.planned == Decimal(150)


def test_an_entry_saved_meanwhile_is_not_overwritten(cast: Cast, project: Project) -> None:
    line = BudgetLine.objects.create(project=project, what="Study", planned=Decimal(100))
    mine, theirs = BudgetLine.objects.get(pk=line.pk), BudgetLine.objects.get(pk=line.pk)
    keep_entry(cast.officer, theirs)
    with pytest.raises(Outdated):
        keep_entry(cast.officer, mine)
    mine = BudgetLine(project=project, what="x", basis="unit")
    with pytest.raises(ValidationError):
        keep_entry(cast.officer, mine)


def test_who_changed_which_number(cast: Cast, project: Project) -> None:
    add(cast, project, "line", what="Study", planned="100")
    line = BudgetLine.objects.get()
    cast.client("contact").post(at("running_line", project.public_id, line.pk), {"what": "Study", "planned": "90.50"})
    cast.client("officer").post(at("running_line", project.public_id, line.pk), {"what": "remove"})
    page = cast.client("officer").get(at("running_changes", project.public_id))
    assert [(one.label, one.about, one.by, one.before, one.after) for one, _kind in page.context["changes"]] == [
        ("planned", "Study", "officer@example.org", Decimal("90.50"), None),
        ("planned", "Study", "contact@example.org", Decimal("100.00"), Decimal("90.50")),
        ("planned", "Study", "officer@example.org", None, Decimal("100.00")),
    ]
    file = b"".join(
        cast.client("officer").get(at("running_changes_file", project.public_id)).streaming_content
    ).decode()
    assert [row.split(",", 1)[1] for row in file.splitlines()[1:]] == [
        f"officer@example.org,line {line.pk} Study,planned,90.50,",
        f"contact@example.org,line {line.pk} Study,planned,100.00,90.50",
        f"officer@example.org,line {line.pk} Study,planned,,100.00",
    ]


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


def test_who_owes_what_by_when(cast: Cast, project: Project) -> None:
    today = office_today()
    other = make_project("Other", cast.amb)
    for of, title, days, done in (
        (project, "Late", -3, None), (project, "Done", -9, today), (other, "Theirs", 4, None),
        (project, "Some day", 99, None),
    ):  # fmt: skip
        ProjectMilestone.objects.create(
            project=of, title=Text.of(en=title), due=today + timedelta(days=days), done_on=done, organisation=cast.sfax
        )
    ReportingPeriod.objects.create(
        project=project, label="First", starts=today, ends=today, due=today + timedelta(days=2)
    )
    page = cast.client("officer").get(at("dues"))
    assert [(str(one.what), one.is_late) for one in page.context["dues"]] == [
        ("Late", True), ("First", False), ("Theirs", False), ("Some day", False),
    ]  # fmt: skip
    assert [str(one.what) for one in cast.client("contact").get(at("dues")).context["dues"]] == [
        "Late",
        "First",
        "Some day",
    ]
    for who in ("participant", "outsider"):
        assert cast.client(who).get(at("dues")).context["dues"] == []
    file = b"".join(cast.client("officer").get(f"{at('dues')}?format=csv").streaming_content).decode("utf-8-sig")
    assert [row.split(",")[1:3] for row in file.splitlines()[1:]] == [
        ["Late", "Sfax"], ["First", ""], ["Theirs", "Sfax"], ["Some day", "Sfax"],
    ]  # fmt: skip
    day = cast.client("officer").get(at("dashboard"))
    assert [str(one.what) for one in day.context["dues"]] == ["Late", "First", "Theirs"]


def test_obligations_of_the_programme(cast: Cast, project: Project) -> None:
    Running.objects.create(project=project, rules="interreg", layout="full")
    client = cast.client("officer")
    address = at("running_obligation", project.public_id, "poster")
    assert client.post(address, {"done_on": "2026-02-03", "evidence_url": "example.org/poster"}).status_code == 302
    shown = client.get(at("running_claims", project.public_id)).context["obligations"]
    assert [(one.obligation.code, bool(one.done)) for one in shown] == [
        ("website", False), ("statement", False), ("poster", True), ("plaque", False),
    ]  # fmt: skip
    assert (
        client.post(at("running_obligation", project.public_id, "nothing"), {"done_on": "2026-02-03"}).status_code
        == 302
    )
    assert project.obligations.count() == 1


def test_all_of_it_goes_and_comes_back(cast: Cast, project: Project) -> None:
    fill(cast, project, 1)
    counts = {name: getattr(project, name).count() for name in Project.PARTS if name != "running"}
    assert all(counts.values()), counts
    remove_project(project, cast.officer)
    assert not BudgetLine.objects.exists()
    bring_back(project.public_id, cast.officer)
    back = Project.objects.get(public_id=project.public_id)
    assert {name: getattr(back, name).count() for name in counts} == counts
    assert back.running.layout == "full"


def fill(cast: Cast, project: Project, size: int) -> None:
    """Everything that can be kept of a project, so many times."""
    Running.objects.update_or_create(project=project, defaults={"layout": "full", "rules": "interreg"})
    start = project.budget_lines.count()
    department = Department.objects.create(organisation=cast.sfax, name=Text.of(en=f"Water {size}"))
    project.lines_brought.get_or_create(file_name="b.csv")
    project.shares_brought.get_or_create(file_name="s.csv")
    project.obligations.get_or_create(code="poster", defaults={"done_on": date(2026, 1, 1)})
    for number in range(start, start + size):
        house = make_organisation(f"Partner {number}")
        project.participations.create(organisation=house)
        package = project.work_packages.create(
            code=f"WP{number}",
            title=Text.of(en="Work"),
            starts=date(2026, 1, 1),
            ends=date(2026, 9, 1),
            organisation=house,
        )
        project.shares.create(organisation=house, own=Decimal("1.10"))
        line = project.budget_lines.create(
            what=f"Line {number}", category="staff", organisation=house, work_package=package, planned=Decimal("0.10")
        )
        period = project.periods.create(
            label=f"P{number}", starts=date(2000 + number, 1, 1), ends=date(2000 + number, 12, 31),
            due=date(2026, 1, 1), organisation=house,
        )  # fmt: skip
        project.claims.create(period=period, organisation=house, claimed=Decimal("0.10"))
        project.payments.create(on=date(2026, 1, 1), amount=Decimal("0.10"), organisation=house, budget_line=line)
        project.milestones.create(title=Text.of(en="M"), due=date(2026, 5, 1), organisation=house, work_package=package)
        project.indicators.create(title=Text.of(en="Trees"), target=Decimal(10), reached=Decimal(7))
        project.risks.create(what="Rain")
        project.efforts.create(
            month=date(2026, 1, 1), post=f"Post {number}", department=department, hours=Decimal("7.5")
        )


def test_few_queries_whatever_the_data(cast: Cast, project: Project) -> None:
    client, counts = cast.client("officer"), []
    for size in (2, 20):
        fill(cast, project, size)
        found = {}
        for name in (*PAGES[:9], "dues", "dashboard", *(f"running_{kind}" for kind in KINDS)):
            about: list[Any] = [] if name in {"dues", "dashboard"} else [project.public_id]
            kind = KINDS.get(name.removeprefix("running_"))
            if kind and name not in PAGES:
                about.append(getattr(project, kind.relation).first().pk)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(at(name, *about)).status_code == 200
            found[name] = len(queries)
            assert len(queries) <= 12, (name, "\n".join(query["sql"][:200] for query in queries))
        counts.append(found)
    assert counts[0] == counts[1]


def test_hostile_words_stay_words(cast: Cast, project: Project) -> None:
    evil = '<script>alert("x")</script>'
    add(cast, project, "line", what=evil, planned="1")
    add(cast, project, "risk", what=evil, answer=evil)
    add(cast, project, "milestone", title_en=evil, due="2026-01-01", evidence_url="https://example.org/")
    for name in ("running", "running_budget", "running_work", "running_changes"):
        page = cast.client("officer").get(at(name, project.public_id)).text
        assert evil not in page
        assert "&lt;script&gt;" in page
    wrong = add(cast, project, "milestone", title_en="x", evidence_url="javascript:alert(1)")
    assert set(wrong.context["form"].errors) == {"evidence_url"}


def test_all_projects_together(cast: Cast) -> None:
    year = office_today().year
    begun = date(2024, 5, 1)

    def project(title: str, until: int, **fields: Any) -> Project:
        made = make_project(title, cast.amb, cast.sfax, **fields)
        Project.objects.filter(pk=made.pk).update(
            start_earliest=begun, start_latest=begun, end_earliest=date(until, 6, 1), end_latest=date(until, 6, 1)
        )
        return made

    water: dict[str, Any] = {"programme": "Interreg", "themes": ("water", "ports"), "countries": ("ES", "TN")}
    lonely = project("Lonely", year + 1, budget=Decimal("0.10"), themes=("health",), programme="Own")
    project("Goes on", year + 1, budget=Decimal("0.20"), **water)
    project("After", year + 3, budget=Decimal("0.40"), **water)
    project("Elsewhere", year + 3, budget=Decimal(7), currency="MAD", sdgs=("6",))
    make_project("Example", cast.amb, budget=Decimal(99), illustrative=True)
    for who, status in {**dict.fromkeys(("contact", "participant", "outsider"), 403), "visitor": 302}.items():
        assert cast.client(who).get(at("portfolio")).status_code == status, who
    page = cast.client("officer").get(at("portfolio"))
    assert (page.context["count"], page.context["money"]) == (4, {"EUR": Decimal("0.70"), "MAD": Decimal("7.00")})
    sides = {side.key: [(name, one.projects, one.money) for name, one in side.rows] for side in page.context["sides"]}
    euros = Decimal("0.60")
    assert sides["programme"] == [
        ("Interreg", 2, {"EUR": euros}), ("Own", 1, {"EUR": Decimal("0.10")}), ("not known", 1, {"MAD": Decimal(7)}),
    ]  # fmt: skip
    assert [row[:2] for row in sides["country"]] == [("Spain", 2), ("Tunisia", 2), ("not known", 2)]
    assert sides["goal"] == [
        ("6. Clean water and sanitation", 1, {"MAD": Decimal(7)}),
        ("not known", 3, {"EUR": Decimal("0.70")}),
    ]
    assert [row[:2] for row in sides["year"]] == [("2024", 4)]
    assert [row[:2] for row in sides["partner"]] == [("Àrea Metropolitana de Barcelona", 4), ("Sfax", 4)]
    plots = {side.key: [(bar.name, bar.width) for bar in side.plot.bars] for side in page.context["sides"] if side.plot}
    assert plots == {
        "programme": [("Interreg", 344), ("Own", 57)],
        "theme": [("Ports and logistics", 344), ("Water and sanitation", 344), ("Health and wellbeing", 57)],
        "country": [("Spain", 344), ("Tunisia", 344), ("not known", 57)],
        "partner": [("Àrea Metropolitana de Barcelona", 344), ("Sfax", 344)],
    }
    assert page.context["ending"] == [lonely]
    points = cast.client("officer").get(at("portfolio_map")).json()["features"]
    assert [(one["properties"]["name"], one["properties"]["note"]) for one in points] == [
        ("Spain", "2 projects · €0.60"), ("Tunisia", "2 projects · €0.60"),
    ]  # fmt: skip
    assert at("portfolio_map") in page.text
    hangs_on = page.context["hangs_on"]
    assert (hangs_on.programme, hangs_on.percent, hangs_on.currency) == ("Interreg", 85, "EUR")


def test_the_success_of_applications_by_programme_and_year(
    cast: Cast, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    call = make_call("A call", programme="Interreg")
    told: list[tuple[str, int, dict[str, Any]]] = [
        ("granted", 2024, {"call": call, "programme": "Not this"}), ("refused", 2024, {"programme": "Interreg"}),
        ("refused", 2025, {"call": call}), ("granted", 2025, {}), ("withdrawn", 2025, {"call": call}),
        ("granted", 2025, {"call": call, "illustrative": True}),
    ]  # fmt: skip
    for stage, year, more in told:
        Application.objects.create(
            title=Text.of(en=stage), organisation=cast.amb, stage=stage, deadline_on=date(year, 2, 1), **more
        )
    make_project("Water", cast.amb, budget=Decimal(10), countries=("ES",))
    client = cast.client("officer")
    with django_assert_max_num_queries(12):
        page = client.get(at("portfolio"))
    rates = [[(name, one.granted, one.decided) for name, one in side.rows] for side in page.context["rates"]]
    assert rates == [[("Interreg", 1, 3), ("not known", 1, 1)], [("2025", 1, 2), ("2024", 1, 2)]]
    assert page.context["rates"][0].plot.finding == "Granted most often: not known (100% · 1/1)."
    assert "33%" in page.text


def test_what_was_reached_and_where_the_partners_are_is_public(cast: Cast, project: Project) -> None:
    Running.objects.create(project=project, markers={"7": "2", "1": "0"})
    hidden = make_organisation("Zuhaitz", visibility="office", latitude=1.0, longitude=2.0)
    project.participations.create(organisation=hidden)  # type: ignore[attr-defined]
    Organisation.objects.filter(pk__in=[cast.sfax.pk, cast.amb.pk]).update(latitude=34.7, longitude=10.7)
    Organisation.objects.filter(pk=cast.amb.pk).update(latitude=41.4)
    for title, start, aim, reached, shown in (
        ("Trees", 0, 10, 12, True), ("Waste", 90, 50, 60, True), ("Cars", 90, 50, 40, True), ("Ours", 0, 1, 1, False),
    ):  # fmt: skip
        add(cast, project, "indicator", title_en=title, baseline=start, target=aim, reached=reached,
            **({"is_public": "on"} if shown else {}))  # fmt: skip
    page = cast.client("visitor").get(project.get_absolute_url())
    assert [(str(one.title), one.is_reached) for one in page.context["indicators"]] == [
        ("Trees", True), ("Waste", False), ("Cars", True),
    ]  # fmt: skip
    assert page.context["aims"] == [("Climate change adaptation", "the principal aim")]
    drawn = cast.client("visitor").get(f"{project.get_absolute_url()}map/").json()["features"]
    assert [(one["geometry"]["type"], one["properties"].get("name")) for one in drawn] == [
        ("LineString", None), ("Point", "Sfax"), ("Point", "AMB"),
    ]  # fmt: skip
    assert "Zuhaitz" not in page.text
    [told] = cast.client("visitor").get("/api/v1/projects").json()["items"]
    assert [(one["title"], one["reached"]) for one in told["indicators"]] == [
        ({"en": "Trees"}, "12.00"), ({"en": "Waste"}, "60.00"), ({"en": "Cars"}, "40.00"),
    ]  # fmt: skip
    Project.objects.update(visibility="office")
    assert cast.client("visitor").get(f"{project.get_absolute_url()}map/").status_code == 404


def test_policy_markers_are_kept_and_each_writer_keeps_its_own(cast: Cast, project: Project) -> None:
    Running.objects.create(project=project, layout="full", markers={"1": "1"})
    address = at("running_settings", project.public_id)
    first = cast.client("officer").get(address).context["form"]
    assert (first["marker_1"].value(), first["marker_7"].value()) == ("1", "")
    assert [code for code, _words in first.fields["marker_8"].choices] == ["", "0", "1", "2", "3"]
    seen = first.initial["seen"]
    sent = {"layout": "full", "shows_money": "", "seen": seen}
    assert cast.client("officer").post(address, {**sent, "marker_1": "1", "marker_7": "2"}).status_code == 302
    assert cast.client("contact").post(address, {**sent, "marker_1": "", "marker_7": ""}).status_code == 302
    assert Running.objects.get().markers == {"7": "2"}
    assert cast.client("officer").post(address, {**sent, "marker_1": "4"}).status_code == 422


def test_figures_are_kept_until_something_is_written(cast: Cast, project: Project) -> None:
    """What was reckoned for one officer is there for the next, and never older than what was written."""

    def partners() -> list[tuple[str, int]]:
        return [(one.value[1], one.projects) for one in figures(cast.officer).by_partner]

    client = cast.client("officer")
    said = {"title_en": "Blue harbours", "budget": "1000.00", "currency": "EUR", "parts_role": ["lead", "partner"]}
    client.post(at("change", project.public_id), {**said, "parts": ["AMB", "Sfax"], "parts_money": ["", ""]})
    before = partners()
    assert dict(before)["Sfax"] == 1
    with CaptureQueriesContext(connection) as queries:
        assert partners() == before
    assert len(queries) == 1
    client.post(at("change", project.public_id), {**said, "parts": ["AMB"], "parts_money": [""]})
    assert "Sfax" not in dict(partners())
    assert figures(cast.officer).by_programme[-1].money["EUR"] == Decimal("1000.00")
    client.post(at("change", project.public_id), {**said, "budget": "1000.10", "parts": ["AMB"], "parts_money": [""]})
    assert figures(cast.officer).by_programme[-1].money["EUR"] == Decimal("1000.10")
    client.post(at("change", cast.amb.public_id), {"name": "Metropolis", "kind": "metropolitan-authority"})
    assert dict(partners())["Metropolis"] == 1
    with pytest.raises(PermissionDenied):
        figures(cast.contact)


def test_what_is_counted_since_is_what_counting_all_gives(
    cast: Cast, django_assert_max_num_queries: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After whatever may be written to projects and organisations; and only what was written is counted anew."""
    water = make_project("Water", cast.amb, cast.sfax, budget=Decimal("0.10"), themes=("water",), programme="Interreg")
    other = make_project("Ports", cast.amb, budget=Decimal("7.07"), currency="MAD", countries=("MA", "ES"))
    water.participations.filter(organisation=cast.sfax).update(money=Decimal("0.03"))  # type: ignore[attr-defined]
    figures(cast.officer)
    house = make_organisation("Tunis")
    all_counted = counted._all_counted
    counts: list[int] = []
    monkeypatch.setattr(counted, "_all_counted", lambda *of: counts.append(1) or all_counted(*of))

    def rename() -> None:
        cast.sfax.name = "Sfax the port"
        cast.sfax.save()

    def change(project: Project, **fields: Any) -> Callable[[], None]:
        def write() -> None:
            for name, value in fields.items():
                setattr(project, name, value)
            project.save()

        return write

    def joins() -> None:
        other.participations.create(organisation=house, money=Decimal("2.02"))  # type: ignore[attr-defined]

    def moves() -> None:  # as when two organisations are made one: no project is written
        other.participations.filter(organisation=house).update(organisation=cast.sfax)  # type: ignore[attr-defined]
        house.delete()

    steps: list[tuple[Callable[[], Any], int]] = [
        (change(water, themes=("ports", "health"), sdgs=("6",), budget=Decimal("0.30")), 0),
        (change(other, currency="EUR", start_earliest=date(2020, 1, 1), start_latest=date(2020, 1, 1)), 0),
        (joins, 0), (rename, 0), (change(water, illustrative=True), 0), (change(water, illustrative=False), 0),
        (lambda: make_project("New", house, budget=Decimal(5)), 0), (change(other, budget=None), 0), (moves, 1),
        (water.delete, 0),
    ]  # fmt: skip
    for number, (write, anew) in enumerate(steps):
        write()
        counts.clear()
        with django_assert_max_num_queries(5):
            since = figures(cast.officer)
        assert len(counts) == anew, number
        cache.delete(counted.KEPT)
        assert figures(cast.officer) == since, number


def test_the_register_is_a_table(cast: Cast) -> None:
    project = make_project("Water", cast.amb, cast.sfax, budget=Decimal("10.50"), themes=("water",), countries=("TN",))
    project.shares.create(organisation=cast.amb, own=Decimal("1.10"), grant=Decimal("2.20"))  # type: ignore[attr-defined]
    Running.objects.create(project=project, markers={"7": "2", "6": "0", "99": "1"})
    client = cast.client("officer")
    [headings, row] = (
        b"".join(client.get(f"{at('portfolio')}?format=csv").streaming_content).decode("utf-8-sig").splitlines()
    )
    assert dict(zip(headings.split(","), row.split(","), strict=True)) == {
        "id": project.public_id, "title": "Water", "acronym": "", "programme": "", "begins": "", "ends": "",
        "lead": "Àrea Metropolitana de Barcelona", "partners": "Sfax", "countries": "TN", "themes": "water",
        "dac_purpose": "14010", "dac_markers": "6:0; 7:2",
        "sdgs": "", "budget": "10.5", "currency": "EUR", "own": "1.1", "grant": "2.2",
        "cofinancing": "0",
    }  # fmt: skip
    book = load_workbook(io.BytesIO(b"".join(client.get(f"{at('portfolio')}?format=xlsx").streaming_content)))
    assert [[cell.value for cell in row][:2] for row in book["register"].rows] == [
        ["id", "title"],
        [project.public_id, "Water"],
    ]


def test_what_is_made_one_loses_no_sum(cast: Cast, project: Project) -> None:
    """Of two organisations both shares stay, of two projects all entries and one way of being run; and back again."""
    twin = make_organisation("Sfaks")
    project.participations.create(organisation=twin)  # type: ignore[attr-defined]
    for house, own in ((cast.sfax, "10.10"), (twin, "20.20")):
        PartnerShare.objects.create(project=project, organisation=house, own=Decimal(own))
    merge_records(cast.sfax, twin, cast.administrator, {})
    assert sorted(PartnerShare.objects.values_list("organisation", "own")) == [
        (cast.sfax.pk, Decimal("10.10")), (cast.sfax.pk, Decimal("20.20")),
    ]  # fmt: skip
    other = make_project("Blue harbour", cast.amb, currency="EUR")
    for of, layout in ((project, "full"), (other, "simple")):
        Running.objects.create(project=of, layout=layout)
        BudgetLine.objects.create(project=of, what=layout, planned=Decimal("0.10"))
    merge = merge_records(project, other, cast.administrator, {})
    assert list(Running.objects.values_list("project", "layout")) == [(project.pk, "full")]
    assert set(project.budget_lines.values_list("what", flat=True)) == {"full", "simple"}  # type: ignore[attr-defined]
    undo_merge(merge, cast.administrator)
    assert set(Running.objects.values_list("layout", flat=True)) == {"full", "simple"}
    assert project.budget_lines.count() == 1  # type: ignore[attr-defined]


def test_projects_of_two_currencies_are_one_only_where_one_has_money(cast: Cast, project: Project) -> None:
    """Never are dirhams added to euros, and what stays keeps the currency its amounts are in, with rates and days."""
    bare = make_project("Harbour in dirhams", cast.amb, currency="MAD", budget=None)
    paid = {"on": date(2026, 3, 1), "amount": Decimal(10), "currency": "USD", "rate": Decimal("9.5"),
            "rate_on": date(2026, 2, 27)}  # fmt: skip
    Payment.objects.create(project=bare, **paid)
    with pytest.raises(MergeRefused) as refused:
        merge_records(project, bare, cast.administrator)
    assert refused.value.what == (
        "“Blue harbours” is reckoned in EUR and “Harbour in dirhams” in MAD: their sums can't be added up."
    )
    shown = cast.client("officer").get(at("merge", project.public_id, bare.public_id)).text
    assert "is reckoned in EUR" in shown
    assert "Its budget can be had as a file" in shown
    empty = make_project("Harbour of no money", cast.amb, currency="EUR", budget=None)
    merge = merge_records(empty, bare, cast.administrator, {"budget": "keeper"})
    empty.refresh_from_db()
    assert empty.currency == "MAD"
    assert list(Payment.objects.values_list("project", "currency", "rate", "rate_on", "converted")) == [
        (empty.pk, "USD", Decimal("9.5"), date(2026, 2, 27), Decimal("95.00"))
    ]
    undo_merge(merge, cast.administrator)
    empty.refresh_from_db()
    assert (empty.currency, bare.payments.count()) == ("EUR", 1)  # type: ignore[attr-defined]


def test_the_currency_of_written_sums_stays(cast: Cast, project: Project) -> None:
    client = cast.client("officer")
    said = {"title_en": "Blue harbours", "budget": "1000.00"}
    client.post(at("change", project.public_id), {**said, "currency": "MAD"})
    project.refresh_from_db()
    assert project.currency == "MAD"
    BudgetLine.objects.create(project=project, what="x", planned=Decimal(1))
    answer = client.post(at("change", project.public_id), {**said, "currency": "EUR"})
    assert set(answer.context["form"].errors) == {"currency"}
    project.refresh_from_db()
    assert project.currency == "MAD"
