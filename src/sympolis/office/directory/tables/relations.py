"""Relations between organisations."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.imports import parsers
from sympolis.office.core.imports.columns import (
    common_columns,
    organisation_column,
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
)
from sympolis.office.core.imports.errors import BadValue
from sympolis.office.directory.enums import BODY, MUTUAL, RelationType
from sympolis.office.directory.models import Organisation, Relation


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
    check_order(values, "since_year", "until_year")
    ends = sorted((left, right)) if kind in MUTUAL else [left, right]
    key, turned = (key_of(one, kind, other, values.get("role_or_body", "")) for one, other in (ends, ends[::-1]))
    known = desk.references.by_id(Relation, turned) if kind in MUTUAL else ""  # an end was merged with another since
    yield Draft(Relation, key, fields, existing=known)
    if kind == RelationType.PART_OF and left in bodies(desk):
        yield Draft(Organisation, left, {"parent": right}, existing=left, shared=True)


def check_order(values: Values, first: str, last: str) -> None:
    if values.get(first) and values.get(last) and values[last] < values[first][: len(values[last])]:
        raise BadValue(_now("It ends before it begins."), _now("Correct one of the two dates."))


def bodies(desk: Desk) -> frozenset[str]:
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
