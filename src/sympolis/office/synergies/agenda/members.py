"""What stands on the page of each member: networks, twins, projects, wishes, trips; and the records that are named."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import CharField, DateField, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast

from sympolis.engine.model import PartialDate, Stage
from sympolis.office.core.models import page_address
from sympolis.office.core.prepared import Prepared
from sympolis.office.core.queries import OneOf, Reader, among
from sympolis.office.core.texts import Text, folded
from sympolis.office.directory.enums import RelationType
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.events.models import Event
from sympolis.office.projects.models import Application, Need, Participation, Project
from sympolis.office.projects.queries import stage_on, visible_needs, visible_projects
from sympolis.office.synergies.agenda.bodies import CALLED, relations_on
from sympolis.office.synergies.agenda.doings import TRIPS, What
from sympolis.office.synergies.agenda.together import Trip
from sympolis.office.synergies.models import Meeting

MODELS: Mapping[str, Any] = {
    What.MEETING: Meeting, What.EVENT: Event, What.APPLICATION: Application, What.PROJECT: Project, What.NEED: Need,
}  # fmt: skip
SHOWN_OF_ONE = ("public_id", "slug", "name", "name_language", "names", "short_name", "kind", "country", "sort_key")
DAYS = ("begin_earliest", "begin_latest", "end_earliest", "end_latest")


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as a line of the page."""

    what: str
    public_id: str
    title: Text
    address: str
    stage: str
    confirmed: bool
    illustrative: bool
    start: PartialDate
    end: PartialDate
    place: str = ""

    @property
    def kind(self) -> str:
        """What a need is: a wish, an offer, a priority."""
        return str(Need(stage=self.stage).get_stage_display()) if self.what == What.NEED else ""


@dataclass(slots=True)
class Member:
    """One member and everything of it that stands on the page."""

    organisation: Organisation
    networks: list[Organisation] = field(default_factory=list)
    twins: list[Organisation] = field(default_factory=list)
    projects: list[Entry] = field(default_factory=list)
    wants: list[Entry] = field(default_factory=list)
    trips: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Named:
    """Records that lines of the page name, by their kinds and keys, and what is each member's."""

    records: Mapping[tuple[str, int], Entry]
    theirs: Mapping[int, list[Entry]]
    organisations: Mapping[int, Organisation]


@dataclass(frozen=True, slots=True)
class Ties:
    """The keys of the networks and of the twins of each member."""

    networks: Mapping[int, set[int]]
    twins: Mapping[int, set[int]]

    @property
    def all(self) -> set[int]:
        return set[int]().union(*self.networks.values(), *self.twins.values())


def ties_of(user: Reader, members: Collection[int], on: date) -> Ties:
    """One question."""
    networks: dict[int, set[int]] = defaultdict(set)
    twins: dict[int, set[int]] = defaultdict(set)
    for kind, left, right in _ties_on(on).rows(user, json.dumps(sorted(members))):
        if kind == RelationType.MEMBER_OF:
            networks[left].add(right)
            continue
        for one, other in ((left, right), (right, left)):
            if one in members:
                twins[one].add(other)
    return Ties(networks, twins)


@lru_cache(maxsize=2)  # on this day and the last
def _ties_on(on: date) -> Prepared:
    def question(user: Reader, members: str) -> QuerySet[Any, Any]:
        begun, ended = OneOf("from_organisation", members), OneOf("to_organisation", members)
        theirs = Q(begun, type__in=(RelationType.MEMBER_OF, RelationType.TWINNED_WITH))
        theirs |= Q(ended, type=RelationType.TWINNED_WITH)
        return relations_on(user, on).filter(theirs).values_list("type", "from_organisation_id", "to_organisation_id")

    return Prepared(question)


def named_on_page(
    user: Reader, members: Collection[int], keys: Iterable[tuple[str, int]], others: Collection[int], on: date
) -> Named:
    """The work and the wishes of the members, what else is named, and who else: one question.

    The keys come from questions that this reader may ask (``doings``): they are not asked for again.
    """
    asked: dict[str, set[int]] = defaultdict(set)
    for what, key in keys:
        asked[what].add(key)
    lists = (members, others, *(asked[what] for what in MODELS))
    rows = _NAMED.read(user, *(json.dumps(sorted(some)) for some in lists))
    records: dict[tuple[str, int], Entry] = {}
    theirs: dict[int, list[Entry]] = defaultdict(list)
    organisations: dict[int, Organisation] = {}
    for row in map(tuple, sorted(rows, key=lambda row: (row[-2], row[2]))):
        if row[0] == _WHO:
            organisations[row[2]] = _organisation(row)
        elif row[1] is None:
            records[row[0], row[2]] = _entry(row)
        elif row[0] == What.NEED or stage_on(_entry(row), on) is not Stage.FINISHED:  # that is experience, no agenda
            theirs[row[1]].append(_entry(row))
    return Named(records, theirs, organisations)


