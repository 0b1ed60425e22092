"""Members on the agenda of a region, in Python and not in templates: a page has twenty-five of them."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from sympolis.office.core.markup import joined, markup
from sympolis.office.core.templatetags.show import comma, number, text, when
from sympolis.office.directory.models import Organisation
from sympolis.office.synergies.agenda.agenda import Line, Shared
from sympolis.office.synergies.agenda.members import Entry, Member
from sympolis.web.public.templatetags.portal import NOTHING, marks, organisation_name

register = template.Library()


@register.simple_tag
def agenda_members(members: Iterable[Member]) -> SafeString:
    """Each folded: how much there is of it, and unfolded what."""
    words = (
        gettext("Networks"), gettext("Projects"), gettext("Twin towns"), gettext("Needs and offers"), gettext("Trips"),
        gettext("Its page"),
    )  # fmt: skip
    return joined("", (_member(member, *words) for member in members))


def _member(member: Member, networks: str, projects: str, twins: str, wants: str, trips: str, page: str) -> SafeString:
    one = member.organisation
    counts = (
        (networks, member.networks), (projects, member.projects), (twins, member.twins), (wants, member.wants),
        (trips, member.trips),
    )  # fmt: skip
    facts = (
        (networks, _names(member.networks)),
        (twins, _names(member.twins)),
        (projects, _list(map(_project, member.projects))),
        (wants, _list(map(_want, member.wants))),
        (trips, _list(map(_trip, member.trips))),
    )
    return markup(
        '<details class="fold" id="{}"><summary><bdi>{}</bdi> <span class="meta cluster">{}</span></summary>'
        '<dl class="facts">{}</dl><p><a href="{}">{}</a></p></details>',
        one.public_id,
        text(one.title_text()),
        joined(
            " ", (markup('<span class="nowrap">{} {}</span>', said, number(len(some))) for said, some in counts if some)
        ),
        joined("", (markup("<div><dt>{}</dt><dd>{}</dd></div>", said, some) for said, some in facts if some)),
        one.get_absolute_url(),
        page,
    )


@register.simple_tag
def agenda_lines(shared: Shared, opens: bool) -> SafeString:
    """Who is at one place or after one call, and the records that say so, which officers get to."""
    page = reverse("staff:change", args=["-"]).removesuffix("-/") + "{}/" if opens else ""
    more = NOTHING
    if count := shared.more:
        said = ngettext("and %(more)s more", "and %(more)s more", count)
        more = markup('<p class="meta">{}</p>', said % {"more": number(count)})
    return markup("<ul>{}</ul>{}", joined("", (_line(line, page) for line in shared.lines)), more)


def _line(line: Line, page: str) -> SafeString:
    entry = line.entry
    title: object = text(entry.title)
    if page:
        title = markup('<a href="{}">{}</a>', page.format(entry.public_id), title)
    when_there = markup(' <span class="meta">{}</span>', when(entry.start)) if entry.place else NOTHING
    who = organisation_name(line.organisation)
    return markup("<li><bdi>{}</bdi>: {}{}{}</li>", who, title, marks(entry), when_there)


def _names(organisations: Iterable[Organisation]) -> SafeString:
    return joined(comma(), (markup("<bdi>{}</bdi>", organisation_name(one)) for one in organisations))


def _list(lines: Iterable[SafeString]) -> SafeString:
    said = joined("", lines)
    return markup("<ul>{}</ul>", said) if said else NOTHING


def _project(one: Entry) -> SafeString:
    return markup('<li><a href="{}">{}</a>{}</li>', one.address, text(one.title), marks(one))


def _want(one: Entry) -> SafeString:
    return markup('<li>{} <span class="meta">{}</span>{}</li>', text(one.title), one.kind, marks(one))


def _trip(one: Entry) -> SafeString:
    where = markup('<span class="meta"><bdi>{}</bdi> · {}</span>', one.place, when(one.start))
    return markup("<li>{}{} {}</li>", text(one.title), marks(one), where)
