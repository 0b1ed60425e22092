"""Files people hang on records: what they really are, whatever they are called. ``words.py`` reads them."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from PIL import Image

MOST_BYTES = 25 * 2**20

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
OFFICE_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}


class Refused(ValueError):
    """The file can't be taken in; the message says why and what to do."""

    def __init__(self, message: Any) -> None:
        super().__init__(str(message))
        self.message = message


def take_in(name: str, file: IO[bytes], size: int) -> str:
    """What a file is: one of TYPES. Raises Refused with a sentence for the one who sent it."""
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
    return kind


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
