"""The tables that the migrations make one after the other, as they were when these last changed.

Going through all of them takes most of a minute, and nothing but them and Django can change what comes out. So it is
kept beside a fingerprint of both: where that still holds, it need not be made again. ``python -m tests.migrated``
writes it anew; until somebody does, the test goes through all migrations itself.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from sympolis.config.home import Home
from tests.homes import in_home

CHECKOUT = Path(__file__).resolve().parents[1]
KEPT = Path(__file__).with_name("migrated.json")


def fingerprint() -> str:
    """Changes with any migration and with the locked versions of what brings migrations of its own."""
    digest = hashlib.sha256((CHECKOUT / "requirements" / "run.txt").read_bytes())
    for file in sorted((CHECKOUT / "src").rglob("migrations/*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def step_by_step(folder: Path) -> dict[str, str]:
    """A digest of each table after all migrations have run, one after the other, in a new home in `folder`."""
    home = Home(folder / "in_steps")
    home.prepare("office")
    migrate = "from django.core.management import call_command; call_command('migrate', verbosity=0)"
    in_home(home.path, migrate, patience_s=900)
    return digests(tables_of(home.database))


def kept() -> dict[str, str] | None:
    """The same as it was found by whoever last changed a migration; None where these were changed since."""
    found = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    return found["tables"] if found.get("migrations") == fingerprint() else None


def digests(tables: dict[str, Any]) -> dict[str, str]:
    return {name: hashlib.sha256(repr(what).encode()).hexdigest()[:16] for name, what in sorted(tables.items())}


def tables_of(database: Path) -> dict[str, Any]:
    """What there is in a database, whatever the order of its columns."""
    with closing(sqlite3.connect(database)) as connection:

        def rows(asked: str, *about: str) -> list[Any]:
            return sorted(connection.execute(asked, about).fetchall(), key=repr)

        found: dict[str, Any] = {}
        for name, sql in rows("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"):
            found[name] = {
                "columns": [row[1:] for row in rows(f'PRAGMA table_info("{name}")')],
                "leads to": [row[2:] for row in rows(f'PRAGMA foreign_key_list("{name}")')],
                "rules": sorted(re.findall(r'CONSTRAINT "\w+"', sql)),
                "indexes": rows("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?", name),
            }
            found[name]["columns"].sort(key=repr)
            found[name]["leads to"].sort(key=repr)
        found["run"] = rows("SELECT app, name FROM django_migrations")
        found["rights"] = rows("SELECT codename FROM auth_permission")
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = {"migrations": fingerprint(), "tables": step_by_step(Path(folder))}
    KEPT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
