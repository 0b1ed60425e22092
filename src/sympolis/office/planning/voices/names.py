"""How people are called where everybody reads it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sympolis.office.core.enums import OF_THE_OFFICE


def name_of(first: str | None, last: str | None, role: str | None) -> str:
    """How an author is called in public: never by their mail address."""
    if role is None:
        return _("Somebody whose account is gone")
    called = f"{first} {last}".strip()
    return called or (_("The office") if role in OF_THE_OFFICE else _("A participant"))
