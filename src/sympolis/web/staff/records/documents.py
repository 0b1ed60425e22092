"""Documents on records: who may see and change them follows from the record they hang on."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from sympolis.office.core import actions
from sympolis.office.core.form_fields import language_choices, term_choices
from sympolis.office.core.forms import DocumentForm
from sympolis.office.core.models import Document
from sympolis.office.core.queries import Reader, is_officer, open_to, reads_office
from sympolis.office.core.templatetags import show
from sympolis.web.staff.records.columns import term
from sympolis.web.staff.records.kinds import Column, Filter, Kind
from sympolis.web.staff.records.tables import RECORD_KINDS
from sympolis.web.staff.records.tables.directory import POSTS


def visible_documents(user: Reader) -> QuerySet[Document]:
    """Documents open to the reader on records the reader may see, and any on records the reader keeps."""
    if reads_office(user):
        return Document.objects.all()
    on_seen, on_kept = Q(), Q()
    for kind in RECORD_KINDS:
        on_seen |= Q(record__in=kind.visible(user).order_by().values("public_id"))
        on_kept |= Q(record__in=kind.changeable(user).order_by().values("public_id"))
    return Document.objects.filter((on_seen & open_to(user)) | on_kept)


def changeable_documents(user: Reader) -> QuerySet[Document]:
    if is_officer(user):
        return Document.objects.all()
    on_kept = Q(pk=None)
    for kind in RECORD_KINDS:
        on_kept |= Q(record__in=kind.changeable(user).order_by().values("public_id"))
    return Document.objects.filter(on_kept)


def _kept(form: Any) -> None:
    actions.keep_document(form.instance)


DOCUMENTS = Kind(
    name="documents", prefix="doc", icon="document",
    title=_("Documents"), one=_("Document"), add_label=_("Add a document"),
    empty=_("No document yet. Open any record and hang one on it."),
    visible=visible_documents, changeable=changeable_documents,
    permission="", form=DocumentForm, keep=_kept, remove=actions.remove_document,
    keep_version=actions.keep_document,
    columns=(
        Column("title", _("Title"), lambda row: row.title_text(), ("sort_key",)),
        Column("kind", _("Kind"), lambda row: term("document_kinds", row.kind), ("kind", "sort_key")),
        Column("language", _("Language"), lambda row: show.language_name(row.language), ("language", "sort_key")),
        Column("version", _("Version"), lambda row: row.version),
        Column("visibility", _("Who may see it"), lambda row: row.get_visibility_display(), ("visibility",)),
        Column("added", _("Added"), lambda row: row.created_at.date(), ("created_at",)),
    ),
    filters=(
        Filter("kind", _("Kind"), term_choices("document_kinds"), lambda code: Q(kind=code)),
        Filter("language", _("Language"), language_choices, lambda code: Q(language=code)),
    ),
    order=("-created_at", "pk"),
)  # fmt: skip

KINDS: tuple[Kind, ...] = (*RECORD_KINDS, POSTS, DOCUMENTS)
KIND_OF_ID = {kind.prefix: kind for kind in KINDS}
KIND_OF_NAME = {kind.name: kind for kind in KINDS}
