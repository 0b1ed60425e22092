"""Dots on paper: counted with the others and told apart, once, never more than people have, and taken out again."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from sympolis.office.core.texts import Text
from sympolis.office.planning.enums import Phase
from sympolis.office.planning.models import ContributionGroup, PaperDots, PaperSheet, Session
from sympolis.office.planning.sessions.actions import join, keep_session, open_link, place_dot, set_phase, take_groups
from sympolis.office.planning.sessions.minutes import approve_minutes, draft_minutes, keep_minutes, publish_minutes
from sympolis.office.planning.sessions.paper import Counted, count_paper
from sympolis.office.planning.sessions.queries import counts_of, parts_of, results_of
from tests.cast import Cast

MORE = "The people are 2 and have 3 dots each: 6 in all. The sheet has 7."
CLOSED = "Dots on paper are counted from when dots are open until the minutes are published."


@pytest.fixture
def session(cast: Cast) -> Session:
    made = keep_session(
        Session(organisation=cast.amb, title=Text.of(en="First"), dots=3, dots_by_kind=("expert:1", "team:0"))
    )
    for at, (english, catalan) in enumerate((("Water", "Aigua"), ("Shade", "Ombra"))):
        ContributionGroup.objects.create(session=made, name=Text.of(en=english, ca=catalan), position=at)
    return set_phase(cast.officer, made, Phase.PRIORITISE)


@pytest.fixture
def groups(session: Session) -> list[ContributionGroup]:
    return list(session.groups.all())


def page(session: Session, name: str = "session_paper", **more: Any) -> str:
    return reverse(f"staff:{name}", kwargs={"public_id": session.public_id, **more})


def typed(groups: list[ContributionGroup], *dots: str, **more: str) -> dict[str, str]:
    said = {"kind": "council", "table": "Taula 2", "people": "2", "client_id": "sheet00001"} | more
    return {f"sheet-{name}": value for name, value in said.items()} | {
        f"sheet-group_{group.pk}": number for group, number in zip(groups, dots, strict=True)
    }


def one_line(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_typed_in_it_counts_apart_and_is_taken_out_again(
    cast: Cast, session: Session, groups: list[ContributionGroup]
) -> None:
    link, _token = open_link(cast.officer, session, "council")
    for number in range(2):
        place_dot(join(link, "", "A house" if number else "")[0], groups[1], f"dot-{number:05}")
    officer, at = cast.client("officer"), page(session, "session")
    assert "<strong>2</strong> dots" in one_line(officer.get(at))  # drawn before, and kept
    before = Session.objects.get().sequence
    for _window in range(2):
        answer = officer.post(page(session), typed(groups, "5", ""))
        assert (answer.status_code, answer["Location"]) == (302, page(session))
    officer.post(page(session), typed(groups, "", "1", kind="expert", table="", people="1", client_id="sheet00002"))
    assert list(PaperSheet.objects.values_list("kind", "table", "people", "noted_by")) == [
        ("council", "Taula 2", 2, cast.officer.pk), ("expert", "", 1, cast.officer.pk),
    ]  # fmt: skip
    assert Session.objects.get().sequence > before
    results = results_of(session)
    assert [(one.group, one.dots, one.on_paper, one.for_bodies, one.for_themselves) for one in results] == [
        (groups[0], 5, 5, 0, 0), (groups[1], 3, 1, 1, 1),
    ]  # fmt: skip
    apart = parts_of(session, results)
    assert [(one.label, one.people, one.dots) for one in apart.by_kind if one.people] == [
        ("Council", 4, (5, 2)), ("Expert", 1, (0, 1)),
    ]  # fmt: skip
    assert [(one.label, one.people, one.dots) for one in apart.by_table] == [
        ("Taula 2", 2, (5, 0)), ("No table said", 3, (0, 3)),
    ]  # fmt: skip
    assert [(one.label, one.people, one.dots) for one in apart.by_body] == [
        ("For a named body", 1, (0, 1)), ("For themselves", 1, (0, 1)), ("On paper", 3, (5, 1)),
    ]  # fmt: skip
    counts = counts_of(session, results)
    assert (counts.participants, counts.dots, counts.on_paper) == ({"council": 2}, 8, 6)
    assert counts.people_on_paper == {"council": 2, "expert": 1}
    shown = one_line(officer.get(at))
    assert "6 dots of these were placed on paper and counted by hand." in shown
    assert "For a named body, for themselves, or on paper" in shown
    said = draft_minutes(session)
    paper = "Dots in all: 8, of which on paper: 6. People who placed them on paper: 3 (Council: 2, Expert: 1)."
    assert said.get_text("en").count(paper) == 1
    sheet = PaperSheet.objects.earliest("pk")
    assert "2 people · 5 dots" in one_line(officer.get(page(session)))
    officer.post(page(session, "session_paper_out", number=sheet.pk))
    assert [(one.dots, one.on_paper) for one in results_of(session)] == [(3, 1), (0, 0)]
    assert "1 dot of these was placed on paper" in one_line(officer.get(at))


@pytest.mark.parametrize(
    ("dots", "more", "sentence"),
    [
        (("5", "2"), {}, MORE),
        (("1", ""), {"kind": "team"}, "The people are 2 and have 0 dots each: 0 in all. The sheet has 1."),
        (("0", ""), {}, "Write how many dots there are beside one group at least."),
        (("1", ""), {"people": "0"}, "Ensure this value is greater than or equal to 1."),
        (("-1", ""), {}, "Ensure this value is greater than or equal to 0."),
        (("x", ""), {}, "Enter a whole number."),
    ],
)
def test_what_is_refused_comes_back_as_typed(
    cast: Cast, session: Session, groups: list[ContributionGroup], dots: tuple[str, str], more: Any, sentence: str
) -> None:
    answer = cast.client("officer").post(page(session), typed(groups, *dots, **more))
    said = one_line(answer)
    assert (answer.status_code, sentence in said) == (422, True)
    assert 'value="Taula 2"' in said
    assert f'value="{dots[0]}"' in said
    assert not PaperSheet.objects.exists()


def test_neither_before_dots_nor_after_the_minutes(
    cast: Cast, session: Session, groups: list[ContributionGroup]
) -> None:
    officer = cast.client("officer")
    set_phase(cast.officer, session, Phase.CONTRIBUTE)
    assert CLOSED in one_line(officer.post(page(session), typed(groups, "1", "")))
    set_phase(cast.officer, session, Phase.CLOSED)
    officer.post(page(session), typed(groups, "1", ""))
    session.refresh_from_db()
    keep_minutes(cast.officer, session, draft_minutes(session))
    approve_minutes(cast.officer, session)
    publish_minutes(cast.officer, session)
    assert CLOSED in one_line(officer.post(page(session), typed(groups, "1", "", client_id="sheet00002")))
    out = officer.post(page(session, "session_paper_out", number=PaperSheet.objects.get().pk), follow=True)
    assert CLOSED in one_line(out)
    assert [one.dots for one in results_of(session)] == [1, 0]
    assert "1 dot of these was placed on paper" in one_line(Client().get(session.get_absolute_url()))


GOOD = """Grup;Tipus de participant;Taula;Persones;Gomets
Aigua;Ajuntament;1;2;4
ombra;ajuntament;1;;2
Water;expert;;1;1
"""
WRONG = """Group,Kind,Table,People,Dots
Rain,council,1,2,1
Water,king,1,2,1
Water,council,2,2,7
Shade,expert,,,1
Water,council,3,2,many
"""


def send(client: Client, session: Session, text: str) -> Any:
    file = SimpleUploadedFile("dots.csv", text.encode())
    return client.post(page(session, "session_paper_file"), {"file-file": file}, follow=True)


def test_out_of_a_spreadsheet_all_of_it_or_nothing(
    cast: Cast, session: Session, groups: list[ContributionGroup]
) -> None:
    officer = cast.client("officer")
    answer = send(officer, session, WRONG)
    said = one_line(answer)
    assert (answer.status_code, PaperSheet.objects.count()) == (422, 0)
    rows = re.findall(r'<tr class="is-wrong"> <th scope="row" class="num">(\d+)</th> <td [^>]*><bdi>(\w+)</bdi>', said)
    assert rows == [("2", "Group"), ("3", "Kind"), ("6", "Dots"), ("4", "Dots"), ("5", "People")]
    assert "Write one of: Water · Shade" in said
    assert MORE in said
    assert "A column is missing." in one_line(send(officer, session, "Group,Dots\nWater,1\n"))
    assert "2 sheets counted." in one_line(send(officer, session, GOOD))
    assert "0 sheets counted. 2 were there already." in one_line(send(officer, session, GOOD))
    found = PaperDots.objects.order_by("pk").values_list(
        "sheet__kind", "sheet__table", "sheet__people", "group", "number"
    )
    water, shade = (group.pk for group in groups)
    assert list(found) == [
        ("council", "1", 2, water, 4), ("council", "1", 2, shade, 2), ("expert", "", 1, water, 1),
    ]  # fmt: skip


def test_nobody_elses(cast: Cast, session: Session, groups: list[ContributionGroup]) -> None:
    sheet = count_paper(cast.officer, session, Counted("sheet00001", "council", "", 1, {groups[0].pk: 1}))[0]
    out = page(session, "session_paper_out", number=sheet.pk)
    for who, status in (("contact", 403), ("participant", 403), ("outsider", 403), ("visitor", 302)):
        client = cast.client(who)
        assert client.get(page(session)).status_code == status
        assert client.post(page(session), typed(groups, "1", "", table="2")).status_code == status
        assert client.post(page(session, "session_paper_file")).status_code == status
        assert client.post(out).status_code == status
    other = keep_session(Session(organisation=cast.amb, title=Text.of(en="Other")))
    set_phase(cast.officer, other, Phase.PRIORITISE)
    elsewhere = page(other, "session_paper_out", number=sheet.pk)
    assert cast.client("officer").post(elsewhere).status_code == 404
    count_paper(cast.officer, other, Counted("sheet00001", "council", "", 1, {groups[0].pk: 1}))
    assert [one.dots for one in results_of(session)] == [1, 0]  # a group of another session gets none


def test_new_groups_begin_without_dots(cast: Cast, session: Session, groups: list[ContributionGroup]) -> None:
    count_paper(cast.officer, session, Counted("sheet00001", "council", "", 1, {groups[0].pk: 1}))
    set_phase(cast.officer, session, Phase.CONTRIBUTE)
    take_groups(cast.officer, session, [(Text.of(en="Water"), ())])
    assert (PaperSheet.objects.count(), PaperDots.objects.count()) == (0, 0)


def test_as_many_questions_however_many_sheets(cast: Cast, session: Session, groups: list[ContributionGroup]) -> None:
    officer = cast.client("officer")

    def asked(at: str) -> int:
        number = PaperSheet.objects.count()
        dots = {groups[0].pk: 1, groups[1].pk: 2}
        count_paper(cast.officer, session, Counted(f"sheet{number:05}", "council", f"T{number}", 1, dots))
        with CaptureQueriesContext(connection) as queries, override("en"):
            assert officer.get(at).status_code == 200
        return len(queries)

    for at in (page(session), page(session, "session")):
        few = asked(at)
        for _more in range(8):
            many = asked(at)
        assert (many, many <= 12) == (few, True)
