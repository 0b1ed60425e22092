"""What departments ask the office for: a form without an account, a task, the answer by mail, the count of a year."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sympolis.office.core.imports.apply import bring_in
from sympolis.office.core.imports.definition import tables
from sympolis.office.core.imports.read import read_table
from sympolis.office.core.imports.understand import understand
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Department
from sympolis.office.synergies.helping import actions
from sympolis.office.synergies.helping.actions import open_help_link
from sympolis.office.synergies.helping.models import HelpLink, HelpRequest
from sympolis.office.synergies.helping.queries import yearly
from sympolis.web.public import asking_help
from tests.cast import Cast, office_today
from tests.web.staff.rooms import HOSTILE

OVERVIEW, ASK, TODAY = reverse("staff:help"), reverse("staff:help_ask"), reverse("staff:dashboard")
SAID = {"kind": "partner", "title": "Una ciutat que hagi renovat la xarxa d'aigua", "name": "Núria",
        "email": "nuria@example.org"}  # fmt: skip


@pytest.fixture
def water(cast: Cast) -> Department:
    return Department.objects.create(organisation=cast.amb, name=Text.of(en="Water"))


def link_for(cast: Cast, department: Department, **fields: Any) -> tuple[HelpLink, str]:
    link = HelpLink(department=department, label="Núria, Water", language="ca",
                    **{"expires_on": office_today() + timedelta(30), **fields})  # fmt: skip
    token = open_help_link(cast.officer, link)
    return link, reverse("ask_help", kwargs={"token": token})


def test_a_department_asks_and_is_answered(
    cast: Cast, water: Department, django_capture_on_commit_callbacks: Any
) -> None:
    made = cast.client("officer").post(
        OVERVIEW, {"department": water.pk, "label": "Núria, Water", "language": "ca", "days": "365"}
    )
    path = re.search(r'value="http://testserver(/ca/ask/[\w-]+/)"', made.text)[1]  # type: ignore[index]
    assert HelpLink.objects.get().token not in path
    visitor = Client(enforce_csrf_checks=True)
    page = visitor.get(path)
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]  # type: ignore[index]
    asked = visitor.post(path, {**SAID, "due": "2027-03-31", "text": HOSTILE, "csrfmiddlewaretoken": token})
    assert (asked.status_code, asked["Location"]) == (302, f"{path}?asked=yes")
    one = HelpRequest.objects.get()
    assert (one.kind, one.department, one.due, one.state, one.language, one.visibility) == (
        "partner", water, date(2027, 3, 31), "new", "ca", "office",
    )  # fmt: skip
    assert one.title.plain() == {"ca": SAID["title"]}
    first = cast.client("officer").get(TODAY)
    assert "1 request of a department" in [waits.words for waits in first.context["waiting"]]
    answer = reverse("staff:help_request", args=[one.public_id])
    shown = cast.client("officer").get(answer).text
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown
    assert cast.client("officer").post(answer, {"answer": "", "state": "answered"}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        cast.client("officer").post(answer, {"answer": "Ask Sfax & Tunis", "state": "answered"})
    one.refresh_from_db()
    assert (one.state, one.owner, one.answered_by) == ("answered", cast.officer, cast.officer)
    (letter,) = mail.outbox
    assert (letter.to, letter.reply_to) == (["nuria@example.org"], ["officer@example.org"])
    assert letter.body.count("Ask Sfax & Tunis") == 1
    assert SAID["title"] in letter.subject
    assert SAID["title"] not in visitor.get(path).text  # a link is handed on: it tells nobody what others asked


def test_links_that_are_closed_expired_or_unknown(cast: Cast, water: Department) -> None:
    link, path = link_for(cast, water)
    _late, expired = link_for(cast, water, expires_on=timezone.localdate() - timedelta(1))
    visitor = Client()
    assert (visitor.get(path).status_code, visitor.get(expired).status_code) == (200, 410)
    cast.client("officer").post(reverse("staff:help_link_withdraw", args=[link.pk]))
    for address in (path, expired):
        assert visitor.post(address, SAID).status_code == 410
    assert visitor.get(reverse("ask_help", args=["nothing"])).status_code == 404
    assert HelpRequest.objects.count() == 0


def test_a_form_that_says_too_little_or_comes_too_often(
    cast: Cast, water: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    _link, path = link_for(cast, water)
    visitor = Client()
    wrong = visitor.post(path, {"kind": "money", "email": "nobody"})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"kind", "title", "name", "email"}
    monkeypatch.setattr(asking_help, "MOST_ASKED", 2)
    assert [visitor.post(path, SAID).status_code for _time in range(3)] == [302, 302, 429]
    monkeypatch.setattr(asking_help, "MOST_ASKED", 100)
    monkeypatch.setattr(actions, "MOST_THROUGH_A_LINK", 2)
    assert visitor.post(path, SAID).status_code == 429
    assert HelpRequest.objects.count() == 2


def test_who_is_signed_in_asks_and_sees_their_own(cast: Cast, water: Department) -> None:
    client = cast.client("contact")
    assert client.post(ASK, {**SAID, "department": water.pk}).status_code == 302
    made = HelpRequest.objects.get()
    assert (made.asker, made.department) == (cast.contact, water)
    HelpRequest.objects.update(answer="Here it is")
    assert "Here it is" in client.get(ASK).text
    assert "Here it is" not in cast.client("outsider").get(ASK).text
    assert cast.client("visitor").get(ASK).status_code == 302


def test_the_office_alone_sees_all(cast: Cast, water: Department) -> None:
    one = HelpRequest.objects.create(title=Text.of(en="Asked"), department=water)
    link, _path = link_for(cast, water)
    answer = reverse("staff:help_request", args=[one.public_id])
    withdraw = reverse("staff:help_link_withdraw", args=[link.pk])
    for who, status in {
        "administrator": 200, "officer": 200, "contact": 403, "participant": 403, "outsider": 403, "visitor": 302,
    }.items():  # fmt: skip
        client = cast.client(who)
        assert [client.get(page).status_code for page in (OVERVIEW, answer)] == [status, status]
        if status != 200:
            assert client.post(answer, {"answer": "No", "state": "declined"}).status_code == status
            assert client.post(withdraw).status_code == status
    one.refresh_from_db()
    link.refresh_from_db()
    assert (one.state, link.withdrawn_at) == ("new", None)


def test_a_year_is_counted_by_department_and_kind(cast: Cast, water: Department) -> None:
    roads = Department.objects.create(organisation=cast.amb, name=Text.of(en="Roads"))
    for department, kind, day in (
        (water, "partner", date(2026, 1, 1)), (water, "partner", date(2026, 12, 31)),
        (water, "visit", date(2026, 5, 1)), (roads, "other", date(2026, 5, 1)), (None, "call", date(2026, 5, 1)),
        (water, "partner", date(2025, 12, 31)),
    ):  # fmt: skip
        HelpRequest.objects.create(title=Text.of(en="x"), department=department, kind=kind, asked_on=day)
    HelpRequest.objects.create(title=Text.of(en="x"), department=water, asked_on=date(2026, 1, 1), illustrative=True)
    rows = yearly(cast.officer, 2026)
    assert [(str(row.department or ""), row.counts, row.total) for row in rows] == [
        ("Roads", [0, 0, 0, 0, 0, 1], 1),
        ("Water", [2, 0, 0, 1, 0, 0], 3),
        ("", [0, 1, 0, 0, 0, 0], 1),
        ("", [2, 1, 0, 1, 0, 1], 5),
    ]
    client = cast.client("officer")
    assert client.get(OVERVIEW).context["year"] == 2026
    assert client.get(f"{OVERVIEW}?year=2025").context["sums"].total == 1
    assert client.get(f"{OVERVIEW}?year=99999999999999999999").context["year"] == 2026
    assert yearly(cast.contact, 2026) == []


def test_few_queries_whatever_the_data(cast: Cast) -> None:
    client, counts = cast.client("officer"), []
    for size in (1, 12):
        for number in range(size):
            unit = Department.objects.create(organisation=cast.amb, name=Text.of(en=f"Unit {size} {number}"))
            one = HelpRequest.objects.create(
                title=Text.of(en="x"), department=unit, owner=cast.officer, asker=cast.officer
            )
            link_for(cast, unit)
        for page in (OVERVIEW, ASK, reverse("staff:help_request", args=[one.public_id]), reverse("staff:requests"),
                     reverse("staff:change", args=[one.public_id])):  # fmt: skip
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            counts.append(len(queries))
    assert counts[:5] == counts[5:]
    assert max(counts) <= 12


def test_requests_come_in_by_spreadsheet(cast: Cast, water: Department) -> None:
    rows = (
        "id,title,kind,department,who asks,mail,asked on,state\n"
        "r1,A city with trams,visita,Water,Núria,nuria@example.org,3/2/2026,resposta\n"
        "r2,Half a day,visit,Water,Núria,nobody,2026,new\n"
    )
    found = understand(tables()["requests"], read_table(rows.encode()), source="list")
    assert {problem.row for problem in found.problems} == {3}
    bring_in(found, by=cast.officer, leave_out_wrong_rows=True)
    made = HelpRequest.objects.get()
    assert (made.kind, made.department, made.asked_on, made.state, made.visibility) == (
        "visit", water, date(2026, 2, 3), "answered", "office",
    )  # fmt: skip
