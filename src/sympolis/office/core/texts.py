"""One text in several languages, none of them the main one, and the field that keeps it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from anyascii import anyascii
from django.db import models

from sympolis.engine.model import LANGUAGES

RIGHT_TO_LEFT = {"ar", "he", "fa", "ur"}
_BREAKS = re.compile(r"[\x00-\x1f\x7f\s]+")
_TURNS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")


def one_line(words: str) -> str:
    """Words as they stand in one line: without breaks, or marks that turn the direction of what stands beside them."""
    return _BREAKS.sub(" ", _TURNS.sub("", words)).strip()


class Entry(TypedDict, total=False):
    """What is kept for one language. ``by`` is ``person`` or ``machine``; ``revision`` counts changes of the text.

    A translation says by whom (``translator``), ``at`` which day, out of which language, and which revision of that
    text it is of: where that text changed since, it is out of date.
    """

    text: str
    author: str
    translator: str
    by: str
    revision: int
    translated_from: str
    of_revision: int
    at: str
    source_url: str
    illustrative: bool
    original: bool


class Written(NamedTuple):
    """A text as found: the words and the language they are in."""

    text: str
    language: str

    @property
    def direction(self) -> str:
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"


class Text(dict[str, Entry]):
    """language -> entry. Empty entries are not kept."""

    @classmethod
    def of(cls, **texts: str) -> Text:
        """``Text.of(ca="Aigua", fr="Eau")``"""
        made = cls()
        for language, text in texts.items():
            made.write(language, text)
        return made

    def write(self, language: str, text: str, **about: Any) -> None:
        """Keep a text for a language; the empty text removes it. The revision moves on when the words change."""
        text = text.strip()
        if not text:
            self.pop(language, None)
            return
        before = self.get(language, {})
        entry: Entry = {**before, **about, "text": text}  # type: ignore[typeddict-item]
        entry.setdefault("by", "person")
        changed = before.get("text") != text
        entry["revision"] = before.get("revision", 0) + (1 if changed else 0)
        self[language] = entry

    def get_text(self, language: str) -> str:
        return self.get(language, {}).get("text", "")

    def plain(self) -> dict[str, str]:
        return {language: entry["text"] for language, entry in self.items() if entry.get("text")}

    def best(self, *languages: str) -> Written:
        """The text in the first of these languages that has one, else the original, else any: ours in order first."""
        for language in languages:  # most texts end here
            if text := self.get_text(language):
                return Written(text, language)
        originals = (language for language, entry in self.items() if entry.get("original"))
        for language in (*originals, *LANGUAGES, *sorted(self)):
            if text := self.get_text(language):
                return Written(text, language)
        return Written("", languages[0] if languages else "en")

    def __str__(self) -> str:
        return self.best().text


def joined(*texts: Text, also: Iterable[str] = ()) -> dict[str, str]:
    """Several texts as one, language by language; ``also`` stands under no language."""
    parts: dict[str, list[str]] = {}
    for text in texts:
        for language, said in text.plain().items():
            parts.setdefault(language, []).append(said)
    if rest := [said for said in also if said]:
        parts.setdefault("", []).extend(rest)
    return {language: "\n".join(said) for language, said in parts.items()}


if TYPE_CHECKING:
    _TextColumn = models.JSONField["Text | dict[str, Any]", "Text"]
    _CodesColumn = models.CharField["str | Iterable[str]", tuple[str, ...]]
else:
    _TextColumn, _CodesColumn = models.JSONField, models.CharField


class MultilingualField(_TextColumn):
    """A ``Text`` in a column."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", Text)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Text:
        return Text(super().from_db_value(value, expression, connection) or {})

    def to_python(self, value: Any) -> Text:
        return value if isinstance(value, Text) else Text(value or {})


class CodesField(_CodesColumn):
    """A short list of codes in one column, asked with ``<field>__contains=",water,"`` on every database."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 1000)
        kwargs.setdefault("default", tuple)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> tuple[str, ...]:
        return codes(value or "")

    def to_python(self, value: Any) -> tuple[str, ...]:
        return codes(value)

    def get_prep_value(self, value: Any) -> str:
        if isinstance(value, str) and value.startswith(","):
            return value
        listed = codes(value)
        return f",{','.join(listed)}," if listed else ""

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))


def codes(value: str | Iterable[Any] | None) -> tuple[str, ...]:
    """Codes out of ``a;b``, ``,a,b,`` or any list of them, in order, each once."""
    return _split(value) if isinstance(value, str) else _each_once(str(part) for part in value or ())


@lru_cache(maxsize=4_096)  # the same few columns of every row of a list
def _split(value: str) -> tuple[str, ...]:
    return _each_once(re.split(r"[;,]", value))


def _each_once(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def folded(*texts: str) -> str:
    """Lower case Latin without accents, for sorting and for finding without an ICU in the database."""
    return " ".join(re.sub(r"[^0-9a-z]+", " ", anyascii(text).lower()).strip() for text in texts if text)
