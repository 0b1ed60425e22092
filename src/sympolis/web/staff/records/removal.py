"""What goes along when a record is removed, said before it happens: one query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import CASCADE, PROTECT
from django.utils.translation import gettext, ngettext

from sympolis.office.core.models import Document, Record
from sympolis.office.core.queries import Counted

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

THE_RECORD_ITSELF = frozenset({"pagedraft"})  # what is being written at a page is the page


def _other(count: int) -> str:
    return ngettext("%(n)d row that belongs to it", "%(n)d rows that belong to it", count)


def consequences(record: Record) -> tuple[list[str], int]:
    """What would go, in words; and how many briefs rest on the record and so keep it from going."""
    counts = _counts(record)
    kept_by_briefs = counts.pop("brief", 0)
    phrases = _phrases(counts)
    if phrases:
        phrases.append(gettext("Its address will say that it was removed."))
    return phrases, kept_by_briefs


def hanging_on(record: Record) -> list[str]:
    """What names a record, in words: one query."""
    return _phrases(_counts(record))


def _phrases(counts: dict[str, int]) -> list[str]:
    return [PHRASES.get(name, _other)(count) % {"n": count} for name, count in counts.items() if count]


def _counts(record: Record) -> dict[str, int]:
    wanted: dict[str, Any] = {}
    names: dict[str, str] = {}
    links: list[Any] = list(record._meta.get_fields(include_hidden=True))
    for place, link in enumerate(links):
        if not (link.auto_created and (link.one_to_many or link.one_to_one)) or link.concrete:
            continue
        other: Any = link.related_model
        if other._meta.model_name in THE_RECORD_ITSELF:
            continue
        if getattr(link, "on_delete", None) not in (CASCADE, PROTECT) or other._meta.auto_created:
            continue
        key = f"count_{place}"
        wanted[key] = Counted(other._base_manager.filter(**{link.field.name: record.pk}))
        names[key] = other._meta.model_name
    wanted["count_documents"] = Counted(Document.objects.filter(record=record.public_id))
    names["count_documents"] = "document"
    found: Any = type(record)._base_manager.filter(pk=record.pk).values(**wanted).get()
    counts: dict[str, int] = {}
    for key, count in found.items():
        counts[names[key]] = counts.get(names[key], 0) + count
    return counts
