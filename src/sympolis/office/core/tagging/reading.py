"""What a record's own words say it is about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from sympolis.engine.model import LANGUAGES
from sympolis.engine.texts.encoders import FAST
from sympolis.engine.texts.tags import Tag
from sympolis.engine.texts.themes import Scheme, compared_texts, tag
from sympolis.engine.texts.vectors import Vectors
from sympolis.office.core.enums import TagScheme
from sympolis.office.core.models import Record
from sympolis.office.core.texts import Written

type Tags = dict[TagScheme, dict[str, Tag]]
"""scheme -> code -> what was found."""


_SCHEMES: dict[TagScheme, Scheme] = {TagScheme.THEME: "theme", TagScheme.GOAL: "sdg", TagScheme.TARGET: "target"}
_ready: dict[Path, Vectors] = {}


def own_words(record: Record) -> Written:
    """Its title and texts in the language it says most in: each text is in one language only, and so is read in one."""
    title = record.title_text()
    texts = [getattr(record, name) for name in record.TELLING]
    languages = dict.fromkeys([*LANGUAGES, *(language for text in [title, *texts] for language in text.plain())])
    said = {language: "\n".join(filter(None, (text.get_text(language) for text in texts))) for language in languages}
    chosen = max(languages, key=lambda language: (len(said[language]), bool(title.get_text(language))))
    if not said[chosen]:
        return title.best()
    return Written("\n".join(filter(None, [title.best(chosen).text, said[chosen]])), chosen)


def read_tags(texts: Sequence[str]) -> list[Tags]:
    """What each text is about, by its words and, as soon as that can be told, by how near the encoder finds it."""
    memory = _memory(settings.HOME.vectors)
    found: list[Tags] = [{} for _ in texts]
    for of, scheme in _SCHEMES.items():
        for tags, read in zip(found, tag(texts, scheme, memory), strict=True):
            tags[of] = {one.code: one for one in read}
    return found


def read_themes(texts: Sequence[str]) -> list[list[Tag]]:
    """The same of themes alone: goals and their targets take five times as long."""
    return tag(texts, _SCHEMES[TagScheme.THEME], _memory(settings.HOME.vectors))


def reads_meaning() -> bool:
    """Whether the encoder has a say yet, besides the words."""
    return _memory(settings.HOME.vectors) is not None


def warm_tags() -> None:
    """Read the lists of phrases, so that the first reader waits no longer than the second."""
    for scheme in _SCHEMES.values():
        tag(["city"], scheme)


def _memory(folder: Path) -> Vectors | None:
    """The home's memory, once the worker has read into it what texts are compared with: some ten seconds' work that no
    page waits for. Until then words decide alone."""
    if folder not in _ready:
        memory, compared = Vectors(folder, (FAST,)), compared_texts()
        # The last of them first: while the worker is at it, no page looks up the thousands before it.
        if not all(memory.known(some, FAST)[1].all() for some in (compared[-1:], compared)):
            return None
        _ready[folder] = memory
    return _ready[folder]
