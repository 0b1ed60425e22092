"""Asking public services: against a server on this machine that replays answers in the layouts that were recorded."""

import errno
import hashlib
import json
import os
import re
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from sympolis.engine import sources
from sympolis.engine.errors import FetchError
from sympolis.engine.model import Call, Organisation, Relation
from sympolis.engine.sources import Reject, read_source
from sympolis.engine.sources.fetch import FETCHERS, Client, Manners, fetch
from sympolis.engine.sources.fetch.http import Question, state_of
from sympolis.engine.sources.fetch.wikidata import countries
from tests.service import Answer, Asked, Service, running

TODAY = date(2026, 11, 26)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    with running() as server:
        yield server


@pytest.fixture
def waits() -> list[float]:
    return []


def made(waits: list[float], timeout_s: float = 30.0) -> Client:
    """A client that writes down how long it would have waited."""
    agent = "Sympolis/0 (office@example.org)"
    return Client(Manners(agent, timeout_s=timeout_s, attempts=4, pause_s=0.0, sleep=waits.append))


@pytest.fixture
def client(waits: list[float]) -> Client:
    return made(waits)


def told(waits: list[float]) -> list[float]:
    """The waits, without the breath between pages."""
    return [wait for wait in waits if wait]


def ask(client: Client, service: Service, most_bytes: int = 1000) -> bytes:
    return client.ask(Question(service.address), most_bytes, json.loads)


def test_we_say_who_we_are_and_take_a_whole_answer(service: Service, client: Client) -> None:
    service.in_turn(lambda asked: asked.give(b'{"a": 1}'))
    assert ask(client, service) == b'{"a": 1}'
    assert service.asked[0].headers["User-Agent"] == "Sympolis/0 (office@example.org)"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_busy_service_is_asked_again_after_a_growing_wait(
    service: Service, client: Client, waits: list[float], status: int
) -> None:
    busy: Answer = lambda asked: asked.give(b"busy", status)  # noqa: E731
    service.in_turn(busy, busy, lambda asked: asked.give(b"[]"))
    assert ask(client, service) == b"[]"
    assert waits == [2.0, 4.0]


def test_how_long_to_wait_the_service_says_in_seconds_or_with_a_date(
    service: Service, client: Client, waits: list[float]
) -> None:
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    service.in_turn(
        lambda asked: asked.give(b"", 429, Retry_After="17"),
        lambda asked: asked.give(b"", 503, Retry_After=then),
        lambda asked: asked.give(b"", 503, Retry_After="whenever"),
        lambda asked: asked.give(b"[]"),
    )
    ask(client, service)
    assert waits[0] == 17
    assert 0 < waits[1] <= 100
    assert waits[2] == 8.0


def test_who_asks_to_wait_too_long_is_left_alone(service: Service, client: Client, waits: list[float]) -> None:
    service.in_turn(lambda asked: asked.give(b"", 429, Retry_After="86400"))
    with pytest.raises(FetchError, match="asks to wait 86400 seconds"):
        ask(client, service)
    assert waits == []
    assert len(service.asked) == 1


def test_in_the_end_we_give_up_and_do_not_tell_the_key(service: Service, client: Client) -> None:
    service.in_turn(lambda asked: asked.give(b"", 503))
    with pytest.raises(FetchError, match="did not answer: it says 503") as error:
        client.ask(Question(f"{service.address}?key=secret"), 10, json.loads)
    assert len(service.asked) == 4
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refusal_is_not_asked_again(service: Service, client: Client, status: int) -> None:
    service.in_turn(lambda asked: asked.give(b"", status))
    with pytest.raises(FetchError, match=f"refuses with {status}"):
        ask(client, service)
    assert len(service.asked) == 1


def test_answers_that_break_off_hang_or_are_not_whole_are_asked_again(service: Service, waits: list[float]) -> None:
    hanging = threading.Event()

    def hang(asked: Asked) -> None:
        hanging.wait(60)
        asked.close_connection = True

    service.in_turn(
        lambda asked: asked.give(b'{"whole": true}', cut=5),
        hang,
        lambda asked: asked.give(b'{"whole": tr'),
        lambda asked: asked.give(b'{"whole": true}'),
    )
    assert ask(made(waits, timeout_s=2.0), service) == b'{"whole": true}'
    hanging.set()
    assert len(service.asked) == 4
    assert waits == [2.0, 4.0, 8.0]


def test_nobody_makes_us_take_too_much(service: Service, client: Client) -> None:
    service.in_turn(lambda asked: asked.give(b"[" + b" " * 5000 + b"]"))
    with pytest.raises(FetchError, match="longer than 1000 bytes"):
        ask(client, service)
    with pytest.raises(FetchError, match="is no address of the web"):
        client.ask(Question("file:///etc/hostname"), 10, json.loads)


