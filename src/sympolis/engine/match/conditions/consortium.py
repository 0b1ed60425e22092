"""How many bodies a call takes, from how many countries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...model import Answer, Applicant, Call, Question, Verdict
from .answers import by_rule, by_words, not_told
from .numbers import NUMBER, number
from .passages import READ_LETTERS, Passage, sentences, statements_in
from .places import ESTABLISHED
from .rules import Rule, action_rule
from .vocabulary import group, iso_code, pattern
from .wording import AT_LEAST, phrases

_PLAIN = (
    r"legal entit(?:y|ies)", r"entit(?:y|ies)", r"applicants?", r"partners?", r"beneficiar(?:y|ies)",
    r"organi[sz]ations?", r"participants?", r"entidades", r"solicitantes", r"socios", r"beneficiarios",
    r"organizaciones", r"participantes", r"entitats", r"sol·licitants", r"socis", r"beneficiaris", r"organitzacions",
    r"participants", r"entités", r"demandeurs", r"partenaires", r"bénéficiaires", r"organisations", r"organismes",
    r"كيانات", r"شركاء", r"متقدمين", r"مؤسسات", r"منظمات", r"مستفيدين",
)  # fmt: skip
_CERTAIN = (
    r"(?:lead )?cities", r"municipalities", r"(?:regional|local)(?: (?:or|and|and/or) (?:regional|local))? authorities",
    r"regions", r"(?:public )?(?:authorities|bodies|procurers)", r"practitioners", r"agencies", r"institutions",
    r"universities", r"companies", r"SMEs", r"ciudades",
    r"municipios", r"ciutats", r"municipis", r"ajuntaments", r"ayuntamientos", r"villes", r"communes", r"collectivités",
    r"مدن", r"بلديات",
)  # fmt: skip
COUNTED = re.compile(
    rf"(?<!\w)(?P<count>{NUMBER})(?:\s*\(\d+\))?(?P<between>(?:[ \t]+[^\s.;:]+){{0,4}}?)[ \t]+"
    rf"(?:(?P<certain>{pattern(*_CERTAIN)})|(?P<plain>{pattern(*_PLAIN)}))(?!\w)",
    re.IGNORECASE,
)
_COUNTRY = (
    r"(?:countries|country|Member\s+States?|States?|países|país|països|pays|[ÉEée]tats?|Estados?|estats?"
    r"|دول|بلدان|دولة)"
)
_ALL_IT_SAYS = re.compile(
    rf"\W*+(?:[^\s:]+(?:\s+[^\s:]+){{0,3}}\s*:\s*)?(?:{AT_LEAST.pattern}\s+)?(?:of\s+)?{NUMBER}(?:\s*\(\d+\))?"
    rf"(?:\s+[^\s.;:]+){{0,3}}?\s+(?:{pattern(*_PLAIN)})(?:\s+{AT_LEAST.pattern})?,?\s+"
    r"(?:(?:legally\s+)?(?:established|based|establecid[oa]s|establerts|établi(?:e?)s)\s+)?"
    rf"(?:from|in|de|d['’]|en|dans|a|من|في)\s*(?:{AT_LEAST.pattern}\s+)?{NUMBER}(?:\s+[^\s.;:]+){{0,3}}?\s+{_COUNTRY}"
    r"(?:\s+(?:different|distintos|diferentes|diferents|différents|مختلفة))?"
    r"(?:\s+(?:is|are)\s+(?:required|needed|necessary))?\W*",
    re.IGNORECASE,
)
"""A sentence that is nothing but so many bodies from so many countries, perhaps behind a heading and a colon."""
_DIFFERENT = re.compile(
    r"(?:each|all)?[^.;]{0,80}?(?<!\w)(?:different|distintos|diferentes|diferents|différents|مختلفة)(?!\w)"
    r"|(?:cada una?|cadascuna?|chacune?)[^.;]{0,60}(?:distint[oa]|diferent|différent)|(?:دولة|بلد) مختلف",
    re.IGNORECASE,
)
FROM_COUNTRIES = re.compile(
    rf"(?<!\w)(?P<count>{NUMBER})(?:[ \t]+[^\s.;:]+){{0,3}}?[ \t]+{_COUNTRY}(?!\w)", re.IGNORECASE
)
_ALONE_ONLY = phrases(
    r"mono-beneficiary (?:grants?|projects?|actions?|applications?|proposals?|only|calls?|topics?)",
    r"(?:only )?mono-beneficiary",
    r"(?:only|exclusively) (?:single|sole|one|individual) (?:applicants?|beneficiar(?:y|ies))",
    r"(?:single|sole) (?:applicants?|beneficiar(?:y|ies)) only",
    r"(?:un )?(?:único solicitante|solicitante único|beneficiario único)",
    r"monobeneficiari[oa]?", r"(?:un )?(?:únic sol·licitant|sol·licitant únic|beneficiari únic)",
    r"un seul demandeur", r"demandeur unique", r"(?:un )?seul bénéficiaire", r"bénéficiaire unique",
    r"mono-?bénéficiaire",
    r"متقدم واحد فقط", r"مستفيد واحد فقط", r"مستفيد وحيد",
)  # fmt: skip
_ALONE_TOO = phrases(
    r"(?:single|individual|sole) (?:applicants?|legal entit(?:y|ies)|applications?)(?: (?:are"
    r"|is))?(?: also)? (?:allowed|accepted|possible|eligible)",
    r"(?:may|can) be submitted by (?:a single|one|an individual) applicant",
    r"consortia or from single legal entities", r"(?:individually|alone) or in (?:a )?consorti(?:um|a)",
    r"de forma individual o (?:en consorcio|conjunta)", r"individualmente o en consorcio",
    r"individualment o en consorci",
    r"seule?s? ou en (?:consortium|groupement)", r"individuellement ou en (?:consortium|groupement)",
    r"منفردة أو (?:في|ضمن) (?:ائتلاف|تحالف|شراكة)", r"بشكل فردي أو",
)  # fmt: skip
_CONSORTIUM = phrases(
    r"consorti(?:a|um)", r"consorcios?", r"consorcis?", r"groupements?", r"(?:ال)?(?:ائتلاف|تحالف)\w*",
)  # fmt: skip
_ONLY = phrases(
    r"only", r"exclusively", r"not", r"no", r"solo", r"sólo", r"únicamente", r"només", r"únicament", r"seulement",
    r"uniquement", r"فقط", r"لا",
)  # fmt: skip
_AT_MOST = phrases(
    r"(?:a )?maximum of", r"no more than", r"at most", r"un máximo de", r"como máximo", r"un màxim de",
    r"com a màxim", r"au maximum", r"au plus", r"لا يزيد عن", r"كحد أقصى",
)  # fmt: skip
_OF_A_CONSORTIUM = phrases(
    r"consorti(?:a|um)", r"appli\w+", r"proposals?", r"projects?", r"beneficiar(?:y|ies)", r"must", r"eligib\w+",
    r"partnerships?",
    r"consorcios?", r"solicitud(?:es)?", r"propuestas?", r"proyectos?", r"debe(?:n|rán|rá)?", r"consorcis?",
    r"sol·licituds?", r"propost(?:a|es)", r"projectes?", r"ha(?:n|urà|uran)?", r"propositions?", r"projets?",
    r"demandes?",
    r"doi(?:t|vent)", r"partenariats?", r"(?:ال)?(?:ائتلاف|تحالف|مشروع|طلب|مقترح|شراكة)", r"يجب",
)  # fmt: skip
_NOT_BODIES = phrases(
    r"third part(?:y|ies)", r"financial support", r"should", r"could", r"experts?", r"panels?", r"evaluators?",
    r"sites?",
    r"living labs?", r"years?", r"pilots?", r"terceros", r"deberían", r"tercers", r"haurien", r"tiers", r"devraient",
    r"expected", r"exceptionally", r"work packages?", r"demonstration activities", r"take place", r"agreement \(?MGA",
    r"grant agreement", r"أطراف ثالثة", r"ينبغي",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    """``least`` bodies from ``countries`` countries (0: not told), or ``most``. ``certain``: not just any bodies."""

    least: int
    countries: int
    most: int
    certain: bool
    passage: str
    language: str


def consortium_answer(call: Call, applicants: Sequence[Applicant]) -> Answer:
    """What is needed; yes where those asked about are enough, no where they are too many."""
    said = statements(call)
    for one in said:
        if one.least == 1 and not one.most:
            return _told(Verdict.YES, "alone", one)
        if one.most and len(applicants) > one.most:
            detail = "alone-only" if one.most == 1 else "at-most"
            return _told(Verdict.NO, detail, one)
    if not said and (more := _more_asked(call)):
        return by_words(Question.CONSORTIUM, Verdict.NEEDS, "more-asked", {}, *more)
    demanding = max(said, key=lambda one: (one.least > 1, one.certain, one.least, one.countries), default=None)
    if demanding is None:
        return _by_rule(call, applicants)
    if demanding.least <= 1:
        if demanding.most > 1:
            return _at_most_of(call, demanding)
        return _told(Verdict.YES, "alone-only", demanding)
    if demanding.certain:
        return _told(Verdict.NEEDS, "at-least-of", demanding)
    if _are_enough(applicants, demanding.least, demanding.countries):
        return _told(Verdict.YES, "consortium-met", demanding, {"bodies": len(applicants)})
    return _told(Verdict.NEEDS, "at-least", demanding)


def _at_most_of(call: Call, one: Statement) -> Answer:
    """An upper bound alone leaves the programme's own lower one standing."""
    rule = action_rule(call, "consortium")
    asked = rule.content["consortium"] if rule else {"least": 1, "countries": 0}
    if asked["least"] == 1:
        return _told(Verdict.YES if rule else Verdict.NEEDS, "at-most", one)
    return _told(Verdict.NEEDS, "between", one, {name: asked[name] for name in ("least", "countries")})


