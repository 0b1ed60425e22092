"""Open calls that fit what somebody does or wants, and what speaks against each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from ..model import Call, CallFit, Feature, Item, ItemKind, Verdict
from ..texts.encoders import Matrix
from ..texts.languages import detect_language
from ..texts.vectors import Vectors
from .chance import beyond_chance, strength_among
from .conditions.bodies import kind_answer, named_kinds
from .conditions.countries import country_answer
from .eligibility import applicants_of, eligibility, is_for
from .features import Comparison, compare_items, strength_of
from .items import LONGEST_TITLE, item_of_call, title_of
from .question import counted_passages, standing_out

DEADLINE_SOON_DAYS = 30
WEAKENED_BY = {
    "country-not-eligible": 0.35,
    "kind-not-named": 0.6,
    "deadline-soon": 0.85,
    "not-open-yet": 0.97,
    "countries-not-known": 0.95,
    "kinds-not-known": 0.97,
}
"""What speaks against a call -> what is left of its score."""

_LEAST = 0.3
_SUPPORT = 3


def fitting_calls(
    about: Sequence[Item] | str,
    calls: Sequence[Call],
    countries: Sequence[str],
    kinds: Sequence[str],
    on: date,
    *,
    vectors: Vectors,
    limit: int = 20,
    with_them: Sequence[Item] = (),
) -> list[CallFit]:
    """Calls open or forthcoming on a day that fit items or a text, best first.

    ``with_them`` are the items of those one would apply with: a call must fit both sides, not one of them well.
    ``countries`` (ISO 3166-1 alpha-2) and ``kinds`` are those of the bodies that would apply. A call that is over, or
    of which it isn't known that it is open, is not among them.
    """
    items = asked_items(about)
    open_calls = [call for call in calls if is_open_or_forthcoming(call, on)]
    if not items or not open_calls:
        return []
    wanted = [item_of_call(call) for call in open_calls]
    compared = compare_items(items, wanted, vectors)
    asks = isinstance(about, str)
    scores = standing_out(compared, vectors) if asks else topic_scores(compared)
    beyond = beyond_chance(compared.text[0]) if asks else None
    if with_them:
        scores = np.sqrt(scores * topic_scores(compare_items(with_them, wanted, vectors)))
    fits = []
    for at, call in enumerate(open_calls):
        against = objections(call, countries, kinds, on)
        score = float(scores[at]) * weakened(against) * is_for(call, kinds)
        if score >= _LEAST:
            passages = counted_passages(compared, at, vectors) if asks else {}
            features = (*_in_favour(call, countries, kinds, on), *_because(compared, at, passages))
            strength = strength_of(score) if beyond is None else strength_among(score, float(beyond[at]))
            fits.append(CallFit(call, round(score, 6), strength, features, against))
    best = sorted(fits, key=lambda fit: (-fit.score, fit.call.id))[:limit]
    applicants = applicants_of(countries, kinds)
    return [replace(fit, eligibility=eligibility(fit.call, applicants, on)) for fit in best]


def topic_scores(compared: Comparison) -> Matrix:
    """float32 (calls,): how well each call fits the items: its best one, and a little more for further ones."""
    best = -np.sort(-compared.agreed, axis=0)[:_SUPPORT]
    shares = np.array([1.0, 0.12, 0.08], np.float32)[: len(best), None]
    return np.asarray(1 - np.prod(1 - best * shares, axis=0), np.float32)


def is_open_or_forthcoming(call: Call, on: date) -> bool:
    """Whether a call is known to be open on a day or to open after it."""
    if call.status == "closed":
        return False
    last = call.closes.latest or (call.deadlines[-1] if call.deadlines else None)
    if last is not None:
        return last >= on
    return call.status in ("open", "forthcoming") or bool(call.opens.earliest and call.opens.earliest > on)


def next_deadline(call: Call, on: date) -> date | None:
    """The first deadline that is not past on a day; None where none is known."""
    return next((day for day in call.deadlines if day >= on), call.closes.latest)


def is_forthcoming(call: Call, on: date) -> bool:
    """Whether a call is not open yet on a day."""
    if call.opens.earliest is not None:
        return call.opens.earliest > on
    return call.status == "forthcoming"


def objections(call: Call, countries: Sequence[str], kinds: Sequence[str], on: date) -> tuple[Feature, ...]:
    """What speaks against a call, or can't be told, as features of score 0: a strict no disqualifies."""
    found = []
    applicants = applicants_of(countries, kinds)
    by_country, by_kind = country_answer(call, applicants), kind_answer(call, applicants)
    if by_country.verdict is Verdict.NO:
        found.append(Feature("countries", 0.0, "country-not-eligible", {"countries": by_country.values["countries"]}))
    elif not call.eligible_countries and by_country.verdict is Verdict.CANT_TELL:
        found.append(Feature("countries", 0.0, "countries-not-known"))
    if by_kind.verdict is Verdict.NO:
        out = by_kind.values.get("kinds") or sorted(set(kinds))
        found.append(Feature("kinds", 0.0, "kind-not-named", {"kinds": out}))
    elif not call.eligible_kinds and by_kind.verdict is Verdict.CANT_TELL:
        found.append(Feature("kinds", 0.0, "kinds-not-known"))
    closes = next_deadline(call, on)
    if closes is not None and (days := (closes - on).days) <= DEADLINE_SOON_DAYS:
        found.append(Feature("deadline", 0.0, "deadline-soon", {"days": days, "closes": closes.isoformat()}))
    if is_forthcoming(call, on):
        opens = call.opens.earliest.isoformat() if call.opens.earliest else ""
        found.append(Feature("opens", 0.0, "not-open-yet", {"opens": opens}))
    return tuple(found)


