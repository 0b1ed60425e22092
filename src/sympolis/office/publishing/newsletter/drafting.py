"""An issue drafts itself from what happened in its month and what comes; only what everybody may read goes in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from sympolis.office.core.locales import locale_of
from sympolis.office.core.models import Record, User
from sympolis.office.core.templatetags.show import when
from sympolis.office.core.texts import Text
from sympolis.office.directory.queries import current_office
from sympolis.office.events.queries import visible_events
from sympolis.office.planning.enums import ActionStatus, PlanKind
from sympolis.office.planning.queries import below, visible_actions, visible_plans
from sympolis.office.projects.queries import calls_closing, visible_projects
from sympolis.office.publishing.newsletter.enums import BlockKind
from sympolis.office.publishing.newsletter.models import Issue, IssueBlock
from sympolis.office.publishing.queries import visible_news

MOST_OF_A_KIND = 8
COMING_DAYS, CLOSING_DAYS = 60, 90
LONGEST = 600  # letters of a block's text; the whole stands on its page

type Say = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Month:
    """The month an issue tells of."""

    first: date

    @property
    def next(self) -> date:
        return (self.first.replace(day=1) + timedelta(days=32)).replace(day=1)

    @property
    def last(self) -> date:
        return self.next - timedelta(days=1)

    def ahead(self, today: date) -> date:
        """From which day on things are said to come: of an issue drafted late what is over meanwhile is not, and one
        of a month that still runs knows what it will bring. An issue of a month long gone says what came then."""
        return today if today <= self.next + timedelta(days=COMING_DAYS) else self.next


def offered_languages() -> tuple[str, ...]:
    office = current_office()
    return tuple(office.languages) if office and office.languages else ("en",)


@transaction.atomic
def draft_issue(month: date, by: User | None, languages: Iterable[str] = (), *, illustrative: bool = False) -> Issue:
    """A new draft of a month, whole."""
    offered = tuple(languages) or offered_languages()
    issue = Issue(month=month.replace(day=1), languages=offered, made_by=by, illustrative=illustrative)
    issue.title = _in_each(offered, lambda code: _titled(issue.month, code))
    issue.save()
    add_what_is_new(issue)
    return issue


def _titled(month: date, language: str) -> str:
    office = current_office()
    about = {
        "office": office.name.best(language).text if office else "",
        "month": str(format_skeleton("yMMMM", month, locale=locale_of(language))),
    }
    return _("%(office)s: %(month)s") % about if about["office"] else about["month"]


def add_what_is_new(issue: Issue) -> int:
    """Put in what the draft does not tell of yet, behind the rest; how much. What was taken out stays out."""
    known = set(issue.blocks.exclude(record="").values_list("kind", "record"))
    last = issue.blocks.order_by("-position").values_list("position", flat=True).first()
    places = count(0 if last is None else last + 1)
    fresh = [block for block in _found(issue) if (block.kind, block.record) not in known]
    for block in fresh:
        block.position = next(places)
        block.save()  # one by one: each begins its history
    return len(fresh)


def news_that_waits(issue: Issue) -> int:
    """How much was published after the month of an issue: it is for the next one."""
    return _real(visible_news(AnonymousUser())).filter(
        published_latest__range=(Month(issue.month).next, _today())
    ).count()  # fmt: skip


def _found(issue: Issue) -> Iterator[IssueBlock]:
    month, everybody = Month(issue.month), AnonymousUser()
    ahead = month.ahead(_today())
    news = _real(visible_news(everybody)).filter(published_latest__range=(month.first, month.last))
    yield from _blocks(issue, BlockKind.NEWS, news.order_by("published_latest", "pk"), lambda one: one.summary)
    events = _real(visible_events(everybody))
    coming = events.filter(start_latest__range=(ahead, ahead + timedelta(days=COMING_DAYS)))
    yield from _blocks(issue, BlockKind.COMING, coming.order_by("start_latest", "sort_key"), _of_event(issue))
    over = min(month.last, ahead - timedelta(days=1))
    past = events.filter(start_latest__range=(month.first, over))
    yield from _blocks(issue, BlockKind.PAST, past.order_by("start_latest", "sort_key"), _of_event(issue))
    begun = _real(visible_projects(everybody)).filter(start_latest__range=(month.first, month.last))
    yield from _blocks(issue, BlockKind.PROJECTS, begun.order_by("start_latest", "sort_key"), lambda one: one.summary)
    calls = _real(calls_closing(everybody, ahead, CLOSING_DAYS))
    yield from _blocks(issue, BlockKind.CALLS, calls.order_by("closes_latest", "sort_key"), _of_call(issue))
    plans = _real(visible_plans(everybody)).filter(kind=PlanKind.PLAN)
    yield from _blocks(issue, BlockKind.PLAN, plans.order_by("pk"), lambda one: _progress(issue, month, one))


def _today() -> date:
    """By the office's clock, wherever the draft is made."""
    office = current_office()
    return timezone.localdate(timezone=ZoneInfo(office.time_zone if office else "UTC"))


