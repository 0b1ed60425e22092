"""From what was said to the lines of a plan and back: who may, what is counted, what is public, who is told once."""

from __future__ import annotations

import re
import socket
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import LazySettings
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from sympolis.office.core.enums import Visibility
from sympolis.office.core.merging.merge import merge_records
from sympolis.office.core.merging.undo import undo_merge
from sympolis.office.core.removals import bring_back
from sympolis.office.core.texts import Text
from sympolis.office.planning.actions import keep_action, keep_plan, remove_plan
from sympolis.office.planning.enums import Phase
from sympolis.office.planning.models import (
    Action,
    Contribution,
    ContributionGroup,
    ContributionLink,
    Participant,
    Plan,
    Session,
)
from sympolis.office.planning.sessions.actions import (
    Said,
    contribute,
    join,
    keep_session,
    note_down,
    open_link,
    set_phase,
    take_groups,
)
from sympolis.office.planning.sessions.minutes import approve_minutes, keep_minutes, publish_minutes
from sympolis.office.planning.tracing import mails
from sympolis.office.planning.tracing.actions import decide, link_contributions, publish_decisions
from sympolis.office.planning.tracing.errors import NotPublished, ReasonTooLong
from sympolis.office.planning.tracing.mails import forget_addresses, send_decision_mail, tell_authors
from sympolis.office.planning.tracing.queries import (
    HAS_HOME,
    SHOWN_BEHIND,
    Coverage,
    coverage_of,
    heard_for,
    outline_of,
    said_for,
)
from tests.cast import Cast

SECRETS = ("Secret Name", "Secret Council", "secret@council.example")


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return keep_plan(Plan(organisation=cast.amb, title=Text.of(en="Plan of five years"), kind="plan"))


def line(cast: Cast, plan: Plan, name: str, **about: Any) -> Plan:
    return keep_plan(Plan(organisation=cast.amb, title=Text.of(en=name), kind="line", parent=plan, **about))


def action(plan: Plan, name: str, **about: Any) -> Action:
    return keep_action(Action(plan=plan, title=Text.of(en=name), **about))


@pytest.fixture
def session(cast: Cast, plan: Plan) -> Session:
    day = date(2026, 5, 4)
    return keep_session(
        Session(organisation=cast.amb, plan=plan, title=Text.of(en="First session"), starts_earliest=day,
                starts_latest=day)
    )  # fmt: skip


@pytest.fixture
def somebody(cast: Cast, session: Session) -> tuple[Participant, str]:
    link, _token = open_link(cast.officer, session, "council")
    return join(link, "Secret Name", "Secret Council", "secret@council.example", "ca")


def put_in(cast: Cast, session: Session, *texts: str, by: Participant | None = None) -> list[Contribution]:
    said = [Said(f"client-{text[:20]}", text) for text in texts]
    if by is None:
        return note_down(cast.officer, session, said)
    set_phase(cast.officer, session, Phase.CONTRIBUTE)
    return [contribute(by, one) for one in said]


def publish(cast: Cast, session: Session, decisions: bool = True) -> None:
    session.refresh_from_db()
    keep_minutes(cast.officer, session, Text.of(en="What happened"))
    approve_minutes(cast.officer, session)
    publish_minutes(cast.officer, session)
    if decisions:
        publish_decisions(cast.officer, session)


def bench(plan: Plan, name: str = "workbench") -> str:
    with override("en"):
        return reverse(f"staff:{name}", kwargs={"public_id": plan.public_id})


def one_line(response: Any) -> str:
    return " ".join(response.content.decode().split())


