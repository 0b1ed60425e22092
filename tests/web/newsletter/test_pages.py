"""Signing up with double opt-in, choosing, leaving with one click; what officers and administrators do."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from sympolis.cli.demo_newsletter import keep_example_letters
from sympolis.office.core.models import User
from sympolis.office.core.texts import Text
from sympolis.office.events.models import Event
from sympolis.office.projects.models import Call
from sympolis.office.publishing.models import NewsItem
from sympolis.office.publishing.newsletter.drafting import Month, add_what_is_new, draft_issue
from sympolis.office.publishing.newsletter.editing import remove_example_letters
from sympolis.office.publishing.newsletter.enums import IssueState, SubscriberState
from sympolis.office.publishing.newsletter.models import Delivery, Issue, IssueBlock, Return, Subscriber
from sympolis.office.publishing.newsletter.returns import take_in
from sympolis.office.publishing.newsletter.subscribing import forget_unconfirmed
from sympolis.office.publishing.newsletter.tokens import message_id, own_token
from tests.cast import Cast, office_today
from tests.office.newsletter.conftest import make_issue, subscribe

SIGN_UP = {
    "email": "Zoë.Reader@Readers.Example".replace("ë", "e"),
    "language": "ca",
    "kinds": ["news"],
    "consent": "on",
}
LETTER = "/en/newsletter/"


def link_in(kind: str) -> str:
    found = re.search(rf"http://testserver(/\w\w/newsletter/{kind}/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def sign_up(client: Client, capture: pytest.FixtureRequest, **other: object) -> int:
    with capture(execute=True):  # type: ignore[operator]
        return client.post(LETTER, {**SIGN_UP, **other}).status_code


def test_double_opt_in(cast: Cast, django_capture_on_commit_callbacks: pytest.FixtureRequest) -> None:
    client = Client()
    assert sign_up(client, django_capture_on_commit_callbacks) == 302
    one = Subscriber.objects.get()
    assert (one.state, one.consent_at, one.folded) == (SubscriberState.WAITING, None, "zoe.reader@readers.example")
    address = link_in("confirm")
    assert address.startswith("/ca/")
    assert client.get(address).status_code == 200  # programs that look through mails follow links
    one.refresh_from_db()
    assert one.state == SubscriberState.WAITING
    client.post(address)
    one.refresh_from_db()
    assert (one.state, one.language, one.kinds) == (SubscriberState.SUBSCRIBED, "ca", ("news",))
    assert one.consent_from == "testserver/en/newsletter/"
    assert one.consent_words.startswith("I want to get the newsletter at this address.")
    assert timezone.now() - one.consent_at < timedelta(minutes=1)  # type: ignore[operator]
    assert client.get(address + "x").status_code in {404, 410}


def test_nobody_changes_what_a_subscriber_chose(
    cast: Cast, django_capture_on_commit_callbacks: pytest.FixtureRequest
) -> None:
    (anna,) = subscribe("anna", language="en")
    sign_up(Client(), django_capture_on_commit_callbacks, email="ANNA@readers.example", language="fr")
    anna.refresh_from_db()
    assert (anna.language, anna.state, Subscriber.objects.count()) == ("en", SubscriberState.SUBSCRIBED, 1)
    assert link_in("preferences")
    sign_up(Client(), django_capture_on_commit_callbacks, email="anna@readers.example")
    assert len(mail.outbox) == 1  # not again within ten minutes


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ({"website": "https://spam.example"}, 302),  # told the same as everybody
        ({"consent": ""}, 422),
        ({"email": "a@b.example\nBcc: all@b.example"}, 422),
        ({"language": "xx"}, 422),
        ({"themes": ["no-such-theme"]}, 422),
    ],
)
def test_what_is_not_taken(
    cast: Cast, other: dict[str, object], status: int, django_capture_on_commit_callbacks: pytest.FixtureRequest
) -> None:
    assert sign_up(Client(), django_capture_on_commit_callbacks, **other) == status
    assert (Subscriber.objects.count(), mail.outbox) == (0, [])


def test_so_many_an_hour(cast: Cast, django_capture_on_commit_callbacks: pytest.FixtureRequest) -> None:
    from django.core.cache import cache

    cache.clear()
    client = Client()
    got = [sign_up(client, django_capture_on_commit_callbacks, email=f"r{n}@readers.example") for n in range(11)]
    assert got == [302] * 10 + [429]
    cache.clear()


def test_one_click_leaves_without_a_cookie(cast: Cast) -> None:
    (anna,) = subscribe("anna")
    issue = make_issue()
    program = Client(enforce_csrf_checks=True)
    address = f"/ar/newsletter/leave/{own_token(anna.pk, issue.pk)}/"
    assert program.get(address).status_code == 200
    anna.refresh_from_db()
    assert anna.state == SubscriberState.SUBSCRIBED
    said = "List-Unsubscribe=One-Click"
    assert program.post(address, said, content_type="application/x-www-form-urlencoded").status_code == 200
    anna.refresh_from_db()
    assert (anna.state, anna.left_why, anna.left_with) == (SubscriberState.LEFT, "reader", issue)


def test_a_forged_link_leads_nowhere(cast: Cast) -> None:
    anna, biel = subscribe("anna", "biel")
    good = own_token(anna.pk)
    for forged in (good.replace(str(anna.pk), str(biel.pk), 1), good[:-1], f"{biel.pk}-0.x", "x"):
        for page in ("leave", "preferences"):
            assert Client().post(f"{LETTER}{page}/{forged}/").status_code == 404
    assert set(Subscriber.objects.values_list("state", flat=True)) == {SubscriberState.SUBSCRIBED}


def test_preferences_without_a_password(cast: Cast) -> None:
    (anna,) = subscribe("anna")
    address = f"{LETTER}preferences/{own_token(anna.pk)}/"
    client = Client()
    assert "anna@readers.example" in client.get(address).content.decode()
    done = client.post(address, {"what": "choose", "language": "fr", "kinds": ["calls"], "themes": []})
    assert done.headers["Location"].startswith("/fr/newsletter/preferences/")
    anna.refresh_from_db()
    assert (anna.language, anna.kinds) == ("fr", ("calls",))
    client.post(address, {"what": "forget"})
    assert not Subscriber.objects.exists()
    assert client.get(address).status_code == 404


def test_who_never_confirmed_is_forgotten(cast: Cast) -> None:
    subscribe("old", "young", "anna", state=SubscriberState.WAITING)
    long_ago = timezone.now() - timedelta(days=31)
    Subscriber.objects.filter(email__startswith="old").update(created_at=long_ago, asked_at=long_ago)
    Subscriber.objects.filter(email__startswith="anna").update(created_at=long_ago, state=SubscriberState.SUBSCRIBED)
    assert forget_unconfirmed() == 1
    assert sorted(Subscriber.objects.values_list("email", flat=True)) == [
        "anna@readers.example",
        "young@readers.example",
    ]


def news(title: str, on: date, **fields: object) -> NewsItem:
    return NewsItem.objects.create(
        title=Text.of(en=title), summary=Text.of(en="What <b>is</b> new"), published_earliest=on, published_latest=on,
        **fields,
    )  # fmt: skip


def test_an_issue_drafts_itself_from_what_everybody_may_read(cast: Cast) -> None:
    october = date(2026, 10, 5)
    inside = news("Inside", october)
    news("Hidden", october, visibility="office")
    news("Invented", october, illustrative=True)
    news("Hearsay", october, confirmed=False)
    news("Later", date(2026, 11, 5))
    issue = draft_issue(date(2026, 10, 17), cast.officer)
    assert [(one.kind, str(one.title), one.page) for one in issue.blocks.all()] == [
        ("news", "Inside", f"/news/inside-{inside.public_id}/")
    ]
    assert issue.title.plain() == {
        "en": "International Relations: October 2026", "ca": "International Relations: octubre del 2026",
        "es": "International Relations: octubre de 2026", "fr": "International Relations : octobre 2026",
        "ar": "International Relations: أكتوبر 2026",
    }  # fmt: skip
    client = cast.client("officer")
    do = f"/en/office/newsletter/{issue.public_id}/do/"
    client.post(do, {"what": "out", "block": issue.blocks.get().pk})
    assert add_what_is_new(issue) == 0  # taken out stays out
    news("Late", date(2026, 10, 30))
    client.post(do, {"what": "draft-again"})
    assert [(str(one.title), one.is_out) for one in issue.blocks.all()] == [("Inside", True), ("Late", False)]


def test_news_of_after_its_month_is_said_to_wait(cast: Cast) -> None:
    today = office_today()
    issue = draft_issue(today.replace(day=1) - timedelta(days=1), cast.officer)
    news("Of today", today)
    news("Not ours", today, visibility="office")
    news("To be published", today + timedelta(days=3))
    do = f"/en/office/newsletter/{issue.public_id}/do/"
    client = cast.client("officer")
    page = client.post(do, {"what": "draft-again"}, follow=True)
    waits = "1 news item came after the month of this issue: it waits for the next one."
    assert [str(one) for one in page.context["messages"]] == ["0 blocks were put in.", waits]
    of_now = draft_issue(today, cast.officer)
    page = client.post(do.replace(issue.public_id, of_now.public_id), {"what": "draft-again"}, follow=True)
    assert [str(one) for one in page.context["messages"]] == ["0 blocks were put in."]


def test_drafted_late_what_is_over_does_not_come(cast: Cast) -> None:
    today = office_today()
    for title, day in (("Over", today - timedelta(1)), ("To come", today + timedelta(1))):
        Event.objects.create(title=Text.of(en=title), start_earliest=day, start_latest=day)
        Call.objects.create(title=Text.of(en=f"{title} call"), closes_earliest=day, closes_latest=day)
    last_month = today.replace(day=1) - timedelta(days=1)
    issue = draft_issue(last_month, cast.officer)
    told = {str(one.title) for one in issue.blocks.filter(kind__in=["coming", "calls"])}
    assert told == {"To come", "To come call"}
    assert Month(date(2020, 4, 1)).ahead(today) == date(2020, 5, 1)


def test_a_month_that_still_runs_has_been_in_part(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sympolis.office.publishing.newsletter.drafting._today", lambda: date(2026, 11, 12))
    for title, day in (("Was", date(2026, 11, 11)), ("Today", date(2026, 11, 12)), ("Soon", date(2026, 11, 20))):
        Event.objects.create(title=Text.of(en=title), start_earliest=day, start_latest=day)
    Call.objects.create(title=Text.of(en="C"), closes_earliest=date(2027, 1, 1), closes_latest=date(2027, 1, 31))
    issue = draft_issue(date(2026, 11, 1), cast.officer, ("en", "ca"))
    assert [(one.kind, str(one.title)) for one in issue.blocks.all()] == [
        ("coming", "Today"), ("coming", "Soon"), ("past", "Was"), ("calls", "C"),
    ]  # fmt: skip
    closes = issue.blocks.get(kind="calls").text
    assert (closes.get_text("en").strip(), closes.get_text("ca").strip()) == (
        "Closes in January 2027.", "Es tanca el gener del 2027.",
    )  # fmt: skip


def test_readers_made_up_for_the_demo_go_with_its_examples(cast: Cast) -> None:
    keep_example_letters()
    assert Subscriber.objects.count() == 0  # there is no officer of the demo here
    User.objects.filter(pk=cast.officer.pk).update(email="officer@demo.example")
    keep_example_letters()
    assert Counter(Subscriber.objects.values_list("state", flat=True)) == {
        "subscribed": 6, "left": 1, "bounced": 1, "waiting": 1,
    }  # fmt: skip
    assert {one.email.partition("@")[2] for one in Subscriber.objects.all()} == {"readers.example"}
    Subscriber.objects.create(email="anna@amb.example", folded="anna@amb.example")
    said = cast.client("administrator").get("/en/office/newsletter/subscribers/").content.decode()
    assert said.count("badge-example") == 9
    assert remove_example_letters() == 10
    assert [one.email for one in Subscriber.objects.all()] == ["anna@amb.example"]
    keep_example_letters()
    assert Subscriber.objects.count() == 1


def test_an_issue_for_later_waits_for_who_subscribes(cast: Cast) -> None:
    issue = draft_issue(date(2026, 10, 1), cast.officer, ("en",))
    page, client = f"/en/office/newsletter/{issue.public_id}/", cast.client("officer")
    client.post(f"{page}block/", {"title_en": "One"})
    refused = client.post(f"{page}do/", {"what": "schedule", "at": ""}, follow=True).content.decode()
    assert "Nobody has subscribed yet: there is nobody to send it to." in refused
    tomorrow = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    said = client.post(f"{page}do/", {"what": "schedule", "at": tomorrow}, follow=True).content.decode()
    assert "Whoever does until then gets it; in any case it stands on the web." in said
    issue.refresh_from_db()
    assert issue.state == "scheduled"


def test_an_editor_orders_writes_and_sends(cast: Cast) -> None:
    subscribe("anna")
    issue = draft_issue(date(2026, 10, 1), cast.officer, ("en", "ca"))
    page = f"/en/office/newsletter/{issue.public_id}/"
    client = cast.client("officer")
    for title in ("One", "Two"):
        client.post(f"{page}block/", {"title_en": title, "title_ca": title, "text_en": "**so** <script>"})
    one, two = issue.blocks.all()
    client.post(f"{page}do/", {"what": "up", "block": two.pk})
    assert [str(block.title) for block in issue.blocks.all()] == ["Two", "One"]
    look = client.get(f"{page}look/en/").content.decode()
    assert f'sandbox title="On dark ground" width="100%" height="700" src="{page}mail/en/dark/"' in look
    frame = client.get(f"{page}mail/en/dark/")
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "default-src 'none'" in frame.headers["Content-Security-Policy"]
    assert "sandbox" in frame.headers["Content-Security-Policy"]
    assert "<script>" not in frame.content.decode()
    assert "<strong>so</strong> &lt;script&gt;" in frame.content.decode()
    assert "@media all" in frame.content.decode()
    client.post(f"{page}do/", {"what": "test", "language": "ca"})
    (test,) = mail.outbox
    assert (test.to, "List-Unsubscribe" in test.extra_headers) == (["officer@example.org"], False)
    client.post(f"{page}do/", {"what": "schedule", "at": "2099-01-01T08:00"})
    issue.refresh_from_db()
    assert (issue.state, issue.address) == (IssueState.SCHEDULED, "http://testserver")
    client.post(f"{page}block/{one.pk}/", {"title_en": "Changed"})  # its words stay as they are
    assert str(IssueBlock.objects.get(pk=one.pk).title) == "One"


def test_the_archive_shows_what_was_sent(cast: Cast) -> None:
    draft, sent = make_issue(state=IssueState.DRAFT), make_issue(state=IssueState.SENT)
    visitor = cast.client("visitor")
    listed = visitor.get("/ca/newsletter/").content.decode()
    assert (draft.public_id in listed, sent.public_id in listed) == (False, True)
    assert visitor.get(f"{LETTER}{draft.public_id}/").status_code == 404
    shown = visitor.get(f"/ar/newsletter/{sent.public_id}/").content.decode()
    assert "تشرين الأول" in shown


@pytest.mark.parametrize("who", ["administrator", "officer", "contact", "participant", "outsider", "visitor"])
def test_who_may(cast: Cast, who: str) -> None:
    issue = make_issue(state=IssueState.DRAFT)
    (anna,) = subscribe("anna")
    block = IssueBlock.objects.create(issue=issue, kind="own", title=Text.of(en="Own"))
    office, client = "/en/office/newsletter/", cast.client(who)
    refused = 302 if who == "visitor" else 403
    for page in ("", f"{issue.public_id}/", f"{issue.public_id}/block/", f"{issue.public_id}/block/{block.pk}/",
                 f"{issue.public_id}/look/en/", f"{issue.public_id}/mail/en/light/"):  # fmt: skip
        assert client.get(office + page).status_code == (200 if who in {"administrator", "officer"} else refused)
    for page in ("subscribers/", "subscribers/?format=csv", "subscribers/bring/", "returned/"):
        assert client.get(office + page).status_code == (200 if who == "administrator" else refused)
    client.post(f"{office}subscribers/{anna.pk}/", {"what": "forget"})
    assert Subscriber.objects.exists() == (who != "administrator")
    client.post(f"{office}{issue.public_id}/do/", {"what": "remove"})
    assert Issue.objects.exists() == (who not in {"administrator", "officer"})


def test_few_questions_however_many(cast: Cast, django_assert_max_num_queries: pytest.FixtureRequest) -> None:
    client = cast.client("administrator")
    for size in (1, 40):
        subscribe(*(f"s{size}-{n}" for n in range(size)))
        for n in range(size):
            issue = make_issue(state=IssueState.SENT)
            IssueBlock.objects.create(issue=issue, kind="own", title=Text.of(en=f"{n}"))
        for n, one in enumerate(Subscriber.objects.all()):
            about = {"due_at": timezone.now(), "state": "doubt" if n % 2 else "sent"}
            Delivery.objects.get_or_create(issue=issue, subscriber=one, defaults=about)
        office = "/en/office/newsletter/"
        for page in (LETTER, f"{LETTER}{issue.public_id}/", office, f"{office}{issue.public_id}/",
                     f"{office}subscribers/", f"{office}returned/"):  # fmt: skip
            with django_assert_max_num_queries(12):  # type: ignore[operator]
                assert client.get(page).status_code == 200


def test_a_list_is_brought_in_whole_and_brings_nobody_back(cast: Cast) -> None:
    subscribe("known")
    subscribe("left", state=SubscriberState.LEFT)
    client = cast.client("administrator")

    def bring(text: str) -> str:
        file = SimpleUploadedFile("list.csv", text.encode())
        return client.post("/en/office/newsletter/subscribers/bring/", {"file": file}).content.decode()

    assert "a column “consent”" in bring("email\na@readers.example\n")
    assert "Line 3: “nonsense” is no mail address." in bring("email,consent\na@readers.example,fair\nnonsense,fair\n")
    several = bring("email,consent\nnonsense,\na@readers.example,\nb@readers.example,fair\n")
    for line in ("2: “nonsense” is no mail address.", "2: it does not say when and how nonsense agreed.",
                 "3: it does not say when and how a@readers.example agreed."):  # fmt: skip
        assert f"Line {line}" in several, line
    many = bring("email,consent\n" + "nobody,fair\n" * 23)
    assert (many.count("Line 21: “nobody”") > 0, "Line 22:" in many, "and 3 more" in many) == (True, False, True)
    assert Subscriber.objects.count() == 2
    page = bring(
        "Email,Language,Consent\nNew@readers.example,fr,signed at the fair of 3 May\n"
        "known@readers.example,en,fair\nleft@readers.example,en,fair\n"
    )
    assert "Added: 1. On the list already: 1." in page
    assert "<bdi>left@readers.example</bdi>" in page
    new = Subscriber.objects.get(folded="new@readers.example")
    assert (new.state, new.language, new.consent_words, new.consent_from) == (
        SubscriberState.SUBSCRIBED, "fr", "signed at the fair of 3 May", "list.csv",
    )  # fmt: skip
    file = b"".join(client.get("/en/office/newsletter/subscribers/?format=csv")).decode("utf-8-sig")  # type: ignore[arg-type]
    assert [line.split(",")[0] for line in file.splitlines()] == [
        "email", "known@readers.example", "left@readers.example", "New@readers.example",
    ]  # fmt: skip
    assert "signed at the fair of 3 May" in file


DSN = """From: mailer-daemon@mx.example
To: office@office.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {to}
Action: failed
Status: {status}
Diagnostic-Code: smtp; {status} no

