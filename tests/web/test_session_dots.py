"""Dots by kind of participant, and results told apart: limits that hold, nothing lost, nobody's dots told to others."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sympolis.office.core.texts import Text
from sympolis.office.planning.enums import Phase
from sympolis.office.planning.models import ContributionGroup, Participant, Session
from sympolis.office.planning.sessions.actions import (
    Said,
    contribute,
    join,
    keep_session,
    open_link,
    place_dot,
    set_phase,
    sit_at,
    take_dot_back,
)
from sympolis.office.planning.sessions.apart import Part, told_apart
from sympolis.office.planning.sessions.errors import NoDotLeft, NoDotsForKind, SessionOver
from sympolis.office.planning.sessions.minutes import approve_minutes, draft_minutes, keep_minutes, publish_minutes
from sympolis.office.planning.sessions.queries import parts_of, results_of, state_at
from tests.cast import Cast


@pytest.fixture
def session(cast: Cast) -> Session:
    made = Session(organisation=cast.amb, title=Text.of(en="First"), dots=3, dots_by_kind=("expert:1", "team:0"))
    return keep_session(made)


@pytest.fixture
def groups(session: Session) -> list[ContributionGroup]:
    names = ("Water", "Shade")
    return [
        ContributionGroup.objects.create(session=session, name=Text.of(en=name), position=at)
        for at, name in enumerate(names)
    ]


@pytest.fixture
def come_in(cast: Cast, session: Session) -> Callable[..., tuple[Participant, str]]:
    links = {}

    def one(kind: str, table: str = "", speaks_for: str = "") -> tuple[Participant, str]:
        links[kind] = links.get(kind) or open_link(cast.officer, session, kind)[0]
        somebody, token = join(links[kind], "Secret Name", speaks_for)
        sit_at(somebody, table)
        return somebody, token

    return one


def page_of(token: str, name: str = "session_in", **more: Any) -> str:
    return reverse(name, kwargs={"token": token, **more})


def office_page(name: str, session: Session, **more: Any) -> str:
    return reverse(f"staff:{name}", kwargs={"public_id": session.public_id, **more})


def one_line(response: Any) -> str:
    return " ".join(response.content.decode().split())


def place(somebody: Participant, group: ContributionGroup, *numbers: int) -> None:
    for number in numbers:
        place_dot(somebody, group, f"dot-{number:05}")


class TestNumbers:
    def test_each_kind_its_own_however_it_is_sent(
        self, cast: Cast, session: Session, groups: list[ContributionGroup], come_in: Any
    ) -> None:
        people = {kind: come_in(kind) for kind in ("council", "expert", "team")}
        set_phase(cast.officer, session, Phase.PRIORITISE)
        for kind, most, sentence in (
            ("council", 3, "You have 0 dots of 3 left."),
            ("expert", 1, "You have 0 dots of 1 left."),
            ("team", 0, "In this session your kind of participant places no dots."),
        ):
            somebody, token = people[kind]
            at = page_of(token, "session_dot", number=groups[0].pk)
            for number in range(most + 1):  # from two windows, each sent twice
                for window in (Client(), Client()):
                    window.post(at, {"what": "on", "client_id": f"dot-{number:05}"})
            assert (kind, somebody.dots.count()) == (kind, most)
            assert sentence in one_line(Client().get(page_of(token)))
        with pytest.raises(NoDotLeft, match="You have placed all your dots"):
            place(people["expert"][0], groups[1], 9)
        with pytest.raises(NoDotsForKind):
            place(people["team"][0], groups[1], 9)

    def test_fewer_than_somebody_has_placed(
        self, cast: Cast, session: Session, groups: list[ContributionGroup], come_in: Any
    ) -> None:
        somebody, token = come_in("council")
        set_phase(cast.officer, session, Phase.PRIORITISE)
        place(somebody, groups[0], 1, 2, 3)
        session.refresh_from_db()
        session.dots, session.dots_by_kind = 1, ("council:2",)
        before = session.sequence
        assert keep_session(session).sequence == before + 1
        officer = cast.client("officer")
        said = "1 person has placed more dots than each has now."
        assert said in one_line(officer.get(office_page("session", session)))
        assert "Each has 2 dots now, and you have placed more." in one_line(Client().get(page_of(token)))
        for left, refused in ((3, NoDotLeft), (2, NoDotLeft), (1, None)):
            assert somebody.dots.count() == left
            if refused:
                with pytest.raises(refused):
                    place(somebody, groups[1], 9)
                take_dot_back(somebody, groups[0])
        place(somebody, groups[1], 9)
        assert [(one.group, one.dots) for one in results_of(session)] == [(groups[0], 1), (groups[1], 1)]
        assert said not in one_line(officer.get(office_page("session", session)))

    def test_set_in_the_form_told_in_the_history_and_put_back(self, cast: Cast, session: Session) -> None:
        officer, at = cast.client("officer"), office_page("change", session)
        page = officer.get(at)
        boxes = dict(re.findall(r'name="dots_by_kind_(\w+)"[^>]*value="(\d*)"', one_line(page)))
        assert boxes == {"council": "", "expert": "1", "team": "0", "partner": "", "other": ""}
        form = page.context["form"]
        sent = {"seen": form.initial["seen"], "title_en": "First", "organisation": session.organisation.public_id}
        sent |= {"audience": "link", "dots": "3", "dots_by_kind_council": "2", "dots_by_kind_expert": "1"}
        for wrong in ("21", "-1", "1.5", "x", "²"):
            answer = officer.post(at, {**sent, "dots_by_kind_council": wrong})
            assert "Council: write a whole number from 0 to 20, or leave it empty." in one_line(answer)
        answer = officer.post(at, sent)
        assert (answer.status_code, Session.objects.get().dots_by_kind) == (302, ("council:2", "expert:1"))
        history = one_line(officer.get(at))
        assert "Expert: 1, Technical team: 0" in history
        assert "Council: 2, Expert: 1" in history
        first = session.history.earliest("history_date", "history_id")
        officer.post(office_page("restore", session, history_id=first.history_id))
        assert Session.objects.get().dots_by_kind == ("expert:1", "team:0")

    def test_their_page_learns_of_another_number_by_one_question(
        self, cast: Cast, session: Session, groups: list[ContributionGroup], come_in: Any
    ) -> None:
        somebody, token = come_in("expert")
        set_phase(cast.officer, session, Phase.PRIORITISE)
        place(somebody, groups[0], 1)
        asked = {"sequence": "0", "phase": "prioritise", "dots": "1"}
        assert 'data-dots="1"' in one_line(Client().get(page_of(token)))
        with CaptureQueriesContext(connection) as queries:
            answer = Client().get(page_of(token, "session_since"), asked, headers={"X-Requested-With": "fetch"})
        assert (answer.status_code, answer.content) == (304, b"")
        assert len(queries) == 1
        session.refresh_from_db()
        session.dots_by_kind = ()
        keep_session(session)
        answer = Client().get(page_of(token, "session_since"), asked)
        assert (answer.status_code, answer["X-Dots"], answer["X-Phase"], answer.content) == (
            200,
            "3",
            "prioritise",
            b"",
        )
        assert state_at(token).dots == 3  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("people", "told"),
    [
        ({"a": 5, "b": 3}, {"a": 5, "b": 3}),
        ({"a": 5, "b": 0}, {}),  # nothing is apart
        ({"a": 5, "b": 3, "c": 1}, {"a": 5, "b, c": 4}),  # what is left of the sum would tell on c
        ({"a": 5, "b": 1, "c": 1}, {"a": 5, "b, c": 2}),
        ({"a": 5, "b": 1}, {}),
        ({"a": 1}, {}),
        ({}, {}),
    ],
)
def test_no_part_of_one_person(people: dict[str, int], told: dict[str, int]) -> None:
    parts = [Part(label, count, (count, 2 * count)) for label, count in people.items()]
    found = told_apart(parts)
    assert {one.label: one.people for one in found} == told
    assert [one.dots for one in found] == [(one.people, 2 * one.people) for one in found]


HEADING = re.compile(r"<th scope=\"col\" class=\"num\"><bdi>([^<]+)</bdi> \((\d+)\)</th>")


class TestResults:
    @pytest.fixture
    def placed(self, cast: Cast, session: Session, groups: list[ContributionGroup], come_in: Any) -> None:
        session.dots_by_kind = ()
        keep_session(session)
        seats = [("council", "Taula 2"), ("council", "taula 2"), ("partner", "10"), ("partner", "10"), ("expert", "")]
        people = [come_in(kind, table, "Secret House" if kind == "council" else "")[0] for kind, table in seats]
        come_in("other", "10")  # who places none
        set_phase(cast.officer, session, Phase.PRIORITISE)
        for number, somebody in enumerate(people):
            place(somebody, groups[number // 4], 1)

    def test_apart_for_who_runs_it_and_for_everybody(
        self, cast: Cast, session: Session, groups: list[ContributionGroup], placed: None
    ) -> None:
        parts = parts_of(session, results_of(session))
        assert [(one.label, one.people, one.dots) for one in parts.by_kind if one.people] == [
            ("Council", 2, (2, 0)), ("Expert", 1, (0, 1)), ("Company or institution", 2, (2, 0)),
        ]  # fmt: skip
        assert [(one.label, one.people, one.dots) for one in parts.by_table] == [
            ("10", 2, (2, 0)), ("Taula 2", 2, (2, 0)), ("No table said", 1, (0, 1)),
        ]  # fmt: skip
        assert [(one.label, one.people, one.dots) for one in parts.by_body] == [
            ("For a named body", 2, (2, 0)), ("For themselves", 3, (2, 1)),
        ]  # fmt: skip
        set_phase(cast.officer, session, Phase.CLOSED)
        keep_minutes(cast.officer, session, draft_minutes(session))
        approve_minutes(cast.officer, session)
        publish_minutes(cast.officer, session)
        pages = [
            HEADING.findall(one_line(client.get(at)))
            for client, at in (
                (cast.client("officer"), office_page("session", session)),
                (cast.client("officer"), session.get_absolute_url()),
                (Client(), session.get_absolute_url()),
            )
        ]
        bodies = [("For a named body", "2"), ("For themselves", "3")]
        assert pages[0] == [
            ("Council", "2"), ("Expert", "1"), ("Company or institution", "2"), ("10", "2"), ("Taula 2", "2"),
            ("No table said", "1"), *bodies,
        ]  # fmt: skip
        everybody = [
            ("Company or institution", "2"), ("Council, Expert", "3"), ("Taula 2", "2"), ("10, No table said", "3"),
            *bodies,
        ]  # fmt: skip
        assert pages[1:] == [everybody, everybody]
        said = "Where it was one person alone, they are counted together with others."
        assert said in one_line(Client().get(session.get_absolute_url()))

    def test_who_took_part_reads_them_once_it_is_over(
        self, cast: Cast, session: Session, groups: list[ContributionGroup], placed: None, come_in: Any
    ) -> None:
        _somebody, token = come_in("council", "10")
        open_now = one_line(Client().get(page_of(token)))
        assert (HEADING.findall(open_now), "got most" in open_now) == ([], False)
        set_phase(cast.officer, session, Phase.CLOSED)
        with CaptureQueriesContext(connection) as asked:
            over = one_line(Client().get(page_of(token)))
        assert len(asked) <= 12
        assert HEADING.findall(over) == [
            ("Company or institution", "2"), ("Council, Expert", "3"), ("Taula 2", "2"), ("10, No table said", "3"),
            ("For a named body", "2"), ("For themselves", "3"),
        ]  # fmt: skip
        assert over.count("“Water” got most") == 1
        assert f'<th scope="row"><a href="#group-{groups[0].pk}">Water' in over
        assert over.count(f'id="group-{groups[0].pk}"') == 1

    def test_as_they_come(
        self, cast: Cast, session: Session, groups: list[ContributionGroup], placed: None, come_in: Any
    ) -> None:
        officer, at = cast.client("officer"), office_page("session_results", session)
        somebody, _token = come_in("council", "10")
        before = Session.objects.get().sequence
        page = one_line(officer.get(office_page("session", session)))
        assert f'hx-get="{at}?since={before}" hx-trigger="every 2s"' in page
        assert (nothing := officer.get(at, {"since": before})).status_code == 204
        assert nothing.content == b""
        place(somebody, groups[1], 1)
        fresh = one_line(officer.get(at, {"since": before}))
        assert f'hx-get="{at}?since={before + 1}"' in fresh
        assert "<strong>6</strong> dots" in fresh
        assert ("Council", "3") in HEADING.findall(fresh)
        set_phase(cast.officer, session, Phase.CLOSED)
        assert "hx-get" not in one_line(officer.get(at, {"since": before}))  # and nothing asks again
        for who in ("contact", "participant", "outsider"):
            assert cast.client(who).get(at).status_code == 403
        assert Client().get(at).status_code == 302
        assert (
            officer.get(reverse("staff:session_results", kwargs={"public_id": "ses_aaaaaaaaaaaa"})).status_code == 404
        )

    def test_as_many_questions_however_many_tables(
        self, cast: Cast, session: Session, groups: list[ContributionGroup], placed: None, come_in: Any
    ) -> None:
        officer, at = cast.client("officer"), office_page("session", session)

        def questions() -> int:
            place(come_in("team", f"T{Participant.objects.count()}")[0], groups[0], 1)
            with CaptureQueriesContext(connection) as asked:
                officer.get(at)
            return len(asked)

        few = questions()
        for _more in range(12):
            many = questions()
        assert (many, many <= 12) == (few, True)


class TestTables:
    def test_as_they_said_last(
        self, cast: Cast, session: Session, groups: list[ContributionGroup], come_in: Any
    ) -> None:
        somebody, token = come_in("council")
        set_phase(cast.officer, session, Phase.CONTRIBUTE)
        contribute(somebody, Said("client-0001", "Water", table=" Taula  4 "))
        contribute(somebody, Said("client-0002", "Shade"))
        somebody.refresh_from_db()
        assert somebody.sits_at == "Taula 4"
        assert 'name="table" maxlength="60" dir="auto" value="Taula 4"' in one_line(Client().get(page_of(token)))
        set_phase(cast.officer, session, Phase.PRIORITISE)
        answer = Client().post(page_of(token, "session_sits"), {"table": "<b>5\n" + "x" * 99})
        assert (answer.status_code, answer["Location"]) == (302, page_of(token))
        somebody.refresh_from_db()
        assert somebody.sits_at == "<b>5 " + "x" * 55
        assert f"Table or group: <bdi>&lt;b&gt;5 {'x' * 55}</bdi>" in one_line(Client().get(page_of(token)))
        set_phase(cast.officer, session, Phase.CLOSED)
        with pytest.raises(SessionOver):
            sit_at(somebody, "6")
        Client().post(page_of(token, "session_sits"), {"table": "6"})
        somebody.refresh_from_db()
        assert somebody.sits_at == "<b>5 " + "x" * 55

    def test_nobody_elses(self, session: Session) -> None:
        assert Client().post(page_of("x" * 32, "session_sits"), {"table": "1"}).status_code == 404
