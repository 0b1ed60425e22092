"""What the codes of the standard, and the words of its first versions, mean for us."""

from __future__ import annotations

import re
from types import MappingProxyType

from babel import Locale

from ...model import ParticipationRole, Stage

STAGES = MappingProxyType(
    {
        **dict.fromkeys(("1", "pipeline/identification", "pipeline", "planned"), Stage.PREPARING),
        **dict.fromkeys(("2", "implementation", "operational", "ongoing", "active"), Stage.ONGOING),
        # Finalisation: the work is done, the books are still open.
        **dict.fromkeys(("3", "4", "finalisation", "completion", "post-completion", "closed"), Stage.FINISHED),
        **dict.fromkeys(("5", "6", "cancelled", "suspended"), Stage.UNKNOWN),
    }
)
ROLES = MappingProxyType(
    {
        **dict.fromkeys(("1", "funding", "donor"), ParticipationRole.FUNDER),
        **dict.fromkeys(("2", "accountable"), ParticipationRole.ACCOUNTABLE),
        # It manages budget and direction for the one who pays: it answers for the activity.
        **dict.fromkeys(("3", "extending"), ParticipationRole.ACCOUNTABLE),
        **dict.fromkeys(("4", "implementing", "un-ocha-implementing-partner"), ParticipationRole.PARTNER),
    }
)
DATES = MappingProxyType(
    {
        **dict.fromkeys(("1", "start-planned"), ("start", 0)),
        **dict.fromkeys(("2", "start-actual", "start"), ("start", 1)),
        **dict.fromkeys(("3", "end-planned"), ("end", 0)),
        **dict.fromkeys(("4", "end-actual", "end", "completion"), ("end", 1)),
    }
)
"""Type -> which end, and how much it counts: what came about counts more than what was planned."""

KINDS = MappingProxyType(
    {
        **dict.fromkeys(("10", "government"), "national-agency"),
        **dict.fromkeys(("11", "local government"), "local"),
        **dict.fromkeys(("21", "22", "23", "24", "60", "international ngo", "national ngo", "regional ngo"), "ngo"),
        **dict.fromkeys(("foundation", "ngo"), "ngo"),
        **dict.fromkeys(("40", "multilateral"), "intergovernmental"),
        **dict.fromkeys(("70", "71", "72", "73", "private sector"), "company"),
        **dict.fromkeys(("80", "academic, training and research"), "research"),
    }
)
DAC = frozenset({"", "1", "2", "dac", "dac-3"})
GOALS = frozenset({"7", "8", "9"})
"""Vocabularies of sectors that are goals, targets and indicators of the 2030 Agenda."""
GOAL_TAGS = frozenset({"2", "3"})

COUNTRIES = frozenset(code for code in map(str, Locale("en").territories) if re.fullmatch("[A-WYZ][A-Z]|XK", code)) - {
    "EU", "EZ", "UN", "ZZ", "QO",
}  # fmt: skip
