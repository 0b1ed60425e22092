"""The spreadsheet of news."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from sympolis.office.core.imports import parsers
from sympolis.office.core.imports.columns import (
    ID,
    LANGUAGE,
    ORGANISATION,
    SUMMARY,
    TITLE,
    TRANSLATED_BY,
    WHO,
    common_columns,
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
from sympolis.office.core.rich import program_in
from sympolis.office.publishing.models import NewsItem
from sympolis.office.publishing.publications.tables import PUBLICATIONS


def _news_item(values: Values, desk: Desk) -> Iterator[Draft]:
    language = values.get("language", desk.language)
    titles = texts_in(values, "title", language)
    fields = {
        **common_fields(values),
        **copied(values, "translated_by", published="published_on", organisation="organisation_id", event="event_id"),
        **written("title", titles),
        **written("summary", texts_in(values, "summary", language)),
        **written("body", _without_programs(texts_in(values, "body", language))),
    }
    if about := values.get("related_documents"):
        fields["note"] = "\n".join(filter(None, [fields.get("note", ""), about]))
    yield Draft(
        NewsItem, values.get("id") or key_of(values.get("published_on", ""), next(iter(titles.values()))), fields
    )


def _without_programs(texts: dict[str, str]) -> dict[str, str]:
    """Raises Unreadable for HTML with a program in it, as the form does."""
    for said in texts.values():
        if found := program_in(said):
            raise BadValue(
                _("“%(found)s” is not taken: there can be no programs, frames or styles in a text.") % {"found": found}
            )
    return texts


NEWS = Table(
    "news",
    _("News"),
    NewsItem,
    (
        ID,
        *text_columns(
            "title", _("Title"), ("news", "notícia", "noticia", "actualité", "الخبر", *TITLE), 300, required=True
        ),
        LANGUAGE,
        Column(
            "published_on", _("Published on"), ("date", "data", "fecha", "publié le", "التاريخ"), parsers.partial_date
        ),
        Column("organisation_id", _("Organisation"), WHO, refers_to=ORGANISATION),
        Column(
            "event_id",
            _("Event"),
            ("event", "esdeveniment", "evento", "événement", "الفعالية"),
            refers_to="events.Event",
        ),
        TRANSLATED_BY,
        *text_columns("summary", _("Summary"), SUMMARY),
        *text_columns("body", _("Text"), ("body", "text", "cos", "cuerpo", "corps", "texto", "texte", "المتن", "النص")),
        Column("related_documents", _("Related documents"), ("documents", "documentos", "الوثائق"), parsers.text(2000)),
        *common_columns(),
    ),
    _news_item,
)

TABLES = [NEWS, PUBLICATIONS]
