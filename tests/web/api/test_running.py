"""What is kept of a project that runs, for programs: as its pages, for who may change the project and nobody else."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sympolis.office.projects.models import Project
from sympolis.office.projects.running.models import (
    BudgetLine,
    Entry,
    PartnerShare,
    Payment,
    ReportingPeriod,
    Running,
    WorkPackage,
)
from sympolis.web.api.running import READINGS
from tests.cast import Cast
from tests.factories import make_organisation, make_project
from tests.web.api.test_writing import Program

LEAST: dict[str, dict[str, Any]] = {
    "shares": {"organisation": "Sfax", "own": "10.10", "grant": 20, "cofinancing": 0, "currency": "TND",
               "rate": "0.29550001", "rate_on": "2026-03-31"},
    "milestones": {"title": {"en": "Pumps are there", "ar": "المضخات"}, "due": "2026-05-01", "is_public": True},
    "budget-lines": {"what": "Pumps", "planned": "100.10", "year": 2026},
    "payments": {"on": "2026-03-01", "direction": "in", "amount": "10", "currency": "USD", "rate": "0.91",
                 "rate_on": "2026-02-27"},
    "work-packages": {"code": "WP1", "title": {"ca": "Obres"}, "starts": "2026-01-01", "ends": "2026-06-30"},
    "periods": {"label": "First", "starts": "2026-01-01", "ends": "2026-06-30", "due": "2026-07-31"},
    "claims": {"organisation": "Sfax", "claimed": "5.05"},
    "indicators": {"title": {"en": "Leaks"}, "unit": "%", "baseline": 30, "target": "12.5"},
    "risks": {"what": "The pumps come late", "likelihood": "high", "answer": "Order early"},
    "efforts": {"month": "2026-03", "post": "Engineer", "hours": "80.5"},
}  # fmt: skip


@pytest.fixture
def project(cast: Cast) -> Project:
    """Sfax leads it: its contact may run it."""
    made = make_project("Blue harbours", cast.sfax, cast.amb, budget=Decimal("1000.00"), currency="EUR")
    Running.objects.create(project=made, layout="full", rules="interreg")
    return made


def body_of(name: str, cast: Cast, project: Project) -> dict[str, Any]:
    body = dict(LEAST[name])
    if "organisation" in body:
        body["organisation"] = cast.sfax.public_id
    if name == "claims":
        period, _made = ReportingPeriod.objects.get_or_create(
            project=project, label="Whole", starts=date(2030, 1, 1), ends=date(2030, 12, 31)
        )
        body["period"] = period.pk
    return body


def test_every_kind_is_added_read_changed_and_removed(cast: Cast, project: Project) -> None:
    officer = Program(cast.officer)
    assert {one.name for one in READINGS} == set(LEAST)
    for of in READINGS:
        base, body = f"/projects/{project.public_id}/{of.name}", body_of(of.name, cast, project)
        added = officer.call("POST", base, body, **{"Idempotency-Key": of.name})
        assert added.status_code == 201, added.json()
        row = added.json()
        assert officer.call("POST", base, body, **{"Idempotency-Key": of.name}).json() == row
        model: type[Entry] = of.kind.model
        own = [one for one in model._default_manager.filter(project=project) if getattr(one, "label", "") != "Whole"]
        assert [one.pk for one in own] == [row["number"]]
        assert added["Location"] == f"/api/v1{base}/{row['number']}"
        for name, sent in body.items():
            said = row[name]
            same = Decimal(said) == Decimal(str(sent)) if name in {"own", "grant", "cofinancing", "planned", "amount",
                "rate", "claimed", "baseline", "target", "hours"} else said == sent  # fmt: skip
            assert same, (of.name, name, said)
        read = officer.call("GET", f"{base}/{row['number']}")
        assert (read.json(), read["ETag"]) == (row, f'"{row["version"]}"')
        assert row in officer.call("GET", base).json()["items"]
        name = next(
            iter({"note", "what", "label", "title", "code", "reference", "own", "controller", "post"} & set(row))
        )
        value: Any = {"es": "Otro"} if name == "title" else "11" if name == "own" else "Other"
        assert officer.call("PATCH", f"{base}/{row['number']}", {name: value}).status_code == 428
        changed = officer.call("PATCH", f"{base}/{row['number']}", {name: value}, **{"If-Match": added["ETag"]})
        assert changed.status_code == 200, (of.name, changed.json())
        assert int(changed.json()["version"]) == int(row["version"]) + 1
        assert changed.json()[name] == ({**row["title"], "es": "Otro"} if name == "title" else
                                        "11.00" if name == "own" else "Other")  # fmt: skip
        late = officer.call("DELETE", f"{base}/{row['number']}", **{"If-Match": added["ETag"]})
        assert late.status_code == 412
        gone = officer.call("DELETE", f"{base}/{row['number']}", **{"If-Match": changed["ETag"]})
        assert gone.status_code == 204
        assert officer.call("GET", f"{base}/{row['number']}").status_code == 404
    assert Payment.history.filter(history_type="-").get().history_user == cast.officer  # type: ignore[attr-defined]


def test_nobody_else_is_told_there_is_anything(cast: Cast, project: Project) -> None:
    line = BudgetLine.objects.create(project=project, what="Secret pumps", planned=Decimal(1))
    base = f"/api/v1/projects/{project.public_id}/budget-lines"
    said = {}
    for who in ("administrator", "officer", "contact", "participant", "outsider", "visitor"):
        client = cast.client(who)
        answers = [client.get(address) for address in (base, f"{base}/{line.pk}", f"{base}?format=csv")]
        said[who] = [one.status_code for one in answers]
    everything, nothing = [200, 200, 200], [404, 404, 404]
    assert said == {
        "administrator": everything, "officer": everything, "contact": everything, "participant": nothing,
        "outsider": nothing, "visitor": nothing,
    }  # fmt: skip
    outsider = Program(cast.outsider)
    one = f"{base}/{line.pk}"
    for method, address, body in (("POST", base, {"what": "x"}), ("PATCH", one, {"what": "x"}), ("DELETE", one, None)):
        answer = outsider.call(method, address.removeprefix("/api/v1"), body, **{"If-Match": "*"})
        assert answer.status_code == 404, method
    reads = Program(cast.officer, scope="read")
    assert reads.call("POST", f"/projects/{project.public_id}/budget-lines", {"what": "x"}).status_code == 403
    assert list(BudgetLine.objects.values_list("what", flat=True)) == ["Secret pumps"]
    other = make_project("Another", cast.amb)
    missed = cast.client("officer").get(f"/api/v1/projects/{other.public_id}/budget-lines/{line.pk}")
    assert missed.status_code == 404


def test_what_can_not_be_is_refused_at_its_field(cast: Cast, project: Project) -> None:
    officer, base = Program(cast.officer), f"/projects/{project.public_id}"
    elsewhere = WorkPackage.objects.create(project=make_project("Another", cast.amb), code="WP9")
    stranger = make_organisation("Rabat again").public_id
    ReportingPeriod.objects.create(project=project, label="A", starts=date(2026, 1, 1), ends=date(2026, 6, 30))
    for name, body, field in (
        ("shares", {"organisation": cast.sfax.public_id, "own": "1000.01"}, "own"),
        ("shares", {"organisation": cast.sfax.public_id, "own": "1.00", "currency": "TND"}, "rate"),
        ("payments", {"on": "2026-01-01", "amount": "-5", "currency": "EUR"}, "amount"),
        ("payments", {"on": "2026-01-01", "amount": "5", "currency": "TND"}, "rate"),
        ("periods", {"label": "B", "starts": "2026-06-30", "ends": "2026-12-31"}, "starts"),
        ("budget-lines", {"what": "x", "planned": "1", "work_package": elsewhere.pk}, "work_package"),
        (
            "budget-lines",
            {"what": "x", "planned": "1", "organisation": stranger},
            "organisation",
        ),
    ):
        answer = officer.call("POST", f"{base}/{name}", body)
        assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (422, [field]), name
    assert (BudgetLine.objects.count(), Payment.objects.count(), PartnerShare.objects.count()) == (0, 0, 0)


def test_the_second_of_two_programs_is_told_what_the_first_wrote(cast: Cast, project: Project) -> None:
    line = BudgetLine.objects.create(project=project, what="Pumps", planned=Decimal("10.00"), organisation=cast.sfax)
    address = f"/projects/{project.public_id}/budget-lines/{line.pk}"
    first, second = Program(cast.officer), Program(cast.contact)
    version = second.call("GET", address)["ETag"]
    assert (
        first.call("PATCH", address, {"planned": "12.50", "what": "Big pumps"}, **{"If-Match": version}).status_code
        == 200
    )
    refused = second.call("PATCH", address, {"planned": "11.00"}, **{"If-Match": version})
    assert (refused.status_code, refused.json()["version"]) == (412, "2")
    assert refused.json()["changes"] == [
        {"field": "what", "before": "Pumps", "after": "Big pumps"},
        {"field": "planned", "before": "10", "after": "12.5"},
    ]
    kept = second.call("PATCH", address, {"year": 2027}, **{"If-Match": '"2"'}).json()
    assert (kept["planned"], kept["what"], kept["year"], kept["organisation"]) == (
        "12.50", "Big pumps", 2027, cast.sfax.public_id,
    )  # fmt: skip


def test_a_partner_that_is_hidden_is_not_named_and_lists_ask_little(cast: Cast, project: Project) -> None:
    hidden = make_organisation("Hidden partner", visibility="office")
    project.participations.create(organisation=hidden)  # type: ignore[attr-defined]
    for own in range(1, 4):
        PartnerShare.objects.create(project=project, organisation=hidden, own=Decimal(own))
    address = f"/api/v1/projects/{project.public_id}/shares"
    counts = []
    contact = cast.client("contact")
    for _size in range(2):
        with CaptureQueriesContext(connection) as queries:
            rows = contact.get(address).json()
        counts.append(len(queries))
        assert {row["organisation"] for row in rows["items"]} == {""}
        for own in range(40):
            PartnerShare.objects.create(project=project, organisation=hidden, own=Decimal(own))
    assert counts[0] == counts[1] <= 12
    assert hidden.public_id in cast.client("officer").get(address).text
    table = cast.client("officer").get(f"{address}?format=csv")
    lines = list(csv.reader(b"".join(table.streaming_content).decode("utf-8-sig").splitlines()))  # type: ignore[arg-type]
    money = ["own", "grant", "cofinancing", "currency", "rate", "rate_on"]
    assert lines[0] == ["number", "version", "organisation", *money]
    assert (len(lines), lines[1][2:]) == (84, [hidden.public_id, "1.00", "0.00", "0.00", "", "", ""])
    assert Client().get("/api/v1/openapi.json").json()["paths"]["/api/v1/projects/{public_id}/shares"].keys() == {
        "get", "post",
    }  # fmt: skip
