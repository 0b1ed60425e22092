"""Getting the standard's files from their public home, the repositories of IATI on GitHub, one archive each."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import FetchError
from ..sources.fetch.http import Client, Question
from .standard import VERSIONS, StandardMissing, open_standard

ADDRESS = "https://codeload.github.com/IATI"
_MOST_ARCHIVE = 128 << 20
_MOST_FILE = 32 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class _Archive:
    """One repository at one branch, what is taken out of it, and where that goes."""

    repository: str
    branch: str
    target: str

    def wanted(self, name: str) -> str:
        """Where a file of the archive goes, below the target; empty where it is not wanted."""
        _top, _slash, inside = name.partition("/")
        folder, _slash, file = inside.rpartition("/")
        kept = {
            "IATI-Schemas": ("", (".xsd",)),
            "IATI-Codelists": ("xml", (".xml",)),
            "IATI-Codelists-NonEmbedded": ("xml", (".xml",)),
            "IATI-Rulesets": ("rulesets", (".json",)),
        }
        meant, endings = kept[self.repository]
        is_mapping = self.repository == "IATI-Codelists" and inside == "mapping.xml"
        return inside if is_mapping or (folder == meant and file.endswith(endings)) else ""


_ARCHIVES = (
    *(_Archive("IATI-Schemas", f"version-{version}", f"{version}/schemas") for version in VERSIONS),
    *(_Archive("IATI-Codelists", f"version-{version}", f"{version}/codelists_embedded") for version in VERSIONS),
    *(_Archive("IATI-Rulesets", f"version-{version}", f"{version}/rulesets") for version in VERSIONS),
    _Archive("IATI-Codelists-NonEmbedded", "master", "codelists_nonembedded"),
)


def fetch_standard(
    client: Client, folder: Path, address: str = "", tell: Callable[[str], None] = lambda _: None
) -> int:
    """Get all versions into a folder, in place of what an earlier call got; says how many files there are.

    Raises FetchError where an archive can't be had or the whole is not the standard; then what was there stays.
    """
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        count = 0
        for archive in _ARCHIVES:
            where = f"{address or ADDRESS}/{archive.repository}/zip/refs/heads/{archive.branch}"
            raw = client.ask(Question(where), _MOST_ARCHIVE, _refuse_broken)
            count += _unpack(raw, archive, fresh / archive.target)
            tell(f"{archive.repository} {archive.branch}")
            client.pause()
        open_standard(fresh)
        _put_in_place(fresh, folder)
    except StandardMissing as error:
        raise FetchError(f"What was sent is not the standard: {error.what}", "Get its files by hand.") from error
    except OSError as error:
        raise FetchError(f"{folder} can't be written: {error.strerror}.", "Make room and call again.") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return count


def _refuse_broken(raw: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            archive.namelist()
    except _BROKEN as error:
        raise ValueError(f"no archive: {error}") from error


def _unpack(raw: bytes, archive: _Archive, target: Path) -> int:
    count = 0
    for name, content in _members(raw, archive):
        file = target / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        count += 1
    return count


def _members(raw: bytes, archive: _Archive) -> Iterator[tuple[str, bytes]]:
    """The wanted files of an archive, none of them longer than any of the standard would be."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as opened:
            for member in opened.infolist():
                name = archive.wanted(member.filename)
                if not name or ".." in name or "\\" in name:
                    continue
                if member.file_size > _MOST_FILE:
                    raise FetchError(f"{member.filename} would be {member.file_size} bytes long.", "Get it by hand.")
                yield name, opened.read(member)
    except _BROKEN as error:
        raise FetchError(f"{archive.repository} is damaged: {error}.", "Try again later.") from error


def _put_in_place(fresh: Path, folder: Path) -> None:
    """In one step where nothing was there, in two where something was."""
    old = folder.with_name(f"{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        os.replace(folder, old)
    os.replace(fresh, folder)
    shutil.rmtree(old, ignore_errors=True)