def weakened(against: Sequence[Feature]) -> float:
    """What objections leave of a score of 1."""
    left = 1.0
    for feature in against:
        left *= WEAKENED_BY[feature.detail]
    return left


def _in_favour(call: Call, countries: Sequence[str], kinds: Sequence[str], on: date) -> list[Feature]:
    closes = next_deadline(call, on)
    detail = "forthcoming-call" if is_forthcoming(call, on) else "open-call"
    found = [Feature("call", 1.0, detail, {"call": call.id, "closes": closes.isoformat() if closes else ""})]
    if countries and (eligible := sorted(set(countries) & set(call.eligible_countries))):
        share = len(eligible) / len(set(countries))
        found.append(Feature("countries", round(share, 4), "country-eligible", {"countries": eligible}))
    if kinds and (named := sorted(set(kinds) & named_kinds(call))):
        found.append(Feature("kinds", round(len(named) / len(set(kinds)), 4), "kind-eligible", {"kinds": named}))
    return found


def _because(compared: Comparison, column: int, passages: Mapping[str, str]) -> list[Feature]:
    """Why the best item fits; the item itself is named in the values, and by encoder the passages that counted."""
    row = int(np.argmax(compared.agreed[:, column]))
    item = compared.left[row]
    named = {"item_id": item.id, "item": title_of(item)}
    counted = {f"text-{encoder}": {"right_passage": passage} for encoder, passage in passages.items()}
    return [
        Feature(
            feature.name, feature.score, feature.detail, {**feature.values, **named, **counted.get(feature.name, {})}
        )
        for feature in compared.explain(row, column)
        if feature.name.startswith("text") or feature.name in ("themes", "programme")
    ]


def item_of_text(text: str) -> Item:
    """Somebody's words as something to compare, of which the first 2,000 letters are read."""
    language = detect_language(text) or "en"
    return Item(id="text", kind=ItemKind.NEED, title={language: text[:LONGEST_TITLE]}, owner_id="")


def asked_items(about: Sequence[Item] | str) -> list[Item]:
    """What calls are compared with: a portfolio, or a text as a need; ``item_texts`` of it is what encoders read."""
    return [item_of_text(about)] if isinstance(about, str) else list(about)
