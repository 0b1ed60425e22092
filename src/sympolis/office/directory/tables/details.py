"""Cells that hold several details of an organisation: its names of before, its web sites, its numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sympolis.office.core.imports.definition import Desk, Draft
from sympolis.office.core.imports.errors import BadValue
from sympolis.office.core.imports.parsers import Parser
from sympolis.office.directory.detail_fields import CalledField, SitesField
from sympolis.office.directory.details import (
    CalledName,
    Identifier,
    IdentifierKind,
    Site,
    WrongIdentifier,
    read_identifier,
)
from sympolis.office.directory.models import Organisation


def detail_lines(read: Callable[[str], str]) -> Parser:
    """Several of them between semicolons or on lines of their own, each once."""

    def parse(written: str) -> list[Any]:
        parts = [part.strip() for part in written.replace("\n", ";").split(";")]
        return list(dict.fromkeys(read(part) for part in parts if part))

    return parse


def called_line(written: str) -> str:
    if written.count("|") < len(("kind", "language", "since", "until")):
        what = _("This is no name with its kind, language and dates.")
        raise BadValue(what, _("Write it like this: former|fr|1956|1990|Ville de X"))
    parts = [part.strip() for part in written.split("|", 5)]
    kind, language, since, until, name, source = (*parts, "")[:6]
    return _as_the_form(
        CalledField(), (kind, name, language, since, until, source), lambda line: str(CalledName.of(line))
    )


def site_line(written: str) -> str:
    parts = [part.strip() for part in written.split("|", 2)]
    cells = ("main", "", *parts) if len(parts) == 1 else tuple(parts)
    if len(cells) != len(("kind", "language", "address")):
        raise BadValue(_("This is no web site with its kind and language."), _("Write it like this: main|fr|https://…"))
    return _as_the_form(SitesField(), cells, lambda line: str(Site.of(line)))


def _as_the_form(field: Any, cells: tuple[str, ...], tidy: Callable[[str], str]) -> str:
    try:
        (line,) = field.clean([cells])
    except ValidationError as error:
        raise BadValue(" ".join(error.messages)) from error
    return tidy(line)


def identifier_line(written: str) -> str:
    kind, colon, value = written.partition(":")
    kind = kind.strip().casefold()
    if not colon or kind not in IdentifierKind.values:
        known = ", ".join(IdentifierKind.values)
        raise BadValue(
            _("This is no number with its kind."), _("Write the kind before it: %(known)s.") % {"known": known}
        )
    try:
        return str(read_identifier(kind, value))
    except WrongIdentifier as error:
        about = {"written": value.strip()[:60], "kind": IdentifierKind(kind).label}
        if error.checked:
            what = _("“%(written)s” is no %(kind)s: its check digit does not fit. Look for a mistyped digit.")
            raise BadValue(what % about) from error
        raise BadValue(_("“%(written)s” is no %(kind)s.") % about) from error


def taken_identifiers(drafts: Iterable[Draft], desk: Desk) -> Iterator[tuple[Draft, BadValue]]:
    """Numbers that two organisations would have: one that is kept, or one of an earlier row."""
    having = [draft for draft in drafts if draft.model is Organisation and draft.fields.get("identifiers")]
    if not having:
        return
    there = Organisation.objects.exclude(identifiers=[]).values_list("public_id", "identifiers")
    holders = {line: public_id for public_id, lines in there for line in lines}
    rows: dict[str, Draft] = {}
    for draft in having:
        own = draft.existing or desk.references.by_id(Organisation, draft.key, draft.has_own_id)
        own = own or desk.references.by_name(Organisation, draft.names) or draft.key
        rows.setdefault(own, draft)
        for line in draft.fields["identifiers"]:
            holder = holders.setdefault(line, own)
            if holder != own:
                one = Identifier.of(line)
                about = {"kind": one.label, "value": one.value, "name": _shown(holder, rows, desk)}
                what = _("%(kind)s %(value)s is of %(name)s already.") % about
                yield draft, BadValue(what, _("Correct one of the two, or merge the two records."))
                break


def _shown(holder: str, rows: dict[str, Draft], desk: Desk) -> str:
    """How who has it is called: as it is kept, or as the row says."""
    draft = rows.get(holder)
    return str(draft.fields.get("name", holder)) if draft else desk.references.shown(holder)
