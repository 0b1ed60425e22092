"""Where contributions and actions are: tagged by hand and by what words name, drawn as a heat map and on a map."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sympolis.office.core.texts import Text
from sympolis.office.planning.models import Action, Contribution, Plan, Session
from sympolis.office.planning.sessions.actions import Said, keep_session, note_down
from sympolis.office.planning.tracing.heat import heat_map
from sympolis.office.planning.tracing.places import (
    Tagged,
    proposals_for,
    tag_contributions,
    untag_contributions,
)
from tests.cast import Cast
from tests.web.test_tracing import publish


@pytest.fixture
def plan(cast: Cast) -> Plan:
    cache.clear()  # of the towns that another test's office knew
    return Plan.objects.create(organisation=cast.amb, title=Text.of(en="Our plan"), kind="plan")


@pytest.fixture
def session(cast: Cast, plan: Plan) -> Session:
    return keep_session(Session(organisation=cast.amb, plan=plan, title=Text.of(en="First session")))


def put_in(cast: Cast, session: Session, *texts: str) -> list[Contribution]:
    return note_down(cast.officer, session, [Said(f"client-{text[:20]}", text) for text in texts])


def address(plan: Plan, name: str, **more: str) -> str:
    return reverse(f"public:{name}", kwargs={"slug": plan.slug, "public_id": plan.public_id, **more})


class TestTagging:
    def test_proposed_by_what_words_name_and_kept_when_taken(self, cast: Cast, session: Session) -> None:
        [one, other] = put_in(cast, session, "Sfax reuses water: let us learn from North Africa", "We need money")
        proposal = proposals_for(cast.officer, [one, other])[one.pk]
        assert (proposal.places.countries, proposal.places.regions, proposal.places.towns) == (
            ("TN",), ("015",), ("Sfax",),
        )  # fmt: skip
        assert "water" in proposal.themes
        assert tag_contributions(cast.officer, [one, other], Tagged(named=True)) == 2 - (not other.themes)
        one.refresh_from_db()
        assert (one.countries, one.regions, one.place) == (("TN",), ("015",), "Sfax")
        assert one.history.first().history_user == cast.officer
        assert one.pk not in proposals_for(cast.officer, [one])

    def test_by_hand_besides_what_is_there_each_once(self, cast: Cast, session: Session) -> None:
        [one] = put_in(cast, session, "Something")
        tag_contributions(cast.officer, [one], Tagged(countries=("MA",), place="Rabat;  Fes "))
        tag_contributions(cast.officer, [one], Tagged(("water",), ("MA", "TN"), ("015",), "rabat; Sfax"))
        one.refresh_from_db()
        assert (one.themes, one.countries, one.regions) == (("water",), ("MA", "TN"), ("015",))
        assert one.place == "Rabat; Fes; Sfax"
        assert untag_contributions(cast.officer, [one]) == 1
        one.refresh_from_db()
        assert (one.themes, one.countries, one.regions, one.place) == (("water",), (), (), "")

    @pytest.mark.parametrize("who", ["contact", "participant", "outsider"])
    def test_officers_alone(self, cast: Cast, session: Session, who: str) -> None:
        said = put_in(cast, session, "Sfax")
        with pytest.raises(PermissionDenied):
            tag_contributions(getattr(cast, who), said, Tagged(named=True))
        with pytest.raises(PermissionDenied):
            untag_contributions(getattr(cast, who), said)

    def test_on_the_workbench(self, cast: Cast, plan: Plan, session: Session) -> None:
        one, other = put_in(cast, session, "Sfax <b>and</b> its port", "Else")
        client, bench = cast.client("officer"), f"/en/office/workbench/{plan.public_id}/"
        page = client.get(bench).content.decode()
        assert "its words name" in page
        assert "Sfax · Tunisia" in page
        client.post(f"{bench}put/", {"said": [one.public_id], "named": "on", "region": "039", "countries": "Morocco"})
        one.refresh_from_db()
        assert (one.countries, one.regions, one.place) == (("MA", "TN"), ("039",), "Sfax")
        assert other.public_id in client.get(bench, {"where": "none"}).content.decode()
        assert one.public_id not in client.get(bench, {"where": "none"}).content.decode()
        assert one.public_id in client.get(bench, {"where": "015"}).content.decode()
        assert other.public_id not in client.get(bench, {"where": "015"}).content.decode()
        wrong = client.post(f"{bench}put/", {"said": [one.public_id], "countries": "Atlantis"})
        assert wrong.status_code == 422
        assert "Atlantis" in wrong.content.decode()
        client.post(f"{bench}put/", {"said": [one.public_id], "nowhere": "on"})
        one.refresh_from_db()
        assert (one.countries, one.regions, one.place) == ((), (), "")


class TestHeat:
    def test_counted_once_in_all_and_in_each_of_its_places(self, cast: Cast, plan: Plan, session: Session) -> None:
        one, other, _third = put_in(cast, session, "One", "Other", "Third")
        tag_contributions(cast.officer, [one], Tagged(("water", "climate"), ("TN", "MA")))
        tag_contributions(cast.officer, [other], Tagged(("water",), ("TN",), ("039",)))
        actions = [
            Action.objects.create(plan=plan, title=Text.of(en="Deed"), themes=("water",), countries=("TN",)),
            Action.objects.create(plan=plan, title=Text.of(en="Else"), themes=("mobility",), regions=("155",)),
        ]
        heat = heat_map(cast.officer, plan, actions)
        assert (heat.contributions, heat.actions) == (3, 2)
        assert dict(heat.asked) == {
            ("water", "015"): 2, ("climate", "015"): 1, ("water", "039"): 1, ("", ""): 1,
        }  # fmt: skip
        assert dict(heat.done) == {("water", "015"): 1, ("mobility", "155"): 1}
        assert heat.gaps == [("climate", "015"), ("water", "039")]
        assert heat.themes == ["water", "climate", "mobility", ""]
        assert heat.regions == ["015", "039", "155", ""]
        assert (heat.most, heat.without_place) == (2, 1)

    def test_everybody_reads_what_is_published_alone(self, cast: Cast, plan: Plan, session: Session) -> None:
        [one] = put_in(cast, session, "One")
        tag_contributions(cast.officer, [one], Tagged(("water",), ("TN",)))
        hidden = Plan.objects.create(
            organisation=cast.amb, parent=plan, title=Text.of(en="Secret"), visibility="office"
        )
        secret = keep_session(Session(organisation=cast.amb, plan=hidden, title=Text.of(en="Secret session")))
        [two] = put_in(cast, secret, "Two")
        tag_contributions(cast.officer, [two], Tagged(("housing",), ("FR",)))
        at = address(plan, "plan_by", way="heat")
        for who in ("visitor", "outsider", "participant", "contact"):
            page = cast.client(who).get(at).content.decode()
            assert "Nothing of what was said" in page, who
        assert "Northern Africa" in cast.client("officer").get(at).content.decode()
        publish(cast, session, decisions=False)
        publish(cast, secret, decisions=False)
        for who in ("visitor", "outsider", "participant", "contact"):
            page = cast.client(who).get(at).content.decode()
            assert "Northern Africa" in page, who
            assert "Western Europe" not in page, who
            assert "<li>Water and sanitation · Northern Africa" in page or "· Northern Africa <span" in page

    def test_few_questions_however_much_was_said(self, cast: Cast, plan: Plan, session: Session) -> None:
        client, asked = cast.client("officer"), []
        for size in (3, 200):
            said = put_in(cast, session, *(f"Said {size} {number}" for number in range(size)))
            tag_contributions(cast.officer, said, Tagged(("water",), ("TN",)))
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address(plan, "plan_by", way="heat")).status_code == 200
            asked.append(len(queries))
        assert asked[1] <= asked[0] <= 12


class TestMap:
    def test_a_point_for_each_place_with_how_many(self, cast: Cast, plan: Plan) -> None:
        for number, countries in enumerate((("TN",), ("TN", "MA"), ("ZZ",))):
            Action.objects.create(plan=plan, title=Text.of(en=f"Deed {number}"), countries=countries)
        Action.objects.create(plan=plan, title=Text.of(en="Far"), regions=("015",))
        Action.objects.create(plan=plan, title=Text.of(en="Own"), countries=("FR",), visibility="office")
        said: Any = cast.client("visitor").get(address(plan, "plan_map")).json()
        points = {one["properties"]["name"]: one for one in said["features"]}
        assert {name: one["properties"]["note"] for name, one in points.items()} == {
            "Tunisia": "2 actions", "Morocco": "1 action", "Northern Africa": "1 action",
        }  # fmt: skip
        assert points["Tunisia"]["geometry"]["coordinates"] == [10.2, 36.8]
        page = cast.client("visitor").get(address(plan, "plan_by", way="places")).content.decode()
        assert 'id="place-TN"' in page
        assert points["Tunisia"]["properties"]["url"].endswith("/by/places/#place-TN")
        assert "France" in str(cast.client("officer").get(address(plan, "plan_map")).json())
