"""What the database itself keeps in step, so that no way of writing can forget it: who may see a relation, and where
SQLite looks for words in names.

``directory_relation.narrowest`` is the narrowest visibility of a relation and its two ends. Triggers keep it, in
SQLite and in PostgreSQL. They name two tables; SQLite makes a table anew to alter it, and stumbles over triggers that
name one that is away. So they are dropped before migrations run and made again after them, when the column is reckoned
anew as well: the migrations of a version, this file among them, decide whether they run at all.

Names hold a word anywhere in them, so all of them are read: in SQLite out of narrow indexes and not out of wide rows,
which takes a tenth of the time. PostgreSQL keeps no value longer than a third of a page in such an index, and reads
the rows.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

RELATIONS, ORGANISATIONS = "directory_relation", "directory_organisation"
NARROWEST = "narrowest"

_SAID = "{relation}.visibility, of_from.visibility, of_to.visibility"
# An end that is not there yet, or no longer, hides the relation.
_RECKONED = f"""COALESCE((
    SELECT CASE WHEN 'office' IN ({_SAID}) THEN 'office' WHEN 'network' IN ({_SAID}) THEN 'network' ELSE 'public' END
    FROM {ORGANISATIONS} AS of_from, {ORGANISATIONS} AS of_to
    WHERE of_from.id = {{relation}}.from_organisation_id AND of_to.id = {{relation}}.to_organisation_id
), 'office')"""
_RECKON_ALL = (
    f"UPDATE {RELATIONS} SET {NARROWEST} = {{reckoned}} WHERE {NARROWEST} <> {{reckoned}}"  # most are right already
).format(reckoned=_RECKONED.format(relation=RELATIONS))
_OF_THIS_END = "from_organisation_id = NEW.id OR to_organisation_id = NEW.id"
_COLUMNS = f"visibility, {NARROWEST}, from_organisation_id, to_organisation_id"

# A trigger of SQLite does not run again for what it writes itself.
_SQLITE = {
    "relation_is_added": f"AFTER INSERT ON {RELATIONS}",
    "relation_is_changed": f"AFTER UPDATE OF {_COLUMNS} ON {RELATIONS}",
    "end_is_added": f"AFTER INSERT ON {ORGANISATIONS}",
    "end_is_changed": f"AFTER UPDATE OF visibility ON {ORGANISATIONS} WHEN NEW.visibility <> OLD.visibility",
}
_SQLITE_DOES = {
    RELATIONS: f"UPDATE {RELATIONS} SET {NARROWEST} = {_RECKONED.format(relation='NEW')} WHERE id = NEW.id",
    ORGANISATIONS: f"UPDATE {RELATIONS} SET {NARROWEST} = {_RECKONED.format(relation=RELATIONS)} WHERE {_OF_THIS_END}",
}

# Who adds a relation while another narrows an end of it waits for that one, or that one for them: whoever comes second
# sees what the first did.
_POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION directory_relation_reckoned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM {ORGANISATIONS} WHERE id IN (NEW.from_organisation_id, NEW.to_organisation_id) ORDER BY id FOR SHARE;
    NEW.{NARROWEST} := {_RECKONED.format(relation="NEW")};
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION directory_end_reckoned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE {RELATIONS} SET {NARROWEST} = {NARROWEST} WHERE {_OF_THIS_END};
    RETURN NULL;
END $$;
CREATE TRIGGER relation_is_kept BEFORE INSERT OR UPDATE OF {_COLUMNS} ON {RELATIONS}
    FOR EACH ROW EXECUTE FUNCTION directory_relation_reckoned();
CREATE TRIGGER end_is_added AFTER INSERT ON {ORGANISATIONS}
    FOR EACH ROW EXECUTE FUNCTION directory_end_reckoned();
CREATE TRIGGER end_is_changed AFTER UPDATE OF visibility ON {ORGANISATIONS}
    FOR EACH ROW WHEN (NEW.visibility <> OLD.visibility) EXECUTE FUNCTION directory_end_reckoned();
"""
_SQLITE_NAMES = {
    "organisation_names": f"{ORGANISATIONS} (folded)",
    "person_names": "directory_person (folded, organisation_id)",
}
_OF_POSTGRESQL = {"relation_is_kept": RELATIONS, "end_is_added": ORGANISATIONS, "end_is_changed": ORGANISATIONS}


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    """Before migrations run."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in _SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            for name, table in _OF_POSTGRESQL.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")


def make_triggers(connection: BaseDatabaseWrapper) -> None:
    """After they ran, where they brought the column: the triggers anew, and what went by while they were away."""
    drop_triggers(connection)
    with connection.cursor() as cursor:
        if not _has_column(connection, cursor):
            return
        if connection.vendor == "sqlite":
            for name, when in _SQLITE.items():
                table = RELATIONS if RELATIONS in when else ORGANISATIONS
                cursor.execute(f"CREATE TRIGGER {name} {when} BEGIN {_SQLITE_DOES[table]}; END")
            for name, columns in _SQLITE_NAMES.items():
                cursor.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {columns}")
        else:
            cursor.execute(_POSTGRESQL)
        cursor.execute(_RECKON_ALL)


def _has_column(connection: BaseDatabaseWrapper, cursor: Any) -> bool:
    if RELATIONS not in connection.introspection.table_names(cursor):
        return False
    return NARROWEST in {one.name for one in connection.introspection.get_table_description(cursor, RELATIONS)}
