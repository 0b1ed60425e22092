"""Whom an organisation of the office might work with next, with reasons in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from babel.languages import get_official_languages
from django.db.models import Exists, OuterRef
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sympolis.engine.match.learning import scores_by_name
from sympolis.engine.match.partner_bodies import PartnerBody
from sympolis.engine.match.partners import PartnerSuggestion
from sympolis.engine.match.partners import partners as suggest
from sympolis.engine.model import Feature
from sympolis.office.core.queries import Reader
from sympolis.office.core.texts import Text
from sympolis.office.directory.enums import BODY, RelationType
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.directory.moments import Moment
from sympolis.office.directory.queries import visible_organisations, visible_relations
from sympolis.office.projects.models import Need, Participation, Project
from sympolis.office.projects.queries import visible_needs, visible_projects
from sympolis.office.synergies.brief.naming import short_name_of
from sympolis.office.synergies.brief.wording import Country, Label, Many, Run, Said, Value, written
from sympolis.office.synergies.enums import PartnerVerdict, Subject
from sympolis.office.synergies.learning import Learning, office_learning
from sympolis.office.synergies.partner_grounds import THEMES_NAMED, Reason, Ties, Work
from sympolis.office.synergies.queries import partner_decisions_of

PARTNER_REASONS = {
    "partners-in-common": _("They have partners in common: %(partners)s."),
    "shared-themes": _("Both are about %(themes)s."),
    "partners-chosen-alike": _("Their partners work together: %(chains)s."),
    "neighbours-ties": _("Neighbours of the two are partners: %(pairs)s."),
    "partner-beside": _("Partners of one are near the other: %(partners)s."),
    "first-there": _("Neither has a partner in the other's country yet: %(countries)s."),
    "first-there-for-one": _("%(new)s has no partner in the other's country yet: %(countries)s."),
    "around-tied": _("Bodies around the one have partners in the country of the other: %(countries)s."),
    "countries-tied": _("Bodies of these countries often work together: %(countries)s."),
    "same-country": _("Both are in %(country)s, where bodies often work together."),
    "same-place": _("They are in the same place."),
    "near": _("They are %(km)s km apart."),
    "similar-size": _("They are of a similar size: %(left)s and %(right)s people."),
    "same-kind": _("Both are of the kind “%(kind)s”."),
    "shared-language": _("Their countries have an official language in common: %(languages)s."),
    "same-name": _("They bear the same name: %(name)s."),
    "wider-circle": _("They are in the same wider circle of partners."),
}
"""What the engine's reasons for a partner say, in the order in which they are told."""

NOT_PARTNERS = frozenset({BODY, "programme"})
"""Kinds that one sits on or is funded by: they say who meets whom, and are no one to work with."""

_WORTH_SAYING = 0.3
_PARENT = Organisation._meta.get_field("parent")


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation to work with next. ``score`` in [0, 1] compares the suggestions with each other."""

    organisation: Organisation
    score: float
    reasons: tuple[Reason, ...]
    scores: Mapping[str, float] = field(default_factory=dict)  # of every feature, also of those that are no reason

    @property
    def illustrative(self) -> bool:
        """Whether it, or a record a reason rests on, is an example."""
        grounds = [ground for reason in self.reasons for ground in reason.grounds]
        return any(not isinstance(each, int) and each.illustrative for each in (self.organisation, *grounds))


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Whom to work with next, best first, then those put off; on how many links of its own that rests, and what the
    office's answers have taught the order."""

    partners: list[Partner]
    links: int
    learning: Learning


@dataclass(frozen=True, slots=True)
class Asked:
    """What an officer asks for: how new partners may be, of which kinds (empty: any), and what was decided before."""

    novelty: float = 0.0
    kinds: Collection[str] = ()
    put_aside: Collection[int] = ()  # primary keys: not told
    put_off: Collection[int] = ()  # told after the others
    only: int | None = None  # one primary key: nobody else is told
    limit: int = 20


def partner_as_suggested(user: Reader, organisation: Organisation, partner: Organisation, on: date) -> Partner | None:
    """One partner with all that speaks for it; None where it is not among those one might work with next."""
    found = suggested_partners(user, organisation, on, Asked(only=partner.pk, limit=1)).partners
    return found[0] if found else None


def suggested_partners(user: Reader, organisation: Organisation, on: date, asked: Asked) -> Suggestions:
    """Organisations to work with next with reasons and what these rest on, in five questions to the database.

    Confirmed relations that had begun on the day and confirmed projects with up to 40 participants count as links.
    Whom it has to do with already, and the bodies close to it, are left out. Up to ``limit`` are told, and as many
    more of those that were put off. What the office's answers taught stretches the weights.
    """
    circle = circle_of(user, organisation, on)
    ids, rows, ties = circle.ids, circle.rows, circle.ties
    own = circle.close_to(organisation)
    wanted = {pk for pk, each in circle.everyone.items() if _is_asked_for(each, asked) and pk not in own}
    learning = office_learning()
    multipliers = learning.multipliers(Subject.PARTNERS)

    def best_of(keys: Iterable[int]) -> list[Partner]:
        if not (only := {ids[pk] for pk in keys}):
            return []
        found = suggest(
            circle.links,
            [organisation.public_id],
            asked.limit,
            novelty=asked.novelty,
            bodies=circle.bodies,
            only=only,
            multipliers=multipliers,
        )
        return [_partner(one, rows, ties) for one in found]

    later = wanted.intersection(asked.put_off)
    told = best_of(wanted - later) + best_of(later)
    count = sum(organisation.public_id in link for link in circle.links)
    return Suggestions(_with_projects(user, told), count, learning)


