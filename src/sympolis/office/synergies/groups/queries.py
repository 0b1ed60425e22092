"""Groups of contributions as the office may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext, override

from sympolis.engine.match.cluster import APART
from sympolis.engine.model import LANGUAGES
from sympolis.office.core.queries import Reader, reads_office
from sympolis.office.core.texts import Text
from sympolis.office.synergies.models import Grouping

HEAVY = ("texts", "groups", "found", "placed")


@dataclass(frozen=True, slots=True)
class Member:
    """A contribution in its group; ``place`` is where it stands in what was poured in."""

    place: int
    id: str
    text: str
    language: str
    is_moved: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A group as it stands now; ``is_named``: a person called it so."""

    number: int
    label: str
    theme: str
    is_named: bool
    members: tuple[Member, ...]


def visible_groupings(user: Reader) -> QuerySet[Grouping]:
    """What people wrote is read by the office alone."""
    return Grouping.objects.all() if reads_office(user) else Grouping.objects.none()


def groups_of(grouping: Grouping, language: str) -> list[Group]:
    """The groups in a reader's language, those with the most contributions first, and last what is in none."""
    members: dict[int, list[Member]] = {}
    rows = zip(grouping.texts, grouping.found, grouping.placed, strict=True)
    for place, (text, found, placed) in enumerate(rows):
        members.setdefault(placed, []).append(Member(place, **text, is_moved=found != placed))
    groups = [
        Group(
            number=one["number"],
            label=one["name"] or label_of(one, language),
            theme=one["theme"],
            is_named=bool(one["name"]),
            members=tuple(members.get(one["number"], ())),
        )
        for one in grouping.groups
    ]
    groups.sort(key=lambda one: (-len(one.members), one.number))
    if apart := members.get(APART):
        groups.append(Group(APART, gettext("In no group"), "", is_named=False, members=tuple(apart)))
    return groups


def names_of(grouping: Grouping) -> list[tuple[Text, list[str]]]:
    """Each group as people named it, or in every language as it was found, with the ids of what is in it; empty ones
    are left out."""
    members: dict[int, list[str]] = {}
    for text, placed in zip(grouping.texts, grouping.placed, strict=True):
        members.setdefault(placed, []).append(text["id"])
    named = []
    for group in sorted(grouping.groups, key=lambda one: -len(members.get(one["number"], ()))):
        if ids := members.get(group["number"]):
            languages = [group["language"]] if group.get("language") else LANGUAGES
            named.append((Text.of(**{code: group["name"] or _label_in(group, code) for code in languages}), ids))
    return named


def _label_in(group: dict[str, Any], language: str) -> str:
    with override(language):
        return label_of(group, language)


def label_of(group: dict[str, Any], language: str) -> str:
    """What a group was called when it was found; a number where people made it."""
    labels: dict[str, str] = group["labels"]
    found = labels.get(language) or labels.get("en")
    return found or gettext("Group %(number)d") % {"number": group["number"]}
