"""Finding the record a cell names: by public id, own id, slug, short name or name in any language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db.models import Case, When
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from sympolis.office.core.imports.definition import coming
from sympolis.office.core.imports.errors import BadValue
from sympolis.office.core.models import Merge, Record
from sympolis.office.core.texts import folded

AT_ONCE = 2_000
_NOT_NAMES = ("imported", "folded", "note", "source_url", "retrieved_at", "created_at", "updated_at")
_MOST_SUGGESTED_FOR = 100  # looking for the nearest name among thousands takes its time
_SHORTEST = 3  # letters: fewer are near to anything
_LIKE = 75  # of 100: two letters of a name in each other's place are that near
_BEHIND = 12  # how far behind the nearest others are still proposed


class _Known:
    """All records of one model, by everything they may be called."""

    def __init__(self, model: type[Record], source: str, merged: Iterable[Any]) -> None:
        self.ids: dict[str, str] = {}  # public ids, slugs, and the own ids of this source
        self.elsewhere: dict[str, str] = {}  # the own ids of other sources
        self.names: defaultdict[str, list[str]] = defaultdict(list)
        self.pks: dict[str, int] = {}
        self.public_ids: dict[int, str] = {}
        self.shown: dict[str, str] = {}
        self.slugs: dict[str, str] = {}
        own_first = Case(When(source=source, then=0), default=1)
        records = model._default_manager.defer(*_NOT_NAMES, *model.TELLING).order_by(own_first, "pk")
        for record in records.iterator(AT_ONCE):  # there may be hundreds of thousands
            self.pks[record.public_id] = record.pk
            self.public_ids[record.pk] = record.public_id
            self.shown[record.public_id] = str(record)
            self.slugs[record.public_id] = "" if record.slug.isdigit() else record.slug
            for key in (record.public_id, self.slugs[record.public_id]):
                if key:
                    self.ids.setdefault(key.casefold(), record.public_id)
            if key := record.source_id.casefold():
                ids = self.ids if record.source == source else self.elsewhere
                ids.setdefault(key, record.public_id)
            for name in dict.fromkeys([*record.title_text().plain().values(), *record.other_names()]):
                self.call(name, record.public_id)
        self.merged = self._take_merged(model, source, merged)

    def _take_merged(self, model: type[Record], source: str, merged: Iterable[Any]) -> set[str]:
        """What was made one with another is found there, by whatever it went by."""
        found: set[str] = set()
        for one in merged:
            stays = self.ids.get(one["into"])
            if stays is None or not one["record"].startswith(f"{model.ID_PREFIX}_"):
                continue
            slug, own = one["slug"], one["source_id"]
            self.ids.setdefault(one["record"], stays)
            if slug and not slug.isdigit():
                self.ids.setdefault(slug.casefold(), stays)
            ids = self.ids if one["source"] == source else self.elsewhere
            if own and ids.setdefault(own.casefold(), stays) == stays:
                found.add(own.casefold())
        return found

    def call(self, name: str, public_id: str) -> None:
        wanted = folded(name)
        called = self.names[wanted] if wanted else []
        if wanted and called[-1:] != [public_id]:  # the names of one record come one after the other
            called.append(public_id)

    def expect(self, public_id: str, key: str, names: Iterable[str]) -> None:
        """A record still to be made, unless one goes by this key already."""
        if self.ids.setdefault(key.casefold(), public_id) == public_id:
            for name in names:
                self.call(name, public_id)
            self.__dict__.pop("near", None)

    def meant(self, written: str) -> list[str]:
        """The public ids of what a cell may name: by an id one, by a name as many as are called so."""
        if found := self.ids.get(written.casefold()):
            return [found]
        if not written.isdigit() and (found := self.elsewhere.get(written.casefold())):
            return [found]  # every list counts from 1: a number means its own list's alone
        return self.names.get(folded(written), [])

    def word_for(self, public_id: str) -> str:
        """What to write for a record so that nothing else is meant: its name, else its slug, else its id."""
        words = (self.shown.get(public_id), self.slugs.get(public_id), public_id.partition("#")[2])
        return next((word for word in words if word and self.meant(word) == [public_id]), public_id)

    @cached_property
    def near(self) -> dict[str, list[str]]:
        """Everything that somebody may have meant to write -> whom it means."""
        ids = {key.replace("-", " "): [found] for key, found in (self.elsewhere | self.ids).items() if "_" not in key}
        return ids | self.names


class References:
    """What cells may name: the records of the office, and those the same import makes."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._known: dict[str, _Known] = {}
        self._found: dict[tuple[str, str], str | BadValue] = {}
        self._suggested = 0

    def expect(self, model: type[Record], key: str, names: Iterable[str] = ()) -> None:
        """A row of this import that other rows may name."""
        self._of(model._meta.label).expect(coming(model, key), key, names)

    def call(self, model: type[Record], key: str, name: str) -> None:
        """How people call a record that is still to be made."""
        self._of(model._meta.label).shown.setdefault(coming(model, key), name)

    def find(self, label: str, written: str) -> str:
        """The public id of what a cell names. Raises BadValue with the nearest names."""
        if (label, written) not in self._found:
            try:
                self._found[label, written] = self._look(self._of(label), written)
            except BadValue as error:
                self._found[label, written] = error
        found = self._found[label, written]
        if isinstance(found, BadValue):
            raise found
        return found

    def by_name(self, model: type[Record], names: Iterable[str]) -> str:
        """The one record called by any of these names; empty where there is none or more than one."""
        known = self._of(model._meta.label)
        found = {public_id for name in names for public_id in known.names.get(folded(name), ())}
        return found.pop() if len(found) == 1 else ""

    def by_id(self, model: type[Record], key: str, of_this_source: bool = False) -> str:
        """The record that has this public id, slug or own id already; empty where there is none.

        An id somebody gave means nothing outside its own source; one made of what a row says means the same anywhere.
        """
        known = self._of(model._meta.label)
        found = known.ids.get(key.casefold(), "" if of_this_source else known.elsewhere.get(key.casefold(), ""))
        return "" if found == coming(model, key) else found

    def is_merged(self, model: type[Record], key: str) -> bool:
        """Whether this own id is of a record that was made one with another."""
        return key.casefold() in self._of(model._meta.label).merged

    def pk(self, label: str, public_id: str) -> int:
        return self._of(label).pks[public_id]

    def public_id(self, label: str, pk: int) -> str:
        return self._of(label).public_ids[pk]

    def shown(self, public_id: str) -> str:
        """The name of a record already looked up, for people."""
        return next((known.shown[public_id] for known in self._known.values() if public_id in known.shown), public_id)

    def made(self, records: Iterable[Record]) -> None:
        """Records that now exist."""
        for record in records:
            known = self._of(record._meta.label)
            known.pks[record.public_id] = record.pk
            known.public_ids[record.pk] = record.public_id

    def _of(self, label: str) -> _Known:
        if label not in self._known:
            self._known[label] = _Known(apps.get_model(label), self.source, self._merged)
        return self._known[label]

    @cached_property
    def _merged(self) -> list[Any]:
        """What records of any kind went by that were made one with another, the latest first."""
        latest_first = Merge.objects.filter(undone_at=None).order_by("-pk").values_list("called", flat=True)
        return [one for called in latest_first for one in called]

    def _look(self, known: _Known, written: str) -> str:
        meant = known.meant(written)
        if len(meant) == 1:
            return meant[0]
        if meant:
            words = tuple(known.word_for(one) for one in meant[:5])
            raise BadValue(_("More than one record is called this."), _("Write the id of the one you mean."), words)
        raise BadValue(
            _("Nothing with this id or name is known."),
            _("Correct it, or bring in the table that holds it first."),
            self._nearest(known, written),
        )

    def _nearest(self, known: _Known, written: str) -> tuple[str, ...]:
        self._suggested += 1
        if self._suggested > _MOST_SUGGESTED_FOR:
            return ()
        wanted = folded(written)
        if len(wanted) < _SHORTEST:
            return ()
        found = process.extract(wanted, known.near.keys(), scorer=fuzz.WRatio, limit=5, score_cutoff=_LIKE)
        least = max((score for _name, score, _at in found), default=0) - _BEHIND
        meant = (public_id for name, score, _at in found if score >= least for public_id in known.near[name])
        return tuple(dict.fromkeys(known.word_for(one) for one in meant))[:3]
