"""The folder of the standard: what is missing is named, both layouts are read, and all of it can be fetched."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sympolis.engine.errors import FetchError
from sympolis.engine.iati import check_file, open_standard
from sympolis.engine.iati.fetch import fetch_standard
from sympolis.engine.iati.standard import StandardMissing
from sympolis.engine.sources.fetch import Client, Manners
from tests.engine.iati.standard import REASON, SHARED, small_standard
from tests.service import Asked, Service, running

WORDS = (
    '<iati-activities version="2.0{}"><iati-activity><iati-identifier>a</iati-identifier>'
    '<title><narrative>a</narrative></title><activity-date type="1" iso-date="2026-01-01"/>'
    "</iati-activity></iati-activities>"
)


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(StandardMissing, match=r"There is no folder .*none.*`sympolis iati fetch`"):
        open_standard(tmp_path / "none")
    with pytest.raises(
        StandardMissing, match=r"lacks files of the IATI standard: schemas/iati-activities-schema.xsd, "
    ):
        open_standard(tmp_path)
    folder = small_standard(tmp_path / "standard")
    (folder / "schemas" / "xml.xsd").unlink()
    shutil.rmtree(folder / "codelists_nonembedded")
    with pytest.raises(StandardMissing) as missing:
        open_standard(folder)
    assert missing.value.what == (
        f"{folder} lacks files of the IATI standard: schemas/xml.xsd, codelists_nonembedded/xml."
    )


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("schemas/iati-common.xsd", "<xsd", "is no schema"),
        ("schemas/iati-activities-schema.xsd", "<xsd", "can't be read"),
        ("rulesets/rulesets/standard.json", "[", "can't be read"),
        ("rulesets/rulesets/standard.json", "[]", "holds no rules"),
        ("codelists_embedded/mapping.xml", "", "can't be read"),
        ("codelists_embedded/xml/DateType.xml", None, "The code list DateType is in neither"),
    ],
)
def test_files_that_are_damaged_are_named(name: str, content: str | None, said: str, tmp_path: Path) -> None:
    folder = small_standard(tmp_path / "standard")
    (folder / name).unlink() if content is None else (folder / name).write_text(content)
    file = tmp_path / "file.xml"
    file.write_text(WORDS.format(3))
    with pytest.raises(StandardMissing, match=said):
        check_file(file, open_standard(folder))


def test_a_version_is_judged_by_its_own_files_where_they_are(tmp_path: Path) -> None:
    flat = small_standard(tmp_path / "flat")
    by_version = tmp_path / "by-version"
    for version in ("2.02", "2.03"):
        small_standard(by_version / version)
    shutil.move(by_version / "2.03" / "codelists_nonembedded", by_version / "codelists_nonembedded")
    file = tmp_path / "file.xml"
    for version, folder, rules in (
        (2, flat, ["0.6.1"]),
        (2, by_version, []),
        (3, by_version, []),
        (1, by_version, ["0.6.1"]),
    ):
        file.write_text(WORDS.format(version))
        found = check_file(file, open_standard(folder))
        assert (found.valid, [one.rule for one in found.problems]) == (True, rules)


# Fetching


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    with running() as server:
        yield server


def client() -> Client:
    return Client(Manners("Sympolis/0", attempts=2, pause_s=0.0, sleep=lambda seconds: None))


def zipped(top: str, files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{top}/{name}", content)
    return out.getvalue()


def answering(standard: Path, extra: dict[str, bytes]) -> Callable[[Asked], None]:
    """The repositories as the public home gives them, filled from a standard in the layout of one version."""

    def under(folder: str) -> dict[str, bytes]:
        root = standard / folder
        return {str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()}

    def answer(asked: Asked) -> None:
        repository = asked.path.split("/")[2]
        folders = {
            "IATI-Schemas": "schemas",
            "IATI-Codelists": "codelists_embedded",
            "IATI-Codelists-NonEmbedded": "codelists_nonembedded",
            "IATI-Rulesets": "rulesets",
        }
        asked.give(zipped(f"{repository}-branch", under(folders[repository]) | extra))

    return answer


def test_the_standard_is_fetched_and_read(service: Service, tmp_path: Path) -> None:
    unwanted = {"tests/a.xml": b"<a/>", "../../evil.xsd": b"x", "README.rst": b"x", "xml/deep/b.xml": b"<b/>"}
    service.answer = answering(small_standard(tmp_path / "small"), unwanted)
    folder = tmp_path / "home" / "iati-standard"
    folder.parent.mkdir()
    told: list[str] = []
    assert fetch_standard(client(), folder, service.address, told.append) == 3 * (4 + 2 + 1) + 2
    assert told[0] == "IATI-Schemas version-2.01"
    assert [asked.path for asked in service.asked][-1] == ("/service/IATI-Codelists-NonEmbedded/zip/refs/heads/master")
    assert sorted(path.name for path in folder.parent.iterdir()) == ["iati-standard"]
    assert not list(tmp_path.rglob("evil.xsd"))
    file = tmp_path / "file.xml"
    for version in (1, 2, 3):
        file.write_text(WORDS.format(version))
        assert check_file(file, open_standard(folder)).problems == ()


def test_what_was_there_stays_when_fetching_fails(service: Service, tmp_path: Path) -> None:
    folder = tmp_path / "iati-standard"
    folder.mkdir()
    (folder / "kept").write_text("")
    service.answer = lambda asked: asked.give(b"no archive")
    with pytest.raises(FetchError, match="did not answer"):
        fetch_standard(client(), folder, service.address)
    service.answer = lambda asked: asked.give(zipped("x", {"README": b""}))
    with pytest.raises(FetchError, match="What was sent is not the standard"):
        fetch_standard(client(), folder, service.address)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["iati-standard", "kept"]


@pytest.mark.skipif(not SHARED.is_dir(), reason=REASON)
def test_every_code_list_that_is_asked_for_is_there() -> None:
    edition = open_standard(SHARED).edition("2.03")
    assert len(edition.coded) == 124
    assert all(edition.codes(coded.codelist) for coded in edition.coded)
