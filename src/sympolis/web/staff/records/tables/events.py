"""Events, in lists and forms."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sympolis.office.events import actions as events_actions
from sympolis.office.events import forms as events_forms
from sympolis.office.events import queries as events
from sympolis.web.staff.records import alike
from sympolis.web.staff.records.columns import (
    TITLE,
    last_day,
    names,
    with_names,
)
from sympolis.web.staff.records.kinds import Column, Kind

EVENTS = Kind(
    name="events", prefix="eve", icon="calendar",
    title=_("Events"), one=_("Event"), add_label=_("Add an event"),
    empty=_("No event yet. Add the conferences, webinars and assemblies you hold or go to."),
    visible=events.visible_events, changeable=events.changeable_events,
    proposable=events.proposable_events, proposed_with="core.propose", like=alike.titled,
    permission="events.add_event", form=events_forms.EventForm,
    keep=lambda form: events_actions.keep_event(
        form.instance, **{name: form.cleaned_data[name] for name in events.ROUND_AN_EVENT}
    ),
    keep_version=events_actions.keep_event, remove=events_actions.remove_event,
    columns=(
        TITLE,
        Column("start", _("Begins"), lambda row: row.start, ("start_earliest", "sort_key")),
        Column("kind", _("Kind"), lambda row: row.get_kind_display(), ("kind", "sort_key")),
        Column("place", _("Place"), lambda row: row.place, ("place", "sort_key")),
        Column("organisers", _("Who organises it"), names("organisers")),
    ),
    filters=(last_day("start_latest", pgettext_lazy("events", "past"), pgettext_lazy("events", "to come")),),
    with_rows=with_names("organisers"),
    order=("-start_latest", "sort_key", "pk"),
)  # fmt: skip
