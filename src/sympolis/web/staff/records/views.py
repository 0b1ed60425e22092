"""Lists and forms of every kind of record."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sympolis.office.core import history
from sympolis.office.core.merging.queries import merges_into
from sympolis.office.core.models import Document, RetiredId
from sympolis.office.core.proposals.documents import TOO_MANY_FILES, TooManyWait, propose_document, waiting_documents
from sympolis.office.core.queries import is_officer, open_to, writes_everywhere
from sympolis.office.core.tagging.actions import codes_of, note_tags
from sympolis.office.core.uploads import TYPES
from sympolis.office.directory.finder import suggestions
from sympolis.office.directory.models import Organisation, Person
from sympolis.office.directory.queries import own_organisations, visible_posts
from sympolis.web.staff.proposals.shown import shown_on
from sympolis.web.staff.records import cells
from sympolis.web.staff.records.columns import with_organisation
from sympolis.web.staff.records.documents import (
    DOCUMENTS,
    KIND_OF_ID,
    KIND_OF_NAME,
    KINDS,
    changeable_documents,
    visible_documents,
)
from sympolis.web.staff.records.gone import gone
from sympolis.web.staff.records.held import AsOfForm, posts_then
from sympolis.web.staff.records.kinds import Kind
from sympolis.web.staff.records.listing import FORMATS, as_file, listing
from sympolis.web.staff.records.removal import consequences_by_name, staying_without
from sympolis.web.staff.records.saving import (
    WAITS,
    Kept,
    NotTogether,
    check_together,
    keep_change,
    keep_new,
    may_add,
    waits_surely,
)
from sympolis.web.staff.records.versions import kept_out, shown_versions
from sympolis.web.staff.world.shown import in_world_data


@login_required
@require_safe
def records(request: HttpRequest, kind: str) -> HttpResponse | StreamingHttpResponse:
    """The list of a kind; ``?format=csv``, ``xlsx`` or ``json`` the same as a file."""
    of = KIND_OF_NAME[kind]
    if (form := request.GET.get("format")) in FORMATS:
        return as_file(of, request.user, request.GET, str(form))
    shown = listing(of, request.user, request.GET)
    without_page = request.GET.copy()
    for name in ("page", "format"):
        without_page.pop(name, None)
    return render(
        request,
        "staff/records/list.html",
        {
            "kind": of,
            "kinds": KINDS,
            "list": shown,
            "may_add": may_add(of, request.user),
            "file_query": f"{without_page.urlencode()}&" if without_page else "",
            "sees_removed": is_officer(request.user),
        },
    )


@login_required
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """A new record: a title is enough, the rest can wait."""
    of = KIND_OF_NAME[kind]
    if not may_add(of, request.user):
        raise PermissionDenied
    form = of.form(*posted(request), user=request.user, initial=_first_words(of, request))
    if request.method == "POST" and form.is_valid():
        kept = keep_new(of, form, request.user)
        if kept.waits:
            messages.success(request, WAITS)
            return redirect("staff:proposals")
        if kept.is_saved:
            messages.success(request, _("Added. What is still missing can be written at any time."))
            return redirect(of.page if of.goes_on_at_page else "staff:change", public_id=form.instance.public_id)
    about = {"kind": of, "form": form, "cancel_url": reverse(of.list_url), "waits": waits_surely(of, request.user)}
    return render(request, "staff/records/form.html", about)


def posted(request: HttpRequest) -> tuple[Any, Any]:
    """What a form was sent; nothing at all where it is only looked at."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _first_words(kind: Kind, request: HttpRequest) -> dict[str, Any]:
    """What a new form knows already: what the record it is made of says, and whose it most likely is."""
    begun = kind.begun(request.user, request.GET.get("from", "")) if kind.begun and "from" in request.GET else {}
    return {**_whose(kind, request), **begun}


OWN_AMONG, OWN_FIRST = ("parties", "signatories"), ("from_organisation",)
"""Fields in which who writes for one organisation names it."""


def _whose(kind: Kind, request: HttpRequest) -> dict[str, Any]:
    fields, own = kind.form.base_fields, own_organisations(request.user).first()
    if own and not writes_everywhere(request.user):
        among: dict[str, Any] = {name: [own] for name in OWN_AMONG if name in fields}
        if named := among | {name: own for name in OWN_FIRST if name in fields}:
            return named
    if "organisation" not in kind.form.base_fields or not kind.form.base_fields["organisation"].required:
        return {}
    office = getattr(request, "office", None)
    first = own
    if writes_everywhere(request.user) and (is_officer(request.user) or not first):
        first = office.organisation if office else None
    return {"organisation": first} if first else {}


