"""Where an organisation's links lead: relations of its own, projects it shares and, for who switches them on, events.

Fellow members of a network are no links: in a world association that would be everybody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.translation import ngettext

from sympolis.office.core.queries import Reader, among
from sympolis.office.core.templatetags.show import country
from sympolis.office.directory.enums import MUTUAL
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.directory.moments import Moment
from sympolis.office.directory.queries import visible_organisations, visible_relations
from sympolis.office.events.encounters import Encounter, with_one
from sympolis.office.events.enums import EncounterKind
from sympolis.office.projects.models import Participation
from sympolis.office.projects.queries import visible_projects
from sympolis.web.public.events.encounters import counted
from sympolis.web.public.links import relation_label
from sympolis.web.public.lists import by_name, language

COLUMNS = (
    "public_id", "slug", "name", "name_language", "names", "short_name", "kind", "country", "latitude", "longitude",
    "confirmed", "illustrative", "sort_key", "themes",
)  # fmt: skip


@dataclass(slots=True)
class Harbour:
    """One organisation that links lead to, and why."""

    organisation: Organisation
    direct: list[str] = field(default_factory=list)
    projects: int = 0
    encounters: tuple[Encounter, ...] = ()

    @property
    def strength(self) -> str:
        """Both a relation and a project, a relation, or projects and events alone."""
        if self.direct and self.projects:
            return "strong"
        return "fair" if self.direct else "weak"

    @property
    def name(self) -> str:
        return name_of(self.organisation)

    def why(self) -> str:
        """The reasons in words, the closest first."""
        reasons = list(dict.fromkeys(self.direct))
        if self.projects:
            shared = ngettext("%(count)d shared project", "%(count)d shared projects", self.projects)
            reasons.append(shared % {"count": self.projects})
        reasons.extend(counted(one.kind, len(one.events)) for one in self.encounters)
        return " · ".join(reasons)


@dataclass(frozen=True, slots=True)
class Reach:
    """All harbours of an organisation."""

    organisation: Organisation
    harbours: list[Harbour]

    def narrowed(self, kind: str, theme: str) -> Reach:
        """Those of a kind and with a theme; all of them where neither is asked for."""
        found = [one for one in self.harbours if not kind or one.organisation.kind == kind]
        return Reach(self.organisation, [one for one in found if not theme or theme in one.organisation.themes])

    @property
    def located(self) -> list[Harbour]:
        return [harbour for harbour in self.harbours if is_located(harbour.organisation)]

    @property
    def countries(self) -> list[tuple[str, list[Harbour]]]:
        """By country in the reader's order, each with its harbours."""
        groups: dict[str, list[Harbour]] = defaultdict(list)
        for harbour in self.located:
            groups[harbour.organisation.country].append(harbour)
        named = by_name((country(code), code) for code in groups if code)
        return [(name, groups[code]) for name, code in named]


def is_located(organisation: Organisation) -> bool:
    return organisation.latitude is not None and organisation.longitude is not None


def name_of(organisation: Organisation) -> str:
    return organisation.title_text().best(language()).text


def reach_of(
    user: Reader, organisation: Organisation, moment: Moment, at_events: frozenset[EncounterKind] = frozenset()
) -> Reach:
    """Three queries, one more for events, whatever the size. Examples and what nobody confirmed stay out."""
    direct = _direct(user, organisation, moment)
    shared = _shared_projects(user, organisation, moment)
    met = _met(user, organisation, moment, at_events) if at_events else {}
    found = visible_organisations(user).filter(pk__in={*direct, *shared, *met}, confirmed=True, illustrative=False)
    harbours = [
        Harbour(one, direct.get(one.pk, []), shared[one.pk], met.get(one.pk, ()))
        for one in found.only(*COLUMNS).order_by()
    ]
    return Reach(organisation, sorted(harbours, key=lambda h: (not h.direct, -h.projects, h.organisation.sort_key)))


def _met(
    user: Reader, organisation: Organisation, moment: Moment, kinds: frozenset[EncounterKind]
) -> dict[int, tuple[Encounter, ...]]:
    """Of these kinds, what others had to do with it at events."""
    found = with_one(user, moment, organisation)
    kept = {pk: tuple(one for one in encounters if one.kind in kinds) for pk, encounters in found.items()}
    return {pk: encounters for pk, encounters in kept.items() if encounters}


def _direct(user: Reader, organisation: Organisation, moment: Moment) -> dict[int, list[str]]:
    """Who is at the other end of its own relations that may hold then, and what each of them is called."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = visible_relations(user).filter(
        Q(from_organisation=organisation) | Q(to_organisation=organisation), confirmed=True, illustrative=False
    )
    for start, end, type_ in moment.possible(rows).values_list("from_organisation", "to_organisation", "type"):
        outward = start == organisation.pk
        found[end if outward else start].append(relation_label(type_, outward or type_ in MUTUAL))
    return found


def _shared_projects(user: Reader, organisation: Organisation, moment: Moment) -> Counter[int]:
    """How many projects it shares with whom; of those of another time, which had begun by then."""
    ours = Participation.objects.filter(organisation=organisation).values("project")
    projects = visible_projects(user).filter(confirmed=True, illustrative=False)
    if not moment.is_today:
        projects = projects.exclude(start_earliest__gt=moment.last)
    parts = Participation.objects.filter(among(projects, "project"), project__in=ours)
    return Counter(parts.exclude(organisation=organisation).values_list("organisation", flat=True))


def sound_relations(user: Reader, which: Q) -> QuerySet[Relation]:
    """Confirmed relations with just enough of both ends to draw them."""
    ends = [f"{end}__{name}" for end in ("from_organisation", "to_organisation") for name in COLUMNS]
    return (
        visible_relations(user)
        .filter(which, confirmed=True, illustrative=False)
        .select_related("from_organisation", "to_organisation")
        .only("type", *ends)
    )


def countries_of(organisations: Iterable[Organisation]) -> int:
    return len({organisation.country for organisation in organisations if organisation.country})
