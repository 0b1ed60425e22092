"""One answer to a need: calls, projects, practices, actions and the cities that have them, in one list, best first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from sympolis.engine.match import applicants_of, eligibility, strength_among
from sympolis.engine.match.calls import is_open_or_forthcoming, next_deadline, objections, weakened
from sympolis.engine.model import Answer as EngineAnswer
from sympolis.engine.model import Call as EngineCall
from sympolis.engine.model import Strength
from sympolis.office.core.queries import Reader
from sympolis.office.core.search import SearchHit
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.planning.queries import visible_actions
from sympolis.office.projects.enums import NeedStage
from sympolis.office.projects.models import Call, Participation
from sympolis.office.projects.practices.queries import visible_practices
from sympolis.office.projects.queries import visible_calls, visible_needs
from sympolis.office.synergies.answers import engine_call
from sympolis.office.synergies.enums import PartnerVerdict
from sympolis.office.synergies.learning import Learning
from sympolis.office.synergies.weighing import LEAST, Found, Weighed, weigh
from sympolis.office.synergies.world_calls import topic_of, with_conditions, world_call

KINDS = ("call", "project", "practice", "action", "organisation")
"""What may answer, in the order of the filter."""

MOST_OF_A_KIND = 10
"""Where no kind was asked for, none takes more places than this: the rest is behind the filter."""

SHARES = (0.9, 0.1, 0.05)
"""How much of the weight of its best, second and third record goes to an organisation: with one it stands under it."""

OUT = frozenset({PartnerVerdict.NO, PartnerVerdict.LATER})
"""What is said of an answer that takes up no place among the others."""

NOTHING_SAID: Mapping[str, str] = MappingProxyType({})

LARGEST_PROJECT = 12
"""In a larger one nobody can tell what each has done about it: only its lead partner answers with it."""

_FOUND_KINDS = ("call", "project", "practice", "need", "action")


@dataclass(frozen=True, slots=True)
class NeedAnswer:
    """One answer. ``hit`` is the record with the passage that answers; of an organisation the best of its records.
    ``beyond``: how far that record stands out among all that were weighed.

    ``organisation`` answers by what it has: ``grounds`` are those records, best first. Of a call ``closes`` is its
    next deadline and ``eligibility`` the five answers for the office's own organisation.
    """

    kind: str
    score: float
    beyond: float
    hit: SearchHit
    organisation: Organisation | None = None
    grounds: tuple[SearchHit, ...] = ()
    closes: date | None = None
    eligibility: tuple[EngineAnswer, ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)  # of an organisation its best record's

    @property
    def key(self) -> str:
        """By what a person's answer to it is kept."""
        return self.organisation.public_id if self.organisation else self.hit.public_id

    @property
    def title(self) -> str:
        return self.organisation.name if self.organisation else self.hit.title.text

    @property
    def illustrative(self) -> bool:
        """Whether it, or a record it answers with, is an example."""
        return any(hit.is_example for hit in (self.hit, *self.grounds)) or (
            self.organisation is not None and self.organisation.illustrative
        )

    @property
    def strength(self) -> Strength:
        return strength_among(self.score, self.beyond)


@dataclass(frozen=True, slots=True)
class NeedAnswers:
    """Answers, best first, and how many of each kind there are; ``unavailable``: there is no index yet.

    What somebody said later or no to is in neither; ``learning`` is what the order was taught.
    """

    answers: list[NeedAnswer]
    counts: Mapping[str, int] = field(default_factory=dict)
    unavailable: bool = False
    put_off: list[NeedAnswer] = field(default_factory=list)
    put_aside: list[NeedAnswer] = field(default_factory=list)
    learning: Learning = field(default_factory=Learning)


@dataclass(frozen=True, slots=True)
class _Ranked:
    """An answer before its passage is looked for."""

    kind: str
    score: float
    order: float
    best: Weighed
    organisation: Organisation | None = None
    grounds: tuple[Weighed, ...] = ()
    call: EngineCall | None = None

    @property
    def key(self) -> str:
        return self.organisation.public_id if self.organisation else self.best.hit.document.id


