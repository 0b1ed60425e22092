"""Exports of participation."""

import json
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sympolis.engine import sources
from sympolis.engine.model import Contribution, Event, PartialDate, PlanAction, Record
from sympolis.engine.sources import Reject, find_source, read_source

SAMPLE = Path(sources.__file__).parent / "decidim" / "sample"


def read(path: Path) -> tuple[list[Record], list[Reject]]:
    rejects: list[Reject] = []
    return list(read_source("decidim", [path], rejects)), rejects


def test_proposals_are_contributions_by_language() -> None:
    records, rejects = read(SAMPLE / "proposals.csv")
    fountains, lanes = records
    assert isinstance(fountains, Contribution)
    assert fountains.id == "decidim:VIL-PROP-2026-01-11"
    assert fountains.title == {"ca": "Més fonts", "es": "Más fuentes"}
    assert fountains.text == {
        "ca": "Una font a cada plaça.\nAmb ombra\nAmb bancs & arbres",
        "es": "Una fuente en cada plaza.",
    }
    assert (fountains.supports, fountains.comments, fountains.status) == (1250, 4, "accepted")
    assert (fountains.category, fountains.process) == ("Aigua", "pla-2030")
    assert fountains.made == PartialDate.parse("2026-01-15")
    assert fountains.provenance.source_url.endswith("/proposals/11")
    assert isinstance(lanes, Contribution)
    assert lanes.id == "decidim:participa.example.org/proposal/12"
    assert (lanes.supports, lanes.comments, lanes.category) == (None, None, "Port")
    assert lanes.made == PartialDate.parse("2026-01-15")
    assert [(reject.line, reject.reason) for reject in rejects] == [
        (3, "comments: 'molts' is no number."),
        (4, "This stands twice in this file: the first one counts."),
        (5, "This row has no title."),
    ]


def test_meetings_are_events_and_results_are_actions() -> None:
    records, rejects = read(SAMPLE / "meetings.json")
    walk, undated = records
    assert isinstance(walk, Event)
    assert (walk.id, walk.title) == ("decidim:VIL-MEET-2026-02-5", {"ca": "Passejada pel barri"})
    assert (walk.starts, walk.ends) == (PartialDate.parse("2026-02-03"), PartialDate.parse("2026-02-03"))
    assert (walk.place, walk.topic) == ("Carrer de l'Ombra, 1", "Aigua")
    assert undated.id == "decidim:participa.example.org/meeting/6"
    assert rejects == [Reject("meetings.json", 2, "start: 'aviat' is no date.")]
    [action], none = read(SAMPLE / "results.csv")
    assert isinstance(action, PlanAction)
    assert (action.id, action.title) == ("decidim:VIL-RESU-2026-03-9", {"ca": "Plantar cent arbres"})
    assert (action.text, none) == ({"ca": "Al llarg de la rambla."}, [])


def test_a_zip_is_read_member_by_member(tmp_path: Path) -> None:
    packed = tmp_path / "open-data.zip"
    with zipfile.ZipFile(packed, "w") as out:
        for file in sorted(SAMPLE.iterdir()):
            out.write(file, f"site/{file.name}")
        out.writestr("README.md", "hello")
        out.writestr("users.csv", "id;nickname;name\n1;x;y\n")
    records, rejects = read(packed)
    assert Counter(type(one) for one in records) == {Contribution: 2, Event: 2, PlanAction: 1}
    assert {reject.file for reject in rejects} == {
        "open-data.zip/site/meetings.json", "open-data.zip/site/proposals.csv",
    }  # fmt: skip
    assert find_source("decidim").files(tmp_path) == [packed]


def test_broken_files_are_rejected_by_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "whole.zip", "w") as out:
        out.write(SAMPLE / "proposals.csv", "proposals.csv")
    (tmp_path / "cut.zip").write_bytes((tmp_path / "whole.zip").read_bytes()[:300])
    (tmp_path / "cut.json").write_bytes((SAMPLE / "meetings.json").read_bytes()[:300])
    (tmp_path / "comments.csv").write_text("id;body;title;commentable_id;comments\n1;b;t;3;0\n")
    (tmp_path / "noise.csv").write_bytes(bytes(range(256)) * 10)
    for name in ("cut.zip", "cut.json", "comments.csv", "noise.csv"):
        rejects: list[Reject] = []
        assert list(find_source("decidim").read(tmp_path / name, rejects)) == []
        assert [(one.file, one.line) for one in rejects] == [(name, 0)]
    claimed = [file.name for file in find_source("decidim").files(tmp_path)]
    assert claimed == ["cut.json", "cut.zip", "noise.csv", "whole.zip"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_the_letters_of_an_export_are_made_out(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "proposals.csv").write_bytes((SAMPLE / "proposals.csv").read_text("utf-8").encode(encoding))
    assert read(tmp_path / "proposals.csv")[0] == read(SAMPLE / "proposals.csv")[0]


def test_only_exports_are_claimed(shared: Path) -> None:
    claimed = {file.relative_to(shared).as_posix() for file in find_source("decidim").files(shared)}
    assert claimed == {"madrid/data_raw_data_proposals.csv", "pam2016/actions.csv", "pam2016/meetings.csv"}


def test_the_real_exports_are_read_whole(shared: Path) -> None:
    records, rejects = read(shared / "pam2016")
    assert Counter(type(one) for one in records) == {PlanAction: 733, Event: 410}
    proposals, others = read(shared / "madrid")
    assert Counter(type(one) for one in proposals) == {Contribution: 80}
    assert rejects == others == []
    assert len({one.id for one in (*records, *proposals)}) == 733 + 410 + 80
    assert {code for one in proposals if isinstance(one, Contribution) for code in one.title} == {"es"}
    assert {code for one in records if isinstance(one, PlanAction) for code in one.title} == {"ca"}
    assert sum(one.comments or 0 for one in proposals if isinstance(one, Contribution)) == 5926
    first = proposals[0]
    assert isinstance(first, Contribution)
    assert (first.id, first.supports, first.comments) == ("decidim:MAD-2015-09-7", 6560, 188)


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["id", "title", "body", "votes", "published_at", "url", "participatory_space", "category"]),
            st.recursive(
                st.none() | st.integers() | st.floats() | st.text(max_size=8),
                lambda inner: (
                    st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["ca", "name", "url"]), inner)
                ),
                max_leaves=6,
            ),
        ),
        max_size=4,
    )
)
def test_any_json_is_read_or_rejected(tmp_path_factory: pytest.TempPathFactory, content: object) -> None:
    file = tmp_path_factory.mktemp("wild") / "wild.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    records, _rejects = read(file)
    assert len({one.id for one in records}) == len(records)


@given(st.binary(max_size=300), st.sampled_from([".csv", ".json", ".zip"]))
def test_noise_never_raises(tmp_path_factory: pytest.TempPathFactory, noise: bytes, suffix: str) -> None:
    file = tmp_path_factory.mktemp("noise") / f"noise{suffix}"
    file.write_bytes((b"id;title/ca;votes;body/ca;url\n" if suffix == ".csv" else b"") + noise)
    read(file)
