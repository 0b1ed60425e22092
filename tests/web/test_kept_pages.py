"""Pages that are kept for visitors: who gets them, and when they are made anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client
from django.test.client import ClientHandler
from django.urls import reverse
from django.utils import timezone

from sympolis.office.core.texts import Text
from sympolis.office.directory.actions import keep_organisation
from sympolis.office.events.actions import keep_event
from sympolis.office.events.models import Event, RegistrationRules
from sympolis.web import kept_pages
from tests.cast import Cast, make_cast


class Made:
    """How often pages were made and not taken from the shelf; all browsers ask one server, which has one shelf."""

    times = 0

    def __init__(self) -> None:
        self._server = ClientHandler(enforce_csrf_checks=False)

    def browser(self, client: Client | None = None, **headers: str) -> Client:
        asking = client or Client(headers=headers)
        asking.handler = self._server
        return asking


@pytest.fixture(scope="module")
def planted(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Cast]:
    """Written for good, since what keeps the pages looks from a connection of its own."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield make_cast()
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def made(
    planted: Cast, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, django_db_blocker: pytest.FixtureRequest
) -> Iterator[Made]:
    settings.PAGES_KEPT_S = 600  # type: ignore[misc]
    settings.DEBUG = False  # type: ignore[misc]
    counted = Made()
    keep = kept_pages.Shelf.put

    def put(shelf: kept_pages.Shelf, key: kept_pages.Key, kept: kept_pages.Kept) -> None:
        counted.times += 1
        keep(shelf, key, kept)

    monkeypatch.setattr(kept_pages.Shelf, "put", put)
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield counted


def page_of(cast: Cast, language: str = "en") -> str:
    return f"/{language}/organisation/{cast.sfax.slug}-{cast.sfax.public_id}/"


def words(client: Client, path: str, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_a_visitor_gets_what_the_one_before_got_until_something_is_written(planted: Cast, made: Made) -> None:
    site, path = made.browser(), page_of(planted)
    assert "Sfax" in words(site, path)
    assert words(site, path) == words(site, path)
    assert made.times == 1
    planted.sfax.name = "Sfax la neuve"
    keep_organisation(planted.sfax)
    assert "Sfax la neuve" in words(site, path)
    assert made.times == 2
    assert 'lang="ar"' in words(site, page_of(planted, "ar"))
    words(site, f"{path}?as_of=2019")
    words(site, path, host="localhost")
    assert made.times == 5


def test_a_browser_that_has_it_is_told_so_in_a_line(planted: Cast, made: Made) -> None:
    site, path = made.browser(**{"accept-encoding": "gzip"}), page_of(planted)
    first = site.get(path)
    assert (first["Content-Encoding"], first["Cache-Control"]) == ("gzip", "no-cache")
    assert "default-src 'self'" in first["Content-Security-Policy"]
    again = site.get(path, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, made.times) == (304, b"", 1)
    planted.sfax.name = "Sfax the other"
    keep_organisation(planted.sfax)
    changed = site.get(path, headers={"if-none-match": first["ETag"]})
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)
    plain = made.browser().get(path)
    assert ("Content-Encoding" in plain, plain["ETag"]) == (False, changed["ETag"])


@pytest.mark.parametrize("who", ["administrator", "officer", "contact", "participant", "outsider"])
def test_who_is_signed_in_neither_fills_nor_gets_it(planted: Cast, made: Made, who: str) -> None:
    site, path = made.browser(planted.client(who)), page_of(planted)
    made.times = 0
    assert reverse("account_logout") in words(site, path)
    assert made.times == 0
    assert reverse("account_logout") not in words(made.browser(), path)
    assert made.times == 1
    own = site.get(path)
    assert (reverse("account_logout") in own.content.decode(), "ETag" in own, made.times) == (True, False, 1)
    assert own["Cache-Control"] == "private, no-cache"  # nor does what lies between keep it


def test_a_form_guarded_against_forgery_is_never_kept(planted: Cast, made: Made) -> None:
    event = keep_event(Event(title=Text.of(en="Day of water"), start_earliest=timezone.localdate().replace(year=2090)))
    RegistrationRules.objects.create(event=event)
    path = f"/en/event/{event.slug}-{event.public_id}/register/"
    for form in (path, reverse("public:newsletter"), reverse("account_login")):
        one, other = made.browser(), made.browser()
        assert "csrfmiddlewaretoken" in words(one, form), form
        assert one.get(form).content != other.get(form).content, form
    assert made.times == 0


def test_cookies_and_headers_that_may_change_a_page_pass_it_by(planted: Cast, made: Made) -> None:
    path = page_of(planted)
    words(made.browser(), path)
    for name in ("sessionid", "messages", "anything"):
        site = made.browser()
        site.cookies[name] = "mine"
        assert "ETag" not in site.get(path)
    assert "ETag" not in made.browser().get(path, headers={"authorization": "Bearer x"})
    assert "ETag" not in made.browser().get(path, headers={"x-requested-with": "fetch"})
    assert "ETag" not in made.browser().get(f"/org/{planted.sfax.public_id}")
    site = made.browser()
    site.cookies["csrftoken"], site.cookies["django_language"] = "x" * 32, "ca"
    assert "ETag" in site.get(path)
    assert made.times == 1


def test_it_has_room_for_so_much() -> None:
    shelf = kept_pages.Shelf(most_bytes=250)
    for name in "abc":
        shelf.put((name,), kept_pages.Kept(name.encode() * 100, {}, 7, float("inf")))
    assert [shelf.find((name,), 7) is not None for name in "abc"] == [False, True, True]
    assert shelf.find(("b",), 8) is None
    shelf.put(("old",), kept_pages.Kept(b"x", {}, 7, 0.0))
    assert shelf.find(("old",), 7) is None
