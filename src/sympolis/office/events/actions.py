"""What the office does with events."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from sympolis.office.core.actions import keep_record, mark_changed, remove_record
from sympolis.office.core.lists import note_lists
from sympolis.office.core.models import User
from sympolis.office.directory.models import Organisation
from sympolis.office.events.models import Event

type Organisations = Iterable[Organisation] | None


@transaction.atomic
def keep_event(
    event: Event,
    organisers: Organisations = None,
    cities: Organisations = None,
    *,
    invited: Organisations = None,
    partners: Organisations = None,
    funders: Organisations = None,
) -> Event:
    """Add or change an event; None leaves a list of who stands round it as it is."""
    _join_editions(event)
    keep_record(event)
    lists = {
        "organisers": organisers, "cities": cities, "invited": invited, "partners": partners, "funders": funders,
    }  # fmt: skip
    for name, organisations in lists.items():
        if organisations is not None:
            getattr(event, name).set(organisations)
    note_lists(Event, [event])
    return event


def _join_editions(event: Event) -> None:
    """All editions name the same first one: whichever of them is chosen, and those that named this one come along."""
    first = event.edition_of
    if first is None:
        return
    if first.edition_of is not None:
        first = first.edition_of
    event.edition_of = None if first.pk == event.pk else first
    for edition in event.editions.exclude(pk=first.pk) if event.pk else ():
        edition.edition_of = first
        keep_record(edition)


@transaction.atomic
def remove_event(event: Event, by: User | None = None) -> None:
    """The editions that are left stay linked with each other."""
    first, *others = [*event.editions.exclude(pk=event.pk).order_by("start_earliest", "pk"), None]
    if first is not None:
        first.edition_of = None
        keep_record(first)
        for edition in others:
            if edition is not None:
                edition.edition_of = first
                keep_record(edition)
    remove_record(event, by)


def mark_event_changed(event: Event) -> None:
    """Its rows say something else: the index, and whoever asks what changed last, is to know."""
    event.save()
    mark_changed([event.public_id])