def answers_to(
    user: Reader,
    text: str,
    on: date,
    *,
    kinds: Collection[str] = (),
    language: str = "en",
    limit: int = 30,
    ours: Organisation | None = None,
    offers_alone: bool = False,
    said: Mapping[str, str] = NOTHING_SAID,
    only: str = "",
) -> NeedAnswers:
    """What answers a need written in any language, best first; ``ours`` is for whom calls are looked at.

    What ``ours`` needs itself is no answer, and with ``offers_alone`` neither is what another city needs. A call that
    is over is left out; what speaks against it weakens it as in ``fitting_calls``. ``said``: key of an answer -> what
    was decided about it; a yes is among the answers however many stand before it. With ``only`` nothing else is told.
    """
    found = weigh(user, text, _FOUND_KINDS)
    if found is None:
        return NeedAnswers([], unavailable=True)
    ranked = [*_records(found), *_calls(user, found, on, ours), *_organisations(user, found, offers_alone, ours)]
    ranked = [one for one in ranked if one.score >= LEAST and only in ("", one.key)]
    ranked.sort(key=lambda one: (-one.order, KINDS.index(one.kind), one.best.hit.document.id, one.key))
    open_still = [one for one in ranked if said.get(one.key) not in OUT]
    counts = Counter(one.kind for one in open_still)
    wanted = [one for one in ranked if not kinds or one.kind in kinds]
    listed = [one for one in open_still if one.kind in kinds] if kinds else _mixed(open_still)
    first = {one.key for one in listed[:limit]}
    chosen = [one for one in wanted if one.key in said or one.key in first]
    told = _told(user, found, chosen, language, on, ours)
    return NeedAnswers(
        [one for one in told if said.get(one.key) not in OUT],
        {kind: counts[kind] for kind in KINDS if counts[kind]},
        put_off=[one for one in told if said.get(one.key) == PartnerVerdict.LATER],
        put_aside=[one for one in told if said.get(one.key) == PartnerVerdict.NO],
        learning=found.learning,
    )


PUBLIC_KINDS = ("practice", "project", "organisation")
"""What a writer without an account is shown: who offers it, and by what."""


def public_answers_to(text: str, on: date, language: str, writer: Organisation, limit: int = 12) -> NeedAnswers:
    """The same as anybody may see it, without the writer's own organisation."""
    found = answers_to(
        AnonymousUser(), text, on, kinds=PUBLIC_KINDS, language=language, limit=limit + 1, offers_alone=True
    )
    others = [one for one in found.answers if one.organisation is None or one.organisation.pk != writer.pk]
    return NeedAnswers(others[:limit], found.counts, found.unavailable)


def _mixed(ranked: Iterable[_Ranked]) -> list[_Ranked]:
    taken: Counter[str] = Counter()
    chosen = []
    for one in ranked:
        taken[one.kind] += 1
        if taken[one.kind] <= MOST_OF_A_KIND:
            chosen.append(one)
    return chosen


def _records(found: Found) -> list[_Ranked]:
    """Projects, practices and actions as they are; somebody else's need is no answer, only its city's is."""
    kinds = {"project", "practice", "action"}
    return [
        _Ranked(one.hit.document.kind, one.score, one.order, one)
        for one in found.weighed
        if one.hit.document.kind in kinds
    ]


def _calls(user: Reader, found: Found, on: date, ours: Organisation | None) -> list[_Ranked]:
    weighed = [one for one in found.weighed if one.hit.document.kind == "call"]
    ids = [one.hit.document.id for one in weighed]
    rows = visible_calls(user).filter(public_id__in=ids) if ids else Call.objects.none()
    own = {row.public_id: with_conditions(engine_call(row)) for row in rows} if ids else {}
    kept = {topic_of(call) for call in own.values()}
    countries, kinds = _applicant(ours)
    ranked = []
    for one in weighed:
        key = one.hit.document.id
        call = own.get(key) or world_call(key)
        if call is None or not is_open_or_forthcoming(call, on) or (key not in own and topic_of(call) in kept):
            continue
        left = weakened(objections(call, countries, kinds, on))
        ranked.append(_Ranked("call", round(one.score * left, 6), round(one.order * left, 6), one, call=call))
    return ranked


