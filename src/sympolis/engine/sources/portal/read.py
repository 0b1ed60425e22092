"""Pages of the portal's search: ``results[].metadata.<field>`` holds lists of strings, some of them JSON or HTML."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from html import unescape
from pathlib import Path
from typing import Any

import nh3

from ...model import Call, PartialDate, Provenance, Record
from ..mojibake import repair
from ..rejects import Reject

_STATUS = {"31094501": "forthcoming", "31094502": "open", "31094503": "closed"}
_PROGRAMMES = {
    "43108390": "Horizon Europe", "44181033": "European Defence Fund", "43252405": "LIFE",
    "111111": "EU External Action",
    "43152860": "Digital Europe", "43298916": "Euratom", "43251567": "Connecting Europe Facility", "43251589": "CERV",
    "43252449": "Research Fund for Coal and Steel", "43353764": "Erasmus+",
    "43637601": "Pilot Projects and Preparatory Actions", "43254019": "ESF+", "43252368": "Internal Security Fund",
    "45532249": "EU Agencies", "43252386": "Justice Programme", "44416173": "Interregional Innovation Investments",
    "43252433": "Pericles IV", "43392145": "EMFAF", "46324255": "Technical assistance for ERDF, CF and JTF",
    "43253967": "Renewable Energy Financing Mechanism", "43251814": "Creative Europe",
    "43252476": "Single Market Programme",
}  # fmt: skip
_BLOCKS = re.compile(r"</?(?:p|div|br|li|ul|ol|h[1-6]|tr|td|table)\b[^>]*>", re.IGNORECASE)
_STUCK = re.compile(r"(?<=[a-z)][.;:])(?=[A-Z])")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")


def files(path: Path) -> list[Path]:
    """The pages of a folder, or the page itself."""
    if path.is_file():
        return [path]
    return sorted([*path.glob("*.json"), *path.glob("*.json.gz")])


def read(paths: Sequence[Path], rejects: list[Reject]) -> Iterator[Record]:
    """The calls on the pages; a page that is cut off or no page is rejected by name and the others come in."""
    for path in paths:
        for file in files(path):
            yield from _read_page(file, rejects)


def _read_page(file: Path, rejects: list[Reject]) -> Iterator[Record]:
    try:
        page = json.loads(_content(file))
        results = page["results"]
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        rejects.append(Reject(file.name, 0, f"The page is cut off or damaged: {error}"))
        return
    except (KeyError, TypeError):
        rejects.append(Reject(file.name, 0, "This is no page of the portal's search: it has no results."))
        return
    for place, result in enumerate(results if isinstance(results, list) else [], start=1):
        try:
            yield _call(result)
        except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
            rejects.append(Reject(file.name, place, f"This result has no usable {error}"))


def _content(file: Path) -> str:
    raw = file.read_bytes()
    return (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8-sig")


def _call(result: Mapping[str, Any]) -> Call:
    metadata: Mapping[str, Any] = result["metadata"]
    identifier = _first(metadata, "identifier").strip()
    title = plain_text(_first(metadata, "title"))
    if not identifier or not title:
        raise ValueError("identifier or title")
    deadlines = tuple(
        sorted({date.fromisoformat(written[:10]) for written in metadata.get("deadlineDate") or () if written})
    )
    starts = [written for written in metadata.get("startDate") or () if written]
    return Call(
        id=f"portal:{identifier}",
        title={"en": title},
        provenance=Provenance("portal", identifier, _first(metadata, "url") or str(result.get("url", ""))),
        programme=_PROGRAMMES.get(_first(metadata, "frameworkProgramme"), ""),
        summary={"en": summary} if (summary := plain_text(_first(metadata, "descriptionByte"))) else {},
        opens=PartialDate.parse(starts[0][:10]) if starts else PartialDate(),
        closes=PartialDate(deadlines[-1], deadlines[-1]) if deadlines else PartialDate(),
        max_grant_eur=_most_per_grant(_first(metadata, "budgetOverview"), identifier),
        status=_STATUS.get(_first(metadata, "status"), ""),
        deadlines=deadlines,
    )


def _first(metadata: Mapping[str, Any], name: str) -> str:
    values = metadata.get(name) or [""]
    return str(values[0] or "") if isinstance(values, list) else str(values)


def plain_text(html: str) -> str:
    """HTML, repaired, without its tags: one line for each block, no control or private characters."""
    text = repair(html)
    bare = unescape(nh3.clean(_BLOCKS.sub("\n", text), tags=set()))
    kept = "".join(
        letter if unicodedata.category(letter) not in ("Cc", "Cf", "Co", "Cn", "Cs") else _gap(letter)
        for letter in bare
    )
    return _LINES.sub("\n", _SPACES.sub(" ", _STUCK.sub(" ", kept))).strip(' \n">')


def _gap(letter: str) -> str:
    """What stands for a character that can't be shown: the line break stays, a bullet of a lost font parts words."""
    if letter == "\n":
        return letter
    return "" if unicodedata.category(letter) == "Cf" else " "


def _most_per_grant(written: str, identifier: str) -> Decimal | None:
    """The highest contribution a grant can get, out of the budget's JSON; None where it isn't said."""
    try:
        overview = json.loads(written) if written else {}
        actions = [action for group in overview["budgetTopicActionMap"].values() for action in group]
        ours = [action for action in actions if str(action.get("action", "")).startswith(identifier)] or actions
        amounts = [Decimal(str(action["maxContribution"])) for action in ours if action.get("maxContribution")]
    except (KeyError, TypeError, AttributeError, InvalidOperation, json.JSONDecodeError):
        return None
    return max((amount for amount in amounts if amount.is_finite() and amount > 0), default=None)
