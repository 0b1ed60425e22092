"""Lists of projects and their partners, keep.eu's and the programmes' own. See ``docs/sources/interreg.md``."""

from .read import files, read

__all__ = ["files", "read"]
