"""What the API says of meetings, promises, news, pages and documents. Notes and who was there stay in the office."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Schema

from sympolis.office.core.models import Document
from sympolis.office.core.queries import Reader
from sympolis.office.planning.models import Session
from sympolis.office.publishing.models import NewsItem, Page
from sympolis.office.publishing.pages.blocks import WORDS, Block, words_of
from sympolis.office.publishing.pages.enums import BlockKind
from sympolis.office.publishing.pages.pictures import share_address
from sympolis.office.synergies.models import Commitment, HelpRequest, Meeting
from sympolis.web.api.columns import RecordOut, Row, about, ids, listed_ids

ABOUT = ("said_by", "said_as", "source_url", "of", "theme")  # of a block, besides its words


class MeetingOut(RecordOut):
    title: dict[str, str]
    kind: str
    starts: str
    ends: str
    from_hour: str
    until_hour: str
    place: str
    organisations: list[str]
    agenda: dict[str, str]
    decisions: dict[str, str]


class SessionOut(RecordOut):
    title: dict[str, str]
    organisation: str
    plan: str
    starts: str
    place: str
    phase: str
    agenda: dict[str, str]
    minutes: dict[str, str]


class CommitmentOut(RecordOut):
    text: dict[str, str]
    organisation: str
    meeting: str
    due: str
    owner_post: str
    status: str


class RequestOut(RecordOut):
    """What a department asked the office for; who asked stays in the office."""

    title: dict[str, str]
    text: dict[str, str]
    kind: str
    department: str
    asked_on: date
    due: date | None
    state: str
    answer: str


class BlockOut(Schema):
    """One piece of a page or of news: its kind, its words by language, and what else it names."""

    kind: str
    words: dict[str, str]
    about: dict[str, str]


class NewsOut(RecordOut):
    title: dict[str, str]
    summary: dict[str, str]
    published: str
    organisation: str
    event: str
    translated_by: str
    body: dict[str, str]
    organisations: list[str]
    projects: list[str]
    events: list[str]
    blocks: list[BlockOut]


class PageOut(RecordOut):
    """A page as its readers see it."""

    title: dict[str, str]
    summary: dict[str, str]
    parent: str
    order: int
    published_at: datetime | None
    blocks: list[BlockOut]


class DocumentOut(RecordOut):
    record: str
    title: str
    kind: str
    language: str
    edition: str
    file_name: str
    size_bytes: int


def meeting_row(meeting: Meeting, _reader: Reader) -> Row:
    hours = {
        name: hour.strftime("%H:%M") if hour else ""
        for name, hour in (("from_hour", meeting.from_hour), ("until_hour", meeting.until_hour))
    }
    return {
        **about(meeting),
        "title": meeting.title.plain(),
        "kind": meeting.kind,
        "starts": str(meeting.starts),
        "ends": str(meeting.ends),
        **hours,
        "place": meeting.place,
        "organisations": ids(meeting.organisations.all()),
        "agenda": meeting.agenda.plain(),
        "decisions": meeting.decisions.plain(),
    }


def commitment_row(promise: Commitment, _reader: Reader) -> Row:
    return {
        **about(promise),
        "text": promise.text.plain(),
        "organisation": getattr(promise, "seen_organisation", "") or "",
        "meeting": getattr(promise, "seen_meeting", "") or "",
        "due": str(promise.due),
        "owner_post": promise.owner_post,
        "status": promise.status,
    }


def request_row(request: HelpRequest, _reader: Reader) -> Row:
    return {
        **about(request),
        "title": request.title.plain(),
        "text": request.text.plain(),
        "kind": request.kind,
        "department": getattr(request, "seen_department", "") or "",
        "asked_on": request.asked_on,
        "due": request.due,
        "state": request.state,
        "answer": request.answer,
    }


def news_row(item: NewsItem, _reader: Reader) -> Row:
    return {
        **about(item),
        "title": item.title.plain(),
        "summary": item.summary.plain(),
        "published": str(item.published),
        "organisation": getattr(item, "seen_organisation", "") or "",
        "event": getattr(item, "seen_event", "") or "",
        "translated_by": item.translated_by,
        "body": item.body.plain(),
        **{name: listed_ids(item, name) for name in ("organisations", "projects", "events")},
        "blocks": list(map(block_out, item.blocks)),
    }


def block_out(block: Block) -> Row:
    """What names only what is public by itself: an address of a picture, ids, who said something."""
    [name] = WORDS[block["kind"]] or ("",)
    about = {key: str(block[key]) for key in ABOUT if block.get(key)}
    if block["kind"] == BlockKind.PICTURE:
        about["address"] = share_address(block["picture"])
    return {"kind": block["kind"], "words": words_of(block, name).plain(), "about": about}


def page_row(page: Page, _reader: Reader) -> Row:
    return {
        **about(page),
        "title": page.title.plain(),
        "summary": page.summary.plain(),
        "parent": getattr(page, "seen_parent", "") or "",
        "order": page.position,
        "published_at": page.published_at,
        "blocks": list(map(block_out, page.blocks)),
    }


def document_row(document: Document, _reader: Reader) -> Row:
    return {
        **about(document),
        "record": document.record,
        "title": document.title,
        "kind": document.kind,
        "language": document.language,
        "edition": document.version,
        "file_name": document.file_name,
        "size_bytes": document.size_bytes,
    }


def session_row(session: Session, _reader: Reader) -> Row:
    return {
        **about(session),
        "title": session.title.plain(),
        "organisation": getattr(session, "seen_organisation", "") or "",
        "plan": getattr(session, "seen_plan", "") or "",
        "starts": str(session.starts),
        "place": session.place,
        "phase": session.phase,
        "agenda": session.agenda.plain(),
        "minutes": session.minutes.plain(),
    }
