"""Whom a question names: by names that are near to it, and by what else the town is called that it names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..resolve.bodies import keys_of
from ..resolve.gazetteer import Gazetteer
from ..resolve.names import NameBook, NameMatch
from ..resolve.parts import Name, take_apart
from ..texts.lexicon import meanings_in

_SURE, _MOST = 0.8, 40
_CITY = frozenset({"city"})
_GOVERNS = "="  # no name begins so
_TOWN, _BARE_TOWN = 0.99, 0.96
"""How surely one is meant that goes by another name of the town a question names: *Ville de Genève*, *Ginebra*."""


def named(text: str, names: NameBook, towns: Gazetteer | None) -> list[NameMatch]:
    """The entries a question names, each once, the surest first.

    Words that say what kind of body is meant count: *Ajuntament de Barcelona* is the city, neither its province nor its
    university, though their names are nearer to it letter by letter.
    """
    asked = take_apart(text)
    near = [one for one in names.nearest(text, _MOST) if one.score >= _SURE and not _is_another_body(one, asked)]
    best = {one.id: one for one in _of_its_town(asked, names, towns)}
    for one in near:
        if one.id not in best or one.score > best[one.id].score:
            best[one.id] = one
    return sorted(best.values(), key=lambda one: (-one.score, one.id))


def _is_another_body(match: NameMatch, asked: Name) -> bool:
    """Whether both names say what kind of body they are of, and not the same."""
    if match.score == 1.0 or not asked.bodies:
        return False
    said = take_apart(match.name).bodies
    return bool(said) and not said & asked.bodies


def _of_its_town(asked: Name, names: NameBook, towns: Gazetteer | None) -> Iterator[NameMatch]:
    """Those that go by a name of the town that is asked for; a bare word that has a meaning asks for no town."""
    if not _is_of_town(asked) or (not asked.bodies and meanings_in(asked.written)):
        return
    keys = set(keys_of(asked))
    if towns is not None:
        keys.update(towns.other_names(keys))
    for match in names.called([*keys, *(f"{_GOVERNS}{key}" for key in keys)]):
        if _is_of_town(take_apart(match.name)):
            yield replace(match, score=_TOWN if asked.bodies else _BARE_TOWN)


def towns_in(name: str) -> Iterator[str]:
    """What an organisation is found by besides its name: the town it governs, in *AYUNTAMIENTO DE CORDOBA*."""
    told = take_apart(name)
    if told.bodies and _is_of_town(told):
        yield from (f"{_GOVERNS}{key}" for key in keys_of(told))


def _is_of_town(name: Name) -> bool:
    """Whether a name may be that of a town: of no other kind of body, with no legal form and no number."""
    return not (name.bodies - _CITY or name.forms or name.numbers)
