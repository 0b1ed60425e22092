"""Administration: how the system is, the office's settings, the users."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sympolis.office.core import accounts
from sympolis.office.core.imports.errors import ImportRefused
from sympolis.office.core.models import User
from sympolis.office.core.texts import folded
from sympolis.office.directory.actions import change_office, set_memberships
from sympolis.office.directory.examples import example_counts, remove_examples
from sympolis.office.publishing.newsletter.editing import remove_example_letters
from sympolis.web.staff.accounts import send_invitation
from sympolis.web.staff.administration.access import administrators_only
from sympolis.web.staff.administration.forms import OfficeForm, UserForm
from sympolis.web.staff.administration.status import status
from sympolis.web.staff.records.documents import KINDS
from sympolis.web.staff.records.views import posted

USERS_A_PAGE = 50


@administrators_only
@require_safe
def administration(request: HttpRequest) -> HttpResponse:
    office: Any = getattr(request, "office", None)
    examples_left = bool(office and office.is_demo and not office.examples_removed_at)
    return render(request, "staff/administration/status.html", {**status(), "examples": examples_left})


@administrators_only
def examples(request: HttpRequest) -> HttpResponse:
    """The invented rows of the demo vanish with one button, once."""
    user: Any = request.user
    if request.method == "POST":
        try:
            with transaction.atomic():
                removed = remove_examples(user) + remove_example_letters()
        except ImportRefused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("%(count)d examples were removed.") % {"count": removed})
        return redirect("staff:administration")
    titles = {str(kind.form._meta.model._meta.verbose_name_plural): kind.title for kind in KINDS}
    going = [f"{titles.get(name, name)}: {count}" for name, count in example_counts().items()]
    return render(request, "staff/administration/examples.html", {"going": going})


@administrators_only
def office_settings(request: HttpRequest) -> HttpResponse:
    office: Any = getattr(request, "office", None)
    if office is None:
        return redirect("staff:administration")
    form = OfficeForm(*posted(request), instance=office, user=request.user)
    if request.method == "POST" and form.is_valid():
        change_office(form.save(commit=False))
        messages.success(request, _("Saved."))
        return redirect("staff:office_settings")
    return render(request, "staff/administration/office.html", {"form": form})


@administrators_only
@require_safe
def users(request: HttpRequest) -> HttpResponse:
    """Everybody who has an account; ``q`` looks in names and addresses."""
    everybody = User.objects.prefetch_related("memberships__organisation").order_by("-is_active", "email")
    word = folded(request.GET.get("q", "")[:200])
    found = [user for user in everybody if word in folded(str(user), user.email, user.post)] if word else everybody
    page = Paginator(found, USERS_A_PAGE).get_page(request.GET.get("page"))
    rows = [(user, accounts.open_until(user)) for user in page]
    context = {"page": page, "rows": rows, "now": timezone.now(), "q": request.GET.get("q", "")}
    return render(request, "staff/administration/users.html", context)


@administrators_only
def invite(request: HttpRequest) -> HttpResponse:
    """A new user, told by mail how to set a password."""
    form = UserForm(posted(request)[0], user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            user = accounts.add_user(form.cleaned_data["email"], **form.about())
        except accounts.AlreadyThere:
            form.add_error("email", _("There is a user with this address already."))
        else:
            set_memberships(user, dict(form.cleaned_data["organisations"]))
            tell_invited(request, user)
            return redirect("staff:users")
    return render(request, "staff/administration/user.html", {"form": form})


def tell_invited(request: HttpRequest, user: User) -> None:
    """Send the invitation, and say on the next page whether it went."""
    try:
        send_invitation(request, user)
    except OSError:
        messages.error(request, _("The account is there, but the mail did not go out. Look at the mail server."))
    else:
        messages.success(request, _("A mail is on its way to %(email)s.") % {"email": user.email})


@administrators_only
def change_user(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    form = UserForm(posted(request)[0], instance=user, user=request.user)
    if request.method == "POST" and form.is_valid():
        fresh = User.objects.get(pk=pk)
        try:
            accounts.change_user(fresh, **form.about())
        except accounts.LastAdministrator:
            form.add_error("role", _("This is the last administrator. Make somebody else one first."))
        else:
            set_memberships(fresh, dict(form.cleaned_data["organisations"]))
            messages.success(request, _("Saved."))
            return redirect("staff:users")
    about = {"form": form, "person": User.objects.get(pk=pk)}
    return render(request, "staff/administration/user.html", about)


@administrators_only
@require_POST
def invite_again(request: HttpRequest, pk: int) -> HttpResponse:
    """The same mail once more, with a fresh link."""
    tell_invited(request, get_object_or_404(User, pk=pk, is_active=True))
    return redirect("staff:users")


@administrators_only
@require_POST
def withdraw_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Of somebody who was invited and has not come: the link in the mail leads nowhere any more."""
    user = get_object_or_404(User, pk=pk, is_active=True)
    if accounts.withdraw_invitation(user):
        messages.success(request, _("The invitation is withdrawn: its link leads nowhere any more."))
    else:
        messages.error(request, _("They have come already. Deactivate the account instead."))
    return redirect("staff:users")


@administrators_only
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked once; what the user did stays, where they are signed in ends."""
    user = get_object_or_404(User, pk=pk, is_active=True)
    if request.method == "POST":
        try:
            accounts.deactivate_user(user)
        except accounts.LastAdministrator:
            messages.error(request, _("This is the last administrator. Make somebody else one first."))
        else:
            messages.success(request, _("%(user)s can't sign in any more.") % {"user": user})
        return redirect("staff:users")
    return render(request, "staff/administration/deactivate.html", {"person": user})


@administrators_only
@require_POST
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk, is_active=False)
    accounts.reactivate_user(user)
    messages.success(request, _("%(user)s can sign in again.") % {"user": user})
    return redirect("staff:users")
