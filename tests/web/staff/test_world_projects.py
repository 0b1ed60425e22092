"""A project of the world's data: its page, and taking it over with what it wanted to reach and reached."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sympolis.config.home import Home
from sympolis.engine import sources
from sympolis.engine.iati.write import Measured
from sympolis.engine.index import Index
from sympolis.engine.run.indexing import documents_in
from sympolis.engine.run.lookup import write_lookup
from sympolis.engine.run.merge import database, merge
from sympolis.engine.run.tables import Tables
from sympolis.engine.texts.encoders import FAST
from sympolis.office.core.readers import forget_readers
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation, WorldLink
from sympolis.office.projects.iati import activities_of, reporting_body
from sympolis.office.projects.models import Project
from sympolis.office.projects.running.models import ProjectIndicator
from sympolis.office.projects.world.actions import KeptAlready, adopt_world_project
from tests.cast import Cast

WATER, HARBOUR = "iati:FR-RCS-100-EAU1", "iati:FR-RCS-100-PORT"
SAMPLE = Path(sources.__file__).parent / "iati" / "sample" / "activities-2.xml"
SAME = pa.schema([("id", pa.string()), ("organisation_id", pa.string())])
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample of activities, with one more of very many results in hostile words, as a build leaves it."""
    home = tmp_path_factory.mktemp("activities")
    period = "<period><period-start iso-date='2025-01-01'/><target value='7'/></period>"
    hostile = HOSTILE.replace("<", "&lt;")
    many = (
        "<iati-activity xml:lang='en'><iati-identifier>MANY</iati-identifier>"
        f"<title><narrative>Many {hostile}</narrative></title>"
        f"<participating-org role='4' ref='XX-1-7'><narrative>Harbour Works</narrative></participating-org>"
        f"<result type='1'><title><narrative>{hostile}</narrative></title><indicator><title><narrative>N {hostile}"
        f"</narrative></title>{period * 200}</indicator></result></iati-activity>"
    )
    file = home / "activities-2.xml"
    file.write_text(SAMPLE.read_text("utf-8").replace("</iati-activities>", f"{many}</iati-activities>"), "utf-8")
    served = home / "atlas" / "served"
    served.mkdir(parents=True)
    with Tables(home / "atlas") as tables:
        for record in sources.read_source("iati", [file]):
            tables.add(record)
    with database(home / "atlas" / "scratch") as base:
        merge([home / "atlas"], served, base)
    pq.write_table(SAME.empty_table(), served / "same.parquet")  # every body stands for itself
    write_lookup(served)
    with Index.create(served / "index", encoders=(FAST,)) as index:
        index.add(documents_in(served))
    (home / "atlas" / "current").write_text("served", "ascii")
    return home


@pytest.fixture
def activities(built: Path, tmp_path: Path, settings: LazySettings) -> Iterator[None]:
    home = Home(tmp_path / "home")
    shutil.copytree(built, home.path)
    settings.HOME = home  # type: ignore[misc]
    yield
    forget_readers()


def address(world_id: str) -> str:
    return f"{reverse('staff:world_project')}?id={world_id}"


def test_officers_read_it_and_take_it_over_and_nobody_else(cast: Cast, activities: None) -> None:
    take_over = reverse("staff:world_project_adopt")
    assert cast.client("visitor").get(address(WATER)).status_code == 302
    assert cast.client("visitor").post(take_over, {"id": WATER}).status_code == 302
    for who in ("contact", "participant", "outsider"):
        assert cast.client(who).get(address(WATER)).status_code == 403
        assert cast.client(who).post(take_over, {"id": WATER}).status_code == 403
    assert Project.objects.filter(source="iati").count() == 0
    for who in ("administrator", "officer"):
        assert cast.client(who).get(address(WATER)).status_code == 200
        assert cast.client(who).get(address("iati:nobody")).status_code == 404
        assert cast.client(who).post(take_over, {"id": "iati:nobody"}).status_code == 404
    assert cast.client("officer").get(take_over).status_code == 405


def test_its_page_tells_results_by_period_in_numbers_and_words(cast: Cast, activities: None) -> None:
    page = cast.client("officer").get(address(WATER)).content.decode()
    for words in ("De l’eau à moins de 200 m", "Foyers raccordés", "35.5", "female 3; male 4", "Un comité par quartier",
                  "Outcome", "Ville de Rivemer", "Commune d’Oued Clair"):  # fmt: skip
        assert words in page
    assert "3 partners" not in page  # who pays and who answers for it does not take part by that
    assert "2 partners" in page


