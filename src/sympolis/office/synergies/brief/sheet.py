"""A stored brief as somebody is to read it: what they may see, as short as they want, with what officers decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympolis.engine.model import Stage, SynergyKind
from sympolis.office.synergies.brief.document import Document, Item
from sympolis.office.synergies.brief.lines import Fold, Private, Section
from sympolis.office.synergies.brief.words import points_in
from sympolis.office.synergies.enums import Audience, Extra, Length, Verdict

PROPOSALS = 3
_TICKED = {Private.CONTACT: Extra.CONTACTS, Private.NOTE: Extra.NOTES, Private.RESTRICTED: Extra.RESTRICTED}


@dataclass(frozen=True, slots=True)
class Decision:
    """What an officer decided about a line."""

    verdict: str = ""
    reason: str = ""
    comment: str = ""
    by: str = ""

    @property
    def is_out(self) -> bool:
        """Struck out, or set aside for now."""
        return self.verdict in {Verdict.DROPPED, Verdict.LATER}


@dataclass(frozen=True, slots=True)
class Reading:
    """For whom, how long, and what is ticked. ``editing`` keeps struck-out lines in sight, to be taken back."""

    audience: Audience = Audience.INTERNAL
    length: Length = Length.SHORT
    extras: frozenset[str] = frozenset()
    editing: bool = False

    def allows(self, extra: Extra) -> bool:
        return self.audience is Audience.INTERNAL or extra in self.extras

    def sees(self, item: Item) -> bool:
        private = item.get("private", "")
        return not private or self.allows(_TICKED[Private(private)])


@dataclass(frozen=True, slots=True)
class Badge:
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line as it is to be read."""

    key: str
    runs: list[tuple[str, str]]
    badges: list[Badge]
    evidence: list[dict[str, Any]]
    kind: str = ""
    kind_word: str = ""
    side: str = ""
    fold: str = ""
    group: str = ""
    state: str = ""
    strength: str = ""
    strength_word: str = ""
    score: float | None = None
    points: str = ""  # the score as it is written in the brief's language
    record: str = ""
    unknown: bool = False
    remark: str = ""
    decision: Decision = Decision()
    parts: list[SheetLine] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.runs)

    @property
    def step(self) -> SheetLine | None:
        return next((part for part in self.parts if part.kind == "step"), None)

    def parts_of(self, *kinds: str) -> list[SheetLine]:
        return [part for part in self.parts if part.kind in kinds]

    @property
    def is_pinned(self) -> bool:
        return self.decision.verdict == Verdict.PINNED

    @property
    def is_dropped(self) -> bool:
        return self.decision.verdict == Verdict.DROPPED

    @property
    def is_set_aside(self) -> bool:
        return self.decision.verdict == Verdict.LATER

    @property
    def is_out(self) -> bool:
        return self.decision.is_out


@dataclass(frozen=True, slots=True)
class Block:
    """Lines under each other, or those of the two sides beside each other, under a heading of their own."""

    heading: str = ""
    lead: SheetLine | None = None
    lines: list[SheetLine] = field(default_factory=list)
    left: list[SheetLine] = field(default_factory=list)
    right: list[SheetLine] = field(default_factory=list)

    @property
    def sides(self) -> tuple[list[SheetLine], list[SheetLine]]:
        return self.left, self.right

    @property
    def everything(self) -> Iterator[SheetLine]:
        if self.lead:
            yield self.lead
        yield from (*self.lines, *self.left, *self.right)


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the brief."""

    code: str
    heading: str
    blocks: list[Block]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The brief to be read: every format walks through this and nothing else."""

    title: str
    language: str
    direction: str
    on: str
    left: dict[str, Any]
    right: dict[str, Any]
    network: str
    meeting: SheetLine | None
    proposals: list[SheetLine]
    parts: list[Part]
    notices: list[str]
    words: Mapping[str, str]
    is_internal: bool
    is_long: bool
    approved_by: str = ""

    @property
    def scale(self) -> str:
        """What strong, fair and weak mean, where a line says so; briefs of an earlier version have no such words."""
        return self.words.get("scale", "") if any(line.strength for line in _deep(self.lines)) else ""

    @property
    def lines(self) -> Iterator[SheetLine]:
        """Every line once, in the order of reading."""
        yield from self.proposals
        for part in self.parts:
            for block in part.blocks:
                yield from block.everything


