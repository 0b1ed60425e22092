"""Running projects together: what they come to, what is kept of it, and what is made one."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from sympolis.office.core.merging.errors import MergeRefused
from sympolis.office.core.merging.merge import merge_records
from sympolis.office.core.merging.undo import undo_merge
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.projects.models import Application, Project
from sympolis.office.projects.running import counted
from sympolis.office.projects.running.models import (
    BudgetLine,
    PartnerShare,
    Payment,
    Running,
)
from sympolis.office.projects.running.portfolio import figures
from tests.cast import Cast, office_today
from tests.factories import make_call, make_organisation, make_project
from tests.web.staff.running import add, at, blue_harbours


@pytest.fixture
def project(cast: Cast) -> Project:
    return blue_harbours(cast)


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
