"""Yes, no and later to what answers a need: who says it, where it goes, what it is kept for and what it teaches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from sympolis.config.home import Home
from sympolis.office.core.indexing import rebuild
from sympolis.office.core.merging.merge import merge_records
from sympolis.office.core.readers import forget_readers
from sympolis.office.core.removals import bring_back
from sympolis.office.core.texts import Text
from sympolis.office.projects.models import Need, Project
from sympolis.office.synergies.actions import answer_suggestion
from sympolis.office.synergies.asked_need import asked_need
from sympolis.office.synergies.enums import Subject
from sympolis.office.synergies.models import SuggestionAnswer
from sympolis.office.synergies.need_answers import answers_to
from sympolis.office.synergies.teaching import Suggestion
from tests.cast import Cast
from tests.factories import make_need, make_project

OTHERS = ("contact", "participant", "outsider")
MOST_QUERIES = 12
NEED = "Els gossos abandonats omplen la canera municipal i no sabem com trobar-los una família. Qui ho ha fet?"
AGAIN = "els gossos abandonats  OMPLEN la canera municipal,\ni no sabem com trobar-los una familia. Qui ho ha fet"
TITLES = (
    "Abandoned dogs find a family: adoption days at the municipal kennel",
    "A new municipal kennel for abandoned dogs",
    "Dogs and cats: families who adopt",
)


@pytest.fixture
def projects(cast: Cast, settings: LazySettings, tmp_path: Path) -> Iterator[list[Project]]:
    settings.HOME = Home(tmp_path)  # type: ignore[misc]  # a setting of ours
    yield [make_project(title, cast.sfax) for title in TITLES]
    forget_readers()


def indexed() -> None:
    rebuild(lambda _name, _done, _total: None)
    forget_readers()


def page(cast: Cast, text: str = NEED, who: str = "officer", **more: Any) -> Any:
    return cast.client(who).get(reverse("staff:answer"), {"q": text, "kind": "project", **more})


def say(cast: Cast, key: str, verdict: str, why: str = "", who: str = "officer", **more: Any) -> Any:
    sent = {"q": NEED, "kind": "project", "record": key, "verdict": verdict, "why": why, **more}
    return cast.client(who).post(reverse("staff:answer_say"), sent, follow=True)


def titles(answer: Any, part: str = "answers") -> list[str]:
    return [one.answer.title for one in answer.context[part]]


def test_no_leaves_later_goes_to_the_end_and_yes_stays(cast: Cast, projects: list[Project]) -> None:
    indexed()
    before = titles(page(cast))
    assert sorted(before) == sorted(TITLES)
    keys = {one.title.best().text: one.public_id for one in projects}
    first, second, third = (keys[title] for title in before)
    answer = say(cast, first, "no", "  Dogs <b>only</b> ")
    assert f"{before[0]} is put aside." in answer.text
    assert titles(answer) == before[1:]
    assert answer.context["found"].counts["project"] == 2
    [aside] = answer.context["put_aside"]
    assert (aside.name, aside.said.by, aside.said.reason) == (before[0], cast.officer, "Dogs <b>only</b>")
    assert "Dogs &lt;b&gt;only&lt;/b&gt;" in answer.text
    answer = say(cast, second, "later")
    assert (titles(answer), titles(answer, "put_off")) == ([before[2]], [before[1]])
    answer = say(cast, third, "yes", who="administrator")
    assert titles(answer) == [before[2]]
    assert answer.context["answers"][0].saying.word == "Yes"
    assert answer.text.count('aria-pressed="true"') == 2
    # The same words, written otherwise and whatever is ticked, are the same need; others are another.
    again = page(cast, AGAIN)
    assert (titles(again), titles(again, "put_off"), len(again.context["put_aside"])) == ([before[2]], [before[1]], 1)
    assert titles(page(cast, f"{NEED} A Sfax"))[0] in before
    assert page(cast, f"{NEED} A Sfax").context["put_aside"] == []
    back = say(cast, first, "", who="administrator")
    assert titles(back) == [before[0], before[2]]
    assert [(row.history_type, row.answer, row.history_user) for row in SuggestionAnswer.history.filter(
        suggestion=first
    ).order_by("history_id")] == [("+", "no", cast.officer), ("-", "no", cast.administrator)]  # fmt: skip


def test_what_is_kept_is_what_it_rested_on(cast: Cast, projects: list[Project]) -> None:
    indexed()
    city = cast.sfax.public_id
    for key in (projects[0].public_id, city):
        say(cast, key, "yes", "Seen there")
    found = {one.key: one for one in answers_to(cast.officer, NEED, timezone.localdate(), ours=cast.amb).answers}
    for kept in SuggestionAnswer.objects.all():
        assert (kept.subject, kept.words, kept.by, kept.reason) == (Subject.NEEDS, NEED, cast.officer, "Seen there")
        assert kept.features == dict(found[kept.suggestion].scores)
        assert set(kept.features) == {"search", "text"}
        assert kept.score == found[kept.suggestion].score
    assert {kept.suggestion for kept in SuggestionAnswer.objects.all()} == {projects[0].public_id, city}


def test_only_officers_answer(cast: Cast, projects: list[Project]) -> None:
    indexed()
    key, address = projects[0].public_id, reverse("staff:answer_say")
    assert cast.client("visitor").post(address, {"q": NEED, "record": key, "verdict": "no"}).status_code == 403
    for who in OTHERS:
        assert say(cast, key, "no", who=who).status_code == 403
        assert page(cast, who=who).status_code == 403
        with pytest.raises(PermissionDenied):
            answer_suggestion(getattr(cast, who), Suggestion(Subject.NEEDS, "x", key), "no")
    assert cast.client("officer").get(address).status_code == 405
    assert say(cast, key, "perhaps").status_code == 404
    assert say(cast, "", "no").status_code == 404
    assert say(cast, key, "no", q=" \x00").status_code == 404
    assert "Nothing was kept" in say(cast, "prj_nothing", "yes").text
    assert SuggestionAnswer.objects.count() == 0


def test_answers_to_a_record_are_its_own_and_follow_it(cast: Cast, projects: list[Project]) -> None:
    need, other = (make_need(cast.amb, title, text=Text.of(ca=NEED), themes=()) for title in ("Gossos", "Gossos 2"))
    indexed()
    link = f'href="{reverse("staff:answer")}?need={need.public_id}"'
    assert link in cast.client("officer").get(reverse("staff:change", args=[need.public_id])).text
    client = cast.client("officer")
    shown = client.get(reverse("staff:answer"), {"need": need.public_id, "kind": "project"})
    text, [first, *_rest] = shown.context["text"], titles(shown)
    assert text == f"Gossos\n{NEED}"
    key = next(one.public_id for one in projects if one.title.best().text == first)
    answer = say(cast, key, "no", q=text.replace("\n", "\r\n"), need=need.public_id)
    assert [one.name for one in answer.context["put_aside"]] == [first]
    kept = SuggestionAnswer.objects.get()
    assert (kept.about, kept.words) == (need.public_id, "")
    assert asked_need(cast.officer, f"{text} more", need.public_id, "en").need is None
    assert asked_need(cast.outsider, "", need.public_id, "en").text in ("", text)
    merge_records(other, need, cast.officer)
    assert SuggestionAnswer.objects.get().about == other.public_id
    # What was said of a record that is removed is told of nobody, and is there again with it.
    project = Project.objects.get(public_id=key)
    say_page = {"need": other.public_id, "kind": "project"}
    removed = client.post(reverse("staff:remove", args=[project.public_id]))
    assert removed.status_code == 302
    assert client.get(reverse("staff:answer"), say_page).context["put_aside"] == []
    bring_back(key, cast.officer)
    indexed()
    assert [one.name for one in client.get(reverse("staff:answer"), say_page).context["put_aside"]] == [first]
    assert Need.objects.filter(pk=other.pk).exists()


def test_answers_move_the_order_and_the_page_says_so(cast: Cast, projects: list[Project]) -> None:
    indexed()
    answer = page(cast)
    assert "Nothing has been learnt yet" in answer.context["learnt"]
    scores = {one.key: one.score for one in answers_to(cast.officer, NEED, timezone.localdate()).answers}
    SuggestionAnswer.objects.bulk_create(
        SuggestionAnswer(
            subject=Subject.NEEDS, about=f"need:{number}", suggestion=f"prj_{said}{number}", answer=said,
            by=cast.officer, features=features,
        )
        for number in range(120)
        for said, features in (("yes", {"search": 0.2, "text": 0.8}), ("no", {"search": 0.8, "text": 0.2}))
    )  # fmt: skip
    learnt = page(cast).context["learnt"]
    assert "240 answers of this office have been learnt from." in learnt
    assert "Counts more: texts about similar things." in learnt
    assert "Counts less: being found by the search." in learnt
    now = answers_to(cast.officer, NEED, timezone.localdate())
    assert {one.key: one.score for one in now.answers} == scores  # what is said of each stays
    multipliers = now.learning.multipliers(Subject.NEEDS)
    assert multipliers["text"] > 1 > multipliers["search"]


def test_a_page_asks_as_much_of_much_as_of_little(
    cast: Cast, projects: list[Project], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    indexed()
    client, counts = cast.client("officer"), []
    asked = {"q": NEED, "kind": "project"}
    client.get(reverse("staff:answer"), asked)
    for verdict in ("yes", "no", "later"):
        for one in projects[:2]:
            say(cast, one.public_id, verdict)
        with django_assert_max_num_queries(MOST_QUERIES) as made:
            client.get(reverse("staff:answer"), asked)
        counts.append(len(made))
        say(cast, projects[0].public_id, "")
    assert len(set(counts)) == 1
