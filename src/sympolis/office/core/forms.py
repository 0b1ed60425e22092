"""Forms of records: two people at once without loss, what only officers write, files that hang on a record."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.dates import Dated, PartialDate
from sympolis.office.core.enums import Visibility
from sympolis.office.core.form_fields import (
    ChosenCodesField,
    LanguagesField,
    PictureField,
    ReaderField,
    language_choices,
    language_now,
    plain_words,
    term_choices,
)
from sympolis.office.core.models import Document, User
from sympolis.office.core.plain_widgets import plain
from sympolis.office.core.texts import Text
from sympolis.office.core.uploads import Refused, take_in

OTHER = "other"  # in every list of kinds


def canonical(value: Any) -> str:
    """A value as words that are equal when the values are: how a form knows what changed."""
    if isinstance(value, dict):
        return json.dumps(dict(sorted(plain_words(value).items())), ensure_ascii=False)
    if isinstance(value, Decimal):
        return str(value.normalize())
    if isinstance(value, models.Model):
        return str(value.pk)
    if is_dataclass(value) and not isinstance(value, PartialDate):
        return "/".join(canonical(getattr(value, part.name)) for part in fields(value))
    if isinstance(value, (list, tuple, models.QuerySet)):
        return "|".join(sorted(canonical(one) for one in value))
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    return "" if value is None else str(value)


def _digest(value: Any) -> str:
    return hashlib.blake2s(canonical(value).encode(), digest_size=6).hexdigest()


class Clash(ValidationError):
    """Somebody else changed the same field while this one was being written."""


class RecordForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form of one record.

    ``seen`` travels with the page: what each field held when it was opened. On the way back a field counts as changed
    only when it differs from that. What others changed in between stays; where both changed the same field, the form
    says what the other one wrote and keeps what this one wrote, to be decided by a second save.
    """

    FIRST: ClassVar[tuple[str, ...]] = ("title",)
    OFFICE_ONLY: ClassVar[tuple[str, ...]] = ("confirmed", "visibility", "note", "source_url")
    # What waits for the office when anybody else writes it, because others rely on it.
    MATTERS: ClassVar[tuple[str, ...]] = ()
    # Fields of ours that stand for a list of the model's -> that list.
    LISTS: ClassVar[dict[str, str]] = {}

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        self.clashes: list[tuple[Any, Any]] = []
        super().__init__(*args, **kwargs)
        for name in self.kept_from(user):
            self.fields.pop(name, None)
        for name, field in self.fields.items():
            self._make_ready(name, field)
        self.now = {name: self.value_now(name) for name in self.fields if name != "seen"}
        self.initial = {**self.now, **self.initial} if not self.instance.pk else {**self.initial, **self.now}
        if not self.instance.pk:
            self.initial |= {name: OTHER for name, field in self.fields.items() if self._begins_as_other(name, field)}
        self.initial["seen"] = json.dumps({name: _digest(value) for name, value in self.now.items()})

    def kept_from(self, user: Any) -> Iterable[str]:
        """Fields that are not this user's to see or to write."""
        if isinstance(user, User) and user.is_officer:
            return ()
        # Who works for the office says where it was read; what the office says to itself is not to be proposed: it
        # would stand beside the form of whoever else writes at the record.
        said = {"source_url"} if isinstance(user, User) and user.writes_everywhere else set()
        return [name for name in self.OFFICE_ONLY if name not in said]

    def _make_ready(self, name: str, field: forms.Field) -> None:
        if isinstance(field, ReaderField):
            field.user = self.user
        if self._falls_back(name):
            field.required = False
        if isinstance(field, ChosenCodesField):
            field.keep(getattr(self.instance, name))
        field.widget = plain(field.widget)

    def _begins_as_other(self, name: str, field: forms.Field) -> bool:
        """A list of kinds without an empty line would say its first one of what nobody has chosen for yet."""
        if not isinstance(field, forms.ChoiceField) or isinstance(field, forms.ModelChoiceField):
            return False
        if self.initial.get(name):
            return False
        choices: Any = field.choices
        codes = {code for code, _label in choices}
        return OTHER in codes and "" not in codes

    def _falls_back(self, name: str) -> bool:
        """A choice with a default is never missing: what stood there holds."""
        columns = {column.name: column for column in self.instance._meta.concrete_fields}
        column = columns.get(name)
        return column is not None and bool(column.choices) and column.has_default()

    def value_now(self, name: str) -> Any:
        """What the record holds; forms with fields of their own making say more."""
        column = getattr(type(self.instance), name, None)
        if isinstance(column, Dated):
            return getattr(self.instance, name)
        if name in {one.name for one in self.instance._meta.many_to_many}:
            return list(getattr(self.instance, name).all()) if self.instance.pk else self.initial.get(name, [])
        if not self.instance.pk and name in self.initial:
            return self.initial[name]
        return getattr(self.instance, name, None)

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or self.cleaned_data)
        seen = self._seen()
        for name, now in self.now.items():
            if name not in cleaned or isinstance(self.fields[name], PictureField):
                continue
            before = seen.get(name, _digest(now))
            left_alone = bool(self.instance.pk) and _digest(cleaned[name]) == before
            if left_alone or (cleaned[name] == "" and self._falls_back(name)):
                cleaned[name] = now
            elif self.instance.pk and _digest(now) not in {before, _digest(cleaned[name])}:  # nobody changes a new one
                self.clashes.append((name, now))
            cleaned[name] = self._as_text(name, now, cleaned[name])
        for name, _now in self.clashes:
            self.add_error(name, Clash(_("Somebody else changed this while you were writing.")))
            cleaned.pop(name, None)
        return cleaned

    def _seen(self) -> dict[str, str]:
        try:
            found = json.loads(self.cleaned_data.get("seen") or "{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def _as_text(self, name: str, now: Any, written: Any) -> Any:
        """Words by language written into the text that was there, so that who wrote the rest stays known."""
        if not isinstance(self.fields[name], LanguagesField) or isinstance(written, Text):
            return written
        text = Text({code: dict(entry) for code, entry in (now or {}).items()})
        for code, words in written.items():
            if words.replace("\r\n", "\n") != text.get_text(code):
                text.write(code, words.replace("\r\n", "\n"), by="person", author=str(self.user))
        return text

    def changed_names(self) -> list[str]:
        """The fields that would be kept other than they are; of a record that is new, all that say something."""
        return [name for name, now in self.now.items() if name in self.cleaned_data and self._differs(name, now)]

    def _differs(self, name: str, now: Any) -> bool:
        if isinstance(self.fields[name], PictureField):
            return name in self.changed_data
        if not self.instance.pk:
            return canonical(self.cleaned_data[name]) not in {"", "{}", "None"}
        return canonical(self.cleaned_data[name]) != canonical(now)

    def set_back(self, names: Iterable[str]) -> None:
        """Leave these fields as they are: what was written in them is not kept."""
        for name in names:
            self.cleaned_data[name] = self.now[name]
            if name not in self.listed:
                setattr(self.instance, name, self.now[name])

    @property
    def listed(self) -> dict[str, str]:
        """The form's fields that are lists of others -> the model's name for each."""
        many = {one.name: one.name for one in self.instance._meta.many_to_many}
        return {name: one for name, one in {**many, **self.LISTS}.items() if name in self.fields}

    def plain_list(self, name: str) -> dict[str, dict[str, Any]]:
        """Who would stand in a list, as the history keeps it."""
        return {one.public_id: {} for one in self.cleaned_data[name]}

    def title_of(self, record: Any) -> str:
        """How a record is called where what was proposed for it is listed."""
        return str(record)

    def houses(self) -> list[Any]:
        """The organisations whose record this is, as it would be kept."""
        house = self.cleaned_data.get("organisation")
        return [house] if house else []

    def _post_clean(self) -> None:
        for name in self.fields:
            if isinstance(getattr(type(self.instance), name, None), Dated) and name in self.cleaned_data:
                setattr(self.instance, name, self.cleaned_data[name])
        super()._post_clean()  # type: ignore[misc]

    def again(self) -> RecordForm:
        """The form after a clash: their values in every field this writer left alone, this writer's own in the rest."""
        fresh = type(self)(instance=type(self.instance)._default_manager.get(pk=self.instance.pk), user=self.user)
        before = self._seen()
        for name in fresh.now:
            raw = self.fields[name].widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            try:
                mine = self.fields[name].clean(raw)
            except (ValidationError, TypeError):
                mine = None
            if not isinstance(self.fields[name], PictureField) and _digest(mine) != before.get(name):
                fresh.initial[name] = raw
        return fresh

    @property
    def first_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FIRST if name in self.fields]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in {*self.FIRST, "seen"}]

    @property
    def more_is_wrong(self) -> bool:
        return any(field.errors for field in self.more_fields)


