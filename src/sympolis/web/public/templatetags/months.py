"""Months by their names."""

from __future__ import annotations

from datetime import date

from babel.dates import format_skeleton
from django import template

from sympolis.office.core.templatetags.show import reader_locale

register = template.Library()


@register.filter
def month_name(first: date) -> str:
    """``November 2026``, as the reader's language writes it."""
    return str(format_skeleton("yMMMM", first, locale=reader_locale()))
