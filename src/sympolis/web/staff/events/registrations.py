"""Who registered for an event: the list with its filters, approving, taking off, telling of changes, files."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sympolis.engine.sheets import harmless
from sympolis.office.core.form_fields import language_now
from sympolis.office.core.templatetags.show import moment
from sympolis.office.core.uploads import TYPES
from sympolis.office.events.models import Event, Registration, RegistrationMail, RegistrationRules
from sympolis.office.events.registering.actions import (
    add_those_who_came,
    decide,
    keep_rules,
    send_once_more,
    take_off,
    tell_of_changes,
)
from sympolis.office.events.registering.enums import RegistrationState
from sympolis.office.events.registering.forms import RulesForm
from sympolis.office.events.registering.queries import (
    counts_of,
    feedback_of,
    mails_in_doubt,
    openness_of,
    told_otherwise,
    visible_registrations,
)
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.csv_file import csv_file
from sympolis.web.staff.events.access import event_or_404
from sympolis.web.staff.events.marks import bars_of

ON_A_PAGE = 100


def chosen(request: HttpRequest, event: Event) -> QuerySet[Registration]:
    """The registrations of an event that the filters leave."""
    rows = visible_registrations(request.user).filter(event=event)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(house__icontains=words) | Q(email__icontains=words))
    state = request.GET.get("state", "")
    if state in RegistrationState.values:
        rows = rows.filter(state=state)
    if request.GET.get("came") in {"yes", "no"}:
        rows = rows.filter(came_at__isnull=request.GET["came"] == "no")
    return rows.order_by("queued_at", "pk")


@officers
@require_safe
def registrations(request: HttpRequest, public_id: str) -> HttpResponse:
    """The list; ``?format=csv`` and ``xlsx`` the same as a file, answers and all."""
    event = event_or_404(request, public_id)
    rules = _rules(event)
    rows = chosen(request, event)
    if request.GET.get("format") == "csv":
        return csv_file(event.slug, _table(rules, rows)) if rules else _missing()
    if request.GET.get("format") == "xlsx":
        return _workbook(event.slug, _table(rules, rows)) if rules else _missing()
    if rules is None:
        return render(request, "staff/events/registrations.html", {"event": event, "rules": None})
    questions, counts = _questions(rules), counts_of(event)
    page = Paginator(rows.select_related("organisation"), ON_A_PAGE).get_page(request.GET.get("page", 1))
    context = {
        "event": event,
        "rules": rules,
        "page": page,
        "rows": [(one, _answers(one, questions)) for one in page],
        "counts": counts,
        "opening": openness_of(event, rules, timezone.now(), taken=counts[RegistrationState.CONFIRMED]),
        "states": RegistrationState.choices,
        "told_otherwise": told_otherwise(event).count(),
        "in_doubt": list(mails_in_doubt(event).select_related("registration")[:ON_A_PAGE]),
        "query": request.GET,
        "file_query": _file_query(request),
    }
    return render(request, "staff/events/registrations.html", context)


def _file_query(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("page", "format"):
        query.pop(name, None)
    return query.urlencode()


def _missing() -> HttpResponse:
    raise Http404


def _rules(event: Event) -> RegistrationRules | None:
    return getattr(event, "registering", None)


def _rules_or_404(event: Event) -> RegistrationRules:
    rules = _rules(event)
    if rules is None:
        raise Http404
    return rules


def _questions(rules: RegistrationRules) -> list[tuple[str, str]]:
    """Each by its key and in the reader's language."""
    return [(str(one.pk), one.text.best(language_now()).text) for one in rules.questions.all()]


