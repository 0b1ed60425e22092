"""What a call asks of a consortium: rules on number and place, roles, themes. Only what it says, with its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from ...model import Basis, Call
from ...texts.themes import generic_themes, tag
from ..conditions.consortium import Statement, statements
from ..conditions.passages import READ_LETTERS, Passage, sentences
from ..conditions.roles import NotUnderstood, RoleSaid, roles_said
from ..conditions.rules import Rule as StandardRule
from ..conditions.rules import action_rule
from .records import Asked, Competence, RoleAsked, Rule

MOST_COMPETENCES = 6
_SAID_OFTEN = 2
_SIDE_MATTER = 0.5  # what a theme read out of the text weighs where the call's own field names others


def asked_of(call: Call) -> Asked:
    """Everything read of a call. What isn't told gives no rule, save the number of bodies, which is said to be open."""
    said = roles_said(call)
    rules = tuple(_rules(call, said))
    told = {name: [rule.values[name] for rule in rules if name in rule.values] for name in ("least", "most")}
    due = [rule.values["least"] for rule in rules if rule.code in ("at-least", "takes-part")]
    return Asked(
        rules,
        competences(call),
        tuple(_roles(said)),
        least=max([*due, *(rule.values["countries"] for rule in rules if rule.code == "from-countries")], default=0),
        most=min(told["most"], default=0),
    )


def _rules(call: Call, said: Sequence[RoleSaid | NotUnderstood]) -> Iterator[Rule]:
    duties = [one for one in said if isinstance(one, RoleSaid) and one.must]
    yield from _numbers(call, duties)
    for duty in duties:
        values = {"role": duty.role, "kinds": sorted(duty.kinds), "least": duty.least, "countries": duty.countries}
        yield Rule("takes-part", values, duty.passage, duty.language, Basis.WORDS)
    for one in said:
        if isinstance(one, NotUnderstood):
            yield Rule("more-asked", {}, one.passage, one.language, Basis.WORDS)


def _numbers(call: Call, duties: Sequence[RoleSaid]) -> Iterator[Rule]:
    """How many bodies, from how many countries: the call's own words first, then its type of action's rule."""
    said = statements(call)
    if bound := min((one for one in said if one.most), key=lambda one: one.most, default=None):
        yield Rule("at-most", {"most": bound.most}, bound.passage, bound.language, Basis.WORDS)
    standard = action_rule(call, "consortium")
    if alone := next((one for one in said if one.least == 1 and not one.most), None):
        yield Rule("alone", {}, alone.passage, alone.language, Basis.WORDS)
        return
    demanding = max((one for one in said if one.least > 1), key=lambda one: (one.least, one.countries), default=None)
    if demanding is not None and not demanding.certain:
        standard = None
    if standard is not None and standard.content["consortium"]["least"] == 1 and demanding is not None:
        standard = None
    if demanding is not None:
        yield from _told_numbers(demanding, any(demanding.passage in one.sentence for one in duties), standard)
    if standard is not None:
        yield from _standard_numbers(standard, demanding)
    elif demanding is None and bound is None:
        yield Rule("size-not-told")


def _told_numbers(one: Statement, of_a_role: bool, standard: StandardRule | None) -> Iterator[Rule]:
    """``open``: it counts bodies of a certain sort, and which is not understood."""
    usual = standard.content["consortium"] if standard else {"least": 0, "countries": 0}
    words = one.passage, one.language, Basis.WORDS
    if one.least >= usual["least"] or not of_a_role:
        yield Rule("at-least", {"least": one.least, "open": one.certain and not of_a_role}, *words)
    if one.countries > max(usual["countries"], 1):
        yield Rule("from-countries", {"countries": one.countries, "groups": []}, *words)


def _standard_numbers(standard: StandardRule, said: Statement | None) -> Iterator[Rule]:
    """What a type of action stands for, as far as the call's words don't ask for as much themselves."""
    asked = standard.content["consortium"]
    told = *standard.told, Basis.RULE, standard.where
    if asked["least"] == 1:
        yield Rule("alone", {}, *told)
        return
    if said is None or said.least < asked["least"]:
        yield Rule("at-least", {"least": asked["least"], "open": False}, *told)
    yield Rule("from-countries", {"countries": asked["countries"], "groups": list(asked["others_in"])}, *told)
    yield Rule("one-in", {"group": asked["one_in"]}, *told)


def _roles(said: Sequence[RoleSaid | NotUnderstood]) -> Iterator[RoleAsked]:
    """Each role once, those that must be in before those that are only named."""
    seen: set[str] = set()
    for one in said:
        if isinstance(one, RoleSaid) and one.role not in seen:
            seen.add(one.role)
            yield RoleAsked(one.role, one.kinds, one.must, one.passage, one.language)


def competences(call: Call) -> tuple[Competence, ...]:
    """The themes a call asks for, the weightiest first: those of its field, and those its title and summary speak of.

    A theme read out of the text needs two different phrases of it, or one in the title. Generic ones (governance,
    cooperation) say nothing of who could do the work and are left out, unless the call has no others.
    """
    return _competences(
        tuple(sorted(call.title.items())), tuple(sorted(call.summary.items())), tuple(call.themes), call.programme
    )


@lru_cache(maxsize=256)
def _competences(
    title: tuple[tuple[str, str], ...], summary: tuple[tuple[str, str], ...], declared: tuple[str, ...], _programme: str
) -> tuple[Competence, ...]:
    texts = [(text[:READ_LETTERS], language, 1) for language, text in title]
    texts += [(text[:READ_LETTERS], language, _SAID_OFTEN) for language, text in summary]
    found: dict[str, Competence] = {}
    tagged = tag([text for text, _, _ in texts], "theme")
    for (text, language, needed), tags in zip(texts, tagged, strict=True):
        for one in tags:
            if len(one.words) >= needed and one.code not in found:
                passage = _sentence_of(text, language, one.words[0])
                found[one.code] = Competence(one.code, one.score, one.words, passage, language)
    return _weightiest(found, declared)


def _weightiest(found: dict[str, Competence], declared: tuple[str, ...]) -> tuple[Competence, ...]:
    made = []
    for code in dict.fromkeys([*declared, *found]):
        read = found.get(code, Competence(code, 1.0))
        weight = 1.0 if code in declared else read.weight * (_SIDE_MATTER if declared else 1.0)
        made.append(Competence(code, round(weight, 4), read.words, read.passage, read.language))
    telling = [one for one in made if one.theme not in generic_themes()] or made
    return tuple(sorted(telling, key=lambda one: -one.weight)[:MOST_COMPETENCES])


def _sentence_of(text: str, language: str, words: str) -> str:
    """The sentence of a text that holds some words of it, whose white space may have been put in order."""
    wanted = re.compile(r"\s+".join(map(re.escape, words.split())))
    held = ((passage, wanted.search(passage.read)) for passage in sentences(text, language))
    return next((_around(passage, found) for passage, found in held if found), "")


def _around(passage: Passage, found: re.Match[str]) -> str:
    return passage.around(*found.span())
