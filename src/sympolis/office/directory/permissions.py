"""Who may add to the directory. Who may change what is there: ``changeable_*`` in queries."""

from __future__ import annotations

import rules

from sympolis.office.core.permissions import is_contact, is_officer

rules.add_perm("directory.add_organisation", is_officer)
rules.add_perm("directory.add_relation", is_officer)
rules.add_perm("directory.add_agreement", is_officer)
rules.add_perm("directory.add_person", is_officer | is_contact)
