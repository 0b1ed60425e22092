"""Who may add projects, calls and needs."""

from __future__ import annotations

import rules

from sympolis.office.core.permissions import is_contact, is_officer

rules.add_perm("projects.add_project", is_officer | is_contact)
rules.add_perm("projects.add_call", is_officer)
rules.add_perm("projects.add_need", is_officer | is_contact)
