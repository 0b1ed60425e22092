"""Memberships as a spreadsheet: a row for each year of each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from sympolis.office.synergies.worth import Amount, Tally, Worth, Year


def table(found: Iterable[Worth]) -> Iterator[list[object]]:
    yield [
        "id", _("Network"), _("Year"), _("Fee"), _("Example"), _("Meetings"), _("Events"), _("Projects"),
        _("Partners met"), _("Money to us"), _("Projects whose money is known"), _("Used"), _("By whom"), _("Keep it"),
        _("Why"),
    ]  # fmt: skip
    for worth in found:
        for year, tally in worth.rows():
            yield [worth.network.public_id, worth.network.title_text(), *_row(year, tally)]


def _row(year: Year, tally: Tally) -> list[object]:
    said = tally.answers
    return [
        _("not known") if year is None else year,
        _sums(tally.shown_cost),
        tally.is_cost_an_example,
        tally.meeting_count,
        tally.event_count,
        tally.project_count,
        len(tally.partners),
        _sums(tally.grant.amounts),
        tally.grant.known,
        [answer.get_used_display() for answer in said],
        [answer.used_by for answer in said if answer.used_by],
        [answer.get_keep_display() for answer in said],
        [answer.why for answer in said if answer.why],
    ]


def _sums(amounts: Iterable[Amount]) -> list[str]:
    return [f"{amount.value.normalize():f} {amount.currency}" for amount in amounts]
