"""Reporting, hiding with a reason, objecting once, being answered by somebody else; and the process in the office."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sympolis.office.core.models import User
from sympolis.office.planning.models import Action, Appeal, Comment, CommentReport, Plan, Process, ProcessPhase
from sympolis.office.planning.voices.actions import change, report, say, support
from sympolis.office.planning.voices.errors import (
    AppealedBefore,
    NoLongerThere,
    NothingToDecide,
    SameModerator,
)
from sympolis.office.planning.voices.moderation import answer_objection, hide, leave_be, object_to, unhide
from sympolis.office.planning.voices.queries import openness_of, waiting_comments
from sympolis.office.planning.voices.telling import send_hidden
from tests.cast import Cast

NOBODYS = ("contact", "participant", "outsider")


@pytest.fixture
def comment(cast: Cast, plan: Plan) -> Comment:
    return say(cast.contact, plan, "Hiddenwords", "client-1")


def public(name: str, comment: Comment) -> str:
    return reverse(f"public:{name}", kwargs={"public_id": comment.public_id})


def decide(comment: Comment) -> str:
    return reverse("staff:moderate_decide", kwargs={"public_id": comment.public_id})


def test_reported_once_each_it_waits_in_the_office(cast: Cast, plan: Plan, comment: Comment) -> None:
    client = cast.client("participant")
    for _turn in range(2):
        client.post(public("comment_report", comment), {"reason": "insult", "words": "Look at this"})
    assert [(one.by, one.reason) for one in CommentReport.objects.all()] == [(cast.participant, "insult")]
    officer = cast.client("officer")
    assert "1 comment to look at" in officer.get(reverse("staff:dashboard")).text
    page = officer.get(reverse("staff:comments")).text
    assert "Hiddenwords" in page
    assert "Insults or threatens: <bdi>Look at this</bdi>" in page
    officer.post(decide(comment), {"what": "leave"})
    assert not waiting_comments().exists()
    report(cast.outsider, comment, "spam")
    assert list(waiting_comments()) == [comment]
    assert client.post(public("comment_report", comment), {"reason": "nonsense"}).status_code == 422


def test_hidden_with_a_reason_its_words_are_gone_for_all_but_the_author(
    cast: Cast, plan: Plan, comment: Comment
) -> None:
    page = plan.get_absolute_url()
    assert "Hiddenwords" in cast.client("visitor").get(page).text  # drawn before, and kept
    say(cast.participant, plan, "An answer", "client-2", comment)
    report(cast.participant, comment, "insult")
    answer = cast.client("officer").post(decide(comment), {"what": "hide", "why": "Names a neighbour"})
    assert answer.status_code == 302
    for who in ("visitor", "participant", "outsider"):
        client = cast.client(who)
        said = client.get(page).text
        assert "Hiddenwords" not in said
        assert said.count("Hidden by the moderators.") == 1
        assert "An answer" in said
        assert client.get(public("comment", comment)).status_code == 404
    for who in ("contact", "officer"):
        client = cast.client(who)
        for address in (page, public("comment", comment)):
            said = client.get(address).text
            assert "Hiddenwords" in said
            assert "Names a neighbour" in said
    with pytest.raises(NoLongerThere):
        support(cast.participant, comment)
    with pytest.raises(NoLongerThere):
        say(cast.participant, plan, "To hidden words", "client-3", Comment.objects.get(pk=comment.pk))
    assert not waiting_comments().exists()


def test_who_is_no_moderator_is_refused(cast: Cast, plan: Plan, comment: Comment) -> None:
    report(cast.participant, comment, "insult")
    addresses = (reverse("staff:comments"), reverse("staff:moderate", kwargs={"public_id": comment.public_id}))
    for who in NOBODYS:
        client = cast.client(who)
        assert {client.get(one).status_code for one in addresses} == {403}
        assert client.post(decide(comment), {"what": "hide", "why": "Because"}).status_code == 403
        for deed in (lambda user: hide(user, comment, "x"), lambda user: leave_be(user, comment)):
            with pytest.raises(PermissionDenied):
                deed(getattr(cast, who))
    assert cast.client("visitor").get(addresses[0]).status_code == 302
    assert Comment.objects.get().hidden_at is None


def test_the_author_objects_once_and_somebody_else_answers(cast: Cast, plan: Plan, comment: Comment) -> None:
    hide(cast.officer, comment, "Names a neighbour")
    author = cast.client("contact")
    assert author.post(public("comment_object", comment), {"words": "It is my own name"}).status_code == 302
    with pytest.raises(AppealedBefore):
        object_to(cast.contact, comment, "Again")
    with pytest.raises(PermissionDenied):
        object_to(cast.participant, comment, "Not mine")
    assert list(waiting_comments()) == [comment]
    with pytest.raises(SameModerator):
        answer_objection(cast.officer, comment, False, "No")
    refused = cast.client("officer").post(decide(comment), {"what": "refuse", "why": "Nobody's own name"})
    assert refused.status_code == 403
    assert refused.text.count("Somebody else answers this: you hid the comment yourself.") == 2  # nor is it offered
    assert 'value="uphold"' not in refused.text
    cast.client("administrator").post(decide(comment), {"what": "uphold", "why": "You are right"})
    comment.refresh_from_db()
    assert (comment.hidden_at, comment.hidden_why, comment.appeal.upheld) == (None, "", True)
    assert "You are right" in author.get(public("comment", comment)).text
    assert "You are right" not in cast.client("participant").get(public("comment", comment)).text
    with pytest.raises(NothingToDecide):
        answer_objection(cast.administrator, comment, True, "Twice")


def test_what_lacks_or_is_too_long_comes_back_with_all_its_words(cast: Cast, comment: Comment) -> None:
    refused = cast.client("officer").post(decide(comment), {"what": "hide", "why": " "})
    assert (refused.status_code, refused.text.count("Write first why: the author reads it.")) == (422, 1)
    hide(cast.officer, comment, "Why")
    author, long = cast.client("contact"), "It is my own name.\n" * 106
    back = author.post(public("comment_object", comment), {"words": long})
    assert (back.status_code, back.text.count(long.strip())) == (422, 1)
    assert "This is longer than 2,000 letters." in back.text
    author.post(public("comment_object", comment), {"words": "First.\r\n\r\nThen."})
    assert Appeal.objects.get().words == "First.\n\nThen."
    assert "First.<br><br>Then." in author.get(public("comment", comment)).text


def test_all_whom_it_concerns_are_told_by_mail(
    cast: Cast, plan: Plan, comment: Comment, settings: LazySettings, django_capture_on_commit_callbacks: Any
) -> None:
    """Moderators of the first that waits and no other, the author of all that is decided, in their languages."""
    settings.SITE_ADDRESS = "https://plan.example"
    User.objects.filter(pk=cast.contact.pk).update(language="ca")
    User.objects.exclude(pk__in=[cast.contact.pk, cast.officer.pk, cast.administrator.pk]).update(is_active=False)

    def told(deed: Any) -> list[tuple[str, str]]:
        mail.outbox = []
        with django_capture_on_commit_callbacks(execute=True):
            deed()
        return [(one.to[0], one.subject) for one in mail.outbox]

    moderators = [cast.administrator.email, cast.officer.email]
    other = say(cast.contact, plan, "Another", "client-2")
    User.objects.filter(pk=cast.participant.pk).update(is_active=True)
    cast.participant.refresh_from_db()
    waits = "A comment waits for you: The plan"
    assert sorted(told(lambda: report(cast.participant, comment, "insult"))) == [(one, waits) for one in moderators]
    assert f"https://plan.example{reverse('staff:moderate', args=[comment.public_id])}" in mail.outbox[0].body
    assert told(lambda: report(cast.participant, other, "insult")) == []
    leave_be(cast.officer, other)
    assert told(lambda: hide(cast.officer, comment, "Names a neighbour")) == [
        (cast.contact.email, "S'ha ocultat el vostre comentari: El pla")
    ]
    said = str(mail.outbox[0].body)
    assert "El motiu: Names a neighbour" in said
    assert f"https://plan.example/ca/voices/comment/{comment.public_id}/" in said
    assert told(lambda: object_to(cast.contact, comment, "My own name")) == [(cast.administrator.email, waits)]
    assert told(lambda: answer_objection(cast.administrator, comment, False, "Not yours")) == [
        (cast.contact.email, "S'ha respost a la vostra reclamació: El pla")
    ]
    assert "La resposta: Not yours" in str(mail.outbox[0].body)
    assert told(lambda: unhide(cast.officer, comment)) == [
        (cast.contact.email, "El vostre comentari es torna a mostrar: El pla")
    ]
    assert send_hidden.func(comment.pk) is False  # late: it is shown again by now
    User.objects.filter(pk=cast.contact.pk).update(is_active=False)
    assert told(lambda: hide(cast.officer, comment, "Again")) == []


def test_who_shows_it_again_has_answered_the_objection(cast: Cast, comment: Comment) -> None:
    hide(cast.officer, comment, "Why")
    object_to(cast.contact, comment, "But")
    unhide(cast.officer, comment)
    appeal = Appeal.objects.get()
    assert (appeal.upheld, appeal.answered_by, waiting_comments().exists()) == (True, cast.officer, False)


def test_where_there_is_no_other_moderator_the_same_one_answers(cast: Cast, comment: Comment) -> None:
    User.objects.filter(pk=cast.administrator.pk).update(is_active=False)
    hide(cast.officer, comment, "Why")
    object_to(cast.contact, comment, "But")
    assert answer_objection(cast.officer, comment, False, "Still").upheld is False
    comment.refresh_from_db()
    assert comment.hidden_why == "Why"


def test_all_of_it_is_in_its_history(cast: Cast, plan: Plan, comment: Comment) -> None:
    change(cast.contact, comment, "Other words")
    hide(cast.officer, comment, "Names a neighbour")
    unhide(cast.administrator, comment)
    with pytest.raises(NothingToDecide):
        unhide(cast.administrator, comment)
    page = cast.client("officer").get(reverse("staff:moderate", kwargs={"public_id": comment.public_id})).text
    said = page.partition("What happened")[2]
    words = ("Written", "Changed: <bdi>Hiddenwords</bdi>", "Hidden: <bdi>Names a neighbour</bdi>", "Shown again")
    assert [said.count(one) for one in words] == [1, 1, 1, 1]
    assert sorted(words, key=said.index) == list(words)


def test_as_many_questions_for_a_full_list_as_for_a_short_one(cast: Cast, plan: Plan, comment: Comment) -> None:
    client, counts = cast.client("officer"), []
    for size in (1, 40):
        some = [Comment(plan=plan, author=cast.contact, client_id=f"c{size}-{n}", text="Words") for n in range(size)]
        for one in Comment.objects.bulk_create(some):
            CommentReport.objects.create(comment=one, by=cast.participant, reason="spam")
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("staff:comments"))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


# The process


def form(**fields: Any) -> dict[str, Any]:
    return {"phase": "new", **{f"phase-new-{name}": value for name, value in fields.items()}}


def test_an_officer_sets_up_phases(cast: Cast, plan: Plan, action: Action) -> None:
    Process.objects.all().delete()
    client = cast.client("officer")
    page = reverse("staff:process", kwargs={"public_id": plan.public_id})
    add = reverse("staff:process_phase", kwargs={"public_id": plan.public_id})
    assert page in client.get(plan.get_absolute_url()).text
    wrong = client.post(page, {"level": "consult", "audience": "public"})
    assert (wrong.status_code, Process.objects.count()) == (422, 0)
    told = {
        "level": "consult",
        "reasons_en": "The council decides",
        "audience": "invited",
        "invited": "A@b.org; c@d.org",
    }
    assert client.post(page, told).status_code == 302
    made = Process.objects.get()
    assert (made.level, made.invited, str(made.reasons)) == ("consult", "a@b.org\nc@d.org", "The council decides")
    assert client.post(page, {**told, "invited": "nobody"}).status_code == 422
    back = client.post(add, form(title_en="Say it", starts="2026-05-04", ends="2026-05-01", comment="on"))
    assert (back.status_code, ProcessPhase.objects.count()) == (422, 0)
    assert "The phase ends before it begins." in back.text
    client.post(add, form(title_en="Say it", starts="2026-05-04", ends="2026-06-01", comment="on"))
    phase = ProcessPhase.objects.get()
    assert (str(phase.title), phase.starts, phase.comment, phase.support) == ("Say it", date(2026, 5, 4), True, False)
    changed = {"phase": str(phase.pk), f"phase-{phase.pk}-title_en": "Say it all"}
    changed |= {f"phase-{phase.pk}-{name}": value for name, value in (("starts", "2026-05-04"), ("ends", "2026-06-02"))}
    client.post(add, changed)
    phase.refresh_from_db()
    assert (str(phase.title), phase.ends, phase.comment) == ("Say it all", date(2026, 6, 2), False)
    assert len(openness_of(action).phases) == 1
    gone = reverse("staff:process_phase_remove", kwargs={"public_id": plan.public_id, "number": phase.pk})
    assert client.post(gone).status_code == 302
    assert not ProcessPhase.objects.exists()
    assert made.history.count() == 1


@pytest.mark.parametrize("who", NOBODYS)
def test_nobody_else_sets_up_a_process(cast: Cast, plan: Plan, who: str) -> None:
    page = reverse("staff:process", kwargs={"public_id": plan.public_id})
    assert cast.client(who).get(page).status_code == 403
    assert cast.client(who).post(page, {"audience": "public"}).status_code == 403
    assert cast.client("visitor").get(page).status_code == 302
