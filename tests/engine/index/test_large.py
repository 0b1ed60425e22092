"""What only large indexes have: neighbours, processes that prepare, generations that share files, names in files."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sympolis.engine.index import Index, prepare, tables
from sympolis.engine.index.dense import Table, open_table
from sympolis.engine.index.reading import Allowed, Columns, Fresh
from sympolis.engine.model import Document, Query
from sympolis.engine.resolve.name_table import NameTable, written_names
from sympolis.engine.resolve.names import NameBook, NameEntry
from sympolis.engine.texts.encoders import FAST, Matrix
from sympolis.engine.texts.similarity import background
from sympolis.engine.texts.vectors import Vectors

COUNT, EACH = 6_000, 2


def document(at: int, said: str) -> Document:
    return Document(f"d:{at}", "project", {"en": said}, {"en": f"{said} for everybody."}, aliases=(f"ACRO{at}",))


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory, vectors: Vectors) -> Table:
    """Twelve thousand passages around forty subjects, with neighbours."""
    chance = np.random.default_rng(5)
    against = background(FAST, vectors)
    subjects = vectors.encode(
        [f"{word} in cities" for word in ["water", "ports", "waste", "youth", "heat", "food", "schools"]]
    )
    raw = subjects[chance.integers(0, len(subjects), COUNT * EACH)] + 0.04 * chance.standard_normal((COUNT * EACH, 512))
    passages = np.arange(1, COUNT * EACH + 1)
    folder = tmp_path_factory.mktemp("tables") / f"{FAST}.1"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "WORTH_NEIGHBOURS", 10_000)
        patch.setattr("sympolis.engine.index.dense._BLOCK", 1_000)

        def encode(wanted: np.ndarray) -> Matrix:
            return np.asarray(raw[wanted - 1], np.float32)

        tables.write_table(folder, None, (passages, (passages + 1) // EACH), None, encode, against)
    opened = open_table(folder.parent, FAST, 1)
    assert opened is not None
    return opened


def everything(table: Table) -> Allowed:
    numbers = np.unique(table.documents)
    return Allowed(numbers, np.ones(len(numbers), bool), True)


def test_a_large_table_is_mapped_in_half_precision_and_has_neighbours(table: Table) -> None:
    assert table.neighbours is not None
    assert (table.rows.dtype, table.rows.shape) == (np.dtype(np.float16), (COUNT * EACH, 512))
    assert isinstance(table.rows.base, np.memmap)


def test_neighbours_find_what_comparing_all_finds(
    table: Table, vectors: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sympolis.engine.index.dense._BLOCK", 1_000)
    few = everything(table)
    filtered = Allowed(few.numbers, few.numbers % 3 == 0, False)
    for allowed in (few, filtered):
        shares = []
        for asked in vectors.encode(["drinking water", "young people", "l'escola", "النفايات"]):
            best = replace(table, neighbours=None).answers(asked).best(allowed, 10)
            near = table.answers(asked).best(allowed, 10)
            assert set(near.tolist()) <= set(allowed.numbers[allowed.mask].tolist())
            shares.append(np.isin(best, near).mean())
        assert np.mean(shares) >= 0.9


def test_scores_of_a_large_table_are_those_of_a_small_one(table: Table, vectors: Vectors) -> None:
    [asked] = vectors.encode(["drinking water"])
    wanted = np.array([5, 1, 3_000, 999_999])
    large, small = table.answers(asked).of(wanted), replace(table, neighbours=None).answers(asked).of(wanted)
    assert large[0].tolist() == small[0].tolist() == [1, 5, 3_000]
    assert large[2].tolist() == small[2].tolist()
    assert np.abs(large[1] - small[1]).max() < 0.02  # what stands out is read off a sample


def test_a_few_rows_are_compared_one_by_one(table: Table, vectors: Vectors) -> None:
    [asked] = vectors.encode(["ports"])
    numbers = everything(table).numbers
    few = Allowed(numbers, np.isin(numbers, [7, 8, 9]), False)
    assert sorted(table.answers(asked).best(few, 5).tolist()) == [7, 8, 9]


def test_other_processes_prepare_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [document(at, f"Water number {at}") for at in range(40)]
    monkeypatch.setattr(prepare, "_AT_ONCE", 10)
    alone = list(prepare.preparing(documents))
    monkeypatch.setattr(prepare, "_WORTH_A_POOL", 2)
    assert list(prepare.preparing(documents)) == alone
    assert [one.id for batch in alone for one in batch.documents] == [one.id for one in documents]


def test_a_generation_that_changes_nothing_shares_its_files(tmp_path: Path, vectors: Vectors) -> None:
    def files(part: str) -> set[int]:
        newest = max((tmp_path / part).iterdir(), key=lambda folder: int(folder.suffix[1:]))
        return {file.stat().st_ino for file in newest.iterdir()}

    with Index.create(tmp_path, vectors, (FAST,)) as index:
        index.add([document(1, "Ports"), document(2, "Beaches")])
        columns, rows = files("columns"), files("vectors")
        index._commit({FAST: None})
        assert (files("columns"), files("vectors")) == (columns, rows)
        index.remove(["d:1"])
        assert not files("columns") & columns
        assert next(hit.document.id for hit in index.search(Query("ACRO2"))) == "d:2"
        assert [hit.document.id for hit in index.search(Query("ACRO1")) if hit.features[0].name == "name"] == ["d:2"]


def test_columns_keep_days_filters_and_names_of_those_that_stay() -> None:
    batch = prepare.prepare([replace(document(at, "Ports"), countries=("ES", "FR")[at % 2 :]) for at in range(4)])
    fresh = Fresh()
    fresh.put(range(10, 14), batch.documents)
    first = Columns.empty().with_fresh(fresh)
    later = Fresh()
    later.gone.update({11, 20})
    later.put([20, 21], batch.documents[:2])
    second = first.with_fresh(later)
    assert second.numbers.tolist() == [10, 12, 13, 21]
    assert second.tokens["country:ES"].tolist() == [0, 1]
    assert second.tokens["country:FR"].tolist() == [0, 1, 2, 3]
    assert [name for name, _, _ in second.names.names()] == ["ACRO0", "ACRO2", "ACRO3", "ACRO1"]
    assert second.names.owners.tolist() == [0, 1, 2, 3]


def test_among_many_names_one_with_an_error_is_found_in_memory_and_in_files(tmp_path: Path) -> None:
    chance = random.Random(2)
    syllables = ["ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "xo", "zu"]

    def made_up() -> str:
        return " ".join("".join(chance.choices(syllables, k=3)) for _ in range(3))

    listed = [made_up() for _ in range(6_000)]
    listed[4_321] = "Ajuntament de Vilanova i la Geltrú"
    entries = [NameEntry(str(at), (name,)) for at, name in enumerate(listed)]
    names = [(at, name) for at, entry in enumerate(entries) for name in written_names(entry.names)]
    NameTable.of([at for at, _ in names], [name for _, name in names]).save(tmp_path)
    books = NameBook(entries), NameBook.over(NameTable.open(tmp_path), np.arange(len(entries)))
    for asked in ("Vilanova i la Geltru", "vilanova geltru", "Vilanva", "Ajuntament de Vilanova i la Geltrú"):
        answers = [book.nearest(asked, 3) for book in books]
        assert answers[0] == answers[1]
        assert answers[0][0].id == "4321"
    assert books[1].nearest("Ajuntament de Vilanova i la Geltrú", 1)[0].score == 1.0


def test_opening_a_small_index_brings_no_faiss(tmp_path: Path, vectors: Vectors) -> None:
    Index.create(tmp_path, vectors, (FAST,)).close()
    code = (
        "import sys; from pathlib import Path; from sympolis.engine.index import Index; "
        "Index.open(Path(sys.argv[1])).close(); print([n for n in ('faiss', 'pyarrow', 'duckdb') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_long_documents_of_a_large_table_score_as_those_of_a_small_one(table: Table, vectors: Vectors) -> None:
    [asked] = vectors.encode(["drinking water"])
    wanted = np.array([5, 1, 3_000, 999_999])
    large, small = (
        table.answers(asked).of_long(wanted, {}),
        replace(table, neighbours=None).answers(asked).of_long(wanted, {}),
    )
    assert large[0].tolist() == small[0].tolist() == [1, 5, 3_000]
    assert large[2].tolist() == small[2].tolist()
    assert np.abs(large[1] - small[1]).max() < 0.02
