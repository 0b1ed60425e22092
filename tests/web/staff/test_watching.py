"""Watching calls: what is noticed for whom, told once, with why and what speaks against."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from datetime import date, timedelta
from email import message_from_bytes, policy
from smtplib import SMTPRecipientsRefused
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

from sympolis.engine.model import Call as EngineCall
from sympolis.engine.model import PartialDate, Provenance
from sympolis.office.core.jobs.recurring import JOBS
from sympolis.office.core.merging.merge import merge_records
from sympolis.office.core.merging.undo import undo_merge
from sympolis.office.core.models import User
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Membership
from sympolis.office.planning.models import Action, Plan
from sympolis.office.projects.models import Call
from sympolis.office.synergies.models import SuggestionAnswer
from sympolis.office.synergies.watching import digest
from sympolis.office.synergies.watching.actions import answer_fit, keep_watch, set_rhythm
from sympolis.office.synergies.watching.calls import look
from sympolis.office.synergies.watching.digest import notice, one_click, tell, tell_daily
from sympolis.office.synergies.watching.enums import Rhythm
from sympolis.office.synergies.watching.fits import fits_now
from sympolis.office.synergies.watching.models import CallNews, Noticed, SeenCall, Watch, WatchReader
from tests.cast import Cast
from tests.factories import make_call, make_need
from tests.web.staff.rooms import HOSTILE

PAGE = reverse("staff:watching")
SITE = "https://city.example"
DAY = date(2027, 1, 4)  # a Monday


def call(title: str, closes: date | None = None, **fields: Any) -> Call:
    return make_call(title, opens_earliest=DAY - timedelta(90), opens_latest=DAY - timedelta(90),
                     closes_earliest=closes, closes_latest=closes, **fields)  # fmt: skip


def watch(user: User, **fields: Any) -> Watch:
    made = keep_watch(user, Watch(**fields))
    WatchReader.objects.filter(person=user).update(since=timezone.make_aware(timezone.datetime(2027, 1, 1)))
    return made


@pytest.fixture(autouse=True)
def reached(settings: LazySettings) -> None:
    settings.SITE_ADDRESS = SITE


@pytest.fixture
def begun(cast: Cast) -> Call:
    """The calls were looked at before: what comes now is news."""
    first = call("What there was", DAY + timedelta(200))
    assert look(DAY - timedelta(1)) == 0
    return first


def morning(on: date) -> int:
    look(on)
    notice(on)
    return tell(on)


def happened(user: User) -> list[tuple[str, str, str, str]]:
    titles = {row.public_id: str(row.title) for row in Call.objects.all()}
    rows = Noticed.objects.filter(person=user).select_related("news").order_by("pk")
    return [(titles[row.news.call], row.news.kind, row.news.was, row.news.now) for row in rows]


def test_what_opens_changes_and_closes_is_told_each_thing_once(cast: Cast, begun: Call) -> None:
    watch(cast.officer, words="water", label="My waters")
    water = call("Clean Water", DAY + timedelta(60))
    call("Bicycles", DAY + timedelta(60))
    assert [morning(DAY), morning(DAY), morning(DAY + timedelta(1))] == [1, 0, 0]
    first = mail.outbox[0]
    assert first.subject == "News of 1 call you watch"
    assert "* Clean Water\nIt opened; its deadline: 5 March 2027\n" in first.body
    assert "+ These words stand in it: water." in first.body
    assert "Bicycles" not in first.body
    water.closes_earliest = water.closes_latest = DAY + timedelta(90)
    water.save()
    assert [morning(DAY + timedelta(2)), morning(DAY + timedelta(3))] == [1, 0]
    assert "Deadline changed: 5 March 2027 → 4 April 2027" in mail.outbox[1].body
    assert "It opened" not in mail.outbox[1].body
    assert [morning(DAY + timedelta(days)) for days in (75, 76, 77, 90, 91)] == [0, 1, 0, 0, 0]
    assert "Closes in 14 days, on 4 April 2027" in mail.outbox[2].body
    assert happened(cast.officer) == [
        ("Clean Water", "opened", "", "2027-03-05"),
        ("Clean Water", "changed", "2027-03-05", "2027-04-04"),
        ("Clean Water", "closing", "", "2027-04-04"),
    ]


def test_the_same_change_back_and_forth_is_told_each_time(cast: Cast, begun: Call) -> None:
    watch(cast.officer, words="what there was")
    first = begun.closes_latest
    for days, closes in enumerate((DAY + timedelta(100), first, DAY + timedelta(100))):
        begun.closes_earliest = begun.closes_latest = closes
        begun.save()
        assert morning(DAY + timedelta(days)) == 1
    assert [one[1] for one in happened(cast.officer)] == ["changed"] * 3


def test_the_page_of_a_call_says_how_its_deadline_moved(cast: Cast, begun: Call) -> None:
    begun.closes_earliest = begun.closes_latest = DAY + timedelta(210)
    begun.save()
    look(timezone.localdate())
    page = cast.client("visitor").get(begun.get_absolute_url()).text
    assert "<del>23 July 2027</del> → <ins>2 August 2027</ins>" in page


def test_a_search_is_watched_from_its_page(cast: Cast) -> None:
    page, contact = reverse("public:search"), cast.client("contact")
    asked = {"q": 'clean "water"'}
    assert f'href="{PAGE}?words=clean%20%22water%22"' in contact.get(page, asked).text
    assert "?words=" not in cast.client("visitor").get(page, asked).text
    assert contact.get(f"{PAGE}?words=clean%20%22water%22").context["form"]["words"].value() == 'clean "water"'


def test_a_call_that_was_announced_opens_later(cast: Cast, begun: Call) -> None:
    watch(cast.officer, words="water")
    coming = call("Water to come", DAY + timedelta(100))
    coming.opens_earliest = coming.opens_latest = DAY + timedelta(10)
    coming.save()
    assert [morning(DAY + timedelta(days)) for days in (0, 9, 10)] == [1, 0, 1]
    assert [one[1] for one in happened(cast.officer)] == ["announced", "opened"]
    assert "It was announced; its deadline: 14 April 2027" in mail.outbox[0].body


def test_examples_and_what_was_there_are_no_news(cast: Cast) -> None:
    watch(cast.officer, words="call")
    call("A call of old", DAY + timedelta(60))
    assert morning(DAY) == 0
    call("An example call", DAY + timedelta(60), illustrative=True)
    assert morning(DAY + timedelta(1)) == 0
    assert CallNews.objects.count() == 0


def test_the_first_call_of_an_empty_office_is_news(cast: Cast) -> None:
    watch(cast.officer, words="call")
    assert [look(DAY), look(DAY)] == [0, 0]
    call("A call by hand", DAY + timedelta(60))
    assert morning(DAY + timedelta(1)) == 1


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"words": "ÀIGUA neta"}, ["Aigua neta"]),
        ({"theme": "water"}, ["Aigua neta"]),
        ({"programme": "interreg"}, ["Tramways"]),
        ({"country": "TN"}, ["Aigua neta", "For Tunisia"]),
        ({"kind": "city"}, ["Aigua neta", "Tramways"]),
        ({"origin": "world"}, []),
        ({"origin": "office", "words": "tram"}, ["Tramways"]),
        ({"closes_within": 30}, ["For Tunisia"]),
        ({"gives": "prize"}, ["Aigua neta"]),
    ],
)
def test_filters(cast: Cast, begun: Call, filters: dict[str, Any], found: list[str]) -> None:
    begun.delete()
    call("Aigua neta", DAY + timedelta(60), themes=("water",), gives="prize")
    call("Tramways", DAY + timedelta(60), programme="Interreg NEXT MED", eligible_countries=("ES",),
         eligible_kinds=("city",))  # fmt: skip
    call("For Tunisia", DAY + timedelta(20), eligible_countries=("TN",), eligible_kinds=("university",))
    watch(cast.officer, **filters)
    morning(DAY)
    opened = [title for title, kind, _was, _now in happened(cast.officer) if kind == "opened"]
    assert sorted(opened) == found


def test_what_speaks_against_is_said(cast: Cast, begun: Call) -> None:
    watch(cast.officer, words="grant")
    call("A grant elsewhere", DAY + timedelta(60), eligible_countries=("TN",), eligible_kinds=("university",))
    assert morning(DAY) == 1
    body = mail.outbox[0].body
    assert "What speaks against it:" in body
    assert "\n- Bodies of these countries may not apply: Spain." in body


def test_a_portfolio_watches(cast: Cast, begun: Call) -> None:
    make_need(cast.amb, "Drinking water networks that leak", themes=("water",),
              text=Text.of(en="We lose drinking water in old pipes and want to repair leaking networks."))  # fmt: skip
    plan = Plan(organisation=cast.amb, title=Text.of(en="Strategy"), kind="plan")
    plan.save()
    Action.objects.create(plan=plan, title=Text.of(en="Quiet night trams through the city"), themes=("mobility",))
    watch(cast.officer, organisation=cast.amb)
    watch(cast.administrator, plan=plan)
    text = Text.of(en="Grants for cities that repair leaking drinking water networks and old water pipes.")
    call("Drinking water networks that leak", DAY + timedelta(60), themes=("water",), summary=text)
    call("Quiet night trams through the city", DAY + timedelta(60), themes=("mobility",))
    assert morning(DAY) == 2
    assert [one[0] for one in happened(cast.officer)] == ["Drinking water networks that leak"]
    assert [one[0] for one in happened(cast.administrator)] == ["Quiet night trams through the city"]
    assert "+ It is close to: Drinking water networks that leak." in next(
        one.body for one in mail.outbox if one.to == [cast.officer.email]
    )


def test_calls_made_one_keep_their_news_and_tell_nothing_twice(cast: Cast, begun: Call) -> None:
    """What was noticed of either is told, of the one that stays; undone, each has its own again."""
    watch(cast.officer, words="water")
    keeper, other = call("Clean Water", DAY + timedelta(60)), call("Water that is clean", DAY + timedelta(60))
    look(DAY)
    notice(DAY)
    merge = merge_records(keeper, other, cast.administrator)
    assert tell(DAY) == 1
    assert mail.outbox[0].body.count("It opened; its deadline: 5 March 2027") == 1
    assert happened(cast.officer) == [("Clean Water", "opened", "", "2027-03-05")]
    assert morning(DAY + timedelta(1)) == 0
    third = call("Water for all", DAY + timedelta(70))
    look(DAY + timedelta(2))
    notice(DAY + timedelta(2))
    begun.title = Text.of(en="Water there was")
    begun.save()
    merge_records(begun, third, cast.administrator)  # the one that goes is the one with news
    assert tell(DAY + timedelta(2)) == 1
    assert "* Water there was\nIt opened; its deadline: 15 March 2027\n" in mail.outbox[1].body
    undo_merge(merge, cast.administrator)
    assert set(CallNews.objects.filter(kind="opened").values_list("call", flat=True)) >= {
        keeper.public_id, other.public_id,
    }  # fmt: skip
    assert set(SeenCall.objects.values_list("call", flat=True)) >= {keeper.public_id, other.public_id}


def test_a_call_of_the_world_that_the_office_keeps_is_not_told_again(
    cast: Cast, begun: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "https://funder.example/topics/one"
    closes = DAY + timedelta(20)
    topic = EngineCall(
        "portal:one", {"en": "Topic one"}, Provenance("portal", "one", address),
        closes=PartialDate(closes, closes), deadlines=(closes,), status="open",
    )  # fmt: skip
    monkeypatch.setattr("sympolis.office.synergies.watching.calls.all_world_calls", lambda: [topic])
    watch(cast.officer, words="topic")
    assert [morning(DAY), morning(DAY + timedelta(7))] == [0, 1]  # it closes in 13 days
    kept = call("Topic one", closes, source_url=address)
    assert morning(DAY + timedelta(8)) == 0
    kept.closes_earliest = kept.closes_latest = closes + timedelta(30)
    kept.save()
    assert morning(DAY + timedelta(9)) == 1
    assert "Deadline changed: 24 January 2027 → 23 February 2027" in mail.outbox[1].body


def test_the_world_s_calls_change_with_the_next_refresh(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def world(*calls: EngineCall) -> None:
        monkeypatch.setattr("sympolis.office.synergies.watching.calls.all_world_calls", lambda: list(calls))

    def topic(key: str, *deadlines: date) -> EngineCall:
        source = Provenance("portal", key, f"https://funder.example/topics/{key}")
        last = PartialDate(deadlines[-1], deadlines[-1])
        return EngineCall(
            f"portal:{key}", {"en": f"Topic {key}"}, source, closes=last, deadlines=deadlines, status="open"
        )

    watch(cast.officer, words="topic")
    first, second = DAY + timedelta(40), DAY + timedelta(140)
    world(topic("one", first, second))
    assert morning(DAY) == 0  # what there is when the world's data is first there is no news
    kept = call("Kept by the office too", first, source_url="https://funder.example/topics/two/")
    world(topic("one", first, second), topic("two", first))
    assert morning(DAY + timedelta(1)) == 0
    kept.delete()
    world(topic("one", second))  # the funder's list drops what is past
    assert morning(first + timedelta(1)) == 0
    world(topic("one", second + timedelta(7)), topic("three", second))
    assert morning(first + timedelta(2)) == 1
    said = mail.outbox[0].body
    assert "* Topic one\n  Deadline changed: 13 February 2027 and 24 May 2027 → 31 May 2027\n" not in said
    assert "Deadline changed: 24 May 2027 → 31 May 2027" in said
    assert "* Topic three\nIt opened; its deadline: 24 May 2027\n" in said
    assert "\nhttps://funder.example/topics/three\n" in said


def test_once_a_week_and_never(cast: Cast, begun: Call) -> None:
    watch(cast.officer, words="water")
    watch(cast.contact, words="water")
    set_rhythm(cast.officer, Rhythm.WEEKLY)
    set_rhythm(cast.contact, Rhythm.OFF)
    WatchReader.objects.update(since=timezone.make_aware(timezone.datetime(2027, 1, 1)))
    sent = []
    for days in (0, 1, 6, 7, 8):
        call(f"Water {days}", DAY + timedelta(100))
        sent.append(morning(DAY + timedelta(days)))
    assert sent == [1, 0, 0, 1, 0]
    assert [one.to for one in mail.outbox] == [[cast.officer.email]] * 2
    assert all(f"Water {days}" in mail.outbox[1].body for days in (1, 6, 7))


def test_who_comes_back_is_told_of_what_happens_from_then_on(cast: Cast, begun: Call) -> None:
    watch(cast.officer, words="water")
    set_rhythm(cast.officer, Rhythm.OFF)
    call("Water", DAY + timedelta(100))
    assert morning(DAY) == 0
    set_rhythm(cast.officer, Rhythm.DAILY)
    WatchReader.objects.update(since=timezone.make_aware(timezone.datetime(2027, 1, 20)))
    assert morning(DAY + timedelta(16)) == 0
    call("Water again", DAY + timedelta(100))
    assert morning(DAY + timedelta(17)) == 1


def test_a_mail_that_does_not_go_out_is_tried_again(cast: Cast, begun: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    watch(cast.officer, words="water")
    watch(cast.contact, words="water")
    call("Water", DAY + timedelta(100))
    send = mail.EmailMessage.send

    def refused(message: mail.EmailMessage) -> int:
        if message.to == [cast.officer.email]:
            raise SMTPRecipientsRefused({cast.officer.email: (550, b"no such mailbox")})
        return send(message)

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMultiAlternatives.send", refused)
        assert (morning(DAY), [one.to for one in mail.outbox]) == (1, [[cast.contact.email]])
    assert (morning(DAY), mail.outbox[1].to) == (1, [cast.officer.email])
    assert morning(DAY) == 0


def test_the_database_keeps_each_thing_once(cast: Cast, begun: Call) -> None:
    one = watch(cast.officer, words="water")
    watch(cast.officer, theme="water")
    call("Water", DAY + timedelta(100), themes=("water",))
    look(DAY)
    notice(DAY)
    news = CallNews.objects.get()
    assert Noticed.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Noticed.objects.create(person=cast.officer, news=news, watch=one)
    news.noticed_at = None  # a worker that was stopped before it could say that it was done
    news.save()
    notice(DAY)
    assert Noticed.objects.count() == 1


def test_a_call_that_is_taken_from_sight_is_not_told(cast: Cast, begun: Call) -> None:
    watch(cast.contact, words="water")
    hidden = call("Water", DAY + timedelta(100))
    call("Water for the office", DAY + timedelta(100), visibility="office")
    look(DAY)
    notice(DAY)
    assert [one[0] for one in happened(cast.contact)] == ["Water"]
    hidden.visibility = "office"
    hidden.save()
    assert tell(DAY) == 0
    assert "Water" not in cast.client("contact").get(PAGE).text.split("<main")[1].split('id="watch"')[0]


class Inbox:
    """Takes what comes over SMTP."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (the library calls it so)
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 taken"


