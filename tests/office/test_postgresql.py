"""What the office keeps it keeps in a real PostgreSQL as well. Where none is installed these tests are left out."""

from __future__ import annotations

import importlib.util
import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from sympolis.config.database import database
from tests.homes import environment, in_home, make_home, sympolis

FOLDERS = [str(folder) for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
INITDB = shutil.which("initdb", path=os.pathsep.join([*FOLDERS, os.environ.get("PATH", "")]))
needs_postgresql = pytest.mark.skipif(
    INITDB is None or importlib.util.find_spec("psycopg") is None, reason="PostgreSQL or psycopg is not installed"
)

QUESTIONS = """
import json
from datetime import date
from django.db import connection
from django.test import Client
from sympolis.office.core.enums import SiteRole
from sympolis.office.core.imports.apply import bring_in
from sympolis.office.core.imports.definition import tables
from sympolis.office.core.imports.read import read_table
from sympolis.office.core.imports.undo import undo_import
from sympolis.office.core.imports.understand import understand
from sympolis.office.core.keeping.migrating import migrate
from sympolis.office.core.models import User
from sympolis.office.core.texts import Text, folded
from sympolis.office.directory.models import Agreement, Membership, Office, Organisation
from sympolis.office.directory.queries import with_last_day_to_decide
from sympolis.office.planning.models import Plan
from sympolis.office.planning.queries import closes_a_circle
from sympolis.office.directory.moments import Moment
from sympolis.office.events.enums import EncounterKind
from sympolis.web.public import graph_table
from sympolis.web.public.graph_links import Wanted

said = {"made": migrate(), "again": migrate()}
rows = ["id,name,kind,country,names_other", "amb,AMB,metropolitan-authority,ES,", "sfax,Sfax,city,TN,ar:صفاقس",
        "med,MedCities,city-network,ES,"]
table = read_table("\\n".join(rows).encode())
run = bring_in(understand(tables()["organisations"], table, source="facts"))
ties = b"from_id,type,to_id,since\\nsfax,member_of,med,2001\\namb,hosts_secretariat_of,med,2000\\n"
links = bring_in(understand(tables()["relations"], read_table(ties), source="facts"))
said["brought in"] = [run.created, links.created, Organisation.history.count()]
amb, sfax, med = (Organisation.objects.get(source_id=one) for one in ("amb", "sfax", "med"))
Office.objects.create(organisation=amb, name=Text.of(en="Office"), languages=("en", "ar"))
agreement = Agreement(title=Text.of(en="Twinning"), kind="twinning", renewal="automatic", notice_months=3)
agreement.ends_earliest = agreement.ends_latest = date(2026, 5, 31)
agreement.save()
said["notice"] = str(with_last_day_to_decide(Agreement.objects.all()).get().decide_by)
parent = Plan.objects.create(title=Text.of(en="Plan"), organisation=amb)
child = Plan.objects.create(title=Text.of(en="Line"), organisation=amb, parent=parent)
said["circle"] = [closes_a_circle(parent.pk, child), closes_a_circle(child.pk, parent)]
officer = User.objects.create_user("officer@example.org", role=SiteRole.OFFICER)
contact = User.objects.create_user("contact@example.org")
Membership.objects.create(user=contact, organisation=sfax)
pages = ["/en/", "/en/organisations/?q=sfax&kind=city&on=2019", "/en/networks/", "/en/graph/", "/en/plans/",
         "/api/v1/relations?as_of=2019", *(one.get_absolute_url() for one in (amb, sfax, med, parent)),
         med.get_absolute_url() + "members/", med.get_absolute_url() + "alliances/", f"/en/map/{med.public_id}/"]
inside = ["/en/office/", "/en/office/organisations/?confirmed=no", "/en/office/agenda/", "/en/office/who/",
          "/en/office/agreements/", "/en/office/memberships/"]
for user in (None, contact, officer):
    client = Client(headers={"host": "localhost"})
    if user:
        client.force_login(user, backend="sympolis.office.directory.sign_in.SignIn")
    asked = pages + (inside if user == officer else inside[:1] if user else [])
    said[user.email if user else "visitor"] = {page: client.get(page).status_code for page in asked}
graph_table.FEW = 0  # as of very many links
met = Wanted(at_events=frozenset(EncounterKind))
members = Wanted(types=frozenset(["member_of"]))
of_cities = Wanted(kinds=frozenset(["city"]), at_events=frozenset(EncounterKind))
of_sfax = Wanted(question="sfax", theme="", at_events=frozenset(EncounterKind))
asked = ((Wanted(), "-who"), (Wanted(question="med"), "since"), (members, "whom"),
         (met, ""), (of_cities, ""), (of_sfax, ""))
tables_of = [graph_table.table_of(officer, Moment.now(date.today()), one, None, sort, "1") for one, sort in asked]
said["graph of many"] = [[tie.start.name for tie in one.page] for one in tables_of]
said["kept"] = list(tokens(child))
said["found"] = [one.name for one in Organisation.objects.filter(folded__contains=folded("صفاقس"))]
undo_import(links)
undo_import(run)
said["undone"] = [Organisation.objects.filter(source="facts").count(), connection.vendor]
print(json.dumps(said))
"""

TOKENS = """
from collections.abc import Iterator
from django.db import connections, transaction
from sympolis.office.core.texts import Text
from sympolis.office.planning.kept import GROUNDS, PLANS, SAID, with_tokens
from sympolis.office.planning.models import Action, Contribution, ContributionGroup, ContributionLink, Plan, Session
from sympolis.office.planning.models import Participant


def tokens(line) -> Iterator[str]:
    \"\"\"Which of the three are other ones after each writing.\"\"\"
    def now():
        plan = with_tokens(Plan.objects.filter(pk=line.pk), PLANS, SAID, GROUNDS).get()
        return {what: getattr(plan, f"{what}_written") for what in (PLANS, SAID, GROUNDS)}

    session = Session.objects.create(organisation=line.organisation, plan=line, title=Text.of(en="Session"))
    by = Participant.objects.create(session=session, kind="council", token="t")
    about = {"session": session, "participant": by, "kind": "need", "sequence": 1}
    behind = Contribution.objects.create(client_id="a", text="Shade", **about)
    ContributionLink.objects.create(contribution=behind, line=line)
    deed = Action.objects.create(plan=line, title=Text.of(en="Deed"))
    other = connections["default"].copy()  # somebody else, at work at the same time

    def unfinished():
        with other.cursor() as cursor:
            other.set_autocommit(False)
            cursor.execute("UPDATE planning_action SET code = '9'")

    def finished():
        other.commit()
        other.close()

    def taken_back():
        with transaction.atomic():
            Action.objects.update(code="10")
            transaction.set_rollback(True)

    writings = [
        lambda: None, lambda: Action.objects.update(code="7"), lambda: Action.objects.update(code="7"),
        unfinished, finished, taken_back, lambda: Plan.objects.filter(pk=line.pk).update(code="7"),
        lambda: Action.objects.bulk_create([Action(plan=line, slug="n", public_id="act_000000000000")]),
        lambda: Action.objects.filter(pk=deed.pk).delete(), lambda: Session.objects.update(sequence=9),
        lambda: Contribution.objects.create(client_id="b", text="Said now", **about),
        lambda: Participant.objects.create(session=session, kind="expert", token="u"),
        lambda: Contribution.objects.filter(pk=behind.pk).update(text="Trees"),
        lambda: Participant.objects.filter(pk=by.pk).update(kind="expert"),
        lambda: Session.objects.update(title=Text.of(en="Renamed")),
        lambda: ContributionGroup.objects.create(session=session), lambda: ContributionLink.objects.all().delete(),
    ]
    before = now()
    for write in writings:
        write()
        after = now()
        yield " ".join(what for what in after if after[what] != before[what])
        before = after
"""
CHANGED = [
    "", "plans", "plans", "", "plans", "", "plans", "plans", "plans", "", "said", "said", "said grounds",
    "said grounds", "said grounds", "said grounds", "said grounds",
]  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of an empty database on a socket of its own; the folder has a short name, since sockets need one."""
    assert INITDB is not None
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    who = next((one for one in ("postgres", "nobody") if _is_known(one)), None) if os.getuid() == 0 else None
    if who:
        shutil.chown(folder, who)
    folder.chmod(0o755)

    def run(name: str, *words: str) -> None:
        asked = [str(Path(INITDB).with_name(name)), *words]
        subprocess.run(asked, user=who, check=True, capture_output=True, timeout=120, cwd=folder)

    data = str(folder / "data")
    run("initdb", "-D", data, "-A", "trust", "-U", "sympolis", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync")
    run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "start", "-o", f"-k {folder} -c listen_addresses='' -F")
    try:
        yield f"postgresql://sympolis@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _is_known(name: str) -> bool:
    try:
        return bool(pwd.getpwnam(name))
    except KeyError:
        return False


MOVED = [
    "dumpdata", "--natural-foreign", "--exclude", "contenttypes", "--exclude", "auth.permission",
    "--exclude", "admin.logentry",
]  # fmt: skip
WRITE = """
from sympolis.office.core.models import User
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.planning.models import Plan
amb = Organisation.objects.create(name="AMB, l'Àrea \\\\. de Barcelona", kind="metropolitan-authority")
med = Organisation.objects.create(name="MedCities\\tone\\nother", kind="city-network", names=Text.of(ar="المدن"))
Relation.objects.create(from_organisation=amb, type="member_of", to_organisation=med)
old = Plan.objects.create(title=Text.of(en="Old"), organisation=amb)
Plan.objects.create(title=Text.of(en="Plan"), organisation=amb, parent=old)
User.objects.create_user("officer@example.org", password="kept")
"""
CHANGE = """
from sympolis.office.directory.models import Organisation
Organisation.objects.create(name="Written since", kind="city")
"""
TELL = """
from sympolis.office.directory.models import Organisation
print(",".join(sorted(Organisation.objects.values_list("kind", flat=True))))
"""


def django(home: Path, *words: str) -> str:
    """One of Django's own commands, as the guide has it."""
    asked = [sys.executable, "-m", "django", *words]
    given = environment(home, DJANGO_SETTINGS_MODULE="sympolis.config.settings")
    done = subprocess.run(asked, env=given, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def told_by(home: Path) -> Any:
    """All rows; PostgreSQL keeps the names within a text in an order of its own."""
    return json.loads(django(home, *MOVED))


@needs_postgresql
@pytest.mark.slow
def test_an_office_moves_there_is_backed_up_and_moves_back(
    server: str, django_db_setup: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As docs/guides/postgresql.md says it, word by word."""
    home, back, rows = make_home(tmp_path / "home").path, make_home(tmp_path / "back").path, tmp_path / "rows.json"
    in_home(home, WRITE)
    django(home, *MOVED, "-o", str(rows))
    moved = json.loads(rows.read_text())
    admin = psycopg().connect(server, autocommit=True)
    with admin:
        admin.execute("CREATE DATABASE moved")
    there = server.replace("/postgres?", "/moved?")
    monkeypatch.setenv("SYMPOLIS_DATABASE", there)
    assert sympolis(home, "upgrade").stderr.startswith("Brought up to date.\n")
    django(home, "loaddata", str(rows))
    assert told_by(home) == moved

    kept = tmp_path / "kept.zip"
    made = json.loads(sympolis(home, "backup", "--json", str(kept)).stdout)
    told = json.loads(sympolis(home, "restore", "--check", "--json", str(kept)).stdout)
    assert (told["files"], told["rows"] > 20) == (made["files"], True)
    in_home(home, CHANGE)
    with psycopg().connect(there):
        refused = sympolis(home, "restore", str(kept))
        assert (refused.returncode, refused.stderr.splitlines()[-1]) == (1, COMPANY)
    assert in_home(home, TELL) == "city,city-network,metropolitan-authority"
    back_again = sympolis(home, "restore", "--json", str(kept))
    assert back_again.returncode == 0, back_again.stderr[-3000:]
    before = json.loads(back_again.stdout)["before"]
    assert told_by(home) == moved
    assert Path(before, "tables.dump").exists()
    (home / "migrated.json").unlink()
    in_home(home, "from django.db import connection; connection.cursor().execute('DROP TABLE django_migrations')")
    damaged = sympolis(home, "restore", str(kept))  # whatever is missing or left over of the tables
    assert (damaged.returncode, told_by(home)) == (0, moved)

    rows.write_text(django(home, *MOVED))
    monkeypatch.delenv("SYMPOLIS_DATABASE")
    other = sympolis(home, "restore", str(kept))
    assert (other.returncode, "tables of PostgreSQL, and none is named here" in other.stderr) == (1, True)
    django(back, "loaddata", str(rows))
    assert told_by(back) == moved
    small = tmp_path / "sqlite.zip"
    assert sympolis(back, "backup", str(small)).returncode == 0
    monkeypatch.setenv("SYMPOLIS_DATABASE", there)
    other = sympolis(home, "restore", str(small))
    assert (other.returncode, "holds tables of SQLite" in other.stderr) == (1, True)
    monkeypatch.setenv("PATH", str(tmp_path))
    alone = sympolis(home, "backup", str(tmp_path / "none.zip"))
    assert (alone.returncode, "pg_dump is not installed here" in alone.stderr) == (1, True)
    assert not (tmp_path / "none.zip").exists()


COMPANY = (
    "Others are working in the database: 1 connections. "
    "Stop `sympolis serve` and `sympolis worker` on every machine first."
)


def psycopg() -> Any:
    return importlib.import_module("psycopg")


@needs_postgresql
@pytest.mark.slow
def test_an_office_lives_in_postgresql(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYMPOLIS_DATABASE", server)
    said = json.loads(in_home(tmp_path, TOKENS + QUESTIONS, patience_s=900).splitlines()[-1])
    assert (said["made"], said["again"], said["brought in"]) == (True, False, [3, 2, 3])
    assert (said["notice"], said["circle"], said["found"]) == ("2026-02-28", [True, False], ["Sfax"])
    assert said["graph of many"] == [["Sfax", "AMB"], ["AMB", "Sfax"], ["Sfax"], ["AMB", "Sfax"], [], ["Sfax"]]
    assert said["kept"] == CHANGED
    for who in ("visitor", "contact@example.org", "officer@example.org"):
        assert set(said[who].values()) == {200}, said[who]
    assert said["undone"] == [2, "postgresql"]  # two of the three are in use by now and stay


def test_where_the_tables_are_is_read_as_postgresql_writes_it(tmp_path: Path) -> None:
    told = database("postgresql://us%40er:p%2Fw@db.example.org:5433/office?sslmode=require", tmp_path)
    assert {name: told[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")} == {
        "NAME": "office", "USER": "us@er", "PASSWORD": "p/w", "HOST": "db.example.org", "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }  # fmt: skip
    socket = database("postgresql:///office?host=/run/postgresql", tmp_path)
    assert (socket["HOST"], socket["OPTIONS"]) == ("/run/postgresql", {})
    assert database(" ", tmp_path / "x.sqlite")["NAME"] == tmp_path / "x.sqlite"


@pytest.mark.parametrize("written", ["mysql://a:secret@b/c", "postgresql://a:secret@b/", "postgresql://a:secret@b:x/c"])
def test_another_address_is_refused_without_telling_its_password(written: str, tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="SYMPOLIS_DATABASE") as refused:
        database(written, tmp_path)
    assert "secret" not in str(refused.value)
