"""Translations side by side: who translated what and when, and what is out of date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.models import User
from sympolis.office.core.texts import Entry, Text
from sympolis.office.publishing.models import NewsItem
from sympolis.office.publishing.pages.actions import Written, write_in
from sympolis.office.publishing.pages.blocks import WORDS, Content, picture_names, words_of
from sympolis.office.publishing.pages.enums import BlockKind
from sympolis.office.publishing.pages.models import Picture
from sympolis.office.publishing.pages.pictures import pictures_named
from sympolis.office.publishing.pages.queries import content_of

MOST_CHARACTERS = 50_000
TITLE, SUMMARY, BODY = "title", "summary", "body"


class State(StrEnum):
    """How a translation stands to the text it is of."""

    MISSING = "missing"
    OUTDATED = "outdated"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Piece:
    """One text of a page or of news, wherever it is kept."""

    key: str  # title, summary, body; a block's key with the name of its words; a picture's name
    label: Any
    text: Text
    is_rich: bool = False
    is_line: bool = False

    def state(self, source: str, target: str) -> State | None:
        """None where there is nothing to translate."""
        original, found = self.text.get(source), self.text.get(target)
        if not original or source == target:
            return None
        return State.MISSING if not found else State.OUTDATED if is_outdated(self.text, target) else State.DONE


def is_outdated(text: Text, target: str) -> bool:
    """Whether the text a translation was made of changed since."""
    entry: Entry = text.get(target, {})
    of = text.get(entry.get("translated_from", ""))
    return bool(of) and entry.get("of_revision", 0) < of.get("revision", 0)  # type: ignore[union-attr]


def pieces_of(record: Written, pictures: Mapping[str, Picture] | None = None) -> list[Piece]:
    """All that is to be translated, in the order readers meet it; ``pictures`` where many are asked about."""
    content = content_of(record)
    if pictures is None:
        pictures = pictures_named(picture_names(content.blocks))
    pieces = [
        Piece(TITLE, _("Title"), content.title, is_line=True),
        Piece(SUMMARY, _("Summary"), content.summary),
    ]
    if isinstance(record, NewsItem):
        pieces.append(Piece(BODY, _("Text"), content.body, is_rich=True))
    return [*pieces, *_of_blocks(content, pictures)]


def _of_blocks(content: Content, pictures: Mapping[str, Picture]) -> Iterable[Piece]:
    for block in content.blocks:
        kind = BlockKind(block["kind"])
        if kind == BlockKind.PICTURE and (picture := pictures.get(block["picture"])):
            yield Piece(picture.name, _("What is to be seen on the picture"), picture.alt)
        for name in WORDS[kind]:
            words, rich = words_of(block, name), kind == BlockKind.TEXT
            yield Piece(f"{block['key']}-{name}", kind.label, words, is_rich=rich, is_line=name == "heading")


@dataclass(frozen=True, slots=True)
class LanguageState:
    """How far a language of a page is: which texts are missing in it, and which are out of date."""

    code: str
    written: int
    missing: int
    outdated: int
    translators: tuple[str, ...]
    last: str  # the day of the last translation

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.last) if self.last else None


def source_of(pieces: Iterable[Piece]) -> str:
    """The language most of it was first written in: that of which most texts are there and no translation."""
    counts: dict[str, int] = {}
    for piece in pieces:
        for code, entry in piece.text.items():
            weight = 1 if entry.get("translated_from") or entry.get("translator") else 3
            counts[code] = counts.get(code, 0) + weight
    return max(counts, key=lambda code: counts[code], default="")


def language_state(pieces: list[Piece], source: str, code: str) -> LanguageState:
    states = [piece.state(source, code) for piece in pieces]
    entries = [piece.text[code] for piece in pieces if piece.text.get(code)]
    by = dict.fromkeys(entry.get("translator", "") for entry in entries)
    return LanguageState(
        code=code, written=len(entries), missing=states.count(State.MISSING), outdated=states.count(State.OUTDATED),
        translators=tuple(filter(None, by)), last=max((entry.get("at", "") for entry in entries), default=""),
    )  # fmt: skip


def day_of(entry: Entry) -> date | None:
    """The day a text was translated on, where that is known."""
    return date.fromisoformat(entry["at"]) if entry.get("at") else None


@dataclass(frozen=True, slots=True)
class Translation:
    """What somebody wrote: out of one language into another, by piece, as each stood when the page was opened."""

    source: str
    target: str
    translator: str
    words: Mapping[str, str]
    seen: Mapping[str, int]  # piece -> revision of what stood there in the language it goes into
    of: Mapping[str, int]  # piece -> revision of the text it is of


def revision(text: Text, code: str) -> int:
    return text.get(code, {}).get("revision", 0)


def clashes(record: Written, made: Translation) -> dict[str, str]:
    """Pieces somebody else translated meanwhile, with what stands there now."""
    found = {}
    for piece in pieces_of(record):
        if piece.key not in made.words:
            continue
        there = piece.text.get_text(made.target)
        mine = made.words[piece.key].replace("\r\n", "\n").strip()
        if mine != there and revision(piece.text, made.target) != made.seen.get(piece.key, 0):
            found[piece.key] = there
    return found


def keep_translation(record: Written, made: Translation, by: User) -> None:
    """Write what was translated, each text with who did it, when, and of which state of the original."""

    def rewritten(key: str, text: Text) -> Text:
        if key not in made.words:
            return text
        found, words = Text(text), made.words[key].replace("\r\n", "\n").strip()
        is_same = words == found.get_text(made.target)
        of = made.of.get(key, 0)
        before = found.get(made.target, {})
        if is_same and before.get("of_revision") == of and before.get("translated_from") == made.source:
            return text
        about: dict[str, Any] = {"translated_from": made.source, "of_revision": of, "at": str(timezone.localdate())}
        if not is_same or not before.get("translator"):
            about |= {"translator": made.translator, "author": str(by), "by": "person"}
        found.write(made.target, words, **about)
        return found

    def into(content: Content) -> Content:
        content.title, content.summary = rewritten(TITLE, content.title), rewritten(SUMMARY, content.summary)
        content.body = rewritten(BODY, content.body)
        for block in content.blocks:
            for name in WORDS[block["kind"]]:
                block[name] = rewritten(f"{block['key']}-{name}", words_of(block, name))
        return content

    for picture in pictures_named(picture_names(content_of(record).blocks)).values():
        _keep_picture_words(picture, rewritten(picture.name, picture.alt))
    write_in(record, by, into)


def _keep_picture_words(picture: Picture, alt: Text) -> None:
    if alt != picture.alt:
        picture.alt = alt
        picture.save()
