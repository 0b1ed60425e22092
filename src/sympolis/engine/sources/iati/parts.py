"""Parts of an activity: texts by language, codes, dates; as words (1.x) or narratives (2.x)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache

from lxml.etree import _Element

from ...model import PartialDate
from ..plain_text import plain_text

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CODE = re.compile(r"([A-Za-z]{2})(?:[-_].*)?")
_THREE = {"eng": "en", "cat": "ca", "spa": "es", "fra": "fr", "fre": "fr", "ara": "ar", "por": "pt", "ita": "it"}

type Parts = Mapping[str, list[_Element]]


def parts_of(element: _Element) -> dict[str, list[_Element]]:
    """The children by name, extensions of other namespaces left out."""
    tag = str(element.tag)
    own = tag.rfind("}") + 1
    found: dict[str, list[_Element]] = {}
    for child in element:
        name = str(child.tag)
        if own and name[:own] == tag[:own]:
            name = name[own:]
        if name[0] == "{":
            continue
        if name in found:
            found[name].append(child)
        else:
            found[name] = [child]
    return found


def first(element: _Element, name: str) -> _Element | None:
    """The first child of a name, in the namespace of its parent."""
    tag = element.tag
    return element.find(name if tag[0] != "{" else f"{tag[: tag.rfind('}') + 1]}{name}")


def language_of(element: _Element) -> str:
    """The language an element says it is in, as two letters; empty where it says none we know."""
    written = element.get(_LANG)
    return _language(written) if written else ""


@lru_cache(maxsize=1_000)
def _language(written: str) -> str:
    found = _CODE.fullmatch(written.strip())
    return found[1].lower() if found else _THREE.get(written.strip().lower(), "")


def words_of(element: _Element) -> str:
    """The first words in an element: its first narrative, else its own."""
    return next((words for _language, words in _told(element)), "")


def texts_of(elements: Iterable[_Element], language: str) -> dict[str, str]:
    """What elements say in each language; several in one language stand one below the other, each once."""
    found: dict[str, list[str]] = {}
    for element in elements:
        for own, words in _told(element):
            said = found.setdefault(own or language, [])
            if words not in said:
                said.append(words)
    return {code: "\n".join(said) for code, said in found.items()}


def names_of(element: _Element) -> dict[str, str]:
    """Names whose language is said with them: an activity's own language tells little of a body's name."""
    return {own: words for own, words in reversed([*_told(element)]) if own}


def _told(element: _Element) -> Iterator[tuple[str, str]]:
    own = language_of(element)
    narratives = [child for child in element if str(child.tag).endswith("narrative")]
    for told in narratives or (element,):
        if (text := told.text) and (words := clean(text)):
            yield (language_of(told) or own), words


def clean(text: str) -> str:
    """Without white space around and doubled, without HTML."""
    return " ".join((plain_text(text) if "<" in text or "&" in text else text).split())


def code_of(element: _Element) -> str:
    """The code of an element: ``code`` or, before 1.01, ``ref``."""
    return (element.get("code") or element.get("ref") or "").strip()


def day_of(element: _Element) -> PartialDate:
    """The day of an element, in an attribute or as its text; open where none is told. Raises ValueError."""
    written = (element.get("iso-date") or element.get("iso_date") or element.text or "").strip()[:10]
    if not written:
        return PartialDate()
    day = date.fromisoformat(written)
    return PartialDate(day, day)
