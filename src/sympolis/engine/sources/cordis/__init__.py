"""EU research projects and who takes part in them, as CORDIS publishes them. See ``docs/sources/cordis.md``."""

from .read import files, read

__all__ = ["files", "read"]
