"""Form fields every room shares: texts in five languages, dates half known, codes by name, pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields.files import FieldFile, ImageField
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext_lazy as _

from sympolis.engine.match.consortium.regions import regions
from sympolis.engine.texts import vocabulary
from sympolis.office.core import names
from sympolis.office.core.dates import PartialDate
from sympolis.office.core.partial_dates import NotADate, read_date
from sympolis.office.core.pictures import NotAPicture, tidy_picture
from sympolis.office.core.rich import MARKS, program_in
from sympolis.office.core.texts import RIGHT_TO_LEFT, CodesField, MultilingualField, Text, codes, folded, one_line

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
        written = plain_words(value)
        reader = language_now()
        first = reader if reader in written or not written else next(iter(written))
        context["widget"]["rows"] = self.rows
        context["widget"]["boxes"] = [
            {
                "name": f"{name}_{code}",
                "id": f"{context['widget']['attrs'].get('id', name)}_{code}",
                "code": code,
                "language": native,
                "direction": "rtl" if code in RIGHT_TO_LEFT else "ltr",
                "text": written.get(code, ""),
                "open": code == first,
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


def plain_words(value: Any) -> dict[str, str]:
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
        tidy = one_line if self.most == SHORT else _without_null
        written = {code: tidy(str(text)) for code, text in (value or {}).items()}
        if self.required and not any(written.values()):
            raise ValidationError(self.error_messages["required"], code="required")
        for code, text in written.items():
            if len(text) > self.most:
                about = {"language": dict(settings.LANGUAGES)[code], "length": len(text), "most": self.most}
                raise ValidationError(self.error_messages["long"], code="long", params=about)
        return written


def _without_null(words: str) -> str:
    return words.replace("\x00", "").strip()


class LineField(forms.CharField):
    """Words in one line: a name that was copied out of a page or a cell with its breaks is the same name."""

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "")


class RichField(LanguagesField):
    """Rich text by language: marks as ``core/rich.py`` has them. HTML with a program in it is refused, not cleaned."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "program": _(
            "%(language)s: “%(found)s” is not taken: there can be no programs, frames or styles in a text. "
            "Write plain words with the marks named above."
        ),
    }

    def __init__(self, *, rows: int = 8, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", MARKS)
        super().__init__(rows=rows, **kwargs)

    def clean(self, value: Any) -> dict[str, str]:
        written = super().clean(value)
        for code, text in written.items():
            if found := program_in(text):
                about = {"language": dict(settings.LANGUAGES)[code], "found": found}
                raise ValidationError(self.error_messages["program"], code="program", params=about)
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
        listed: Any = list(self.choices)  # type: ignore[arg-type]
        known = {str(code) for code, _label in listed}
        self.kept = tuple(code for code in present if code not in known)
        if self.kept:
            self.choices = [*listed, *((code, code) for code in self.kept)]

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


_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,20}:\S", re.IGNORECASE)


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


class SourcesField(WebAddressField):
    """Where something was read: an address, or words where there is none (a book, a data set), or several of these."""

    def clean(self, value: Any) -> str:
        return " ; ".join(map(self._one, str(forms.CharField.clean(self, value)).split("; ")))

    def _one(self, written: str) -> str:
        said = written.strip()
        if not _SCHEME.match(said) and (" " in said or "." not in said):
            return said
        address, _space, words = said.partition(" ")
        return f"{super().clean(address)} {words}".strip()


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


def region_choices() -> list[tuple[str, str]]:
    """Parts of the world (UN M49), as the reader's language calls them."""
    return list(_region_choices(language_now()))


@lru_cache(maxsize=8)
def _region_choices(language: str) -> tuple[tuple[str, str], ...]:
    named = [(code, names.COUNTRIES.name(code, language)) for code in regions()]
    return tuple(sorted(named, key=lambda pair: folded(pair[1])))


def language_choices() -> list[tuple[str, str]]:
    return [("", "—"), *names.TONGUES.choices(language_now())]


CODE_FIELDS: dict[str, Callable[..., forms.Field]] = {
    "themes": lambda **kw: ChosenCodesField(theme_choices, **kw),
    "sdgs": lambda **kw: ChosenCodesField(goal_choices, **kw),
    "countries": lambda **kw: NamedCodesField(names.COUNTRIES, **kw),
    "eligible_countries": lambda **kw: NamedCodesField(names.COUNTRIES, **kw),
    "regions": lambda **kw: ChosenCodesField(region_choices, **kw),
    "eligible_kinds": lambda **kw: ChosenCodesField(term_choices("kinds"), **kw),
    "languages": lambda **kw: NamedCodesField(names.TONGUES, **kw),
}
SHORT_TEXTS = frozenset({"title", "name", "names", "line", "post"})


gettext_noop("- Select an option -")  # Django says it where nothing is chosen, and not in all of our languages


class RecordChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # a generic in stubs alone
    """One of some records, each called as the reader calls it."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.title_text().best(language_now()).text)


def field_for(column: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    """The form field of a column: ours for texts, codes and pictures, Django's for the rest."""
    label: dict[str, Any] = {"label": capfirst(column.verbose_name), "help_text": column.help_text}
    if isinstance(column, MultilingualField):
        return LanguagesField(rows=1 if column.name in SHORT_TEXTS else 5, required=column.name == "title", **label)
    if isinstance(column, CodesField):
        return CODE_FIELDS[column.name](**label)
    if isinstance(column, ImageField):
        return PictureField(required=False, **label)
    if isinstance(column, models.TextField):
        return column.formfield(widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}), max_length=LONG, **kwargs)
    if type(column) is models.CharField:
        kwargs = {"form_class": LineField, **kwargs}
    if isinstance(column, models.ForeignKey) and hasattr(column.related_model, "title_text"):
        kwargs = {"form_class": RecordChoiceField, **kwargs}
    return column.formfield(**kwargs)


def day_or_field(column: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    """The same, and days are chosen from a calendar."""
    if isinstance(column, models.DateField):
        kwargs["widget"] = forms.DateInput(attrs={"type": "date", "class": "input-short"}, format="%Y-%m-%d")
        return column.formfield(**kwargs)
    return field_for(column, **kwargs)


class ReaderField:
    """A field whose answers depend on who asks; the form says who that is."""

    user: Any = None


class HourField(forms.TimeField):
    """An hour of the office's clock."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time", "class": "input-short"}, format="%H:%M")
        super().__init__(**{"required": False, "widget": widget, **kwargs})
