"""Who may add to the directory. Who may change what is there: ``changeable_*`` in queries."""

from __future__ import annotations

from sympolis.office.core.permissions import allow, is_contact, is_officer

allow("directory.add_organisation", is_officer)
allow("directory.add_relation", is_officer)
allow("directory.add_agreement", is_officer)
allow("directory.add_position", is_officer)
allow("directory.add_person", is_officer | is_contact)
allow("directory.add_department", is_officer | is_contact)
allow("directory.add_fee", is_officer)
allow("directory.add_figure", is_officer | is_contact)
allow("directory.link_world", is_officer)
allow("directory.judge_pair", is_officer)