@pytest.fixture
def inbox(settings: LazySettings) -> Iterator[Inbox]:
    taken = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(taken, hostname="127.0.0.1", port=port)
    controller.start()
    options = {"host": "127.0.0.1", "port": port, "use_tls": False, "timeout": 10}
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
    yield taken
    controller.stop()


def test_it_goes_over_smtp_in_two_parts_and_one_click_stops_it(cast: Cast, begun: Call, inbox: Inbox) -> None:
    User.objects.filter(pk=cast.officer.pk).update(language="ar")
    watch(cast.officer, words="script")
    call(HOSTILE, DAY + timedelta(100))
    assert (morning(DAY), morning(DAY)) == (1, 0)
    ((to, letter),) = inbox.mails
    assert to == ["officer@example.org"]
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    plain, page = (part.get_content() for part in letter.iter_parts())
    assert HOSTILE in plain
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page
    assert '<html lang="ar" dir="rtl">' in page
    link = letter["List-Unsubscribe"].strip("<>")
    assert link == f"{SITE}/ar/no-more-calls/{one_click.token(cast.officer)}/"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in plain
    assert link in page
    program, path = Client(enforce_csrf_checks=True), link.removeprefix(SITE)
    assert program.get(path).status_code == 200
    assert WatchReader.objects.get().rhythm == Rhythm.DAILY
    assert program.post(path, "List-Unsubscribe=One-Click",
                        content_type="application/x-www-form-urlencoded").status_code == 200  # fmt: skip
    assert WatchReader.objects.get().rhythm == Rhythm.OFF
    assert program.post(path[:-3] + "x/").status_code == 404


