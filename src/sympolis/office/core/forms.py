"""Fields and forms every room shares: texts in five languages, dates half known, codes by name, two people at once."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields.files import FieldFile, ImageField
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sympolis.engine.texts import vocabulary
from sympolis.office.core import names
from sympolis.office.core.dates import Dated, PartialDate
from sympolis.office.core.enums import Visibility
from sympolis.office.core.models import Document, User
from sympolis.office.core.partial_dates import NotADate, read_date
from sympolis.office.core.pictures import NotAPicture, tidy_picture
from sympolis.office.core.texts import RIGHT_TO_LEFT, CodesField, MultilingualField, Text, codes
from sympolis.office.core.uploads import Refused, take_in

LONG = 50_000
SHORT = 500


def language_now() -> str:
    return (get_language() or "en").split("-")[0]


class LanguagesWidget(forms.Widget):
    """One box a language, folded but for the reader's own and works without a script."""

    template_name = "core/widgets/languages.html"
    use_fieldset = True

    def __init__(self, rows: int = 1, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.rows = rows

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        written = _plain(value)
        reader = language_now()
        context["widget"]["rows"] = self.rows
        context["widget"]["boxes"] = [
            {
                "name": f"{name}_{code}",
                "id": f"{context['widget']['attrs'].get('id', name)}_{code}",
                "code": code,
                "language": native,
                "direction": "rtl" if code in RIGHT_TO_LEFT else "ltr",
                "text": written.get(code, ""),
                "open": code == reader,
            }
            for code, native in sorted(settings.LANGUAGES, key=lambda pair: pair[0] != reader)
        ]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        return {code: data.get(f"{name}_{code}", "") for code, _native in settings.LANGUAGES}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return all(f"{name}_{code}" not in data for code, _native in settings.LANGUAGES)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_{language_now()}" if id_ else ""


def _plain(value: Any) -> dict[str, str]:
    if isinstance(value, Text):
        return value.plain()
    return {code: str(text) for code, text in (value or {}).items() if text}


class LanguagesField(forms.Field):
    """Words by language. Clean gives ``{language: words}``; the form writes them into the ``Text`` that was there."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Write it in at least one language."),
        "long": _("%(language)s: %(length)d characters are too many; %(most)d at most."),
    }

    def __init__(self, *, rows: int = 1, **kwargs: Any) -> None:
        self.most = LONG if rows > 1 else SHORT
        super().__init__(widget=LanguagesWidget(rows=rows), **kwargs)

    def clean(self, value: Any) -> dict[str, str]:
        written = {code: str(text).replace("\x00", "").strip() for code, text in (value or {}).items()}
        if self.required and not any(written.values()):
            raise ValidationError(self.error_messages["required"], code="required")
        for code, text in written.items():
            if len(text) > self.most:
                about = {"language": dict(settings.LANGUAGES)[code], "length": len(text), "most": self.most}
                raise ValidationError(self.error_messages["long"], code="long", params=about)
        return written


class PartialDateField(forms.CharField):
    """A day, a month or a year, as people write them."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("“%(value)s” is no date. Write a year (2019), a month (2019-03) or a day (14/3/2019)."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 40)
        super().__init__(widget=forms.TextInput(attrs={"class": "input-short", "autocomplete": "off"}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, PartialDate) else value

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        try:
            return read_date(str(written))
        except NotADate as error:
            raise ValidationError(self.error_messages["invalid"], params={"value": written}) from error


class ChosenCodesField(forms.MultipleChoiceField):
    """Codes of a controlled list as tick boxes; a code the list doesn't know stays ticked, not lost."""

    def __init__(self, choices: Callable[[], list[tuple[str, str]]], **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(choices=choices, widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}), **kwargs)
        self.kept: tuple[str, ...] = ()

    def keep(self, present: Iterable[str]) -> None:
        known = {str(code) for code, _label in self.choices}
        self.kept = tuple(code for code in present if code not in known)
        if self.kept:
            self.choices = [*self.choices, *((code, code) for code in self.kept)]

    def clean(self, value: Any) -> tuple[str, ...]:
        return tuple(super().clean(value))


class NamedCodesField(forms.CharField):
    """Countries or languages written by name in any of our languages, or by code, with commas between."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "unknown": _("We do not know “%(written)s”. Write names or two-letter codes with commas between them."),
        "nearest": _("We do not know “%(written)s”. Did you mean %(nearest)s?"),
    }

    def __init__(self, of: names.Names, **kwargs: Any) -> None:
        self.of = of
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return value
        return ", ".join(self.of.name(code, language_now()) for code in value or ())

    def clean(self, value: Any) -> Any:
        written = codes(str(super().clean(value)).replace("\n", ",").replace("،", ","))
        return tuple(dict.fromkeys(self._code(word) for word in written))

    def _code(self, word: str) -> str:
        if code := self.of.code(word):
            return code
        nearest = self.of.nearest(word, language_now())
        kind = "nearest" if nearest else "unknown"
        raise ValidationError(self.error_messages[kind], code=kind, params={"written": word, "nearest": nearest})


class WebAddressField(forms.CharField):
    """A web address; ``www.amb.cat`` will do. Nothing but http and https."""

    def clean(self, value: Any) -> str:
        written = str(super().clean(value))
        if not written:
            return ""
        address = written if "://" in written else f"https://{written}"
        forms.URLField(assume_scheme="https").clean(address)
        if not address.lower().startswith(("http://", "https://")):
            raise ValidationError(_("Write an address that begins with http:// or https://."), code="scheme")
        return address


class PictureField(forms.FileField):
    """A logo. What is kept is a fresh picture made of its dots: nothing else that lay in the file comes along."""

    widget = forms.ClearableFileInput
    most_bytes = 5 * 2**20

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if not upload or isinstance(upload, FieldFile):
            return upload
        if upload.size > self.most_bytes:
            raise ValidationError(_("The picture is larger than 5 MB. Make it smaller and try again."), code="large")
        try:
            return tidy_picture(upload)
        except NotAPicture as error:
            raise ValidationError(
                _("This file is no picture we can read. Choose a PNG, JPEG, GIF or WebP file."), code="picture"
            ) from error


def theme_choices() -> list[tuple[str, str]]:
    return [(one.code, vocabulary.label("themes", one.code, language_now())) for one in vocabulary.themes()]


def goal_choices() -> list[tuple[str, str]]:
    goals = vocabulary.sdgs()
    return [(str(one.code), f"{one.code}. {vocabulary.label('sdgs', one.code, language_now())}") for one in goals]


def term_choices(name: str, empty: Any = None) -> Callable[[], list[tuple[str, str]]]:
    """The terms of a list of the vocabulary in the reader's language, for a field's ``choices``."""

    def choices() -> list[tuple[str, str]]:
        found = [(one.code, vocabulary.label(name, one.code, language_now())) for one in vocabulary.terms(name)]
        return found if empty is None else [("", str(empty)), *found]

    return choices


def country_choices() -> list[tuple[str, str]]:
    return [("", "—"), *names.COUNTRIES.choices(language_now())]


def language_choices() -> list[tuple[str, str]]:
    return [("", "—"), *names.TONGUES.choices(language_now())]


CODE_FIELDS: dict[str, Callable[..., forms.Field]] = {
    "themes": lambda **kw: ChosenCodesField(theme_choices, **kw),
    "sdgs": lambda **kw: ChosenCodesField(goal_choices, **kw),
    "countries": lambda **kw: NamedCodesField(names.COUNTRIES, **kw),
    "eligible_countries": lambda **kw: NamedCodesField(names.COUNTRIES, **kw),
    "eligible_kinds": lambda **kw: ChosenCodesField(term_choices("kinds"), **kw),
    "languages": lambda **kw: NamedCodesField(names.TONGUES, **kw),
}
SHORT_TEXTS = frozenset({"title", "name", "names", "line", "post"})


def field_for(column: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    """The form field of a column: ours for texts, codes and pictures, Django's for the rest."""
    label = {"label": column.verbose_name, "help_text": column.help_text}
    if isinstance(column, MultilingualField):
        return LanguagesField(rows=1 if column.name in SHORT_TEXTS else 5, required=column.name == "title", **label)
    if isinstance(column, CodesField):
        return CODE_FIELDS[column.name](**label)
    if isinstance(column, ImageField):
        return PictureField(required=False, **label)
    return column.formfield(**kwargs)


class ReaderField:
    """A field whose answers depend on who asks; the form says who that is."""

    user: Any = None


def canonical(value: Any) -> str:
    """A value as words that are equal when the values are: how a form knows what changed."""
    if isinstance(value, dict):
        return json.dumps({code: text for code, text in sorted(_plain(value).items())}, ensure_ascii=False)
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

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        self.clashes: list[tuple[Any, Any]] = []
        super().__init__(*args, **kwargs)
        if not (isinstance(user, User) and user.is_officer):
            for name in self.OFFICE_ONLY:
                self.fields.pop(name, None)
        for name, field in self.fields.items():
            self._make_ready(name, field)
        self.now = {name: self.value_now(name) for name in self.fields if name != "seen"}
        self.initial = {**self.now, **self.initial} if not self.instance.pk else {**self.initial, **self.now}
        self.initial["seen"] = json.dumps({name: _digest(value) for name, value in self.now.items()})

    def _make_ready(self, name: str, field: forms.Field) -> None:
        if isinstance(field, ReaderField):
            field.user = self.user
        if isinstance(field, ChosenCodesField):
            field.keep(getattr(self.instance, name))

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
            if _digest(cleaned[name]) == before and self.instance.pk:
                cleaned[name] = now
            elif _digest(now) not in {before, _digest(cleaned[name])}:
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
        text = Text({code: dict(entry) for code, entry in (now or {}).items()})  # type: ignore[misc]
        for code, words in written.items():
            if words.replace("\r\n", "\n") != text.get_text(code):
                text.write(code, words.replace("\r\n", "\n"), by="person", author=str(self.user))
        return text

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
            taken = take_in(upload.name, upload, upload.size)
        except Refused as error:
            raise ValidationError(error.message, code="file") from error
        name = PurePosixPath(upload.name.replace("\\", "/")).name
        self.instance.file_name = f"{PurePosixPath(name).stem[:150]}.{taken.kind}"
        self.instance.size_bytes = upload.size
        self.instance.text = taken.text
        upload.name = f"{secrets.token_hex(12)}.{taken.kind}"
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("title"):
            cleaned["title"] = PurePosixPath(self.instance.file_name).stem
        cleaned["kind"] = cleaned.get("kind") or "other"
        cleaned["language"] = cleaned.get("language") or language_now()
        return cleaned
