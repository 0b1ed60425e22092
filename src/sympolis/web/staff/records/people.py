"""What is done with people besides keeping them: their earlier and second posts, moving on to a new one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from sympolis.office.core.texts import Text
from sympolis.office.directory.actions import take_new_post
from sympolis.office.directory.models import Post
from sympolis.office.directory.people.forms import NewPostForm, PostForm
from sympolis.office.directory.queries import changeable_people, proposable_people
from sympolis.web.staff.records.saving import WAITS, keep_new
from sympolis.web.staff.records.tables.directory import POSTS


@login_required
def add_post(request: HttpRequest, public_id: str) -> HttpResponse:
    """A post that somebody held before, or holds besides; who does not keep the person proposes it."""
    person = get_object_or_404(proposable_people(request.user), public_id=public_id)
    form = PostForm(
        request.POST if request.method == "POST" else None,
        instance=Post(person=person),
        user=request.user,
        initial={"organisation": person.organisation},
    )
    back = reverse("staff:change", kwargs={"public_id": public_id})
    if request.method == "POST" and form.is_valid():
        kept = keep_new(POSTS, form, request.user, on={"person": person})
        if form.is_valid():
            messages.success(request, WAITS if kept.waits else _("The post is there."))
            return redirect(back)
    waits = not changeable_people(request.user).filter(pk=person.pk).exists()
    about = {"kind": POSTS, "form": form, "on": person, "cancel_url": back, "waits": waits}
    return render(request, "staff/records/form.html", about)


@login_required
def new_post(request: HttpRequest, public_id: str) -> HttpResponse:
    """Somebody has a new post: the one held so far stays among the earlier ones."""
    person = get_object_or_404(changeable_people(request.user), public_id=public_id)
    first = {"organisation": person.organisation}
    form = NewPostForm(request.POST if request.method == "POST" else None, user=request.user, initial=first)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        words = Text()
        for code, written in told["post"].items():
            words.write(code, written, author=str(request.user))
        take_new_post(person, told["organisation"], told["department"], words, told["since"], told["left"])
        messages.success(request, _("The new post is there. The one before stands among the earlier ones."))
        return redirect("staff:change", public_id=public_id)
    return render(request, "staff/records/new_post.html", {"person": person, "form": form})
