"""Builds need the names of places as well."""

from tests.engine.resolve.conftest import gazetteer

__all__ = ["gazetteer"]
