"""A tagged PDF (PDF/UA-1) or a picture out of a layout and data, set by typst.

Text goes in as data and is never read as markup. Each file is made in a process of its own (``typesetter``): typst
keeps fonts and layouts of what it has set, 140 MB after two briefs, which a web process would hold on to for good.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from sympolis.office.core.fonts import font_folders

TYPESETTER = Path(__file__).with_name("typesetter.py")
SET_WITHIN_S = 120
PIXELS_PER_INCH = 144  # two dots a point


class TypesettingFailed(RuntimeError):
    """A layout of ours does not fit its data, or typst is not there: what it said."""


def typeset(layout: bytes, name: str, data: Mapping[str, Any], logo: bytes | None, on: date) -> bytes:
    """``layout`` reads its data from the JSON file called ``name``, and ``logo.png`` where there is one.

    It is dated ``on``, not now: what is made again is the same file. Raises TypesettingFailed.
    """
    inputs: dict[str, bytes] = {"main.typ": layout, name: json.dumps(data).encode()}
    if logo is not None:
        inputs["logo.png"] = logo
    made_at = int(datetime.combine(on, time(), UTC).timestamp())
    return _set(inputs, format="pdf", pdf_standards=["ua-1"], timestamp=made_at)


def picture_of(layout: bytes, name: str, data: Mapping[str, Any]) -> bytes:
    """The first page of a layout as a PNG. Raises TypesettingFailed."""
    return _set({"main.typ": layout, name: json.dumps(data).encode()}, format="png", ppi=PIXELS_PER_INCH)


def _set(files: Mapping[str, bytes], **options: Any) -> bytes:
    told = {
        "files": {name: base64.b64encode(content).decode("ascii") for name, content in files.items()},
        "options": {"font_paths": [str(folder) for folder in font_folders()], **options},
    }
    try:
        done = subprocess.run(  # noqa: S603 - our own file, told by its standard input
            [sys.executable, "-P", str(TYPESETTER)],
            input=json.dumps(told).encode(),
            capture_output=True,
            timeout=SET_WITHIN_S,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise TypesettingFailed(f"Nothing was set within {SET_WITHIN_S} seconds.") from late
    if done.returncode:
        raise TypesettingFailed(done.stderr.decode(errors="replace").strip() or f"It ended with {done.returncode}.")
    return done.stdout


def printable(text: str) -> str:
    """Without the control characters XML 1.0 forbids."""
    return "".join(char for char in text if char in "\t\n" or (ord(char) >= 32 and not 0xFFFE <= ord(char) <= 0xFFFF))
