"""What a brief is made of: lines, each with what it rests on. No language is in them yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from sympolis.engine.model import Strength
from sympolis.office.core.enums import Visibility
from sympolis.office.core.models import Record
from sympolis.office.core.texts import Text
from sympolis.office.synergies.brief.wording import Said
from sympolis.office.synergies.models import Commitment, Meeting


class Section(StrEnum):
    """The parts of a brief, in their order; the codes are the keys of its JSON."""

    SIDES = "sides"
    COMMON = "common"
    THEMES = "themes"
    SYNERGIES = "synergies"
    CALLS = "calls"
    MEMBERS = "members"
    PEOPLE = "people"
    COMMITMENTS = "commitments"
    CHANGES = "changes"


class Private(StrEnum):
    """Why a line stays in the office unless an officer ticks it."""

    CONTACT = "contact"
    NOTE = "note"
    RESTRICTED = "restricted"


class Fold(StrEnum):
    """Where a line stands inside its group."""

    NOW = ""
    WANTED = "wanted"
    EXPERIENCE = "experience"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Proof:
    """What a line rests on: the record, the words in it, where and when they were read."""

    record: str
    title: Text | Said
    passage: Text | Said
    source_url: str = ""
    read_on: date | None = None
    confirmed: bool = True
    illustrative: bool = False
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said. ``key`` is made of its kind and record ids, so that a decision on it holds in every language.

    ``parts`` say more about it: who brings what, the first step, what speaks against. ``short`` lines stand on the two
    pages, the others in the long version.
    """

    key: str
    said: Said
    proofs: tuple[Proof, ...] = ()
    side: str = ""
    group: str = ""
    heading: Said | None = None
    fold: Fold = Fold.NOW
    via: Text | None = None
    strength: Strength | None = None
    score: float | None = None
    kind: str = ""
    stage: str = ""
    state: str = ""
    private: str = ""
    record: str = ""
    short: bool = True
    unknown: bool = False
    parts: tuple[Line, ...] = ()
    features: Mapping[str, float] = field(default_factory=dict)  # of a suggestion: what it was scored by

    @property
    def illustrative(self) -> bool:
        return any(proof.illustrative for proof in self.proofs) or any(part.illustrative for part in self.parts)

    @property
    def unconfirmed(self) -> bool:
        return any(not proof.confirmed for proof in self.proofs) or any(part.unconfirmed for part in self.parts)

    @property
    def kept_in_office(self) -> str:
        if self.private:
            return self.private
        return Private.RESTRICTED if any(proof.restricted for proof in self.proofs) else ""


def proof_of(record: Record, passage: Text | Said | None = None, *also: Record) -> Proof:
    """A record as evidence. What rests on other records as well (``also``) is as doubtful as the most doubtful."""
    records = (record, *also)
    return Proof(
        record=record.public_id,
        title=record.title_text(),
        passage=passage if passage else record.title_text(),
        source_url=record.source_url,
        read_on=record.retrieved_at,
        confirmed=all(each.confirmed for each in records),
        illustrative=rests_on_example(records),
        restricted=any(is_kept_in_office(each) for each in records),
    )


def is_kept_in_office(record: Record) -> bool:
    """Meetings of the two and promises made there are known to both, though they are nobody else's business."""
    return record.visibility != Visibility.PUBLIC and not isinstance(record, Meeting | Commitment)


def rests_on_example(records: Iterable[Record]) -> bool:
    """One invented row makes the statement an example."""
    return any(each.illustrative for each in records)


def first_short(lines: Iterable[Line], limit: int) -> list[Line]:
    """The first lines stand on the two pages, all of them in the long version."""
    return [replace(line, short=line.short and at < limit) for at, line in enumerate(lines)]
