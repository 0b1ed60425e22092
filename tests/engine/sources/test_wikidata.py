"""Twin towns and memberships out of Wikidata."""

import json
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sympolis.engine import sources
from sympolis.engine.model import Organisation, PartialDate, Provenance, Record, Relation
from sympolis.engine.sources import Reject, read_source
from sympolis.engine.sources.wikidata.terms import Term, from_tsv, item, moment, point

SAMPLE = Path(sources.__file__).parent / "wikidata" / "sample"
ITEM = "http://www.wikidata.org/entity/"


def read(*paths: Path) -> tuple[list[Record], list[Reject]]:
    rejects: list[Reject] = []
    return list(read_source("wikidata", paths, rejects)), rejects


def test_a_link_told_from_both_ends_is_one() -> None:
    records, rejects = read(SAMPLE / "twins.json")
    assert records == [
        Organisation(
            id="wikidata:Q900000002",
            name="Vilanova del Port",
            kind="city",
            provenance=Provenance("wikidata", "Q900000002", "https://www.wikidata.org/wiki/Q900000002"),
            names={"ca": "Vilanova del Port", "ar": "فيلانوفا"},
            country="ES",
            latitude=41.2,
            longitude=1.7,
            identifiers=("wikidata:Q900000002", "geonames:90000001"),
        ),
        Organisation(
            id="wikidata:Q900000001",
            name="Portville",
            kind="city",
            provenance=Provenance("wikidata", "Q900000001", "https://www.wikidata.org/wiki/Q900000001"),
            names={"en": "Portville"},
            identifiers=("wikidata:Q900000001",),
        ),
        Relation(
            id="wikidata:Q900000001|twinned_with|Q900000002",
            from_id="wikidata:Q900000001",
            type="twinned_with",
            to_id="wikidata:Q900000002",
            provenance=Provenance(
                "wikidata", "Q900000001|twinned_with|Q900000002", "https://www.wikidata.org/wiki/Q900000001"
            ),
            since=PartialDate.parse("1987-05"),
            until=PartialDate.parse("2019"),
        ),
    ]
    assert rejects == []  # a town without a twin we can name is a town all the same


def test_memberships_in_tsv() -> None:
    records, rejects = read(SAMPLE / "members.tsv")
    assert rejects == []
    _, league, member = records
    assert isinstance(league, Organisation)
    assert (league.name, league.kind, league.names) == (
        "League of Ports",
        "city-network",
        {"fr": 'Ligue des "Ports"', "en": "League of Ports"},
    )
    assert isinstance(member, Relation)
    assert (member.from_id, member.type, member.to_id, member.since) == (
        "wikidata:Q900000001",
        "member_of",
        "wikidata:Q900000009",
        PartialDate.parse("2004"),
    )


def test_bare_pairs_and_names() -> None:
    records, rejects = read(SAMPLE / "relations.tsv", SAMPLE / "names.tsv")
    assert rejects == []
    link, town = records
    assert link.id == "wikidata:Q900000001|twinned_with|Q900000003"
    assert isinstance(town, Organisation)
    assert (town.name, town.names) == ("Hafenstadt", {"de": "Hafenstadt"})


def test_names_as_fetch_asks_for_them_come_with_country_point_and_number(tmp_path: Path) -> None:
    row = {
        "item": {"type": "uri", "value": f"{ITEM}Q5"},
        "label": {"type": "literal", "xml:lang": "fr", "value": "Cinq"},
        "itemCountry": {"type": "literal", "value": "FR"},
        "itemCoord": {"type": "literal", "value": "Point(3.5 43.25)"},
        "itemGeonames": {"type": "literal", "value": "77"},
    }
    (tmp_path / "n.json").write_text(json.dumps({"head": {"vars": ["item"]}, "results": {"bindings": [row]}}))
    [town], rejects = read(tmp_path)
    assert rejects == []
    assert isinstance(town, Organisation)
    assert (town.names, town.country, town.latitude, town.longitude, town.identifiers) == (
        {"fr": "Cinq"}, "FR", 43.25, 3.5, ("wikidata:Q5", "geonames:77"),
    )  # fmt: skip


def test_the_simpler_json_of_the_query_page_and_a_property_in_a_column(tmp_path: Path) -> None:
    rows = [
        {"item": f"{ITEM}Q5", "itemLabel": "Five", "p": "http://www.wikidata.org/prop/direct/P463", "to": f"{ITEM}Q7"},
        {"item": f"{ITEM}Q5", "itemLabel": "V", "p": "http://www.wikidata.org/prop/direct/P31", "to": f"{ITEM}Q7"},
    ]
    (tmp_path / "query.json").write_text(json.dumps(rows))
    [town, link], rejects = read(tmp_path)
    assert isinstance(town, Organisation)
    assert (town.name, town.names, town.aliases) == ("Five", {}, ("V",))
    assert link.id == "wikidata:Q5|member_of|Q7"  # Q7 has no name: no record of it
    assert rejects == [Reject("query.json", 2, "This row doesn't say which two items are linked, or how.")]