def sheet_of(document: Document, decisions: Mapping[str, Decision], reading: Reading, approved_by: str = "") -> Sheet:
    """What this reader is to see of a stored brief."""
    making = _Making(document, decisions, reading)
    # Briefs of an earlier version lack the newest section.
    items = {section: list(making.kept(document.get(section, ()))) for section in Section}
    proposals = making.proposals(items[Section.SYNERGIES])
    parts = [making.part(section, items[section], {line.key for line in proposals}) for section in Section]
    meeting = document.get("meeting")
    sheet = Sheet(
        title=document["title"],
        language=document["language"],
        direction=document["direction"],
        on=document["on"],
        left=document["parties"]["left"],
        right=document["parties"]["right"],
        network=(document.get("network") or {}).get("name", ""),
        meeting=making.line(meeting) if meeting and reading.sees(meeting) else None,
        proposals=proposals,
        parts=[part for part in parts if part is not None],
        notices=[],
        words=document["words"],
        is_internal=reading.audience is Audience.INTERNAL,
        is_long=reading.length is Length.LONG,
        approved_by=approved_by,
    )
    sheet.notices.extend(_notices(sheet))
    return sheet


def _notices(sheet: Sheet) -> Iterator[str]:
    """A word on what the marks mean, where there are any."""
    if sheet.scale:
        yield sheet.scale
    marks = {badge.kind for line in _deep(sheet.lines) for badge in line.badges}
    for mark in ("example", "unconfirmed"):
        if mark in marks:
            yield sheet.words[f"{mark}_notice"]


def _deep(lines: Iterable[SheetLine]) -> Iterator[SheetLine]:
    for line in lines:
        yield line
        yield from _deep(line.parts)


