"""The words in a file, read by a process of its own that may take so much memory and time and no more.

Run as ``python -m sympolis.office.core.words KIND FILE``: the words come out on standard output. What other people
made is read by parsers in C and C++; whatever a file does to them, it does to that process alone.
"""

from __future__ import annotations

import csv
import io
import logging
import re
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

from lxml import etree

from sympolis.office.core.pdf_words import pdf_words

logger = logging.getLogger(__name__)

MOST_BYTES = 25 * 2**20  # what an upload may have
MOST_UNPACKED = 50 * 2**20
MOST_WORDS = 200_000  # characters kept for search
MOST_PAGES = 500
MOST_SECONDS = 30
MOST_MEMORY = 2**30
PIECE_BYTES = 2**16

# Parts of the packed formats that hold what people wrote.
WORDS_IN = {
    "docx": r"word/(document|footnotes|header\d*|footer\d*)\.xml",
    "xlsx": r"xl/(sharedStrings|worksheets/sheet\d+)\.xml",
    "pptx": r"ppt/(slides|notesSlides)/\w+\.xml",
    "odt": r"content\.xml",
    "ods": r"content\.xml",
}


def words_in(path: Path, kind: str) -> str:
    """The words in a file of this kind; none, and a line in the log, where it can't be read within the bounds."""
    command = [sys.executable, "-m", __name__, kind, str(path)]
    try:
        # twice the seconds of work, for a machine that is busy with others
        read = subprocess.run(command, capture_output=True, timeout=2 * MOST_SECONDS, check=True)  # noqa: S603
    except (subprocess.SubprocessError, OSError) as error:
        logger.warning("The words in %s could not be read: %s", path.name, type(error).__name__)
        return ""
    return read.stdout.decode("utf-8", "replace")[:MOST_WORDS]


def _main(kind: str, path: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no file; standard output is a pipe
    with Path(path).open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) <= MOST_BYTES:
        words = words_of(kind, content)[:MOST_WORDS].replace("\x00", "")
        sys.stdout.buffer.write(words.encode("utf-8", "replace"))


def words_of(kind: str, content: bytes) -> str:
    """The words in a file: none in a picture, nor in one that can't be read."""
    if kind in {"txt", "csv"}:
        text = _decoded(content)
        return _rows_as_words(text) if kind == "csv" else text
    if kind in WORDS_IN:
        return _packed_words(content, WORDS_IN[kind])
    return pdf_words(content, MOST_PAGES, MOST_WORDS) if kind == "pdf" else ""


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _rows_as_words(text: str) -> str:
    return "\n".join(" ".join(row) for row in csv.reader(io.StringIO(text.replace("\x00", "")), strict=False))


def _packed_words(content: bytes, pattern: str) -> str:
    """The text nodes of some parts, read piece by piece: a small file can hold a very large one, and a tree of it would
    take forty times its size. Stops at 50 MB unpacked, or when there are as many words as are kept."""
    words, left = _Words(), MOST_UNPACKED
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for part in sorted(packed.namelist()):
            if not re.fullmatch(pattern, part) or left <= 0 or words.length > MOST_WORDS:
                continue
            parser = etree.XMLParser(
                target=words, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
            )
            try:
                with packed.open(part) as opened:
                    while words.length <= MOST_WORDS and left > 0 and (piece := opened.read(min(left, PIECE_BYTES))):
                        left -= len(piece)
                        parser.feed(piece)
            except (etree.XMLSyntaxError, zipfile.BadZipFile, RuntimeError, OSError, ValueError):
                continue
            finally:
                words.end()
    return " ".join(words.found)


class _Words:
    """What an XML parser tells while it reads: the words between two marks belong together."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.length = 0
        self._pieces: list[str] = []

    def start(self, *_element: object) -> None:
        self.end()

    def end(self, *_element: object) -> None:
        if words := "".join(self._pieces).strip():
            self.found.append(words)
            self.length += len(words) + 1
        self._pieces.clear()

    def doctype(self, *_about: object) -> None:
        """No office program writes one; who does defines words that multiply."""
        raise ValueError

    def data(self, piece: str) -> None:
        self._pieces.append(piece)

    def close(self) -> None:
        self.end()


if __name__ == "__main__":
    _main(*sys.argv[1:])