@pytest.mark.parametrize(
    ("line", "number", "reason"),
    [
        ("<http://example.org/x>\t\t", 2, "This row names no item of Wikidata."),
        (f"<{ITEM}Q1>\t<{ITEM}Q1>\t", 2, "This row doesn't say which two items are linked, or how."),
        (f"<{ITEM}Q1>\t<{ITEM}Q2>", 2, "The line has 2 cells, the header 3."),
        (f'<{ITEM}Q1>\t<{ITEM}Q2>\t"soon"', 2, "since was left out: 'soon' is no date."),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(tmp_path: Path, line: str, number: int, reason: str) -> None:
    (tmp_path / "twins.tsv").write_text(f"?from\t?twin\t?since\n{line}\n")
    _, rejects = read(tmp_path)
    assert rejects == [Reject("twins.tsv", number, reason)]


def test_an_answer_cut_off_keeps_what_was_whole(tmp_path: Path) -> None:
    whole = (SAMPLE / "twins.json").read_text()
    (tmp_path / "twins.json").write_text(whole[: whole.rindex('"until"')])
    records, rejects = read(tmp_path)
    assert [type(record).__name__ for record in records] == ["Organisation", "Organisation", "Relation"]
    assert rejects == [
        Reject("twins.json", 2, "The file breaks off or is damaged after 1 objects: the list is not closed")
    ]


def test_noise_is_not_taken_and_rejected_where_it_is_read(tmp_path: Path) -> None:
    noise = random.Random(5).randbytes(10 << 20)
    for name in ("noise.json", "noise.tsv"):
        (tmp_path / name).write_bytes(noise)
        rejects: list[Reject] = []
        assert list(sources.wikidata.read(tmp_path / name, rejects)) == []
        assert {reject.file for reject in rejects} == {name}
    assert sources.wikidata.files(tmp_path) == []


def test_terms() -> None:
    assert from_tsv('"a\\tb\\"\\u00e9\\\\"@pt-br') == Term('a\tb"é\\', "pt-br")
    assert [from_tsv(cell) for cell in ("", "_:b1", "Q1")] == [None, None, Term("Q1")]
    assert [item(Term(text)) for text in ("Q12", f"{ITEM}Q3", "Q0", "P1", "http://evil/Q3")] == [
        "Q12",
        "Q3",
        "",
        "",
        "",
    ]
    assert [point(Term(text)) for text in ("Point(2.17 41.38)", "Point(200 1)", "41,2", "Point(--1 2)")] == [
        (41.38, 2.17), None, None, None,
    ]  # fmt: skip
    times = [("1987-05-03T00:00:00Z", "11"), ("1987-05-03T00:00:00Z", "9"), ("1987-01-01T00:00:00Z", ""),
             ("1987-01-01T00:00:00Z", "11"), ("1900-01-01T00:00:00Z", "7"), ("1987-00-00T00:00:00Z", "")]  # fmt: skip
    assert [str(moment(Term(text), Term(how) if how else None)) for text, how in times] == [
        "1987-05-03", "1987", "1987", "1987-01-01", "", "1987",
    ]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["item", "from", "twin", "network", "to", "p", "since", "until", "itemLabel", "fromCoord"]),
            st.sampled_from([f"{ITEM}Q1", f"{ITEM}Q2", "P190", "2020-99-01T", "Point(1 2)"]) | st.text(max_size=12)
            | st.dictionaries(st.sampled_from(["value", "type", "xml:lang"]), st.text(max_size=9) | st.integers()),
        )
    ),
    st.binary(max_size=200),
)  # fmt: skip
def test_anything_is_read_or_rejected(tmp_path: Path, rows: list[dict[str, object]], noise: bytes) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"head": {"vars": ["item"]}, "results": {"bindings": rows}}))
    (tmp_path / "b.tsv").write_bytes(b"?item\t?twin\n" + noise)
    for name in ("a.json", "b.tsv"):
        for record in sources.wikidata.read(tmp_path / name, []):
            assert record.id.startswith("wikidata:Q")


def test_the_real_links_and_names_come_in_whole(shared: Path) -> None:
    records, rejects = read(shared / "twins")
    assert rejects == []
    assert Counter(type(record).__name__ for record in records) == {"Relation": 16126, "Organisation": 10055}
    pairs = [line.split() for line in (shared / "twins" / "relations.tsv").read_text().splitlines()]
    assert {frozenset((one.from_id, one.to_id)) for one in records if isinstance(one, Relation)} == {
        frozenset((f"wikidata:{left}", f"wikidata:{right}")) for left, right in pairs
    }
