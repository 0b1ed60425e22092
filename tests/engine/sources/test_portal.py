"""Pages of the funding portal."""

import gzip
import json
import random
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sympolis.engine import sources
from sympolis.engine.errors import SourceError
from sympolis.engine.model import Call, PartialDate, Provenance, Record
from sympolis.engine.sources import Reject, portal, read_source
from sympolis.engine.sources.plain_text import plain_text

SAMPLE = Path(sources.__file__).parent / "portal" / "sample"
MORE = Path(__file__).parent / "samples" / "portal"


def test_the_sample_is_read_field_by_field() -> None:
    rejects: list[Reject] = []
    [call] = read_source("portal", [SAMPLE / "page.json"], rejects)
    assert isinstance(call, Call)
    assert call.id == "portal:SEA-2027-WATER-01"
    assert call.title == {"en": "Cities’ water, used twice"}
    assert call.summary == {"en": "Objective: Reuse of water in cities & towns. Scope: Parks.\none\ntwo"}
    assert call.conditions == {
        "en": "Conditions1. Eligible countriesThe call is open to applicants established in Member States’ cities.\n"
        "2. Consortium: at least 3 applicants."
    }
    assert (call.programme, call.action_type) == ("LIFE", "LIFE Project Grants")
    assert call.status == "forthcoming"
    assert call.opens == PartialDate.parse("2027-01-10")
    assert call.deadlines == (date(2027, 3, 18), date(2027, 9, 16))
    assert call.closes == PartialDate.parse("2027-09-16")
    assert call.max_grant_eur == Decimal(2_500_000)
    assert call.eligible_countries == ()
    assert call.provenance.source_url == "https://example.org/topic/sea-2027-water-01"
    assert (call.cofinancing_rate, call.provenance.retrieved_at) == (None, None)
    assert rejects == [Reject("page.json", 2, "This result has no usable identifier or title")]


def test_a_closed_call_in_two_stages_with_a_share_of_cofinancing() -> None:
    [closed] = read_source("portal", [MORE / "closed.json"])
    assert isinstance(closed, Call)
    assert (closed.status, closed.programme, closed.cofinancing_rate) == ("closed", "Creative Europe", Decimal("0.6"))
    assert closed.deadlines == (date(2026, 5, 1),)  # nobody enters at the second stage
    assert closed.closes == PartialDate.parse("2026-05-01")
    assert closed.provenance.retrieved_at == date(2026, 2, 3)


def test_a_list_with_a_call_on_each_line_is_read_like_a_page() -> None:
    rejects: list[Reject] = []
    [call] = read_source("portal", [MORE / "calls_2026-08.jsonl"], rejects)
    assert call == Call(
        id="portal:SEA-2026-BUS-03",
        title={"en": "Night buses"},
        provenance=Provenance(
            "portal", "SEA-2026-BUS-03", "https://example.org/topic/sea-2026-bus-03", date(2026, 8, 1)
        ),
        programme="LIFE",
        summary={"en": "Buses at night, cities’ own."},
        closes=PartialDate.parse("2026-09-17"),
        max_grant_eur=Decimal(750_000),
        status="open",
        deadlines=(date(2026, 9, 17),),
        action_type="LIFE Project Grants",
    )
    assert rejects == [Reject("calls_2026-08.jsonl", 2, "This line has no usable identifier or title")]


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("page.json", date(2026, 2, 3)),
        ("portal-2026-05-04-open-0001.json", date(2026, 5, 4)),
        ("pages_2026-05.json", date(2026, 5, 1)),
        ("page-2026-13-40.json", date(2026, 2, 3)),
        ("fetched-2026-06-07/portal-open-0001.json", date(2026, 6, 7)),
    ],
)
def test_when_a_page_was_seen_stands_in_its_name_or_else_in_the_result(tmp_path: Path, name: str, seen: date) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes((MORE / "closed.json").read_bytes())
    told = {
        call.id: call.provenance.retrieved_at for call in read_source("portal", [tmp_path]) if isinstance(call, Call)
    }
    assert told["portal:SEA-2026-QUAY-02"] == seen


@pytest.mark.parametrize(
    ("written", "share"), [("80 %", "0.8"), ("0.75", "0.75"), ("60", "0.6"), ("0", None), ("101", None), ("most", None)]
)
def test_shares_of_cofinancing(tmp_path: Path, written: str, share: str | None) -> None:
    metadata = {"identifier": ["A"], "title": ["B"], "cofinancing": [written]}
    (tmp_path / "page.json").write_text(json.dumps({"results": [{"metadata": metadata}]}))
    [call] = read_source("portal", [tmp_path])
    assert isinstance(call, Call)
    assert call.cofinancing_rate == (Decimal(share) if share else None)


