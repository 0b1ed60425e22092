"""The day's programme of a meeting: proposed out of the themes of its brief, and kept as somebody wants it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from sympolis.engine.model import LANGUAGES
from sympolis.engine.texts import vocabulary
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.queries import Reader
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Department, Organisation
from sympolis.office.directory.queries import visible_departments
from sympolis.office.synergies.hours import hours_of
from sympolis.office.synergies.models import Meeting, Slot

BEGINS, NOON = time(9, 30), time(12, 0)
WELCOME, THEME, LUNCH, NEXT_STEPS = (timedelta(minutes=minutes) for minutes in (15, 45, 60, 30))
MOST_THEMES = 6


@dataclass(frozen=True, slots=True)
class Planned:
    """A slot as somebody wants it."""

    from_hour: time
    until_hour: time | None
    title: Text
    place: str = ""
    departments: list[Department] = field(default_factory=list)


def slots_of(user: Reader, meeting: Meeting) -> QuerySet[Slot]:
    """The programme of a meeting the reader sees, with the departments the reader may see."""
    departments = visible_departments(user).select_related("organisation")
    return meeting.slots.prefetch_related(Prefetch("departments", departments))


def departments_of(user: Reader, organisations: Iterable[Organisation]) -> list[Department]:
    """Who may take part: the departments of those who meet, side by side."""
    rows = visible_departments(user).filter(organisation__in=list(organisations)).select_related("organisation")
    return list(rows.order_by("organisation__sort_key", "sort_key"))


@transaction.atomic
def propose_programme(user: User, meeting: Meeting) -> list[Slot]:
    """A slot for each theme the brief says the two share, with the departments of each side that work on it, between a
    welcome and the next steps; lunch where it goes on past noon. Where there is a programme, nothing is touched."""
    officers_only(user)
    if meeting.slots.exists():
        return []
    departments = departments_of(user, meeting.organisations.all())
    return keep_programme(user, meeting, _planned(meeting, departments))


def _planned(meeting: Meeting, departments: list[Department]) -> Iterator[Planned]:
    at = meeting.from_hour or BEGINS
    fed = at >= NOON
    yield Planned(at, at := _later(at, WELCOME), _in_all_languages(_("Welcome")))
    for code in shared_themes(meeting):
        if at >= NOON and not fed:
            yield Planned(at, at := _later(at, LUNCH), _in_all_languages(_("Lunch")))
            fed = True
        who = [one for one in departments if code in one.themes]
        title = Text.of(**{language: vocabulary.label("themes", code, language) for language in LANGUAGES})
        yield Planned(at, at := _later(at, THEME), title, departments=who)
    yield Planned(at, _later(at, NEXT_STEPS), _in_all_languages(_("Next steps")))


def shared_themes(meeting: Meeting) -> list[str]:
    """The themes of the brief it was prepared with, in the brief's order."""
    items = meeting.brief.document["themes"] if meeting.brief else []
    return list(dict.fromkeys(item["group"] for item in items if item.get("group")))[:MOST_THEMES]


def _later(at: time, by: timedelta) -> time:
    """A day ends at midnight."""
    moved = datetime.combine(date.min, at) + by
    return moved.time() if moved.date() == date.min else time(23, 59)


def _in_all_languages(message: str) -> Text:
    text = Text()
    for language in LANGUAGES:
        with override(language):
            text.write(language, gettext(message))
    return text


@transaction.atomic
def keep_programme(user: User, meeting: Meeting, planned: Iterable[Planned]) -> list[Slot]:
    """The whole programme of a meeting in the place of the one before. Where its hours are the meeting's, and are other
    ones now, the meeting counts as changed: its entry in calendars is told apart from the one before by how often it
    was."""
    officers_only(user)
    hours = hours_of(meeting)
    meeting.slots.all().delete()
    made = []
    for one in planned:
        slot = Slot(meeting=meeting, from_hour=one.from_hour, until_hour=one.until_hour, title=one.title)
        slot.place = one.place
        slot.save()
        slot.departments.set(one.departments)
        made.append(slot)
    if hours_of(meeting) != hours:
        meeting.save()
    return made
