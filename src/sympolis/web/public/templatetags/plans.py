"""How far something is, in words and as a bar."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from babel.numbers import format_percent
from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext

from sympolis.engine.texts import vocabulary
from sympolis.office.core.locales import comma_in, locale_of
from sympolis.office.core.markup import escaped, joined, markup
from sympolis.office.core.names import COUNTRIES
from sympolis.office.core.templatetags.show import marked_for, noted, number, reader_language, text, when
from sympolis.office.planning.enums import ActionStatus, ContributionKind, Outcome, ParticipantKind
from sympolis.office.planning.listed import ListedAction, read_text
from sympolis.office.planning.models import Action, Contribution
from sympolis.office.planning.progress import ActionProgress
from sympolis.office.planning.tracing.places import Proposal
from sympolis.web.public.templatetags.portal import mark_badges, marks
from sympolis.web.templatetags.look import STAND_IN, icon

if TYPE_CHECKING:
    from sympolis.office.planning.sessions.queries import Spoken
    from sympolis.office.planning.tracing.queries import Place
    from sympolis.office.planning.tree import Node
    from sympolis.web.public.plan_pages import Moment, PlanPage

register = template.Library()

LONGEST_OPTION = 90

CONTRIBUTIONS: Mapping[str, Any] = {one.value: one.label for one in ContributionKind}
OUTCOMES: Mapping[str, Any] = {one.value: one.label for one in Outcome}
PARTICIPANTS: Mapping[str, Any] = {one.value: one.label for one in ParticipantKind}
CHECKED = SafeString(" checked")
BADGES = {ActionStatus.LATE: "badge-overdue", ActionStatus.STOPPED: "badge-closed"}


@register.filter
def share(value: Fraction | None) -> str:
    """A part of the whole in percent, to a tenth; words where nobody knows."""
    if value is None:
        return gettext("not known")
    return _percent(round(value * 1000), reader_language())


@lru_cache(maxsize=4096)
def _percent(thousandths: int, language: str) -> str:
    return str(format_percent(thousandths / 1000, "#,##0.#%", locale=locale_of(language)))


@register.filter
def share_bar(value: Fraction | None) -> SafeString:
    """The same with a bar before it; where nobody knows there is no bar."""
    if value is None:
        return markup('<span class="muted">{}</span>', share(None))
    return _bar(round(value * 1000), reader_language())


@lru_cache(maxsize=4096)
def _bar(thousandths: int, language: str) -> SafeString:
    said = _percent(thousandths, language)
    return markup('<progress max="100" value="{}" aria-hidden="true"></progress> {}', round(thousandths / 10), said)


@register.filter
def weighed(value: Fraction) -> str:
    """A weight as a number."""
    return number(round(float(value), 2))


@register.filter
def status_badge(action: Action | ListedAction) -> SafeString | str:
    return _status_badge(action.status, reader_language()) if action.status else ""


@lru_cache(maxsize=256)  # ``get_status_display`` translates every state there is to find one
def _status_badge(status: str, _language: str) -> SafeString:
    known = ActionStatus(status)
    return markup('<span class="badge {}">{}</span>', BADGES.get(known, ""), known.label)


@register.filter
def how_far(action: Action | ListedAction, progress: Mapping[int, ActionProgress]) -> Fraction | None:
    """How far an action is, out of what is known of all on the page."""
    found = progress.get(action.pk)
    return found.progress if found else None


@register.simple_tag
def tally_place(action: Action) -> SafeString:
    """Where the numbers of an action go in what is kept of a page: no words of anybody's come out like this."""
    return markup("<!--tally {}-->", action.pk)


def tally_words(backed: int, said: int) -> SafeString:
    """How many support an action, and how many comments are on it."""
    supports = ngettext("%(shown)s support", "%(shown)s supports", backed) % {"shown": number(backed)}
    comments = ngettext("%(shown)s comment", "%(shown)s comments", said) % {"shown": number(said)}
    return markup("{} {} · {} {}", icon("heart"), supports, icon("comment"), comments)


