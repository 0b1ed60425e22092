"""A spreadsheet of one's own and its mapping."""

import contextlib
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from sympolis.engine import atlas, sources
from sympolis.engine.errors import AtlasError, SourceError
from sympolis.engine.model import (
    Call,
    Contribution,
    Event,
    Organisation,
    PartialDate,
    Participation,
    PlanAction,
    Project,
    Record,
)
from sympolis.engine.sources import Reject, find_source, read_source
from sympolis.engine.sources.table import guess_mapping, mapping_path, write_mapping
from sympolis.engine.sources.table.mapping import kinds, read_mapping

SAMPLE = Path(sources.__file__).parent / "table" / "sample"


def read(path: Path) -> tuple[list[Record], list[Reject]]:
    rejects: list[Reject] = []
    return list(read_source("table", [path], rejects)), rejects


def approve(table: Path, **changed: object) -> None:
    mapping = replace(guess_mapping(table), approved=True, **changed)  # type: ignore[arg-type]
    write_mapping(mapping, mapping_path(table), table.name)


def test_the_sample_is_read_as_its_mapping_says() -> None:
    records, rejects = read(SAMPLE)
    fountains, beaches = [one for one in records if isinstance(one, Project)]
    assert (fountains.id, fountains.title) == ("table:projectes/1", {"ca": "Fonts netes", "fr": "Fontaines propres"})
    assert (fountains.budget, fountains.currency) == (Decimal("1250.50"), "EUR")
    assert (fountains.start, fountains.countries) == (PartialDate.parse("2024-02-13"), ("MA",))
    assert fountains.provenance.source_url == "https://www.vila.cat"
    assert (beaches.budget, beaches.start, beaches.countries) == (None, PartialDate.parse("2024-05"), ("TN", "ES"))
    assert [one.name for one in records if isinstance(one, Organisation)] == ["Ville de Rivemer", "Ajuntament de Vila"]
    parts = [(one.project_id, str(one.role)) for one in records if isinstance(one, Participation)]
    assert parts == [("table:projectes/1", "partner"), ("table:projectes/1", "lead"), ("table:projectes/2", "partner")]
    assert [(reject.line, reject.reason) for reject in rejects] == [
        (4, "url: 'no en té' is no web address."),
        (4, "budget: 'massa' is no number."),
        (5, "This stands twice in this table: the first one counts."),
        (6, "This row has no title."),
    ]


def test_the_guess_of_the_sample_is_its_mapping() -> None:
    guessed = guess_mapping(SAMPLE / "projectes.csv")
    approved = read_mapping(SAMPLE / "projectes.mapping.yaml")
    assert replace(guessed, approved=True, lists=",") == approved


@pytest.mark.parametrize(
    ("headings", "row", "kind", "fields"),
    [
        ("Name;Country;Website;Type", "Lyon;France;lyon.fr;City", "organisation", "name country website kind"),
        ("Nom;Data;Lloc;Tema", "Fira;01/02/2025;Reus;Aigua", "event", "title start place topic"),
        ("Título;Plazo;Importe máximo", "Agua;2025-01-01;1.000", "call", "title closes max_grant"),
        ("Titre;Budget;Partenaires;Début", "Eau;100 €;Lyon;2020", "project", "title budget partners start"),
        ("العنوان;الميزانية;البلد", "ماء;100;المغرب", "project", "title budget countries"),
        ("Titel;Beginn;Gesamtkosten;Land", "Wasser;2020;1.000 €;Spanien", "project", "title start budget countries"),
        ("Titolo;Capofila;Costo;Paese", "Acqua;Roma;1.000;Italia", "project", "title lead budget countries"),
        ("Título do projeto;Parceiros;Custo", "Água;Lisboa;1.000", "project", "title partners budget"),
        ("Proposta;Descripció;Suports;Comentaris", "Fonts;Més;10;2", "contribution", "title text supports comments"),
        ("Acció;Descripció;ODS", "Plantar;Arbres;11", "action", "title text sdgs"),
    ],
)  # fmt: skip
def test_headings_in_eight_languages_are_understood(
    tmp_path: Path, headings: str, row: str, kind: str, fields: str
) -> None:
    table = tmp_path / "table.csv"
    table.write_text(f"{headings}\n{row}\n", encoding="utf-8")
    guessed = guess_mapping(table)
    assert (guessed.kind, " ".join(guessed.columns.values())) == (kind, fields)
    assert not guessed.approved


