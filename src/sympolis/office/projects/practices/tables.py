"""The spreadsheet of practices."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.imports import parsers
from sympolis.office.core.imports.columns import (
    CURRENCY,
    GOALS,
    ID,
    LANGUAGE,
    SUMMARY,
    THEMES,
    TITLE,
    WHO,
    common_columns,
    organisation_column,
    text_columns,
)
from sympolis.office.core.imports.definition import (
    Column,
    Desk,
    Draft,
    Table,
    Values,
    common_fields,
    copied,
    key_of,
    texts_in,
    written,
)
from sympolis.office.core.imports.errors import BadValue
from sympolis.office.projects.models import Practice

TEXTS = ("title", "problem", "done", "results", "lessons", "evidence")


def _practice(values: Values, desk: Desk) -> Iterator[Draft]:
    language = values.get("language", desk.language)
    start, end = values.get("start", ""), values.get("end", "")
    if start and end and end < start[: len(end)]:
        raise BadValue(_now("It ends before it begins."), _now("Correct one of the two dates."))
    fields = {
        **common_fields(values),
        **copied(values, "cost", "currency", "start", "end", "place", "countries", "themes", "sdgs"),
        **copied(values, "evidence_url", "contact", "mailbox", organisation="organisation_id", project="project_id"),
    }
    for name in TEXTS:
        fields |= written(name, texts_in(values, name, language))
    titles = texts_in(values, "title", language)
    yield Draft(Practice, values.get("id") or key_of(values["organisation_id"], next(iter(titles.values()))), fields)


PRACTICES = Table(
    "practices",
    _("Practices"),
    Practice,
    (
        ID,
        *text_columns(
            "title", _("Title"), ("practice", "pràctica", "práctica", "pratique", "الممارسة", *TITLE), 300,
            required=True,
        ),
        organisation_column(label=_("Whose it is"), headings=WHO, required=True),
        Column(
            "project_id", _("Project it came from"), ("project", "projecte", "proyecto", "projet", "المشروع"),
            refers_to="projects.Project",
        ),
        *text_columns("problem", _("The problem"), ("problema", "problème", "المشكلة")),
        *text_columns("done", _("What was done"), ("què s'ha fet", "qué se hizo", "ce qui a été fait", *SUMMARY)),
        *text_columns("results", _("Results"), ("resultats", "resultados", "résultats", "النتائج")),
        *text_columns("lessons", _("What others can learn from it"), ("lliçons", "lecciones", "leçons", "الدروس")),
        *text_columns("evidence", _("How that is known"), ("evidències", "evidencias", "preuves", "الأدلة")),
        Column("evidence_url", _("Where that can be read"), (), parsers.web_address),
        Column("cost", _("What it cost"), ("cost", "coste", "coût", "التكلفة"), parsers.amount()),
        CURRENCY,
        Column("start", _("Start"), ("begins", "inici", "inicio", "début", "البداية"), parsers.partial_date),
        Column("end", _("End"), ("ends", "fi", "final", "fin", "النهاية"), parsers.partial_date),
        Column("place", _("Place"), ("lloc", "lugar", "lieu", "المكان"), parsers.line(200)),
        Column(
            "countries", _("Countries"), ("països", "países", "pays", "country", "البلدان"),
            parsers.several(parsers.country, r"[;,|\n]"),
        ),
        THEMES,
        GOALS,
        Column("contact", _("Whom to ask"), ("contacte", "contacto", "جهة الاتصال"), parsers.line(200)),
        Column("mailbox", _("Shared mailbox"), ("mail", "email", "correu", "correo", "courriel"), parsers.mail_address),
        LANGUAGE,
        *common_columns(),
    ),
    _practice,
)  # fmt: skip