def changeable_or_gone(request: HttpRequest, public_id: str) -> tuple[Kind, Any]:
    """The record, if this user may change it. Raises Http404 otherwise, as if there were none."""
    kind = KIND_OF_ID.get(public_id.partition("_")[0])
    if kind is None:
        raise Http404
    return kind, get_object_or_404(kind.changeable(request.user), public_id=public_id)


def writable_or_gone(request: HttpRequest, public_id: str) -> tuple[Kind, Any]:
    """The record, if this user may write at it, be it that the office reads it first. Raises Http404 otherwise."""
    kind = KIND_OF_ID.get(public_id.partition("_")[0])
    if kind is None:
        raise Http404
    rows = kind.writable(request.user)
    if beside := _shown_with(kind):
        rows = rows.select_related(*beside)
    if not is_officer(request.user):  # asked along with the record: its page has no question to spare
        rows = rows.annotate(is_kept=Exists(kind.changeable(request.user).order_by().filter(pk=OuterRef("pk"))))
    return kind, get_object_or_404(rows, public_id=public_id)


@cache
def _shown_with(kind: Kind) -> tuple[str, ...]:
    """The records that its form shows beside it: fetched along."""
    columns = {one.name for one in kind.form._meta.model._meta.concrete_fields if one.many_to_one}
    return tuple(name for name in kind.form.base_fields if name in columns)


@login_required
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    """A record with its form, its documents and its history."""
    try:
        kind, record = writable_or_gone(request, public_id)
    except Http404:
        if retired := RetiredId.objects.filter(public_id=public_id).first():
            return gone(request, retired)
        raise
    if request.method == "POST":
        kept = keep_change(kind, record, request.user, request.POST, request.FILES)
        form = kept.form
        if form.is_valid():
            _say_kept(request, kept)
            return redirect("staff:change", public_id=public_id)
        clashes = clashes_of(form)
        return _record_page(request, kind, record, form.again() if clashes else form, clashes)
    return _record_page(request, kind, record, kind.form(instance=record, user=request.user), [])


def _say_kept(request: HttpRequest, kept: Kept) -> None:
    if kept.is_saved:
        messages.success(request, _("Saved."))
    if kept.waits:
        messages.info(request, _("What others rely on waits for the office. You are told by mail what it says."))
    elif not kept.is_saved:
        messages.info(request, _("You changed nothing: nothing waits."))


def _documents_on(request: HttpRequest, public_id: str, is_kept: bool) -> QuerySet[Document]:
    """All of them for who keeps the record; for who writes at it those open to them, and their own that wait."""
    on_it = Document.objects.filter(record=public_id)
    return on_it if is_kept else on_it.filter(open_to(request.user) | Q(pk__in=waiting_documents(request.user)))


def _posts(request: HttpRequest, person: Person) -> dict[str, Any]:
    """The posts of a person, and which of them were held at the time asked for."""
    rows = with_organisation(visible_posts(request.user), request.user).select_related("department")
    prefetch_related_objects([person], Prefetch("posts", rows))
    form = AsOfForm(request.GET)
    moment = form.moment()
    posts = posts_then(person, moment)
    return {
        "posts": posts,
        "as_of": form,
        "moment": moment,
        "nothing_then": moment is not None and not any(held for _post, held in posts),
    }


def clashes_of(form: Any) -> list[dict[str, Any]]:
    """What another wrote into the same fields meanwhile, in words."""
    return [
        {"label": form.fields[name].label, "theirs": cells.shown(cells.in_words(form.fields[name], theirs))}
        for name, theirs in form.clashes
    ]


