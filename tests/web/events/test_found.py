"""Search finds what files of events and news say, and what is said in recordings, in whatever language one asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sympolis.config.home import Home
from sympolis.office.core import search as core_search
from sympolis.office.core.documents import read_next_document
from sympolis.office.core.indexing import rebuild
from sympolis.office.core.models import Record
from sympolis.office.core.readers import forget_readers
from sympolis.office.core.texts import Text
from sympolis.office.events.models import Event, Recording
from sympolis.office.publishing.actions import keep_news_item
from sympolis.office.publishing.models import NewsItem
from sympolis.web.public.events import pages
from tests.cast import Cast
from tests.office.test_document_words import catalan
from tests.office.test_uploads import docx

SAID = "Los municipios reutilizan las aguas residuales depuradas para regar los parques urbanos."
WRITTEN = "<w><t>Les villes portuaires mutualisent leurs brise-lames flottants.</t></w>"


def hang(cast: Cast, record: Record, name: str, content: bytes, language: str) -> None:
    answer = cast.client("officer").post(
        reverse("staff:document_add", kwargs={"public_id": record.public_id}),
        {"file": SimpleUploadedFile(name, content), "language": language, "visibility": "public"},
    )
    assert answer.status_code == 302
    assert read_next_document()


@pytest.fixture
def planted(cast: Cast, settings: LazySettings, tmp_path: Path) -> Iterator[dict[str, Record]]:
    """A webinar with a recording in Spanish and a PDF in Catalan; news with a DOCX, told and not told yet."""
    settings.HOME = Home(tmp_path)  # type: ignore[misc]
    day = {"start_earliest": timezone.localdate(), "start_latest": timezone.localdate()}
    seen = Event.objects.create(title=Text.of(en="Morning"), **day)
    Recording.objects.create(event=seen, link="https://video.example/1", language="es", transcript=SAID)
    other = Event.objects.create(title=Text.of(en="Wind farms at sea"), **day)
    Recording.objects.create(
        event=other, link="https://video.example/2", language="en", transcript="Turbines offshore."
    )
    never = Event.objects.create(title=Text.of(en="Reusing waste water in parks"), **day)
    item = keep_news_item(NewsItem(title=Text.of(en="News of today")))
    later = keep_news_item(
        NewsItem(title=Text.of(en="News of tomorrow"), publishes_at=timezone.now() + timedelta(days=1))
    )
    hang(cast, seen, "slides.pdf", catalan(), "ca")
    hang(cast, item, "memoire.docx", docx(WRITTEN).getvalue(), "fr")
    hang(cast, later, "embargo.docx", docx(WRITTEN).getvalue(), "fr")
    rebuild(lambda _name, _done, _total: None)
    yield {"seen": seen, "other": other, "never": never, "item": item, "later": later}
    forget_readers()


def found(address: str, **asked: str) -> str:
    answer = Client().get(address, asked)
    assert answer.status_code == 200
    return answer.text


def test_files_and_recordings_are_found(planted: dict[str, Record]) -> None:
    # What stands in a PDF of an event and in a DOCX of news, by their own words and asked in another language.
    assert "slides" in found("/en/search/", q="oficines eficients aigua")
    for question in ("brise-lames flottants", "floating breakwaters shared by port cities"):
        said = found("/en/search/", q=question)
        assert "memoire" in said, question
        assert "embargo" not in said, question  # it hangs on news that are not told yet
    # The library finds what was said, by meaning, in the languages of the office; nothing that cannot be seen again.
    library = reverse("public:recordings")
    for question in ("reuse of waste water", "reutilització d'aigües residuals", "réutilisation des eaux usées",
                     "إعادة استخدام المياه العادمة", "حدائق"):  # fmt: skip
        said = found(library, q=question)
        first, second = (said.find(planted[name].get_absolute_url()) for name in ("seen", "other"))
        assert first > 0, question
        assert second < 0 or first < second, question
        assert planted["never"].get_absolute_url() not in said, question
    assert planted["seen"].get_absolute_url() not in found(library, q="reuse of waste water", language="en")


def test_what_can_not_be_seen_again_takes_no_place_in_the_library(
    planted: dict[str, Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many events answer better: of two places, one would go to the event that was not recorded."""
    monkeypatch.setattr(pages, "MOST_FOUND", 1)
    monkeypatch.setattr(core_search, "_CANDIDATES", 1)
    said = found(reverse("public:recordings"), q="reusing waste water in parks")
    assert planted["seen"].get_absolute_url() in said
    everything = found("/en/search/", q="aguas residuales depuradas", kind="recording")
    assert planted["seen"].get_absolute_url() in everything
    assert planted["never"].get_absolute_url() not in everything
