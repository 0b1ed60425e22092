"""The report of a plan on a year: what is in it, as data, and its PDF (PDF/UA-1), set by typst in its language.

Text goes in as data and is never read as markup. How far actions are is as known on the day the report is made;
milestones, indicators, money and voices are of the year.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

from django.db.models import Count, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language_bidi, ngettext, pgettext
from django.utils.translation import gettext as _

from sympolis.office.core.names import COUNTRIES
from sympolis.office.core.queries import Reader
from sympolis.office.core.templatetags.show import money, number, plain, when, with_elisions
from sympolis.office.core.typesetting import printable, typeset
from sympolis.office.directory.logo import office_logo
from sympolis.office.directory.models import Office
from sympolis.office.directory.queries import current_office, office_with_house
from sympolis.office.planning.enums import ActionStatus
from sympolis.office.planning.models import Action, Comment, Indicator, Milestone, Plan, Support
from sympolis.office.planning.tracing.places import parts_of_the_world
from sympolis.office.planning.tree import Node
from sympolis.web.public.action_page import years_of
from sympolis.web.public.lists import language
from sympolis.web.public.plan_alignment import KINDS, effort_on
from sympolis.web.public.plan_pages import PlanPage, plan_page
from sympolis.web.public.templatetags.plans import share

FIRST_YEARS = 15
MOST_ROWS = 1_000

type Data = dict[str, Any]


def report_years(first_day: date | None, last_day: date | None, today: date) -> list[int]:
    """The years there can be a report on, the latest first: from a plan's beginning until today, or its end."""
    last = min(last_day.year if last_day else today.year, today.year)
    first = first_day.year if first_day else last
    return list(range(last, max(first, last - FIRST_YEARS + 1) - 1, -1))


def report_of(user: Reader, plan: Plan, year: int, office: Office | None = None) -> Data:
    """Everything the report says, in words of the reader's language: nine questions, and two more where there are
    geographical priorities. ``office`` is for who has it at hand."""
    page = plan_page(user, plan, whole=True)
    actions, office = page.tree.all_actions(), office or current_office()
    title = plain(plan.title)
    return {
        "language": language(),
        "direction": "rtl" if get_language_bidi() else "ltr",
        "title": _("%(plan)s: report on %(year)s") % {"plan": title, "year": year},
        "plan": title,
        "under": [
            plain(office.name) if office else "",
            _("As known on %(day)s") % {"day": when(timezone.localdate())},
        ],
        "words": _words(),
        "summary": _summary(user, page, actions, year),
        "progress": _share(page.tree.progress),
        "statuses": _statuses(actions),
        "lines": _lines(page),
        "regions": _regions(actions),
        **_effort(user, page, year),
        "milestones": _milestones(actions, year),
        "indicators": _indicators(actions, year),
        "actions": _actions(page),
        "by_line": any(node.actions for node in page.tree.walk() if node is not page.tree),
    }


def _words() -> Data:
    return {
        "page": _("Page %(page)s of %(pages)s"),
        "summary": _("The year in short"),
        "progress": _("Progress"),
        "statuses": _("How the actions stand"),
        "lines": _("How far each line is"),
        "line": _("Line"),
        "actions": _("Actions"),
        "regions": _("Where in the world the actions are"),
        "region": _("Part of the world"),
        "effort": _("Effort against priority"),
        "wished": _("Share of the priorities"),
        "done": _("Share of the effort"),
        "priorities": _("Priorities"),
        "milestones": _("Milestones of the year"),
        "milestone": _("Milestone"),
        "indicators": _("Indicators"),
        "wanted": _("Wanted"),
        "measured": _("Measured"),
        "year": _("Year"),
        "status": _("Status"),
        "all": _("All actions"),
        "action": _("Action"),
        "number": _("How many"),
        "day": _("Day"),
        "plot": _("The table holds the same numbers."),
        "nothing": _("Nothing of this is known yet."),
    }


