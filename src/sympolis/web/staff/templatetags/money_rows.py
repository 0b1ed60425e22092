"""Rows of tables and plots of money, in Python and not in templates: a page has a hundred of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from babel.numbers import format_decimal
from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext, pgettext

from sympolis.office.core.markup import joined, markup
from sympolis.office.core.templatetags.show import money, number, reader_locale, short_day, text, when
from sympolis.office.directory.models import Organisation
from sympolis.office.projects.applications.queries import Decided
from sympolis.office.projects.enums import ParticipationRole
from sympolis.office.projects.models import Participation, Project
from sympolis.office.projects.running.enums import CostBasis
from sympolis.office.projects.running.incoming_shares import Coming
from sympolis.office.projects.running.models import BudgetLine, PartnerShare
from sympolis.office.projects.running.portfolio import Group
from sympolis.web.public.templatetags.portal import NOTHING, percent
from sympolis.web.public.templatetags.rows import MUTED
from sympolis.web.staff.running.drawings import Bars

register = template.Library()

BREAK = SafeString("<br>")
LONGEST_NAME = 32  # of a bar
RATE = "#,##0.########"  # with all its decimals


@register.simple_tag
def group_rows(rows: Iterable[tuple[str, Group]]) -> SafeString:
    """One side of all projects together: of each group its name, its projects and its money."""
    projects, budget = gettext("Projects"), gettext("Budget")
    pattern = (
        '<tr><th scope="row"><bdi>{}</bdi></th><td class="num" data-label="{}">{}</td>'
        '<td class="num" data-label="{}">{}</td></tr>'
    )
    return joined("", (
        markup(pattern, name, projects, number(one.projects), budget,
               joined(BREAK, (money(amount, currency) for currency, amount in one.money.items())))
        for name, one in rows
    ))  # fmt: skip


@register.simple_tag
def rate_rows(rows: Iterable[tuple[str, Decided]]) -> SafeString:
    """How applications fared: of each group how many were decided and granted."""
    decided, granted = pgettext("applications", "Decided"), pgettext("applications", "Granted")
    success = gettext("Success")
    pattern = (
        '<tr><th scope="row"><bdi>{}</bdi></th><td class="num" data-label="{}">{}</td>'
        '<td class="num" data-label="{}">{}</td><td class="num" data-label="{}">{}</td></tr>'
    )
    return joined("", (
        markup(pattern, name, decided, number(one.decided), granted, number(one.granted), success, percent(one.rate))
        for name, one in rows
    ))  # fmt: skip


@register.simple_tag
def closing_rows(projects: Iterable[Project]) -> SafeString:
    """Projects with the day on which they end and their programme."""
    address = reverse("staff:running", args=["-"]).removesuffix("-/") + "{}/"
    rows = []
    for one in projects:
        programme = markup(" · <bdi>{}</bdi>", one.programme) if one.programme else NOTHING
        pattern = '<li><a href="{}"><bdi>{}</bdi></a> <span class="meta">{}{}</span></li>'
        rows.append(markup(pattern, address.format(one.public_id), text(one.title), when(one.end), programme))
    return joined("", rows)


@register.simple_tag
def bar_rows(plot: Bars) -> SafeString:
    pattern = (
        '<text x="8" y="{}" unicode-bidi="plaintext">{}</text>'
        '<text x="352" y="{}" text-anchor="end" unicode-bidi="plaintext">{}</text>'
        '<rect x="8" y="{}" width="{}" height="14" fill="var(--sea)"/>'
    )
    return joined("", (
        markup(pattern, bar.name_y, _short(bar.name), bar.name_y, bar.said, bar.bar_y, bar.width)
        for bar in plot.bars
    ))  # fmt: skip


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else Truncator(name).chars(LONGEST_NAME)


type Share = tuple[Participation, list[PartnerShare]]
type LeftOver = tuple[PartnerShare, Organisation | None]


@register.simple_tag
def share_rows(project: Project, shares: Iterable[Share], left_over: Iterable[LeftOver]) -> SafeString:
    """Who takes part, each with its shares or with the way to write one; then shares of who takes part no more."""
    row = _ShareRow(project)
    rows = []
    for part, theirs in shares:
        role = part.get_role_display()
        rows += [row.of(one, part.organisation, role) for one in theirs] or [row.without(part, role)]
    gone = gettext("takes part no more")
    rows += [row.of(share, house, gone, MUTED) for share, house in left_over]
    return joined("", rows)


class _ShareRow:
    """What all rows of one project have in common is asked once."""

    def __init__(self, project: Project, is_linked: bool = True) -> None:
        self.is_linked = is_linked
        self.currency, self.public_id = project.currency, project.public_id
        self.address = _entry(project, "staff:running_share")
        self.role, self.together = gettext("Role"), gettext("Together")
        self.labels = gettext("Own money"), gettext("Grant"), gettext("Co-financing by others")

    def of(self, share: PartnerShare, house: Organisation | None, role: str, muted: SafeString = NOTHING) -> SafeString:
        ours = share.in_project
        sums = zip(
            self.labels, (ours.own, ours.grant, ours.cofinancing), (share.own, share.grant, share.cofinancing),
            strict=True,
        )  # fmt: skip
        cells = (
            markup('<td class="num" data-label="{}">{}{}</td>', label, money(sum_, self.currency), _own(own, share))
            for label, sum_, own in sums
        )
        total: SafeString | str = money(ours.total, self.currency)
        if self.is_linked:
            total = markup('<a href="{}">{}</a>', self.address.format(share.pk), total)
        return markup(
            '<tr{}><th scope="row"><bdi>{}</bdi>{}</th><td data-label="{}">{}</td>{}'
            '<td class="num" data-label="{}">{}{}</td></tr>',
            muted, text(house.title_text()) if house else "", _reckoned(share), self.role, role, joined("", cells),
            self.together, total, _own(share.total, share),
        )  # fmt: skip

    def without(self, part: Participation, role: str) -> SafeString:
        adding = reverse("staff:running_share_add", args=[self.public_id])
        known = markup("{} · ", money(part.money, self.currency)) if part.money is not None else NOTHING
        return markup(
            '<tr><th scope="row"><bdi>{}</bdi></th><td data-label="{}">{}</td>'
            '<td class="num" colspan="4">{}<a href="{}?organisation={}">{}</a></td></tr>',
            text(part.organisation.title_text()), self.role, role, known, adding, part.organisation_id,
            gettext("Write its share"),
        )  # fmt: skip

    def role_alone(self, house: Organisation, role: str) -> SafeString:
        return markup(
            '<tr><th scope="row"><bdi>{}</bdi></th><td data-label="{}">{}</td><td class="num" colspan="4"></td></tr>',
            text(house.title_text()), self.role, role,
        )  # fmt: skip


def _entry(project: Project, name: str) -> str:
    """The address of one kind of its entries, ``{}`` where the number stands."""
    return reverse(name, args=[project.public_id, 0]).removesuffix("0/") + "{}/"


def _reckoned(share: PartnerShare) -> SafeString:
    if share.rate is None or share.rate_on is None:
        return NOTHING
    pattern = ' <small class="meta"><bdi>{}</bdi> × <bdi>{}</bdi>, {}</small>'
    rate = format_decimal(share.rate, RATE, locale=reader_locale())
    return markup(pattern, share.currency, rate, short_day(share.rate_on))


def _own(amount: Decimal, share: PartnerShare) -> SafeString:
    """The same as the partner reckons it, where that is in another currency."""
    if not share.currency:
        return NOTHING
    return markup('<br><small class="meta">{}</small>', money(amount, share.currency))


@register.simple_tag
def coming_rows(project: Project, coming: Iterable[Coming], before: Mapping[int, PartnerShare]) -> SafeString:
    """What a file would make of each partner: its role, and its share with what stood there, where that is another."""
    row, now = _ShareRow(project, is_linked=False), gettext("now: %(sum)s")
    rows = []
    for one in coming:
        role = str(ParticipationRole(one.role).label) if one.role else gettext("unchanged")
        if one.share is None:
            rows.append(row.role_alone(one.organisation, role))
            continue
        rows.append(row.of(one.share, one.organisation, role))
        if was := before.get(one.organisation.pk):
            said = now % {"sum": money(was.in_project.total, project.currency)}
            rows.append(markup('<tr class="is-muted"><td colspan="6" class="num">{}</td></tr>', said))
    return joined("", rows)


@register.simple_tag
def line_rows(project: Project, rows: Iterable[tuple[BudgetLine, str, str]]) -> SafeString:
    """Lines of a budget, each with its category and its partner in words."""
    address, currency = _entry(project, "staff:running_line"), project.currency
    category, partner, year = gettext("Category"), gettext("Partner"), gettext("Year")
    planned, actual = gettext("Planned"), gettext("Actual")
    pattern = (
        '<tr><th scope="row"><a href="{}"><bdi>{}</bdi></a>{}</th><td data-label="{}">{}</td>'
        '<td data-label="{}"><bdi>{}</bdi></td><td data-label="{}">{}</td>'
        '<td class="num" data-label="{}">{}</td><td class="num" data-label="{}">{}</td></tr>'
    )
    return joined("", (
        markup(
            pattern, address.format(line.pk), line.what, _basis(line, currency), category, kind, partner, whose,
            year, line.year or "", planned, money(line.planned, currency), actual, money(line.actual, currency),
        )
        for line, kind, whose in rows
    ))  # fmt: skip


def _basis(line: BudgetLine, currency: str) -> SafeString:
    if line.basis == CostBasis.REAL:
        return NOTHING
    if line.basis == CostBasis.UNIT:
        said = markup("<bdi>{} × {}</bdi>", number(line.units), money(line.unit_cost, currency))
    else:
        said = markup("{} %", number(line.rate))
    return markup(' <span class="badge">{}</span>', said)
