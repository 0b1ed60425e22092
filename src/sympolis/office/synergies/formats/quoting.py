"""Passages as files may hold them, between the quotation marks of their language, whatever that of the brief."""

_MARKS = {"en": ("“", "”"), "ca": ("«", "»"), "es": ("«", "»"), "fr": ("«\u00a0", "\u00a0»"), "ar": ("«", "»")}


def quoted(passage: str, language: str) -> str:
    opening, closing = _MARKS.get(language, _MARKS["en"])
    return f"{opening}{passage}{closing}"


def printable(text: str) -> str:
    """Without the control characters XML 1.0 forbids."""
    return "".join(char for char in text if char in "\t\n" or (ord(char) >= 32 and not 0xFFFE <= ord(char) <= 0xFFFF))
