"""Which contributions are behind a line or an action, what became of each, and what has no home yet."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value, Window
from django.db.models.functions import RowNumber

from sympolis.office.core.models import page_address
from sympolis.office.core.prepared import Prepared, columns_of, rows_of_all
from sympolis.office.core.queries import OneOf, Reader
from sympolis.office.core.texts import Text
from sympolis.office.planning.listed import ListedAction, read_text
from sympolis.office.planning.models import (
    Action,
    Contribution,
    ContributionGroup,
    ContributionLink,
    Participant,
    Plan,
    Session,
)
from sympolis.office.planning.queries import actions_in, below, visible_actions, visible_plans
from sympolis.office.planning.sessions.queries import visible_contributions, visible_sessions

SHOWN_PLACES = 60
"""With more lines and actions than these a list names the lines, and the actions of the line that is looked at."""
SHOWN_BEHIND = 12  # contributions on a public page below each line and action
_BEHIND: tuple[tuple[str, Any, list[str]], ...] = tuple(
    (path, model, columns_of(model, "id", *names))
    for path, model, names in (
        ("", Contribution, ("public_id", "text", "language", "kind", "outcome")),
        ("session__", Session, ("public_id", "slug", "title", "illustrative", "confirmed")),
        ("group__", ContributionGroup, ("name",)),
        ("participant__", Participant, ("kind",)),
    )
)
"""What is shown of a contribution that a line rests on."""
_NAMED = ("public_id", "slug", "title")


class Place(NamedTuple):
    """A line or an action in its plan. ``behind`` are the contributions at it, ``below`` those at what is in it too;
    ``bare`` are the actions directly in it that rest on nothing."""

    record: Plan | ListedAction
    depth: int
    behind: int
    below: int
    bare: int = 0

    @property
    def dashes(self) -> str:
        """How deep it is, where a list of choices shows no indent."""
        return "– " * self.depth

    @property
    def is_action(self) -> bool:
        return isinstance(self.record, ListedAction)

    @property
    def rests_on_nothing(self) -> bool:
        """Of a part of the plan: nothing was said that led to it or to anything in it."""
        return self.depth > 0 and not self.below


@dataclass(frozen=True, slots=True)
class Outline:
    """A plan with its parts at any depth, in the order of its page, and the actions of each."""

    parts: list[tuple[Plan, int]]
    actions: dict[int | None, list[ListedAction]]

    @property
    def keys(self) -> str:
        """Of the plan and its parts, as a prepared question takes them."""
        return json.dumps([part.pk for part, _depth in self.parts])


def outline_of(user: Reader, plan: Plan) -> Outline:
    """Two questions, of which nothing is read that a list does not show."""
    parts: dict[int | None, list[Plan]] = defaultdict(list)
    for row in _PARTS.read(user, plan.pk):
        part = Plan.from_db(connection.alias, _OF_A_PART, row)
        parts[part.parent_id].append(part)
    outline = Outline(list(_walk(plan, parts, 0, set())), defaultdict(list))
    for action in sorted(actions_in(user, [part.pk for part, _depth in outline.parts], *_NAMED), key=_KEY):
        outline.actions[action.plan_id].append(action)
    return outline


_OF_A_PART = columns_of(Plan, "id", *_NAMED, "parent_id")
_KEY = attrgetter("pk")
_PARTS = Prepared(
    lambda user, plan: below(visible_plans(user), plan).order_by("starts_earliest", "pk").values_list(*_OF_A_PART)
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far the way from contributions to a plan is walked."""

    contributions: int
    without_home: int
    undecided: int


def coverage_of(user: Reader, outline: Outline) -> tuple[list[Place], Coverage]:
    """The plan, its parts at any depth and their actions, in the order of its page, each with what was said that led to
    it; and how much was said at all: one question."""
    lines: Counter[int] = Counter()
    on_actions: Counter[int] = Counter()
    coverage = Coverage(0, 0, 0)
    for what, about, count, more in rows_of_all(user, ((one, (outline.keys,)) for one in _COUNTED)):
        if what == _SAID:
            coverage = Coverage(about, count, more)
        else:
            (lines if what == _AT_LINES else on_actions)[about] = count
    return _places(outline, lines, on_actions), coverage


def _places(outline: Outline, lines: Counter[int], on_actions: Counter[int]) -> list[Place]:
    tree = outline.parts
    in_all = Counter(lines)
    for part, _depth in reversed(tree):
        in_all[part.pk] += sum(on_actions[action.pk] for action in outline.actions.get(part.pk, ()))
        if part.parent_id is not None and part is not tree[0][0]:
            in_all[part.parent_id] += in_all[part.pk]
    places = []
    for part, depth in tree:
        actions = outline.actions.get(part.pk, ())
        bare = sum(not on_actions[one.pk] for one in actions)
        places.append(Place(part, depth, lines[part.pk], in_all[part.pk], bare))
        places += [Place(one, depth + 1, on_actions[one.pk], on_actions[one.pk]) for one in actions]
    return places


