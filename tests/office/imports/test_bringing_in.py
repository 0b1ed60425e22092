"""Writing a table: all of it or nothing; what a person wrote stays; taking it back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from sympolis.office.core.imports import writing
from sympolis.office.core.imports.apply import bring_in
from sympolis.office.core.imports.definition import tables
from sympolis.office.core.imports.errors import ImportRefused
from sympolis.office.core.imports.preview import previewed
from sympolis.office.core.imports.undo import undo_import
from sympolis.office.core.models import Import, IndexChange, RetiredId
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.planning.models import Plan
from sympolis.office.projects.models import Project
from sympolis.office.synergies.models import Meeting
from tests.cast import Cast, office_today
from tests.factories import make_organisation, make_relation
from tests.office.imports.bringing import bring, read_as, said

CITIES = "id,name,country,description_fr\ntunis,Tunis,TN,Capitale\nsousse,Sousse,TN,Perle du Sahel\n"


def counts(run: Import) -> tuple[int, int, int]:
    return run.created, run.changed, run.unchanged


def test_rows_become_records_with_their_source(db: None) -> None:
    assert counts(bring("organisations", CITIES)) == (2, 0, 0)
    tunis = Organisation.objects.get(slug="tunis")
    assert (tunis.source, tunis.source_id, tunis.country, tunis.kind) == ("spreadsheet", "tunis", "TN", "other")
    assert tunis.description.plain() == {"fr": "Capitale"}
    assert tunis.imported["description.fr"] == "Capitale"
    assert tunis.history.get().history_change_reason == f"import:{Import.objects.get().pk}"  # type: ignore[attr-defined]
    assert set(IndexChange.objects.values_list("record", flat=True)) == set(
        Organisation.objects.values_list("public_id", flat=True)
    )


def test_the_same_table_again_changes_nothing(db: None) -> None:
    bring("organisations", CITIES)
    assert counts(bring("organisations", CITIES)) == (0, 0, 2)


def test_without_ids_a_name_finds_its_record_again(cast: Cast) -> None:
    assert counts(bring("organisations", "name,country,founded\nSFAX,TN,1884\n")) == (0, 1, 0)
    cast.sfax.refresh_from_db()
    assert (cast.sfax.founded_year, Organisation.objects.count()) == (1884, 3)


def test_what_a_row_does_not_say_changes_nothing(cast: Cast) -> None:
    bring("organisations", "id,name,kind,language\ntunis,Tunis,city,fr\n")
    assert counts(bring("organisations", "id,name\ntunis,Tunis\n")) == (0, 0, 1)
    tunis = Organisation.objects.get(slug="tunis")
    assert (tunis.kind, tunis.name_language) == ("city", "fr")
    bring("meetings", "id,title,organisations,visibility\nm1,Water,amb,public\nm2,Waste,amb,\n")
    assert counts(bring("meetings", "id,title,organisations\nm1,Water,amb\nm2,Waste,amb\n")) == (0, 0, 2)
    assert dict(Meeting.objects.values_list("source_id", "visibility")) == {"m1": "public", "m2": "office"}


def test_blank_cells_say_nothing(db: None) -> None:
    bring("organisations", CITIES)
    assert counts(bring("organisations", "id,name,country,description_fr\ntunis,Tunis,,\n")) == (0, 0, 1)
    assert Organisation.objects.get(slug="tunis").description.plain() == {"fr": "Capitale"}


def test_a_problem_anywhere_and_nothing_is_written(db: None) -> None:
    with pytest.raises(ImportRefused, match="Nothing was brought in: there are problems in 1 row"):
        bring("organisations", CITIES + "sfax,Sfax,Nowhereland,\n")
    assert (Organisation.objects.count(), Import.objects.count(), IndexChange.objects.count()) == (0, 0, 0)


def test_wrong_rows_are_left_out_when_somebody_says_so(db: None) -> None:
    run = bring("organisations", CITIES + "sfax,Sfax,Nowhereland,\n", leave_out_wrong_rows=True)
    assert counts(run) == (2, 0, 0)
    assert not Organisation.objects.filter(slug="sfax").exists()


def test_rows_that_name_a_row_left_out_are_left_out_too(cast: Cast) -> None:
    table = (
        "id,title,parent_id,organisation,starts\nline,A line,plan,amb,\nplan,The plan,,amb,never\nother,Other,,amb,\n"
    )
    assert counts(bring("plans", table, leave_out_wrong_rows=True)) == (1, 0, 0)
    assert Plan.objects.get().source_id == "other"


def test_a_row_and_the_one_it_is_part_of_come_in_together(cast: Cast) -> None:
    bring("plans", "id,title,parent_id,organisation\nline,A line,plan,amb\nplan,The plan,,amb\n")
    line = Plan.objects.get(source_id="line")
    assert line.parent == Plan.objects.get(source_id="plan")
    assert line.imported["parent"] == line.parent.public_id


def test_what_a_line_serves_comes_in_is_shown_before_and_goes_again(cast: Cast) -> None:
    head = "id,title,parent_id,organisation,serves\n"
    there = "above,The parent plan,,amb,\n2.1,Ties,above,amb,\n2.2,Trade,above,amb,\nown,Our plan,,amb,\n"
    bring("plans", head + there)
    rows = f"{head}line,A line,own,amb,2.1; 2.2\nown,Our plan,,amb,\n"
    shown = previewed(read_as("plans", rows))
    assert (shown.created, shown.changed, shown.unchanged) == (1, 0, 1)
    run = bring("plans", rows)
    line = Plan.objects.get(source_id="line")
    assert {one.source_id for one in line.serves.all()} == {"2.1", "2.2"}
    again = bring("plans", rows.replace("2.1; 2.2", "2.2"))
    assert {one.source_id for one in line.serves.all()} == {"2.2"}
    undo_import(again)
    assert {one.source_id for one in line.serves.all()} == {"2.1", "2.2"}
    undo_import(run)
    assert not Plan.objects.filter(source_id="line").exists()


def test_a_line_that_serves_itself_is_refused(cast: Cast) -> None:
    found = read_as("plans", "id,title,organisation,serves\nline,A line,amb,line\n")
    assert said(found) == [(2, "", "", "A plan can't serve itself.")]


def test_a_failure_in_the_middle_leaves_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("sympolis.office.core.imports.apply.mark_changed", fail)
    with pytest.raises(RuntimeError):
        bring("organisations", CITIES)
    assert (Organisation.objects.count(), Import.objects.count()) == (0, 0)


def test_what_a_person_wrote_stays_field_by_field_and_both_are_kept(db: None) -> None:
    bring("organisations", CITIES)
    tunis = Organisation.objects.get(slug="tunis")
    tunis.description.write("fr", "Capitale de la Tunisie")
    tunis.save()
    again = CITIES.replace("Capitale", "Grande ville").replace("Tunis,TN", "Tunis,LY")
    shown = previewed(read_as("organisations", again))
    assert [(one.title, [(part.before, part.after) for part in one.fields]) for one in shown.kept] == [
        ("Tunis", [("Capitale de la Tunisie", "Grande ville")])
    ]
    assert counts(bring("organisations", again)) == (0, 1, 1)
    tunis.refresh_from_db()
    assert (tunis.country, tunis.description.get_text("fr")) == ("LY", "Capitale de la Tunisie")
    assert tunis.imported["description.fr"] == "Grande ville"
    assert counts(bring("organisations", again)) == (0, 0, 2)


def test_what_a_person_entered_is_never_overwritten_by_a_first_import(cast: Cast) -> None:
    cast.sfax.website = "https://www.sfax.tn"
    cast.sfax.save()
    bring("organisations", "id,name,website,founded\nsfax,Sfax,https://example.org,1884\n")
    cast.sfax.refresh_from_db()
    assert (cast.sfax.website, cast.sfax.founded_year) == ("https://www.sfax.tn", 1884)
    assert cast.sfax.imported["website"] == "https://example.org"


def test_who_takes_part_is_written_and_a_persons_partner_stays(cast: Cast) -> None:
    tunis = make_organisation("Tunis", slug="tunis")
    bring("projects", "id,title,lead,partners\nusuds,Strategies,amb,sfax\n")
    project = Project.objects.get()
    parts = {(part.role, part.organisation.slug) for part in project.participations.all()}
    assert parts == {("lead", "amb"), ("partner", "sfax")}
    bring("projects", "id,title,lead,partners\nusuds,Strategies,sfax,amb\n")
    assert {(part.role, part.organisation.slug) for part in project.participations.all()} == {
        ("lead", "sfax"),
        ("partner", "amb"),
    }
    project.participations.create(organisation=tunis)
    run = bring("projects", "id,title,lead,partners\nusuds,Strategies,sfax,rabat\n")
    assert counts(run) == (0, 0, 1)
    assert {part.organisation.slug for part in project.participations.all()} == {"sfax", "amb", "tunis"}


def test_a_seat_makes_its_body_once_and_finds_it_again(cast: Cast) -> None:
    make_organisation("MedCities", slug="medcities", kind="city-network")
    table = (
        "organisation,network,body,role\namb,medcities,Board of Directors,member\n"
        "sfax,medcities,Board of directors,president\nrabat,medcities,Presidency,president\nrabat,medcities,,member\n"
    )
    assert counts(bring("seats", table)) == (5, 0, 0)
    board = Organisation.objects.get(kind="body")
    assert (board.name, board.parent and board.parent.slug) == ("Board of Directors", "medcities")
    rows = Relation.objects.values_list("from_organisation__slug", "type", "to_organisation__slug", "role")
    assert set(rows) == {
        ("amb", "sits_on", board.slug, "member"),
        ("sfax", "sits_on", board.slug, "president"),
        ("rabat", "president_of", "medcities", "president"),
        ("rabat", "member_of", "medcities", "member"),
    }


def test_markup_in_every_field_is_kept_as_text(cast: Cast) -> None:
    evil = '<script>alert("x")</script>'
    cells = {
        "id": evil, "name": evil, "short_name": evil, "place_name": evil, "description": evil, "line": evil,
        "source_url": evil, "note": evil, "names_other": f"ca:{evil}", "aliases": "<b>;<i>",
    }  # fmt: skip
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in cells.values()]
    bring("organisations", f"{','.join(cells)}\n{','.join(quoted)}\n")
    made = Organisation.objects.get(name=evil)
    assert (made.short_name, made.place, made.source_url, made.note) == (evil, evil, evil, evil)
    assert (made.description.get_text("en"), made.line.get_text("en"), made.names.get_text("ca")) == (evil, evil, evil)
    assert made.aliases == ["<b>", "<i>"]
    assert made.slug == "script-alert-x-script"


def test_undo_removes_what_was_made_and_returns_what_was_changed(cast: Cast) -> None:
    run = bring("organisations", "id,name,country,founded\nsfax,Sfax,TN,1884\ntunis,Tunis,TN,\n")
    tunis = Organisation.objects.get(slug="tunis")
    undone = undo_import(run, cast.officer)
    assert (undone.removed, undone.restored, undone.kept) == (1, 1, [])
    cast.sfax.refresh_from_db()
    # what the table said and the record held already stays known as said: it was no change
    assert (cast.sfax.founded_year, cast.sfax.imported) == (None, {"name": "Sfax", "country": "TN", "slug": "sfax"})
    assert RetiredId.objects.get().public_id == tunis.public_id
    assert IndexChange.objects.filter(kind="remove").get().record == tunis.public_id
    with pytest.raises(ImportRefused, match="undone already"):
        undo_import(run)


def test_after_an_undo_the_same_table_brings_back_the_same_ids(db: None) -> None:
    run = bring("organisations", CITIES)
    before = set(Organisation.objects.values_list("public_id", flat=True))
    undo_import(run)
    assert Organisation.objects.count() == 0
    bring("organisations", CITIES)
    assert set(Organisation.objects.values_list("public_id", flat=True)) == before
    assert RetiredId.objects.count() == 0


NAMED = "id,name,language,country,founded,name_ca,called\n"


def test_who_is_renamed_by_a_table_keeps_the_former_name_until_it_is_taken_back(db: None) -> None:
    bring("organisations", f"{NAMED}port,Port de Sfax,fr,TN,1891,Port de Sfax vell,\nsousse,Sousse,fr,TN,,,\n")
    table = f"{NAMED}port,Port of Sfax,en,TN,1890,Port de Sfax nou,\nsousse,SOUSSE,fr,TN,,,\n"
    shown = previewed(read_as("organisations", table))
    field = next(one for one in shown.records[0].fields if one.label == "Former and other names")
    today = office_today()
    former = [f"former|fr||{today}|Port de Sfax", f"former|ca||{today}|Port de Sfax vell"]
    assert (field.before, [line in field.after for line in former]) == ("", [True, True])
    run = bring("organisations", table)
    port, sousse = Organisation.objects.get(slug="port"), Organisation.objects.get(slug="sousse")
    assert (port.name, port.names.plain(), port.called) == ("Port of Sfax", {"ca": "Port de Sfax nou"}, former)
    assert (sousse.name, sousse.called) == ("SOUSSE", [])  # case makes no other name
    assert counts(bring("organisations", table)) == (0, 0, 2)
    assert undo_import(run).kept == []
    port.refresh_from_db()
    assert (port.name, port.names.plain(), port.called, port.imported.get("called")) == (
        "Port de Sfax", {"ca": "Port de Sfax vell"}, [], None,
    )  # fmt: skip


def test_a_table_that_says_former_names_itself_keeps_both(db: None) -> None:
    bring("organisations", f"{NAMED}port,Port de Sfax,fr,TN,1891,,\n")
    said = "former|fr|1891|1920|Bassin de Sfax"
    table = f"{NAMED}port,Port of Sfax,en,TN,1891,,{said}\n"
    bring("organisations", table)
    port = Organisation.objects.get(slug="port")
    assert port.called == [said, f"former|fr||{office_today()}|Port de Sfax"]
    bring("organisations", table)  # the same again takes none of them away
    assert Organisation.objects.get(slug="port").called == port.called
    bring("organisations", f"{NAMED}sousse,Sousse,fr,TN,,,\n")
    dated = "former|fr||2019|Sousse"
    bring("organisations", f"{NAMED}sousse,Greater Sousse,en,TN,,,{dated}\n")
    assert Organisation.objects.get(slug="sousse").called == [dated]  # it says better until when


def test_a_text_in_one_language_renames_in_it_alone(db: None) -> None:
    bring("organisations", f"{NAMED}port,Port de Sfax,fr,TN,1891,Port de Sfax vell,\n")
    run = bring("texts", "organisation_id,language,kind,text\nport,ca,name,Port nou\nport,es,name,Puerto\n")
    port = Organisation.objects.get(slug="port")
    assert (port.called, port.names.plain()) == (
        [f"former|ca||{office_today()}|Port de Sfax vell"], {"ca": "Port nou", "es": "Puerto"},
    )  # fmt: skip
    undo_import(run)
    assert Organisation.objects.get(slug="port").called == []


def test_undo_leaves_what_somebody_edited_or_leans_on(cast: Cast) -> None:
    run = bring("organisations", CITIES + "sfax,Sfax,LY,Port\n" + "gabes,Gabès,TN,\n")
    tunis, sousse = Organisation.objects.get(slug="tunis"), Organisation.objects.get(slug="sousse")
    tunis.place = "Tunis"
    tunis.save()
    make_relation(sousse, "member_of", cast.amb)
    cast.sfax.refresh_from_db()
    cast.sfax.description = Text.of(fr="Grand port")
    cast.sfax.save()
    undone = undo_import(run)
    assert (undone.removed, sorted(undone.kept)) == (1, ["Sfax", "Sousse", "Tunis"])
    assert set(Organisation.objects.values_list("slug", flat=True)) == {"amb", "rabat", "sfax", "tunis", "sousse"}
    cast.sfax.refresh_from_db()
    assert (cast.sfax.country, cast.sfax.description.plain()) == ("TN", {"fr": "Grand port"})


def test_imports_can_be_taken_back_one_after_the_other(db: None) -> None:
    first = bring("organisations", CITIES)
    second = bring("organisations", CITIES.replace("Capitale", "Ville"))
    assert undo_import(second).restored == 1
    assert undo_import(first).removed == 2
    assert Organisation.objects.count() == 0


def test_an_earlier_import_leaves_what_a_later_one_changed(db: None) -> None:
    first = bring("organisations", CITIES)
    bring("organisations", CITIES.replace("Capitale", "Ville"))
    undone = undo_import(first)
    assert (undone.removed, undone.kept) == (1, ["Tunis"])


def test_undo_leaves_a_city_that_takes_part_in_a_meeting(cast: Cast) -> None:
    run = bring("organisations", CITIES)
    meeting = Meeting.objects.create(title=Text.of(en="Water"))
    meeting.organisations.add(Organisation.objects.get(slug="tunis"))
    assert undo_import(run).kept == ["Tunis"]
    assert meeting.organisations.get().slug == "tunis"


def test_what_is_taken_back_stays_in_the_history(cast: Cast) -> None:
    run = bring("organisations", CITIES, by=cast.officer)
    undo_import(run, cast.administrator)
    history = Organisation.history.filter(slug="tunis").order_by("history_id")  # type: ignore[attr-defined]
    assert [(one.history_type, one.history_user, one.name, one.description.plain()) for one in history] == [
        ("+", cast.officer, "Tunis", {"fr": "Capitale"}),
        ("-", cast.administrator, "Tunis", {"fr": "Capitale"}),
    ]


def test_undo_of_seats_takes_the_bodies_along(cast: Cast) -> None:
    run = bring("seats", "organisation,network,body\nsfax,amb,Board\n")
    assert Organisation.objects.filter(kind="body").count() == 1
    assert undo_import(run).removed == 2
    assert (Organisation.objects.filter(kind="body").count(), Relation.objects.count()) == (0, 0)


def test_undo_puts_lists_back(cast: Cast) -> None:
    bring("projects", "id,title,lead,partners\nusuds,Strategies,amb,sfax\n")
    run = bring("projects", "id,title,lead,partners\nusuds,Strategies,amb,rabat\n")
    undo_import(run)
    parts = Project.objects.get().participations.values_list("organisation__slug", "role")
    assert set(parts) == {("amb", "lead"), ("sfax", "partner")}


class AnyTable(TestCase):
    """Whatever stands in the cells, a table comes in whole or not at all."""

    @settings(max_examples=60)
    @given(
        st.sampled_from(["organisations", "events", "needs", "projects"]),
        st.lists(st.lists(st.text(max_size=30), min_size=4, max_size=4), min_size=1, max_size=4),
    )
    def test_all_or_nothing(self, table: str, rows: list[list[str]]) -> None:
        names = [column.name for column in tables()[table].columns][:4]
        quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
        model = tables()[table].model
        before = model._default_manager.count()
        try:
            understood = read_as(table, "\n".join([",".join(names), *quoted]).encode("utf-8", "replace"))
            run = bring_in(understood)
        except ImportRefused:
            assert model._default_manager.count() == before
        else:
            assert model._default_manager.count() == before + run.created


def test_what_fails_at_row_nine_thousand_changes_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be it that a row is wrong, or that the machine gives up in the middle of writing."""
    before = [(model, model._default_manager.count(), model.history.count()) for model in (Organisation, Relation)]
    ids = list(Organisation.objects.values_list("public_id", "updated_at"))

    def unchanged() -> bool:
        now = [(model, model._default_manager.count(), model.history.count()) for model in (Organisation, Relation)]
        return now == before and list(Organisation.objects.values_list("public_id", "updated_at")) == ids

    towns = [f"t{at},Town {at},city,FR" for at in range(9_999)]
    wrong = [*towns]
    wrong[8_998] = "t8998,Town 8998,city,Atlantis"
    understood = read_as("organisations", "id,name,kind,country\n" + "\n".join(wrong))
    assert [one.row for one in understood.problems] == [9_000]
    with pytest.raises(ImportRefused, match="Nothing was brought in"):
        bring_in(understood)
    assert unchanged()
    understood = read_as("organisations", "id,name,kind,country\n" + "\n".join(towns))
    plain = writing.write_history

    def gives_up(model: Any, records: Any, *more: Any) -> None:
        plain(model, records[:9_000], *more)
        raise OSError("database or disk is full")

    monkeypatch.setattr(writing, "write_history", gives_up)
    with pytest.raises(OSError, match="disk is full"):
        bring_in(understood)
    assert unchanged()
    assert Import.objects.count() == IndexChange.objects.count() == 0
