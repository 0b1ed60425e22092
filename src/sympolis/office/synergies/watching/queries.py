"""What somebody watches and what was noticed for them: nobody sees another's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sympolis.engine.match.calls import is_open_or_forthcoming, next_deadline
from sympolis.engine.texts import vocabulary
from sympolis.office.core.form_fields import language_now
from sympolis.office.core.models import User
from sympolis.office.core.queries import Reader
from sympolis.office.core.templatetags.show import country, when
from sympolis.office.core.texts import Text
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.planning.queries import visible_plans
from sympolis.office.projects.models import Call
from sympolis.office.projects.queries import visible_calls
from sympolis.office.synergies.enums import PartnerVerdict, Subject
from sympolis.office.synergies.models import SuggestionAnswer
from sympolis.office.synergies.watching.calls import Known, known_calls
from sympolis.office.synergies.watching.enums import NewsKind, Origin
from sympolis.office.synergies.watching.models import CallNews, Noticed, Watch, WatchReader
from sympolis.office.synergies.watching.wording import days_in_words, in_words

MOST_NEWS = 200
MOST_CHANGES = 5


def visible_watches(user: Reader) -> QuerySet[Watch]:
    """One's own, as long as one still sees whose portfolio it is."""
    if not isinstance(user, User):
        return Watch.objects.none()
    found = Watch.objects.filter(person=user).select_related("organisation", "plan__organisation", "person")
    gone = found.exclude(organisation=None).exclude(organisation__in=visible_organisations(user))
    lost = found.exclude(plan=None).exclude(plan__in=visible_plans(user))
    return found.exclude(pk__in=gone.values("pk")).exclude(pk__in=lost.values("pk"))


def changes_of(call: Call, on: date) -> list[tuple[date, str, str]]:
    """When the deadline of one of the office's calls was seen to change, from what to what, the latest first."""
    rows = CallNews.objects.filter(call=call.public_id, kind=NewsKind.CHANGED, on__lte=on).order_by("-on", "-pk")
    return [(row.on, days_in_words(row.was), days_in_words(row.now)) for row in rows[:MOST_CHANGES]]


def said_of(watch: Watch) -> dict[str, SuggestionAnswer]:
    """Call -> what its person said to it as an answer to this watch."""
    said = SuggestionAnswer.objects.filter(subject=Subject.CALLS, about=watch.key, by=watch.person_id)
    return {one.suggestion: one for one in said.select_related("by")}


def calls_refused() -> set[tuple[str, str]]:
    """(key of a watch, call) of every no: nobody is told again of what they put aside."""
    said = SuggestionAnswer.objects.filter(subject=Subject.CALLS, about__startswith="watch:", answer=PartnerVerdict.NO)
    return set(said.values_list("about", "suggestion"))


def reader_of(user: User) -> WatchReader | None:
    return WatchReader.objects.filter(person=user).first()


@dataclass(frozen=True, slots=True)
class Told:
    """News of one call for one person, in words."""

    title: Text
    programme: str
    address: str  # within this site; empty for a call of the world's data
    outside: str  # where the call stands
    happened: list[str]
    because: list[str]
    against: list[str]
    watches: list[str]
    is_world: bool
    is_example: bool
    on: date


def noticed_for(user: User) -> QuerySet[Noticed]:
    found = Noticed.objects.filter(person=user).select_related("news", "watch__organisation", "watch__plan")
    return found.order_by("-news__on", "-pk")


def told_of(user: User, rows: Iterable[Noticed], on: date) -> list[Told]:
    """What was noticed, call by call, the latest first; of calls one may see and that are not over. Two questions."""
    grouped: dict[str, list[Noticed]] = {}
    for row in rows:
        grouped.setdefault(row.news.call, []).append(row)
    ours = [key for key, group in grouped.items() if group[0].news.origin == Origin.OFFICE]
    seen = list(visible_calls(user).filter(public_id__in=ours).defer("folded", "imported", "note")) if ours else []
    known = known_calls(seen)
    alive = ((known.get(key), group) for key, group in grouped.items())
    return [_told(one, group, on) for one, group in alive if one and is_open_or_forthcoming(one.call, on)]


def _told(one: Known, group: list[Noticed], on: date) -> Told:
    latest = group[0]
    happened = [said for row in reversed(group) if (said := _happened(row, one, on))]
    watches = {row.watch_id: label_of(row.watch) for row in group if row.watch}
    return Told(
        title=Text.of(**{code: said for code, said in one.call.title.items() if said}),
        programme=one.call.programme,
        address=one.row.get_absolute_url() if one.row else "",
        outside=one.call.provenance.source_url,
        happened=list(dict.fromkeys(happened)),
        because=in_words(latest.because),
        against=in_words(latest.against),
        watches=list(watches.values()),
        is_world=one.row is None,
        is_example=one.row.illustrative if one.row else False,
        on=latest.news.on,
    )


def _happened(row: Noticed, one: Known, on: date) -> str:
    """What happened, as it still holds: nothing is said of how many days were left some weeks ago."""
    news = row.news
    match news.kind:
        case NewsKind.CHANGED:
            before = days_in_words(news.was) or _("not known")
            return _("Deadline changed: %(was)s → %(now)s") % {"was": before, "now": days_in_words(news.now)}
        case NewsKind.CLOSING:
            closes = next_deadline(one.call, on)
            if closes is None:
                return ""
            left = (closes - on).days
            said = ngettext("Closes in %(n)d day, on %(day)s", "Closes in %(n)d days, on %(day)s", left)
            return said % {"n": left, "day": when(closes)}
        case NewsKind.OPENED:
            said = _("It opened.") if not news.now else _("It opened; its deadline: %(days)s")
            return said % {"days": days_in_words(news.now)}
    said = _("It was announced.") if not news.now else _("It was announced; its deadline: %(days)s")
    return said % {"days": days_in_words(news.now)}


def label_of(watch: Watch) -> str:
    """What somebody called it, else what it looks for, in the reader's language."""
    if watch.label:
        return watch.label
    language = language_now()
    parts = [f"“{watch.words}”" if watch.words else ""]
    if watch.organisation:
        parts.append(watch.organisation.title_text().best(language).text)
    if watch.plan:
        parts.append(watch.plan.title.best(language).text)
    parts.append(watch.programme)
    parts.append(vocabulary.label("themes", watch.theme, language) if watch.theme else "")
    parts.append(vocabulary.label("kinds", watch.kind, language) if watch.kind else "")
    parts.append(str(watch.get_gives_display()) if watch.gives else "")
    parts.append(country(watch.country) if watch.country else "")
    parts.append(str(watch.get_origin_display()) if watch.origin else "")
    if watch.closes_within is not None:
        days = watch.closes_within
        parts.append(ngettext("closes within %(n)d day", "closes within %(n)d days", days) % {"n": days})
    return " · ".join(part for part in parts if part) or _("all calls")
