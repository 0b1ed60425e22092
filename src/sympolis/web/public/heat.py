"""Themes against parts of the world as a table: how much was asked for and how much is done, drawn row by row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sympolis.engine.texts import vocabulary
from sympolis.office.core.markup import joined, markup
from sympolis.office.core.names import COUNTRIES
from sympolis.office.core.templatetags.show import number
from sympolis.office.planning.tracing.heat import NOT_SAID, HeatMap
from sympolis.web.public.lists import language

GAP, BOTH, DONE_ALONE = "is-wrong", "is-new", "is-changed"
WIDTH, HEIGHT = 40, 10
SHOWN_GAPS = 10


@dataclass(frozen=True, slots=True)
class Gap:
    """A theme asked for in a part of the world where no action is about it."""

    theme: str
    region: str
    asked: int


@dataclass(frozen=True, slots=True)
class HeatShown:
    """``columns`` are the parts of the world, ``rows`` markup of a table's body."""

    heat: HeatMap
    columns: list[str]
    rows: SafeString
    gaps: list[Gap]

    @property
    def more_gaps(self) -> int:
        return len(self.heat.gaps) - len(self.gaps)


def shown(heat: HeatMap) -> HeatShown:
    regions = heat.regions
    columns = [_region(code) for code in regions]
    rows = [_row(heat, theme, regions, columns) for theme in heat.themes]
    gaps = [Gap(_theme(theme), _region(region), heat.asked[theme, region]) for theme, region in heat.gaps[:SHOWN_GAPS]]
    return HeatShown(heat, columns, joined("", rows), gaps)


def _row(heat: HeatMap, theme: str, regions: Iterable[str], columns: Iterable[str]) -> SafeString:
    cells = [_cell(heat, theme, region, column) for region, column in zip(regions, columns, strict=True)]
    return markup('<tr><th scope="row">{}</th>{}</tr>', _theme(theme), joined("", cells))


def _cell(heat: HeatMap, theme: str, region: str, column: str) -> SafeString:
    """Both numbers, what of the two there is as a colour, and how much was asked for as a bar that grows darker."""
    asked, done = heat.asked[theme, region], heat.done[theme, region]
    if not asked and not done:
        return SafeString("<td></td>")
    known = NOT_SAID not in (theme, region)
    state = "" if not known else BOTH if asked and done else GAP if asked else DONE_ALONE
    said = _("asked for: %(asked)s, actions: %(done)s") % {"asked": number(asked), "done": number(done)}
    return markup(
        '<td class="num {}" data-label="{}">{}<span aria-hidden="true">{} / {}</span>'
        '<span class="visually-hidden">{}</span></td>',
        state, column, _bar(asked, heat.most), number(asked), number(done), said,
    )  # fmt: skip


def _bar(asked: int, most: int) -> SafeString:
    if not asked:
        return SafeString("")
    share = asked / most
    return markup(
        '<svg viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true">'
        '<rect width="{}" height="{}" fill="var(--sea)" fill-opacity="{}"/></svg>',
        WIDTH, HEIGHT, WIDTH, HEIGHT, max(round(WIDTH * share), 2), HEIGHT, round(0.35 + 0.65 * share, 2),
    )  # fmt: skip


def _theme(code: str) -> str:
    return vocabulary.label("themes", code, language()) if code else _("No theme said")


def _region(code: str) -> str:
    return COUNTRIES.name(code, language()) if code else _("No place said")
