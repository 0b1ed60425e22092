"""The administrator of an organisation says who signs in for it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sympolis.office.core import accounts
from sympolis.office.core.enums import MembershipRole
from sympolis.office.core.form_fields import language_now
from sympolis.office.directory.actions import TooManyInvited, end_membership, invite_member
from sympolis.office.directory.models import Membership, Organisation
from sympolis.office.directory.queries import administered_organisations
from sympolis.web.staff.administration.views import tell_invited
from sympolis.web.staff.team.forms import MemberForm


def _organisation(request: HttpRequest, public_id: str) -> Organisation:
    return get_object_or_404(administered_organisations(request.user), public_id=public_id)


def _other(request: HttpRequest, public_id: str, pk: int) -> Membership:
    """Somebody else's membership: who took away their own could not come back."""
    members = _organisation(request, public_id).memberships.select_related("user", "organisation")
    return get_object_or_404(members.exclude(user=request.user.pk), pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who acts for it and as what, and a form to invite one more."""
    organisation = _organisation(request, public_id)
    form = MemberForm(request.POST or None, initial={"language": language_now()})
    if request.method == "POST" and form.is_valid() and _invited(request, organisation, form):
        return redirect("staff:team", public_id=public_id)
    members = organisation.memberships.select_related("user").order_by("-user__is_active", "user__email")
    context = {
        "organisation": organisation,
        "form": form,
        "rows": [(one, accounts.open_until(one.user)) for one in members],
        "roles": MembershipRole.choices,
        "now": timezone.now(),
    }
    return render(request, "staff/team/team.html", context)


def _invited(request: HttpRequest, organisation: Organisation, form: MemberForm) -> bool:
    told = form.cleaned_data
    try:
        user = invite_member(organisation, told["email"], told["role"], **form.about())
    except accounts.AlreadyThere:
        form.add_error("email", _("There is a user with this address already. Ask the office to let them act for you."))
    except TooManyInvited:
        form.add_error(None, _("Many were invited and have not come yet. Withdraw some of these invitations first."))
    else:
        tell_invited(request, user)
        return True
    return False


@login_required
@require_POST
def change_role(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    member = _other(request, public_id, pk)
    if request.POST.get("role") in MembershipRole.values:
        member.role = request.POST["role"]
        member.save(update_fields=["role"])
        messages.success(request, _("Saved."))
    return redirect("staff:team", public_id=public_id)


@login_required
@require_POST
def end(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    member = _other(request, public_id, pk)
    end_membership(member)
    messages.success(request, _("%(user)s no longer acts for it.") % {"user": member.user})
    return redirect("staff:team", public_id=public_id)


@login_required
@require_POST
def invite_again(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """A fresh link for somebody who was invited and has not come."""
    member = _other(request, public_id, pk)
    if accounts.open_until(member.user) is not None:
        tell_invited(request, member.user)
    return redirect("staff:team", public_id=public_id)
