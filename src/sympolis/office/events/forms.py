"""The form of an event: a title, a day, a language and a link are enough to announce it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import HourField, PartialDateField, SourcesField, WebAddressField, field_for
from sympolis.office.core.forms import RecordForm, check_order
from sympolis.office.core.partial_dates import NotADate, read_date
from sympolis.office.directory.detail_fields import Cells, RowsField
from sympolis.office.directory.fields import OrganisationsField
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import may_see, own_organisations, written_organisations
from sympolis.office.events.dates import OtherDate, has_day, is_skipped, zone_names, zone_of
from sympolis.office.events.models import Event
from sympolis.office.events.queries import ROUND_AN_EVENT, read_houses, visible_events

ONE_NAME = _("One name a box.")


class OtherDatesField(RowsField):
    """What other sources say of the day: each stands, with where it was read."""

    columns = (
        ("on", _("Date"), None),
        ("words", _("In its own words"), None),
        ("source", _("Where this was read"), None),
    )
    needed = 0
    default_error_messages: ClassVar[dict[str, Any]] = {
        "date": _("“%(written)s” is no date. Write 2019, 2019-03 or 14/3/2019."),
    }

    def row_of(self, line: str) -> Cells:
        one = OtherDate.of(line)
        return (str(one.on), one.words, one.source_url)

    def line_of(self, row: Cells) -> str:
        on, words, source = row
        address = WebAddressField(required=False, max_length=1000).clean(source)
        try:
            return str(OtherDate(read_date(on), words[:200], address))
        except NotADate as error:
            raise ValidationError(self.error_messages["date"], code="date", params={"written": on[:40]}) from error


def zone_choices() -> list[tuple[str, Any]]:
    return [("", _("The office's own")), *((zone, zone.replace("_", " ")) for zone in zone_names())]


class EventForm(RecordForm):
    FIRST = ("title", "start", "from_hour", "languages", "link")

    start = PartialDateField(label=_("Begins"), help_text=_("2019, 2019-03 or 14/3/2019"))
    end = PartialDateField(label=_("Ends"))
    from_hour = HourField(label=_("From (hour)"))
    until_hour = HourField(label=_("To (hour)"))
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices, required=False)
    also_dated = OtherDatesField(label=_("What other sources say of the date"))
    link = WebAddressField(
        label=_("Link to take part"),
        required=False,
        max_length=1000,
        help_text=_("Only those who registered see it, unless you say otherwise below."),
    )
    edition_of = forms.ModelChoiceField(
        label=_("An edition in another language of"), queryset=Event.objects.none(), required=False
    )
    organisers = OrganisationsField(label=_("Who organises it"), required=False, help_text=ONE_NAME)
    partners = OrganisationsField(label=_("Partners"), required=False, help_text=ONE_NAME)
    funders = OrganisationsField(label=_("Financed by"), required=False, help_text=ONE_NAME)
    cities = OrganisationsField(label=_("Who takes part"), required=False, help_text=ONE_NAME)
    invited = OrganisationsField(label=_("Who was invited"), required=False, help_text=ONE_NAME)
    source_url = SourcesField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Event
        formfield_callback = field_for
        fields = (
            "title", "start", "from_hour", "languages", "link", "kind", "end", "until_hour", "time_zone", "place",
            "topic", "link_for", "link_minutes", "is_cancelled", "edition_of", "organisers", "organised_too",
            "partners", "funders", "financed_too", "cities", "invited", "speakers", "also_dated", "visibility",
            "confirmed", "source_url", "note",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if (event := kwargs.get("instance")) is not None and event.pk:
            read_houses(event)
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["edition_of"]
        others = visible_events(self.user).only("title", "start_earliest", "start_latest")
        offered.queryset = others.exclude(pk=self.instance.pk) if self.instance.pk else others
        self.fields["languages"].help_text = _("By name, in any of our languages, with commas between them.")
        self.fields["organised_too"].help_text = _("A company or a technical service, in words.")
        self.fields["financed_too"].help_text = _("A company or a technical service, in words.")
        self.fields["speakers"].help_text = _(
            "As it was read. Rows with post, organisation and city have their own page."
        )

    def kept_from(self, user: Any) -> Iterable[str]:
        """A list with somebody in it whom this user may not see stays as it is."""
        return () if user.is_officer else (*super().kept_from(user), *self._lists_not_shown(user))

    def _lists_not_shown(self, user: Any) -> list[str]:
        if not self.instance.pk:
            return []
        lists = {name: getattr(self.instance, name).all() for name in ROUND_AN_EVENT}
        return [
            name for name, houses in lists.items() if not all(may_see(user, one.pk, one.visibility) for one in houses)
        ]

    def value_now(self, name: str) -> Any:
        """Who is no officer adds events that its own organisation holds."""
        if name == "organisers" and not self.instance.pk and not self.user.is_officer:
            return self.initial.get(name) or list(own_organisations(self.user)[:1])
        return super().value_now(name)

    def clean_organisers(self) -> list[Organisation]:
        organisers: list[Organisation] = self.cleaned_data["organisers"]
        if not self.user.writes_everywhere:
            own = written_organisations(self.user).filter(pk__in=[one.pk for one in organisers])
            if not own.exists():
                raise ValidationError(_("Your own organisation must be among those who organise it."), code="not_yours")
        return organisers

    def houses(self) -> list[Any]:
        return list(self.cleaned_data.get("organisers", ()))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_order(self, cleaned, "start", "end", _("The event ends before it begins."))
        begins, over = cleaned.get("from_hour"), cleaned.get("until_hour")
        if over and not begins and "from_hour" not in self.errors:
            self.add_error("from_hour", _("Say when it begins."))
        if begins and over and over <= begins and not cleaned.get("end"):
            self.add_error("until_hour", _("The event ends before it begins."))
        if begins and "start" in cleaned:
            self._check_hour(cleaned)
        return cleaned

    def _check_hour(self, cleaned: dict[str, Any]) -> None:
        """An hour belongs to a day, and to one on which the clock has it."""
        said = Event(start_earliest=cleaned["start"].earliest, start_latest=cleaned["start"].latest)
        said.time_zone = cleaned.get("time_zone") or ""
        if not has_day(said):
            self.add_error("start", _("Say on which day, since you say at what hour."))
        elif is_skipped(said.start_earliest, cleaned["from_hour"], zone_of(said)):
            self.add_error("from_hour", _("The clock has no such hour on that day: summer time begins."))
