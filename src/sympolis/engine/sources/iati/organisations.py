"""Bodies as activities and organisation files name them: one record for each reference, or for each name and type."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml.etree import _Element

from ...model import Organisation, Provenance
from ..local_bodies import local_kind
from .codes import COUNTRIES, KINDS
from .parts import names_of, parts_of, words_of

_NO_REFERENCE = frozenset({"", "n/a", "na", "none", "null", "nil", "unknown", "tbc", "tbd", "other", "-"})
_CHANNEL_GROUP = re.compile(r"\d{2}000|0+|\d{1,4}")


def reference_of(element: _Element) -> str:
    """What a body is referred to by; empty for what names no single one: ``N/A``, groups of channels, bare numbers."""
    ref = "".join((element.get("ref") or "").split())
    return "" if ref.lower() in _NO_REFERENCE or _CHANNEL_GROUP.fullmatch(ref) else ref


class Named(NamedTuple):
    """A body as an element names it: its id, its name where one is told, and the element."""

    key: str
    name: str
    element: _Element


def named(element: _Element) -> Named | None:
    """The body an element names; None where it names none."""
    ref, name = reference_of(element), words_of(element)
    if ref:
        return Named(f"iati:{ref}", name, element)
    if not name:
        return None
    told = f"{name.casefold()}|{(element.get('type') or '').strip().casefold()}"
    return Named(f"iati:~{hashlib.blake2b(told.encode(), digest_size=8).hexdigest()}", name, element)


class Bodies:
    """The bodies of one file: each told once under each of its names, those never named told last."""

    def __init__(self) -> None:
        self._told: set[tuple[str, str]] = set()
        self._named: set[str] = set()
        self._nameless: dict[str, Organisation] = {}

    def tell(self, body: Named) -> Iterator[Organisation]:
        """The body, where it was not told yet under this name."""
        if (body.key, body.name) in self._told:
            return
        self._told.add((body.key, body.name))
        record = _organisation(body)
        if body.name:
            self._named.add(body.key)
            yield record
        else:
            self._nameless[body.key] = record

    def left(self) -> Iterator[Organisation]:
        """Bodies that only a reference told of: named by it."""
        yield from (body for key, body in self._nameless.items() if key not in self._named)


def _organisation(body: Named) -> Organisation:
    ref = body.key.removeprefix("iati:")
    known = ref if not ref.startswith("~") else ""
    return Organisation(
        id=body.key,
        name=body.name or known,
        kind=kind_of((body.element.get("type") or "").strip().lower(), body.name),
        provenance=Provenance("iati", ref),
        names=names_of(body.element),
        country=country_of(known),
        identifiers=(f"iati:{known}",) if known else (),
    )


def kind_of(type_code: str, name: str) -> str:
    """Our kind for a type of organisation; a local government is told by its name."""
    kind = KINDS.get(type_code, "other")
    return local_kind(name) if kind == "local" else kind


def country_of(reference: str) -> str:
    """The country whose register a reference is of: ``GB-COH-…``; empty for the X codes of no country."""
    code, dash, _rest = reference.partition("-")
    return code if dash and code in COUNTRIES else ""


def published(element: _Element) -> Organisation | None:
    """The organisation of an organisation file; None where it says no identifier. Its type stands with who reports."""
    parts = parts_of(element)
    told = (*parts.get("organisation-identifier", ()), *parts.get("iati-identifier", ()))
    ref = "".join((told[0].text or "").split()) if told else ""
    if not ref:
        return None
    names = parts.get("name", [])
    reporting = [one for one in parts.get("reporting-org", ()) if reference_of(one) == ref]
    name = words_of(names[0]) if names else next((words_of(one) for one in reporting), "")
    kind = kind_of((reporting[0].get("type") or "").strip().lower(), name) if reporting else "other"
    return Organisation(
        id=f"iati:{ref}",
        name=name or ref,
        kind=kind,
        provenance=Provenance("iati", ref),
        names={code: said for one in reversed(names) for code, said in names_of(one).items()},
        country=country_of(ref),
        identifiers=(f"iati:{ref}",),
    )
