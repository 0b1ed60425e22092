"""Making a brief: name the two, draw each side, make it."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sympolis.office.directory.queries import current_office, visible_organisations
from sympolis.office.synergies.actions import Wish, make_again, make_brief
from sympolis.office.synergies.errors import BriefRefused
from sympolis.office.synergies.scope import Related, scopes_of
from sympolis.web.staff.brief.access import brief_or_404, officers, reader
from sympolis.web.staff.brief.forms import SIDES, BriefForm
from sympolis.web.staff.suggesting import suggested


@officers
@require_http_methods(["GET", "POST"])
def brief_new(request: HttpRequest) -> HttpResponse:
    """First the names (an address that can be kept), then how wide each side is, then the brief."""
    data = request.POST if request.method == "POST" else request.GET
    if not any(data.get(field) or data.get(f"{field}_id") for field in SIDES):
        form = BriefForm(initial=_to_begin_with(request), user=request.user)
        return render(request, "staff/brief/new.html", {"form": form})
    form = BriefForm(_complete(data), user=request.user)
    if not form.is_valid():
        return render(request, "staff/brief/new.html", {"form": form, "nearest": _nearest(form)})
    if request.method == "POST":
        return _made(request, form)
    on = form.cleaned_data["on"] or timezone.localdate()
    both = [form.cleaned_data["left"], form.cleaned_data["right"]]
    scopes = map(_counted_first, scopes_of(request.user, both, on))
    sides = list(zip(("left", "right"), both, scopes, strict=True))
    return render(request, "staff/brief/scope.html", {"form": form, "sides": sides})


def _counted_first(related: Iterable[Related]) -> dict[str, list[Related]]:
    """Bodies whose links count unless an officer says otherwise, and the others: an authority's towns are many."""
    found: dict[str, list[Related]] = {"counted": [], "others": []}
    for each in related:
        found["counted" if each.counted_at_once else "others"].append(each)
    return found


def _to_begin_with(request: HttpRequest) -> dict[str, str]:
    """One's own house on one side; from the page of a partner (``with``) the partner on the other."""
    begun = {"language": (get_language() or "en").split("-")[0]}
    partner = visible_organisations(request.user).filter(public_id=request.GET.get("with", "")).first()
    office = current_office()
    ours = office.organisation if office else None
    if partner is not None:
        begun["right"] = partner.title_text().best(begun["language"]).text
    if ours is not None and ours != partner:
        begun["left"] = ours.title_text().best(begun["language"]).text
    return begun


def _complete(data: dict[str, str]) -> dict[str, str]:
    """The language of the page where none was chosen: a link with two names is enough."""
    filled = {name: data.get(name, "") for name in data}
    filled.setdefault("language", (get_language() or "en").split("-")[0])
    for name in SIDES:
        filled[name] = filled.get(name) or filled.get(f"{name}_id", "")
    return filled


def _nearest(form: BriefForm) -> list[tuple[str, object]]:
    return [(field, organisations) for field, organisations in form.nearest.items() if organisations]


def _made(request: HttpRequest, form: BriefForm) -> HttpResponse:
    chosen = form.cleaned_data
    wish = Wish(
        left=chosen["left"],
        right=chosen["right"],
        network=chosen["network"],
        language=chosen["language"],
        on=chosen["on"],
        left_scope=request.POST.getlist("left_scope"),
        right_scope=request.POST.getlist("right_scope"),
        include_unconfirmed=chosen["include_unconfirmed"],
    )
    try:
        brief = make_brief(reader(request), wish)
    except BriefRefused as refused:
        form.add_error(None, str(refused.sentence))
        return render(request, "staff/brief/new.html", {"form": form})
    return redirect("staff:brief", public_id=brief.public_id)


@officers
@require_GET
def brief_suggest(request: HttpRequest, field: str) -> HttpResponse:
    if field not in SIDES:
        raise Http404
    return suggested(request, field)


@officers
@require_POST
def brief_again(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same brief in another language: a new one, as of the same day."""
    brief = brief_or_404(request, public_id)
    language = request.POST.get("language", "")
    if language not in dict(brief._meta.get_field("language").flatchoices):
        raise Http404
    made = make_again(reader(request), brief, language)
    messages.success(request, _("Here it is in the language you chose."))
    return redirect("staff:brief", public_id=made.public_id)
