"""Twin towns and memberships out of Wikidata. See ``docs/sources/wikidata.md``."""

from .read import files, read

__all__ = ["files", "read"]
