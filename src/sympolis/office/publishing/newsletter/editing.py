"""What an editor does with a draft: order, words, blocks of their own, what is left out."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from sympolis.office.publishing.newsletter.enums import BlockKind, IssueState
from sympolis.office.publishing.newsletter.errors import NotADraft
from sympolis.office.publishing.newsletter.models import EXAMPLE_DOMAIN, Issue, IssueBlock, Subscriber


def locked_draft(issue: Issue) -> Issue:
    """The issue as it is now, held until the transaction ends. Raises NotADraft."""
    found = Issue.objects.select_for_update().get(pk=issue.pk)
    if found.state != IssueState.DRAFT:
        raise NotADraft
    return found


@transaction.atomic
def keep_issue(issue: Issue) -> None:
    """Its title, opening words, languages and pace."""
    locked_draft(issue)
    issue.save(update_fields=["title", "opening", "languages", "rate", "updated_at"])


@transaction.atomic
def keep_block(block: IssueBlock) -> None:
    """Change a block, or put one of one's own behind the others."""
    issue = locked_draft(block.issue)
    if block.pk is None:
        block.kind, block.position = BlockKind.OWN, _first(issue)
    block.save()
    _touch(issue)


def _first(issue: Issue) -> int:
    """Behind the own blocks there are; sections stand in the order of their first block."""
    last = issue.blocks.order_by("-position").values_list("position", flat=True).first()
    return 0 if last is None else last + 1


@transaction.atomic
def move(block: IssueBlock, step: int) -> None:
    """One place up or down among the blocks of the same section that are in."""
    issue = locked_draft(block.issue)
    beside = list(issue.blocks.filter(kind=block.kind, is_out=block.is_out).order_by("position", "pk"))
    at = next((place for place, one in enumerate(beside) if one.pk == block.pk), None)
    if at is None or not 0 <= at + step < len(beside):
        return
    places = sorted(one.position for one in beside)
    beside.insert(at + step, beside.pop(at))
    for place, one in zip(places, beside, strict=True):
        if one.position != place:
            one.position = place
            one.save()
    _touch(issue)


@transaction.atomic
def move_section(issue: Issue, kind: str, step: int) -> None:
    """A whole section before the one above it, or behind the one below."""
    locked_draft(issue)
    blocks = list(issue.blocks.order_by("position", "pk"))
    order = list(dict.fromkeys(one.kind for one in blocks))
    if kind not in order or not 0 <= order.index(kind) + step < len(order):
        return
    at = order.index(kind)
    order.insert(at + step, order.pop(at))
    ranked = sorted(blocks, key=lambda one: order.index(one.kind))
    for place, one in enumerate(ranked):
        if one.position != place:
            one.position = place
            one.save()
    _touch(issue)


@transaction.atomic
def take_out(block: IssueBlock) -> None:
    """Out of the issue, to be put in again; a block of one's own goes for good."""
    issue = locked_draft(block.issue)
    if block.kind == BlockKind.OWN:
        block.delete()
    else:
        block.is_out = True
        block.save()
    _touch(issue)


@transaction.atomic
def put_in(block: IssueBlock) -> None:
    issue = locked_draft(block.issue)
    block.is_out = False
    block.save()
    _touch(issue)


@transaction.atomic
def remove_issue(issue: Issue) -> None:
    """A draft that nobody wants any more."""
    locked_draft(issue).delete()


@transaction.atomic
def remove_example_letters() -> int:
    """Example issues and the readers made up, with the other examples of a demo; how many."""
    issues = Issue.objects.filter(illustrative=True).delete()[1].get("publishing.Issue", 0)
    readers = Subscriber.objects.filter(folded__endswith=EXAMPLE_DOMAIN).delete()[1]
    return issues + readers.get("publishing.Subscriber", 0)


def _touch(issue: Issue) -> None:
    Issue.objects.filter(pk=issue.pk).update(updated_at=timezone.now())
