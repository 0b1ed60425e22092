"""What a line or an action rests on, on its public page: "public/_rests_on.html" shows it."""

from __future__ import annotations

from typing import Any

from sympolis.office.core.queries import Reader
from sympolis.office.planning.tracing.queries import voices_behind


def with_voices(user: Reader, plans: list[Any]) -> None:
    """Give plans, and the actions listed with each, ``voices``: what was said that they rest on. One question."""
    actions = [action for plan in plans for action in getattr(plan, "listed_actions", [])]
    found = voices_behind(user, plans, actions)
    for one in (*plans, *actions):
        one.voices = found.get(one.public_id)
