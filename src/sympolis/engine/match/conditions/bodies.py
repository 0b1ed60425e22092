"""Which kinds of bodies may apply."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from ...model import Answer, Applicant, Call, Question, Verdict
from .answers import by_field, by_rule, by_words, not_told
from .passages import Passage, statements_in
from .places import ESTABLISHED
from .rules import programme_rule
from .vocabulary import pattern, words
from .wording import AT_LEAST, LIMITS, NOT_OF_APPLICANTS, phrases

_ALSO = {"city": ("metropolitan-authority",)}
_KNOWN = frozenset(
    {
        *("city", "metropolitan-authority", "region", "city-network", "ministry", "national-agency"),
        *("research", "ngo", "company", "intergovernmental", "development-bank"),
    }
)
_ANY = phrases(
    r"any (?:type of )?legal entit(?:y|ies)(?!\s+established)",
    r"any (?:type of )?(?:public or private|private or public) (?:legal )?(?:entit(?:y|ies)|bod(?:y|ies))",
    r"legal entities \(public or private bodies\)",
    r"(?:all|any) types? of organi[sz]ations?",
    r"(?:cualquier|toda) (?:entidad jurídica|persona jurídica)(?: pública o privada)?",
    r"entidades públicas [oy] privadas",
    r"(?:qualsevol|tota) (?:entitat jurídica|persona jurídica)(?: pública o privada)?",
    r"entitats públiques [oi] privades",
    r"toute (?:entité juridique|personne morale)(?: publique ou privée)?",
    r"entités publiques (?:ou|et) privées",
    r"أي كيان قانوني",
    r"(?:ال)?كيانات (?:ال)?عامة (?:أو|و)(?: )?(?:ال)?خاصة",
)
_NAMED_ONLY = phrases(
    r"(?:named|identified|designated|pre-?identified) beneficiar(?:y|ies)",
    r"must be submitted by the coordinator of the (?:consortium funded|[‘'“\"]?eligible already funded)",
    r"grants? awarded without a call for proposals",
    r"beneficiari[oa]s? (?:identificad|designad|nominad)[ao]s?",
    r"beneficiaris? (?:identificat|designat|nominat)s?",
    r"bénéficiaires? (?:identifié|désigné|nommé)e?s?",
    r"(?:ال)?(?:مستفيد|جهة المستفيدة) (?:ال)?(?:محدد|معين|محددة|معينة)",
)
_ON_A_LIST = phrases(r"must be on the list of", r"deben figurar en la lista", r"doivent figurer sur la liste")
_TAKES_PART = phrases(
    r"must (?:participate|take part|be (?:part|included|involved)|apply)", r"consorti(?:a|um) must include",
    r"must include, as beneficiaries", r"debe(?:n|rán)? (?:participar|formar parte)", r"han de participar",
    r"hauran de participar", r"doivent (?:participer|faire partie)", r"يجب أن تشارك",
)  # fmt: skip
_ONLY_AFTER = re.compile(
    r"^\W*(?:only|exclusively|solamente|únicamente|exclusivament|uniquement|exclusivement|فقط)(?!\w)", re.IGNORECASE
)
_JOINING = re.compile(
    r"(?<!\w)(?:and|or|and/or|as well as|including|the|an?|any|all|other|from|in|are|is|be|to|for|eligible|only"
    r"|small|relevant|public|local"
    r"|y|o|u|los?|las?|el|un|una|de|del|en|i|els?|les?|dels?|et|ou|des?|du|aux?|un|une|أو|و|من|على|ال"
    r"|participate|apply|applicants?|beneficiar(?:y|ies))(?!\w)|\d+",
    re.IGNORECASE,
)
_STOPS = re.compile(
    rf"(?<!\w)(?:{ESTABLISHED}|that|which|who|may|can|must|shall|with|by|provided|in order"
    r"|que|qui|podrán|podran|pueden|peuvent|التي|الذين)(?!\w)|[.;(]",
    re.IGNORECASE,
)
_DENIES = phrases(
    r"not",
    r"other than",
    r"except\w*",
    r"excluding",
    r"no",
    r"salvo",
    r"excepto",
    r"llevat",
    r"sauf",
    r"hors",
    r"غير",
    r"باستثناء",
)
_ABBREVIATED = re.compile(r"\([A-Z]{2,5}s?\)")
_NOT_BEFORE = re.compile(r"(?<!\w)(?:not|no|non|ne|لا|ليس)\s+$", re.IGNORECASE)
_APPLYING = phrases(
    r"appl(?:y|ies|icants?|ications?)", r"particip\w+", r"proposals?", r"calls?", r"eligib\w+", r"beneficiar(?:y|ies)",
    r"grants?", r"solicit\w+", r"convocatorias?", r"elegibles?", r"beneficiari[oa]?s?", r"sol·licit\w+",
    r"convocatòri(?:a|es)", r"presentar(?:se|-s['’]hi)?", r"appels?", r"candidat\w*", r"demand(?:es?|eurs?)",
    r"éligibles?", r"bénéficiaires?", r"تقتصر", r"(?:ال)?دعوة", r"(?:ال)?مشاركة", r"(?:ال)?مؤهلة", r"(?:ال)?متقدم\w*",
)  # fmt: skip
_HINTS = (
    *("limited", "restricted", "reserv", "open", "only", "must", "shall", "have to", "has to", "eligible", "any "),
    *(
        "all types",
        "public",
        "públi",
        "private",
        "without a call",
        "beneficiar",
        "applicants",
        "limita",
        "restring",
        "abiert",
    ),
    *("debe", "podr", "solo", "sólo", "únicament", "cualquier", "toda", "obert", "oberta", "només", "han de", "haur"),
    *("ha de", "ha d", "poden", "podran", "qualsevol", "tota", "limité", "réserv", "ouvert", "uniquement", "exclusiv"),
    *("seul", "doi", "devr", "toute", "bénéficiair", "قتصر", "مخصص", "مفتوح", "يجب", "فقط", "كيان", "مستفيد"),
)
"""Pieces of words without which a sentence limits nobody: looking for them is quick."""
_LETTERS = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Statement:
    """What one sentence says of kinds. ``says``: limit, part (these must take part), any, named (only those it names),
    people (natural persons only) or list (who is on a list)."""

    says: str
    kinds: frozenset[str]
    open: bool
    passage: str
    language: str


def kind_answer(call: Call, applicants: Sequence[Applicant]) -> Answer:
    """Yes where every applicant's kind is named, no where one of them surely is none of those it is for."""
    kinds = sorted({one.kind for one in applicants if one.kind})
    all_known = all(one.kind for one in applicants)
    if call.eligible_kinds:
        return _by_field(call, kinds, all_known)
    said = statements(call)
    for one in said:
        if one.says in ("named", "people"):
            detail = "named-bodies-only" if one.says == "named" else "people-only"
            return by_words(Question.KIND, Verdict.NO, detail, {}, one.passage, one.language)
    if not kinds or not all_known:
        return _of_nobody(call, said)
    return _by_words(kinds, said) or _by_rule(call, kinds)


