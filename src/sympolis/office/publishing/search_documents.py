"""News, pages and publications, as search reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from sympolis.engine.model import Document
from sympolis.office.core.enums import Visibility
from sympolis.office.core.rich import bare_words
from sympolis.office.core.searchable import (
    OFFICE,
    PartOf,
    Searchable,
    network_document,
    office_document,
    public_document,
)
from sympolis.office.core.texts import Text, joined
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import countries_told
from sympolis.office.publishing.enums import Stage
from sympolis.office.publishing.models import NewsItem, Page, Publication
from sympolis.office.publishing.pages.blocks import all_words
from sympolis.office.publishing.pages.queries import visible_pages
from sympolis.office.publishing.publications.queries import visible_publications
from sympolis.office.publishing.queries import visible_news


def news_documents(news: NewsItem) -> Iterator[Document]:
    entry = public_document(
        news,
        "news",
        text=joined(news.summary, _body(news), *all_words(news.blocks)),
        **({"audiences": (OFFICE,)} if is_held_back(news) else {}),
        earliest=news.published_earliest,
        latest=news.published_latest,
    )
    yield entry
    yield from office_document(entry, news.note)


def is_held_back(news: NewsItem) -> bool:
    """Whether only the office finds it so far."""
    return news.is_to_come or news.stage != Stage.PUBLISHED


def page_documents(page: Page) -> Iterator[Document]:
    """A page as its readers see it; one that is not published for the office alone."""
    entry = public_document(
        page,
        "page",
        text=joined(page.summary, *all_words(page.blocks)),
        **({"audiences": (OFFICE,)} if page.published_at is None else {}),
    )
    yield entry
    yield from office_document(entry, page.note)


def publication_documents(publication: Publication) -> Iterator[Document]:
    """Whose it is is told to those who may see these bodies."""
    names = {
        seen: ", ".join(one.name for one in publication.bodies.all() if one.visibility == seen) for seen in Visibility
    }
    entry = public_document(
        publication,
        "publication",
        text=joined(publication.summary, also=[publication.authors, names[Visibility.PUBLIC]]),
        countries=countries_told(publication.bodies.all()),
        themes=publication.themes,
        earliest=publication.published_earliest,
        latest=publication.published_latest,
    )
    yield entry
    yield from network_document(entry, names[Visibility.NETWORK])
    yield from office_document(entry, publication.note, names[Visibility.OFFICE])


def all_publications() -> QuerySet[Publication]:
    return Publication.objects.prefetch_related("bodies")


def written_by(public_ids: Iterable[str]) -> Iterable[str]:
    """The publications of these organisations."""
    found = Publication.objects.filter(bodies__public_id__in=list(public_ids)).order_by()
    return found.values_list("public_id", flat=True).distinct()


def _body(news: NewsItem) -> Text:
    return Text.of(**{language: bare_words(written) for language, written in news.body.plain().items()})


SEARCHABLE = (
    Searchable(NewsItem, NewsItem.objects.all, news_documents, visible_news),
    Searchable(Page, Page.objects.all, page_documents, visible_pages),
    Searchable(Publication, all_publications, publication_documents, visible_publications),
)
PARTS = (PartOf(Organisation.ID_PREFIX, written_by),)
