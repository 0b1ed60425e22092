"""Who may add meetings and promises, and switch learning off and on."""

from __future__ import annotations

from sympolis.office.core.permissions import allow, is_administrator, is_officer

allow("synergies.add_meeting", is_officer)
allow("synergies.add_commitment", is_officer)
allow("synergies.switch_learning", is_administrator)
allow("synergies.add_helprequest", is_officer)
