"""What somebody wrote and follows, their mails about it, and the way out; stopping the mails without signing in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sympolis.office.planning.models import DigestReader
from sympolis.office.planning.voices.digest import reader_of, stop
from sympolis.office.planning.voices.leaving import delete_account, may_leave
from sympolis.office.planning.voices.queries import comments_by, follows_of
from sympolis.web.public.handed_out import handed_out
from sympolis.web.public.voices.shown import speaker
from sympolis.web.public.voices.threads import text_html

COMMENTS_A_PAGE = 30


@login_required
@never_cache
@require_safe
def own_voices(request: HttpRequest) -> HttpResponse:
    user = speaker(request)
    page = Paginator(comments_by(user), COMMENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(one, text_html(one.text), one.record.get_absolute_url()) for one in page],
        "follows": [(one, one.get_absolute_url()) for one in follows_of(user)],
        "digest": DigestReader.objects.filter(person=user).first(),
        "may_leave": may_leave(user),
    }
    return render(request, "public/voices/own.html", context)


@csrf_exempt  # mail programs send the one click (RFC 8058); who has the address can do nothing but stop the mails
@require_http_methods(["GET", "HEAD", "POST"])
@handed_out
def digest_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing, since programs open the addresses in mails too; the button does."""
    reader = reader_of(token)
    if reader is None:
        raise Http404
    if request.method == "POST":
        stop(reader)
        reader.refresh_from_db()
    return render(request, "public/voices/digest_stop.html", {"reader": reader})


@login_required
@never_cache
@require_POST
def own_digest(request: HttpRequest) -> HttpResponse:
    """Stop the mails, or have them again."""
    readers = DigestReader.objects.filter(person=speaker(request))
    if request.POST.get("what") == "stop":
        for reader in readers:
            stop(reader)
        messages.success(request, _("You get no more of these mails."))
    else:
        readers.update(stopped_at=None)
        messages.success(request, _("You get a mail a day when there is something new."))
    return redirect("own_voices")


class LeaveForm(forms.Form):
    """That somebody really wants to go."""

    password = forms.CharField(
        label=gettext_lazy("Your password"), max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your password."), code="password")
        return password


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Delete one's own account."""
    user = speaker(request)
    if not may_leave(user):
        raise Http404
    form = LeaveForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        delete_account(user)
        logout(request)
        messages.success(request, _("Your account is deleted. What you wrote stays without your name."))
        return redirect("public:home")
    return render(request, "public/voices/leave.html", {"form": form}, status=422 if form.errors else 200)
