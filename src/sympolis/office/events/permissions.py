"""Who may add events."""

from __future__ import annotations

from sympolis.office.core.permissions import allow, is_officer

allow("events.add_event", is_officer)
