"""Seats in networks and their commissions: the bodies come into being with them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sympolis.engine.texts.vocabulary import role_code
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
    coming,
    common_fields,
    copied,
    key_of,
)
from sympolis.office.core.texts import folded
from sympolis.office.directory.enums import BODY, MemberKind, RelationType
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.directory.tables.relations import SHARED, SINCE, UNTIL, check_order, contradicting

# Words that are in the name of every commission, in the languages networks write them in.
_NO_NAME = frozenset(
    {"commission", "committee", "comissio", "comision", "group", "grup", "grupo", "groupe", "working"}
) | {
    *("the", "of", "on", "for", "and", "de", "del", "la", "les", "los"),
}
_OF_ROLE = {"vice-president": RelationType.VICE_PRESIDENT_OF, "observer": RelationType.OBSERVER_OF}
_ONCE_TAKING_PART = frozenset(_OF_ROLE.values())  # imports before there were such types made them taking part
PRESIDENCY = frozenset({"presidency", "presidencia", "presidence", "presidente", "president"})


def _seat(values: Values, desk: Desk) -> Iterator[Draft]:
    who, network, body = values["organisation_id"], values["network_id"], values.get("body", "")
    role = values.get("role", "")
    check_order(values, "since_year", "until_year")
    fields = {
        **common_fields(values),
        **copied(values, "role", "member_kind", "shared", since="since_year", until="until_year"),
    }
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
    elif kind in _ONCE_TAKING_PART:
        known = desk.references.by_id(Relation, key_of(who, RelationType.PARTICIPATES_IN, network, role))
    return Draft(Relation, key_of(who, kind, network, role), fields, existing=known, shared=bool(known))


def _kind_of_link(role: str, presides: bool) -> str:
    if presides or role_code(role) in {"president", "co-president", "interim-president"}:
        return RelationType.PRESIDENT_OF.value
    if not role or "member" in role_code(role):
        return RelationType.MEMBER_OF.value
    return _OF_ROLE.get(role_code(role), RelationType.PARTICIPATES_IN).value


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
            parsers.line(300),
            help=_("Empty: a seat in the network itself."),
        ),
        Column("role", _("Role"), ("rol", "càrrec", "cargo", "rôle", "الدور"), parsers.line(300)),
        Column(
            "member_kind",
            _("Stands for"),
            ("side", "sector", "secteur", "القطاع"),
            parsers.choice({value: value for value in MemberKind.values}),
            help=_("public, private, civil-society or expert"),
        ),
        SINCE,
        UNTIL,
        SHARED,
        *common_columns(),
    ),
    _seat,
    refused=contradicting,
)
