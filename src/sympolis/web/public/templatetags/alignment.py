"""What carries a plan and what it covers: rows of the page of its alignment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from sympolis.engine.texts import vocabulary
from sympolis.office.core.locales import comma_in
from sympolis.office.core.markup import joined, markup
from sympolis.office.core.templatetags.show import number, reader_language, text

if TYPE_CHECKING:
    from sympolis.office.planning.alignment import GoalCovered, LineServed, Work
    from sympolis.office.planning.priorities.queries import EffortRow

register = template.Library()

SHOWN_WORKS = 6
WRONG, MUTED = SafeString(' class="is-wrong"'), SafeString(' class="is-muted"')


@register.simple_tag
def work_links(works: Sequence[Work]) -> SafeString:
    """The first few with links, and how many more there are."""
    links = [markup('<a href="{}"><bdi>{}</bdi></a>', work.address, text(work.title)) for work in works[:SHOWN_WORKS]]
    if len(works) > SHOWN_WORKS:
        links.append(SafeString(markup("+{}", number(len(works) - SHOWN_WORKS))))
    return joined(" · ", links)


@register.simple_tag
def effort_counts(row: EffortRow, kinds: Mapping[str, Any]) -> SafeString:
    """A cell for each kind of work."""
    cells = [
        markup('<td class="num" data-label="{}">{}</td>', label, number(row.counts.get(kind, 0)))
        for kind, label in kinds.items()
    ]
    return joined("", cells)


@register.simple_tag
def served_rows(lines: Sequence[LineServed]) -> SafeString:
    """The lines of a plan, a row each, with what carries them."""
    linked, shared = gettext("Linked with its actions"), gettext("Shares a theme with them")
    none = markup('<td colspan="2">{}</td>', gettext("No project or network serves it."))
    rows = []
    for one in lines:
        line = one.node.plan
        served = markup(
            '<td data-label="{}">{}</td><td data-label="{}">{}</td>',
            linked,
            work_links(one.carried_by),
            shared,
            work_links(one.kindred),
        )
        rows.append(
            markup(
                '<tr{}><th scope="row"><a href="{}">{}<bdi>{}</bdi></a></th>{}</tr>',
                "" if one.is_served else WRONG,
                line.get_absolute_url(),
                f"{line.code} " if line.code else "",
                text(line.title),
                served if one.is_served else none,
            )
        )
    return joined("", rows)


@register.simple_tag
def goal_rows(goals: Sequence[GoalCovered]) -> SafeString:
    """The goals of the 2030 Agenda, a row each, with how many actions name them and which targets are confirmed."""
    actions, targets, language = gettext("Actions"), gettext("Confirmed targets"), reader_language()
    rows = (
        markup(
            '<tr{}><th scope="row">{}. {}</th><td class="num" data-label="{}">{}</td><td data-label="{}">{}</td></tr>',
            "" if one.actions else MUTED,
            one.goal,
            vocabulary.label("sdgs", str(one.goal), language),
            actions,
            number(one.actions),
            targets,
            comma_in(language).join(f"{code} ({number(n)})" if n > 1 else code for code, n in one.targets),
        )
        for one in goals
    )
    return joined("", rows)
