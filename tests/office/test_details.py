"""Former names, names in other scripts, numbers and web sites of an organisation: written, found, shown, handed out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import QueryDict

from sympolis.office.core.imports.apply import bring_in
from sympolis.office.core.imports.definition import tables
from sympolis.office.core.imports.read import read_table
from sympolis.office.core.imports.understand import Understood, understand
from sympolis.office.directory.details import CalledName, WrongIdentifier, read_identifier
from sympolis.office.directory.finder import Finder
from sympolis.office.directory.forms import OrganisationForm
from sympolis.office.directory.models import Organisation
from tests.cast import Cast
from tests.factories import make_organisation
from tests.web.public.test_as_of import page

RIGHT = [
    ("ror", "https://ror.org/052gg0110", "052gg0110"),
    ("ror", "042nb2s44", "042nb2s44"),
    ("lei", "5493001KJTIIGC8Y1R12", "5493001KJTIIGC8Y1R12"),
    ("vat", "ES P0801900B", "ESP0801900B"),  # the city of Barcelona
    ("vat", "ESA28015865", "ESA28015865"),
    ("vat", "FR 83 404 833 048", "FR83404833048"),
    ("vat", "BE 0203.201.340", "BE0203201340"),
    ("vat", "IT00743110157", "IT00743110157"),
    ("vat", "DE136695976", "DE136695976"),  # its rule is not known here: the shape alone is looked at
    ("wikidata", "https://www.wikidata.org/wiki/Q1492", "Q1492"),
    ("pic", "999 987 036", "999987036"),
    ("iati", "XM-DAC-41304", "XM-DAC-41304"),
    ("national", "ES 0801930008", "ES 0801930008"),
]
WRONG = [
    ("ror", "042nb2s45", True),
    ("lei", "5493001KJTIIGC8Y1R13", True),
    ("vat", "ESA28015864", True),
    ("vat", "FR84404833048", True),
    ("vat", "BE0203201341", True),
    ("vat", "IT00743110158", True),
    ("vat", "Barcelona", False),
    ("wikidata", "P31", False),
    ("pic", "99998703", False),
    ("iati", "GB", False),
]


@pytest.mark.parametrize(("kind", "written", "kept"), RIGHT)
def test_a_number_is_kept_as_its_kind_writes_it(kind: str, written: str, kept: str) -> None:
    assert str(read_identifier(kind, written)) == f"{kind}:{kept}"


@pytest.mark.parametrize(("kind", "written", "checked"), WRONG)
def test_a_mistyped_number_is_found(kind: str, written: str, checked: bool) -> None:
    with pytest.raises(WrongIdentifier) as error:
        read_identifier(kind, written)
    assert error.value.checked is checked


def test_a_name_is_read_as_it_was_written() -> None:
    for line in ("former|fr|1956|1990|Ville de Salé|https://example.org/a|b", "other|zgh-Tfng|||ⵙⵍⴰ", "former||||Salé"):
        assert str(CalledName.of(line)) == line


ROWS: dict[str, Any] = {
    "name": "Sfax", "kind": "city", "country": "TN",
    "called_kind": ["former", "other", "former"], "called_name": ["Taparura", "ⵚⴼⴰⵇⵙ", ""],
    "called_language": ["la", "zgh-Tfng", ""], "called_since": ["", "", ""], "called_until": ["849", "", ""],
    "called_source": ["example.org/history", "", ""],
    "websites_kind": ["projects", "main"], "websites_language": ["fr", ""],
    "websites_address": ["https://projets.example.org/", ""],
    "identifiers_kind": ["pic", "wikidata", "pic"], "identifiers_value": ["999987036", "Q124", ""],
}  # fmt: skip


def form(organisation: Organisation, user: Any, **more: Any) -> OrganisationForm:
    data = QueryDict(mutable=True)
    for name, value in {**ROWS, **more}.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return OrganisationForm(data, instance=organisation, user=user)


def test_the_form_keeps_rows_and_says_which_is_wrong(cast: Cast) -> None:
    found = form(cast.sfax, cast.officer, called_until=["849", "", ""])
    assert found.errors == {"called": ["“849” is no date. Write 2019, 2019-03 or 14/3/2019."]}
    found = form(cast.sfax, cast.officer, called_until=["1049", "", ""])
    assert found.is_valid(), found.errors
    kept = found.save()
    assert kept.called == ["former|la||1049|Taparura|https://example.org/history", "other|zgh-Tfng|||ⵚⴼⴰⵇⵙ"]
    assert kept.websites == ["projects|fr|https://projets.example.org/"]
    assert kept.identifiers == ["pic:999987036", "wikidata:Q124"]
    wrong = form(cast.sfax, cast.officer, called_since=["1200", "", ""], called_until=["1049", "", ""])
    assert wrong.errors == {"called": ["“Taparura” ends before it begins."]}
    wrong = form(cast.sfax, cast.officer, called_until=["", "", ""], identifiers_value=["12345678", "Q124", ""])
    assert wrong.errors == {"identifiers": ["“12345678” is no PIC."]}


def test_a_number_is_of_one_organisation_alone(cast: Cast) -> None:
    make_organisation("Tunis", identifiers=["pic:999987036"])
    good = {"called_until": ["", "", ""]}
    assert form(cast.sfax, cast.officer, **good).errors == {
        "identifiers": ["PIC 999987036 is of Tunis already. Correct one of the two, or merge the two records."]
    }
    Organisation.objects.filter(name="Tunis").update(visibility="office", name="Zuhaitz")
    assert form(cast.sfax, cast.contact, **good).errors == {
        "identifiers": ["PIC 999987036 is of another organisation already."]
    }
    assert "Zuhaitz" not in str(form(cast.sfax, cast.contact, **good))


def known(cast: Cast) -> Organisation:
    cast.sfax.called = ["former|la||1049|Taparura", "other|zgh-Tfng|||ⵚⴼⴰⵇⵙ"]
    cast.sfax.websites = ["projects|fr|https://projets.example.org/", "main||javascript:alert(1)"]
    cast.sfax.identifiers = ["vat:FR83404833048", "ror:052gg0110"]
    cast.sfax.save()
    return cast.sfax


def test_it_is_found_by_its_former_name_and_shown_with_it(cast: Cast) -> None:
    sfax = known(cast)
    assert Finder.for_reader(cast.officer).find("taparura") == sfax
    shown = cast.client("visitor").get(page("organisation", sfax)).text
    for word in (
        "Taparura",
        "Former name",
        "ⵚⴼⴰⵇⵙ",
        "projets.example.org",
        "https://ror.org/052gg0110",
        "FR83404833048",
    ):
        assert word in shown
    assert "javascript:" not in shown
    listed = cast.client("visitor").get("/en/organisations/?q=taparura").context["listing"]
    assert [one.name for one in listed.page] == ["Sfax"]


def test_it_is_handed_out_everywhere(cast: Cast) -> None:
    sfax = known(cast)
    visitor = cast.client("visitor")
    node = json.loads(visitor.get(f"/organisation/{sfax.public_id}.jsonld").content)
    assert node["alternateName"] == ["Taparura", "ⵚⴼⴰⵇⵙ"]
    assert {"https://projets.example.org/", "https://ror.org/052gg0110"} <= set(node["sameAs"])
    assert node["identifier"] == [
        {"@type": "PropertyValue", "propertyID": "vat", "value": "FR83404833048"},
        {"@type": "PropertyValue", "propertyID": "ror", "value": "052gg0110"},
    ]
    answer = visitor.get(f"/api/v1/organisations/{sfax.public_id}").json()
    assert [one["name"] for one in answer["former_names"]] == ["Taparura", "ⵚⴼⴰⵇⵙ"]
    assert answer["identifiers"] == [{"kind": "vat", "value": "FR83404833048"}, {"kind": "ror", "value": "052gg0110"}]
    assert answer["websites"][0] == {"kind": "projects", "language": "fr", "address": "https://projets.example.org/"}


def test_a_program_writes_them_and_is_told_what_is_wrong(cast: Cast) -> None:
    officer, address = cast.client("officer"), f"/api/v1/organisations/{cast.sfax.public_id}"
    body: Any = {"identifiers": [{"kind": "vat", "value": "FR83404833049"}]}
    always = {"content_type": "application/json", "headers": {"if-match": "*"}}
    answer = officer.patch(address, json.dumps(body), **always)
    assert answer.status_code == 422
    assert [(one["field"], one["message"]) for one in answer.json()["errors"]] == [
        ("identifiers", "“FR83404833049” is no VAT number: its check digit does not fit. Look for a mistyped digit.")
    ]
    body = {
        "identifiers": [{"kind": "vat", "value": "FR83404833048"}],
        "called": [{"kind": "former", "name": "Taparura"}],
    }
    assert officer.patch(address, json.dumps(body), **always).status_code == 200
    cast.sfax.refresh_from_db()
    assert (cast.sfax.identifiers, cast.sfax.called) == (["vat:FR83404833048"], ["former||||Taparura"])


def table(text: str) -> Understood:
    return understand(tables()["organisations"], read_table(text.encode()), source="list")


def test_a_table_brings_them_in_and_no_number_twice(cast: Cast) -> None:
    make_organisation("Tunis", identifiers=["pic:999987036"])
    rows = (
        "id,name,called,websites,identifiers\n"
        "gabes,Gabès,former|la||1049|Tacapae; other|el|||Γκαμπές,https://gabes.example.org,pic: 999 987 037\n"
        "nabeul,Nabeul,,,pic:999987036\n"
        "zarzis,Zarzis,,,pic:999987037\n"
        "mahdia,Mahdia,Old Mahdia,,vat:FR84404833048\n"
    )
    found = table(rows)
    assert [(one.row, one.what) for one in found.problems] == [
        (5, "This is no name with its kind, language and dates."),
        (5, "“FR84404833048” is no VAT number: its check digit does not fit. Look for a mistyped digit."),
        (3, "PIC 999987036 is of Tunis already."),
        (4, "PIC 999987037 is of Gabès already."),
    ]
    bring_in(found, leave_out_wrong_rows=True)
    gabes = Organisation.objects.get(slug="gabes")
    assert gabes.called == ["former|la||1049|Tacapae", "other|el|||Γκαμπές"]
    assert gabes.websites == ["main||https://gabes.example.org"]
    assert gabes.identifiers == ["pic:999987037"]
    again = table("\n".join(rows.splitlines()[:2]))
    assert (again.problems, bring_in(again).unchanged) == ([], 1)
