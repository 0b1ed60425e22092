"""The fields of a record as plain values, one address each, so that they can be compared, kept and put back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import models

from sympolis.engine.model import PartialDate
from sympolis.office.core.dates import Dated
from sympolis.office.core.imports.definition import Link
from sympolis.office.core.imports.references import References
from sympolis.office.core.models import Record
from sympolis.office.core.texts import CodesField, MultilingualField

type Links = Mapping[tuple[int, str], list[str]]
"""(record's key, address) -> public ids."""


def field_of(model: type[Record], address: str) -> Any:
    """The field an address leads to: ``title.fr`` -> the field ``title``; a Dated for dates in two columns."""
    name = address.partition(".")[0]
    dated = model.__dict__.get(name)
    return dated if isinstance(dated, Dated) else model._meta.get_field(name)


def columns_of(model: type[Record], address: str) -> tuple[str, ...]:
    """The columns of the database that an address writes."""
    found = field_of(model, address)
    return (found.earliest, found.latest) if isinstance(found, Dated) else (found.name,)


def read(record: Record, address: str, references: References) -> Any:
    """The value at an address: text, number, yes or no, list of codes, public id of another record."""
    name, _dot, language = address.partition(".")
    found = field_of(type(record), address)
    if isinstance(found, Dated):
        return dated_text(getattr(record, name))
    value = getattr(record, found.attname)
    if isinstance(found, MultilingualField):
        return value.get_text(language)
    if isinstance(found, models.ForeignKey):
        return references.public_id(found.remote_field.model._meta.label, value) if value else ""
    return _plain(found, value)


def write(record: Record, address: str, value: Any, references: References, **about: Any) -> None:
    """Put a plain value at an address; ``about`` goes along with a text."""
    name, _dot, language = address.partition(".")
    found = field_of(type(record), address)
    if isinstance(found, Dated):
        setattr(record, name, dated_value(value or ""))
    elif isinstance(found, MultilingualField):
        getattr(record, name).write(language, value or "", **about)
    elif isinstance(found, models.ForeignKey):
        label = found.remote_field.model._meta.label
        setattr(record, found.attname, references.pk(label, value) if value else None)
    elif isinstance(found, models.DecimalField):
        setattr(record, name, Decimal(value) if value not in (None, "") else None)
    elif isinstance(found, models.DateField):
        setattr(record, name, date.fromisoformat(value) if value else None)
    elif isinstance(found, models.TimeField):
        setattr(record, name, time.fromisoformat(value) if value else None)
    else:
        setattr(record, name, value)


def says_nothing(model: type[Record], address: str, value: Any) -> bool:
    """Empty, or what the field holds when nobody filled it."""
    if value in ("", None, [], {}):
        return True
    found = field_of(model, address)
    if isinstance(found, Dated | MultilingualField | models.ForeignKey):
        return False
    return bool(value == _plain(found, found.get_default()))


def dated_text(value: PartialDate) -> str:
    """A date as written; one that no single writing tells as ``earliest/latest``."""
    written = str(value)
    if PartialDate.parse(written) == value:
        return written
    return f"{value.earliest or ''}/{value.latest or ''}"


def dated_value(written: str) -> PartialDate:
    earliest, slash, latest = written.partition("/")
    if not slash:
        return PartialDate.parse(written)
    return PartialDate(
        date.fromisoformat(earliest) if earliest else None, date.fromisoformat(latest) if latest else None
    )


def read_links(
    links: Mapping[str, Link], pks: Iterable[int], references: References
) -> dict[tuple[int, str], list[str]]:
    """The public ids at every address of a list, for many records at once."""
    wanted = list(pks)
    found: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for address, link in links.items():
        label = _target_label(link)
        for start in range(0, len(wanted), 5000):
            rows = link.through._default_manager.filter(
                **{f"{link.owner}__in": wanted[start : start + 5000]}, **link.extra
            ).order_by("pk")
            for owner, target in rows.values_list(f"{link.owner}_id", f"{link.target}_id"):
                found[owner, address].append(references.public_id(label, target))
    return found


def write_links(link: Link, lists: Mapping[int, list[str]], references: References) -> None:
    """Make the lists of many records what they should be; a target with another role changes its role."""
    label = _target_label(link)
    manager = link.through._default_manager
    wanted = {owner: [references.pk(label, public_id) for public_id in ids] for owner, ids in lists.items()}
    there: dict[tuple[int, int], Any] = {}
    for start in range(0, len(wanted), 5000):
        owners = list(wanted)[start : start + 5000]
        for row in manager.filter(**{f"{link.owner}__in": owners}):
            there[getattr(row, f"{link.owner}_id"), getattr(row, f"{link.target}_id")] = row
    fresh: list[models.Model] = []
    moved: list[models.Model] = []
    gone = [row.pk for (owner, target), row in there.items() if target not in wanted[owner] and _has(row, link.extra)]
    for owner, targets in wanted.items():
        for target in targets:
            held = there.get((owner, target))
            if held is None:
                fresh.append(link.through(**{f"{link.owner}_id": owner, f"{link.target}_id": target}, **link.extra))
            elif not _has(held, link.extra):
                for name, value in link.extra.items():
                    setattr(held, name, value)
                moved.append(held)
    manager.filter(pk__in=gone).delete()
    manager.bulk_create(fresh, batch_size=2000)
    if moved:
        manager.bulk_update(moved, list(link.extra), batch_size=500)


def _has(row: models.Model, extra: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in extra.items())


def _target_label(link: Link) -> str:
    target: Any = link.through._meta.get_field(link.target)
    return str(target.remote_field.model._meta.label)


def _plain(found: Any, value: Any) -> Any:
    if isinstance(found, CodesField):
        return list(found.to_python(value))
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return value
