"""What every page can show: the office and the same page in other languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.html import linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe

from sympolis.office.core.templatetags.show import plain
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Office


@dataclass(frozen=True, slots=True)
class OfficeOnPage:
    """The office as the reader meets it."""

    record: Office
    name: str
    logo_url: str
    is_demo: bool
    contact: str
    legal_notice: Text

    @property
    def contact_html(self) -> SafeString:
        """The contact with its addresses as links; what it says is escaped."""
        return mark_safe(urlize(linebreaks(self.contact, autoescape=True), nofollow=True))  # noqa: S308 - both escape


def office_on_page(office: Office) -> OfficeOnPage:
    return OfficeOnPage(
        record=office,
        name=plain(office.name),
        logo_url=office.logo.url if office.logo else "",
        is_demo=office.is_demo,
        contact=office.contact,
        legal_notice=office.legal_notice,
    )


def page(request: HttpRequest) -> dict[str, Any]:
    office = getattr(request, "office", None)
    offered = office.languages if office and office.languages else [code for code, _ in settings.LANGUAGES]
    here = request.get_full_path()
    return {
        "office": office_on_page(office) if office else None,
        "alternates": [(code, name, in_language(here, code)) for code, name in settings.LANGUAGES if code in offered],
    }


def in_language(address: str, code: str) -> str:
    """The same page in another language: nothing but the first part of an address says its language."""
    _, first, *rest = address.split("/", 2)
    return f"/{code}/{rest[0]}" if rest and first in dict(settings.LANGUAGES) else address
