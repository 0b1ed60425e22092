"""For a call and a lead, partners that meet the call's rules, cover what it asks for and are spread over regions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from ...errors import EngineError
from ...model import Answer, Call, Feature, Strength, Verdict
from .asked import asked_of
from .choice import Choice
from .records import (
    Asked,
    Candidate,
    CompetenceCovered,
    Consortium,
    Cover,
    Member,
    Missing,
    Options,
    Region,
    RoleFilled,
)
from .regions import region_of
from .rules import Judge, fills, roles_of
from .worth import Worth, covers, tie_feature

type Reasons = Callable[[Sequence[str]], Mapping[str, Sequence[Feature]]]

USUAL_SIZE = 8
"""Bodies in a consortium where the call doesn't tell: three in four of 88 projects of the Seventh Framework Programme
and Horizon 2020 (samples of CORDIS) had at least so many; half of them had at least 11."""

LARGEST = 40
OTHERS = 8
_NAMED = 5
_REASON = 0.3


def build_consortium(
    call: Call,
    lead: Candidate,
    candidates: Iterable[Candidate],
    on: date,
    options: Options | None = None,
    *,
    reasons: Reasons = lambda ids: {},
) -> Consortium:
    """The lead and partners out of ``candidates`` for a call, as things stand on a day.

    Nobody against whom a strict no stands is chosen, unless ``options.include`` names it; of whom it can't be told is
    chosen only if that leaves no rule open which would be met without, or a rule needs it. The number of bodies is what
    is wished, within the call's numbers; where the rules need more, they are more. The same input in any order gives
    the same set. ``reasons`` is asked once, for ids of those who are told and don't work with the lead yet, why they go
    with it. Raises EngineError where a body is given twice, an id of ``include`` is unknown, left out as well or
    the lead's, or a size or novelty is out of range.

    Time grows with bodies times size: of 500 bodies eight are chosen in some 40 ms.
    """
    options = options or Options()
    bodies = [lead, *sorted(candidates, key=lambda one: one.id)]
    _refuse(bodies, options)
    asked = asked_of(call)
    judge = Judge(call, asked, on)
    size, size_from = _size(asked, options)
    worth = Worth(bodies, asked, size, options.novelty)
    choice = _choice(bodies, judge, worth, options, size)
    places = choice.made()
    others = _others(worth, choice, places)
    why = reasons([bodies[at].id for at in (*places[1:], *others) if not bodies[at].ties])
    return _Told(bodies, judge, worth, options, why).consortium(places, others, size, size_from)


def _refuse(bodies: Sequence[Candidate], options: Options) -> None:
    seen = {one.id for one in bodies}
    if len(seen) < len(bodies):
        twice = next(one.id for at, one in enumerate(bodies) if one.id in {each.id for each in bodies[:at]})
        raise EngineError(f"Body {twice} is given twice.", "Give each once, the lead not among the candidates.")
    if options.size and not 1 <= options.size <= LARGEST:
        raise EngineError(f"A consortium of {options.size} can't be put together.", f"Ask for 1 to {LARGEST}.")
    if not 0 <= options.novelty <= 1:
        raise EngineError(f"Novelty {options.novelty} is not between 0 and 1.", "0 is the likeliest, 1 the newest.")
    for wished in options.include:
        if wished not in seen:
            raise EngineError(f"There is no body {wished} to include.", "Name one of the candidates.")
        if wished in options.exclude:
            raise EngineError(f"Body {wished} is to be in and to stay out.", "Name it once.")
    if bodies[0].id in (*options.include, *options.exclude):
        raise EngineError("The lead is in already and can't stay out.", "Name another lead.")


def _size(asked: Asked, options: Options) -> tuple[int, str]:
    """How many are aimed at, and where that comes from. Those who must be in are in, whatever the number."""
    wished = options.size or max(USUAL_SIZE, asked.least)
    size = min(max(wished, asked.least, 1), asked.most or LARGEST)
    if options.size:
        return size, "asked" if size == options.size else "call"
    return size, "usual" if size == USUAL_SIZE else "call"


def _choice(bodies: Sequence[Candidate], judge: Judge, worth: Worth, options: Options, size: int) -> Choice:
    wished = dict.fromkeys(options.include)
    fixed = [0, *(at for name in wished for at, one in enumerate(bodies) if one.id == name)]
    pool = [
        at
        for at, one in enumerate(bodies)
        if at not in fixed and one.id not in options.exclude and not judge.is_out(one)
    ]
    open_already = _open_already(judge, [bodies[at] for at in fixed])
    sure = [
        at for at in pool if _speaks(bodies[at], judge.asked, worth, at) and not _opens(judge, bodies[at], open_already)
    ]
    return Choice(bodies, judge, worth, fixed, pool, sure, size, judge.asked.most)


def _open_already(judge: Judge, fixed: Sequence[Candidate]) -> tuple[bool, bool]:
    """Whether countries, and kinds, can't be settled for those who are in anyway."""
    countries = any(judge.country(one).verdict is not Verdict.YES for one in fixed)
    return countries, any(judge.kind(one).verdict is not Verdict.YES for one in fixed)


def _opens(judge: Judge, one: Candidate, already: tuple[bool, bool]) -> bool:
    """Whether a body would leave a rule open that is settled for the others."""
    verdicts = judge.country(one).verdict, judge.kind(one).verdict
    return any(v is not Verdict.YES and not was for v, was in zip(verdicts, already, strict=True))


def _speaks(one: Candidate, asked: Asked, worth: Worth, at: int) -> bool:
    """Whether anything but its place speaks for a body."""
    if worth.with_lead[at] > 0 or roles_of(one, asked.roles):
        return True
    return any(one.works.get(competence.theme) for competence in asked.competences)


