"""Activities and organisations out of an XML file, one at a time, each freed when the next one is asked for.

What declares a document type is refused: entities could blow up or read other files. Nothing outside is ever fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from ...bounded import Bounded, TooLong
from ..rejects import Reject
from .results import Results

ROOTS = ("iati-activities", "iati-organisations")
TOLD = ("iati-activity", "iati-organisation")
# Long parts of an activity that nothing is read of: emptied at once, so that a long activity stays small.
_HEAVY = ("document-link", "planned-disbursement", "location", "contact-info")
_PLACE = "location"  # small where a value is told for it
# Read and emptied as soon as it ends.
_RESULT = "result"
MOST_BETWEEN = 64 * 2**20
"""Bytes without the end of an activity, after which a file is not read on."""


def elements(file: Path, rejects: list[Reject]) -> Iterator[tuple[etree._Element, Results]]:
    """The activities and organisations of a file, each with its results; where it breaks, the rest is rejected with
    the line."""
    line, is_checked, results = 0, False, Results()
    with file.open("rb") as opened:
        bounded = Bounded(opened, MOST_BETWEEN)
        try:
            for event, element in _events(bounded):
                if event == "start":
                    # A document type stands before the first element, so it is known by then.
                    if not is_checked and _declares_type(element):
                        rejects.append(Reject(file.name, 0, "The file declares a document type: refused unread."))
                        return
                    is_checked, line = True, element.sourceline or line
                    continue
                name = _local(element)
                if name == _RESULT and _is_part_of_told(element):
                    results.add(element)
                    element.clear()
                elif name in _HEAVY:
                    if name != _PLACE or _is_part_of_told(element):
                        element.clear()
                elif name in TOLD:
                    bounded.since = 0
                    yield element, results
                    results = Results()
                    _free(element)
        except etree.XMLSyntaxError as error:
            reason = str(error.msg or "damaged").split(", line ")[0]
            rejects.append(Reject(file.name, error.lineno or 0, f"The file can't be read on from here: {reason}"))
        except TooLong:
            reason = f"What begins here takes more than {MOST_BETWEEN // 2**20} megabytes; the rest is left out."
            rejects.append(Reject(file.name, line, reason))


def _events(source: Bounded) -> etree.iterparse[tuple[str, etree._Element]]:
    return etree.iterparse(
        source,
        events=("start", "end"),
        tag=[f"{{*}}{name}" for name in (*ROOTS, *TOLD, *_HEAVY, _RESULT)],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _declares_type(element: etree._Element) -> bool:
    document = element.getroottree().docinfo
    return document.internalDTD is not None or document.externalDTD is not None


def _is_part_of_told(element: etree._Element) -> bool:
    """Whether it stands right in an activity, as a part of the standard and not of an extension."""
    parent = element.getparent()
    if parent is None or _local(parent) not in TOLD:
        return False
    return str(element.tag).rpartition("}")[0] == str(parent.tag).rpartition("}")[0]


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _free(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]
