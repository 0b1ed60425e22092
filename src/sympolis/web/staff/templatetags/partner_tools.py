"""Records a suggestion rests on, in words."""

from __future__ import annotations

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from sympolis.office.core.models import Record
from sympolis.office.core.templatetags.show import in_language, reader_language, text
from sympolis.office.directory.models import Relation
from sympolis.office.synergies.brief.naming import spoken
from sympolis.office.synergies.brief.wording import written

register = template.Library()


@register.filter
def ground(record: Record) -> SafeString | str:
    """A relation with its two ends; of anything else its title. What is in another language is marked."""
    if not isinstance(record, Relation):
        return text(record.title_text())
    runs = written(spoken(record), reader_language())
    return format_html_join("", "{}", ((in_language(run.text, run.language),) for run in runs))
