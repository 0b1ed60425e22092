"""What an officer may ask for: which features count, and a problem in any language or a theme."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from sympolis.engine.texts import vocabulary
from sympolis.office.synergies.peers.likeness import FEATURES

LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen; a feature or theme that is none is not there, and no feature at all means all of them."""

    features: tuple[str, ...] = ()
    text: str = ""
    theme: str = ""

    @classmethod
    def of(cls, data: QueryDict) -> Choice:
        themes = {theme.code for theme in vocabulary.themes()}
        theme = data.get("theme", "")
        text = " ".join(data.get("q", "").replace("\x00", " ").split())[:LONGEST]
        asked = data.getlist("f")
        return cls(tuple(name for name in FEATURES if name in asked), text, theme if theme in themes else "")

    def problem(self, language: str) -> str:
        """The words that are looked for: one's own, else what the theme is called."""
        return self.text or (vocabulary.label("themes", self.theme, language) if self.theme else "")

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The same as the page is asked again."""
        words = (("q", self.text), ("theme", self.theme))
        return (*(pair for pair in words if pair[1]), *(("f", name) for name in self.features))

    def counts(self, feature: str) -> bool:
        return not self.features or feature in self.features