def _told(verdict: Verdict, detail: str, one: Statement, more: dict[str, Any] | None = None) -> Answer:
    values = {"least": one.least, "countries": one.countries, "most": one.most} | (more or {})
    return by_words(Question.CONSORTIUM, verdict, detail, values, one.passage, one.language)


def _more_asked(call: Call) -> tuple[str, str] | None:
    """Words of the conditions that ask for bodies in a way not understood: the rule alone would say too little."""
    for language, text in sorted(call.conditions.items()):
        for passage in sentences(text[:READ_LETTERS], language):
            found = _ASKS.search(passage.read)
            if found and not _NOT_BODIES.search(passage.read) and _COUNTS.search(passage.read, found.end()):
                return passage.around(*found.span()), language
    return None


def _are_enough(applicants: Sequence[Applicant], least: int, countries: int) -> bool:
    return len(applicants) >= least and len({one.country for one in applicants if one.country}) >= countries


def _by_rule(call: Call, applicants: Sequence[Applicant]) -> Answer:
    rule = action_rule(call, "consortium")
    if rule is None:
        return not_told(Question.CONSORTIUM, "consortium-not-told", call)
    asked = rule.content["consortium"]
    values = {"least": asked["least"], "countries": asked["countries"], "most": 0}
    if asked["least"] == 1:
        return by_rule(Question.CONSORTIUM, Verdict.YES, "alone-by-rule", values, rule.where, rule.told)
    if _are_enough(applicants, asked["least"], asked["countries"]) and _are_where(call, applicants, rule):
        met = values | {"bodies": len(applicants)}
        return by_rule(Question.CONSORTIUM, Verdict.YES, "consortium-met", met, rule.where, rule.told)
    return by_rule(Question.CONSORTIUM, Verdict.NEEDS, "at-least-by-rule", values, rule.where, rule.told)


