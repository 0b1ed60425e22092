"""The same one twice among the office's own records: who may be one, why, and what somebody said of it.

Looking through all of them takes its time and is the worker's business; pages read what it found (``Double``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.tasks import TaskResultStatus, task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from rapidfuzz import fuzz

from sympolis.engine.resolve.bodies import prepare
from sympolis.engine.resolve.resolve import judged
from sympolis.office.core.jobs.queues import LONG
from sympolis.office.core.keeping.notes import read_note, write_note
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.queries import Reader, is_officer
from sympolis.office.core.texts import folded
from sympolis.office.directory.enums import BODY
from sympolis.office.directory.models import Double, Organisation, Person
from sympolis.office.directory.world.candidates import body_of_ours

NOTE = "doubles.json"  # when somebody looked last, and how it went
LEAST, LEAST_OF_PEOPLE = 0.5, 0.45  # how likely two must be to be proposed
MOST_IN_BLOCK, NEIGHBOURS = 60, 6
MOST_SHARING = 3  # a mail address or a name that more share says little of any two of them
ALIKE = 88  # of a hundred: names that differ in a letter or two
LEAST_DIGITS, TOLD_DIGITS = 7, 8
_TITLES = frozenset({"dr", "dra", "mr", "mrs", "ms", "sr", "sra", "mme", "prof", "ing"})

type Why = tuple[str, float, str, str]
"""A reason: its key, how much it speaks for (above 0) or against, what was compared on either side."""


@dataclass(frozen=True, slots=True)
class Found:
    """Two records by public id, in order, that may be one."""

    pair: str
    score: float
    reasons: tuple[Why, ...]


def pair_of(one: str, other: str) -> str:
    """Two public ids in order: the same pair from either side."""
    return " ".join(sorted((one, other)))


def alike_organisations() -> list[Found]:
    """Organisations that may be one, compared as the world's data are; commissions only within the same body."""
    rows = {
        one.public_id: one
        for one in Organisation.objects.only(
            "public_id", "name", "name_language", "names", "short_name", "aliases", "called", "country", "kind",
            "latitude", "longitude", "website", "parent", "illustrative",
        ).order_by("pk")
    }  # fmt: skip
    keys = {str(one.pk): one for one in rows.values()}
    found = []
    for one in judged(prepare([body_of_ours(each) for each in rows.values()], None)):
        left, right = keys[one.left], keys[one.right]
        if _may_be_one(left, right) and one.score >= LEAST:
            reasons = tuple(
                (f"resolve-{each.name}", each.score, _said(each.values.get("left")), _said(each.values.get("right")))
                for each in sorted(one.features, key=lambda each: -abs(each.score))
                if each.score
            )
            found.append(Found(pair_of(left.public_id, right.public_id), one.score, reasons))
    return found


def _may_be_one(left: Organisation, right: Organisation) -> bool:
    """Every network has a commission of culture, and a part is not the whole."""
    if left.illustrative != right.illustrative or left.pk in {right.parent_id} or right.pk in {left.parent_id}:
        return False
    return BODY not in {left.kind, right.kind} or left.parent_id == right.parent_id


