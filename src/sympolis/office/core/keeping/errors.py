"""What can go wrong in keeping, each with a remedy."""

from __future__ import annotations

from sympolis.engine.errors import EngineError


class KeepingError(EngineError):
    """Something about a backup, a restore or an export is refused."""


class BadBackup(KeepingError):
    """A file is no backup, or not a whole one, or one this version cannot read."""
