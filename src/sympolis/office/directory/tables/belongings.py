"""What belongs to organisations: agreements, departments, figures, fees, positions."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.imports import parsers
from sympolis.office.core.imports.columns import (
    CURRENCY,
    ID,
    LANGUAGE,
    THEMES,
    TITLE,
    common_columns,
    group_column,
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
    label_of,
    texts_in,
    written,
)
from sympolis.office.directory.details import Signature
from sympolis.office.directory.enums import Renewal
from sympolis.office.directory.models import Agreement, Department, Figure, MembershipFee, Organisation, Position
from sympolis.office.directory.tables.relations import check_order


def _agreement(values: Values, desk: Desk) -> Iterator[Draft]:
    language = values.get("language", desk.language)
    titles = texts_in(values, "title", language)
    check_order(values, "signed_on", "ends_on")
    check_order(values, "in_force_from", "ends_on")
    fields = {
        **common_fields(values),
        **copied(values, "kind", "themes", "language", "renewal", "notice_months"),
        "parties": _parties(values["party_ids"], desk),
        **copied(values, signed="signed_on", ends="ends_on", in_force="in_force_from"),
        **({"signatures": [_signature(one, desk) for one in values["signatures"]]} if "signatures" in values else {}),
        **copied(values, "obliges_visibility"),
        **written("title", titles),
        **written("obliges", texts_in(values, "obliges", language)),
    }
    key = values.get("id") or key_of(*sorted(values["party_ids"]), next(iter(titles.values())))
    yield Draft(Agreement, key, fields, defaults={"kind": "other"})


def _parties(named: list[str], desk: Desk) -> list[str]:
    """A list of agreements names whom they were made with, and not whose list it is."""
    return [desk.house, *named] if desk.house and len(named) == 1 and desk.house not in named else named


def _signature(written: str, desk: Desk) -> str:
    """``sfax|Mayor||2019-03-14`` with the party's own id."""
    party, post, name, on = (*(part.strip() for part in written.split("|", 3)), "", "", "")[:4]
    found = desk.references.find(label_of(Organisation), party)
    return str(Signature(found, post[:300], name[:200], PartialDate.parse(parsers.partial_date(on) if on else "")))


AGREEMENTS = Table(
    "agreements",
    _("Agreements"),
    Agreement,
    (
        ID,
        organisation_column(
            "party_ids",
            label=_("Parties"),
            headings=(
                *("parties", "parts", "signatories", "signants", "partes", "firmantes", "signataires", "الأطراف"),
                *("partner", "partners", "soci", "socis", "socio", "socios", "partenaire", "partenaires"),
                *("الشريك", "الشركاء"),
            ),
            required=True,
            many=True,
            help=_("Several between semicolons."),
        ),
        Column("kind", _("Kind"), ("type", "tipus", "tipo", "genre", "النوع"), parsers.term("agreement_kinds")),
        *text_columns(
            "title",
            _("Title"),
            (*TITLE, "agreement", "conveni", "convenio", "convention", "accord", "الاتفاقية"),
            300,
            required=True,
        ),
        LANGUAGE,
        Column(
            "signed_on",
            _("Signed on"),
            (
                *("signed", "signatura", "firma", "signé le", "date", "data", "fecha", "تاريخ التوقيع"),
                *("signature", "date of signature", "data de signatura", "fecha de firma", "date de signature"),
                *("تاريخ الإمضاء", "التوقيع"),
            ),
            parsers.partial_date,
        ),
        Column(
            "ends_on",
            _("Ends on"),
            (
                *("ends", "end", "fi", "venciment", "vencimiento", "échéance", "ينتهي"),
                *("end date", "data de fi", "fecha de fin", "fin", "date de fin", "expire le", "تاريخ الانتهاء"),
            ),
            parsers.partial_date,
        ),
        Column(
            "in_force_from",
            _("In force from"),
            ("in force", "vigent des de", "vigente desde", "en vigueur depuis", "سارية منذ"),
            parsers.partial_date,
        ),
        Column(
            "renewal",
            _("On its last day"),
            ("renews", "renovació", "renovación", "renouvellement", "التجديد"),
            parsers.choice({value: value for value in Renewal.values}),
            help=_("ends or automatic"),
        ),
        Column(
            "notice_months",
            _("Notice, in months"),
            ("notice", "preavís", "preaviso", "préavis", "مهلة الإشعار"),
            parsers.number(0, 60),
        ),
        Column(
            "signatures",
            _("Who signed it"),
            ("signed by", "signat per", "firmado por", "signé par", "وقّعه"),
            parsers.several(parsers.text(600), r"[;\n]"),
            help=_("For example sfax|Mayor||2019-03-14: organisation, post, name, day; several between semicolons."),
        ),
        THEMES,
        *text_columns("obliges", _("What it obliges to"), ("obligacions", "obligaciones", "obligations", "الالتزامات")),
        group_column("obliges_visibility", _("Who may see what it obliges to"), ()),
        *common_columns(),
    ),
    _agreement,
    links={"parties": Link.of(Agreement, "parties")},
    house="party_ids",
)


