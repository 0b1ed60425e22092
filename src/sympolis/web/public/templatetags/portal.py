"""Small pieces of the public pages: badges, chips of themes, periods, where a fact was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from babel.numbers import format_percent
from django import template
from django.conf import settings
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from sympolis.engine.model import PartialDate, Stage
from sympolis.engine.texts import vocabulary
from sympolis.office.core.markup import joined, markup
from sympolis.office.core.models import Record
from sympolis.office.core.search import SearchHit
from sympolis.office.core.templatetags.show import (
    in_language,
    language_name,
    marked,
    plain,
    reader_language,
    reader_locale,
    when,
    with_elisions,
)
from sympolis.office.core.texts import RIGHT_TO_LEFT, Written
from sympolis.office.directory.models import Organisation
from sympolis.office.projects.models import Call
from sympolis.office.projects.queries import HOLDS, Staged, stage_on
from sympolis.office.synergies.brief.wording import Said as Sentence
from sympolis.office.synergies.brief.wording import written as said_in
from sympolis.web.public.lists import CHOICES_KEPT, Choice
from sympolis.web.public.page_data import PAGES
from sympolis.web.public.sharing import shared
from sympolis.web.public.small_facts import Fact
from sympolis.web.templatetags.look import icon

register = template.Library()

NOTHING = SafeString("")
CHOSEN = SafeString(" selected")
HIT_KINDS = {
    "organisation": _("Organisation"),
    "project": _("Project"),
    "call": _("Call"),
    "need": _("Need or priority"),  # an offer is found as a practice
    "action": _("Action"),
    "plan": _("Plan"),
    "event": _("Event"),
    "recording": _("Recording"),
    "news": _("News"),
    "page": _("Page"),
    "agreement": _("Agreement"),
    "position": _("Position"),
    "publication": _("Publication"),
    "document": _("Document"),
    "meeting": _("Meeting"),
    "practice": _("Practice"),
    "application": _("Application"),
    "request": _("Request"),
}
SOON_DAYS = 30
THEME_COLOURS = 10


@register.simple_tag
def options(choices: Iterable[Choice]) -> SafeString:
    """The options of a select."""
    return _options(tuple(choices))


@lru_cache(maxsize=CHOICES_KEPT)
def _options(choices: tuple[Choice, ...]) -> SafeString:
    each = ((choice.code, CHOSEN if choice.chosen else NOTHING, choice.label) for choice in choices)
    return joined("", (markup('<option value="{}"{}>{}</option>', *one) for one in each))


@cache
def theme_places() -> dict[str, int]:
    """Where each theme stands in the list."""
    return {theme.code: place for place, theme in enumerate(vocabulary.themes())}


def theme_colour(code: str) -> int:
    """The number of a theme's colour: neighbours in the list share one, their icons tell them apart."""
    places = theme_places()
    return 1 + places.get(code, 0) * THEME_COLOURS // max(len(places), 1)


def theme_icon(code: str) -> str:
    place = theme_places().get(code)
    return "compass" if place is None else vocabulary.themes()[place].icon


@register.simple_tag
def theme_chip(code: str) -> SafeString:
    """One theme: its colour, its icon and its word, leading to its page."""
    return _theme_chip(code, reader_language(), get_script_prefix())


@lru_cache(maxsize=1_000)
def _theme_chip(code: str, language: str, _prefix: str) -> SafeString:
    known = code in theme_places()
    return markup(
        '<a class="chip theme-{}" href="{}">{} {}</a>',
        theme_colour(code),
        reverse("public:theme", kwargs={"code": code}) if known else reverse("public:themes"),
        icon(theme_icon(code)),
        vocabulary.label("themes", code, language),
    )


@register.simple_tag
def theme_chips(codes: Iterable[str]) -> SafeString:
    chips = [(theme_chip(code),) for code in codes]
    if not chips:
        return NOTHING
    return markup('<ul class="chips">{}</ul>', joined("", (markup("<li>{}</li>", *chip) for chip in chips)))


@register.filter
def theme_words(codes: Iterable[str]) -> str:
    """Themes as plain words, for rows where chips would shout."""
    return _theme_words(tuple(codes), reader_language())


@lru_cache(maxsize=4_096)
def _theme_words(codes: tuple[str, ...], language: str) -> str:
    return " · ".join(vocabulary.label("themes", code, language) for code in codes)


