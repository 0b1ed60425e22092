"""Finding the record a cell names: by public id, own id, slug, short name or name in any language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

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


class _Known:
    """All records of one model, by everything they may be called."""

    def __init__(self, model: type[Record], source: str) -> None:
        self.ids: dict[str, str] = {}  # public ids, slugs, and the own ids of this source
        self.elsewhere: dict[str, str] = {}  # the own ids of other sources
        self.names: defaultdict[str, list[str]] = defaultdict(list)
        self.pks: dict[str, int] = {}
        self.public_ids: dict[int, str] = {}
        self.shown: dict[str, str] = {}
        own_first = Case(When(source=source, then=0), default=1)
        records = model._default_manager.defer(*_NOT_NAMES, *model.TELLING).order_by(own_first, "pk")
        for record in records.iterator(AT_ONCE):  # there may be hundreds of thousands
            self.pks[record.public_id] = record.pk
            self.public_ids[record.pk] = record.public_id
            self.shown[record.public_id] = str(record)
            for key in (record.public_id, "" if record.slug.isdigit() else record.slug):
                if key:
                    self.ids.setdefault(key.casefold(), record.public_id)
            if key := record.source_id.casefold():
                ids = self.ids if record.source == source else self.elsewhere
                ids.setdefault(key, record.public_id)
            for name in dict.fromkeys([*record.title_text().plain().values(), *record.other_names()]):
                self.call(name, record.public_id)
        self.merged = self._take_merged(model, source)

    def _take_merged(self, model: type[Record], source: str) -> set[str]:
        """What was made one with another is found there, by whatever it went by."""
        found: set[str] = set()
        latest_first = Merge.objects.filter(undone_at=None).order_by("-pk").values_list("called", flat=True)
        for one in (one for called in latest_first for one in called):
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


class References:
    """What cells may name: the records of the office, and those the same import makes."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._known: dict[str, _Known] = {}
        self._found: dict[tuple[str, str], str | BadValue] = {}
        self._suggested = 0

    def expect(self, model: type[Record], key: str, names: Iterable[str] = ()) -> None:
        """A row of this import that other rows may name."""
        known = self._of(model._meta.label)
        if key.casefold() not in known.ids:
            known.ids[key.casefold()] = coming(model, key)
            for name in names:
                known.call(name, coming(model, key))

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
            self._known[label] = _Known(apps.get_model(label), self.source)
        return self._known[label]

    def _look(self, known: _Known, written: str) -> str:
        if found := known.ids.get(written.casefold()):
            return found
        if not written.isdigit() and (found := known.elsewhere.get(written.casefold())):
            return found  # every list counts from 1: a number means its own list's alone
        called = known.names.get(folded(written), [])
        if len(called) == 1:
            return called[0]
        if called:
            raise BadValue(
                _("More than one record is called this."), _("Write the id of the one you mean."), tuple(called[:5])
            )
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
        names = {**{key.replace("-", " "): key for key in (*known.ids, *known.elsewhere) if "_" not in key}}
        for name, public_ids in known.names.items():
            names.setdefault(name, known.shown.get(public_ids[0], name))
        found = process.extract(wanted, list(names), scorer=fuzz.WRatio, limit=5, score_cutoff=78)
        return tuple(dict.fromkeys(names[name] for name, _score, _at in found))[:3]
