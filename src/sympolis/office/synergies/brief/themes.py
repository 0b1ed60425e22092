"""What both are about, across languages, with the work of each side behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from sympolis.engine.model import Item, ThemeGroup
from sympolis.office.synergies.answers import Answers
from sympolis.office.synergies.brief.entries import item_line
from sympolis.office.synergies.brief.lines import Fold, Line
from sympolis.office.synergies.brief.naming import short_name_of
from sympolis.office.synergies.brief.wording import Label, Many, Said, Value
from sympolis.office.synergies.facts import Facts
from sympolis.office.synergies.scope import Side

SHORT_THEMES, SHORT_ENTRIES, SHORT_EXPERIENCE = 4, 2, 1
_ORDER = list(Fold)


def theme_lines(facts: Facts, answers: Answers) -> list[Line]:
    """A line a theme, followed by the entries of each side: under way, wanted, experience, to ask."""
    if not answers.themes:
        return [_nothing(facts, answers)]
    lines: list[Line] = []
    for at, group in enumerate(answers.themes):
        lines.append(replace(_theme_line(facts, group), short=at < SHORT_THEMES))
        for side, items in zip(facts.question.sides, (group.left, group.right), strict=True):
            lines += _entries(facts, side, items, group.theme, short=at < SHORT_THEMES)
    return lines


def _nothing(facts: Facts, answers: Answers) -> Line:
    """Says which side nothing is known of, for that can be mended."""
    empty = [
        side
        for side, portfolio in zip(facts.question.sides, (answers.left, answers.right), strict=True)
        if not portfolio.items
    ]
    if len(empty) == 2:
        said = Said(_("No project, need or offer of either is known here: begin by asking what they do and want."))
    elif empty:
        said = Said(
            _("No project, need or offer of %(organisation)s is known here: begin by asking what it does and wants."),
            {"organisation": short_name_of(empty[0].organisation)},
        )
    else:
        said = Said(_("Nothing the two do or want is about the same subject, as far as is known here."))
    return Line(key="themes:none", said=said, unknown=True)


def _theme_line(facts: Facts, group: ThemeGroup) -> Line:
    values: dict[str, Value] = {
        "theme": Label("themes", group.theme),
        "left_count": len(group.left),
        "right_count": len(group.right),
    }
    said = Said(_("%(theme)s (%(left_count)s entries beside %(right_count)s)"), values)
    if group.sdgs:
        goals = Many(tuple(f"{number}" for number in group.sdgs[:4]))
        said = Said(
            _("%(theme)s (%(left_count)s entries beside %(right_count)s; goals %(goals)s of the 2030 Agenda)"),
            {**values, "goals": goals},
        )
    entries = [
        proof
        for side, items in zip(facts.question.sides, (group.left, group.right), strict=True)
        for item in items[:1]
        for proof in item_line(facts, side, item, group.theme).proofs
    ]
    return Line(
        key=f"theme:{group.theme}",
        said=said,
        proofs=tuple(entries),
        group=group.theme,
        kind="theme",
        strength=group.strength,
        score=group.score,
    )


def _entries(facts: Facts, side: Side, items: Sequence[Item], theme: str, short: bool) -> list[Line]:
    lines = sorted((item_line(facts, side, item, theme) for item in items), key=lambda line: _ORDER.index(line.fold))
    shown = dict.fromkeys(Fold, 0)
    marked: list[Line] = []
    for line in lines:
        limit = SHORT_ENTRIES if line.fold is Fold.NOW else SHORT_EXPERIENCE
        marked.append(replace(line, short=short and shown[line.fold] < limit))
        shown[line.fold] += 1
    return marked
