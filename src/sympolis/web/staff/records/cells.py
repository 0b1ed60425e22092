"""How a value looks in a list, and how it is written into a CSV file."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from sympolis.engine.sheets import harmless
from sympolis.office.core.dates import PartialDate
from sympolis.office.core.form_fields import NamedCodesField, language_now
from sympolis.office.core.markup import joined, markup
from sympolis.office.core.models import Record
from sympolis.office.core.templatetags import show
from sympolis.office.core.texts import Text
from sympolis.office.directory.detail_fields import RowsField
from sympolis.office.planning.fields import DotsByKindField


def shown(value: Any) -> SafeString | str:
    """For a page: in the reader's words, escaped."""
    if isinstance(value, str):
        return value
    if isinstance(value, Text):
        return show.text(value)
    if isinstance(value, Record):
        return markup("<bdi>{}</bdi>", str(value))
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, (PartialDate, date)) and not isinstance(value, datetime):
        return _short(value)
    if isinstance(value, (list, tuple)):
        return joined(show.comma(), (shown(one) for one in value))
    if isinstance(value, (Decimal, int, float)):
        return show.number(value)
    return "" if value is None else str(localize(value))


def _short(value: PartialDate | date) -> str:
    """As precisely as it is known, a day with its month cut short: a column is narrow."""
    if isinstance(value, PartialDate):
        if str(value).count("-") < 2 or value.earliest is None:
            return show.when(value)
        value = value.earliest
    return show.short_day(value)


def written(value: Any) -> str:
    """For a file: dates as 2019-03-14, numbers with a point; nothing a spreadsheet would run."""
    if isinstance(value, Text):
        value = show.plain(value)
    if isinstance(value, bool):
        value = "true" if value else "false"
    if isinstance(value, (list, tuple)):
        value = "; ".join(written(one) for one in value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, (int, float)):
        return str(value)
    return harmless("" if value is None else str(value))


def in_words(field: forms.Field | None, value: Any) -> Any:
    """A value of a form's field as the form says it: choices by their label, codes by their name."""
    if isinstance(field, NamedCodesField):
        return [field.of.name(code, language_now()) for code in value or ()]
    if isinstance(field, RowsField):
        return [field.in_words(line) for line in value or ()]
    if isinstance(field, DotsByKindField):
        return field.in_words(value)
    if isinstance(field, forms.ChoiceField) and value in ("", None):
        return ""  # and not what the empty line of a list says
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        labels = {str(code): label for code, label in choices}
        if isinstance(value, (list, tuple)):
            return [str(labels.get(str(code), code)) for code in value]
        return str(labels.get(str(value), value))
    return value
