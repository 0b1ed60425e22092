"""A brief as a file: one module a format, each walking through the same sheet."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from django.utils.translation import override

from sympolis.office.synergies.brief.sheet import Sheet
from sympolis.office.synergies.enums import Format

CONTENT_TYPES = {
    Format.PDF: "application/pdf",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.MARKDOWN: "text/markdown; charset=utf-8",
    Format.JSON: "application/json",
    Format.HTML: "text/html; charset=utf-8",
}
# Loaded when a file is asked for: what writes Word and PDF is a fifth of a web process's start.
_WRITERS = {
    Format.PDF: "pdf:as_pdf",
    Format.DOCX: "docx:as_docx",
    Format.MARKDOWN: "markdown:as_markdown",
    Format.JSON: "json:as_json",
    Format.HTML: "html:as_html",
}


def rendered(sheet: Sheet, format_: Format) -> bytes:
    """The sheet as a file, in its own language whatever the reader's page is in."""
    with override(sheet.language):
        return _writer(format_)(sheet)


def _writer(format_: Format) -> Callable[[Sheet], bytes]:
    module, name = _WRITERS[format_].split(":")
    found: Callable[[Sheet], bytes] = getattr(import_module(f"{__name__}.{module}"), name)
    return found