def test_it_is_a_job_of_the_day() -> None:
    (job,) = [one for one in JOBS if one.run == f"{digest.__name__}:{tell_daily.__name__}"]
    assert (job.every_minutes, job.at_hour) == (1440, 7)


def test_one_click_on_the_list_of_calls_saves_the_search(cast: Cast) -> None:
    client = cast.client("contact")
    page = client.get(f"{reverse('public:calls')}?q=water&theme=water&country=TN").text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    hidden.pop("csrfmiddlewaretoken", None)
    for _twice in range(2):
        assert client.post(reverse("staff:watch_this"), hidden).status_code == 302
    (made,) = Watch.objects.all()
    assert (made.person, made.words, made.theme, made.country) == (cast.contact, "water", "water", "TN")
    assert "Watch this search" not in cast.client("visitor").get(f"{reverse('public:calls')}?q=water").text


def test_the_form_says_what_is_wrong(cast: Cast) -> None:
    client = cast.client("officer")
    plan = Plan(organisation=cast.amb, title=Text.of(en="Strategy"), kind="plan")
    plan.save()
    said = client.post(PAGE, {"organisation": "Sfax", "plan": plan.pk})
    assert said.status_code == 422
    assert "Choose an organisation or a plan, not both." in said.text
    assert "Say what to look for" in client.post(PAGE, {"label": "Nothing"}).text
    assert client.post(PAGE, {"words": "x", "closes_within": "soon", "theme": "nothing"}).status_code == 422
    assert Watch.objects.count() == 0
    assert client.post(PAGE, {"plan": plan.pk, "closes_within": "30"}).status_code == 302
    assert Watch.objects.get().closes_within == 30
    assert client.post(reverse("staff:watch_rhythm"), {"rhythm": "hourly"}).status_code == 404


