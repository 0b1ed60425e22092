"""Backup and restore, export, doctor: with real homes and real processes."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import socket
import sqlite3
import stat
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import LazySettings

from sympolis import __version__ as version
from sympolis.config.home import Home
from sympolis.engine import atlas, sources
from sympolis.office.core.keeping import restore
from sympolis.office.core.keeping.backup import Kept, make_backup
from sympolis.office.core.keeping.errors import BadBackup, KeepingError
from sympolis.office.core.keeping.notes import MIGRATED, STATUS, read_note
from sympolis.office.core.keeping.restore import check_backup, restore_backup
from sympolis.office.core.keeping.running import at_work_in
from tests.homes import in_home, make_home, sympolis

SOME_RECORDS = """
from django.core.files.base import ContentFile
from sympolis.office.core.models import Document, User
from sympolis.office.directory.models import Organisation
from sympolis.office.core import ids
sfax = Organisation.objects.create(name='Sfax', kind='city', note='=cmd()', themes=('water', 'ports'))
ids.ids_for('org', 'facts', ['sfax'])
document = Document(record=sfax.public_id, title='Minutes', language='fr', kind='minutes', file_name='m.txt')
document.file.save('m.txt', ContentFile(b'ordre du jour'))
User.objects.create_user('ana@example.org', 'a harbour in the morning')
"""

ORGANISATION = "from sympolis.office.directory.models import Organisation as O"
TUNIS = f"{ORGANISATION}\nO.objects.create(name='Tunis', kind='city')"
THE_ID = "from sympolis.office.core import ids; print(ids.ids_for('org', 'facts', ['sfax'])['sfax'])"


@pytest.fixture(scope="module")
def first(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with some records, to be copied."""
    made = make_home(tmp_path_factory.mktemp("first") / "home")
    in_home(made.path, SOME_RECORDS)
    return made


@pytest.fixture
def home(first: Home, tmp_path: Path, settings: LazySettings) -> Home:
    shutil.copytree(first.path, tmp_path / "home")
    settings.HOME = Home(tmp_path / "home")  # type: ignore[misc]
    return settings.HOME


@pytest.fixture
def kept(home: Home, tmp_path: Path) -> Path:
    return make_backup(tmp_path / "kept.zip").path


def names(home: Home) -> str:
    return in_home(home.path, f"{ORGANISATION}\nprint(sorted(one.name for one in O.objects.all()))")