def test_columns_without_a_telling_heading_are_told_by_their_values(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    lines = [
        f"Work {at};1{at}/12/2020;{at}.000,50 €;{'Spain' if at % 2 else 'FR'};https://x.org/{at}" for at in range(9)
    ]
    table.write_text("aa;bb;cc;dd;ee\n" + "\n".join(lines), encoding="utf-8")
    guessed = guess_mapping(table)
    assert guessed.kind == "project"
    assert guessed.columns == {"aa": "title", "bb": "start", "cc": "budget", "dd": "countries", "ee": "url"}
    assert (guessed.decimal, guessed.month_first, guessed.separator) == (",", False, ";")
    table.write_text("title;budget;start\nA;1;12/25/2020\nB;2;1/2/2020\n", encoding="utf-8")
    assert guess_mapping(table).month_first


def test_a_sheet_can_be_named(tmp_path: Path) -> None:
    table = tmp_path / "book.xlsx"
    book = Workbook()
    first = book.active
    assert first is not None
    first.append(["about"])
    sheet = book.create_sheet("Membres")
    sheet.append(["Organització", "País"])
    sheet.append(["Ciutat de Sfax", "Tunísia"])
    book.save(table)
    with pytest.raises(SourceError, match="holds no table called 'Res'"):
        guess_mapping(table, "Res")
    write_mapping(replace(guess_mapping(table, "Membres"), approved=True), mapping_path(table), table.name)
    [city] = read(table)[0]
    assert isinstance(city, Organisation)
    assert (city.name, city.country) == ("Ciutat de Sfax", "TN")


def test_every_kind_of_record_is_read(tmp_path: Path) -> None:
    tables = {
        "events": "Title,Date,Place\nFair,2025-02-01,Reus\n",
        "calls": "Title,Deadline,Max grant\nWater,2025-03-01,1000\n",
        "ideas": "Proposal,Supports,Comments\nShade,7,0\n",
        "actions": "Action,Text,SDG\nPlant,Trees,SDG 11; 13.1\n",
    }
    for name, content in tables.items():
        (tmp_path / f"{name}.csv").write_text(content)
        approve(tmp_path / f"{name}.csv")
    records, rejects = read(tmp_path)
    assert rejects == []
    action, call, event, idea = records
    assert isinstance(action, PlanAction)
    assert (action.title, action.sdgs) == ({"en": "Plant"}, (11, 13))
    assert isinstance(call, Call)
    assert (str(call.closes), call.max_grant_eur, len(call.deadlines)) == ("2025-03-01", Decimal(1000), 1)
    assert isinstance(event, Event)
    assert (event.place, str(event.starts)) == ("Reus", "2025-02-01")
    assert isinstance(idea, Contribution)
    assert (idea.supports, idea.comments) == (7, 0)


def test_nothing_is_added_that_was_not_approved(tmp_path: Path) -> None:
    table, home = tmp_path / "mine.csv", tmp_path / "home"
    table.write_text("Name,Country\nLyon,France\n")
    with pytest.raises(
        SourceError, match=r"mine.csv has no mapping beside it. Run: sympolis atlas map .*mine.csv --output"
    ):
        atlas.add(home, "table", [table])
    write_mapping(guess_mapping(table), mapping_path(table), table.name)
    with pytest.raises(SourceError, match="is not approved"):
        atlas.add(home, "table", [table])
    with pytest.raises(AtlasError, match="nothing of the source"):
        atlas.add(home, "table", [tmp_path])
    mapping_path(table).unlink()
    approve(table)
    assert [path.name for path in atlas.add(home, "table", [table])] == ["mine.csv", "mine.mapping.yaml"]
    [city] = read(home / "atlas" / "inputs" / "table")[0]
    assert city.id.startswith("table:mine/~")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("kind: project\n", "has no columns"),
        ("kind: moon\ncolumns: {a: title}\n", "kind should be one of project, organisation"),
        ("kind: project\ncolumns: {a: titel}\n", "a project has no field 'titel'"),
        ("kind: project\ncolumns: {a: budget.fr}\n", "a project has no field 'budget.fr'"),
        ("kind: project\ncolumns: {a: title, b: title}\n", "more than one column is title"),
        ("kind: project\ncolumns: {a: summary}\n", "no column is the title"),
        ("kind: project\ncolumns: {a: title}\ndates: never\n", "dates should be"),
        ("kind: project\ncolumns: {a: title}\nheadings_row: x\n", "headings_row should be"),
        ("kind: project\ncolumns: {a: title}\nseparator: ab\n", "separator should be one character"),
        ("{", "is no YAML"),
        ("!!python/object/apply:os.getcwd []", "is no YAML"),
    ],
)
def test_a_wrong_mapping_is_refused_with_its_reason(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "t.csv").write_text("a\nx\n")
    (tmp_path / "t.mapping.yaml").write_text(content)
    with pytest.raises(SourceError, match=reason):
        find_source("table").files(tmp_path / "t.csv")
    rejects: list[Reject] = []
    assert list(find_source("table").read(tmp_path / "t.csv", rejects)) == []
    assert [(reject.file, reject.line) for reject in rejects] == [("t.csv", 0)]


