"""Editions in several languages are linked with each other; who was where; speakers out of words."""

from __future__ import annotations

from datetime import date

from sympolis.office.core.texts import Text
from sympolis.office.directory.finder import Finder
from sympolis.office.directory.models import Organisation
from sympolis.office.events.actions import keep_event, remove_event
from sympolis.office.events.enums import Presence
from sympolis.office.events.models import Event, Speaker
from sympolis.office.events.queries import editions_of, met_at
from sympolis.office.events.speakers import speakers_in
from tests.cast import Cast


def event_called(title: str, **fields: object) -> Event:
    day = date(2026, 3, 1)
    return keep_event(Event(title=Text.of(en=title), start_earliest=day, start_latest=day, **fields))


def names(events: object) -> set[str]:
    return {str(one) for one in events}  # type: ignore[attr-defined]


def test_whichever_edition_is_named_all_are_linked(cast: Cast) -> None:
    spanish = event_called("Spanish")
    french = event_called("French", edition_of=spanish)
    arabic = event_called("Arabic", edition_of=french)
    assert arabic.edition_of == spanish
    assert names(editions_of(cast.officer, spanish)) == {"French", "Arabic"}
    assert names(editions_of(cast.officer, arabic)) == {"Spanish", "French"}
    first = event_called("English")
    spanish.edition_of = first
    keep_event(spanish)
    assert names(editions_of(cast.officer, first)) == {"Spanish", "French", "Arabic"}


def test_when_the_first_is_removed_the_others_stay_linked(cast: Cast) -> None:
    spanish = event_called("Spanish")
    french, arabic = (event_called(name, edition_of=spanish) for name in ("French", "Arabic"))
    remove_event(spanish, cast.officer)
    french.refresh_from_db()
    assert names(editions_of(cast.officer, french)) == {"Arabic"}
    arabic.refresh_from_db()
    assert names(editions_of(cast.officer, arabic)) == {"French"}


def test_an_edition_kept_back_is_linked_for_the_office_alone(cast: Cast) -> None:
    spanish = event_called("Spanish")
    event_called("French", edition_of=spanish, visibility="office")
    assert names(editions_of(cast.officer, spanish)) == {"French"}
    assert names(editions_of(cast.participant, spanish)) == set()


def test_who_was_invited_did_not_meet_anybody(cast: Cast) -> None:
    invited = event_called("Invited")
    keep_event(invited, [cast.amb], [], invited=[cast.sfax])
    spoke = event_called("Spoke")
    keep_event(spoke, [cast.amb])
    Speaker.objects.create(event=spoke, name="Amina", organisation=cast.sfax)
    asked = event_called("Asked to speak")
    keep_event(asked, [cast.amb])
    Speaker.objects.create(event=asked, name="Amina", organisation=cast.sfax, state="invited")
    off = event_called("Called off", is_cancelled=True)
    keep_event(off, [cast.amb], [cast.sfax])
    alone = event_called("Alone")
    keep_event(alone, [cast.amb], [cast.amb])
    found = met_at([cast.amb.pk], [cast.sfax.pk, cast.amb.pk], Event.objects.all())
    assert [(str(one.event), sorted(one.presences)) for one in found] == [
        ("Spoke", sorted([(cast.amb.pk, Presence.ORGANISED), (cast.sfax.pk, Presence.SPOKE)]))
    ]


def test_speakers_out_of_words(cast: Cast) -> None:
    event = event_called("Day")
    finder = Finder(Organisation.objects.all())
    words = "Amina (Head of Water, Sfax); Ben (Mayor of Sfax); No Post; Laia (AMB); Kamel (Expert (old), Nowhere)"
    found = [
        (one.name, one.post, one.house, one.organisation, one.position) for one in speakers_in(words, event, finder)
    ]
    assert found == [
        ("Amina", "Head of Water", "Sfax", cast.sfax, 0),
        ("Ben", "Mayor of Sfax", "Sfax", cast.sfax, 1),
        ("No Post", "", "", None, 2),
        ("Laia", "", "AMB", cast.amb, 3),
        ("Kamel", "Expert (old)", "Nowhere", None, 4),
    ]
