"""Every way out of the office: no suggestion, nothing struck out, and nothing private leaves by any of them before a
named officer approved it, nor what is uncertain without its mark."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.conf import LazySettings
from django.core import mail
from django.urls import reverse
from django.utils.translation import override

from sympolis.config.home import Home
from sympolis.office.core.documents import read_next_document
from sympolis.office.core.indexing import rebuild
from sympolis.office.core.readers import forget_readers
from sympolis.office.synergies import tasks
from sympolis.office.synergies.actions import (
    Wish,
    approve_for_sharing,
    brief_for_command_line,
    comment,
    decide,
    export_brief,
    make_brief,
    read_brief,
)
from sympolis.office.synergies.brief.lines import Section
from sympolis.office.synergies.brief.sheet import Reading
from sympolis.office.synergies.enums import Audience, Format, InvitationState, Length
from sympolis.office.synergies.errors import NotApproved
from sympolis.office.synergies.invitations import approve_invitation, draft_invitation, keep_draft
from sympolis.office.synergies.models import Brief, Invitation, LineDecision
from tests.cast import Cast
from tests.factories import make_project
from tests.factories.synergies import PRIVATE, Pair, make_pair
from tests.office.synergies.test_brief import text_of
from tests.web.public.site import make_document

TODAY = date(2026, 3, 3)
OTHERS = ("visitor", "outsider", "participant", "contact")
REMARK, REASON = "REMARK-OF-STAFF", "REASON-OF-STAFF"
LENGTHS = (Length.SHORT, Length.LONG)


@pytest.fixture
def pair(cast: Cast) -> Pair:
    return make_pair(TODAY)


@pytest.fixture
def brief(cast: Cast, pair: Pair) -> Brief:
    """With a proposal struck out and a remark on another; nobody has approved it."""
    made = make_brief(cast.officer, Wish(pair.left, pair.right, pair.network, on=TODAY, include_unconfirmed=True))
    first, second = made.document[Section.SYNERGIES][:2]
    decide(cast.officer, made, first["key"], "dropped", REASON)
    comment(cast.officer, made, second["key"], REMARK)
    return made


def struck_out(brief: Brief) -> str:
    return str(brief.document[Section.SYNERGIES][0]["text"])


def suggestions(brief: Brief) -> set[str]:
    """What the office's machine came up with: proposals and their first steps, in words of their own."""
    lines = brief.document[Section.SYNERGIES]
    parts = [part["text"] for line in lines for part in line["parts"] if part.get("kind") == "step"]
    return {str(words) for words in [*(line["text"] for line in lines), *parts]}


def plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.mark.parametrize("format_", Format)
@pytest.mark.parametrize("length", LENGTHS)
def test_no_file_is_made_before_a_named_officer_approved(brief: Brief, format_: Format, length: Length) -> None:
    with pytest.raises(NotApproved):
        export_brief(brief, Reading(Audience.SHARED, length), format_)


@pytest.mark.parametrize("format_", Format)
@pytest.mark.parametrize("length", LENGTHS)
def test_an_approved_file_holds_nothing_struck_out_private_or_of_the_staff(
    cast: Cast, pair: Pair, brief: Brief, format_: Format, length: Length
) -> None:
    approve_for_sharing(cast.officer, brief)
    said = text_of(export_brief(brief, Reading(Audience.SHARED, length), format_), format_)
    assert "Officer" in said, "who stands for it"
    for hidden in (*PRIVATE, REMARK, REASON, "Hidden Club", struck_out(brief)):
        assert hidden not in said
    scale = "From 0.60 of 1 it is strong, from 0.40 fair"
    assert said.count(scale) == 1
    assert not re.search(r"\b0\.\d{2}", said.replace(scale, "")), "a number behind strong, fair and weak"
    assert '"score"' not in said


