"""Contributions into groups: how a file is read, what the worker does slice by slice, what officers mend."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from django_tasks_db.models import DBTaskResult
from openpyxl import Workbook

from sympolis.engine.texts import similarity, themes
from sympolis.engine.texts.encoders import FAST, Matrix, load_encoder
from sympolis.engine.texts.vectors import Vectors
from sympolis.engine.texts.words import terms
from sympolis.office.core.imports.errors import UnreadableTable
from sympolis.office.synergies.enums import GroupingState
from sympolis.office.synergies.groups import work
from sympolis.office.synergies.groups.actions import (
    NEW,
    NoSuchGroup,
    move_contributions,
    name_group,
    remove_grouping,
    start_grouping,
)
from sympolis.office.synergies.groups.queries import groups_of, visible_groupings
from sympolis.office.synergies.groups.reading import (
    ContributionsRefused,
    Poured,
    contributions_in_lines,
    contributions_in_table,
)
from sympolis.office.synergies.models import Grouping
from tests.cast import Cast

CYCLING = ["Carrils bici segurs", "Carril bici a l'avinguda", "Més carrils bici i bicicletes"]
HOUSING = ["Habitatge social de lloguer", "Lloguer social per a joves", "Habitatge de lloguer assequible"]
LINES = "\n".join([*CYCLING, *HOUSING, "🎉🎉🎉"])


class Memory(Vectors):
    """Texts with words in common are near; no encoder is loaded."""

    def _computed(self, texts: Sequence[str], encoder: str) -> Matrix:
        rows = np.zeros((len(texts), load_encoder(encoder).dimensions), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in terms(text):
                row += np.random.default_rng([ord(letter) for letter in word]).normal(size=len(row))
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch, tmp_path: Any, settings: Any) -> None:
    """What the worker reads with; phrases are a handful. What is asked for waits, as it does for a worker."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "long"]}}
    for module, name, empty in ((similarity, "_backgrounds", {}), (themes, "_rows", [])):
        monkeypatch.setattr(module, name, empty)
    monkeypatch.setattr(work, "Vectors", lambda _folder: Memory(tmp_path, (FAST,)))
    monkeypatch.setattr(work, "compared_texts", lambda: ("Water", "Housing"))
    monkeypatch.setattr(work, "subject_texts", lambda: ("reclaimed water",))
    monkeypatch.setattr(work, "AT_ONCE", {"fast": 2, "careful": 4})


def told(poured: Poured) -> list[tuple[str, str, str]]:
    return [(one.id, one.text, one.language) for one in poured.said]


def run(grouping: Grouping) -> list[tuple[str, int, int]]:
    """Slice after slice, as the worker does; how far each left it."""
    states = []
    for _ in range(20):
        is_done = work.put_into_groups.call(grouping.pk)
        grouping.refresh_from_db()
        if is_done:
            return states
        states.append((grouping.state, grouping.done, grouping.total))
    raise AssertionError(states)


def test_pasted_lines_are_contributions() -> None:
    poured = contributions_in_lines("  Més carrils bici  \r\n\n\tUn parc\x00 gran\nحدائق أكثر للأطفال\n")
    assert told(poured) == [
        ("1", "Més carrils bici", "ca"), ("2", "Un parc gran", "ca"), ("3", "حدائق أكثر للأطفال", "ar"),
    ]  # fmt: skip


def test_a_table_is_read_by_its_headings_in_any_language() -> None:
    table = "Núm.;Títol;Contribució;Llengua\n7;Bicis;Més carrils;català\n8;;Plus de parcs dans la ville;\n9;;;\n"
    assert told(contributions_in_table(table.encode("utf-16"))) == [
        ("7", "Bicis\nMés carrils", "ca"), ("8", "Plus de parcs dans la ville", "fr"),
    ]  # fmt: skip
    assert told(contributions_in_lines("id\ttext\na\tWater for all\nb\tMore trees")) == [
        ("a", "Water for all", "en"), ("b", "More trees", "en"),
    ]  # fmt: skip
    book = Workbook()
    book.active.append(["النص"])  # type: ignore[union-attr]
    for text in ("مسارات الدراجات", "=1+1"):
        book.active.append([text])  # type: ignore[union-attr]
    written = io.BytesIO()
    book.save(written)
    assert [one.text for one in contributions_in_table(written.getvalue()).said] == ["مسارات الدراجات", "=1+1"]