@dataclass(frozen=True)
class Circle:
    """Everybody the office has, by primary key, who works with whom, and on what; all as one reader sees it."""

    everyone: dict[int, Organisation]
    work: dict[int, Work]
    needs: dict[int, list[Need]]  # by organisation
    ties: Ties
    parts: list[Relation]  # who is a part of whom
    declined: tuple[int, ...]  # whom an officer said no to as partners of the one it was asked of

    def close_to(self, organisation: Organisation) -> set[int]:
        """What it is a part of, its parts and its bodies: they are nobody to work with next."""
        close = {pk for pk, each in self.everyone.items() if each.parent_id == organisation.pk}
        close.add(organisation.parent_id or organisation.pk)
        for part in self.parts:
            ends = {part.from_organisation_id, part.to_organisation_id}
            if organisation.pk in ends:
                close |= ends
        return close - {organisation.pk}

    @cached_property
    def ids(self) -> dict[int, str]:
        return {pk: each.public_id for pk, each in self.everyone.items()}

    @cached_property
    def rows(self) -> dict[str, Organisation]:
        return {each.public_id: each for each in self.everyone.values()}

    @cached_property
    def links(self) -> list[tuple[str, str]]:
        """Both ends of every record that says two work together, by public id."""
        return [(self.ids[a], self.ids[b]) for a, b in self.ties.links()]

    @cached_property
    def bodies(self) -> list[PartnerBody]:
        themes = _themes(self.everyone, self.work.values(), self.needs)
        return [_body(each, themes[pk]) for pk, each in self.everyone.items()]

    @cached_property
    def works(self) -> dict[int, dict[str, tuple[str, ...]]]:
        """Organisation -> theme -> what says that it works on it: projects by key, needs and itself by public id."""
        found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for project, each in self.work.items():
            for pk in each.parts:
                for code in each.themes:
                    found[pk][code].append(str(project))
        for pk, needs in self.needs.items():
            for need in needs:
                for code in need.themes:
                    found[pk][code].append(need.public_id)
        for pk, organisation in self.everyone.items():
            for code in organisation.themes:
                found[pk][code].append(organisation.public_id)
        return {pk: {code: tuple(told) for code, told in themes.items()} for pk, themes in found.items()}


def circle_of(user: Reader, organisation: Organisation, on: date) -> Circle:
    """What is known on a day, in four questions; the organisation is in it whether it is confirmed or not."""
    no = partner_decisions_of(user, organisation).filter(partner=OuterRef("pk"), verdict=PartnerVerdict.NO)
    seen = visible_organisations(user).filter(confirmed=True).annotate(is_declined=Exists(no)).order_by("pk")
    everyone: dict[int, Organisation] = {}
    declined = []
    for row in seen:
        everyone[row.pk] = row
        if row.is_declined:
            declined.append(row.pk)
    everyone[organisation.pk] = organisation
    for each in everyone.values():
        if each.parent_id in everyone:
            each.parent = everyone[each.parent_id]
    work = _work(user, everyone)
    relations = _relations(user, everyone, on)
    ties = Ties(everyone, [each for each in relations if each.type != RelationType.PART_OF], work)
    now = Moment.now(on)
    parts = [each for each in relations if each.type == RelationType.PART_OF and now.may_hold(each.since, each.until)]
    return Circle(everyone, work, _needs(user, everyone), ties, parts, tuple(declined))


def _is_asked_for(organisation: Organisation, asked: Asked) -> bool:
    if organisation.kind in NOT_PARTNERS or organisation.pk in asked.put_aside:
        return False
    if asked.only is not None:
        return organisation.pk == asked.only
    return not asked.kinds or organisation.kind in asked.kinds


def _relations(user: Reader, known: Collection[int], on: date) -> list[Relation]:
    """Who has to do with whom, and who is a part of whom: that is no partner of it."""
    rows = visible_relations(user).filter(confirmed=True).order_by("pk")
    days = ("since_earliest", "since_latest", "until_earliest", "until_latest")
    said = rows.only("public_id", "type", "role", "from_organisation", "to_organisation", "illustrative", *days)
    return [
        each
        for each in said
        if each.from_organisation_id in known
        and each.to_organisation_id in known
        and not (each.since_earliest and each.since_earliest > on)
    ]