def _others(worth: Worth, choice: Choice, places: list[int]) -> list[int]:
    """Those who would add most to the set as it is."""
    left = np.array([at for at in choice.sure if at not in places], np.int64)
    gains = worth.gains(places, left)
    best = np.argsort(-gains[1:], kind="stable")[:OTHERS].tolist()
    return [int(left[at]) for at in best if gains[at + 1] > gains[0]]


@dataclass(frozen=True)
class _Told:
    """The set with its reasons, checks and gaps."""

    bodies: Sequence[Candidate]
    judge: Judge
    worth: Worth
    options: Options
    why: Mapping[str, Sequence[Feature]]

    def consortium(self, places: list[int], others: list[int], size: int, size_from: str) -> Consortium:
        chosen = [self.bodies[at] for at in places]
        competences = tuple(self._covered(chosen))
        asked = self.judge.asked
        roles = tuple(
            RoleFilled(role, tuple(one.id for one in chosen if fills(one, role.kinds))) for role in asked.roles
        )
        return Consortium(
            members=tuple(self._member(at, places) for at in places),
            checks=self.judge.checks(chosen),
            competences=competences,
            roles=roles,
            missing=tuple(self._missing(chosen, competences, roles)),
            regions=_regions(chosen),
            size=size,
            size_from=size_from,
            score=round(self.worth.of(places), 4),
            lead_out=self._lead_out(),
            others=tuple(self._member(at, [*places, at]) for at in others),
        )

    def _lead_out(self) -> tuple[Answer, ...]:
        lead = self.bodies[0]
        return tuple(one for one in (self.judge.country(lead), self.judge.kind(lead)) if one.verdict is Verdict.NO)

    def _covered(self, chosen: Sequence[Candidate]) -> Iterator[CompetenceCovered]:
        for competence in self.judge.asked.competences:
            by = [self._cover(one, competence.theme) for one in chosen if one.works.get(competence.theme)]
            yield CompetenceCovered(competence, tuple(sorted(by, key=lambda one: -one.score)))

    def _cover(self, one: Candidate, theme: str) -> Cover:
        records = one.works[theme]
        score = covers(records)
        strength = Strength.WEAK if len(records) < 2 else Strength.FAIR if len(records) < 3 else Strength.STRONG
        return Cover(one.id, round(score, 4), strength, records[:_NAMED])

    def _missing(
        self, chosen: Sequence[Candidate], competences: Sequence[CompetenceCovered], roles: Sequence[RoleFilled]
    ) -> Iterator[Missing]:
        yield from self.judge.missing(chosen)
        for role in roles:
            if not role.by and not role.asked.must:
                yield Missing("role", {"role": role.asked.role, "kinds": sorted(role.asked.kinds)})
        for one in competences:
            if not one.by:
                yield Missing("competence", {"theme": one.competence.theme})

    def _member(self, at: int, places: list[int]) -> Member:
        one, rest = self.bodies[at], [place for place in places if place != at]
        roles = roles_of(one, self.judge.asked.roles)
        if at == 0:
            return Member(one.id, True, roles, tuple(self._brings(one, roles)))
        gain = self.worth.of([*rest, at]) - self.worth.of(rest)
        features = [*self._brings(one, roles), *self._together(at), *self._place(one, rest)]
        features += self._needed(rest, [*rest, at], bool(features))
        return Member(one.id, False, roles, tuple(features), round(gain, 4))

    def _brings(self, one: Candidate, roles: Sequence[str]) -> Iterator[Feature]:
        if one.id in self.options.include:
            yield Feature("wished", 1.0, "wished")
        for competence in self.judge.asked.competences:
            if records := one.works.get(competence.theme):
                values = {"theme": competence.theme, "records": list(records[:_NAMED]), "count": len(records)}
                yield Feature("themes", round(covers(records), 4), "covers", values)
        if roles:
            yield Feature("roles", 1.0, "fills-roles", {"roles": list(roles), "kind": one.kind})

    def _together(self, at: int) -> Iterator[Feature]:
        one = self.bodies[at]
        if one.ties:
            yield tie_feature(one, float(self.worth.with_lead[at]))
            return
        yield from (feature for feature in self.why.get(one.id, ()) if feature.score >= _REASON)

    def _needed(self, rest: Sequence[int], whole: Sequence[int], is_told: bool) -> Iterator[Feature]:
        """The rules that the set would not meet without it; the mere number only where nothing else is told."""
        less, more = (self.judge.needs([self.bodies[at] for at in each]) for each in (rest, whole))
        rules = [self.judge.asked.rules[at].code for at, lack in less.items() if lack > more.get(at, 0)]
        if told := [code for code in rules if code != "at-least" or not is_told]:
            yield Feature("rules", 1.0, "needed", {"rules": told, "count": len(told)})

    def _place(self, one: Candidate, rest: Sequence[int]) -> Iterator[Feature]:
        """Whether it alone is in its part of the world, else in its country."""
        others = [self.bodies[at].country for at in rest]
        region = region_of(one.country)
        if region and region not in map(region_of, others):
            yield Feature("places", 1.0, "new-region", {"region": region, "country": one.country})
        elif one.country and one.country not in others:
            yield Feature("places", 0.5, "only-there", {"country": one.country})


def _regions(chosen: Sequence[Candidate]) -> tuple[Region, ...]:
    """Parts of the world, those with most bodies first; who is nobody knows where comes last."""
    there: dict[str, list[str]] = defaultdict(list)
    for one in chosen:
        there[region_of(one.country)].append(one.id)
    ordered = sorted(there.items(), key=lambda pair: (not pair[0], -len(pair[1]), pair[0]))
    return tuple(Region(code, tuple(ids)) for code, ids in ordered)
