"""Who may add meetings and promises."""

from __future__ import annotations

from sympolis.office.core.permissions import allow, is_officer

allow("synergies.add_meeting", is_officer)
allow("synergies.add_commitment", is_officer)
