"""What a reason for a partner rests on: the relations, projects and organisations it was made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise

from sympolis.engine.model import Feature
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.projects.models import Project
from sympolis.office.synergies.brief.wording import Run, plain

LARGEST_CONSORTIUM = 40
"""Of a larger project nobody can tell who in it works with whom."""

THEMES_NAMED = 3
_FEW = 3  # records for each tie: two may share dozens of projects

type Pair = tuple[int, int]
type Ground = Organisation | Relation | Project | int
"""A record; the key of a project while its name was not asked for."""


@dataclass(frozen=True, slots=True)
class Work:
    """A project: who takes part, by primary key, and what it is about."""

    parts: set[int]
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody is suggested: what was compared, the sentence, and the records it rests on."""

    feature: Feature
    runs: tuple[Run, ...]
    grounds: tuple[Ground, ...] = ()

    @property
    def text(self) -> str:
        return plain(list(self.runs))


class Ties:
    """Who works with whom, and by which records."""

    def __init__(
        self, everyone: Mapping[int, Organisation], relations: Iterable[Relation], work: Mapping[int, Work]
    ) -> None:
        self._everyone = everyone
        self._work = work
        self._keys = {each.public_id: pk for pk, each in everyone.items()}
        self._relations: dict[Pair, list[Relation]] = defaultdict(list)
        self._projects: dict[Pair, list[int]] = defaultdict(list)
        for relation in relations:
            self._relations[_pair(relation.from_organisation_id, relation.to_organisation_id)].append(relation)
        self._projects_of: dict[int, list[int]] = defaultdict(list)
        for project, each in work.items():
            for pk in sorted(each.parts):
                self._projects_of[pk].append(project)
            if len(each.parts) <= LARGEST_CONSORTIUM:
                for pair in combinations(sorted(each.parts), 2):
                    self._projects[pair].append(project)

    def links(self) -> list[Pair]:
        """Everybody who works with somebody, once for each record that says so."""
        both = (self._relations, self._projects)
        return [pair for ties in both for pair, records in ties.items() for _ in records]

    def records_between(self, left: int, right: int) -> int:
        """How many records say that two work together."""
        pair = _pair(left, right)
        return len(self._relations.get(pair, ())) + len(self._projects.get(pair, ()))

    def between(self, left: int, right: int) -> tuple[Ground, ...]:
        """Those records, relations first."""
        pair = _pair(left, right)
        return (*map(self._whole, self._relations.get(pair, ())), *self._projects.get(pair, ()))

    def grounds(self, feature: Feature, asked: Organisation, partner: Organisation) -> tuple[Ground, ...]:
        """The records of a reason, each once. The wider circle rests on all links: it names none."""
        match feature.detail:
            case "partners-in-common" | "partner-beside":
                paths = [[asked.public_id, one, partner.public_id] for one in feature.values["partners"]]
            case "partners-chosen-alike":
                paths = [[asked.public_id, *pair, partner.public_id] for pair in feature.values["chains"][:2]]
            case "neighbours-ties":
                paths = [list(pair) for pair in feature.values["pairs"][:2]]
            case "shared-themes":
                codes = feature.values["themes"][:THEMES_NAMED]
                found = [self._about(one, code) for one in (asked, partner) for code in codes]
                return tuple(dict.fromkeys(found))
            case "wider-circle":
                return ()
            case _:  # place, size, country, kind and name are written on the two themselves
                return (asked, partner)
        return tuple(dict.fromkeys(ground for path in paths for ground in self._along(path)))

    def _along(self, path: list[str]) -> Iterator[Ground]:
        for left, right in pairwise(path):
            pair = _pair(self._keys[left], self._keys[right])
            records: list[Ground] = [*map(self._whole, self._relations[pair]), *self._projects[pair]]
            yield from records[:_FEW]

    def _about(self, organisation: Organisation, code: str) -> Ground:
        """Where a theme is written: on itself, else on a project; on itself too where only a need of it says so."""
        if code in organisation.themes:
            return organisation
        projects = self._projects_of[organisation.pk]
        return next((each for each in projects if code in self._work[each].themes), organisation)

    def _whole(self, relation: Relation) -> Relation:
        """With its two ends, which were read already."""
        relation.from_organisation = self._everyone[relation.from_organisation_id]
        relation.to_organisation = self._everyone[relation.to_organisation_id]
        return relation


def _pair(left: int, right: int) -> Pair:
    return (left, right) if left < right else (right, left)