def _department(values: Values, desk: Desk) -> Iterator[Draft]:
    language = values.get("language", desk.language)
    names = {language: values["name_local"], **texts_in(values, "name", language)}
    fields = {
        **common_fields(values),
        **copied(values, "themes", "mailbox", organisation="organisation_id"),
        **written("name", names),
        **written("post", texts_in(values, "post", language)),
        **copied(values, "contact_visibility"),
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
            parsers.line(300),
            required=True,
        ),
        LANGUAGE,
        *text_columns("name", _("Name"), (), 300)[1:],
        *text_columns("post", _("Post that leads it"), ("càrrec", "cargo", "fonction", "المنصب"), 300),
        group_column(
            "contact_visibility",
            _("Who may see the post and the mailbox"),
            (
                "visibilitat del contacte",
                "visibilidad del contacto",
                "visibilité du contact",
                "الاطلاع على جهة الاتصال",
            ),
        ),
        Column(
            "mailbox",
            _("Shared mailbox"),
            ("mail", "email", "bústia", "correu", "buzón", "correo", "courriel", "البريد"),
            parsers.mail_address,
        ),
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
            parsers.line(200),
            required=True,
        ),
        Column(
            "value", _("Value"), ("valor", "valeur", "number", "القيمة"), parsers.amount(None, 10**15), required=True
        ),
        Column("unit", _("Unit"), ("unitat", "unidad", "unité", "الوحدة"), parsers.line(40)),
        Column("year", _("Year"), ("any", "año", "année", "السنة"), parsers.year),
        *common_columns(),
    ),
    _figure,
)


def _fee(values: Values, desk: Desk) -> Iterator[Draft]:
    fields = {
        **{name: value for name, value in common_fields(values).items() if name != "visibility"},
        **copied(values, "year", "amount", "currency", organisation="organisation_id", network="network_id"),
    }
    key = values.get("id") or key_of(values["organisation_id"], values["network_id"], str(values["year"]))
    yield Draft(MembershipFee, key, fields)


FEES = Table(
    "fees",
    _("Membership fees"),
    MembershipFee,
    (
        ID,
        organisation_column(required=True),
        organisation_column(
            "network_id", label=_("Network"), headings=("xarxa", "red", "réseau", "الشبكة"), required=True
        ),
        Column("year", _("Year"), ("any", "año", "année", "السنة"), parsers.year, required=True),
        Column(
            "amount",
            _("Amount"),
            ("fee", "quota", "cuota", "cotisation", "import", "importe", "montant", "رسم العضوية"),
            parsers.amount(),
            required=True,
        ),
        CURRENCY,
        *(column for column in common_columns() if column.name != "visibility"),
    ),
    _fee,
    help=_("Seen by the office alone. Several of one year are added up."),
)


def _position(values: Values, desk: Desk) -> Iterator[Draft]:
    language = values.get("language", desk.language)
    titles = texts_in(values, "title", language)
    fields = {
        **common_fields(values),
        **copied(values, "outcome_visibility"),
        **copied(values, "themes", signatories="signatory_ids", adopted="adopted_on", addressed_to="addressed_to_id"),
        **written("title", titles),
        **written("text", texts_in(values, "text", language)),
        **written("outcome", texts_in(values, "outcome", language)),
    }
    key = values.get("id") or key_of(*sorted(values["signatory_ids"]), next(iter(titles.values())))
    yield Draft(Position, key, fields)


POSITIONS = Table(
    "positions",
    _("Positions"),
    Position,
    (
        ID,
        organisation_column(
            "signatory_ids",
            label=_("Who signed"),
            headings=("signatories", "signed by", "signants", "firmantes", "signataires", "الموقعون"),
            required=True,
            many=True,
            help=_("Several between semicolons."),
        ),
        *text_columns(
            "title", _("Title"), ("títol", "título", "titre", "position", "posició", "العنوان"), 300, required=True
        ),
        *text_columns("text", _("Text"), ("texto", "texte", "النص"), 20_000),
        LANGUAGE,
        Column(
            "adopted_on",
            _("Date"),
            ("adopted", "signed", "data", "fecha", "date", "التاريخ"),
            parsers.partial_date,
        ),
        organisation_column(
            "addressed_to_id",
            label=_("Addressed to"),
            headings=("to", "addressed to", "adreçat a", "dirigido a", "adressé à", "موجه إلى"),
        ),
        *text_columns(
            "outcome", _("What came of it"), ("result", "resultat", "resultado", "résultat", "النتيجة"), 5000
        ),
        THEMES,
        group_column("outcome_visibility", _("Who may see what came of it"), ()),
        *common_columns(),
    ),
    _position,
    links={"signatories": Link.of(Position, "signatories")},
)
