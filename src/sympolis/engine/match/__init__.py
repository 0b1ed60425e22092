"""What goes together and why: items with items, portfolios with portfolios, calls and members with both."""

from .at_large import match_index
from .calls import asked_items, fitting_calls
from .chance import CLEAR, HARDLY, beyond_chance, strength_among
from .eligibility import applicants_of, eligibility
from .features import DETAILS, FAIR, STRONG, strength_of
from .groups import shared_themes
from .items import LONGEST_TITLE, call_texts, item_texts, item_words
from .members import MemberFit, members_to_ask
from .need import weights
from .rank import match
from .synergies import synergies

__all__ = [
    "CLEAR",
    "DETAILS",
    "FAIR",
    "HARDLY",
    "LONGEST_TITLE",
    "STRONG",
    "MemberFit",
    "applicants_of",
    "asked_items",
    "beyond_chance",
    "call_texts",
    "eligibility",
    "fitting_calls",
    "item_texts",
    "item_words",
    "match",
    "match_index",
    "members_to_ask",
    "shared_themes",
    "strength_among",
    "strength_of",
    "synergies",
    "weights",
]
