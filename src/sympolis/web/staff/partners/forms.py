"""What an officer may ask for: how new partners may be, and of which kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import models
from django.utils.translation import gettext_lazy as _

from sympolis.office.directory.enums import NETWORK_KINDS

CITY_KINDS = frozenset({"city", "metropolitan-authority"})


class Newness(models.TextChoices):
    TRIED = "tried", _("Tried and tested")
    MIXED = "mixed", _("Mixed")
    NEWCOMERS = "newcomers", _("Newcomers")


class Kinds(models.TextChoices):
    ANY = "any", _("All kinds")
    CITIES = "cities", _("Cities and metropolises")
    NETWORKS = "networks", _("Networks")


NOVELTY = {Newness.TRIED: 0.0, Newness.MIXED: 0.5, Newness.NEWCOMERS: 1.0}
_KINDS: dict[Kinds, frozenset[str]] = {
    Kinds.ANY: frozenset(),
    Kinds.CITIES: CITY_KINDS,
    Kinds.NETWORKS: NETWORK_KINDS,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen; what is not understood is the first of the choices."""

    newness: Newness = Newness.TRIED
    kinds: Kinds = Kinds.ANY

    @classmethod
    def of(cls, data: Mapping[str, str]) -> Choice:
        newness, kinds = data.get("new", ""), data.get("kinds", "")
        return cls(
            Newness(newness) if newness in Newness.values else Newness.TRIED,
            Kinds(kinds) if kinds in Kinds.values else Kinds.ANY,
        )

    @property
    def novelty(self) -> float:
        return NOVELTY[self.newness]

    @property
    def codes(self) -> frozenset[str]:
        return _KINDS[self.kinds]

    @property
    def query(self) -> str:
        return urlencode({"new": self.newness.value, "kinds": self.kinds.value})
