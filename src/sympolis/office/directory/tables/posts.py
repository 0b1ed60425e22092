"""The posts somebody held before, or holds besides the one that stands with the person: as private as the person."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from sympolis.office.core.imports.columns import ID, LANGUAGE, common_columns, organisation_column, text_columns
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
from sympolis.office.directory.models import Department, Person, Post
from sympolis.office.directory.tables.people import check_department
from sympolis.office.directory.tables.relations import SINCE, UNTIL, check_order


def _post(values: Values, desk: Desk) -> Iterator[Draft]:
    posts = texts_in(values, "post", values.get("language", desk.language))
    check_order(values, "since_year", "until_year")
    check_department(values, desk)
    fields = {
        **{name: value for name, value in common_fields(values).items() if name != "visibility"},
        **copied(values, since="since_year", until="until_year"),
        **copied(values, person="person_id", organisation="organisation_id", department="department_id"),
        **written("post", posts),
    }
    begun = values.get("since_year", "")
    key = values.get("id") or key_of(values["person_id"], values["organisation_id"], next(iter(posts.values())), begun)
    yield Draft(Post, key, fields)


POSTS = Table(
    "posts",
    _("Posts"),
    Post,
    (
        ID,
        Column(
            "person_id",
            _("Person"),
            ("person", "persona", "personne", "name", "nom", "nombre", "الشخص"),
            refers_to=Person._meta.label,
            required=True,
        ),
        organisation_column(required=True),
        *text_columns("post", _("Post"), ("càrrec", "cargo", "fonction", "المنصب"), 300, required=True),
        Column(
            "department_id",
            _("Department"),
            ("department", "servei", "departament", "servicio", "departamento", "service", "القسم"),
            refers_to=Department._meta.label,
        ),
        LANGUAGE,
        SINCE,
        UNTIL,
        *(column for column in common_columns() if column.name != "visibility"),
    ),
    _post,
    help=_("Earlier posts of people who are there already, and others they hold. Seen by whoever sees the person."),
)
