"""A tagged PDF (PDF/UA-1) or a picture out of a layout and data, set by typst.

Text goes in as data and is never read as markup.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from sympolis.office.core.fonts import font_folders


def typeset(layout: bytes, name: str, data: Mapping[str, Any], logo: bytes | None, on: date) -> bytes:
    """``layout`` reads its data from the JSON file called ``name``, and ``logo.png`` where there is one.

    It is dated ``on``, not now: what is made again is the same file.
    """
    import typst  # a tenth of a second, which a process that sets nothing saves

    inputs: dict[str, bytes] = {"main.typ": layout, name: json.dumps(data).encode()}
    if logo is not None:
        inputs["logo.png"] = logo
    made: object = typst.compile(
        inputs,  # type: ignore[call-overload]  # several files by name: its annotations know one
        format="pdf",
        font_paths=[str(folder) for folder in font_folders()],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int(datetime.combine(on, time(), UTC).timestamp()),
    )
    assert isinstance(made, bytes)
    return made


def picture_of(layout: bytes, name: str, data: Mapping[str, Any]) -> bytes:
    """The first page of a layout as a PNG, two dots a point."""
    import typst  # as above

    made: object = typst.compile(
        {"main.typ": layout, name: json.dumps(data).encode()},  # type: ignore[call-overload]  # its stubs know no files in memory
        format="png",
        ppi=144,
        font_paths=[str(folder) for folder in font_folders()],
        ignore_system_fonts=True,
    )
    assert isinstance(made, bytes)
    return made


def printable(text: str) -> str:
    """Without the control characters XML 1.0 forbids."""
    return "".join(char for char in text if char in "\t\n" or (ord(char) >= 32 and not 0xFFFE <= ord(char) <= 0xFFFF))
