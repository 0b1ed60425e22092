"""Records as documents of an index."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..model import Call, Contribution, Document, Event, Need, Organisation, PlanAction, Project, Record


def document_of(record: Record) -> Document | None:
    """What can be found of a record; relations, participations and places are not found by themselves."""
    document = _document(record)
    if document is None:
        return None
    where = record.provenance
    return replace(
        document,
        source_url=where.source_url,
        confirmed=where.confirmed,
        illustrative=where.illustrative,
    )


def _document(record: Record) -> Document | None:
    made = _OF.get(type(record))
    return made(record) if made else None


def _of_organisation(one: Organisation) -> Document:
    return Document(
        id=one.id,
        kind="organisation",
        title={"en": one.name, **one.names},
        text=one.description,
        aliases=tuple(name for name in (one.name, one.short_name, *one.aliases) if name),
        countries=(one.country,) if one.country else (),
        themes=one.themes,
    )


def _of_project(one: Project) -> Document:
    return _of_work(
        one,
        "project",
        one.summary,
        aliases=(one.acronym,) if one.acronym else (),
        countries=one.countries,
        earliest=one.start.earliest,
        latest=one.end.latest,
    )


def _of_call(one: Call) -> Document:
    return _of_work(
        one,
        "call",
        one.summary,
        aliases=(one.provenance.source_id,),
        countries=one.eligible_countries,
        earliest=one.opens.earliest,
        latest=one.closes.latest,
    )


def _of_event(one: Event) -> Document:
    topic = {"en": one.topic} if one.topic else {}
    return _of_work(one, "event", topic, earliest=one.starts.earliest, latest=one.ends.latest or one.starts.latest)


def _of_need(one: Need) -> Document:
    return _of_work(one, "need", one.text)


def _of_action(one: PlanAction) -> Document:
    return _of_work(one, "action", one.text)


def _of_contribution(one: Contribution) -> Document:
    return _of_work(one, "contribution", one.text, earliest=one.made.earliest, latest=one.made.latest)


def _of_work(
    one: Project | Call | Event | Need | PlanAction | Contribution, kind: str, text: Mapping[str, str], **more: Any
) -> Document:
    """What has a title, themes and goals."""
    return Document(id=one.id, kind=kind, title=one.title, text=text, themes=one.themes, sdgs=one.sdgs, **more)


_OF: Mapping[type, Callable[[Any], Document]] = {
    Organisation: _of_organisation,
    Project: _of_project,
    Call: _of_call,
    Event: _of_event,
    Need: _of_need,
    PlanAction: _of_action,
    Contribution: _of_contribution,
}