def test_a_column_nobody_knows_is_guessed_and_that_is_said() -> None:
    poured = contributions_in_table(b"who,what would you do\nA,Plant many more trees\nB,Close the street\n")
    assert [one.text for one in poured.said] == ["Plant many more trees", "Close the street"]
    assert poured.notes == ["The column “what would you do” was read as the texts."]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("text\n", "There is no contribution in it."),
        ("text\nWater\n", "here is one only"),
        ("id,text\n1,Water\n1,Trees\n", "Row 3: “1” is the number of row 2 already."),
        (f"text\nWater\n{'x' * 20_001}\n", "Row 3: 20001 characters are too many for one contribution; 20000 at most."),
        ("text\n" + "Water\n" * 1_001, "There are 1001 contributions; at most 1000 go into groups at once."),
        ("text\n" + ("x" * 19_999 + "\n") * 101, "longer than two million characters"),
        ("I would plant many more trees in every street,A\nClose it,B\n", "The first row must hold the headings"),
    ],
)
def test_what_makes_no_groups_is_refused_with_where_and_why(table: str, said: str) -> None:
    with pytest.raises(ContributionsRefused) as refused:
        contributions_in_table(table.encode())
    assert said in str(refused.value)


def test_no_table_and_no_line_are_refused() -> None:
    for data in (b"", b"\x00\x01\x02" * 50, b"PK\x03\x04broken"):
        with pytest.raises(UnreadableTable):
            contributions_in_table(data)
    for lines in ("", " \n\n", "one line"):
        with pytest.raises(ContributionsRefused):
            contributions_in_lines(lines)


def test_the_worker_reads_a_slice_at_a_time_and_then_puts_them_together(cast: Cast, worker: None) -> None:
    grouping = start_grouping(cast.officer, "Session", contributions_in_lines(LINES))
    assert (grouping.state, grouping.count) == (GroupingState.WAITING, 7)
    assert DBTaskResult.objects.count() == 1
    # two phrases, one phrase, six texts with words: four slices, and one that finds nothing left to read
    assert run(grouping) == [("reading", 0, 9), ("reading", 2, 9), ("reading", 3, 9), ("reading", 7, 9)]
    assert grouping.state == GroupingState.DONE
    assert DBTaskResult.objects.count() == 5
    members = [{one.text for one in group.members} for group in groups_of(grouping, "ca")]
    assert members == [set(CYCLING), set(HOUSING), {"🎉🎉🎉"}]
    assert [group.label for group in groups_of(grouping, "fr")][2] == "In no group"
    assert {*grouping.groups[0]["labels"]} == {"en", "ca", "es", "fr", "ar"}
    assert "Habitatge" in groups_of(grouping, "ca")[1].label
    assert "Logement" in groups_of(grouping, "fr")[1].label
    assert work.put_into_groups.call(grouping.pk) is False  # once is enough


def test_the_same_texts_come_into_the_same_groups(cast: Cast, worker: None) -> None:
    first, second = (
        start_grouping(cast.officer, "Session", contributions_in_lines(lines))
        for lines in (LINES, "\n".join(reversed(LINES.splitlines())))
    )
    run(first)
    run(second)
    assert second.placed == first.placed[::-1]
    assert second.groups == first.groups


def test_all_the_same_and_texts_without_words(cast: Cast, worker: None) -> None:
    same = start_grouping(cast.officer, "Same", contributions_in_lines("Water for all\n" * 5))
    run(same)
    assert same.placed == [1] * 5
    dumb = start_grouping(cast.officer, "Dumb", contributions_in_lines("🎉🎉\n\u200f\u202e\n<b></b>\n..."))
    run(dumb)
    assert [(group.number, len(group.members)) for group in groups_of(dumb, "en")] == [(0, 4)]


