"""From writing to publishing: drafts of pages, a second reader where the office wants one, and the clock."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.actions import keep_record, mark_changed, remove_record
from sympolis.office.core.dates import PartialDate
from sympolis.office.core.models import User
from sympolis.office.core.texts import Text
from sympolis.office.publishing.actions import first_day, keep_news_item
from sympolis.office.publishing.enums import Stage
from sympolis.office.publishing.models import NewsItem
from sympolis.office.publishing.pages.blocks import Block, Content, picture_names
from sympolis.office.publishing.pages.models import Page, PageDraft, PublishingRules
from sympolis.office.publishing.pages.pictures import pictures_named
from sympolis.office.publishing.pages.queries import content_of, draft_of, second_reader_wanted

type Written = Page | NewsItem


class NotYet(ValueError):
    """It can't be published; the sentence says what is missing or who has to do it."""

    def __init__(self, sentence: Any) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


def _draft(page: Page) -> PageDraft:
    """The draft of a page, begun from what readers see where there is none."""
    return draft_of(page) or PageDraft(
        page=page, title=Text(page.title), summary=Text(page.summary), blocks=list(page.blocks)
    )


def keep_page(page: Page, by: User | None = None) -> Page:
    """Keep where a page stands and who sees it; its words, as the form has them, go into its draft."""
    title, summary = page.title, page.summary
    with transaction.atomic():
        if page.pk and page.published_at is not None:
            live = Page.objects.get(pk=page.pk)
            page.title, page.summary = live.title, live.summary
        keep_record(page)
        there = content_of(page)
        if page.published_at is None or (title, summary) != (there.title, there.summary):
            write(page, Content(title, summary, there.blocks), by)
    return page


def write(record: Written, content: Content, by: User | None) -> None:
    """Keep what an editor wrote. Nothing of a published page changes for its readers; news are where they stand."""
    with transaction.atomic():
        if isinstance(record, NewsItem):
            record.title, record.summary, record.blocks = content.title, content.summary, content.blocks
            record.body = content.body
            keep_news_item(record)
            return
        draft = _draft(record)
        draft.title, draft.summary, draft.blocks = content.title, content.summary, content.blocks
        draft.stage, draft.publishes_at, draft.approved_by = Stage.DRAFT, None, None
        draft.written_by = by
        draft.save()
        is_renamed = (record.title, record.summary) != (draft.title, draft.summary)
        if record.published_at is None and is_renamed:  # so that the office's lists know what it is called
            record.title, record.summary = draft.title, draft.summary
            record.save()


def write_in(record: Written, by: User | None, change: Callable[[Content], Content]) -> None:
    """The same for a change that begins with what stands there now, so that nobody's is lost."""
    with transaction.atomic():
        fresh = _now(record)
        write(fresh, change(content_of(fresh)), by)


def drop_draft(page: Page) -> None:
    """Back to what readers see. A page that was never published keeps its words."""
    if page.published_at is not None:
        page.drafts.all().delete()


def restore_page(page: Page) -> None:
    """A version of its history is what readers see again; what was being written since is put aside."""
    with transaction.atomic():
        page.drafts.all().delete()
        keep_record(page)


def stage_of(record: Written) -> Stage:
    if isinstance(record, NewsItem):
        waits = record.stage == Stage.PUBLISHED and record.is_to_come
        return Stage.SCHEDULED if waits else Stage(record.stage)
    draft = draft_of(record)
    return Stage.PUBLISHED if draft is None else Stage(draft.stage)


def _now(record: Written) -> Written:
    """The record as it stands within this transaction: what somebody wrote since the page was opened comes along."""
    return type(record)._default_manager.select_for_update().get(pk=record.pk)


@transaction.atomic
def ask_for_a_reader(record: Written, by: User) -> None:
    """What is written is put before a second person. Raises NotYet where something is missing."""
    check_whole(content_of(record))
    _set_stage(_now(record), Stage.WAITING, by)


@transaction.atomic
def send_back(record: Written, why: str) -> None:
    _set_stage(_now(record), Stage.DRAFT, None, why[:500])


def _set_stage(record: Written, stage: Stage, by: User | None, answer: str = "") -> None:
    if isinstance(record, NewsItem):
        record.stage, record.answer = stage, answer
        # The history names who wrote at it: asking and answering is no writing.
        NewsItem.objects.filter(pk=record.pk).update(stage=stage, answer=answer)
        mark_changed([record.public_id])
        return
    draft = _draft(record)
    draft.stage, draft.answer, draft.publishes_at = stage, answer, None
    draft.written_by = draft.written_by or by
    draft.save()


