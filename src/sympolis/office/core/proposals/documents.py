"""Documents that somebody hangs up for the office to read first.

The file has to lie somewhere: it is a document of the office only, unconfirmed, from the beginning. What is proposed is
that it be confirmed, and that those see it whom its author chose. What is not taken over goes.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from sympolis.office.core.actions import keep_document, remove_document
from sympolis.office.core.enums import ProposalState, Visibility
from sympolis.office.core.models import Document, Proposal, User
from sympolis.office.core.proposals.actions import Wanted, propose
from sympolis.office.core.queries import Reader

MOST_WAITING = 20
"""Nobody has the office read more files of theirs at once."""

TOO_MANY_FILES = gettext_lazy(
    "The office has yet to read what you hung up before. Wait until it has, or take some of it back."
)

READ = "confirmed"  # the field that says that the office has read it


class TooManyWait(Exception):
    """The office has enough of this user's to read."""


def waiting_documents(user: Reader) -> QuerySet[Document]:
    """Those a user hung up that the office has not read yet."""
    if not isinstance(user, User):
        return Document.objects.none()
    return Document.objects.filter(added_by=user, confirmed=False)


@transaction.atomic
def propose_document(user: User, document: Document) -> Proposal:
    """Keep a file for the office to read. Raises TooManyWait."""
    User.objects.select_for_update().get(pk=user.pk)
    if waiting_documents(user).count() >= MOST_WAITING:
        raise TooManyWait
    wanted = document.visibility
    document.visibility, document.confirmed = Visibility.OFFICE, False
    keep_document(document)
    changes = [Wanted(READ, False, True)]
    if wanted != Visibility.OFFICE:
        changes.append(Wanted("visibility", Visibility.OFFICE.value, wanted))
    return propose(user, document, changes, document.title)


@transaction.atomic
def drop_refused(proposal: Proposal, by: User) -> None:
    """A file that was not taken over goes, once that is said; of any other proposal nothing does."""
    is_open = Q(state__in=(ProposalState.WAITING, ProposalState.APPROVED))
    if proposal.kind != Document.ID_PREFIX or not proposal.changes.filter(~is_open, field=READ).exists():
        return
    if (document := waiting_documents_of(proposal).first()) is not None:
        remove_document(document, by)


def waiting_documents_of(proposal: Proposal) -> QuerySet[Document]:
    return Document.objects.filter(public_id=proposal.record, confirmed=False, added_by=proposal.by_id)
