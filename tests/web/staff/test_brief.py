"""The pages of a brief: who may open them, and an officer's way from two names to a file and an answer."""

from __future__ import annotations

import re
import time
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Person
from sympolis.office.projects.models import Project
from sympolis.office.synergies.actions import Wish, make_brief
from sympolis.office.synergies.enums import InvitationAnswer, InvitationState
from sympolis.office.synergies.models import Brief, Invitation, LineDecision
from sympolis.office.synergies.queries import waiting_invitations
from sympolis.office.synergies.templatetags.brief import anchor_of
from tests.cast import Cast
from tests.factories import make_organisation, make_project, make_relation
from tests.factories.synergies import Pair, make_pair

TODAY = date(2026, 3, 3)


@pytest.fixture
def pair(cast: Cast) -> Pair:
    return make_pair(TODAY)


@pytest.fixture
def brief(cast: Cast, pair: Pair) -> Brief:
    return make_brief(cast.officer, Wish(pair.left, pair.right, pair.network, on=TODAY))


def address(name: str, brief: Brief | None = None, **more: str) -> str:
    kwargs = {"public_id": brief.public_id, **more} if brief else more or None
    with override("en"):  # a page asked for before may have left another language behind
        return reverse(f"staff:{name}", kwargs=kwargs)


def one_line(response: HttpResponse) -> str:
    """A page without the line breaks of its templates."""
    return " ".join(response.content.decode().split())


def addresses(brief: Brief, pair: Pair) -> list[tuple[str, str]]:
    return [
        ("get", address("briefs")),
        ("get", address("brief_new")),
        ("post", address("brief_new")),
        ("get", address("brief_suggest", field="left")),
        ("get", address("brief", brief)),
        ("post", address("brief_line", brief)),
        ("post", address("brief_approve", brief)),
        ("post", address("brief_again", brief)),
        ("get", address("brief_download", brief) + "?format=json&audience=internal"),
        ("get", address("brief_ask", brief, member=pair.member.public_id)),
        ("post", address("brief_ask", brief, member=pair.member.public_id)),
    ]


@pytest.mark.parametrize("who", ["contact", "participant", "outsider"])
def test_briefs_are_the_offices_own(cast: Cast, brief: Brief, pair: Pair, who: str) -> None:
    client = cast.client(who)
    for method, url in addresses(brief, pair):
        assert getattr(client, method)(url).status_code == 403, url
    assert LineDecision.objects.count() == 0
    assert Invitation.objects.count() == 0


def test_visitors_are_sent_to_sign_in(cast: Cast, brief: Brief, pair: Pair) -> None:
    for method, url in addresses(brief, pair):
        response = getattr(Client(), method)(url)
        assert response.status_code == 302, url
        assert response["Location"].startswith("/en/account/login/"), url


def test_from_two_names_to_a_brief(cast: Cast, pair: Pair) -> None:
    client = cast.client("officer")
    page = client.get(address("brief_new"), {"left": "Lyra Metropolis", "right": "Cetus", "network": "Harbour Network"})
    text = one_line(page)
    assert re.findall(r'name="left_scope" value="(org_\w+)" checked', text) != []
    data = {
        "left_id": pair.left.public_id,
        "right_id": pair.right.public_id,
        "network_id": pair.network.public_id,
        "language": "fr",
        "on": "2026-03-03",
    }
    response = client.post(address("brief_new"), data)
    made = Brief.objects.get()
    assert response["Location"] == address("brief", made)
    assert (made.language, made.on, made.left_scope, made.made_by) == ("fr", TODAY, (), cast.officer)


def test_towns_that_are_not_counted_at_once_are_folded(cast: Cast, pair: Pair) -> None:
    """An authority of 36 towns must not push the button out of sight."""
    for town in ("Deneb", "Vega"):
        make_relation(make_organisation(town, kind="city"), "part_of", pair.left)
    asked = {"left": "Lyra Metropolis", "right": "Cetus"}
    page = one_line(cast.client("officer").get(address("brief_new"), asked))
    before, _, folded = page.partition('<details class="more">')
    folded = folded.partition("</details>")[0]
    assert "Others close to it: 2" in folded
    assert (before.count('name="left_scope"'), folded.count('name="left_scope"'), "checked" in folded) == (1, 2, False)


