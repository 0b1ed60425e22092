"""Tables of facts."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from sympolis.engine import sources
from sympolis.engine.model import (
    ItemKind,
    Need,
    Organisation,
    PartialDate,
    Participation,
    ParticipationRole,
    Project,
    Relation,
)
from sympolis.engine.sources import Reject, read_source

SAMPLE = Path(sources.__file__).parent / "facts" / "sample"


def test_the_sample_is_read_field_by_field() -> None:
    rejects: list[Reject] = []
    records = {record.id: record for record in read_source("facts", [SAMPLE], rejects)}
    assert rejects == []
    town = records["facts:vilanova"]
    assert isinstance(town, Organisation)
    assert town.names == {"ca": "Vilanova", "ar": "فيلانوفا"}
    assert town.aliases == ("Villanueva",)
    assert (town.latitude, town.longitude, town.themes) == (41.2, 1.7, ("water", "climate"))
    project = records["facts:drops"]
    assert isinstance(project, Project)
    assert project.title == {"en": "Every drop twice", "ca": "Cada gota dues vegades", "ar": "كل قطرة مرتين"}
    assert list(project.summary) == ["ca", "ar"]
    parts = [record for record in records.values() if isinstance(record, Participation)]
    assert [(one.project_id, one.organisation_id, one.role) for one in parts] == [
        ("facts:drops", "facts:vilanova", ParticipationRole.LEAD),
        ("facts:drops", "facts:portville", ParticipationRole.PARTNER),
        ("facts:drops", "facts:sea-network", ParticipationRole.PARTNER),
    ]
    assert (project.start, project.end) == (PartialDate.parse("2021"), PartialDate.parse("2024-06"))
    assert (project.budget, project.currency, project.sdgs) == (Decimal(1_200_000), "EUR", (6, 11))
    need = next(record for record in records.values() if isinstance(record, Need))
    assert (need.kind, need.title, need.provenance.illustrative) == (
        ItemKind.NEED,
        {"fr": "Arroser sans eau potable"},
        True,
    )
    relations = [record for record in records.values() if isinstance(record, Relation)]
    assert [(one.type, one.role, one.provenance.confirmed) for one in relations] == [
        ("member_of", "", True),
        ("member_of", "", False),
        ("sits_on", "Water Commission, chair", True),
    ]


@pytest.mark.parametrize(
    ("table", "content", "line", "reason"),
    [
        ("projects.csv", b"id,title,start_year\na,A,never\n", 2, "start_year should be a date"),
        ("projects.csv", b"id,title,budget_eur\na,A,NaN\n", 2, "budget_eur should be a number"),
        ("projects.csv", b"id,title,sdgs\na,A,six\n", 2, "sdgs should be whole numbers"),
        ("projects.csv", b"id,title\n,A\n", 2, "The column id is empty."),
        ("projects.csv", b"id\na\n", 1, "These columns are missing: title."),
        ("organisations.csv", b"id,name,kind,latitude\na,A,city,120\n", 2, "latitude is off the map"),
        ("needs.csv", b"organisation_id,title,stage\na,A,wish\n", 2, "stage should be need, priority or offer"),
        ("projects.csv", b"id,title\na,Caf\xe9\n", 0, "The table is not in UTF-8"),
    ],
)
def test_what_cannot_be_read_is_rejected_with_line_and_reason(
    tmp_path: Path, table: str, content: bytes, line: int, reason: str
) -> None:
    (tmp_path / table).write_bytes(content)
    rejects: list[Reject] = []
    assert list(read_source("facts", [tmp_path], rejects)) == []
    [reject] = rejects
    assert (reject.file, reject.line) == (table, line)
    assert reject.reason.startswith(reason)


def test_the_real_tables_come_in_whole(shared: Path) -> None:
    rejects: list[Reject] = []
    counts = Counter(type(record).__name__ for record in read_source("facts", [shared / "facts"], rejects))
    assert rejects == []
    assert counts == {
        "Organisation": 415,
        "Relation": 975,
        "Project": 125,
        "Participation": 379,
        "Call": 45,
        "Event": 52,
        "Need": 50,
        "PlanAction": 13,
    }
