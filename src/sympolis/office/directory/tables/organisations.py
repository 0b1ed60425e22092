"""Organisations, and texts about them in one language each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.imports import parsers
from sympolis.office.core.imports.columns import (
    ID,
    LANGUAGE_HEADINGS,
    THEMES,
    WHO,
    common_columns,
    group_column,
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
from sympolis.office.core.texts import folded
from sympolis.office.directory.details import called_names, former_names
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.names import language_of_name
from sympolis.office.directory.tables.details import (
    called_line,
    detail_lines,
    identifier_line,
    site_line,
    taken_identifiers,
)
from sympolis.office.directory.tables.relations import ROLE, SINCE, UNTIL
from sympolis.office.directory.tables.ties import OF_THE_TIE, TIES, tie_of_row, ties_refused

# In a list of towns this is their name, in a list of partners where they are.
CITY = ("city", "town", "ciutat", "ciudad", "ville", "commune", "المدينة")


def _organisation(values: Values, desk: Desk) -> Iterator[Draft]:
    name = values.get("name") or next(iter(texts_in(values, "name", "").values()))
    key = values.get("id") or slugify(folded(name))[:100] or key_of(name)
    names = {**values.get("names_other", {}), **texts_in(values, "name", "")}
    names.pop("", None)
    fields = {
        **common_fields(values),
        **copied(
            values, "short_name", "kind", "latitude", "longitude", "website", "founded_year", "themes", "population"
        ),
        **copied(values, country="country_iso2", place="place_name", parent="parent_id", aliases="aliases"),
        **copied(values, "called", "websites", "identifiers", *Organisation.FIELD_GROUPS),
        **written("names", names),
        **written("description", texts_in(values, "description", desk.language)),
        **written("line", texts_in(values, "line", desk.language)),
        **copied(values, name_language="language"),
        "name": name,
    }
    if values.get("id") and slugify(values["id"]) == values["id"] and not values["id"].isdigit():
        fields["slug"] = values["id"]
    defaults = {"kind": "other", "name_language": language_of_name(name, names, values.get("country_iso2", ""))}
    draft = Draft(Organisation, key, fields, names=() if values.get("id") else (name,), defaults=defaults)
    yield draft
    if desk.tied:
        yield tie_of_row(values, draft, name, desk)


def _refused(drafts: list[Draft], desk: Desk) -> Iterator[tuple[Draft, BadValue]]:
    yield from taken_identifiers(drafts, desk)
    yield from ties_refused(drafts, desk)


def _former(record: Organisation, written: Mapping[str, Any]) -> dict[str, list[str]]:
    """A name that the table changes is kept as a former one until today, as the form keeps it; a language that loses
    its name was a mistake."""
    if not any(address.partition(".")[0] in {"name", "names"} for address in written):
        return {}
    now: dict[str, Any] = {name: written.get(name, getattr(record, name)) for name in ("name", "short_name")}
    held = record.names.plain()
    names = {**held, **{address[len("names.") :]: name for address, name in written.items() if address[:6] == "names."}}
    called = list(written.get("called", record.called))
    was = [(record.name_language, record.name), *((code, name) for code, name in held.items() if names[code])]
    is_called = [*now.values(), *names.values(), *written.get("aliases", record.aliases)]
    is_called += [one.name for one in called_names(called)]
    today = timezone.localdate()
    former = [str(one) for one in former_names(was, is_called, PartialDate(today, today))]
    return {"called": [*called, *former]} if former else {}


ORGANISATIONS = Table(
    "organisations",
    _("Organisations"),
    Organisation,
    (
        ID,
        *text_columns(
            "name",
            _("Name"),
            (
                "nom",
                "nombre",
                "denominació",
                "denominación",
                "dénomination",
                "الاسم",
                *WHO,
                *("partner", "soci", "socio", "partenaire", "nom du partenaire", "institution", "structure", "entité"),
                *("partners", "socis", "socios", "partenaires", "شريك", "الشريك", "الشركاء", "المنظمة"),
            ),
            300,
            required=True,
            rather=CITY,
        ),
        Column(
            "short_name",
            _("Short name"),
            ("acronym", "sigles", "siglas", "sigle", "acronyme", "الاسم المختصر"),
            parsers.line(100),
        ),
        Column("kind", _("Kind"), ("type", "tipus", "tipo", "genre", "النوع"), parsers.term("kinds")),
        Column(
            "country_iso2",
            _("Country"),
            ("country", "country code", "país", "pais", "pays", "estat", "البلد", "الدولة"),
            parsers.country,
        ),
        Column(
            "place_name",
            _("Place"),
            ("place", "lloc", "seu", "lugar", "sede", "lieu", "siège", "المكان"),
            parsers.line(200),
            rather=CITY,
        ),
        Column("latitude", _("Latitude"), ("lat", "latitud", "خط العرض"), parsers.coordinate(90)),
        Column("longitude", _("Longitude"), ("lon", "lng", "longitud", "خط الطول"), parsers.coordinate(180)),
        Column(
            "population",
            _("People living there"),
            ("inhabitants", "població", "habitants", "población", "habitantes", "عدد السكان"),
            parsers.number(0, 100_000_000),
        ),
        Column(
            "website", _("Web site"), ("web", "url", "lloc web", "sitio web", "site web", "الموقع"), parsers.web_address
        ),
        Column(
            "names_other",
            _("Name in other languages"),
            ("other names", "altres noms", "otros nombres", "autres noms"),
            parsers.names_by_language,
            help=_("For example ca:Tànger|fr:Tanger"),
        ),
        Column("aliases", _("Also written"), ("àlies", "alias"), parsers.several(parsers.line(300), r"[;|\n]")),
        Column(
            "called",
            _("Former and other names"),
            ("former names", "noms anteriors", "nombres anteriores", "anciens noms", "الأسماء السابقة"),
            detail_lines(called_line),
            help=_("For example former|fr|1956|1990|Ville de X; several between semicolons."),
        ),
        Column(
            "websites",
            _("Other web sites"),
            ("web sites", "llocs web", "sitios web", "sites web", "المواقع"),
            detail_lines(site_line),
            help=_("For example projects|fr|https://…; several between semicolons."),
        ),
        group_column(
            "contact_visibility",
            _("Who may see the web sites"),
            ("visibilitat dels webs", "visibilidad de los sitios web", "visibilité des sites", "الاطلاع على المواقع"),
        ),
        group_column(
            "identifiers_visibility",
            _("Who may see what others know it as"),
            (
                "visibilitat dels identificadors",
                "visibilidad de los identificadores",
                "visibilité des identifiants",
                "الاطلاع على المعرفات",
            ),
        ),
        Column(
            "identifiers",
            _("Known to others as"),
            ("identifiers", "ids", "identificadors", "identificadores", "identifiants", "المعرّفات"),
            detail_lines(identifier_line),
            help=_("For example pic:999987036; vat:ESP0801900B. Kinds: pic, wikidata, ror, vat, lei, iati, national."),
        ),
        Column(
            "founded_year",
            _("Founded in"),
            ("founded", "fundació", "fundación", "fondation", "سنة التأسيس"),
            parsers.year,
        ),
        organisation_column("parent_id", label=_("Part of"), headings=("part de", "parte de", "fait partie de")),
        THEMES,
        Column("language", _("Language of the name"), (), parsers.language),
        *text_columns("description", _("Description"), ("descripció", "descripción", "الوصف", "about")),
        *text_columns("line", _("A line about it"), ("línia", "línea", "ligne")),
        *(replace(column, help=OF_THE_TIE) for column in (SINCE, UNTIL, ROLE)),
        *common_columns(),
    ),
    _organisation,
    refused=_refused,
    follows=_former,
    ties=TIES,
)


TEXT_KINDS = {"name": "names", "line": "line", "description": "description"}


def _text(values: Values, desk: Desk) -> Iterator[Draft]:
    """A name, a line or a description of an organisation, in one language; it says itself where it was read."""
    language, kind, words = values["language"], values["kind"], values["text"]
    address = f"{TEXT_KINDS[kind]}.{language}"
    if kind == "name" and len(words) > 300:
        raise BadValue(_now("This name is too long."), _now("Shorten it to 300 characters."))
    about = {name: values[name] for name in ("source_url", "illustrative") if values.get(name)}
    who = values["organisation_id"]
    yield Draft(Organisation, who, {address: words}, existing=who, shared=True, about={address: about})


TEXTS = Table(
    "texts",
    _("Texts about organisations"),
    Organisation,
    (
        organisation_column(required=True),
        Column("language", _("Language"), LANGUAGE_HEADINGS, parsers.language, required=True),
        Column(
            "kind",
            _("What it is"),
            ("kind", "tipus", "tipo", "genre", "النوع"),
            parsers.choice({kind: kind for kind in TEXT_KINDS}),
            required=True,
            help=_("name, line or description"),
        ),
        Column("text", _("Text"), ("texte", "texto", "النص"), parsers.text(10_000), required=True),
        *common_columns(),
    ),
    _text,
    follows=_former,
)
