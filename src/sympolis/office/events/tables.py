"""The spreadsheet of events."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.imports import parsers
from sympolis.office.core.imports.columns import (
    ID,
    LANGUAGE,
    ORGANISATION,
    TITLE,
    common_columns,
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
from sympolis.office.events.models import Event


def _event(values: Values, desk: Desk) -> Iterator[Draft]:
    language = values.get("language", desk.language)
    titles = texts_in(values, "title", language)
    start, end = values.get("start_date", ""), values.get("end_date", "")
    if start and end and end < start[: len(end)]:
        raise BadValue(_now("It ends before it begins."), _now("Correct one of the two dates."))
    fields = {
        **common_fields(values),
        **copied(values, "place", "languages", "speakers", start="start_date", end="end_date"),
        **copied(values, organisers="organiser_ids", cities="city_ids"),
        **written("title", titles),
        **written("topic", texts_in(values, "topic", language)),
    }
    yield Draft(Event, values.get("id") or key_of(start, next(iter(titles.values()))), fields)


EVENTS = Table(
    "events",
    _("Events"),
    Event,
    (
        ID,
        *text_columns(
            "title",
            _("Title"),
            ("event", "esdeveniment", "acte", "evento", "événement", "الفعالية", *TITLE),
            300,
            required=True,
        ),
        Column(
            "start_date",
            _("Begins"),
            ("date", "start", "data", "inici", "fecha", "inicio", "début", "التاريخ"),
            parsers.partial_date,
        ),
        Column("end_date", _("Ends"), ("end", "data final", "fecha final", "fin", "النهاية"), parsers.partial_date),
        Column(
            "organiser_ids",
            _("Organisers"),
            ("organiser", "organizer", "organisers", "organitza", "organiza", "organisateur", "المنظم"),
            refers_to=ORGANISATION,
            many=True,
        ),
        Column(
            "languages",
            _("Languages spoken"),
            ("languages", "llengües", "idiomas", "langues", "اللغات"),
            parsers.several(parsers.language, r"[;,|\n]"),
        ),
        Column(
            "city_ids",
            _("Cities taking part"),
            ("cities", "ciutats", "ciudades", "villes", "المدن"),
            refers_to=ORGANISATION,
            many=True,
        ),
        Column("speakers", _("Speakers"), ("ponents", "ponentes", "intervenants", "المتحدثون"), parsers.text(10_000)),
        *text_columns("topic", _("Topic"), ("tema", "sujet", "thème", "الموضوع"), 2000),
        Column("place", _("Place"), ("lloc", "lugar", "lieu", "المكان"), parsers.text(200)),
        LANGUAGE,
        *common_columns(),
    ),
    _event,
    links={"organisers": Link.of(Event, "organisers"), "cities": Link.of(Event, "cities")},
)

TABLES = [EVENTS]
