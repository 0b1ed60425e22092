"""One page or piece of news: its blocks, its languages, a look at it, and the way to its readers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sympolis.office.core.rich import bare_words
from sympolis.office.core.templatetags.show import moment, plain
from sympolis.office.publishing.enums import Stage
from sympolis.office.publishing.models import NewsItem
from sympolis.office.publishing.pages import actions
from sympolis.office.publishing.pages.actions import NotYet, Written
from sympolis.office.publishing.pages.blocks import Block, Content, TooMany, moved, picture_names, with_block, words_of
from sympolis.office.publishing.pages.enums import BlockKind, LiveList
from sympolis.office.publishing.pages.forms import BLOCK_FORMS, BlockForm, PublishForm
from sympolis.office.publishing.pages.mails import ask_the_others, tell_who_wrote
from sympolis.office.publishing.pages.models import Page
from sympolis.office.publishing.pages.pictures import address_of, pictures_named
from sympolis.office.publishing.pages.queries import content_of, draft_of, second_reader_wanted
from sympolis.office.publishing.pages.translating import language_state, pieces_of, source_of
from sympolis.web.public.views.pages import page_context
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.publishing.access import written_or_404
from sympolis.web.staff.publishing.views import offered_languages

WORDS_SHOWN = 300


@officers
@require_safe
def written(request: HttpRequest, public_id: str) -> HttpResponse:
    record = written_or_404(request, public_id)
    return _page(request, record, PublishForm())


def _page(request: HttpRequest, record: Written, form: PublishForm, status: int = 200) -> HttpResponse:
    content = content_of(record)
    pictures = pictures_named(picture_names(content.blocks))
    pieces = pieces_of(record, pictures)
    source = source_of(pieces) or offered_languages(request)[0]
    draft = draft_of(record) if isinstance(record, Page) else None
    codes = dict.fromkeys([source, *offered_languages(request)])
    stage = actions.stage_of(record)
    context = {
        "record": record,
        "content": content,
        "is_page": isinstance(record, Page),
        "draft": draft,
        "answer": draft.answer if draft else getattr(record, "answer", ""),
        "seen": actions.digest_of(record),
        "stage": stage,
        "is_public": _is_public(record),
        "blocks": [_line(block, pictures) for block in content.blocks],
        "kinds": BlockKind.choices,
        "languages": [language_state(pieces, source, code) for code in codes],
        "source": source,
        "wrote_it": second_reader_wanted() and actions.who_wrote(record) == reader(request).pk,
        "form": form,
    }
    return render(request, "staff/publishing/written.html", context, status=status)


def _is_public(record: Written) -> bool:
    if isinstance(record, NewsItem):
        return actions.stage_of(record) == Stage.PUBLISHED
    return record.published_at is not None


def _line(block: Block, pictures: dict[str, Any]) -> dict[str, Any]:
    """One block in the list an editor sees."""
    kind, names = BlockKind(block["kind"]), dict(settings.LANGUAGES)
    words = next((words_of(block, name) for name in ("words", "heading", "caption") if block.get(name)), None)
    picture = pictures.get(block.get("picture", ""))
    return {
        "key": block["key"],
        "label": kind.label,
        "words": bare_words(plain(words))[:WORDS_SHOWN] if words else "",
        "about": block.get("said_by") or (LiveList(block["of"]).label if kind == BlockKind.LIVE else ""),
        "picture": address_of(picture.name, picture.widths[0]) if picture else "",
        "alt": plain(picture.alt) if picture else "",
        "languages": [names[code] for code in words.plain() if code in names] if words else [],
    }


@officers
@require_safe
def preview(request: HttpRequest, public_id: str) -> HttpResponse:
    """As readers will meet it, in the language of the address: what they may not see is not here either."""
    record = written_or_404(request, public_id)
    if not isinstance(record, Page):
        return redirect(record.get_absolute_url())  # officers see news before everybody else, at their own address
    context = page_context(request, record, content_of(record), AnonymousUser())
    return render(request, "staff/publishing/preview.html", context)


@officers
@require_POST
def act(request: HttpRequest, public_id: str) -> HttpResponse:
    """What one button does."""
    record, what = written_or_404(request, public_id), request.POST.get("what", "")
    form = PublishForm(request.POST if what == "publish" else None)
    if what == "publish" and not form.is_valid():
        return _page(request, record, form, 422)
    try:
        said = _do(request, record, what, form)
    except NotYet as refused:
        messages.error(request, str(refused.sentence))
    else:
        if said:
            messages.success(request, said)
    return redirect("staff:written", public_id=public_id)


def _do(request: HttpRequest, record: Written, what: str, form: PublishForm) -> str:
    user, key = reader(request), request.POST.get("key", "")
    match what:
        case "up" | "down":
            by = -1 if what == "up" else 1
            actions.write_in(record, user, lambda content: _with(content, moved(content.blocks, key, by)))
            return ""
        case "remove":
            actions.write_in(
                record, user, lambda content: _with(content, [one for one in content.blocks if one["key"] != key])
            )
            return _("The block is removed.")
        case "ask":
            actions.ask_for_a_reader(record, user)
            return _asked(request, record)
        case "back":
            return _sent_back(request, record)
        case "publish":
            stage = actions.publish(record, user, form.moment(), request.POST.get("seen", ""))
            at = form.cleaned_data["at"]
            return _("Published.") if stage == Stage.PUBLISHED else _("It is published on %(at)s.") % {"at": moment(at)}
        case "drop" if isinstance(record, Page):
            actions.drop_draft(record)
            return _("What was being written is put aside.")
        case "take-back":
            actions.take_back(record, user)
            return _("Readers do not see it any more.")
    raise Http404


def _asked(request: HttpRequest, record: Written) -> str:
    """The others are told once it is kept: a mail server that is down takes nothing back."""
    try:
        ask_the_others(record, reader(request), request.build_absolute_uri("/"))
    except OSError:
        messages.warning(request, _("The mail to the others of the office could not be sent: tell them yourself."))
    return _("It waits for a second person to read it.")


def _sent_back(request: HttpRequest, record: Written) -> str:
    """Who wrote it is told, as the others were when it was put before them."""
    why = request.POST.get("why", "")
    actions.send_back(record, why)
    try:
        tell_who_wrote(record, reader(request), why, request.build_absolute_uri("/"))
    except OSError:
        messages.warning(request, _("The mail to who wrote it could not be sent: tell them yourself."))
    return _("It is a draft again.")


def _with(content: Content, blocks: list[Block]) -> Content:
    content.blocks = blocks
    return content


@officers
@require_http_methods(["GET", "HEAD", "POST"])
def add_block(request: HttpRequest, public_id: str, kind: str) -> HttpResponse:
    if kind not in BLOCK_FORMS:
        raise Http404
    return _block_page(request, written_or_404(request, public_id), BLOCK_FORMS[kind], None)


@officers
@require_http_methods(["GET", "HEAD", "POST"])
def block(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    record = written_or_404(request, public_id)
    there = content_of(record).block(key)
    if there is None:
        raise Http404
    return _block_page(request, record, BLOCK_FORMS[there["kind"]], there)


def _block_page(request: HttpRequest, record: Written, of: type[BlockForm], there: Block | None) -> HttpResponse:
    """What somebody else made of a block meanwhile is not written over: the page says so and shows it."""
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = of(*posted, user=reader(request), record=record, block=there)
    now, clash = actions.digest_of_block(there), None
    if request.method == "POST" and form.is_valid():
        if there is not None and request.POST.get("seen") != now:
            clash = of(user=reader(request), record=record, block=there)
        else:
            try:
                made = form.made()
                actions.write_in(
                    record, reader(request), lambda content: _with(content, with_block(content.blocks, made))
                )
                messages.success(request, _("Saved."))
                return redirect("staff:written", public_id=record.public_id)
            except TooMany as refused:
                form.add_error(None, str(refused.sentence))
    context = {
        "record": record, "form": form, "kind": BlockKind(of.kind), "is_new": there is None,
        "seen": now, "theirs": _line(there, {}) if clash and there else None,
    }  # fmt: skip
    status = 409 if clash else 422 if form.errors else 200
    return render(request, "staff/publishing/block.html", context, status=status)