def _are_where(call: Call, applicants: Sequence[Applicant], rule: Rule) -> bool:
    """As many from the countries that count, each another one, and one of them where one must be."""
    asked = rule.content["consortium"]
    inside = frozenset[str]().union(*(group(code, call.programme).countries for code in asked["others_in"]))
    counted = {iso_code(one.country) for one in applicants} & inside
    return len(counted) >= asked["countries"] and bool(counted & group(asked["one_in"], call.programme).countries)


def statements(call: Call) -> tuple[Statement, ...]:
    """What the sentences of a call say of numbers; of its summary only where the conditions say nothing."""
    return statements_in(call, _statement)


def _statement(passage: Passage) -> Statement | None:
    text = passage.read
    folded = text.casefold()
    if not any(hint in folded for hint in _HINTS):
        return None
    if _NOT_BODIES.search(text):
        return None
    if found := _ALONE_TOO.search(text):
        return Statement(1, 0, 0, False, passage.around(*found.span()), passage.language)
    if found := _ALONE_ONLY.search(text):
        most = 0 if _CONSORTIUM.search(text) and not _ONLY.search(text) else 1
        return Statement(1, 0, most, False, passage.around(*found.span()), passage.language)
    if not _OF_A_CONSORTIUM.search(text):
        return _from_countries(passage)
    return _at_most(passage) or _at_least(passage)


def _from_countries(passage: Passage) -> Statement | None:
    """What is asked of a consortium though nothing names it: the sentence says no more than so many bodies from so many
    countries. Those who "attended a workshop", or "three cities" where something is shown, are no rule."""
    if not _ALL_IT_SAYS.fullmatch(passage.read):
        return None
    said = _at_least(passage)
    return said if said and not said.certain and said.countries > 1 else None


def _at_most(passage: Passage) -> Statement | None:
    bound = _AT_MOST.search(passage.read)
    found = COUNTED.match(passage.read, bound.end() + 1) if bound else None
    if bound is None or found is None:
        return None
    around = passage.around(bound.start(), found.end())
    return Statement(1, 0, number(found["count"]), found["certain"] is not None, around, passage.language)


