"""Applications: the board, one page, deadlines by two clocks, tasks, partners and their answers."""

from __future__ import annotations

import re
import socket
from datetime import date, time, timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import LazySettings
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sympolis.office.core.imports.apply import bring_in
from sympolis.office.core.imports.definition import tables
from sympolis.office.core.imports.read import read_table
from sympolis.office.core.imports.understand import understand
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Person
from sympolis.office.projects.applications.actions import Moved, NotGranted, add_partner, decide, make_project, move
from sympolis.office.projects.applications.enums import ApplicationStage, Decision, PartnerRole
from sympolis.office.projects.applications.queries import success_of
from sympolis.office.projects.models import Application, ApplicationPartner, ApplicationTask, PartnerRequest, Project
from sympolis.office.synergies.partner_requests import send_partner_request
from tests.cast import Cast, office_today
from tests.factories import make_call, make_organisation
from tests.web.staff.rooms import HOSTILE

RULE = "The consortium must consist of at least three organisations from three different countries."
BOARD = reverse("staff:board")
STATUS = {"administrator": 200, "officer": 200, "contact": 403, "participant": 403, "outsider": 403, "visitor": 302}


def make(cast: Cast, title: str, **fields: Any) -> Application:
    return Application.objects.create(
        title=Text.of(en=title), **{"organisation": cast.amb, "visibility": "office", **fields}
    )


def address(name: str, one: Application, **more: Any) -> str:
    return reverse(f"staff:{name}", kwargs={"public_id": one.public_id, **more})


@pytest.fixture
def application(cast: Cast) -> Application:
    call = make_call(
        "Clean water", eligible_countries=("ES", "TN"), eligible_kinds=("city", "metropolitan-authority"),
        programme="Interreg NEXT MED", summary=Text.of(en=RULE),
        themes=("water",),
    )  # fmt: skip
    return make(cast, "Leaks", call=call, owner=cast.officer)


def test_the_office_alone(cast: Cast, application: Application) -> None:
    partner = application.partners.create(organisation=cast.sfax)
    task = application.tasks.create(text="Write")
    number = {"number": partner.pk}
    pages = [BOARD, address("application", application), address("application_proposals", application),
             address("application_ask", application, **number)]  # fmt: skip
    posts = [
        address("application_move", application), address("application_decide", application),
        address("application_task", application), address("application_task_done", application, number=task.pk),
        address("application_project", application), address("application_partner", application),
        address("application_partner_change", application, **number), address("application_ask", application, **number),
    ]  # fmt: skip
    for who, status in STATUS.items():
        client = cast.client(who)
        for page in pages:
            assert client.get(page).status_code == status, page
        for page in posts:
            assert client.get(page).status_code in {405, status}
            if status != 200:
                assert client.post(page, {"what": "remove"}).status_code == status
    assert (ApplicationTask.objects.count(), ApplicationPartner.objects.count()) == (1, 1)
    with pytest.raises(PermissionDenied):
        move(cast.contact, application, "idea", ApplicationStage.DRAFTING)


def test_an_office_that_begins_is_told_how(cast: Cast) -> None:
    board = cast.client("officer").get(reverse("staff:board")).content.decode()
    assert "No application yet" in board
    assert "Nothing here." not in board
    portfolio = cast.client("officer").get(reverse("staff:portfolio")).content.decode()
    assert f'href="{reverse("staff:projects_add")}"' in portfolio
    Application.objects.create(title=Text.of(en="Clean rivers"), organisation=cast.amb)
    board = cast.client("officer").get(reverse("staff:board")).content.decode()
    assert "Clean rivers" in board
    assert board.count("Nothing here.") == 6


