"""What is kept of the pages of plans and sessions: after whatever writing, through whichever door, a page says what one
made anew says, to everybody who may read it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Department, Organisation
from sympolis.office.planning.models import (
    Action,
    Comment,
    Contribution,
    ContributionGroup,
    ContributionLink,
    Dot,
    Indicator,
    IndicatorValue,
    Milestone,
    PaperDots,
    PaperSheet,
    Participant,
    Plan,
    Process,
    Session,
    StateToken,
    Support,
)
from sympolis.office.planning.voices.actions import say, support
from sympolis.office.planning.voices.moderation import hide
from sympolis.web.public.plan_pages import SHOWN_WITH_LINES, WAYS
from tests.cast import Cast, let_in, let_read
from tests.factories import make_organisation

in_step = import_module("sympolis.office.planning.migrations._in_step")
_OF_A_LOOK = re.compile(r'name="(csrfmiddlewaretoken|client_id)" value="[^"]*"|nonce="[^"]*"|X-CSRFToken[^}]*')
KEPT_WAYS = [way for way in WAYS if way != "alignment"]


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """A plan with a line that has actions, words behind both, and a session that everybody reads."""
    top = Plan.objects.create(organisation=cast.amb, title=Text.of(en="Our plan"), kind="plan")
    Process.objects.create(plan=top, is_open=True)
    line = Plan.objects.create(organisation=cast.amb, parent=top, kind="line", title=Text.of(en="Water"), position=1)
    Plan.objects.create(organisation=cast.sfax, parent=top, kind="line", title=Text.of(en="Sfax"), visibility="office")
    for number in range(2):
        about = {"plan": top if number == 1 else line, "title": Text.of(en=f"Deed {number}"), "countries": ("TN",)}
        Action.objects.create(
            themes=("water",),
            sdgs=("6",),
            stated_progress=20 if number else None,
            department=_department(cast),
            **about,
        )
    deed = Action.objects.earliest("pk")
    deed.organisations.add(cast.sfax)
    deed.milestones.create(title=Text.of(en="Study"), due="2026-01-01")
    deed.indicators.create(title=Text.of(en="Trips"), baseline=0).values.create(year=2025, target=4, actual=1)
    Action.objects.create(plan=line, title=Text.of(en="Secret deed"), visibility="office", stated_progress=90)
    now = timezone.now()
    session = Session.objects.create(
        organisation=cast.amb, plan=top, title=Text.of(en="Session"), published_at=now, decisions_published_at=now
    )
    group = ContributionGroup.objects.create(session=session, name=Text.of(en="Rain"))
    by = Participant.objects.create(session=session, kind="council", token="t")
    for number, end in enumerate(({"line": line}, {"line": top}, {"action": deed})):
        one = Contribution.objects.create(
            session=session, group=group, participant=by, client_id=f"c{number}", text=f"Word {number}", kind="need",
            sequence=number, themes=("water",), countries=("TN",), outcome="taken",
        )  # fmt: skip
        ContributionLink.objects.create(contribution=one, **end)
    Dot.objects.create(participant=by, group=group, client_id="d")
    return top


def _department(cast: Cast) -> Department:
    return Department.objects.get_or_create(organisation=cast.amb, defaults={"name": Text.of(en="Roads")})[0]


def addresses(plan: Plan) -> dict[str, str]:
    own = {"slug": plan.slug, "public_id": plan.public_id}
    ways = {way: reverse("public:plan_by", kwargs={**own, "way": way}) for way in WAYS}
    public = {"plan": plan.get_absolute_url(), **ways, "widget": reverse("public:plan_widget", kwargs=own)}
    public |= {"line": plan.parts.get(kind="line", visibility="public").get_absolute_url()}
    return public | {"session": Session.objects.get().get_absolute_url()}


def some(pages: dict[str, str], *names: str) -> dict[str, str]:
    return {name: pages[name] for name in names}


def office_addresses(plan: Plan) -> dict[str, str]:
    own = {"public_id": plan.public_id}
    return {
        "workbench": reverse("staff:workbench", kwargs=own),
        "alignment": reverse("staff:plan_alignment", kwargs=own),
        "session of staff": reverse("staff:session", kwargs={"public_id": Session.objects.get().public_id}),
    }


def look(client: Client, pages: dict[str, str]) -> dict[str, str]:
    found = {}
    for name, at in pages.items():
        response = client.get(at)
        assert response.status_code in {200, 404}, (name, response.status_code)
        found[name] = _OF_A_LOOK.sub("", response.content.decode())
    return found


def forget() -> None:
    """What is kept of plans alone: what the engine has read stays."""
    store: Any = cache
    for key in [key for key in store._cache if "of-plans-" in key]:
        store._delete(key)


def rows(model: Any) -> Any:
    return model._default_manager.order_by("pk")[:1]


def first(model: Any, **changed: Any) -> Callable[[], Any]:
    """Past every action and signal of ours, as a repair from the command line would write."""
    return lambda: model._default_manager.filter(pk__in=list(rows(model).values_list("pk", flat=True))).update(
        **changed
    )


def gone(model: Any, **which: Any) -> Callable[[], Any]:
    return lambda: model._default_manager.filter(**which).order_by("-pk")[0].delete()


def writings() -> Iterator[Callable[[], Any]]:
    """Each changes what some page says; the later ones take away."""
    yield first(Action, title=Text.of(en="Renamed deed"))
    yield first(Action, status="late")
    yield first(Milestone, done_on="2026-02-02")
    yield first(IndicatorValue, actual=3)
    yield lambda: Action.objects.bulk_create(
        [Action(plan=Plan.objects.earliest("pk"), title=Text.of(en="New"), slug="n")]
    )
    yield lambda: Plan.objects.filter(title__en__text="Water").update(title=Text.of(en="Wells"))
    yield lambda: Organisation.objects.filter(name="Sfax").update(name="Sfaks")
    yield first(Department, name=Text.of(en="Bridges"))
    yield first(Contribution, text="Other words")
    yield first(ContributionGroup, name=Text.of(en="Floods"))
    yield first(Participant, kind="expert", speaks_for="A body")
    yield lambda: Dot.objects.create(
        participant=Participant.objects.get(), group=ContributionGroup.objects.get(), client_id="e"
    )
    yield lambda: PaperDots.objects.create(
        sheet=PaperSheet.objects.create(session=Session.objects.get(), kind="expert", people=2, client_id="p"),
        group=ContributionGroup.objects.get(), number=3,
    )  # fmt: skip
    yield first(PaperDots, number=5)
    yield first(Session, title=Text.of(en="Renamed session"))
    yield first(Contribution, taken_back=True)
    yield gone(ContributionLink)
    yield first(Session, decisions_published_at=None)
    yield gone(Dot)
    yield gone(Indicator)
    yield gone(Milestone)
    yield lambda: Action.organisations.through.objects.all().delete()
    yield first(Department, visibility="office")
    yield first(Action, visibility="office")
    yield gone(Action, visibility="public")
    yield lambda: Plan.objects.filter(parent__isnull=False).update(visibility="network")


def test_a_page_that_was_kept_says_what_one_made_anew_says(cast: Cast, plan: Plan) -> None:
    visitor, officer = cast.client("visitor"), cast.client("officer")
    public = some(addresses(plan), "plan", "time", "departments", "heat", "session")
    inner = some(addresses(plan) | office_addresses(plan), "goals", "workbench")
    before = look(visitor, public), look(officer, inner)
    for number, write in enumerate(writings()):
        write()
        after = look(visitor, public), look(officer, inner)
        forget()
        assert (look(visitor, public), look(officer, inner)) == after, number
        assert after != before, number  # it shows
        before = after


def test_everybody_gets_what_they_may_see_whoever_looked_first(cast: Cast, plan: Plan) -> None:
    let_in(cast, make_organisation("Network", slug="net", kind="network"))
    let_read(cast)
    Plan.objects.filter(visibility="office").update(visibility="network")
    everybody = [
        "administrator", "officer", "reader", "insider", "contact", "participant", "outsider", "visitor",
    ]  # fmt: skip
    pages, alone = some(addresses(plan), "plan", "line", "goals", "widget"), {}
    for who in everybody:
        forget()
        alone[who] = look(cast.client(who), pages)
    forget()
    for order in (everybody, everybody[::-1]):
        for who in order:
            assert look(cast.client(who), pages) == alone[who], who
    for who in ("insider", "contact", "participant", "outsider", "visitor"):
        assert "Secret deed" not in "".join(alone[who].values()), who
    assert "Secret deed" in alone["officer"]["goals"]
    assert "Sfax</bdi>" in alone["insider"]["widget"] + alone["insider"]["plan"]


@pytest.mark.parametrize("more", [0, SHOWN_WITH_LINES])
def test_what_is_kept_asks_nothing_of_actions(plan: Plan, more: int) -> None:
    Action.objects.bulk_create(
        Action(plan=plan, title=Text.of(en="More"), slug=f"m{n}", public_id=f"act_{n:012}") for n in range(more)
    )
    client, asked = Client(), {}
    for name, at in addresses(plan).items():
        client.get(at)
        with CaptureQueriesContext(connection) as queries:
            client.get(at)
        asked[name] = len([one for one in queries if '"planning_action' in one["sql"]])
    # supports and comments; what carries a plan is asked anew
    expected = {"plan": 0 if more else 1, "line": 1, "alignment": 4}
    assert asked == {name: expected.get(name, 0) for name in asked}


def test_supports_and_comments_show_at_once(cast: Cast, plan: Plan) -> None:
    deed, client, officer = Action.objects.earliest("pk"), Client(), cast.client("officer")
    at = plan.get_absolute_url()

    def said() -> tuple[str, str]:
        row = client.get(at).content.decode().partition(f"{deed.get_absolute_url()}#voices")[2]
        return re.findall(r"(\d+ supports?) · .*?(\d+ comments?)<", row)[0]

    assert said() == ("0 supports", "0 comments")
    support(cast.participant, deed)
    one = say(cast.participant, deed, "Well said", "m1")
    assert said() == ("1 support", "1 comment")
    on_it = say(cast.participant, plan, "Shady words", "m2")
    for reader in (client, officer, officer):
        assert "Shady words" in reader.get(at).content.decode()
    support(cast.contact, on_it)
    assert '<span class="count">1</span></button>' in officer.get(at).content.decode()
    hide(cast.officer, one, "Because")
    hide(cast.officer, on_it, "Because")
    assert said() == ("1 support", "0 comments")
    assert "Shady words" not in client.get(at).content.decode()
    for who in ("officer", "participant"):
        assert "Shady words" in cast.client(who).get(at).content.decode()
    assert "Shady words" not in cast.client("contact").get(at).content.decode()
    Support.objects.all().delete()
    assert said() == ("0 supports", "0 comments")
    assert Comment.objects.count() == 2


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reckons its tokens out of the rows")
@pytest.mark.parametrize("what", [in_step.PLANS, in_step.SAID])
def test_every_writing_has_a_token_of_its_own(cast: Cast, plan: Plan, what: str) -> None:
    def token() -> str:
        return StateToken.objects.get(pk=what).token

    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_is_written'")
        names = {name for (name,) in cursor.fetchall()}
    assert names == {name for name, _sql in in_step._triggers()}
    assert len(names) == 3 * sum(len(tables) for tables in in_step.TABLES.values()) - 2
    seen = {token()}
    write = first(Action, code="7") if what == in_step.PLANS else first(Contribution, table="7")
    for _turn in range(2):
        write()
        assert token() not in seen
        seen.add(token())
    with transaction.atomic():
        write()
        taken_back = token()
        transaction.set_rollback(True)
    write()
    assert token() not in {*seen, taken_back}
    before = token()
    Session.objects.update(sequence=9)
    about = {"session": Session.objects.get(), "kind": "need", "sequence": 9}
    grounds = StateToken.objects.get(pk=in_step.GROUNDS).token
    if what == in_step.PLANS:
        Contribution.objects.create(text="Said now", client_id="now", **about)
    assert StateToken.objects.get(pk=in_step.GROUNDS).token == grounds
    Organisation.objects.update(note="Nothing of a page")
    assert token() == before
