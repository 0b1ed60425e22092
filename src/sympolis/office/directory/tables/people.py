"""People with the post they hold now: seen by the office and their own house alone, whatever a list says."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.imports import parsers
from sympolis.office.core.imports.columns import ID, LANGUAGE, THEMES, common_columns, organisation_column, text_columns
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
from sympolis.office.directory.enums import LegalBasis
from sympolis.office.directory.models import Department, Person
from sympolis.office.directory.tables.relations import SINCE, UNTIL, check_order


def _person(values: Values, desk: Desk) -> Iterator[Draft]:
    language = values.get("language", desk.language)
    posts, name = texts_in(values, "post", language), values.get("name", "")
    if not name and not posts:
        raise BadValue(_now("There is neither a name nor a post."), _now("Write at least one of the two."))
    check_order(values, "since_year", "until_year")
    check_order(values, "basis_from", "basis_until")
    _check_basis(values)
    check_department(values, desk)
    fields = {
        **{name: value for name, value in common_fields(values).items() if name != "visibility"},
        **copied(values, "name", "email", "telephone", "language", "languages", "themes", "basis", "basis_how"),
        **copied(values, "basis_from", "basis_until", since="since_year", until="until_year"),
        **copied(values, organisation="organisation_id", department="department_id"),
        **written("post", posts),
    }
    key = values.get("id") or key_of(values["organisation_id"], name or next(iter(posts.values())))
    yield Draft(Person, key, fields)


def _check_basis(values: Values) -> None:
    """Consent that nobody can show is none (article 7.1 of the General Data Protection Regulation)."""
    if values.get("basis") == LegalBasis.CONSENT and not (values.get("basis_from") and values.get("basis_how")):
        what = _now("Consent is said without when and how it was given.")
        raise BadValue(what, _now("Fill in both columns, or leave the legal basis empty."))


def check_department(values: Values, desk: Desk) -> None:
    department = values.get("department_id")
    houses = desk.once("houses", _houses)
    if department and houses.get(department) not in {None, values["organisation_id"]}:
        what = _now("This department is of another organisation.")
        raise BadValue(what, _now("Choose a department of the same organisation, or leave it empty."))


def _houses() -> dict[str, str]:
    return dict(Department.objects.values_list("public_id", "organisation__public_id"))


PEOPLE = Table(
    "people",
    _("People"),
    Person,
    (
        ID,
        organisation_column(required=True),
        Column("name", _("Name"), ("nom", "nombre", "person", "persona", "personne", "الاسم"), parsers.line(200)),
        *text_columns("post", _("Post"), ("càrrec", "cargo", "fonction", "المنصب"), 300),
        Column(
            "department_id",
            _("Department"),
            ("department", "servei", "departament", "servicio", "departamento", "service", "القسم"),
            refers_to=Department._meta.label,
        ),
        Column(
            "email",
            _("Mail address"),
            ("mail", "e-mail", "correu", "correo", "courriel", "البريد"),
            parsers.mail_address,
        ),
        Column(
            "telephone",
            _("Telephone"),
            ("phone", "telèfon", "teléfono", "téléphone", "الهاتف"),
            parsers.line(50),
        ),
        LANGUAGE,
        Column(
            "languages",
            _("Languages spoken"),
            ("speaks", "llengües", "idiomas", "langues", "اللغات"),
            parsers.several(parsers.language),
        ),
        THEMES,
        SINCE,
        UNTIL,
        Column(
            "basis",
            _("Legal basis"),
            ("base legal", "base jurídica", "base juridique", "الأساس القانوني"),
            parsers.choice({value: value for value in LegalBasis.values}),
            help=_("consent, contract, public-task or legitimate-interest"),
        ),
        Column("basis_from", _("Legal basis since"), (), parsers.partial_date),
        Column("basis_until", _("Legal basis until"), (), parsers.partial_date),
        Column("basis_how", _("How it was recorded"), (), parsers.line(300)),
        *(column for column in common_columns() if column.name != "visibility"),
    ),
    _person,
    help=_("Seen by the office and by who acts for the same organisation, never by anybody else."),
)