def _at_least(passage: Passage) -> Statement | None:
    """The count nearest to "at least", before or behind it. One body among others is part of a longer list."""
    bound = AT_LEAST.search(passage.read)
    if bound is None:
        return None
    found = COUNTED.match(passage.read, bound.end() + 1) or _last_before(passage.read, bound.start())
    if found is None or number(found["count"]) < 2:
        return None
    least = number(found["count"])
    countries = countries_told(passage.read[found.end() :], least)
    certain = found["certain"] is not None or not _is_plain(found) or _asks_more(passage.read, found.end(), countries)
    around = passage.around(bound.start(), found.end())
    return Statement(least, countries, 0, certain, around, passage.language)


def _last_before(text: str, end: int) -> re.Match[str] | None:
    return next(reversed(list(COUNTED.finditer(text, max(end - 80, 0), end))), None)


def countries_told(after: str, least: int) -> int:
    """From how many countries they must be: a number that is told, or each from another one."""
    told = FROM_COUNTRIES.search(after[:160])
    if told and number(told["count"]) > 1:
        return min(number(told["count"]), least)
    return least if _DIFFERENT.search(after[:220]) and re.search(_COUNTRY, after[:260], re.IGNORECASE) else 0


def _is_plain(found: re.Match[str]) -> bool:
    """Whether any bodies will do: "three independent legal entities", not "three practitioner organisations"."""
    return all(word.casefold().strip("(),") in _NEUTRAL for word in found["between"].split())


_ASKS = phrases(
    r"requires? (?:the )?(?:active )?(?:involvement|participation)", r"consorti(?:a|um) must",
    r"(?:proposals?|consorti(?:a|um)|applications?|projects?) must (?:involve|include|comprise)",
    r"proposals? must include only",
    r"must (?:participate|be part of the consortium)",
)  # fmt: skip
_COUNTS = phrases(
    r"at least", r"(?:a )?minimum", "two", "three", "four", "five", "six", r"\d+", "one", r"beneficiar(?:y|ies)",
)  # fmt: skip
_HINTS = (
    *("least", "minim", "mínim", "al menos", "almenys", "au moins", "fewer", "mono", "single", "sole", "individual"),
    *("alone", "únic", "unique", "seul", "maxim", "màxim", "máxim", "more than", "at most", "au plus", "على الأقل"),
    *("يقل", "يزيد", "كحد", "واحد", "وحيد", "منفرد", "فردي"),
)
"""Pieces of words without which a sentence says nothing of numbers: looking for them is quick."""
_NEUTRAL = frozenset(
    {
        "independent", "different", "distinct", "eligible", "separate", "legal", "other", "full", "the", "of",
        "autonomous", "mutually", "independientes", "diferentes", "distintos", "distintas", "elegibles", "jurídicas",
        "independents", "diferents", "jurídiques", "indépendantes", "indépendants", "différents",
        "différentes", "distincts", "distinctes", "éligibles", "juridiques",
    }
)  # fmt: skip
_DIFFERENT_COUNTRIES = re.compile(rf"(?<!\w)different\s+([^.;]{{0,60}}?){_COUNTRY}(?!\w)", re.IGNORECASE)
_ANY_COUNTRY = frozenset(
    {
        "eu", "member", "associated", "eligible", "participating", "programme", "partner", "of", "the", "or", "and",
        "state", "states",
    }
)  # fmt: skip


def _is_any_country(between: str) -> bool:
    """Whether "different" countries are just those that may apply: "eligible", not "low-income"."""
    return all(word.casefold().strip(",/") in _ANY_COUNTRY for word in between.split())


_MORE = phrases(
    r"in addition to the (?:minimum|standard)", r"of which", r"among which", r"whom", r"that are", r"including",
    r"además de", r"de (?:los|las) cuales",
    r"a més de", r"dels quals", r"en plus d\w*", r"dont", r"بالإضافة إلى", r"منها",
)  # fmt: skip


def _asks_more(text: str, counted_to: int, countries: int) -> bool:
    """Whether a sentence asks for more than a number of bodies from different countries."""
    told = AT_LEAST.findall(text)
    if (told_of := _DIFFERENT_COUNTRIES.search(text, counted_to)) and not _is_any_country(told_of[1]):
        return True
    is_of_a_place = not countries and re.search(ESTABLISHED, text[counted_to:], re.IGNORECASE) is not None
    return len(told) > (2 if countries else 1) or is_of_a_place or _MORE.search(text) is not None
