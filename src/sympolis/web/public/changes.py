"""What changed around an organisation between two times: links, agreements and projects that began or ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.queries import Reader
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.moments import Period
from sympolis.office.directory.queries import visible_agreements, visible_organisations, visible_relations
from sympolis.office.projects.models import Participation
from sympolis.office.projects.queries import visible_projects
from sympolis.web.public.links import NAMED, relation_label, role_label

MOST = 200
MOST_READ = 2_000
SAID = (
    "from_organisation", "to_organisation", "type", "role", "since_earliest", "since_latest", "until_earliest",
    "until_latest", "confirmed", "illustrative",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """Something that began or ended. ``is_sure``: its day is between the two times, whatever day it was."""

    day: PartialDate
    began: bool
    is_sure: bool
    kind: str
    title: Text
    url: str
    confirmed: bool
    illustrative: bool
    about: str = ""


def changes_of(user: Reader, organisation: Organisation, period: Period) -> list[Change]:
    """The latest first, at most 200; four questions."""
    found = [
        *_of_relations(user, organisation, period),
        *_of_agreements(user, organisation, period),
        *_of_projects(user, organisation, period),
    ]
    return sorted(found, key=lambda change: (change.day.latest, str(change.title)), reverse=True)[:MOST]


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


def _of_relations(user: Reader, organisation: Organisation, period: Period) -> Iterable[Change]:
    both_ways = Q(from_organisation=organisation) | Q(to_organisation=organisation)
    said = visible_relations(user).filter(both_ways, _between(period, "since", "until")).only(*SAID).order_by("-pk")
    rows = list(said[:MOST_READ])
    ends = {row.to_organisation_id for row in rows} | {row.from_organisation_id for row in rows}
    others = visible_organisations(user).filter(pk__in=ends).only(*NAMED).order_by().in_bulk()
    for row in rows:
        outward = row.from_organisation_id == organisation.pk
        other = others.get(row.to_organisation_id if outward else row.from_organisation_id)
        if other is None:
            continue
        kind, about = relation_label(row.type, outward), role_label(row.role)
        for day, began, is_sure in _both(period, row.since, row.until):
            yield Change(
                day, began, is_sure, kind, other.title_text(), other.get_absolute_url(), row.confirmed,
                row.illustrative, about,
            )  # fmt: skip


def _of_agreements(user: Reader, organisation: Organisation, period: Period) -> Iterable[Change]:
    rows = visible_agreements(user).filter(_between(period, "signed", "ends"), parties=organisation)
    for row in rows.defer("imported", "note"):
        for day, began, is_sure in _both(period, row.signed, row.ends):
            yield Change(
                day, began, is_sure, gettext("agreement"), row.title, row.get_absolute_url(), row.confirmed,
                row.illustrative,
            )  # fmt: skip


def _of_projects(user: Reader, organisation: Organisation, period: Period) -> Iterable[Change]:
    ours = Participation.objects.filter(organisation=organisation).values("project")
    rows = visible_projects(user).filter(_between(period, "start", "end"), pk__in=ours)
    for row in rows.defer("imported", "note"):
        for day, began, is_sure in _both(period, row.start, row.end):
            yield Change(
                day, began, is_sure, gettext("project"), row.title, row.get_absolute_url(), row.confirmed,
                row.illustrative, row.programme,
            )  # fmt: skip
