"""Questions about pages, as far as the reader may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import QuerySet

from sympolis.office.core.queries import Reader, changeable_records, is_officer, visible_records
from sympolis.office.core.texts import Text
from sympolis.office.publishing.enums import Stage
from sympolis.office.publishing.models import NewsItem
from sympolis.office.publishing.pages.blocks import Content
from sympolis.office.publishing.pages.models import Page, PageDraft, PublishingRules

IN_A_TREE = ("public_id", "slug", "title", "parent_id", "position", "published_at", "confirmed", "illustrative")


def visible_pages(user: Reader) -> QuerySet[Page]:
    """Officers see all, everybody what was published and is open to them."""
    found = visible_records(user, Page.objects.all())
    return found if is_officer(user) else found.exclude(published_at=None)


def changeable_pages(user: Reader) -> QuerySet[Page]:
    return changeable_records(user, Page.objects.all())


def second_reader_wanted() -> bool:
    return PublishingRules.objects.filter(second_reader=True).exists()


def draft_of(page: Page) -> PageDraft | None:
    return next(iter(page.drafts.all()), None)


def content_of(record: Page | NewsItem) -> Content:
    """What an editor works on: of a page its draft where it has one; news are written where they stand."""
    if isinstance(record, Page) and (draft := draft_of(record)) is not None:
        return Content(Text(draft.title), Text(draft.summary), list(draft.blocks))
    body = Text(record.body) if isinstance(record, NewsItem) else Text()
    return Content(Text(record.title), Text(record.summary), list(record.blocks), body)


def waiting_for_a_reader() -> list[Page | NewsItem]:
    """What somebody asked a second person to read, the longest waiting first."""
    return [*waiting_pages().order_by("drafts__changed_at"), *waiting_news().order_by("updated_at")]


def waiting_pages() -> QuerySet[Page]:
    return Page.objects.filter(drafts__stage=Stage.WAITING)


def waiting_news() -> QuerySet[NewsItem]:
    return NewsItem.objects.filter(stage=Stage.WAITING)


@dataclass(slots=True)
class Branch:
    """A page with those below it."""

    page: Page
    parent: Page | None = None
    below: list[Branch] = field(default_factory=list)


def tree_of(pages: Iterable[Page]) -> list[Branch]:
    """Pages as a tree; what hangs on a page that is not among them stands at the top."""
    branches = {page.pk: Branch(page) for page in pages}
    top: list[Branch] = []
    for branch in branches.values():
        above = branches.get(branch.page.parent_id or 0)
        if above is None or _is_round(branch.page, branches):
            top.append(branch)
        else:
            branch.parent = above.page
            above.below.append(branch)
    return top


def _is_round(page: Page, branches: dict[int, Branch]) -> bool:
    """Whether going up from a page leads back to it: no form lets that be, but two saved at once could."""
    seen, at = {page.pk}, page.parent_id
    while at in branches:
        if at in seen:
            return True
        seen.add(at)
        at = branches[at].page.parent_id
    return False


def flat(branches: Iterable[Branch]) -> Iterator[Branch]:
    """A tree line by line, what stands below a page after it."""
    for branch in branches:
        yield branch
        yield from flat(branch.below)


def above(page: Page, pages: Iterable[Page]) -> list[Page]:
    """The pages a page stands below, from the top."""
    by_key, found = {one.pk: one for one in pages}, list[Page]()
    at = page.parent_id
    while at in by_key and by_key[at] not in found and at != page.pk:
        found.append(by_key[at])
        at = by_key[at].parent_id
    return found[::-1]


def below(page: Page, pages: Iterable[Page]) -> list[Page]:
    by_parent = defaultdict(list)
    for one in pages:
        by_parent[one.parent_id].append(one)
    return by_parent[page.pk]
