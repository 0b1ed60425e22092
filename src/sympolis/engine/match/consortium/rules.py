"""Whether a set of bodies meets a call's rules, and how much each rule still lacks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ...model import Answer, Applicant, Call, Verdict
from ..conditions.bodies import kind_answer
from ..conditions.countries import country_answer
from ..conditions.deadline import deadline_answer
from ..conditions.vocabulary import group, iso_code
from .records import Asked, Candidate, Check, Missing, Outcome, RoleAsked, Rule

_OF = {Verdict.YES: Outcome.MET, Verdict.NEEDS: Outcome.MET, Verdict.NO: Outcome.NOT_MET}
_WORST_FIRST = (Verdict.NO, Verdict.CANT_TELL, Verdict.YES)


def fills(candidate: Candidate, kinds: Collection[str]) -> bool:
    """Whether a body is of one of the kinds that fill a role."""
    return candidate.kind in kinds


def roles_of(candidate: Candidate, roles: Sequence[RoleAsked]) -> tuple[str, ...]:
    """The asked roles that a body fills, in their order."""
    return tuple(one.role for one in roles if fills(candidate, one.kinds))


@dataclass
class Judge:
    """The rules of one call. Strict answers on a body are given once for each country and each kind."""

    call: Call
    asked: Asked
    on: date
    _countries: dict[str, Answer] = field(default_factory=dict)
    _kinds: dict[str, Answer] = field(default_factory=dict)

    def country(self, candidate: Candidate) -> Answer:
        """The strict answer on the country of one body."""
        if candidate.country not in self._countries:
            self._countries[candidate.country] = country_answer(self.call, (Applicant(country=candidate.country),))
        return self._countries[candidate.country]

    def kind(self, candidate: Candidate) -> Answer:
        """The strict answer on the kind of one body."""
        if candidate.kind not in self._kinds:
            self._kinds[candidate.kind] = kind_answer(self.call, (Applicant(kind=candidate.kind),))
        return self._kinds[candidate.kind]

    def is_out(self, candidate: Candidate) -> bool:
        """Whether a strict no stands against a body by itself."""
        return Verdict.NO in (self.country(candidate).verdict, self.kind(candidate).verdict)

    def checks(self, chosen: Sequence[Candidate]) -> tuple[Check, ...]:
        """Every rule in turn, those on each body and on the day last."""
        return (
            *(self._check(rule, chosen) for rule in self.asked.rules),
            self._each(
                "countries",
                {one.id: self.country(one) for one in chosen},
                country_answer(self.call, [Applicant(country=one.country) for one in chosen]),
            ),
            self._each(
                "kinds",
                {one.id: self.kind(one) for one in chosen},
                kind_answer(self.call, [Applicant(kind=one.kind) for one in chosen]),
            ),
            self._deadline(),
        )

    def needs(self, chosen: Sequence[Candidate]) -> dict[int, int]:
        """Place of a rule -> how many more suited bodies it lacks at least, for rules that bodies can be added for."""
        lacks = {at: self._lacks(rule, chosen) for at, rule in enumerate(self.asked.rules)}
        return {at: lack for at, lack in lacks.items() if lack > 0}

    def _lacks(self, rule: Rule, chosen: Sequence[Candidate]) -> int:
        match rule.code:
            case "at-least":
                return max(int(rule.values["least"]) - len(chosen), 0)
            case "from-countries":
                return max(int(rule.values["countries"]) - len(self._counted(rule, chosen)), 0)
            case "one-in":
                return 0 if self._counted_in(rule.values["group"], chosen) else 1
            case "takes-part":
                suited = [one for one in chosen if fills(one, rule.values["kinds"])]
                lands = {iso_code(one.country) for one in suited if one.country}
                return max(int(rule.values["least"]) - len(suited), int(rule.values["countries"]) - len(lands), 0)
        return 0

    def _counted(self, rule: Rule, chosen: Sequence[Candidate]) -> set[str]:
        """The countries that count for a rule on how many they are."""
        found = {iso_code(one.country) for one in chosen if one.country}
        groups = rule.values["groups"]
        return found & self._countries_of(groups) if groups else found

    def _counted_in(self, code: str, chosen: Sequence[Candidate]) -> set[str]:
        return {iso_code(one.country) for one in chosen if one.country} & self._countries_of([code])

    def _countries_of(self, groups: Sequence[str]) -> frozenset[str]:
        return frozenset[str]().union(*(group(code, self.call.programme).countries for code in groups))

    def _check(self, rule: Rule, chosen: Sequence[Candidate]) -> Check:
        lacks = self._lacks(rule, chosen)
        unknown = [one.id for one in chosen if not one.country]
        match rule.code:
            case "alone":
                return Check(rule, Outcome.MET, {"bodies": len(chosen)})
            case "size-not-told" | "more-asked":
                return Check(rule, Outcome.CANT_TELL, {"bodies": len(chosen)})
            case "at-most":
                within = len(chosen) <= rule.values["most"]
                return Check(rule, Outcome.MET if within else Outcome.NOT_MET, {"bodies": len(chosen)})
            case "at-least":
                met = Outcome.CANT_TELL if rule.values["open"] else Outcome.MET
                return Check(rule, Outcome.NOT_MET if lacks else met, {"bodies": len(chosen)})
            case "takes-part":
                ids = [one.id for one in chosen if fills(one, rule.values["kinds"])]
                return Check(rule, _settled(lacks, 0), {"ids": ids, "bodies": len(ids)})
            case "one-in":
                return Check(rule, _settled(lacks, len(unknown)), {"ids": self._ids_in(rule.values["group"], chosen)})
        counted = {"countries": sorted(self._counted(rule, chosen)), "unknown": unknown}
        return Check(rule, _settled(lacks, len(unknown)), counted)

    def _ids_in(self, code: str, chosen: Sequence[Candidate]) -> list[str]:
        inside = self._countries_of([code])
        return [one.id for one in chosen if iso_code(one.country) in inside]

    def _each(self, code: str, answers: Mapping[str, Answer], together: Answer) -> Check:
        """A rule on each body: the worst answer counts, told of all together where that comes to the same."""
        worst = next(verdict for verdict in _WORST_FIRST if any(one.verdict is verdict for one in answers.values()))
        first = next(one for one in answers.values() if one.verdict is worst)
        told = together if together.verdict is worst else first
        rule = Rule(code, {}, told.passage, told.language, told.basis, told.where)
        ids = [] if worst is Verdict.YES else [key for key, one in answers.items() if one.verdict is worst]
        return Check(rule, _OF.get(worst, Outcome.CANT_TELL), {"ids": ids, "bodies": len(answers)}, told)

    def _deadline(self) -> Check:
        told = deadline_answer(self.call, self.on)
        rule = Rule("deadline", {}, told.passage, told.language, told.basis, told.where)
        return Check(rule, _OF.get(told.verdict, Outcome.CANT_TELL), {}, told)

    def missing(self, chosen: Sequence[Candidate]) -> Iterator[Missing]:
        """What lacks where a rule is surely not met, each as something to look for."""
        for rule in self.asked.rules:
            if self._check(rule, chosen).outcome is not Outcome.NOT_MET:
                continue
            lack = self._lacks(rule, chosen)
            match rule.code:
                case "at-least":
                    yield Missing("bodies", {"count": lack})
                case "from-countries":
                    yield Missing("countries", {"count": lack, "groups": rule.values["groups"]})
                case "one-in":
                    yield Missing("one-in", {"group": rule.values["group"]})
                case "takes-part":
                    yield self._role_due(rule, chosen)

    def _role_due(self, rule: Rule, chosen: Sequence[Candidate]) -> Missing:
        """Too few in a role, or enough of too few countries."""
        values: dict[str, Any] = {"role": rule.values["role"], "kinds": sorted(rule.values["kinds"])}
        suited = [one for one in chosen if fills(one, rule.values["kinds"])]
        if (short := int(rule.values["least"]) - len(suited)) > 0:
            return Missing("role-due", values | {"count": short})
        lands = {iso_code(one.country) for one in suited if one.country}
        return Missing("role-countries", values | {"count": int(rule.values["countries"]) - len(lands)})


def _settled(lacks: int, unknown: int) -> Outcome:
    """Those of whom the country isn't known may be what lacks."""
    if not lacks:
        return Outcome.MET
    return Outcome.CANT_TELL if lacks <= unknown else Outcome.NOT_MET
