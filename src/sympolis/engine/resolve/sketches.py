"""What finding candidates and forming clusters need of bodies, in columns: hashes of keys and words, a few facts.

It is worked out from a body alone, whatever other bodies there are, so that it is kept from one resolution to the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched

import pyarrow as pa

from .alike import consonants
from .bodies import Body, Prepared
from .hashes import hash_of
from .judge import ONE_BODY_ONE_VALUE
from .parts import Name

_BEGINNING = 6
_LEAST_INITIALS = 3
_AT_ONCE = 20_000
_HASHES = pa.list_(pa.uint64())
_WORDS = pa.list_(pa.string())
SCHEMA = pa.schema(
    [
        ("content", pa.uint64()),
        ("told", pa.uint64()),
        ("country", pa.string()),
        ("joined", pa.string()),
        ("levels", _WORDS),
        ("values", _WORDS),
        ("identifiers", _HASHES),
        ("strong", _HASHES),
        ("weak", _HASHES),
        ("asking", _HASHES),
        ("answering", _HASHES),
        ("names", pa.list_(_HASHES)),
        ("spelled", _HASHES),
    ]
)
"""``content`` stands for all of a body but its id, ``told`` for what it is compared by; ``joined`` is its first name.

``strong`` and ``weak`` are keys it may share; ``asking`` and ``answering`` what it may be another's short or bare name
by, and the other way round. ``names``: the words of each name; ``spelled``: initials in brackets after one.
"""


def content_of(body: Body) -> int:
    """Stands for all that a body says, but its id."""
    told = (body.names, body.country, body.kind, body.identifiers, body.latitude, body.longitude, body.website)
    return hash_of(repr(told))


def sketches(bodies: Sequence[Prepared]) -> pa.Table:
    """A row for each body, in order, as SCHEMA has it."""
    parts = [SCHEMA.empty_table()]
    for some in batched(bodies, _AT_ONCE):
        columns = zip(*map(_sketch, some), strict=True)
        arrays = [pa.array(column, one.type) for column, one in zip(columns, SCHEMA, strict=True)]
        parts.append(pa.table(arrays, schema=SCHEMA))
    return pa.concat_tables(parts)


def _sketch(body: Prepared) -> tuple[object, ...]:
    own = body.body
    values = [f"{scheme}:{value}" for scheme in ONE_BODY_ONE_VALUE for value in body.schemes.get(scheme, ())]
    return (
        content_of(own),
        hash_of(repr(_told(body))),
        body.country,
        body.names[0].joined if body.names else "",
        sorted(body.levels),
        sorted(values),
        _hashes(f"id {identifier.casefold()}" for identifier in own.identifiers),
        _hashes(_strong(body)),
        _hashes(f"{key} {body.country}" for name in body.names for key in _weak(name)),
        _hashes(_asking(body)),
        _hashes(_answering(body)),
        [_hashes(name.core) for name in body.names],
        _hashes("".join(words) for words in body.initials),
    )


def _hashes(keys: Iterable[str]) -> list[int]:
    return sorted(set(map(hash_of, keys)))


def _told(body: Prepared) -> tuple[object, ...]:
    """All that a body is compared by, but identifiers of which one body may have several."""
    own = body.body
    names = tuple((name.words, name.core, sorted(name.forms)) for name in body.names)
    schemes = [(scheme, sorted(body.schemes[scheme])) for scheme in sorted(body.schemes.keys() & ONE_BODY_ONE_VALUE)]
    return names, body.country, own.kind, body.host, own.latitude, own.longitude, sorted(body.initials), schemes


def _strong(body: Prepared) -> Iterator[str]:
    """What says much when two share it, however unlike their names are written.

    Two of different countries are not one body, unless an identifier or a web site says so.
    """
    if body.host:
        yield f"host {body.host}"
    for place in body.places if body.is_territorial else ():
        yield f"place {place} {' '.join(sorted(body.levels))}"
    for name in body.names:
        yield from (f"{key} {body.country}" for key in _whole(name))
        if body.is_territorial:
            yield f"sound {consonants(name)} {body.country}"


def _weak(name: Name) -> Iterator[str]:
    """Parts of a name; its rarest words come to it where all words are known."""
    yield f"beginning {name.joined[:_BEGINNING]}"
    yield from _shortened(name)


def _whole(name: Name) -> Iterator[str]:
    yield f"name {' '.join(sorted(name.core))}"
    yield f"joined {name.joined}"


def _asking(body: Prepared) -> Iterator[str]:
    """What may stand for a name that is said at length, or with its country."""
    for name in body.names:
        if not body.country:
            yield from _whole(name)
        if len(name.core) == 1 and len(name.core[0]) >= _LEAST_INITIALS:
            yield f"initials {name.core[0]} {body.country}"


def _answering(body: Prepared) -> Iterator[str]:
    for name in body.names:
        if body.country:
            yield from _whole(name)
        yield from (f"{key} {body.country}" for key in _shortened(name))


def _shortened(name: Name) -> Iterator[str]:
    """Initials: what a name is called in short, and what translations and errors of typing seldom change."""
    return (f"initials {initials}" for initials in name.initials if len(initials) >= _LEAST_INITIALS)