def _answers(registration: Registration, questions: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What somebody answered, beside the question."""
    said = ((text, registration.answers.get(key)) for key, text in questions)
    return [(text, _("yes") if answer is True else str(answer)) for text, answer in said if answer not in (None, "")]


def _table(rules: RegistrationRules, rows: QuerySet[Registration]) -> Iterator[list[object]]:
    questions = _questions(rules)
    yield [
        _("Name"), _("Mail address"), _("Organisation"), _("Language"), _("State"), _("Registered"), _("Came"),
        *(text for _key, text in questions),
    ]  # fmt: skip
    for one in rows.iterator(chunk_size=500):
        answers = (one.answers.get(key, "") for key, _text in questions)
        yield [
            one.name, one.email, one.house, one.language, one.get_state_display(), moment(one.created_at),
            moment(one.came_at), *(_("yes") if said is True else said for said in answers),
        ]  # fmt: skip


def _workbook(name: str, rows: Iterator[list[object]]) -> HttpResponse:
    from openpyxl import Workbook  # a third of a second, which a process that writes no workbook saves

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append([_cell(str(cell)) for cell in row])
    kept = BytesIO()
    book.save(kept)
    response = HttpResponse(kept.getvalue(), content_type=TYPES["xlsx"])
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def _cell(words: str) -> str:
    """No formula, and nothing a workbook can't hold."""
    return harmless("".join(sign for sign in words if sign in "\n\t" or ord(sign) >= 32))[:32_000]


@officers
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open registration with one click, or set what there is to set."""
    event = event_or_404(request, public_id)
    there = _rules(event) or RegistrationRules(event=event)
    form = RulesForm(request.POST if request.method == "POST" else None, instance=there)
    if request.method == "POST" and form.is_valid():
        keep_rules(reader(request), form.save(commit=False))
        messages.success(request, _("Saved."))
        return redirect("staff:event_registrations", public_id=public_id)
    return render(request, "staff/events/rules.html", {"event": event, "form": form, "is_new": there.pk is None})


@officers
@require_POST
def decided(request: HttpRequest, public_id: str) -> HttpResponse:
    """Admit or refuse those that are ticked; they are told by mail."""
    event = event_or_404(request, public_id)
    pks = [int(one) for one in request.POST.getlist("who") if one.isascii() and one.isdigit() and len(one) < 19]
    done = decide(reader(request), event, pks, request.POST.get("what") == "admit")
    said = ngettext("%(n)d decided. They are told by mail.", "%(n)d decided. They are told by mail.", len(done))
    messages.success(request, said % {"n": len(done)})
    return redirect("staff:event_registrations", public_id=public_id)


@officers
@require_POST
def off(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Cancel somebody's registration for them; the next who waits moves up."""
    event = event_or_404(request, public_id)
    if take_off(reader(request), event, number) is None:
        raise Http404
    messages.success(request, _("Cancelled. They are told by mail."))
    return redirect("staff:event_registrations", public_id=public_id)


@officers
@require_POST
def tell(request: HttpRequest, public_id: str) -> HttpResponse:
    """A mail with the new entry for the calendar to those who were told another day, hour or place."""
    count = tell_of_changes(reader(request), event_or_404(request, public_id))
    said = ngettext("%(n)d mail goes out now.", "%(n)d mails go out now.", count)
    messages.success(request, said % {"n": count})
    return redirect("staff:event_registrations", public_id=public_id)


@officers
@require_POST
def mail_again(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """One of the mails in doubt goes out once more."""
    event = event_or_404(request, public_id)
    mail: RegistrationMail = get_object_or_404(mails_in_doubt(event), pk=number)
    send_once_more(reader(request), mail)
    messages.success(request, _("It goes out once more."))
    return redirect("staff:event_registrations", public_id=public_id)


@officers
@require_POST
def took_part(request: HttpRequest, public_id: str) -> HttpResponse:
    """The organisations of those who came stand with the event from now on; people don't."""
    count = add_those_who_came(reader(request), event_or_404(request, public_id))
    said = ngettext("%(n)d organisation added.", "%(n)d organisations added.", count)
    messages.success(request, said % {"n": count})
    return redirect("staff:event_registrations", public_id=public_id)


@officers
@require_safe
def feedback(request: HttpRequest, public_id: str) -> HttpResponse:
    """What they thought of it: marks as bars with their table, and words."""
    event = event_or_404(request, public_id)
    _rules_or_404(event)
    found = feedback_of(event)
    questions: list[tuple[Any, list[int]]] = [
        (_("How useful was it?"), found.useful),
        (_("How well was it organised?"), found.organised),
    ]
    plots = [(title, bars_of(counts), counts) for title, counts in questions]
    return render(request, "staff/events/feedback.html", {"event": event, "feedback": found, "plots": plots})
