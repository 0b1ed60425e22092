"""Whom an organisation of the office might work with next, with reasons in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from babel.languages import get_official_languages
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sympolis.engine.match.partner_bodies import PartnerBody
from sympolis.engine.match.partners import PartnerSuggestion
from sympolis.engine.match.partners import partners as suggest
from sympolis.engine.model import Feature
from sympolis.office.core.queries import Reader
from sympolis.office.core.texts import Text
from sympolis.office.directory.enums import BODY, RelationType
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_organisations, visible_relations
from sympolis.office.projects.models import Participation
from sympolis.office.projects.queries import visible_needs, visible_projects
from sympolis.office.synergies.brief.naming import short_name_of
from sympolis.office.synergies.brief.wording import Country, Label, Many, Said, Value, plain, written
from sympolis.office.synergies.scope import scope_of

PARTNER_REASONS = {
    "partners-in-common": _("They have partners in common: %(partners)s."),
    "shared-themes": _("Both are about %(themes)s."),
    "partners-chosen-alike": _("Their partners work together: %(chains)s."),
    "neighbours-ties": _("Neighbours of the two are partners: %(pairs)s."),
    "countries-tied": _("Bodies of these countries often work together: %(countries)s."),
    "same-country": _("Both are in %(country)s, where bodies often work together."),
    "same-place": _("They are in the same place."),
    "near": _("They are %(km)s km apart."),
    "similar-size": _("They are of a similar size: %(left)s and %(right)s people."),
    "same-kind": _("Both are of the kind “%(kind)s”."),
    "shared-language": _("They share a language: %(languages)s."),
    "same-name": _("They bear the same name: %(name)s."),
    "wider-circle": _("They are in the same wider circle of partners."),
}
"""What the engine's reasons for a partner say, in the order in which they are told."""

LARGEST_CONSORTIUM = 40
"""Of a larger project nobody can tell who in it works with whom."""

NOT_PARTNERS = frozenset({BODY, "programme"})
"""Kinds that one sits on or is funded by: they say who meets whom, and are no one to work with."""