@pytest.mark.parametrize("length", LENGTHS)
def test_what_is_invented_or_unconfirmed_goes_out_with_its_mark_or_not_at_all(
    cast: Cast, brief: Brief, length: Length
) -> None:
    approve_for_sharing(cast.officer, brief)
    found = {"Invented water": False, "Unsure water": False}
    data = json.loads(export_brief(brief, Reading(Audience.SHARED, length), Format.JSON))
    for section in Section:
        for item in data[section]:
            for line in (item, *item.get("parts", ())):
                for title, mark in (("Invented water", "example"), ("Unsure water", "unconfirmed")):
                    if title in line["text"]:
                        found[title] = True
                        assert line.get(mark) or item.get(mark), line
    assert length is Length.SHORT or all(found.values()), "so that the test could fail"


def test_the_office_itself_reads_all_of_it(cast: Cast, brief: Brief) -> None:
    """So that the tests above could fail: the words are there."""
    said = json.dumps(brief.document, ensure_ascii=False)
    assert all(words in said for words in (PRIVATE[0], PRIVATE[1], "Hidden Club", struck_out(brief)))
    sheet = read_brief(brief, Reading(Audience.INTERNAL, Length.LONG, editing=True))
    remarks = [line.remark for line in sheet.lines if line.remark]
    assert len(remarks) >= 1
    assert all(REMARK in remark for remark in remarks)
    assert any(line.score for line in sheet.lines)


def test_what_comes_back_in_after_the_approval_needs_another(cast: Cast, brief: Brief) -> None:
    line = brief.document[Section.SYNERGIES][0]["key"]
    approve_for_sharing(cast.officer, brief)
    decide(cast.administrator, brief, line, "")
    with pytest.raises(NotApproved):
        export_brief(brief, Reading(Audience.SHARED), Format.JSON)
    approve_for_sharing(cast.administrator, brief)
    decide(cast.officer, brief, line, "dropped", "no")
    assert b"Administrator" in export_brief(brief, Reading(Audience.SHARED), Format.JSON), "less is no new suggestion"


def test_an_officer_who_is_gone_stands_for_nothing(cast: Cast, brief: Brief) -> None:
    approve_for_sharing(cast.officer, brief)
    LineDecision.objects.filter(verdict="approved").update(by=None)
    with pytest.raises(NotApproved):
        export_brief(brief, Reading(Audience.SHARED), Format.JSON)


@pytest.mark.parametrize("format_", [Format.MARKDOWN, Format.HTML, Format.DOCX])
def test_what_the_command_line_makes_says_that_nobody_approved_it(cast: Cast, pair: Pair, format_: Format) -> None:
    body = brief_for_command_line("Lyra Metropolis", "CETUS", "Harbour Network", format=format_.value)
    said = text_of(body, format_)
    assert "Nobody has approved this for handing round yet" in said
    assert not any(words in said for words in (*PRIVATE, "Hidden Club"))


