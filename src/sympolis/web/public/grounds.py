"""What a line or an action rests on, on its public page: "public/_rests_on.html" shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympolis.office.core.queries import Reader
from sympolis.office.planning.tracing.queries import grounds_counted, grounds_of


def with_grounds(
    user: Reader, plans: Iterable[Any], actions: Iterable[Any] = (), counted: Iterable[Any] = ()
) -> None:  # fmt: skip
    """Give plans, the actions listed with each and others ``grounds``, what they rest on: one question; one more for
    ``counted``, of which a page says how much it is and leads to what."""
    counted, plans = list(counted), list(plans)
    actions = [*actions, *(action for plan in plans for action in getattr(plan, "listed_actions", []))]
    rest_on_some = True
    if counted:
        numbers = grounds_counted(user, [*counted, *plans])
        for one in counted:
            one.grounds = numbers.get(one.pk)
        rest_on_some = bool(actions) or any(plan.pk in numbers for plan in plans)
    found = grounds_of(user, plans, actions) if rest_on_some else {}
    for one in (*plans, *actions):
        one.grounds = found.get(one.public_id)
