"""One page for a region or a network: each member's networks, projects, twins, wishes and trips."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from sympolis.office.core.plain_widgets import PlainSelect
from sympolis.office.synergies.agenda.agenda import A_PAGE, Asked, Gathering
from sympolis.office.synergies.agenda.bodies import bodies_around, bodies_called, body_of
from sympolis.office.synergies.agenda.members import Member
from sympolis.web.public.lists import CountedPaginator, asked
from sympolis.web.staff.brief.access import office_readers, reader
from sympolis.web.staff.csv_file import long_csv_file

HAS = (
    ("", gettext_lazy("All")),
    ("together", gettext_lazy("could go together with another")),
    ("trips", gettext_lazy("Trips")),
    ("projects", gettext_lazy("Projects")),
    ("wants", gettext_lazy("Needs and offers")),
    ("networks", gettext_lazy("Networks")),
    ("twins", gettext_lazy("Twin towns")),
)


class MembersForm(forms.Form):
    """Which members are shown."""

    q = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=200)
    has = forms.ChoiceField(label=gettext_lazy("Who has"), choices=HAS, required=False, widget=PlainSelect)
    place = forms.ChoiceField(label=gettext_lazy("Who goes to"), required=False, widget=PlainSelect)
    call = forms.ChoiceField(label=gettext_lazy("Who is after"), required=False, widget=PlainSelect)

    def __init__(self, data: QueryDict, gathering: Gathering) -> None:
        super().__init__(data)
        self.fields["q"].widget.attrs |= {"type": "search", "dir": "auto"}
        everywhere: list[tuple[str, Any]] = [("", _("All"))]
        places: Any = self.fields["place"]
        places.choices = everywhere + [(one.key, one.place) for one in gathering.places]
        calls: Any = self.fields["call"]
        calls.choices = everywhere + [(one.key, str(one.call.title)) for one in gathering.calls]

    def asked(self) -> Asked:
        """A choice nobody offered is no choice."""
        self.is_valid()
        said = self.cleaned_data
        words, has, place, call = (said.get(name) or "" for name in ("q", "has", "place", "call"))
        return Asked(words, has, place, call)


@office_readers
@require_safe
def agenda(request: HttpRequest) -> HttpResponseBase:
    """``of`` names the body, the office's own organisation where nothing does; ``format=csv`` as a table."""
    user, on, words = reader(request), timezone.localdate(), asked(request, "find")
    if words:
        return _found(request, words)
    office = getattr(request, "office", None)
    ours, said = (office.organisation_id if office else None), request.GET.get("of", "")
    body = body_of(user, on, public_id=said) if said else body_of(user, on, pk=ours)
    if body is None:
        if said:
            raise Http404
        return render(request, "staff/agenda/bodies.html", {"bodies": bodies_around(user, ours, on) if ours else []})
    gathering = Gathering(user, body, on)
    form = MembersForm(request.GET, gathering)
    if request.GET.get("format") == "csv":
        return long_csv_file("agenda", _table(gathering.all(form.asked())))
    found = gathering.page(form.asked(), _paginated(request))
    table = request.GET.copy()
    table |= {"of": body.organisation.public_id, "format": "csv"}
    context = {"body": body.organisation, "many": body.many, "agenda": found, "form": form, "table": table.urlencode()}
    return render(request, "staff/agenda/agenda.html", {**context, "gathering": gathering})


def _found(request: HttpRequest, words: str) -> HttpResponse:
    """Whatever is called that: the one, or a list to choose from."""
    bodies = bodies_called(reader(request), words, timezone.localdate())
    if len(bodies) == 1:
        return redirect(f"{reverse('staff:agenda')}?of={bodies[0].public_id}")
    return render(request, "staff/agenda/bodies.html", {"bodies": bodies, "words": words})


def _paginated(request: HttpRequest) -> Callable[[Any, int | None], Page[Any]]:
    def paginated(rows: Any, many: int | None) -> Page[Any]:
        paginator = Paginator(rows, A_PAGE) if many is None else CountedPaginator(rows, many, A_PAGE)
        return paginator.get_page(request.GET.get("page"))

    return paginated


def _table(members: Iterable[Member]) -> Iterator[list[object]]:
    """A row for each thing, with whose it is."""
    yield ["id", _("Organisation"), _("What it is"), _("Title"), _("Place"), _("Begins"), _("Ends")]
    for member in members:
        begin: list[object] = [member.organisation.public_id, member.organisation.title_text()]
        for network in member.networks:
            yield [*begin, _("Network"), network.title_text(), "", "", ""]
        for twin in member.twins:
            yield [*begin, _("Twin town"), twin.title_text(), "", "", ""]
        for project in member.projects:
            yield [*begin, _("Project"), project.title, "", project.start, project.end]
        for need in member.wants:
            yield [*begin, need.kind, need.title, "", "", ""]
        for trip in member.trips:
            yield [*begin, _("Trip"), trip.title, trip.place, trip.start, trip.end]
