"""A brief as a file: one module a format, each walking through the same sheet."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import override

from sympolis.office.synergies.brief.sheet import Sheet
from sympolis.office.synergies.enums import Format
from sympolis.office.synergies.formats.docx import as_docx
from sympolis.office.synergies.formats.html import as_html
from sympolis.office.synergies.formats.json import as_json
from sympolis.office.synergies.formats.markdown import as_markdown
from sympolis.office.synergies.formats.pdf import as_pdf

CONTENT_TYPES = {
    Format.PDF: "application/pdf",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.MARKDOWN: "text/markdown; charset=utf-8",
    Format.JSON: "application/json",
    Format.HTML: "text/html; charset=utf-8",
}
_WRITERS: dict[Format, Callable[[Sheet], bytes]] = {
    Format.PDF: as_pdf,
    Format.DOCX: as_docx,
    Format.MARKDOWN: as_markdown,
    Format.JSON: as_json,
    Format.HTML: as_html,
}


def rendered(sheet: Sheet, format_: Format) -> bytes:
    """The sheet as a file, in its own language whatever the reader's page is in."""
    with override(sheet.language):
        return _WRITERS[format_](sheet)
