"""News, pages and publications, in lists and forms."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sympolis.office.publishing import actions as publishing_actions
from sympolis.office.publishing import forms as publishing_forms
from sympolis.office.publishing import queries as publishing
from sympolis.office.publishing.pages import actions as pages_actions
from sympolis.office.publishing.pages import forms as pages_forms
from sympolis.office.publishing.pages import queries as pages
from sympolis.office.publishing.publications import actions as publication_actions
from sympolis.office.publishing.publications import forms as publication_forms
from sympolis.office.publishing.publications import queries as publications
from sympolis.office.publishing.publications.enums import PublicationKind
from sympolis.web.staff.records import alike
from sympolis.web.staff.records.columns import (
    CONFIRMED,
    THEME,
    TITLE,
    names,
    whose,
    with_names,
    with_organisation,
)
from sympolis.web.staff.records.kinds import Column, Filter, Kind

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

PUBLICATIONS = Kind(
    name="publications", prefix="pub", icon="document",
    title=_("Publications"), one=_("Publication"), add_label=_("Add a publication"),
    empty=_("No publication yet. Add a study: its title and where it can be read are enough."),
    visible=publications.visible_publications, changeable=publications.changeable_publications,
    proposable=publications.proposable_publications, proposed_with="core.propose", like=alike.titled,
    permission="publishing.add_publication", form=publication_forms.PublicationForm,
    keep=lambda form: publication_actions.keep_publication(form.instance, form.cleaned_data["bodies"]),
    keep_version=publication_actions.keep_publication, remove=publication_actions.remove_publication,
    columns=(
        TITLE,
        Column("kind", _("Kind"), lambda row: row.get_kind_display(), ("kind", "sort_key")),
        Column("bodies", _("Bodies whose it is"), names("bodies")),
        Column("published", _("Published on"), lambda row: row.published, ("published_latest", "sort_key")),
    ),
    filters=(
        Filter("kind", _("Kind"), lambda: PublicationKind.choices, lambda code: Q(kind=code)), THEME, CONFIRMED,
    ),
    with_rows=with_names("bodies"),
    order=("-published_latest", "sort_key", "pk"),
)  # fmt: skip