def test_from_a_partners_page_both_names_stand_there_already(cast: Cast, pair: Pair) -> None:
    client = cast.client("officer")
    begin = f"{address('brief_new')}?with={pair.left.public_id}"
    assert f'href="{begin}"' in client.get(pair.left.get_absolute_url()).text
    form = client.get(begin).context["form"]
    assert (form.initial, form.is_bound) == (
        {"language": "en", "left": cast.amb.name, "right": "Lyra Metropolis"},
        False,
    )
    assert client.get(address("brief_new")).context["form"].initial == {"language": "en", "left": cast.amb.name}
    own = client.get(f"{address('brief_new')}?with={cast.amb.public_id}").context["form"]
    assert own.initial == {"language": "en", "right": cast.amb.name}


def test_an_unknown_name_and_the_same_twice_get_a_sentence(cast: Cast, pair: Pair) -> None:
    client = cast.client("officer")
    twin = make_organisation("Lyra Metropole")
    unknown = one_line(client.get(address("brief_new"), {"left": "Lyra Metropol", "right": "qqqqqq"}))
    assert "Nothing here is called like this." in unknown
    assert "Nothing is called just that. Is it one of these?" in unknown
    for each in (twin, pair.left):
        assert f'name="left_id" value="{each.public_id}"' in unknown
    twice = client.get(address("brief_new"), {"left": "Cetus Area", "right": "CETUS"}).content.decode()
    assert "a brief needs two partners" in twice
    assert Brief.objects.count() == 0


def test_suggestions_are_the_nearest(cast: Cast, pair: Pair) -> None:
    found = one_line(cast.client("officer").get(address("brief_suggest", field="right"), {"right": "Cetu"}))
    assert f'name="right_id" value="{pair.right.public_id}"' in found
    assert cast.client("officer").get(address("brief_suggest", field="nothing")).status_code == 404


