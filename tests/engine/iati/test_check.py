"""Checking IATI files: the verdict, the lines, what is refused, and that pieces are judged as the whole would be."""

from __future__ import annotations

import os
import resource
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from sympolis.engine.iati import Checked, Standard, check_file, open_standard
from sympolis.engine.iati.check import Unreadable
from sympolis.engine.iati.problems import KEPT
from tests.engine.iati.standard import REASON, SHARED, small_standard

TODAY = date(2026, 11, 27)
GOOD = """<iati-activity xml:lang="en">
<iati-identifier>XX-1-1</iati-identifier>
<title><narrative>Water</narrative></title>
<activity-date type="1" iso-date="2026-01-01"/>
<sector code="14010"/>
</iati-activity>"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Standard:
    return open_standard(small_standard(tmp_path_factory.mktemp("standard")))


def file_of(*activities: str, version: str = "2.03", more: str = "", before: str = "") -> bytes:
    body = "\n".join(activities)
    start = f'<?xml version="1.0"?>\n{before}<iati-activities version="{version}"{more}>'
    return f"{start}\n{body}\n</iati-activities>".encode()


def checked(content: bytes, standard: Standard, folder: Path) -> Checked:
    file = folder / "file.xml"
    file.write_bytes(content)
    return check_file(file, standard, TODAY)


def told(found: Checked) -> list[tuple[str, str, int]]:
    return [(str(one.severity), one.rule, one.line) for one in found.problems]


def test_what_is_right_has_no_problems(small: Standard, tmp_path: Path) -> None:
    assert checked(file_of(GOOD), small, tmp_path) == Checked(tmp_path / "file.xml", True, ())


def test_schema_rules_and_codes_are_told_with_line_and_remedy(small: Standard, tmp_path: Path) -> None:
    late = GOOD.replace('<sector code="14010"/>', '<activity-date type="3" iso-date="2025-01-01"/>\n<sector code="9"/>')
    found = checked(
        file_of(
            GOOD.replace("XX-1-1", " XX-1-2"),
            late,
            GOOD.replace("<title>", "<titel>", 1).replace("</title>", "</titel>"),
        ),
        small,
        tmp_path,
    )
    assert told(found) == [
        ("warning", "1.3.1", 4),
        ("error", "11.1.2", 12),
        ("error", "codelist-Sector", 14),
        ("error", "1.1.2", 16),
        ("critical", "0.3.1", 18),
    ]
    assert not found.valid
    assert [one.message for one in found.problems[1:]] == [
        "Rule 11.1.2. “2026-01-01” is later than “2025-01-01”. Mend the date that is wrong.",
        "“9” (code) is not in the code list Sector. Write a code of that list.",
        "The identifier “XX-1-1” stands in this file already. Give each activity its own.",
        "Element 'titel': This element is not expected. Expected is ( title ). "
        "Write the elements that the standard asks for, in its order, and no others.",
    ]


def test_rules_and_codes_alone_leave_a_file_valid(small: Standard, tmp_path: Path) -> None:
    found = checked(
        file_of(GOOD.replace('type="1"', 'type="9"').replace("<narrative>Water", "<narrative>")), small, tmp_path
    )
    assert found.valid
    assert told(found) == [("error", "6.11.1", 3), ("error", "4.3.1", 5), ("error", "codelist-DateType", 6)]


@pytest.mark.parametrize(
    ("version", "valid", "rule"),
    [
        ("1.05", False, "0.6.1"),
        ("2.04", False, "0.6.1"),
        ("", False, "0.6.1"),
        ("2.02", True, "0.6.1"),
        ("xx", True, "0.6.1"),
    ],
)
def test_only_versions_2_0x_are_supported(
    version: str, valid: bool, rule: str, small: Standard, tmp_path: Path
) -> None:
    found = checked(file_of(GOOD, version=version), small, tmp_path)
    assert (found.valid, [one.rule for one in found.problems]) == (valid, [rule])


def test_no_version_is_no_supported_one(small: Standard, tmp_path: Path) -> None:
    found = checked(file_of(GOOD).replace(b' version="2.03"', b""), small, tmp_path)
    assert told(found) == [("critical", "0.6.1", 2)]


@pytest.mark.parametrize(
    ("content", "rule", "line"),
    [
        (b"", "0.1.1", 1),
        (b"PK\x03\x04 no XML at all", "0.1.1", 1),
        (b"<html>\n<body/></html>", "0.2.1", 1),
        (b'<iati-activities xmlns="urn:x" version="2.03"/>', "0.2.1", 1),
        (b'<iati-activities version="2.03"/>', "0.3.1", 1),
        (b'<iati-activities version="2.03">\n<iati-activity>\n<title></iati-activity>', "0.1.1", 3),
    ],
)
def test_what_is_no_iati_file_is_said_to_be_none(
    content: bytes, rule: str, line: int, small: Standard, tmp_path: Path
) -> None:
    found = checked(content, small, tmp_path)
    assert (found.valid, found.problems[-1].rule, found.problems[-1].line) == (False, rule, line)


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(12))
    + "]>\n"
)


@pytest.mark.parametrize(
    "before",
    [
        BOMB,
        '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>\n',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">\n',
        '<!DOCTYPE x [<!ENTITY % more SYSTEM "http://127.0.0.1:9/x.dtd"> %more;]>\n',
        '<!DOCTYPE x [<!ELEMENT iati-activity ANY><!ATTLIST iati-activity xml:lang CDATA "en">]>\n',
    ],
)
@pytest.mark.parametrize("where", ["narrative", "attribute"])
def test_entities_and_what_stands_elsewhere_are_refused(
    before: str, where: str, small: Standard, tmp_path: Path
) -> None:
    name = "m" if "ENTITY m" in before else "secret"
    activity = GOOD.replace("Water", f"&{name};") if where == "narrative" else GOOD.replace('"14010"', f'"&{name};"')
    found = checked(
        file_of(activity, before=before, more=f' x="&{name};"' if where == "attribute" else ""), small, tmp_path
    )
    assert [(str(one.severity), one.rule) for one in found.problems] == [("critical", "0.1.1")]
    assert "root:" not in found.problems[0].message


def test_a_document_type_that_declares_nothing_is_harmless(small: Standard, tmp_path: Path) -> None:
    assert checked(file_of(GOOD, before="<!DOCTYPE iati-activities>\n"), small, tmp_path).problems == ()


def test_other_encodings_are_read(small: Standard, tmp_path: Path) -> None:
    text = file_of(GOOD.replace("Water", "Aigua, água, ماء")).decode()
    for encoding in ("utf-16", "utf-8-sig"):
        assert checked(text.encode(encoding), small, tmp_path).problems == ()


def test_lines_are_right_beyond_what_libxml2_counts(small: Standard, tmp_path: Path) -> None:
    bad = GOOD.replace('code="14010"', 'code="9"').replace("<title>", "<bad/>\n<title>")
    for shift in (0, 65_000, 70_000, 200_000):
        found = checked(file_of("\n" * shift + GOOD.replace("1-1", "1-2"), "\n\n" + bad), small, tmp_path)
        assert told(found) == [("critical", "0.3.1", 13 + shift), ("error", "codelist-Sector", 16 + shift)]


def test_problems_are_kept_to_a_thousand_of_a_rule(small: Standard, tmp_path: Path) -> None:
    many = [GOOD.replace("1-1", f"1-{at}").replace('"14010"', '"9"') for at in range(KEPT + 5)]
    found = checked(file_of(*many), small, tmp_path)
    assert len(found.problems) == KEPT + 1
    assert found.problems[-1].message == "5 more like these from here on."
    assert found.problems[-1].line == 3 + 6 * KEPT + 4


@pytest.mark.parametrize(
    "inside",
    [
        "text<a/>",
        GOOD + "text",
        GOOD + '<x:e xmlns:x="u"><narrative zzz="1">a</narrative></x:e>',
        GOOD + '<x:e xmlns:x="u"><narrative>a</narrative><other/></x:e>',
        '<x:e xmlns:x="u"/>' + GOOD,
        GOOD + '<x:e xmlns:x="u"/>' + GOOD,
        GOOD + "<unknown/>",
        GOOD + "<iati-organisation/>",
        "<!-- a --><?b c?>" + GOOD + "<!-- d -->",
        "<iati-activity>" + GOOD + "</iati-activity>",
        GOOD + "<![CDATA[ x ]]>",
        GOOD.replace("<title>", "text<title>"),
        GOOD.replace(">Water<", ">Wa<!-- -->ter<"),
    ],
)
@pytest.mark.parametrize(
    "more",
    [
        "",
        ' y="1"',
        ' xmlns:z="u" z:a="1"',
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://127.0.0.1:9/a.xsd"',
    ],
)
def test_pieces_are_judged_as_the_whole_is(inside: str, more: str, small: Standard, tmp_path: Path) -> None:
    content = file_of(inside, more=more)
    whole = etree.XMLSchema(etree.parse(str(small.folder / "schemas" / "iati-activities-schema.xsd")))
    assert checked(content, small, tmp_path).valid == whole.validate(etree.fromstring(content))


@settings(max_examples=150)
@given(data=st.data())
def test_wild_input_ends_in_the_verdict_of_the_whole(
    data: st.DataObject, small: Standard, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(file_of(GOOD, GOOD.replace("1-1", "1-2")))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        what = data.draw(
            st.sampled_from([b"<", b">", b"&", b"\x00", b"\xff", b"]]>", b"<!--", b"<x>", b"</title>", b""])
        )
        content[at : at + data.draw(st.integers(0, 9))] = what
        if not content:
            break
    found = checked(bytes(content), small, tmp_path_factory.getbasetemp())
    schema = etree.XMLSchema(etree.parse(str(small.folder / "schemas" / "iati-activities-schema.xsd")))
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        root = etree.fromstring(bytes(content), parser)
        whole = root.tag == "iati-activities" and root.get("version") == "2.03" and schema.validate(root)
    except etree.XMLSyntaxError:
        whole = False
    assert found.valid == whole
    assert found.valid == (not any(one.severity == "critical" for one in found.problems))


def test_a_folder_and_what_may_not_be_read_are_refused(small: Standard, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="is a folder"):
        check_file(tmp_path, small)
    with pytest.raises(Unreadable, match="can't be read: No such file"):
        check_file(tmp_path / "none.xml", small)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_missing_rights_are_said(small: Standard, tmp_path: Path) -> None:
    file = tmp_path / "locked.xml"
    file.write_bytes(file_of(GOOD))
    file.chmod(0)
    with pytest.raises(Unreadable, match="Permission denied"):
        check_file(file, small)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("start", "fill"),
    [
        (b"", b"a"),
        (b"", b" "),
        (b"<a>", b"a"),
        (b"<a b='", b"a"),
        (b"<!--", b"a"),
        (b'<iati-activities version="2.03">', b"<b/>"),
    ],
)
def test_three_hundred_megabytes_that_are_nothing_take_little_memory(
    start: bytes, fill: bytes, small: Standard, tmp_path: Path
) -> None:
    file = tmp_path / "large.xml"
    block = fill * (2**20 // len(fill))
    with file.open("wb") as out:
        out.write(start)
        out.writelines(block for _ in range(300))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = check_file(file, small)
    file.unlink()
    assert not found.valid
    most = 1_600 if fill == b"<b/>" else 200
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < most


# The standard's own files


@pytest.mark.skipif(not SHARED.is_dir(), reason=REASON)
def test_the_official_tests_are_judged_as_they_say_and_as_the_whole_file_is() -> None:
    standard = open_standard(SHARED)
    schemas = {
        root: etree.XMLSchema(etree.parse(str(SHARED / "schemas" / f"{root}-schema.xsd")))
        for root in ("iati-activities", "iati-organisations")
    }
    files = [file for file in sorted((SHARED / "tests" / "tests").rglob("*.xml")) if "registry-tests" not in file.parts]
    count: Counter[tuple[str, bool]] = Counter()
    wrong = []
    for file in files:
        found = check_file(file, standard, TODAY)
        expected = "should-pass" in file.parts
        tree = etree.parse(str(file))
        schema = schemas.get(tree.getroot().tag)
        whole = schema is not None and schema.validate(tree)
        lines = sorted((error.line, error.message) for error in schema.error_log) if schema is not None else []
        ours = [(one.line, one.message) for one in found.problems if one.rule == "0.3.1"]
        is_judged = schema is not None and tree.getroot().get("version") is not None
        same = not is_judged or [at for at, _ in lines] == [at for at, _ in ours]
        if not (found.valid == expected == whole and same):
            wrong.append(file)
        count[file.relative_to(SHARED / "tests" / "tests").parts[0], expected] += 1
    assert wrong == []
    assert count["activity-tests", True] + count["activity-tests", False] == 283
    assert sum(count.values()) == 686


@pytest.mark.skipif(not SHARED.is_dir(), reason=REASON)
def test_real_files_are_judged_as_the_official_validator_would() -> None:
    standard = open_standard(SHARED)
    valid = {file.name for file in (SHARED / "real_xml").glob("*.xml") if check_file(file, standard, TODAY).valid}
    assert valid == {
        "3fi-activity.xml", "beis-activity.xml", "budget-dates-issue-activity.xml", "budget-one-day-activity.xml",
        "fcdo-activity.xml", "finddiagnostics-activity.xml", "gdihub-activity.xml", "sr-activity.xml",
        "usaid-activity.xml", "worldbank-activity.xml",
    }  # fmt: skip