def _said(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")


@dataclass(frozen=True, slots=True)
class _Somebody:
    """A person as far as two are compared."""

    public_id: str
    name: str
    words: tuple[str, ...]
    mail: str
    telephone: str
    organisation: int
    example: bool

    @property
    def key(self) -> str:
        return " ".join(sorted(self.words))


def alike_people() -> list[Found]:
    """People who may be one: by mail address, telephone, name and house. Reads each once and compares those alone that
    share something."""
    columns = ("public_id", "name", "email", "telephone", "organisation", "illustrative")
    people = [_somebody(*row) for row in Person.objects.order_by("pk").values_list(*columns)]
    mails, names = (_shared(people, of) for of in (lambda one: one.mail, lambda one: one.key))
    found = []
    for at, to in _worth_comparing(people):
        one, other = people[at], people[to]
        if one.example == other.example and (reasons := _compared(one, other, mails, names)):
            score = min(0.99, round(sum(reason[1] for reason in reasons if reason[1] > 0), 2))
            if score >= LEAST_OF_PEOPLE:
                found.append(Found(pair_of(one.public_id, other.public_id), score, reasons))
    return found


def _somebody(public_id: str, name: str, mail: str, telephone: str, organisation: int, example: bool) -> _Somebody:
    words = tuple(folded(name).split())
    called = tuple(word for word in words if word not in _TITLES) or words
    digits = re.sub(r"\D", "", telephone)
    told = digits[-TOLD_DIGITS:] if len(digits) >= LEAST_DIGITS else ""
    return _Somebody(public_id, name, called, mail.strip().casefold(), told, organisation, example)


def _shared(people: Iterable[_Somebody], of: Callable[[_Somebody], str]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for one in people:
        counts[of(one)] += 1
    return counts


def _worth_comparing(people: Sequence[_Somebody]) -> Iterator[tuple[int, int]]:
    """Places of those who share a key, each two once. Of many who share one, each with the next few by name alone."""
    blocks: defaultdict[Hashable, list[int]] = defaultdict(list)
    for at, one in enumerate(people):
        for key in _keys(one):
            blocks[key].append(at)
    seen: set[tuple[int, int]] = set()
    for held in blocks.values():
        for pair in _pairs(held, people):
            if pair not in seen:
                seen.add(pair)
                yield pair


def _keys(one: _Somebody) -> Iterator[Hashable]:
    if one.mail:
        yield ("mail", one.mail)
    if one.words:
        yield ("name", one.key)
    for word in set(one.words):
        yield (one.organisation, word)
        if one.telephone:
            yield (one.telephone, word)


def _pairs(held: list[int], people: Sequence[_Somebody]) -> Iterator[tuple[int, int]]:
    if len(held) <= MOST_IN_BLOCK:
        yield from combinations(held, 2)
        return
    ordered = sorted(held, key=lambda at: (people[at].key, at))
    for step in range(1, NEIGHBOURS + 1):
        yield from ((min(pair), max(pair)) for pair in zip(ordered, ordered[step:], strict=False))


def _compared(one: _Somebody, other: _Somebody, mails: dict[str, int], names: dict[str, int]) -> tuple[Why, ...]:
    """Why two may be one; nothing where they surely are not."""
    name = _names_compared(one, other)
    mail = bool(one.mail) and one.mail == other.mail
    house = one.organisation == other.organisation
    telephone = bool(one.telephone) and one.telephone == other.telephone
    if name == "names-differ" and not (mail and mails[one.mail] <= 2):
        return ()  # a shared mailbox, the telephone of a whole floor
    if name == "name-unknown" and not (mail and mails[one.mail] <= MOST_SHARING):
        return ()
    if not (mail or house or telephone) and names[one.key] > MOST_SHARING:
        return ()  # there are many of this name
    reasons: list[Why] = [(f"person-{name}", _OF_NAMES[name], "", "")]
    if mail:
        reasons.append(("person-mail", 0.45, "", ""))
    if telephone and name != "names-differ":
        reasons.append(("person-telephone", 0.3, "", ""))
    if house and name != "names-differ":
        reasons.append(("person-organisation", 0.3, "", ""))
    if not house:
        reasons.append(("person-elsewhere", -0.1, "", ""))
    return tuple(reasons)


_OF_NAMES = {"same-name": 0.5, "alike-names": 0.4, "name-unknown": 0.1, "names-differ": -0.1}


def _names_compared(one: _Somebody, other: _Somebody) -> str:
    if not one.words or not other.words:
        return "name-unknown"
    if one.key == other.key:
        return "same-name"
    likeness = fuzz.token_sort_ratio(one.key, other.key)
    if min(len(one.words), len(other.words)) > 1:  # all words of the shorter one stand in the longer one
        likeness = max(likeness, fuzz.token_set_ratio(one.key, other.key) * 0.95)
    return "alike-names" if likeness >= ALIKE else "names-differ"


KINDS: dict[str, Callable[[], list[Found]]] = {
    Organisation.ID_PREFIX: alike_organisations,
    Person.ID_PREFIX: alike_people,
}
"""What can be looked through, by the prefix of its ids."""


def look_through() -> int:
    """Look through everything and keep what was found; how many pairs wait. What somebody decided stays decided."""
    for prefix, search in KINDS.items():
        found = {one.pair: one for one in search()}
        with transaction.atomic():
            _keep(prefix, found)
    return Double.objects.filter(apart_at=None).count()


def _keep(prefix: str, found: dict[str, Found]) -> None:
    known = {one.pair: one for one in Double.objects.filter(prefix=prefix)}
    lost = [one.pk for pair, one in known.items() if pair not in found and not one.apart_at]
    Double.objects.filter(pk__in=lost).delete()
    fresh, changed = [], []
    for pair, one in found.items():
        reasons = [list(reason) for reason in one.reasons]
        if pair not in known:
            fresh.append(Double(pair=pair, prefix=prefix, score=one.score, reasons=reasons))
        elif (known[pair].score, known[pair].reasons) != (one.score, reasons):
            known[pair].score, known[pair].reasons = one.score, reasons
            changed.append(known[pair])
    Double.objects.bulk_create(fresh, batch_size=500)
    Double.objects.bulk_update(changed, ["score", "reasons"], batch_size=200)


@task(queue_name=LONG)
def find_doubles() -> int:
    """Look through everything; when it was done is noted."""
    waiting = look_through()
    write_note(NOTE, {"at": timezone.now().isoformat()})
    return waiting


def start_looking() -> bool:
    """Ask the worker to look through everything; False where that waits or goes on already."""
    if is_looking():
        return False
    find_doubles.enqueue()
    return True


def is_looking() -> bool:
    under_way = (TaskResultStatus.READY, TaskResultStatus.RUNNING)
    return DBTaskResult.objects.filter(task_path=find_doubles.module_path, status__in=under_way).exists()


def look_nightly() -> None:
    """Every night: what was added yesterday is compared with all there is."""
    start_looking()


def looked_at() -> str:
    """When everything was looked through last, as ISO 8601; empty where nobody did yet."""
    return str(read_note(NOTE).get("at", ""))


def waiting_doubles(user: Reader, prefix: str) -> QuerySet[Double]:
    """Pairs nobody has decided, the likeliest first. For the office alone."""
    found = Double.objects.filter(prefix=prefix, apart_at=None).order_by("-score", "pk")
    return found if is_officer(user) else found.none()


def apart_doubles(user: Reader) -> QuerySet[Double]:
    """Pairs of which somebody said that they are not the same, the latest first."""
    found = Double.objects.filter(apart_at__isnull=False).select_related("apart_by").order_by("-apart_at", "-pk")
    return found if is_officer(user) else found.none()


def say_apart(user: User, one: str, other: str) -> Double:
    """Remember that two are not the same: they are never proposed again, until somebody takes it back."""
    officers_only(user)
    prefix = one.partition("_")[0]
    said, _made = Double.objects.update_or_create(
        pair=pair_of(one, other), defaults={"prefix": prefix, "apart_by": user, "apart_at": timezone.now()}
    )
    return said


def take_apart_back(user: User, double: Double) -> None:
    """The pair waits again; one that only a person brought up is forgotten."""
    officers_only(user)
    if not double.reasons:
        double.delete()
        return
    double.apart_by, double.apart_at = None, None
    double.save(update_fields=["apart_by", "apart_at"])
