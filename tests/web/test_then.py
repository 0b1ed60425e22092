"""Lists asked as of a time, each where it is: the public page, the office's list and its files, the API."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from sympolis.engine.model import PartialDate
from sympolis.office.core.texts import Text
from sympolis.office.directory.enums import Renewal
from sympolis.office.directory.models import Agreement, Figure, MembershipFee, Organisation, Position, Relation
from sympolis.office.events.models import Event
from sympolis.office.planning.models import Action, Plan, Session
from sympolis.office.projects.models import Application, Call, Practice, Project
from sympolis.office.publishing.models import NewsItem, Page, Publication
from sympolis.office.synergies.models import Commitment, HelpRequest, Meeting
from sympolis.web.public.then import THEN
from sympolis.web.staff.records.documents import KIND_OF_NAME
from tests.cast import Cast
from tests.factories import make_project
from tests.web.public.test_as_of import dates

SPANS: dict[str, tuple[type[Any], str, str]] = {
    "relations": (Relation, "since", "until"), "agreements": (Agreement, "signed", "ends"),
    "projects": (Project, "start", "end"), "practices": (Practice, "start", "end"), "calls": (Call, "opens", "closes"),
    "plans": (Plan, "starts", "ends"), "actions": (Action, "starts", "ends"),
}  # fmt: skip
TAKING_PLACE = {
    "events": (Event, "start", "end"),
    "meetings": (Meeting, "starts", "ends"),
    "sessions": (Session, "starts", ""),
}
SAID = {"positions": (Position, "adopted"), "news": (NewsItem, "published"), "publications": (Publication, "published")}
BY_DAY = {
    "requests": (HelpRequest, "asked_on", date), "applications": (Application, "deadline_on", date),
    "site-pages": (Page, "published_at", datetime), "commitments": (Commitment, "due_earliest", date),
}  # fmt: skip
BY_YEAR = {"figures": Figure, "fees": MembershipFee}
PUBLIC = {"projects", "practices", "calls", "positions", "publications", "news", "plans"}
EXPECTED = {
    **{name: {"undated", "went on", "open"} for name in SPANS},
    **{name: {"undated", "went on"} for name in TAKING_PLACE},
    **{name: {"undated", "before", "went on", "open"} for name in SAID},
    **{name: {"before", "went on", "open"} for name in BY_DAY},
    "figures": {"undated", "before", "went on", "open"}, "fees": {"went on"},
}  # fmt: skip
WHEN = {"undated": ("", ""), "before": ("2010", "2012"), "went on": ("2019-03", "2019-11"), "open": ("2014", ""),
        "after": ("2021", "2023")}  # fmt: skip
YEARS = {"undated": None, "before": 2010, "went on": 2019, "open": 2014, "after": 2021}


@pytest.fixture
def rows(cast: Cast) -> dict[str, dict[str, str]]:
    """Of each list the ids of five rows, by what their dates are."""
    kept: dict[str, dict[str, str]] = {}
    for name in EXPECTED:
        kept[name] = {one.public_id: words for words in WHEN if (one := _row(cast, name, words))}
    return kept


def _row(cast: Cast, name: str, words: str) -> Any:
    begins, ends = (PartialDate.parse(day) if day else PartialDate() for day in WHEN[words])
    year = YEARS[words]
    if name in SPANS or name in TAKING_PLACE:
        model, first, last = (SPANS | TAKING_PLACE)[name]
        dates = {first: begins, **({last: ends} if last else {})}
    elif name in SAID:
        model, day = SAID[name]
        dates = {day: begins}
    elif name in BY_YEAR:
        if name == "fees" and year is None:
            return None
        model, dates = BY_YEAR[name], {"year": year}
    else:
        model, day, type_ = BY_DAY[name]
        on = begins.earliest
        dates = {day: on and (datetime(on.year, on.month, 2, tzinfo=UTC) if type_ is datetime else on)}
        if name == "requests" and on is None:
            return None
    record = model(visibility="public", **_needed(cast, model, words))
    for field, value in dates.items():
        setattr(record, field, value)
    record.save()
    return record


def _needed(cast: Cast, model: type[Any], words: str) -> dict[str, Any]:
    columns = {one.name for one in model._meta.concrete_fields}
    own: dict[str, Any] = {"title": Text.of(en=words)} if "title" in columns else {}
    if "organisation" in columns:
        own["organisation"] = cast.amb
    more = {
        Relation: {"from_organisation": cast.amb, "to_organisation": cast.sfax, "type": "partner_of", "role": words},
        Figure: {"what": words, "value": 7, "unit": "people"}, MembershipFee: {"network": cast.sfax, "amount": 100},
        Commitment: {"text": Text.of(en=words)}, Plan: {"kind": "plan"}, NewsItem: {"stage": "published"},
        Session: {"phase": "closed"},
    }  # fmt: skip
    return own | more.get(model, {})


def test_every_dated_list_takes_a_time(cast: Cast, rows: dict[str, dict[str, str]]) -> None:
    """2019 in the office's list, its file, and the API: no row that certainly was not so then, and none less."""
    assert set(EXPECTED) == set(THEN) - {"organisations", "posts"}
    officer = cast.client("officer")
    found: dict[str, dict[str, set[str]]] = {}
    for name, known in rows.items():
        address = f"/en/office/{name}/?on=2019&format="
        listed = csv.DictReader(io.StringIO(officer.get(f"{address}csv").content.decode("utf-8-sig")))
        as_json = json.loads(officer.get(f"{address}json").getvalue())
        asked = "due_by" if name in {"applications", "commitments"} else "as_of"
        told = officer.get(f"/api/v1/{name}?{asked}=2019&limit=200").json()["items"]
        for where, ids in (
            ("list", [one["id"] for one in listed]), ("json", [one["id"] for one in as_json]),
            ("api", [one["id"] for one in told]),
        ):  # fmt: skip
            found.setdefault(where, {})[name] = {known[one] for one in ids if one in known}
    assert found == {"list": EXPECTED, "json": EXPECTED, "api": EXPECTED}


