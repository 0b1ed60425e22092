"""Making a token, shown once; seeing when each was used, and withdrawing it."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sympolis.office.core.api_tokens import is_good, make_token, tokens_of, withdraw_token
from sympolis.web.staff.tokens.forms import TokenForm

MOST_SHOWN = 100


@login_required
@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens one has made: what each may do, until when, and when it was used."""
    user: Any = request.user
    today = timezone.localdate()
    mine = [(token, is_good(token, today)) for token in tokens_of(user).select_related("user")[:MOST_SHOWN]]
    return render(request, "account/tokens.html", {"tokens": mine})


@login_required
@never_cache
# What opens doors for a year is made by who knows the password.
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
@require_http_methods(["GET", "POST"])
def new_token(request: HttpRequest) -> HttpResponse:
    """A form for a new one. The token itself is in the one answer alone that follows it."""
    user: Any = request.user
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made, written = make_token(user, **form.cleaned_data)
        return render(request, "account/token_made.html", {"token": made, "written": written})
    return render(request, "account/token_new.html", {"form": form})


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    withdraw_token(get_object_or_404(tokens_of(request.user), pk=pk))  # type: ignore[arg-type]
    messages.success(request, _("Withdrawn: what uses this token is refused from now on."))
    return redirect("account_tokens")
