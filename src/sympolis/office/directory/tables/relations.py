"""Relations between organisations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.dates import PartialDate
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
from sympolis.office.core.imports.state import dated_value
from sympolis.office.directory.contradictions import Contradiction, Register, Tie, named, remedy
from sympolis.office.directory.enums import BODY, MUTUAL, RelationType
from sympolis.office.directory.models import Organisation, Relation


def _relation(values: Values, desk: Desk) -> Iterator[Draft]:
    left, right, kind = values["from_id"], values["to_id"], values["type"]
    fields = {
        **common_fields(values),
        **copied(values, "type", role="role_or_body", since="since_year", until="until_year"),
        **copied(values, "shared"),
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


def contradicting(drafts: list[Draft], desk: Desk) -> Iterator[tuple[Draft, BadValue]]:
    """Relations that can't hold beside one that is kept or one of an earlier row. What is kept stays unasked."""
    drafts = [draft for draft in drafts if draft.model is Relation]
    ids = {id(draft): draft.existing or desk.references.by_id(Relation, draft.key) for draft in drafts}
    there = dict(ties_there(desk)) if drafts else {}
    kept: dict[str, Tie] = {}
    new: list[tuple[Draft, Tie]] = []
    for draft in drafts:
        before = there.pop(ids[id(draft)], None) or kept.get(ids[id(draft)])
        tie = _tie_of(draft, before, ids[id(draft)] or draft.key)
        if tie == before:
            kept[tie.key] = tie
        else:
            new.append((draft, tie))
    register = Register([*there.values(), *kept.values()])
    rows: dict[str, int] = {}
    for draft, tie in new:
        if found := register.against(tie):
            yield draft, _said(found, tie, rows, desk)
        else:
            register.add(tie)
            rows[tie.key] = draft.row


def ties_there(desk: Desk) -> dict[str, Tie]:
    """Every relation that is kept, by its public id."""
    return desk.once("ties there", lambda: {tie.key: tie for tie in _all_ties()})


def _all_ties() -> Iterator[Tie]:
    ends = ("from_organisation__public_id", "type", "to_organisation__public_id")
    dates = ("since_earliest", "since_latest", "until_earliest", "until_latest")
    rows = Relation.objects.values_list("public_id", *ends, "role", *dates, "shared", "illustrative")
    for key, start, type_, end, role, *days, shared, illustrative in rows.iterator(chunk_size=5000):
        since, until = PartialDate(*days[:2]), PartialDate(*days[2:])
        yield Tie(key, start, type_, end, role, since, until, shared, illustrative)


def _tie_of(draft: Draft, before: Tie | None, key: str) -> Tie:
    """What would be kept: what the row says, and of the rest what is kept already."""
    said = draft.fields
    empty = before or Tie(key, "", "", "")
    return Tie(
        key,
        said.get("from_organisation", empty.start),
        said.get("type", empty.type),
        said.get("to_organisation", empty.end),
        said.get("role", empty.role),
        dated_value(said["since"]) if "since" in said else empty.since,
        dated_value(said["until"]) if "until" in said else empty.until,
        said.get("shared", empty.shared),
        said.get("illustrative", empty.illustrative),
    )


def _said(found: Contradiction, tie: Tie, rows: Mapping[str, int], desk: Desk) -> BadValue:
    ends = {end for one in (tie, *found.others) for end in one.ends}
    what = named(found, tie, {end: _called(str(end), desk) for end in ends})
    row = next((rows[one.key] for one in found.others if one.key in rows), 0)
    return BadValue(_now("%(what)s See row %(row)s.") % {"what": what, "row": row} if row else what, remedy(found))


def _called(end: str, desk: Desk) -> str:
    """What the same table makes may have no name yet: it is called by its own id."""
    shown = desk.references.shown(end)
    return shown.partition("#")[2] or end if shown == end else shown


SHARED = Column(
    "shared",
    _("Shared presidency"),
    ("co-presidency", "copresidència", "copresidencia", "coprésidence", "رئاسة مشتركة"),
    parsers.boolean,
    help=_("yes where several preside at once"),
)
SINCE = Column(
    "since_year",
    _("Since"),
    (
        *("since", "from year", "start", "des de", "inici", "desde", "inicio", "depuis", "début", "منذ"),
        *("partner since", "member since", "soci des de", "membre des de", "socio desde", "miembro desde"),
        *("partenaire depuis", "membre depuis", "شريك منذ", "عضو منذ"),
    ),
    parsers.partial_date,
)
UNTIL = Column(
    "until_year", _("Until"), ("until", "end", "fins a", "fi", "hasta", "fin", "jusqu'à", "حتى"), parsers.partial_date
)
ROLE = Column("role_or_body", _("Role"), ("role", "rol", "càrrec", "cargo", "rôle", "الدور"), parsers.line(300))

RELATIONS = Table(
    "relations",
    _("Relations"),
    Relation,
    (
        organisation_column(
            "from_id",
            label=_("Who"),
            headings=("from", "de", "who", "qui", "quién", "membre", "member", "miembro", "من"),
            required=True,
        ),
        Column(
            "type",
            _("Relation"),
            ("relation", "relació", "relación", "lien", "tipus", "tipo", "العلاقة", "النوع"),
            parsers.term("relation_types"),
            required=True,
        ),
        organisation_column(
            "to_id",
            label=_("To whom"),
            headings=("to", "a", "whom", "a qui", "a quién", "network", "xarxa", "red", "réseau", "إلى"),
            required=True,
        ),
        ROLE,
        SINCE,
        UNTIL,
        SHARED,
        *common_columns(),
    ),
    _relation,
    refused=contradicting,
)
