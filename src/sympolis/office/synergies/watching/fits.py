"""Which calls answer what somebody watches, with the engine's reasons and what speaks against each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sympolis.engine.match import applicants_of, eligibility, fitting_calls
from sympolis.engine.match.calls import is_open_or_forthcoming, next_deadline, objections
from sympolis.engine.match.conditions.bodies import named_kinds
from sympolis.engine.match.learning import calls_as_learnt, scores_by_name
from sympolis.engine.model import Answer, Feature, Item, ItemKind, Verdict
from sympolis.office.core.models import User
from sympolis.office.core.texts import folded
from sympolis.office.planning.models import Action, Plan
from sympolis.office.planning.queries import visible_actions, visible_plans
from sympolis.office.planning.tree import inside
from sympolis.office.projects.enums import Gives
from sympolis.office.synergies.answers import vectors
from sympolis.office.synergies.eligibility import asking
from sympolis.office.synergies.enums import Subject
from sympolis.office.synergies.learning import Learning
from sympolis.office.synergies.portfolio import own_items
from sympolis.office.synergies.watching.calls import Known, calls_seen_by
from sympolis.office.synergies.watching.enums import Origin
from sympolis.office.synergies.watching.models import Watch
from sympolis.office.synergies.world_calls import world_calls

type Plain = dict[str, Any]
"""``{"detail", "values"}``, and ``"question"`` with ``"verdict"`` where it is one of the strict answers."""

MOST_ITEMS = 200
MOST_FITS = 40
AGAINST = (Verdict.NO, Verdict.NEEDS)


@dataclass(frozen=True, slots=True)
class Fit:
    """A call that answers, with why and what speaks against, in no language; and what a portfolio's are ranked by."""

    known: Known
    because: list[Plain]
    against: list[Plain]
    scores: Mapping[str, float] = field(default_factory=dict)
    score: float | None = None


def fits_of(
    watch: Watch,
    calls: Collection[Known],
    on: date,
    items: Sequence[Item] | None = None,
    learning: Learning | None = None,
) -> list[Fit]:
    """Those of the calls that answer a watch, as its person sees things, best first or the first to close first;
    ``items`` are those of its portfolio where they were read already, ``learning`` what the order was taught."""
    narrowed = [one for one in calls if _passes(watch, one, on)]
    if not narrowed:
        return []
    countries, kinds = _applicant(watch)
    if watch.organisation is None and watch.plan is None:
        narrowed.sort(key=lambda one: (next_deadline(one.call, on) or date.max, one.call.id))
        return [Fit(one, _said(watch), _against(one, countries, kinds, on)) for one in narrowed]
    by_id = {one.call.id: one for one in narrowed}
    asked = [one.call for one in narrowed]
    items = _items(watch, on) if items is None else items
    found = fitting_calls(items, asked, countries, kinds, on, vectors=vectors(), limit=MOST_FITS)
    if learning is not None:
        found = calls_as_learnt(found, learning.multipliers(Subject.CALLS))
    return [
        Fit(
            by_id[fit.call.id],
            _because(fit.features),
            [*_strict(fit.eligibility), *_others(fit.against)],
            scores_by_name(fit.features),
            fit.score,
        )
        for fit in found
    ]


def fits_now(watch: Watch, on: date, learning: Learning | None = None) -> list[Fit]:
    """Those of all calls somebody may see. For a portfolio the world's calls are looked for and not all compared:
    reading hundreds of summaries would take longer than the page."""
    calls = calls_seen_by(watch.person)
    if watch.organisation_id is not None or watch.plan_id is not None:
        own = [one.call for one in calls.values() if one.origin == Origin.OFFICE]
        items = _items(watch, on)
        near = {call.id for call in world_calls(items, own, on)}
        compared = [one for key, one in calls.items() if one.origin == Origin.OFFICE or key in near]
        return fits_of(watch, compared, on, items, learning)
    return fits_of(watch, calls.values(), on)


def _applicant(watch: Watch) -> tuple[list[str], list[str]]:
    """The country and the kind of who would apply: as the watch says, else those of whose portfolio it is."""
    who = watch.organisation or (watch.plan.organisation if watch.plan else None) or asking(watch.person)
    country = watch.country or (who.country if who else "")
    kind = watch.kind or (who.kind if who else "")
    return [country] if country else [], [kind] if kind else []


