"""How far something is, in words and as a bar."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from babel.numbers import format_percent
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from sympolis.office.core.templatetags.show import number, reader_locale
from sympolis.office.planning.enums import ActionStatus
from sympolis.office.planning.models import Action
from sympolis.office.planning.progress import ActionProgress

register = template.Library()

BADGES = {ActionStatus.LATE: "badge-overdue", ActionStatus.STOPPED: "badge-closed"}


@register.filter
def share(value: Fraction | None) -> str:
    """A part of the whole in percent, to a tenth; words where nobody knows."""
    if value is None:
        return gettext("not known")
    return str(format_percent(float(round(value, 3)), "#,##0.#%", locale=reader_locale()))


@register.filter
def share_bar(value: Fraction | None) -> SafeString:
    """The same with a bar before it; where nobody knows there is no bar."""
    if value is None:
        return format_html('<span class="muted">{}</span>', share(None))
    return format_html(
        '<progress max="100" value="{}" aria-hidden="true"></progress> {}', round(value * 100), share(value)
    )


@register.filter
def weighed(value: Fraction) -> str:
    """A weight as a number."""
    return number(round(float(value), 2))


@register.filter
def status_badge(action: Action) -> SafeString | str:
    if not action.status:
        return ""
    kind = BADGES.get(ActionStatus(action.status), "")
    return format_html('<span class="badge {}">{}</span>', kind, action.get_status_display())


@register.filter
def how_far(action: Action, progress: Mapping[int, ActionProgress]) -> Fraction | None:
    """How far an action is, out of what is known of all on the page."""
    found = progress.get(action.pk)
    return found.progress if found else None
