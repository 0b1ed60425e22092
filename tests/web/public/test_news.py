"""News: rich text in each language, and nothing of one before its moment."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from sympolis.office.core.models import IndexChange
from sympolis.office.core.texts import Text
from sympolis.office.publishing.actions import keep_news_item, publish_due
from sympolis.office.publishing.models import NewsItem
from sympolis.office.publishing.search_documents import news_documents
from tests.cast import Cast

FEEDS = ("/en/news/", "/en/news/feed/", "/en/news/feed/rss/", "/api/v1/news", "/sitemap-new.xml")


def tomorrows() -> NewsItem:
    return keep_news_item(
        NewsItem(
            title=Text.of(en="Embargoedx"), body=Text.of(en="Body"), publishes_at=timezone.now() + timedelta(days=1)
        )
    )


def test_nothing_of_it_before_its_moment(cast: Cast) -> None:
    item = tomorrows()
    visitor, officer = cast.client("visitor"), cast.client("officer")
    address = item.get_absolute_url()
    assert visitor.get(address).status_code == 404
    assert "only officers see it until" in officer.get(address).content.decode()
    for page in FEEDS:
        said = visitor.get(page).content.decode()
        assert "Embargoedx" not in said, page
        assert item.public_id not in said, page
    assert [one.audiences for one in news_documents(item)] == [("office",)]
    assert publish_due() == 0
    NewsItem.objects.update(publishes_at=timezone.now() - timedelta(seconds=1))
    IndexChange.objects.all().delete()
    assert (publish_due(), publish_due()) == (1, 0)
    assert [one.record for one in IndexChange.objects.all()] == [item.public_id]
    item.refresh_from_db()
    assert [one.audiences for one in news_documents(item)] == [("public",)]
    assert visitor.get(address).status_code == 200
    for page in FEEDS:
        said = visitor.get(page).content.decode()
        assert item.public_id in said, page


def test_its_moment_comes_on_pages_that_were_asked_before(cast: Cast) -> None:
    """An organisation's page keeps the SQL of its question, not the moment it was first asked at."""
    visitor, address = cast.client("visitor"), cast.amb.get_absolute_url()
    assert "Embargoedx" not in visitor.get(address).text
    item = tomorrows()
    item.organisations.add(cast.amb)
    assert "Embargoedx" not in visitor.get(address).text
    NewsItem.objects.update(publishes_at=timezone.now())
    assert "Embargoedx" in visitor.get(address).text


def test_its_day_is_that_of_its_moment_unless_said_otherwise(cast: Cast) -> None:
    item = tomorrows()
    assert item.published.earliest == timezone.localdate(item.publishes_at)
    other = NewsItem(
        title=Text.of(en="Old"), published_earliest=date(2020, 4, 11), published_latest=date(2020, 4, 11),
        publishes_at=timezone.now(),
    )  # fmt: skip
    assert str(keep_news_item(other).published) == "2020-04-11"


def test_the_body_in_the_readers_language_or_marked(cast: Cast) -> None:
    item = keep_news_item(
        NewsItem(title=Text.of(en="News"), body=Text.of(en="**Bold** <script>alert(1)</script>", ar="نص"))
    )
    client = cast.client("visitor")
    address = item.get_absolute_url()
    english = client.get(address).content.decode()
    assert '<div class="measure"><p><strong>Bold</strong> &lt;script&gt;alert(1)&lt;/script&gt;</p></div>' in english
    catalan = client.get(address.replace("/en/", "/ca/")).content.decode()
    assert '<div class="measure" lang="en" dir="ltr"><p><strong>' in catalan
    assert "<p>نص</p>" in client.get(address.replace("/en/", "/ar/")).content.decode()


def test_an_officer_writes_it_with_a_moment(cast: Cast) -> None:
    client = cast.client("officer")
    said = {"title_en": "Written", "body_en": "Words", "publishes_at": "2099-05-01T09:30"}
    assert client.post("/en/office/news/add/", said).status_code == 302
    item = NewsItem.objects.get()
    assert item.publishes_at is not None
    assert item.publishes_at.isoformat() == "2099-05-01T07:30:00+00:00"  # half past nine in Barcelona
    assert (item.waits, str(item.published), item.body.plain()) == (True, "2099-05-01", {"en": "Words"})
    page = client.get(f"/en/office/records/{item.public_id}/").content.decode()
    assert 'value="2099-05-01T09:30"' in page
