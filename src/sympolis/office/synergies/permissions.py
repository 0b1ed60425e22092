"""Who may add meetings and promises."""

from __future__ import annotations

import rules

from sympolis.office.core.permissions import is_officer

rules.add_perm("synergies.add_meeting", is_officer)
rules.add_perm("synergies.add_commitment", is_officer)
