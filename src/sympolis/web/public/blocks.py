"""The blocks of a page or of news, as their reader sees them: in their language, with what they may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from sympolis.office.core.enums import TagScheme, TagVerdict
from sympolis.office.core.models import Document, TagDecision
from sympolis.office.core.queries import Reader, leads_to, visible_documents
from sympolis.office.core.rich import rich_html
from sympolis.office.core.texts import RIGHT_TO_LEFT, Text, Written
from sympolis.office.directory.enums import RelationType
from sympolis.office.directory.queries import visible_organisations, visible_relations
from sympolis.office.events.models import Event
from sympolis.office.events.queries import not_over, visible_events
from sympolis.office.projects.models import Participation
from sympolis.office.projects.queries import visible_calls, visible_projects
from sympolis.office.publishing.pages.blocks import Block, of_kind, picture_names, words_of
from sympolis.office.publishing.pages.enums import BlockKind, LiveList
from sympolis.office.publishing.pages.models import Picture
from sympolis.office.publishing.pages.pictures import address_of, pictures_named, sources_of
from sympolis.office.publishing.queries import visible_news
from sympolis.web.public.lists import ORGANISATION_ROW, with_code

type Shown = dict[str, Any]

LASTING = ("public_id", "slug", "title", "confirmed", "illustrative", "sort_key", "start_earliest", "start_latest",
           "end_earliest", "end_latest")  # fmt: skip


def shown_blocks(user: Reader, record: Any, blocks: Iterable[Block], language: str) -> list[Shown]:
    """What the template draws of each, in order: one question for all pictures, one for all documents, one a list."""
    listed = list(blocks)
    pictures = pictures_named(picture_names(listed))
    documents = _documents(user, record, listed)
    shown: list[Shown] = []
    for block in listed:
        kind = BlockKind(block["kind"])
        said: Shown | None
        if kind == BlockKind.TEXT:
            said = _rich(words_of(block, "words"), language)
        elif kind == BlockKind.QUOTE:
            said = _quote(block, language)
        elif kind == BlockKind.PICTURE:
            said = _picture(block, pictures.get(block["picture"]), language)
        elif kind == BlockKind.DOCUMENT:  # None where it was removed, or is not for this reader
            document = documents.get(block["document"])
            said = {"document": document} if document else None
        else:
            said = {"of": block["of"], "rows": _rows(user, block), "heading": words_of(block, "heading")}
        if said is not None:
            shown.append({"kind": kind.value, "key": block["key"], **said})
    return shown


def _rich(words: Text, language: str) -> Shown:
    written = words.best(language)
    return {"html": rich_html(written.text), "written": written, "is_other": written.language != language}


def _quote(block: Block, language: str) -> Shown:
    """In the reader's language with who translated it, and always in the very words it was said in."""
    words = words_of(block, "words")
    code = next((one for one, entry in words.items() if entry.get("original")), "")
    original = Written(words.get_text(code), code)
    shown = words.best(language)
    is_translated = bool(code) and shown.language != code
    return {
        "words": shown, "direction": "rtl" if shown.language in RIGHT_TO_LEFT else "ltr",
        "original": original if is_translated else None,
        "translator": words.get(shown.language, {}).get("translator", "") if is_translated else "",
        "said_by": block.get("said_by", ""), "said_as": block.get("said_as", ""),
        "source_url": block.get("source_url", ""),
    }  # fmt: skip


def _picture(block: Block, picture: Picture | None, language: str) -> Shown | None:
    if picture is None:
        return None
    return {
        "picture": picture, "alt": picture.alt.best(language), "caption": words_of(block, "caption"),
        "address": address_of(picture.name, picture.widths[-1]), "sources": sources_of(picture),
    }  # fmt: skip


def _documents(user: Reader, record: Any, blocks: list[Block]) -> dict[str, Document]:
    wanted = [one["document"] for one in of_kind(blocks, BlockKind.DOCUMENT)]
    if not wanted:
        return {}
    found = visible_documents(user).filter(record=record.public_id, public_id__in=wanted).defer("text")
    return {one.public_id: one for one in found}


def _rows(user: Reader, block: Block) -> list[Any]:
    """Where the organisation was made one with another since, the list is of that one."""
    listed, most = LISTS[LiveList(block["of"])], block.get("most") or 10
    rows = list(listed(user, block)[:most])
    if not rows and (whose := block.get("organisation")) and (now := leads_to(whose)):
        rows = list(listed(user, {**block, "organisation": now})[:most])
    return rows


def _members(user: Reader, block: Block) -> QuerySet[Any]:
    """Those that are members today, of a network the reader may see."""
    present = Q(until_latest=None) | Q(until_latest__gte=timezone.localdate())
    relations = visible_relations(user).filter(
        present, type=RelationType.MEMBER_OF, to_organisation__public_id=block.get("organisation") or "-"
    )
    seen = visible_organisations(user).filter(pk__in=relations.order_by().values("from_organisation"))
    return seen.filter(illustrative=False).only(*ORGANISATION_ROW, "sort_key").order_by("sort_key", "pk")


def _projects(user: Reader, block: Block) -> QuerySet[Any]:
    found = with_code(visible_projects(user), "themes", block.get("theme") or "").filter(illustrative=False)
    if whose := block.get("organisation"):
        theirs = Participation.objects.filter(organisation__public_id=whose).order_by().values("project")
        found = found.filter(pk__in=theirs)
    return found.only(*LASTING).order_by("-start_latest", "sort_key", "pk")


def _events(user: Reader, block: Block) -> QuerySet[Any]:
    found = not_over(visible_events(user), timezone.localdate()).filter(illustrative=False)
    if theme := block.get("theme"):
        tagged = TagDecision.objects.filter(scheme=TagScheme.THEME, code=theme, verdict=TagVerdict.CONFIRMED)
        found = found.filter(public_id__in=tagged.values("record"))
    if whose := block.get("organisation"):
        theirs = Event.organisers.through.objects.filter(organisation__public_id=whose).values("event")
        found = found.filter(pk__in=theirs)
    return found.only(*LASTING, "place").order_by("start_latest", "sort_key", "pk")


def _calls(user: Reader, block: Block) -> QuerySet[Any]:
    found = with_code(visible_calls(user), "themes", block.get("theme") or "").filter(illustrative=False)
    return found.filter(closes_latest__gte=timezone.localdate()).order_by("closes_latest", "sort_key", "pk")


def _news(user: Reader, block: Block) -> QuerySet[Any]:
    found = visible_news(user).filter(illustrative=False)
    if whose := block.get("organisation"):
        about = Q(organisation__public_id=whose) | Q(organisations__public_id=whose)
        found = found.filter(pk__in=visible_news(user).filter(about).order_by().values("pk"))
    return found.defer("body", "blocks", "imported", "folded", "note")


LISTS: dict[LiveList, Callable[[Reader, Block], QuerySet[Any]]] = {
    LiveList.MEMBERS: _members,
    LiveList.PROJECTS: _projects,
    LiveList.EVENTS: _events,
    LiveList.CALLS: _calls,
    LiveList.NEWS: _news,
}
