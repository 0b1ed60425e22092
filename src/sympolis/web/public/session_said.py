"""What was said in a session, some of it at a time: group by group, those with most dots first, then the rest; and how
its results are drawn."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.core.paginator import Page
from django.db import connection
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sympolis.office.core.names import COUNTRIES
from sympolis.office.core.prepared import Prepared, columns_of, rows_of_all
from sympolis.office.core.queries import OneOf, Reader
from sympolis.office.core.templatetags.show import number, plain, reader_language
from sympolis.office.planning.kept import kept, said_token, token_of
from sympolis.office.planning.listed import read_text
from sympolis.office.planning.models import Contribution, Session
from sympolis.office.planning.sessions.apart import FEWEST, Part, told_apart
from sympolis.office.planning.sessions.queries import (
    Apart,
    Counts,
    Result,
    numbers_in,
    parts_of,
    visible_contributions,
)
from sympolis.office.planning.tracing.places import places_of_all
from sympolis.office.planning.tracing.queries import with_homes
from sympolis.web.public.lists import CountedPaginator

A_PAGE = 100
SHOWN_PLACES = 12
_ROW = ("public_id", "session_id", "kind", "text", "language", "table", "group_id", "outcome", "reason")


@dataclass(frozen=True, slots=True)
class Bar:
    """A group with what it got, how long its bar is, of 100, and where what was said in it begins."""

    result: Result
    length: int
    address: str = ""


def bars(results: Sequence[Result]) -> list[Bar]:
    most = max((one.dots for one in results), default=0) or 1
    return [Bar(one, round(100 * one.dots / most)) for one in results]


def finding(results: Sequence[Result]) -> str:
    """What the results say in one line: none is above others that got as many."""
    most = max((one.dots for one in results), default=0)
    if not most:
        return _("No group has got a dot yet")
    first = [plain(one.group.name) for one in results if one.dots == most]
    if len(first) == 1:
        return _("“%(name)s” got most") % {"name": first[0]}
    return _("Tied with most dots: %(names)s") % {"names": " · ".join(first)}


def leading_bars(results: Sequence[Result], is_one_page: bool) -> list[Bar]:
    """With the page and the place of each group that has anything in it."""
    before, found = 0, []
    for bar in bars(results):
        at = f"#group-{bar.result.group.pk}" if bar.result.contributions else ""
        page = "" if is_one_page or not at else f"?page={before // A_PAGE + 1}"
        found.append(replace(bar, address=f"{page}{at}"))
        before += bar.result.contributions
    return found


@dataclass(frozen=True, slots=True)
class Table:
    """One way to tell the results apart: a heading, its columns, and a row for each group."""

    name: str
    heading: str
    parts: list[Part]
    rows: list[tuple[Result, list[tuple[Part, int]]]]


def tables_of(apart: Apart, results: Sequence[Result], fewest: int) -> list[Table]:
    """Each way that tells anything apart, without telling on fewer than ``fewest`` people."""
    bodies = _("For a named body or for themselves")
    if any(one.on_paper for one in results):
        bodies = _("For a named body, for themselves, or on paper")
    headings = {
        "kind": (_("By kind of participant"), apart.by_kind),
        "table": (_("By table or group"), apart.by_table),
        "body": (bodies, apart.by_body),
    }
    return [
        Table(name, heading, parts, [
            (result, [(part, part.dots[at]) for part in parts]) for at, result in enumerate(results)
        ])
        for name, (heading, all_parts) in headings.items()
        if (parts := told_apart(all_parts, fewest))
    ]  # fmt: skip


def results_inside(session: Session, results: Sequence[Result]) -> SafeString:
    """The results as who took part sees them once the session is over: what was said stands on the same page. One
    question, where there are dots."""
    found = [replace(bar, address=f"#group-{bar.result.group.pk}") for bar in bars(results)]
    tables = tables_of(parts_of(session, results), results, FEWEST) if any(one.dots for one in results) else []
    context = {
        "finding": finding(results), "results": found, "tables": tables, "for_everybody": True,
        "on_paper": sum(one.on_paper for one in results),
    }  # fmt: skip
    return SafeString(render_to_string("public/_session_results.html", context))


@dataclass(frozen=True, slots=True)
class Section:
    """What of a group stands on the page, and where all of it is about; ``result`` is None for what is in none."""

    result: Result | None
    said: list[Contribution]
    places: str


class Numbers(NamedTuple):
    """What is counted of a session, and its results as they are drawn."""

    counts: Counts
    groups: list[Result]
    results: SafeString
    loose: int


def numbers_of(user: Reader, session: Session, for_everybody: bool = True) -> Numbers:
    """``session`` ``with_tokens``: no question where they are kept, one where they are counted. ``for_everybody``: the
    results lead to what was said in each group, and tell nobody's dots; who runs the session sees them all."""

    def counted() -> Numbers:
        results, counts, apart = numbers_in(session)
        shown = leading_bars(results, counts.everything <= A_PAGE) if for_everybody else bars(results)
        tables = tables_of(apart, results, FEWEST if for_everybody else 1) if counts.dots else []
        context = {
            "finding": finding(results), "results": shown, "tables": tables, "for_everybody": for_everybody,
            "on_paper": counts.on_paper,
        }  # fmt: skip
        table = render_to_string("public/_session_results.html", context) if results else ""
        loose = counts.everything - sum(one.contributions for one in results)
        return Numbers(counts, results, SafeString(table), loose)

    return kept(said_token(session), user, ("session", session.pk, for_everybody), counted)


