"""How the world's data stands, and making it anew."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from sympolis.engine.sheets import harmless
from sympolis.office.core import world_data as standing_of
from sympolis.office.directory.world import refresh as refreshing
from sympolis.office.directory.world.judgements import decided_since
from sympolis.web.staff.administration.access import administrators_only
from sympolis.web.staff.imports.access import officers_only
from sympolis.web.staff.world.left_out_words import reason_in_text, reason_in_words, told
from sympolis.web.staff.world.words import COUNTS, STEPS

LINES_A_PAGE = 100
MOST_CHOICES = 200
_APART = "\u2068{}\u2069"  # ordered by itself, whichever way the words around it run


@officers_only
@require_safe
def world_data(request: HttpRequest) -> HttpResponse:
    """Officers read it; only administrators get the button."""
    standing, last = standing_of.standing(), refreshing.last_refresh()
    context: dict[str, Any] = {
        "standing": standing,
        "sources": standing_of.sources(),
        "counts": _labelled({name: count for name, count in standing.counts.items() if count}, COUNTS)
        if standing
        else [],
        "seconds": _labelled({name: round(took, 1) for name, took in standing.seconds.items()}, STEPS)
        if standing
        else [],
        "decided": decided_since(standing.updated_at) if standing else 0,
        "is_refreshing": refreshing.is_refreshing(),
        "step": STEPS.get(str(last.get("step")), ""),
        "last": last,
        "last_at": parse_datetime(str(last.get("at") or "")),
        "may_refresh": request.user.has_perm("core.administer"),
    }
    return render(request, "staff/world/world_data.html", context)


def _labelled(values: Any, words: Any) -> list[tuple[str, Any]]:
    return [(str(words.get(name, name)), value) for name, value in values.items()]


@administrators_only
@require_POST
def refresh(request: HttpRequest) -> HttpResponse:
    """The worker does it; pressing twice does it once."""
    if not standing_of.sources():
        messages.error(request, _("There is nothing to make it from. Add the files of an open source first."))
    elif refreshing.start_refresh():
        messages.success(request, _("World data is being refreshed. You can go on working."))
    else:
        messages.info(request, _("World data is being refreshed already."))
    return redirect("staff:world_data")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was left out, and why in the reader's words."""

    file: str
    line: str
    reason: SafeString


@dataclass(frozen=True, slots=True)
class Choice:
    """A reason to narrow the list to: as the engine says it, in the reader's words, and of how many lines."""

    reason: str
    words: str
    is_known: bool
    count: int


class _Lines:
    """The lines left out, as many as a page asks for."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        standing = standing_of.standing()
        reasons = standing.reasons if standing else {}
        self._count = reasons.get(reason, 0) if reason else sum(reasons.values())

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, at: slice) -> list[Line]:
        rejects = standing_of.rejects(at.start, at.stop, self.reason)
        return [Line(one.file, one.line, reason_in_words(one.reason)) for one in rejects]


@officers_only
@require_safe
def left_out(request: HttpRequest) -> HttpResponse:
    """What could not be read: by reason, then line by line."""
    reason = request.GET.get("reason", "")[:500]
    lines: Any = _Lines(reason)
    page = Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("page"))
    standing = standing_of.standing()
    reasons = list(standing.reasons.items())[:MOST_CHOICES] if standing else []
    choices = [Choice(one, reason_in_text(one, _APART), told(one) is not None, count) for one, count in reasons]
    return render(request, "staff/world/left_out.html", {"page": page, "reason": reason, "choices": choices})


@officers_only
@require_safe
def left_out_file(request: HttpRequest) -> Any:
    """All of it, as it is read: there may be more lines than fit into memory."""
    answer = StreamingHttpResponse(_as_csv(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="left-out.csv"'
    return answer


class _Passing:
    """What is written to it is handed on."""

    def write(self, words: str) -> str:
        return words


def _as_csv() -> Iterator[str]:
    table = csv.writer(_Passing())
    yield "\ufeff"  # tells spreadsheets that it is UTF-8
    yield table.writerow([_("File"), pgettext("of a file", "Line"), _("Reason")])
    for one in standing_of.rejects():
        yield table.writerow([harmless(cell) for cell in (one.file, one.line, reason_in_text(one.reason))])
