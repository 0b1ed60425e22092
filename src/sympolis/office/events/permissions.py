"""Who may add events."""

from __future__ import annotations

import rules

from sympolis.office.core.permissions import is_officer

rules.add_perm("events.add_event", is_officer)
