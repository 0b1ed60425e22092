"""Blocks, as they are kept: plain values with a key of their own, their words in every language they have.

``{"key": "…", "kind": "text", "words": Text}``; a picture has ``picture`` (its name) and ``caption``; a quotation
``words`` of which one is the original, ``said_by`` and ``said_as``; a document ``document`` (public id); a list that
keeps itself up to date ``heading``, ``of``, ``organisation`` (public id), ``theme`` and ``most``.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from sympolis.office.core.rich import bare_words
from sympolis.office.core.texts import Text
from sympolis.office.publishing.pages.enums import BlockKind

type Block = dict[str, Any]

MOST_BLOCKS = 60
MOST_LIVE = 3  # each is a question of its own, and a page has few to spare
WORDS: dict[str, tuple[str, ...]] = {
    BlockKind.TEXT: ("words",),
    BlockKind.PICTURE: ("caption",),
    BlockKind.QUOTE: ("words",),
    BlockKind.DOCUMENT: (),
    BlockKind.LIVE: ("heading",),
}
"""Which values of a block are words in several languages, by its kind."""


@dataclass(slots=True)
class Content:
    """What stands on a page: a title, a summary, and blocks in their order; news have a text besides."""

    title: Text
    summary: Text
    blocks: list[Block] = field(default_factory=list)
    body: Text = field(default_factory=Text)

    def block(self, key: str) -> Block | None:
        return next((one for one in self.blocks if one["key"] == key), None)

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.title.plain())


def new_key() -> str:
    return secrets.token_hex(4)


def words_of(block: Block, name: str) -> Text:
    return Text(block.get(name) or {})


def of_kind(blocks: Iterable[Block], kind: BlockKind) -> list[Block]:
    return [one for one in blocks if one["kind"] == kind]


def picture_names(blocks: Iterable[Block]) -> list[str]:
    return list(dict.fromkeys(one["picture"] for one in of_kind(blocks, BlockKind.PICTURE)))


def all_words(blocks: Iterable[Block]) -> Iterator[Text]:
    """What search reads of them: without marks."""
    for block in blocks:
        for name in WORDS[block["kind"]]:
            words = words_of(block, name)
            is_rich = block["kind"] == BlockKind.TEXT
            yield Text.of(**{code: bare_words(said) if is_rich else said for code, said in words.plain().items()})


class TooMany(ValueError):
    """There is no room for one more block; the sentence says of which."""

    def __init__(self, sentence: Any) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


def with_block(blocks: list[Block], block: Block) -> list[Block]:
    """The blocks with one that is new at their end, or in the place it had. Raises TooMany."""
    keys = [one["key"] for one in blocks]
    if block["key"] in keys:
        return [block if one["key"] == block["key"] else one for one in blocks]
    if len(blocks) >= MOST_BLOCKS:
        raise TooMany(_("There are sixty blocks, which is the most. Begin a page below this one."))
    if block["kind"] == BlockKind.LIVE and len(of_kind(blocks, BlockKind.LIVE)) >= MOST_LIVE:
        raise TooMany(_("There are three lists that keep themselves up to date, which is the most on one page."))
    return [*blocks, block]


def moved(blocks: list[Block], key: str, by: int) -> list[Block]:
    """The blocks with one of them a place further up or down."""
    at = next((place for place, one in enumerate(blocks) if one["key"] == key), None)
    if at is None or not 0 <= at + by < len(blocks):
        return blocks
    found = list(blocks)
    found[at], found[at + by] = found[at + by], found[at]
    return found
