"""What goes along when a record is removed, said before it happens: how many of each in one query, and some by name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import CASCADE, PROTECT, ForeignKey, ManyToManyRel, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from sympolis.office.core.models import Document, Record
from sympolis.office.core.queries import Counted, Reader, is_officer
from sympolis.office.core.templatetags.show import plain
from sympolis.office.core.texts import Text
from sympolis.office.synergies.models import Brief
from sympolis.office.synergies.queries import visible_briefs
from sympolis.web.staff.records.documents import KIND_OF_ID

type Phrase = Callable[[int], str]

PHRASES: dict[str, Phrase] = {
    "organisation": lambda n: ngettext("%(n)d body of it", "%(n)d bodies of it", n),
    "relation": lambda n: ngettext("%(n)d relation", "%(n)d relations", n),
    "department": lambda n: ngettext("%(n)d department", "%(n)d departments", n),
    "person": lambda n: ngettext("%(n)d person", "%(n)d people", n),
    "post": lambda n: ngettext("%(n)d post", "%(n)d posts", n),
    "endreminder": lambda n: ngettext("%(n)d note that its end was told", "%(n)d notes that its end was told", n),
    "figure": lambda n: ngettext("%(n)d figure", "%(n)d figures", n),
    "membershipfee": lambda n: ngettext("%(n)d membership fee", "%(n)d membership fees", n),
    "membershipanswer": lambda n: ngettext(
        "%(n)d answer on what a membership was worth", "%(n)d answers on what memberships were worth", n
    ),
    "membership": lambda n: ngettext("%(n)d user's right to act for it", "%(n)d users' rights to act for it", n),
    "participation": lambda n: ngettext("%(n)d part in a project", "%(n)d parts in projects", n),
    "need": lambda n: ngettext("%(n)d need or offer", "%(n)d needs and offers", n),
    "practice": lambda n: ngettext("%(n)d practice", "%(n)d practices", n),
    "plan": lambda n: ngettext("%(n)d plan or line", "%(n)d plans and lines", n),
    "commitment": lambda n: ngettext("%(n)d promise", "%(n)d promises", n),
    "attendee": lambda n: ngettext(
        "%(n)d person on the list of a meeting, who is not told",
        "%(n)d people on lists of meetings, who are not told",
        n,
    ),
    "invitation": lambda n: ngettext("%(n)d invitation", "%(n)d invitations", n),
    "partnerdecision": lambda n: ngettext(
        "%(n)d decision on whom to work with", "%(n)d decisions on whom to work with", n
    ),
    "worldlink": lambda n: ngettext("%(n)d link to world data", "%(n)d links to world data", n),
    "brief": lambda n: ngettext("%(n)d brief", "%(n)d briefs", n),
    "document": lambda n: ngettext("%(n)d document", "%(n)d documents", n),
}

BRIEF = "brief"
FIRST = 10
"""So many of each kind are named."""
KINDS_NAMED = 6

THE_RECORD_ITSELF = frozenset({"pagedraft"})  # what is being written at a page is the page


def _other(count: int) -> str:
    return ngettext("%(n)d row that belongs to it", "%(n)d rows that belong to it", count)


@dataclass(frozen=True, slots=True)
class Hanging:
    """How many of one kind hang on a record, in words; ``first`` are some of them by title and address, as far as the
    reader may see them, and ``more`` the others."""

    words: str
    count: int
    first: list[tuple[Any, str]]

    @property
    def more(self) -> int:
        return self.count - len(self.first) if self.first else 0

    def __str__(self) -> str:
        return self.words


def consequences_by_name(record: Record, reader: Reader) -> tuple[list[Hanging | str], Hanging | None]:
    """The same for a page, the first of each by name; and the briefs, where any rest on the record. Each kind named is
    a question or two: of a record with more kinds on it than ``KINDS_NAMED`` the rest are counted."""
    hanging = {name: one for name, one in _counts(record).items() if one[0]}
    named = [name for name in (BRIEF, *PHRASES) if name in hanging][:KINDS_NAMED]
    found = {name: _hanging(name, *one, record, reader if name in named else None) for name, one in hanging.items()}
    briefs = found.pop(BRIEF, None)
    return [*found.values(), *_told_by_its_address(found)], briefs


def _told_by_its_address(going: Any) -> list[str]:
    return [gettext("Its address will say that it was removed.")] if going else []


def _hanging(name: str, count: int, rows: list[QuerySet[Any]], record: Record, reader: Reader | None) -> Hanging:
    first = list(_first(rows, record, reader)) if reader else []
    return Hanging(PHRASES.get(name, _other)(count) % {"n": count}, count, first)


def _first(rows: list[QuerySet[Any]], record: Record, reader: Reader) -> Iterator[tuple[Any, str]]:
    """Some of the rows by name: of rows that are part of another record, such as a project, that one."""
    model = rows[0].model
    if model is Brief:
        seen = visible_briefs(reader).filter(_any(rows, "pk"))[:FIRST]
        yield from ((one.title, reverse("staff:brief", kwargs={"public_id": one.public_id})) for one in seen)
        return
    key = "pk" if issubclass(model, Record) else _owner(model, record)
    if not key:
        return
    kind = KIND_OF_ID[(model if key == "pk" else model._meta.get_field(key).related_model).ID_PREFIX]
    named = kind.with_rows(kind.visible(reader).filter(_any(rows, key)), reader)
    for one in named.order_by("pk")[:FIRST]:
        yield kind.called(one), _address(one, reader)


def _any(rows: list[QuerySet[Any]], key: str) -> Q:
    return reduce(or_, (Q(pk__in=some.order_by().values(key)) for some in rows))


def _owner(model: Any, record: Record) -> str:
    """The column that says which record a row is part of, other than the one that goes."""
    links = (one for one in model._meta.concrete_fields if isinstance(one, ForeignKey))
    of_kinds = (one for one in links if getattr(one.related_model, "ID_PREFIX", "") in KIND_OF_ID)
    return next((one.name for one in of_kinds if not isinstance(record, one.related_model)), "")


def _address(record: Any, reader: Reader) -> str:
    """Where the reader looks at it: who decides at its form, others at its page; empty where it has none for them."""
    if is_officer(reader):
        return reverse("staff:change", kwargs={"public_id": record.public_id})
    return record.get_absolute_url() if record.PAGE else ""


def staying_without(record: Record, reader: Reader) -> list[Hanging]:
    """What stays and loses the record out of a list of its own, such as agreements it is a party to: as far as the
    reader may see these, in one question."""
    parts = [_standing_in(model, rows, reader) for model, rows in _lists_with(record).items()]
    found: dict[str, Hanging] = {}
    for prefix, count, public_id, slug, title in parts[0].union(*parts[1:], all=True) if parts else ():
        kind = KIND_OF_ID[prefix]
        one = kind.form._meta.model(public_id=public_id, slug=slug)
        hanging = found.setdefault(prefix, Hanging(f"{kind.title}: {count}", count, []))
        hanging.first.append((_text(title), _address(one, reader)))
    for hanging in found.values():
        hanging.first.sort(key=lambda named: plain(named[0]))
    return list(found.values())


def _lists_with(record: Record) -> dict[Any, list[QuerySet[Any]]]:
    """By the kind of record whose lists this one may stand in: which of them have it. Parts in projects go along, as
    rows of their own."""
    found: dict[Any, list[QuerySet[Any]]] = {}
    for link in record._meta.get_fields(include_hidden=True):
        if not isinstance(link, ManyToManyRel):
            continue
        many: Any = link.field
        through: Any = link.through
        if not through._meta.auto_created:
            continue
        if getattr(many.model, "ID_PREFIX", "") in KIND_OF_ID and hasattr(many.model, "title"):
            rows = through._default_manager.filter(**{many.m2m_reverse_field_name(): record.pk})
            found.setdefault(many.model, []).append(rows.values(many.m2m_field_name()))
    return found


def _standing_in(model: Any, rows: list[QuerySet[Any]], reader: Reader) -> QuerySet[Any, Any]:
    has_it = reduce(or_, (Q(pk__in=some) for some in rows))
    seen = KIND_OF_ID[model.ID_PREFIX].visible(reader).filter(has_it).order_by()
    first = model._default_manager.filter(pk__in=seen.order_by("-pk").values("pk")[:FIRST]).order_by()
    of = Value(model.ID_PREFIX, output_field=TextField())
    told: QuerySet[Any, Any] = first.annotate(of=of, many=Counted(seen))
    return told.values_list("of", "many", "public_id", "slug", Cast("title", TextField()))


def _text(kept: Any) -> Text:
    return Text(json.loads(kept) if isinstance(kept, str) else kept or {})


def hanging_on(record: Record) -> list[str]:
    """What names a record, in words: one query."""
    return _phrases({name: count for name, (count, _rows) in _counts(record).items()})


def _phrases(counts: dict[str, int]) -> list[str]:
    return [PHRASES.get(name, _other)(count) % {"n": count} for name, count in counts.items() if count]


def _counts(record: Record) -> dict[str, tuple[int, list[QuerySet[Any]]]]:
    """Of each kind of row that hangs on the record: how many, and which."""
    rows: dict[str, QuerySet[Any]] = {}
    links: list[Any] = list(record._meta.get_fields(include_hidden=True))
    for place, link in enumerate(links):
        if not (link.auto_created and (link.one_to_many or link.one_to_one)) or link.concrete:
            continue
        other: Any = link.related_model
        if other._meta.model_name in THE_RECORD_ITSELF:
            continue
        if getattr(link, "on_delete", None) not in (CASCADE, PROTECT) or other._meta.auto_created:
            continue
        rows[f"count_{place}"] = other._base_manager.filter(**{link.field.name: record.pk})
    rows["count_documents"] = Document._base_manager.filter(record=record.public_id)
    wanted: Any = {key: Counted(some) for key, some in rows.items()}
    found: Any = type(record)._base_manager.filter(pk=record.pk).values(**wanted).get()
    counts: dict[str, tuple[int, list[QuerySet[Any]]]] = {}
    for key, count in found.items():
        name = rows[key].model._meta.model_name or ""
        before, some = counts.get(name, (0, []))
        counts[name] = (before + count, [*some, rows[key]])
    return counts
