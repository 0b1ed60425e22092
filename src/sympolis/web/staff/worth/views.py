"""What the office's memberships cost and what came of them: all of them in a table, each on a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sympolis.office.core.permissions import officers_only
from sympolis.office.directory.actions import keep_fee
from sympolis.office.directory.enums import Tick
from sympolis.office.directory.forms import MembershipAnswerForm
from sympolis.office.directory.memberships import say_of_membership, year_asked_about
from sympolis.office.directory.models import MembershipFee, Organisation
from sympolis.office.synergies.worth import Amount, Tally, Worth, Year, summed, worth_of
from sympolis.web.staff.brief.access import office_readers, officers, reader
from sympolis.web.staff.csv_file import csv_file
from sympolis.web.staff.worth.export import table
from sympolis.web.staff.worth.forms import FeeForm
from sympolis.web.staff.worth.plots import worth_plot

YEARS_TO_SAY = 5

type Row = tuple[Worth, Tally]

_TICKS = {"": 0, Tick.NO: 1, Tick.UNSURE: 2, Tick.YES: 3}
SORTS: dict[str, Callable[[Row], Any]] = {
    "name": lambda row: row[0].network.sort_key,
    "fee": lambda row: _first(row[1].shown_cost),
    "meetings": lambda row: row[1].meeting_count,
    "events": lambda row: row[1].event_count,
    "projects": lambda row: row[1].project_count,
    "partners": lambda row: len(row[1].partners),
    "money": lambda row: _first(row[1].grant.amounts),
    "used": lambda row: _TICKS.get(row[1].used, 0),
    "keep": lambda row: _TICKS.get(row[1].keep, 0),
}


def _first(amounts: list[Amount]) -> Decimal:
    return amounts[0].value if amounts else Decimal(-1)


def _ours(request: HttpRequest) -> int | None:
    """The office's own organisation: whose memberships these pages are about."""
    office = getattr(request, "office", None)
    return office.organisation_id if office else None


@office_readers
@require_safe
def memberships(request: HttpRequest) -> HttpResponse:
    """``year`` is one of them, all together where none is asked for; ``format=csv`` has a row for each."""
    ours, today = _ours(request), timezone.localdate()
    found = worth_of(reader(request), ours, today) if ours else []
    if request.GET.get("format") == "csv":
        return csv_file("memberships", table(found))
    years = sorted({year for worth in found for year in worth.of_year if year is not None} | {today.year}, reverse=True)
    asked = request.GET.get("year", "")
    year = next((one for one in years if str(one) == asked), None)
    rows = [(worth, worth.tally(year) if year else worth.all_years()) for worth in found]
    now = [row for row in rows if row[0].membership.holds_on(today)]
    past = [row for row in rows if row not in now]
    last = year_asked_about(today)
    real = [worth for worth, _tally in now if not worth.membership.illustrative]
    context = {
        "rows": _sorted(now, request.GET.get("sort", "name")),
        "past": past,
        "years": years,
        "year": year,
        "total": summed((amount.currency, amount.value) for _worth, tally in now for amount in tally.cost),
        "asked_year": last,
        "unanswered": [worth for worth in real if not worth.tally(last).answers],
        "unpaid": [worth for worth in real if all(fee.illustrative for fee in worth.tally(last).fees)],
    }
    return render(request, "staff/worth/memberships.html", context)


def _sorted(rows: list[Row], asked: str) -> list[Row]:
    """As asked for; equal ones by name, whichever way."""
    key = SORTS.get(asked.lstrip("-"), SORTS["name"])
    return sorted(sorted(rows, key=SORTS["name"]), key=key, reverse=asked.startswith("-"))


@office_readers
@require_safe
def membership(request: HttpRequest, public_id: str) -> HttpResponse:
    return _page(request, public_id)


def _page(
    request: HttpRequest, public_id: str, answering: MembershipAnswerForm | None = None, paying: FeeForm | None = None
) -> HttpResponse:
    """One membership: the plot, its years, every record that counts, and the two small forms."""
    ours, worth = _ours_and_worth(request, public_id)
    today = timezone.localdate()
    whole = worth.all_years()
    named = Organisation.objects.defer("imported", "folded", "note", "description", "line", "aliases").in_bulk(
        {ours, *whole.partners}
    )
    context = {
        "ours": named[ours],
        "worth": worth,
        "network": worth.network,
        "whole": whole,
        "rows": [(year, tally, _named(tally, named)) for year, tally in reversed(worth.rows())],
        "partners": _named(whole, named),
        "plot": worth_plot(worth),
        "is_over": not worth.membership.holds_on(today),
        "answering": answering or _answer_form(request, worth),
        "paying": paying or FeeForm(initial={"year": _year_to_pay(worth), "currency": _currency(request, whole)}),
    }
    return render(request, "staff/worth/membership.html", context, status=200)


def _named(tally: Tally, named: dict[int, Organisation]) -> list[Organisation]:
    return sorted((named[pk] for pk in tally.partners if pk in named), key=lambda one: one.sort_key)


def _year_to_pay(worth: Worth) -> int:
    """The year that is asked about, and this one once its fee is noted."""
    today = timezone.localdate()
    last = year_asked_about(today)
    return today.year if worth.tally(last).cost else last


def _currency(request: HttpRequest, whole: Tally) -> str:
    office: Any = getattr(request, "office", None)
    return whole.fees[-1].currency if whole.fees else office.currency


def _ours_and_worth(request: HttpRequest, public_id: str) -> tuple[int, Worth]:
    """Raises Http404 where we neither belong to it nor paid for it."""
    ours = _ours(request)
    found = worth_of(reader(request), ours, timezone.localdate()) if ours else []
    worth = next((one for one in found if one.network.public_id == public_id), None)
    if ours is None or worth is None:
        raise Http404
    return ours, worth


def _answer_form(request: HttpRequest, worth: Worth) -> MembershipAnswerForm:
    """What this officer said of the last year that ended, to be changed; else empty."""
    year: Year = year_asked_about(timezone.localdate())
    mine = next((one for one in worth.tally(year).answers if one.by_id == reader(request).pk), None)
    initial: dict[str, Any] = {"year": year}
    if mine:
        initial |= {"used": mine.used, "used_by": mine.used_by, "keep": mine.keep, "why": mine.why}
    return MembershipAnswerForm(initial=initial, years=_years())


def _years() -> list[int]:
    this = timezone.localdate().year
    return [year_asked_about(timezone.localdate()), this, *range(this - 2, this - YEARS_TO_SAY, -1)]


@officers
@require_POST
def answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep the three ticks of a year."""
    ours, worth = _ours_and_worth(request, public_id)
    form = MembershipAnswerForm(request.POST, years=_years())
    if not form.is_valid():
        return _page(request, public_id, answering=form)
    said = dict(form.cleaned_data)
    say_of_membership(reader(request), ours, worth.network.pk, said.pop("year"), **said)
    messages.success(request, _("Noted. It stands in the table of the year."))
    return redirect("staff:network_worth", public_id=public_id)


@officers
@require_POST
def fee(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add what was paid for a year."""
    ours, worth = _ours_and_worth(request, public_id)
    form = FeeForm(request.POST)
    if not form.is_valid():
        return _page(request, public_id, paying=form)
    officers_only(request.user)
    keep_fee(MembershipFee(organisation_id=ours, network=worth.network, **form.cleaned_data))
    messages.success(request, _("Added."))
    return redirect("staff:network_worth", public_id=public_id)