def _real[R: Record](records: QuerySet[R]) -> QuerySet[R]:
    return records.filter(illustrative=False, confirmed=True)


def _blocks(
    issue: Issue, kind: BlockKind, records: QuerySet[Any], say: Callable[[Any], Text | None]
) -> Iterator[IssueBlock]:
    for record in records[:MOST_OF_A_KIND]:
        said = say(record)
        if said is not None:
            yield IssueBlock(
                issue=issue, kind=kind, record=record.public_id, title=_words(record.title_text()),
                text=_words(said), page=page_of(record), themes=getattr(record, "themes", ()),
            )  # fmt: skip


def page_of(record: Record) -> str:
    """The address of its page without the language, which each reader's mail puts before it."""
    with override("en"):
        return record.get_absolute_url().removeprefix("/en")


def _words(text: Text) -> Text:
    """The words alone, as long as a mail has room for; which of them is the original stays known."""
    made = Text()
    for language, entry in text.items():
        about = {name: entry[name] for name in ("original", "translator") if name in entry}
        made.write(language, Truncator(entry["text"]).chars(LONGEST), **about)
    return made


def _in_each(languages: Iterable[str], say: Say) -> Text:
    made = Text()
    for language in languages:
        with override(language):
            made.write(language, say(language))
    return made


def _of_event(issue: Issue) -> Callable[[Any], Text]:
    """When and where; what it is about stands below, in the languages it was written in."""

    def say(event: Any) -> Text:
        def in_language(language: str) -> str:
            head = " · ".join(part for part in (when(event.start), event.place) if part)
            return f"{head}\n\n{event.topic.get_text(language)}"

        return _in_each(issue.languages, in_language)

    return say


def _of_call(issue: Issue) -> Callable[[Any], Text]:
    def say(call: Any) -> Text:
        def in_language(language: str) -> str:
            words = _("Closes on %(day)s.") if call.closes.earliest == call.closes.latest else _("Closes in %(day)s.")
            closes = words % {"day": when(call.closes)}
            return f"{closes}\n\n{call.summary.get_text(language)}"

        return _in_each(issue.languages, in_language)

    return say


def _progress(issue: Issue, month: Month, plan: Any) -> Text | None:
    """How many actions are done and on how many something was said in the month; None where nothing is known."""
    everybody = AnonymousUser()
    lines = below(visible_plans(everybody), plan.pk).order_by().values("pk")
    moved = Q(reported_at__date__range=(month.first, month.last))
    counts = (
        _real(visible_actions(everybody))
        .filter(plan__in=lines)
        .aggregate(
            all=Count("pk"),
            done=Count("pk", filter=Q(status=ActionStatus.DONE)),
            ongoing=Count("pk", filter=Q(status=ActionStatus.ONGOING)),
            moved=Count("pk", filter=moved),
        )
    )
    if not counts["moved"] and not counts["done"]:
        return None

    def in_language(_language: str) -> str:
        done = ngettext("%(done)d of %(all)d action is done.", "%(done)d of %(all)d actions are done.", counts["all"])
        ongoing = ngettext("%(ongoing)d is under way.", "%(ongoing)d are under way.", counts["ongoing"])
        moved = ngettext(
            "This month %(moved)d was reported on.", "This month %(moved)d were reported on.", counts["moved"]
        )
        said = [done, *([ongoing] if counts["ongoing"] else []), *([moved] if counts["moved"] else [])]
        return " ".join(one % counts for one in said)

    return _in_each(issue.languages, in_language)
