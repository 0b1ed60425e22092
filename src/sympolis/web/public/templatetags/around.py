"""Rows of an organisation's page and of its graph, in Python as those of lists are: a page has a hundred of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from sympolis.office.core.markup import joined, markup
from sympolis.office.core.templatetags.show import (
    comma,
    marked_for,
    noted,
    number,
    reader_language,
    when,
    with_elisions,
)
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.events.encounters import Held
from sympolis.office.synergies.meetings import Promise
from sympolis.web.public.events.encounters import MetAt
from sympolis.web.public.graph import Node, Tie, tie_label
from sympolis.web.public.graph_table import Facet
from sympolis.web.public.links import MANY, Bodies, LinkGroup
from sympolis.web.public.small_facts import Fact
from sympolis.web.public.templatetags.portal import NOTHING, badge, marks, period, stale_mark, theme_words
from sympolis.web.public.templatetags.rows import link_line

register = template.Library()
CHECKED = SafeString(" checked")


@register.simple_tag
def links_of_group(group: LinkGroup, page: Organisation, query: str, bare: bool = False) -> SafeString:
    """What links an organisation to others, of one type; bare: without a heading of its own."""
    return markup(
        '{}<ul class="list list-tight">{}</ul>{}',
        NOTHING if bare else _heading(group),
        joined("", (link_line(link, query) for link in group.links)),
        _rest(group, page, query),
    )


def _heading(group: LinkGroup) -> SafeString:
    return markup(
        '<h3 id="{}">{} <span class="count">{}</span></h3>', group.id, capfirst(group.label), number(group.count)
    )


def _rest(group: LinkGroup | Bodies, page: Organisation, query: str) -> SafeString:
    if not group.is_cut:
        return NOTHING
    address = reverse("public:organisation_links", args=[page.slug, page.public_id])
    count = group.many
    said = ngettext("Show %(shown)s", "Show all %(shown)s", count) % {"shown": number(count)}
    asked = query
    if count > MANY:  # more than stand beside the others
        asked = f"{query}&group={group.id}" if query else f"?group={group.id}"
    return markup('<p><a href="{}{}#{}">{}</a></p>', address, asked, group.id, said)


@register.simple_tag
def bodies_of(bodies: Bodies, page: Organisation, query: str) -> SafeString:
    """Its commissions and groups: a network may have hundreds."""
    row = '<li><a href="{}{}"><bdi>{}</bdi></a>{}</li>'
    rows = (markup(row, one.get_absolute_url(), query, _shown(one.title_text()), marks(one)) for one in bodies.shown)
    return markup('<ul class="list list-tight">{}</ul>{}', joined("", rows), _rest(bodies, page, query))


@register.simple_tag
def met_rows(met: Iterable[MetAt], query: str, what: str, events: str) -> SafeString:
    """Whom an organisation had to do with at events, a row for each kind of encounter under its two headings."""
    return joined("", (_met_row(one, *line, query, what, events) for one in met for line in one.lines))


def _met_row(one: MetAt, said: str, held: Sequence[Held], more: int, query: str, what: str, events: str) -> SafeString:
    return markup(
        '<tr><th scope="row"><a href="{}{}"><bdi>{}</bdi></a></th><td data-label="{}">{}</td>'
        '<td data-label="{}">{}</td></tr>',
        one.other.get_absolute_url(), query, _shown(one.other.title_text()), what, capfirst(said), events,
        held_at(held, more),
    )  # fmt: skip


@register.simple_tag
def held_at(events: Iterable[Held], more: int) -> SafeString:
    """The evidence for a meeting: its events, the latest first, and how many are not named."""
    named = joined(comma(), (_held(event) for event in events))
    return markup('{} <span class="muted">+{}</span>', named, number(more)) if more else named


@register.simple_tag
def tie_rows(ties: Iterable[Tie], query: str, relation: str, whom: str, time: str) -> SafeString:
    """What a graph draws, as rows under these headings: who, what to whom, and when."""
    shown = list(ties)
    ends = {one.pk: one for tie in shown for one in (tie.start, tie.end)}  # most rows of a network name it
    said = {pk: _end(one, query) for pk, one in ends.items()}
    labels = {type_: capfirst(tie_label(type_, True)) for type_ in {tie.type for tie in shown}}
    rows = (
        markup(
            '<tr><th scope="row">{}</th><td data-label="{}">{}{}</td><td data-label="{}">{}</td>'
            '<td data-label="{}">{}</td></tr>',
            said[tie.start.pk], relation, labels[tie.type], _role(tie), whom, said[tie.end.pk], time, _time(tie),
        )
        for tie in shown
    )  # fmt: skip
    return joined("", rows)


def _role(tie: Tie) -> SafeString:
    return markup(" · <bdi>{}</bdi>", tie.role_label) if tie.role else NOTHING


def _end(end: Node, query: str) -> SafeString:
    return markup('<a href="{}{}"><bdi>{}</bdi></a>', end.get_absolute_url(), query, _shown(end.title_text()))


@register.simple_tag
def facet_checks(facets: Iterable[Facet], name: str) -> SafeString:
    """The boxes to tick of one filter, which are the legend as well. What is not counted yet the picture tells."""
    return joined("", (_check(facet, name) for facet in facets))


def _check(facet: Facet, name: str) -> SafeString:
    count = (
        markup('<span class="count" data-graph-count="{}"></span>', facet.code)
        if facet.count is None
        else markup('<span class="count">{}</span>', number(facet.count))
    )
    return markup(
        '<label class="check"><input type="checkbox" name="{}" value="{}"{}> {} {} {}</label>',
        name, facet.code, CHECKED if facet.chosen else NOTHING, facet.mark, capfirst(facet.label), count,
    )  # fmt: skip


def _time(tie: Tie) -> SafeString:
    dates = period(tie.since, tie.until)
    said = [held_at(tie.events_shown, tie.events_more)] if tie.events else [dates] if dates else []
    return joined(" · ", [*said, gettext("perhaps")] if tie.is_unsure else said)


def _held(event: Held) -> SafeString:
    day = markup(" <bdi>({})</bdi>", when(event.start)) if event.start else NOTHING
    return markup('<a href="{}"><bdi>{}</bdi></a>{}', event.get_absolute_url(), _shown(event.title), day)


@register.simple_tag
def promise_rows(promises: Iterable[Promise], today: date, opens_meetings: bool) -> SafeString:
    """What is still to be done, by whom and by when; who reads the office gets to the meeting it was said at."""
    return joined("", (_promise(one, today, opens_meetings) for one in promises))


def _promise(promise: Promise, today: date, opens_meetings: bool) -> SafeString:
    said = _shown(promise.text)
    if opens_meetings and promise.meeting:
        said = markup('<a href="{}">{}</a>', reverse("staff:meeting", args=[promise.meeting]), said)
    due: list[Any] = [markup("<bdi>{}</bdi>", _shown(promise.by))]
    if last := promise.due.latest:
        late = badge("overdue", gettext("overdue")) if last < today else NOTHING
        due.append(markup("{}{}", with_elisions(gettext("by %(day)s") % {"day": when(promise.due)}), late))
    return markup('<li>{}{}<p class="list-meta">{}</p></li>', said, marks(promise), joined(" · ", due))


@register.simple_tag
def want_rows(needs: Iterable[Fact]) -> SafeString:
    """Needs, priorities or offers."""
    return joined("", map(_want, needs))


def _want(need: Fact) -> SafeString:
    text = markup('<p class="list-text">{}</p>', noted(need.text)) if need.text else NOTHING
    themes = markup('<p class="list-meta">{}</p>', theme_words(need.themes)) if need.themes else NOTHING
    pieces = (_shown(need.title), marks(need), stale_mark(need), text, themes)
    return markup("<li><strong>{}</strong>{}{}{}{}</li>", *pieces)


def _shown(said: Text) -> SafeString:
    reader = reader_language()
    return marked_for(reader, said.best(reader))
