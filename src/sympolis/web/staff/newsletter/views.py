"""Issues: drafting, editing, looking at them, sending, and what became of each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sympolis.office.core.rich import bare_words
from sympolis.office.core.templatetags.show import plain
from sympolis.office.core.texts import RIGHT_TO_LEFT
from sympolis.office.publishing.newsletter import editing, sending
from sympolis.office.publishing.newsletter.drafting import add_what_is_new, draft_issue, news_that_waits
from sympolis.office.publishing.newsletter.enums import BlockKind, IssueState
from sympolis.office.publishing.newsletter.errors import LetterRefused
from sympolis.office.publishing.newsletter.letters import CHOOSE, LEAVE, Rendered, blocks_in, sections
from sympolis.office.publishing.newsletter.letters import render as render_mail
from sympolis.office.publishing.newsletter.models import Issue, IssueBlock
from sympolis.office.publishing.newsletter.queries import (
    figures_of,
    in_doubt,
    issues_in_doubt,
    subscribers_by_language,
    subscribers_by_state,
    unsettled_returns,
    visible_issues,
)
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.newsletter.forms import BlockForm, IssueForm, MonthForm, ScheduleForm

ISSUES_A_PAGE, DOUBTS_SHOWN = 30, 100
# A mail's own styles stand in it; nothing else of it does anything or comes from anywhere.
MAIL_CSP: dict[str, Any] = {
    "default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "frame-ancestors": ["'self'"], "sandbox": True,
}  # fmt: skip


def _issue(request: HttpRequest, public_id: str) -> Issue:
    return get_object_or_404(visible_issues(request.user), public_id=public_id)


@officers
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def newsletters(request: HttpRequest) -> HttpResponse:
    """All issues, and who gets them. POST drafts one."""
    last_month = timezone.localdate().replace(day=1) - timedelta(days=1)
    form = MonthForm(request.POST if request.method == "POST" else None, initial={"month": last_month})
    if request.method == "POST" and form.is_valid():
        issue = draft_issue(form.cleaned_data["month"], reader(request))
        Issue.objects.filter(pk=issue.pk).update(rate=settings.MAIL_RATE)
        return redirect("staff:newsletter", public_id=issue.public_id)
    states = subscribers_by_state()
    context = {
        "form": form,
        "page": Paginator(visible_issues(request.user), ISSUES_A_PAGE).get_page(request.GET.get("page")),
        "states": states,
        "languages": subscribers_by_language(),
        "doubts": list(issues_in_doubt()[:5]),
        "returns": unsettled_returns().count(),
    }
    return render(request, "staff/newsletter/newsletters.html", context, status=422 if form.errors else 200)


@officers
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def newsletter(request: HttpRequest, public_id: str) -> HttpResponse:
    """One issue: its words and blocks while it is a draft, what became of it afterwards."""
    issue = _issue(request, public_id)
    form = IssueForm(request.POST if request.method == "POST" else None, instance=issue, user=request.user)
    if request.method == "POST":
        if form.is_valid():
            try:
                editing.keep_issue(form.instance)
                messages.success(request, _("Saved."))
            except LetterRefused as refused:
                messages.error(request, str(refused.sentence))
            return redirect("staff:newsletter", public_id=public_id)
        if form.clashes:
            form = form.again()  # type: ignore[assignment]
            messages.error(request, _("Somebody else changed this meanwhile. Look at both and save once more."))
        issue.refresh_from_db()
    return _page(request, issue, 422 if request.method == "POST" else 200, form=form)


def _page(request: HttpRequest, issue: Issue, status: int = 200, **more: Any) -> HttpResponse:
    blocks = list(issue.blocks.order_by("position", "pk"))
    figures = figures_of(issue)
    context = {
        "issue": issue,
        "is_draft": issue.state == IssueState.DRAFT,
        "can_stop": issue.state in {IssueState.SCHEDULED, IssueState.SENDING},
        "sections": [(kind, [_row(one) for one in listed]) for kind, listed in sections(blocks_in(issue))],
        "out": [one for one in blocks if one.is_out],
        "schedule": ScheduleForm(),
        "figures": figures,
        "doubts": list(in_doubt(issue)[:DOUBTS_SHOWN]) if figures.doubt else [],
        "subscribed": subscribers_by_state()["subscribed"],
        **more,
    }
    return render(request, "staff/newsletter/newsletter.html", context, status=status)


def _row(block: IssueBlock) -> dict[str, Any]:
    return {"block": block, "text": bare_words(plain(block.text))[:300], "languages": list(block.title)}


@officers
@require_POST
def act(request: HttpRequest, public_id: str) -> HttpResponse:
    """What one button does with an issue or one of its blocks."""
    issue, what = _issue(request, public_id), request.POST.get("what", "")
    try:
        if what == "remove":
            editing.remove_issue(issue)
            messages.success(request, _("The draft is removed."))
            return redirect("staff:newsletters")
        _do(request, issue, what)
    except LetterRefused as refused:
        messages.error(request, str(refused.sentence))
    return redirect("staff:newsletter", public_id=public_id)


def _do(request: HttpRequest, issue: Issue, what: str) -> None:
    match what:
        case "up" | "down" | "out" | "in":
            _move(request, issue, what)
        case "section-up" | "section-down":
            editing.move_section(issue, request.POST.get("kind", ""), -1 if what == "section-up" else 1)
        case "draft-again":
            editing.keep_issue(issue)  # refuses what is no draft
            count = add_what_is_new(issue)
            said = ngettext("%(n)d block was put in.", "%(n)d blocks were put in.", count)
            messages.success(request, said % {"n": count})
            if waiting := news_that_waits(issue):
                said = ngettext(
                    "%(n)d news item came after the month of this issue: it waits for the next one.",
                    "%(n)d news items came after the month of this issue: they wait for the next one.",
                    waiting,
                )
                messages.info(request, said % {"n": waiting})
        case "test":
            _test(request, issue)
        case "stop":
            sending.stop(issue)
        case "go-on":
            sending.go_on(issue)
        case "schedule":
            _schedule(request, issue)
        case "went" | "again":
            _decide(request, issue, went=what == "went")
        case _:
            raise Http404


def _number(request: HttpRequest, name: str) -> int:
    said = request.POST.get(name, "")
    return int(said) if said.isdecimal() and len(said) < 18 else 0


def _move(request: HttpRequest, issue: Issue, what: str) -> None:
    block = get_object_or_404(IssueBlock.objects.select_related("issue"), issue=issue, pk=_number(request, "block"))
    match what:
        case "out":
            editing.take_out(block)
        case "in":
            editing.put_in(block)
        case _:
            editing.move(block, -1 if what == "up" else 1)


def _address(request: HttpRequest) -> str:
    return settings.SITE_ADDRESS or request.build_absolute_uri("/").rstrip("/")


def _test(request: HttpRequest, issue: Issue) -> None:
    language = request.POST.get("language", "")
    try:
        sending.send_test(issue, language if language in issue.languages else issue.languages[0], reader(request),
                          _address(request))  # fmt: skip
    except OSError:
        messages.error(request, _("The mail did not go out. Look at the mail server."))
    else:
        messages.success(request, _("A mail is on its way to %(email)s.") % {"email": reader(request).email})


def _schedule(request: HttpRequest, issue: Issue) -> None:
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This is no moment we understand. Choose a day and an hour."))
        return
    sending.schedule(issue, form.moment(), _address(request))
    messages.success(request, _("It is scheduled. Until then you can take it back."))
    if not sending.is_anybody_there():
        messages.warning(
            request, _("Nobody has subscribed yet. Whoever does until then gets it; in any case it stands on the web.")
        )


def _decide(request: HttpRequest, issue: Issue, *, went: bool) -> None:
    found = get_object_or_404(in_doubt(issue), pk=_number(request, "delivery"))
    sending.decide(found, reader(request), went=went)


@officers
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def block(request: HttpRequest, public_id: str, pk: int = 0) -> HttpResponse:
    """The words of one block; without a number, of a new one of one's own."""
    issue = _issue(request, public_id)
    found = get_object_or_404(issue.blocks, pk=pk) if pk else IssueBlock(issue=issue, kind=BlockKind.OWN)
    form = BlockForm(request.POST if request.method == "POST" else None, instance=found, user=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                editing.keep_block(form.instance)
                messages.success(request, _("Saved."))
            except LetterRefused as refused:
                messages.error(request, str(refused.sentence))
            return redirect("staff:newsletter", public_id=public_id)
        if form.clashes and pk:
            form = form.again()  # type: ignore[assignment]
            messages.error(request, _("Somebody else changed this meanwhile. Look at both and save once more."))
    return render(
        request, "staff/newsletter/block.html", {"issue": issue, "form": form, "is_new": not pk}, status=status
    )


def _rendered(request: HttpRequest, issue: Issue, language: str) -> Rendered:
    """The mail as it would be; where each reader has links of their own stands the page to sign up."""
    made = render_mail(issue, blocks_in(issue), language, issue.address or _address(request))
    page = _address(request) + reverse("public:newsletter")
    html, text = (said.replace(LEAVE, page).replace(CHOOSE, page) for said in (made.html, made.text))
    return Rendered(made.subject, html, text)


@officers
@never_cache
@require_safe
def look(request: HttpRequest, public_id: str, language: str) -> HttpResponse:
    """The mail as it would come, beside itself as plain text."""
    issue = _issue(request, public_id)
    if language not in issue.languages:
        raise Http404
    mail = _rendered(request, issue, language)
    context = {
        "issue": issue, "language": language, "mail": mail, "size": len(mail.html.encode()),
        "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "names": [(code, dict(settings.LANGUAGES).get(code, code)) for code in issue.languages],
    }  # fmt: skip
    return render(request, "staff/newsletter/look.html", context)


@officers
@never_cache
@require_safe
@xframe_options_sameorigin
@csp_override(MAIL_CSP)
def mail(request: HttpRequest, public_id: str, language: str, scheme: str) -> HttpResponse:
    """The HTML of the mail alone, in a frame that lets it do nothing. ``scheme``: light or dark, as the reader's is."""
    issue = _issue(request, public_id)
    if language not in issue.languages:
        raise Http404
    html = _rendered(request, issue, language).html
    wanted = "all" if scheme == "dark" else "not all"
    return HttpResponse(html.replace("@media (prefers-color-scheme:dark)", f"@media {wanted}"))
