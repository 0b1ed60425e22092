"""What an officer asks for, kept in the address: call, lead, size, how new they may be, who is in and who is out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from sympolis.engine.match.consortium import LARGEST
from sympolis.office.synergies.consortium.building import Wish
from sympolis.web.staff.partners.forms import NOVELTY, Newness

_MOST_IDS = LARGEST
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """An address of the page. ``wrong_size`` is what was written where no number of bodies can be read."""

    call: str = ""
    lead: str = ""
    size: int = 0
    newness: Newness = Newness.TRIED
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    wrong_size: str = ""

    @classmethod
    def of(cls, data: QueryDict) -> Asked:
        written, newness = _plain(data.get("size", "")), data.get("new", "")
        size = int(written) if written.isdecimal() and 1 <= int(written[:3]) <= LARGEST and len(written) <= 2 else 0
        include = _ids(data.getlist("with"))
        return cls(
            call=_plain(data.get("call", "")),
            lead=_plain(data.get("lead_id", "") or data.get("lead", "")),
            size=size,
            newness=Newness(newness) if newness in Newness.values else Newness.TRIED,
            include=include,
            exclude=tuple(one for one in _ids(data.getlist("without")) if one not in include),
            wrong_size=written if written and not size else "",
        )

    @property
    def wish(self) -> Wish:
        ends = {self.lead}
        return Wish(
            self.size,
            NOVELTY[self.newness],
            tuple(one for one in self.include if one not in ends),
            tuple(one for one in self.exclude if one not in ends),
        )

    @property
    def query(self) -> str:
        """The same as the end of an address."""
        return urlencode(self.pairs)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What the page was asked with."""
        pairs = [("call", self.call), ("lead", self.lead)]
        if self.size or self.wrong_size:
            pairs.append(("size", self.wrong_size or str(self.size)))
        if self.newness != Newness.TRIED:
            pairs.append(("new", self.newness.value))
        pairs += [("with", one) for one in self.include] + [("without", one) for one in self.exclude]
        return pairs

    @property
    def address(self) -> str:
        return f"{reverse('staff:consortium')}?{self.query}"

    @property
    def file_address(self) -> str:
        return f"{reverse('staff:consortium_file')}?{self.query}"

    def with_one(self, key: str) -> Asked:
        """The same with somebody in, whatever speaks for others."""
        return replace(self, include=_added(self.include, key), exclude=_less(self.exclude, key))

    def without_one(self, key: str) -> Asked:
        return replace(self, include=_less(self.include, key), exclude=_added(self.exclude, key))

    def free(self, key: str) -> Asked:
        """The same with nothing said of somebody."""
        return replace(self, include=_less(self.include, key), exclude=_less(self.exclude, key))

    def led_by(self, key: str) -> Asked:
        return replace(self.free(key), lead=key)


def _ids(listed: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for each in listed if (one := _plain(each))))[:_MOST_IDS]


def _plain(written: str) -> str:
    return written.replace("\x00", "").strip()[:_LONGEST]


def _added(ids: tuple[str, ...], key: str) -> tuple[str, ...]:
    return (*_less(ids, key), key)


def _less(ids: tuple[str, ...], key: str) -> tuple[str, ...]:
    return tuple(one for one in ids if one != key)
