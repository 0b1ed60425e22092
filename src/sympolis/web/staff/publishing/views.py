"""News and pages at one place: what waits for a reader, what is out of date, the tree of pages, the latest news."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sympolis.office.core.form_fields import language_now
from sympolis.office.publishing.models import NewsItem
from sympolis.office.publishing.pages.actions import Written, keep_rules, stage_of
from sympolis.office.publishing.pages.blocks import picture_names
from sympolis.office.publishing.pages.forms import RulesForm
from sympolis.office.publishing.pages.models import Page
from sympolis.office.publishing.pages.pictures import pictures_named
from sympolis.office.publishing.pages.queries import (
    content_of,
    flat,
    second_reader_wanted,
    tree_of,
    visible_pages,
    waiting_for_a_reader,
)
from sympolis.office.publishing.pages.translating import LanguageState, language_state, pieces_of, source_of
from sympolis.office.publishing.queries import visible_news
from sympolis.web.context import office_on_page
from sympolis.web.staff.brief.access import officers, reader

NEWS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Row:
    """A page or news in the list: where it stands, in which languages it is, in which it is behind."""

    record: Written
    stage: Any
    is_public: bool
    languages: tuple[LanguageState, ...]
    parent: Page | None = None

    @property
    def outdated(self) -> list[str]:
        return [one.code for one in self.languages if one.outdated]


@officers
@require_safe
def publishing(request: HttpRequest) -> HttpResponse:
    branches = list(flat(tree_of(visible_pages(request.user).defer("imported", "folded").prefetch_related("drafts"))))
    news = list(visible_news(request.user).defer("imported", "folded")[:NEWS_SHOWN])
    waiting = waiting_for_a_reader()
    written: list[Written] = [*(branch.page for branch in branches), *news]
    names = [name for one in written for name in picture_names(_blocks(one))]
    pictures = pictures_named(dict.fromkeys(names))
    pages = [_row(branch.page, pictures, branch.parent) for branch in branches]
    rows = [_row(item, pictures) for item in news]
    context = {
        "pages": pages,
        "news": rows,
        "waiting": waiting,
        "outdated": [one for one in (*pages, *rows) if one.outdated],
        "rules": RulesForm(initial={"second_reader": second_reader_wanted()}),
    }
    return render(request, "staff/publishing/publishing.html", context)


def _blocks(record: Written) -> list[dict[str, Any]]:
    return content_of(record).blocks


def _row(record: Written, pictures: dict[str, Any], parent: Page | None = None) -> Row:
    pieces = pieces_of(record, pictures)
    source = source_of(pieces)
    codes = [source, *(code for code in content_of(record).languages if code != source)]
    states = tuple(language_state(pieces, source, code) for code in codes if code)
    is_public = stage_of(record) == "published" if isinstance(record, NewsItem) else record.published_at is not None
    return Row(record, stage_of(record), is_public, states, parent)


@officers
@require_POST
def rules(request: HttpRequest) -> HttpResponse:
    """How the office publishes is said by its administrators."""
    if not reader(request).is_administrator:
        raise PermissionDenied
    form = RulesForm(request.POST)
    if form.is_valid():
        keep_rules(form.cleaned_data["second_reader"])
        messages.success(request, _("Saved."))
    return redirect("staff:publishing")


def offered_languages(request: HttpRequest) -> list[str]:
    """Those of the site, the reader's own first."""
    office = getattr(request, "office", None)
    offered = list(office_on_page(office).record.languages) if office else []
    first = language_now()
    return sorted(offered or [first], key=lambda code: code != first)
