"""A need somebody asks the answers to: a record of it, or words that are kept as no record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings

from sympolis.office.core.queries import Reader
from sympolis.office.core.texts import folded
from sympolis.office.projects.models import Need
from sympolis.office.projects.queries import visible_needs

LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class AskedNeed:
    """What is asked, and the record that says it, if one does."""

    text: str
    need: Need | None = None

    @property
    def about(self) -> str:
        """By what answers to it are kept: the record, or the words without capitals, accents and signs."""
        if self.need is not None:
            return self.need.public_id
        said = " ".join(folded(self.text).split()) or self.text
        return f"need:{sha256(said.encode()).hexdigest()[:32]}"

    @property
    def words(self) -> str:
        return "" if self.need else self.text


def asked_need(user: Reader, text: str, public_id: str, language: str) -> AskedNeed:
    """The record's own words where no others are given. Who writes others asks something else: that is no record."""
    text = text.replace("\x00", " ").strip()[:LONGEST]
    need = visible_needs(user).filter(public_id=public_id[:20].replace("\x00", "")).first() if public_id else None
    if need is None:
        return AskedNeed(text)
    if not text:
        return AskedNeed(_wording(need, language), need)
    same = any(" ".join(text.split()) == " ".join(one.split()) for one in _wordings(need))
    return AskedNeed(text, need if same else None)


def _wordings(need: Need) -> Iterator[str]:
    for language, _name in settings.LANGUAGES:
        yield _wording(need, language)


def _wording(need: Need, language: str) -> str:
    """Its title and its text, as far as a question may go."""
    parts = [one.best(language).text for one in (need.title, need.text)]
    return "\n".join(part for part in parts if part)[:LONGEST].strip()