@register.simple_tag
def action_lines(actions: Sequence[Action | ListedAction], page: PlanPage) -> SafeString:
    """Actions among many, a row each: its name, its state, how far it is. Each is drawn once, under however many
    headings it stands, and the reader's language is asked for once: a page has hundreds of rows."""
    language = reader_language()
    for action in actions:
        if action.pk not in page.drawn:
            page.drawn[action.pk] = _action_line(action, how_far(action, page.progress), language)
    return joined("", [page.drawn[action.pk] for action in actions])


def _action_line(action: Action | ListedAction, far: Fraction | None, language: str) -> SafeString:
    title = action.__dict__["title"]
    about = (
        action.get_absolute_url(),
        action.code,
        action.status,
        action.illustrative,
        action.confirmed,
        None if far is None else round(far * 1000),
        language,
    )
    return _line_as_kept(title, *about) if isinstance(title, str) else _line(title, *about)


def _line(
    title: Any, at: str, code: str, status: str, illustrative: bool, confirmed: bool, far: int | None, language: str
) -> SafeString:
    return markup(
        '<li><a href="{}">{}<bdi>{}</bdi></a> {} {}{}{}</li>',
        at,
        f"{code} " if code else "",
        marked_for(language, read_text(title).best(language)),
        _status_badge(status, language) if status else "",
        mark_badges(illustrative, confirmed),
        "" if far is None else " ",
        "" if far is None else _bar(far, language),
    )


_line_as_kept = lru_cache(maxsize=4_096)(_line)
"""A row whose title the database has said: where it says the same as before, what is drawn is the same. After one
action was written, four hundred others need not be read again."""


@register.simple_tag
def own_action_rows(
    actions: Sequence[ListedAction], progress: Mapping[int, ActionProgress], waiting: Container[int]
) -> SafeString:
    """The actions somebody answers for, a row each, leading to where they say how far it is."""
    language = reader_language()
    stands_for = reverse("staff:action", kwargs={"public_id": STAND_IN})
    waits = markup(' <span class="badge badge-overdue">{}</span>', gettext("waits for a word from you"))
    rows = (
        markup(
            '<li class="list-row"><div class="list-main"><a class="list-title" href="{}">{}<bdi>{}</bdi></a> {}{}'
            '<p class="list-meta">{}</p></div></li>',
            stands_for.replace(STAND_IN, action.public_id),
            f"{action.code} " if action.code else "",
            marked_for(language, action.title.best(language)),
            status_badge(action),
            waits if action.pk in waiting else "",
            share_bar(how_far(action, progress)),
        )
        for action in actions
    )
    return joined("", rows)


@register.simple_tag
def moment_rows(moments: Sequence[Moment]) -> SafeString:
    """What happened on which day, a row each."""
    language = reader_language()
    rows = []
    for moment in moments:
        action, title = moment.action, moment.action.__dict__["title"]
        draw = _moment_as_kept if isinstance(title, str) and isinstance(moment.title, str | None) else _moment
        rows.append(draw(title, moment.title, moment.day, moment.words, action.get_absolute_url(), language))
    return joined("", rows)


def _moment(title: Any, step: Any, day: date, words: str, at: str, language: str) -> SafeString:
    said = marked_for(language, read_text(step).best(language)) if step else ""
    return markup(
        '<li><time datetime="{}">{}</time><div><a href="{}"><bdi>{}</bdi></a><p>{}{}</p></div></li>',
        day.isoformat(),
        when(day),
        at,
        marked_for(language, read_text(title).best(language)),
        words,
        markup(": <bdi>{}</bdi>", said) if said else "",
    )


_moment_as_kept = lru_cache(maxsize=4_096)(_moment)


