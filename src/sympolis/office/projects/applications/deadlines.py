"""Deadlines as a funder writes them, with the zone of its clock, and the same on the clock of who reads."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone
from django.utils.translation import gettext as _

from sympolis.office.core.templatetags.show import clock, when

END_OF_DAY = time(23, 59, 59)


def zone_choices() -> list[tuple[str, str]]:
    """Zones named after a place; the others are old spellings of these."""
    places = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in places)]


def moment_of(on: date | None, hour: time | None, zone: str) -> datetime | None:
    """The moment a deadline ends; without an hour the end of its day, without a zone on the reader's own clock."""
    if on is None:
        return None
    return datetime.combine(on, hour or END_OF_DAY, ZoneInfo(zone) if zone else timezone.get_current_timezone())


def in_words(on: date | None, hour: time | None, zone: str) -> str:
    """As it was written: the day, the hour where there is one, and whose clock."""
    if on is None:
        return ""
    if hour is None:
        return when(on) if not zone else _("%(day)s (%(zone)s)") % {"day": when(on), "zone": zone}
    about = {"day": when(on), "hour": clock(hour), "zone": zone or str(timezone.get_current_timezone())}
    return _("%(day)s, %(hour)s (%(zone)s)") % about


def here_in_words(on: date | None, hour: time | None, zone: str) -> str:
    """The same on the reader's clock; empty where both clocks say the same."""
    moment = moment_of(on, hour, zone)
    if moment is None or not zone:
        return ""
    here = moment.astimezone(timezone.get_current_timezone())
    if here.utcoffset() == moment.utcoffset():
        return ""
    return in_words(here.date(), here.time(), str(timezone.get_current_timezone()))
