"""Who may add plans and actions."""

from __future__ import annotations

from sympolis.office.core.permissions import allow, is_officer

allow("planning.add_plan", is_officer)
allow("planning.add_action", is_officer)
allow("planning.add_session", is_officer)
allow("planning.moderate", is_officer)
allow("planning.change_process", is_officer)