def test_nobody_sees_or_changes_what_another_watches(cast: Cast) -> None:
    mine = watch(cast.contact, words="Sfaxian secret")
    pages = {"watch": reverse("staff:watch", args=[mine.pk]), "remove": reverse("staff:watch_remove", args=[mine.pk])}
    for who, status in {
        "administrator": 404, "officer": 404, "contact": 200, "participant": 404, "outsider": 404, "visitor": 302,
    }.items():  # fmt: skip
        client = cast.client(who)
        assert client.get(pages["watch"]).status_code == status
        assert ("Sfaxian secret" in client.get(PAGE).text) is (who == "contact")
        if who != "contact":
            assert client.post(pages["remove"]).status_code == status
    assert Watch.objects.count() == 1
    assert cast.client("contact").post(pages["remove"]).status_code == 302
    assert Watch.objects.count() == 0


def test_who_loses_sight_of_an_organisation_watches_for_it_no_more(cast: Cast, begun: Call) -> None:
    cast.sfax.visibility = "office"
    cast.sfax.save()
    mine = watch(cast.contact, organisation=cast.sfax)
    make_need(cast.sfax, "Water networks", themes=("water",))
    Membership.objects.filter(user=cast.contact).delete()
    assert cast.client("contact").get(reverse("staff:watch", args=[mine.pk])).status_code == 404
    call("Water networks", DAY + timedelta(100), themes=("water",))
    assert morning(DAY) == 0


