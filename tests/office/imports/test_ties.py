"""A list of partners and whose they are: each organisation comes in with what ties it to the office's own."""

from __future__ import annotations

from typing import Any

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.imports.apply import bring_in
from sympolis.office.core.imports.definition import Tied
from sympolis.office.core.imports.preview import Preview, previewed
from sympolis.office.core.imports.undo import undo_import
from sympolis.office.core.models import Import
from sympolis.office.directory.models import Organisation, Relation
from tests.cast import Cast
from tests.factories import make_organisation, make_relation
from tests.office.imports.bringing import read_as, said

PARTNERS = (
    "Partenaire,Pays,Depuis,Jusqu'à,Rôle,Source\n"
    "Ville de Marseille,France,12/5/1998,,,https://marseille.fr/tunis\n"
    "Sfax,Tunisie,2015,2020,ville pilote,\n"
    "Agence Française de Développement,France,,,bailleur,\n"
)


def tied(cast: Cast, type_: str = "partner_of", turned: bool = False) -> Tied:
    return Tied(type_, cast.amb.public_id, turned)


def come_in(cast: Cast, written: str = PARTNERS, **more: Any) -> Import:
    return bring_tied(written, tied(cast), **more)


def bring_tied(written: str, to: Tied, **more: Any) -> Import:
    return bring_in(read_as("organisations", written, source="list:partners", tied=to), **more)


def related(left: Organisation, right: Organisation, since: str = "", until: str = "", **more: Any) -> None:
    """A partner since and until."""
    relation = make_relation(left, "partner_of", right, **more)
    relation.since, relation.until = PartialDate.parse(since), PartialDate.parse(until)
    relation.save()


def held() -> list[tuple[str, str, str, str, str, str, str]]:
    rows = Relation.objects.select_related("from_organisation", "to_organisation").order_by("pk")
    return [
        (one.from_organisation.name, one.type, one.to_organisation.short_name or one.to_organisation.name, one.role,
         str(one.since), str(one.until), one.source_url)
        for one in rows
    ]  # fmt: skip


def shown(preview: Preview) -> list[tuple[int, str, str, list[str]]]:
    return [(one.row, one.title, one.kind, [words for _label, words in one.words]) for one in preview.ties]


def test_each_organisation_comes_in_with_its_relation(cast: Cast) -> None:
    read = read_as("organisations", PARTNERS, source="list:partners", tied=tied(cast))
    preview = previewed(read)
    assert shown(preview) == [
        (2, "Ville de Marseille", "created", ["", "12 May 1998", ""]),
        (3, "Sfax", "created", ["ville pilote", "2015", "2020"]),
        (4, "Agence Française de Développement", "created", ["bailleur", "", ""]),
    ]
    assert (preview.created, preview.tie_counts, Relation.objects.count()) == (5, {"created": 3}, 0)
    run = come_in(cast)
    assert (run.created, Organisation.objects.count()) == (5, 5)
    assert held() == [
        ("Ville de Marseille", "partner_of", "AMB", "", "1998-05-12", "", "https://marseille.fr/tunis"),
        ("Sfax", "partner_of", "AMB", "ville pilote", "2015", "2020", ""),
        ("Agence Française de Développement", "partner_of", "AMB", "bailleur", "", "", ""),
    ]


def test_the_same_list_again_finds_its_relations_and_corrects_them(cast: Cast) -> None:
    come_in(cast)
    again = PARTNERS.replace("2015,2020,ville pilote", "2016,2021,")
    read = read_as("organisations", again, source="list:partners", tied=tied(cast))
    assert [(row, kind) for row, _title, kind, _words in shown(previewed(read))] == [
        (2, "unchanged"), (3, "changed"), (4, "unchanged"),
    ]  # fmt: skip
    run = come_in(cast, again)
    assert (run.created, run.changed, run.unchanged) == (0, 1, 5)
    assert held()[1] == ("Sfax", "partner_of", "AMB", "ville pilote", "2016", "2021", "")
    undo_import(run)
    assert held()[1][4:6] == ("2015", "2020")