def goals(codes: Iterable[str]) -> list[tuple[str, str]]:
    """The number by which officers know each goal or target, and its name."""
    return [
        (
            gettext("SDG %(goal)s") % {"goal": code},
            vocabulary.label("targets" if "." in code else "sdgs", code, reader_language()),
        )
        for code in codes
    ]


def place_of_goal(code: str) -> tuple[int, bool, str]:
    """By their numbers, a goal before its targets."""
    goal, _point, target = code.partition(".")
    return int(goal), bool(target), target.zfill(2)


@register.simple_tag
def sdg_chips(codes: Iterable[str]) -> SafeString:
    """Goals by number and name."""
    return format_html_join(" ", '<span class="sdg" title="{1}">{0}</span>', goals(codes))


class Marked(Protocol):
    """A record, or what is said of one."""

    @property
    def illustrative(self) -> bool: ...

    @property
    def confirmed(self) -> bool: ...


@register.simple_tag
def marks(record: Marked) -> SafeString:
    """Says of a record that it is an example, or that nobody has confirmed it."""
    return mark_badges(record.illustrative, record.confirmed)


@register.simple_tag
def hit_marks(hit: SearchHit) -> SafeString:
    return mark_badges(hit.is_example, hit.is_confirmed)


def mark_badges(illustrative: bool, confirmed: bool) -> SafeString:
    if confirmed and not illustrative:
        return NOTHING
    example = badge("example", gettext("Example")) if illustrative else NOTHING
    unsure = NOTHING if confirmed else badge("unconfirmed", gettext("Unconfirmed"))
    return markup("{}{}", example, unsure)


def badge(kind: str, words: str) -> SafeString:
    return markup(' <span class="badge badge-{}">{}</span>', kind, words)


@register.simple_tag
def stale_mark(need: Fact) -> SafeString:
    """Says of a need that nobody has confirmed it for a year."""
    said = need.start.latest
    if need.illustrative or said is None or said >= timezone.localdate() - HOLDS:
        return NOTHING
    return badge("unknown", gettext("not confirmed for a year"))


@register.filter
def figure_name(words: str) -> str:
    """What a figure counts, in the reader's language where we have a word for it, else as its publisher put it."""
    known = vocabulary.counted(words)
    return vocabulary.label(*known, reader_language()) if known else words


@register.filter
def figure_unit(figure: Fact) -> str:
    """In what it is counted, unless its name says so already."""
    is_said = figure.kind in {"people", figure.words} or (vocabulary.counted(figure.words) or ("",))[0] == "counts"
    return "" if is_said else figure.kind


@register.simple_tag
def stage_badge(project: Staged, on: date | None = None) -> SafeString:
    """How far it is, or was on a day."""
    stage = stage_on(project, on or timezone.localdate())
    return badge(stage, vocabulary.label("stages", stage, reader_language()))


@register.filter
def is_finished(project: Staged) -> bool:
    return stage_on(project, timezone.localdate()) is Stage.FINISHED


@register.simple_tag
def deadline_badge(call: Call) -> SafeString:
    """Whether one can still apply, in words."""
    today = timezone.localdate()
    closes, opens = call.closes, call.opens
    if closes.latest is None:
        return badge("unknown", gettext("deadline not known"))
    if closes.latest < today:
        return badge("closed", gettext("closed"))
    if opens.earliest and opens.earliest > today:
        words = gettext("opens on %(day)s") if opens.earliest == opens.latest else gettext("opens in %(day)s")
        return badge("preparing", words % {"day": when(opens)})
    return open_badge((closes.latest - today).days)


def open_badge(days: int) -> SafeString:
    if days == 0:
        return badge("soon", gettext("closes today"))
    words = ngettext("closes in %(days)d day", "closes in %(days)d days", days) % {"days": days}
    return badge("soon" if days <= SOON_DAYS else "open", words)


@register.simple_tag
def period(start: PartialDate, end: PartialDate) -> str:
    """From when to when, as far as it is known."""
    if start and end:
        if start == end:
            return when(start)
        return gettext("%(start)s to %(end)s") % {"start": when(start), "end": when(end)}
    if start:
        return with_elisions(gettext("since %(start)s") % {"start": when(start)})
    return with_elisions(gettext("until %(end)s") % {"end": when(end)}) if end else ""


