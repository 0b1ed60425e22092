"""What waits for the office, or was decided: to who proposed it, and to the office."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Path, Schema
from pydantic import Field

from sympolis.office.core.models import Proposal, ProposedChange
from sympolis.office.core.proposals.queries import visible_proposals
from sympolis.web.api.interface import api
from sympolis.web.staff.records.documents import KIND_OF_ID

HIGHEST = 2**63 - 1  # of a number of a row


class DecidedOut(Schema):
    field: str
    state: str = Field(description="waiting, approved, refused or withdrawn")
    reason: str = Field(description="Why the office refused it; else empty")


class ProposalOut(Schema):
    """A proposal: what somebody would change or add, and what the office said to each field."""

    number: int
    url: str = Field(description="Where to ask what became of it")
    kind: str = Field(description="The list of such records: organisations, agreements…")
    title: str
    record: str = Field(description="Id of the record; empty while the office has not added it")
    at: datetime
    changes: list[DecidedOut]


class Which(Schema):
    number: int = Field(ge=1, le=HIGHEST)


def address_of(proposal: Proposal) -> str:
    return reverse("api-v1:one_proposal", kwargs={"number": proposal.pk})


def proposal_told(proposal: Proposal) -> dict[str, Any]:
    changes = proposal.changes.all()
    return {
        "number": proposal.pk,
        "url": address_of(proposal),
        "kind": KIND_OF_ID[proposal.kind].name,
        "title": proposal.title,
        "record": proposal.record,
        "at": proposal.at,
        "changes": [{"field": one.field, "state": one.state, "reason": one.reason} for one in changes],
    }


@api.get("/proposals/{number}", response=ProposalOut, tags=["Writing"], url_name="one_proposal")
def one_proposal(request: HttpRequest, which: Path[Which]) -> Any:
    """What the office said so far to something proposed: who proposed it reads it, and the office."""
    changes = Prefetch("changes", ProposedChange.objects.order_by("pk"))
    found = visible_proposals(request.user).prefetch_related(changes)
    return proposal_told(get_object_or_404(found, pk=which.number))