def test_a_card_says_what_is_next_and_escapes_what_people_wrote(cast: Cast) -> None:
    """Those with the nearest deadline first; tasks that are done are not counted, whoever else has some."""
    evil = '<b title="x">Rivers</b>'
    cast.amb.short_name = evil
    cast.amb.save()
    later = make(cast, evil, programme=evil, deadline_on=office_today() + timedelta(days=90), decision="go")
    sooner = make(cast, "Springs", deadline_on=office_today() + timedelta(days=3))
    over = make(cast, "Over", stage="refused")
    Application.objects.filter(pk=over.pk).update(updated_at=timezone.now() - timedelta(days=367))
    later.tasks.create(text="Letter", due=date(2030, 5, 2))
    later.tasks.create(text="Budget")
    later.tasks.create(text="Done", due=date(2029, 1, 1), done_at=timezone.now())
    sooner.tasks.create(text="Sign")
    page = cast.client("officer").get(BOARD)
    assert [card.pk for column in page.context["columns"] for card in column.cards] == [sooner.pk, later.pk]
    shown = page.content.decode()
    assert "<b title" not in shown
    assert (
        shown.count("&lt;b title=&quot;x&quot;&gt;Rivers&lt;/b&gt;") == 6
    )  # title, label, button, programme, 2 houses
    assert '<p class="list-meta">2 tasks open · next: 2 May 2030</p>' in shown
    assert '<p class="list-meta">1 task open</p>' in shown
    assert shown.count("badge-soon") == shown.count("badge-open") == shown.count('">Go</span>') == 1
    assert shown.count('<option value="idea" selected>Idea</option>') == 2


def test_a_card_is_moved_by_a_form(cast: Cast, application: Application) -> None:
    client = cast.client("officer")
    page = client.get(BOARD)
    assert {one.stage: [str(card.title) for card in one.cards] for one in page.context["columns"] if one.cards} == {
        "idea": ["Leaks"]
    }
    client.post(address("application_move", application), {"seen": "idea", "to": "drafting", "back": "board"})
    application.refresh_from_db()
    assert application.stage == "drafting"
    assert [row.stage for row in application.history.all()] == ["drafting", "idea"]
    assert application.history.first().history_user == cast.officer
    assert client.post(address("application_move", application), {"seen": "drafting", "to": "won"}).status_code == 404


def test_the_second_of_two_who_move_one_card_is_told(cast: Cast, application: Application) -> None:
    move(cast.administrator, application, "idea", ApplicationStage.WITHDRAWN)
    client = cast.client("administrator")
    client.post(address("application_move", application), {"seen": "withdrawn", "to": "idea"})
    client.post(address("application_move", application), {"seen": "idea", "to": "withdrawn"})
    said = cast.client("officer").post(
        address("application_move", application), {"seen": "idea", "to": "submitted"}, follow=True
    )
    application.refresh_from_db()
    assert application.stage == "withdrawn"
    assert "“Leaks” was moved to “Withdrawn” by Administrator meanwhile." in said.text
    with pytest.raises(Moved) as refused:
        move(cast.officer, application, "idea", ApplicationStage.SUBMITTED)
    assert refused.value.stage == ApplicationStage.WITHDRAWN


def test_a_deadline_by_another_clock_is_shown_by_both(cast: Cast, application: Application) -> None:
    cast.office.time_zone = "Europe/Madrid"
    cast.office.save()
    Application.objects.update(deadline_on=date(2027, 3, 31), deadline_hour=time(1, 30), deadline_zone="Asia/Tokyo")
    client = cast.client("officer")
    page = client.get(address("application", application)).text
    assert "31 March 2027, 01:30 (Asia/Tokyo)" in page
    assert "here: 30 March 2027, 18:30 (Europe/Madrid)" in page
    Application.objects.update(deadline_zone="Europe/Brussels")
    page = client.get(address("application", application)).text
    assert "31 March 2027, 01:30 (Europe/Brussels)" in page
    assert "here:" not in page
    found = Application.objects.get()
    assert found.deadline is not None
    assert found.deadline.astimezone(timezone.get_fixed_timezone(0)).isoformat() == "2027-03-30T23:30:00+00:00"
    Application.objects.update(deadline_hour=None)
    assert Application.objects.get().deadline.isoformat() == "2027-03-31T23:59:59+02:00"  # type: ignore[union-attr]


