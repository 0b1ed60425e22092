"""Is a file one that the International Aid Transparency Initiative takes, and what is wrong with it?

The verdict is that of the official validator (github.com/IATI/js-validator-api): valid is what breaks no critical rule,
that is: well-formed, an IATI file, of a version that is supported, and as its schema says. What rulesets and code lists
say are errors and warnings, and make no file invalid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml import etree

from ..bounded import TooLong
from ..errors import EngineError
from .codes import CodeCheck
from .problems import Problem, Problems, Severity
from .rules import RuleCheck
from .schema import Judge
from .standard import NEWEST, TOLD, VERSIONS, Edition, Standard
from .stream import MOST_BETWEEN, Pieces, Refused, first_element, line_of

NOT_XML, NOT_IATI, NOT_SUPPORTED, TWICE = "0.1.1", "0.2.1", "0.6.1", "1.1.2"
PLACEHOLDER = "xx"
"""The version that the standard's own tests of its schemas write: they are judged by schema alone."""


class Unreadable(EngineError):
    """The file is not there, or may not be read."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found in one file."""

    file: Path
    valid: bool
    problems: tuple[Problem, ...]


def check_file(file: Path, standard: Standard, today: date | None = None) -> Checked:
    """Check a file of any length in flat memory. Raises Unreadable where there is none to read.

    ``today`` is the day that dates may not lie after.
    """
    problems = Problems()
    refuse_unreadable(file)
    try:
        _check(file, standard, today or datetime.now(UTC).date(), problems)
    except OSError as error:
        raise Unreadable(f"{file} can't be read: {error.strerror}.") from error
    return Checked(file, problems.is_valid, problems.found())


def refuse_unreadable(file: Path) -> None:
    """Raises Unreadable for what is no file, or may not be read."""
    if file.is_dir():
        raise Unreadable(f"{file} is a folder.", "Name the files in it.")
    try:
        with file.open("rb"):
            pass
    except OSError as error:
        raise Unreadable(f"{file} can't be read: {error.strerror}.", "Name a file that you may read.") from error


def _check(file: Path, standard: Standard, today: date, problems: Problems) -> None:
    line = 1
    try:
        root = first_element(file)
        line = line_of(root)
        if not _is_ours(root, problems):
            return
        version = str(root.get("version"))
        edition = standard.edition(version)
        if edition.version != version and version in VERSIONS:
            what = f"The folder of the standard has no files of version {version}: it is judged by {edition.version}."
            problems.add(Severity.ADVISORY, NOT_SUPPORTED, line, what, "Get them with `sympolis iati fetch`.")
        codes, rules = _checks(edition, root.tag, today)
        judge = Judge(edition, root, problems)
        pieces = Pieces(file, root.tag)
        identifiers: set[str] = set()
        for piece in pieces:
            line = pieces.line
            judge.piece(piece)
            if piece.tag == TOLD[root.tag]:
                _note_twice(piece, identifiers, problems)
                codes.look(piece, problems)
                rules.look(piece, problems)
        judge.shell(pieces.stray)
    except etree.XMLSyntaxError as error:
        _tell_broken(error, problems)
    except Refused as refused:
        what = "The file declares entities, or a document type that stands elsewhere; such files are refused unread."
        problems.add(Severity.CRITICAL, NOT_XML, refused.line, what, "Take the DOCTYPE out.")
    except TooLong:
        what = f"What begins here takes more than {MOST_BETWEEN // 2**20} megabytes: the file is not read on."
        problems.add(Severity.CRITICAL, NOT_XML, line, what, "Part it into several activities.")


@lru_cache(maxsize=6)
def _checks(edition: Edition, root: str, today: date) -> tuple[CodeCheck, RuleCheck]:
    return CodeCheck(edition, root), RuleCheck(edition, root, today)


def _is_ours(root: Any, problems: Problems) -> bool:
    """Is it a file of activities or organisations, of a version there is a schema for?"""
    line, version = line_of(root), root.get("version")
    if root.tag not in TOLD:
        what = f"The file is no IATI file: it begins with <{root.tag}>."
        remedy = "It has to begin with <iati-activities> or <iati-organisations>, in no namespace."
        problems.add(Severity.CRITICAL, NOT_IATI, line, what, remedy)
        return False
    if version == PLACEHOLDER:
        what = f"“{PLACEHOLDER}” stands for a version, as in the standard's own tests: judged by {NEWEST}."
        problems.add(Severity.ERROR, NOT_SUPPORTED, line, what, f'Write version="{NEWEST}" before you publish it.')
    elif version not in VERSIONS:
        what = f"Version {version[:20]!r} is not supported." if version else "The file does not say its version."
        remedy = f"Write it as version {NEWEST}; {', '.join(VERSIONS)} are supported."
        problems.add(Severity.CRITICAL, NOT_SUPPORTED, line, what, remedy)
        return False
    return True


def _note_twice(piece: Any, identifiers: set[str], problems: Problems) -> None:
    name = "iati-identifier" if piece.tag == "iati-activity" else "organisation-identifier"
    identifier = piece.findtext(name) or ""
    if not identifier:
        return
    if identifier in identifiers:
        what = f"The identifier “{identifier.strip()[:100]}” stands in this file already."
        problems.add(Severity.ERROR, TWICE, line_of(piece), what, "Give each activity its own.")
    identifiers.add(identifier)


def _tell_broken(error: etree.XMLSyntaxError, problems: Problems) -> None:
    reason = str(error.msg or "the file is empty").split(", line ")[0]
    what = f"The file is not well-formed XML: {reason}."
    problems.add(Severity.CRITICAL, NOT_XML, error.lineno or 1, what, "Mend it there, and what follows is looked at.")
