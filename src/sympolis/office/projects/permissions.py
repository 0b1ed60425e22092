"""Who may add projects, calls and needs."""

from __future__ import annotations

from sympolis.office.core.permissions import allow, is_contact, is_officer

allow("projects.add_project", is_officer | is_contact)
allow("projects.adopt_project", is_officer)
allow("projects.add_call", is_officer)
allow("projects.add_need", is_officer | is_contact)
allow("projects.add_practice", is_officer | is_contact)
allow("projects.add_writinglink", is_officer)
allow("projects.add_application", is_officer)