@register.simple_tag
def about_places(one: Contribution | Proposal) -> str:
    """Themes, cities, countries and parts of the world in one line, as the reader calls them."""
    language = reader_language()
    places: Any = one.places if isinstance(one, Proposal) else one
    towns = [", ".join(one.places.towns)] if isinstance(one, Proposal) else [one.place]
    named = [COUNTRIES.name(code, language) for code in (*places.countries, *places.regions)]
    themes = [vocabulary.label("themes", code, language) for code in one.themes]
    return " · ".join(part for part in (*themes, *towns, *named) if part)


@register.simple_tag
def said_rows(said: Sequence[Any], is_decided: Any) -> SafeString:
    """What was said, a row each, without names; with what became of it and where it went, where that is published."""
    rows = []
    for one in said:
        spoken = markup(' lang="{}"', one.language) if one.language else ""
        table = markup(" · <bdi>{}</bdi>", one.table) if one.table else ""
        rows.append(
            markup(
                '<li class="list-row" id="{}"><div class="list-main"><p class="list-text" dir="auto"{}>{}</p>'
                '<p class="list-meta">{}{}</p>{}</div></li>',
                one.public_id,
                spoken,
                _lines_of(one.text),
                CONTRIBUTIONS[one.kind],
                table,
                what_became(one) if is_decided else "",
            )
        )
    return joined("", rows)


@register.simple_tag
def what_became(one: Any) -> SafeString:
    """What became of a contribution and why, and the lines and actions it is behind (``homes``)."""
    outcome = (
        markup('<p class="list-meta"><span class="badge">{}</span> {}</p>', OUTCOMES[one.outcome], noted(one.reason))
        if one.outcome
        else ""
    )
    homes = [
        markup(
            '<p class="list-meta">{} <a href="{}"><bdi>{}</bdi></a></p>',
            icon("arrow"),
            home.address,
            text(home.title),
        )
        for home in one.homes
    ]
    return joined("", [outcome, *homes])


@register.simple_tag
def group_checks(groups: Sequence[Any]) -> SafeString:
    """Groups to tick, each with how much is in it."""
    language = reader_language()
    rows = (
        markup(
            '<li><label class="check"><input type="checkbox" name="group" value="{}"> <span>{} <span class="count">{}'
            "</span></span></label></li>",
            group.pk,
            marked_for(language, group.name.best(language)),
            number(group.in_it),
        )
        for group in groups
    )
    return joined("", rows)


@register.simple_tag
def bench_rows(said: Iterable[Any], ticked: Container[str]) -> SafeString:
    """What was said, a row each to tick: who said it, what it is about, what became of it, where it went."""
    language, arrow = reader_language(), icon("arrow")
    homeless = markup('<p class="list-meta"><span class="badge">{}</span></p>', gettext("No home yet"))
    take_out = gettext("Take out")
    rows = []
    for one in said:
        spoken = markup(' lang="{}"', one.language) if one.language else ""
        short = Truncator(one.text).chars(60)
        homes = [
            markup(
                '<p class="list-meta">{} {} <button class="button-quiet button-small" type="submit" name="unlink" '
                'value="{}">{}<span class="visually-hidden">: {}</span></button></p>',
                arrow,
                marked_for(language, home.title.best(language)),
                home.link,
                take_out,
                short,
            )
            for home in one.homes
        ]
        rows.append(
            markup(
                '<li class="list-row" id="{}"><div class="list-main"><label class="check"><input type="checkbox" '
                'name="said" value="{}"{}> <span class="list-text" dir="auto"{}>{}</span></label>{}{}</div></li>',
                one.public_id,
                one.public_id,
                CHECKED if one.public_id in ticked else "",
                spoken,
                _lines_of(one.text),
                _about_said(one, language),
                joined("", homes or [homeless]),
            )
        )
    return joined("", rows)


