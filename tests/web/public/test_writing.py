"""Writing a need without an account: who gets a link, what comes through it, who sees it, and who offers it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sympolis.config.home import Home
from sympolis.office.core.indexing import rebuild
from sympolis.office.core.readers import forget_readers
from sympolis.office.core.texts import Text
from sympolis.office.core.tokens import hashed
from sympolis.office.projects.models import Need, Writing, WritingLink
from sympolis.office.projects.writing import MOST_THROUGH_A_LINK, open_link
from tests.cast import Cast
from tests.factories import make_need, make_organisation, make_project

OFFICE = "/en/office/writing/"
HOSTILE = "<script>alert(1)</script>"
CATALAN = {
    "stage": "need",
    "title": "Reutilitzar l'aigua depurada",
    "text": "Volem reutilitzar l'aigua residual depurada per regar els parcs de la ciutat.",
}


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def indexed(settings: LazySettings, tmp_path: Path) -> Iterator[Callable[[], None]]:
    settings.HOME = Home(tmp_path)  # type: ignore[misc]
    yield lambda: rebuild(lambda _name, _done, _total: None)
    forget_readers()


@pytest.fixture
def token(cast: Cast) -> str:
    return hand_out(cast)


def hand_out(cast: Cast, **more: object) -> str:
    until = timezone.localdate() + timedelta(30)
    link = WritingLink(
        **{
            "organisation": cast.sfax,
            "label": "The mayor's private name",
            "language": "ca",
            "expires_on": until,
            **more,
        }
    )
    return open_link(cast.officer, link)


def page(token: str, language: str = "en") -> str:
    return f"/{language}/write/{token}/"


def test_only_officers_hand_out_links(cast: Cast) -> None:
    data = {"organisation": "Sfax", "label": "Councillor", "email": "c@example.org", "language": "ar", "days": "30"}
    assert cast.client("visitor").post(OFFICE, data).status_code == 302
    for who in ("contact", "participant", "outsider"):
        assert cast.client(who).get(OFFICE).status_code == 403
        assert cast.client(who).post(OFFICE, data).status_code == 403
    assert not WritingLink.objects.exists()
    made = cast.client("officer").post(OFFICE, data)
    link = WritingLink.objects.get()
    (address,) = re.findall(r'value="(http://testserver/ar/write/[\w-]+/)"', made.text)
    assert link.token == hashed(address.rstrip("/").rsplit("/", 1)[1])
    assert (link.label, link.organisation, link.language, link.made_by) == ("Councillor", cast.sfax, "ar", cast.officer)
    assert link.expires_on == timezone.localdate() + timedelta(30)
    assert 'href="mailto:c%40example.org?subject=' in made.text
    assert "data:image/svg+xml;base64," in made.text
    assert "no-store" in made["Cache-Control"]
    assert "/write/" not in cast.client("officer").get(OFFICE).text
    phone = Client().get(address.removeprefix("http://testserver"))
    assert '<html lang="ar"\n      dir="rtl">' in phone.text
    assert "Councillor" not in phone.text


def test_what_is_written_waits_and_is_nowhere_public(cast: Cast, token: str) -> None:
    answer = Client().post(page(token, "ca"), CATALAN)
    need = Need.objects.get()
    assert answer["Location"] == f"/ca/write/{token}/{need.public_id}/"
    assert (need.visibility, need.confirmed, need.organisation) == ("office", False, cast.sfax)
    assert need.attested_on == timezone.localdate()
    assert need.title.plain() == {"ca": CATALAN["title"]}
    assert "water" in need.themes
    assert CATALAN["title"] not in Client().get(cast.sfax.get_absolute_url()).text
    waiting = cast.client("officer").get("/en/office/").context["waiting"]
    assert ("1 need or offer to read", OFFICE) in [(one.words, one.url) for one in waiting]


def test_the_language_is_that_of_the_words(token: str) -> None:
    Client().post(
        page(token, "en"), {"stage": "offer", "title": "نعرض خبرتنا في إعادة استخدام المياه", "text": "في خمس مدن."}
    )
    need = Need.objects.get()
    assert (list(need.title), need.stage) == (["ar"], "offer")


def test_an_officer_publishes_or_refuses_with_a_reason(cast: Cast, token: str) -> None:
    visitor = Client()
    visitor.post(page(token), CATALAN)
    need = Need.objects.get()
    address = reverse("staff:writing_decide", kwargs={"public_id": need.public_id})
    assert cast.client("visitor").post(address, {"what": "publish"}).status_code == 302
    for who in ("contact", "participant", "outsider"):
        assert cast.client(who).post(address, {"what": "publish"}).status_code == 403
    cast.client("officer").post(address, {"what": "refuse", "reason": " "})
    assert Writing.objects.get().state == "waiting"
    cast.client("officer").post(address, {"what": "refuse", "reason": f"Too vague {HOSTILE}"})
    assert "Too vague &lt;script&gt;" in visitor.get(page(token)).text
    assert CATALAN["title"] not in visitor.get(cast.sfax.get_absolute_url()).text
    cast.client("officer").post(address, {"what": "publish"})
    need.refresh_from_db()
    assert (need.visibility, need.confirmed, Writing.objects.get().decided_by) == ("public", True, cast.officer)
    assert "Reutilitzar l" in visitor.get(cast.sfax.get_absolute_url()).text


def test_what_is_changed_is_read_again_and_what_is_not_stays(cast: Cast, token: str) -> None:
    visitor = Client()
    visitor.post(page(token), CATALAN)
    need = Need.objects.get()
    own = f"{page(token)}{need.public_id}/"
    decide = reverse("staff:writing_decide", kwargs={"public_id": need.public_id})
    cast.client("officer").post(decide, {"what": "publish"})
    visitor.post(own, {**CATALAN, "themes": need.themes})
    need.refresh_from_db()
    assert (need.visibility, Writing.objects.get().state) == ("public", "published")
    visitor.post(own, {**CATALAN, "title": "Unes altres paraules per a la ciutat", "themes": ["mobility"]})
    need.refresh_from_db()
    assert (need.visibility, need.confirmed, need.themes) == ("office", False, ("mobility",))
    assert Writing.objects.get().state == "waiting"
    visitor.post(own, {"what": "withdraw"})
    assert not Need.objects.exists()
    assert visitor.get(own).status_code == 404


def test_a_link_leads_to_what_was_written_through_it_alone(cast: Cast, token: str) -> None:
    other = hand_out(cast, organisation=cast.amb)
    Client().post(page(other), CATALAN)
    theirs, plain = Need.objects.get(), make_need(cast.sfax, "Sfax's own")
    for need in (theirs, plain):
        own = f"{page(token)}{need.public_id}/"
        assert Client().get(own).status_code == 404
        assert Client().post(own, {"what": "withdraw"}).status_code == 404
    assert Need.objects.count() == 2


def test_a_link_ends(cast: Cast, token: str) -> None:
    assert Client().get(page("x" * 32)).status_code == 404
    assert Client().get(page(hashed(token))).status_code == 404
    last = hand_out(cast, expires_on=timezone.localdate())
    over = hand_out(cast, expires_on=timezone.localdate() - timedelta(1))
    assert Client().get(page(last)).status_code == 200
    assert Client().post(page(over), CATALAN).status_code == 410
    withdraw = reverse("staff:writing_withdraw", kwargs={"pk": WritingLink.objects.get(token=hashed(token)).pk})
    for who, status in (("visitor", 302), ("contact", 403), ("outsider", 403)):
        assert cast.client(who).post(withdraw).status_code == status
    assert Client().get(page(token)).status_code == 200
    assert cast.client("officer").post(withdraw).status_code == 302
    closed = Client().get(page(token))
    assert closed.status_code == 410
    assert "This link is closed" in closed.text
    assert not Need.objects.exists()


def test_rate_and_size_are_bounded(token: str, cast: Cast) -> None:
    visitor = Client()
    assert visitor.post(page(token), {**CATALAN, "title": "x" * 121}).status_code == 400
    assert visitor.post(page(token), {**CATALAN, "text": "x" * 501}).status_code == 400
    assert visitor.post(page(token), {**CATALAN, "stage": "boss"}).status_code == 400
    assert visitor.post(page(token), {**CATALAN, "title": "nul\x00"}).status_code == 400
    assert visitor.post(page(token), {"stage": "need"}).status_code == 400
    codes = [visitor.post(page(token), CATALAN).status_code for _ in range(21)]
    assert codes == [302] * 20 + [429]
    link = WritingLink.objects.get()
    for number in range(MOST_THROUGH_A_LINK - 20):
        Writing.objects.create(need=make_need(cast.sfax, f"n {number}"), link=link)
    cache.clear()
    assert visitor.post(page(token), CATALAN).status_code == 429
    assert Need.objects.count() == MOST_THROUGH_A_LINK


def test_hostile_words_are_words(cast: Cast, token: str) -> None:
    Client().post(page(token), {"stage": "need", "title": HOSTILE, "text": HOSTILE})
    need = Need.objects.get()
    pages = [
        Client().get(page(token)).text,
        Client().get(f"{page(token)}{need.public_id}/").text,
        cast.client("officer").get(OFFICE).text,
    ]
    for shown in pages:
        assert HOSTILE not in shown
        assert "&lt;script&gt;alert(1)" in shown


def test_it_is_hidden_from_search_engines(token: str) -> None:
    answer = Client().get(page(token))
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    # The address stays on this site; stricter, and browsers would send a form from it with no origin, which is refused.
    assert answer["Referrer-Policy"] == "same-origin"


def test_at_once_it_sees_who_offers_it_and_nothing_that_is_not_public(
    cast: Cast, token: str, indexed: Callable[[], None]
) -> None:
    amman = make_organisation("Amman", country="JO")
    public = make_need(amman, "x", stage="offer", themes=("water",))
    public.title = Text.of(ar="إعادة استخدام المياه المعالجة في ري الحدائق")
    public.text = Text.of(ar="نعيد استخدام مياه الصرف الصحي المعالجة لري حدائق المدينة.")
    public.save()
    make_project("Reuse of treated waste water for parks", amman, note="PRIVATE-NOTE reuse of treated waste water")
    words = "PRIVATE reuse of treated waste water for the parks of the city"
    hidden = make_organisation("PRIVATE Town", visibility="office")
    make_project(words, amman, visibility="office")
    make_project("Treated waste water for parks, also there", hidden)
    make_need(amman, words, stage="offer", visibility="office")
    make_need(make_organisation("Needy", country="JO"), "Reuse of treated waste water for parks")
    make_need(cast.sfax, "Our own offer of treated waste water for parks", stage="offer")
    indexed()
    visitor = Client()
    answer = visitor.post(page(token, "ca"), CATALAN, follow=True)
    found = answer.context["found"].answers
    assert "Amman" in [one.organisation.name for one in found if one.organisation]
    assert "Needy" not in [one.organisation.name for one in found if one.organisation]  # it needs the same
    assert public.public_id in [one.hit.public_id for one in found if one.kind == "practice"]
    assert "إعادة استخدام" in answer.text
    assert '<span lang="ar"' in answer.text
    assert cast.sfax.name not in [one.organisation.name for one in found if one.organisation]
    assert "PRIVATE" not in answer.text
    signed_in = cast.client("officer").get(answer.redirect_chain[-1][0])
    assert "PRIVATE" not in signed_in.text


def test_few_queries_whatever_the_data(cast: Cast, token: str, indexed: Callable[[], None]) -> None:
    counts = []
    for size in (1, 12):
        for number in range(size):
            town = make_organisation(f"Town {size} {number}", country="JO")
            make_need(town, f"Reuse of treated waste water {number}", stage="offer")
            written = make_need(cast.sfax, f"Wanted {number}", visibility="office")
            Writing.objects.create(need=written, link=WritingLink.objects.get(token=hashed(token)))
            hand_out(cast)
        indexed()
        for client, address in (
            (Client(), page(token)),
            (Client(), f"{page(token)}{written.public_id}/"),
            (cast.client("officer"), OFFICE),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
    assert max(counts) <= 12
    assert (counts[0], counts[2]) == (counts[3], counts[5])


def test_the_public_page_marks_what_nobody_confirmed_for_a_year(cast: Cast) -> None:
    today = timezone.localdate()
    make_need(cast.sfax, "Fresh", attested_on=today - timedelta(365))
    make_need(cast.sfax, "Old", attested_on=today - timedelta(366))
    make_need(cast.sfax, "Old example", attested_on=date(2001, 1, 1), illustrative=True)
    text = Client().get(cast.sfax.get_absolute_url()).text
    assert text.count("not confirmed for a year") == 1
    assert re.search(r"Old</strong>\s*<span class=\"badge badge-unknown\">not confirmed for a year", text)
    officer = cast.client("officer")
    assert "1 need not confirmed for a year" in officer.get("/en/office/").text
    listed = officer.get("/en/office/needs/?held=no").text
    assert "Old" in listed
    assert "Fresh" not in listed