def test_public_lists_take_it_and_their_filters_go_along(cast: Cast, rows: dict[str, dict[str, str]]) -> None:
    visitor = cast.client("visitor")
    for name in PUBLIC:
        answer = visitor.get(f"/en/{name}/?on=2019&q=e")
        page = answer.content.decode()
        shown = {words for public_id, words in rows[name].items() if f"-{public_id}/" in page}
        assert shown == {words for words in EXPECTED[name] if "e" in words}, name
        assert "As it was" in page
        assert '<input type="hidden" name="q" value="e">' in page
        assert all(f"-{public_id}/" in visitor.get(f"/en/{name}/").content.decode() for public_id in rows[name]), name


def test_a_project_is_as_far_as_it_was_then(cast: Cast) -> None:
    make_project("Trams", cast.amb, **dates(start="2018", end="2020"))
    visitor = cast.client("visitor")
    asked = {on: visitor.get(f"/en/projects/?stage=ongoing&on={on}").text for on in ("2019", "2022", "")}
    assert {on: "Trams" in page for on, page in asked.items()} == {"2019": True, "2022": False, "": False}
    assert '<span class="badge badge-ongoing">' in asked["2019"]


def test_an_agreement_holds_from_its_first_day_and_goes_on_by_itself(cast: Cast) -> None:
    def pact(title: str, **more: Any) -> None:
        agreement = Agreement(title=Text.of(en=title), kind="other", renewal=more.pop("renewal", ""))
        for name, written in more.items():
            setattr(agreement, name, PartialDate.parse(written))
        agreement.save()

    pact("Signed, not yet in force", signed="2018", in_force="2020")
    pact("In force, never signed", in_force="2018", ends="2019")
    pact("Goes on by itself", signed="2010", ends="2015", renewal=Renewal.AUTOMATIC)
    pact("Ended", signed="2010", ends="2015")
    items = cast.client("officer").get("/api/v1/agreements?as_of=2019").json()["items"]
    assert {one["title"]["en"] for one in items} == {"In force, never signed", "Goes on by itself"}


def test_map_and_entities_of_then(cast: Cast, rows: dict[str, dict[str, str]]) -> None:
    for city, latitude in ((cast.amb, 41.4), (cast.sfax, 34.7)):
        Organisation.objects.filter(pk=city.pk).update(latitude=latitude, longitude=10.8)
    visitor, known = cast.client("visitor"), rows["relations"]
    features = json.loads(visitor.get("/api/v1/map.geojson?what=relations&as_of=2019").getvalue())["features"]
    lines = visitor.get("/api/v1/entities.ftm.json?as_of=2019").getvalue().decode().splitlines()
    told = {json.loads(line)["id"].replace("-", "_", 1) for line in lines}
    assert {known[one["id"]] for one in features} == {known[one] for one in told & set(known)} == EXPECTED["relations"]
    assert visitor.get("/api/v1/map.geojson?as_of=soon").status_code == 422


def test_what_has_no_day_of_its_own_has_no_such_filter() -> None:
    assert set(KIND_OF_NAME) - set(THEN) == {"people", "departments", "needs", "documents"}
