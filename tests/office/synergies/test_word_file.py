"""The Word file in five languages: headings Word knows, the logo, and Arabic from right to left."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import docx
import pytest
from django.core.files.base import ContentFile
from docx.oxml.ns import qn
from PIL import Image

from sympolis.office.synergies.actions import Wish, approve_for_sharing, comment, export_brief, make_brief
from sympolis.office.synergies.brief.sheet import Reading
from sympolis.office.synergies.enums import Audience, Format, Length
from tests.cast import Cast
from tests.factories.synergies import make_pair

TODAY = date(2026, 3, 3)
LANGUAGES = {"en": "en-GB", "ca": "ca-ES", "es": "es-ES", "fr": "fr-FR", "ar": "ar-SA"}


def logo() -> ContentFile[bytes]:
    out = io.BytesIO()
    Image.new("RGB", (300, 100), (31, 95, 122)).save(out, "PNG")
    return ContentFile(out.getvalue(), name="logo.png")


def word_file(cast: Cast, language: str, length: Length = Length.LONG) -> Any:
    pair = make_pair(TODAY)
    cast.office.logo = logo()  # type: ignore[assignment]
    cast.office.save()
    brief = make_brief(cast.officer, Wish(pair.left, pair.right, pair.network, language=language, on=TODAY))
    comment(cast.officer, brief, brief.document["synergies"][0]["key"], "A remark")
    approve_for_sharing(cast.officer, brief)
    return docx.Document(io.BytesIO(export_brief(brief, Reading(Audience.SHARED, length), Format.DOCX)))


def paragraphs(document: Any) -> list[Any]:
    section = document.sections[0]
    return [*document.paragraphs, *section.header.paragraphs, *section.footer.paragraphs]


def runs(document: Any) -> list[Any]:
    return [run for paragraph in paragraphs(document) for run in paragraph.runs if run.text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_are_headings_and_the_logo_is_on_every_page(cast: Cast, language: str) -> None:
    document = word_file(cast, language)
    styles = [paragraph.style.name for paragraph in document.paragraphs if paragraph.text]
    assert styles[0] == "Title"
    assert styles.count("Title") == 1
    assert styles.count("Heading 1") >= 5
    assert {"Heading 1", "Heading 2", "Heading 3", "List Bullet", "List Number", "Normal"} <= set(styles)
    outline = [int(style[-1]) for style in styles if style.startswith("Heading")]
    assert outline[0] == 1
    # a bold line is no heading: nothing stands in for one
    headings = [one for one in document.paragraphs if one.style.name.startswith("Heading 1")]
    assert all(one._p.pPr.find(qn("w:pStyle")).get(qn("w:val")) == "Heading1" for one in headings)
    header = document.sections[0].header
    (picture,) = header._element.findall(f".//{qn('a:blip')}")
    kept = header.part.related_parts[picture.get(qn("r:embed"))].blob
    with Image.open(io.BytesIO(kept)) as opened:
        assert (opened.format, opened.size, opened.convert("RGB").getpixel((5, 5))) == (
            "PNG",
            (300, 100),
            (31, 95, 122),
        )
    assert document.core_properties.language == LANGUAGES[language]
    assert [one.text for one in document.sections[0].footer._element.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]


@pytest.mark.parametrize("language", ["en", "ca", "es", "fr"])
def test_latin_letters_run_from_left_to_right_in_their_language(cast: Cast, language: str) -> None:
    document = word_file(cast, language)
    assert not list(document.element.body.iter(qn("w:bidi")))
    marks = {run._r.rPr.find(qn("w:lang")).get(qn("w:val")) for run in runs(document)}
    assert LANGUAGES[language] in marks
    assert marks <= set(LANGUAGES.values())
    assert not any(run._r.rPr.findall(qn("w:rtl")) for run in runs(document))


def test_arabic_runs_from_right_to_left_in_every_part(cast: Cast) -> None:
    document = word_file(cast, "ar")
    for paragraph in paragraphs(document):
        assert paragraph._p.pPr.find(qn("w:bidi")) is not None, paragraph.text
    section = document.sections[0]._sectPr
    order = [child.tag for child in section]
    assert order.index(qn("w:bidi")) < order.index(qn("w:docGrid")), "where the schema wants it"
    arabic, latin = [], []
    for run in runs(document):
        is_arabic = run._r.rPr.find(qn("w:lang")).get(qn("w:bidi")) == "ar-SA"
        (arabic if is_arabic else latin).append(run)
    assert len(arabic) > 20
    assert latin, "names and passages in other languages stay what they are"
    for run in arabic:
        assert run._r.rPr.find(qn("w:rtl")) is not None, run.text
        assert run._r.rPr.find(qn("w:rFonts")).get(qn("w:cs")) == "IBM Plex Sans Arabic"
        assert bool(run.bold) == bool(run.font.cs_bold)
        assert bool(run.italic) == bool(run.font.cs_italic)
        tags = [child.tag for child in run._r.rPr]
        assert tags.index(qn("w:rtl")) < tags.index(qn("w:lang"))
    for run in latin:
        assert run._r.rPr.find(qn("w:rtl")) is None, (run.text, run._r.xml)
        assert run._r.rPr.find(qn("w:lang")).get(qn("w:val")) in LANGUAGES.values()
    assert any(run.bold for run in arabic)


@pytest.mark.parametrize("language", ["ca", "ar"])
def test_letters_of_both_scripts_are_as_large_as_each_other(cast: Cast, language: str) -> None:
    document = word_file(cast, language)
    sizes = {}
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "List Bullet", "List Bullet 2"):
        properties = document.styles[name].element.rPr
        (large,) = properties.findall(qn("w:sz"))
        (arabic,) = properties.findall(qn("w:szCs"))
        sizes[name] = (large.get(qn("w:val")), arabic.get(qn("w:val")))
    assert sizes == {
        "Normal": ("20", "20"), "Title": ("40", "40"), "Heading 1": ("26", "26"), "Heading 2": ("22", "22"),
        "List Bullet": ("20", "20"), "List Bullet 2": ("19", "19"),
    }  # fmt: skip
