"""Results of an activity: indicators with where they began, what was aimed at and what was reached.

Each result is read and emptied as soon as it ends, so that an activity of a thousand of them stays small.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from lxml.etree import _Element

from ...model import Measurement, PartialDate, Project, Provenance, ResultLevel, Text
from .parts import Parts, clean, day_of, parts_of, texts_of, words_of

MOST = 1_000
"""Measurements of one activity that are kept; how many more there are is said."""
LONGEST = 5_000
UNIT_LETTERS = 60
_LEVELS = {"1": ResultLevel.OUTPUT, "2": ResultLevel.OUTCOME, "3": ResultLevel.IMPACT}
_LEVELS |= {level.value: level for level in ResultLevel}
_PERCENTAGE = "2"
_MOST_VALUE = Decimal(10) ** 14
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_THOUSANDS = re.compile(r"-?\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?")

_NOBODY = Provenance("iati", "", "")


@dataclass(slots=True)
class Results:
    """What an activity told of its results so far. Texts without a language wait for that of the activity."""

    told: list[Measurement] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    left_out: int = 0

    def add(self, result: _Element) -> None:
        """Read a result; the element may be emptied then."""
        for one in _measurements(parts_of(result), _level(result), self.problems):
            if len(self.told) < MOST:
                self.told.append(one)
            else:
                self.left_out += 1

    def of(self, project: Project, language: str) -> Iterator[Measurement]:
        """The measurements as a project's, each under an id that stays when others come before it."""
        seen: Counter[str] = Counter()
        for order, one in enumerate(self.told):
            title, aim, text = (_in(language, told) for told in (one.title, one.aim, one.text))
            about = "|".join((one.level, *aim.values(), *title.values(), str(one.start), str(one.end)))
            key = hashlib.blake2b(about.encode(), digest_size=8).hexdigest()
            seen[key] += 1
            yield replace(
                one,
                id=f"{project.id}|{key}|{seen[key]}",
                project_id=project.id,
                title=title,
                aim=aim,
                text=text,
                order=order,
                provenance=project.provenance,
            )


def _level(result: _Element) -> str:
    """Output, outcome or impact; empty for other ones."""
    return str(_LEVELS.get((result.get("type") or "").strip().lower(), ""))


def _measurements(parts: Parts, level: str, problems: list[str]) -> Iterator[Measurement]:
    aim, text = texts_of(parts.get("title", ()), ""), _short(texts_of(parts.get("description", ()), ""))
    indicators = parts.get("indicator", ())
    if not indicators and aim:
        yield Measurement("", "", _short(aim), _NOBODY, level=level, text=text)
    for indicator in indicators:
        own = parts_of(indicator)
        title = _short(texts_of(own.get("title", ()), "") or aim)
        if not title:
            problems.append("An indicator has no title.")
            continue
        base = _indicator(indicator, own, title, Measurement("", "", title, _NOBODY, level=level))
        if (above := _short(aim)) != title:
            base = replace(base, aim=above)
        for period in own.get("period", ()) or (None,):
            yield base if period is None else _in_period(base, parts_of(period), problems)


def _indicator(indicator: _Element, own: Parts, title: dict[str, str], bare: Measurement) -> Measurement:
    """What holds for all its periods. A description of a few words is what is counted."""
    text = _short(texts_of(own.get("description", ()), ""))
    is_share = (indicator.get("measure") or "").strip() == _PERCENTAGE
    unit = "%" if is_share or any((one.get("value") or "").rstrip().endswith("%") for one in indicator.iter()) else ""
    first = next(iter(text.values()), "")
    if first and len(first) <= UNIT_LETTERS and text != title:
        unit, text = unit or first, {}
    baseline, words = _value(own.get("baseline", ()))
    return replace(bare, unit=unit, text=text if text != title else {}, baseline=baseline, baseline_words=words)


def _in_period(base: Measurement, period: Parts, problems: list[str]) -> Measurement:
    target, target_words = _value(period.get("target", ()))
    reached, reached_words = _value(period.get("actual", ()))
    measured = PartialDate()
    if _ISO_DAY.fullmatch(reached_words):  # as we write it ourselves
        with suppress(ValueError):
            measured, reached_words = PartialDate.parse(reached_words), ""
    return replace(
        base,
        start=_day(period.get("period-start", ()), problems),
        end=_day(period.get("period-end", ()), problems),
        target=target,
        target_words=target_words,
        reached=reached,
        reached_words=reached_words,
        measured=measured,
    )


def _value(told: Iterable[_Element]) -> tuple[Decimal | None, str]:
    """The number and the words with it. Values told apart, by sex or place, are not added up: they stand in words."""
    values = [(parts_of(one), one) for one in told]
    whole = [(parts, one) for parts, one in values if "dimension" not in parts and "location" not in parts]
    if not whole:
        return None, _cut("; ".join(_apart(parts, one) for parts, one in values))
    parts, one = whole[0]
    written = clean(one.get("value") or "")
    number = _number(written)
    comment = words_of(parts["comment"][0]) if "comment" in parts else ""
    said = [words for words in (written if number is None else "", comment) if words]
    return number, _cut(": ".join(dict.fromkeys(said)))


def _apart(parts: Parts, one: _Element) -> str:
    named = [*parts.get("dimension", ()), *parts.get("location", ())]
    about = ", ".join(filter(None, (clean(each.get("value") or each.get("ref") or "") for each in named)))
    return f"{about} {clean(one.get('value') or '')}".strip()


def _number(written: str) -> Decimal | None:
    bare = written.removesuffix("%").strip()
    try:
        number = Decimal(bare.replace(",", "").replace(" ", "") if _THOUSANDS.fullmatch(bare) else bare)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < _MOST_VALUE else None


def _day(told: Iterable[_Element], problems: list[str]) -> PartialDate:
    for one in told:
        try:
            return day_of(one)
        except ValueError:
            problems.append(f"The date {(one.get('iso-date') or one.text or '').strip()[:40]!r} is none.")
    return PartialDate()


def _in(language: str, told: Text) -> dict[str, str]:
    """Words without a language are in the activity's, if it said nothing in it yet."""
    texts = dict(told)
    if unsaid := texts.pop("", ""):
        texts = {language: unsaid} | texts
    return texts


def _short(texts: dict[str, str]) -> dict[str, str]:
    return {language: _cut(words) for language, words in texts.items()}


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
