"""The office's own pages: the tree of them, and each with what it is made of."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sympolis.office.core.queries import visible_documents
from sympolis.office.core.templatetags.show import reader_language
from sympolis.office.publishing.pages.blocks import Content, of_kind
from sympolis.office.publishing.pages.enums import BlockKind
from sympolis.office.publishing.pages.models import Page
from sympolis.office.publishing.pages.queries import IN_A_TREE, above, below, flat, tree_of, visible_pages
from sympolis.web.public.addresses import find_page
from sympolis.web.public.blocks import shown_blocks


def pages(request: HttpRequest) -> HttpResponse:
    """The tree of pages in the reader's language; what is in others only stands apart."""
    language = reader_language()
    seen = list(visible_pages(request.user).only(*IN_A_TREE))
    here = [page for page in seen if page.title.get_text(language)]
    others = [page for page in seen if not page.title.get_text(language)]
    return render(request, "public/pages.html", {"branches": list(flat(tree_of(here))), "others": others})


def office_page(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    found = find_page(request, visible_pages(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    content = Content(found.title, found.summary, found.blocks)
    return render(request, "public/office_page.html", page_context(request, found, content, request.user))


def page_context(request: HttpRequest, page: Page, content: Content, user: Any) -> dict[str, Any]:
    """What the page of ``content`` shows to ``user``: the same for what readers see and for what is to be."""
    seen = list(visible_pages(user).only(*IN_A_TREE))
    in_text = {one["document"] for one in of_kind(content.blocks, BlockKind.DOCUMENT)}
    return {
        "record": page,
        "content": content,
        "blocks": shown_blocks(user, page, content.blocks, reader_language()),
        "above": above(page, seen),
        "below": below(page, seen),
        "documents": visible_documents(user).filter(record=page.public_id).exclude(public_id__in=in_text).defer("text"),
    }