def test_what_is_there_already_is_said_completed_and_never_doubled(cast: Cast) -> None:
    lyon, nice = make_organisation("Lyon"), make_organisation("Nice")
    related(cast.amb, cast.sfax, since="2015-03-14", source_url="https://sfax.tn/amb")
    related(lyon, cast.amb)
    related(nice, cast.amb, since="2001", until="2004")
    rows = "Nom,Partenaire depuis,Source\nSfax,2015,https://x.example\nLyon,1998,\nNice,,\n"
    preview = previewed(read_as("organisations", rows, tied=tied(cast)))
    assert shown(preview) == [
        (2, "Sfax", "unchanged", ["", "14 March 2015", ""]),
        (3, "Lyon", "changed", ["", "1998", ""]),
        (4, "Nice", "created", ["", "", ""]),
    ]
    run = bring_tied(rows, tied(cast))
    assert [(*row[:3], row[4], row[6]) for row in held()] == [
        ("Àrea Metropolitana de Barcelona", "partner_of", "Sfax", "2015-03-14", "https://sfax.tn/amb"),
        ("Lyon", "partner_of", "AMB", "1998", ""),
        ("Nice", "partner_of", "AMB", "2001", ""),
        ("Nice", "partner_of", "AMB", "", ""),
    ]
    undo_import(run)
    assert [row[4] for row in held()] == ["2015-03-14", "", "2001"]


def test_a_year_makes_no_day_a_year(cast: Cast) -> None:
    come_in(cast)
    run = bring_in(read_as("organisations", "Nom,Depuis\nVille de Marseille,1998\n", source="list:b", tied=tied(cast)))
    assert (run.created, run.changed, held()[0][4]) == (0, 0, "1998-05-12")


def test_an_overlap_and_the_own_house_are_refused_with_what_and_how(cast: Cast) -> None:
    related(cast.sfax, cast.amb, since="2010")
    rows = "Nom,Depuis\nSfax,2015\nAMB,\nGabès,2020\nGabès Sud,2020-13\n"
    read = read_as("organisations", rows, tied=tied(cast))
    assert said(read) == [
        (5, "Since", "2020-13", "This is not a date."),
        (3, "", "", "This is the organisation the others are tied to: it has no relation to itself."),
        (2, "", "", "This is there already for the same time: Sfax – Àrea Metropolitana de Barcelona (2010 – …)."),
    ]
    wrong = {one.row: [problem.remedy for problem in one.against] for one in previewed(read).ties if one.against}
    assert wrong == {
        2: ["Change that one instead, or correct the dates."],
        3: ["Take its row out of the list, or choose above whose the others are."],
    }
    run = bring_tied(rows, tied(cast), leave_out_wrong_rows=True)
    assert (run.created, [row[0] for row in held()]) == (2, ["Sfax", "Gabès"])


def test_a_circle_and_an_end_before_the_beginning(cast: Cast) -> None:
    make_relation(cast.amb, "part_of", cast.sfax)
    rows = "Nom,Depuis,Jusqu'à\nSfax,,\nGabès,2020,2019\n"
    assert said(read_as("organisations", rows, tied=tied(cast, "part_of"))) == [
        (3, "", "", "It ends before it begins."),
        (2, "", "", "This goes round in a circle: Sfax → Àrea Metropolitana de Barcelona → Sfax."),
    ]


def test_read_from_the_other_end(cast: Cast) -> None:
    bring_tied("Tipus,Nom\nxarxa de ciutats,MedCities\n", tied(cast, "member_of", turned=True))
    assert [row[:3] for row in held()] == [("Àrea Metropolitana de Barcelona", "member_of", "MedCities")]


def test_taking_it_back_takes_the_relations_back(cast: Cast) -> None:
    run = come_in(cast)
    undone = undo_import(run)
    assert (undone.removed, Relation.objects.count(), Organisation.objects.count()) == (5, 0, 3)
    assert undone.kept == []


def test_rows_tied_to_nobody_are_read_without_their_dates(cast: Cast) -> None:
    read = read_as("organisations", PARTNERS.replace("2015", "some time ago"))
    preview = previewed(read)
    assert (said(read), preview.ties, preview.expects_ties) == ([], [], True)
    assert preview.tie_columns == ["Depuis", "Jusqu'à", "Rôle"]
    assert not previewed(read_as("organisations", "Ville,Pays\nGabès,Tunisie\n")).expects_ties


def test_whom_they_are_tied_to_may_be_gone(cast: Cast) -> None:
    read = read_as("organisations", PARTNERS, tied=Tied("partner_of", "org_0000000000"))
    assert (read.is_unusable, said(read)) == (True, [(0, "", "", "What the rows are tied to is no longer there.")])
