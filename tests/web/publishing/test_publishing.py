"""Pages and news from writing to readers: blocks, pictures, translations, a second reader, the clock, old addresses."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from sympolis.office.core.imports.apply import bring_in
from sympolis.office.core.imports.definition import tables
from sympolis.office.core.imports.read import read_table
from sympolis.office.core.imports.understand import understand
from sympolis.office.core.models import IndexChange
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Relation
from sympolis.office.publishing.actions import keep_news_item
from sympolis.office.publishing.models import NewsItem, OldAddress, Page, PageDraft, Picture
from sympolis.office.publishing.pages import actions
from sympolis.office.publishing.pages.actions import NotYet, keep_page, publish, publish_due_pages, write
from sympolis.office.publishing.pages.blocks import Content
from sympolis.office.publishing.pages.pictures import MOST_DOTS, keep_picture, read_picture
from sympolis.office.publishing.pages.queries import content_of
from sympolis.office.publishing.pages.translating import State, pieces_of
from sympolis.office.publishing.search_documents import news_documents, page_documents
from tests.cast import Cast, office_today
from tests.factories import make_organisation, make_project, make_relation

EVERYBODY = ("administrator", "officer", "contact", "participant", "outsider", "visitor")
MOST_QUERIES = 12


def text(words: Text, key: str = "t") -> dict[str, Any]:
    return {"key": key, "kind": "text", "words": words}


def live(of: str, organisation: str = "", key: str = "l", **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": "live", "heading": {}, "of": of, "organisation": organisation, "theme": "", "most": 50,
            **more}  # fmt: skip


def make_page(cast: Cast, *blocks: dict[str, Any], is_public: bool = True, **fields: Any) -> Page:
    title = fields.pop("title", Text.of(en="About us", ca="Sobre nosaltres"))
    page = keep_page(Page(title=title, summary=Text.of(en="What we do"), **fields), cast.officer)
    write(page, Content(title, Text.of(en="What we do"), list(blocks)), cast.officer)
    if is_public:
        publish(Page.objects.get(pk=page.pk), cast.officer)
    return Page.objects.get(pk=page.pk)


def photograph(size: tuple[int, int] = (1300, 700), kind: str = "JPEG") -> SimpleUploadedFile:
    """With what a camera writes into a file: where it stood."""
    image, out = Image.new("RGB", size, "#336699"), io.BytesIO()
    about = Image.Exif()
    about[0x010E] = "Secretplacex"
    image.save(out, kind, exif=about)
    return SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")


def huge() -> SimpleUploadedFile:
    """A file of a few kilobytes that would be 20,000 by 20,000 dots, which nobody unpacks."""
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    return SimpleUploadedFile("huge.png", out.getvalue(), "image/png")


def press(client: Client, record: Page | NewsItem, what: str, **more: str) -> Any:
    """A button of the page it is written on, as somebody who looks at it now would press it."""
    said = client.get(f"/en/office/written/{record.public_id}/").content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', said)
    data = {"what": what, "seen": seen[1] if seen else "", **more}
    return client.post(f"/en/office/written/{record.public_id}/do/", data, follow=True)


def status_of(cast: Cast, address: str) -> dict[str, int]:
    return {who: cast.client(who).get(address).status_code for who in EVERYBODY}


def test_what_is_written_is_nobodys_to_read_before_it_is_published(cast: Cast) -> None:
    page = make_page(cast, text(Text.of(en="First words")), is_public=False)
    address, visitor, officer = page.get_absolute_url(), cast.client("visitor"), cast.client("officer")
    assert status_of(cast, address) == {
        "administrator": 200, "officer": 200, "contact": 404, "participant": 404, "outsider": 404, "visitor": 404
    }  # fmt: skip
    assert [one.audiences for one in page_documents(page)] == [("office",)]
    IndexChange.objects.all().delete()
    do = f"/en/office/written/{page.public_id}/do/"
    assert "Published." in press(officer, page, "publish").content.decode()
    assert [one.record for one in IndexChange.objects.all()] == [page.public_id]
    assert "First words" in visitor.get(address).content.decode()
    page.refresh_from_db()
    [entry] = page_documents(page)
    assert (entry.audiences, entry.text) == (("public",), {"en": "What we do\nFirst words"})
    # A change is the office's until it is published too.
    add = f"/en/office/written/{page.public_id}/block/t/"
    seen = re.search(r'name="seen" value="(\w+)"', officer.get(add).content.decode())
    assert seen
    assert officer.post(add, {"words_en": "Second words", "seen": seen[1]}).status_code == 302
    assert "Second words" not in visitor.get(address).content.decode()
    assert "Second words" in officer.get(f"/en/office/written/{page.public_id}/preview/").content.decode()
    assert "Published." in press(officer, page, "publish").content.decode()
    assert "Second words" in visitor.get(address).content.decode()
    assert not PageDraft.objects.exists()
    assert [one.blocks[0]["words"]["en"]["text"] for one in page.history.all()[:2]] == ["Second words", "First words"]
    assert officer.post(do, {"what": "take-back"}).status_code == 302
    assert visitor.get(address).status_code == 404


def test_who_may_write(cast: Cast) -> None:
    page = make_page(cast, text(Text.of(en="Words")))
    item = keep_news_item(NewsItem(title=Text.of(en="News")))
    kept = {"administrator": 200, "officer": 200, "contact": 403, "participant": 403, "outsider": 403, "visitor": 302}
    for at in (
        "publishing/", "publishing/old-addresses/", f"written/{page.public_id}/", f"written/{item.public_id}/",
        f"written/{page.public_id}/preview/", f"written/{page.public_id}/add/quote/",
        f"written/{page.public_id}/block/t/", f"written/{page.public_id}/translate/en/fr/",
    ):  # fmt: skip
        assert status_of(cast, f"/en/office/{at}") == kept, at
    for who in ("contact", "participant", "outsider"):
        client = cast.client(who)
        assert client.post(f"/en/office/written/{page.public_id}/do/", {"what": "take-back"}).status_code == 403
    assert cast.client("officer").post("/en/office/publishing/rules/", {"second_reader": "on"}).status_code == 403
    assert not actions.second_reader_wanted()
    officer = cast.client("officer")
    for wrong in ("org_aaaaaaaaaaaa", "pag_aaaaaaaaaaaa", cast.amb.public_id):
        assert officer.get(f"/en/office/written/{wrong}/").status_code == 404


def test_the_clock_publishes_once(cast: Cast) -> None:
    page = make_page(cast, text(Text.of(en="Old")))
    write(page, Content(page.title, page.summary, [text(Text.of(en="New"))]), cast.officer)
    officer = cast.client("officer")
    press(officer, page, "publish", at="2099-05-01T09:30")
    draft = PageDraft.objects.get()
    assert draft.publishes_at is not None
    assert (draft.stage, draft.publishes_at.isoformat()) == ("scheduled", "2099-05-01T07:30:00+00:00")
    assert publish_due_pages() == 0
    PageDraft.objects.update(publishes_at=timezone.now() - timedelta(seconds=1))
    assert (publish_due_pages(), publish_due_pages()) == (1, 0)
    page.refresh_from_db()
    assert (page.blocks[0]["words"]["en"]["text"], page.published_by) == ("New", cast.officer)
    assert page.history.first().history_user == cast.officer  # type: ignore[union-attr]


def test_a_second_person_reads_it_where_the_office_wants_that(cast: Cast, mailoutbox: list[Any]) -> None:
    cast.client("administrator").post("/en/office/publishing/rules/", {"second_reader": "on"})
    page = make_page(cast, text(Text.of(en="Words")), is_public=False)
    with pytest.raises(NotYet):
        publish(page, cast.officer)
    writer, second = cast.client("officer"), cast.client("administrator")
    do = f"/en/office/written/{page.public_id}/do/"
    writer.post(do, {"what": "ask"})
    assert "About us" in second.get("/en/office/publishing/").content.decode().partition('id="pages"')[0]
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == (["administrator@example.org"], "To be read: About us")
    assert f"http://testserver/en/office/written/{page.public_id}/" in mail.body
    second.post(do, {"what": "back", "why": "Say since when"})
    assert "Say since when" in writer.get(f"/en/office/written/{page.public_id}/").content.decode()
    back = mailoutbox[-1]
    assert (back.to, back.subject) == (["officer@example.org"], "Sent back: About us")
    assert "What is still to be mended: Say since when" in back.body
    writer.post(do, {"what": "ask"})
    assert "1 page to read before it goes out" in second.get("/en/office/").content.decode()
    press(second, page, "publish")
    assert cast.client("visitor").get(page.get_absolute_url()).status_code == 200
    # News alike: whoever writes them saves a draft, and cannot publish it.
    refused = writer.post("/en/office/news/add/", {"title_en": "Written", "stage": "published"})
    assert "Save it as a draft" in refused.content.decode()
    writer.post("/en/office/news/add/", {"title_en": "Written", "stage": "draft"})
    item = NewsItem.objects.get()
    assert item.stage == "draft"
    press(writer, item, "ask")
    press(writer, item, "publish")
    assert "Say more" in press(second, item, "back", why="Say more").content.decode()
    item.refresh_from_db()
    assert item.stage == "draft"
    assert cast.client("visitor").get(item.get_absolute_url()).status_code == 404
    assert item.public_id not in cast.client("visitor").get("/api/v1/news").content.decode()
    assert [one.audiences for one in news_documents(item)] == [("office",)]
    looked_at = actions.digest_of(item)
    NewsItem.objects.update(body=Text.of(en="Slipped in"))
    answer = second.post(
        f"/en/office/written/{item.public_id}/do/", {"what": "publish", "seen": looked_at}, follow=True
    )
    assert "Look at it once more" in answer.content.decode()
    press(second, item, "publish")
    assert cast.client("visitor").get(item.get_absolute_url()).status_code == 200


def test_news_are_of_the_day_they_are_told_and_can_be_taken_back(cast: Cast) -> None:
    client, today = cast.client("officer"), timezone.localdate()
    served = client.get("/en/office/news/add/").content.decode().partition("The rest can wait")[0]
    assert 'name="stage"' in served
    client.post("/en/office/news/add/", {"title_en": "Told", "stage": "published"})
    client.post("/en/office/news/add/", {"title_en": "Kept", "stage": "draft"})
    client.post("/en/office/news/add/", {"title_en": "Read", "stage": "published", "source_url": "https://a.example"})
    told, kept, read = NewsItem.objects.order_by("pk")
    assert [str(one.published) for one in (told, kept, read)] == [str(today), "", ""]
    press(client, kept, "publish")
    kept.refresh_from_db()
    assert (kept.stage, str(kept.published)) == ("published", str(today))
    press(client, kept, "take-back")
    kept.refresh_from_db()
    assert (kept.stage, cast.client("visitor").get(kept.get_absolute_url()).status_code) == ("draft", 404)
    refused = press(client, kept, "publish", at="2026-01-01T10:00")
    assert "This moment has passed. Choose a later one, or leave it empty." in refused.content.decode()
    kept.refresh_from_db()
    assert kept.stage == "draft"


def test_two_who_write_the_same_block_lose_nothing(cast: Cast) -> None:
    page = make_page(cast, text(Text.of(en="Words")))
    client, at = cast.client("officer"), f"/en/office/written/{page.public_id}/block/t/"
    seen = re.search(r'name="seen" value="(\w+)"', client.get(at).content.decode())
    assert seen
    assert client.post(at, {"words_en": "First", "seen": seen[1]}).status_code == 302
    clash = client.post(at, {"words_en": "Second", "seen": seen[1]})
    said = clash.content.decode()
    assert (clash.status_code, "First" in said, "Second" in said) == (409, True, True)
    now = re.search(r'name="seen" value="(\w+)"', said)
    assert now
    assert client.post(at, {"words_en": "Second", "seen": now[1]}).status_code == 302
    assert content_of(page).blocks[0]["words"]["en"]["text"] == "Second"
    client.post(f"/en/office/written/{page.public_id}/add/text/", {"words_en": "Third"})
    key = content_of(page).blocks[1]["key"]
    client.post(f"/en/office/written/{page.public_id}/do/", {"what": "up", "key": key})
    assert [one["words"]["en"]["text"] for one in content_of(page).blocks] == ["Third", "Second"]
    client.post(f"/en/office/written/{page.public_id}/do/", {"what": "remove", "key": key})
    assert [one["key"] for one in content_of(page).blocks] == ["t"]


def test_a_picture_says_what_it_shows_and_nothing_of_its_camera(cast: Cast, settings: Any) -> None:
    page = make_page(cast, is_public=False)
    client, add = cast.client("officer"), f"/en/office/written/{page.public_id}/add/picture/"
    silent = client.post(add, {"file": photograph()})
    assert "Write it in at least one language." in silent.content.decode()
    assert client.post(add, {"file": photograph(), "alt_en": "The harbour", "credit": "CC0"}).status_code == 302
    picture = Picture.objects.get()
    assert (picture.widths, picture.width, picture.height) == ([480, 960, 1300], 1300, 700)
    files = sorted((Path(settings.MEDIA_ROOT) / "pictures").glob(f"{picture.name}*"))
    assert [one.name.removeprefix(f"{picture.name}-") for one in files] == [
        "1300.webp", "480.webp", "960.webp", "share.jpg"
    ]  # fmt: skip
    for one in files:
        assert b"Secretplacex" not in one.read_bytes()
    with Image.open(files[-1]) as share:
        assert share.size == (1200, 630)
    # The page is in Catalan too, and nobody has said there what is to be seen.
    refused = press(client, page, "publish")
    assert "Missing: Català." in refused.content.decode()
    translate = f"/en/office/written/{page.public_id}/translate/en/ca/"
    client.post(translate, {f"words-{picture.name}": "El port", "translator": "Anna", f"of-{picture.name}": "1"})
    press(client, page, "publish")
    said = cast.client("visitor").get(page.get_absolute_url().replace("/en/", "/ca/")).content.decode()
    assert 'alt="El port" lang="ca"' in said
    assert f"/media/pictures/{picture.name}-480.webp 480w" in said
    assert f'<meta property="og:image" content="http://testserver/media/pictures/{picture.name}-share.jpg">' in said
    # Shown once more elsewhere it keeps what was said of it.
    assert client.post(add, {"picture": picture.name, "alt_fr": "Le port"}).status_code == 302
    assert Picture.objects.get().alt.plain() == {"en": "The harbour", "ca": "El port", "fr": "Le port"}
    address = f"/media/pictures/{picture.name}-480.webp"
    assert b"".join(cast.client("visitor").get(address).streaming_content)[:4] == b"RIFF"  # type: ignore[attr-defined]


def test_a_picture_of_400_million_dots_and_text_with_a_program_are_refused(cast: Cast) -> None:
    page = make_page(cast, is_public=False)
    client, at = cast.client("officer"), f"/en/office/written/{page.public_id}/add"
    assert MOST_DOTS < 20_000 * 20_000
    answer = client.post(f"{at}/picture/", {"file": huge(), "alt_en": "Huge"})
    assert (answer.status_code, "more than 40 million dots" in answer.content.decode()) == (422, True)
    broken = SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\nnothing", "image/png")
    assert "no picture we can read" in client.post(f"{at}/picture/", {"file": broken, "alt_en": "x"}).content.decode()
    assert not Picture.objects.exists()
    for bad in ("<script>alert(1)</script>", "[x](javascript:alert(1))", '<img src=x onerror="alert(1)">'):
        answer = client.post(f"{at}/text/", {"words_en": f"Words {bad}"})
        assert (answer.status_code, "can be no programs" in answer.content.decode()) == (422, True), bad
        news = client.post("/en/office/news/add/", {"title_en": "News", "body_en": bad})
        assert "can be no programs" in news.content.decode(), bad
    assert content_of(page).blocks == []
    assert not NewsItem.objects.exists()
    assert client.post(f"{at}/text/", {"words_en": "2 < 3, on = off, data: here"}).status_code == 302


def test_a_quotation_keeps_its_words_and_says_who_translated_it(cast: Cast) -> None:
    item = keep_news_item(NewsItem(title=Text.of(en="News", ca="Notícies")))
    client, add = cast.client("officer"), f"/en/office/written/{item.public_id}/add/quote/"
    said = {
        "said_in": "fr",
        "original": "La ville d'abord.",
        "said_by": "A. Maire",
        "translations_en": "The city first.",
    }
    assert "Say who translated it." in client.post(add, said).content.decode()
    assert client.post(add, {**said, "translator": "Núria"}).status_code == 302
    english = Client().get(item.get_absolute_url()).content.decode()
    assert '<blockquote lang="en" dir="ltr"><p>The city first.</p></blockquote>' in english
    assert "Translated from French by Núria" in english
    assert '<blockquote lang="fr" dir="ltr"><p>La ville d&#x27;abord.</p></blockquote>' in english
    french = Client().get(item.get_absolute_url().replace("/en/", "/fr/")).content.decode()
    assert french.count("La ville d&#x27;abord.") == 1
    assert "Núria" not in french


def test_translations_side_by_side_and_what_is_out_of_date(cast: Cast) -> None:
    page = make_page(cast, text(Text.of(en="Words")), title=Text.of(en="About us"))
    client, at = cast.client("officer"), f"/en/office/written/{page.public_id}/translate/en/ar/"
    shown = client.get(at).content.decode()
    assert (shown.count(">missing<"), 'dir="rtl"' in shown) == (3, True)
    words = {"words-title": "من نحن", "words-t-words": "كلمات", "translator": "Sami"}
    revisions = {"of-title": "1", "of-t-words": "1", "seen-title": "0", "seen-t-words": "0"}
    assert client.post(at, {**words, **revisions}).status_code == 302
    assert client.post(at, {**words, **revisions, "words-title": "عنا"}).status_code == 409  # somebody was quicker
    entry = content_of(page).title["ar"]
    assert (entry["translator"], entry["at"], entry["translated_from"], entry["of_revision"]) == (
        "Sami", str(office_today()), "en", 1
    )  # fmt: skip
    states = {one.key: one.state("en", "ar") for one in pieces_of(page)}
    assert states == {"title": State.DONE, "summary": State.MISSING, "t-words": State.DONE}
    block = f"/en/office/written/{page.public_id}/block/t/"
    seen = re.search(r'name="seen" value="(\w+)"', client.get(block).content.decode())
    assert seen
    client.post(block, {"words_en": "Other words", "words_ar": "كلمات", "seen": seen[1]})
    assert {one.key: one.state("en", "ar") for one in pieces_of(page)}["t-words"] == State.OUTDATED
    hub = client.get("/en/office/publishing/").content.decode()
    assert "Arabic" in hub.partition('id="outdated"')[2].partition("</section>")[0]


def test_lists_on_a_page_show_what_its_reader_may_see(cast: Cast) -> None:
    network = make_organisation("MedCities", kind="city-network")
    hidden = make_organisation("Hiddenx", kind="city", visibility="office")
    for one in (cast.sfax, hidden):
        make_relation(one, "member_of", network)
    gone = make_organisation("Gonex", kind="city")
    left = make_relation(gone, "member_of", network)
    Relation.objects.filter(pk=left.pk).update(until_earliest="2001-01-01", until_latest="2001-12-31")
    project = make_project("Watersx", cast.sfax, themes=("water",))
    make_project("Othersx", cast.amb)
    page = make_page(
        cast, live("members", network.public_id, "a"), live("projects", "", "b", theme="water"), live("calls", key="c")
    )
    said = cast.client("visitor").get(page.get_absolute_url()).content.decode()
    assert [word for word in ("Sfax", "Hiddenx", "Gonex", "Watersx", "Othersx") if word in said] == ["Sfax", "Watersx"]
    assert "Hiddenx" in cast.client("officer").get(page.get_absolute_url()).content.decode()
    assert "Hiddenx" not in cast.client("officer").get(f"/en/office/written/{page.public_id}/preview/").content.decode()
    item = keep_news_item(
        NewsItem(title=Text.of(en="Tellsx")), organisations=[cast.sfax], projects=[project.public_id], events=[]
    )
    for record in (cast.sfax, project):
        assert "Tellsx" in cast.client("visitor").get(record.get_absolute_url()).content.decode()
    [row] = cast.client("visitor").get("/api/v1/news").json()["items"]
    assert (row["organisations"], row["projects"], row["events"]) == ([cast.sfax.public_id], [project.public_id], [])
    assert item.history.first().lists["projects"] == {project.public_id: {}}  # type: ignore[union-attr]


@pytest.mark.parametrize("who", ["visitor", "officer"])
def test_few_questions_however_much_there_is(cast: Cast, who: str) -> None:
    network, client = make_organisation("MedCities", kind="city-network"), cast.client(who)
    asked: dict[str, list[int]] = {}
    page = make_page(cast, live("members", network.public_id, "a"), live("projects", key="b"), live("news", key="c"))
    item = keep_news_item(NewsItem(title=Text.of(en="News")))
    at = ["/en/pages/", page.get_absolute_url(), item.get_absolute_url(), "/api/v1/site-pages", "/api/v1/news"]
    if who == "officer":
        at += ["/en/office/publishing/", f"/en/office/written/{page.public_id}/"]
    for more in (1, 6):
        for n in range(more):
            one = make_organisation(f"City {more} {n}", kind="city")
            make_relation(one, "member_of", network)
            project = make_project(f"Project {more} {n}", one)
            keep_news_item(NewsItem(title=Text.of(en=f"More {n}"), blocks=[text(Text.of(en="x"))]), organisations=[one])
            keep_news_item(item, organisations=[one], projects=[project.public_id])
            make_page(cast, text(Text.of(en="Below")), parent=page, title=Text.of(en=f"Below {more} {n}"))
        for address in at:
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200, address
            asked.setdefault(address, []).append(len(queries))
    for address, (small, large) in asked.items():
        assert large <= small <= MOST_QUERIES, (address, small, large)


def test_the_tree_is_that_of_its_language(cast: Cast) -> None:
    top = make_page(cast)
    make_page(cast, parent=top, title=Text.of(ca="Només en català"))
    english = cast.client("visitor").get("/en/pages/").content.decode()
    assert "Només en català" in english.partition("In other languages")[2]
    catalan = cast.client("visitor").get("/ca/pages/").content.decode()
    assert catalan.index("Sobre nosaltres") < catalan.index("Només en català")
    places = cast.client("visitor").get("/sitemap-pag.xml").content.decode()
    assert [code for code in ("en", "ca", "fr") if f"<loc>http://testserver/{code}/pages/about-us-" in places] == [
        "en", "ca"
    ]  # fmt: skip
    form = cast.client("officer").get(f"/en/office/records/{top.public_id}/").content.decode()
    assert [int(pk) for pk in re.findall(r'<option value="(\d+)"', form.partition('name="parent"')[2])] == [
        Page.objects.last().pk  # type: ignore[union-attr]  # never itself
    ]
    loop = cast.client("officer").post(
        f"/en/office/records/{top.public_id}/",
        {"title_en": "About us", "parent": Page.objects.last().pk},  # type: ignore[union-attr]
    )
    assert "stands below this one" in loop.content.decode()


def test_old_addresses_lead_on(cast: Cast) -> None:
    client, visitor = cast.client("officer"), cast.client("visitor")
    add = "/en/office/publishing/old-addresses/"
    for path, to in (("about.html", "/en/"), ("/x", "javascript:alert(1)"), ("/x", "//evil.example"), ("/x", "/x")):
        assert client.post(add, {"path": path, "leads_to": to}).status_code == 422, (path, to)
    assert client.post(add, {"path": "/about.html", "leads_to": "/en/pages/"}).status_code == 302
    answer = visitor.get("/about.html")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/en/pages/")
    assert visitor.get("/elsewhere.html").status_code == 404
    client.post(f"{add}{OldAddress.objects.get().pk}/remove/")
    assert visitor.get("/about.html").status_code == 404


def test_what_is_shared_has_a_picture_of_its_title(cast: Cast) -> None:
    item = keep_news_item(NewsItem(title=Text.of(en="News", ar="خبر")))
    secret = keep_news_item(NewsItem(title=Text.of(en="Secret"), visibility="office"))
    said = cast.client("visitor").get(item.get_absolute_url()).content.decode()
    address = f"/share/{item.public_id}-en.png"
    assert f'<meta property="og:image" content="http://testserver{address}">' in said
    with Image.open(io.BytesIO(cast.client("visitor").get(address).content)) as card:
        assert card.size == (1200, 630)
    assert cast.client("officer").get(f"/share/{secret.public_id}-en.png").status_code == 404


ATOM = "{http://www.w3.org/2005/Atom}"


def feed(address: str) -> list[tuple[str, str, list[dict[str, str]]]]:
    """The entries of an Atom feed: title, name for life, enclosures."""
    entries = ElementTree.fromstring(Client().get(address).content).iter(f"{ATOM}entry")
    return [
        (
            one.findtext(f"{ATOM}title") or "",
            one.findtext(f"{ATOM}id") or "",
            [link.attrib for link in one.iter(f"{ATOM}link") if link.attrib["rel"] == "enclosure"],
        )
        for one in entries
    ]


def test_pages_and_news_as_feeds_with_their_picture(cast: Cast, settings: Any) -> None:
    both = make_page(cast, text(Text.of(en="Words")))
    make_page(cast, title=Text.of(fr="En français"))
    make_page(cast, title=Text.of(en="Draftedx"), is_public=False)
    write(both, Content(Text.of(en="Laterx"), Text(), []), cast.officer)
    name = f"http://testserver/office-page/{both.public_id}"
    assert feed("/en/pages/feed/") == [("About us", name, [])]
    assert feed("/ca/pages/feed/") == [("Sobre nosaltres", name, [])]
    assert [title for title, *_more in feed("/fr/pages/feed/")] == ["En français"]
    picture = keep_picture(read_picture(photograph()), Text.of(en="A wall"), "", cast.officer)
    item = NewsItem(title=Text.of(en="Seen"), blocks=[{"key": "p", "kind": "picture", "picture": picture.name}])
    keep_news_item(item)
    share = Path(settings.MEDIA_ROOT) / "pictures" / f"{picture.name}-share.jpg"
    enclosure = {
        "rel": "enclosure", "type": "image/jpeg", "length": str(share.stat().st_size),
        "href": f"http://testserver/media/pictures/{picture.name}-share.jpg",
    }  # fmt: skip
    assert feed("/en/news/feed/") == [("Seen", f"http://testserver/news-item/{item.public_id}", [enclosure])]
    rss = ElementTree.fromstring(Client().get("/en/news/feed/rss/").content)
    assert [one.attrib["url"] for one in rss.iter("enclosure")] == [enclosure["href"]]
    share.unlink()
    assert feed("/en/news/feed/")[0][2] == []


def test_a_spreadsheet_brings_the_text_and_refuses_programs(cast: Cast) -> None:
    sheet = read_table(b"title,text\nKept,**Bold** words\nRefused,<script>alert(1)</script>\n")
    found = understand(tables()["news"], sheet)
    assert [(one.row, "no programs" in str(one.what)) for one in found.problems] == [(3, True)]
    bring_in(found, file_name="news.csv", leave_out_wrong_rows=True)
    assert [(str(one), one.body.plain()) for one in NewsItem.objects.all()] == [("Kept", {"en": "**Bold** words"})]