def test_the_form(cast: Cast, application: Application) -> None:
    client = cast.client("officer")
    add = reverse("staff:applications_add")
    wrong = {
        "title_en": "New", "organisation": "AMB", "deadline_hour": "17:00", "deadline_zone": "Moon/Base",
        "amount": "-1", "owner": "contact@example.org",
    }  # fmt: skip
    said = client.post(add, wrong)
    told = ("Say on which day, too.", "Moon/Base is not one of the available choices", "greater than or equal to 0")
    assert [words for words in told if words not in said.text] == []
    assert "owner" in said.context["form"].errors
    right = {"title_en": HOSTILE, "organisation": "AMB", "deadline_on": "2027-03-31", "deadline_hour": "17:00",
             "deadline_zone": "Europe/Brussels", "amount": "250000.50", "owner": "officer@example.org"}  # fmt: skip
    assert client.post(add, right).status_code == 302
    made = Application.objects.exclude(pk=application.pk).get()
    assert (made.amount, made.owner, made.deadline_hour) == (Decimal("250000.50"), cast.officer, time(17))
    assert made.visibility == "office"
    for page in (BOARD, address("application", made), address("change", made)):
        text = client.get(page).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


def test_an_application_begins_at_a_call(cast: Cast) -> None:
    """What the call says need not be written again; of a call one does not see, nothing is said."""
    day = {"closes_earliest": date(2027, 3, 1), "closes_latest": date(2027, 3, 1)}
    call = make_call("Clean harbours", programme="NEXT MED", currency="MAD", **day)
    add = reverse("staff:applications_add")
    link = f"{add}?from={call.public_id}"
    assert link in cast.client("officer").get(call.get_absolute_url()).text
    assert link not in cast.client("contact").get(call.get_absolute_url()).text
    form = cast.client("officer").get(link).context["form"]
    asked = ("call", "programme", "currency", "deadline_on", "organisation", "owner")
    assert {name: form[name].value() for name in asked} == {
        "call": call.pk, "programme": "NEXT MED", "currency": "MAD", "deadline_on": date(2027, 3, 1),
        "organisation": cast.amb, "owner": cast.officer.email,
    }  # fmt: skip
    shown = cast.client("officer").get(link).text
    assert f'<option value="{call.pk}" selected>Clean harbours' in shown
    assert "Clean harbours</textarea>" in shown or 'value="Clean harbours"' in shown
    said = cast.client("officer").post(link, {"title_en": "Ours", "organisation": "AMB", "call": call.pk,
                                              "deadline_on": "2027-03-01"})  # fmt: skip
    assert (said.status_code, Application.objects.get().call) == (302, call)
    assert cast.client("officer").get(f"{add}?from=cal_aaaaaaaaaaaa").context["form"]["call"].value() is None


def test_go_or_no_go_with_reason_who_and_when(cast: Cast, application: Application) -> None:
    client = cast.client("officer")
    page = address("application_decide", application)
    assert client.post(page, {"decision": "go"}).status_code == 422
    assert client.post(page, {"decision": "perhaps", "reason": "x"}).status_code == 422
    client.post(page, {"decision": "no-go", "reason": "No money of our own"})
    found = Application.objects.get()
    assert (found.decision, found.decision_reason, found.decided_by) == ("no-go", "No money of our own", cast.officer)
    assert found.decided_at is not None
    decide(cast.administrator, found, Decision.GO, "There is money")
    assert [row.decision for row in found.history.all()] == ["go", "no-go", ""]


def test_tasks(cast: Cast, application: Application) -> None:
    client, today = cast.client("officer"), office_today()
    page = address("application_task", application)
    assert client.post(page, {"text": ""}).status_code == 422
    yesterday = (today - timedelta(1)).isoformat()
    client.post(page, {"text": "Write the budget", "owner": "officer@example.org", "due": yesterday})
    client.post(page, {"text": "Later", "due": (today + timedelta(1)).isoformat()})
    first = client.get(reverse("staff:dashboard"))
    assert [task.task for task in first.context["tasks"]] == ["Write the budget"]
    task = ApplicationTask.objects.get(text="Write the budget")
    done = address("application_task_done", application, number=task.pk)
    client.post(done, {"what": "done"})
    task.refresh_from_db()
    assert (task.done_by, task.done_at is not None) == (cast.officer, True)
    cast.client("administrator").post(done, {"what": "done"})  # once more: who did it first stays
    task.refresh_from_db()
    assert task.done_by == cast.officer
    client.post(done, {"what": "open"})
    task.refresh_from_db()
    assert (task.done_by, task.done_at) == (None, None)
    other = make(cast, "Another")
    assert client.post(address("application_task_done", other, number=task.pk), {"what": "remove"}).status_code == 404
    client.post(done, {"what": "remove"})
    assert [task.text for task in ApplicationTask.objects.all()] == ["Later"]