def _summary(user: Reader, page: PlanPage, actions: list[Action], year: int) -> list[str]:
    count = len(actions)
    said = [
        ngettext("%(shown)s action", "%(shown)s actions", count) % {"shown": number(count)},
        _("Progress: %(share)s") % {"share": share(page.tree.progress)},
    ]
    unknown = page.tree.roll_up.unknown
    if unknown:
        said.append(
            ngettext("of %(shown)s part nothing is known", "of %(shown)s parts nothing is known", unknown)
            % {"shown": number(unknown)}
        )
    for name, label in (("budget", _("Budget planned")), ("spent", _("Spent"))):
        if sums := _sums(actions, name):
            said.append(f"{label}: {sums}")
    supports, comments = _voices(page, year)
    if supports or comments:
        voices = {"supports": number(supports), "comments": number(comments)}
        said.append(_("Supports given in the year: %(supports)s; comments written: %(comments)s") % voices)
    return [printable(one) for one in said]


def _sums(actions: Iterable[Action], name: str) -> str:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for one in actions:
        amount = getattr(one, name)
        if amount is not None:
            sums[one.currency] += amount
    return " + ".join(money(amount, currency) for currency, amount in sorted(sums.items()))


def _voices(page: PlanPage, year: int) -> tuple[int, int]:
    """Supports and comments of a year on the plan, its lines and its actions; what is hidden is none. One question."""
    plans = [node.plan.pk for node in page.tree.walk()]
    on = Q(plan__in=plans) | Q(action__in=[one.pk for one in page.tree.all_actions()])
    said = Comment.objects.filter(removed_at=None, hidden_at=None)
    rows = (Support.objects.filter(on, at__year=year), said.filter(on, created_at__year=year))
    counted = [
        found.order_by().annotate(of=Value(at)).values("of").annotate(n=Count("pk")) for at, found in enumerate(rows)
    ]
    counts = {row["of"]: row["n"] for row in counted[0].union(counted[1], all=True)}
    return counts.get(0, 0), counts.get(1, 0)


def _statuses(actions: Iterable[Action]) -> list[Data]:
    counts = Counter(one.status for one in actions)
    named = [(code, str(label)) for code, label in ActionStatus.choices] + [("", _("Not stated"))]
    return [_bar(label, counts[code], max(counts.values(), default=1)) for code, label in named if counts[code]]


def _bar(label: str, count: int, most: int) -> Data:
    return {"label": printable(label), "count": number(count), "share": count / most}


def _lines(page: PlanPage) -> list[Data]:
    """Two levels: deeper ones are on the plan's page."""
    found: list[Data] = []
    for child in page.tree.children:
        found.append(_line(child, 0))
        found += [_line(grandchild, 1) for grandchild in child.children]
    return found[:MOST_ROWS]


def _line(node: Node, depth: int) -> Data:
    title = f"{node.plan.code} {plain(node.plan.title)}".strip()
    return {
        "label": printable(title), "depth": depth, "count": number(node.action_count), **_share(node.progress),
    }  # fmt: skip


def _share(progress: Fraction | None) -> Data:
    return {"share": None if progress is None else float(progress), "said": share(progress)}


def _regions(actions: Iterable[Action]) -> list[Data]:
    counts = Counter(code for one in actions for code in parts_of_the_world(one.countries, one.regions))
    most = max(counts.values(), default=1)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [_bar(COUNTRIES.name(code, language()), count, most) for code, count in ordered]


def _effort(user: Reader, page: PlanPage, year: int) -> Data:
    """Effort against priority by part of the world, as of the year's last day or today; empty without priorities."""
    day = min(date(year, 12, 31), timezone.localdate())
    version, rows = effort_on(user, page, day)
    if version is None:
        return {"effort": [], "effort_note": "", "effort_kinds": []}
    neglected = _("less than half of its share")
    listed = [
        {
            "label": COUNTRIES.name(row.region, language()),
            "priorities": printable(", ".join(plain(one.title) for one in row.priorities)),
            "counts": [number(row.counts[kind]) for kind in KINDS],
            "wished": _share(row.share),
            "done": _share(row.effort),
            "neglected": neglected if row.is_neglected else "",
        }
        for row in rows
    ]
    note = _("%(version)s, holds from %(since)s. Each kind counts alike; what is done at home is left out.")
    about = {"version": version.label, "since": when(version.since)}
    kinds = [str(label) for label in KINDS.values()]
    return {"effort": listed, "effort_note": printable(with_elisions(note % about)), "effort_kinds": kinds}


