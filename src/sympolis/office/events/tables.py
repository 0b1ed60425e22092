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
from sympolis.office.events.dates import OtherDate, zone_names
from sympolis.office.events.models import Event
from sympolis.office.events.queries import ROUND_AN_EVENT

KIND_WORDS = {
    "webinar": "webinar", "seminari en línia": "webinar", "seminario web": "webinar", "webinaire": "webinar",
    "meeting": "meeting", "reunió": "meeting", "reunión": "meeting", "réunion": "meeting",
    "assembly": "assembly", "assemblea": "assembly", "asamblea": "assembly", "assemblée": "assembly",
    "conference": "conference", "conferència": "conference", "conferencia": "conference", "conférence": "conference",
    "training": "training", "formació": "training", "formación": "training", "formation": "training",
    "visit": "visit", "visita": "visit", "visite": "visit",
}  # fmt: skip


def _other_dates(written: str) -> list[str]:
    """``2020-04-03 | one hour | address``, several between semicolons."""
    try:
        return [str(OtherDate.of(part)) for part in written.split(";") if part.strip()]
    except ValueError as error:
        raise BadValue(
            _now("“%(written)s” does not begin with a date.") % {"written": written[:40]},
            _now("Write the date, its words and where it was read, with | between them."),
        ) from error


def _event(values: Values, desk: Desk) -> Iterator[Draft]:
    language = values.get("language", desk.language)
    titles = texts_in(values, "title", language)
    start, end = values.get("start_date", ""), values.get("end_date", "")
    if start and end and end < start[: len(end)]:
        raise BadValue(_now("It ends before it begins."), _now("Correct one of the two dates."))
    fields = {
        **common_fields(values),
        **copied(values, "place", "languages", "speakers", "kind", "link", start="start_date", end="end_date"),
        **copied(values, from_hour="start_time", until_hour="end_time", time_zone="time_zone"),
        **copied(values, organisers="organiser_ids", cities="city_ids", invited="invited_ids"),
        **copied(values, partners="partner_ids", funders="funder_ids", edition_of="edition_of_id"),
        **copied(values, "organised_too", "financed_too", "also_dated", "is_cancelled"),
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
        Column("kind", _("Kind"), ("tipus", "tipo", "type", "النوع"), parsers.choice(KIND_WORDS)),
        Column("start_time", _("From (hour)"), ("hora", "heure", "hora inici", "hora inicio", "الساعة"), parsers.hour),
        Column("end_time", _("To (hour)"), ("hora final", "hora fin", "heure de fin"), parsers.hour),
        Column(
            "time_zone",
            _("Time zone"),
            ("zona horària", "zona horaria", "fuseau horaire"),
            parsers.time_zone(zone_names),
        ),
        Column("link", _("Link to take part"), ("enllaç", "enlace", "lien", "الرابط"), parsers.web_address),
        Column(
            "edition_of_id",
            _("An edition in another language of"),
            ("edition_of", "edició de", "edición de", "édition de"),
            refers_to="events.Event",
        ),
        Column(
            "invited_ids",
            _("Who was invited"),
            ("invited", "convidats", "invitados", "invités"),
            refers_to=ORGANISATION,
            many=True,
        ),
        Column(
            "partner_ids",
            _("Partners"),
            ("partners", "socis", "socios", "partenaires"),
            refers_to=ORGANISATION,
            many=True,
        ),
        Column(
            "funder_ids",
            _("Financed by"),
            ("funders", "finança", "financia", "financé par"),
            refers_to=ORGANISATION,
            many=True,
        ),
        Column("organised_too", _("Organised too by"), (), parsers.line(300)),
        Column("financed_too", _("Financed too by"), (), parsers.line(300)),
        Column(
            "is_cancelled",
            _("It does not take place"),
            ("cancelled", "cancel·lat", "cancelado", "annulé"),
            parsers.boolean,
        ),
        Column("also_dated", _("What other sources say of the date"), (), _other_dates),
        *text_columns("topic", _("Topic"), ("tema", "sujet", "thème", "الموضوع"), 2000),
        Column("place", _("Place"), ("lloc", "lugar", "lieu", "المكان"), parsers.line(200)),
        LANGUAGE,
        *common_columns(),
    ),
    _event,
    links={name: Link.of(Event, name) for name in ROUND_AN_EVENT},
    above="edition_of",
)

TABLES = [EVENTS]