def test_calls_of_ones_own_watch_are_answered_and_a_no_is_told_no_more(cast: Cast, begun: Call) -> None:
    today = timezone.localdate()
    make_need(cast.amb, "Water networks", themes=("water",))
    first, other = (
        make_call(title, themes=("water",), closes_latest=today + timedelta(90)) for title in ("Water one", "Water two")
    )
    own, words = watch(cast.officer, organisation=cast.amb), watch(cast.contact, words="water")
    client, address = cast.client("officer"), reverse("staff:watch_say", args=[own.pk])
    said = {"record": first.public_id, "verdict": "no", "why": "Too small"}
    assert cast.client("visitor").post(address, said).status_code == 403
    for who in ("administrator", "contact", "outsider"):  # nobody sees another's watch
        assert cast.client(who).post(address, said).status_code == 404
    for wrong in ({"record": "cal_x"}, {"verdict": "perhaps"}):
        assert client.post(address, said | wrong).status_code == 404
    with pytest.raises(PermissionDenied):
        answer_fit(cast.administrator, own, fits_now(own, today)[0], "no")

    def titles(answer: Any, part: str = "fits") -> list[str]:
        return [str(one["title"]) for one in answer.context[part]]

    page = reverse("staff:watch", args=[own.pk])
    assert {"Water one", "Water two"} <= set(titles(client.get(page)))
    answer = client.post(address, said, follow=True)
    assert "Water one" not in titles(answer)
    [aside] = answer.context["put_aside"]
    assert (aside.name, aside.word, aside.said.by, aside.said.reason) == ("Water one", "No", cast.officer, "Too small")
    kept = SuggestionAnswer.objects.get()
    assert (kept.subject, kept.about, set(kept.features) >= {"text", "themes"}) == ("calls", own.key, True)
    # Members' answers are theirs: they teach the office nothing.
    mine = reverse("staff:watch_say", args=[words.pk])
    answer = cast.client("contact").post(mine, {"record": other.public_id, "verdict": "later"}, follow=True)
    assert (titles(answer), titles(answer, "put_off"), answer.context["learnt"]) == (["Water one"], ["Water two"], "")
    assert SuggestionAnswer.objects.get(about=words.key).features == {}
    look(today)
    CallNews.objects.update(noticed_at=None)
    notice(today)
    told = {(row.watch_id, row.news.call) for row in Noticed.objects.select_related("news")}
    assert told == {(own.pk, other.public_id), (words.pk, first.public_id), (words.pk, other.public_id)}
    client.post(address, {"record": first.public_id, "verdict": ""})
    assert "Water one" in titles(client.get(page))


def test_few_queries_whatever_the_data(cast: Cast) -> None:
    today = timezone.localdate()
    client, counts = cast.client("officer"), []
    watch(cast.officer, organisation=cast.amb)
    key = Watch.objects.get().pk
    call("What there was", today + timedelta(100))
    look(today)
    for size in (1, 12):
        for number in range(size):
            call(f"Water {size} {number}", today + timedelta(100))
            make_need(cast.amb, f"Water {size} {number}")
            keep_watch(cast.officer, Watch(words=f"water {number}"))
        look(today)
        CallNews.objects.update(noticed_at=None)
        notice(today)
        for page in (PAGE, reverse("staff:watch", args=[key])):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 12