def places_listed(places: list[Place], under: Place | None) -> list[Place]:
    """All of them where they are few; else the lines, with the actions of the one that is looked at."""
    if len(places) <= SHOWN_PLACES:
        return places
    at = under.record if under else None
    line = at.plan_id if isinstance(at, ListedAction) else at.pk if at else None
    return [one for one in places if not isinstance(one.record, ListedAction) or one.record.plan_id == line]


def _walk(plan: Plan, parts: dict[int | None, list[Plan]], depth: int, met: set[int]) -> Iterator[tuple[Plan, int]]:
    if plan.pk in met:
        return
    met.add(plan.pk)
    yield plan, depth
    for part in parts[plan.pk]:
        yield from _walk(part, parts, depth + 1, met)


_AT_LINES, _AT_ACTIONS, _SAID = range(3)


def _links(plans: str, end: str, among: QuerySet[Any] | None, what: int) -> QuerySet[Any, Any]:
    """What is counted: ``what``, a line or an action, how many contributions are behind it."""
    back = Contribution.objects.filter(taken_back=True).order_by().values("pk")  # little: the rest is in the index
    links = ContributionLink.objects.exclude(contribution__in=back).order_by()
    links = links.filter(OneOf("line_id", plans) if among is None else Q(**{f"{end}__in": among}))
    return links.annotate(what=Value(what)).values_list("what", end).annotate(n=Count("pk"), more=Value(0))


def _said_question(user: Reader, plans: str) -> QuerySet[Any, Any]:
    """All that was said for the plans: how much it is, how much of it has no home, of how much nobody decided."""
    said = visible_contributions(user).filter(session__in=_sessions(user, plans).values("pk")).order_by()
    # Of thousands it is quicker to read all links there are once than to look for those of each.
    at_home: Any = ContributionLink.objects.order_by().values("contribution")
    homeless, undecided = Count("pk", filter=~Q(pk__in=at_home)), Count("pk", filter=Q(outcome=""))
    return said.annotate(what=Value(_SAID)).values_list("what").annotate(n=Count("pk"), home=homeless, more=undecided)


def _sessions(user: Reader, plans: str) -> QuerySet[Session]:
    """The sessions that are about a plan or any part of it."""
    return visible_sessions(user).filter(OneOf("plan_id", plans))


HAS_HOME = Exists(ContributionLink.objects.filter(contribution=OuterRef("pk")))
_COUNTED = (
    Prepared(lambda user, plans: _links(str(plans), "line", None, _AT_LINES)),
    Prepared(
        lambda user, plans: _links(
            str(plans),
            "action",
            Action.objects.filter(OneOf("plan_id", str(plans))).order_by().values("pk"),
            _AT_ACTIONS,
        )
    ),
    Prepared(_said_question),
)


class HeardGroup(NamedTuple):
    """A group of a session, with how many contributions are in it."""

    pk: int
    name: Text
    position: int
    in_it: int


@dataclass(frozen=True, slots=True)
class Heard:
    """A session that is about a plan or a part of it, with its groups."""

    pk: int
    public_id: str
    title: Text
    groups: list[HeardGroup]


def heard_for(user: Reader, outline: Outline) -> list[Heard]:
    """The sessions about a plan and its parts: one question."""
    found: dict[int, Heard] = {}
    for group, session, public_id, words, position, in_it in rows_of_all(
        user, ((one, (outline.keys,)) for one in (_SESSIONS, _GROUPS))
    ):
        if group:
            found[session].groups.append(HeardGroup(group, read_text(words), position, in_it))
        else:
            found[session] = Heard(session, public_id, read_text(words), [])
    return list(found.values())


def _groups_question(user: Reader, plans: str) -> QuerySet[Any, Any]:
    groups = ContributionGroup.objects.filter(session__in=_sessions(user, plans).order_by().values("pk"))
    in_it = Count("contributions", filter=Q(contributions__taken_back=False))
    return groups.annotate(in_it=in_it, none=Value("")).values_list(
        "pk", "session", "none", "name", "position", "in_it"
    )


_SESSIONS = Prepared(
    lambda user, plans: (
        _sessions(user, str(plans))
        .annotate(none=Value(0), at=Value(0), in_it=Value(0))
        .values_list("none", "pk", "public_id", "title", "at", "in_it")
    )
)
_GROUPS = Prepared(_groups_question)


def said_for(user: Reader, sessions: Iterable[Heard]) -> QuerySet[Contribution]:
    """What was said in sessions; ``HAS_HOME`` tells what is behind a line or an action."""
    return visible_contributions(user).filter(session__in=[one.pk for one in sessions])


