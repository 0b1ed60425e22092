"""What the office does with its news."""

from __future__ import annotations

from sympolis.office.core.actions import keep_record, remove_record
from sympolis.office.core.models import User
from sympolis.office.publishing.models import NewsItem


def keep_news_item(item: NewsItem) -> NewsItem:
    keep_record(item)
    return item


def remove_news_item(item: NewsItem, by: User | None = None) -> None:
    remove_record(item, by)
