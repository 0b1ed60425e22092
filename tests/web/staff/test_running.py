"""A project that runs: its money, its work, who owes what by when, and who changed which number."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sympolis.office.core.removals import bring_back
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Department
from sympolis.office.projects.actions import remove_project
from sympolis.office.projects.models import Project
from sympolis.office.projects.running.actions import Outdated, keep_entry
from sympolis.office.projects.running.incoming import read_lines
from sympolis.office.projects.running.models import (
    BudgetLine,
    Claim,
    PartnerShare,
    Payment,
    ProjectMilestone,
    ReportingPeriod,
    Running,
)
from sympolis.office.projects.running.queries import not_adding_up, number_changes
from sympolis.web.staff.running.kinds import KINDS
from tests.cast import Cast, office_today
from tests.factories import make_organisation, make_project
from tests.web.staff.running import add, at, blue_harbours

PAGES = (
    "running", "running_budget", "running_payments", "running_work", "running_claims", "running_hours",
    "running_changes", "running_settings", "running_lines_in", "running_budget_file", "running_changes_file",
    "running_shares_in", "running_shares_file",
)  # fmt: skip


@pytest.fixture
def project(cast: Cast) -> Project:
    return blue_harbours(cast)


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
        # A visitor's words come back, since they are no longer signed in; see ``TypedWordsMiddleware``.
        assert written.status_code == {200: 302, 302: 403}.get(status, status), who
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
