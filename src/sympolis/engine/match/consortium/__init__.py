"""A consortium for a call: partners that satisfy its rules, cover what it asks for and are spread over regions."""

from .asked import asked_of
from .build import LARGEST, USUAL_SIZE, build_consortium
from .details import MISSING, REASONS, RULES
from .records import Asked, Candidate, Consortium, Options, Outcome

__all__ = [
    "LARGEST",
    "MISSING",
    "REASONS",
    "RULES",
    "USUAL_SIZE",
    "Asked",
    "Candidate",
    "Consortium",
    "Options",
    "Outcome",
    "asked_of",
    "build_consortium",
]
