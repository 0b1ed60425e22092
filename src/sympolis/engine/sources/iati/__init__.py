"""Activities and organisations as publishers of development cooperation tell them. See ``docs/sources/iati.md``."""

from .read import files, read

__all__ = ["files", "read"]
