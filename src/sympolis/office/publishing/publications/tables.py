"""The spreadsheet of publications."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.imports import parsers
from sympolis.office.core.imports.columns import (
    ID,
    LANGUAGE,
    SUMMARY,
    THEMES,
    TITLE,
    common_columns,
    organisation_column,
    text_columns,
)
from sympolis.office.core.imports.definition import (
    Column,
    Desk,
    Draft,
    Link,
    Table,
    Values,
    common_fields,
    copied,
    key_of,
    texts_in,
    written,
)
from sympolis.office.core.imports.errors import BadValue
from sympolis.office.publishing.publications.enums import PublicationKind
from sympolis.office.publishing.publications.forms import NO_DOI, NO_ISBN
from sympolis.office.publishing.publications.models import Publication
from sympolis.office.publishing.publications.numbers import NotANumber, read_doi, read_isbn

KIND_WORDS = {
    **{kind: kind for kind in PublicationKind.values},
    **dict.fromkeys(("estudi", "estudio", "étude", "دراسة"), "study"),
    **dict.fromkeys(("informe", "rapport", "تقرير"), "report"),
    **dict.fromkeys(("artículo", "paper", "مقال"), "article"),
    **dict.fromkeys(("llibre", "libro", "livre", "كتاب"), "book"),
    **dict.fromkeys(("guia", "guía", "دليل"), "guide"),
}


def _publication(values: Values, desk: Desk) -> Iterator[Draft]:
    language = values.get("language", desk.language)
    titles = texts_in(values, "title", language)
    fields = {
        **common_fields(values),
        **copied(values, "kind", "authors", "languages", "themes", "link", "isbn", "doi"),
        **copied(values, bodies="body_ids", project="project_id", published="published_on"),
        **written("title", titles),
        **written("summary", texts_in(values, "summary", language)),
    }
    key = values.get("id") or key_of(values.get("published_on", ""), next(iter(titles.values())))
    yield Draft(Publication, key, fields)


def _number(read: Callable[[str], str], message: Any) -> parsers.Parser:
    def parse(said: str) -> str:
        try:
            return read(said)
        except NotANumber as error:
            raise BadValue(str(message) % {"written": said[:100]}, _now("Correct it, or leave it out.")) from error

    return parse


PUBLICATIONS = Table(
    "publications",
    _("Publications"),
    Publication,
    (
        ID,
        *text_columns(
            "title", _("Title"), ("publication", "publicació", "publicación", "المنشور", *TITLE), 300, required=True
        ),
        Column("kind", _("Kind"), ("kind", "tipus", "tipo", "type", "النوع"), parsers.choice(KIND_WORDS)),
        organisation_column(
            "body_ids", label=_("Bodies whose it is"), many=True, help=_("Several between semicolons."),
            headings=("bodies", "published by", "entitats", "entidades", "organismes", "الهيئات"),
        ),
        Column("authors", _("Authors"), ("author", "autors", "autores", "auteurs", "المؤلفون"), parsers.text(500)),
        Column(
            "project_id", _("Project it came from"), ("project", "projecte", "proyecto", "projet", "المشروع"),
            refers_to="projects.Project",
        ),
        Column(
            "published_on", _("Published on"), ("date", "year", "data", "any", "fecha", "año", "publié le", "التاريخ"),
            parsers.partial_date,
        ),
        LANGUAGE,
        Column(
            "languages", _("Languages"), ("llengües", "idiomas", "langues", "اللغات"),
            parsers.several(parsers.language, r"[;,|\n]"),
        ),
        THEMES,
        *text_columns("summary", _("Summary"), SUMMARY),
        Column(
            "link", _("Where it can be read"), ("url", "web", "enllaç", "enlace", "lien", "الرابط"),
            parsers.web_address,
        ),
        Column("isbn", "ISBN", (), _number(read_isbn, NO_ISBN)),
        Column("doi", "DOI", (), _number(read_doi, NO_DOI)),
        *common_columns(),
    ),
    _publication,
    links={"bodies": Link.of(Publication, "bodies")},
)  # fmt: skip