class TestLinking:
    def test_many_to_many_each_once_and_only_by_officers(self, cast: Cast, plan: Plan, session: Session) -> None:
        water, build = line(cast, plan, "Water"), action(plan, "Build")
        one, two = put_in(cast, session, "Reuse water", "Shade")
        assert link_contributions(cast.officer, [one, two], water) == 2
        assert link_contributions(cast.officer, [one, two], water) == 0
        assert link_contributions(cast.officer, [one], build) == 1
        assert {(one.contribution, one.line, one.action) for one in ContributionLink.objects.all()} == {
            (one, water, None), (two, water, None), (one, None, build),
        }  # fmt: skip
        for refused in (
            lambda: link_contributions(cast.contact, [one], water),
            lambda: decide(cast.contact, [one], "taken", "", "en"),
            lambda: publish_decisions(cast.contact, session),
        ):
            with pytest.raises(PermissionDenied):
                refused()
        for wrong in ({}, {"line": water, "action": build}):
            with pytest.raises(IntegrityError), transaction.atomic():
                ContributionLink.objects.create(contribution=two, **wrong)

    def test_what_became_of_each_with_its_history(self, cast: Cast, session: Session) -> None:
        one, two = put_in(cast, session, "Reuse water", "Shade")
        decide(cast.officer, [one, two], "part", "  Money for two years ", "en")
        decide(cast.officer, [two], "not", "", "en")  # the reason it has stands
        assert [(each.outcome, each.reason.plain()) for each in Contribution.objects.order_by("pk")] == [
            ("part", {"en": "Money for two years"}), ("not", {"en": "Money for two years"}),
        ]  # fmt: skip
        decide(cast.officer, [two], "", "left over", "en")
        two.refresh_from_db()
        assert (two.outcome, two.reason) == ("", {})
        assert list(two.history.values_list("outcome", "history_user__email").order_by("history_id"))[1:] == [
            (outcome, "officer@example.org") for outcome in ("part", "not", "")
        ]
        with pytest.raises(ReasonTooLong):
            decide(cast.officer, [one], "taken", "x" * 1_001, "en")

    def test_coverage_says_what_rests_on_nothing(self, cast: Cast, plan: Plan, session: Session) -> None:
        water, shade = line(cast, plan, "Water"), line(cast, plan, "Shade")
        below = line(cast, water, "Reuse")
        build, plant = action(below, "Build"), action(shade, "Plant")
        one, two, _three = put_in(cast, session, "One", "Two", "Three")
        link_contributions(cast.officer, [one, two], build)
        link_contributions(cast.officer, [one], water)
        places, _coverage = coverage_of(cast.officer, outline_of(cast.officer, plan))
        found = [(one.record.public_id, one.depth, one.behind, one.below, one.rests_on_nothing) for one in places]
        assert found == [
            (plan.public_id, 0, 0, 3, False), (water.public_id, 1, 1, 3, False), (below.public_id, 2, 0, 2, False),
            (build.public_id, 3, 2, 2, False), (shade.public_id, 1, 0, 0, True), (plant.public_id, 2, 0, 0, True),
        ]  # fmt: skip
        decide(cast.officer, [one], "taken", "", "en")
        outline = outline_of(cast.officer, plan)
        assert coverage_of(cast.officer, outline)[1] == Coverage(contributions=3, without_home=1, undecided=2)
        assert said_for(cast.officer, heard_for(cast.officer, outline)).filter(HAS_HOME).count() == 2
        one.taken_back = True
        one.save()
        places, coverage = coverage_of(cast.officer, outline)
        assert [place.behind for place in places] == [0, 0, 0, 1, 0, 0]
        assert coverage == Coverage(contributions=2, without_home=1, undecided=2)

    def test_merged_and_removed_records_take_their_links_along(self, cast: Cast, plan: Plan, session: Session) -> None:
        keeper, double = line(cast, plan, "Water"), line(cast, plan, "Waters")
        one, two = put_in(cast, session, "One", "Two")
        link_contributions(cast.officer, [one], keeper)
        link_contributions(cast.officer, [one, two], double)
        merged = merge_records(keeper, double, cast.officer)
        assert {(each.contribution, each.line) for each in ContributionLink.objects.all()} == {
            (one, keeper),
            (two, keeper),
        }
        undo_merge(merged, cast.officer)
        assert ContributionLink.objects.count() == 3
        remove_plan(keeper, cast.officer)
        assert set(ContributionLink.objects.values_list("contribution", flat=True)) == {one.pk, two.pk}
        bring_back(keeper.public_id, cast.officer)
        assert ContributionLink.objects.count() == 3


