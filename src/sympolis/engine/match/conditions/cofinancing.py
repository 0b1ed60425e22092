"""What share of the cost a call pays, and how much is one's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ...model import Answer, Applicant, Call, Question, Verdict
from .answers import by_field, by_rule, by_words, not_told
from .passages import Passage, statements_in
from .rules import action_rule
from .vocabulary import words
from .wording import phrases

_PERCENT = (
    r"(?P<share>\d{1,3}(?:[.,]\d{1,2})?)\s*(?:%|per cent|percent|por ciento|per cent|pour cent|في المئة|بالمئة|٪)"
)
_RATE = (
    r"(?:(?:EU[- ]?)?(?:funding|co-?financing|co-?funding|reimbursement|grant) rates?"
    r"|EU (?:contribution|co-?financing|grant)|tasa de (?:co-?financiación|financiación)"
    r"|porcentaje de (?:co)?financiación"
    r"|(?:taxa|percentatge) de (?:co)?finançament|taux de (?:co-?)?financement|نسبة (?:ال)?تمويل(?: المشترك)?"
    r"|معدل التمويل)"
)
_TOLD = re.compile(rf"(?<!\w){_RATE}[^.\n%٪]{{0,110}}?(?<![\d.,]){_PERCENT}".replace(" ", r"\s+"), re.IGNORECASE)
_OF_COSTS = re.compile(
    (
        r"(?<![\d.,])" + _PERCENT + r"\s*(?:of (?:the )?(?:total )?(?:eligible|project)(?: project)? costs"
        r"|de los (?:costes|gastos)(?: totales)? (?:elegibles|subvencionables)|dels costos(?: totals)? (?:elegibles"
        r"|subvencionables)"
        r"|des (?:coûts|dépenses)(?: totaux| totales)? éligibles|من (?:إجمالي )?(?:ال)?تكاليف المؤهلة)"
    ).replace(" ", r"\s+"),
    re.IGNORECASE,
)
_NON_PROFIT = re.compile(
    (
        r"(?<![\d.,])(?P<share>\d{1,3})\s*(?:%|٪)\s*(?:\w+ ){0,2}(?:for|para|per a|per"
        r"|pour)(?: [\w']+){0,2} (?:non-?profit|not-for-profit"
        r"|sin (?:ánimo|fines) de lucro|sense ànim de lucre|(?:à )?but non lucratif"
        r"|[\w' ]{0,30}(?:sin ánimo de lucro|sense ànim de lucre|à but non lucratif))"
        r"|(?:non-?profit|not-for-profit|sin ánimo de lucro|sense ànim de lucre|à but non lucratif"
        r"|غير الربحية)[^.%٪]{0,60}?(?<![\d.,])(?P<share_after>\d{1,3})\s*(?:%|٪)"
    ).replace(" ", r"\s+"),
    re.IGNORECASE,
)
_OF_SOMETHING_ELSE = phrases(
    r"third part(?:y|ies)", r"financial support", r"sub-?contract\w*", r"work packages?", r"additional activities",
    r"not exceed", r"may not exceed", r"synerg\w+", r"flat[- ]rate", r"indirect costs?", r"pre-?financing", r"terceros",
    r"subcontrat\w+", r"costes indirectos", r"tercers", r"subcontract\w+", r"costos indirectes", r"tiers",
    r"sous-traitan\w+", r"coûts indirects", r"prefinanciación", r"prefinançament", r"préfinancement", r"أطراف ثالثة",
    r"غير المباشرة",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    """A share in percent; ``non_profit`` another one for bodies without profit."""

    share: Decimal
    non_profit: Decimal | None
    passage: str
    language: str


def cofinancing_answer(call: Call, applicants: Sequence[Applicant]) -> Answer:
    """Yes where the whole cost is paid; else what share is needed of one's own."""
    if call.cofinancing_rate is not None:
        verdict, detail, values = _in_words(call.cofinancing_rate * 100)
        return by_field(Question.COFINANCING, verdict, detail, values, "cofinancing_rate")
    said = statements(call)
    if not said:
        return _by_rule(call, applicants)
    first = said[0]
    verdict, detail, values = _of_several({(one.share, one.non_profit) for one in said}, applicants)
    return by_words(Question.COFINANCING, verdict, detail, values, first.passage, first.language)


def _of_several(
    told: set[tuple[Decimal, Decimal | None]], applicants: Sequence[Applicant]
) -> tuple[Verdict, str, dict[str, object]]:
    """One share, or one for bodies without profit beside it, where it is known which are asked about."""
    [(share, non_profit), *others] = sorted(told, key=str)
    if others or (non_profit is not None and not _is_of_one_kind(applicants)):
        shares = sorted({one for pair in told for one in pair if one is not None})
        return Verdict.CANT_TELL, "shares-differ", {"shares": [_plain(one) for one in shares]}
    return _in_words(non_profit if non_profit is not None and _without_profit(applicants) else share)


def _by_rule(call: Call, applicants: Sequence[Applicant]) -> Answer:
    rule = action_rule(call, "share")
    if rule is None:
        return not_told(Question.COFINANCING, "share-not-told", call)
    special = rule.content.get("share_non_profit")
    told = {(Decimal(rule.content["share"]), None if special is None else Decimal(special))}
    verdict, detail, values = _of_several(told, applicants)
    by = detail if verdict is Verdict.CANT_TELL else f"{detail}-by-rule"
    return by_rule(Question.COFINANCING, verdict, by, values, rule.where)


def _in_words(share: Decimal) -> tuple[Verdict, str, dict[str, object]]:
    if share >= 100:
        return Verdict.YES, "whole", {"share": "100", "own": "0"}
    return Verdict.NEEDS, "share", {"share": _plain(share), "own": _plain(100 - share)}


def _plain(share: Decimal) -> str:
    return f"{share.normalize():f}"


def _without_profit(applicants: Sequence[Applicant]) -> bool:
    return bool(applicants) and all(one.kind in words()["non_profit"] for one in applicants)


def _is_of_one_kind(applicants: Sequence[Applicant]) -> bool:
    """Whether it is known of all that they make profit, or of all that they don't."""
    return _without_profit(applicants) or (bool(applicants) and all(one.kind == "company" for one in applicants))


def statements(call: Call) -> tuple[Statement, ...]:
    """What the sentences of a call say of shares; of its summary only where the conditions say nothing."""
    return statements_in(call, _statement)


def _statement(passage: Passage) -> Statement | None:
    text = passage.read
    if "%" not in text and "٪" not in text and not re.search(r"per\s?cent|por ciento|pour cent|في المئة|بالمئة", text):
        return None
    found = _TOLD.search(text) or _OF_COSTS.search(text)
    if found is None or _OF_SOMETHING_ELSE.search(text):
        return None
    share = Decimal(found["share"].replace(",", "."))
    if not 0 < share <= 100:
        return None
    special = _NON_PROFIT.search(text)
    non_profit = Decimal(special["share"] or special["share_after"]) if special else None
    if (non_profit is not None and not 0 < non_profit <= 100) or non_profit == share:
        non_profit = None
    return Statement(share, non_profit, passage.around(*found.span()), passage.language)
