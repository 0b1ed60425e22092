"""What a spreadsheet would run: text that begins like a formula, as others may have written it to us."""

from __future__ import annotations

import re

_RUN = re.compile(r"[=+\-@\t\r]")
_NEGATIVE = re.compile(r"-\d+([.,]\d+)?")


def harmless(text: str) -> str:
    """A text for a cell of CSV: one that a spreadsheet would run gets an apostrophe before it.

    Source: OWASP, *CSV Injection*. A negative number is no formula and stays as it is.
    """
    return f"'{text}" if _RUN.match(text) and not _NEGATIVE.fullmatch(text) else text
