"""Who comes into a session: by mail, by its audience, as long as there are places; who waits gets the next one."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Person
from sympolis.office.planning.enums import Phase, SessionAudience
from sympolis.office.planning.models import Plan, Process, ProcessPhase, Session
from sympolis.office.planning.sessions.actions import (
    Said,
    Seat,
    contribute,
    join,
    keep_session,
    open_link,
    place_dot,
    set_phase,
    take_groups,
)
from sympolis.office.planning.sessions.errors import (
    ClosedByThePlan,
    DotsClosedByThePlan,
    NoAddress,
    NoPlaceLeft,
    OnlyForOrganisations,
    OnlyInvited,
    PlaceInUse,
)
from sympolis.office.planning.sessions.invitations import (
    Invited,
    UnreadableLines,
    accept,
    decline,
    give_places,
    give_up,
    invite,
    read_invited,
    send_session_invitation,
    token_of,
    wait_for_place,
)
from tests.cast import Cast

SITE = "https://plan.example"


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return Plan.objects.create(organisation=cast.amb, title=Text.of(en="Our plan"), kind="plan")


@pytest.fixture
def session(cast: Cast, plan: Plan) -> Session:
    return keep_session(
        Session(organisation=cast.amb, plan=plan, title=Text.of(en="First session", fr="Première séance"))
    )


def asked(cast: Cast, session: Session, *people: Invited, kind: str = "expert") -> list[Any]:
    invite(cast.officer, session, kind, people, SITE)
    found = list(session.invitations.order_by("pk"))
    for one in found:
        send_session_invitation.call(one.pk, SITE)
        one.refresh_from_db()
    return found


def entries(message: Any) -> list[Any]:
    """What the mail puts into a calendar."""
    kinds = [part for part in message.alternatives if part.mimetype.startswith("text/calendar")]
    return [event for part in kinds for event in Calendar.from_ical(part.content).walk("VEVENT")]


def test_lines_of_addresses() -> None:
    found = read_invited("Ana <ANA@a.example>\n\n b@b.example \nJordi; Ajuntament de Gavà; c@c.example", "ca")
    assert found == [
        Invited("ana@a.example", "Ana", "", "ca"), Invited("b@b.example", "", "", "ca"),
        Invited("c@c.example", "Jordi", "Ajuntament de Gavà", "ca"),
    ]  # fmt: skip
    with pytest.raises(UnreadableLines) as wrong:
        read_invited("a@a.example\nnobody", "en")
    assert wrong.value.lines == ["nobody"]


class TestInvitations:
    def test_one_mail_each_in_their_language_with_an_address_of_their_own(self, cast: Cast, session: Session) -> None:
        people = (Invited("a@a.example", "Ana", "Lab", "fr"), Invited("b@b.example", language="en"))
        one, _other = asked(cast, session, *people)
        assert invite(cast.officer, session, "expert", people, SITE) == 0
        assert send_session_invitation.call(one.pk, SITE) is False
        first, second = mail.outbox
        assert (first.to, first.reply_to, first.subject) == (
            ["a@a.example"], ["officer@example.org"], "Invitation : Première séance",
        )  # fmt: skip
        assert f"{SITE}/fr/join/invited/{token_of(one)}/" in first.body
        assert second.subject == "Invitation: First session"
        assert one.asked_at is not None

    def test_an_entry_for_the_calendar_and_another_when_it_has_changed(
        self, cast: Cast, session: Session, django_capture_on_commit_callbacks: Any
    ) -> None:
        session.starts = PartialDate(date(2027, 3, 4), date(2027, 3, 4))
        session.from_hour, session.until_hour, session.place = time(10), time(12, 30), "Room 2"
        keep_session(session)
        ana, ben = asked(cast, session, Invited("a@a.example", "Ana"), Invited("b@b.example"))
        [first] = entries(mail.outbox[0])
        assert (first["uid"], first["location"], first["organizer"].to_ical()) == (
            f"{session.public_id}@sympolis", "Room 2", b"mailto:officer@example.org",
        )  # fmt: skip
        madrid = ZoneInfo("Europe/Madrid")
        assert first.decoded("dtstart") == datetime(2027, 3, 4, 10, tzinfo=madrid)
        assert first.decoded("dtend") == datetime(2027, 3, 4, 12, 30, tzinfo=madrid)
        decline(ben)
        at = reverse("staff:session_changed", args=[session.public_id])
        assert cast.client("contact").post(at).status_code == 403
        page = reverse("staff:session_invitations", args=[session.public_id])
        assert "was told another day" not in cast.client("officer").get(page).content.decode()
        session.starts = PartialDate(date(2027, 3, 11), date(2027, 3, 11))
        keep_session(session)
        assert "1 person was told another day, hour or place." in cast.client("officer").get(page).content.decode()
        with django_capture_on_commit_callbacks(execute=True):
            cast.client("officer").post(at)
        assert [(one.to, one.subject) for one in mail.outbox[2:]] == [
            (["a@a.example"], "It has changed: First session")
        ]
        [second] = entries(mail.outbox[2])
        assert (second["uid"], second.decoded("dtstart").day) == (first["uid"], 11)
        assert second["sequence"] > first["sequence"]
        ana.refresh_from_db()
        assert (ana.told["starts"], ana.waits) == ("2027-03-11", False)
        _made, token = accept(ana, Seat("expert", "Ana"))
        own = Client().get(reverse("session_calendar", kwargs={"token": token}))
        assert own["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
        [entry] = Calendar.from_ical(own.content).walk("VEVENT")
        assert entry["url"].endswith(reverse("session_in", kwargs={"token": token}))

    def test_without_a_day_there_is_no_entry(self, cast: Cast, session: Session) -> None:
        [one] = asked(cast, session, Invited("a@a.example"))
        assert entries(mail.outbox[0]) == []
        _made, token = accept(one, Seat("expert", "Ana"))
        assert Client().get(reverse("session_calendar", kwargs={"token": token})).status_code == 404

    def test_who_is_invited_comes_in_as_what_they_were_invited(self, cast: Cast, session: Session) -> None:
        session.audience = SessionAudience.INVITED
        keep_session(session)
        link, token = open_link(cast.officer, session, "council")
        with pytest.raises(OnlyInvited):
            join(link, "", "Someone")
        [one] = asked(cast, session, Invited("a@a.example", "Ana", "Lab"))
        client, at = Client(), reverse("session_invited", kwargs={"token": token_of(one)})
        assert 'value="Lab"' in client.get(at).content.decode()
        response = client.post(at, {"speaks_for": "Lab", "name": "Ana"})
        assert response.status_code == 302
        made = session.participants.get()
        assert (made.kind, made.speaks_for, made.link_id) == ("expert", "Lab", None)
        assert client.get(response["Location"]).status_code == 200
        again = Client().get(at)  # the address is theirs: on another machine it leads to their page
        assert Client().get(again["Location"]).status_code == 200
        assert Client().get(response["Location"]).status_code == 404
        assert session.participants.count() == 1
        assert "Only who is invited" in Client().post(reverse("session_join", kwargs={"token": token}), {
            "speaks_for": "Else"}).content.decode()  # fmt: skip

    def test_who_cannot_come_says_so(self, cast: Cast, session: Session) -> None:
        [one] = asked(cast, session, Invited("a@a.example"))
        at = reverse("session_invited", kwargs={"token": token_of(one)})
        Client().post(at, {"what": "decline"})
        one.refresh_from_db()
        assert one.declined_at is not None
        assert "You said that you can't come" in Client().get(at).content.decode()
        accept(one, Seat("expert", "Ana"))
        one.refresh_from_db()
        assert (one.declined_at, one.participant_id is None) == (None, False)
        decline(one)
        one.refresh_from_db()
        assert one.declined_at is None

    def test_nobody_made_up(self, cast: Cast, session: Session) -> None:
        [one] = asked(cast, session, Invited("a@a.example"))
        for token in (f"{one.pk}.x", "nothing", token_of(one)[:-1]):
            assert Client().get(reverse("session_invited", kwargs={"token": token})).status_code == 404
        at = reverse("session_invited", kwargs={"token": token_of(one)})
        back = reverse("staff:session_invitation_back", args=[session.public_id, one.pk])
        cast.client("officer").post(back)
        assert Client().get(at).status_code == 404

    @pytest.mark.parametrize("who", ["contact", "participant", "outsider"])
    def test_officers_alone(self, cast: Cast, session: Session, who: str) -> None:
        with pytest.raises(PermissionDenied):
            invite(getattr(cast, who), session, "expert", [Invited("a@a.example")], SITE)
        for name in ("session_invitations", "session_places"):
            at = reverse(f"staff:{name}", args=[session.public_id])
            assert cast.client(who).post(at).status_code == 403
            assert cast.client("visitor").post(at).status_code == 302

    def test_on_the_offices_page(self, cast: Cast, session: Session) -> None:
        Person.objects.create(organisation=cast.sfax, name="Sami", email="sami@sfax.example", language="fr")
        Person.objects.create(
            organisation=cast.sfax, name="Gone", email="gone@sfax.example",
            basis_until_earliest=date(2020, 1, 1), basis_until_latest=date(2020, 1, 1),
        )  # fmt: skip
        client, at = cast.client("officer"), reverse("staff:session_invitations", args=[session.public_id])
        sent = {"kind": "council", "language": "ca", "addresses": "<b>x</b>; b@b.example", "organisations": ["Sfax"]}
        assert client.post(at, sent).status_code == 302
        assert sorted(session.invitations.values_list("email", "kind", "language")) == [
            ("b@b.example", "council", "ca"), ("sami@sfax.example", "council", "fr"),
        ]  # fmt: skip
        page = client.get(at).content.decode()
        assert "b&gt;x&lt;/b" in page
        assert '<td class="num" data-label="Invited">2</td>' in page
        wrong = client.post(at, {"kind": "council", "language": "ca", "addresses": "nobody"})
        assert wrong.status_code == 422
        assert "There is no mail address in: nobody" in wrong.content.decode()

    def test_few_questions(self, cast: Cast, session: Session) -> None:
        client, counted = cast.client("officer"), []
        at = reverse("staff:session_invitations", args=[session.public_id])
        for size in (2, 60):
            invite(cast.officer, session, "expert", [Invited(f"p{n}@{size}.example") for n in range(size)], SITE)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(at).status_code == 200
            counted.append(len(queries))
        assert counted[1] <= counted[0] <= 12


class TestPlaces:
    def test_as_many_as_there_are_and_the_next_in_line_is_told(self, cast: Cast, session: Session) -> None:
        session.capacity = 1
        keep_session(session)
        link, _token = open_link(cast.officer, session, "council")
        first, _own = join(link, "One", "A")
        with pytest.raises(NoPlaceLeft):
            join(link, "Two", "B")
        with pytest.raises(NoAddress):
            wait_for_place(session, Seat("council", "Two", "B"), link)
        for _twice in range(2):
            wait_for_place(session, Seat("council", "Two", "B", "two@b.example", "fr"), link)
        wait_for_place(session, Seat("council", "Three", "C", "three@c.example", "en"), link)
        assert session.waiting.count() == 2
        assert give_places.call(session.pk, SITE) == 0
        give_up(first)
        assert give_places.call(session.pk, SITE) == 1
        [told] = mail.outbox
        assert (told.to, told.subject) == (["two@b.example"], "Vous avez une place\xa0: Première séance")
        address = re.search(rf"{SITE}(/fr/join/in/\S+)", told.body)
        assert address
        assert Client().get(address[1]).status_code == 200
        assert [one.name for one in session.participants.all()] == ["Two"]
        assert [one.name for one in session.waiting.all()] == ["Three"]
        session.refresh_from_db()
        session.capacity = None
        keep_session(session)
        assert give_places.call(session.pk, SITE) == 1
        assert session.participants.values_list("email", flat=True).distinct().get() == ""

    def test_a_mail_that_does_not_go_out_leaves_their_turn(
        self, cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        link, _token = open_link(cast.officer, session, "council")
        wait_for_place(session, Seat("council", "Two", "B", "two@b.example"), link)

        def refuses(*_args: Any, **_more: Any) -> int:
            raise OSError("no server")

        monkeypatch.setattr("django.core.mail.EmailMessage.send", refuses)
        with pytest.raises(OSError, match="no server"):
            give_places.call(session.pk, SITE)
        assert (session.participants.count(), session.waiting.count()) == (0, 1)

    def test_once_begun_a_place_is_kept(self, cast: Cast, session: Session) -> None:
        link, _token = open_link(cast.officer, session, "council")
        somebody, own = join(link, "One", "A")
        set_phase(cast.officer, session, Phase.CONTRIBUTE)
        with pytest.raises(PlaceInUse):
            give_up(somebody)
        Client().post(reverse("session_leave", kwargs={"token": own}))
        assert session.participants.count() == 1

    def test_waiting_at_the_door(self, cast: Cast, session: Session) -> None:
        session.capacity = 1
        keep_session(session)
        link, token = open_link(cast.officer, session, "council")
        _first, own = join(link, "One", "A")
        client, at = Client(), reverse("session_join", kwargs={"token": token})
        assert "Wait for a place" in client.get(at).content.decode()
        full = client.post(at, {"speaks_for": "B"})
        assert full.status_code == 400
        assert "All places are taken" in full.content.decode()
        assert "Write a mail address" in client.post(at, {"speaks_for": "B", "what": "wait"}).content.decode()
        assert client.post(at, {"speaks_for": "B", "what": "wait", "email": "b@b.example"}).status_code == 302
        assert session.waiting.get().email == "b@b.example"
        page = cast.client("officer").get(reverse("staff:session_invitations", args=[session.public_id]))
        assert "b@b.example" in page.content.decode()
        assert Client().post(reverse("session_leave", kwargs={"token": own})).status_code == 302
        assert not session.participants.exists()

    def test_who_waits_sees_their_place_and_may_stop(self, cast: Cast, session: Session) -> None:
        session.capacity = 1
        keep_session(session)
        link, token = open_link(cast.officer, session, "council")
        join(link, "One", "A")
        wait_for_place(session, Seat("council", "Two", "B", "two@b.example"), link)
        at, sent = reverse("session_join", kwargs={"token": token}), {"speaks_for": "C", "what": "wait"}
        client, other = Client(), Client()
        client.post(at, {**sent, "email": "three@c.example"})
        other.post(at, {**sent, "email": "two@b.example"})  # an address of somebody else: their place is not handed out
        for _reloaded in range(2):
            page = client.get(at).content.decode()
            assert "You wait for a place: you are number 2 on the waiting list." in page
            assert "you get a mail at <bdi>three@c.example</bdi>" in page
            assert 'name="speaks_for"' not in page
        page = other.get(at).content.decode()
        assert ('name="speaks_for"' in page, "you are number" in page) == (True, False)
        for wrong in (other, Client()):
            wrong.post(at, {"what": "unwait"})
        client.post(at, {"what": "decline"})
        assert session.waiting.count() == 2
        assert client.post(at, {"what": "unwait"})["Location"] == at
        assert [one.email for one in session.waiting.all()] == ["two@b.example"]
        assert 'name="speaks_for"' in client.get(at).content.decode()

    def test_who_is_invited_and_waits_sees_it_at_their_own_address(self, cast: Cast, session: Session) -> None:
        (one,) = asked(cast, session, Invited("one@a.example"))
        session.capacity = 1
        keep_session(session)
        join(open_link(cast.officer, session, "council")[0], "One", "A")
        at = reverse("session_invited", kwargs={"token": token_of(one)})
        Client().post(at, {"for_myself": "on", "what": "wait"})
        page = Client().get(at).content.decode()
        assert "you are number 1 on the waiting list." in page
        assert "I no longer wait" in page


class TestAudience:
    def test_who_acts_for_an_organisation(self, cast: Cast, session: Session) -> None:
        session.audience = SessionAudience.ORGANISATIONS
        keep_session(session)
        link, token = open_link(cast.officer, session, "council")
        for user in (None, cast.participant):
            with pytest.raises(OnlyForOrganisations):
                join(link, "", "A", user=user)
        join(link, "", "Sfax", user=cast.contact)
        at = reverse("session_join", kwargs={"token": token})
        came = {who: cast.client(who).post(at, {"speaks_for": who}).status_code for who in (
            "visitor", "participant", "contact", "outsider", "officer")}  # fmt: skip
        assert came == {"visitor": 403, "participant": 403, "contact": 302, "outsider": 302, "officer": 302}

    def test_everybody_from_the_plans_page_while_a_phase_says_so(
        self, cast: Cast, plan: Plan, session: Session
    ) -> None:
        session.audience = SessionAudience.PUBLIC
        keep_session(session)
        at = reverse("public:plan", kwargs={"slug": plan.slug, "public_id": plan.public_id})
        assert "Take part" not in Client().get(at).content.decode()
        phase = a_phase(plan, contribute=True)
        page = Client().get(at).content.decode()
        address = re.search(r'href="(/en/join/[^"]+)"', page)
        assert address
        assert "First session" in page
        assert Client().post(address[1], {"for_myself": "on"}).status_code == 302
        assert session.participants.get().kind == "other"
        ProcessPhase.objects.filter(pk=phase.pk).update(ends=yesterday())
        assert "First session" not in Client().get(at).content.decode()
        session.refresh_from_db()
        session.audience = SessionAudience.LINK
        keep_session(session)
        assert Client().get(address[1]).status_code == 410

    def test_contributing_and_dots_are_closed_outside_their_phases(
        self, cast: Cast, plan: Plan, session: Session
    ) -> None:
        link, _token = open_link(cast.officer, session, "council")
        somebody, own = join(link, "One", "A")
        set_phase(cast.officer, session, Phase.CONTRIBUTE)
        over = a_phase(plan, starts=yesterday(), ends=yesterday(), contribute=True)
        with pytest.raises(ClosedByThePlan):
            contribute(somebody, Said("client-one", "Too late"))
        ProcessPhase.objects.filter(pk=over.pk).update(ends=timezone.localdate() + timedelta(days=1))
        contribute(somebody, Said("client-one", "In time"))
        [group] = take_groups(cast.officer, session, [(Text.of(en="Group"), [])])
        set_phase(cast.officer, session, Phase.PRIORITISE)
        place_dot(somebody, group, "dot-one")  # no phase speaks of dots
        a_phase(plan, starts=yesterday(), ends=yesterday(), prioritise=True)
        with pytest.raises(DotsClosedByThePlan):
            place_dot(somebody, group, "dot-two")
        page = Client().get(reverse("session_in", kwargs={"token": own})).content.decode()
        assert page.count("The phases of the plan do not have this open today.") == 1
        assert 'value="on"' not in page  # nor is it offered
        at = reverse("staff:session", kwargs={"public_id": session.public_id})
        assert "what people send is refused" in cast.client("officer").get(at).content.decode()
        set_phase(cast.officer, session, Phase.CONTRIBUTE)
        assert "what people send is refused" not in cast.client("officer").get(at).content.decode()
        set_phase(cast.officer, session, Phase.PRIORITISE)
        assert place_dot(somebody, group, "dot-one").client_id == "dot-one"  # sent again it is answered as before


def yesterday() -> date:
    return timezone.localdate() - timedelta(days=1)


def a_phase(plan: Plan, **about: Any) -> ProcessPhase:
    process, _is_new = Process.objects.get_or_create(plan=plan)
    days = {"starts": yesterday(), "ends": timezone.localdate() + timedelta(days=1)}
    return ProcessPhase.objects.create(process=process, title=Text.of(en="Now"), **{**days, **about})