def _about_said(one: Any, language: str) -> SafeString:
    """Who said it and in what, what it is about, and what became of it."""
    who = [CONTRIBUTIONS[one.kind]]
    if one.participant:
        who.append(PARTICIPANTS[one.participant.kind])
    if one.in_group:
        who.append(marked_for(language, one.in_group.name.best(language)))
    who.append(markup("<bdi>{}</bdi>", one.heard_in.title.best(language).text))
    lines: list[object] = [joined(" · ", who), about_places(one)]
    if one.proposal:
        named = gettext("its words name")
        lines.append(markup('<span class="badge badge-unconfirmed">{}</span> {}', named, about_places(one.proposal)))
    if one.outcome:
        lines.append(markup('<span class="badge">{}</span> {}', OUTCOMES[one.outcome], noted(one.reason)))
    return joined("", [markup('<p class="list-meta">{}</p>', line) for line in lines if line])


SELECTED = SafeString(" selected")


def place_options(places: Sequence[Place], chosen: str = "") -> SafeString:
    """The lines and actions of a plan to choose from: a large plan has hundreds. One whose title the database has said
    is drawn once."""
    language = reader_language()
    options = []
    for one in places:
        record, title = one.record, one.record.__dict__["title"]
        draw = _option_as_kept if isinstance(title, str) else _option
        options.append(draw(record.public_id, title, one.dashes, record.public_id == chosen, language))
    return joined("", options)


def _option(public_id: str, title: Any, dashes: str, is_chosen: bool, language: str) -> SafeString:
    words = read_text(title).best(language).text
    short = words if len(words) <= LONGEST_OPTION else f"{words[: LONGEST_OPTION - 1]}…"
    return markup('<option value="{}"{}>{}{}</option>', public_id, SELECTED if is_chosen else "", dashes, short)


_option_as_kept = lru_cache(maxsize=4_096)(_option)


@register.simple_tag
def place_rows(places: Sequence[Place]) -> SafeString:
    """The lines and actions of a plan, each with how much was said that led to it; where its actions are not among
    them, how many of these rest on nothing."""
    opened = {one.record.plan_id for one in places if isinstance(one.record, ListedAction)}
    language, check = reader_language(), icon("check")
    nothing = markup(' <span class="badge badge-unconfirmed">{}</span>', gettext("rests on nothing"))
    rows = (
        markup(
            '<li>{}<a href="?under={}">{}</a> <span class="count">{}</span>{}</li>',
            markup("{} ", check) if one.is_action else "",
            one.record.public_id,
            marked_for(language, one.record.title.best(language)),
            number(one.below),
            nothing if one.rests_on_nothing else _bare(one, opened),
        )
        for one in places
    )
    return joined("", rows)


def _bare(place: Place, opened: Container[int | None]) -> SafeString | str:
    """How many actions of a line rest on nothing, where they are not listed themselves."""
    if not place.bare or place.record.pk in opened:
        return ""
    said = ngettext("%(n)s action rests on nothing", "%(n)s actions rest on nothing", place.bare)
    return markup(' <span class="badge badge-unconfirmed">{}</span>', said % {"n": number(place.bare)})


def _lines_of(words: str) -> SafeString:
    return SafeString(escaped(words).replace("\n", "<br>"))


@register.simple_tag
def spoken_rows(said: Iterable[Spoken]) -> SafeString:
    """What was said and no more, a row each: a page of dots shows all that is in its groups."""
    return SafeString("".join([_spoken_row(one.text, one.language) for one in said]))


@lru_cache(maxsize=8_192)
def _spoken_row(words: str, language: str) -> SafeString:
    spoken = markup(' lang="{}"', language) if language else ""
    return markup('<li dir="auto"{}>{}</li>', spoken, _lines_of(words))


@register.simple_tag
def places_named(one: Any) -> str:
    """Countries and parts of the world as the reader calls them."""
    language = reader_language()
    return comma_in(language).join(COUNTRIES.name(code, language) for code in (*one.countries, *one.regions))


