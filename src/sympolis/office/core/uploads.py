"""Files people hang on records: what they really are, whatever they are called, and the words in them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from lxml import etree  # type: ignore[import-untyped]
from PIL import Image

MOST_BYTES = 25 * 2**20
MOST_UNPACKED = 50 * 2**20
MOST_WORDS = 200_000  # characters kept for search
PIECE_BYTES = 2**16

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "png": "image/png",
    "jpg": "image/jpeg",
}
# Parts of the packed formats that hold what people wrote.
WORDS_IN = {
    "docx": r"word/(document|footnotes|header\d*|footer\d*)\.xml",
    "xlsx": r"xl/(sharedStrings|worksheets/sheet\d+)\.xml",
    "pptx": r"ppt/(slides|notesSlides)/\w+\.xml",
    "odt": r"content\.xml",
    "ods": r"content\.xml",
}
OFFICE_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}


class Refused(ValueError):
    """The file can't be taken in; the message says why and what to do."""

    def __init__(self, message: Any) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file is and the words in it."""

    kind: str
    text: str


def take_in(name: str, file: IO[bytes], size: int) -> Taken:
    """Look into a file. Raises Refused with a sentence for the one who sent it."""
    if size > MOST_BYTES:
        raise Refused(_("The file is larger than 25 MB. Send a smaller one, or give its web address."))
    if size == 0:
        raise Refused(_("The file is empty."))
    file.seek(0)
    content = file.read()
    file.seek(0)
    kind = sniff(PurePosixPath(name).suffix.lower().lstrip("."), content)
    if not kind:
        raise Refused(
            _("We take PDF, Word, Excel, PowerPoint, OpenDocument, CSV, plain text, PNG and JPEG. This file is none.")
        )
    return Taken(kind, words_of(kind, content)[:MOST_WORDS])


def sniff(ending: str, content: bytes) -> str:
    """What a file is by its content. Plain text has no mark of its own, so that its ending decides which it is."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        return _packed(content)
    if content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return _picture(content)
    if ending in {"csv", "txt"} and _is_text(content):
        return ending
    return ""


def _packed(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.namelist()
            if "mimetype" in parts and packed.getinfo("mimetype").file_size < 200:
                declared = packed.read("mimetype").decode("ascii", "replace").strip()
                return next((kind for kind, type_ in TYPES.items() if type_ == declared), "")
            return next((kind for part, kind in OFFICE_PARTS.items() if part in parts), "")
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError):
        return ""


def _picture(content: bytes) -> str:
    try:
        with Image.open(io.BytesIO(content), formats=["PNG", "JPEG"]) as image:
            kind = "png" if image.format == "PNG" else "jpg"
            image.verify()
    except Exception:  # a broken picture fails in as many ways as there are decoders
        return ""
    return kind


def _is_text(content: bytes) -> bool:
    return not re.search(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]", content)


def words_of(kind: str, content: bytes) -> str:
    """The words in a file, as far as they come easily: empty for pictures and PDF."""
    if kind in {"txt", "csv"}:
        text = _decoded(content)
        if kind == "txt":
            return text
        return "\n".join(" ".join(row) for row in csv.reader(io.StringIO(text.replace("\x00", "")), strict=False))
    if kind in WORDS_IN:
        return _packed_words(content, WORDS_IN[kind])
    return ""


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


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