def page_of_said(user: Reader, session: Session, numbers: Numbers, asked: str) -> tuple[Page[int], SafeString]:
    """The page that was asked for, and its sections as they are drawn: no question where these are kept, two where they
    are not, three where decisions are published."""
    total = numbers.counts.everything
    page = CountedPaginator(range(total), total, A_PAGE).get_page(asked)

    def drawn() -> SafeString:
        context = {"sections": _sections(user, session, numbers, page), "session": session, "loose": numbers.loose}
        return SafeString(render_to_string("public/_session_sections.html", context))

    return page, kept(token_of(session), user, ("session", session.pk, page.number), drawn)


def _sections(user: Reader, session: Session, numbers: Numbers, page: Page[int]) -> list[Section]:
    said = _said_on(user, session, numbers, page.start_index() - 1 if page.object_list else 0)
    inside: dict[int | None, list[Contribution]] = defaultdict(list)
    for one in with_homes(user, said) if session.decisions_published_at else said:
        inside[one.group_id].append(one)
    places = _places(user, session, [pk for pk in inside if pk is not None])
    groups = {one.group.pk: one for one in numbers.groups}
    sections = [Section(groups[pk], inside[pk], places.get(pk, "")) for pk in groups if pk in inside]
    return [*sections, *([Section(None, inside[None], "")] if None in inside else [])]


def _said_on(user: Reader, session: Session, numbers: Numbers, skip: int) -> list[Contribution]:
    """A page of what was said, out of no more than the groups that stand on it: one question. Of the first and the last
    of them a part may, of those in between all does."""
    before, on_page = 0, []
    for group, count in [*((one.group.pk, one.contributions) for one in numbers.groups), (0, numbers.loose)]:
        if count and before < skip + A_PAGE and before + count > skip:
            on_page.append((group, before))
        before += count
    there = [group for group, _before in on_page]
    if not there:
        return []
    first, between, last = there[:1], there[1:-1], there[1:][-1:]
    asked = [_of(session, some) for some in (first, between, last) if some]
    rows = rows_of_all(user, asked, A_PAGE, skip - on_page[0][1])
    found: list[Any] = [Contribution.from_db(connection.alias, _COLUMNS, row) for row in rows]
    for one in found:
        one.reason = read_text(one.reason)
    return found


def _of(session: Session, groups: list[int]) -> tuple[Prepared, tuple[int | str, ...]]:
    return (_IN_GROUPS, (session.pk, json.dumps(groups))) if groups[0] else (_LOOSE, (session.pk,))


def _said_in(user: Reader, session: int) -> QuerySet[Any]:
    return visible_contributions(user).filter(session=session).order_by("pk")


_COLUMNS = columns_of(Contribution, "id", *_ROW)
_LOOSE = Prepared(lambda user, session: _said_in(user, int(session)).filter(group=None).values_list(*_COLUMNS))
_IN_GROUPS = Prepared(
    lambda user, session, groups: (
        _said_in(user, int(session)).filter(OneOf("group_id", str(groups))).values_list(*_COLUMNS)
    )
)


def page_with(user: Reader, session: Session, results: Sequence[Result], public_id: str) -> int | None:
    """The number of the page that a contribution stands on; None where there is none of that id."""
    rows: Any = _in_order(user, session, results)
    at = rows.filter(public_id=public_id).values_list("at", "pk").first()
    return None if at is None else rows.filter(Q(at__lt=at[0]) | Q(at=at[0], pk__lt=at[1])).count() // A_PAGE + 1


def _in_order(user: Reader, session: Session, results: Sequence[Result]) -> QuerySet[Contribution]:
    groups = [When(group=one.group.pk, then=Value(at)) for at, one in enumerate(results)]
    at = Case(*groups, default=Value(len(results)), output_field=IntegerField())
    return visible_contributions(user).filter(session=session).annotate(at=at).order_by("at", "pk")


def _places(user: Reader, session: Session, groups: list[int]) -> dict[int, str]:
    """Group -> where in the world what was said in it is about, as the reader calls it: one question."""
    found: dict[int, list[tuple[Sequence[str], int]]] = defaultdict(list)
    for group, countries, regions, place, count in _PLACES.read(user, session.pk, json.dumps(groups)):
        found[group].append(((*countries, *regions, *place.split(";")), count))
    return {group: _named(places_of_all(rows)) for group, rows in found.items()}


def _places_question(_user: Reader, session: int, groups: str) -> QuerySet[Any, Any]:
    said = Contribution.objects.filter(OneOf("group_id", groups), session=session, taken_back=False).order_by()
    return said.values_list("group", "countries", "regions", "place").annotate(n=Count("pk"))


_PLACES = Prepared(_places_question)


def _named(places: Counter[str]) -> str:
    """The most named first, as the reader calls them; towns are called what was said."""
    language = reader_language()
    ranked = sorted(places.items(), key=lambda pair: (-pair[1], pair[0]))[:SHOWN_PLACES]
    return " · ".join(f"{COUNTRIES.name(place, language)} ({number(count)})" for place, count in ranked)