def test_the_page_asks_few_questions_however_large_the_portfolios(
    cast: Cast, pair: Pair, brief: Brief, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = cast.client("officer")
    for side in (pair.left, pair.right):
        for number in range(60):
            make_project(f"Water {number}", side, pair.member, themes=("water",), stage="ongoing")
    large = make_brief(cast.officer, Wish(pair.left, pair.right, pair.network, on=TODAY))
    for made in (brief, large):
        for query in ("", "?length=long", "?audience=shared"):
            with django_assert_max_num_queries(12):
                assert client.get(address("brief", made) + query).status_code == 200
    with django_assert_max_num_queries(12):
        client.get(address("briefs"))
    with django_assert_max_num_queries(12):
        client.get(address("brief_new"), {"left": "Lyra Metropolis", "right": "CETUS", "network": "Harbour Network"})


def test_the_page_has_nothing_inline(cast: Cast, brief: Brief) -> None:
    page = cast.client("officer").get(address("brief", brief) + "?length=long").content.decode()
    main = page.partition("<main")[2]
    for forbidden in ("<style", " style=", "<script", " onclick", "hx-on"):
        assert forbidden not in main


def test_lines_are_pinned_struck_out_and_commented(cast: Cast, pair: Pair, brief: Brief) -> None:
    client = cast.client("officer")
    key = brief.document["synergies"][0]["key"]

    def do(what: str, words: str = "") -> str:
        data = {"line": key, "what": what, "words": words, "back": "https://elsewhere.example/"}
        response = client.post(address("brief_line", brief), data)
        assert response["Location"].startswith(address("brief", brief) + "#line-")
        return client.get(address("brief", brief)).content.decode()

    assert "is-pinned" in do("pinned")
    page = do("dropped", "<b>never true</b>")
    assert "Struck out by Officer." in page
    assert "&lt;b&gt;never true&lt;/b&gt;" in page
    assert "is-dropped" not in do("")
    assert "Comment by Officer: look again" in do("comment", "look again")
    assert client.post(address("brief_line", brief), {"line": "no such line", "what": "dropped"}).status_code == 404
    assert client.post(address("brief_line", brief), {"line": key, "what": "approved"}).status_code == 404


def test_a_network_that_is_none_is_said_on_the_page(cast: Cast, pair: Pair) -> None:
    made = make_brief(cast.officer, Wish(pair.left, pair.right, pair.member, on=TODAY))
    page = one_line(cast.client("officer").get(address("brief", made)))
    assert page.count("Porto Novo is not a network, and nobody is known here to belong to it:") == 1


def test_what_is_struck_out_without_a_reason_is_asked_for_one(cast: Cast, brief: Brief) -> None:
    client = cast.client("officer")
    key = brief.document["synergies"][0]["key"]
    anchor = anchor_of(key)
    client.post(address("brief_line", brief), {"line": key, "what": "comment", "words": "look again"})
    back = address("brief", brief) + "?length=short&audience=internal"
    data = {"line": key, "what": "dropped", "words": " \n", "back": back}
    response = client.post(address("brief_line", brief), data)
    assert response["Location"] == f"{back}&line={anchor}&why=#{anchor}"
    page = one_line(client.get(response["Location"]))
    assert '<p class="error" id="words_error">Say why: the next brief will show it.</p>' in page
    assert 'aria-invalid="true" aria-describedby="words_error" autofocus>look again</textarea>' in page
    assert [(made.verdict, made.comment) for made in LineDecision.objects.all()] == [("", "look again")]
    client.post(address("brief_line", brief), {"line": key, "what": "pinned", "back": back})
    assert LineDecision.objects.get().verdict == "pinned"


class TestFolds:
    """Finished work of a long brief is sent when somebody opens it; without scripts a plain link opens it."""

    def fold(self, page: str) -> tuple[str, str]:
        found = re.search(r'id="fold-([\w-]+)" hx-get="([^"]+)"', page)
        assert found
        return found[1], unescape(found[2])

    def test_it_is_fetched_when_opened(self, cast: Cast, pair: Pair, brief: Brief) -> None:
        client = cast.client("officer")
        long = address("brief", brief) + "?length=long&audience=internal"
        key, fetched = self.fold(one_line(client.get(long)))
        assert fetched == f"{long}&fold={key}"
        part = one_line(client.get(fetched))
        assert part.startswith('<ul class="lines"> <li class="line"')
        assert "<html" not in part
        anchors = re.findall(r'<li class="line" id="(line-\w+)"', part)
        assert len(anchors) == 1
        assert anchors[0] not in client.get(long).content.decode()
        opened = one_line(client.get(f"{long}&open={key}"))
        assert f'<details class="fold" id="fold-{key}" open>' in opened
        assert opened.count(f'id="{anchors[0]}"') == 1
        assert client.get(f"{long}&fold=no-such").status_code == 404

    def test_it_stays_open_where_a_line_of_it_is_decided_about(self, cast: Cast, pair: Pair, brief: Brief) -> None:
        client = cast.client("officer")
        long = address("brief", brief) + "?length=long&audience=internal"
        key, fetched = self.fold(one_line(client.get(long)))
        line = re.findall(r'name="line" value="([^"]+)"', client.get(fetched).content.decode())[0]
        response = client.post(address("brief_line", brief), {"line": line, "what": "pinned", "back": long})
        assert response["Location"] == f"{long}&at={anchor_of(line)}#{anchor_of(line)}"
        assert f'id="fold-{key}" open>' in one_line(client.get(response["Location"]))

    def test_on_two_pages_everything_is_there(self, cast: Cast, brief: Brief) -> None:
        page = one_line(cast.client("officer").get(address("brief", brief)))
        assert "fold-later" not in page


def test_files_are_handed_round_only_when_approved(cast: Cast, brief: Brief) -> None:
    client = cast.client("officer")
    url = address("brief_download", brief)
    refused = client.get(url, {"format": "pdf"})
    assert (refused.status_code, refused["Location"]) == (302, address("brief", brief))
    client.post(address("brief_approve", brief))
    response = client.get(url, {"format": "pdf"})
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="lyra-metropolis-and-cetus-area-a-brief-en.pdf"'
    assert response.content.startswith(b"%PDF")
    assert client.get(url, {"format": "exe"}).status_code == 404


def test_the_same_in_another_language(cast: Cast, brief: Brief) -> None:
    client = cast.client("officer")
    response = client.post(address("brief_again", brief), {"language": "ar"})
    made = Brief.objects.latest("pk")
    assert (response["Location"], made.language) == (address("brief", made), "ar")
    assert 'dir="rtl"' in client.get(address("brief", made)).content.decode()
    assert client.post(address("brief_again", brief), {"language": "xx"}).status_code == 404


def test_a_catalan_brief_on_an_english_page_is_catalan_throughout(cast: Cast, pair: Pair) -> None:
    Project.objects.filter(pk=pair.reuse.pk).update(retrieved_at=TODAY)
    made = make_brief(cast.officer, Wish(pair.left, pair.right, pair.network, language="ca", on=TODAY))
    page = one_line(cast.client("officer").get(address("brief", made)))
    assert set(re.findall(r"llegit el [\w’ ]+", page)) == {"llegit el 3 de març del 2026"}
    headings = re.findall(r"<h3.*?</h3>", page)
    assert [word for each in headings for word in re.findall(r"</i></span>(\w+)</span>", each)] == ["mitjana"]
    assert "<bdi>Membre de</bdi>" in page
    assert "member_of" not in page


class TestAsking:
    @pytest.fixture
    def sent(self, cast: Cast, pair: Pair, brief: Brief, django_capture_on_commit_callbacks: object) -> str:
        """An approved invitation; gives the address in the mail."""
        data = {"to": "maire@example.org", "subject": "Venez", "body": "Chers collègues", "what": "send"}
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            cast.client("officer").post(address("brief_ask", brief, member=pair.member.public_id), data)
        (message,) = mail.outbox
        assert message.to == ["maire@example.org"]
        assert message.reply_to == ["officer@example.org"]
        link = re.search(r"http://testserver(/fr/answer/[\w-]+/)", message.body)
        assert link
        return link[1]

    def test_all_names_in_the_mail_are_in_its_language(self, cast: Cast, pair: Pair, brief: Brief) -> None:
        cast.office.name = Text.of(en="Our office", ar="مكتبنا")
        cast.office.save()
        pair.network.names = Text.of(ar="شبكة الموانئ")
        pair.network.save()
        url = address("brief_ask", brief, member=pair.member.public_id) + "?language=ar"
        page = cast.client("officer").get(url).content.decode()
        assert ("مكتبنا" in page, "شبكة الموانئ" in page) == (True, True)
        assert "Harbour Network." not in page

    def test_the_mail_is_drafted_in_their_language_with_the_reason(self, cast: Cast, pair: Pair, brief: Brief) -> None:
        Person.objects.create(organisation=pair.member, email="maire@example.org", language="fr")
        page = cast.client("officer").get(address("brief_ask", brief, member=pair.member.public_id)).content.decode()
        assert 'value="maire@example.org"' in page
        assert "Wells of Porto Novo" in page
        assert mail.outbox == []

    def test_a_draft_waits_and_sends_nothing(self, cast: Cast, pair: Pair, brief: Brief) -> None:
        data = {"to": "maire@example.org", "subject": "Venez", "body": "Chers", "what": "keep"}
        cast.client("officer").post(address("brief_ask", brief, member=pair.member.public_id), data)
        assert [each.state for each in waiting_invitations(cast.officer)] == [InvitationState.DRAFT]
        assert list(waiting_invitations(cast.contact)) == []
        assert mail.outbox == []

    def test_it_is_sent_once_in_the_name_of_who_approved_it(self, cast: Cast, sent: str) -> None:
        invitation = Invitation.objects.get()
        assert (invitation.state, invitation.approved_by) == (InvitationState.SENT, cast.officer)
        assert invitation.token not in sent
        assert len(mail.outbox) == 1

    def test_it_is_answered_without_sign_in_and_can_be_changed(self, sent: str) -> None:
        visitor = Client()
        page = visitor.get(sent)
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert Invitation.objects.get().answer == ""
        visitor.post(sent, {"answer": "ask", "words": "<i>the port</i>"})
        assert "&lt;i&gt;the port&lt;/i&gt;" in visitor.get(sent).content.decode()
        visitor.post(sent, {"answer": "yes"})
        answered = Invitation.objects.get()
        assert (answered.answer, answered.state) == (InvitationAnswer.YES, InvitationState.ANSWERED)
        assert visitor.post(sent, {"answer": "maybe"}).status_code == 400

    def test_answers_are_bounded(self, sent: str) -> None:
        visitor = Client()
        codes = [visitor.post(sent, {"answer": "yes"}).status_code for _ in range(22)]
        assert codes == [200] * 20 + [429] * 2

    def test_the_bound_holds_its_hour_in_the_cache_of_files_too(
        self, sent: str, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        backend = "django.core.cache.backends.filebased.FileBasedCache"
        settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": tmp_path}}
        visitor, now = Client(), time.time()
        assert [visitor.post(sent, {"answer": "yes"}).status_code for _ in range(20)] == [200] * 20
        for later, status in {0: 429, 600: 429, 3500: 429, 3700: 200}.items():
            monkeypatch.setattr(time, "time", lambda later=later: now + later)
            assert (later, visitor.post(sent, {"answer": "yes"}).status_code) == (later, status)

    def test_a_guessed_address_or_the_kept_hash_opens_nothing(self, sent: str) -> None:
        kept = Invitation.objects.get().token
        assert Client().get(f"/en/answer/{kept}/").status_code == 404
        assert Client().get("/en/answer/guessed/").status_code == 404

    def test_the_answer_stands_on_the_brief(self, cast: Cast, brief: Brief, sent: str) -> None:
        Client().post(sent, {"answer": "yes"})
        assert "answered: <strong>Yes</strong>" in " ".join(
            cast.client("officer").get(address("brief", brief)).content.decode().split()
        )
