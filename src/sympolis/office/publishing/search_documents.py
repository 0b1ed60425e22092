"""News, as search reads it."""

from __future__ import annotations

from collections.abc import Iterator

from sympolis.engine.model import Document
from sympolis.office.core.searchable import Searchable, office_document, public_document
from sympolis.office.publishing.models import NewsItem
from sympolis.office.publishing.queries import visible_news


def news_documents(news: NewsItem) -> Iterator[Document]:
    entry = public_document(
        news,
        "news",
        text=news.summary.plain(),
        earliest=news.published_earliest,
        latest=news.published_latest,
    )
    yield entry
    yield from office_document(entry, news.note)


SEARCHABLE = (Searchable(NewsItem, NewsItem.objects.all, news_documents, visible_news),)