def who_wrote(record: Written) -> int | None:
    """Who wrote last at it, by key: that is who cannot be the second reader."""
    if isinstance(record, Page):
        draft = draft_of(record)
        return draft.written_by_id if draft else None
    last: Any = record.history.first()
    return last.history_user_id if last else None


@transaction.atomic
def publish(record: Written, by: User, at: datetime | None = None, seen: str | None = None) -> Stage:
    """Make it what readers see, at once or when the clock says. ``seen`` is the digest of what was looked at: what
    somebody wrote since is not published unread. Raises NotYet."""
    record = _now(record)
    content = content_of(record)
    if seen is not None and seen != digest_of(record):
        raise NotYet(_("Somebody wrote at it since you opened this page. Look at it once more, then publish it."))
    check_whole(content)
    if second_reader_wanted() and who_wrote(record) == by.pk:
        raise NotYet(_("You wrote this yourself: somebody else has to read and publish it."))
    if isinstance(record, NewsItem):
        return _publish_news(record, at)
    if at is not None and at > timezone.now():
        draft = _draft(record)
        draft.stage, draft.publishes_at, draft.approved_by = Stage.SCHEDULED, at, by
        draft.save()
        return Stage.SCHEDULED
    _make_public(record, content, by)
    return Stage.PUBLISHED


def _publish_news(item: NewsItem, at: datetime | None) -> Stage:
    """Of one that waited for a later moment the day goes too, where it was that moment's."""
    if item.is_to_come and item.publishes_at is not None:
        if item.published.earliest == timezone.localdate(item.publishes_at):
            item.published = PartialDate()
        at = at or timezone.now()
    if item.stage != Stage.PUBLISHED and (at or item.publishes_at) is None:
        item.published = first_day(item.published, None, item.source_url)
    item.stage, item.publishes_at, item.answer = Stage.PUBLISHED, at or item.publishes_at, ""
    keep_news_item(item)
    return stage_of(item)


def _make_public(page: Page, content: Content, by: User | None) -> None:
    page.title, page.summary, page.blocks = content.title, content.summary, content.blocks
    page.published_at, page.published_by = timezone.now(), by
    if by is not None:
        page._history_user = by  # type: ignore[attr-defined]  # the worker publishes for who approved it
    page.drafts.all().delete()
    keep_record(page)


def publish_due_pages() -> int:
    """Drafts whose moment has come become what readers see; how many."""
    due = PageDraft.objects.filter(stage=Stage.SCHEDULED, publishes_at__lte=timezone.now())
    count = 0
    for key in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            draft = due.filter(pk=key).select_for_update().select_related("page", "approved_by").first()
            if draft is not None:  # else somebody wrote on, or another worker was here
                _make_public(draft.page, content_of(draft.page), draft.approved_by)
                count += 1
    return count


def take_back(record: Written, by: User) -> None:
    """Readers do not see it any more; what they saw is its draft."""
    with transaction.atomic():
        if isinstance(record, NewsItem):
            item = NewsItem.objects.select_for_update().get(pk=record.pk)
            item.stage, item.publishes_at = Stage.DRAFT, None
            keep_news_item(item)
            return
        page = Page.objects.select_for_update().get(pk=record.pk)
        draft = _draft(page)
        draft.written_by, draft.stage = draft.written_by or by, Stage.DRAFT
        draft.publishes_at = None
        draft.save()
        page.published_at = None
        keep_record(page)


def check_whole(content: Content) -> None:
    """Raises NotYet where a title is missing, or what a picture shows is not said in a language of the page."""
    if not content.title:
        raise NotYet(_("It has no title yet."))
    names = dict(settings.LANGUAGES)
    for picture in pictures_named(picture_names(content.blocks)).values():
        missing = [names.get(code, code) for code in content.languages if not picture.alt.get_text(code)]
        if missing:
            raise NotYet(
                _("Say what is to be seen on each picture in every language of the page. Missing: %(languages)s.")
                % {"languages": ", ".join(missing)}
            )


def digest_of(record: Written) -> str:
    """What an editor sees of it, in a word that changes with any of it."""
    content = content_of(record)
    return _digest([content.title, content.summary, content.blocks, content.body])


def _digest(value: Any) -> str:
    return hashlib.blake2s(json.dumps(value, sort_keys=True).encode(), digest_size=8).hexdigest()


def digest_of_block(block: Block | None) -> str:
    """What a block held when its form was opened; empty for one that is not there."""
    return _digest(block) if block else ""


def keep_rules(second_reader: bool) -> None:
    rules = PublishingRules.objects.first() or PublishingRules()
    rules.second_reader = second_reader
    rules.save()


def remove_page(page: Page, by: User | None = None) -> None:
    """What stood below it stands at the top; its address says that it is gone."""
    remove_record(page, by)
