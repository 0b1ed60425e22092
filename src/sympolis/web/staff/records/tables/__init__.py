"""Every kind of record the office keeps, in the order of their lists. A new kind is a new entry in its room's file."""

from __future__ import annotations

from sympolis.web.staff.records.kinds import Kind
from sympolis.web.staff.records.tables.directory import (
    AGREEMENTS,
    DEPARTMENTS,
    FEES,
    FIGURES,
    ORGANISATIONS,
    PEOPLE,
    POSITIONS,
    RELATIONS,
)
from sympolis.web.staff.records.tables.events import EVENTS
from sympolis.web.staff.records.tables.planning import ACTIONS, PLANS, SESSIONS
from sympolis.web.staff.records.tables.projects import APPLICATIONS, CALLS, NEEDS, PRACTICES, PROJECTS
from sympolis.web.staff.records.tables.publishing import NEWS, PAGES, PUBLICATIONS
from sympolis.web.staff.records.tables.synergies import COMMITMENTS, MEETINGS, REQUESTS

RECORD_KINDS: tuple[Kind, ...] = (
    ORGANISATIONS, RELATIONS, AGREEMENTS, POSITIONS, FEES, FIGURES, DEPARTMENTS, PEOPLE, PROJECTS, CALLS, APPLICATIONS,
    NEEDS, PRACTICES, EVENTS, MEETINGS, COMMITMENTS, REQUESTS, PLANS, ACTIONS, SESSIONS, NEWS, PAGES, PUBLICATIONS,
)  # fmt: skip
