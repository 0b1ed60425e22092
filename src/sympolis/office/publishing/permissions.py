"""Who may add news."""

from __future__ import annotations

import rules

from sympolis.office.core.permissions import is_officer

rules.add_perm("publishing.add_newsitem", is_officer)
