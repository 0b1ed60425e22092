"""Which members of a network should be asked along, and why each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..model import Feature, Item, Portfolio, Strength, ThemeGroup
from ..texts.themes import concepts, generic_themes
from ..texts.vectors import Vectors
from .features import Comparison, compare_items, strength_of
from .items import title_of

_LEAST = 0.3
_ITEMS_OF_A_GROUP = 4
_SHARES = (0.9, 0.3, 0.2)


@dataclass(frozen=True, slots=True)
class MemberFit:
    """A member to ask along: its items that bear on what is shared, and a feature for each shared theme."""

    organisation_id: str
    score: float
    strength: Strength
    items: tuple[Item, ...]
    features: tuple[Feature, ...]


def members_to_ask(
    shared: Sequence[ThemeGroup], members: Sequence[Portfolio], *, vectors: Vectors, limit: int = 10
) -> list[MemberFit]:
    """Members whose own work or needs bear on the shared groups, best first.

    A member is judged by the best it has for each theme, never by how much it has: a newcomer with one good project
    stands beside one with fifty. Who owns an item of the groups is at the table already, and is left out.
    """
    groups = [group for group in shared if group.theme not in generic_themes()] or list(shared)
    ours = {item.id for group in shared for item in (*group.left, *group.right)}
    owners = {item.owner_id for group in shared for item in (*group.left, *group.right)}
    members = [member for member in members if member.organisation_id not in owners]
    owned = [(member, item) for member in members for item in member.items if item.id not in ours]
    asked = [(group, item) for group in groups for item in (*group.left, *group.right)[:_ITEMS_OF_A_GROUP]]
    if not owned or not asked:
        return []
    compared = compare_items([item for _, item in asked], [item for _, item in owned], vectors)
    found = []
    for member in members:
        columns = [at for at, (owner, _) in enumerate(owned) if owner is member]
        if columns and (fit := _fit(member, columns, groups, asked, compared)) is not None:
            found.append(fit)
    return sorted(found, key=lambda fit: (-fit.score, fit.organisation_id))[:limit]


def _fit(
    member: Portfolio,
    columns: Sequence[int],
    groups: Sequence[ThemeGroup],
    asked: Sequence[tuple[ThemeGroup, Item]],
    compared: Comparison,
) -> MemberFit | None:
    best: list[tuple[float, Item, Feature]] = []
    theme_at = {concept.code: at for at, concept in enumerate(concepts("theme"))}
    for group in groups:
        rows = [at for at, (owner, _) in enumerate(asked) if owner is group]
        both = np.minimum.outer(
            compared.left_about[rows, theme_at[group.theme]], compared.right_about[columns, theme_at[group.theme]]
        )
        part = both * (0.4 + 0.6 * compared.text[np.ix_(rows, columns)])
        row, column = (int(at) for at in np.unravel_index(int(np.argmax(part)), part.shape))
        near = float(part[row, column]) * (0.5 + 0.5 * group.score)
        if near < _LEAST:
            continue
        item, reason = compared.right[columns[column]], compared.left[rows[row]]
        values = {"theme": group.theme, "item": title_of(item), "item_id": item.id, "like": title_of(reason)}
        best.append((near, item, Feature("member", round(near, 4), "member-at-work", values)))
    if not best:
        return None
    best.sort(key=lambda entry: (-entry[0], entry[1].id))
    rest = 1.0
    for (near, _, _), share in zip(best, _SHARES, strict=False):
        rest *= 1 - share * near
    items = tuple({item.id: item for _, item, _ in best}.values())
    features = tuple(feature for _, _, feature in best)
    return MemberFit(member.organisation_id, round(1 - rest, 6), strength_of(1 - rest), items, features)