@dataclass(frozen=True, slots=True)
class Home:
    """A line or an action that a contribution is behind; ``link`` is what says so."""

    link: int
    title: Text
    address: str


def with_homes[C: Contribution](user: Reader, said: Iterable[C]) -> list[C]:
    """Contributions with ``homes``, where they are in what the reader may see: one question, no record of any."""
    rows: list[Any] = list(said)
    homes: dict[int, list[Home]] = defaultdict(list)
    for link, contribution, line, *ends in _HOMES.rows(user, json.dumps([one.pk for one in rows])):
        public_id, slug, title = ends[:3] if line else ends[3:]
        address = page_address((Plan if line else Action).PAGE, slug, public_id)
        homes[contribution].append(Home(link, read_text(title), address))
    for one in rows:
        one.homes = homes.get(one.pk, [])
    return rows


def _homes_question(user: Reader, said: str) -> QuerySet[Any, Any]:
    plans = visible_plans(user)
    seen = Q(line__in=plans) | Q(action__in=visible_actions(user), action__plan__in=plans)
    links = ContributionLink.objects.filter(seen, OneOf("contribution_id", said)).order_by("pk")
    ends = [f"{end}__{column}" for end in ("line", "action") for column in _NAMED]
    return links.values_list("pk", "contribution", "line", *ends)


_HOMES = Prepared(_homes_question)


@dataclass(frozen=True, slots=True)
class Grounds:
    """What was said that a line or an action rests on: how many contributions, and the first of them."""

    count: int
    first: list[Contribution]

    @property
    def more(self) -> int:
        return self.count - len(self.first)


def grounds_counted(user: Reader, plans: Iterable[Plan]) -> dict[int, Grounds]:
    """Line -> on how much it rests, as ``grounds_of`` says it, without the words: one question."""
    lines = json.dumps([one.pk for one in plans])
    return {line: Grounds(count, []) for line, count in _GROUNDS_COUNTED.rows(user, lines)}


def _counted_question(user: Reader, lines: str) -> QuerySet[Any, Any]:
    sessions = visible_sessions(user).filter(published_at__isnull=False, decisions_published_at__isnull=False)
    # What is not read is little; the rest is in the index.
    shut = Contribution.objects.filter(Q(taken_back=True) | ~Q(session__in=sessions)).order_by().values("pk")
    links = ContributionLink.objects.filter(OneOf("line_id", lines)).exclude(contribution__in=shut)
    return links.order_by().values_list("line").annotate(n=Count("pk"))


_GROUNDS_COUNTED = Prepared(_counted_question)


def grounds_of(user: Reader, plans: Iterable[Plan], actions: Iterable[Action]) -> dict[str, Grounds]:
    """Public id of a line or an action -> what it rests on, of sessions published with their decisions: one question.

    Officers see no more than everybody does: this is what the public pages say.
    """
    lines, acts = {one.pk: one.public_id for one in plans}, {one.pk: one.public_id for one in actions}
    found: dict[str, Grounds] = {}
    for line, action, *about, count in _GROUNDS.read(user, json.dumps(list(lines)), json.dumps(list(acts))):
        key = lines[line] if line else acts[action]
        found.setdefault(key, Grounds(count, [])).first.append(_behind(about))
    return found


def _grounds_question(user: Reader, lines: str, acts: str) -> QuerySet[Any, Any]:
    sessions = visible_sessions(user).filter(published_at__isnull=False, decisions_published_at__isnull=False)
    # From the few links of a page, and not from all that was said.
    rows = ContributionLink.objects.order_by().values("pk")
    ours = rows.filter(OneOf("line_id", lines)).union(rows.filter(OneOf("action_id", acts)), all=True)
    links = ContributionLink.objects.filter(pk__in=ours)
    links = links.filter(contribution__taken_back=False, contribution__session__in=sessions)
    place: list[Any] = ["line", "action"]
    links = links.annotate(
        at=Window(RowNumber(), partition_by=place, order_by=["contribution__group", "pk"]),
        everything=Window(Count("pk"), partition_by=place),
    )
    columns = [f"contribution__{path}{column}" for path, _model, columns in _BEHIND for column in columns]
    return links.filter(at__lte=SHOWN_BEHIND).order_by("at").values_list("line", "action", *columns, "everything")


_GROUNDS = Prepared(_grounds_question)


def _behind(row: list[Any]) -> Contribution:
    """A contribution with its session, its group and who said it, of each what is shown."""
    made: dict[str, Any] = {}
    for path, model, columns in _BEHIND:
        values, row = row[: len(columns)], row[len(columns) :]
        made[path] = model.from_db(connection.alias, columns, values) if values[0] else None
    one: Contribution = made[""]
    one.session, one.group, one.participant = made["session__"], made["group__"], made["participant__"]
    return one