def test_a_page_of_any_size_asks_the_same_and_shows_hostile_words_as_words(cast: Cast, activities: None) -> None:
    client, asked = cast.client("officer"), []
    for one in (HARBOUR, "iati:MANY"):
        client.get(address(one))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address(one)).content.decode()
        asked.append(len(queries))
    assert page.count("<tr>") == 201
    assert HOSTILE not in page
    assert asked[0] == asked[1] <= 12


def test_what_is_taken_over_has_its_indicators_partners_and_source(cast: Cast, activities: None) -> None:
    cast.client("officer").post(reverse("staff:world_project_adopt"), {"id": WATER, "with_partners": "1"})
    project = Project.objects.get(source="iati")
    assert (project.source_id, str(project.start), project.budget, project.currency) == (
        "FR-RCS-100-EAU1", "2024-03-15", Decimal("150000.50"), "EUR",
    )  # fmt: skip
    assert project.title.plain()["en"] == "Water for Oued Clair"
    assert project.summary.plain()["en"] == "Fewer losses."
    assert (list(project.countries), project.source_url) == (
        ["TN", "MA"], "https://d-portal.org/q.html?aid=FR-RCS-100-EAU1",
    )  # fmt: skip
    assert {(part.organisation.name, part.role) for part in project.participations.all()} == {
        ("Ville de Rivemer", "lead"), ("Commune d’Oued Clair", "partner"),
    }  # fmt: skip
    first, second = project.indicators.all()
    assert first.title.plain() == {"fr": "Foyers raccordés", "ar": "أسر موصولة"}
    assert (first.level, first.unit, first.baseline, first.target, first.reached) == (
        "outcome", "%", Decimal(12), Decimal(40), Decimal("35.50"),
    )  # fmt: skip
    assert (second.starts, second.ends, second.target, second.reached) == (
        date(2025, 1, 1), date(2025, 12, 31), Decimal(70), None,
    )  # fmt: skip
    assert {one.evidence_url for one in (first, second)} == {project.source_url}
    assert project.running.results.plain() == {"fr": "Entretien des bornes\nUn comité par quartier"}
    assert project.history.get().history_user == first.history.get().history_user == cast.officer
    # It is told out as it was told in.
    [[activity], _left_out] = activities_of([project], reporting_body(cast.amb, "XX-1"), cast.amb, date(2026, 1, 1))
    assert activity.results == tuple(
        Measured({"fr": "Foyers raccordés", "ar": "أسر موصولة"}, "%", Decimal(12), Decimal(target), reached, None,
                 "outcome", date(year, 1, 1), date(year, 12, 31))
        for year, target, reached in ((2024, 40, Decimal("35.5")), (2025, 70, None))
    )  # fmt: skip
    assert "It is one of our projects" in cast.client("officer").get(address(WATER)).content.decode()
    with pytest.raises(KeptAlready):
        adopt_world_project(cast.officer, WATER, with_partners=True)


def test_without_the_others_only_who_is_ours_takes_part(cast: Cast, activities: None) -> None:
    before = Organisation.objects.count()
    WorldLink.objects.create(organisation=cast.amb, world_id="iati:FR-RCS-100", linked_by=cast.officer)
    project = adopt_world_project(cast.officer, WATER, with_partners=False)
    assert [(part.organisation, part.role) for part in project.participations.all()] == [(cast.amb, "lead")]
    assert Organisation.objects.count() == before


def test_a_stretch_of_time_has_two_days_in_order(cast: Cast) -> None:
    project = Project.objects.create(public_id="prj_measured", title=Text.of(en="Trees"))
    add = reverse("staff:running_indicator_add", args=[project.public_id])
    said = {"title_en": "Trees", "title": "Trees", "starts": "2026-01-01"}
    page = cast.client("officer").post(add, said)
    assert "Write both days, or neither." in page.content.decode()
    page = cast.client("officer").post(add, {**said, "ends": "2025-12-31"})
    assert "It ends before it begins." in page.content.decode()
    assert cast.client("officer").post(add, {**said, "ends": "2026-12-31", "level": "output"}).status_code == 302
    one = ProjectIndicator.objects.get()
    assert (one.starts, one.ends, one.level) == (date(2026, 1, 1), date(2026, 12, 31), "output")
    work = cast.client("officer").get(reverse("staff:running_work", args=[project.public_id])).content.decode()
    assert "1 January 2026 to 31 December 2026" in work
