"""A plan with an action whose supports and comments are open."""

from __future__ import annotations

import pytest

from sympolis.office.core.texts import Text
from sympolis.office.planning.models import Action, Plan, Process
from tests.cast import Cast


@pytest.fixture
def plan(cast: Cast) -> Plan:
    made = Plan.objects.create(organisation=cast.amb, title=Text.of(en="The plan", ca="El pla"), published_supports=3)
    Process.objects.create(plan=made, is_open=True)
    return made


@pytest.fixture
def action(plan: Plan) -> Action:
    line = Plan.objects.create(organisation=plan.organisation, parent=plan, kind="line", title=Text.of(en="A line"))
    return Action.objects.create(plan=line, title=Text.of(en="An action"))
