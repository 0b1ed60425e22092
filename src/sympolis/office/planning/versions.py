"""A plan word for word as it was on a day, and what differs between two such versions."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet, Value

from sympolis.office.core.actions import keep_record
from sympolis.office.core.lists import list_fields
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.prepared import Prepared, columns_of, rows_of_all
from sympolis.office.core.queries import OneOf, Reader
from sympolis.office.planning.enums import PlanStage
from sympolis.office.planning.models import Action, Plan, PlanVersion
from sympolis.office.planning.queries import ANYBODY, below

type Entry = dict[str, Any]
type Content = dict[str, dict[str, Entry]]
TEXTS = ("title", "text", "objective", "local_targets")
PLAN_FIELDS = ("kind", "code", "position", "weight", "starts", "ends")
ACTION_FIELDS = (
    "code", "position", "weight", "themes", "sdgs", "countries", "regions", "place", "starts", "ends", "budget",
    "currency", "money_from", "status",
)  # fmt: skip
PLAN_LISTS = ("serves",)
ACTION_LISTS = ("organisations", "projects", "calls", "agreements", "events")
SINCE_LISTS = frozenset({*PLAN_LISTS, *ACTION_LISTS, "department"})
"""What versions kept before there were lists in them do not say: of these nothing is known, which is no difference."""
_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
MOST_TOKENS = 1_600


def content_of(plan: Plan) -> Content:
    """A plan with all its lines and actions, whoever may see them: each says who that is."""
    plans = {one.pk: one for one in below(Plan.objects.all(), plan.pk)}
    within = json.dumps(list(plans))
    listed = _lists(within)
    actions = {}
    for public_id, pk, plan_id, *row in _ACTIONS.rows(ANYBODY, within):
        part_of = plans[plan_id].public_id
        read = _read_action if isinstance(row[_TITLE], str) else _read_action.__wrapped__
        actions[public_id] = {**read(tuple(row)), "part_of": part_of, **listed(Action, pk)}
    parts = {one.public_id: {**_plan(one, plans), **listed(Plan, one.pk)} for one in plans.values()}
    return {"parts": parts, "actions": actions}


def _plan(one: Plan, plans: Mapping[int, Plan]) -> Entry:
    above = plans.get(one.parent_id or 0)
    return {**_entry(one, PLAN_FIELDS), "part_of": above.public_id if above else ""}


@lru_cache(maxsize=2_048)
def _read_action(row: tuple[Any, ...]) -> Entry:
    """What a row says of an action itself: the same words are read once."""
    made, _values = _ACTIONS.made(ANYBODY, ("",))
    *values, department = made.read((None, None, None, *row))[len(_KNOWN_BY) :]
    one = Action.from_db(connection.alias, _COLUMNS, values)
    return {**_entry(one, ACTION_FIELDS), "department": department or ""}


def _actions_question(_user: Reader, plans: str) -> QuerySet[Any, Any]:
    rows = Action.objects.filter(OneOf("plan_id", plans)).order_by("pk")
    return rows.values_list(*_KNOWN_BY, *_COLUMNS, "department__public_id")


_KNOWN_BY = ("public_id", "pk", "plan_id")
_COLUMNS = columns_of(
    Action,
    "visibility",
    *TEXTS,
    *ACTION_FIELDS,
    *(f"{day}_{end}" for day in ("starts", "ends") for end in ("earliest", "latest")),
)
_TITLE = _COLUMNS.index("title")
_ACTIONS = Prepared(_actions_question)


def _lists(plans: str) -> Callable[[type[Plan | Action], int], Entry]:
    """The lists of plans and of their actions, by public id: one question. People answer for actions in the office's
    own records; a version names none."""
    known: dict[tuple[str, int], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for of, name, owner, public_id in rows_of_all(ANYBODY, ((one, (plans,)) for one in _every_list())):
        known[of, owner][name].append(public_id)

    def listed(model: type[Plan | Action], pk: int) -> Entry:
        names = PLAN_LISTS if model is Plan else ACTION_LISTS
        there = known.get((model.__name__, pk))
        return {name: sorted(there[name]) if there else [] for name in names}

    return listed


@lru_cache
def _every_list() -> tuple[Prepared, ...]:
    return tuple(
        _list_question(model, field)
        for model, names in ((Plan, PLAN_LISTS), (Action, ACTION_LISTS))
        for field in list_fields(model)
        if field.name in names
    )


def _list_question(model: type[Plan | Action], field: Any) -> Prepared:
    def question(_user: Reader, plans: str) -> QuerySet[Any, Any]:
        key = f"{field.owner}_id" if model is Plan else f"{field.owner}__plan_id"
        found: QuerySet[Any] = field.through._default_manager.filter(OneOf(key, plans)).order_by()
        said = found.annotate(of=Value(model.__name__), what=Value(field.name))
        rows: QuerySet[Any, Any] = said.values_list("of", "what", f"{field.owner}_id", f"{field.target}__public_id")
        return rows

    return Prepared(question)


def _entry(one: Plan | Action, names: tuple[str, ...]) -> Entry:
    texts = {name: getattr(one, name).plain() for name in TEXTS if hasattr(one, name)}
    return {"visibility": one.visibility, **texts, **{name: _plain(getattr(one, name)) for name in names}}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value if isinstance(value, int) else "" if value is None else str(value)


@transaction.atomic
def take_version(user: User, plan: Plan, stage: str, label: str) -> PlanVersion:
    """Keep the plan as it is now, as what went into consultation or was approved; the plan stands at that stage from
    then on. Raises PermissionDenied where the user is no officer."""
    officers_only(user)
    plan.stage = PlanStage(stage)
    plan._history_user = user  # type: ignore[attr-defined]  # the history asks for it
    keep_record(plan)
    return PlanVersion.objects.create(plan=plan, stage=stage, label=label, content=content_of(plan), by=user)


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field of one line or action, before and after; of texts the language too."""

    name: str
    language: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """A line or an action that came, went, or is not what it was."""

    kind: str  # part or action
    public_id: str
    title: dict[str, str]
    what: str  # added, removed or changed
    fields: tuple[FieldDifference, ...] = ()


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What differs between two contents, lines before actions, each in the order of the newer one."""
    found = []
    for section, kind in (("parts", "part"), ("actions", "action")):
        old, new = before.get(section, {}), after.get(section, {})
        for public_id, entry in new.items():
            if public_id not in old:
                found.append(Difference(kind, public_id, entry["title"], "added"))
            elif fields := tuple(_fields(old[public_id], entry)):
                found.append(Difference(kind, public_id, entry["title"], "changed", fields))
        found += [Difference(kind, gone, entry["title"], "removed") for gone, entry in old.items() if gone not in new]
    return found


def _fields(old: Entry, new: Entry) -> Iterator[FieldDifference]:
    for name in dict.fromkeys([*new, *old]):
        before, after = old.get(name, ""), new.get(name, "")
        if name == "visibility" or before == after or (name in SINCE_LISTS and not (name in old and name in new)):
            continue
        if name in TEXTS:
            before, after = before or {}, after or {}
            for language in dict.fromkeys([*after, *before]):
                if before.get(language, "") != after.get(language, ""):
                    yield FieldDifference(name, language, before.get(language, ""), after.get(language, ""))
        else:
            yield FieldDifference(name, "", before, after)


def open_part(content: Mapping[str, Any], hidden: frozenset[str], visibilities: Container[str]) -> Content:
    """What a reader to whom these visibilities are open may see of a content: what was open then and is not hidden
    since, nor below what is."""
    parts, actions = content.get("parts", {}), content.get("actions", {})
    shown: dict[str, Entry] = {}

    def is_shown(public_id: str, seen: tuple[str, ...] = ()) -> bool:
        entry = parts.get(public_id)
        if entry is None or public_id in hidden or public_id in seen or entry["visibility"] not in visibilities:
            return False
        above = entry.get("part_of", "")
        return not above or is_shown(above, (*seen, public_id))

    shown = {one: entry for one, entry in parts.items() if is_shown(one)}
    acting = {
        one: entry
        for one, entry in actions.items()
        if entry["visibility"] in visibilities and one not in hidden and entry.get("part_of", "") in shown
    }
    return {"parts": shown, "actions": acting}


def hidden_now(content: Mapping[str, Any], visibilities: Collection[str]) -> frozenset[str]:
    """Which of a content's lines and actions are not open today: two questions."""
    found: set[str] = set()
    for model, section in ((Plan, "parts"), (Action, "actions")):
        said = model._default_manager.filter(public_id__in=list(content.get(section, {})))
        rows = said.exclude(visibility__in=visibilities)
        found.update(rows.values_list("public_id", flat=True))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stayed, went (``del``) or came (``ins``)."""

    kind: str
    text: str


def marked(before: str, after: str) -> list[Piece]:
    """Two texts as one, the words that went and came marked. Long texts are marked as a whole."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if max(len(old), len(new)) > MOST_TOKENS:
        return [Piece("del", before), Piece("ins", after)]
    pieces: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("", "".join(old[a:b])))
            continue
        if b > a:
            pieces.append(Piece("del", "".join(old[a:b])))
        if d > c:
            pieces.append(Piece("ins", "".join(new[c:d])))
    return pieces
