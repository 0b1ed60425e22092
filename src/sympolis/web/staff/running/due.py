"""Who owes what by when, over all projects the reader runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sympolis.office.projects.mornings import gets_mails, set_mails
from sympolis.office.projects.running.queries import all_dues, count_dues, due_of
from sympolis.web.staff.csv_file import long_csv_file

PAGE_LENGTH = 50
AT_ONCE = 400


class _Dues(Paginator):  # type: ignore[type-arg]  # a generic in stubs alone
    """Pages of what is owed, counted by themselves: the union would read every name to count its rows."""

    def __init__(self, rows: Any, per_page: int, user: Any) -> None:
        super().__init__(rows, per_page)
        self._user = user

    @cached_property
    def count(self) -> int:
        return count_dues(self._user)


@login_required
@require_safe
def dues(request: HttpRequest) -> HttpResponse:
    """``?format=csv`` the same as a file."""
    user: Any = request.user
    today = timezone.localdate()
    if request.GET.get("format") == "csv":
        return long_csv_file("due", _rows(user))  # type: ignore[return-value]
    found = _Dues(all_dues(user), PAGE_LENGTH, user).get_page(request.GET.get("page"))
    rows = [due_of(row, today) for row in found.object_list]
    return render(
        request, "staff/running/due.html", {"page": found, "dues": rows, "today": today, "gets_mails": gets_mails(user)}
    )


@login_required
@require_POST
def due_mails(request: HttpRequest) -> HttpResponse:
    """Whether this person is told by mail."""
    user: Any = request.user
    set_mails(user, request.POST.get("mails") == "on")
    return redirect("staff:dues")


def _rows(user: Any) -> Iterator[tuple[object, ...]]:
    today = timezone.localdate()
    yield _("Due on"), _("What"), _("Who"), _("Project"), "id"
    for row in all_dues(user).iterator(chunk_size=AT_ONCE):
        one = due_of(row, today)
        who = one.organisation.name if one.organisation else ""
        yield one.on.isoformat(), str(one.what), who, str(one.project.title), one.project.public_id
