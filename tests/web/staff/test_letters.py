"""Letters that partners sign: out of the office's own Word file, or a plain one; placeholders known and unknown."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sympolis.office.core.texts import Text
from sympolis.office.projects.applications.enums import LetterKind
from sympolis.office.projects.models import Application, ApplicationPartner, LetterTemplate
from sympolis.office.synergies.letters import letter_for
from tests.cast import Cast

LETTERS = reverse("staff:letters")


@pytest.fixture
def partner(cast: Cast, settings: Any, tmp_path: Any) -> ApplicationPartner:
    settings.STORAGES = {**settings.STORAGES, "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}}  # fmt: skip
    one = Application.objects.create(title=Text.of(en="Leaks & <b>pipes</b> {{title}}"), organisation=cast.amb)
    return ApplicationPartner.objects.create(application=one, organisation=cast.sfax)


def address(row: ApplicationPartner, kind: str = "intent") -> str:
    about = {"public_id": row.application.public_id, "number": row.pk, "kind": kind}
    return reverse("staff:application_letter", kwargs=about)


def words(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(BytesIO(content)).paragraphs]


def word_file(*runs: str, cell: str = "", head: str = "") -> SimpleUploadedFile:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for text in runs:
        paragraph.add_run(text).bold = True
    if cell:
        document.add_table(1, 1).cell(0, 0).text = cell
    if head:
        document.sections[0].header.paragraphs[0].text = head
    out = BytesIO()
    document.save(out)
    return SimpleUploadedFile("Our letter.docx", out.getvalue())


def upload(cast: Cast, file: SimpleUploadedFile, language: str = "en") -> Any:
    return cast.client("officer").post(LETTERS, {"kind": "intent", "language": language, "file": file}, follow=True)


def test_without_a_template_there_is_a_plain_letter_in_each_language(cast: Cast, partner: ApplicationPartner) -> None:
    client = cast.client("officer")
    answer = client.get(f"{address(partner)}?language=en")
    assert answer["Content-Disposition"] == 'attachment; filename="intent-sfax-en.docx"'
    assert words(answer.content)[2] == (
        "Sfax intends to take part in “Leaks & <b>pipes</b> {{title}}”, which Àrea Metropolitana de Barcelona prepares "
        "for a call for funding."
    )
    assert words(client.get(address(partner, "mandate")).content)[0] != "Mandate letter"  # Sfax is written to in French
    arabic = docx.Document(BytesIO(client.get(f"{address(partner)}?language=ar").content))
    assert all(one._p.pPr is not None and "bidi" in one._p.pPr.xml for one in arabic.paragraphs)
    assert client.get(address(partner, "love")).status_code == 404


def test_the_office_s_own_template_is_filled_everywhere(cast: Cast, partner: ApplicationPartner) -> None:
    file = word_file("Dear {{par", "tner}}", ", {{ role }}", cell="{{applicant}}", head="{{office}}")
    assert "The template is there." in upload(cast, file).text
    made = docx.Document(BytesIO(cast.client("officer").get(f"{address(partner)}?language=en").content))
    assert made.paragraphs[0].text == "Dear Sfax, Partner"
    assert made.paragraphs[0].runs[0].bold is True
    assert made.tables[0].cell(0, 0).text == "Àrea Metropolitana de Barcelona"
    assert made.sections[0].header.paragraphs[0].text == "International Relations"
    upload(cast, word_file("Another for {{partner}}"))
    assert LetterTemplate.objects.count() == 1
    assert words(cast.client("officer").get(f"{address(partner)}?language=en").content) == ["Another for Sfax"]
    cast.client("officer").post(reverse("staff:letter_remove", args=[LetterTemplate.objects.get().pk]))
    assert LetterTemplate.objects.count() == 0


def test_an_unknown_placeholder_is_named(cast: Cast, partner: ApplicationPartner) -> None:
    said = upload(cast, word_file("{{partner}} and {{mayor}}", cell="{{<script>}}"))
    assert "No letter can say this: {{mayor}}, {{&lt;script&gt;}}. Use those listed here." in said.text
    assert LetterTemplate.objects.count() == 0


def test_files_that_are_no_letters(cast: Cast, partner: ApplicationPartner) -> None:
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b" " * (31 * 2**20))
    broken = BytesIO()
    with zipfile.ZipFile(broken, "w") as packed:
        packed.writestr("word/document.xml", b"<no")
    for content, told in (
        (b"MZ", "This is no Word file (.docx)."),
        (b"PK\x03\x04nothing", "This is no Word file (.docx)."),
        (b"x" * (2 * 2**20 + 1), "The file is larger than 2 MB."),
        (bomb.getvalue(), "This file is far larger unpacked than any letter."),
        (broken.getvalue(), "This Word file cannot be read."),
    ):
        assert told in upload(cast, SimpleUploadedFile("letter.docx", content)).text
    assert LetterTemplate.objects.count() == 0


def test_the_office_alone(cast: Cast, partner: ApplicationPartner) -> None:
    for who, status in {
        "administrator": 200, "officer": 200, "contact": 403, "participant": 403, "outsider": 403, "visitor": 302,
    }.items():  # fmt: skip
        client = cast.client(who)
        assert [client.get(page).status_code for page in (LETTERS, address(partner))] == [status, status]
        if status != 200:
            assert (
                client.post(LETTERS, {"kind": "intent", "language": "en", "file": word_file("x")}).status_code == status
            )
            assert client.post(reverse("staff:letter_remove", args=[1])).status_code == status
    assert LetterTemplate.objects.count() == 0


def test_marks_that_join_letters_stay_and_control_characters_go(cast: Cast) -> None:
    application = Application.objects.create(title=Text.of(en="Ne\x0bt\u200cs"), organisation=cast.amb)
    partner = application.partners.create(organisation=cast.sfax)
    written = letter_for(partner, LetterKind.INTENT, "en", date(2026, 11, 27))
    said = "\n".join(one.text for one in docx.Document(BytesIO(written)).paragraphs)
    assert "Net\u200cs" in said
