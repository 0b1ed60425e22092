"""News and pages, in lists and forms."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sympolis.office.publishing import actions as publishing_actions
from sympolis.office.publishing import forms as publishing_forms
from sympolis.office.publishing import queries as publishing
from sympolis.office.publishing.pages import actions as pages_actions
from sympolis.office.publishing.pages import forms as pages_forms
from sympolis.office.publishing.pages import queries as pages
from sympolis.web.staff.records.columns import (
    TITLE,
    whose,
    with_organisation,
)
from sympolis.web.staff.records.kinds import Column, Kind

NEWS = Kind(
    name="news", prefix="new", icon="bell",
    title=_("News"), one=_("News item"), add_label=_("Add news"),
    empty=_("No news yet. A title and a few lines are enough."),
    visible=publishing.visible_news, changeable=publishing.changeable_news,
    permission="publishing.add_newsitem", form=publishing_forms.NewsItemForm,
    keep=lambda form: publishing_actions.keep_news_item(
        form.instance, **publishing_forms.told_of(form.cleaned_data)
    ),
    keep_version=publishing_actions.keep_news_item, remove=publishing_actions.remove_news_item,
    columns=(
        TITLE,
        Column("published", _("Published on"), lambda row: row.published, ("published_latest", "sort_key")),
        Column("organisation", _("Whose news it is"), whose, ("organisation__sort_key", "pk")),
        Column("stage", _("Stage"), lambda row: row.get_stage_display(), ("stage", "pk"), office_only=True),
    ),
    with_rows=with_organisation, order=("-published_latest", "-created_at", "pk"), page="staff:written",
)  # fmt: skip

PAGES = Kind(
    name="site-pages", prefix="pag", icon="document",
    title=_("Pages"), one=_("Page"), add_label=_("Add a page"),
    empty=_("No page yet. Begin with one that says what the office does."),
    visible=pages.visible_pages, changeable=pages.changeable_pages,
    permission="publishing.add_page", form=pages_forms.PageForm,
    keep=lambda form: pages_actions.keep_page(form.instance, form.user),
    keep_version=pages_actions.restore_page, remove=pages_actions.remove_page,
    columns=(
        TITLE,
        Column("parent", _("Stands below"), lambda row: row.parent, ("parent__sort_key", "pk"), office_only=True),
        Column("published", _("Published on"), lambda row: row.published_at and row.published_at.date(),
               ("published_at", "pk")),
    ),
    with_rows=lambda rows, _reader: rows.select_related("parent"), order=("position", "sort_key", "pk"),
    page="staff:written",
)  # fmt: skip