@register.simple_tag
def noted_rows(said: Iterable[Any]) -> SafeString:
    """What was said in a session as the office reads it, a row each: with who said it, and in which group it is."""
    language, noted_down = reader_language(), gettext("noted down")
    return joined("", [_noted_row(one, language, noted_down) for one in said])


def _noted_row(one: Any, language: str, noted_down: str) -> SafeString:
    facts: list[object] = [CONTRIBUTIONS[one.kind]]
    by = one.participant
    facts += [markup("<bdi>{}</bdi>", one.table)] if one.table else []
    facts.append(PARTICIPANTS[by.kind] if by else noted_down)
    facts += [markup("<bdi>{}</bdi>", word) for word in (by.speaks_for, by.name) if word] if by else []
    facts += [marked_for(language, one.group.name.best(language))] if one.group else []
    return markup(
        '<li class="list-row" id="{}"><div class="list-main"><p class="list-text" dir="auto"{}>{}</p>'
        '<p class="list-meta">{}</p></div></li>',
        one.public_id,
        markup(' lang="{}"', one.language) if one.language else "",
        _lines_of(one.text),
        joined(" · ", facts),
    )


@register.simple_tag
def line_sections(lines: Sequence[tuple[Node, int]]) -> SafeString:
    """The lines of a plan too large for its actions to be named: what each is, and on how much it rests."""
    return joined("", [_line_section(node, level) for node, level in lines])


def _line_section(node: Node, level: int) -> SafeString:
    """Drawn again only where a line says something else than it did: after one was written, forty others stay."""
    line: Any = node.plan
    far, grounds = node.progress, line.grounds.count if line.grounds else 0
    about = (
        reader_language(), level, line.public_id, line.get_absolute_url(), line.code, line.kind, line.illustrative,
        line.confirmed, repr(line.title), repr(line.text), repr(node.level), node.action_count,
        None if far is None else round(far * 1000), line.published_supports, grounds,
    )  # fmt: skip
    drawn = _lines_drawn.get(about)
    if drawn is None:
        while len(_lines_drawn) >= LINES_KEPT:
            _lines_drawn.pop(next(iter(_lines_drawn)), None)
        drawn = _lines_drawn[about] = _draw_line(node, level)
    return drawn


LINES_KEPT = 1_024
_lines_drawn: dict[tuple[Any, ...], SafeString] = {}


def _draw_line(node: Node, level: int) -> SafeString:
    line: Any = node.plan
    words = markup('<p class="measure">{}</p>', SafeString(noted(line.text).replace("\n", "<br>"))) if line.text else ""
    rests = ""
    if line.grounds:
        said = ngettext("Rests on %(n)s contribution", "Rests on %(n)s contributions", line.grounds.count)
        rests = markup('<p class="list-meta">{}</p>', said % {"n": number(line.grounds.count)})
    return markup(
        '<section class="section" id="{}">{}{}{}</section>', line.public_id, line_head(node, level), words, rests
    )


@register.simple_tag
def line_head(node: Node, level: int) -> SafeString:
    """The heading of a line on the page of its plan, with what it is, how many actions it has and how far it is."""
    line, count, backed = node.plan, node.action_count, node.plan.published_supports
    facts: list[object] = [text(node.level) if node.level else line.get_kind_display()]
    if count:
        facts.append(ngettext("%(shown)s action", "%(shown)s actions", count) % {"shown": number(count)})
        facts.append(markup("{}: {}", gettext("progress"), share_bar(node.progress)))
    if backed is not None:
        said = ngettext("%(shown)s support, as published", "%(shown)s supports, as published", backed)
        facts.append(said % {"shown": number(backed)})
    return markup(
        '<h{}><a href="{}">{}<bdi>{}</bdi></a> {}</h{}><p class="list-meta">{}</p>',
        level,
        line.get_absolute_url(),
        f"{line.code} " if line.code else "",
        text(line.title),
        marks(line),
        level,
        joined(" · ", facts),
    )
