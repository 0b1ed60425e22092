"""Forms of one row each: a row without words is none, and takes nothing to leave out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import InlineForeignKeyField
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import (
    HourField,
    LanguagesField,
    ReaderField,
    WebAddressField,
    language_choices,
)
from sympolis.office.core.texts import Text
from sympolis.office.directory.fields import OrganisationField, OrganisationsField
from sympolis.office.events.chapters import chapter_of
from sympolis.office.events.enums import EventKind
from sympolis.office.events.models import Event, Recording, RegistrationQuestion, Slot, Speaker
from sympolis.office.events.registering.enums import QuestionKind


class RowForm(forms.ModelForm):  # type: ignore[type-arg]
    """One of many on a page."""

    def __init__(self, *args: Any, user: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        for name, field in self.fields.items():
            if isinstance(field, ReaderField):
                field.user = user
            if isinstance(field, LanguagesField):
                self.initial[name] = getattr(self.instance, name)

    def has_changed(self) -> bool:
        """A spare row is left out when nobody wrote into it; one that is there is checked and kept."""
        return bool(self.instance.pk) or any(map(self._is_written, self.fields))

    def _is_written(self, name: str) -> bool:
        field = self.fields[name]
        if isinstance(field, (forms.ChoiceField, InlineForeignKeyField)) or name in {"DELETE", "position"}:
            return False
        said = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        parts = said.values() if isinstance(said, dict) else said if isinstance(said, (list, tuple)) else [said]
        return any(str(part).strip() for part in parts if part)

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or self.cleaned_data)
        for name, field in self.fields.items():
            if isinstance(field, LanguagesField) and name in cleaned:
                text = Text(getattr(self.instance, name))
                for code, words in cleaned[name].items():
                    text.write(code, words)
                cleaned[name] = text
        return cleaned

    @property
    def legend(self) -> str:
        return str(self.instance) if self.instance.pk else ""


class SpeakerForm(RowForm):
    organisation = OrganisationField(label=_("Organisation known to the office"), required=False)

    class Meta:
        model = Speaker
        fields = ("name", "post", "organisation", "house", "city", "state", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].label = _("Order")
        self.fields["position"].required = False
        self.fields["house"].help_text = _("Left empty, it is called what the office calls it now.")

    def clean_position(self) -> int:
        return self.cleaned_data["position"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        known = cleaned.get("organisation")
        if known is not None:
            cleaned["house"] = cleaned.get("house") or known.name
        return cleaned


class SlotForm(RowForm):
    title = LanguagesField(label=_("Title"))
    from_hour = HourField(label=_("From (hour)"), required=True, error_messages={"required": _("Say when it begins.")})
    until_hour = HourField(label=_("To (hour)"))
    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Left empty, the first day."),
    )  # fmt: skip
    speakers = forms.ModelMultipleChoiceField(
        label=_("Speakers"), queryset=Speaker.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}),
    )  # fmt: skip

    hosts = OrganisationsField(label=_("Who receives the visitors"), required=False, help_text=_("One name a box."))

    class Meta:
        model = Slot
        fields = ("title", "day", "from_hour", "until_hour", "place", "track", "speakers", "hosts")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["speakers"]
        offered.queryset = Speaker.objects.filter(event=self.event)
        if not self.event.speaker_rows.all():  # fetched once for all rows
            del self.fields["speakers"]
        if self.event.kind == EventKind.VISIT and not self.instance.track:
            del self.fields["track"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        begins, over, on = cleaned.get("from_hour"), cleaned.get("until_hour"), cleaned.get("day")
        if begins and over and over <= begins:
            self.add_error("until_hour", _("It ends before it begins."))
        first, last = self.event.start_earliest, self.event.end_latest or self.event.start_latest
        if on and first and last and not first <= on <= last:
            self.add_error("day", _("The event is not on that day."))
        return cleaned

    @property
    def legend(self) -> str:
        return str(self.instance.title)


class RecordingForm(RowForm):
    link = WebAddressField(label=_("Link"), max_length=1000)
    language = forms.ChoiceField(label=_("Language"), choices=language_choices, required=False)
    chapters = forms.CharField(
        label=_("Chapters"), required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}), help_text=_("One a line: 12:30 Questions"),
    )  # fmt: skip
    transcript = forms.CharField(
        label=_("Transcript"), required=False, max_length=500_000,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text=_("Search finds what was said, in any language."),
    )  # fmt: skip

    class Meta:
        model = Recording
        fields = ("link", "language", "chapters", "transcript")

    def clean_chapters(self) -> str:
        """Each line begins with its moment, which its link leads to."""
        written: str = self.cleaned_data["chapters"]
        without = next((line for line in map(str.strip, written.splitlines()) if line and not chapter_of(line)), "")
        if without:
            raise ValidationError(
                _("“%(line)s” does not begin with a moment, such as 12:30 or 1:02:30."), params={"line": without[:60]}
            )
        return written

    @property
    def legend(self) -> str:
        return str(self.instance.link)[:80]


class QuestionForm(RowForm):
    """A question of the office's own on the form, in the languages it is asked in."""

    text = LanguagesField(label=_("Question"))

    class Meta:
        model = RegistrationQuestion
        fields = ("text", "kind", "is_required", "answers", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answers"].widget = forms.Textarea(attrs={"rows": 3, "dir": "auto"})
        self.fields["text"].required = True
        self.fields["position"].label = _("Order")
        self.fields["position"].required = False

    def clean_position(self) -> int:
        return self.cleaned_data["position"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("kind") == QuestionKind.CHOICE and not (cleaned.get("answers") or "").strip():
            self.add_error("answers", _("Write the answers to choose from, one a line."))
        return cleaned

    @property
    def legend(self) -> str:
        return str(self.instance.text)
