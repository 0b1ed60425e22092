"""Which part of the world a country is in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from ..conditions.vocabulary import iso_code


def region_of(country: str) -> str:
    """The sub-region (UN M49, ``"039"`` is Southern Europe) of a country (ISO 3166-1 alpha-2); empty where unknown."""
    return _regions().get(iso_code(country), "")


def regions() -> list[str]:
    """Every sub-region there is, by code."""
    return sorted(set(_regions().values()))


def countries_of(region: str) -> list[str]:
    """The countries of a sub-region, by code; none where it is not known."""
    return sorted(country for country, of in _regions().items() if of == region)


@cache
def _regions() -> Mapping[str, str]:
    listed = yaml.safe_load(files(__package__).joinpath("regions.yaml").read_text("utf-8"))
    return {country: region for region, countries in listed.items() for country in countries.split()}
