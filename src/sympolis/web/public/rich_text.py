"""Rich text on a page: its HTML, and the language it is in where that is another than the page's."""

from __future__ import annotations

from typing import Any

from sympolis.office.core.rich import rich_html
from sympolis.office.core.texts import Text


def shown_rich(text: Text, language: str) -> dict[str, Any] | None:
    """What ``public/_rich.html`` draws; None where nothing was written."""
    if not text:
        return None
    written = text.best(language)
    return {"html": rich_html(written.text), "written": written, "is_other": written.language != language}
