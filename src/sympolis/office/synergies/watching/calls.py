"""All calls there are, the office's own and the world's, and what happened to them since somebody last looked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from sympolis.engine.match.calls import is_forthcoming, is_open_or_forthcoming, next_deadline
from sympolis.engine.model import Call as EngineCall
from sympolis.engine.model import PartialDate
from sympolis.office.core.queries import Reader
from sympolis.office.projects.models import Call
from sympolis.office.projects.queries import visible_calls
from sympolis.office.synergies.answers import engine_call
from sympolis.office.synergies.watching.enums import NewsKind, Origin
from sympolis.office.synergies.watching.models import CallNews, SeenCall
from sympolis.office.synergies.world_calls import all_world_calls, topic_of, with_conditions

CLOSING_DAYS = 14
FIRST_LOOK = "first-look"
"""Stands among the calls seen once anybody looked; no id of a call is like it."""

KEPT_DAYS = 400
"""News older than this are forgotten."""


@dataclass(frozen=True, slots=True)
class Known:
    """A call with where it was read; ``row`` is the office's record of it."""

    call: EngineCall
    origin: Origin
    row: Call | None = None


def known_calls(rows: Iterator[Call] | list[Call]) -> dict[str, Known]:
    """By id: the office's calls of these rows, and those of the world's data the office does not keep itself."""
    ours = {row.public_id: Known(with_conditions(engine_call(row)), Origin.OFFICE, row) for row in rows}
    kept = {topic for one in ours.values() if (topic := topic_of(one.call))}
    world = {call.id: Known(call, Origin.WORLD) for call in all_world_calls() if topic_of(call) not in kept}
    return {**ours, **world}


def calls_seen_by(user: Reader) -> dict[str, Known]:
    """Every call somebody may see."""
    return known_calls(list(visible_calls(user).defer("folded", "imported", "note")))


def deadlines_of(call: EngineCall) -> tuple[str, ...]:
    """The last days of a call as written, the first to come first."""
    if call.deadlines:
        return tuple(one.isoformat() for one in sorted(call.deadlines))
    return (str(call.closes),) if call.closes else ()


def look(on: date) -> int:
    """Hold every call against how it was seen last, and write down what happened since; how much did.

    The first time calls of an origin are seen, they are what there is and no news. Examples are never news.
    """
    with transaction.atomic():
        seen = {one.call: one for one in SeenCall.objects.all()}
        begun = {one.origin for one in seen.values()}
        told = set(CallNews.objects.filter(kind=NewsKind.CLOSING).values_list("call", "now"))
        world = {topic: call.id for call in all_world_calls() if (topic := topic_of(call))}
        news, fresh, changed = [], [], []
        for key, known in known_calls(list(Call.objects.filter(illustrative=False))).items():
            before, now = seen.get(key), _as_seen(key, known, on)
            elsewhere = None if before else world.get(topic_of(known.call))
            if before is not None:
                found = list(_differences(known, before, now, on))
                if (before.deadlines, before.is_open) != (now.deadlines, now.is_open):
                    before.deadlines, before.is_open = now.deadlines, now.is_open
                    changed.append(before)
            else:
                fresh.append(now)
                if elsewhere in seen:  # the office keeps now what the world's data told of
                    found = list(_differences(known, seen[elsewhere], now, on))
                else:
                    found = _if_new(known, now, on) if known.origin in begun else []
            news += [*found, *_closing(known, told, on, elsewhere or "")]
        if Origin.OFFICE not in begun:  # noted even where there is no call yet: the first one entered is news
            fresh.append(SeenCall(call=FIRST_LOOK, origin=Origin.OFFICE))
        SeenCall.objects.bulk_create(fresh, batch_size=500)
        SeenCall.objects.bulk_update(changed, ["deadlines", "is_open"], batch_size=200)
        CallNews.objects.bulk_create(news, ignore_conflicts=True, batch_size=200)
        CallNews.objects.filter(on__lt=on - timedelta(days=KEPT_DAYS)).delete()
    return len(news)


def _as_seen(key: str, known: Known, on: date) -> SeenCall:
    is_open = is_open_or_forthcoming(known.call, on) and not is_forthcoming(known.call, on)
    return SeenCall(call=key, origin=known.origin, deadlines=",".join(deadlines_of(known.call))[:1000], is_open=is_open)


def _news(known: Known, kind: NewsKind, on: date, was: str = "", now: str = "") -> CallNews:
    return CallNews(call=known.call.id, origin=known.origin, kind=kind, was=was, now=now, on=on)


def _if_new(known: Known, now: SeenCall, on: date) -> list[CallNews]:
    if not is_open_or_forthcoming(known.call, on):
        return []
    return [_news(known, NewsKind.OPENED if now.is_open else NewsKind.ANNOUNCED, on, now=now.deadlines)]


def _differences(known: Known, before: SeenCall, now: SeenCall, on: date) -> Iterator[CallNews]:
    if now.is_open and not before.is_open:
        yield _news(known, NewsKind.OPENED, on, now=now.deadlines)
    if _to_come(before.deadlines, on) != _to_come(now.deadlines, on) and now.deadlines:
        yield _news(known, NewsKind.CHANGED, on, before.deadlines, now.deadlines)


def _to_come(deadlines: str, on: date) -> list[str]:
    """Those that are not past: a list that lost a day of last month did not change."""
    return [one for one in deadlines.split(",") if one and (PartialDate.parse(one).latest or on) >= on]


def _closing(known: Known, told: set[tuple[str, str]], on: date, elsewhere: str) -> Iterator[CallNews]:
    """``elsewhere``: the id under which the world's data told of it before the office kept it."""
    closes = next_deadline(known.call, on)
    if closes is None or not 0 <= (closes - on).days <= CLOSING_DAYS or is_forthcoming(known.call, on):
        return
    named = {(one, closes.isoformat()) for one in (known.call.id, elsewhere)}
    if not named & told and is_open_or_forthcoming(known.call, on):
        yield _news(known, NewsKind.CLOSING, on, now=closes.isoformat())
