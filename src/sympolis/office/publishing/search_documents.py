"""News, as search reads it."""

from __future__ import annotations

from collections.abc import Iterator

from sympolis.engine.model import Document
from sympolis.office.core.rich import bare_words
from sympolis.office.core.searchable import OFFICE, Searchable, office_document, public_document
from sympolis.office.core.texts import Text, joined
from sympolis.office.publishing.models import NewsItem
from sympolis.office.publishing.queries import visible_news


def news_documents(news: NewsItem) -> Iterator[Document]:
    entry = public_document(
        news,
        "news",
        text=joined(news.summary, _body(news)),
        **({"audiences": (OFFICE,)} if news.is_to_come else {}),
        earliest=news.published_earliest,
        latest=news.published_latest,
    )
    yield entry
    yield from office_document(entry, news.note)


def _body(news: NewsItem) -> Text:
    return Text.of(**{language: bare_words(written) for language, written in news.body.plain().items()})


SEARCHABLE = (Searchable(NewsItem, NewsItem.objects.all, news_documents, visible_news),)
