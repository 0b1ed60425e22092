"""What goes together and why: items with items, portfolios with portfolios, calls and members with both."""

from .calls import fitting_calls
from .eligibility import applicants_of, eligibility
from .features import DETAILS, strength_of
from .groups import shared_themes
from .items import call_texts, item_texts
from .members import MemberFit, members_to_ask
from .rank import match
from .synergies import synergies

__all__ = [
    "DETAILS",
    "MemberFit",
    "applicants_of",
    "call_texts",
    "eligibility",
    "fitting_calls",
    "item_texts",
    "match",
    "members_to_ask",
    "shared_themes",
    "strength_of",
    "synergies",
]
