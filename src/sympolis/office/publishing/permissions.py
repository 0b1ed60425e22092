"""Who may add news, pages and publications."""

from __future__ import annotations

from sympolis.office.core.permissions import allow, is_officer

allow("publishing.add_newsitem", is_officer)
allow("publishing.add_page", is_officer)
allow("publishing.add_publication", is_officer)
