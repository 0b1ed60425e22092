"""What people write into forms: dates, names of countries and organisations, files; and what is made of it."""

from __future__ import annotations

import io
from urllib.parse import urlencode

import docx
import openpyxl
import pytest
from django.http import QueryDict
from django.utils import translation

from sympolis.office.core.form_fields import field_for
from sympolis.office.core.imports import parsers
from sympolis.office.core.names import COUNTRIES, TONGUES
from sympolis.office.core.partial_dates import NotADate, read_date
from sympolis.office.core.texts import one_line
from sympolis.office.core.uploads import Refused, sniff, take_in
from sympolis.office.core.words import words_of
from sympolis.office.directory.finder import Ambiguous, Finder, NotFound, suggestions
from sympolis.office.directory.forms import OrganisationForm
from sympolis.office.projects.models import Project
from tests.cast import Cast
from tests.factories import make_organisation


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2019", "2019"),
        (" 2019-03 ", "2019-03"),
        ("2019-3", "2019-03"),
        ("3/2019", "2019-03"),
        ("14/3/2019", "2019-03-14"),
        ("14.03.2019", "2019-03-14"),
        ("2019/3/14", "2019-03-14"),
        ("march 2019", "2019-03"),
        ("14 de març de 2019", "2019-03-14"),
        ("1 d’abril de 2019", "2019-04-01"),
        ("14 août 2019", "2019-08-14"),
        ("marzo de 2019", "2019-03"),
        ("٢٠١٩", "2019"),
        ("14 مارس 2019", "2019-03-14"),
        ("", ""),
    ],
)
def test_dates_as_people_write_them(written: str, read: str) -> None:
    assert str(read_date(written)) == read


@pytest.mark.parametrize(
    "written", ["31/2/2019", "soon", "2019-13", "0000", "19", "1/2", "2019-03-14-15", "99999", "²"]
)
def test_what_is_no_date(written: str) -> None:
    with pytest.raises(NotADate):
        read_date(written)


BROKEN = "\u202eAjuntament de\r\nBcc:\x07 Sfax\u2066"


def test_a_name_stands_in_one_line_whatever_was_pasted(cast: Cast) -> None:
    form = OrganisationForm(data=QueryDict(urlencode({"name": BROKEN, "kind": "city"})), user=cast.officer)
    form.is_valid()
    assert form.cleaned_data["name"] == "Ajuntament de Bcc: Sfax"
    assert field_for(Project._meta.get_field("title")).clean({"fr": BROKEN}) == {"fr": "Ajuntament de Bcc: Sfax"}  # type: ignore[union-attr]  # never None
    assert field_for(Project._meta.get_field("summary")).clean({"fr": "a\nb"}) == {"fr": "a\nb"}  # type: ignore[union-attr]  # never None
    assert parsers.line(30)(BROKEN) == "Ajuntament de Bcc: Sfax"
    # Marks that only join letters or say which side a full stop is of belong to the word.
    assert one_line(" م\u200c\u200f. ") == "م\u200c\u200f."


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("www.amb.cat/a;b", "https://www.amb.cat/a;b"),
        ("geonames", "geonames"),
        ("geonames ; https://medcities.org/x", "geonames ; https://medcities.org/x"),
        ("metropolis.org news (11 April 2020)", "metropolis.org news (11 April 2020)"),
        ("https://example.org/cities (export, 2017)", "https://example.org/cities (export, 2017)"),
        ("", ""),
    ],
)
def test_a_record_is_saved_with_the_sources_it_came_with(cast: Cast, written: str, kept: str) -> None:
    """Tables bring in what people wrote there; whoever then mends a name need not mend the source first."""
    data = {"name": "Mahdia", "kind": "city", "country": "TN", "source_url": written}
    form = OrganisationForm(data=QueryDict(urlencode(data)), user=cast.officer)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["source_url"] == kept