def _work(user: Reader, known: Collection[int]) -> dict[int, Work]:
    """Project -> what of it says whom to work with."""
    seen = visible_projects(user).filter(confirmed=True).order_by()
    found: dict[int, Work] = {}
    rows = Participation.objects.filter(project__in=seen.values("pk")).order_by("pk")
    for project, themes, organisation in rows.values_list("project", "project__themes", "organisation"):
        if organisation in known:
            found.setdefault(project, Work(set(), themes)).parts.add(organisation)
    return found


def _needs(user: Reader, known: Collection[int]) -> dict[int, list[Need]]:
    """Organisation -> its needs."""
    found: dict[int, list[Need]] = {}
    rows = visible_needs(user).filter(confirmed=True).order_by("pk")
    for need in rows.only("public_id", "organisation", "title", "themes"):
        if need.organisation_id in known:
            found.setdefault(need.organisation_id, []).append(need)
    return found


def _themes(
    everyone: Mapping[int, Organisation], work: Iterable[Work], needs: Mapping[int, Sequence[Need]]
) -> dict[int, list[str]]:
    """What each says it is about, and what its projects and needs are about."""
    themes = {pk: set(each.themes) for pk, each in everyone.items()}
    for each in work:
        for pk in each.parts:
            themes[pk].update(each.themes)
    for pk, told in needs.items():
        for need in told:
            themes[pk].update(need.themes)
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


def _partner(one: PartnerSuggestion, rows: Mapping[str, Organisation], ties: Ties) -> Partner:
    order = list(PARTNER_REASONS)
    ends = rows[one.asked], rows[one.partner]
    told = [feature for feature in one.features if feature.score >= _WORTH_SAYING and not _goes_without(feature, *ends)]
    told.sort(key=lambda feature: order.index(_key(feature)))
    reasons = (Reason(each, reason_in_words(each, rows), ties.grounds(each, *ends)) for each in told)
    return Partner(rows[one.partner], one.score, tuple(reasons), scores_by_name(one.features))


def _goes_without(feature: Feature, one: Organisation, other: Organisation) -> bool:
    """Languages are those of the countries: of two in one country there is nothing to say."""
    return feature.detail == "shared-language" and one.country == other.country


def _with_projects(user: Reader, partners: Sequence[Partner]) -> list[Partner]:
    """The projects among the grounds by name: they were only known by their keys."""
    grounds = [ground for one in partners for reason in one.reasons for ground in reason.grounds]
    wanted = {ground for ground in grounds if isinstance(ground, int)}
    named = visible_projects(user).filter(pk__in=wanted).only("public_id", "slug", "title", "illustrative").in_bulk()
    return [replace(one, reasons=tuple(_named_grounds(each, named) for each in one.reasons)) for one in partners]


def _named_grounds(reason: Reason, projects: Mapping[int, Project]) -> Reason:
    found = (projects.get(each) if isinstance(each, int) else each for each in reason.grounds)
    return replace(reason, grounds=tuple(each for each in found if each is not None))


def _key(feature: Feature) -> str:
    """What a reason says: two of them say something else where there is one country, or no distance."""
    if feature.detail == "countries-tied" and len(feature.values["countries"]) == 1:
        return "same-country"
    if feature.detail == "first-there" and len(feature.values["new"]) == 1:
        return "first-there-for-one"
    if feature.detail == "near" and feature.values["km"] == 0:
        return "same-place"
    return feature.detail


def reason_in_words(feature: Feature, rows: Mapping[str, Organisation]) -> tuple[Run, ...]:
    """A reason as a sentence in the language that is active; ids become names, codes become labels."""
    values: dict[str, Value] = {}
    for name, value in feature.values.items():
        match name:
            case "partners":
                values[name] = Many(tuple(_named(rows, public_id) for public_id in value))
            case "new":
                values[name] = _named(rows, value[0])
            case "chains" | "pairs":
                values[name] = Many(tuple(_pair(rows, *pair) for pair in value[:2]))
            case "countries":
                values[name] = Many(tuple(Country(code) for code in value))
                values["country"] = Country(value[0])
            case "populations":
                values["left"], values["right"] = value
            case "themes":
                values[name] = Many(tuple(Label("themes", code) for code in value[:THEMES_NAMED]))
            case "languages":
                values[name] = Many(tuple(_language(code) for code in value[:3]))
            case "kind":
                values[name] = Label("kinds", value)
            case "km":
                values[name] = int(value)
            case _:
                values[name] = str(value)
    language = get_language() or "en"
    return tuple(written(Said(PARTNER_REASONS[_key(feature)], values), language))


def _named(rows: Mapping[str, Organisation], public_id: str) -> Text | str | Said:
    """A body with whose it is: every network has a board."""
    if (row := rows.get(public_id)) is None:
        return public_id
    if row.kind == BODY and _PARENT.is_cached(row) and row.parent:
        return Said("%(body)s (%(of)s)", {"body": short_name_of(row), "of": short_name_of(row.parent)})
    return short_name_of(row)


def _pair(rows: Mapping[str, Organisation], left: str, right: str) -> Said:
    return Said("%(left)s – %(right)s", {"left": _named(rows, left), "right": _named(rows, right)})


def _language(code: str) -> str:
    from babel import Locale

    return str(Locale.parse(get_language() or "en").languages.get(code, code))
