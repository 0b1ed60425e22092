"""Who may add plans and actions."""

from __future__ import annotations

import rules

from sympolis.office.core.permissions import is_officer

rules.add_perm("planning.add_plan", is_officer)
rules.add_perm("planning.add_action", is_officer)
