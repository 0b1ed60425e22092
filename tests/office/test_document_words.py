"""The words in documents: read by the worker in a process of its own, found by search, and no file does any harm."""

from __future__ import annotations

import io
import subprocess
import sys
import zlib
from pathlib import Path

import pypdf
import pytest
import typst
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject

from sympolis.office.core import documents, words
from sympolis.office.core.documents import read_next_document
from sympolis.office.core.fonts import font_folders
from sympolis.office.core.models import Document, IndexChange
from sympolis.office.core.pdf_words import pdf_words
from sympolis.office.core.search_documents import document_entries
from tests.cast import Cast

CATALAN = "L’Àrea Metropolitana de Barcelona col·labora en la gestió de l’aigua: oficines eficients."
# lam-alif, and the ligatures of fi, ni and na'i: what a reader of glyphs turns round
ARABIC = "تتعاون بلدية صفاقس مع برشلونة في إدارة المياه والموانئ ولا تنسى الأردن"


def pdf(source: str) -> bytes:
    """What our own way of making PDF makes of some text."""
    folders = [str(folder) for folder in font_folders()]
    made = typst.compile(source.encode(), font_paths=folders, ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return made


def catalan() -> bytes:
    return pdf(f'#set text(lang: "ca", font: "IBM Plex Sans")\n{CATALAN}')


def arabic() -> bytes:
    return pdf(f'#set text(lang: "ar", font: "IBM Plex Sans Arabic")\n{ARABIC}')


def locked() -> bytes:

    out, writer = io.BytesIO(), pypdf.PdfWriter(io.BytesIO(catalan()))
    writer.encrypt("a password", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def bomb(megabytes: int) -> bytes:
    """A page whose contents are megabytes of nothing, packed a thousand to one."""

    out, writer = io.BytesIO(), pypdf.PdfWriter()
    page = writer.add_blank_page(100, 100)
    stream = pypdf.generic.EncodedStreamObject()
    stream._data = zlib.compress(bytes(megabytes * 2**20), 9)
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    page[NameObject("/Contents")] = writer._add_object(stream)
    writer.write(out)
    return out.getvalue()


def turning_in_circles() -> bytes:
    """A tree of pages whose child is its own parent."""

    out, writer = io.BytesIO(), pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    root = writer._pages.get_object()
    assert isinstance(root, DictionaryObject)
    root[NameObject("/Kids")] = ArrayObject([writer._pages, *root["/Kids"]])  # type: ignore[misc]
    root[NameObject("/Count")] = NumberObject(2**30)
    writer.write(out)
    return out.getvalue()


HOSTILE = {
    "cut off": lambda: catalan()[:2000],
    "only its first words": lambda: b"%PDF-1.7\n%%EOF",
    "garbled": lambda: catalan()[:500] + bytes(range(256)) * 40 + catalan()[700:],
    "locked": locked,
    "in circles": turning_in_circles,
    "noise": lambda: b"%PDF-1.4\n" + bytes((7919 * n) % 251 for n in range(100_000)),
}


@pytest.mark.parametrize(("made", "text"), [(catalan, CATALAN), (arabic, ARABIC)])
def test_a_pdf_is_read_in_every_script_as_it_was_written(made: object, text: str) -> None:
    assert pdf_words(made(), 10, 10_000) == text  # type: ignore[operator]


def test_pages_and_characters_have_an_end() -> None:
    three = pdf("\n#pagebreak()\n".join(f"page {n}" for n in "abc"))
    assert pdf_words(three, 10, 1000) == "page a\npage b\npage c"
    assert pdf_words(three, 2, 1000) == "page a\npage b"
    assert pdf_words(three, 10, 9) == "page a\npa"


@pytest.mark.parametrize("how", HOSTILE)
def test_a_broken_locked_or_hostile_pdf_has_no_words_and_raises_nothing(tmp_path: Path, how: str) -> None:
    content = HOSTILE[how]()
    file = tmp_path / "a.pdf"
    file.write_bytes(content)
    found = words.words_in(file, "pdf")
    assert found in {"", CATALAN}
    if how in {"locked", "cut off", "only its first words", "noise"}:
        assert found == ""


def test_a_bomb_ends_its_own_process_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(bomb(megabytes=words.MOST_MEMORY // 2**20 + 80))
    assert file.stat().st_size < words.MOST_BYTES
    assert words.words_in(file, "pdf") == ""
    assert "could not be read: CalledProcessError" in caplog.text


@pytest.mark.parametrize(("name", "value"), [("MOST_MEMORY", 30 * 2**20), ("MOST_BYTES", 10)])
def test_memory_and_bytes_are_bounded(tmp_path: Path, name: str, value: int) -> None:
    """Run as the worker runs it, with a bound set low: nothing comes out, and nothing but that process ends."""

    file = tmp_path / "a.pdf"
    file.write_bytes(catalan())
    code = f"from sympolis.office.core import words; words.{name} = {value}; words._main('pdf', {str(file)!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.stdout == b""


def test_time_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(words, "MOST_SECONDS", 0.0005)
    file = tmp_path / "a.txt"
    file.write_text("words")
    assert words.words_in(file, "txt") == ""
    assert "could not be read: TimeoutExpired" in caplog.text


def hang(cast: Cast, name: str, content: bytes) -> Document:
    address = reverse("staff:document_add", kwargs={"public_id": cast.sfax.public_id})
    answer = cast.client("officer").post(
        address, {"file": SimpleUploadedFile(name, content), "language": "ar", "visibility": "public"}
    )
    assert answer.status_code == 302, answer.context["form"].errors
    return Document.objects.get()


def test_the_request_reads_nothing_and_the_worker_everything(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = documents.words_in
    monkeypatch.setattr(documents, "words_in", lambda path, kind: asked.append(kind) or real(path, kind))
    document = hang(cast, "memoria.pdf", arabic())
    assert (document.text, document.read_at, asked) == ("", None, [])
    IndexChange.objects.all().delete()
    assert read_next_document() is True
    assert read_next_document() is False
    assert asked == ["pdf"]
    document.refresh_from_db()
    assert document.text == ARABIC
    assert list(IndexChange.objects.values_list("record", "kind")) == [(document.public_id, "put")]
    assert next(document_entries(document)).text == {"ar": ARABIC}


def test_a_file_hung_in_its_place_meanwhile_is_the_one_that_is_found(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    hang(cast, "a.txt", b"old words")

    def replaced_meanwhile(path: Path, kind: str) -> str:
        held = Document.objects.get()
        held.file.save("b.txt", ContentFile(b"new words"), save=False)
        held.read_at = None
        held.save()
        return "old words"

    monkeypatch.setattr(documents, "words_in", replaced_meanwhile)
    assert read_next_document() is True
    assert (Document.objects.get().text, Document.objects.get().read_at) == ("", None)
    monkeypatch.undo()
    assert read_next_document() is True
    assert Document.objects.get().text == "new words"


def test_a_file_that_is_not_there_is_passed_over(cast: Cast) -> None:
    document = hang(cast, "a.txt", b"words")
    document.file.storage.delete(document.file.name)
    assert read_next_document() is True
    assert read_next_document() is False
    assert Document.objects.get().text == ""
