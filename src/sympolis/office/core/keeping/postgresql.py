"""Tables that are kept in PostgreSQL: its own programs write them out, read them again, and put them back."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction

from sympolis.office.core.keeping.errors import BadBackup, KeepingError

DUMP = "tables.dump"
GUIDE = "docs/guides/postgresql.md"
AS_IS = ("--no-owner", "--no-privileges")  # whoever restores owns it, whatever the owner was called before

_COPY = re.compile(rb"COPY (?P<table>[^ ]+) \((?P<columns>[^)]*)\) FROM stdin;")
_END = b"\\.\n"
_HISTORY = "django_migrations"
_CALLED_BY_TRIGGERS = """
    SELECT DISTINCT tgfoid::regprocedure::text FROM pg_trigger
    WHERE NOT tgisinternal
        AND tgrelid IN (SELECT oid FROM pg_class WHERE relname = ANY(%s) AND pg_table_is_visible(oid))
"""


def is_used() -> bool:
    return connection.vendor == "postgresql"


@dataclass(slots=True)
class Held:
    """What a dump holds: its tables, how many rows they have, and the migrations that have run on them."""

    rows: int = 0
    tables: set[str] = field(default_factory=set)
    applied: set[tuple[str, str]] = field(default_factory=set)


def dump_tables(target: Path) -> int:
    """All tables as they are at one moment, while everybody goes on working; how many rows they hold."""
    program = _program("pg_dump")
    with closing(connection.copy()) as live:
        live.set_autocommit(False)
        with live.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT pg_export_snapshot()")
            (moment,) = cursor.fetchone()
            where = f"--dbname={_address()}"
            _run([program, "--format=custom", *AS_IS, f"--snapshot={moment}", f"--file={target}", where])
            cursor.execute(
                "SELECT format('SELECT count(*) FROM %I.%I', schemaname, tablename) FROM pg_tables"
                " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            )
            counts = [f"({question})" for (question,) in cursor.fetchall()]
            cursor.execute(f"SELECT {' + '.join(counts) or 0}")
            rows: int = cursor.fetchone()[0]
    return rows


def read_dump(path: Path) -> Held:
    """All of a dump, read to its end without a server. Raises BadBackup where it is not whole."""
    held = Held()
    with _rows_of(path) as lines:
        for line in lines:
            if begun := _COPY.match(line):
                _read_table(held, begun["table"].decode().rpartition(".")[2].strip('"'), begun["columns"], lines)
    return held


def put_back(dump: Path, held: Held, aside: Path) -> None:
    """Put a dump's tables in place of those that are there, which are written to ``aside`` first.

    Where that fails the tables are what they were. Raises KeepingError, and where others still work with them.
    """
    _refuse_company()
    ours = {*connection.introspection.django_table_names(), _HISTORY, *held.tables}
    there = set(connection.introspection.table_names())
    if there & ours:
        aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        dump_tables(aside)
    try:
        _replace(there & ours, dump)
    except KeepingError:
        if there & ours:
            _replace(set(connection.introspection.table_names()) & ours, aside)
        raise


def _replace(there: set[str], dump: Path) -> None:
    if there:
        names = ", ".join(connection.ops.quote_name(one) for one in sorted(there))
        with transaction.atomic(), connection.cursor() as cursor:
            # What their triggers call stays when they go, and a dump makes it anew with them.
            cursor.execute(_CALLED_BY_TRIGGERS, [sorted(there)])
            called = [signature for (signature,) in cursor.fetchall()]
            cursor.execute(f"DROP TABLE {names} CASCADE")
            for signature in called:
                cursor.execute(f"DROP FUNCTION {signature}")
    connection.close()
    program = _program("pg_restore")
    _run([program, *AS_IS, "--single-transaction", "--exit-on-error", f"--dbname={_address()}", str(dump)])


def _refuse_company() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        (others,) = cursor.fetchone()
    if others:
        raise KeepingError(
            f"Others are working in the database: {others} connections.",
            "Stop `sympolis serve` and `sympolis worker` on every machine first.",
        )


def _read_table(held: Held, table: str, columns: bytes, lines: Iterator[bytes]) -> None:
    held.tables.add(table)
    names = [name.strip() for name in columns.decode().split(",")]
    for line in lines:
        if line == _END:
            return
        held.rows += 1
        if table == _HISTORY:
            said = dict(zip(names, line.decode().rstrip("\n").split("\t"), strict=True))
            held.applied.add((said["app"], said["name"]))


@contextmanager
def _rows_of(path: Path) -> Iterator[Iterator[bytes]]:
    """The rows of a dump as its own program writes them."""
    asked = [_program("pg_restore"), "--data-only", "--file=-", str(path)]
    with tempfile.TemporaryFile() as wrong:
        with subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=wrong) as reading:  # noqa: S603 - PostgreSQL's own
            assert reading.stdout is not None
            yield iter(reading.stdout)
        if reading.returncode:
            wrong.seek(0)
            said = _told(wrong.read())
            raise BadBackup(f"The tables in the backup are damaged: {said}", "Take another backup.")


def _told(said: bytes) -> str:
    return " ".join(said.decode(errors="replace").split())[:400]


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise KeepingError(
            f"{name} is not installed here, and these tables are PostgreSQL's.",
            f"Install PostgreSQL's client programs of the server's version, or back up where it runs: {GUIDE}.",
        )
    return found


def _run(asked: list[str]) -> None:
    """The password goes along in the environment: others see what a command is called with."""
    password = connection.settings_dict["PASSWORD"]
    given = {**os.environ, "PGPASSWORD": password} if password else None
    done = subprocess.run(asked, env=given, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603 - as above
    if done.returncode:
        raise KeepingError(f"{Path(asked[0]).name} stopped: {_told(done.stderr)}", f"See {GUIDE}.")


def _address() -> str:
    """Where the tables are, as PostgreSQL's programs take it, without the password."""
    told = connection.settings_dict
    words = {"dbname": told["NAME"], "user": told["USER"], "host": told["HOST"], "port": told["PORT"]}
    return " ".join(f"{name}={_quoted(str(value))}" for name, value in {**words, **told["OPTIONS"]}.items() if value)


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