class TestWorkbench:
    def test_nobody_but_officers(self, cast: Cast, plan: Plan, session: Session) -> None:
        with override("en"):
            decisions = reverse("staff:session_decisions", kwargs={"public_id": session.public_id})
        for who, status in (("visitor", 302), ("outsider", 403), ("participant", 403), ("contact", 403)):
            assert cast.client(who).get(bench(plan)).status_code == status
            assert cast.client(who).post(bench(plan, "workbench_put")).status_code == status
            assert cast.client(who).post(decisions).status_code == status
        assert cast.client("officer").get(bench(plan)).status_code == 200

    def test_ticked_ones_and_whole_groups_without_a_script(self, cast: Cast, plan: Plan, session: Session) -> None:
        water = line(cast, plan, "Water")
        one, two, three = put_in(cast, session, "One", "Two", "Three")
        (group,) = take_groups(cast.officer, session, [(Text.of(en="About water"), [two.public_id, three.public_id])])
        client = cast.client("officer")
        page = one_line(client.get(bench(plan)))
        assert "About water" in page
        assert "rests on nothing" in page
        data = {
            "said": [one.public_id],
            "group": [group.pk],
            "home": water.public_id,
            "outcome": "part",
            "reason": "Why",
        }
        answer = client.post(bench(plan, "workbench_put") + "?home=no", data)
        assert answer["Location"] == bench(plan) + "?home=no"
        rows = Contribution.objects.order_by("pk").values_list("links__line", "outcome")
        assert list(rows) == [(water.pk, "part")] * 3
        assert "Nothing that was said is like this." in one_line(client.get(answer["Location"]))
        shown = one_line(client.get(bench(plan), {"home": "yes", "under": water.public_id}))
        assert shown.count('name="unlink"') == 3
        client.post(bench(plan, "workbench_put"), {"unlink": ContributionLink.objects.get(contribution=two).pk})
        assert set(ContributionLink.objects.values_list("contribution", flat=True)) == {one.pk, three.pk}

    def test_nothing_of_another_plan(self, cast: Cast, plan: Plan, session: Session) -> None:
        other = keep_plan(Plan(organisation=cast.amb, title=Text.of(en="Another")))
        (one,) = put_in(cast, session, "One")
        client = cast.client("officer")
        client.post(bench(other, "workbench_put"), {"said": [one.public_id], "home": other.public_id})
        client.post(bench(plan, "workbench_put"), {"said": [one.public_id], "home": other.public_id})
        assert ContributionLink.objects.count() == 0
        link_contributions(cast.officer, [one], plan)
        link = ContributionLink.objects.get()
        assert client.post(bench(other, "workbench_put"), {"unlink": link.pk}).status_code == 404
        assert client.post(bench(plan, "workbench_put"), {"unlink": "9" * 30}).status_code == 404

    def test_a_reason_too_long_is_not_lost(self, cast: Cast, plan: Plan, session: Session) -> None:
        (one,) = put_in(cast, session, "One")
        data = {"said": [one.public_id], "outcome": "not", "reason": "y" * 1_001}
        answer = cast.client("officer").post(bench(plan, "workbench_put"), data)
        assert (answer.status_code, "y" * 1_001 in answer.content.decode()) == (409, True)
        one.refresh_from_db()
        assert one.outcome == ""

    def test_what_was_chosen_is_not_lost_where_something_lacks(self, cast: Cast, plan: Plan, session: Session) -> None:
        (one,) = put_in(cast, session, "One")
        client, url, why = cast.client("officer"), bench(plan, "workbench_put"), "Say why it was not taken up"

        def sent(**data: Any) -> tuple[int, bool, list[str]]:
            answer = client.post(url, data)
            page = one_line(answer)
            return answer.status_code, why in page, re.findall(r'<option value="(\w+)" selected', page)

        unsaid = {"said": [one.public_id], "home": plan.public_id, "outcome": "not", "reason": " "}
        assert sent(**unsaid) == (409, True, [plan.public_id, "not"])
        assert sent(outcome="part", reason="In time") == (422, False, ["part"])
        assert "In time" in one_line(client.post(url, {"outcome": "part", "reason": "In time"}))
        assert not ContributionLink.objects.exists()
        assert sent(**{**unsaid, "reason": "No competence"})[0] == 302
        one.refresh_from_db()
        assert (one.outcome, one.reason.plain()["en"]) == ("not", "No competence")

    @pytest.mark.parametrize("asked", ["kind=idea", "theme=water", "session=ses_none", "outcome=taken", "home=yes"])
    def test_filters(self, cast: Cast, plan: Plan, session: Session, asked: str) -> None:
        put_in(cast, session, "One")
        two = note_down(cast.officer, session, [Said("client-two", "The second", "idea")])[0]
        Contribution.objects.filter(pk=two.pk).update(themes=("water",))
        link_contributions(cast.officer, [two], plan)
        decide(cast.officer, [two], "taken", "", "en")
        page = one_line(cast.client("officer").get(f"{bench(plan)}?{asked}"))
        assert ("The second" in page, ">One<" in page) == (asked != "session=ses_none", False)

    def test_as_many_questions_however_much_there_is(self, cast: Cast, plan: Plan, session: Session) -> None:
        client = cast.client("officer")

        def questions() -> tuple[int, int]:
            """Of the first look after a writing, all of it; and of one at what is chosen."""
            counted = []
            for chosen in ({}, {"kind": "need", "home": "yes"}):
                cache.clear()
                with CaptureQueriesContext(connection) as asked:
                    assert client.get(bench(plan), chosen).status_code == 200
                counted.append(len(asked))
            return counted[0], counted[1]

        client.get(bench(plan))
        first = line(cast, plan, "First")
        link_contributions(cast.officer, put_in(cast, session, "One"), action(first, "Act"))
        ContributionGroup.objects.create(session=session, name=Text.of(en="Group"))
        few = questions()
        for number in range(12):
            place = line(cast, plan if number % 2 else first, f"Line {number}")
            link_contributions(cast.officer, put_in(cast, session, f"More {number}"), action(place, f"Act {number}"))
            ContributionGroup.objects.create(session=session, name=Text.of(en=f"Group {number}"))
        assert questions() == few == (11, 12)

    def test_a_large_plan_lists_its_lines_and_the_actions_of_one(
        self, cast: Cast, plan: Plan, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sympolis.office.planning.tracing.queries.SHOWN_PLACES", 4)
        line_of = {name: line(cast, plan, name) for name in ("North", "South")}
        deeds = {name: action(line_of["North" if name[0] == "n" else "South"], name) for name in ("n1", "n2", "s1")}
        [said] = put_in(cast, session, "Something about the south")
        link_contributions(cast.officer, [said], deeds["s1"])
        link_contributions(cast.officer, [said], line_of["North"])
        client = cast.client("officer")
        page = client.get(bench(plan))
        assert [str(one.record) for one in page.context["listed"]] == [str(plan), "North", "South"]
        assert page.text.count("2 actions rest on nothing") == 1
        for under in (line_of["North"], deeds["n2"]):
            page = client.get(bench(plan), {"under": under.public_id})
            listed = [str(one.record) for one in page.context["listed"]]
            assert listed == [str(plan), "North", "n1", "n2", "South"]
            assert "actions rest on nothing" not in page.text
        options = page.text.partition('<select id="home"')[2].partition("</select>")[0]
        assert options.count("<option") == 1 + 6  # all may be chosen all the same


class TestInPublic:
    def test_both_ways_once_decisions_are_published(
        self, cast: Cast, plan: Plan, session: Session, somebody: Any
    ) -> None:
        water, build = line(cast, plan, "Waterline"), action(plan, "Build it")
        (one,) = put_in(cast, session, "Reuse every drop", by=somebody[0])
        link_contributions(cast.officer, [one], water)
        link_contributions(cast.officer, [one], build)
        decide(cast.officer, [one], "part", "As far as money goes", "en")
        before = [plan.get_absolute_url(), water.get_absolute_url()]
        for url in before:
            assert "Reuse every drop" not in one_line(Client().get(url))
        publish(cast, session, decisions=False)
        for url in (*before, session.get_absolute_url()):
            page = one_line(Client().get(url))
            assert "As far as money goes" not in page
            assert "Rests on" not in page
        publish_decisions(cast.officer, session)
        for url in before:
            page = one_line(cast.client("outsider").get(url))
            assert "Rests on 1 contribution" in page
            assert "Reuse every drop" in page
            assert "Need · Council · Taken up in part ·" in page
            assert f"{session.get_absolute_url()}?said={one.public_id}" in page
            assert not [secret for secret in SECRETS if secret in page]
        page = one_line(Client().get(session.get_absolute_url()))
        for shown in ("Taken up in part", "As far as money goes", f'href="{water.get_absolute_url()}"',
                      f'href="{build.get_absolute_url()}"'):  # fmt: skip
            assert shown in page
        assert not [secret for secret in SECRETS if secret in page]

    def test_no_line_that_is_the_offices_own(self, cast: Cast, plan: Plan, session: Session) -> None:
        hidden = line(cast, plan, "Hiddenline", visibility=Visibility.OFFICE)
        inside = action(hidden, "Hiddenaction inside")
        secret = action(plan, "Secretaction", visibility=Visibility.OFFICE)
        (one,) = put_in(cast, session, "Reuse")
        for home in (hidden, inside, secret):
            link_contributions(cast.officer, [one], home)
        publish(cast, session)
        page = one_line(Client().get(session.get_absolute_url()))
        assert not [word for word in ("Hiddenline", "Hiddenaction", "hiddenline", "Secretaction") if word in page]
        assert "Hiddenline" in one_line(cast.client("officer").get(session.get_absolute_url()))

    def test_a_few_of_many_and_as_many_questions(self, cast: Cast, plan: Plan, session: Session) -> None:
        water = line(cast, plan, "Water")
        urls = [plan.get_absolute_url(), session.get_absolute_url()]

        def questions() -> list[int]:
            counted = []
            for url in urls:
                Client().get(url)
                with CaptureQueriesContext(connection) as asked:
                    assert Client().get(url).status_code == 200
                counted.append(len(asked))
            return counted

        link_contributions(cast.officer, put_in(cast, session, "One"), action(water, "First"))
        publish(cast, session)
        few = questions()
        link_contributions(cast.officer, put_in(cast, session, *(f"Said {one}" for one in range(30))), water)
        assert questions() == few
        assert max(few) <= 12
        page = one_line(Client().get(plan.get_absolute_url()))
        assert "Rests on 30 contributions" in page
        assert page.count("Said ") == SHOWN_BEHIND
        assert f"{30 - SHOWN_BEHIND} more are on the pages of the sessions." in page


class TestAuthorsAreTold:
    def test_with_consent_or_not_at_all(self, cast: Cast, session: Session) -> None:
        _link, token = open_link(cast.officer, session, "council")
        with override("fr"):
            url = reverse("session_join", kwargs={"token": token})
        form = {"speaks_for": "Sant Cugat", "email": "ana@example.org"}
        assert Client().post(url, form).status_code == 400
        assert Client().post(url, {"speaks_for": "Sant Cugat", "tell_me": "on"}).status_code == 400
        assert Client().post(url, {**form, "tell_me": "on"}).status_code == 302
        assert list(Participant.objects.values_list("email", "language")) == [("ana@example.org", "fr")]

    def test_on_their_own_page_once_published(self, cast: Cast, plan: Plan, session: Session, somebody: Any) -> None:
        (one,) = put_in(cast, session, "Reuse every drop", by=somebody[0])
        put_in(cast, session, "Of somebody else")
        link_contributions(cast.officer, [one], plan)
        decide(cast.officer, [one], "not", "No competence", "en")
        with override("en"):
            url = reverse("session_in", kwargs={"token": somebody[1]})
        set_phase(cast.officer, session, Phase.CLOSED)
        assert "No competence" not in one_line(Client().get(url))
        publish(cast, session)
        page = one_line(Client().get(url))
        for shown in ("What became of what you said", "Reuse every drop", "Not taken up", "No competence"):
            assert shown in page
        assert "Of somebody else" not in page

    def test_not_before_the_minutes(self, cast: Cast, session: Session) -> None:
        with pytest.raises(NotPublished):
            publish_decisions(cast.officer, session)
        with override("en"):
            url = reverse("staff:session_decisions", kwargs={"public_id": session.public_id})
        answer = cast.client("officer").post(url, follow=True)
        assert "Publish the session&#x27;s minutes first" in one_line(answer)

    def test_one_mail_in_their_language_and_the_address_is_gone(
        self, cast: Cast, plan: Plan, session: Session, somebody: Any, settings: LazySettings
    ) -> None:
        class Kept:
            got: list[EmailMessage] = []

            async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
                self.got.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
                return "250 kept"

        keep_plan(plan)
        (one,) = put_in(cast, session, "Reutilitzar l'aigua", by=somebody[0])
        waterline = line(cast, plan, "Waterline")
        link_contributions(cast.officer, [one], waterline)
        link_contributions(cast.officer, [one], line(cast, plan, "Hiddenline", visibility=Visibility.OFFICE))
        decide(cast.officer, [one], "taken", "It is urgent", "en")
        assert send_decision_mail.func(somebody[0].pk, "http://testserver/") is False
        publish(cast, session)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = Controller(Kept(), hostname="127.0.0.1", port=port)
        server.start()
        try:
            real = {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}
            settings.MAILERS = {"default": {**real, "OPTIONS": {"host": "127.0.0.1", "port": port}}}
            assert send_decision_mail.func(somebody[0].pk, "http://testserver/") is True
            assert send_decision_mail.func(somebody[0].pk, "http://testserver/") is False
        finally:
            server.stop()
        (message,) = Kept.got
        assert message["To"] == "secret@council.example"
        plain = message.get_body(("plain",))
        assert isinstance(plain, EmailMessage)
        body = plain.get_content()
        for told in (
            "Reutilitzar l'aigua",
            "S'ha recollit: It is urgent",
            f"→ Waterline: http://testserver{waterline.get_absolute_url().replace('/en/', '/ca/')}",
            f"http://testserver/ca/session/{session.slug}-{session.public_id}/?said={one.public_id}",
        ):
            assert told in " ".join(body.split()), told
        assert "Hiddenline" not in body
        assert Participant.objects.get().email == ""

    def test_a_server_that_refuses_leaves_the_address_for_the_next_try(
        self, cast: Cast, session: Session, somebody: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put_in(cast, session, "One", by=somebody[0])
        publish(cast, session)

        def refuse(*_args: object) -> None:
            raise OSError("no server")

        with monkeypatch.context() as broken:
            broken.setattr(mails.EmailMessage, "send", refuse)
            with pytest.raises(OSError, match="no server"):
                send_decision_mail.func(somebody[0].pk, "http://testserver/")
        assert Participant.objects.get().email == "secret@council.example"

    def test_an_address_nobody_wrote_to_is_deleted_after_a_year(self, session: Session, somebody: Any) -> None:
        assert forget_addresses() == 0
        Participant.objects.update(joined_at=timezone.now() - timedelta(days=366))
        assert forget_addresses() == 1
        assert Participant.objects.get().email == ""

    def test_published_by_an_officer_all_are_told_once(
        self, cast: Cast, session: Session, somebody: Any, django_capture_on_commit_callbacks: Any
    ) -> None:
        put_in(cast, session, "One", by=somebody[0])
        silent, _token = join(open_link(cast.officer, session, "expert")[0], "", "", "silent@example.org", "en")
        publish(cast, session, decisions=False)
        with override("en"):
            url = reverse("staff:session_decisions", kwargs={"public_id": session.public_id})
        for _twice in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                cast.client("officer").post(url)
        assert [each.to for each in mail.outbox] == [["secret@council.example"]]
        assert set(Participant.objects.values_list("email", flat=True)) == {""}
        session.refresh_from_db()
        assert session.decisions_published_at is not None
        assert timezone.now() > session.decisions_published_at
        assert tell_authors(session, "http://testserver/") == 0
        assert silent.email == "silent@example.org"
