"""What ties each organisation of a list to one that is there already: a list of partners is somebody's partners."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.imports.columns import ORGANISATION
from sympolis.office.core.imports.definition import Desk, Draft, Tied, Ties, Values, coming, copied, key_of
from sympolis.office.core.imports.errors import BadValue
from sympolis.office.core.imports.state import dated_value
from sympolis.office.core.texts import folded
from sympolis.office.directory.contradictions import Tie
from sympolis.office.directory.enums import BODY, MUTUAL, RelationType
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.directory.tables.relations import bodies, check_order, contradicting, ties_there

OF_THE_TIE = _("Of what ties the organisation to yours: read where you say what that is.")
_SIGNS = (
    *("partner", "partners", "partner of", "partner organisation", "soci", "socis", "soci de", "socio", "socios"),
    *("socio de", "partenaire", "partenaires", "partenaire de", "nom du partenaire"),
    *("شريك", "شريك لـ", "الشريك", "الشركاء"),
)

TIES = Ties(
    Relation,
    ORGANISATION,
    frozenset({"since_year", "until_year", "role_or_body"}),
    ("role", "since", "until"),
    frozenset(map(folded, _SIGNS)),
)

_ABOUT_ITSELF = ("source_url", "confirmed", "illustrative", "visibility")
"""What a row says of its organisation and means of the tie too; a note is the organisation's alone."""


def tie_of_row(values: Values, row: Draft, name: str, desk: Desk) -> Draft:
    """The relation of the organisation a row speaks of: the one the same list made, one that says it already, or new.

    It is known again by the row and not by its ends, which have no ids before they come in.
    """
    tied = desk.tied
    assert tied is not None
    who = _who(values, row, desk)
    desk.references.call(Organisation, row.key, name)
    start, end = (tied.to, who) if tied.turned else (who, tied.to)
    said = copied(values, role="role_or_body", since="since_year", until="until_year")
    about = {field: values[field] for field in _ABOUT_ITSELF if field in values}
    key = key_of(desk.source, row.key, "turned" if tied.turned else "", tied.type, tied.to)
    _be_part_of(values, row, who, tied, desk)
    if held := ties_there(desk).get(desk.references.by_id(Relation, key)):
        return Draft(Relation, key, {**about, **_as_precise(said, held)}, existing=held.key)
    tie = Tie(
        key, start, tied.type, end, said.get("role", ""), dated_value(said.get("since", "")),
        dated_value(said.get("until", "")), illustrative=bool(values.get("illustrative")),
    )  # fmt: skip
    if held := next((one for one in _between(tie, desk) if _is_the_same(tie, one)), None):
        return Draft(Relation, key, _as_precise(said, held), existing=held.key)  # it has a source of its own
    ends = {"from_organisation": start, "type": tied.type, "to_organisation": end}
    return Draft(Relation, key, {**about, **said, **ends})


def ties_refused(drafts: list[Draft], desk: Desk) -> Iterator[tuple[Draft, BadValue]]:
    """What speaks against them: the one they are tied to among the rows, and what speaks against any relation."""
    others = []
    for draft in drafts:
        if draft.model is not Relation:
            continue
        try:
            check_order(draft.fields, "since", "until")
        except BadValue as error:
            yield draft, error
            continue
        if draft.fields.get("from_organisation", "") == draft.fields.get("to_organisation"):
            what = _now("This is the organisation the others are tied to: it has no relation to itself.")
            yield draft, BadValue(what, _now("Take its row out of the list, or choose above whose the others are."))
        else:
            others.append(draft)
    yield from contradicting(others, desk)


def _who(values: Values, row: Draft, desk: Desk) -> str:
    found = desk.references.by_id(Organisation, row.key, bool(values.get("id")))
    found = found or desk.references.by_name(Organisation, row.names)
    return found if found and "#" not in found else coming(Organisation, row.key)


def _be_part_of(values: Values, row: Draft, who: str, tied: Tied, desk: Desk) -> None:
    """The bodies of a network have it for their parent as well, as with the table of relations."""
    if tied.type != RelationType.PART_OF or tied.turned or who == tied.to:
        return
    if values.get("kind") == BODY or who in bodies(desk):
        row.fields.setdefault("parent", tied.to)


def _between(tie: Tie, desk: Desk) -> list[Tie]:
    """Relations of this type that are there between the two."""

    def load() -> dict[tuple[object, str, object], list[Tie]]:
        by_ends: defaultdict[tuple[object, str, object], list[Tie]] = defaultdict(list)
        for one in ties_there(desk).values():
            by_ends[one.start, one.type, one.end].append(one)
            if one.type in MUTUAL:
                by_ends[one.end, one.type, one.start].append(one)
        return by_ends

    return desk.once("ties by their ends", load).get((tie.start, tie.type, tie.end), [])


def _is_the_same(tie: Tie, held: Tie) -> bool:
    """Whether a row means a relation that is there: in no other role, and at no other time. A row without dates means
    one that has not ended."""
    if tie.illustrative != held.illustrative or (tie.role and held.role and not tie.says_as_much_as(held)):
        return False
    begins_alike = _alike(tie.since, held.since)
    began = not tie.since or not held.since or begins_alike
    return began and (not held.until or begins_alike or _alike(tie.until, held.until))


def _alike(one: PartialDate, other: PartialDate) -> bool:
    """Whether both may be the same day."""
    if not (one.earliest and one.latest and other.earliest and other.latest):
        return False
    return one.earliest <= other.latest and other.earliest <= one.latest


def _as_precise(said: dict[str, Any], held: Tie) -> dict[str, Any]:
    """What the row says, less a year of which the day is known."""
    return {
        name: value
        for name, value in said.items()
        if name == "role" or not _is_wider(dated_value(value), getattr(held, name))
    }


def _is_wider(one: PartialDate, other: PartialDate) -> bool:
    if not (one.earliest and one.latest and other.earliest and other.latest) or one == other:
        return False
    return one.earliest <= other.earliest and other.latest <= one.latest
