"""What a list is asked by time: of each kind of record what was there, went on or took place then, as far as known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.queries import Reader
from sympolis.office.directory.enums import Renewal
from sympolis.office.directory.moments import Moment
from sympolis.office.directory.queries import organisations_at

type Then = Callable[[QuerySet[Any], Moment, Reader], QuerySet[Any]]


def at(name: str, rows: QuerySet[Any], moment: Moment | None, reader: Reader) -> QuerySet[Any]:
    """The rows of a list without what certainly was not so then; all of them where no time is asked about."""
    return THEN[name](rows, moment, reader) if moment else rows


def _lasting(begins: str, ends: str) -> Then:
    """What begins and ends: without an end known it goes on."""

    def then(rows: QuerySet[Any], moment: Moment, _reader: Reader) -> QuerySet[Any]:
        return rows.filter(_not_over(ends, moment), _begun(begins, moment))

    return then


def _there_since(day: str) -> Then:
    """What was said or published on a day and stays: all of it up to then."""
    return lambda rows, moment, _reader: rows.filter(_begun(day, moment))


def _taking_place(begins: str, ends: str = "") -> Then:
    """What takes place: without an end known on the day alone on which it begins."""

    def then(rows: QuerySet[Any], moment: Moment, _reader: Reader) -> QuerySet[Any]:
        here = _not_over(begins, moment)
        if ends:
            has_end = ~Q(**{f"{ends}_latest": None})
            here = Q(has_end, _not_over(ends, moment)) | Q(~has_end, here)
        return rows.filter(here, _begun(begins, moment))

    return then


def _begun(begins: str, moment: Moment) -> Q:
    return Q(**{f"{begins}_earliest": None}) | Q(**{f"{begins}_earliest__lte": moment.last})


def _not_over(ends: str, moment: Moment) -> Q:
    return Q(**{f"{ends}_latest": None}) | Q(**{f"{ends}_latest__gte": moment.first})


def _organisations(rows: QuerySet[Any], moment: Moment, reader: Reader) -> QuerySet[Any]:
    return rows if moment.is_today else rows.filter(pk__in=organisations_at(reader, moment).order_by().values("pk"))


def _agreements(rows: QuerySet[Any], moment: Moment, _reader: Reader) -> QuerySet[Any]:
    """In force from the day that says so, else from the day it was signed; what goes on by itself is never over."""
    said = Q(in_force_earliest=None, in_force_latest=None)
    begun = Q(~said, _begun("in_force", moment)) | Q(said, _begun("signed", moment))
    return rows.filter(begun, Q(renewal=Renewal.AUTOMATIC) | _not_over("ends", moment))


def _held(rows: QuerySet[Any], moment: Moment, _reader: Reader) -> QuerySet[Any]:
    return moment.possible(rows)


def _by_then(day: str) -> Then:
    """What is due, was asked or came out up to then: not what has no such day."""
    return lambda rows, moment, _reader: rows.filter(**{f"{day}__lte": moment.last})


def _of_the_years(rows: QuerySet[Any], moment: Moment, _reader: Reader) -> QuerySet[Any]:
    return rows.filter(year__range=(moment.first.year, moment.last.year))


def _known_by(rows: QuerySet[Any], moment: Moment, _reader: Reader) -> QuerySet[Any]:
    """Numbers of that year or of one before."""
    return rows.filter(Q(year=None) | Q(year__lte=moment.last.year))


THEN: dict[str, Then] = {
    "organisations": _organisations,
    "relations": _held,
    "agreements": _agreements,
    "posts": _held,
    "positions": _there_since("adopted"),
    "figures": _known_by,
    "fees": _of_the_years,
    "projects": _lasting("start", "end"),
    "practices": _lasting("start", "end"),
    "calls": _lasting("opens", "closes"),
    "events": _taking_place("start", "end"),
    "meetings": _taking_place("starts", "ends"),
    "sessions": _taking_place("starts"),
    "plans": _lasting("starts", "ends"),
    "actions": _lasting("starts", "ends"),
    "requests": _by_then("asked_on"),
    "commitments": _by_then("due_earliest"),
    "applications": _by_then("deadline_on"),
    "news": _there_since("published"),
    "site-pages": _by_then("published_at__date"),
    "publications": _there_since("published"),
}
"""By the name of the list. People have posts instead, needs and departments no days of their own."""

TOOK_PLACE, DUE = _("Day, month or year"), _("Due by")
ASKED = {"events": TOOK_PLACE, "meetings": TOOK_PLACE, "sessions": TOOK_PLACE, "commitments": DUE, "applications": DUE}
"""What the time is called that is asked about, where it is not that *as of* which a list is."""
