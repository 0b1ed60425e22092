"""News, in lists and forms."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sympolis.office.publishing import actions as publishing_actions
from sympolis.office.publishing import forms as publishing_forms
from sympolis.office.publishing import queries as publishing
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
    keep=lambda form: publishing_actions.keep_news_item(form.instance),
    keep_version=publishing_actions.keep_news_item, remove=publishing_actions.remove_news_item,
    columns=(
        TITLE,
        Column("published", _("Published on"), lambda row: row.published, ("published_latest", "sort_key")),
        Column("organisation", _("Whose news it is"), whose, ("organisation__sort_key", "pk")),
    ),
    with_rows=with_organisation, order=("-published_latest", "-created_at", "pk"),
)  # fmt: skip
