"""The EU's Funding and Tenders portal: pages of its search for grants. See ``docs/sources/portal.md``."""

from .read import files, read

__all__ = ["files", "read"]
