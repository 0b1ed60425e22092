"""News and pages, as search reads it."""

from __future__ import annotations

from collections.abc import Iterator

from sympolis.engine.model import Document
from sympolis.office.core.rich import bare_words
from sympolis.office.core.searchable import OFFICE, Searchable, office_document, public_document
from sympolis.office.core.texts import Text, joined
from sympolis.office.publishing.enums import Stage
from sympolis.office.publishing.models import NewsItem, Page
from sympolis.office.publishing.pages.blocks import all_words
from sympolis.office.publishing.pages.queries import visible_pages
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


def _body(news: NewsItem) -> Text:
    return Text.of(**{language: bare_words(written) for language, written in news.body.plain().items()})


SEARCHABLE = (
    Searchable(NewsItem, NewsItem.objects.all, news_documents, visible_news),
    Searchable(Page, Page.objects.all, page_documents, visible_pages),
)
