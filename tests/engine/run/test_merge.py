"""Tables of many files put together."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq

from sympolis.engine.model import (
    Call,
    Organisation,
    PartialDate,
    Participation,
    ParticipationRole,
    Project,
    Provenance,
    Record,
)
from sympolis.engine.run.changes import write_call_changes
from sympolis.engine.run.merge import database, merge
from sympolis.engine.run.schemas import SCHEMAS
from sympolis.engine.run.tables import Tables, from_rows, to_table

HERE = Provenance("cordis", "1", "https://example.org/1", date(2026, 1, 2))


def written(folder: Path, *records: Record) -> Path:
    folder.mkdir()
    with Tables(folder) as tables:
        for record in records:
            tables.add(record)
    return folder


def test_a_deadline_that_moved_is_noticed(tmp_path: Path) -> None:
    visits = [
        (date(2026, 8, 1), date(2026, 9, 15)),
        (date(2026, 8, 8), date(2026, 9, 15)),
        (date(2026, 9, 1), date(2026, 10, 1)),
    ]
    calls = [
        Call("portal:a", {"en": "A"}, Provenance("portal", "a", "", visited), deadlines=(due,), status="open")
        for visited, due in visits
    ]
    parts = [written(tmp_path / f"visit-{at}", call) for at, call in enumerate(calls)]
    with database(tmp_path / "scratch") as base:
        assert write_call_changes(parts, tmp_path, base) == 1
    [line] = (tmp_path / "call_changes.jsonl").read_text().splitlines()
    assert json.loads(line) == {
        "id": "portal:a",
        "noticed_on": "2026-09-01",
        "field": "deadlines",
        "before": "2026-09-15",
        "after": "2026-10-01",
    }


def merged(tmp_path: Path, *parts: Path) -> tuple[dict[str, dict[str, int]], dict[str, Record]]:
    folder = tmp_path / "merged"
    folder.mkdir()
    with database(tmp_path / "scratch") as base:
        counts = merge(parts, folder, base)
    found = [one for name in SCHEMAS for one in from_rows(name, pq.read_table(folder / f"{name}.parquet"))]
    return counts, {record.id: record for record in found}


def test_a_record_is_the_same_after_its_table() -> None:
    records: list[Record] = [
        Project(
            "cordis:1",
            {"fr": "L'eau", "en": "Water"},
            HERE,
            countries=("ES", "FR"),
            start=PartialDate.parse("2019"),
            budget=Decimal("1200000.5"),
            currency="EUR",
            sdgs=(6, 11),
        )
    ]
    assert list(from_rows("projects", to_table(records))) == records
    part = Participation("p", "cordis:1", "cordis:9", ParticipationRole.LEAD, HERE, grant=Decimal("10.25"))
    assert list(from_rows("participations", to_table([part]))) == [part]


def test_what_one_file_leaves_open_another_fills_and_the_first_is_believed(tmp_path: Path) -> None:
    first = Project("cordis:1", {"en": "Water"}, HERE, topics=("rain", "reuse"), start=PartialDate.parse("2020"))
    second = Project(
        "cordis:1",
        {"en": "Other water", "fr": "L'eau"},
        HERE,
        acronym="DROP",
        topics=("reuse", "cities"),
        start=PartialDate.parse("2021"),
        budget=Decimal(5),
    )
    alone = Project("cordis:0", {"en": "Alone"}, HERE)
    counts, found = merged(tmp_path, written(tmp_path / "a", first, alone), written(tmp_path / "b", second))
    assert counts["projects"] == {"read": 3, "kept": 2}
    assert found["cordis:0"] == alone
    one = found["cordis:1"]
    assert isinstance(one, Project)
    assert one.title == {"en": "Water", "fr": "L'eau"}
    assert (one.acronym, one.topics, one.start) == ("DROP", ("rain", "reuse", "cities"), PartialDate.parse("2020"))
    assert one.budget == Decimal("5.00")


def test_no_name_is_lost_whichever_is_believed(tmp_path: Path) -> None:
    told = Organisation("pic:1", "Gothenburg", "city", HERE, names={"sv": "Göteborg"}, aliases=("GBG",))
    again = Organisation("pic:1", "Göteborgs Stad", "city", HERE, names={"sv": "Göteborgs kommun", "en": "Gothenburg"})
    alone = Organisation("pic:2", "Lund", "city", HERE, names={"de": "Lund"})
    parts = [written(tmp_path / "a", told, alone), written(tmp_path / "b", again), written(tmp_path / "c", again)]
    _, found = merged(tmp_path, *parts)
    one, other = found["pic:1"], found["pic:2"]
    assert isinstance(one, Organisation)
    assert isinstance(other, Organisation)
    assert (one.name, one.names) == ("Gothenburg", {"sv": "Göteborg", "en": "Gothenburg"})
    assert one.aliases == ("GBG", "Göteborgs Stad", "Göteborgs kommun")
    assert other.aliases == ()


def test_every_table_is_there_and_sorted_whatever_came_in(tmp_path: Path) -> None:
    calls = [Call(f"portal:{name}", {"en": name}, HERE) for name in ("c", "a", "b")]
    counts, found = merged(tmp_path, written(tmp_path / "one", *calls))
    assert list(found) == ["portal:a", "portal:b", "portal:c"]
    assert {name: both["kept"] for name, both in counts.items() if both["kept"]} == {"calls": 3}
    for name, schema in SCHEMAS.items():
        assert pq.read_schema(tmp_path / "merged" / f"{name}.parquet").equals(schema)


def test_a_record_is_confirmed_if_anybody_confirms_it_and_an_example_only_if_all_say_so(tmp_path: Path) -> None:
    doubtful = Organisation("a", "A", "city", Provenance("facts", "a", confirmed=False, illustrative=True))
    sure = Organisation("a", "A", "city", Provenance("facts", "a"))
    _, found = merged(tmp_path, written(tmp_path / "one", doubtful), written(tmp_path / "two", sure))
    assert (found["a"].provenance.confirmed, found["a"].provenance.illustrative) == (True, False)
