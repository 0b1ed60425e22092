"""An organisation out of what somebody typed: its name in any language, its short name, its slug or its id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet
from rapidfuzz import fuzz, process

from sympolis.office.core.queries import Reader
from sympolis.office.core.texts import folded
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_organisations

COLUMNS = (
    "public_id",
    "slug",
    "name",
    "name_language",
    "names",
    "short_name",
    "aliases",
    "called",
    "kind",
    "country",
    "sort_key",
)


class NotFound(LookupError):
    """Nobody is called that; ``nearest`` are names that come close."""

    def __init__(self, written: str, nearest: list[str]) -> None:
        super().__init__(written)
        self.nearest = nearest


class Ambiguous(LookupError):
    """Several are called that; ``options`` says how to name each of them."""

    def __init__(self, written: str, options: list[str]) -> None:
        super().__init__(written)
        self.options = options


class Finder:
    """All organisations a reader may see, read once and asked by name as often as wanted."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self.by_name: dict[str, dict[int, Organisation]] = defaultdict(dict)
        self.by_key: dict[str, Organisation] = {}
        for one in organisations:
            self.by_key[one.public_id] = one
            self.by_key.setdefault(one.slug, one)
            for name in {*one.title_text().plain().values(), *one.other_names()}:
                if word := folded(name):
                    self.by_name[word][one.pk] = one

    @classmethod
    def for_reader(cls, user: Reader) -> Finder:
        return cls(visible_organisations(user).only(*COLUMNS))

    def find(self, written: str) -> Organisation:
        """Raises NotFound with the nearest names, or Ambiguous with a way to name each."""
        words, _, key = written.strip().removesuffix("]").partition("[")
        if found := self.by_key.get((key or words).strip()):
            return found
        named = list(self.by_name.get(folded(words), {}).values())
        if len(named) == 1:
            return named[0]
        if named:
            raise Ambiguous(written, [f"{one.name} [{one.slug}]" for one in named])
        raise NotFound(written, self.nearest(words))

    def nearest(self, written: str) -> list[str]:
        found = process.extract(folded(written), list(self.by_name), scorer=fuzz.WRatio, limit=6, score_cutoff=72)
        return list(dict.fromkeys(next(iter(self.by_name[word].values())).name for word, _score, _at in found))[:3]


def suggestions(user: Reader, written: str, limit: int = 8) -> QuerySet[Organisation]:
    """Organisations whose names hold every word of what is typed so far."""
    found = visible_organisations(user).only(*COLUMNS)
    words = folded(written).split()
    if not words:
        return found.none()
    for word in words:
        found = found.filter(folded__contains=word)
    return found.order_by("sort_key")[:limit]
