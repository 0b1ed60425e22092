"""The report of a plan on a year as PDF, and the page that other sites show within a frame."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from pypdf import PdfReader

from sympolis.office.core.texts import Text
from sympolis.office.planning.models import Action, Milestone, Plan, PrioritiesVersion
from sympolis.web.public.plan_report import report_of, report_years
from sympolis.web.public.views.plans import FRAME_A_LINE, FRAME_LEAST
from tests.cast import Cast


@pytest.fixture
def plan(cast: Cast) -> Plan:
    cache.clear()
    top = Plan.objects.create(
        organisation=cast.amb, title=Text.of(en="Our plan", ar="خطتنا"), kind="plan",
        starts_earliest=date(2021, 1, 1), starts_latest=date(2021, 12, 31),
        ends_earliest=date(2025, 1, 1), ends_latest=date(2025, 12, 31),
    )  # fmt: skip
    line = Plan.objects.create(organisation=cast.amb, parent=top, kind="line", title=Text.of(en="Water"), code="1.")
    one = Action.objects.create(
        plan=line, title=Text.of(en="#Deed *bold* <b>", ar="فعل"), status="ongoing", stated_progress=40,
        progress_reason="told", countries=("TN",), budget=Decimal(1000), spent=Decimal(250),
    )  # fmt: skip
    one.milestones.create(title=Text.of(en="Study"), due=date(2023, 5, 1), done_on=date(2023, 6, 1))
    one.milestones.create(title=Text.of(en="Late one"), due=date(2023, 9, 1))
    one.milestones.create(title=Text.of(en="Other year"), due=date(2024, 9, 1))
    indicator = one.indicators.create(title=Text.of(en="Trips"), unit="trips", baseline=0, baseline_year=2020)
    indicator.values.create(year=2022, target=4, actual=1)
    indicator.values.create(year=2023, target=8, actual=3)
    indicator.values.create(year=2024, target=9, actual=9)
    Action.objects.create(plan=line, title=Text.of(en="Secret deed"), visibility="office")
    return top


def address(plan: Plan, name: str, language: str = "en", **more: Any) -> str:
    with override(language):
        return reverse(f"public:{name}", kwargs={"slug": plan.slug, "public_id": plan.public_id, **more})


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_which_years(plan: Plan) -> None:
    first, last = date(2021, 1, 1), date(2025, 12, 31)
    assert report_years(first, last, date(2023, 3, 1)) == [2023, 2022, 2021]
    assert report_years(first, last, date(2030, 3, 1)) == [2025, 2024, 2023, 2022, 2021]
    assert report_years(None, None, date(2030, 3, 1)) == [2030]
    line = Plan.objects.get(parent=plan)  # says no years of its own
    assert address(line, "plan_report", year=2025) in Client().get(line.get_absolute_url()).content.decode()
    assert Client().get(address(line, "plan_report", year=2025))["Content-Type"] == "application/pdf"
    assert Client().get(address(line, "plan_report", year=2026)).status_code == 404


def test_what_it_says_of_a_year(cast: Cast, plan: Plan) -> None:
    report = report_of(cast.officer, plan, 2023)
    assert [(one["title"], one["status"], one["late"]) for one in report["milestones"]] == [
        ("Study", "done", False), ("Late one", "overdue", True),
    ]  # fmt: skip
    tomorrow = timezone.localdate() + timedelta(days=1)
    Milestone.objects.create(action=Action.objects.get(status="ongoing"), title=Text.of(en="Not yet"), due=tomorrow)
    [coming] = report_of(cast.officer, plan, tomorrow.year)["milestones"]
    assert (coming["status"], coming["late"]) == ("to come", False)  # what is due later is not late
    [trips] = report["indicators"]
    assert [(row["year"], row["wanted"], row["measured"]) for row in trips["rows"]] == [
        ("2020", "", "0"), ("2022", "4", "1"), ("2023", "8", "3"),
    ]  # fmt: skip
    assert [(point["x"], point["y"]) for point in trips["plot"]["measured"]] == [
        (0.0, 0.0),
        (2 / 3, 0.125),
        (1.0, 0.375),
    ]
    assert [(one["label"], one["count"]) for one in report["regions"]] == [("Northern Africa", "1")]
    assert [(one["label"], one["said"]) for one in report["lines"]] == [("1. Water", "40%")]
    assert report["summary"][:2] == ["2 actions", "Progress: 40%"]
    assert "Budget planned: €1,000" in report["summary"]


def test_effort_against_the_priorities_that_held_in_the_year(cast: Cast, plan: Plan) -> None:
    assert report_of(cast.officer, plan, 2023)["effort"] == []
    for label, since, region in (("First", date(2022, 1, 1), "015"), ("Later", date(2024, 1, 1), "145")):
        version = PrioritiesVersion.objects.create(plan=plan, label=label, since=since)
        version.priorities.create(title=Text.of(en=f"{label} shore"), regions=(region,))
    first, later = (report_of(cast.officer, plan, year) for year in (2023, 2024))
    [row] = first["effort"]
    assert (row["label"], row["priorities"], row["counts"]) == ("Northern Africa", "First shore", ["0", "0", "1"])
    assert (row["wished"]["said"], row["done"]["said"], row["neglected"]) == ("100%", "100%", "")
    assert [(one["label"], one["neglected"]) for one in later["effort"]] == [
        ("Western Asia", "less than half of its share"), ("Northern Africa", ""),
    ]  # fmt: skip
    said = words(cast.client("visitor").get(address(plan, "plan_report", year=2024)).content)
    assert "Effort against priority" in said
    assert "Later, holds from 1 January 2024." in said
    with override("ca"):
        assert "Later, val des de l'1 de gener del 2024." in report_of(cast.officer, plan, 2024)["effort_note"]
    page = cast.client("officer").get(address(plan, "plan_by", "ca", way="alignment")).content.decode()
    assert "<bdi>Later</bdi> · val des de l'1 de gener del 2024</p>" in page


@pytest.mark.parametrize("who", ["visitor", "outsider", "participant", "contact", "officer", "administrator"])
def test_as_a_file_with_what_the_reader_may_see(cast: Cast, plan: Plan, who: str) -> None:
    response = cast.client(who).get(address(plan, "plan_report", year=2023))
    assert response["Content-Type"] == "application/pdf"
    said = words(response.content)
    assert "Our plan: report on 2023" in said
    assert "#Deed *bold* <b>" in said
    assert ("Secret deed" in said) is (who in {"officer", "administrator"})
    assert cast.client(who).get(address(plan, "plan_report", year=2019)).status_code == 404
    Plan.objects.filter(pk=plan.pk).update(visibility="office")
    seen = 200 if who in {"officer", "administrator"} else 404
    assert cast.client(who).get(address(plan, "plan_report", year=2023)).status_code == seen


def test_from_right_to_left(cast: Cast, plan: Plan) -> None:
    pdf = PdfReader(io.BytesIO(cast.client("visitor").get(address(plan, "plan_report", "ar", year=2023)).content))
    assert pdf.root_object["/Lang"] == "ar"
    assert pdf.root_object["/MarkInfo"]["/Marked"]


@pytest.mark.parametrize("who", ["visitor", "outsider", "officer"])
def test_the_widget_is_what_everybody_reads_in_any_frame(cast: Cast, plan: Plan, who: str) -> None:
    response = cast.client(who).get(address(plan, "plan_widget"))
    page = response.content.decode()
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response
    assert "<script" not in page
    assert "1 action" in page
    assert "40%" in page
    assert "Set-Cookie" not in response
    arabic = cast.client(who).get(address(plan, "plan_widget", "ar")).content.decode()
    assert '<html lang="ar" dir="rtl">' in arabic
    assert "خطتنا" in arabic
    ordinary = cast.client(who).get(address(plan, "plan"))
    assert "frame-ancestors 'none'" in ordinary["Content-Security-Policy"]
    code = re.search(r"&lt;iframe src=&quot;http://testserver/en/plan/.*?&lt;/iframe", ordinary.content.decode())
    assert code
    assert f"height=&quot;{FRAME_LEAST + FRAME_A_LINE * plan.parts.count()}&quot;" in code[0]
    Plan.objects.filter(pk=plan.pk).update(visibility="office")
    assert cast.client(who).get(address(plan, "plan_widget")).status_code == 404


def test_few_questions(cast: Cast, plan: Plan) -> None:
    asked: dict[str, list[int]] = {"report": [], "widget": []}
    line = Plan.objects.get(parent=plan)
    version = PrioritiesVersion.objects.create(plan=plan, label="First", since=date(2021, 1, 1))
    version.priorities.create(title=Text.of(en="Shore"), regions=("015",))
    for size in (2, 70):
        for number in range(size):
            one = Action.objects.create(plan=line, title=Text.of(en=f"Deed {size} {number}"))
            one.indicators.create(title=Text.of(en="Trips"), baseline=0).values.create(year=2023, target=4, actual=1)
        cache.clear()
        for name, at in (("report", address(plan, "plan_report", year=2023)), ("widget", address(plan, "plan_widget"))):
            with CaptureQueriesContext(connection) as queries:
                assert cast.client("visitor").get(at).status_code == 200
            asked[name].append(len(queries))
    for name, (small, large) in asked.items():
        assert large <= small <= 12, (name, small, large)


def test_a_plan_without_lines_has_no_column_of_them(cast: Cast, plan: Plan) -> None:
    with_lines = words(cast.client("visitor").get(address(plan, "plan_report", year=2023)).content)
    assert "Action Line Status Progress" in with_lines
    alone = Plan.objects.create(organisation=cast.amb, title=Text.of(en="Measure"), kind="plan")
    Action.objects.create(plan=alone, title=Text.of(en="Deed alone"), status="ongoing", stated_progress=40)
    year = timezone.localdate().year
    said = words(cast.client("visitor").get(address(alone, "plan_report", year=year)).content)
    assert "Action Status Progress Deed alone" in said
    assert said.count("Measure") == with_lines.count("Our plan")  # its title alone, not in each row
