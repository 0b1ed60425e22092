"""Rows of lists, in Python and not in templates: a page has fifty of them, an organisation hundreds of links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from sympolis.engine.texts import vocabulary
from sympolis.office.core.markup import joined, markup
from sympolis.office.core.models import Record
from sympolis.office.core.templatetags.show import (
    comma,
    country,
    marked_for,
    money,
    noted,
    number,
    reader_language,
    text,
    when,
)
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.projects.enums import ParticipationRole
from sympolis.office.projects.models import Call, Project
from sympolis.web.public.allies import Ally, Seat
from sympolis.web.public.changes import Change
from sympolis.web.public.dormancy import Evidence, Life
from sympolis.web.public.links import Link
from sympolis.web.public.named import Named
from sympolis.web.public.reach import Harbour
from sympolis.web.public.templatetags.portal import (
    NOTHING,
    badge,
    deadline_badge,
    host,
    iso,
    marks,
    media_address,
    organisation_name,
    period,
    safe_address,
    stage_badge,
    theme_chip,
    theme_words,
)
from sympolis.web.public.work import Work
from sympolis.web.templatetags.look import avatar, icon

if TYPE_CHECKING:
    from sympolis.web.public.views.positions import Signed
    from sympolis.web.public.views.themes import ThemeRow

register = template.Library()

MUTED = SafeString(' class="is-muted"')
NAMED_TOGETHER = 4
"""So many who sit on a body are named beside a seat on it; more are folded."""
ROLES = {str(role.value): role.label for role in ParticipationRole}


@register.simple_tag
def part_row(part: Work) -> SafeString:
    """A project an organisation takes part in."""
    return _project(part, str(ROLES.get(part.role, part.role)))


@register.simple_tag
def project_row(project: Project, on: date | None = None) -> SafeString:
    """A project in a list, with who leads it where that was asked for; as far as it was on a day."""
    leads = (_led_by(organisation_name(part.organisation)) for part in getattr(project, "leads", ()))
    more = joined("", (markup('<p class="list-text">{}</p>', said) for said in leads))
    return _project(project, more=more, on=on)


def _led_by(name: str) -> SafeString:
    return markup(gettext("Led by <bdi>%(name)s</bdi>").replace("%(name)s", "{}"), name)


def _project(project: Project | Work, role: str = "", more: SafeString = NOTHING, on: date | None = None) -> SafeString:
    about: list[SafeString | str] = [role, period(project.start, project.end)]
    if project.programme:
        about.append(markup("<bdi>{}</bdi>", project.programme))
    about.append(theme_words(project.themes))
    side = money(project.budget, project.currency) if project.budget else ""
    return _row(project, project.title, stage_badge(project, on), about, more, side)


@register.simple_tag
def member_row(link: Link, query: str = "") -> SafeString:
    """A member of a network among those of its country: what it is there, since when; ``query`` keeps the time asked
    about in the address."""
    relation = link.relation
    said: list[SafeString | str] = [markup("<bdi>{}</bdi>", link.role)] if link.role else []
    if dates := period(relation.since, relation.until):
        said.append(dates)
    if link.is_unsure:
        said.append(gettext("perhaps"))
    return _member(link, query, joined(" · ", said))


@register.simple_tag
def former_member_row(link: Link, query: str = "") -> SafeString:
    """One that left."""
    return _member(link, query, period(link.relation.since, link.relation.until))


def _member(link: Link, query: str, said: SafeString | str) -> SafeString:
    other, reader = link.other, reader_language()
    name = marked_for(reader, other.title_text().best(reader))
    return markup(
        '<li><a href="{}{}"><bdi>{}</bdi></a> {} <span class="meta">{}</span></li>',
        other.get_absolute_url(), query, name, marks(link.relation), said,
    )  # fmt: skip


@register.simple_tag
def call_row(call: Call) -> SafeString:
    """A call in a list: until when, out of which programme, on what."""
    about: list[SafeString | str] = []
    if closes := call.closes:
        about.append(markup('<time datetime="{}">{}</time>', iso(closes), when(closes)))
    if call.programme:
        about.append(markup("<bdi>{}</bdi>", call.programme))
    about.append(theme_words(call.themes))
    side = gettext("up to %(amount)s") % {"amount": money(call.max_grant, call.currency)} if call.max_grant else ""
    return _row(call, call.title, deadline_badge(call), about, side=side)


def _row(
    record: Record | Work,
    title: Text,
    state: SafeString,
    about: Iterable[SafeString | str],
    more: SafeString = NOTHING,
    side: str = "",
) -> SafeString:
    """One row of a list: its title, badges and what is said of it under each other, an amount beside them."""
    reader = reader_language()
    return markup(
        '<li class="list-row"><div class="list-main"><a class="list-title" href="{}"><bdi>{}</bdi></a>{}{}{}'
        '<p class="list-meta">{}</p></div>{}</li>',
        record.get_absolute_url(),
        marked_for(reader, title.best(reader)),
        state,
        marks(record),
        more,
        joined(" · ", (words for words in about if words)),
        markup('<p class="list-side">{}</p>', side) if side else NOTHING,
    )


@register.simple_tag
def organisation_row(organisation: Organisation, moment: str = "") -> SafeString:
    """An organisation in a list: its line, what it is, where, on what it works. ``moment`` goes on in its address."""
    about = (_kind(organisation), country(organisation.country), theme_words(organisation.themes))
    return _organisation(organisation, NOTHING, about, NOTHING, moment)


@register.simple_tag
def network_row(network: Organisation, members: int, members_url: str) -> SafeString:
    """A network in a list: since when it is there, and how many members it has."""
    founded = network.founded_year
    since = gettext("since %(year)s") % {"year": founded} if founded else ""
    side = NOTHING
    if members:
        said = ngettext("%(shown)s member", "%(shown)s members", members) % {"shown": number(members)}
        side = markup('<p class="list-side"><a href="{}">{}</a></p>', members_url, said)
    return _organisation(network, short_beside(network), (_kind(network), country(network.country), since), side)


@register.simple_tag
def short_beside(organisation: Organisation) -> SafeString:
    """Its short form beside its name, where the name that is read does not begin with it: "UCLG", not twice "ACR+"."""
    short, named = organisation.short_name, organisation.title_text().best(reader_language()).text
    if not short or named.casefold().startswith(short.casefold()):
        return NOTHING
    return markup(' <span class="muted"><bdi>{}</bdi></span>', short)


def _organisation(
    one: Organisation, called: SafeString, about: Iterable[str], side: SafeString, moment: str = ""
) -> SafeString:
    reader = reader_language()
    return markup(
        '<li class="list-row">{}<div class="list-main"><a class="list-title" href="{}"><bdi>{}</bdi></a>{}{}{}'
        '<p class="list-meta">{}</p></div>{}</li>',
        avatar(one.name, media_address(one.logo.name)),
        one.get_absolute_url() + moment,
        marked_for(reader, one.title_text().best(reader)),
        called,
        marks(one),
        markup('<p class="list-text">{}</p>', noted(one.line)) if one.line else NOTHING,
        joined(" · ", (words for words in about if words)),
        side,
    )


def _kind(organisation: Organisation) -> str:
    return vocabulary.label("kinds", organisation.kind, reader_language())


@register.simple_tag
def position_rows(signed: Iterable[Signed]) -> SafeString:
    """Positions in a list: when, who signed them first, and to whom."""
    to = gettext("to <bdi>%(name)s</bdi>").replace("%(name)s", "{}")
    return joined("", (_position(one, to) for one in signed))


def _position(one: Signed, to: str) -> SafeString:
    position = one.position
    said: list[SafeString | str] = [when(position.adopted), *(markup("<bdi>{}</bdi>", name) for name in one.by)]
    if one.to:
        said.append(markup(to, one.to))
    return _row(position, position.title, NOTHING, said)


@register.simple_tag
def theme_rows(rows: Iterable[ThemeRow]) -> SafeString:
    """The rows of the table of themes: each with how many records of a kind carry it."""
    words = {
        "organisations": gettext("Organisations"),
        "projects": gettext("Projects"),
        "calls": gettext("Calls"),
        "needs": gettext("Needs and offers"),
    }
    return joined("", (_theme_row(row, words) for row in rows))


def _theme_row(row: ThemeRow, words: dict[str, str]) -> SafeString:
    counts = ((said, number(row.counts[name])) for name, said in words.items())
    cells = joined("", (markup('<td class="num" data-label="{}">{}</td>', said, count) for said, count in counts))
    return markup('<tr><th scope="row">{}</th>{}</tr>', theme_chip(row.theme.code), cells)


@register.simple_tag
def harbour_row(name: str, harbours: Iterable[Harbour], query: str) -> SafeString:
    """A country in the table beside the map, with everybody there the links lead to."""
    link = '<a href="{}{}"><bdi>{}</bdi></a>'
    links = (markup(link, harbour.organisation.get_absolute_url(), query, harbour.name) for harbour in harbours)
    return markup('<tr><th scope="row">{}</th><td>{}</td></tr>', name, joined(comma(), links))


@register.simple_tag
def link_line(link: Link, query: str = "") -> SafeString:
    """One relation in a list, its link at the page's time."""
    relation, other, reader = link.relation, link.other, reader_language()
    of = NOTHING
    if link.of:
        named = gettext("of %(name)s") % {"name": organisation_name(link.of)}
        of = markup(' <span class="muted"><bdi>{}</bdi></span>', named)
    unsure = gettext("perhaps") if link.is_unsure else ""
    about = " · ".join(part for part in (link.role, period(relation.since, relation.until), unsure) if part)
    return markup(
        '<li{}><a href="{}{}"><bdi>{}</bdi></a>{}{} <span class="meta"><bdi>{}</bdi></span>{}</li>',
        MUTED if link.past else NOTHING,
        other.get_absolute_url(),
        query,
        marked_for(reader, other.title_text().best(reader)),
        of,
        marks(relation),
        about or country(other.country),
        _together(link.together),
    )


