"""Rows of answers put together: every body once with all its names, every link once however often it is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ...model import Organisation, PartialDate, Provenance, Record, Relation
from ..plain_text import one_line
from ..streams import Notes
from .terms import Term, item, moment, point

type Row = Mapping[str, Term | None]

_FROM = ("from", "item", "city", "place")
_TWIN = ("twin", "sister", "twinTown", "partner")
_NETWORK = ("network", "memberOf", "membership", "organisation", "organization")
_SINCE = ("since", "start", "startTime")
_UNTIL = ("until", "end", "endTime")
_PROPERTIES = {"P190": "twinned_with", "P463": "member_of"}
KNOWN = frozenset((*_FROM, *_TWIN, *_NETWORK, "to", "label"))
"""Variables by which an answer is known."""


@dataclass(slots=True)
class _Body:
    kind: str
    names: dict[str, str] = field(default_factory=dict)
    unsaid: dict[str, None] = field(default_factory=dict)
    country: str = ""
    point: tuple[float, float] | None = None
    geonames: str = ""


class Answers:
    """Reads rows one by one; what they say together is asked for at the end."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._bodies: dict[str, _Body] = {}
        self._links: dict[tuple[str, str, str], tuple[PartialDate, PartialDate]] = {}

    def add(self, line: int, row: Row) -> None:
        """One row: a body with its names, and what it is twinned with or a member of."""
        first = next((name for name in _FROM if row.get(name)), "")
        left = item(row.get(first))
        if not left:
            self._notes.add(line, "This row names no item of Wikidata.")
            return
        self._learn(left, first, row, "city")
        second, relation = _other(row)
        if not second:
            return
        right = item(row.get(second))
        if not right or right == left or not relation:
            self._notes.add(line, "This row doesn't say which two items are linked, or how.")
            return
        self._learn(right, second, row, "city" if relation == "twinned_with" else "city-network")
        self._link(line, left, relation, right, row)

    def _learn(self, key: str, variable: str, row: Row, kind: str) -> None:
        body = self._bodies.setdefault(key, _Body(kind))
        own = variable in _FROM
        for name in (f"{variable}Label", "label" if own else "", "itemLabel" if own else ""):
            self._name(body, key, row.get(name))
        country = row.get(f"{variable}Country") or (row.get("country") if own else None)
        if country and len(country.text) == 2 and country.text.isalpha():
            body.country = country.text.upper()
        body.point = point(row.get(f"{variable}Coord") or (row.get("coord") if own else None)) or body.point
        geonames = row.get(f"{variable}Geonames")
        if geonames and geonames.text.isdecimal():
            body.geonames = geonames.text

    @staticmethod
    def _name(body: _Body, key: str, told: Term | None) -> None:
        name = one_line(told.text) if told else ""
        if not told or not name or name == key:
            return
        if told.language:
            body.names.setdefault(told.language.lower().split("-")[0], name)
        else:
            body.unsaid[name] = None

    def _link(self, line: int, left: str, relation: str, right: str, row: Row) -> None:
        since, until = self._moment(line, row, _SINCE), self._moment(line, row, _UNTIL)
        if relation == "twinned_with":
            left, right = sorted((left, right), key=lambda one: int(one[1:]))
        key = (left, relation, right)
        known = self._links.get(key, (PartialDate(), PartialDate()))
        self._links[key] = (known[0] or since, known[1] or until)

    def _moment(self, line: int, row: Row, names: tuple[str, ...]) -> PartialDate:
        name = next((name for name in names if row.get(name)), "")
        told = row.get(name)
        if told is None or "genid" in told.text or told.text.startswith("_:"):
            return PartialDate()  # that there is a date is known, but not which
        try:
            return moment(told, row.get(f"{name}Precision"))
        except (ValueError, OverflowError):
            self._notes.add(line, f"{name} was left out: {told.text!r} is no date.")
            return PartialDate()

    def records(self) -> Iterator[Record]:
        """The bodies that have a name, then the links, each in the order in which they were told first."""
        for key, body in self._bodies.items():
            if body.names or body.unsaid:
                yield _organisation(key, body)
        for (left, relation, right), (since, until) in self._links.items():
            yield link(left, relation, right, since, until)


def _other(row: Row) -> tuple[str, str]:
    """The variable of the other end, and the type of the link; two empty words where the row tells of one item only."""
    for names, relation in ((_TWIN, "twinned_with"), (_NETWORK, "member_of")):
        for name in names:
            if row.get(name):
                return name, relation
    told = row.get("property") or row.get("p")
    return ("to", _PROPERTIES.get(told.text.rsplit("/", 1)[-1], "") if told else "") if row.get("to") else ("", "")


def _organisation(key: str, body: _Body) -> Organisation:
    """The own name is the English one, else the first told; none of them is the main one."""
    name = body.names.get("en") or next(iter((*body.names.values(), *body.unsaid)))
    said = {name, *body.names.values()}
    return Organisation(
        id=f"wikidata:{key}",
        name=name,
        kind=body.kind,
        provenance=Provenance("wikidata", key, f"https://www.wikidata.org/wiki/{key}"),
        names=body.names,
        aliases=tuple(one for one in body.unsaid if one not in said),
        country=body.country,
        latitude=body.point[0] if body.point else None,
        longitude=body.point[1] if body.point else None,
        identifiers=(f"wikidata:{key}", *((f"geonames:{body.geonames}",) if body.geonames else ())),
    )


def link(left: str, relation: str, right: str, since: PartialDate, until: PartialDate) -> Relation:
    """A relation between two items; twins are told with the lower number first."""
    key = f"{left}|{relation}|{right}"
    return Relation(
        id=f"wikidata:{key}",
        from_id=f"wikidata:{left}",
        type=relation,
        to_id=f"wikidata:{right}",
        provenance=Provenance("wikidata", key, f"https://www.wikidata.org/wiki/{left}"),
        since=since,
        until=until,
    )