def test_the_first_screen_says_what_is_to_be_handed_in(cast: Cast) -> None:
    today = office_today()
    rows = (("Past", -1, "idea"), ("Soon", 3, "drafting"), ("Far", 90, "partners"), ("Done", 3, "submitted"))
    for title, days, stage in rows:
        make(cast, title, deadline_on=today + timedelta(days), stage=stage)
    shown = cast.client("officer").get(reverse("staff:dashboard"))
    told = [(str(one.record.title), one.days, one.is_soon) for one in shown.context["applications_closing"]]
    assert told == [("Soon", 3, True), ("Far", 90, False)]


def test_what_is_granted_becomes_a_project_once(cast: Cast, application: Application) -> None:
    client = cast.client("officer")
    with pytest.raises(NotGranted):
        make_project(cast.officer, application)
    said = client.post(address("application_project", application), follow=True).text
    assert "Only what was granted becomes a project." in said
    tunis, izmir = make_organisation("Tunis"), make_organisation("Izmir")
    houses = ((cast.sfax, "partner", "yes"), (tunis, "partner", "no"), (izmir, "associated", "yes"))
    for house, role, state in houses:
        application.partners.create(organisation=house, role=role, state=state)
    Application.objects.update(stage="granted", amount="100000.10", currency="EUR")
    for _twice in range(2):
        client.post(address("application_project", application))
    made = Project.objects.get()
    assert {(part.organisation.slug, part.role) for part in made.participations.all()} == {
        ("amb", "lead"), ("sfax", "partner"),
    }  # fmt: skip
    assert (made.budget, made.programme, str(made.title), made.visibility) == (
        Decimal("100000.10"), "Interreg NEXT MED", "Leaks", "office",
    )  # fmt: skip
    application.refresh_from_db()
    assert application.project == made


def test_the_success_rate_counts_what_was_decided(cast: Cast) -> None:
    rows = (("granted", "10.10"), ("granted", "20.20"), ("refused", "5"), ("withdrawn", None), ("idea", None))
    for stage, amount in rows:
        make(cast, stage, stage=stage, amount=amount)
    make(cast, "An example", stage="granted", illustrative=True, amount="1000")
    found = success_of(Application.objects.all())
    assert (found.granted, found.refused, found.money) == (2, 1, [("EUR", Decimal("30.30"))])
    assert round(found.rate, 4) == Decimal("0.6667")  # type: ignore[arg-type]
    assert "67" in cast.client("officer").get(BOARD).text
    assert success_of(Application.objects.none()).rate is None


def test_partners_are_held_against_the_call(cast: Cast, application: Application) -> None:
    client = cast.client("officer")
    page = address("application_partner", application)
    assert client.post(page, {"organisation": "Nowhere at all", "role": "partner"}).status_code == 422
    rabat = make_organisation("University of Rabat", kind="university", country="MA")
    for name in ("Sfax", "University of Rabat", "Sfax", "AMB"):
        client.post(page, {"organisation": name, "role": "partner"})
    assert [row.organisation.name for row in application.partners.all()] == ["Sfax", "University of Rabat"]
    shown = client.get(address("application", application))
    against = {one.row.organisation.name: len(one.against) for one in shown.context["partners"]}
    assert against == {"Sfax": 0, "University of Rabat": 2}
    assert "Bodies of these countries may not apply: Morocco." in shown.text
    row = application.partners.get(organisation=rabat)
    change = address("application_partner_change", application, number=row.pk)
    assert client.post(change, {"role": "partner", "state": "perhaps"}).status_code == 404
    client.post(change, {"role": "associated", "state": "asked"})
    row.refresh_from_db()
    assert (row.role, row.state) == ("associated", "asked")
    client.post(change, {"what": "remove"})
    assert [row.organisation.name for row in application.partners.all()] == ["Sfax"]
    versions = [sorted(row.lists["organisations"]) for row in application.history.order_by("history_id")]
    assert versions[-1] == [cast.sfax.public_id]
    assert versions[-2] == sorted([cast.sfax.public_id, rabat.public_id])
    with pytest.raises(IntegrityError), transaction.atomic():
        ApplicationPartner.objects.create(application=application, organisation=cast.sfax)