def _of_nobody(call: Call, said: Sequence[Statement]) -> Answer:
    if not said:
        return not_told(Question.KIND, "applicant-not-known", call)
    return by_words(Question.KIND, Verdict.CANT_TELL, "applicant-not-known", {}, said[0].passage, said[0].language)


def named_kinds(call: Call) -> frozenset[str]:
    """The kinds of bodies a call names. One for cities is one for the authorities cities make up together."""
    return _with_kin(call.eligible_kinds)


def _with_kin(kinds: Sequence[str]) -> frozenset[str]:
    return frozenset(kinds).union(*(_ALSO.get(kind, ()) for kind in kinds))


def _by_field(call: Call, kinds: Sequence[str], all_known: bool) -> Answer:
    if out := [kind for kind in kinds if kind not in named_kinds(call)]:
        return by_field(Question.KIND, Verdict.NO, "kinds-out", {"kinds": out}, "eligible_kinds")
    if not kinds or not all_known:
        return by_field(Question.KIND, Verdict.CANT_TELL, "applicant-not-known", {}, "eligible_kinds")
    return by_field(Question.KIND, Verdict.YES, "kinds-in", {"kinds": kinds}, "eligible_kinds")


def _by_words(kinds: Sequence[str], said: Sequence[Statement]) -> Answer | None:
    for one in said:
        if one.says == "limit" and not one.open and (out := [k for k in kinds if k in _KNOWN - one.kinds]):
            return by_words(Question.KIND, Verdict.NO, "kinds-out", {"kinds": out}, one.passage, one.language)
    for one in said:
        if one.says in ("limit", "list") and (unclear := [kind for kind in kinds if kind not in one.kinds]):
            values = {"kinds": unclear}
            return by_words(Question.KIND, Verdict.CANT_TELL, "kinds-unclear", values, one.passage, one.language)
    for one in said:
        if one.says == "any" and all(_is_a_body(kind) for kind in kinds):
            return by_words(Question.KIND, Verdict.YES, "any-body", {}, one.passage, one.language)
        if one.says != "any" and one.kinds.issuperset(kinds):
            return by_words(Question.KIND, Verdict.YES, "kinds-in", {"kinds": list(kinds)}, one.passage, one.language)
    return None


