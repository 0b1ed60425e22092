"""Whether an alliance lives: what it consists of, its last evidence, and that nobody but the office is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.events.models import Event
from sympolis.office.synergies.models import Meeting
from sympolis.web.public.dormancy import lives_of
from tests.cast import Cast
from tests.factories import make_organisation, make_project, make_relation
from tests.web.public.test_as_of import dates, page

ON = "?on=2026-06-01"


@pytest.fixture
def network(cast: Cast) -> Organisation:
    return make_organisation("MedCities", kind="city-network")


def ally(network: Organisation, name: str, **fields: Any) -> Organisation:
    made = make_organisation(name, kind="bank")
    make_relation(network, "partner_of", made, **fields)
    return made


def held(network: Organisation, other: Organisation, day: date, **fields: Any) -> Event:
    event = Event.objects.create(title=Text.of(en="Assembly"), start_earliest=day, start_latest=day, **fields)
    event.organisers.set([network, other])
    return event


def met(network: Organisation, other: Organisation, day: date) -> None:
    meeting = Meeting.objects.create(title=Text.of(en="Call"), kind="other", starts_earliest=day, starts_latest=day)
    meeting.organisations.set([network, other])


def told(cast: Cast, network: Organisation, query: str = ON) -> dict[str, tuple[list[str], str, bool]]:
    shown = cast.client("officer").get(page("alliances", network) + query).context["allies"]
    return {
        str(one.organisation): (
            [str(kind) for kind in life.kinds], str(life.last.day) if life.last else "", life.is_dormant,
        )
        for one, life in shown
    }  # fmt: skip


def test_what_it_consists_of_and_the_last_that_shows_it(cast: Cast, network: Organisation) -> None:
    ally(network, "Old words", **dates(since="2004"))
    ally(network, "No date")
    ally(network, "Attested", attested_on=date(2025, 1, 1))
    project = ally(network, "Project over")
    make_project("Over", network, project, start_earliest=date(2019, 1, 1), end_latest=date(2024, 5, 31))
    going_on = ally(network, "Project goes on")
    make_project("Goes on", network, going_on, stage="ongoing", start_earliest=date(2010, 1, 1))
    event = ally(network, "Event")
    held(network, event, date(2024, 6, 3))
    held(network, event, date(2027, 1, 1))
    example = ally(network, "Example of an event")
    held(network, example, date(2026, 1, 1), illustrative=True)
    met(network, ally(network, "Meeting"), date(2025, 2, 3))
    seat = make_organisation("With a seat", kind="city-network")
    make_relation(
        network, "sits_on", make_organisation("Hub", kind="body", parent=seat), **dates(since="2020", until="2030")
    )
    assert told(cast, network) == {
        "Attested": (["information"], "2025-01-01", False),
        "Event": (["information", "a joint event"], "2024-06-03", False),
        "Example of an event": (["information"], "", True),
        "Meeting": (["information"], "2025-02-03", False),
        "No date": (["information"], "", True),
        "Old words": (["information"], "2004-12-31", True),
        "Project goes on": (["information", "a joint project"], "2026-06-01", False),
        "Project over": (["information", "a joint project"], "2024-05-31", True),
        "With a seat": (["a seat"], "2020-12-31", True),
    }


@pytest.mark.parametrize("who", ["visitor", "outsider", "participant", "contact"])
def test_nobody_else_is_told(cast: Cast, network: Organisation, who: str) -> None:
    ally(network, "Asleep", **dates(since="2004"))
    officer, other = (cast.client(each).get(page("alliances", network)) for each in ("officer", who))
    assert "Dormant" in officer.text
    assert "Asleep" in other.text
    assert [life for _ally, life in other.context["allies"]] == [None]
    for words in ("Dormant", "Last evidence", "It consists of", "Only the office"):
        assert words not in other.text
    if who != "visitor":
        with pytest.raises(PermissionDenied):
            lives_of(getattr(cast, who), network, [], date(2026, 1, 1))


def test_few_queries_whatever_the_data(cast: Cast, network: Organisation) -> None:
    counts = []
    for size in (1, 10):
        for number in range(size):
            one = ally(network, f"Ally {size} {number}", **dates(since="2020"))
            make_project(f"Project {number}", network, one)
            held(network, one, date(2024, 1, 1))
            met(network, one, date(2024, 1, 1))
        client = cast.client("officer")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page("alliances", network)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 12, "\n".join(query["sql"][:200] for query in queries)
