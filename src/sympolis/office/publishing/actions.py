"""What the office does with its news."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from sympolis.office.core.actions import keep_record, mark_changed, remove_record
from sympolis.office.core.dates import PartialDate
from sympolis.office.core.lists import note_lists
from sympolis.office.core.models import User
from sympolis.office.directory.models import Organisation
from sympolis.office.events.models import Event
from sympolis.office.projects.models import Project
from sympolis.office.publishing.models import NewsItem


def first_day(published: PartialDate, at: datetime | None, source_url: str | None = "") -> PartialDate:
    """The day of news that are told now or from a moment on: theirs where they have one, else that day. Of what was
    read elsewhere nobody knows it by that."""
    if published or (at is None and source_url):
        return published
    day = timezone.localdate(at)
    return PartialDate(day, day)


@transaction.atomic
def keep_news_item(
    item: NewsItem,
    organisations: Iterable[Organisation] | None = None,
    projects: Iterable[str] | None = None,
    events: Iterable[str] | None = None,
) -> NewsItem:
    """One that waits for its moment is dated by it, unless somebody gave it another day. ``projects`` and ``events``
    are public ids; None leaves a list as it is."""
    item.waits = item.is_to_come
    if item.publishes_at is not None:
        item.published = first_day(item.published, item.publishes_at)
    keep_record(item)
    if organisations is not None:
        item.organisations.set(organisations)
    if projects is not None:
        item.projects.set(Project.objects.filter(public_id__in=list(projects)))
    if events is not None:
        item.events.set(Event.objects.filter(public_id__in=list(events)))
    note_lists(NewsItem, [item])
    return item


def publish_due() -> int:
    """News whose moment has come are looked at anew by search; how many. Pages and feeds go by the moment itself."""
    with transaction.atomic():
        due = NewsItem.objects.filter(waits=True, publishes_at__lte=timezone.now())
        found = list(due.values_list("pk", "public_id"))
        NewsItem.objects.filter(pk__in=[pk for pk, _id in found]).update(waits=False)
        mark_changed(public_id for _pk, public_id in found)
    return len(found)


def remove_news_item(item: NewsItem, by: User | None = None) -> None:
    remove_record(item, by)
