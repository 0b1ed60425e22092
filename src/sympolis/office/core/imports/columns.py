"""Columns that many tables share, with the headings they go by in five languages."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from sympolis.engine.model import LANGUAGES
from sympolis.office.core.enums import Visibility
from sympolis.office.core.imports import parsers
from sympolis.office.core.imports.definition import OF_OTHERS, Column, Words
from sympolis.office.core.imports.parsers import boolean, choice, line, text
from sympolis.office.core.locales import locale_of

ORGANISATION = "directory.Organisation"
SHORT = 500
"""What is no longer than this stands in one line: names and titles."""
WHO = ("organisation", "organization", "organització", "organización", "organisme", "entitat", "entidad", "المؤسسة")
TITLE = ("títol", "título", "titre", "intitulé", "libellé", "name", "nom", "nombre", "العنوان")
SUMMARY = ("description", "resum", "resumen", "résumé", "descripció", "descripción", "الملخص")

_IN = {"en": "in ", "ca": "en ", "es": "en ", "fr": "en ", "ar": "ب"}

ID = Column(
    "id",
    _("Id"),
    ("id", "code", "codi", "identificador", "código", "identifiant", "réf", "reference", "المعرف", "الرمز"),
    text(100),
    help=_("A short name of your own for the row, so that bringing it in again changes it and adds nothing."),
)
LANGUAGE_HEADINGS = ("language", "llengua", "idioma", "lengua", "langue", "اللغة", "lang")
LANGUAGE = Column("language", _("Language"), LANGUAGE_HEADINGS, parsers.language)
TRANSLATED_BY = Column(
    "translated_by", _("Translated by"), ("traducció", "traducción", "traduit par", "الترجمة"), text(200),
    help=_("Who put the texts of the row into languages other than its own."),
)  # fmt: skip
THEMES = Column(
    "themes",
    _("Themes"),
    ("theme", "temes", "temàtiques", "temas", "thèmes", "thématiques", "topics", "المواضيع", "المجالات"),
    parsers.several(parsers.theme, r"[;,|\n]"),
    help=_("Several between semicolons."),
)
GOALS = Column(
    "sdgs",
    _("Sustainable development goals"),
    ("sdg", "ods", "odd", "goals", "أهداف التنمية المستدامة"),
    parsers.several(parsers.goal, r"[;,|\n]"),
)
PROGRAMME = Column("programme", _("Programme"), ("program", "programa", "fund", "fons", "fondo", "البرنامج"), text(200))
CURRENCY = Column("currency", _("Currency"), ("moneda", "devise", "monnaie", "العملة"), text(3))

VISIBILITIES = {
    written: kept
    for kept, others in (
        (Visibility.PUBLIC, "públic, público, pública, everyone, tothom, todo el mundo, tout le monde, عام, الجميع"),
        (Visibility.NETWORK, "xarxa, red, réseau, الشبكة"),
        (Visibility.OFFICE, "oficina, bureau, المكتب"),
    )
    for written in (kept.value, *others.split(", "))
}

NARROWER = {written: kept for written, kept in VISIBILITIES.items() if kept != Visibility.PUBLIC}


def organisation_column(name: str = "organisation_id", **more: Any) -> Column:
    """A column that names an organisation: its id, short name or name in any language."""
    more.setdefault("label", _("Organisation"))
    more.setdefault("headings", WHO)
    return Column(name=name, refers_to=ORGANISATION, **more)


def common_columns() -> tuple[Column, ...]:
    """What every table may say of where a row comes from and how sure it is."""
    return (
        Column(
            "source_url",
            _("Where this was read"),
            ("source", "source url", "font", "fuente", "source web", "lien source", "المصدر"),
            text(1000),
        ),
        Column(
            "confirmed",
            _("Confirmed"),
            ("confirmat", "confirmado", "confirmé", "مؤكد"),
            boolean,
            help=_("No: shown as unconfirmed and left out of maps and briefs."),
        ),
        Column(
            "illustrative",
            _("Example"),
            ("example", "exemple", "ejemplo", "مثال"),
            boolean,
            help=_("Yes: an invented example, always shown as such."),
        ),
        Column(
            "note",
            _("Note for the office"),
            (
                *("note", "notes", "nota", "observacions", "observaciones", "remarques", "retrieved_note", "ملاحظات"),
                *("remarks", "comments", "comentaris", "comentarios", "observations", "commentaires"),
            ),
            text(10_000),
        ),
        Column(
            "visibility",
            _("Who may see it"),
            ("visibility", "visibilitat", "visibilidad", "visibilité", "الاطلاع"),
            choice(VISIBILITIES),
            help=_("public, network (the members of our networks) or office"),
        ),
    )


def office_columns() -> tuple[Column, ...]:
    """The same for what is the office's own: nobody else sees it, and nobody else confirms it."""
    return tuple(one for one in common_columns() if one.name not in OF_OTHERS)


def group_column(name: str, label: Words, headings: tuple[str, ...]) -> Column:
    """Who may see a group of fields; empty: whoever sees the rest."""
    return Column(name, label, headings, choice(NARROWER), help=_("network or office; empty: whoever sees the rest"))


def text_columns(name: str, label: Words, headings: tuple[str, ...], limit: int = 10_000, **more: Any) -> list[Column]:
    """A text in several languages: ``title``, and ``title_en`` to ``title_ar`` for each language on its own."""
    parse = line(limit) if limit <= SHORT else text(limit)
    own = Column(name, label, headings, parse, **more)
    each = [
        Column(
            f"{name}_{code}",
            _in_language(label, code),
            tuple(f"{heading} {mark}" for heading in (name, *headings) for mark in _marks(code)),
            parse,
        )
        for code in LANGUAGES
    ]
    return [own, *each]


@cache
def _marks(code: str) -> tuple[str, ...]:
    """How people say behind a heading which language its column is in: "fr", "(fr)", "en français", "arabe"."""
    named = {tongue: str(locale_of(tongue).languages[code]) for tongue in LANGUAGES}
    said = (mark for tongue, name in named.items() for mark in (name, f"({name})", f"{_IN[tongue]}{name}"))
    return (code, f"({code})", *said)


def _in_language(label: Words, code: str) -> Words:
    native = dict(settings.LANGUAGES).get(code, code)
    return format_lazy("{label} ({language})", label=label, language=native)
