"""The pages of events: the list and the month, one event, the library of recordings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, Count, Exists, OuterRef, Prefetch, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from sympolis.office.core.enums import TagScheme, TagVerdict
from sympolis.office.core.found_by_words import containing
from sympolis.office.core.models import TagDecision
from sympolis.office.core.queries import visible_documents
from sympolis.office.core.search import search
from sympolis.office.core.tagging.queries import confirmed_of, with_confirmed
from sympolis.office.core.templatetags.show import language_name
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.events.chapters import address_at, chapter_of
from sympolis.office.events.dates import OtherDate, moments_of, own_zone
from sympolis.office.events.enums import EventKind, SpeakerState
from sympolis.office.events.models import Event, Recording, Registration, Speaker
from sympolis.office.events.queries import editions_of, not_over, public_link, speakers_of, visible_events, within
from sympolis.office.events.registering.enums import RegistrationState
from sympolis.office.events.registering.queries import Openness, openness_of
from sympolis.office.planning.models import Action
from sympolis.office.publishing.queries import news_about
from sympolis.web.public.addresses import find_page
from sympolis.web.public.carries import carries
from sympolis.web.public.events.months import asked_month, last_of, month_of
from sympolis.web.public.events.round_an_event import round_an_event
from sympolis.web.public.events.subscribing import Subscribing
from sympolis.web.public.links import NAMED
from sympolis.web.public.lists import Choice, Listing, asked, language, listing, theme_choices, with_code

LONG_TEXTS = ("imported", "folded", "note")
MOST_IN_A_MONTH = 500
MOST_FOUND = 150


@dataclass(frozen=True, slots=True)
class Which:
    """What is asked of a list, a month or a feed of events."""

    question: str
    language: str
    theme: str
    kind: str

    @classmethod
    def of(cls, request: HttpRequest) -> Which:
        return cls(*(asked(request, name) for name in ("q", "language", "theme", "kind")))

    def among(self, events: QuerySet[Event]) -> QuerySet[Event]:
        found = with_code(containing(events, self.question), "languages", self.language)
        if self.theme:
            tagged = TagDecision.objects.filter(scheme=TagScheme.THEME, code=self.theme, verdict=TagVerdict.CONFIRMED)
            found = found.filter(public_id__in=tagged.values("record"))
        return found.filter(kind=self.kind) if self.kind else found

    @property
    def query(self) -> str:
        """What a feed has to be asked for the same."""
        pairs = {"language": self.language, "theme": self.theme, "kind": self.kind, "q": self.question}
        asked_for = urlencode({name: value for name, value in pairs.items() if value})
        return f"?{asked_for}" if asked_for else ""

    @property
    def is_any(self) -> bool:
        return bool(self.question or self.language or self.theme or self.kind)


def _language_choices(chosen: str) -> list[Choice]:
    codes = dict.fromkeys([code for code, _native in settings.LANGUAGES] + ([chosen] if chosen else []))
    return [Choice(code, language_name(code), code == chosen) for code in codes]


def office_zone() -> ZoneInfo:
    """That of the office, which every request is answered in."""
    return ZoneInfo(timezone.get_current_timezone_name())


def zone_here(event: Event) -> ZoneInfo:
    return own_zone(event) or office_zone()


def events(request: HttpRequest) -> HttpResponse:
    """Events to come, the next first; those that were, the latest first; or a month of them."""
    which, today = Which.of(request), timezone.localdate()
    seen = which.among(visible_events(request.user))
    context: dict[str, Any] = {
        "question": which.question, "which": which, "themes": theme_choices(which.theme),
        "languages": _language_choices(which.language),
        "kinds": [Choice(code, str(label), code == which.kind) for code, label in EventKind.choices],
        "address": Subscribing(request.build_absolute_uri(reverse("public:events_calendar") + which.query)),
    }  # fmt: skip
    if asked(request, "when") == "month":
        first = asked_month(asked(request, "month"), today)
        rows = within(seen, first, last_of(first)).defer("topic", *LONG_TEXTS).order_by("start_earliest", "sort_key")
        context |= {"when": "month", "month": month_of(first, rows[:MOST_IN_A_MONTH], today)}
        return render(request, "public/events/events.html", context)
    past = asked(request, "when") == "past"
    coming = not_over(seen, today)
    shown = seen.exclude(pk__in=coming.order_by().values("pk")) if past else coming.order_by("start_latest", "sort_key")
    organisers = visible_organisations(request.user).only(*NAMED)
    rows = shown.defer(*LONG_TEXTS).prefetch_related(Prefetch("organisers", organisers))
    context |= {"when": "past" if past else "", "past": past, "listing": listing(request, rows)}
    return render(request, "public/events/events.html", context)


@dataclass(slots=True)
class ShownSlot:
    """A session or a stop, with those who are sure to speak in it and the hosts the reader may see."""

    day: Any
    from_hour: Any
    until_hour: Any
    title: Any
    track: str
    place: str
    speakers: dict[int, str] = field(default_factory=dict)
    hosts: dict[int, Organisation] = field(default_factory=dict)


SLOT_COLUMNS = (
    "pk", "day", "from_hour", "until_hour", "title", "track", "place", "speakers", "speakers__name", "speakers__state",
    "hosts",
)  # fmt: skip


def slots_of(event: Event, seen: dict[int, Organisation]) -> list[ShownSlot]:
    """In one question, speakers and hosts and all."""
    rows = event.slots.order_by("day", "from_hour", "pk", "speakers__position", "speakers", "hosts__sort_key")
    found: dict[int, ShownSlot] = {}
    for pk, *about, speaker, name, state, host in rows.values_list(*SLOT_COLUMNS):
        slot = found.setdefault(pk, ShownSlot(*about))
        if state == SpeakerState.CONFIRMED:
            slot.speakers[speaker] = name
        if host in seen:
            slot.hosts[host] = seen[host]
    return list(found.values())


def chapters_of(recording: Recording) -> list[tuple[str, str, str]]:
    """Of each chapter the address that begins there, its moment and its title; a line without a moment is a title."""
    found = [(line.strip(), chapter_of(line)) for line in recording.chapters.splitlines() if line.strip()]
    return [
        (address_at(recording.link, one.second), one.at, one.title) if one else ("", "", line) for line, one in found
    ]


def other_dates(event: Event) -> list[OtherDate]:
    return [OtherDate.of(line) for line in event.also_dated]


def with_places(events: QuerySet[Event]) -> QuerySet[Event]:
    """With what is set for registering and how many places are taken."""
    rows = Registration.objects.filter(event=OuterRef("pk"), state=RegistrationState.CONFIRMED).order_by()
    taken = rows.values("event").annotate(n=Count("pk")).values("n")
    return events.select_related("registering").annotate(taken=Coalesce(Subquery(taken), 0))


def openness_here(event: Any, now: datetime) -> Openness | None:
    """Whether one can register for an event asked ``with_places``; None where it takes no registrations."""
    rules = getattr(event, "registering", None)
    return openness_of(event, rules, now, zone_here(event), event.taken) if rules is not None else None


_MOST_HAVE_NONE: tuple[tuple[str, Any], ...] = (
    ("has_actions", Action.events.through), ("has_recordings", Recording),
)  # fmt: skip
"""What is not asked for where there is none."""


def event(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    has: Any = {name: Exists(rows.objects.filter(event=OuterRef("pk")).order_by()) for name, rows in _MOST_HAVE_NONE}
    seen: Any = with_confirmed(with_places(visible_events(request.user))).annotate(**has)
    found = find_page(request, seen, slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    confirmed, now = confirmed_of(found), timezone.now()
    zone = zone_here(found)
    moments = moments_of(found, zone)
    around = round_an_event(request.user, found)
    context = {
        "record": found,
        "event": found,
        "themes": confirmed[TagScheme.THEME],
        "goals": [*confirmed[TagScheme.GOAL], *confirmed[TagScheme.TARGET]],
        "around": around,
        "speakers": _speakers(speakers_of(found), around.spoke),
        "speakers_in_words": [part.strip() for part in found.speakers.split(";") if part.strip()],
        "slots": slots_of(found, around.hosts),
        "recordings": [(one, chapters_of(one)) for one in found.recordings.all()] if found.has_recordings else [],
        "editions": list(editions_of(request.user, found)),
        "other_dates": other_dates(found),
        "carries": carries(request.user, "events", found.pk) if found.has_actions else [],
        "news": list(news_about(request.user, event=found, events=found)),
        "documents": visible_documents(request.user).filter(record=found.public_id),
        "is_past": found.start.latest is not None and (found.end.latest or found.start.latest) < timezone.localdate(),
        "moments": moments,
        "zone": zone.key.replace("_", " "),
        "link": public_link(found, moments, now),
        "opening": openness_here(found, now),
    }
    return render(request, "public/events/event.html", context)


def _speakers(rows: Iterable[Speaker], seen: dict[int, Any]) -> list[tuple[Speaker, Any]]:
    """Each with their house, where the reader may see it."""
    return [(one, seen.get(one.organisation_id or 0)) for one in rows]


def _in_order(public_ids: Iterable[str]) -> Case | Value:
    """As they come; on every page of the list, not within one alone."""
    places = [When(public_id=one, then=place) for place, one in enumerate(public_ids)]
    return Case(*places, default=len(places)) if places else Value(0)


def recordings(request: HttpRequest) -> HttpResponse:
    """All that can be seen again, the latest first; or what answers a question in any language, the best first."""
    which = Which.of(request)
    recorded = Recording.objects.filter(event=OuterRef("pk"))
    spoken = recorded.filter(language=which.language) if which.language else recorded
    seen = visible_events(request.user).filter(Exists(spoken))
    if which.theme or which.kind:
        seen = Which("", "", which.theme, which.kind).among(seen)
    rows = seen.defer(*LONG_TEXTS).prefetch_related("recordings").order_by("-start_latest", "sort_key")
    passages: dict[str, Any] = {}
    if which.question:
        answer = search(request.user, which.question, kinds=("recording",), language=language(), limit=MOST_FOUND)
        if answer.unavailable:  # there is no index to ask: what is called like that
            rows = containing(rows, which.question)
        else:
            passages = {hit.public_id: hit for hit in answer.hits}
            rows = rows.filter(public_id__in=list(passages)).order_by(_in_order(passages), "sort_key")
    shown: Listing[Event] = listing(request, rows)
    context = {
        "listing": shown, "question": which.question, "which": which, "themes": theme_choices(which.theme),
        "languages": _language_choices(which.language),
        "shown": [(one, passages.get(one.public_id)) for one in shown.page.object_list],
    }  # fmt: skip
    return render(request, "public/events/recordings.html", context)