def check_order(form: RecordForm, cleaned: dict[str, Any], first: str, last: str, message: Any) -> None:
    """Refuse an end that certainly lies before its beginning."""
    begins, ends = cleaned.get(first), cleaned.get(last)
    if begins and ends and begins.earliest and ends.latest and ends.latest < begins.earliest:
        form.add_error(last, ValidationError(message, code="order"))


class DocumentForm(RecordForm):
    """A file to hang on a record, and what to know about it."""

    FIRST = ("file", "title", "kind", "language")

    title = forms.CharField(
        label=_("Title"), max_length=300, required=False, help_text=_("Left empty, the name of the file stands here.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=term_choices("document_kinds"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=language_choices, required=False)
    visibility = forms.ChoiceField(label=_("Who may see it"), choices=Visibility.choices)

    class Meta:
        model = Document
        fields = ("file", "title", "kind", "language", "version", "visibility")

    OFFICE_ONLY = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not self.instance.pk
        self.fields["file"].label = _("File")
        self.fields["file"].widget = forms.FileInput()
        if not self.instance.pk:
            self.initial["language"] = language_now()
            self.initial["kind"] = "other"

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if not upload or isinstance(upload, FieldFile):
            return upload
        try:
            kind = take_in(upload.name, upload, upload.size)
        except Refused as error:
            raise ValidationError(error.message, code="file") from error
        name = PurePosixPath(upload.name.replace("\\", "/")).name
        self.instance.file_name = f"{PurePosixPath(name).stem[:150]}.{kind}"
        self.instance.size_bytes = upload.size
        self.instance.text, self.instance.read_at = "", None  # the worker reads it
        upload.name = f"{secrets.token_hex(12)}.{kind}"
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("title"):
            cleaned["title"] = PurePosixPath(self.instance.file_name).stem
        cleaned["kind"] = cleaned.get("kind") or "other"
        cleaned["language"] = cleaned.get("language") or language_now()
        return cleaned
