"""Tables of facts in the layout of the demo: one CSV for each kind of record. See ``docs/sources/facts.md``."""

from .read import files, read

__all__ = ["files", "read"]