def _is_a_body(kind: str) -> bool:
    """International organisations have rules of their own; of other kinds it isn't known what they are."""
    return kind in _KNOWN - {"intergovernmental"}


def _by_rule(call: Call, kinds: Sequence[str]) -> Answer:
    rule = programme_rule(call)
    if rule is None or not rule.content.get("any_body"):
        return not_told(Question.KIND, "kinds-not-told", call)
    if unclear := [kind for kind in kinds if not _is_a_body(kind)]:
        values = {"kinds": unclear}
        return by_rule(Question.KIND, Verdict.CANT_TELL, "kinds-unclear", values, rule.where, rule.told)
    return by_rule(Question.KIND, Verdict.YES, "any-body-by-rule", {}, rule.where, rule.told)


def statements(call: Call) -> tuple[Statement, ...]:
    """What the sentences of a call say of kinds; of its summary only where the conditions say nothing."""
    return statements_in(call, _statement)


def _statement(passage: Passage) -> Statement | None:
    text = passage.read
    folded = text.casefold()
    if not any(hint in folded for hint in _HINTS):
        return None
    if found := _NAMED_ONLY.search(text):
        return _made("named", passage, found)
    if NOT_OF_APPLICANTS.search(text):
        return None
    if found := _ON_A_LIST.search(text):
        return _made("list", passage, found)
    if found := _ANY.search(text):
        return _made("any", passage, found)
    if found := _TAKES_PART.search(text):
        kinds = frozenset(_in_list(text)[0])
        # "These regions must take part" are parts of the world as often as authorities.
        return _made("part", passage, found, kinds) if kinds - {"region"} else None
    if AT_LEAST.search(text) or not _APPLYING.search(text):
        return None
    return _limit(passage)


def _limit(passage: Passage) -> Statement | None:
    for trigger in LIMITS.finditer(passage.read):
        if _NOT_BEFORE.search(passage.read, 0, trigger.start()):
            continue
        listed = passage.read[trigger.end() :]
        listed = _ABBREVIATED.sub(lambda found: " " * len(found.group()), listed)
        stop = _STOPS.search(listed)
        kinds, people, rest = _in_list(listed[: stop.start()] if stop else listed)
        if not kinds and not people and _ONLY_AFTER.match(trigger.group()):
            before = re.split(r"[,;:]", passage.read[: trigger.start()])[-1]
            kinds, people, rest = _in_list(before)
        if not kinds and not people:
            continue
        is_open = _LETTERS.search(rest) is not None or (stop is not None and stop.group() in (";", "("))
        if _DENIES.search(passage.read):
            return _made("limit", passage, trigger, frozenset(), is_open=True)
        if people and not kinds and not is_open:
            return _made("people", passage, trigger)
        return _made("limit", passage, trigger, _with_kin(sorted(kinds)), is_open=is_open)
    return None


def _made(
    says: str,
    passage: Passage,
    found: re.Match[str],
    kinds: frozenset[str] = frozenset(),
    *,
    is_open: bool = True,
) -> Statement:
    return Statement(says, kinds, is_open, passage.around(*found.span()), passage.language)


def _in_list(text: str) -> tuple[set[str], bool, str]:
    """Kinds named in a list, whether natural persons are, and what else it says."""
    kinds: set[str] = set()
    people = False
    for names, meant in _bodies():
        text, count = names.subn(" ", text)
        if count:
            kinds.update(meant)
            people = people or not meant
    return kinds, people, _JOINING.sub(" ", text)


@cache
def _bodies() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    """Longer wordings first: "networks of cities" before "cities", "public authorities of regions" before "regions"."""
    ordered = sorted(words()["bodies"], key=lambda told: _ORDER.get(tuple(told["kinds"]), 1))
    return tuple(
        (
            re.compile(rf"(?<!\w)(?:و|ب|ل)?{pattern(*told['names'])}(?!\w)", re.IGNORECASE),
            tuple(told["kinds"]),
        )
        for told in ordered
    )


_ORDER = {("city-network",): 0, ("city", "metropolitan-authority"): 2, ("region",): 3}
