"""Comments and supports for machines: what everybody may read of plans and actions the reader sees. Nobody who supports
is named; who comments is called as on the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field

from sympolis.office.planning.queries import visible_actions, visible_plans
from sympolis.office.planning.voices.names import name_of
from sympolis.office.planning.voices.queries import public_comments, public_supports
from sympolis.web.api.columns import Row
from sympolis.web.api.interface import api
from sympolis.web.api.lists import CHUNK, PageOf, Paging, table
from sympolis.web.api.routes import stays


class CommentOut(Schema):
    id: str
    on: str = Field(description="The id of the plan or the action it is on")
    answers: str = Field(description="The comment it answers; empty where it begins a thread")
    author: str = Field(description="As the page calls them")
    text: str
    language: str = Field(description="Guessed")
    created_at: datetime
    edited: bool
    supports: int


class SupportOut(Schema):
    on: str = Field(description="The id of the plan, the action or the comment")
    kind: str = Field(description="plan, action or comment")
    at: date


class VoicesFilter(Schema):
    on: str = Field("", max_length=20, description="The id of a plan or an action")


COMMENT = (
    "public_id", "plan__public_id", "action__public_id", "answers__public_id", "author__first_name",
    "author__last_name", "author__role", "text", "language", "created_at", "edited_at", "backed",
)  # fmt: skip
SUPPORT = ("plan__public_id", "action__public_id", "comment__public_id", "at")


@api.get("/comments", response=PageOf[CommentOut], tags=["Plans"])
def comments(request: HttpRequest, which: Query[VoicesFilter], paging: Query[Paging]) -> Any:
    """What was hidden or taken back is not among them."""
    found = public_comments(visible_plans(request.user).values("pk"), visible_actions(request.user))
    return _answer(_on(found, which.on), COMMENT, _comment, CommentOut, "comments", paging)


@api.get("/supports", response=PageOf[SupportOut], tags=["Plans"])
def supports(request: HttpRequest, which: Query[VoicesFilter], paging: Query[Paging]) -> Any:
    found = public_supports(visible_plans(request.user).values("pk"), visible_actions(request.user))
    return _answer(_on(found, which.on), SUPPORT, _support, SupportOut, "supports", paging)


def _on(found: QuerySet[Any], public_id: str) -> QuerySet[Any]:
    one = stays(public_id)
    return found.filter(Q(plan__public_id=one) | Q(action__public_id=one)) if one else found


def _answer(
    found: QuerySet[Any], columns: tuple[str, ...], row: Callable[[Any], Row], out: type[Schema], name: str,
    paging: Paging,
) -> Any:  # fmt: skip
    rows = found.order_by("pk").values_list(*columns)
    if paging.format == "csv":
        return table((row(one) for one in rows.iterator(chunk_size=CHUNK)), out, name)
    page = rows[paging.offset : paging.offset + paging.limit]
    return {
        "count": found.order_by().count(),
        "limit": paging.limit,
        "offset": paging.offset,
        "items": [row(one) for one in page],
    }


def _comment(row: Any) -> Row:
    public_id, on_plan, on_action, answers, first, last, role, text, language, at, edited, backed = row
    return {
        "id": public_id, "on": on_action or on_plan, "answers": answers or "", "author": name_of(first, last, role),
        "text": text, "language": language, "created_at": at, "edited": edited is not None, "supports": backed,
    }  # fmt: skip


def _support(row: Any) -> Row:
    on_plan, on_action, on_comment, at = row
    kind = "comment" if on_comment else "action" if on_action else "plan"
    return {"on": on_comment or on_action or on_plan, "kind": kind, "at": at.date()}
