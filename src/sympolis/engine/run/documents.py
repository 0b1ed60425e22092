"""Records as documents of an index."""

from __future__ import annotations

from dataclasses import replace

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
    match record:
        case Organisation():
            return Document(
                id=record.id,
                kind="organisation",
                title={"en": record.name, **record.names},
                text=record.description,
                aliases=tuple(name for name in (record.name, record.short_name, *record.aliases) if name),
                countries=(record.country,) if record.country else (),
                themes=record.themes,
            )
        case Project():
            return Document(
                id=record.id,
                kind="project",
                title=record.title,
                text=record.summary,
                aliases=(record.acronym,) if record.acronym else (),
                countries=record.countries,
                themes=record.themes,
                sdgs=record.sdgs,
                earliest=record.start.earliest,
                latest=record.end.latest,
            )
        case Call():
            return Document(
                id=record.id,
                kind="call",
                title=record.title,
                text=record.summary,
                aliases=(record.provenance.source_id,),
                countries=record.eligible_countries,
                themes=record.themes,
                sdgs=record.sdgs,
                earliest=record.opens.earliest,
                latest=record.closes.latest,
            )
        case Event():
            return Document(
                id=record.id,
                kind="event",
                title=record.title,
                text={"en": record.topic} if record.topic else {},
                themes=record.themes,
                sdgs=record.sdgs,
                earliest=record.starts.earliest,
                latest=record.ends.latest or record.starts.latest,
            )
        case Need():
            return Document(
                id=record.id, kind="need", title=record.title, text=record.text, themes=record.themes, sdgs=record.sdgs
            )
        case PlanAction():
            return Document(
                id=record.id,
                kind="action",
                title=record.title,
                text=record.text,
                themes=record.themes,
                sdgs=record.sdgs,
            )
        case Contribution():
            return Document(
                id=record.id,
                kind="contribution",
                title=record.title,
                text=record.text,
                themes=record.themes,
                sdgs=record.sdgs,
                earliest=record.made.earliest,
                latest=record.made.latest,
            )
    return None