def _record_page(
    request: HttpRequest, kind: Kind, record: Any, form: Any, clashes: list[dict[str, Any]]
) -> HttpResponse:
    saved = type(record)._base_manager.get(pk=record.pk) if request.method == "POST" else record
    is_kept = is_officer(request.user) or record.is_kept
    about = {
        "kind": kind,
        "record": saved,
        "form": form,
        "clashes": clashes,
        "versions": shown_versions(request.user, kind, saved),
        "documents": _documents_on(request, saved.public_id, is_kept),
        "takes_documents": kind is not DOCUMENTS,
        "is_kept": is_kept,
        "may_remove": is_kept and (is_officer(request.user) or not kind.removed_by_office),
        "waiting": shown_on(request.user, saved) if kind.proposable else [],
        "title": kind.called(saved),
        "public_url": saved.get_absolute_url() if saved.PAGE else "",
        "cancel_url": reverse(kind.list_url),
        **(_posts(request, saved) if isinstance(saved, Person) else {}),
        "merges": merges_into(request.user, saved.public_id),
        **(in_world_data(saved) if isinstance(saved, Organisation) and is_officer(request.user) else {}),
    }
    return render(request, "staff/records/form.html", about, status=409 if clashes else 200)


@login_required
@require_POST
def restore(request: HttpRequest, public_id: str, history_id: int) -> HttpResponse:
    """Back to one of the versions; the way there stays in the history too."""
    kind, record = changeable_or_gone(request, public_id)
    version = history.version_of(record, history_id) if hasattr(record, "history") else None
    if version is None or kind.keep_version is None:
        raise Http404
    user: Any = request.user
    before = codes_of(record)
    try:
        with transaction.atomic():
            history.put_back(record, version, but=kept_out(request.user, kind))
            check_together(kind, record, user)
            kind.keep_version(record)
            note_tags(user, record, before)
    except NotTogether as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It is as it was then. What stood here is in the history."))
    return redirect("staff:change", public_id=public_id)


@login_required
def remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Asked once, with what will go along."""
    kind, record = changeable_or_gone(request, public_id)
    if kind.removed_by_office and not is_officer(request.user):
        raise PermissionDenied
    going, briefs = consequences_by_name(record, request.user)
    if request.method == "POST" and not briefs:
        kind.remove(record, request.user)
        return redirect("staff:change", public_id=public_id)
    about = {
        "kind": kind,
        "record": record,
        "title": kind.called(record),
        "going": going,
        "briefs": briefs,
        "staying": [] if briefs else staying_without(record, request.user),
    }
    return render(request, "staff/records/remove.html", about, status=409 if request.method == "POST" else 200)


@login_required
def add_document(request: HttpRequest, public_id: str) -> HttpResponse:
    """Hang a file on a record, at once or for the office to read first."""
    kind, record = writable_or_gone(request, public_id)
    if kind is DOCUMENTS:
        raise Http404
    user: Any = request.user
    waits = not (is_officer(user) or record.is_kept)
    document = Document(record=record.public_id, added_by=user)
    form = DOCUMENTS.form(*posted(request), instance=document, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            if waits:
                propose_document(user, document)
                messages.success(request, WAITS)
            else:
                DOCUMENTS.keep(form)
                messages.success(request, _("The document is there."))
            return redirect("staff:change", public_id=public_id)
        except TooManyWait:
            form.add_error(None, TOO_MANY_FILES)
    back = reverse("staff:change", kwargs={"public_id": public_id})
    about = {
        "kind": DOCUMENTS, "form": form, "on": record, "on_title": kind.called(record), "cancel_url": back,
        "waits": waits,
    }  # fmt: skip
    return render(request, "staff/records/form.html", about)


@login_required
@require_safe
def document_file(request: HttpRequest, public_id: str) -> FileResponse:
    """The file itself, for who may see the document; never shown in the browser as a page of ours."""
    may_see = visible_documents(request.user)
    theirs = (changeable_documents(request.user), waiting_documents(request.user))
    document = next((one for rows in (may_see, *theirs) if (one := rows.filter(public_id=public_id).first())), None)
    if document is None:
        raise Http404
    ending = document.file_name.rpartition(".")[2]
    try:
        content = document.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(
        content,
        as_attachment=True,
        filename=document.file_name,
        content_type=TYPES.get(ending, "application/octet-stream"),
    )


@login_required
@require_safe
def suggest_organisations(request: HttpRequest) -> HttpResponse:
    """Names that hold what is typed so far, as options of the box it is typed in."""
    typed = next((str(value) for value in request.GET.values() if value), "")[:200]
    found = list(suggestions(request.user, typed))
    names = [one.name for one in found]
    options = [one.name if names.count(one.name) == 1 else f"{one.name} [{one.slug}]" for one in found]
    return render(request, "staff/records/_options.html", {"options": options})