def test_what_is_missing_is_said(cast: Cast, application: Application) -> None:
    shown = cast.client("officer").get(address("application", application))
    first = len(shown.context["checked"].missing)
    assert first > 0
    for name, country in (("Tunis", "TN"), ("Izmir", "TR"), ("Rabat 2", "MA")):
        add_partner(cast.officer, application, make_organisation(name, country=country), PartnerRole.PARTNER)
    shown = cast.client("officer").get(address("application", application))
    assert len(shown.context["checked"].missing) < first


def test_proposals_leave_out_who_is_there(cast: Cast, application: Application) -> None:
    for name in ("Sousse", "Gabès", "Bizerte"):
        make_organisation(name, country="TN", themes=("water",))
    client = cast.client("officer")
    page = client.get(address("application_proposals", application))
    names = {str(one.party.name) for one, _ in page.context["proposed"]}
    assert {"Sousse", "Gabès", "Bizerte"} & names
    chosen = page.context["proposed"][0][0].party
    client.post(address("application_partner", application), {"proposed": chosen.id})
    again = client.get(address("application_proposals", application))
    left = [one.party.id for one, _ in again.context["proposed"]]
    assert chosen.id not in left
    saying = again.context["proposed"][0][1]
    said = {**dict(saying.hidden), "record": saying.key, "verdict": "no", "why": "Too far"}
    answer = client.post(saying.action, said)
    assert answer.headers["Location"] == address("application", application)
    now = client.get(address("application_proposals", application))
    assert saying.key not in [one.party.id for one, _ in now.context["proposed"]]
    [aside] = now.context["put_aside"]
    assert (aside.key, aside.word, aside.said.reason) == (saying.key, "No", "Too far")
    assert application.partners.get().organisation.public_id == chosen.id