def test_countries_stand_in_the_order_of_the_readers_alphabet() -> None:
    arabic = [name for _code, name in COUNTRIES.choices("ar")]
    in_order = ["إسبانيا", "أفغانستان", "اليمن", "آيسلندا", "تونس", "لبنان"]
    assert [name for name in arabic if name in in_order] == in_order
    assert [name for language in ("fr", "ar") for _code, name in COUNTRIES.choices(language) if len(name) == 2] == []
    assert {"XA", "XB", "QO", "CQ", "EU"}.isdisjoint(dict(COUNTRIES.choices("ar")))  # nobody lives in pseudo-accents
    assert COUNTRIES.name("CQ", "ar") == "Sark"  # the locale data names it in English alone


def test_countries_and_languages_in_any_of_our_languages() -> None:
    assert [COUNTRIES.code(word) for word in ("Tunísia", "tunisie", "تونس", "tn", "Nowhere")] == [
        "TN",
        "TN",
        "TN",
        "TN",
        "",
    ]
    assert [TONGUES.code(word) for word in ("català", "Catalan", "العربية", "EN")] == ["ca", "ca", "ar", "en"]
    assert COUNTRIES.nearest("Tunisja", "ca") == "Tunísia"
    with translation.override("fr"):
        assert COUNTRIES.name("ES", "fr") == "Espagne"


def test_an_organisation_is_found_by_any_of_its_names(cast: Cast) -> None:
    paris = make_organisation("Paris", slug="paris-fr", country="FR")
    make_organisation("Paris", slug="paris-us", country="US")
    finder = Finder.for_reader(cast.officer)
    for written in ("AMB", "amb", "area metropolitana de barcelona", cast.amb.public_id):
        assert finder.find(written) == cast.amb
    assert finder.find("Paris [paris-fr]") == paris
    with pytest.raises(Ambiguous) as several:
        finder.find("paris")
    assert sorted(several.value.options) == ["Paris [paris-fr]", "Paris [paris-us]"]
    with pytest.raises(NotFound) as nobody:
        finder.find("Sfacks")
    assert nobody.value.nearest == ["Sfax"]


def test_the_finder_knows_only_what_the_reader_sees(cast: Cast) -> None:
    cast.amb.visibility = "office"
    cast.amb.save()
    with pytest.raises(NotFound):
        Finder.for_reader(cast.participant).find("AMB")
    assert list(suggestions(cast.participant, "barcelona")) == []
    assert list(suggestions(cast.officer, "metro BARC")) == [cast.amb]
    assert list(suggestions(cast.officer, "  ")) == []


def packed_document() -> bytes:
    out, document = io.BytesIO(), docx.Document()
    document.add_heading("Aigües pluvials")
    document.add_paragraph("Recollir l'aigua de la pluja")
    document.save(out)
    return out.getvalue()


def packed_sheet() -> bytes:
    out, book = io.BytesIO(), openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Ville", "Besoin"])
    sheet.append(["Sfax", "Eaux pluviales"])
    book.save(out)
    return out.getvalue()


def test_the_words_in_a_file_are_found_whatever_it_is_called() -> None:
    word, sheet = packed_document(), packed_sheet()
    assert take_in("x.pdf", io.BytesIO(word), len(word)) == "docx"
    assert words_of("docx", word) == "Aigües pluvials Recollir l'aigua de la pluja"
    assert take_in("x.docx", io.BytesIO(sheet), len(sheet)) == "xlsx"
    assert "Eaux pluviales" in words_of("xlsx", sheet)
    latin = "Besançon;Été".encode("latin-1")
    assert take_in("x.csv", io.BytesIO(latin), len(latin)) == "csv"
    assert words_of("csv", latin) == "Besançon;Été"
    assert sniff("txt", b"%PDF-1.7 ...") == "pdf"
    with pytest.raises(Refused):
        take_in("x.docx", io.BytesIO(word[:200]), 200)


def test_an_outside_entity_in_a_document_is_not_followed() -> None:
    import zipfile

    secret = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><a>here &e; there</a>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", secret)
    content = out.getvalue()
    # A part that declares a type of its own is not read at all.
    assert words_of("docx", content) == ""
