"""Pages of the funding portal."""

import gzip
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sympolis.engine import sources
from sympolis.engine.errors import SourceError
from sympolis.engine.model import Call, PartialDate
from sympolis.engine.sources import Reject, read_source
from sympolis.engine.sources.portal.read import plain_text

SAMPLE = Path(sources.__file__).parent / "portal" / "sample"


def test_the_sample_is_read_field_by_field() -> None:
    rejects: list[Reject] = []
    [call] = read_source("portal", [SAMPLE], rejects)
    assert isinstance(call, Call)
    assert call.id == "portal:SEA-2027-WATER-01"
    assert call.title == {"en": "Cities’ water, used twice"}
    assert call.summary == {"en": "Objective: Reuse of water in cities & towns. Scope: Parks.\none\ntwo"}
    assert call.programme == "LIFE"
    assert call.status == "forthcoming"
    assert call.opens == PartialDate.parse("2027-01-10")
    assert call.deadlines == (date(2027, 3, 18), date(2027, 9, 16))
    assert call.closes == PartialDate.parse("2027-09-16")
    assert call.max_grant_eur == Decimal(2_500_000)
    assert call.eligible_countries == ()
    assert call.provenance.source_url == "https://example.org/topic/sea-2027-water-01"
    assert rejects == [Reject("page.json", 2, "This result has no usable identifier or title")]


def test_a_page_cut_off_is_rejected_by_name_and_the_others_come_in(tmp_path: Path) -> None:
    whole = (SAMPLE / "page.json").read_bytes()
    (tmp_path / "a.json").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "b.json.gz").write_bytes(gzip.compress(whole))
    (tmp_path / "c.json.gz").write_bytes(gzip.compress(whole)[:-200])
    (tmp_path / "d.json").write_text('{"hello": 1}')
    (tmp_path / "e.json").write_bytes(b"\xff\xfe\x00noise")
    rejects: list[Reject] = []
    assert [call.id for call in read_source("portal", [tmp_path], rejects)] == ["portal:SEA-2027-WATER-01"]
    assert [reject.file for reject in rejects if reject.line == 0] == ["a.json", "c.json.gz", "d.json", "e.json"]


def test_the_real_pages_come_in_whole_and_without_artefacts(shared: Path) -> None:
    rejects: list[Reject] = []
    calls = list(read_source("portal", [shared / "calls"], rejects))
    assert rejects == []
    assert len({call.id for call in calls}) == 629
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
    for call in read_source("portal", [file]):
        assert call.id.startswith("portal:")


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
