"""Which contributions are behind a line or an action, what became of each, and what has no home yet."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value, Window
from django.db.models.functions import RowNumber

from sympolis.office.core.models import page_address
from sympolis.office.core.prepared import Prepared, columns_of
from sympolis.office.core.queries import OneOf, Reader
from sympolis.office.core.texts import Text
from sympolis.office.planning.kept import kept, plan_token, token_of
from sympolis.office.planning.listed import ListedAction, listed
from sympolis.office.planning.models import (
    Action,
    Contribution,
    ContributionGroup,
    ContributionLink,
    Participant,
    Plan,
    Session,
)
from sympolis.office.planning.queries import visible_actions, visible_plans
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


@dataclass(frozen=True, slots=True)
class Place:
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


def outline_of(user: Reader, plan: Plan) -> Outline:
    """``plan`` ``with_tokens``: no question where it is kept, two where it is not."""
    return kept(plan_token(plan), user, ("outline", plan.pk), lambda: _outline(user, plan))


def _outline(user: Reader, plan: Plan) -> Outline:
    parts: dict[int | None, list[Plan]] = defaultdict(list)
    for part in visible_plans(user).only(*_NAMED, "parent").order_by("starts_earliest", "pk"):
        parts[part.parent_id].append(part)
    tree = list(_walk(plan, parts, 0, set()))
    actions: dict[int | None, list[ListedAction]] = defaultdict(list)
    shown = visible_actions(user).filter(plan__in=[one.pk for one, _depth in tree])
    for action in listed(shown.order_by("pk"), *_NAMED):
        actions[action.plan_id].append(action)
    return Outline(tree, dict(actions))


def places_of(user: Reader, plan: Plan) -> list[Place]:
    """The plan, its parts at any depth and their actions, in the order of its page: one question besides its outline,
    none where nothing was said since it was asked."""
    outline = outline_of(user, plan)
    tree = outline.parts
    lines, on_actions = kept(token_of(plan), user, ("behind", plan.pk), lambda: _counted(tree))
    below = Counter(lines)
    for part, _depth in reversed(tree):
        below[part.pk] += sum(on_actions[action.pk] for action in outline.actions.get(part.pk, ()))
        if part.parent_id is not None and part.pk != plan.pk:
            below[part.parent_id] += below[part.pk]
    places = []
    for part, depth in tree:
        actions = outline.actions.get(part.pk, ())
        bare = sum(not on_actions[one.pk] for one in actions)
        places.append(Place(part, depth, lines[part.pk], below[part.pk], bare))
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


def _counted(tree: list[tuple[Plan, int]]) -> tuple[Counter[int], Counter[int]]:
    """Contributions at each line and at each action, by primary key."""
    plans = [one.pk for one, _depth in tree]
    back = Contribution.objects.filter(taken_back=True).order_by().values("pk")  # little: the rest is in the index
    links = ContributionLink.objects.exclude(contribution__in=back).order_by()
    at_lines = links.filter(line__in=plans).values_list("line").annotate(n=Count("pk"), is_line=Value(True))
    deeds = Action.objects.filter(plan__in=plans).order_by().values("pk")
    at_actions = links.filter(action__in=deeds).values_list("action").annotate(n=Count("pk"), is_line=Value(False))
    lines: Counter[int] = Counter()
    actions: Counter[int] = Counter()
    for place, count, is_line in at_lines.union(at_actions, all=True).order_by():
        (lines if is_line else actions)[place] = count
    return lines, actions


def sessions_for(user: Reader, places: Iterable[Place]) -> QuerySet[Session]:
    """The sessions that are about a plan or any part of it."""
    plans = [place.record.pk for place in places if not place.is_action]
    return visible_sessions(user).filter(plan__in=plans)


HAS_HOME = Exists(ContributionLink.objects.filter(contribution=OuterRef("pk")))


def said_for(user: Reader, sessions: Iterable[Session]) -> QuerySet[Contribution]:
    """What was said in sessions; ``HAS_HOME`` tells what is behind a line or an action."""
    return visible_contributions(user).filter(session__in=list(sessions))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far the way from contributions to a plan is walked."""

    contributions: int
    without_home: int
    undecided: int
    chosen: int


def coverage_of(said: QuerySet[Contribution], chosen: QuerySet[Contribution] | None) -> Coverage:
    """Of all that was said for a plan, and how many of it are ``chosen``, all where nothing was: one question."""
    some = {} if chosen is None else {"chosen": Count("pk", filter=Q(pk__in=chosen.values("pk")))}
    counted = said.aggregate(
        everything=Count("pk"),
        homeless=Count("pk", filter=~HAS_HOME),
        undecided=Count("pk", filter=Q(outcome="")),
        **some,
    )
    everything = counted["everything"]
    return Coverage(everything, counted["homeless"], counted["undecided"], counted.get("chosen", everything))


def groups_for(sessions: Iterable[Session]) -> QuerySet[ContributionGroup]:
    """The groups of sessions, with how many contributions each has."""
    in_it = Count("contributions", filter=Q(contributions__taken_back=False))
    return ContributionGroup.objects.filter(session__in=list(sessions)).annotate(in_it=in_it)


@dataclass(frozen=True, slots=True)
class Home:
    """A line or an action that a contribution is behind; ``link`` is what says so."""

    link: int
    title: Text
    address: str


def with_homes[C: Contribution](user: Reader, said: Iterable[C]) -> list[C]:
    """Contributions with ``homes``, where they are in what the reader may see: one question, no record of any."""
    rows: list[Any] = list(said)
    plans = visible_plans(user)
    seen = Q(line__in=plans) | Q(action__in=visible_actions(user), action__plan__in=plans)
    links = ContributionLink.objects.filter(seen, contribution__in=[one.pk for one in rows]).order_by("pk")
    ends = [f"{end}__{column}" for end in ("line", "action") for column in _NAMED]
    homes: dict[int, list[Home]] = defaultdict(list)
    for link, contribution, line, *named in links.values_list("pk", "contribution", "line", *ends):
        public_id, slug, title = named[:3] if line else named[3:]
        address = page_address((Plan if line else Action).PAGE, slug, public_id)
        homes[contribution].append(Home(link, title, address))
    for one in rows:
        one.homes = homes.get(one.pk, [])
    return rows


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
