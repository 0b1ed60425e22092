"""Each kind of rule: what breaks it and what does not, the line, and what has no business of rules."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sympolis.engine.iati import check_file, open_standard
from sympolis.engine.iati.standard import StandardMissing
from tests.engine.iati.standard import rule, small_standard

TODAY = date(2026, 11, 27)
EVERY = "/iati-activities/iati-activity"


def broken(folder: Path, inside: str, kind: str, context: str = EVERY, **case: Any) -> list[int]:
    """The lines where one rule is broken by an activity; what the schema says of it does not matter here."""
    told = {"cases": [case if kind == "loop" else rule("9", **case)]}
    standard = open_standard(small_standard(folder / "standard", {context: {kind: told}}))
    file = folder / "file.xml"
    file.write_text(f'<iati-activities version="2.03">\n<iati-activity>\n{inside}\n</iati-activity></iati-activities>')
    return [one.line for one in check_file(file, standard, TODAY).problems if one.rule == "9"]


A, B = '<a x="1"/>', '<b x="2"/>'
SHARES = '<s v="1" p="{}"/>\n<s v="1" p="{}"/>'
DATES = '<d t="1" on="{}"/>\n<d t="2" on="{}"/>'
START_END = {"start": "d[@t='1']/@on", "end": "d[@t='2']/@on"}
ORDER = {"less": "d[@t='1']/@on", "more": "d[@t='2']/@on"}


@pytest.mark.parametrize(
    ("kind", "inside", "case", "lines"),
    [
        ("no_more_than_one", f"{A}\n{A}", {"paths": ["a"]}, [4]),
        ("no_more_than_one", A, {"paths": ["a"]}, []),
        ("atleast_one", B, {"paths": ["a", "c"]}, [2]),
        ("atleast_one", A, {"paths": ["a", "c"]}, []),
        ("atleast_one", B, {"paths": ["a"], "condition": "c"}, []),
        ("atleast_one", B, {"paths": ["a"], "condition": "count(b) > 0"}, [2]),
        ("atleast_one", B, {"paths": ["a"], "condition": "count(c) > 0"}, []),
        ("only_one_of", A + B, {"excluded": ["a"], "paths": ["b"]}, [2]),
        ("only_one_of", A, {"excluded": ["a"], "paths": ["b"]}, []),
        ("only_one_of", B + B, {"excluded": ["a"], "paths": ["b"]}, [2]),
        ("one_or_all", "<narrative/>", {"one": "@xml:lang", "all": "lang"}, [3]),
        ("one_or_all", '<narrative xml:lang="en"/>', {"one": "@xml:lang", "all": "lang"}, []),
        ("one_or_all", "<transaction/>\n<transaction><sector/></transaction>", {"one": "sector", "all": "sector"}, [3]),
        ("one_or_all", '<value/>\n<value currency="EUR"/>', {"one": "@default-currency", "all": "currency"}, [3]),
        ("dependent", A, {"paths": ["a", "b"]}, [2]),
        ("dependent", A + B, {"paths": ["a", "b"]}, []),
        ("sum", "", {"paths": ["s/@p"], "sum": 100}, []),
        ("sum", SHARES.format(40, 50), {"paths": ["s/@p"], "sum": 100}, [3]),
        ("strict_sum", SHARES.format(33.3333, 66.6667), {"paths": ["s/@p"], "sum": 100}, []),
        ("strict_sum", SHARES.format("x", 100), {"paths": ["s/@p"], "sum": 100}, [3]),
        ("strict_sum", "", {"paths": ["s/@p"], "sum": 100}, [2]),
        ("range", SHARES.format(0, 100.5), {"paths": ["s/@p"], "min": 0.0, "max": 100.0}, [4]),
        ("range", SHARES.format("a", -1), {"paths": ["s/@p"], "min": 0.0, "max": 100.0}, [3, 4]),
        ("date_order", DATES.format("2026-01-02", "2026-01-01"), ORDER, [3]),
        ("date_order", DATES.format("2026-01-01", "2026-01-01"), ORDER, []),
        ("date_order", DATES.format("soon", "2026-01-01"), ORDER, []),
        ("date_order", DATES.format("2026-11-28", ""), {**ORDER, "more": "NOW"}, [3]),
        ("date_order", DATES.format("2026-11-27", ""), {**ORDER, "more": "NOW"}, []),
        ("date_now", DATES.format("2026-11-28T00:00:00Z", ""), {"date": "d/@on"}, [3]),
        ("date_now", DATES.format("2026-11-27T23:00:00+00:00", ""), {"date": "d/@on"}, []),
        ("time_limit", DATES.format("2025-01-01", "2026-01-01"), START_END, []),
        ("time_limit", DATES.format("2025-01-01", "2026-01-02"), START_END, [4]),
        ("time_limit", DATES.format("2024-01-01Z", "2024-12-31+01:00"), START_END, []),
        ("between_dates", DATES.format("2026-01-01", "2026-02-01"), {**START_END, "date": "d[2]/@on"}, []),
        (
            "between_dates",
            DATES.format("2026-01-01", "2026-02-01") + '\n<v on="2026-03-01"/>',
            {**START_END, "date": "v/@on"},
            [5],
        ),
        ("regex_matches", "<a>x/y</a>\n<a/>", {"paths": ["a"], "regex": "^[^/]+$"}, [3]),
        ("regex_no_matches", "<a>x/y</a>\n<a>z</a>", {"paths": ["a"], "regex": "z"}, [4]),
        ("startswith", '<a x="GB-1"/>\n<b>GB-1-2</b>', {"prefix": ["a/@x"], "separator": "-", "paths": ["b"]}, []),
        ("startswith", '<a x="GB-1"/>\n<b>GB-12</b>', {"prefix": ["a/@x"], "separator": "-", "paths": ["b"]}, [4]),
        ("unique", "<a>1</a>\n<b>1</b>", {"paths": ["a", "b"]}, [4]),
        ("unique", "<a>1</a>\n<b>2</b>", {"paths": ["a", "b"]}, []),
        ("if_then", A, {"if": "a", "then": "count(b) > 0", "paths": ["a"]}, [3]),
        ("if_then", A, {"if": "a", "then": "b"}, []),
        ("if_then", B, {"if": "count(a[@x='1']) > 0", "then": "not(b)"}, []),
        ("if_then", A + B, {"if": "count(a[@x='1']) + count(a) > 0 or b", "then": "not(b)"}, [2]),
        ("evaluates_to_true", A, {"eval": "count(a) = 2"}, [2]),
        ("no_spaces", "<a> 1</a>\n<a>1</a>", {"paths": ["a"]}, [3]),
        ("no_percent", '<s p="5%"/>\n<s p="5"/>', {"paths": ["s/@p"]}, [3]),
    ],
)
def test_each_kind_of_rule(kind: str, inside: str, case: dict[str, Any], lines: list[int], tmp_path: Path) -> None:
    assert broken(tmp_path, inside, kind, **case) == lines


def test_a_loop_asks_for_each_value_once(tmp_path: Path) -> None:
    sum_of = rule("9", condition="count(s[@v = '$1']) > 1", paths=["s[@v = '$1']/@p"], sum=100)
    loop = {"foreach": "s/@v", "do": {"strict_sum": {"cases": [sum_of]}}, "subs": ["condition", "paths"]}
    shares = '<s v="1" p="60"/>\n<s v="1" p="60"/>\n<s v="2" p="9"/>\n<s v="3" p="50"/>\n<s v="3" p="50"/>'
    assert broken(tmp_path, shares, "loop", **loop) == [3]
    assert broken(tmp_path, shares.replace('v="3"', 'v="it\'s"'), "loop", **loop) == [3]


@pytest.mark.parametrize(
    ("context", "lines"),
    [
        (f"{EVERY}/t", [3, 5]),
        (f"{EVERY}/t/u | {EVERY}/w", [4, 6]),
        (f"{EVERY}/t[@m='1']", [3]),
        ("//u", [4]),
        ("//iati-activity/w", [6]),
        ("/iati-organisations/iati-organisation/t", []),
    ],
)
def test_contexts(context: str, lines: list[int], tmp_path: Path) -> None:
    inside = '<t m="1">\n<u/></t>\n<t/>\n<w/>'
    assert broken(tmp_path, inside, "atleast_one", context, paths=["zzz"]) == lines


@pytest.mark.parametrize("paths", [["a["], ["count("]])
def test_a_ruleset_that_is_none_is_refused_with_a_remedy(paths: list[str], tmp_path: Path) -> None:
    with pytest.raises(StandardMissing, match="no XPath"):
        broken(tmp_path, A, "atleast_one", paths=paths)


def test_a_rule_that_is_critical_makes_a_file_invalid(tmp_path: Path) -> None:
    rules = {EVERY: {"atleast_one": {"cases": [rule("9", "critical", paths=["zzz"])]}}}
    standard = open_standard(small_standard(tmp_path / "standard", rules))
    file = tmp_path / "file.xml"
    file.write_text(
        '<iati-activities version="2.03"><iati-activity><iati-identifier>a</iati-identifier>'
        "<title><narrative>a</narrative></title></iati-activity></iati-activities>"
    )
    assert [(str(one.severity), one.rule) for one in check_file(file, standard, TODAY).problems] == [("critical", "9")]
    assert not check_file(file, standard, TODAY).valid
