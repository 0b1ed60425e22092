"""Networks, their members by country, their allies."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet
from django.db.models.lookups import In
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sympolis.office.core.found_by_words import containing
from sympolis.office.core.models import User
from sympolis.office.core.templatetags.show import country
from sympolis.office.directory.enums import NETWORK_KINDS, RelationType
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.directory.moments import Holds, Moment
from sympolis.office.directory.queries import NoIndex, of_kinds, visible_organisations, visible_relations
from sympolis.web.public.addresses import find_page
from sympolis.web.public.allies import allies_of
from sympolis.web.public.dormancy import lives_of
from sympolis.web.public.links import NAMED, SAID, Link, role_label
from sympolis.web.public.lists import asked as asked_for
from sympolis.web.public.lists import by_name, listing
from sympolis.web.public.moments import asked_moment

MOST_AT_ONCE = 300  # members on one page


def networks(request: HttpRequest) -> HttpResponse:
    """Networks of cities and of businesses, with how many members each has."""
    question = asked_for(request, "q")
    found = containing(visible_organisations(request.user).filter(pk__in=of_kinds(NETWORK_KINDS)), question)
    shown = listing(request, found.defer("description", "imported", "folded", "note", "aliases").order_by("sort_key"))
    networks = list(shown.page)
    members = (
        visible_relations(request.user)
        .filter(type=RelationType.MEMBER_OF, illustrative=False, to_organisation__in=networks)
        .values_list("to_organisation")
        .annotate(count=Count("from_organisation", distinct=True))
    )
    counts = dict(members.order_by().values_list("to_organisation", "count"))
    rows = [(network, counts.get(network.pk, 0)) for network in networks]
    context = {"listing": shown, "rows": rows, "question": question}
    return render(request, "public/networks.html", context)


@dataclass(slots=True)
class MembersOfCountry:
    """The members of a network in one country."""

    name: str
    code: str
    links: list[Link] = field(default_factory=list)
    counted: int = 0  # those that are not listed, since there are too many

    @property
    def count(self) -> int:
        return self.counted or sum(not link.relation.illustrative for link in self.links)


def network_members(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Members by country, present ones apart from those that left. Of thousands one country is listed at a time."""
    found = find_page(request, visible_organisations(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    asked = asked_moment(request)
    relations = visible_relations(request.user).filter(type=RelationType.MEMBER_OF, to_organisation=found)
    if not asked.moment.is_today:
        relations = asked.moment.possible(relations)
    crowd = _crowd(relations, asked.moment)
    chosen = asked_for(request, "country")
    if crowd:
        relations = (
            relations.filter(from_organisation__country=chosen) if "country" in request.GET else relations.none()
        )
    relations = (
        relations.select_related("from_organisation")
        .only(*SAID, *(f"from_organisation__{name}" for name in NAMED))
        .order_by("from_organisation__sort_key")
    )
    groups: dict[str, MembersOfCountry] = defaultdict(lambda: MembersOfCountry("", ""))
    groups |= crowd
    past: list[Link] = []
    shown: set[int] = set()
    for relation in relations:
        member = relation.from_organisation
        link = Link(relation, member, role_label(relation.role), _holds(relation, asked.moment))
        if link.past:
            past.append(link)
        elif member.pk not in shown:
            shown.add(member.pk)
            groups[member.country].links.append(link)
    for code, group in groups.items():
        group.code, group.name = code, country(code)
    order = [code for _, code in by_name((group.name, code) for code, group in groups.items() if code)]
    order += [""] if "" in groups else []
    past = [link for link in past if link.other.pk not in shown]
    countries = [groups[code] for code in order]
    context = {
        "record": found,
        "network": found,
        "countries": countries,
        "count": sum(group.count for group in countries),
        "is_crowd": bool(crowd),
        "country_count": len([code for code in order if code]),
        "past": past,
        "asked": asked,
    }
    return render(request, "public/network_members.html", context)


def _crowd(relations: QuerySet[Relation], moment: Moment) -> dict[str, MembersOfCountry]:
    """How many there are in each country, where they are too many to be listed at once: a question for whether they
    are, and one that walks all organisations by their country, which thousands of members are found by soonest."""
    present = moment.possible(relations.filter(illustrative=False)).order_by()
    if present[: MOST_AT_ONCE + 1].count() <= MOST_AT_ONCE:
        return {}
    members = Organisation.objects.filter(In(NoIndex("pk"), present.values("from_organisation"))).order_by()
    counts = members.values_list("country").annotate(n=Count("pk"))
    found = {code: MembersOfCountry("", code, counted=n) for code, n in counts}
    return found if sum(one.counted for one in found.values()) > MOST_AT_ONCE else {}


def _holds(relation: Relation, moment: Moment) -> Holds:
    return moment.holds(relation.since, relation.until, relation.attested_on)


def alliances(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """A page of the allies of a network, each with the seats behind the alliance; for officers, whether it lives."""
    found = find_page(request, visible_organisations(request.user), slug, public_id)
    if isinstance(found, HttpResponse):
        return found
    asked = asked_moment(request)
    page = allies_of(request.user, found, asked.moment, request.GET.get("page"))
    user = request.user
    lives = lives_of(user, found, page, asked.day) if isinstance(user, User) and user.reads_office else {}
    context = {
        "record": found,
        "network": found,
        "page": page,
        "allies": [(ally, lives.get(ally.organisation.pk)) for ally in page],
        "asked": asked,
    }
    return render(request, "public/alliances.html", context)
