"""What a cell names that is not there, or is written otherwise: what is said of it, and what is proposed instead."""

from __future__ import annotations

import pytest

from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from tests.cast import Cast
from tests.factories import make_organisation
from tests.office.imports.bringing import read_as, said

UNKNOWN = ("Nothing with this id or name is known.", "Correct it, or bring in the table that holds it first.")
SEVERAL = ("More than one record is called this.", "Write the id of the one you mean.")


@pytest.fixture
def towns(cast: Cast) -> Cast:
    """Two of one name, one with a name in another script, two networks named alike, one without a slug of words."""
    make_organisation("Tripoli", slug="tripoli-lb", kind="city", country="LB")
    make_organisation("Tripoli", slug="tripoli-ly", kind="city", country="LY")
    make_organisation("Thessaloniki", slug="thessaloniki", names=Text.of(el="Θεσσαλονίκη"))
    make_organisation("MedCities", slug="medcities", kind="city-network")
    make_organisation("Mediterranean Cities Network", slug="mcn", kind="city-network")
    make_organisation("Bizerte", slug="1881", source_id="biz-7")
    make_organisation("World Wide Fund", slug="wwf")
    return cast


def proposed(written: str) -> tuple[str, str, tuple[str, ...]] | None:
    understood = read_as("relations", f'from,type,to\n"{written}",member_of,wwf\n')
    return next(((one.what, one.remedy, one.suggestions) for one in understood.problems), None)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Sfaxx", ["Sfax"]),  # a letter too many
        ("Safx", ["Sfax"]),  # two in each other's place
        ("City of Sfax", ["Sfax"]),
        ("Rabat (MA)", ["Rabat"]),
        ("Rabat, Morocco", ["Rabat"]),
        ("Àrea Metropolitana Barcelona", ["Àrea Metropolitana de Barcelona"]),
        ("Area metropolitana de Barcelone", ["Àrea Metropolitana de Barcelona"]),
        ("Medcités", ["MedCities"]),
        ("Med Cities", ["MedCities", "Mediterranean Cities Network"]),  # the nearest first
        ("Thessalonika", ["Thessaloniki"]),
        ("Tripolis", ["tripoli-lb", "tripoli-ly"]),  # the name alone would not say which
        ("biz-8", ["Bizerte"]),
        ("Atlantis", []),
        ("صفاقس", []),
        ("x", []),  # near to anything with an x in it
        ("12", []),
        ("org_000000000000", []),
    ],
)
def test_what_is_near_is_proposed_by_name(towns: Cast, written: str, names: list[str]) -> None:
    assert proposed(written) == (*UNKNOWN, tuple(names))
    assert [proposed(name) for name in names] == [None] * len(names)  # each is understood, written into the cell


@pytest.mark.parametrize("written", ["sfax ", "SFAX", "tripoli-lb", "TRIPOLI-LY", "Θεσσαλονίκι", "biz-7", "ÀMB"])
def test_what_is_written_otherwise_and_means_one_alone_is_taken(towns: Cast, written: str) -> None:
    assert proposed(written) is None


def test_of_one_name_each_is_proposed_by_what_tells_it_apart(towns: Cast) -> None:
    assert proposed("Tripoli") == (*SEVERAL, ("tripoli-lb", "tripoli-ly"))
    Organisation.objects.filter(slug="tripoli-ly").update(slug="tripoli-lb")  # nothing keeps slugs apart
    second = Organisation.objects.get(name="Tripoli", country="LY")
    assert proposed("Tripoli") == (*SEVERAL, ("tripoli-lb", second.public_id))
    assert proposed(second.public_id) is None


def test_a_row_of_the_same_sheet_is_proposed_too(towns: Cast) -> None:
    understood = read_as("organisations", "id,name,part of\nkelibia,Kelibia,\nport,Port of Kelibia,Kelibya\n")
    (problem,) = understood.problems
    assert (problem.row, problem.column, problem.value) == (3, "Part of", "Kelibya")
    assert problem.suggestions == ("kelibia", "port")


def test_each_cell_is_told_in_its_row_and_looked_for_once(towns: Cast) -> None:
    rows = "Sfaxx,member_of,Medcités\nSfaxx,member_of,amb\nsfax,member_of,AMB\n"
    understood = read_as("relations", f"from,type,to\n{rows}")
    what = UNKNOWN[0]
    assert said(understood) == [(2, "Who", "Sfaxx", what), (2, "To whom", "Medcités", what), (3, "Who", "Sfaxx", what)]
    assert [one.suggestions for one in understood.problems] == [("Sfax",), ("MedCities",), ("Sfax",)]
    assert len(understood.drafts) == 1


def test_after_a_hundred_none_is_looked_for_any_more(towns: Cast) -> None:
    rows = "".join(f"Sfax{number:03}x,member_of,amb\n" for number in range(102))
    found = [one.suggestions for one in read_as("relations", f"from,type,to\n{rows}").problems]
    assert (len(found), found[99], found[100:]) == (102, ("Sfax",), [(), ()])
