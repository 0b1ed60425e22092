"""Documents that hang on records, as search reads them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from sympolis.engine import model as engine
from sympolis.office.core.models import Document
from sympolis.office.core.queries import Reader, reads_office, visible_records
from sympolis.office.core.searchable import Searchable, office_document, public_document, searchables


def document_entries(document: Document) -> Iterator[engine.Document]:
    entry = public_document(document, "document", text={document.language: document.text})
    yield entry
    yield from office_document(entry, document.note)


def searchable_documents(user: Reader) -> QuerySet[Document]:
    """Documents whose reader may also see the record they hang on."""
    documents = visible_records(user, Document.objects.all())
    if reads_office(user):
        return documents
    seen = Q(pk__in=())
    for one in searchables().values():
        if one.model is not Document:
            seen |= Q(record__in=one.visible(user).order_by().values("public_id"))
    return documents.filter(seen)


SEARCHABLE = (Searchable(Document, Document.objects.all, document_entries, searchable_documents),)
