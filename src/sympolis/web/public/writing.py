"""Writing a need without an account: one title, three lines, and at once who offers it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sympolis.engine.texts.themes import tag
from sympolis.office.core.form_fields import theme_choices
from sympolis.office.core.templatetags.show import reader_language
from sympolis.office.projects.enums import NeedStage
from sympolis.office.projects.models import Writing, WritingLink
from sympolis.office.projects.queries import is_open, link_of, written_through
from sympolis.office.projects.writing import (
    LinkFull,
    Words,
    change_written,
    withdraw_written,
    words_of,
    write_need,
)
from sympolis.office.synergies.answers import vectors
from sympolis.office.synergies.need_answers import public_answers_to
from sympolis.web.public.bounds import has_room
from sympolis.web.public.handed_out import handed_out

MOST_WRITINGS, IN_SECONDS = 20, 3600
LONGEST_TITLE, LONGEST_TEXT = 120, 500


class WordsForm(forms.Form):
    """What one writes on a phone in under a minute."""

    stage = forms.ChoiceField(
        label=_("What it is"), choices=NeedStage.choices, initial=NeedStage.NEED, widget=forms.RadioSelect
    )
    title = forms.CharField(
        label=_("In one line"), max_length=LONGEST_TITLE, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    text = forms.CharField(
        label=_("In three lines"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("In any language. Nothing that must stay private: the office makes it public."),
    )

    def words(self, themes: tuple[str, ...] = ()) -> Words:
        said = self.cleaned_data
        text = said["text"].replace("\r\n", "\n")
        return Words(" ".join(said["title"].split()), text, said["stage"], said.get("themes", themes))


class ChangeForm(WordsForm):
    """The same with its themes, as the engine heard them and the writer knows better."""

    themes = forms.MultipleChoiceField(
        label=_("Themes"),
        choices=theme_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}),
        help_text=_("Ticked is what your words seem to be about. Put it right."),
    )

    def clean_themes(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["themes"])


def _by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view of an open link; one that is closed says so, one that never was is not there."""

    @require_http_methods(["GET", "POST"])
    @handed_out
    @wraps(view)
    def guarded(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        link = link_of(token)
        if link is None:
            raise Http404
        if is_open(link, timezone.localdate()):
            return view(request, link, token, **kwargs)
        return render(request, "public/write_closed.html", {"link": link}, status=410)

    return guarded


@_by_link
def write(request: HttpRequest, link: WritingLink, token: str) -> HttpResponse:
    """One title and three lines; what was written here before stands below."""
    form = WordsForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            status = 429
            if has_room("writing", token, MOST_WRITINGS, IN_SECONDS):
                try:
                    words = form.words(_heard(form))
                    writing = write_need(link, words, reader_language(), timezone.localdate())
                    return redirect("written", token=token, public_id=writing.need.public_id)
                except LinkFull:
                    pass
            form.add_error(None, _now("A great deal was written here. Try again in an hour, or ask the office."))
    context = {"link": link, "token": token, "form": form, "writings": written_through(link)}
    return render(request, "public/write.html", context, status=status)


def _heard(form: WordsForm) -> tuple[str, ...]:
    """The themes the words seem to be about."""
    said = f"{form.cleaned_data['title']}\n{form.cleaned_data['text']}"
    return tuple(one.code for one in tag([said], "theme", vectors())[0] if one.accepted)


@_by_link
def written(request: HttpRequest, link: WritingLink, token: str, public_id: str) -> HttpResponse:
    """What was written, to be changed or taken back, and who and what answers it."""
    writing = get_object_or_404(written_through(link), need__public_id=public_id)
    if request.POST.get("what") == "withdraw":
        withdraw_written(writing)
        return redirect("write", token=token)
    now = words_of(writing.need)
    known = {"title": now.title, "text": now.text, "stage": now.stage, "themes": now.themes}
    form = ChangeForm(request.POST or None, initial=known)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            if has_room("writing", token, MOST_WRITINGS, IN_SECONDS):
                change_written(writing, form.words(), reader_language(), timezone.localdate())
                return redirect("written", token=token, public_id=public_id)
            status = 429
            form.add_error(None, _now("A great deal was written here. Try again in an hour, or ask the office."))
    return _page(request, link, token, writing, form, status)


def _page(
    request: HttpRequest, link: WritingLink, token: str, writing: Writing, form: ChangeForm, status: int
) -> HttpResponse:
    now = words_of(writing.need)
    said = f"{now.title}\n{now.text}"
    found = public_answers_to(said, timezone.localdate(), reader_language(), link.organisation)
    context = {
        "link": link,
        "token": token,
        "writing": writing,
        "form": form,
        "found": found,
    }
    return render(request, "public/written.html", context, status=status)
