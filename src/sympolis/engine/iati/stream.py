"""A file of activities or organisations taken apart as it is read: memory stays flat however long it is.

What declares entities, or a document type that stands elsewhere, is refused: entities could blow up or read other
files. Nothing outside is ever fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from ..bounded import Bounded
from .standard import TOLD

MOST_BETWEEN = 32 * 2**20
"""Bytes without the end of an activity, after which a file is not read on."""


class Refused(Exception):
    """The file declares what could blow up or read other files."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


class Pieces:
    """The children of the root of a file in order, each freed when the next one is asked for.

    ``line`` is where reading is. Iterating raises XMLSyntaxError and TooLong.
    """

    def __init__(self, file: Path, root: str) -> None:
        self._file = file
        self._root_tag = root
        self._given: Any = None
        self.line = 1
        self.stray: list[tuple[int, str]] = []
        """Text between the children of the root, where there must be none: the line after which it stands."""

    def __iter__(self) -> Iterator[Any]:
        with self._file.open("rb") as opened:
            bounded = Bounded(opened, MOST_BETWEEN)
            events = _events(bounded, (self._root_tag, TOLD[self._root_tag]))
            for event, element in events:
                if event == "start":
                    self.line = line_of(element)
                elif (root := element.getparent()) is not None and root.getparent() is None:
                    bounded.since = 0
                    yield from self._children(root, element)
            yield from self._children(events.root, None)

    def _children(self, root: Any, last: Any) -> Iterator[Any]:
        """What stands in the root up to and with a child; what was given before is taken out of memory."""
        self._note_stray(root, root.text)
        root.text = None
        while len(root):
            child = root[0]
            if child is not self._given:
                self.line = line_of(child)
                self._given = child
                yield child
                child.clear(keep_tail=True)
            if child is last:  # its tail is not read yet
                return
            self._note_stray(child, child.tail)
            del root[0]

    def _note_stray(self, after: Any, text: str | None) -> None:
        if text and text.strip() and len(self.stray) < _MOST_STRAY:
            self.stray.append((self.line, text.strip()[:100]))


_MOST_STRAY = 100


def first_element(file: Path) -> Any:
    """The root of a file, with its attributes alone. Raises XMLSyntaxError and Refused."""
    with file.open("rb") as opened:
        for _event, element in _events(Bounded(opened, MOST_BETWEEN), None):
            # A document type stands before the first element, so it is known by then.
            _refuse_declared(element)
            return element
    raise AssertionError  # a file without an element is an XMLSyntaxError


def line_of(element: Any) -> int:
    """The line of an element. libxml2 counts elements to 65,534 only; later ones have the line of the end of the next
    text, from which the breaks within that text are taken away.
    """
    line = int(element.sourceline or 0)
    if line < _COUNTED:
        return line
    node = element
    while node is not None:
        if node.text:
            return int(node.sourceline) - str(node.text).count("\n")
        if len(node):
            node = node[0]
            continue
        while node is not None and not node.tail and node.getnext() is None:
            node = node.getparent()
        if node is not None and node.tail:
            return int(node.sourceline) - str(node.tail).count("\n")
        node = node.getnext() if node is not None else None
    return line


_COUNTED = 65_535


def _events(source: Bounded, tags: tuple[str, ...] | None) -> Any:
    return etree.iterparse(
        source,
        events=("start", "end"),
        tag=tags,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _refuse_declared(root: Any) -> None:
    document = root.getroottree().docinfo
    declared = document.internalDTD
    if declared is None:
        return
    inside = any(True for _ in declared.iterentities()) or any(True for _ in declared.iterelements())
    if inside or document.system_url or document.public_id:
        raise Refused(root.sourceline or 1)