def _together(others: Sequence[Named]) -> SafeString:
    """Who else sits there; folded when they are many."""
    if not others:
        return NOTHING
    link = '<a href="{}"><bdi>{}</bdi></a>'
    names = joined(comma(), (markup(link, one.get_absolute_url(), organisation_name(one)) for one in others))
    if len(others) <= NAMED_TOGETHER:
        said = gettext("together with {names}").replace("{names}", "{}")
        return markup('<p class="list-meta">{}</p>', markup(said, names))
    count = ngettext("together with %(n)s other", "together with %(n)s others", len(others))
    folded = '<details class="more"><summary>{}</summary><p class="list-meta">{}</p></details>'
    return markup(folded, count % {"n": number(len(others))}, names)


@register.simple_tag
def ally_row(ally: Ally, life: Life | None, query: str) -> SafeString:
    """An organisation a network works with: who it is, the seats behind it, what was done together; for officers
    whether it lives."""
    one = ally.organisation
    said = one.line or one.description
    seats = joined("", (_ally_seat(ally, seat, query) for seat in ally.seats))
    return markup(
        '<li class="list-row" id="{}">{}<div class="list-main"><p class="kicker">{}</p>'
        '<h2 class="hit-title"><a href="{}{}"><bdi>{}</bdi></a>{} {}</h2>{}{}{}{}</div>{}</li>',
        one.public_id,
        avatar(one.name, media_address(one.logo.name), "large"),
        _kind(one),
        one.get_absolute_url(),
        query,
        text(one.title_text()),
        short_beside(one),
        marks(ally.alliance) if ally.alliance else NOTHING,
        markup('<p class="list-text">{}</p>', noted(said)) if said else NOTHING,
        markup('<ul class="list-meta">{}</ul>', seats) if seats else NOTHING,
        _done_together(ally),
        _life(life) if life else NOTHING,
        _website(one.website),
    )


