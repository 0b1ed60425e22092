"""Rows of the office's lists, in Python and not in templates: a page has fifty of them with five cells each."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from sympolis.office.core.markup import joined, markup
from sympolis.web.staff.records.kinds import Kind
from sympolis.web.staff.records.listing import Cell, Listing, Row
from sympolis.web.templatetags.look import address_of, address_of_one, icon

register = template.Library()

NUMERIC = SafeString(' class="num"')
HERE = SafeString(' aria-current="page"')


@register.simple_tag
def record_rows(listing: Listing) -> SafeString:
    """The body of the table: each record's name leads to where this reader works on it."""
    return joined("\n", (_row(listing.kind, row, listing.then) for row in listing.rows))


def _row(kind: Kind, row: Row, then: str) -> SafeString:
    name, address = row.first.value, _address(kind, row, then)
    if address:
        name = markup('<a href="{}">{}</a>', address, name or row.record.public_id)
    marks = joined("", _marks(row))
    return markup('<tr><th scope="row">{}{}</th>{}</tr>', name, marks, joined("", (_cell(cell) for cell in row.cells)))


def _address(kind: Kind, row: Row, then: str) -> str:
    if kind.page:
        return address_of_one(kind.page, row.record.public_id)
    if row.is_writable:
        return f"{address_of_one('staff:change', row.record.public_id)}{then}"
    return str(row.record.get_absolute_url()) if row.record.PAGE else ""


def _marks(row: Row) -> Iterable[SafeString]:
    if row.record.illustrative:
        yield markup(' <span class="badge badge-example">{}</span>', gettext("Example"))
    if not row.record.confirmed:
        yield markup(' <span class="badge badge-unconfirmed">{}</span>', gettext("Unconfirmed"))


def _cell(cell: Cell) -> SafeString:
    numeric = NUMERIC if cell.column.numeric else ""
    return markup('<td data-label="{}"{}>{}</td>', cell.column.label, numeric, cell.value)


@register.simple_tag
def kind_links(kinds: Iterable[Kind], here: Kind | str = "") -> SafeString:
    """Everything the office keeps, each kind leading to its list; says which of them the reader is on."""
    chip = '<li><a class="chip" href="{}"{}>{} {}</a></li>'
    return joined(
        "",
        (
            markup(chip, address_of(one.list_url), HERE if one is here else "", icon(one.icon), one.title)
            for one in kinds
        ),
    )
