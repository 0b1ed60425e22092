"""What SQLite itself keeps in step, so that no way of writing can forget it: the token of what is written.

Whatever writes to one of these tables gives ``planning_statetoken`` a new token by chance: what was made of them before
is out of date, and what is taken back with its transaction leaves none behind. The triggers are dropped before
migrations run, which make tables anew, and made again after them, with new tokens for what went by meanwhile.

PostgreSQL has none of this: there whoever writes would wait for who wrote before, and the rows themselves tell
(``planning/fingerprints.py``).
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "planning_statetoken"
PLANS, SAID, GROUNDS = "plans", "said", "grounds"

ALL = ""
EVENTS = ("INSERT", "UPDATE", "DELETE")
TABLES: dict[str, dict[str, str]] = {
    PLANS: {
        "planning_plan": ALL,
        "planning_action": ALL,
        "planning_action_organisations": ALL,
        "planning_milestone": ALL,
        "planning_indicator": ALL,
        "planning_indicatorvalue": ALL,
        "directory_department": "name, visibility, organisation_id",
        "directory_organisation": "name, name_language, names, short_name, slug, visibility, public_id",
    },
    SAID: {
        "planning_contribution": ALL,
        "planning_contributionlink": ALL,
        "planning_contributiongroup": ALL,
        "planning_dot": ALL,
        "planning_papersheet": ALL,
        "planning_paperdots": ALL,
        "planning_participant": "kind, speaks_for, sits_at, session_id",
        # Its sequence goes up with each contribution, which has a trigger of its own.
        "planning_session": (
            "title, slug, visibility, published_at, decisions_published_at, plan_id, public_id, illustrative, confirmed,"
            " starts_earliest, starts_latest"
        ),
    },
    # What lines and actions rest on: a live session, in which somebody says something every second, leaves it as it is.
    GROUNDS: {
        "planning_contributionlink": ALL,
        "planning_contribution": (
            "taken_back, text, language, kind, outcome, public_id, group_id, participant_id, session_id"
        ),
        "planning_contributiongroup": "name",
        "planning_participant": "kind",
        "planning_session": "title, slug, visibility, published_at, decisions_published_at, public_id, illustrative, confirmed",
    },
}
"""Of each token the tables it is of, and the columns whose changes count: all where none are named."""

ADDED_TO_NOTHING = {(GROUNDS, table) for table in ("planning_contribution", "planning_participant")}
"""Nothing rests on what is new in these."""


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    """Before migrations run."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for name, _sql in _triggers():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def make_triggers(connection: BaseDatabaseWrapper) -> None:
    """After they ran, where they brought the table."""
    if connection.vendor != "sqlite":
        return
    drop_triggers(connection)
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return
        for what in TABLES:
            cursor.execute(f"INSERT OR REPLACE INTO {TABLE} (what, token) VALUES ('{what}', hex(randomblob(8)))")
        for _name, sql in _triggers():
            cursor.execute(sql)


def _triggers() -> Iterator[tuple[str, str]]:
    """Names of triggers, and what makes them."""
    for what, tables in TABLES.items():
        does = f"UPDATE {TABLE} SET token = hex(randomblob(8)) WHERE what = '{what}'"
        for table, columns in tables.items():
            for event in EVENTS[1:] if (what, table) in ADDED_TO_NOTHING else EVENTS:
                name = f"{what}_{table}_{event.lower()}_is_written"
                of = f" OF {columns}" if columns and event == "UPDATE" else ""
                yield name, f"CREATE TRIGGER {name} AFTER {event}{of} ON {table} BEGIN {does}; END"
