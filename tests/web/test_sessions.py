"""A session from the first link to the published minutes: who may what, nothing lost, nothing twice, no names out."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from sympolis.office.core.texts import Text
from sympolis.office.core.tokens import hashed
from sympolis.office.planning.enums import Phase, SessionAudience
from sympolis.office.planning.models import Contribution, ContributionGroup, Dot, Participant, Session
from sympolis.office.planning.sessions.actions import (
    MOST_BY_ONE,
    Said,
    contribute,
    correct,
    join,
    keep_session,
    note_down,
    open_link,
    place_dot,
    set_phase,
    take_back,
    take_dot_back,
    take_groups,
    withdraw_link,
)
from sympolis.office.planning.sessions.errors import (
    LinkWithdrawn,
    NoDotLeft,
    NoPlaceLeft,
    NothingSaid,
    NotOpen,
    TooLong,
    TooMuch,
)
from sympolis.office.planning.sessions.minutes import (
    NoMinutes,
    approve_minutes,
    draft_minutes,
    keep_minutes,
    publish_minutes,
)
from sympolis.office.planning.sessions.queries import (
    changes_since,
    counts_of,
    participant_of,
    results_of,
    visible_contributions,
    visible_sessions,
)
from sympolis.office.synergies.models import Grouping
from sympolis.web.public.session_pages import MOST_SENT
from sympolis.web.public.session_said import finding
from tests.cast import Cast

SECRETS = ("Secret Name", "Secret Council", "SECRET-NOTE")


@pytest.fixture
def session(cast: Cast) -> Session:
    day = date(2026, 5, 4)
    made = Session(
        organisation=cast.amb, title=Text.of(en="First session", ca="Primera sessió"), place="Barcelona",
        starts_earliest=day, starts_latest=day, note="SECRET-NOTE", dots=3,
    )  # fmt: skip
    return keep_session(made)


@pytest.fixture
def come_in(cast: Cast, session: Session) -> Callable[..., tuple[Participant, str]]:
    def one(kind: str = "council", name: str = "Secret Name", speaks_for: str = "Secret Council") -> Any:
        link, _token = open_link(cast.officer, session, kind)
        return join(link, name, speaks_for)

    return one


def said(text: str, number: int = 1, kind: str = "need", table: str = "") -> Said:
    return Said(f"client-{number:04}", text, kind, table)


def address(name: str, public_id: str, **more: Any) -> str:
    with override("en"):
        return reverse(f"staff:{name}", kwargs={"public_id": public_id, **more})


def page_of(token: str, name: str = "session_in", **more: Any) -> str:
    with override("en"):
        return reverse(name, kwargs={"token": token, **more})


def one_line(response: Any) -> str:
    return " ".join(response.content.decode().split())


class TestPuttingIn:
    def test_once_however_often_it_is_sent(self, cast: Cast, session: Session, come_in: Any) -> None:
        somebody, _token = come_in()
        with pytest.raises(NotOpen):
            contribute(somebody, said("Too early"))
        set_phase(cast.officer, session, Phase.CONTRIBUTE)
        first = contribute(somebody, said("Reutilitzar  l'aigua \r\n dels parcs", table=" 3 \n"))
        assert contribute(somebody, said("Reutilitzar  l'aigua \r\n dels parcs")) == first
        assert (first.text, first.language, first.table) == ("Reutilitzar  l'aigua\n dels parcs", "ca", "3")
        assert (Contribution.objects.count(), first.sequence) == (1, 2)
        set_phase(cast.officer, session, Phase.CLOSED)
        assert contribute(somebody, said("Reutilitzar  l'aigua\n dels parcs")) == first  # a late retry
        with pytest.raises(NotOpen):
            contribute(somebody, said("Too late", 2))

    def test_other_words_under_the_same_id_are_not_lost(self, cast: Cast, session: Session, come_in: Any) -> None:
        """Who has no script goes back in the browser and writes again: the page has the id it had."""
        somebody, other = come_in()[0], come_in("expert")[0]
        set_phase(cast.officer, session, Phase.CONTRIBUTE)
        first = contribute(somebody, said("Shade"))
        again = [contribute(somebody, said("Water")) for _twice in range(2)]
        theirs = [contribute(other, said("Shade")) for _twice in range(2)]
        assert again == [again[0]] * 2
        assert theirs == [theirs[0]] * 2
        assert [(one.text, one.participant) for one in (first, again[0], theirs[0])] == [
            ("Shade", somebody), ("Water", somebody), ("Shade", other),
        ]  # fmt: skip
        correct(somebody, first, "Shade in squares", "need")
        assert contribute(somebody, said("Shade")) == first  # a retry of what was corrected since
        take_back(somebody, first)
        assert contribute(somebody, said("Shade")) == first  # what was taken back stays so
        noted = [note_down(cast.officer, session, [said(word, 9)])[0] for word in ("Paper", "Pen", "Paper")]
        assert [one.text for one in noted] == ["Paper", "Pen", "Paper"]
        assert noted[0] == noted[2]
        assert Contribution.objects.count() == 5

    def test_not_endlessly(self, cast: Cast, session: Session, come_in: Any) -> None:
        somebody, _token = come_in()
        set_phase(cast.officer, session, Phase.CONTRIBUTE)
        for text, refusal in (("  \n \x00", NothingSaid), ("x" * 2_001, TooLong)):
            with pytest.raises(refusal):
                contribute(somebody, said(text))
        for number in range(MOST_BY_ONE):
            contribute(somebody, said("Again", number))
        with pytest.raises(TooMuch):
            contribute(somebody, said("Once more", MOST_BY_ONE))

    def test_corrected_and_taken_back_by_who_said_it_alone(self, cast: Cast, session: Session, come_in: Any) -> None:
        somebody, _token = come_in()
        other, _token = come_in("expert")
        set_phase(cast.officer, session, Phase.CONTRIBUTE)
        mine = contribute(somebody, said("Watter"))
        with pytest.raises(Contribution.DoesNotExist):
            correct(other, mine, "Mine now", "need")
        with pytest.raises(Contribution.DoesNotExist):
            take_back(other, mine)
        changed = correct(somebody, mine, "Water", "idea")
        assert (changed.text, changed.kind, changed.sequence) == ("Water", "idea", 3)
        gone = take_back(somebody, mine)
        assert (gone.text, gone.taken_back, gone.sequence) == ("", True, 4)
        assert set(gone.history.values_list("text", flat=True)) == {""}
        assert list(visible_contributions(cast.officer)) == []

    def test_noted_down_by_an_officer_in_any_open_phase(self, cast: Cast, session: Session) -> None:
        made = note_down(cast.officer, session, [said("Paper one"), said("Paper two", 2)])
        assert note_down(cast.officer, session, [said("Paper one")]) == made[:1]
        assert [(one.noted_by, one.participant) for one in made] == [(cast.officer, None)] * 2
        with pytest.raises(NothingSaid):
            note_down(cast.officer, session, [said("Fine", 3), said("", 4)])
        assert Contribution.objects.count() == 2
        with pytest.raises(PermissionDenied):
            note_down(cast.contact, session, [said("Mine", 5)])

    def test_what_changed_since_a_number(self, cast: Cast, session: Session, come_in: Any) -> None:
        somebody, _token = come_in()
        set_phase(cast.officer, session, Phase.CONTRIBUTE)
        one, two = contribute(somebody, said("One")), contribute(somebody, said("Two", 2))
        assert list(changes_since(session.pk, 0)) == [one, two]
        correct(somebody, one, "One and a half", "need")
        assert list(changes_since(session.pk, two.sequence)) == [one]

    def test_editing_the_session_meanwhile_does_not_turn_its_clock_back(
        self, cast: Cast, session: Session, come_in: Any
    ) -> None:
        stale = Session.objects.get(pk=session.pk)
        somebody, _token = come_in()
        set_phase(cast.officer, session, Phase.CONTRIBUTE)
        contribute(somebody, said("One"))
        stale.phase = Phase.CONTRIBUTE
        stale.place = "Sants"
        keep_session(stale)
        assert contribute(somebody, said("Two", 2)).sequence == 3


class TestLinks:
    def test_places_and_closing(self, cast: Cast, session: Session) -> None:
        link, token = open_link(cast.officer, session, "expert", places=1)
        assert token not in str(vars(link))
        made, own = join(link, " An \n Expert ", "")
        assert (made.name, made.speaks_for, made.kind) == ("An Expert", "", "expert")
        assert participant_of(own) == made
        with pytest.raises(NoPlaceLeft):
            join(link, "", "Another")
        withdraw_link(cast.officer, link)
        closed = Client().get(page_of(token, "session_join"))
        assert (closed.status_code, "Nobody comes in by it any more." in one_line(closed)) == (410, True)
        assert str(session.title) not in closed.content.decode()
        assert Client().post(page_of(token, "session_join"), {"speaks_for": "Late"}).status_code == 410
        link.refresh_from_db()
        with pytest.raises(LinkWithdrawn):
            join(link, "", "Late")
        assert Client().get(page_of(own)).status_code == 200
        with pytest.raises(PermissionDenied):
            open_link(cast.contact, session, "expert")

    def test_who_cannot_come_in_is_told_before_filling_anything_in(self, cast: Cast, session: Session) -> None:
        _link, token = open_link(cast.officer, session, "expert")
        page = page_of(token, "session_join")
        cases = (
            (SessionAudience.INVITED, Phase.CONTRIBUTE, 403, "Only who is invited by mail comes into this session."),
            (SessionAudience.ORGANISATIONS, Phase.CONTRIBUTE, 403, f'href="/en/account/login/?next={page}"'),
            (SessionAudience.LINK, Phase.CLOSED, 410, "This session is closed: nobody comes in any more."),
        )
        for audience, phase, status, said in cases:
            session.audience = audience
            set_phase(cast.officer, keep_session(session), phase)
            shown = Client().get(page)
            assert (shown.status_code, said in one_line(shown)) == (status, True)
            assert 'name="speaks_for"' not in shown.content.decode()
        session.refresh_from_db()
        set_phase(cast.officer, session, Phase.PREPARED)
        asked = one_line(Client().get(page)).partition('for="id_speaks_for"')[2].partition("</label>")[0]
        assert "(if you like)" not in asked  # one of two has to be said

    def test_coming_in_and_coming_back(self, cast: Cast, session: Session) -> None:
        _link, token = open_link(cast.officer, session, "council")
        visitor, join_page = Client(), page_of(token, "session_join")
        assert "First session" in one_line(visitor.get(join_page))
        refused = visitor.post(join_page, {"name": "Ana"})
        assert (refused.status_code, "Say whom you speak for" in one_line(refused)) == (400, True)
        answer = visitor.post(join_page, {"speaks_for": "Sant Cugat", "name": "Ana"})
        assert answer.status_code == 302
        cookie = visitor.cookies[f"session-{session.pk}"]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
        assert visitor.get(join_page)["Location"] == answer["Location"]
        assert Participant.objects.get().speaks_for == "Sant Cugat"
        Client().post(join_page, {"for_myself": "on", "speaks_for": "left over"})
        assert Participant.objects.latest("pk").speaks_for == ""


class TestTheirPage:
    def test_plain_forms_work_and_nobody_else_is_named(self, cast: Cast, session: Session, come_in: Any) -> None:
        _secret, _token = come_in()
        somebody, token = come_in("expert", "Me", "")
        set_phase(cast.officer, session, Phase.CONTRIBUTE)
        contribute(_secret, said("From the other table", table="2"))
        visitor = Client(enforce_csrf_checks=True)
        page = visitor.get(page_of(token)).content.decode()
        assert "From the other table" in page
        for secret in SECRETS:
            assert secret not in page
        form = dict(re.findall(r'name="(csrfmiddlewaretoken|client_id)" value="([^"]+)"', page))
        data = {**form, "text": "<b>Mine</b>", "kind": "idea", "table": ""}
        for _twice in range(2):
            assert visitor.post(page_of(token, "session_say"), data)["Location"] == page_of(token)
        assert somebody.contributions.get().text == "<b>Mine</b>"
        assert "&lt;b&gt;Mine&lt;/b&gt;" in visitor.get(page_of(token)).content.decode()

    def test_refused_words_come_back(self, cast: Cast, session: Session, come_in: Any) -> None:
        somebody, token = come_in()
        data = {"client_id": "abcdefgh", "text": "<i>Shade</i>", "kind": "need"}
        early = Client().post(page_of(token, "session_say"), data)
        assert early.status_code == 409
        assert "&lt;i&gt;Shade&lt;/i&gt;" in early.content.decode()
        assert "Copy them and give them" in early.content.decode()
        set_phase(cast.officer, session, Phase.CONTRIBUTE)
        long = Client().post(page_of(token, "session_say"), {**data, "text": "x" * 2_001})
        assert (long.status_code, "x" * 2_001 + "</textarea>" in long.content.decode()) == (409, True)
        mine = contribute(somebody, said("Watter"))
        set_phase(cast.officer, session, Phase.PRIORITISE)
        change = {"text": "Water, said better", "kind": "need"}
        late = Client().post(page_of(token, "session_said", public_id=mine.public_id), change)
        assert (late.status_code, "Water, said better" in late.content.decode()) == (409, True)
        assert Contribution.objects.get().text == "Watter"

    def test_not_more_than_a_person_clicks(self, cast: Cast, session: Session, come_in: Any) -> None:
        """Contributions, corrections of them and dots, together."""
        somebody, token = come_in()
        set_phase(cast.officer, session, Phase.CONTRIBUTE)
        mine = contribute(somebody, said("Water"))
        client, key = Client(), f"session-{hashed(token)}"
        cache.set(key, [time.time()] * (MOST_SENT - 1), 60)
        change = {"text": "Water!", "kind": "need"}
        answers = [client.post(page_of(token, "session_said", public_id=mine.public_id), change) for _twice in range(2)]
        assert [one.status_code for one in answers] == [302, 429]
        (group,) = take_groups(cast.officer, session, [(Text.of(en="Water"), [mine.public_id])])
        set_phase(cast.officer, session, Phase.PRIORITISE)
        client.post(page_of(token, "session_dot", number=group.pk), {"client_id": "abcdefgh", "what": "on"})
        assert somebody.dots.count() == 0
        cache.delete(key)
        client.post(page_of(token, "session_dot", number=group.pk), {"client_id": "abcdefgh", "what": "on"})
        assert (somebody.dots.count(), mine.history.count()) == (1, 2)

    def test_what_a_script_sends_is_answered_with_its_row(self, cast: Cast, session: Session, come_in: Any) -> None:
        somebody, token = come_in()
        data = {"client_id": "abcdefgh", "text": "Shade", "kind": "need"}
        send: dict[str, Any] = {"headers": {"X-Requested-With": "fetch"}}
        early = Client().post(page_of(token, "session_say"), data, **send)
        assert (early.status_code, early["Content-Type"]) == (409, "text/plain; charset=utf-8")
        assert "not open" in early.content.decode()
        set_phase(cast.officer, session, Phase.CONTRIBUTE)
        answer = Client().post(page_of(token, "session_say"), data, **send)
        one = somebody.contributions.get()
        assert (answer.status_code, f'id="{one.public_id}"' in answer.content.decode()) == (201, True)
        assert 'data-said="abcdefgh"' in answer.content.decode()
        for wrong in ({"client_id": "short"}, {"client_id": "<script>alert(1)"}, {"kind": "rant"}):
            assert Client().post(page_of(token, "session_say"), {**data, **wrong}, **send).status_code == 404
        long = Client().post(
            page_of(token, "session_say"), {**data, "client_id": "ijklmnop", "text": "x" * 2_001}, **send
        )
        assert (long.status_code, "2,000 letters" in long.content.decode()) == (409, True)
        said_page = page_of(token, "session_said", public_id=one.public_id)
        assert Client().post(said_page, {"what": "back"}, **send).status_code == 201
        assert Client().post(said_page, {"what": "back"}, **send).status_code == 404

    def test_news_since_a_number_or_nothing(self, cast: Cast, session: Session, come_in: Any) -> None:
        somebody, token = come_in()
        set_phase(cast.officer, session, Phase.CONTRIBUTE)
        since = page_of(token, "session_since")
        contribute(somebody, said("One"))
        with CaptureQueriesContext(connection) as asked:
            answer = Client().get(since, {"sequence": "1", "phase": "contribute"}, headers=SCRIPT)
        assert len(asked) == 2
        assert (answer.status_code, answer["X-Sequence"], answer["X-Phase"]) == (200, "2", "contribute")
        assert "One" in answer.content.decode()
        with CaptureQueriesContext(connection) as asked:
            nothing_new = Client().get(since, {"sequence": "2", "phase": "contribute"}, headers=SCRIPT)
        assert (nothing_new.status_code, len(asked)) == (304, 1)
        assert Client().get(since, {"sequence": "²", "phase": "contribute"}).status_code == 200
        set_phase(cast.officer, session, Phase.PRIORITISE)
        moved = Client().get(since, {"sequence": "99", "phase": "contribute"})
        assert (moved.status_code, moved["X-Phase"]) == (200, "prioritise")

    def test_who_has_something_to_give_is_asked_for_it(self, cast: Cast, session: Session, come_in: Any) -> None:
        (council, at_council), (company, at_company) = come_in("council"), come_in("partner", "", "Aigües SA")
        set_phase(cast.officer, session, Phase.CONTRIBUTE)
        boxes = r'name="kind" value="(\w+)"'
        asked = [re.findall(boxes, Client().get(page_of(one)).content.decode()) for one in (at_council, at_company)]
        assert asked == [["need", "idea", "proposal"], ["need", "idea", "proposal", "offer"]]
        data = {"client_id": "abcdefgh", "text": "Reused water for parks", "kind": "offer"}
        statuses = [Client().post(page_of(one, "session_say"), data).status_code for one in (at_council, at_company)]
        assert statuses == [404, 302]
        assert [one.contributions.count() for one in (council, company)] == [0, 1]
        assert counts_of(session, []).contributions == {"offer": 1}

    def test_an_address_nobody_handed_out(self, session: Session) -> None:
        for name in ("session_in", "session_since", "session_join"):
            assert Client().get(page_of("x" * 32, name)).status_code == 404
        assert Client().post(page_of("x" * 32, "session_say")).status_code == 404


SCRIPT = {"X-Requested-With": "fetch"}


def grouped(cast: Cast, session: Session, names: tuple[str, ...] = ("Water", "Shade")) -> list[ContributionGroup]:
    rows = note_down(cast.officer, session, [said(name, number) for number, name in enumerate(names)])
    pairs = zip(names, rows, strict=True)
    return take_groups(cast.officer, session, [(Text.of(en=name), [row.public_id]) for name, row in pairs])


class TestDots:
    def test_five_each_once_however_often_sent(self, cast: Cast, session: Session, come_in: Any) -> None:
        somebody, _token = come_in()
        water, shade = grouped(cast, session)
        with pytest.raises(NotOpen):
            place_dot(somebody, water, "dot-0001")
        set_phase(cast.officer, session, Phase.PRIORITISE)
        for _twice in range(2):
            place_dot(somebody, water, "dot-0001")
        place_dot(somebody, water, "dot-0002")
        place_dot(somebody, shade, "dot-0003")
        with pytest.raises(NoDotLeft):
            place_dot(somebody, shade, "dot-0004")
        take_dot_back(somebody, water)
        place_dot(somebody, shade, "dot-0005")
        assert Dot.objects.count() == 3
        set_phase(cast.officer, session, Phase.CLOSED)
        for refused in (lambda: place_dot(somebody, water, "dot-0006"), lambda: take_dot_back(somebody, water)):
            with pytest.raises(NotOpen):
                refused()

    def test_counted_by_kind_and_bodies_apart(self, cast: Cast, session: Session, come_in: Any) -> None:
        council, _t = come_in("council")
        expert, _t = come_in("expert", "E", "")
        water, shade = grouped(cast, session)
        set_phase(cast.officer, session, Phase.PRIORITISE)
        assert finding(results_of(session)) == "No group has got a dot yet"
        place_dot(council, shade, "dot-0001")
        place_dot(expert, water, "dot-0003")
        tied = " · ".join(str(one.group.name) for one in results_of(session))
        assert finding(results_of(session)) == f"Tied with most dots: {tied}"
        take_dot_back(expert, water)
        place_dot(expert, shade, "dot-0001")
        place_dot(expert, shade, "dot-0002")
        results = results_of(session)
        assert finding(results) == f"“{shade.name}” got most"
        assert [(one.group, one.dots, one.by_kind, one.for_bodies, one.for_themselves) for one in results] == [
            (shade, 3, (1, 2, 0, 0, 0), 1, 2), (water, 0, (0, 0, 0, 0, 0), 0, 0),
        ]  # fmt: skip
        assert counts_of(session, []).participants == {"council": 1, "expert": 1}

    def test_groups_stay_once_dots_are_open(self, cast: Cast, session: Session, come_in: Any) -> None:
        water, _shade = grouped(cast, session)
        set_phase(cast.officer, session, Phase.PRIORITISE)
        with pytest.raises(NotOpen):
            take_groups(cast.officer, session, [])
        other = keep_session(Session(organisation=cast.amb, title=Text.of(en="Other")))
        link, _token = open_link(cast.officer, other, "team")
        stranger, own = join(link, "", "Elsewhere")
        set_phase(cast.officer, other, Phase.PRIORITISE)
        with pytest.raises(ContributionGroup.DoesNotExist):
            place_dot(stranger, water, "dot-0001")
        assert Client().post(page_of(own, "session_dot", number=water.pk), {"client_id": "dot-0001"}).status_code == 404

    def test_on_their_page(self, cast: Cast, session: Session, come_in: Any) -> None:
        somebody, token = come_in()
        water, _shade = grouped(cast, session)
        set_phase(cast.officer, session, Phase.PRIORITISE)
        url = page_of(token, "session_dot", number=water.pk)
        Client().post(url, {"what": "on", "client_id": "dot-0001"})
        page = one_line(Client().get(page_of(token)))
        assert "You have 2 dots of 3 left." in page
        assert "1 dot of yours" in page
        folded = re.findall(r'<details class="more">.*?</details>', page)
        assert [re.findall(r"<li dir=\"auto\"[^>]*>(.*?)</li>", one) for one in folded[:2]] == [["Water"], ["Shade"]]
        Client().post(url, {"what": "off"})
        assert somebody.dots.count() == 0


class TestMinutes:
    def test_drafted_corrected_approved_published(self, cast: Cast, session: Session, come_in: Any) -> None:
        come_in("council")
        grouped(cast, session)
        note_down(cast.officer, session, [said("Alone", 9)])
        with pytest.raises(NoMinutes):
            approve_minutes(cast.officer, session)
        draft = draft_minutes(session)
        assert set(draft) == {"en", "ca", "es", "fr", "ar"}
        english = draft["en"]["text"]
        for part in (
            "First session, 4 May 2026, Barcelona.",
            "1 person took part (Council: 1); 1 for a named body, 0 for themselves.",
            "3 contributions (Need: 3).",
            "– Water: contributions 1, dots 0",
            "1 contribution is in no group.",
        ):
            assert part in english
        assert "Primera sessió, 4 de maig del 2026, Barcelona." in draft["ca"]["text"]
        keep_minutes(cast.officer, session, draft)
        with pytest.raises(NoMinutes):
            publish_minutes(cast.officer, session)
        approve_minutes(cast.officer, session)
        keep_minutes(cast.officer, session, Text.of(en="Corrected"))
        assert session.approved_by is None
        approve_minutes(cast.officer, session)
        publish_minutes(cast.officer, session)
        assert list(visible_sessions(cast.outsider)) == [session]

    def test_nothing_is_public_before_and_no_name_after(self, cast: Cast, session: Session, come_in: Any) -> None:
        somebody, _token = come_in()
        set_phase(cast.officer, session, Phase.CONTRIBUTE)
        contribute(somebody, said("Water for all"))
        public = session.get_absolute_url()
        for who in ("visitor", "outsider", "participant", "contact"):
            assert cast.client(who).get(public).status_code == 404
        assert cast.client("officer").get(public).status_code == 200
        keep_minutes(cast.officer, session, draft_minutes(session))
        approve_minutes(cast.officer, session)
        publish_minutes(cast.officer, session)
        page = one_line(Client().get(public))
        assert "Water for all" in page
        for secret in SECRETS:
            assert secret not in page

    def test_a_group_is_about_the_places_of_what_is_in_it(self, cast: Cast, session: Session) -> None:
        water, _shade = grouped(cast, session)
        session.contributions.update(group=water, countries="")
        first, second = session.contributions.order_by("pk")
        first.countries, first.regions, first.place = ("TN", "MA"), ("015",), "Sfax; Tunis"
        second.countries, second.place = ("TN",), "Sfax"
        first.save()
        second.save()
        page = one_line(cast.client("officer").get(session.get_absolute_url()))
        assert "Where in the world it is about: <bdi>Sfax (2) · Tunisia (2) · Northern Africa (1)" in page
        assert "· Morocco (1) · Tunis (1)</bdi>" in page


class TestRunningIt:
    def test_nobody_but_officers(self, cast: Cast, session: Session) -> None:
        posts = [
            address(name, session.public_id)
            for name in (
                "session_link",
                "session_phase",
                "session_note",
                "session_group",
                "session_take",
                "session_minutes",
            )
        ]
        link, _token = open_link(cast.officer, session, "team")
        posts.append(address("session_link_close", session.public_id, number=link.pk))
        gets = [address("session", session.public_id), address("session_table", session.public_id)]
        for who in ("contact", "participant", "outsider"):
            assert {cast.client(who).post(url).status_code for url in posts} == {403}
            assert {cast.client(who).get(url).status_code for url in gets} == {403}
        assert {Client().post(url).status_code for url in posts} == {302}

    def test_from_a_link_to_the_minutes(self, cast: Cast, session: Session) -> None:
        client, page = cast.client("officer"), address("session", session.public_id)
        made = one_line(client.post(address("session_link", session.public_id), {"kind": "council", "places": "17"}))
        found = re.search(r"http://testserver(/join/[\w-]{32}/)", made)
        assert found  # without a language: whoever opens it is led to the one their browser asks for
        assert Client(headers={"accept-language": "ar"}).get(found[1])["Location"] == f"/ar{found[1]}"
        assert "/join/" not in one_line(client.get(page))
        client.post(address("session_phase", session.public_id), {"phase": "contribute"})
        assert client.post(address("session_phase", session.public_id), {"phase": "wild"}).status_code == 404
        note = {"kind": "idea", "table": "2", "text": "Water\n\n Shade ", "client_id": "abcdefgh12"}
        for _twice in range(2):
            client.post(address("session_note", session.public_id), note)
        assert [one.text for one in session.contributions.all()] == ["Water", "Shade"]
        client.post(address("session_group", session.public_id))
        grouping = Grouping.objects.get(session=session.public_id)
        assert [text["id"] for text in grouping.texts] == [one.public_id for one in session.contributions.all()]
        Grouping.objects.filter(pk=grouping.pk).update(
            state="done", found=[1, 1], placed=[1, 2],
            groups=[{"number": 1, "labels": {"en": "water", "ca": "aigua"}, "theme": "", "name": ""},
                    {"number": 2, "labels": {}, "theme": "", "name": "Ombra"},
                    {"number": 3, "labels": {"en": "empty"}, "theme": "", "name": ""}],
        )  # fmt: skip
        client.post(address("session_take", session.public_id), {"grouping": grouping.public_id})
        names = [group.name.plain() for group in session.groups.all()]
        assert [(name["en"], name["ca"]) for name in names] == [("water", "aigua"), ("Ombra", "Ombra")]
        for what in ("draft", "approve", "publish"):
            client.post(address("session_minutes", session.public_id), {"what": what})
        session.refresh_from_db()
        assert (session.approved_by, session.visibility) == (cast.officer, "public")
        edit = client.get(reverse("staff:change", kwargs={"public_id": session.public_id}))
        assert (edit.status_code, str(cast.officer) in edit.content.decode()) == (200, True)  # its history names who
        for words in ("State", "being prepared", "open for contributions", "Minutes approved by"):
            assert words in one_line(edit)
        assert one_line(edit).count("Look at its page") == one_line(edit).count("Its page in the office") == 1
        assert "water" in one_line(Client().get(session.get_absolute_url()))

    def test_what_stands_in_the_box_is_kept_whatever_is_asked(self, cast: Cast, session: Session) -> None:
        client, at = cast.client("officer"), address("session_minutes", session.public_id)

        def ask(what: str, words: str) -> tuple[str, bool]:
            session.refresh_from_db()
            seen = one_line(client.get(address("session", session.public_id)))
            found = re.search(r'name="seen" value="([^"]*)"', seen)
            assert found
            client.post(at, {"what": what, "minutes_en": words, "seen": found[1]})
            session.refresh_from_db()
            return session.minutes.plain().get("en", ""), session.approved_by is not None

        assert ask("approve", "Shade was asked for.") == ("Shade was asked for.", True)
        assert ask("save", "Shade was asked for.") == ("Shade was asked for.", True)  # nothing changed, still approved
        assert ask("publish", "Shade and water.") == ("Shade and water.", False)  # nobody approved these words
        assert session.published_at is None
        assert ask("draft", "Shade and water!") == ("Shade and water!", False)
        assert ask("draft", " ")[0].startswith("First session")
        assert ask("approve", "Agreed.") == ("Agreed.", True)
        assert ask("publish", "Agreed.") == ("Agreed.", True)
        assert session.published_at is not None

    def test_who_adds_one_goes_on_where_it_is_run(self, cast: Cast) -> None:
        client = cast.client("officer")
        least = {"title_en": "Three boxes", "organisation": "AMB", "dots": "5"}
        added = client.post(reverse("staff:sessions_add"), least)
        (made,) = Session.objects.all()
        assert added["Location"] == address("session", made.public_id)
        assert "There are no groups yet." in one_line(client.get(added["Location"]))

    def test_nothing_is_offered_that_is_refused(self, cast: Cast, session: Session) -> None:
        client = cast.client("officer")
        grouped(cast, session)
        offered = {
            phase: [name for name in ("session_note", "session_group") if address(name, session.public_id) in page]
            for phase in Phase.values
            if set_phase(cast.officer, session, phase)
            and (page := one_line(client.get(address("session", session.public_id))))
        }
        both = ["session_note", "session_group"]
        assert offered == {"prepared": both, "contribute": both, "prioritise": ["session_note"], "closed": []}

    def test_much_is_read_a_page_at_a_time_and_found_where_it_stands(
        self, cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sympolis.web.public.session_said.A_PAGE", 2)
        water, shade = grouped(cast, session)
        loose = note_down(cast.officer, session, [said(f"Loose {number}", 10 + number) for number in range(3)])
        keep_minutes(cast.officer, session, draft_minutes(session))
        approve_minutes(cast.officer, session)
        publish_minutes(cast.officer, session)
        url = session.get_absolute_url()
        pages = [one_line(Client().get(f"{url}?page={number}")) for number in (1, 2, 3)]
        shown = [re.findall(r'<p class="list-text" dir="auto"[^>]*>(.*?)</p>', page) for page in pages]
        assert shown == [["Water", "Shade"], ["Loose 0", "Loose 1"], ["Loose 2"]]
        assert 'In no group <span class="count">3</span>' in pages[2]
        for group in (water, shade):
            assert f'href="?page=1#group-{group.pk}"' in pages[2]
        last = loose[-1].public_id
        assert Client().get(f"{url}?said={last}")["Location"] == f"{url}?page=3#{last}"
        Contribution.objects.filter(pk=loose[-1].pk).update(taken_back=True)
        for gone in (last, "con_nobody"):
            assert Client().get(f"{url}?said={gone}").status_code == 404

    def test_as_a_table_that_no_spreadsheet_runs(self, cast: Cast, session: Session, come_in: Any) -> None:
        somebody, _token = come_in()
        set_phase(cast.officer, session, Phase.CONTRIBUTE)
        contribute(somebody, said("=cmd|'/c calc'!A1"))
        table = cast.client("officer").get(address("session_table", session.public_id)).content.decode("utf-8-sig")
        assert table.splitlines()[0] == (
            "id,kind,text,language,table,participant_kind,speaks_for,group,themes,countries,regions,place"
        )
        assert ",'=cmd" in table
        assert "Secret Council" in table
        assert "Secret Name" not in table

    @pytest.mark.parametrize("phase", list(Phase))
    def test_as_many_questions_however_much_was_said(
        self, cast: Cast, session: Session, come_in: Any, phase: Phase
    ) -> None:
        somebody, token = come_in()
        grouped(cast, session)
        pages = [(cast.client("officer"), address("session", session.public_id)), (Client(), page_of(token))]

        def questions() -> list[int]:
            counted = []
            for client, url in pages:
                client.get(url)
                with CaptureQueriesContext(connection) as asked:
                    assert client.get(url).status_code == 200
                counted.append(len(asked))
            return counted

        set_phase(cast.officer, session, phase)
        few = questions()
        set_phase(cast.officer, session, Phase.CONTRIBUTE)
        for number in range(40):
            contribute(somebody, said(f"Number {number}", 100 + number))
        for number in range(10):
            ContributionGroup.objects.create(session=session, name=Text.of(en=f"{number}"), position=number)
        set_phase(cast.officer, session, phase)
        many = questions()
        assert many == few
        assert max(many) <= 12
