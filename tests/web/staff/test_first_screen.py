"""The first screen: five short lists for officers, one's own organisation for everybody else."""

from __future__ import annotations

import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sympolis.office.core.texts import Text
from sympolis.office.synergies.models import Brief, Commitment, Invitation, Meeting
from tests.cast import PASSWORD, Cast
from tests.factories import make_call, make_need, make_organisation, make_project
from tests.web.staff.rooms import day, one_of_each

TODAY = reverse("staff:dashboard")


def promise(organisation: object, words: str, due: int, status: str = "open") -> Commitment:
    made = Commitment(organisation=organisation, text=Text.of(en=words), status=status)
    made.due = day(due)
    made.save()
    return made


def test_the_empty_screen_says_what_to_do(cast: Cast) -> None:
    page = cast.client("officer").get(TODAY).text
    for words in (
        "No meeting to come. Add the next one, and prepare a brief for it.",
        "Nothing is overdue.",
        "None ends in the next six months.",
        "No call closes in the next two months.",
        "Nothing waits for you.",
        "Prepare a brief",
        "Add an organisation",
        "Add a project",
        "Bring in a spreadsheet",
    ):
        assert words in page


def test_the_five_lists_come_before_all_other_tools(cast: Cast) -> None:
    page = cast.client("officer").get(TODAY).text
    main = page[page.index("<main") :]
    buttons = re.findall(r'class="button[^"]*" href="([^"]+)"', main[: main.index('class="dash"')])
    adds = [reverse(f"staff:{name}") for name in ("brief_new", "organisations_add", "projects_add", "imports")]
    assert buttons == adds
    assert re.findall(r'<h2 id="([^"]+)"', main) == [
        "next-meetings", "promises-overdue", "agreements-ending", "calls-closing", "waiting", "tools", "kinds"
    ]  # fmt: skip


def test_what_is_overdue_is_computed_ours_first(cast: Cast) -> None:
    promise(cast.sfax, "Theirs, long ago", -300)
    promise(cast.amb, "Ours, yesterday", -1)
    promise(cast.amb, "Ours, done", -1, "done")
    promise(cast.amb, "Ours, today", 0)
    shown = cast.client("officer").get(TODAY).context["promises"].rows
    assert [str(row.text) for row in shown] == ["Ours, yesterday", "Theirs, long ago"]


def test_agreements_calls_and_meetings_within_reach(cast: Cast) -> None:
    for days in (-1, 0, 60, 61):
        call = make_call(f"Call {days}")
        call.closes = day(days)
        call.save()
    for days in (-1, 5, 2):
        meeting = Meeting(title=Text.of(en=f"Meeting {days}"), kind="other")
        meeting.starts = day(days)
        meeting.save()
    context = cast.client("officer").get(TODAY).context
    assert [(str(one.record.title), one.days) for one in context["calls_closing"]] == [("Call 0", 0), ("Call 60", 60)]
    assert [str(row.title) for row in context["meetings"].rows] == ["Meeting 2", "Meeting 5"]
    one_of_each(cast)
    assert [one.days for one in cast.client("officer").get(TODAY).context["agreements_closing"]] == [30]


def test_what_waits_for_an_answer(cast: Cast) -> None:
    make_organisation("Perhaps", confirmed=False)
    brief = Brief.objects.create(
        left=cast.amb, right=cast.sfax, on=day(0).earliest, language="en", document={}, title="B"
    )
    for state in ("draft", "draft", "sent"):
        Invitation.objects.create(
            brief=brief, organisation=cast.sfax, language="fr", subject="s", body="b", state=state
        )
    waiting = cast.client("officer").get(TODAY).context["waiting"]
    assert [one.words for one in waiting] == [
        "2 invitations to approve",
        "1 invitation sent, not answered yet",
        "1 organisation to confirm",
    ]
    assert waiting[2].url == "/en/office/organisations/?confirmed=no"


def test_few_queries_whatever_the_data(cast: Cast) -> None:
    for who in ("officer", "contact"):
        client, counts = cast.client(who), []
        for size in (1, 10):
            for number in range(size):
                one_of_each(cast, f"{size} {number}")
                make_need(cast.sfax, f"Need {number}")
                make_project(f"Project {number}", cast.sfax)
                promise(cast.sfax, "Soon", 3)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(TODAY).status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1]
        assert counts[1] <= 12, "\n".join(query["sql"][:200] for query in queries)


def test_a_contact_sees_its_own(cast: Cast) -> None:
    make_project("Ours", cast.sfax)
    make_project("Not ours", cast.amb)
    make_need(cast.sfax, "We need this")
    promise(cast.sfax, "We will send it", -2)
    promise(cast.amb, "They will send it", -2)
    page = cast.client("contact").get(TODAY)
    assert [str(row.title) for row in page.context["projects"].rows] == ["Ours"]
    assert [str(row.title) for row in page.context["needs"].rows] == ["We need this"]
    assert [str(row.text) for row in page.context["promises"].rows] == ["We will send it"]
    assert "Put its page right" in page.text
    assert "They will send it" not in page.text


def test_a_participant_is_told_whom_to_ask(cast: Cast) -> None:
    cast.office.contact = "Write to office@example.org"
    cast.office.save()
    page = cast.client("participant").get(TODAY).text
    assert "You do not act for an organisation yet" in page
    assert f'href="{reverse("own_voices")}"' in page
    assert "office@example.org" in page


def test_signing_in_leads_to_what_there_is_to_do(cast: Cast) -> None:
    """Who acts for nobody comes to what they said themselves; to where they were, where they came from a page."""
    first = {"officer": TODAY, "contact": TODAY, "participant": reverse("own_voices")}
    for who, leads_to in first.items():
        about = {"login": getattr(cast, who).email, "password": PASSWORD}
        assert Client().post(reverse("account_login"), about)["Location"] == leads_to, who
        back = Client().post(reverse("account_login"), {**about, "next": "/en/plans/"})
        assert back["Location"] == "/en/plans/", who


def test_who_acts_for_an_organisation_is_led_to_it_from_every_page(cast: Cast) -> None:
    """Signing in leads back to the page one came from: from there the way goes on."""
    own, other = cast.sfax.get_absolute_url(), cast.amb.get_absolute_url()
    form = reverse("staff:change", kwargs={"public_id": cast.sfax.public_id})
    led = {
        who: [f'href="{link}"' in cast.client(who).get(page).text for page in (own, other) for link in (TODAY, form)]
        for who in ("contact", "outsider", "participant", "visitor", "officer")
    }
    assert led == {
        "contact": [True, True, True, False],
        "outsider": [True, False, True, False],
        "participant": [False] * 4,
        "visitor": [False] * 4,
        "officer": [True, True, True, False],
    }
    cast.contact.memberships.update(role="reader")
    assert f'href="{form}"' not in cast.client("contact").get(own).text
