"""The demo's example of a project that runs: budget, milestones, claims and payments, invented and marked so."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from sympolis.office.core.models import User
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.projects.actions import Part, keep_project
from sympolis.office.projects.models import Project
from sympolis.office.projects.running.actions import keep_entry
from sympolis.office.projects.running.models import (
    BudgetLine,
    Claim,
    Effort,
    PartnerShare,
    Payment,
    ProjectMilestone,
    ReportingPeriod,
    Risk,
    Running,
    WorkPackage,
)

THE_PROJECT = "prj-ex-shade"
NOTE = "invented: there is no such project"
PARTNERS = {
    "amb": ("lead", "60000", "240000"),
    "sfax": ("partner", "20000", "80000"),
    "tunis": ("partner", "68000", "272000"),
}
RECKONS: dict[str, dict[str, Any]] = {
    "tunis": {"currency": "TND", "rate": Decimal("0.29"), "rate_on": date(2026, 3, 31)},
}
"""Who reckons in another currency than the project, by which rate of which day."""

TITLE = Text.of(
    en="Shade on the way to school (example)", ca="Ombra de camí a l'escola (exemple)",
    es="Sombra de camino a la escuela (ejemplo)", fr="De l'ombre sur le chemin de l'école (exemple)",
    ar="ظل في الطريق إلى المدرسة (مثال)",
)  # fmt: skip
SUMMARY = Text.of(
    en="Trees and awnings along ten streets that lead to schools, with what is measured before and after.",
    ca="Arbres i tendals en deu carrers que porten a escoles, amb mesures abans i després.",
    es="Árboles y toldos en diez calles que llevan a escuelas, con mediciones antes y después.",
    fr="Des arbres et des auvents dans dix rues qui mènent à des écoles, avec des mesures avant et après.",
    ar="أشجار ومظلات في عشرة شوارع تؤدي إلى المدارس، مع قياسات قبلها وبعدها.",
)
RESULTS = Text.of(
    en="Four streets are planted.", ca="Quatre carrers ja tenen arbres.", es="Cuatro calles ya tienen árboles.",
    fr="Quatre rues sont plantées.", ar="غُرست الأشجار في أربعة شوارع.",
)  # fmt: skip
PACKAGES = (
    ("WP1", 0, 400, Text.of(en="Where it is hottest", ca="On fa més calor", es="Dónde hace más calor",
                            fr="Où il fait le plus chaud", ar="أين الحر أشد")),
    ("WP2", 200, 900, Text.of(en="Planting and building", ca="Plantar i construir", es="Plantar y construir",
                              fr="Planter et construire", ar="الغرس والبناء")),
    ("WP3", 600, 1090, Text.of(en="Measuring and telling others", ca="Mesurar i explicar-ho",
                               es="Medir y contarlo", fr="Mesurer et faire savoir", ar="القياس وإخبار الآخرين")),
)  # fmt: skip
# Days from today on which it is due, and from its day on which it was done.
MILESTONES = (
    (-200, -3, True, Text.of(en="Map of heat", ca="Mapa de la calor", es="Mapa del calor", fr="Carte de la chaleur",
                             ar="خريطة الحر")),
    (-12, None, False, Text.of(en="Permits for Sfax", ca="Permisos per a Sfax", es="Permisos para Sfax",
                               fr="Autorisations pour Sfax", ar="تراخيص صفاقس")),
    (20, None, True, Text.of(en="First six streets planted", ca="Primers sis carrers plantats",
                             es="Primeras seis calles plantadas", fr="Six premières rues plantées",
                             ar="غرس أول ستة شوارع")),
    (420, None, True, Text.of(en="Guide for other cities", ca="Guia per a altres ciutats",
                              es="Guía para otras ciudades", fr="Guide pour d'autres villes", ar="دليل لمدن أخرى")),
)  # fmt: skip


@transaction.atomic
def keep_example_running(source: str) -> None:
    """Once: an office that removed or changed it keeps it so. Its days are around the day it is made on."""
    houses = {one.source_id: one for one in Organisation.objects.filter(source=source, source_id__in=PARTNERS)}
    officer = User.objects.filter(email="officer@demo.example").first()
    if officer is None or len(houses) < len(PARTNERS) or Project.history.filter(source_id=THE_PROJECT).exists():
        return
    today = timezone.localdate()
    start, end = today - timedelta(days=500), today + timedelta(days=590)
    project = keep_project(
        Project(
            source=source, source_id=THE_PROJECT, illustrative=True, note=NOTE, title=TITLE, summary=SUMMARY,
            acronym="SHADE", programme="Interreg NEXT MED", budget=Decimal(500000), countries=("ES", "TN"),
            themes=("climate",), sdgs=("11", "13"), start_earliest=start, start_latest=start,
            end_earliest=end, end_latest=end,
        ),
        [Part(houses[key], role) for key, (role, _own, _grant) in PARTNERS.items()],
    )  # fmt: skip
    _keep(officer, project, houses, start, today)


def _keep(officer: User, project: Project, houses: dict[str, Organisation], start: date, today: date) -> None:
    def keep(model: Any, **fields: Any) -> Any:
        one = model(project=project, **fields)
        keep_entry(officer, one)
        return one

    keep(Running, layout="full", rules="interreg", official_name="Jems", results=RESULTS, shows_money=True)
    for key, (_role, own, grant) in PARTNERS.items():
        keep(PartnerShare, organisation=houses[key], own=Decimal(own), grant=Decimal(grant), **RECKONS.get(key, {}))
    packages = [
        keep(WorkPackage, code=code, title=title, organisation=houses["amb"], starts=start + timedelta(days=first),
             ends=start + timedelta(days=last))
        for code, first, last, title in PACKAGES
    ]  # fmt: skip
    lines = _lines(keep, houses, packages, start)
    for days, done, is_public, title in MILESTONES:
        due = today + timedelta(days=days)
        keep(
            ProjectMilestone, title=title, due=due, done_on=None if done is None else due + timedelta(days=done),
            is_public=is_public, organisation=houses["sfax" if days == -12 else "amb"], work_package=packages[1],
        )  # fmt: skip
    reports = {"organisation": houses["amb"]}
    first = keep(ReportingPeriod, label="1", starts=start, ends=start + timedelta(days=364),
                 due=start + timedelta(days=424), done_on=start + timedelta(days=420), **reports)  # fmt: skip
    keep(ReportingPeriod, label="2", starts=start + timedelta(days=365), ends=today + timedelta(days=5),
         due=today + timedelta(days=9), **reports)  # fmt: skip
    keep(Claim, period=first, organisation=houses["amb"], claimed=Decimal("71250.40"), state="accepted",
         control="certified", certified=Decimal("70980.40"), certified_on=start + timedelta(days=418),
         accepted=Decimal("70980.40"))  # fmt: skip
    keep(Claim, period=first, organisation=houses["sfax"], claimed=Decimal("18400.00"), state="submitted",
         control="questions")  # fmt: skip
    keep(Payment, on=start + timedelta(days=40), direction="in", amount=Decimal("160000.00"), reference="1")
    keep(Payment, on=start + timedelta(days=120), amount=Decimal("52300.75"), currency="TND", rate=Decimal("0.2956"),
         rate_on=start + timedelta(days=119), organisation=houses["sfax"], budget_line=lines[2])  # fmt: skip
    keep(Risk, what="Drought in the first summer", likelihood="medium", impact="high",
         answer="Water from the treatment plant for two years; species that need little.")  # fmt: skip
    for month in range(3):
        day = start + timedelta(days=31 * month + 20)
        keep(Effort, month=day, post="Project officer", hours=Decimal("64.5") + month)


def _lines(keep: Any, houses: dict[str, Organisation], packages: list[Any], start: date) -> list[BudgetLine]:
    amb, sfax, tunis = (houses[key] for key in ("amb", "sfax", "tunis"))
    rows: list[dict[str, Any]] = [
        {"what": "Project officer, months", "category": "staff", "organisation": amb, "basis": "unit",
         "units": Decimal(30), "unit_cost": Decimal("3850.40"), "actual": Decimal("61606.40")},
        {"what": "Office costs", "category": "office", "organisation": amb, "basis": "flat", "rate": Decimal(15),
         "actual": Decimal("9240.96")},
        {"what": "Trees and awnings, Sfax", "category": "infrastructure", "organisation": sfax,
         "planned": Decimal("92000.00"), "actual": Decimal("15460.10"), "work_package": packages[1]},
        {"what": "Trees and awnings, Tunis", "category": "infrastructure", "organisation": tunis,
         "planned": Decimal("94000.00"), "work_package": packages[1]},
        {"what": "Sensors", "category": "equipment", "organisation": amb, "planned": Decimal("38000.00"),
         "actual": Decimal("41120.00"), "work_package": packages[0]},
        {"what": "Heat mapping", "category": "external", "organisation": amb, "planned": Decimal("84000.00"),
         "actual": Decimal("60500.00"), "work_package": packages[0]},
    ]  # fmt: skip
    return [keep(BudgetLine, year=start.year + number % 2, **row) for number, row in enumerate(rows)]
