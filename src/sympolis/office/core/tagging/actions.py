"""A person confirms or removes what a record is about, and takes either back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.db import transaction

from sympolis.office.core.enums import TagScheme, TagVerdict
from sympolis.office.core.models import Record, TagDecision, User
from sympolis.office.core.tagging.queries import COLUMNS, Key, codes_there, column_of, decisions_of, known_codes

type Codes = dict[TagScheme, tuple[str, ...]]


class NoSuchTag(ValueError):
    """A code that neither the vocabulary nor the record knows."""


@transaction.atomic
def decide_tags(
    user: User,
    record: Record,
    words: Mapping[Key, Collection[str]],
    verdict: str,
    keep: Callable[[Any], Any],
) -> None:
    """Confirm or remove themes, goals and targets of a record, given with the words that speak for them; the empty
    verdict takes back what was decided. ``record`` is one this user may change; ``keep`` saves its kind as ever.

    Raises NoSuchTag where a code is in no list.
    """
    if verdict not in {"", *TagVerdict.values}:
        raise NoSuchTag(verdict)
    fresh = type(record)._base_manager.select_for_update().get(pk=record.pk)
    decided = decisions_of([fresh.public_id])[fresh.public_id]
    before = codes_of(fresh)
    for key, spoke in words.items():
        _refuse_unknown(fresh, key, decided)
        is_there = (
            _decide(user, fresh, key, verdict, decided, spoke) if verdict else _take_back(user, fresh, key, decided)
        )
        _put(fresh, key, is_there)
    if codes_of(fresh) != before:
        fresh._history_user = user  # type: ignore[attr-defined]  # simple-history reads it
        keep(fresh)


def note_tags(user: User, record: Record, before: Mapping[TagScheme, Collection[str]]) -> None:
    """Themes and goals ticked or unticked in a form are decisions too; ``before`` are those it had."""
    now = {(scheme, code) for scheme, codes in codes_of(record).items() for code in codes}
    was = {(scheme, code) for scheme, codes in before.items() for code in codes}
    if now == was:
        return
    decided = decisions_of([record.public_id])[record.public_id]
    for key in sorted(now ^ was):
        verdict = TagVerdict.CONFIRMED if key in now else TagVerdict.REMOVED
        _write(user, record, key, verdict, decided, (), was_there=key in was)


def codes_of(record: Record) -> Codes:
    """Scheme -> the codes in a record's own columns."""
    columns = {scheme: column_of(type(record), scheme) for scheme in COLUMNS}
    return {scheme: tuple(getattr(record, column)) for scheme, column in columns.items() if column}


def _refuse_unknown(record: Record, key: Key, decided: Collection[Key]) -> None:
    scheme, code = key
    if code not in {*known_codes(scheme), *codes_of(record).get(scheme, ())} and key not in decided:
        raise NoSuchTag(code)


def _decide(
    user: User,
    record: Record,
    key: Key,
    verdict: str,
    decided: Mapping[Key, TagDecision],
    words: Iterable[str],
) -> bool:
    """Whether the record has it from now on."""
    was_there = key[1] in codes_there(record, key[0], decided)
    _write(user, record, key, verdict, decided, words, was_there=was_there)
    return verdict == TagVerdict.CONFIRMED


def _write(
    user: User,
    record: Record,
    key: Key,
    verdict: str,
    decided: Mapping[Key, TagDecision],
    words: Iterable[str],
    *,
    was_there: bool,
) -> None:
    """What was there before the first decision stays known, so that all of them can be taken back."""
    one = decided.get(key) or TagDecision(record=record.public_id, scheme=key[0], code=key[1], was_there=was_there)
    if one.pk and one.verdict == verdict:
        return
    one.verdict, one.by = verdict, user
    one.words = list(words) or one.words
    one._history_user = user  # type: ignore[attr-defined]  # simple-history reads it
    one.save()


def _take_back(user: User, record: Record, key: Key, decided: Mapping[Key, TagDecision]) -> bool:
    """As it was before anybody decided; whether the record had it then."""
    one = decided.get(key)
    if one is None:
        return key[1] in codes_of(record).get(key[0], ())
    was_there = one.was_there
    one._history_user = user  # type: ignore[attr-defined]  # simple-history reads it
    one.delete()
    return was_there


def _put(record: Record, key: Key, is_there: bool) -> None:
    scheme, code = key
    if column := column_of(type(record), scheme):
        others = tuple(one for one in getattr(record, column) if one != code)
        has = len(others) != len(getattr(record, column))
        if has != is_there:
            setattr(record, column, (*others, code) if is_there else others)
