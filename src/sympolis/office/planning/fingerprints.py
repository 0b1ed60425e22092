"""What tells one state of plans and of what was said from any other in PostgreSQL, out of the rows themselves.

A token that whoever writes renews, as SQLite has it, would make writers wait for each other there. But PostgreSQL gives
every version of a row a place of its own and the transaction that wrote it: what these come to together changes with
every writing, whoever writes and however, as soon as it is there for others. It is reckoned anew for every page that
asks, in the database: some milliseconds for ten thousand rows, none of which are read here.
"""

from __future__ import annotations

from importlib import import_module

STEP = import_module("sympolis.office.planning.migrations._in_step")

# What nothing on a page comes from changes too: an import writes twenty thousand organisations, and in a session
# somebody says something every second.
_LINKED = "EXISTS (SELECT 1 FROM planning_contributionlink link WHERE link.contribution_id = said.id)"
_ONLY = {
    (STEP.PLANS, "directory_organisation"): (
        "EXISTS (SELECT 1 FROM planning_action_organisations doing WHERE doing.organisation_id = rows.id)"
    ),
    (STEP.GROUNDS, "planning_contribution"): _LINKED.replace("said.", "rows."),
    (STEP.GROUNDS, "planning_participant"): (
        "EXISTS (SELECT 1 FROM planning_contribution said WHERE said.participant_id = rows.id AND " + _LINKED + ")"  # noqa: S608  # names of ours
    ),
}
_SERVER = "pg_postmaster_start_time()"
"""Another server, or one that was put back, counts transactions anew."""
_BY_VALUE = {"planning_session"}
"""Rows of which columns change that no page shows: what the others say is compared, not when they were written."""


def fingerprint(what: str) -> str:
    """SQL of one value, which no other state of these tables has."""
    parts = [_of_rows(what, table, columns) for table, columns in STEP.TABLES[what].items()]
    return f"md5(concat_ws(' ', {_SERVER}, {', '.join(parts)}))"


def _of_rows(what: str, table: str, columns: str) -> str:
    says = f"ROW(id, {columns})::text" if table in _BY_VALUE else "rows.ctid::text || ' ' || rows.xmin::text"
    where = f" WHERE {only}" if (only := _ONLY.get((what, table))) else ""
    return f"(SELECT count(*) || ' ' || coalesce(bit_xor(hashtextextended({says}, 0)), 0) FROM {table} AS rows{where})"  # noqa: S608  # names of ours
