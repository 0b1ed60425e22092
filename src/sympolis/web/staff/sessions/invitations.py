"""Whom the office invites to a session by mail, who comes, and who waits for a place."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from sympolis.office.core.form_fields import language_now
from sympolis.office.core.models import User
from sympolis.office.directory.fields import OrganisationsField
from sympolis.office.planning.enums import ParticipantKind
from sympolis.office.planning.models import Session
from sympolis.office.planning.sessions.errors import SessionRefused
from sympolis.office.planning.sessions.invitations import (
    Invited,
    UnreadableLines,
    free_places,
    invite,
    invited_counts,
    people_of,
    read_invited,
    take_back_invitation,
    tell_changed,
    told_otherwise,
)
from sympolis.office.planning.sessions.queries import places_left
from sympolis.web.site_root import site_root
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.sessions.views import session_of

A_PAGE = 100
LONGEST = 50_000


class InvitationForm(forms.Form):
    """Whom to write to, as what kind of participant, in which language."""

    kind = forms.ChoiceField(label=gettext_lazy("For whom"), choices=ParticipantKind.choices)
    language = forms.ChoiceField(label=gettext_lazy("Language of the mail"), choices=settings.LANGUAGES)
    addresses = forms.CharField(
        label=gettext_lazy("Mail addresses"), required=False, max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text=gettext_lazy("One a line: a mail address, or name; whom they speak for; mail address."),
    )  # fmt: skip
    organisations = OrganisationsField(
        label=gettext_lazy("People and mailboxes of these organisations"), required=False,
        help_text=gettext_lazy("One name a box."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        houses: Any = self.fields["organisations"]
        houses.user = user

    def people(self) -> list[Invited]:
        """Everybody named, each address once. Raises UnreadableLines."""
        language, houses = self.cleaned_data["language"], self.cleaned_data["organisations"]
        written = read_invited(self.cleaned_data["addresses"], language)
        found = [*written, *(people_of(self.user, houses, language) if houses else ())]
        return list({one.email: one for one in reversed(found)}.values())


@officers
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: HttpRequest, public_id: str) -> HttpResponse:
    found, user = session_of(request, public_id), reader(request)
    if request.method != "POST":
        return _page(request, found, InvitationForm(initial={"language": language_now()}, user=user))
    form = InvitationForm(request.POST, user=user)
    if form.is_valid():
        try:
            asked = invite(user, found, form.cleaned_data["kind"], form.people(), site_root(request))
        except UnreadableLines as wrong:
            said = _("There is no mail address in: %(lines)s") % {"lines": " · ".join(wrong.lines)}
            form.add_error("addresses", said)
        except SessionRefused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            told = ngettext("%(n)d person is written to.", "%(n)d people are written to.", asked) % {"n": asked}
            messages.success(request, told if asked else _("Nobody new: all of them are invited already."))
            return redirect("staff:session_invitations", public_id=public_id)
    return _page(request, found, form, 422)


def _page(request: HttpRequest, found: Session, form: InvitationForm, status: int = 200) -> HttpResponse:
    rows = list(found.invitations.select_related("participant"))
    context = {
        "session": found,
        "form": form,
        "counts": invited_counts(rows),
        "told_otherwise": len(told_otherwise(found, rows)),
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "waiting": list(found.waiting.all()),
        "left": places_left(found),
    }
    return render(request, "staff/sessions/invitations.html", context, status=status)


@officers
@require_POST
def take_back(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    invitation = get_object_or_404(session_of(request, public_id).invitations, pk=number)
    take_back_invitation(reader(request), invitation)
    messages.success(request, _("Taken back: the address opens nothing any more."))
    return redirect("staff:session_invitations", public_id=public_id)


@officers
@require_POST
def changed(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who was told another day, hour or place is told again."""
    try:
        told = tell_changed(reader(request), session_of(request, public_id), site_root(request))
    except SessionRefused as refused:
        messages.error(request, str(refused.sentence))
    else:
        said = ngettext("%(n)d person is written to.", "%(n)d people are written to.", told) % {"n": told}
        messages.success(request, said)
    return redirect("staff:session_invitations", public_id=public_id)


@officers
@require_POST
def places(request: HttpRequest, public_id: str) -> HttpResponse:
    """Free places go to who waits longest; they are told."""
    free_places(session_of(request, public_id), site_root(request))
    messages.success(request, _("Whoever gets a place is told by mail."))
    return redirect("staff:session_invitations", public_id=public_id)
