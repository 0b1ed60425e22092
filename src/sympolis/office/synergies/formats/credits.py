"""What every format says in the same words: under the title, and of where something was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

from django.utils.translation import override

from sympolis.office.core.templatetags.show import when
from sympolis.office.synergies.brief.sheet import Sheet


def under_title(sheet: Sheet) -> Iterator[str]:
    """The meeting, the day it tells of, for whom it is, the network."""
    if sheet.meeting:
        badges = "".join(f" [{badge.text}]" for badge in sheet.meeting.badges)
        yield sheet.meeting.text + badges
    facts = [sheet.words["made"] % {"date": _day(sheet.language, sheet.on)}]
    if sheet.network:
        facts.append(sheet.network)
    if sheet.is_internal:
        facts.append(sheet.words["internal"])
    elif sheet.approved_by:
        facts.append(sheet.words["approved"] % {"name": sheet.approved_by})
    elif "not_approved" in sheet.words:  # briefs made by an earlier version have no such word
        facts.append(sheet.words["not_approved"])
    yield " · ".join(facts)


def credit_of(evidence: Mapping[str, str]) -> str:
    """The address to open; empty where the source is no address on the web."""
    url = str(evidence.get("source_url", "")).split(" ; ")[-1].strip()
    return url if urlsplit(url).scheme in {"http", "https"} else ""


def site_of(evidence: Mapping[str, str]) -> str:
    """Where it was read, short: the site of an address, else the source's own words."""
    url = credit_of(evidence)
    return urlsplit(url).netloc.removeprefix("www.") if url else str(evidence.get("source_url", ""))


def dated(sheet: Sheet, evidence: Mapping[str, str]) -> str:
    read_on = evidence.get("read_on", "")
    return sheet.words["read_on"] % {"date": _day(sheet.language, read_on)} if read_on else ""


@lru_cache(maxsize=512)  # everything in a brief was read on a few days
def _day(language: str, iso: str) -> str:
    """A brief in Catalan has Catalan dates on an English page too."""
    with override(language):
        return when(date.fromisoformat(iso))