--b
Content-Type: text/rfc822-headers

To: {to}
Message-ID: {id}

--b--
"""
COMPLAINT = """From: fbl@mx.example
To: office@office.example
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: x
Version: 1

--b
Content-Type: message/rfc822

To: {to}
Message-ID: {id}
Subject: x

Words
--b--
"""


def report(pattern: str, to: str, number: str, status: str = "5.1.1") -> bytes:
    return pattern.format(to=to, id=number, status=status).encode()


def test_what_comes_back_counts_only_with_our_seal(cast: Cast) -> None:
    anna, biel, carla = subscribe("anna", "biel", "carla")
    issue = make_issue(state=IssueState.SENT)
    for one in (anna, biel, carla):
        Delivery.objects.create(issue=issue, subscriber=one, due_at=timezone.now(), state="sent")
    number = message_id(issue, anna.pk, "office.example")
    take_in(report(DSN, biel.email, number))  # another's number
    take_in(report(DSN, anna.email, number.replace(f".{anna.pk}.", f".{biel.pk}.")))  # a forged one
    take_in(report(DSN, anna.email, "<unknown@x>"))
    take_in(b"\xff\xfe nothing at all \x00")
    assert set(Subscriber.objects.values_list("state", flat=True)) == {SubscriberState.SUBSCRIBED}
    assert Return.objects.filter(settled_at=None, delivery=None).count() == 4
    real = report(DSN, anna.email, number)
    assert take_in(real) is not None
    assert take_in(real) is None  # counts once
    for _n in range(2):
        take_in(report(DSN, biel.email, message_id(issue, biel.pk, "x"), "5.2.2") + str(_n).encode())
    take_in(report(COMPLAINT, carla.email, message_id(issue, carla.pk, "x")))
    found = {
        one.email.partition("@")[0]: (one.state, one.soft_bounces, one.left_why) for one in Subscriber.objects.all()
    }
    assert found == {"anna": ("bounced", 0, ""), "biel": ("subscribed", 2, ""), "carla": ("left", 0, "complaint")}
    take_in(report(DSN, biel.email, message_id(issue, biel.pk, "x"), "5.2.2") + b"3")
    biel.refresh_from_db()
    assert biel.state == SubscriberState.BOUNCED