@dataclass(frozen=True, slots=True)
class _Making:
    document: Document
    decisions: Mapping[str, Decision]
    reading: Reading

    def kept(self, items: Iterable[Item]) -> Iterator[Item]:
        """What this reader may see, without what was struck out or set aside; pinned lines come first."""
        seen = [item for item in items if self.reading.sees(item)]
        if not self.reading.editing:
            seen = [item for item in seen if not self._decision(item).is_out]
        return iter(sorted(seen, key=lambda item: self._decision(item).verdict != Verdict.PINNED))

    def is_in(self, item: Item) -> bool:
        pinned = self._decision(item).verdict == Verdict.PINNED
        return self.reading.length is Length.LONG or pinned or not item.get("long", False)

    def proposals(self, items: Collection[Item]) -> list[SheetLine]:
        """Three to propose: pinned first, then of kinds that differ and are work, those resting on examples last."""
        open_ones = [item for item in items if item["key"].startswith("synergy:")]
        open_ones = [item for item in open_ones if not self._decision(item).is_out]
        chosen: list[Item] = []
        for rule in (self._pinned, self._firm_of_new_kind, self._of_new_kind, self._any):
            for item in open_ones:
                if len(chosen) < PROPOSALS and item not in chosen and rule(item, chosen):
                    chosen.append(item)
        return [self.line(item) for item in chosen]

    def _pinned(self, item: Item, chosen: list[Item]) -> bool:
        return self._decision(item).verdict == Verdict.PINNED

    def _firm_of_new_kind(self, item: Item, chosen: list[Item]) -> bool:
        doubtful = item.get("example") or item.get("unconfirmed") or item.get("kind") == SynergyKind.ADVOCACY
        return not doubtful and self._of_new_kind(item, chosen)

    def _of_new_kind(self, item: Item, chosen: list[Item]) -> bool:
        return item.get("kind") not in {each.get("kind") for each in chosen}

    def _any(self, item: Item, chosen: list[Item]) -> bool:
        return True

    def part(self, section: Section, items: list[Item], proposed: Collection[str]) -> Part | None:
        """On two pages what stands on top is not said again."""
        heading = self.document["headings"].get(section, "")
        if section is Section.SYNERGIES and self.reading.length is Length.SHORT and not self.reading.editing:
            items = [item for item in items if item["key"] not in proposed]
            heading = self.document["words"]["more"] if proposed else heading
        items = [item for item in items if self.is_in(item)]
        if section is Section.SIDES:
            blocks = [self._sides(items)]
        elif section in {Section.THEMES, Section.PEOPLE}:
            blocks = list(self._by_group(items))
        else:
            blocks = [Block(lines=[self.line(item) for item in items])]
        return Part(section, heading, blocks) if items else None

    def _sides(self, items: Iterable[Item], heading: str = "", lead: SheetLine | None = None) -> Block:
        block = Block(heading=heading, lead=lead)
        columns = {"left": block.left, "right": block.right}
        for item in items:
            columns.get(item.get("side", ""), block.lines).append(self.line(item))
        return block

    def _by_group(self, items: Iterable[Item]) -> Iterator[Block]:
        groups: dict[str, list[Item]] = {}
        for item in items:
            groups.setdefault(item.get("group", ""), []).append(item)
        order = list(dict.fromkeys(item.get("group", "") for item in items))
        for code in order:
            lead = next((item for item in groups[code] if item.get("kind") == "theme"), None)
            rest = [item for item in groups[code] if item is not lead]
            heading = "" if lead else self.document["groups"].get(code, "")  # a lead says the theme itself
            yield self._sides(rest, heading, self.line(lead) if lead else None)

    def _decision(self, item: Item) -> Decision:
        return self.decisions.get(item["key"], Decision())

    def line(self, item: Item) -> SheetLine:
        decision = self._decision(item)
        strength = item.get("strength", "")
        words = self.document["words"]
        parts = [self.line(part) for part in item.get("parts", ()) if self.reading.sees(part) and self.is_in(part)]
        score = item.get("score") if self.reading.allows(Extra.SCORES) else None
        return SheetLine(
            key=item["key"],
            runs=[(run[0], run[1]) for run in item.get("runs") or [[item["text"], ""]]],
            badges=list(self._badges(item)),
            evidence=item["evidence"],
            kind=item.get("kind", ""),
            kind_word=item.get("kind_word", ""),
            side=item.get("side", ""),
            fold=item.get("fold", Fold.NOW),
            group=item.get("group", ""),
            state=item.get("state", ""),
            strength=strength,
            strength_word=words[strength] if strength else "",
            score=score,
            points="" if score is None else points_in(score, self.document["language"]),
            record=item.get("record", ""),
            unknown=item.get("unknown", False),
            remark=self._remark(decision),
            decision=decision,
            parts=parts,
        )

    def _remark(self, decision: Decision) -> str:
        if not decision.comment or not self.reading.allows(Extra.REMARKS):
            return ""
        words: str = self.document["words"]["comment"]
        return words % {"name": decision.by, "comment": decision.comment}

    def _badges(self, item: Item) -> Iterator[Badge]:
        words = self.document["words"]
        # under its fold the stage is said already; one nobody knows would read as a project nobody knows
        if item.get("stage") not in {None, "", Stage.UNKNOWN} and not item.get("fold"):
            yield Badge(item["stage"], item["stage_word"])
        if item.get("via"):
            yield Badge("via", words["via"] % {"name": item["via"]})
        if item.get("state") in {"overdue", "done"}:
            yield Badge(item["state"], words[item["state"]])
        for mark in ("example", "unconfirmed"):
            if item.get(mark):
                yield Badge(mark, words[mark])
