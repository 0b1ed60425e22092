"""Who may add news."""

from __future__ import annotations

from sympolis.office.core.permissions import allow, is_officer

allow("publishing.add_newsitem", is_officer)
