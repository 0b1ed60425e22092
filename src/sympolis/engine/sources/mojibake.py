"""Texts that were UTF-8 and read as Windows-1252: ``donâ€™t`` back to ``don’t``.

Such text is found by its sequences: a letter that stands for a leading byte, then as many as that byte announces that
stand for following bytes. A sequence is put back only where it decodes, and a text only where it holds one that no
language writes.
"""

from __future__ import annotations

import re

_MOST_ROUNDS = 8


def _byte_of(letter: str) -> int | None:
    """The byte a letter stands for; bytes that Windows-1252 leaves open come through as control characters."""
    try:
        return letter.encode("cp1252")[0]
    except UnicodeEncodeError:
        return ord(letter) if ord(letter) < 0x100 else None


_LETTERS = {chr(byte): byte for byte in range(0x80, 0x100)} | {
    letter: byte
    for byte in range(0x80, 0x100)
    for letter in [bytes([byte]).decode("cp1252", "ignore")]
    if letter and _byte_of(letter) == byte
}
_FOLLOWING = "[" + "".join(re.escape(letter) for letter, byte in _LETTERS.items() if byte < 0xC0) + "]"


def _leading(first: int, last: int) -> str:
    return "[" + "".join(re.escape(letter) for letter, byte in _LETTERS.items() if first <= byte <= last) + "]"


# Each begins with one set of letters, and what that letter was is asked afterwards: so most of a text is passed over in
# a fraction of the time.
_SEQUENCE = re.compile(
    f"{_leading(0xC2, 0xF4)}(?:(?<={_leading(0xC2, 0xDF)}){_FOLLOWING}|(?<={_leading(0xE0, 0xEF)}){_FOLLOWING}{{2}}|"
    f"(?<={_leading(0xF0, 0xF4)}){_FOLLOWING}{{3}})"
)
# Sequences that no spelling or typography of a language we read can hold. "É»" can end a quotation, "Ã©" can not.
_TELLING = re.compile(
    f"[ÃÂâïðÐÑØÙ](?:(?<=[ÃÂ]){_FOLLOWING}|(?<=â){_FOLLOWING}{{2}}|(?<=ï)»¿|(?<=ð)Ÿ{_FOLLOWING}{{2}}|"
    f"(?<=[ÐÑØÙ]){_FOLLOWING}[ÐÑØÙ]{_FOLLOWING})"
)
_CUT_OFF = re.compile(r"(?:â€?|Ã|Â)$")
_END = 3  # as much as can be cut off, and a line's end


def repair(text: str) -> str:
    """The text as it was written; unchanged where it is not mojibake. Idempotent. Twice-read text is put back twice."""
    for _ in range(_MOST_ROUNDS):
        if text.isascii() or not _TELLING.search(text):
            return text
        mended = _SEQUENCE.sub(_put_back, text[:-_END] + _CUT_OFF.sub("", text[-_END:]))
        if mended == text:
            return text
        text = mended
    return text


def _put_back(found: re.Match[str]) -> str:
    try:
        return bytes([_LETTERS[letter] for letter in found[0]]).decode("utf-8")
    except UnicodeDecodeError:
        return found[0]
