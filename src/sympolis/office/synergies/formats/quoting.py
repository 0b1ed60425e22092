"""Quotation marks, as each language writes them: those of the passage, whatever the language of the brief."""

_MARKS = {"en": ("“", "”"), "ca": ("«", "»"), "es": ("«", "»"), "fr": ("«\u00a0", "\u00a0»"), "ar": ("«", "»")}


def quoted(passage: str, language: str) -> str:
    opening, closing = _MARKS.get(language, _MARKS["en"])
    return f"{opening}{passage}{closing}"
