"""How the letters of a table are written, and what parts its columns, where nothing says so."""

from __future__ import annotations

import codecs
import csv
import re
from typing import BinaryIO

DELIMITERS = (",", ";", "\t", "|")
_CHUNK = 2**20
_SAMPLE = 100_000
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class NoTextError(ValueError):
    """These bytes are no text, or in letters we can't make out."""


def find_encoding(opened: BinaryIO) -> str:
    """The encoding of a text: UTF-8, UTF-16, else Windows-1252, Windows-1256 or Latin-1. Raises NoTextError.

    The whole is read in pieces; a letter cut off at the very end is forgiven. Decode it with ``errors="replace"``.
    """
    opened.seek(0)
    sample = opened.read(_SAMPLE)
    encoding = _wide(sample) or ("utf-8-sig" if _decodes(opened, "utf-8") else _eight_bits(opened, sample))
    seen = sample.decode(encoding, errors="replace")
    if len(_CONTROL.findall(seen)) > len(seen) / 1000:
        raise NoTextError("it holds bytes that are no text")
    return encoding


def _wide(sample: bytes) -> str:
    """Two bytes for a letter: said by a mark, else seen by the noughts of plain letters."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    half = len(sample) // 2
    for encoding, noughts in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        if half > 10 and noughts.count(0) > 0.7 * half and sample.count(0) < 1.2 * half:
            return encoding
    return ""


def _eight_bits(opened: BinaryIO, sample: bytes) -> str:
    """Western text has lone letters beyond ASCII, Arabic text whole words of them."""
    beyond = re.findall(rb"[\x80-\xff]+", sample)
    together = sum(len(run) for run in beyond if len(run) > 1)
    if together > 0.7 * sum(map(len, beyond)) and _decodes(opened, "cp1256"):
        return "cp1256"
    return "cp1252" if _decodes(opened, "cp1252") else "latin-1"


def _decodes(opened: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    opened.seek(0)
    try:
        while chunk := opened.read(_CHUNK):
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def find_delimiter(text: str) -> str:
    """The character that cuts the first lines of a text into the most columns, counted alike in each. A title above the
    headings is passed by where what follows is clearly a table."""
    lines = [line for line in text[:50_000].splitlines() if line.strip()][:20]
    for above in range(len(lines)):
        (like_the_first, columns), best = _evenest(lines[above:])
        if columns and (above == 0 or (like_the_first > 1 and columns > 2)):
            return best
    return ","


def _evenest(lines: list[str]) -> tuple[tuple[int, int], str]:
    best = max(DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))
    return _evenness(lines, best), best


def _evenness(lines: list[str], delimiter: str) -> tuple[int, int]:
    """How many lines are cut into as many columns as the first, and how many those are; nothing for one column."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return (0, 0)
    return (widths.count(widths[0]), widths[0]) if widths and widths[0] > 1 else (0, 0)
