"""Supporting and commenting: once each, three deep, for a quarter of an hour, at a human pace, in plain HTML."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sympolis.office.core.enums import SiteRole, Visibility
from sympolis.office.core.merging.merge import merge_records
from sympolis.office.core.merging.undo import undo_merge
from sympolis.office.core.models import User
from sympolis.office.core.texts import Text
from sympolis.office.core.tokens import hashed
from sympolis.office.planning.models import Action, Comment, Plan, Process, ProcessPhase, Support
from sympolis.office.planning.voices.actions import change, remove, say, support, take_support_back
from sympolis.office.planning.voices.enums import Audience
from sympolis.office.planning.voices.errors import (
    NoLongerThere,
    NothingSaid,
    NotInvited,
    NotOpen,
    TooFast,
    TooLate,
    TooLong,
)
from sympolis.office.planning.voices.queries import lines_of, openness_of, voiced
from sympolis.web.public.voices.threads import text_html
from tests.cast import Cast


def tally_of(user: User, record: Any) -> Any:
    return voiced(user, record)[1]


def address(name: str, record: Any) -> str:
    return reverse(f"public:{name}", kwargs={"public_id": record.public_id})


def send(client: Client, record: Any, text: str, **more: str) -> Any:
    return client.post(address("voices_say", record), {"text": text, "client_id": f"client-{len(text)}", **more})


def spread(person: User) -> None:
    """Long ago, so that nobody waits for the pace."""
    Comment.objects.filter(author=person).update(created_at=timezone.now() - timedelta(days=1))


def phase(plan: Plan, first: int, last: int, **opens: bool) -> ProcessPhase:
    """From so many days from today to so many."""
    today = timezone.localdate()
    begins, ends = (today + timedelta(days=days) for days in (first, last))
    return ProcessPhase.objects.create(
        process=plan.process, title=Text.of(en=f"Phase {first}"), starts=begins, ends=ends, **opens
    )


# Supports


def test_two_windows_support_once_and_take_back(cast: Cast, plan: Plan) -> None:
    first, second = cast.client("participant"), cast.client("participant")
    for client in (first, second):
        answer = client.post(address("voices_support", plan), {"what": "on"})
        assert (answer.status_code, answer["Location"]) == (302, f"{plan.get_absolute_url()}#voices")
    assert list(Support.objects.values_list("person", "plan")) == [(cast.participant.pk, plan.pk)]
    page = first.get(plan.get_absolute_url()).text
    assert '<h2>Supports <span class="count">1</span></h2>' in page
    assert "3 supports more are carried over from where this was published before." in page
    assert "You support this" in page
    second.post(address("voices_support", plan), {"what": "back"})
    first.post(address("voices_support", plan), {"what": "back"})
    assert not Support.objects.exists()


def test_an_action_has_a_page_for_its_voices_and_the_plan_says_how_many(cast: Cast, plan: Plan, action: Action) -> None:
    client = cast.client("contact")
    answer = client.post(address("voices_support", action), {"what": "on"})
    assert answer["Location"] == f"{action.get_absolute_url()}#voices"
    assert "You support this" in client.get(action.get_absolute_url()).text
    line = client.get(action.plan.get_absolute_url()).text  # type: ignore[union-attr]
    assert "1 support ·" in " ".join(line.split())
    assert tally_of(cast.contact, action).supports == 1


def test_a_visitor_signs_in_first_and_comes_back(cast: Cast, plan: Plan) -> None:
    visitor = cast.client("visitor")
    assert "Sign in to take part" in visitor.get(plan.get_absolute_url()).text
    answer = visitor.post(address("voices_support", plan), {"what": "on"})
    assert answer["Location"] == f"/en/account/login/?next={plan.get_absolute_url()}"
    assert send(visitor, plan, "Words").status_code == 302
    assert (Support.objects.count(), Comment.objects.count()) == (0, 0)


def test_without_the_switch_nothing_is_shown_or_taken(cast: Cast, plan: Plan, action: Action) -> None:
    say(cast.contact, plan, "Once said", "client-1")
    Process.objects.update(is_open=False)
    page = cast.client("participant").get(plan.get_absolute_url()).text
    assert "Once said" not in page
    assert 'id="voices"' not in page
    assert cast.client("participant").get(address("comment", Comment.objects.get())).status_code == 404
    for record in (plan, action):
        with pytest.raises(NotOpen):
            support(cast.participant, record)


def test_what_is_the_offices_own_is_not_there(cast: Cast, plan: Plan, action: Action) -> None:
    comment = say(cast.contact, plan, "Once said", "client-1")
    Plan.objects.update(visibility=Visibility.OFFICE)
    Action.objects.update(visibility=Visibility.OFFICE)
    client = cast.client("participant")
    assert client.post(address("voices_support", plan), {}).status_code == 404
    assert client.get(action.get_absolute_url()).status_code == 404
    assert client.get(address("comment", comment)).status_code == 404
    assert send(client, action, "Words").status_code == 404


def test_two_actions_made_one_count_each_person_once(cast: Cast, action: Action) -> None:
    other = Action.objects.create(plan=action.plan, title=Text.of(en="The same action"))
    for person, record in ((cast.contact, action), (cast.contact, other), (cast.outsider, other)):
        support(person, record)
    said = say(cast.outsider, other, "Here too", "client-1")
    merged = merge_records(action, other, cast.officer)
    assert tally_of(cast.officer, action).supports == 2
    assert Comment.objects.get(pk=said.pk).action == action
    undo_merge(merged, cast.officer)
    assert [tally_of(cast.officer, one).supports for one in (action, Action.objects.get(title=other.title))] == [1, 2]


# Phases


def test_phases_say_what_is_open(cast: Cast, plan: Plan, action: Action) -> None:
    phase(plan, -20, -10, support=True, comment=True)
    phase(plan, 0, 0, comment=True, contribute=True)
    phase(plan, 1, 9, support=True)
    found = openness_of(action)
    assert (found.supports_open, found.comments_open, found.shows_supports) == (False, True, True)
    with pytest.raises(NotOpen):
        support(cast.participant, action)
    say(cast.participant, action, "In time", "client-1")
    page = " ".join(cast.client("participant").get(plan.get_absolute_url()).text.split())
    assert page.count('<li class="is-done">') == page.count('<li aria-current="step">') == 1
    assert "contribute in sessions · comment" in page


def test_after_the_last_day_it_is_refused_in_words(cast: Cast, plan: Plan) -> None:
    given = say(cast.contact, plan, "Stays", "client-1")
    phase(plan, -3, -1, support=True, comment=True)
    client = cast.client("participant")
    answer = client.post(address("voices_support", plan), {"what": "on"}, follow=True)
    assert "This is not open now: look at the phases of the plan." in answer.text
    answer = send(client, plan, "Too late, but not lost")
    assert answer.status_code == 409
    assert "Too late, but not lost</textarea>" in answer.text
    assert client.post(address("voices_support", plan), {"comment": given.public_id}).status_code == 302
    assert (Support.objects.count(), Comment.objects.count()) == (0, 1)
    assert "Stays" in answer.text or "Stays" in client.get(plan.get_absolute_url()).text


def test_who_is_not_meant_is_refused(cast: Cast, plan: Plan) -> None:
    plan.process.audience, plan.process.invited = Audience.INVITED, "Participant@example.org\nother@example.org"
    plan.process.save()
    support(cast.participant, plan)
    support(cast.officer, plan)
    with pytest.raises(NotInvited):
        support(cast.contact, plan)
    assert send(cast.client("contact"), plan, "Words").status_code == 403
    Process.objects.update(audience=Audience.ORGANISATIONS)
    plan.refresh_from_db()
    support(cast.contact, plan)
    with pytest.raises(NotInvited):
        say(cast.participant, plan, "Words", "client-1")


def test_a_line_with_a_process_of_its_own_goes_by_it(cast: Cast, plan: Plan, action: Action) -> None:
    own = Process.objects.create(plan=action.plan)
    assert (openness_of(action).process, openness_of(plan).comments_open) == (own, True)
    assert not openness_of(action).comments_open


# Comments


def test_an_answer_to_the_third_level_hangs_on_the_third(cast: Cast, plan: Plan) -> None:
    above: Comment | None = None
    made = []
    for number in range(5):
        above = say(cast.contact, plan, f"Word {number}", f"client-{number}", above)
        made.append(above)
    assert [one.parent and one.parent.text for one in made] == [None, "Word 0", "Word 1", "Word 1", "Word 1"]
    assert [one.answers and one.answers.text for one in made] == [None, "Word 0", "Word 1", "Word 2", "Word 3"]
    assert {one.thread_id for one in made[1:]} == {made[0].pk}
    page = cast.client("visitor").get(plan.get_absolute_url()).text
    assert page.count(f'<a href="#{made[2].public_id}">answers somebody here</a>') == 1


def test_sent_twice_it_is_there_once(cast: Cast, plan: Plan) -> None:
    client = cast.client("participant")
    answers = [send(client, plan, "Twice") for _turn in range(2)]
    (made,) = Comment.objects.all()
    assert {answer["Location"] for answer in answers} == {f"{plan.get_absolute_url()}#{made.public_id}"}
    assert (made.language, made.author) == ("en", cast.participant) or made.author == cast.participant


def test_other_words_under_the_same_id_are_not_lost(cast: Cast, plan: Plan, action: Action) -> None:
    """Who goes back in the browser after a comment writes the next one into a page that has its id still."""
    client = cast.client("participant")
    for record, text in ((plan, "First"), (plan, "Then this"), (plan, "First"), (action, "First"), (plan, "Then this")):
        spread(cast.participant)
        assert send(client, record, text, client_id="client-1").status_code == 302
    assert [(one.record, one.text) for one in Comment.objects.all()] == [
        (plan, "First"), (plan, "Then this"), (action, "First"),
    ]  # fmt: skip
    first = Comment.objects.filter(plan=plan).first()
    assert first
    Comment.objects.filter(pk=first.pk).update(created_at=timezone.now())
    first.refresh_from_db()
    change(cast.participant, first, "First, said better")
    assert say(cast.participant, plan, "First", "client-1") == first  # a late retry
    remove(cast.participant, first)
    assert say(cast.participant, plan, "First", "client-1") == first
    assert Comment.objects.count() == 3


def test_a_comment_is_not_changed_without_end(cast: Cast, plan: Plan) -> None:
    made = say(cast.participant, plan, "Word", "client-1")
    cache.set(f"change-{hashed(str(cast.participant.pk))}", [time.time()] * 59, 60)
    where = reverse("public:comment_change", kwargs={"public_id": made.public_id})
    answers = [cast.client("participant").post(where, {"text": f"Word {n}"}) for n in range(2)]
    assert [one.status_code for one in answers] == [302, 429]
    assert "Word 1</textarea>" in answers[1].text
    assert Comment.objects.get().text == "Word 0"


def test_newest_or_most_supported_first(cast: Cast, plan: Plan) -> None:
    old, new = (say(cast.contact, plan, word, f"client-{word}") for word in ("Older", "Newer"))
    cast.client("participant").post(address("voices_support", plan), {"comment": old.public_id})

    def order(question: str) -> list[str]:
        page = cast.client("visitor").get(plan.get_absolute_url() + question).text
        return sorted(("Older", "Newer"), key=page.index)

    assert order("") == ["Newer", "Older"]
    assert order("?order=supported") == ["Older", "Newer"]
    assert Support.objects.get().comment == old
    take_support_back(cast.participant, old)
    assert not Support.objects.exists()
    assert new.author == cast.contact


def test_changed_for_a_quarter_of_an_hour_with_what_was_before(cast: Cast, plan: Plan) -> None:
    comment = say(cast.contact, plan, "First words", "client-1")
    client = cast.client("contact")
    answer = client.post(address("comment_change", comment), {"text": "Better words"})
    assert answer["Location"] == f"{plan.get_absolute_url()}#{comment.public_id}"
    page = cast.client("visitor").get(plan.get_absolute_url()).text
    assert "Better words" in page
    assert "First words" not in page
    assert ">edited</a>" in page
    assert "First words" in cast.client("visitor").get(address("comment", comment)).text
    with pytest.raises(PermissionDenied):
        change(cast.participant, comment, "Not mine")
    assert cast.client("officer").post(address("comment_change", comment), {"text": "x"}).status_code == 403
    Comment.objects.update(created_at=timezone.now() - timedelta(minutes=16))
    with pytest.raises(TooLate):
        change(cast.contact, comment, "Too late")
    answer = client.post(address("comment_change", comment), {"text": "Late words"})
    assert answer.status_code == 409
    assert "Late words</textarea>" in answer.text


def test_removed_by_its_author_its_words_are_nowhere(cast: Cast, plan: Plan) -> None:
    alone = say(cast.contact, plan, "Alonewords", "client-1")
    answered = say(cast.contact, plan, "Answeredwords", "client-2")
    say(cast.participant, plan, "The answer", "client-3", answered)
    assert cast.client("participant").post(address("comment_remove", alone)).status_code == 403
    for one in (alone, answered):
        cast.client("contact").post(address("comment_remove", one))
    page = cast.client("officer").get(plan.get_absolute_url()).text
    assert page.count("Removed by its author.") == 1
    assert "The answer" in page
    assert "Alonewords" not in page
    assert "Answeredwords" not in page
    assert set(Comment.history.values_list("text", flat=True)) == {"", "The answer"}
    assert tally_of(cast.officer, plan).comments == 1
    with pytest.raises(NoLongerThere):
        say(cast.participant, plan, "To nobody", "client-4", Comment.objects.get(pk=alone.pk))
    with pytest.raises(NoLongerThere):
        remove(cast.contact, answered)


def test_text_is_text(cast: Cast, plan: Plan) -> None:
    bad = '<script>alert(1)</script> & "\nsee https://example.org/a?b=1&c="x". javascript:alert(2)'
    assert text_html(bad) == (
        "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;<br>see "
        '<a href="https://example.org/a?b=1&amp;c=" rel="external nofollow ugc" dir="ltr">'
        "https://example.org/a?b=1&amp;c=</a>&quot;x&quot;. javascript:alert(2)"
    )
    assert "<" not in text_html("a < b").replace("&lt;", "")
    User.objects.filter(pk=cast.contact.pk).update(first_name="<b>Bold</b>")
    say(cast.contact, plan, bad, "client-1")
    page = cast.client("visitor").get(plan.get_absolute_url()).text
    assert "<script>alert" not in page
    assert "<b>Bold" not in page
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page


def test_no_mail_address_stands_for_a_name(cast: Cast, plan: Plan) -> None:
    User.objects.update(first_name="", last_name="")
    say(cast.contact, plan, "Words", "client-1")
    say(cast.officer, plan, "Words", "client-2")
    page = cast.client("visitor").get(plan.get_absolute_url()).text
    assert "@example.org" not in page
    assert "<bdi>A participant</bdi>" in page
    assert "<bdi>The office</bdi>" in page


# Bad input and abuse


def test_too_long_comes_back_whole_and_far_too_long_is_not_read(cast: Cast, plan: Plan) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.participant, backend="sympolis.office.directory.sign_in.SignIn")
    page = client.get(plan.get_absolute_url())
    token = page.context["csrf_token"]
    longer = "ش" * 5001
    answer = client.post(
        address("voices_say", plan), {"text": longer, "client_id": "client-1", "csrfmiddlewaretoken": str(token)}
    )
    assert answer.status_code == 422
    assert longer in answer.text
    assert "longer than 5,000 letters" in answer.text
    # One of a megabyte is refused by what it says of itself: its body is never asked for.
    huge = client.generic(
        "POST", address("voices_say", plan), b"x=1", content_type="application/x-www-form-urlencoded",
        CONTENT_LENGTH=str(2**20),
    )  # fmt: skip
    assert huge.status_code == 413
    assert "A comment has at most 5,000 letters" in huge.text
    assert not Comment.objects.exists()
    say(cast.participant, plan, longer[:5000], "client-1")


def test_every_form_of_the_page_carries_its_token(cast: Cast, plan: Plan) -> None:
    say(cast.contact, plan, "Words", "client-1")
    page = cast.client("participant").get(plan.get_absolute_url()).text
    main = page.partition("<main")[2]
    tokens = re.findall(r'name="csrfmiddlewaretoken" value="(\w*)"', main)
    assert len(tokens) == main.count('method="post"') == 4
    assert {len(one) for one in tokens} == {64}


def test_a_forged_form_is_refused(cast: Cast, plan: Plan) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.participant, backend="sympolis.office.directory.sign_in.SignIn")
    for name in ("voices_say", "voices_support", "voices_follow"):
        assert client.post(address(name, plan), {"text": "x", "client_id": "client-1"}).status_code == 403
    assert (Support.objects.count(), Comment.objects.count()) == (0, 0)


def test_a_thousand_comments_in_a_minute_are_five(cast: Cast, plan: Plan) -> None:
    client = cast.client("participant")
    said = [send(client, plan, f"Word {n}", client_id=f"client-{n}").status_code for n in range(20)]
    assert said == [302] * 5 + [429] * 15
    refused = 0
    for n in range(20, 1000):
        with pytest.raises(TooFast):
            say(cast.participant, plan, f"Word {n}", f"client-{n}")
        refused += 1
    assert (refused, Comment.objects.count(), tally_of(cast.participant, plan).comments) == (980, 5, 5)
    # what was taken is answered as the first time
    again = send(client, plan, "Word 4", client_id="client-4")
    assert (again.status_code, Comment.objects.count()) == (302, 5)


def test_thirty_an_hour(cast: Cast, plan: Plan) -> None:
    for n in range(30):
        say(cast.participant, plan, f"Word {n}", f"client-{n}")
        Comment.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    with pytest.raises(TooFast):
        say(cast.participant, plan, "One more", "client-x")
    say(cast.contact, plan, "Somebody else", "client-x")
    spread(cast.participant)
    say(cast.participant, plan, "Tomorrow", "client-x")


def test_who_fills_in_the_trap_says_nothing(cast: Cast, plan: Plan) -> None:
    answer = send(cast.client("participant"), plan, "Buy this", website="https://example.com")
    assert (answer.status_code, Comment.objects.count()) == (302, 0)


@pytest.mark.parametrize("text", ["", "  \n ", "\x00"])
def test_nothing_is_no_comment(cast: Cast, plan: Plan, text: str) -> None:
    with pytest.raises(NothingSaid):
        say(cast.participant, plan, text, "client-1")
    with pytest.raises(TooLong):
        say(cast.participant, plan, "x" * 5001, "client-1")


def test_a_comment_of_elsewhere_is_not_answered_here(cast: Cast, plan: Plan, action: Action) -> None:
    elsewhere = say(cast.contact, action, "There", "client-1")
    client = cast.client("participant")
    assert send(client, plan, "Words", answers=elsewhere.public_id).status_code == 404
    assert client.post(address("voices_support", plan), {"comment": elsewhere.public_id}).status_code == 404
    assert client.post(address("voices_support", plan), {"comment": "com_nothing"}).status_code == 404


# Sizes


def many(plan: Plan, threads: int, answers: int) -> None:
    named = (f"p{threads}-{n}@example.org" for n in range(20))
    people = User.objects.bulk_create(User(email=one, first_name=one[:5], role=SiteRole.PARTICIPANT) for one in named)
    begun = [
        Comment(plan=plan, author=people[n % 20], client_id=f"t{n}", text=f"Thread {n} https://example.org/{n}\nline")
        for n in range(threads)
    ]
    begun = Comment.objects.bulk_create(begun)
    below = [
        Comment(plan=plan, author=people[m % 20], client_id=f"t{one.pk}-{m}", thread=one, parent=one, answers=one,
                text=f"Answer {m} " * 12, language="en")
        for one in begun for m in range(answers)
    ]  # fmt: skip
    Comment.objects.bulk_create(below)
    first = list(Comment.objects.values_list("pk", flat=True)[:200])
    Support.objects.bulk_create(Support(comment_id=pk, person=person) for pk in first for person in people[:5])
    for n, pk in enumerate(Comment.objects.values_list("pk", flat=True)):
        Comment.objects.filter(pk=pk).update(created_at=timezone.now() - timedelta(days=n % 60))


@pytest.mark.parametrize("who", ["visitor", "participant", "officer"])
def test_as_many_questions_for_hundreds_of_comments_as_for_few(
    cast: Cast, plan: Plan, action: Action, who: str
) -> None:
    client = cast.client(who)
    counts = []
    for threads, answers in ((2, 1), (60, 9)):
        Comment.objects.all().delete()
        many(plan, threads, answers)
        client.get(plan.get_absolute_url())
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page = client.get(plan.get_absolute_url()).text
        counts.append(len(asked))
        assert page.count('id="com_') == min(threads, 50) * (answers + 1)
    assert counts[0] == counts[1] <= 12, [q["sql"][:150] for q in asked.captured_queries]
    second = client.get(plan.get_absolute_url() + "?comments=2").text
    assert second.count('id="com_') == 100
    assert len(lines_of(cast.officer, plan, "supported", 1)) == 500
