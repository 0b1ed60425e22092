"""The administration page, the office's settings, the examples, and the first page of an empty home."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sympolis.office.core.keeping.notes import write_note
from sympolis.office.core.models import IndexChange, User
from sympolis.office.core.texts import Text
from sympolis.office.directory.actions import OfficeIsOpen, open_office
from sympolis.office.directory.models import Office, Organisation
from tests.cast import Cast
from tests.factories import make_organisation

BEGIN = "/en/office/administration/begin/"
CODE = "a1b2c3d4"


@pytest.fixture
def home(settings: Any, tmp_path: Any) -> Any:
    fresh = type(settings.HOME)(tmp_path / "home")
    fresh.path.mkdir()
    fresh.secrets.write_text(f'{{"first_run_code": "{CODE}"}}')
    settings.HOME = fresh
    settings.MEDIA_ROOT = fresh.media
    return fresh


def test_what_the_administrator_sees(cast: Cast, home: Any) -> None:
    now = timezone.now().isoformat()
    write_note(
        "status.json",
        {
            "backup": {"at": now, "file": "/somewhere/tonight.zip", "bytes": 2048, "ok": True, "error": ""},
            "restore_check": {"at": now, "ok": False, "error": "<b>a row is missing</b>"},
        },
    )
    home.outbox.mkdir()
    (home.outbox / "one.log").write_text("x")
    home.index.mkdir()
    (home.index / "generation").write_text("generation 7")
    IndexChange.objects.create(record="org_x")
    page = cast.client("administrator").get(reverse("staff:administration"))
    said = page.context
    assert (said["backup"].file, said["backup"].is_late, said["restore_check"].ok) == ("tonight.zip", False, False)
    assert (said["outbox_files"], said["index_generation"]) == (1, 7)
    assert (said["counts"]["users"], said["counts"]["administrators"], said["counts"]["index_waiting"]) == (5, 1, 1)
    assert "&lt;b&gt;a row is missing" in page.text
    assert "/somewhere/" not in page.text


def test_with_nothing_done_yet_it_says_so(cast: Cast, home: Any) -> None:
    for content in ("", "{cut off", '["a list"]', '{"backup": "text", "mail": {"at": 5}}'):
        (home.path / "status.json").write_text(content)
        page = cast.client("administrator").get(reverse("staff:administration"))
        assert page.status_code == 200
        assert "There is no fresh backup." in page.text
        assert "Never yet" in page.text


def test_the_offices_settings(cast: Cast, home: Any) -> None:
    client = cast.client("administrator")
    said = {
        "name_en": "Foreign Desk",
        "name_ca": "Internacional",
        "organisation": "Sfax",
        "default_language": "ca",
        "languages": ["en", "ar"],
        "time_zone": "Africa/Tunis",
        "currency": "tnd",
        "contact": "x",
    }
    assert client.post(reverse("staff:office_settings"), said).status_code == 302
    office = Office.objects.get()
    assert office.name.plain() == {"en": "Foreign Desk", "ca": "Internacional"}
    kept = (office.organisation, office.languages, office.time_zone, office.currency)
    assert kept == (cast.sfax, ("ca", "en", "ar"), "Africa/Tunis", "TND")
    wrong = client.post(reverse("staff:office_settings"), {**said, "time_zone": "Mars/Base", "currency": "€€€"})
    assert set(wrong.context["form"].errors) == {"time_zone", "currency"}


def test_the_examples_vanish_with_one_button(cast: Cast) -> None:
    Office.objects.update(is_demo=True)
    make_organisation("Invented", illustrative=True)
    client = cast.client("administrator")
    assert "Start your own office" in client.get(reverse("staff:administration")).text
    assert "Organisations: 1" in client.get(reverse("staff:examples")).text
    client.post(reverse("staff:examples"))
    assert not Organisation.objects.filter(illustrative=True).exists()
    assert Organisation.objects.count() == 3


def first_words(**changed: Any) -> dict[str, Any]:
    return {
        "code": CODE,
        "name": "Internacional",
        "organisation": "Ajuntament de Gavà",
        "kind": "city",
        "country": "ES",
        "default_language": "ca",
        "languages": ["ca", "en"],
        "email": "anna@example.org",
        "password": "una nit vora el mar",
        "time_zone": "Europe/Madrid",
        "currency": "EUR",
        "contact": "Al despatx",
        "legal_notice": "Avís",
        "first_name": "Anna",
        "last_name": "",
        **changed,
    }


def test_in_an_empty_home_every_page_leads_to_the_first_one(db: None, home: Any) -> None:
    for address in ("/en/", "/en/office/", "/en/account/login/", "/en/organisations/"):
        assert Client().get(address)["Location"] == BEGIN
    assert "Open your office" in Client().get(BEGIN).text


def test_opening_an_office(db: None, home: Any) -> None:
    client = Client()
    assert client.post(BEGIN, first_words())["Location"] == "/ca/office/"
    office, user = Office.objects.get(), User.objects.get()
    assert (str(office.name), office.organisation and office.organisation.name) == (
        "Internacional",
        "Ajuntament de Gavà",
    )
    assert (office.languages, office.legal_notice.plain(), office.is_demo) == (("ca", "en"), {"ca": "Avís"}, False)
    assert (user.email, user.language) == ("anna@example.org", "ca")
    assert (user.is_administrator, user.is_superuser) == (True, True)
    assert IndexChange.objects.count() == 1
    assert client.get("/ca/office/").status_code == 200
    assert Client().get(BEGIN).status_code == 404
    assert Client().post(BEGIN, first_words(email="b@example.org")).status_code == 404
    assert (Office.objects.count(), User.objects.count(), len(mail.outbox)) == (1, 1, 0)


@pytest.mark.parametrize(
    ("country", "zone"),
    [("TN", "Africa/Tunis"), ("ES", "Europe/Madrid"), ("US", "Europe/Madrid"), ("", "Europe/Madrid")],
)
def test_an_office_lives_by_the_time_of_its_country(db: None, home: Any, country: str, zone: str) -> None:
    Client().post(BEGIN, first_words(country=country, time_zone=""))
    assert Office.objects.get().time_zone == zone


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "guessed"),
        ("code", ""),
        ("password", "short"),
        ("email", "nobody"),
        ("name", ""),
        ("organisation", ""),
        ("time_zone", "Mars/Base"),
        ("currency", "12"),
        ("default_language", "tlh"),
        ("kind", "empire"),
    ],
)
def test_a_stranger_or_a_mistake_opens_nothing(db: None, home: Any, field: str, value: str) -> None:
    answer = Client().post(BEGIN, first_words(**{field: value}))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert "una nit vora el mar" not in answer.text
    assert (Office.objects.count(), User.objects.count(), Organisation.objects.count()) == (0, 0, 0)


def test_without_a_code_in_the_home_nobody_gets_in(db: None, home: Any) -> None:
    home.secrets.unlink()
    for code in ("", "None", CODE):
        assert Client().post(BEGIN, first_words(code=code)).status_code == 200
    assert not User.objects.exists()


def test_an_office_is_opened_once(cast: Cast) -> None:
    with pytest.raises(OfficeIsOpen):
        open_office(name="Second", organisation="Second", email="b@example.org", password="x")
    assert Office.objects.count() == 1
    Office.objects.all().delete()
    with pytest.raises(OfficeIsOpen):
        open_office(name="Second", organisation="Second", email="b@example.org", password="x")
    assert not Organisation.objects.filter(name="Second").exists()


def test_two_at_once_open_one_office(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one commits after the check and before the row: the row's fixed key refuses the second."""
    Office(pk=1, name=Text.of(en="First")).save()
    monkeypatch.setattr("sympolis.office.directory.actions.Office.objects.exists", lambda: False)
    with pytest.raises(OfficeIsOpen):
        open_office(name="Second", organisation="Second", email="b@example.org", password="x")
    assert (str(Office.objects.get().name), User.objects.count(), Organisation.objects.count()) == ("First", 0, 0)
