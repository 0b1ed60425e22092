"""vCards: people out as a file, and in with a preview before anything is written."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from sympolis.office.core.form_fields import language_now
from sympolis.office.core.queries import Reader
from sympolis.office.directory.fields import OrganisationField
from sympolis.office.directory.queries import changeable_organisations, changeable_people
from sympolis.office.directory.vcards import (
    MOST_BYTES,
    Card,
    Found,
    NoCards,
    bring_in,
    packed,
    preview,
    read_cards,
    written,
)
from sympolis.web.staff.imports.access import officer_of, officers_only

SALT = "people as vCards"
AN_HOUR_S = 3600


class CardsForm(forms.Form):
    """A file of people, and whose people they are where a card does not say it."""

    file = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("A file that ends in .vcf, 2 MB at most.")
    )
    house = OrganisationField(
        label=gettext_lazy("Organisation"), required=False,
        help_text=gettext_lazy("Whose people they are, where a card names no organisation we know."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        house: Any = self.fields["house"]
        house.user = user

    def clean_file(self) -> list[Card]:
        upload = self.cleaned_data["file"]
        try:
            return read_cards(upload.read(MOST_BYTES + 1))
        except NoCards as error:
            raise forms.ValidationError(str(error), code="cards") from error


@officers_only
def vcards(request: HttpRequest) -> HttpResponse:
    """Choose a file, look at what it would do, bring it in: all of it or nothing."""
    user = officer_of(request)
    if request.method == "POST" and "cards" in request.POST:
        added, changed = bring_in(user, _carried(request), _taken(request))
        messages.success(request, _("%(added)d added, %(changed)d changed.") % {"added": added, "changed": changed})
        return redirect("staff:people")
    form = CardsForm(*((request.POST, request.FILES) if request.method == "POST" else ()), user=user)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        cards, house = form.cleaned_data["file"], form.cleaned_data["house"]
        carried = {"cards": packed(cards), "house": house.public_id if house else ""}
        context |= {"found": preview(user, cards, house), "carried": signing.dumps(carried, salt=SALT, compress=True)}
    return render(request, "staff/records/vcards.html", context)


def _carried(request: HttpRequest) -> list[Found]:
    """What was looked at, read again against what is here now. Raises Http404 for what this page never sent."""
    user = officer_of(request)
    try:
        carried = signing.loads(request.POST["cards"], salt=SALT, max_age=AN_HOUR_S)
    except signing.BadSignature as error:
        raise Http404 from error
    house = changeable_organisations(user).filter(public_id=carried["house"]).first()
    return preview(user, [Card(**one) for one in carried["cards"]], house)


def _taken(request: HttpRequest) -> list[int]:
    return [int(place) for place in request.POST.getlist("take") if place.isdecimal() and len(place) < 6]


@login_required
@require_safe
def vcard(request: HttpRequest, public_id: str) -> HttpResponse:
    """One person, or all of an organisation, for who may change them."""
    people = changeable_people(request.user).select_related("organisation", "department").order_by("sort_key", "pk")
    if public_id.startswith("org_"):
        house = get_object_or_404(changeable_organisations(request.user), public_id=public_id)
        people, name = people.filter(organisation=house), house.slug
    else:
        name = get_object_or_404(people, public_id=public_id).slug
        people = people.filter(public_id=public_id)
    answer = HttpResponse(written(people, language_now()), content_type="text/vcard; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name or public_id}.vcf"'
    return answer