def gives(one: Known) -> str:
    """The kind of a call: as the office says, else what the programme's name for what is paid tells."""
    if one.row is not None:
        return one.row.gives
    action = one.call.action_type.casefold()
    if not action:
        return ""
    named = {"prize": Gives.PRIZE, "award": Gives.PRIZE, "procurement": Gives.TENDER, "cascade": Gives.CASCADE}
    return next((str(kind) for word, kind in named.items() if word in action), str(Gives.GRANT))


def _passes(watch: Watch, one: Known, on: date) -> bool:
    call = one.call
    if not is_open_or_forthcoming(call, on) or (watch.origin and watch.origin != one.origin):
        return False
    if watch.programme and watch.programme.casefold() not in call.programme.casefold():
        return False
    if watch.theme and watch.theme not in call.themes:
        return False
    if watch.country and call.eligible_countries and watch.country not in call.eligible_countries:
        return False
    if watch.kind and (named := named_kinds(call)) and watch.kind not in named:
        return False
    if watch.gives and watch.gives != gives(one):
        return False
    if watch.closes_within is not None:
        closes = next_deadline(call, on)
        if closes is None or closes > on + timedelta(days=watch.closes_within):
            return False
    said = _text_of(one) if watch.words else ""
    return all(word in said for word in folded(watch.words).split())


def _text_of(one: Known) -> str:
    call = one.call
    texts = (*call.title.values(), *call.summary.values(), call.programme)
    return _folded(texts)


@lru_cache(maxsize=4_000)  # the world's calls stay the same from one question to the next
def _folded(texts: tuple[str, ...]) -> str:
    return folded(*texts)


def _said(watch: Watch) -> list[Plain]:
    found = []
    if watch.words:
        found.append({"detail": "words-found", "values": {"words": watch.words}})
    if watch.theme:
        found.append({"detail": "theme-watched", "values": {"themes": [watch.theme]}})
    if watch.programme:
        found.append({"detail": "programme-watched", "values": {"programme": watch.programme}})
    return found


def _because(features: Sequence[Feature]) -> list[Plain]:
    """Each reason once, and the entry of the portfolio that is nearest."""
    found = {one.detail: {"detail": one.detail, "values": dict(one.values)} for one in reversed(features)}
    near = next((one.values["item"] for one in features if one.values.get("item")), "")
    ordered = [found[detail] for detail in dict.fromkeys(one.detail for one in features)]
    return [*([{"detail": "near-entry", "values": {"item": near}}] if near else []), *ordered]


def _against(one: Known, countries: Sequence[str], kinds: Sequence[str], on: date) -> list[Plain]:
    strict = eligibility(one.call, applicants_of(countries, kinds), on) if countries or kinds else ()
    return [*_strict(strict), *_others(objections(one.call, countries, kinds, on))]


def _strict(answers: Sequence[Answer]) -> list[Plain]:
    return [
        {"detail": one.detail, "values": dict(one.values), "question": str(one.question), "verdict": str(one.verdict)}
        for one in answers
        if one.verdict in AGAINST
    ]


def _others(against: Sequence[Feature]) -> list[Plain]:
    """What the strict answers do not say already."""
    told = {"country-not-eligible", "kind-not-named", "deadline-soon", "not-open-yet"}
    return [{"detail": one.detail, "values": dict(one.values)} for one in against if one.detail not in told]


def _items(watch: Watch, on: date) -> Sequence[Item]:
    """What is compared: all an organisation does and wants, or the lines and actions of a plan."""
    person: User = watch.person
    if watch.organisation is not None:  # seen still: see ``visible_watches``
        return own_items(person, watch.organisation, on)
    top = visible_plans(person).filter(pk=watch.plan_id or 0).first()
    return list(_plan_items(person, top))[:MOST_ITEMS] if top else ()


def _plan_items(person: User, top: Plan) -> Iterator[Item]:
    lines = inside(visible_plans(person).filter(organisation=top.organisation_id), top)
    for line in lines:
        yield _item(line, line.text.plain(), ())
    actions: Any = visible_actions(person).filter(plan__in=[line.pk for line in lines])
    for action in actions:
        yield _item(action, action.text.plain(), action.themes)


def _item(one: Plan | Action, text: dict[str, str], themes: tuple[str, ...]) -> Item:
    return Item(
        id=one.public_id, kind=ItemKind.PRIORITY, title=one.title.plain(), owner_id="", text=text, themes=themes
    )