def _question(user: Reader, members: str, others: str, *asked: str) -> QuerySet[Any, Any]:
    """Of keys as lists in JSON, those of records in the order of ``MODELS``."""
    parts = Participation.objects.filter(among(visible_projects(user), "project"), OneOf("organisation", members))
    needs = visible_needs(user).filter(OneOf("organisation", members))
    return _columns(What.PROJECT, parts, Project, "project__", who=F("organisation_id")).union(
        _columns(What.NEED, needs, Need, who=F("organisation_id")),
        *(
            _columns(what, model._base_manager.filter(OneOf("pk", keys)), model)
            for (what, model), keys in zip(MODELS.items(), asked, strict=True)
        ),
        _organisations(visible_organisations(user).filter(OneOf("pk", others))),
        all=True,
    )


_NAMED = Prepared(_question)
_WHO = "organisation"
_BEGINS = {"meeting": "starts", "event": "start", "project": "start"}
_ENDS = {"meeting": "ends", "event": "end", "project": "end"}


def _columns(what: str, rows: QuerySet[Any], model: Any, path: str = "", who: Any = None) -> QuerySet[Any, Any]:
    """The same columns of whatever record there is."""
    nowhen = Cast(Value(None), DateField())
    days = {
        f"b_{one}_{end}": F(f"{path}{names[what]}_{end}") if what in names else nowhen
        for one, names in (("begin", _BEGINS), ("end", _ENDS))
        for end in ("earliest", "latest")
    }
    has_stage = what in {What.PROJECT, What.NEED}
    columns = {
        "b_what": Value(str(what), CharField()), "b_who": who or Cast(Value(None), IntegerField()),
        "b_pk": F(f"{path}pk"), "b_public_id": F(f"{path}public_id"), "b_slug": F(f"{path}slug"),
        "b_title": F(f"{path}title"), "b_stage": F(f"{path}stage") if has_stage else Value("", CharField()),
        "b_confirmed": F(f"{path}confirmed"), "b_illustrative": F(f"{path}illustrative"), **days,
        "b_sort_key": F(f"{path}sort_key"),
        "b_place": F(f"{path}place") if what in TRIPS else Value("", CharField()),
    }  # fmt: skip
    found: QuerySet[Any, Any] = rows.order_by().annotate(**columns)
    return found.values_list(*columns)


def _entry(row: tuple[Any, ...]) -> Entry:
    what, _who, _pk, public_id, slug, title, stage, confirmed, illustrative, *days, _sort_key, place = row
    model = MODELS[what]
    address = page_address(model.PAGE, slug, public_id) if model.PAGE else ""
    start, end = PartialDate(days[0], days[1]), PartialDate(days[2], days[3])
    return Entry(what, public_id, title, address, stage, bool(confirmed), bool(illustrative), start, end, place)


def _organisations(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """In the same columns: what it is called in other languages as its title, its own name as its place."""
    nowhen = Cast(Value(None), DateField())
    columns = {
        "b_what": Value(_WHO, CharField()), "b_who": Cast(Value(None), IntegerField()), "b_pk": F("pk"),
        "b_public_id": F("public_id"), "b_slug": F("slug"), "b_title": F("names"),
        "b_stage": F("name_language"), "b_confirmed": F("confirmed"), "b_illustrative": F("illustrative"),
        **{f"b_{day}": nowhen for day in DAYS}, "b_sort_key": F("short_name"), "b_place": F("name"),
    }  # fmt: skip
    found: QuerySet[Any, Any] = rows.order_by().annotate(**columns)
    return found.values_list(*columns)


def _organisation(row: tuple[Any, ...]) -> Organisation:
    _what, _who, pk, public_id, slug, names, language, *_rest, short_name, name = row
    return Organisation.from_db(None, CALLED, (pk, public_id, slug, name, language, names, short_name))


def members_with(
    organisations: Iterable[Organisation], ties: Ties, named: Named, trips: Iterable[Trip]
) -> list[Member]:
    """Everything of each."""
    coming: dict[int, list[Entry]] = defaultdict(list)
    for trip in sorted(trips, key=lambda trip: (trip.doing.begins or date.max, trip.doing.key)):
        if entry := named.records.get(trip.doing.key):
            coming[trip.doing.who].append(entry)
    found = []
    for one in organisations:
        theirs = named.theirs.get(one.pk, ())
        projects = [entry for entry in theirs if entry.what == What.PROJECT]
        wants = sorted((entry for entry in theirs if entry.what == What.NEED), key=lambda entry: entry.stage)
        networks, twins = (_by_name(keys.get(one.pk, ()), named) for keys in (ties.networks, ties.twins))
        found.append(Member(one, networks, twins, projects, wants, coming[one.pk]))
    return found


def _by_name(keys: Iterable[int], named: Named) -> list[Organisation]:
    seen = [named.organisations[key] for key in keys if key in named.organisations]
    return sorted(seen, key=lambda one: folded(one.name))
