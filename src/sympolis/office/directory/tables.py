"""The spreadsheets of the directory: organisations, relations, seats, agreements, departments, figures, texts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from sympolis.engine.texts.vocabulary import role_code
from sympolis.office.core.imports import parsers
from sympolis.office.core.imports.columns import (
    ID,
    LANGUAGE,
    LANGUAGE_HEADINGS,
    THEMES,
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
    coming,
    common_fields,
    copied,
    key_of,
    texts_in,
    written,
)
from sympolis.office.core.imports.errors import BadValue
from sympolis.office.core.texts import folded
from sympolis.office.directory.enums import BODY, MUTUAL, RelationType
from sympolis.office.directory.models import Agreement, Department, Figure, Organisation, Relation


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
        **written("names", names),
        **written("description", texts_in(values, "description", desk.language)),
        **written("line", texts_in(values, "line", desk.language)),
        "name": name,
        "name_language": values.get("language", desk.language),
    }
    if values.get("id") and slugify(values["id"]) == values["id"] and not values["id"].isdigit():
        fields["slug"] = values["id"]
    fields.setdefault("kind", "other")
    yield Draft(Organisation, key, fields, names=() if values.get("id") else (name,))


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
                "city",
                "ciutat",
                "ciudad",
                "ville",
                "الاسم",
                "المدينة",
            ),
            300,
            required=True,
        ),
        Column(
            "short_name",
            _("Short name"),
            ("acronym", "sigles", "siglas", "sigle", "acronyme", "الاسم المختصر"),
            parsers.text(100),
        ),
        Column("kind", _("Kind"), ("type", "tipus", "tipo", "genre", "النوع"), parsers.term("kinds")),
        Column(
            "country_iso2",
            _("Country"),
            ("country", "country code", "país", "pais", "pays", "البلد", "الدولة"),
            parsers.country,
        ),
        Column(
            "place_name",
            _("Place"),
            ("place", "lloc", "seu", "lugar", "sede", "lieu", "siège", "المكان"),
            parsers.text(200),
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
        Column("aliases", _("Also written"), ("àlies", "alias"), parsers.several(parsers.text(300), r"[;|\n]")),
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
        *common_columns(),
    ),
    _organisation,
)


def _relation(values: Values, desk: Desk) -> Iterator[Draft]:
    left, right, kind = values["from_id"], values["to_id"], values["type"]
    if left == right:
        raise BadValue(_now("An organisation has no relation to itself."), _now("Correct one of the two."))
    fields = {
        **common_fields(values),
        **copied(values, "type", role="role_or_body", since="since_year", until="until_year"),
        "from_organisation": left,
        "to_organisation": right,
    }
    _check_order(values, "since_year", "until_year")
    ends = sorted((left, right)) if kind in MUTUAL else [left, right]
    yield Draft(Relation, key_of(ends[0], kind, ends[1], values.get("role_or_body", "")), fields)
    if kind == RelationType.PART_OF and left in _bodies(desk):
        yield Draft(Organisation, left, {"parent": right}, existing=left, shared=True)


def _check_order(values: Values, first: str, last: str) -> None:
    if values.get(first) and values.get(last) and values[last] < values[first][: len(values[last])]:
        raise BadValue(_now("It ends before it begins."), _now("Correct one of the two dates."))


def _bodies(desk: Desk) -> frozenset[str]:
    load = lambda: frozenset(Organisation.objects.filter(kind=BODY).values_list("public_id", flat=True))  # noqa: E731
    return desk.once("bodies", load)


SINCE = Column(
    "since_year", _("Since"), ("since", "from year", "des de", "desde", "depuis", "منذ"), parsers.partial_date
)
UNTIL = Column("until_year", _("Until"), ("until", "fins a", "hasta", "jusqu'à", "حتى"), parsers.partial_date)

RELATIONS = Table(
    "relations",
    _("Relations"),
    Relation,
    (
        organisation_column(
            "from_id",
            label=_("Who"),
            headings=("from", "who", "qui", "quién", "membre", "member", "miembro", "من"),
            required=True,
        ),
        Column(
            "type",
            _("Relation"),
            ("relation", "relació", "relación", "lien", "العلاقة"),
            parsers.term("relation_types"),
            required=True,
        ),
        organisation_column(
            "to_id",
            label=_("To whom"),
            headings=("to", "whom", "a qui", "network", "xarxa", "red", "réseau", "إلى"),
            required=True,
        ),
        Column("role_or_body", _("Role"), ("role", "rol", "càrrec", "cargo", "rôle", "الدور"), parsers.text(300)),
        SINCE,
        UNTIL,
        *common_columns(),
    ),
    _relation,
)

# Words that are in the name of every commission, in the languages networks write them in.
_NO_NAME = frozenset(
    ("commission", "committee", "comissio", "comision", "group", "grup", "grupo", "groupe", "working", "the")
    + ("of", "on", "for", "and", "de", "del", "la", "les", "los", "sur", "sobre")
)
PRESIDENCY = frozenset({"presidency", "presidencia", "presidence", "presidente", "president"})


def _seat(values: Values, desk: Desk) -> Iterator[Draft]:
    who, network, body = values["organisation_id"], values["network_id"], values.get("body", "")
    role = values.get("role", "")
    _check_order(values, "since_year", "until_year")
    fields = {**common_fields(values), **copied(values, "role", since="since_year", until="until_year")}
    if folded(body) in PRESIDENCY or not body:
        yield _link_to_network(who, network, role, bool(body), fields, desk)
        return
    found = _body_called(network, body, desk)
    if not found:
        key = key_of(network, folded(body))
        found = coming(Organisation, key)
        example = {"illustrative": True} if values.get("illustrative") else {}
        about = {"name": body, "name_language": desk.language, "kind": BODY, "parent": network, **example}
        yield Draft(Organisation, key, about, shared=True)
    fields |= {"from_organisation": who, "type": RelationType.SITS_ON.value, "to_organisation": found}
    yield Draft(Relation, key_of(who, RelationType.SITS_ON, network, folded(body)), fields)


def _link_to_network(who: str, network: str, role: str, presides: bool, fields: dict[str, Any], desk: Desk) -> Draft:
    """A seat that is no part of the network but the network itself: its presidency, or plain membership."""
    kind = _kind_of_link(role, presides)
    fields |= {"from_organisation": who, "type": kind, "to_organisation": network}
    known = _relations(desk).get((who, kind, network), "")
    if known:  # the relation has words and a source of its own; a seat adds at most when it was held
        fields = {name: value for name, value in fields.items() if name in {"since", "until"}}
    return Draft(Relation, key_of(who, kind, network, role), fields, existing=known, shared=bool(known))


def _kind_of_link(role: str, presides: bool) -> str:
    if presides or role_code(role) in {"president", "co-president", "interim-president"}:
        return RelationType.PRESIDENT_OF.value
    if not role or "member" in role_code(role):
        return RelationType.MEMBER_OF.value
    return RelationType.PARTICIPATES_IN.value


def _relations(desk: Desk) -> dict[tuple[str, str, str], str]:
    """The latest relation of each kind between two."""

    def load() -> dict[tuple[str, str, str], str]:
        rows = Relation.objects.order_by("since_earliest", "-role").values_list(
            "from_organisation__public_id", "type", "to_organisation__public_id", "public_id"
        )
        return {(left, kind, right): public_id for left, kind, right, public_id in rows}

    return desk.once("relations", load)


def _body_called(network: str, name: str, desk: Desk) -> str:
    """A body of the network that is known already, by its name without the words every body has in it."""
    known = _bodies_of_networks(desk).get(network, [])
    wanted = folded(name)
    alike = [public_id for public_id, words in known if words == wanted]
    if not alike:
        telling = _telling(name)
        alike = [
            public_id
            for public_id, words in known
            if telling and telling <= (_telling(words)) and len(_telling(words) - telling) <= 2
        ]
    return alike[0] if len(set(alike)) == 1 else ""


def _telling(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", folded(name))) - _NO_NAME


def _bodies_of_networks(desk: Desk) -> dict[str, list[tuple[str, str]]]:
    def load() -> dict[str, list[tuple[str, str]]]:
        found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        bodies = Organisation.objects.filter(kind=BODY).filter(
            Q(parent__isnull=False) | Q(relations_out__type=RelationType.PART_OF)
        )
        for body in bodies.select_related("parent").prefetch_related("relations_out__to_organisation").distinct():
            networks = {
                relation.to_organisation.public_id
                for relation in body.relations_out.all()
                if relation.type == "part_of"
            }
            if body.parent:
                networks.add(body.parent.public_id)
            for network in networks:
                names = dict.fromkeys([*body.title_text().plain().values(), *body.other_names()])
                found[network] += [(body.public_id, folded(name)) for name in names if name]
        return dict(found)

    return desk.once("bodies of networks", load)


SEATS = Table(
    "seats",
    _("Seats in networks"),
    Relation,
    (
        organisation_column(required=True),
        organisation_column(
            "network_id", label=_("Network"), headings=("xarxa", "red", "réseau", "الشبكة"), required=True
        ),
        Column(
            "body",
            _("Commission, group or hub"),
            (
                "commission",
                "comissió",
                "comisión",
                "group",
                "grup",
                "grupo",
                "groupe",
                "òrgan",
                "órgano",
                "organe",
                "اللجنة",
            ),
            parsers.text(300),
            help=_("Empty: a seat in the network itself."),
        ),
        Column("role", _("Role"), ("rol", "càrrec", "cargo", "rôle", "الدور"), parsers.text(300)),
        SINCE,
        UNTIL,
        *common_columns(),
    ),
    _seat,
)


def _agreement(values: Values, desk: Desk) -> Iterator[Draft]:
    language = values.get("language", desk.language)
    titles = texts_in(values, "title", language)
    _check_order(values, "signed_on", "ends_on")
    fields = {
        **common_fields(values),
        **copied(values, "kind", "themes", "language", parties="party_ids", signed="signed_on", ends="ends_on"),
        **written("title", titles),
    }
    key = values.get("id") or key_of(*sorted(values["party_ids"]), next(iter(titles.values())))
    yield Draft(Agreement, key, {"kind": "other", **fields})


AGREEMENTS = Table(
    "agreements",
    _("Agreements"),
    Agreement,
    (
        ID,
        organisation_column(
            "party_ids",
            label=_("Parties"),
            headings=("parties", "parts", "signatories", "signants", "partes", "firmantes", "signataires", "الأطراف"),
            required=True,
            many=True,
            help=_("Several between semicolons."),
        ),
        Column("kind", _("Kind"), ("type", "tipus", "tipo", "genre", "النوع"), parsers.term("agreement_kinds")),
        *text_columns(
            "title",
            _("Title"),
            ("títol", "título", "titre", "agreement", "conveni", "convenio", "العنوان"),
            300,
            required=True,
        ),
        LANGUAGE,
        Column(
            "signed_on",
            _("Signed on"),
            ("signed", "signatura", "firma", "signé le", "date", "data", "fecha", "تاريخ التوقيع"),
            parsers.partial_date,
        ),
        Column(
            "ends_on",
            _("Ends on"),
            ("ends", "end", "fi", "venciment", "vencimiento", "échéance", "ينتهي"),
            parsers.partial_date,
        ),
        THEMES,
        *common_columns(),
    ),
    _agreement,
    links={"parties": Link.of(Agreement, "parties")},
)


def _department(values: Values, desk: Desk) -> Iterator[Draft]:
    language = values.get("language", desk.language)
    names = {language: values["name_local"], **texts_in(values, "name", language)}
    fields = {
        **common_fields(values),
        **copied(values, "themes", organisation="organisation_id"),
        **written("name", names),
    }
    yield Draft(Department, values.get("id") or key_of(values["organisation_id"], values["name_local"]), fields)


DEPARTMENTS = Table(
    "departments",
    _("Departments"),
    Department,
    (
        ID,
        organisation_column(required=True),
        Column(
            "name_local",
            _("Name in its own language"),
            (
                "name",
                "department",
                "unit",
                "nom",
                "servei",
                "departament",
                "nombre",
                "departamento",
                "service",
                "direction",
                "القسم",
            ),
            parsers.text(300),
            required=True,
        ),
        LANGUAGE,
        *text_columns("name", _("Name"), (), 300)[1:],
        THEMES,
        *common_columns(),
    ),
    _department,
)


def _figure(values: Values, desk: Desk) -> Iterator[Draft]:
    fields = {
        **common_fields(values),
        **copied(values, "what", "value", "unit", "year", organisation="organisation_id"),
    }
    key = values.get("id") or key_of(values["organisation_id"], values["what"], str(values.get("year", "")))
    yield Draft(Figure, key, fields)


FIGURES = Table(
    "figures",
    _("Figures"),
    Figure,
    (
        ID,
        organisation_column(required=True),
        Column(
            "what",
            _("What"),
            ("figure", "xifra", "cifra", "chiffre", "indicator", "الرقم"),
            parsers.text(200),
            required=True,
        ),
        Column(
            "value", _("Value"), ("valor", "valeur", "number", "القيمة"), parsers.amount(None, 10**15), required=True
        ),
        Column("unit", _("Unit"), ("unitat", "unidad", "unité", "الوحدة"), parsers.text(40)),
        Column("year", _("Year"), ("any", "año", "année", "السنة"), parsers.year),
        *common_columns(),
    ),
    _figure,
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
)

TABLES = [ORGANISATIONS, RELATIONS, SEATS, TEXTS, AGREEMENTS, DEPARTMENTS, FIGURES]
