"""What search engines may find: public, real records, in every language the office offers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from sympolis.office.core.models import Record
from sympolis.office.directory.queries import current_office
from sympolis.web.public.addresses import PAGES

LISTS = (
    "home", "organisations", "networks", "projects", "practices", "calls", "events", "recordings", "plans", "positions",
    "publications", "news", "pages", "newsletter", "themes", "credits", "legal",
)  # fmt: skip

IN_ITS_LANGUAGES = "pag"


class OfferedSitemap[T](Sitemap[T]):
    """Addresses in the languages the office offers, put together anew for each request."""

    i18n = True
    alternates = True

    def __init__(self) -> None:
        office = current_office()
        self.languages = list(office.languages) if office and office.languages else None


class ListSitemap(OfferedSitemap[str]):
    """The pages that are not of one record."""

    x_default = True

    def items(self) -> list[str]:
        return [f"public:{name}" for name in LISTS]

    def location(self, item: str) -> str:
        return reverse(item)


class RecordSitemap(OfferedSitemap[Record]):
    """The pages of one kind of record. The sitemap is the visitor's, whoever asks."""

    limit = 2_000

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self.prefix = prefix

    def items(self) -> QuerySet[Any]:
        records = PAGES[self.prefix](AnonymousUser()).filter(illustrative=False, confirmed=True)
        more = ("title",) if self.prefix == IN_ITS_LANGUAGES else ()
        return records.only("slug", "public_id", "updated_at", *more).order_by("pk")

    def get_languages_for_item(self, item: Record) -> list[str]:
        """A page stands in the trees of the languages it has; records are told in every one."""
        languages: list[str] = super().get_languages_for_item(item)
        if self.prefix != IN_ITS_LANGUAGES:
            return languages
        return [code for code in languages if item.title_text().get_text(code)]

    def lastmod(self, item: Record) -> datetime:
        return item.updated_at


SITEMAPS: dict[str, Callable[[], Sitemap[Any]]] = {
    "pages": ListSitemap,
    **{prefix: partial(RecordSitemap, prefix) for prefix in PAGES},
}