@register.simple_tag
def day_period(first: date, last: date) -> str:
    """The same of two days."""
    return period(PartialDate(first, first), PartialDate(last, last))


@register.simple_tag
def event_days(start: PartialDate, end: PartialDate) -> str:
    """An event without an end is over on the day it began."""
    return period(start, end) if end else when(start)


@register.filter
def iso(value: PartialDate | date | None) -> str:
    return str(value) if value else ""


@register.filter
def host(address: str) -> str:
    """``https://www.medcities.org/en/…`` is read as ``medcities.org``."""
    return urlsplit(address if "//" in address else f"//{address}").netloc.removeprefix("www.") or address


@register.filter
def safe_address(address: str) -> str:
    """A web address that is safe to lead to; empty for anything else."""
    try:
        return address if urlsplit(address).scheme in {"http", "https"} else ""
    except ValueError:
        return ""


@register.inclusion_tag("public/_source.html")
def source(record: Record) -> dict[str, object]:
    """Where this was read and when."""
    addresses = [part for part in (safe_address(piece.strip()) for piece in record.source_url.split(" ; ")) if part]
    return {"addresses": addresses, "retrieved_at": record.retrieved_at}


@register.filter
def organisation_name(organisation: object) -> str:
    """The short form where there is one, else the name in the reader's language: for lines that name many."""
    short: str = getattr(organisation, "short_name", "")
    return short or (plain(organisation.title_text()) if isinstance(organisation, Organisation) else str(organisation))


@register.filter
def percent(rate: Decimal | None) -> str:
    return "" if rate is None else str(format_percent(rate, locale=reader_locale()))


@register.filter
def media_address(name: str | None) -> str:
    """Where a picture of the office is served; empty when there is none."""
    return f"{settings.MEDIA_URL}{quote(name)}" if name else ""


@register.simple_tag(takes_context=True)
def linked_data_address(context: Mapping[str, Any], record: Record | None) -> str:
    """The JSON-LD document of a record's page, or of a page of its own kind; empty where there is none."""
    if record:
        kind = record.PAGE.replace("_", "-")
        return reverse("linked_data", kwargs={"kind": kind, "public_id": record.public_id})
    match = context["request"].resolver_match
    name = match.url_name if match else ""
    if name == "theme":
        return reverse("theme_data", kwargs=match.kwargs)
    return reverse("page_data", kwargs={"name": name}) if name in PAGES else ""


@register.simple_tag
def sdg_list(codes: Iterable[str]) -> SafeString:
    """Goals by number and name, under each other."""
    return format_html_join(SafeString("<br>"), '<span class="sdg">{}</span> {}', goals(codes))


@register.filter
def written(title: Written) -> SafeString | str:
    """A title as it was found, marked with its language."""
    return marked(title)


@register.filter
def sentence(said: Sentence) -> SafeString:
    """A sentence with its values, what is in another language marked as such."""
    runs = said_in(said, reader_language())
    return joined("", (in_language(run.text, run.language) for run in runs))


@register.filter
def kind_word(kind: str) -> str:
    """What a hit is, in one word."""
    return str(HIT_KINDS.get(kind, kind))


@register.filter
def quoted(hit: SearchHit) -> SafeString:
    """The passage that answers, in its language, the words that were asked for marked, and which language that is."""
    if not hit.passage:
        return SafeString("")
    words = joined("", (markup("<mark>{}</mark>", one.text) if one.matched else one.text for one in hit.passage))
    language = hit.passage_language
    if not language or language == reader_language():
        return words
    return markup(
        '<span lang="{}" dir="{}">{}</span> <span class="lang-note">{}</span>',
        language,
        "rtl" if language in RIGHT_TO_LEFT else "ltr",
        words,
        language_name(language),
    )


@register.filter
def address_of(hit: SearchHit) -> str:
    """Its page here, else where it was read."""
    return hit.url or safe_address(hit.source_url)


@register.inclusion_tag("public/_shared.html", takes_context=True)
def share_tags(context: Mapping[str, Any], record: Record | None) -> dict[str, object]:
    """What sites that show a link are told of it."""
    return {"card": shared(context["request"], record)}
