"""What changed around an organisation between two times: links, agreements and projects that began or ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from operator import itemgetter
from typing import Any

from django.db.models import ExpressionWrapper, F, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.prepared import Prepared
from sympolis.office.core.queries import Reader
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.directory.moments import Period
from sympolis.office.directory.queries import visible_agreements, visible_organisations, visible_relations
from sympolis.office.projects.models import Participation
from sympolis.office.projects.queries import visible_projects
from sympolis.web.public.links import relation_label, role_label
from sympolis.web.public.named import Named, named

MOST = 200
SAID = (
    "from_organisation", "from_organisation__sort_key", "to_organisation", "to_organisation__sort_key", "type", "role",
    "confirmed", "illustrative",
)  # fmt: skip
DAYS = ("since_earliest", "since_latest", "until_earliest", "until_latest")


@dataclass(frozen=True, slots=True)
class Change:
    """Something that began or ended. ``is_sure``: its day is between the two times, whatever day it was. ``other`` is
    the organisation at the other end of a link, which is named when it is shown."""

    day: PartialDate
    began: bool
    is_sure: bool
    kind: str
    title: Text
    url: str
    confirmed: bool
    illustrative: bool
    sort_key: str
    about: str = ""
    other: int | None = None


def changes_of(user: Reader, organisation: Organisation, period: Period) -> list[Change]:
    """The latest first, at most 200; three questions. The other ends of links have no names yet (``shown_changes``)."""
    found = [
        *_of_relations(user, organisation, period),
        *_of_agreements(user, organisation, period),
        *_of_projects(user, organisation, period),
    ]
    found.sort(key=lambda change: change.sort_key)
    return sorted(found, key=lambda change: change.day.latest or date.min, reverse=True)[:MOST]


def shown_changes(user: Reader, changes: Iterable[Change]) -> list[Change]:
    """These with everybody's name: one question."""
    some = list(changes)
    ends = {change.other for change in some if change.other is not None}
    others = {one.pk: one for one in named(visible_organisations(user).filter(pk__in=ends).order_by())} if ends else {}
    return list(_named(some, others))


def _named(changes: Iterable[Change], others: Mapping[int, Named]) -> Iterator[Change]:
    for change in changes:
        if change.other is None:
            yield change
        elif other := others.get(change.other):
            yield replace(change, title=other.title_text(), url=other.get_absolute_url())


def _between(period: Period, *names: str) -> Q:
    """Rows with a date that may fall into the period."""
    found = Q()
    for name in names:
        found |= Q(**{f"{name}_latest__gt": period.after, f"{name}_earliest__lte": period.by})
    return found


def _both(period: Period, start: PartialDate, end: PartialDate) -> Iterator[tuple[PartialDate, bool, bool]]:
    for day, began in ((start, True), (end, False)):
        if (falls := period.falls(day)) is not None:
            yield day, began, falls


def _of_relations(user: Reader, organisation: Organisation, period: Period) -> Iterator[Change]:
    """The latest that are shown; of all others nothing but their days and names is looked at, which are words yet."""
    here, after, by = organisation.pk, str(period.after), str(period.by)
    found = [
        (latest, end_key if start == here else start_key, began, earliest, row)
        for row in _LATEST.rows(user, here, after, by)
        for start, start_key, end, end_key, *_said, since, began_by, until, over_by in (row,)
        for earliest, latest, began in ((since, began_by, True), (until, over_by, False))
        if earliest and latest and latest > after and earliest <= by
    ]
    found.sort(key=itemgetter(1))
    found.sort(key=itemgetter(0), reverse=True)
    for latest, key, began, earliest, row in found[:MOST]:
        start, _start_key, end, _end_key, type_, role, confirmed, illustrative, *_days = row
        outward = start == here
        day = PartialDate(date.fromisoformat(earliest), date.fromisoformat(latest))
        is_sure = after < earliest and latest <= by
        yield Change(
            day, began, is_sure, relation_label(type_, outward), Text(), "", bool(confirmed), bool(illustrative), key,
            role_label(role), end if outward else start,
        )  # fmt: skip


def _latest(user: Reader, here: int, after: str, by: str) -> QuerySet[Any, Any]:
    """Of each end and of each day no more than are shown: the latest are found at once. Days are words."""
    latest = Q()
    for end in ("from_organisation", "to_organisation"):
        for name in ("since", "until"):
            days = {f"w_{at}": ExpressionWrapper(F(f"{name}_{at}"), TextField()) for at in ("earliest", "latest")}
            rows: Any = visible_relations(user).filter(**{end: here}).alias(**days)
            rows = rows.filter(w_latest__gt=after, w_earliest__lte=by).order_by(f"-{name}_latest")
            latest |= Q(pk__in=rows.values("pk")[:MOST])
    words = {f"w_{name}": Cast(name, TextField()) for name in DAYS}
    return Relation.objects.filter(latest).order_by().annotate(**words).values_list(*SAID, *words)


_LATEST = Prepared(_latest)


def _of_agreements(user: Reader, organisation: Organisation, period: Period) -> Iterable[Change]:
    rows = visible_agreements(user).filter(_between(period, "signed", "ends"), parties=organisation)
    for row in rows.defer("imported", "note"):
        for day, began, is_sure in _both(period, row.signed, row.ends):
            yield Change(
                day, began, is_sure, gettext("agreement"), row.title, row.get_absolute_url(), row.confirmed,
                row.illustrative, row.sort_key,
            )  # fmt: skip


def _of_projects(user: Reader, organisation: Organisation, period: Period) -> Iterable[Change]:
    ours = Participation.objects.filter(organisation=organisation).values("project")
    rows = visible_projects(user).filter(_between(period, "start", "end"), pk__in=ours)
    for row in rows.defer("imported", "note"):
        for day, began, is_sure in _both(period, row.start, row.end):
            yield Change(
                day, began, is_sure, gettext("project"), row.title, row.get_absolute_url(), row.confirmed,
                row.illustrative, row.sort_key, row.programme,
            )  # fmt: skip