def test_a_key_is_not_carried_to_another_host(service: Service, client: Client) -> None:
    elsewhere = service.address.replace("127.0.0.1", "localhost") + "/there"
    service.in_turn(lambda asked: asked.give(b"", 302, Location=elsewhere), lambda asked: asked.give(b"[]"))
    client.ask(Question(service.address, {"Ocp-Apim-Subscription-Key": "secret"}), 10, json.loads)
    assert [asked.headers["Ocp-Apim-Subscription-Key"] for asked in service.asked] == ["secret", None]
    assert service.asked[1].headers["User-Agent"] == "Sympolis/0 (office@example.org)"


CONTENT = bytes(range(256)) * 4000


def ranged(asked: Asked, cut: int | None = None, etag: str = '"one"', content: bytes = CONTENT) -> None:
    """A file, or the rest of it, as servers give it."""
    wanted, condition = asked.headers.get("Range"), asked.headers.get("If-Range")
    if asked.headers.get("If-None-Match") == etag:
        asked.give(b"", 304, ETag=etag)
    elif wanted and condition == etag:
        begun = int(wanted.removeprefix("bytes=").rstrip("-"))
        there = f"bytes {begun}-{len(content) - 1}/{len(content)}"
        asked.give(content[begun:], 206, cut, ETag=etag, Content_Range=there)
    else:
        asked.give(content, 200, cut, ETag=etag)


