"""Whoever lost the right, was signed out or signed in anew while a page was open is refused, and no word is lost."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from sympolis.office.core.enums import SiteRole
from sympolis.office.planning.models import Comment, Plan
from sympolis.office.planning.voices.actions import report, say
from tests.cast import Cast

WHY = "Insults a neighbour.\n<b>Says</b> nothing of the plan."
SHOWN = '<blockquote dir="auto">Insults a neighbour.<br>&lt;b&gt;Says&lt;/b&gt; nothing of the plan.</blockquote>'
HERE = "http://testserver"


@pytest.fixture
def comment(cast: Cast, plan: Plan) -> Comment:
    return say(cast.contact, plan, "Hiddenwords", "client-1")


def decide(comment: Comment) -> str:
    return reverse("staff:moderate_decide", kwargs={"public_id": comment.public_id})


def test_who_is_no_moderator_any_more_gets_the_reason_back(cast: Cast, comment: Comment) -> None:
    client = cast.client("officer")
    cast.officer.role = SiteRole.PARTICIPANT
    cast.officer.save()
    answer = client.post(decide(comment), {"what": "hide", "why": WHY, "seen": "two words"})
    assert (answer.status_code, answer.text.count(SHOWN), answer.text.count("<blockquote")) == (403, 1, 1)
    assert "Your account may not see or change this." in answer.text
    assert "Copy it before you leave this page." not in client.get(decide(comment)).text
    comment.refresh_from_db()
    assert comment.hidden_at is None


def test_who_was_signed_out_meanwhile_reads_their_words(cast: Cast, comment: Comment) -> None:
    page = reverse("staff:moderate", kwargs={"public_id": comment.public_id})
    for before, leads_to in (
        (f"{HERE}{page}?list=latest", f"{page}%3Flist%3Dlatest"),
        ("https://elsewhere.example/", "/en/"),
    ):
        answer = Client().post(decide(comment), {"what": "hide", "why": WHY}, headers={"referer": before})
        assert (answer.status_code, answer.text.count(SHOWN)) == (403, 1)
        assert f'class="button button-primary" href="/en/account/login/?next={leads_to}"' in answer.text
    nothing_typed = Client().post(decide(comment), {"what": "leave"})
    assert (nothing_typed.status_code, nothing_typed["Location"]) == (302, f"/en/account/login/?next={decide(comment)}")


def test_a_form_of_an_earlier_sign_in_comes_back_but_nothing_of_another_site(cast: Cast, plan: Plan) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.participant, backend="sympolis.office.directory.sign_in.SignIn")
    address, form = reverse("public:voices_say", kwargs={"public_id": plan.public_id}), {"text": WHY}
    own = client.post(address, form, headers={"origin": HERE})
    assert (own.status_code, own.text.count(SHOWN)) == (403, 1)
    assert "You have signed in or out since this page was opened" in own.text
    for origin in ("https://elsewhere.example", "null", ""):
        forged = client.post(address, form, headers={"origin": origin} if origin else {})
        assert (forged.status_code, "neighbour" in forged.text) == (403, False)
    assert not Comment.objects.exists()


def test_a_report_too_many_or_without_a_reason_comes_back(
    cast: Cast, comment: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, words = cast.client("participant"), 'Look at "this"'
    address = reverse("public:comment_report", kwargs={"public_id": comment.public_id})
    answer = client.post(address, {"words": words})
    assert (answer.status_code, answer.text.count('value="Look at &quot;this&quot;"')) == (422, 1)
    assert "Say what is wrong with it." in answer.text
    monkeypatch.setattr("sympolis.web.public.voices.comment_pages.MOST_REPORTS", 0)
    answer = client.post(address, {"reason": "spam", "words": words})
    assert (answer.status_code, answer.text.count('value="Look at &quot;this&quot;"')) == (429, 1)
    assert 'value="spam" required checked' in answer.text
    assert "very many reports in a short time" in answer.text
    assert not comment.reports.exists()
    assert report(cast.participant, comment, "spam").words == ""
