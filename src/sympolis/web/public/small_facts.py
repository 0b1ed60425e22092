"""The small records that hang on an organisation, read in one question instead of nine."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import JSONObject

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.enums import TagScheme, TagVerdict
from sympolis.office.core.models import TagDecision, page_address
from sympolis.office.core.prepared import Prepared
from sympolis.office.core.queries import Reader, among, belongs_to, told_to, visible_documents
from sympolis.office.core.texts import Text, codes
from sympolis.office.directory.enums import BODY
from sympolis.office.directory.models import Agreement, Organisation, Position
from sympolis.office.directory.queries import (
    over,
    visible_agreements,
    visible_departments,
    visible_figures,
    visible_organisations,
    visible_people,
    visible_positions,
    visible_posts,
)
from sympolis.office.events.encounters import PARTS, parts_around
from sympolis.office.events.models import Event
from sympolis.office.events.queries import visible_events
from sympolis.office.planning.enums import PlanKind
from sympolis.office.planning.queries import visible_plans
from sympolis.office.projects.practices.queries import visible_practices
from sympolis.office.projects.queries import last_said, visible_needs
from sympolis.office.publishing.models import NewsItem, Publication
from sympolis.office.publishing.publications.queries import visible_publications
from sympolis.office.publishing.queries import visible_news

RECENT = 12
KEPT = ("public_id", "slug", "source_url", "confirmed", "illustrative")


@dataclass(frozen=True, slots=True)
class Fact:
    """A department, a post, a figure, a need, an agreement, an event …: what a line about it needs.

    ``others`` are the names of the other parties to an agreement. A need begins when somebody last said that it holds.
    """

    public_id: str
    slug: str
    title: Text
    words: str
    text: Text
    kind: str
    themes: tuple[str, ...]
    value: Decimal | None
    year: int | None
    start: PartialDate
    end: PartialDate
    source_url: str
    confirmed: bool
    illustrative: bool
    url: str = ""
    mailbox: str = ""
    others: list[str] = field(default_factory=list)


PAGES = {
    "agreements": "agreement",
    "practices": "practice",
    "positions": "position",
    "publications": "publication",
    "events": "event",
    "news": "news_item",
}
"""The public pages of those that are linked to."""


def facts_of(user: Reader, organisation: Organisation) -> tuple[Mapping[str, list[Fact]], list[Any]]:
    """And the rows that tell whom it met at events, for ``with_one_of``.

    ``people`` of a body alone, with the posts they hold or held there: ``words`` is who, ``title`` the post.
    ``departments``, ``figures``, ``plans``, ``documents`` and ``needs`` by what they say, and the ``goals`` and
    targets a person confirmed; ``agreements``, ``practices``, ``positions``, ``publications``, the last dozen
    of ``events`` and ``news``, the latest first."""
    facts: dict[str, list[Fact]] = defaultdict(list)
    others: dict[str, list[str]] = defaultdict(list)
    at_events: list[Any] = []
    for (said,) in _FACTS.rows(user, organisation.pk, organisation.public_id):
        row = json.loads(said) if isinstance(said, str) else said
        if row["of"] in PARTS:
            at_events.append(row)
        elif row["of"] == "parties":
            others[row["agreement"]].append(row["short_name"] or row["name"])
        else:
            facts[row["of"]].append(_fact(row))
    for agreement in facts["agreements"]:
        agreement.others.extend(sorted(others[agreement.public_id]))
    for of, found in facts.items():
        found.sort(key=lambda fact: (fact.words, str(fact.title)))
        if of in PAGES:
            found.sort(key=lambda fact: fact.start.latest or date.min, reverse=True)
    return facts, at_events


def _question(user: Reader, organisation: int, public_id: str) -> QuerySet[Any, Any]:
    own = {"organisation": organisation}
    agreements = visible_agreements(user).filter(parties=organisation)
    parties = Agreement.parties.through.objects.filter(
        among(visible_organisations(user), "organisation"), agreement__in=agreements.order_by().values("pk")
    ).exclude(organisation=organisation)
    organised = Event.organisers.through.objects.filter(organisation=organisation).values("event")
    attended = Event.cities.through.objects.filter(organisation=organisation).values("event")
    events = visible_events(user).filter(pk__in=organised.union(attended))
    told_of = NewsItem.organisations.through.objects.filter(organisation=organisation).values("newsitem")
    news = visible_news(user).filter(Q(pk__in=told_of) | Q(**own))
    signed = Position.signatories.through.objects.filter(organisation=organisation).values("position")
    positions = visible_positions(user).filter(Q(pk__in=signed) | Q(addressed_to=organisation))
    theirs = Publication.bodies.through.objects.filter(organisation=organisation).values("publication")
    contact = partial(told_to, user, group="contact_visibility", own=belongs_to(user, "organisation"))
    parts: list[QuerySet[Any, Any]] = [
        _rows("departments", visible_departments(user).filter(**own), title="name", themes="themes",
              text=contact(column="post"), mailbox=contact(column="mailbox")),
        _rows("figures", visible_figures(user).filter(**own), words="what", value="value", kind="unit", year="year"),
        _rows("plans", visible_plans(user).filter(kind=PlanKind.PLAN, **own), title="title"),
        _rows(
            "documents", visible_documents(user).filter(record=public_id), words="title", kind="kind", themes="language"
        ),
        _rows("needs", visible_needs(user).filter(**own), title="title", text="text", kind="stage", themes="themes",
              start_earliest=last_said(), start_latest=last_said()),
        _confirmed("goals", public_id, TagScheme.GOAL, TagScheme.TARGET),
        _rows("agreements", agreements, title="title", kind="kind", **_days("signed"),
              end_earliest=over("earliest"), end_latest=over("latest")),
        _json("parties", parties, agreement="agreement__public_id", short_name="organisation__short_name",
              name="organisation__name"),
        _rows("practices", visible_practices(user).filter(**own), title="title", **_days("start", "end")),
        _rows("positions", positions, title="title", **_days("adopted")),
        _rows("publications", visible_publications(user).filter(pk__in=theirs), title="title", kind="kind",
              **_days("published")),
        *(_json("people", held.filter(**own, organisation__kind=BODY), public_id=f"{who}public_id", words=f"{who}name",
                title="post", slug="slug", source_url="source_url", confirmed="confirmed",
                illustrative="illustrative", **_days("since", "until"))
          for held, who in ((visible_people(user), ""), (visible_posts(user), "person__"))),
        _rows("events", _latest(events), title="title", place="place", **_days("start", "end")),
        _rows("news", _latest(news), title="title", **_days("published")),
        *parts_around(user, organisation),
    ]  # fmt: skip
    together: QuerySet[Any, Any] = parts[0].union(*parts[1:], all=True)
    return together


_FACTS = Prepared(_question)


def _latest(records: QuerySet[Any]) -> QuerySet[Any]:
    """The last dozen: in a question of its own, for a part of a union has no order."""
    last: QuerySet[Any] = records.model._default_manager.filter(pk__in=records.values("pk")[:RECENT])
    return last


def _days(start: str, end: str = "") -> dict[str, str]:
    named = {"start": start, "end": end} if end else {"start": start}
    return {
        f"{name}_{which}": f"{column}_{which}" for name, column in named.items() for which in ("earliest", "latest")
    }


def _rows(of: str, records: QuerySet[Any], **columns: Any) -> QuerySet[Any, Any]:
    return _json(of, records, **{name: name for name in KEPT}, **columns)


def _json(of: str, rows: QuerySet[Any], **columns: Any) -> QuerySet[Any, Any]:
    """One column of JSON a record, with what that kind of record has."""
    return rows.order_by().values_list(JSONObject(of=Value(of), **columns), flat=True)


def _confirmed(of: str, public_id: str, *schemes: TagScheme) -> QuerySet[Any, Any]:
    """What people said it is about, in the shape of the others."""
    found = TagDecision.objects.filter(record=public_id, scheme__in=schemes, verdict=TagVerdict.CONFIRMED).order_by()
    none, yes, no = Value(""), Value(True), Value(False)
    about = {"public_id": "record", "slug": none, "source_url": none, "confirmed": yes, "illustrative": no}
    return found.values_list(JSONObject(of=Value(of), words="code", kind="scheme", **about), flat=True)


def _fact(row: Mapping[str, Any]) -> Fact:
    value, page = row.get("value"), PAGES.get(row["of"])
    return Fact(
        public_id=row["public_id"],
        slug=row["slug"],
        title=_text(row.get("title")),
        words=row.get("words", "") or row.get("place", ""),
        text=_text(row.get("text")),
        kind=row.get("kind", ""),
        themes=codes(row.get("themes", "")),
        value=None if value is None else Decimal(str(value)).normalize(),
        year=row.get("year"),
        start=_dated(row, "start"),
        end=_dated(row, "end"),
        source_url=row["source_url"],
        confirmed=bool(row["confirmed"]),
        illustrative=bool(row["illustrative"]),
        mailbox=row.get("mailbox") or "",
        url=page_address(page, row["slug"], row["public_id"]) if page else "",
    )


def _text(kept: Any) -> Text:
    return Text(json.loads(kept) if isinstance(kept, str) else kept or {})


def _dated(row: Mapping[str, Any], name: str) -> PartialDate:
    days = (row.get(f"{name}_{which}") for which in ("earliest", "latest"))
    return PartialDate(*(date.fromisoformat(day) if day else None for day in days))
