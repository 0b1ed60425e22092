"""What a record that somebody would add may be there as already: what the database is asked for, by kind."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from sympolis.office.core.texts import Text, folded

type Said = Mapping[str, Any]
"""What was proposed: field -> plain value (``proposals.values``)."""

NONE = Q(pk__in=[])
SHORTEST = 3  # of a name: "AB" stands in half of all names


def organisations(said: Said) -> Q:
    """Those called so in any language, in full or for short, and those with the same web site."""
    asked = [Q(folded__contains=word) for word in names_of(said, "name", "names") if len(word) >= SHORTEST]
    asked += [Q(**{f"{name}__iexact": said[name]}) for name in ("short_name", "website") if said.get(name)]
    return reduce(or_, asked, NONE)


def people(said: Said) -> Q:
    """Those of the name, and those with the mail address."""
    asked = [Q(sort_key=word) for word in names_of(said, "name")]
    if said.get("email"):
        asked.append(Q(email__iexact=said["email"]))
    return reduce(or_, asked, NONE)


def titled(said: Said) -> Q:
    """Those of the same title in any language."""
    return reduce(or_, (Q(sort_key=word[:200]) for word in names_of(said, "title")), NONE)


def related(said: Said) -> Q:
    """The same link between the same two."""
    ends = {f"{end}__public_id": said.get(end) for end in ("from_organisation", "to_organisation")}
    return Q(type=said.get("type"), **ends)


def names_of(said: Said, *fields: str) -> set[str]:
    """What it would be called, as names are kept to be found."""
    values = (said.get(name) or "" for name in fields)
    texts = (Text(one).plain().values() if isinstance(one, Mapping) else [str(one)] for one in values)
    return {word for some in texts for one in some if (word := folded(one))}