def test_what_only_a_patient_reader_takes_is_read_too(tmp_path: Path) -> None:
    page = json.loads((SAMPLE / "page.json").read_text("utf-8"))
    page["results"][0]["metadata"]["title"] = ["Half a pair \ud800 and no more"]
    for name, begins in (("marked.json", b"\xef\xbb\xbf"), ("plain.json", b"")):
        (tmp_path / name).write_bytes(begins + json.dumps(page).encode())
        [call] = read_source("portal", [tmp_path / name])
        assert isinstance(call, Call)
        assert call.title == {"en": "Half a pair and no more"}


def test_a_page_cut_off_is_rejected_by_name_and_the_others_come_in(tmp_path: Path) -> None:
    whole = (SAMPLE / "page.json").read_bytes()
    (tmp_path / "a.json").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "b.json.gz").write_bytes(gzip.compress(whole))
    (tmp_path / "c.json.gz").write_bytes(gzip.compress(whole)[:-200])
    (tmp_path / "d.jsonl.gz").write_bytes(gzip.compress((MORE / "calls_2026-08.jsonl").read_bytes())[:-30])
    rejects: list[Reject] = []
    calls = [call.id for call in read_source("portal", [tmp_path], rejects)]
    assert calls == ["portal:SEA-2027-WATER-01"]
    assert [reject.file for reject in rejects if reject.line == 0] == ["a.json", "c.json.gz", "d.jsonl.gz"]


def test_what_is_no_page_is_not_taken_and_rejected_by_name_where_it_is_read(tmp_path: Path) -> None:
    noise = random.Random(3).randbytes(10 << 20)
    for name, content in {
        "a.json": b'{"hello": 1}', "b.json": b"\xff\xfe\x00noise", "c.json.gz": noise, "d.json": b"[1]",
        "e.jsonl": noise,
    }.items():  # fmt: skip
        (tmp_path / name).write_bytes(content)
    assert portal.files(tmp_path) == []
    for file in sorted(tmp_path.iterdir()):
        rejects: list[Reject] = []
        assert list(portal.read(file, rejects)) == []
        assert {reject.file for reject in rejects} == {file.name}


def bare(record: Record) -> tuple[object, ...]:
    """What is said of a call, without where it was read."""
    assert isinstance(record, Call)
    return record.title, record.programme, record.status, record.deadlines, record.max_grant_eur, record.summary


def test_the_real_pages_come_in_whole_and_without_artefacts(shared: Path) -> None:
    rejects: list[Reject] = []
    calls = list(read_source("portal", [shared / "calls"], rejects))
    assert rejects == []
    assert (len(calls), len({call.id for call in calls})) == (1258, 629)  # each on a page and in the list
    listed = {call.id: call for call in calls[:629]}
    assert {call.provenance.retrieved_at for call in listed.values()} == {date(2026, 8, 1)}
    assert [call.id for call in calls[629:] if bare(call) != bare(listed[call.id])] == []
    said = [text for call in calls if isinstance(call, Call) for text in (*call.title.values(), *call.summary.values())]
    assert [text for text in said if "â€" in text or "Ã" in text or "Â" in text or "\ufeff" in text] == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["results", "metadata", "identifier", "title", "deadlineDate", "budgetOverview"]), inner
            )
        ),
    )
)
def test_any_json_is_read_or_rejected(tmp_path_factory: pytest.TempPathFactory, content: object) -> None:
    file = tmp_path_factory.mktemp("page") / "wild.json"
    file.write_text(json.dumps(content))
    for call in portal.read(file, []):
        assert call.id.startswith("portal:")


PIECES = ("<p>", "</p>", '<li class="x">', "<br/>", "<b>", "</b>", "a. B", "c", "&amp;lt;", "&eacute", "\r\n", "\u00a0")


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_tags_that_only_need_to_go_are_taken_out_as_a_parser_would(html: str) -> None:
    """A tag that is none of these makes a parser read it all."""
    assert plain_text(html) == plain_text(f"{html}<font></font>")


@given(st.text())
def test_plain_text_holds_no_tag_and_no_control_character(html: str) -> None:
    text = plain_text(html)
    assert not any(ord(letter) < 32 and letter != "\n" for letter in text)
    assert plain_text(f"<script>{html}</script>ok<b>").endswith("ok")


def test_unknown_sources_and_paths_are_refused() -> None:
    with pytest.raises(SourceError, match="facts, portal"):
        read_source("moon", [])
    with pytest.raises(SourceError, match="nothing at"):
        read_source("portal", [Path("/does/not/exist")])