class Inbox:
    """Takes what comes over SMTP."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (the library calls it so)
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 taken"


def ask(cast: Cast, application: Application, capture: Any, **fields: str) -> ApplicationPartner:
    row, _made = ApplicationPartner.objects.get_or_create(application=application, organisation=cast.sfax)
    page, client = address("application_ask", application, number=row.pk), cast.client("officer")
    form = client.get(page).context["form"]
    said = {name: form[name].value() for name in ("subject", "body", "language")} | {
        "to": "sfax@example.org", "expires_on": (office_today() + timedelta(10)).isoformat(), **fields,
    }  # fmt: skip
    with capture(execute=True):
        assert client.post(page, said).status_code == 302
    return row


def test_a_partner_is_asked_over_smtp_and_answers_once(
    cast: Cast, application: Application, settings: LazySettings, django_capture_on_commit_callbacks: Any
) -> None:
    settings.SITE_ADDRESS = "https://city.example"
    Person.objects.create(organisation=cast.sfax, name="Amal", email="amal@example.org", language="fr")
    inbox = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    options = {"host": "127.0.0.1", "port": port, "use_tls": False, "timeout": 10}
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
    try:
        row = ask(cast, application, django_capture_on_commit_callbacks)
        asked = PartnerRequest.objects.get()
        assert send_partner_request.func(asked.pk, "https://city.example") is False  # sent once
        ((to, letter),) = inbox.mails
        body = letter.get_body(("plain",)).get_content()
        link = re.search(r"https://city\.example(/fr/partner/[\w-]+/)", body)
        assert to == ["sfax@example.org"]
        assert letter["Reply-To"] == "officer@example.org"
        assert link is not None
        path = link[1]
        assert asked.token not in path  # a check of it is kept, and not the token
        row.refresh_from_db()
        assert (row.state, asked.language) == ("asked", "fr")
        visitor = Client()
        page = visitor.get(path)
        assert (page.status_code, page["X-Robots-Tag"]) == (200, "noindex, nofollow")
        assert "Leaks" in page.text
        assert visitor.post(path, {"answer": "perhaps"}).status_code == 400
        with django_capture_on_commit_callbacks(execute=True):
            assert visitor.post(path, {"answer": "yes", "words": HOSTILE}).status_code == 200
        row.refresh_from_db()
        assert row.state == "yes"
        second = visitor.post(path, {"answer": "no"})
        assert second.status_code == 409
        assert "<script>alert" not in second.text
        row.refresh_from_db()
        assert (row.state, PartnerRequest.objects.get().answer) == ("yes", "yes")
        assert [to for to, _letter in inbox.mails[1:]] == [["officer@example.org"]]
        assert "Sfax answers: Yes" in inbox.mails[1][1]["Subject"]
        assert HOSTILE in inbox.mails[1][1].get_body(("plain",)).get_content()
        shown = cast.client("officer").get(address("application", application)).text
        assert "&lt;script&gt;alert" in shown
    finally:
        controller.stop()


def test_an_address_that_is_expired_or_unknown(
    cast: Cast, application: Application, django_capture_on_commit_callbacks: Any
) -> None:
    row = ask(cast, application, django_capture_on_commit_callbacks)
    path = re.search(r"(/\w\w/partner/[\w-]+/)", mail.outbox[0].body)[1]  # type: ignore[index]
    PartnerRequest.objects.update(expires_on=timezone.localdate() - timedelta(1))
    visitor = Client()
    for answer in (visitor.get(path), visitor.post(path, {"answer": "yes"})):
        assert answer.status_code == 410
    row.refresh_from_db()
    assert row.state == "asked"
    assert visitor.get(reverse("partner_answer", args=["nothing"])).status_code == 404


def test_a_mail_to_a_partner_is_looked_at_first(cast: Cast, application: Application) -> None:
    row = application.partners.create(organisation=cast.sfax)
    page = address("application_ask", application, number=row.pk)
    said = cast.client("officer").post(
        page, {"to": "nobody", "subject": "", "body": "x" * 10_001, "language": "en", "expires_on": "2020-01-01"}
    )
    assert said.status_code == 422
    assert set(said.context["form"].errors) == {"to", "subject", "body", "expires_on"}
    assert (PartnerRequest.objects.count(), len(mail.outbox)) == (0, 0)
    assert cast.client("officer").get(f"{page}?language=ar").context["form"]["language"].value() == "ar"


def test_applications_come_in_by_spreadsheet(cast: Cast) -> None:
    make_call("Clean water", slug="clean-water")
    rows = (
        "id,title,who applies,call,stage,deadline,hora del termini,fuseau horaire,amount,result\n"
        'a1,Leaks,AMB,clean-water,presentada,31/3/2027,17h,europe/brussels,"1.250.000,50",\n'
        "a2,Shade,AMB,,idea,2027-03,,,,\n"
        "a3,Sun,AMB,,idea,,17:00,,,\n"
    )
    found = understand(tables()["applications"], read_table(rows.encode()), source="list")
    assert [problem.row for problem in found.problems] == [3, 4]
    bring_in(found, by=cast.officer, leave_out_wrong_rows=True)
    made = Application.objects.get(source_id="a1")
    assert (made.stage, made.deadline_on, made.amount, made.visibility) == (
        "submitted", date(2027, 3, 31), Decimal("1250000.50"), "office",
    )  # fmt: skip
    assert str(made.call) == "Clean water"
    assert made.deadline is not None
    assert made.deadline.isoformat() == "2027-03-31T17:00:00+02:00"


def test_few_queries_whatever_the_data(cast: Cast, application: Application) -> None:
    client, counts = cast.client("officer"), []
    for size in (1, 12):
        for number in range(size):
            one = make(cast, f"Application {size} {number}", call=application.call, owner=cast.officer, stage="granted")
            one.tasks.create(text="Write", owner=cast.officer, due=office_today())
            application.tasks.create(text="Write", owner=cast.officer, done_by=cast.officer)
            house = make_organisation(f"House {size} {number}", country="TN")
            row = application.partners.create(organisation=house)
            row.requests.create(language="en", to="x@example.org", subject="s", body="b", expires_on=office_today())
        for page in (BOARD, address("application", application), reverse("staff:applications"),
                     address("change", application)):  # fmt: skip
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            counts.append(len(queries))
    assert counts[:4] == counts[4:]
    assert max(counts) <= 12, counts
