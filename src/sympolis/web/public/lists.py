"""Lists people filter and turn the pages of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language

from sympolis.engine.texts import vocabulary
from sympolis.office.core.models import Record
from sympolis.office.core.templatetags.show import country
from sympolis.office.core.texts import folded

PAGE_LENGTH = 50
LONGEST_QUESTION = 300
CHOICES_KEPT = 64  # lists of a filter's choices, put into words once for all who are offered the same
# What a row says of a record: wide rows cost more than the questions themselves.
PROJECT_ROW = (
    "public_id", "slug", "title", "programme", "start_earliest", "start_latest", "end_earliest", "end_latest", "stage",
    "themes", "budget", "currency", "confirmed", "illustrative",
)  # fmt: skip
PRACTICE_ROW = ("public_id", "slug", "title", "place", "countries", "themes", "confirmed", "illustrative")
PUBLICATION_ROW = (
    "public_id", "slug", "title", "kind", "published_earliest", "published_latest", "languages", "themes", "confirmed",
    "illustrative", "sort_key",
)  # fmt: skip
CALL_ROW = (
    "public_id", "slug", "title", "programme", "opens_earliest", "opens_latest", "closes_earliest", "closes_latest",
    "themes", "max_grant", "currency", "confirmed", "illustrative",
)  # fmt: skip
ORGANISATION_ROW = (
    "public_id", "slug", "name", "name_language", "names", "kind", "country", "themes", "line", "logo", "confirmed",
    "illustrative",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a filter."""

    code: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Listing[R: Record]:
    """One page of a list, how many there are without the examples, and how many examples stand among them."""

    page: Page[R]
    count: int
    examples: int


class CountedPaginator(Paginator[Any]):
    """A paginator that was told how many there are."""

    def __init__(self, records: Any, total: int, length: int = PAGE_LENGTH) -> None:
        super().__init__(records, length)
        self.total = total

    @cached_property
    def count(self) -> int:
        return self.total


def listing[R: Record](request: HttpRequest, records: QuerySet[R]) -> Listing[R]:
    """The page of ``records`` the reader asked for; a page that does not exist gives the nearest one."""
    counts = records.order_by().aggregate(total=Count("pk"), real=Count("pk", filter=Q(illustrative=False)))
    page = CountedPaginator(records, counts["total"]).get_page(request.GET.get("page", 1))
    return Listing(page, counts["real"], counts["total"] - counts["real"])


def asked(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\x00", "").strip()[:LONGEST_QUESTION]


def with_code[R: Record](records: QuerySet[R], field: str, code: str) -> QuerySet[R]:
    """Records that carry a code in one of their columns of codes."""
    return records.filter(**{f"{field}__contains": f",{code},"}) if code else records


def language() -> str:
    return (get_language() or "en").split("-")[0]


def kind_choices(kinds: Iterable[str], chosen: str) -> tuple[Choice, ...]:
    return _kind_choices(frozenset(kinds), chosen, language())


@lru_cache(maxsize=CHOICES_KEPT)
def _kind_choices(kinds: frozenset[str], chosen: str, language: str) -> tuple[Choice, ...]:
    found = kinds | ({chosen} if chosen else set())
    order = [term.code for term in vocabulary.terms("kinds") if term.code in found]
    rest = sorted(found - set(order))
    labelled = ((code, vocabulary.label("kinds", code, language)) for code in [*order, *rest])
    return tuple(Choice(code, label, code == chosen) for code, label in labelled)


def theme_choices(chosen: str) -> tuple[Choice, ...]:
    return _theme_choices(chosen, language())


@lru_cache(maxsize=CHOICES_KEPT)
def _theme_choices(chosen: str, language: str) -> tuple[Choice, ...]:
    labelled = [(theme.labels[language], theme.code) for theme in vocabulary.themes()]
    return tuple(Choice(code, label, code == chosen) for label, code in by_name(labelled))


def country_choices(countries: Iterable[str], chosen: str) -> tuple[Choice, ...]:
    return _country_choices(frozenset(countries), chosen, language())


@lru_cache(maxsize=CHOICES_KEPT)
def _country_choices(countries: frozenset[str], chosen: str, _language: str) -> tuple[Choice, ...]:
    labelled = [(country(code), code) for code in {*countries, chosen} if code]
    return tuple(Choice(code, label, code == chosen) for label, code in by_name(labelled))


def by_name(labelled: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Sorted as the reader reads: Latin scripts without accents, Arabic by its own letters."""
    if language() == "ar":
        return sorted(labelled)
    return sorted(labelled, key=lambda pair: folded(pair[0]))


def plain_choices(codes: Sequence[str], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(code, code, code == chosen) for code in codes)