def test_what_fails_says_so_and_keeps_what_was_poured_in(
    cast: Cast, worker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    grouping = start_grouping(cast.officer, "Session", contributions_in_lines(LINES))

    def broken(*_what: Any, **_how: Any) -> None:
        raise MemoryError("no more")

    monkeypatch.setattr(work, "cluster", broken)
    with pytest.raises(MemoryError):
        run(grouping)
    grouping.refresh_from_db()
    assert (grouping.state, grouping.error, len(grouping.texts)) == (GroupingState.FAILED, "no more", 7)
    with pytest.raises(NoSuchGroup):
        name_group(cast.officer, grouping, 1, "x")


def test_what_was_removed_meanwhile_is_left_alone(cast: Cast, worker: None) -> None:
    grouping = start_grouping(cast.officer, "Session", contributions_in_lines(LINES))
    pk = grouping.pk
    remove_grouping(cast.officer, grouping)
    assert work.put_into_groups.call(pk) is False
    assert Grouping.objects.count() == 0


@pytest.fixture
def grouping(cast: Cast) -> Grouping:
    return Grouping.objects.create(
        title="Session", state=GroupingState.DONE, count=3, made_by=cast.officer, found=[1, 1, 0], placed=[1, 1, 0],
        texts=[{"id": str(at), "text": f"Text {at}", "language": "en"} for at in range(3)],
        groups=[{"number": 1, "labels": {"en": "Texts", "ca": "Textos"}, "theme": "", "name": ""}],
    )  # fmt: skip


def shape(grouping: Grouping) -> list[tuple[int, str, list[int], list[bool]]]:
    grouping.refresh_from_db()
    return [
        (group.number, group.label, [one.place for one in group.members], [one.is_moved for one in group.members])
        for group in groups_of(grouping, "en")
    ]


def test_groups_are_renamed_and_contributions_moved(cast: Cast, grouping: Grouping) -> None:
    name_group(cast.officer, grouping, 1, "  What\nthey\x00 said ")
    assert shape(grouping)[0][1] == "What they said"
    assert groups_of(grouping, "ca")[0].label == "What they said"
    name_group(cast.officer, grouping, 1, "")
    assert groups_of(Grouping.objects.get(), "ca")[0].label == "Textos"
    assert move_contributions(cast.officer, grouping, [0, 2], NEW) == 2
    assert shape(grouping) == [(2, "Group 2", [0, 2], [True, True]), (1, "Texts", [1], [False])]
    move_contributions(cast.officer, grouping, [1], 2)
    assert shape(grouping)[1] == (1, "Texts", [], [])
    move_contributions(cast.officer, grouping, [0, 1], 1)
    move_contributions(cast.officer, grouping, [2], 0)
    assert shape(grouping) == [
        (1, "Texts", [0, 1], [False, False]), (2, "Group 2", [], []), (0, "In no group", [2], [False]),
    ]  # fmt: skip


def test_what_is_not_there_is_refused_and_changes_nothing(cast: Cast, grouping: Grouping) -> None:
    before = shape(grouping)
    for places, number in (([0], 9), ([3], 1), ([-1], 1), ([0, 99], 0)):
        with pytest.raises(NoSuchGroup):
            move_contributions(cast.officer, grouping, places, number)
    for number in (0, 2, -1):
        with pytest.raises(NoSuchGroup):
            name_group(cast.officer, grouping, number, "x")
    assert shape(grouping) == before


def test_nobody_else_sees_or_does_anything(cast: Cast, grouping: Grouping) -> None:
    for who in ("contact", "participant", "outsider"):
        user = getattr(cast, who)
        assert not visible_groupings(user).exists()
        for act in (
            lambda user=user: start_grouping(user, "x", contributions_in_lines("a b\nc d")),
            lambda user=user: name_group(user, grouping, 1, "x"),
            lambda user=user: move_contributions(user, grouping, [0], 0),
            lambda user=user: remove_grouping(user, grouping),
        ):
            with pytest.raises(PermissionDenied):
                act()
    assert visible_groupings(cast.administrator).get() == grouping