def test_a_column_that_is_gone_and_a_table_that_breaks_are_rejected(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("Name,Country\nLyon,France\n")
    approve(table)
    table.write_text("Name,Land\nLyon,France\n")
    assert read(table) == ([], [Reject("t.csv", 0, "These columns of the mapping are missing: Country.")])
    table.write_text('Name,Country\nLyon,France\nSfax,"' + "x\n" * 200_000)
    records, rejects = read(table)
    assert [one.name for one in records if isinstance(one, Organisation)] == ["Lyon"]
    assert [reject.line for reject in rejects] == [3]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_letters_do_not_matter(tmp_path: Path, encoding: str) -> None:
    table = tmp_path / "t.csv"
    table.write_bytes(
        "Títol;Resum;País;Pressupost\nPlaça amb ombra;Una plaça amb ombra per a tothom;França;3 €\n".encode(encoding)
    )
    approve(table)
    [project] = read(table)[0]
    assert isinstance(project, Project)
    assert (project.title, project.countries, project.budget) == ({"ca": "Plaça amb ombra"}, ("FR",), Decimal(3))


def test_real_tables_are_guessed_and_read_whole(shared: Path, tmp_path: Path) -> None:
    found = {}
    for name in ("facts/organisations.csv", "facts/events.csv", "facts/calls.csv", "pam2016/actions.csv"):
        table = tmp_path / Path(name).name
        table.write_bytes((shared / name).read_bytes())
        approve(table)
        records, rejects = read(table)
        found[name] = (Counter(type(one).__name__ for one in records), len(rejects))
    assert found == {
        "facts/organisations.csv": ({"Organisation": 415}, 0),
        "facts/events.csv": ({"Event": 52}, 1),
        "facts/calls.csv": ({"Call": 45}, 0),
        "pam2016/actions.csv": ({"Contribution": 733}, 0),
    }


@given(st.sampled_from(sorted(kinds())), st.lists(st.text(max_size=12), min_size=6, max_size=6), st.text(max_size=200))
def test_any_table_is_read_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, kind: str, cells: list[str], more: str
) -> None:
    table = tmp_path_factory.mktemp("wild") / "wild.csv"
    fields = list(kinds()[kind].types)
    row = ";".join(f'"{cell.replace(chr(34), "")}"' for cell in cells * 3)
    table.write_text(";".join(fields) + "\n" + row[: len(row)] + "\n" + more, encoding="utf-8", newline="")
    told = "\n".join(f"  {field}: {field}" for field in fields)
    mapping_path(table).write_text(f"approved: true\nkind: {kind}\nseparator: ;\ncolumns:\n{told}\n", encoding="utf-8")
    records, _rejects = read(table)
    assert len({one.id for one in records}) == len(records)


@given(st.binary(max_size=300))
def test_any_bytes_are_guessed_or_refused(tmp_path_factory: pytest.TempPathFactory, noise: bytes) -> None:
    table = tmp_path_factory.mktemp("noise") / "noise.csv"
    table.write_bytes(noise)
    with contextlib.suppress(SourceError):
        assert guess_mapping(table).kind in kinds()
