"""What people proposed, met about and what became of it, as Decidim exports it. See ``docs/sources/decidim.md``."""

from .read import files, read

__all__ = ["files", "read"]
