"""Why a line was left out, in the reader's words: all the engine can say is known, what strangers wrote is harmless."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest
from django.utils.translation import override

import sympolis.engine
from sympolis.web.staff.world.left_out_words import MESSAGES, reason_in_words

ENGINE = Path(str(sympolis.engine.__file__)).parent
# What is said while files are fetched, added or guessed at stops the command; it is no row that was left out.
NO_ROWS = {"sources/__init__.py", "sources/table/guess.py"}
# Errors that another message quotes: where it is said -> the message around it.
QUOTED_BY = {
    "sheets/values.py": {"%s: %s"},
    "sheets/letters.py": {"This is not a table: %s."},
    "sheets/cells.py": {"The sheet can't be read on from here: %s"},
    "sources/cordis/values.py": {"%s was left out: %s."},
    "sources/streams.py": {"The file breaks off or is damaged after %s objects: %s"},
    "sources/portal/read.py": {"The page is cut off or damaged: %s"},
    "sources/portal/calls.py": {"This result has no usable %s", "This line has no usable %s"},
}
SAYING = ("Reject", "notes.add", "self.reject", "problems.append")
PASSED_ON = {"str(error)", "error.what", "problem", "reason"}  # what one of them held is found where it was written
ONLY_QUOTING = {"%s: %s", "%s was left out: %s."}  # all they can quote is known


def engine_files() -> Iterator[tuple[str, ast.Module]]:
    for folder in ("sources", "sheets"):
        for file in sorted((ENGINE / folder).rglob("*.py")):
            name = file.relative_to(ENGINE).as_posix()
            if name not in NO_ROWS and not name.startswith("sources/fetch/"):
                yield name, ast.parse(file.read_text("utf-8"))


def called(node: ast.expr) -> str:
    """``notes.add`` of ``self._notes.add(…)``: the last two names, without what marks them as private."""
    if isinstance(node, ast.Attribute):
        return ".".join((*called(node.value).split(".")[-1:], node.attr)).replace("._", ".").lstrip("._")
    return node.id.lstrip("_") if isinstance(node, ast.Name) else ""


def said_in(tree: ast.Module) -> Iterator[ast.expr]:
    """What is handed on as a reason."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and called(node.func) in SAYING:
            yield node.args[-1]


def raised_in(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
            yield node.exc.args[0]


def written(node: ast.expr | None, tree: ast.Module) -> Iterator[str]:
    """A message with %s for each value; of a name all that is ever put into it, of a function all it returns."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(_part(part) for part in node.values)
    elif isinstance(node, ast.Name):
        for one in ast.walk(tree):
            if isinstance(one, ast.Assign | ast.NamedExpr) and node.id in _targets(one):
                yield from written(one.value, tree)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        for one in ast.walk(tree):
            if isinstance(one, ast.FunctionDef) and one.name == node.func.id:
                ends = (end for end in ast.walk(one) if isinstance(end, ast.Return))
                yield from (message for end in ends for message in written(end.value, tree))


def _targets(node: ast.Assign | ast.NamedExpr) -> list[str]:
    return [ast.unparse(one) for one in (node.targets if isinstance(node, ast.Assign) else [node.target])]


def _part(part: ast.expr) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    return "“%s”" if isinstance(part, ast.FormattedValue) and part.conversion == ord("r") else "%s"


def test_all_the_engine_can_say_is_known() -> None:
    """Whoever lets the engine say something new adds it to MESSAGES, so that it is told in five languages."""
    known = {re.sub(r"%\(\w+\)s", "%s", message) for message in MESSAGES}
    said: set[str] = set()
    passed_on: set[str] = set()
    for name, tree in engine_files():
        for node in said_in(tree):
            messages = set(written(node, tree))
            said |= messages
            passed_on |= set() if messages else {ast.unparse(node)}
        errors = {error for node in raised_in(tree) for error in written(node, tree)}
        for before, after in (around.rsplit("%s", 1) for around in QUOTED_BY.get(name, {"%s"})):
            said |= {before + error + after for error in errors}
    assert passed_on == PASSED_ON
    assert said - ONLY_QUOTING - known == set()
    assert known - said == {"This row has no name."}  # said of a field: it reads better as a sentence of its own


def test_a_message_has_one_place_without_a_bound_at_most() -> None:
    """Two would be looked through as often as the text is long."""
    assert [one for one in MESSAGES if len(re.findall(r"%\((?:text|error)\)s", one)) > 1] == []


@pytest.mark.parametrize(
    ("reason", "catalan", "arabic"),
    [
        (
            "55 partners and 54 countries: it can't be told which name ends where.",
            "Socis: <bdi>55</bdi>; països: <bdi>54</bdi>. No es pot saber on acaba cada nom.",
            "الشركاء: <bdi>55</bdi>؛ البلدان: <bdi>54</bdi>. لا يمكن معرفة أين ينتهي كل اسم.",
        ),
        (
            "end: '2027-02-31' is no date.",
            "<bdi>end</bdi>: «<bdi>2027-02-31</bdi>» no és cap data.",
            "<bdi>end</bdi>: «<bdi>2027-02-31</bdi>» ليس تاريخًا.",
        ),
        (
            "The activity <b>XM-1</b> %(text)s has no title.",
            "L&#x27;activitat <bdi>&lt;b&gt;XM-1&lt;/b&gt; %(text)s</bdi> no té títol.",
            "النشاط <bdi>&lt;b&gt;XM-1&lt;/b&gt; %(text)s</bdi> بلا عنوان.",
        ),
        (
            "The file breaks off here: Error -3 <while> decompressing",
            'El fitxer es talla aquí: <bdi lang="en">Error -3 &lt;while&gt; decompressing</bdi>',
            'ينقطع الملف هنا: <bdi lang="en">Error -3 &lt;while&gt; decompressing</bdi>',
        ),
        ("Something <new>.", *['<span lang="en" dir="ltr">Something &lt;new&gt;.</span>'] * 2),
    ],
)
def test_reasons_are_told_in_the_readers_words(reason: str, catalan: str, arabic: str) -> None:
    with override("ca"):
        assert reason_in_words(reason) == catalan
    with override("ar"):
        assert reason_in_words(reason) == arabic


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a' is no date. 'b", "a&#x27; is no date. &#x27;b"),
        ('it\'s "odd" \\', "it\\&#x27;s &quot;odd&quot; \\\\"),
        ("\u202e<script>\n", "\\u202e&lt;script&gt;\\n"),
    ],
)
def test_what_stood_in_a_cell_ends_where_its_quotes_do(written: str, shown: str) -> None:
    said = reason_in_words(f"startDate was left out: {written!r} is no date.")
    assert said == f"<bdi>startDate</bdi> was left out: “<bdi>{shown}</bdi>” is no date."


@pytest.mark.parametrize(
    "hostile",
    [
        "x" * 10_000,
        "start: '" + "\\" * 9_999,
        "start: '" + "a' is no date. '" * 700,
        "The activity " + " stands twice in this file" * 400,
        "x: a y has no field '" * 500,
        "The file breaks off or is damaged after 1 objects: " * 200,
        "1" * 10_000 + " partners",
        "Of the results of " + " the first 1 values are kept: 1 more" * 300,
    ],
    ids=range(8),
)
def test_a_reason_of_10_kb_takes_no_time(hostile: str) -> None:
    reason_in_words("warm")
    began = perf_counter()
    reason_in_words(hostile)
    assert perf_counter() - began < 0.1