def test_a_download_that_is_cut_off_goes_on_where_it_was(service: Service, client: Client, tmp_path: Path) -> None:
    file = tmp_path / "archive.zip"
    service.in_turn(lambda asked: ranged(asked, 300_000), lambda asked: ranged(asked, 200_000), ranged)
    assert client.download(Question(service.address), file, 1 << 30)
    assert file.read_bytes() == CONTENT
    assert [asked.headers["Range"] for asked in service.asked] == [None, "bytes=300000-", "bytes=500000-"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["archive.zip", "archive.zip.state"]
    assert not client.download(Question(service.address), file, 1 << 30)  # it has not changed
    assert service.asked[-1].headers["If-None-Match"] == '"one"'


def test_a_file_that_changed_meanwhile_is_got_anew(service: Service, client: Client, tmp_path: Path) -> None:
    file = tmp_path / "archive.zip"
    changed = CONTENT[::-1]
    service.in_turn(lambda asked: ranged(asked, 300_000), lambda asked: ranged(asked, etag='"two"', content=changed))
    client.download(Question(service.address), file, 1 << 30)
    assert file.read_bytes() == changed


def test_the_next_call_goes_on_with_what_the_last_one_got(service: Service, client: Client, tmp_path: Path) -> None:
    file = tmp_path / "archive.zip"
    service.in_turn(lambda asked: ranged(asked, 100), lambda asked: asked.give(b"", 403))
    with pytest.raises(FetchError):
        client.download(Question(service.address), file, 1 << 30)
    assert not file.exists()
    service.in_turn(ranged)
    client.download(Question(service.address), file, 1 << 30)
    assert file.read_bytes() == CONTENT
    assert service.asked[-1].headers["Range"] == "bytes=100-"


def test_without_a_name_for_the_version_a_download_begins_again(
    service: Service, client: Client, tmp_path: Path
) -> None:
    service.in_turn(lambda asked: asked.give(CONTENT, cut=100), lambda asked: asked.give(CONTENT))
    client.download(Question(service.address), tmp_path / "a", 1 << 30)
    assert (tmp_path / "a").read_bytes() == CONTENT
    assert service.asked[1].headers["Range"] is None
    assert not state_of(tmp_path / "a").exists()


# Each service


def portal_page(asked: Asked) -> None:
    """250 open calls and one forthcoming, 100 a page, as the search of the portal tells them."""
    status = "31094501" if b'"31094501"' in asked.body else "31094502"
    total, page = (1 if status == "31094501" else 250), int(asked.query["pageNumber"])
    results = [
        {"reference": f"{n}TOPICSen", "url": "https://example.org", "metadata": {
            "identifier": [f"TOPIC-{status[-1]}-{n}"], "title": [f"Topic {n}"], "status": [status]}}
        for n in range((page - 1) * 100, min(page * 100, total))
    ]  # fmt: skip
    asked.give(json.dumps({"apiVersion": "2.151", "totalResults": total, "results": results}).encode())


def test_portal(service: Service, client: Client, waits: list[float], tmp_path: Path) -> None:
    service.answer = portal_page
    fetched = fetch("portal", tmp_path, client, TODAY, address=service.address)
    assert fetched.folder == tmp_path / "portal" / "fetched-2026-11-26"
    assert [file.name for file in fetched.files] == [
        "portal-forthcoming-0001.json", "portal-open-0001.json", "portal-open-0002.json", "portal-open-0003.json",
    ]  # fmt: skip
    first = service.asked[0]
    assert first.query == {"apiKey": "SEDIA", "text": "***", "pageSize": "100", "pageNumber": "1"}
    assert first.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert b'Content-Disposition: form-data; name="query"' in first.body
    assert (
        b'{"bool": {"must": [{"terms": {"type": ["1", "2", "8"]}}, {"terms": {"status": ["31094501"]}}]}}' in first.body
    )
    rejects: list[Reject] = []
    calls = [call for call in read_source("portal", [tmp_path / "portal"], rejects) if isinstance(call, Call)]
    assert (len({call.id for call in calls}), rejects) == (251, [])
    assert {call.provenance.retrieved_at for call in calls} == {TODAY}


def test_pages_that_were_kept_are_not_asked_for_again(service: Service, client: Client, tmp_path: Path) -> None:
    service.in_turn(portal_page, portal_page, lambda asked: asked.give(b"", 403))
    with pytest.raises(FetchError, match="refuses with 403"):
        fetch("portal", tmp_path, client, TODAY, address=service.address)
    kept = sorted(file.name for file in (tmp_path / "portal" / "fetched-2026-11-26").iterdir())
    assert kept == ["portal-forthcoming-0001.json", "portal-open-0001.json"]
    service.asked.clear()
    service.answer = portal_page
    fetched = fetch("portal", tmp_path, client, TODAY + timedelta(days=1), address=service.address)
    assert fetched.folder.name == "fetched-2026-11-26"  # the visit that was cut off goes on
    assert [asked.query["pageNumber"] for asked in service.asked] == ["2", "3"]
    service.asked.clear()
    assert fetch("portal", tmp_path, client, TODAY + timedelta(days=1), address=service.address).folder.name == (
        "fetched-2026-11-27"
    )
    assert len(service.asked) == 4


def test_since_a_day_the_portal_is_asked_for_closed_calls_too(service: Service, client: Client, tmp_path: Path) -> None:
    service.answer = portal_page
    fetched = fetch("portal", tmp_path, client, TODAY, address=service.address, since=date(2026, 1, 2))
    assert fetched.folder.name == "fetched-2026-11-26-since-2026-01-02"
    assert b'{"range": {"deadlineDate": {"gte": "2026-01-02T00:00:00.000+0000"}}}' in service.asked[-1].body


def test_wikidata(service: Service, client: Client, tmp_path: Path) -> None:
    sample = (Path(sources.__file__).parent / "wikidata" / "sample" / "twins.json").read_bytes()
    nothing = b'{"head": {"vars": ["item"]}, "results": {"bindings": []}}'

    def answer(asked: Asked) -> None:
        query = parse_qs(asked.body.decode())["query"][0]
        asked.give(sample if "P190 ?twin" in query and '"ES"' in query else nothing)

    service.answer = answer
    fetched = fetch("wikidata", tmp_path, client, TODAY, address=service.address)
    assert len(fetched.files) == 4 * len(countries())
    assert {"ES", "GB", "PS", "XK", "TN"} <= set(countries())
    queries = [parse_qs(asked.body.decode())["query"][0] for asked in service.asked]
    assert all(query.count("{") == query.count("}") for query in queries)
    assert "LIMIT 5000 OFFSET 0" in queries[0]
    variables = {name for query in queries[:4] for name in re.findall(r"\?(\w+)", query.split("{", 1)[0])}
    assert variables == {
        "from", "twin", "network", "networkLabel", "item", "label", "itemCountry", "itemCoord", "itemGeonames",
        "since", "sincePrecision", "until", "untilPrecision",
    }  # fmt: skip
    rejects: list[Reject] = []
    records = list(read_source("wikidata", [tmp_path / "wikidata"], rejects))
    assert rejects == []
    assert [type(record) for record in records] == [Organisation, Organisation, Relation]
    service.asked.clear()
    with pytest.raises(FetchError, match="can't be asked for what is new"):
        fetch("wikidata", tmp_path, client, TODAY, address=service.address, since=TODAY)


def test_an_answer_of_wikidata_that_broke_off_is_asked_again(
    service: Service, client: Client, waits: list[float], tmp_path: Path
) -> None:
    nothing = b'{"head": {"vars": ["item"]}, "results": {"bindings": []}}'
    service.in_turn(
        lambda asked: asked.give(b'{"head": {"vars": []}, "results": {"bindings": [java.util.TimeoutException'),
        lambda asked: asked.give(nothing),
    )
    fetch("wikidata", tmp_path, client, TODAY, address=service.address)
    assert told(waits) == [2.0]


def iati_page(asked: Asked) -> None:
    start, rows = int(asked.query["start"]), int(asked.query["rows"])
    inside = "".join(f"<iati-activity><n>{n}</n></iati-activity>" for n in range(start, min(start + rows, 700)))
    asked.give(f'<iati-activities version="2.03">{inside}</iati-activities>'.encode())


def test_iati(service: Service, client: Client, waits: list[float], tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="SYMPOLIS_IATI_KEY"):
        fetch("iati", tmp_path, client, TODAY, address=service.address)
    service.in_turn(lambda asked: asked.give(b"<iati-activities><iati-activity>"), iati_page)
    fetched = fetch("iati", tmp_path, client, TODAY, address=service.address, since=date(2026, 1, 2), key="k")
    assert [file.name for file in fetched.files] == ["iati-0001.xml", "iati-0002.xml"]
    assert told(waits) == [2.0]
    assert {asked.headers["Ocp-Apim-Subscription-Key"] for asked in service.asked} == {"k"}
    assert service.asked[-1].query["q"] == (
        "(reporting_org_type:11 OR participating_org_type:11) AND last_updated_datetime:[2026-01-02T00:00:00Z TO *]"
    )
    assert service.asked[-1].query["start"] == "500"


def test_keep(service: Service, client: Client, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="SYMPOLIS_KEEP_KEY"):
        fetch("interreg", tmp_path, client, TODAY, address=service.address)
    service.answer = lambda asked: asked.give(json.dumps({"period": asked.query["period"]}).encode())
    fetched = fetch("interreg", tmp_path, client, TODAY, address=service.address, key="k")
    assert [file.name for file in fetched.files] == [
        "keep-2000-2006.json", "keep-2007-2013.json", "keep-2014-2020.json", "keep-2021-2027.json",
    ]  # fmt: skip
    assert json.loads(fetched.files[3].read_text()) == {"period": "2021-2027"}
    assert service.asked[0].query["key"] == "k"


def test_archives_of_cordis_that_did_not_change_are_carried_over(
    service: Service, client: Client, tmp_path: Path
) -> None:
    service.answer = ranged
    fetched = fetch("cordis", tmp_path, client, TODAY, address=service.address)
    assert [file.name for file in fetched.files] == [
        "cordis-HORIZONprojects-csv.zip", "cordis-fp7projects-csv.zip", "cordis-h2020projects-csv.zip",
    ]  # fmt: skip
    assert urlsplit(service.asked[0].path).path == "/service/cordis-fp7projects-csv.zip"
    service.asked.clear()
    again = fetch("cordis", tmp_path, client, TODAY + timedelta(days=30), address=service.address)
    assert [hashlib.sha256(file.read_bytes()).hexdigest() for file in again.files] == [
        hashlib.sha256(CONTENT).hexdigest()
    ] * 3
    assert [asked.headers["If-None-Match"] for asked in service.asked] == ['"one"'] * 3
    assert [folder.name for folder in (tmp_path / "cordis").iterdir()] == ["fetched-2026-12-26"]  # one is kept


def test_what_people_added_stays(service: Service, client: Client, tmp_path: Path) -> None:
    (tmp_path / "portal" / "fetched-by-hand").mkdir(parents=True)
    (tmp_path / "portal" / "page.json").write_text("{}")
    service.answer = portal_page
    for days in range(33):
        fetch("portal", tmp_path, client, TODAY + timedelta(days=days), address=service.address)
    visits = sorted(one.name for one in (tmp_path / "portal").iterdir())
    assert len(visits) == 32
    assert visits[0] == "fetched-2026-11-29"
    assert visits[-2:] == ["fetched-by-hand", "page.json"]


def test_a_full_disk_is_told_and_the_next_call_goes_on(
    service: Service, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.answer = portal_page
    written: list[int] = []

    def sync(handle: int) -> None:
        written.append(handle)
        if len(written) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", sync)
        with pytest.raises(FetchError, match="can't be written: No space left on device"):
            fetch("portal", tmp_path, client, TODAY, address=service.address)
    service.asked.clear()
    fetch("portal", tmp_path, client, TODAY, address=service.address)
    assert [asked.query["pageNumber"] for asked in service.asked] == ["2", "3"]


def test_nobody_can_be_asked_for_everything(client: Client, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="Nobody can be asked for 'facts'"):
        fetch("facts", tmp_path, client, TODAY)
    assert all(fetcher.ADDRESS.startswith("https://") for fetcher in FETCHERS.values())