def _applicant(ours: Organisation | None) -> tuple[list[str], list[str]]:
    if ours is None:
        return [], []
    return [ours.country] if ours.country else [], [ours.kind]


def _organisations(user: Reader, found: Found, offers_alone: bool, ours: Organisation | None) -> list[_Ranked]:
    """Whoever has something that answers, by all it has; the records are its grounds."""
    weighed = {one.hit.document.id: one for one in found.weighed if one.hit.document.kind != "call"}
    grounds: dict[int, list[Weighed]] = defaultdict(list)
    owners = set(_owners(user, weighed, offers_alone, ours))
    for pk, public_id in sorted(owners, key=lambda pair: -weighed[pair[1]].score):
        grounds[pk].append(weighed[public_id])
    rows = visible_organisations(user).filter(pk__in=list(grounds)).in_bulk() if grounds else {}
    return [
        _Ranked(
            "organisation",
            _by_all(one.score for one in grounds[pk]),
            _by_all(one.order for one in grounds[pk]),
            grounds[pk][0],
            row,
            tuple(grounds[pk][: len(SHARES)]),
        )
        for pk, row in rows.items()
    ]


def _by_all(weights: Iterable[float]) -> float:
    """What the best says, and a little more for every further record that answers."""
    rest = 1.0
    for share, weight in zip(SHARES, sorted(weights, reverse=True), strict=False):
        rest *= 1 - share * min(weight, 1.0)
    return round(1 - rest, 6)


def _owners(
    user: Reader, weighed: Collection[str], offers_alone: bool, ours: Organisation | None
) -> Iterable[tuple[int, str]]:
    """(organisation, record) in three questions. The records were seen by the reader already."""
    by_kind = {
        prefix: [key for key in weighed if key.startswith(prefix)] for prefix in ("prj_", "nee_", "pra_", "act_")
    }
    if ids := by_kind["prj_"]:
        yield from _parts(ids)
    if by_kind["nee_"] or by_kind["pra_"]:
        needs: Any = visible_needs(user).filter(public_id__in=by_kind["nee_"]).order_by()
        needs = needs.filter(stage=NeedStage.OFFER) if offers_alone else needs
        needs = needs.exclude(~Q(stage=NeedStage.OFFER), organisation=ours) if ours else needs
        practices = visible_practices(user).filter(public_id__in=by_kind["pra_"]).order_by()
        yield from needs.values_list("organisation", "public_id").union(
            practices.values_list("organisation", "public_id")
        )
    if ids := by_kind["act_"]:
        rows = visible_actions(user).filter(public_id__in=ids).order_by()
        for public_id, *ends in rows.values_list("public_id", "organisations", "plan__organisation"):
            yield from ((pk, public_id) for pk in ends if pk is not None)


def _parts(ids: Sequence[str]) -> Iterable[tuple[int, str]]:
    parts: dict[str, list[tuple[int, str]]] = defaultdict(list)
    rows = Participation.objects.filter(project__public_id__in=ids).order_by("pk")
    for public_id, organisation, role in rows.values_list("project__public_id", "organisation", "role"):
        parts[public_id].append((organisation, role))
    for public_id, listed in parts.items():
        small = len(listed) <= LARGEST_PROJECT
        yield from ((pk, public_id) for pk, role in listed if small or role == "lead")


def _told(
    user: Reader, found: Found, ranked: Sequence[_Ranked], language: str, on: date, ours: Organisation | None
) -> list[NeedAnswer]:
    """With the passages of the records that are shown, each looked for once."""
    wanted = {one.hit.document.id: one for each in ranked for one in (each.best, *each.grounds)}
    hits = {hit.public_id: hit for hit in found.shown(user, list(wanted.values()), language)}
    applicants = applicants_of(*_applicant(ours))
    return [
        NeedAnswer(
            kind=each.kind,
            score=each.score,
            beyond=each.best.beyond,
            hit=hits[each.best.hit.document.id],
            organisation=each.organisation,
            grounds=tuple(hits[one.hit.document.id] for one in each.grounds),
            closes=next_deadline(each.call, on) if each.call else None,
            eligibility=eligibility(each.call, applicants, on) if each.call else (),
            scores=each.best.scores,
        )
        for each in ranked
    ]
