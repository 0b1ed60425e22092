"""That somebody took part, as a PDF: for who came, where the office gives certificates."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib.resources import files

from django.utils.translation import gettext as _
from django.utils.translation import override

from sympolis.office.core.templatetags.show import when
from sympolis.office.core.texts import RIGHT_TO_LEFT
from sympolis.office.core.typesetting import printable, typeset
from sympolis.office.directory.logo import office_logo
from sympolis.office.directory.queries import current_office
from sympolis.office.events.dates import moments_of, zone_of
from sympolis.office.events.models import Registration
from sympolis.office.events.registering.mails import when_and_where
from sympolis.office.events.registering.queries import is_over


def has_certificate(registration: Registration, now: datetime) -> bool:
    """Once the event is over, for who was there."""
    event = registration.event
    over = is_over(event, moments_of(event, zone_of(event)), now)
    return over and event.registering.has_certificate and registration.came_at is not None


def certificate_pdf(registration: Registration, language: str) -> bytes:
    """In ``language``; the event's title in it, where it has one."""
    event, office, logo = registration.event, current_office(), office_logo()
    today = datetime.now(zone_of(event)).date()
    title = event.title.best(language)
    with override(language):
        data = {
            "language": language,
            "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
            "heading": _("Certificate of attendance"),
            "name": printable(registration.name),
            "house": printable(registration.house),
            "took_part": _("took part in"),
            "event": printable(title.text),
            "event_language": title.language,
            "when": [printable(line) for line in when_and_where(event, zone_of(event)).split("\n")],
            "organisers": [
                printable(one.title_text().best(language).text) for one in event.organisers.filter(visibility="public")
            ],
            "office": printable(office.name.best(language).text if office else ""),
            "issued": when(today),
            "logo": logo is not None,
        }
    return typeset(_layout(), "certificate.json", data, logo.getvalue() if logo is not None else None, today)


@cache
def _layout() -> bytes:
    return files(__package__).joinpath("certificate.typ").read_bytes()