def _milestones(actions: Iterable[Action], year: int) -> list[Data]:
    """Those done in the year, and those that were due in it and are not done."""
    titles = {one.pk: plain(one.title) for one in actions}
    of_the_year = Q(done_on__year=year) | Q(done_on=None, due__year=year)
    rows = Milestone.objects.filter(of_the_year, action__in=list(titles)).order_by(Coalesce("done_on", "due"), "pk")
    today = timezone.localdate()
    return [
        {
            "title": printable(plain(one.title)),
            "action": printable(titles[one.action_id]),
            "day": when(one.done_on or one.due),
            "status": _how_it_stands(one, today),
            "late": not one.done_on and one.due is not None and one.due < today,
        }
        for one in rows[:MOST_ROWS]
    ]


def _how_it_stands(milestone: Milestone, today: date) -> str:
    if milestone.done_on:
        return pgettext("milestone", "done")
    return (
        pgettext("milestone", "overdue")
        if milestone.due and milestone.due < today
        else pgettext("milestone", "to come")
    )


def _indicators(actions: Iterable[Action], year: int) -> list[Data]:
    titles = {one.pk: plain(one.title) for one in actions}
    known = years_of(Indicator.objects.filter(action__in=list(titles)))
    found = []
    for one, values in islice(known.items(), MOST_ROWS):
        years = [(value.year, value.target, value.actual) for value in values if value.year <= year]
        if one.baseline is not None and one.baseline_year and one.baseline_year not in {each[0] for each in years}:
            years.insert(0, (one.baseline_year, None, one.baseline))
        rows = [
            {"year": str(each), "wanted": _decimal(target), "measured": _decimal(actual)}
            for each, target, actual in sorted(years)[-FIRST_YEARS:]
        ]
        about = {"title": printable(plain(one.title)), "unit": printable(one.unit), "rows": rows}
        found.append({**about, "action": printable(titles[one.action_id]), "plot": _plot(sorted(years)[-FIRST_YEARS:])})
    return found


def _decimal(value: Decimal | None) -> str:
    return "" if value is None else number(value.normalize())


def _plot(years: list[tuple[int, Decimal | None, Decimal | None]]) -> Data:
    """Points between 0 and 1 each way; empty where no two numbers can be compared."""
    numbers = [value for _year, *values in years for value in values if value is not None]
    if len(numbers) < 2:
        return {"wanted": [], "measured": [], "years": []}
    least, span = min(numbers), max(numbers) - min(numbers)
    first, wide = years[0][0], years[-1][0] - years[0][0]

    def x(year: int) -> float:
        return (year - first) / wide if wide else 0.5

    def points(values: list[tuple[int, Decimal | None]]) -> list[Data]:
        return [
            {"x": x(year), "y": float((value - least) / span) if span else 0.5, "value": _decimal(value)}
            for year, value in values
            if value is not None
        ]

    return {
        "wanted": points([(year, target) for year, target, _actual in years]),
        "measured": points([(year, actual) for year, _target, actual in years]),
        "years": [{"x": x(row[0]), "year": str(row[0])} for row in years],
    }


def _actions(page: PlanPage) -> list[Data]:
    found = []
    for node in page.tree.walk():
        for one in node.actions:
            far = page.progress[one.pk].progress
            found.append(
                {
                    "title": printable(f"{one.code} {plain(one.title)}".strip()),
                    "line": printable(plain(node.plan.title)),
                    "status": one.get_status_display() if one.status else _("Not stated"),
                    **_share(far),
                }
            )
    return found[:MOST_ROWS]


def report_pdf(user: Reader, plan: Plan, year: int) -> bytes:
    office = office_with_house()
    report, logo = report_of(user, plan, year, office), office_logo(office)
    data = {**report, "logo": logo is not None}
    return typeset(_layout(), "report.json", data, logo.getvalue() if logo is not None else None, timezone.localdate())


@cache
def _layout() -> bytes:
    return files(__package__).joinpath("plan_report.typ").read_bytes()
