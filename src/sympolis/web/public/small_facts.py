"""The small records that hang on an organisation, read in one question instead of five."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import JSONObject

from sympolis.office.core.enums import TagScheme, TagVerdict
from sympolis.office.core.models import TagDecision
from sympolis.office.core.queries import Reader, visible_documents
from sympolis.office.core.texts import Text, codes
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_departments, visible_figures, visible_people
from sympolis.office.planning.enums import PlanKind
from sympolis.office.planning.queries import visible_plans

KEPT = ("public_id", "slug", "source_url", "confirmed", "illustrative")


@dataclass(frozen=True, slots=True)
class Fact:
    """A department, a post, a figure, a plan or a document: what a line about it needs."""

    public_id: str
    slug: str
    title: Text
    words: str
    kind: str
    themes: tuple[str, ...]
    value: Decimal | None
    year: int | None
    source_url: str
    confirmed: bool
    illustrative: bool


def facts_of(user: Reader, organisation: Organisation) -> Mapping[str, list[Fact]]:
    """``departments``, ``people``, ``figures``, ``plans`` and ``documents`` of an organisation, each in its order, and
    the ``goals`` and targets that a person confirmed of it."""
    own = {"organisation": organisation}
    documents = visible_documents(user).filter(record=organisation.public_id)
    parts = [
        _rows("departments", visible_departments(user).filter(**own), title="name", themes="themes"),
        _rows("people", visible_people(user).filter(**own), title="post", words="name"),
        _rows("figures", visible_figures(user).filter(**own), words="what", value="value", kind="unit", year="year"),
        _rows("plans", visible_plans(user).filter(kind=PlanKind.PLAN, **own), title="title"),
        _rows("documents", documents, words="title", kind="kind", themes="language"),
        _confirmed("goals", organisation, TagScheme.GOAL, TagScheme.TARGET),
    ]
    facts: dict[str, list[Fact]] = defaultdict(list)
    for row in parts[0].union(*parts[1:], all=True):
        facts[row["of"]].append(_fact(row))
    for found in facts.values():
        found.sort(key=lambda fact: (fact.words, str(fact.title)))
    return facts


def _rows(of: str, records: QuerySet[Any], **columns: str) -> QuerySet[Any, Any]:
    """One column of JSON a record, with what that kind of record has."""
    kept = {name: name for name in KEPT}
    return records.order_by().values_list(JSONObject(of=Value(of), **kept, **columns), flat=True)


def _confirmed(of: str, organisation: Organisation, *schemes: TagScheme) -> QuerySet[Any, Any]:
    """What people said it is about, in the shape of the others."""
    found = TagDecision.objects.filter(
        record=organisation.public_id, scheme__in=schemes, verdict=TagVerdict.CONFIRMED
    ).order_by()
    none, yes, no = Value(""), Value(True), Value(False)
    about = {"public_id": "record", "slug": none, "source_url": none, "confirmed": yes, "illustrative": no}
    return found.values_list(JSONObject(of=Value(of), words="code", kind="scheme", **about), flat=True)


def _fact(row: Mapping[str, Any]) -> Fact:
    title = row.get("title") or {}
    value = row.get("value")
    return Fact(
        public_id=row["public_id"],
        slug=row["slug"],
        title=Text(json.loads(title) if isinstance(title, str) else title),
        words=row.get("words", ""),
        kind=row.get("kind", ""),
        themes=codes(row.get("themes", "")),
        value=None if value is None else Decimal(str(value)).normalize(),
        year=row.get("year"),
        source_url=row["source_url"],
        confirmed=bool(row["confirmed"]),
        illustrative=bool(row["illustrative"]),
    )
