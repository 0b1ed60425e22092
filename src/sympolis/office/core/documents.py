"""Documents and the words in them: the worker reads each file once, so that no request waits for it."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction
from django.utils import timezone

from sympolis.office.core.actions import mark_changed
from sympolis.office.core.models import Document
from sympolis.office.core.words import words_in


def read_next_document() -> bool:
    """Read a document that waits and give its words to search; False where none waits."""
    document = Document.objects.filter(read_at=None).order_by("pk").first()
    if document is None:
        return False
    # Taken before it is read: a second worker leaves it alone, and a file that ends its reader is not tried for ever.
    now = timezone.now()
    if Document.objects.filter(pk=document.pk, read_at=None).update(read_at=now):
        _keep_words(document, _words(document))
    return True


def _words(document: Document) -> str:
    kind = document.file_name.rpartition(".")[2]
    return words_in(Path(document.file.path), kind) if document.file else ""


@transaction.atomic
def _keep_words(document: Document, words: str) -> None:
    """Unless somebody hung another file there meanwhile, which waits by itself."""
    kept = Document.objects.filter(pk=document.pk, file=document.file.name, read_at__isnull=False)
    if kept.update(text=words, updated_at=timezone.now()):
        mark_changed([document.public_id])
