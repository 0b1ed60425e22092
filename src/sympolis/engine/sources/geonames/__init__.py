"""Cities and countries with their names in every script, from GeoNames. See ``docs/sources/geonames.md``."""

from .read import BUNDLED, files, read

__all__ = ["BUNDLED", "files", "read"]