_WORTH_SAYING = 0.3


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation to work with next. ``score`` in [0, 1] compares the suggestions with each other."""

    organisation: Organisation
    score: float
    reasons: tuple[tuple[Feature, str], ...]


def partners_of(
    user: Reader, organisation: Organisation, on: date, limit: int = 20, novelty: float = 0.0
) -> list[Partner]:
    """Organisations to work with next, best first, told in the language that is active.

    Confirmed relations that had begun on the day and confirmed projects with up to 40 participants count as links.
    Whom it has to do with already, and the bodies close to it, are left out.
    """
    everyone = {each.pk: each for each in visible_organisations(user).filter(confirmed=True).order_by("pk")}
    everyone[organisation.pk] = organisation
    ids = {pk: each.public_id for pk, each in everyone.items()}
    parts = _parts(user, everyone)
    links = [(ids[a], ids[b]) for a, b in (*_relations(user, everyone, on), *_together(parts.values()))]
    themes = _themes(user, everyone, parts)
    bodies = [_body(each, themes[pk]) for pk, each in everyone.items()]
    found = suggest(links, [organisation.public_id], len(bodies), novelty=novelty, bodies=bodies)
    own = {related.organisation.public_id for related in scope_of(user, organisation, on)}
    rows = {each.public_id: each for each in everyone.values()}
    kept = [one for one in found if one.partner not in own and rows[one.partner].kind not in NOT_PARTNERS]
    return [_partner(one, rows) for one in kept[:limit]]


def _relations(user: Reader, known: Collection[int], on: date) -> list[tuple[int, int]]:
    """Who has to do with whom; a part of another is no partner of it."""
    rows = visible_relations(user).filter(confirmed=True).exclude(type=RelationType.PART_OF).order_by("pk")
    begun = rows.values_list("from_organisation", "to_organisation", "since_earliest")
    return [(a, b) for a, b, since in begun if a in known and b in known and not (since and since > on)]


def _parts(user: Reader, known: Collection[int]) -> dict[int, set[int]]:
    """Project -> who takes part in it."""
    seen = visible_projects(user).filter(confirmed=True).order_by()
    parts: dict[int, set[int]] = defaultdict(set)
    rows = Participation.objects.filter(project__in=seen.values("pk")).order_by("pk")
    for project, organisation in rows.values_list("project", "organisation"):
        if organisation in known:
            parts[project].add(organisation)
    return parts


def _together(parts: Iterable[Collection[int]]) -> list[tuple[int, int]]:
    return [pair for each in parts if len(each) <= LARGEST_CONSORTIUM for pair in combinations(sorted(each), 2)]


def _themes(user: Reader, everyone: Mapping[int, Organisation], parts: Mapping[int, set[int]]) -> dict[int, list[str]]:
    """What each says it is about, and what its projects and needs are about."""
    themes = {pk: set(each.themes) for pk, each in everyone.items()}
    for project, codes in visible_projects(user).filter(pk__in=parts.keys()).values_list("pk", "themes").order_by():
        for pk in parts[project]:
            themes[pk].update(codes)
    needs = visible_needs(user).filter(confirmed=True).order_by()
    for pk, codes in needs.values_list("organisation", "themes"):
        if pk in themes:
            themes[pk].update(codes)
    return {pk: sorted(codes) for pk, codes in themes.items()}


def _body(organisation: Organisation, themes: Collection[str]) -> PartnerBody:
    country = organisation.country
    return PartnerBody(
        id=organisation.public_id,
        name=organisation.name,
        country=country,
        latitude=organisation.latitude,
        longitude=organisation.longitude,
        population=organisation.population,
        languages=tuple(get_official_languages(country, de_facto=True)) if country else (),
        kind=organisation.kind,
        themes=tuple(themes),
    )


def _partner(one: PartnerSuggestion, rows: Mapping[str, Organisation]) -> Partner:
    order = list(PARTNER_REASONS)
    told = [feature for feature in one.features if feature.score >= _WORTH_SAYING]
    told.sort(key=lambda feature: order.index(_key(feature)))
    return Partner(rows[one.partner], one.score, tuple((feature, reason_in_words(feature, rows)) for feature in told))


def _key(feature: Feature) -> str:
    """What a reason says: two of them say something else where there is one country, or no distance."""
    if feature.detail == "countries-tied" and len(feature.values["countries"]) == 1:
        return "same-country"
    if feature.detail == "near" and feature.values["km"] == 0:
        return "same-place"
    return feature.detail


def reason_in_words(feature: Feature, rows: Mapping[str, Organisation]) -> str:
    """A reason as a sentence in the language that is active; ids become names, codes become labels."""
    values: dict[str, Value] = {}
    for name, value in feature.values.items():
        match name:
            case "partners":
                values[name] = Many(tuple(_named(rows, public_id) for public_id in value))
            case "chains" | "pairs":
                values[name] = Many(tuple(_pair(rows, *pair) for pair in value[:2]))
            case "countries":
                values[name] = Many(tuple(Country(code) for code in value))
                values["country"] = Country(value[0])
            case "populations":
                values["left"], values["right"] = value
            case "themes":
                values[name] = Many(tuple(Label("themes", code) for code in value[:3]))
            case "languages":
                values[name] = Many(tuple(_language(code) for code in value[:3]))
            case "kind":
                values[name] = Label("kinds", value)
            case "km":
                values[name] = int(value)
            case _:
                values[name] = str(value)
    language = get_language() or "en"
    return plain(written(Said(PARTNER_REASONS[_key(feature)], values), language))


def _named(rows: Mapping[str, Organisation], public_id: str) -> Text | str:
    return short_name_of(rows[public_id]) if public_id in rows else public_id


def _pair(rows: Mapping[str, Organisation], left: str, right: str) -> Said:
    return Said("%(left)s – %(right)s", {"left": _named(rows, left), "right": _named(rows, right)})


def _language(code: str) -> str:
    from babel import Locale

    return str(Locale.parse(get_language() or "en").languages.get(code, code))