def test_what_was_backed_up_comes_back(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "kept.zip"
    made = json.loads(sympolis(home.path, "backup", str(file), "--json").stdout)
    assert (made["path"], made["bytes"]) == (str(file), file.stat().st_size)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    key, given = home.secret("secret_key"), in_home(home.path, THE_ID)
    in_home(home.path, TUNIS)
    shutil.rmtree(home.documents)
    home.ids.unlink()
    home.secrets.unlink()
    done = sympolis(home.path, "restore", str(file))
    assert done.returncode == 0, done.stderr
    assert names(home) == "['Sfax']"
    assert [path.read_bytes() for path in home.documents.rglob("m*.txt")] == [b"ordre du jour"]
    assert home.secret("secret_key") == key
    assert in_home(home.path, THE_ID) == given
    aside = [path for path in home.path.iterdir() if path.name.startswith("before-restore-")]
    assert len(aside) == 1
    assert (aside[0] / "sympolis.sqlite").exists()
    assert sympolis(home.path, "search", "sfax", "--json").stdout.count('"Sfax"') == 1


def test_it_comes_back_on_another_machine(home: Home, kept: Path, tmp_path: Path) -> None:
    other = Home(tmp_path / "elsewhere")
    assert restore_backup(kept, other.path) is None
    assert (names(other), other.kind) == ("['Sfax']", "office")
    assert stat.S_IMODE(other.path.stat().st_mode) == 0o700


def test_the_files_of_the_worlds_data_come_back_and_are_built_again(home: Home, tmp_path: Path) -> None:
    atlas.add(home.path, "portal", [Path(sources.__file__).parent / "portal" / "sample"])
    kept = make_backup(tmp_path / "with-world.zip").path
    assert "atlas/inputs/portal/sample/page.json" in zipfile.ZipFile(kept).namelist()
    other = Home(tmp_path / "elsewhere")
    done = sympolis(other.path, "restore", str(kept))
    assert done.returncode == 0, done.stderr
    assert atlas.status(other.path).inputs == {"portal": 1}
    assert atlas.status(other.path).current is True
    later = home.path / "atlas" / "inputs" / "portal" / "later.json"
    later.write_text("[]")
    aside = restore_backup(kept, home.path)
    assert aside is not None
    assert not later.exists()
    assert (aside / "atlas" / "inputs" / "portal" / "later.json").read_text() == "[]"


def test_a_check_changes_nothing(home: Home, kept: Path) -> None:
    before = sorted(path.name for path in home.path.iterdir())
    checked = check_backup(kept)
    assert (checked.kind, checked.files) == ("office", len(zipfile.ZipFile(kept).namelist()) - 1)
    assert sorted(path.name for path in home.path.iterdir()) == before


def test_nothing_is_restored_under_a_running_server(home: Home, kept: Path) -> None:
    with at_work_in(home.path), pytest.raises(KeepingError, match="Sympolis is running"):
        restore_backup(kept, home.path)


def tampered(file: Path, name: str, content: bytes | None, rename: str = "") -> Path:
    """The same backup with one file changed, left out (None), or under another name."""
    out = file.with_name("tampered.zip")
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(out, "w") as after:
        for entry in before.namelist():
            if entry != name:
                after.writestr(entry, before.read(entry))
            elif content is not None:
                after.writestr(rename or entry, content)
    return out


def manifest_of(file: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(zipfile.ZipFile(file).read("manifest.json"))
    return found


@pytest.mark.parametrize("how", ["changed", "left out", "no backup", "rows"])
def test_a_backup_that_is_not_whole_is_refused_and_nothing_is_touched(
    home: Home, kept: Path, tmp_path: Path, how: str
) -> None:
    file = kept
    manifest = manifest_of(file)
    match how:
        case "changed":
            bad = tampered(file, "secrets.json", b'{"secret_key": "mine"}')
        case "left out":
            bad = tampered(file, "secrets.json", None)
        case "no backup":
            bad = tmp_path / "no.zip"
            bad.write_bytes(b"hello")
        case _:
            bad = tampered(file, "manifest.json", json.dumps({**manifest, "rows": 1}).encode())
    before = sorted(path.name for path in home.path.iterdir())
    with pytest.raises(BadBackup):
        check_backup(bad)
    with pytest.raises(BadBackup) as refused:
        restore_backup(bad, home.path)
    assert refused.value.remedy
    assert {path.name for path in home.path.iterdir()} - {"running.lock"} == set(before)


class Forged:
    """A backup made by hand: a good one with entries put in, left out or changed, and a manifest that fits or not."""

    def __init__(self, good: Path, out: Path) -> None:
        self.path = out
        with zipfile.ZipFile(good) as before:
            self.entries: dict[str | zipfile.ZipInfo, bytes] = {name: before.read(name) for name in before.namelist()}
        self.manifest = json.loads(self.entries.pop("manifest.json"))

    def put(self, name: str, content: bytes, entry: zipfile.ZipInfo | None = None) -> None:
        self.entries.pop(name, None)
        self.entries[entry or name] = content
        self.manifest["files"][name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}

    def written(self, compression: int = zipfile.ZIP_STORED) -> Path:
        with zipfile.ZipFile(self.path, "w", compression) as out:
            for entry, content in self.entries.items():
                out.writestr(entry, content)
            out.writestr("manifest.json", json.dumps(self.manifest))
        return self.path


def another_applications(folder: Path, django: bool) -> bytes:
    with closing(sqlite3.connect(folder / "other.sqlite")) as other:
        other.execute("CREATE TABLE notes (words TEXT)")
        if django:
            other.execute("CREATE TABLE django_migrations (app TEXT, name TEXT)")
            other.execute("INSERT INTO django_migrations VALUES ('shop', '0001_initial')")
        other.commit()
    return (folder / "other.sqlite").read_bytes()


def forge(how: str, good: Path, folder: Path) -> Path:
    """One hostile or broken file of each sort."""
    forged = Forged(good, folder / "forged.zip")
    match how:
        case "climbs out":
            forged.put("media/../../evil", b"x")
        case "absolute":
            forged.put("/tmp/evil", b"x")
        case "of another name":
            forged.put("sitecustomize.py", b"import os")
        case "link":
            link = zipfile.ZipInfo("media/link")
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            forged.put("media/link", b"/etc/passwd", link)
        case "bomb":  # says 10 bytes, holds 200 MB
            forged.put("media/bomb", b"0" * 200 * 2**20)
            forged.manifest["files"]["media/bomb"] = {"bytes": 10, "sha256": "0" * 64}
            return forged.written(zipfile.ZIP_DEFLATED)
        case "larger than the disk":
            forged.put("media/large", b"x")
            forged.manifest["files"]["media/large"]["bytes"] = 2**60
        case "more than it says":
            forged.entries["media/more"] = b"x"
        case "no tables":
            del forged.entries["sympolis.sqlite"], forged.manifest["files"]["sympolis.sqlite"]
        case "no manifest that can be read":
            forged.manifest = {"format": "one", "files": []}
        case "another's tables":
            forged.put("sympolis.sqlite", another_applications(folder, django=False))
            forged.manifest["rows"] = 0
        case "another Django's tables":
            forged.put("sympolis.sqlite", another_applications(folder, django=True))
            forged.manifest["rows"] = 1
        case "no database at all":
            forged.put("sympolis.sqlite", b"not a database, only words that say so " * 100)
        case "keys that can't be read":
            forged.put("secrets.json", b"[1, 2")
        case "garbled":
            packed = bytearray(forged.written(zipfile.ZIP_DEFLATED).read_bytes())
            packed[2000:6000] = bytes(4000)
            forged.path.write_bytes(packed)
            return forged.path
        case "cut off":
            forged.written()
            forged.path.write_bytes(good.read_bytes()[:-200])
            return forged.path
        case "format of tomorrow":
            forged.manifest["format"] = 2
            forged.manifest["version"] = "9.1"
        case "step of tomorrow":
            with closing(sqlite3.connect(folder / "newer.sqlite")) as newer:
                newer.deserialize(forged.entries["sympolis.sqlite"])
                newer.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('core', '9999_x', '')")
                newer.commit()
                forged.put("sympolis.sqlite", newer.serialize())
            forged.manifest["rows"] += 1
    return forged.written()


ANOTHER = "Take another backup."
NOT_OURS = "Name a file that `sympolis backup` wrote."
REFUSED = {
    "climbs out": ("The backup holds a file that is none of ours: 'media/../../evil'.", ANOTHER),
    "absolute": ("The backup holds a file that is none of ours: '/tmp/evil'.", ANOTHER),
    "of another name": ("The backup holds a file that is none of ours: 'sitecustomize.py'.", ANOTHER),
    "link": ("forged.zip holds something that is no file: 'media/link'.", ANOTHER),
    "bomb": ("media/bomb in the backup is not what was kept.", ANOTHER),
    "larger than the disk": (r"The backup unpacks to 1073741824\.0 GB, there is room for [\d.]+\.", "Make room"),
    "more than it says": ("forged.zip does not hold what it says: 'media/more'.", ANOTHER),
    "no tables": ("The backup holds no tables.", ANOTHER),
    "no manifest that can be read": ("This is not a backup of Sympolis.", NOT_OURS),
    "another's tables": ("The tables in the backup are another application's.", ANOTHER),
    "another Django's tables": ("The tables in the backup are another application's.", ANOTHER),
    "no database at all": ("The tables in sympolis.sqlite are damaged: file is not a database.", ANOTHER),
    "keys that can't be read": ("secrets.json in the backup can't be read.", ANOTHER),
    "garbled": ("forged.zip is not a whole backup: ", ANOTHER),
    "cut off": ("forged.zip is not a whole backup: ", ANOTHER),
    "format of tomorrow": (
        f"This backup was made by version 9.1, this is {version}.", "Install version 9.1 or newer first."
    ),
    "step of tomorrow": (
        "This backup was made by another version: this one does not know the step core 9999_x.",
        "Install the version that made it, or a newer one.",
    ),
}  # fmt: skip


def everything_in(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "running.lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("how", REFUSED)
def test_a_hostile_backup_is_refused_and_changes_nothing(home: Home, kept: Path, tmp_path: Path, how: str) -> None:
    bad = forge(how, kept, tmp_path)
    what, remedy = REFUSED[how]
    before, beside = everything_in(home.path), {path.name for path in tmp_path.iterdir()}
    for attempt in (lambda: check_backup(bad), lambda: restore_backup(bad, home.path)):
        with pytest.raises(BadBackup) as refused:
            attempt()
        assert re.match(what if "\\d" in what else re.escape(what), refused.value.what), refused.value.what
        assert refused.value.remedy.startswith(remedy)
        assert "\n" not in str(refused.value)
    assert everything_in(home.path) == before
    assert {path.name for path in tmp_path.iterdir()} == beside


def test_a_bomb_is_left_after_the_first_bytes_too_many(kept: Path, tmp_path: Path) -> None:
    """It says ten bytes: of the two hundred megabytes behind them one is unpacked."""
    bad, folder = forge("bomb", kept, tmp_path), tmp_path / "unpacked"
    with zipfile.ZipFile(bad) as backup, pytest.raises(BadBackup):
        restore._unpack(backup, "media/bomb", Kept(10, "0" * 64), folder)
    assert (folder / "media" / "bomb").stat().st_size == 2**20


@pytest.mark.parametrize("how", ["bomb", "another's tables", "garbled", "format of tomorrow"])
def test_a_bad_backup_is_said_in_one_line(home: Home, kept: Path, tmp_path: Path, how: str) -> None:
    bad = forge(how, kept, tmp_path)
    done = sympolis(home.path, "restore", str(bad), "--check")
    assert (done.returncode, done.stderr.count("\n"), done.stdout) == (1, 1, "")


def test_a_good_backup_passes_the_check(home: Home, kept: Path) -> None:
    done = sympolis(home.path, "restore", str(kept), "--check")
    assert done.returncode == 0, done.stderr
    checked = check_backup(kept)
    assert done.stderr == f"{kept} is whole: {checked.files} files, {checked.rows} rows, made {checked.made_at[:16]}.\n"


def test_what_was_done_by_hand_is_told_to_the_administrator(home: Home, tmp_path: Path) -> None:
    """The page's own advice, followed, must quiet its warning."""
    file = tmp_path / "kept.zip"
    assert (read_note(STATUS), sympolis(home.path, "doctor", "--json").stdout.count('"none yet"')) == ({}, 1)
    sympolis(home.path, "backup", str(file))
    sympolis(home.path, "restore", str(file), "--check")
    noted = read_note(STATUS)
    assert (noted["backup"]["file"], noted["backup"]["bytes"]) == (str(file), file.stat().st_size)
    assert [(key, note["ok"], note["error"]) for key, note in noted.items()] == [
        ("backup", True, ""),
        ("restore_check", True, ""),
    ]
    assert "none yet" not in sympolis(home.path, "doctor", "--json").stdout


def test_an_upgrade_backs_up_first_notes_it_and_says_the_way_back(home: Home) -> None:
    (home.path / MIGRATED).unlink()  # the home of a version before has another's note
    done = sympolis(home.path, "upgrade")
    (kept,) = home.backups.glob("*-before-upgrade.zip")
    assert done.stderr.splitlines() == [
        f"Backed up: {kept}",
        f"Brought up to date. To go back: with the earlier version of Sympolis, sympolis restore {kept}",
        "Search finds little until the worker is started again: it makes the index anew, in a minute or so.",
    ]
    assert read_note(STATUS)["backup"]["file"] == str(kept)
    assert read_note(MIGRATED)["version"] == version


def test_a_backup_does_not_overwrite(home: Home, tmp_path: Path) -> None:
    (tmp_path / "kept.zip").write_text("mine")
    done = sympolis(home.path, "backup", str(tmp_path / "kept.zip"))
    assert (done.returncode, (tmp_path / "kept.zip").read_text()) == (1, "mine")


def test_everything_is_written_out_without_what_opens_doors(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    told = json.loads(sympolis(home.path, "export", str(folder), "--json").stdout)
    rows = told["rows"]
    assert (rows["directory_organisation"], rows["core_document"], rows["core_user"]) == (1, 1, 1)
    found = json.loads((folder / "tables" / "directory_organisation.json").read_text(encoding="utf-8"))
    assert (found[0]["name"], found[0]["note"], found[0]["themes"]) == ("Sfax", "=cmd()", ["water", "ports"])
    with (folder / "tables" / "directory_organisation.csv").open(encoding="utf-8-sig", newline="") as table:
        row = next(csv.DictReader(table))
    assert (row["name"], row["note"], row["themes"]) == ("Sfax", "'=cmd()", "water;ports")
    users = (folder / "tables" / "core_user.json").read_text(encoding="utf-8")
    assert "ana@example.org" in users
    assert "password" not in users
    assert [path.read_bytes() for path in (folder / "documents").rglob("m*.txt")] == [b"ordre du jour"]
    read_me = (folder / "README.txt").read_text(encoding="utf-8")
    assert "directory_organisation (1): id, public_id" in read_me
    assert "entities.ftm.json  organisations, relations" in read_me
    entities = [json.loads(line) for line in (folder / "entities.ftm.json").read_text(encoding="utf-8").splitlines()]
    assert told["entities"] == len(entities) == 1
    assert (entities[0]["schema"], entities[0]["properties"]["name"]) == ("PublicBody", ["Sfax"])
    assert sympolis(home.path, "export", str(folder)).returncode == 1


PICTURE = """
from PIL import Image
from sympolis.office.core.texts import Text
from sympolis.office.publishing.pages.pictures import keep_picture
keep_picture(Image.new("RGB", (500, 300)), Text.of(en="The port"), "", None)
"""


def test_the_doctor_misses_keys_ids_and_a_mail_server(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    in_home(home.path, TUNIS)
    home.secrets.unlink()
    home.ids.unlink()
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound and not listening: whoever asks is refused
        monkeypatch.setenv("SYMPOLIS_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("SYMPOLIS_SMTP_PORT", str(nobody.getsockname()[1]))
        said = sympolis(home.path, "doctor").stdout
    ill = [line.removeprefix("NOT WELL  ") for line in said.splitlines() if line.startswith("NOT WELL")]
    assert [line.partition(":")[0] for line in ill] == ["index", "ids", "keys", "mail"]
    assert ill[1] == (
        "ids: ids.sqlite is gone: new records could get the address of removed ones. "
        "Restore ids.sqlite out of the last backup"
    )
    assert ill[3].startswith("mail: 127.0.0.1 does not take mail: [Errno ")
    assert "Connection refused. See SYMPOLIS_SMTP_HOST" in ill[3]


def test_the_doctor_finds_and_mends(home: Home) -> None:
    def ill(*words: str) -> dict[str, str]:
        done = sympolis(home.path, "doctor", "--json", *words)
        findings = json.loads(done.stdout)
        found = {one["what"]: one["detail"] for one in findings if not one["ok"]}
        assert done.returncode == (1 if found else 0)
        return found

    assert ill().keys() == {"index"}
    assert ill("--mend") == {}
    in_home(home.path, TUNIS + PICTURE)
    (home.media / "stray.png").write_bytes(b"x")
    home.secrets.chmod(0o644)
    assert ill() == {
        "index": "1 entries are missing, 0 are of records that are gone",
        "files": "0 files are missing, 1 belong to no record",
        "keys": "others may read secrets.json",
    }
    assert ill("--mend") == {}
    assert [path.name for path in (home.path / "orphans").rglob("*") if path.is_file()] == ["stray.png"]
    assert (home.path / "orphans" / "media" / "stray.png").read_bytes() == b"x"
    pictures = sorted((home.media / "pictures").iterdir())
    assert len(pictures) == 3
    pictures[0].unlink()
    assert ill() == {"files": "1 files are missing, 0 belong to no record"}
    assert stat.S_IMODE(home.secrets.stat().st_mode) == 0o600