@pytest.fixture(scope="module")
def home_of_these_tests(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """One for all of them: the vectors of the same words are made once."""
    return Home(tmp_path_factory.mktemp("ways-out"))


@pytest.fixture
def published(
    cast: Cast, pair: Pair, brief: Brief, home_of_these_tests: Home, settings: LazySettings
) -> Iterator[dict[str, str]]:
    """Every address that is not the office's own, with the words of the brief to look for."""
    settings.HOME = home_of_these_tests  # type: ignore[misc]
    make_document(pair.left, "Report")
    while read_next_document():
        pass
    rebuild(lambda name, done, total: None)
    forget_readers()
    one = {"slug": pair.left.slug, "public_id": pair.left.public_id}
    network = {"slug": pair.network.slug, "public_id": pair.network.public_id}
    names = ("home", "organisations", "networks", "projects", "calls", "events", "plans", "news", "themes", "map_data")
    with override("en"):
        pages = {name: reverse(f"public:{name}") for name in (*names, "news_feed", "credits", "legal")}
        pages |= {
            "organisation": reverse("public:organisation", kwargs=one),
            "network": reverse("public:organisation", kwargs=network),
            "members": reverse("public:network_members", kwargs=network),
            "alliances": reverse("public:alliances", kwargs=network),
            "theme": reverse("public:theme", kwargs={"code": "water"}),
            "map": reverse("public:map_data", kwargs={"public_id": pair.left.public_id}),
            "linked data": reverse("linked_data", kwargs={"kind": "organisation", "public_id": pair.left.public_id}),
        }
        asked = ("water", "reuse", REMARK, REASON, *PRIVATE[:2], "Hidden", "Lyra", "Cetus", struck_out(brief)[:60])
        pages |= {f"search {words}": f"{reverse('public:search')}?q={words}" for words in asked}
        pages |= {f"api search {words}": f"/api/v1/search?q={words}" for words in asked}
    lists = ("organisations", "relations", "agreements", "projects", "calls", "needs", "events", "plans", "actions")
    for name in lists:
        pages |= {f"api {name}": f"/api/v1/{name}", f"api {name} csv": f"/api/v1/{name}?format=csv"}
    pages |= {f"sitemap {kind}": f"/sitemap-{kind}.xml" for kind in ("org", "prj", "cal", "eve", "pla", "agr", "new")}
    yield pages
    forget_readers()


@pytest.mark.parametrize("approved", [False, True], ids=["before", "after approval"])
@pytest.mark.parametrize("who", OTHERS)
def test_no_page_feed_list_or_hit_shows_a_suggestion_or_anything_private(
    cast: Cast, pair: Pair, brief: Brief, published: dict[str, str], who: str, approved: bool
) -> None:
    """Approved means: may be handed round by the office. It is published nowhere."""
    if approved:
        approve_for_sharing(cast.officer, brief)
    client = cast.client(who)
    hidden = {*PRIVATE, REMARK, REASON, "Hidden Club", brief.public_id, brief.title, *suggestions(brief)}
    for name, address in published.items():
        answer = client.get(address)
        assert answer.status_code == 200, (name, answer.status_code)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        said = content.decode()
        bare = plain(said)
        asked = {words for words in hidden if name.endswith((words, words[:60]))}
        for words in hidden - asked:  # what one asks for is said back
            assert words not in said, (name, words)
            assert words not in bare, (name, words)


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("format_", Format)
def test_a_file_is_the_offices_to_fetch(cast: Cast, brief: Brief, who: str, format_: Format) -> None:
    approve_for_sharing(cast.officer, brief)
    with override("en"):
        address = reverse("staff:brief_download", kwargs={"public_id": brief.public_id}) + f"?format={format_}"
    answer = cast.client(who).get(address)
    assert answer.status_code == (302 if who == "visitor" else 403)
    assert "Lyra" not in answer.content.decode()


def test_no_mail_leaves_before_an_officer_stands_for_it(
    cast: Cast, pair: Pair, brief: Brief, django_capture_on_commit_callbacks: object
) -> None:
    invitation = draft_invitation(cast.officer, brief, pair.member)
    invitation.to = "mayor@example.org"
    keep_draft(cast.officer, invitation)
    assert tasks.send_invitation.func(invitation.pk, "https://example.org") is False
    assert mail.outbox == []
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        approve_invitation(cast.officer, invitation, "https://example.org")
    assert Invitation.objects.get().state == InvitationState.SENT
    (sent,) = mail.outbox
    assert sent.reply_to == [cast.officer.email]
    said = f"{sent.subject}\n{sent.body}"
    for words in (*PRIVATE, REMARK, REASON, "Hidden Club", *suggestions(brief)):
        assert words not in said


@pytest.mark.parametrize(
    "fields", [{"visibility": "office"}, {"confirmed": False}, {"illustrative": True}], ids=lambda one: next(iter(one))
)
def test_a_mail_gives_no_reason_that_is_private_unsure_or_invented(
    cast: Cast, pair: Pair, brief: Brief, fields: dict[str, object]
) -> None:
    project = make_project("Wells nobody may name", pair.member, themes=("water",), **fields)
    evidence = [{"record": project.public_id}]
    brief.document["members"] = [{"record": pair.member.public_id, "evidence": evidence}]
    assert "Wells nobody may name" not in draft_invitation(cast.officer, brief, pair.member, "en").body
    type(project).objects.update(visibility="public", confirmed=True, illustrative=False)
    assert "Wells nobody may name" in draft_invitation(cast.officer, brief, pair.member, "en").body
