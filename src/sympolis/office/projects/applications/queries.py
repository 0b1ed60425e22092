"""Questions about applications: the office's own work, which nobody else sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, TextField, Value, Window
from django.db.models.functions import Coalesce, ExtractYear, NullIf, RowNumber
from django.utils import timezone

from sympolis.office.core.queries import Reader, changeable_records, reads_office
from sympolis.office.core.tokens import hashed
from sympolis.office.projects.applications.enums import IN_HAND, OVER, ApplicationStage, RequestState
from sympolis.office.projects.applications.models import (
    Application,
    ApplicationPartner,
    ApplicationTask,
    PartnerRequest,
)
from sympolis.office.projects.queries import visible_calls
from sympolis.office.projects.running.sums import exact_sum, from_cents

BOARD_DAYS = 365
"""What is over stays on the board for a year."""

MOST_CARDS = 120


def visible_applications(user: Reader) -> QuerySet[Application]:
    return Application.objects.all() if reads_office(user) else Application.objects.none()


def changeable_applications(user: Reader) -> QuerySet[Application]:
    """With what a form and a page name."""
    found = changeable_records(user, Application.objects.all())
    return found.select_related("organisation", "call", "project", "owner", "decided_by")


def visible_partners(user: Reader) -> QuerySet[ApplicationPartner]:
    return ApplicationPartner.objects.all() if reads_office(user) else ApplicationPartner.objects.none()


def visible_tasks(user: Reader) -> QuerySet[ApplicationTask]:
    return ApplicationTask.objects.all() if reads_office(user) else ApplicationTask.objects.none()


def begun_by_call(user: Reader, call_id: str) -> dict[str, Any]:
    """What an application knows already that is begun at a call: nothing where the reader may not see that call. Its
    last day is the deadline where it is known to the day; the most that is granted is nothing to start from."""
    call = visible_calls(user).filter(public_id=call_id).first()
    if call is None:
        return {}
    closes = call.closes
    return {
        "call": call,
        "title": call.title,
        "programme": call.programme,
        "currency": call.currency,
        "deadline_on": closes.latest if closes.earliest == closes.latest else None,
        "owner": user,
    }


def on_the_board(user: Reader, today: date) -> QuerySet[Application]:
    """Those in hand, and those that were over within a year: no more than the board has room for, and one."""
    since = timezone.make_aware(datetime.combine(today - timedelta(days=BOARD_DAYS), time.min))
    order = (F("deadline_on").asc(nulls_last=True), "sort_key", "pk")
    shown = visible_applications(user).filter(~Q(stage__in=OVER) | Q(updated_at__gte=since)).order_by(*order)
    return Application.objects.filter(pk__in=shown.values("pk")[: MOST_CARDS + 1]).order_by(*order)


def open_tasks_of(applications: Iterable[Application]) -> dict[int, tuple[int, date | None]]:
    """How many tasks of each are open, and the first day by which one is due; those without any are left out."""
    rows = ApplicationTask.objects.filter(application__in=[one.pk for one in applications], done_at=None).order_by()
    counted = rows.values_list("application").annotate(many=Count("pk"), next_due=Min("due"))
    return {key: (many, next_due) for key, many, next_due in counted}


def deadlines_ahead(user: Reader, today: date) -> QuerySet[Application]:
    """Applications still to be handed in, the first deadline first."""
    found = visible_applications(user).filter(stage__in=IN_HAND, deadline_on__gte=today)
    return found.order_by("deadline_on", "sort_key")


def overdue_tasks(user: Reader, today: date) -> QuerySet[ApplicationTask]:
    """Open tasks whose day is past, of applications that are not over."""
    found = visible_tasks(user).filter(done_at=None, due__lt=today).exclude(application__stage__in=OVER)
    return found.select_related("application").order_by("due", "pk")


STEPS_OF = ("public_id", "title", "illustrative", "stage")


@dataclass(frozen=True, slots=True)
class Step:
    """A deadline ahead, or a task whose day is past: then ``task`` has its words."""

    on: date
    task: str
    application: Application


def next_steps(user: Reader, today: date, most: int) -> tuple[list[Step], list[Step]]:
    """The first deadlines ahead and the first overdue tasks, so many of each.

    One question, whose rows are made of what the first screen shows: it has no other to spare.
    """
    deadlines = deadlines_ahead(user, today).annotate(
        task=Value("", output_field=TextField()), nth=Window(RowNumber(), order_by=["deadline_on", "sort_key", "pk"])
    )
    tasks = overdue_tasks(user, today).annotate(nth=Window(RowNumber(), order_by=["due", "pk"]))
    rows = (
        deadlines.order_by()
        .values_list("nth", "deadline_on", "task", *STEPS_OF)
        .union(
            tasks.order_by().values_list("nth", "due", "text", *(f"application__{name}" for name in STEPS_OF)), all=True
        )
    )
    found = [
        Step(on, task, Application(**dict(zip(STEPS_OF, about, strict=True))))
        for _nth, on, task, *about in rows.order_by("nth")[: 2 * most]
    ]
    return [one for one in found if not one.task][:most], [one for one in found if one.task][:most]


@dataclass(frozen=True, slots=True)
class Success:
    """How many applications were decided and granted, and what was asked for in those granted, by currency."""

    granted: int
    refused: int
    money: list[tuple[str, Decimal]]

    @property
    def rate(self) -> Decimal | None:
        decided = self.granted + self.refused
        return Decimal(self.granted) / decided if decided else None


@dataclass(frozen=True, slots=True)
class Decided:
    """How many applications to one programme, or of one year, were decided, and how many of them granted."""

    value: Any
    granted: int
    decided: int

    @property
    def rate(self) -> Decimal:
        return Decimal(self.granted) / self.decided


def decided_by(applications: QuerySet[Application]) -> dict[str, list[Decided]]:
    """Applications decided by ``programme`` and by ``year`` of their deadline, in one question; examples do not count.

    The programme is that of the call where there is one; the last year and the programme asked most come first.
    """
    of_call = Coalesce(NullIf("call__programme", Value("")), "programme")
    counted = (
        applications.filter(illustrative=False, stage__in=[ApplicationStage.GRANTED, ApplicationStage.REFUSED])
        .order_by()
        .values_list(of_call, ExtractYear("deadline_on"), "stage")
        .annotate(many=Count("pk"))
    )
    sums: dict[str, dict[Any, list[int]]] = {"programme": {}, "year": {}}
    for programme, year, stage, many in counted:
        for name, value in (("programme", programme), ("year", year)):
            granted_decided = sums[name].setdefault(value, [0, 0])
            granted_decided[0] += many if stage == ApplicationStage.GRANTED else 0
            granted_decided[1] += many
    found = {name: [Decided(value, *both) for value, both in of.items()] for name, of in sums.items()}
    found["programme"].sort(key=lambda one: (not one.value, -one.decided, one.value))
    found["year"].sort(key=lambda one: -(one.value or 0))
    return found


def success_of(applications: QuerySet[Application]) -> Success:
    """Those withdrawn were never decided; examples count for nothing."""
    real = applications.filter(illustrative=False)
    counted = real.order_by().aggregate(
        granted=Count("pk", filter=Q(stage=ApplicationStage.GRANTED)),
        refused=Count("pk", filter=Q(stage=ApplicationStage.REFUSED)),
    )
    sums = (
        real.filter(stage=ApplicationStage.GRANTED, amount__isnull=False)
        .order_by("currency")
        .values_list("currency")
        .annotate(cents=exact_sum("amount"))
    )
    return Success(counted["granted"], counted["refused"], [(currency, from_cents(cents)) for currency, cents in sums])


def request_of(token: str) -> PartnerRequest | None:
    """The request an address leads to, once it was sent."""
    sent = PartnerRequest.objects.filter(token=hashed(token), state__in=[RequestState.SENT, RequestState.ANSWERED])
    return sent.select_related(
        "partner__organisation", "partner__application__organisation", "partner__application__call", "approved_by"
    ).first()


def latest_requests(partners: Iterable[ApplicationPartner]) -> dict[int, PartnerRequest]:
    """The last request to each partner, in one question."""
    rows = PartnerRequest.objects.filter(partner__in=[one.pk for one in partners]).order_by("made_at", "pk")
    return {row.partner_id: row for row in rows}