def _ally_seat(ally: Ally, seat: Seat, query: str) -> SafeString:
    where = markup("<bdi>{}</bdi>", organisation_name(ally.organisation))
    if body := seat.body:
        where = markup('<a href="{}{}"><bdi>{}</bdi></a>', body.get_absolute_url(), query, text(body.title_text()))
    said = [where, *(markup("<bdi>{}</bdi>", role) for role in seat.roles)]
    dates = period(seat.relation.since, seat.relation.until)
    return markup(
        "<li>{} {} {}</li>", icon("pin"), joined(" · ", [*said, dates] if dates else said), marks(seat.relation)
    )


def _done_together(ally: Ally) -> SafeString:
    said: list[str] = []
    if count := ally.projects:
        words = ngettext("%(shown)s project together", "%(shown)s projects together", count)
        said.append(words % {"shown": number(count)})
    if count := ally.events:
        words = ngettext("%(shown)s event together", "%(shown)s events together", count)
        said.append(words % {"shown": number(count)})
    return markup('<p class="list-meta">{}</p>', joined(" · ", said)) if said else NOTHING


def _life(life: Life) -> SafeString:
    """What it consists of and its last evidence: the view gives it to officers alone."""
    dormant = badge("closed", gettext("Dormant")) if life.is_dormant else NOTHING
    kinds = NOTHING
    if life.kinds:
        kinds = markup("{} {}.", gettext("It consists of:"), joined(comma(), life.kinds))
    return markup(
        '<p class="list-meta">{} {} {} <span class="muted">{}</span></p>',
        dormant,
        kinds or gettext("Nothing here says what it consists of."),
        _evidence(life.last) if life.last else gettext("No evidence with a date."),
        gettext("Only the office sees this."),
    )


def _evidence(last: Evidence) -> SafeString:
    what: object = last.kind
    if last.url:
        what = markup('<a href="{}"><bdi>{}</bdi></a>', last.url, text(last.title))
    time = markup('<time datetime="{}">{}</time>', last.day.isoformat(), when(last.day)) if last.day else NOTHING
    return markup("{} {}, {}.", gettext("Last evidence:"), what, time)


def _website(address: str) -> SafeString:
    if not safe_address(address):
        return NOTHING
    return markup('<p class="list-side"><a rel="external" href="{}">{}</a></p>', address, host(address))


@register.simple_tag
def change_rows(changes: Iterable[Change]) -> SafeString:
    """What began or ended around an organisation, each with its day."""
    return joined("", map(_change, changes))


def _change(change: Change) -> SafeString:
    said: list[SafeString | str] = [gettext("beginning") if change.began else gettext("end"), change.kind]
    if change.about:
        said.append(markup("<bdi>{}</bdi>", change.about))
    if not change.is_sure:
        said.append(gettext("perhaps: only roughly dated"))
    return markup(
        '<li><time datetime="{}">{}</time><div><a class="list-title" href="{}"><bdi>{}</bdi></a> {}'
        '<p class="list-meta">{}</p></div></li>',
        iso(change.day), when(change.day), change.url, text(change.title), marks(change), joined(" · ", said),
    )  # fmt: skip
