"""What the maps draw."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page

from sympolis.office.directory.enums import NETWORK_KINDS, RelationType
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_organisations
from sympolis.web.public.charts import collection, crowd_chart, members_chart, reach_chart
from sympolis.web.public.events.encounters import asked_encounters
from sympolis.web.public.moments import asked_moment
from sympolis.web.public.reach import reach_of, sound_relations

MINUTES_KEPT = 5
CROWDED = tuple(f"from_organisation__{name}" for name in ("latitude", "longitude", "name", "sort_key", "pk"))
MOST_MEMBERS = 1_000  # each with a point and a line of its own


@gzip_page
@conditional_page
def map_data(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """The office's links, an organisation's, or a network's members; asked again it says when nothing changed."""
    office = getattr(request, "office", None)
    if public_id:
        organisation = visible_organisations(request.user).filter(public_id=public_id).first()
        if organisation is None:
            raise Http404
    else:
        organisation = office.organisation if office else None
    return kept_for_a_while(request, JsonResponse(chart_of(request, organisation) if organisation else collection([])))


def kept_for_a_while(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Visitors' browsers keep it for some minutes; who is signed in asks again, for it may be theirs alone."""
    patch_vary_headers(answer, ["Cookie"])
    if request.user.is_authenticated:
        patch_cache_control(answer, private=True, no_cache=True)
    else:
        patch_cache_control(answer, public=True, max_age=60 * MINUTES_KEPT)
    return answer


def narrowing_of(request: HttpRequest) -> tuple[str, str]:
    """The kind and the theme of those at the other end that a map is asked for; empty for all."""
    return request.GET.get("kind", ""), request.GET.get("theme", "")


def chart_of(request: HttpRequest, organisation: Organisation) -> dict[str, object]:
    moment = asked_moment(request).moment
    if organisation.kind not in NETWORK_KINDS:
        reach = reach_of(request.user, organisation, moment, asked_encounters(request))
        return reach_chart(reach.narrowed(*narrowing_of(request)))
    which = Q(to_organisation=organisation, type=RelationType.MEMBER_OF)
    relations = moment.possible(sound_relations(request.user, which)).order_by("from_organisation__sort_key")
    real_members = Q(from_organisation__confirmed=True, from_organisation__illustrative=False)
    rows = relations.filter(real_members, from_organisation__latitude__isnull=False).values_list(*CROWDED).distinct()
    crowd = list(rows)
    if len(crowd) > MOST_MEMBERS:
        return crowd_chart(organisation, (row[:3] for row in crowd))
    members = {relation.from_organisation_id: relation.from_organisation for relation in relations}
    real = [member for member in members.values() if member.confirmed and not member.illustrative]
    return members_chart(organisation, real)
