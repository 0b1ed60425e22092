"""Judging a file by its schema piece by piece, with the verdict that the whole of it would get.

A schema of the standard says of a child of the root only where it may stand; so each is judged by itself, and what is
around them as a shell in which they are empty.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from lxml import etree

from .problems import Problems, Severity
from .standard import EXTENSION, TOLD, Edition
from .stream import line_of

RULE = "0.3.1"
_MOST_RUNS = 1_000  # of a kind of child; the schema is broken for good at the third
_REMEDIES = {
    "SCHEMAV_ELEMENT_CONTENT": "Write the elements that the standard asks for, in its order, and no others.",
    "SCHEMAV_CVC_COMPLEX_TYPE_4": "Add the attribute.",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "Leave the attribute out, or put it into a namespace of your own.",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": "Leave the attribute out, or put it into a namespace of your own.",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": "Put the text into a narrative or into an element that takes text.",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_1": "Leave the content out.",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": "Write a value of that type: a date as 2026-11-27, a number without signs.",
}
_OTHER_REMEDY = "See the page of this element in the standard."


class Judge:
    """What a file's schema says, of one child of the root after the other and of the shell in the end."""

    def __init__(self, edition: Edition, root: Any, problems: Problems) -> None:
        self._schema = edition.schema(root.tag)
        self._shell_schema = edition.shell_schema(root.tag)
        self._told = TOLD[root.tag]
        self._problems = problems
        self._root_line = line_of(root)
        self._root = (root.tag, dict(root.attrib), dict(root.nsmap))
        self._runs: list[tuple[str, int]] = []

    def piece(self, child: Any) -> bool:
        """Judge a child of the root by itself; says whether it is what its schema asks for."""
        self._note_run(str(child.tag), line_of(child))
        if child.tag != self._told:
            return self._extension(child)
        if self._schema.validate(child):
            return True
        for error in self._schema.error_log:
            self._tell(error, _line(error, child))
        return False

    def shell(self, stray: list[tuple[int, str]]) -> None:
        """Judge the root: its attributes, the order of its children, and text between them."""
        tag, attributes, namespaces = self._root
        shell = etree.Element(tag, attributes, nsmap=namespaces)
        for name, _line in self._runs:
            etree.SubElement(shell, name)
        for line, text in stray:
            self._problems.add(
                Severity.CRITICAL, RULE, line, f"The text {text!r} stands between elements.", "Take it out."
            )
        if self._shell_schema.validate(shell):
            return
        for error in self._shell_schema.error_log:
            self._tell(error, self._line_in_shell(error))

    def _note_run(self, name: str, line: int) -> None:
        """Children of one name that follow each other count as one: the schema lets them be any number."""
        if (not self._runs or self._runs[-1][0] != name) and len(self._runs) < _MOST_RUNS:
            self._runs.append((name, line))

    def _extension(self, child: Any) -> bool:
        """What stands in a namespace of its own is judged where the schema knows what is in it, and only there."""
        if not str(child.tag).startswith("{"):
            return True  # the shell says that it must not be there
        wrapper = etree.Element(EXTENSION)
        wrapper.append(deepcopy(child))
        if self._schema.validate(wrapper):
            return True
        for error in self._schema.error_log:
            self._tell(error, line_of(child))
        return False

    def _line_in_shell(self, error: Any) -> int:
        """The shell was made here and has no lines: the first child of the name that an error is about has."""
        about = str(error.path or "").rpartition("/")[2].partition("[")
        index = int(about[2].rstrip("]")) if about[2].rstrip("]").isdecimal() else 1
        lines = [line for name, line in self._runs if etree.QName(name).localname == about[0].rpartition(":")[2]]
        return lines[index - 1] if 0 < index <= len(lines) else self._root_line

    def _tell(self, error: Any, line: int) -> None:
        remedy = _REMEDIES.get(str(error.type_name), _OTHER_REMEDY)
        self._problems.add(Severity.CRITICAL, RULE, line, str(error.message), remedy)


def _line(error: Any, child: Any) -> int:
    """libxml2's line where it counts, else that of the element its path leads to."""
    line = int(error.line or 0)
    if 0 < line < 65_535 and int(child.sourceline or 0) < 65_535:
        return line
    inside = str(error.path or "").removeprefix(f"/{child.tag}")
    try:
        found = child.xpath(f".{inside}") if inside else [child]
    except etree.XPathError:
        found = []
    return line_of(found[0]) if isinstance(found, list) and found else line
