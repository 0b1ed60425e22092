"""What is wrong is said beside its field, with what to write instead; nothing is kept."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sympolis.office.core.documents import read_next_document
from sympolis.office.core.models import Document
from sympolis.office.core.uploads import MOST_BYTES
from tests.cast import Cast
from tests.factories import make_organisation, make_relation
from tests.web.staff.rooms import LEAST

WRONG: list[tuple[str, dict[str, Any], dict[str, list[str]]]] = [
    ("relations", {"to_organisation": "Sfax"},
     {"to_organisation": [
         "An organisation has no relation to itself. Choose another organisation on one of the two sides."]}),
    ("relations", {"since": "2020", "until": "2019"}, {"until": ["The relation ends before it begins."]}),
    ("relations", {"since": "31/2/2019"},
     {"since": ["“31/2/2019” is no date. Write a year (2019), a month (2019-03) or a day (14/3/2019)."]}),
    ("relations", {"to_organisation": "Rabbat"},
     {"to_organisation": ["We know no organisation called “Rabbat”. Did you mean Rabat?"]}),
    ("relations", {"to_organisation": "Qqqqq"},
     {"to_organisation": [
         "We know no organisation called “Qqqqq”. Add it first, or look at how it is written."]}),
    ("relations", {"to_organisation": "Twin"},
     {"to_organisation": ["“Twin” could be several. Write one of these: Twin [twin-fr], Twin [twin-it]."]}),
    ("relations", {"type": "loves"}, {"type": ["Select a valid choice. loves is not one of the available choices."]}),
    ("relations", {"from_organisation": "Rabat", "type": "twinned_with", "to_organisation": "Sfax"},
     {"__all__": ["This is there already for the same time: Sfax – Rabat (without dates)."
                  " Change that one instead, or correct the dates."]}),
    ("organisations", {"name": "x" * 10_000},
     {"name": ["Ensure this value has at most 300 characters (it has 10000)."]}),
    ("organisations", {"name": "Sfax", "kind": "city", "country": "TN"},
     {"name": ["Sfax is there already. Look at it before you add another one: its address ends in sfax."]}),
    ("organisations", {"source_url": "geonames ; javascript:alert(1)"}, {"source_url": ["Enter a valid URL."]}),
    ("organisations", {"website": "javascript:alert(1)"}, {"website": ["Enter a valid URL."]}),
    ("organisations", {"website": "ftp://example.org"},
     {"website": ["Write an address that begins with http:// or https://."]}),
    ("organisations", {"latitude": "91"}, {"latitude": ["A latitude lies between -90 and 90."]}),
    ("projects", {"title_en": " "}, {"title": ["Write it in at least one language."]}),
    ("projects", {"title_ar": "x" * 501}, {"title": ["العربية: 501 characters are too many; 500 at most."]}),
    ("projects", {"start": "2020", "end": "2019"}, {"end": ["The project ends before it begins."]}),
    ("events", {"languages": "Castlelano"}, {"languages": ["We do not know “Castlelano”. Did you mean Spanish?"]}),
    ("projects", {"countries": "Frnace"}, {"countries": ["We do not know “Frnace”. Did you mean France?"]}),
    ("projects", {"currency": "€"},
     {"currency": ["Write the three letters of the currency: EUR, MAD, TND."]}),
    ("projects", {"parts": ["Sfax", "sfax"], "parts_role": ["lead", "partner"]}, {"parts": ["Sfax is there twice."]}),
    ("projects", {"parts": ["Sfax", "AMB"], "parts_role": ["lead", "lead"]},
     {"parts": ["Only one can lead. Make the others partners."]}),
    ("projects", {"parts": ["Sfax"], "parts_money": ["a lot"]},
     {"parts": ["“a lot” is no sum of money. Write digits only, with a point before the cents: 120000.50"]}),
    ("calls", {"cofinancing_rate": "80"},
     {"cofinancing_rate": ["Ensure this value is less than or equal to 1."]}),
    ("agreements", {"signed": "2020", "ends": "2019"}, {"ends": ["The agreement ends before it was signed."]}),
    ("people", {"name": "", "organisation": "Sfax"}, {"name": ["Write a name or a post."]}),
    ("figures", {"year": ""}, {"year": ["Say of which year it is: a number without one soon misleads."]}),
    ("figures", {"year": "20240"}, {"year": ["Ensure this value is less than or equal to 2200."]}),
    ("needs", {"organisation": ""}, {"organisation": ["This field is required."]}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "wrong", "errors"), WRONG)
def test_what_is_wrong_is_said(cast: Cast, kind: str, wrong: dict[str, Any], errors: dict[str, list[str]]) -> None:
    make_organisation("Twin", slug="twin-fr", country="FR")
    make_organisation("Twin", slug="twin-it", country="IT")
    make_relation(cast.sfax, "twinned_with", next(iter(cast.outsider.memberships.all())).organisation)
    answer = cast.client("officer").post(reverse(f"staff:{kind}_add"), {**LEAST[kind], **wrong})
    assert answer.status_code == 200
    assert answer.context["form"].errors == errors


def test_a_thing_is_no_part_of_itself(cast: Cast) -> None:
    body = make_organisation("Board", kind="body", parent=cast.amb)
    address = reverse("staff:change", kwargs={"public_id": cast.amb.public_id})
    answer = cast.client("officer").post(address, {"name": "AMB", "parent": "Board", "kind": "city"})
    amb = "Àrea Metropolitana de Barcelona"
    assert answer.context["form"].errors == {
        "parent": [
            f"This goes round in a circle: {amb} → Board → {amb}."
            " Correct one of these relations, or give them dates that do not meet."
        ]
    }
    body.refresh_from_db()
    assert body.parent == cast.amb


def packed(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


REFUSED = "We take PDF, Word, Excel, PowerPoint, OpenDocument, CSV, plain text, PNG and JPEG. This file is none."
FILES: list[tuple[str, bytes, str]] = [
    ("page.html", b"<html><script>alert(1)</script>", REFUSED),
    ("picture.svg", b"<svg/>", REFUSED),
    ("program.exe", b"MZ\x90\x00", REFUSED),
    ("notes.txt", b"\x00\x01binary", REFUSED),
    ("archive.zip", packed(readme="x"), REFUSED),
    ("cut.docx", packed(word__document="x")[:20], REFUSED),
    ("picture.png", b"\x89PNG\r\n\x1a\nbroken", REFUSED),
    ("empty.txt", b"", "The submitted file is empty."),
]


@pytest.mark.parametrize(("name", "content", "message"), FILES, ids=[name for name, _, _ in FILES])
def test_files_that_are_not_taken(cast: Cast, name: str, content: bytes, message: str) -> None:
    address = reverse("staff:document_add", kwargs={"public_id": cast.sfax.public_id})
    answer = cast.client("officer").post(address, {"file": SimpleUploadedFile(name, content), "title": "x"})
    assert answer.status_code == 200
    assert answer.context["form"].errors == {"file": [message]}
    assert not Document.objects.exists()


def test_a_file_of_more_than_25_mb_is_not_taken(cast: Cast) -> None:
    address = reverse("staff:document_add", kwargs={"public_id": cast.sfax.public_id})
    big = SimpleUploadedFile("big.txt", b"a" * (MOST_BYTES + 1))
    answer = cast.client("officer").post(address, {"file": big})
    assert answer.context["form"].errors == {
        "file": ["The file is larger than 25 MB. Send a smaller one, or give its web address."]
    }


def test_a_file_is_kept_privately_under_no_name_of_its_sender(cast: Cast, settings: Any) -> None:
    address = reverse("staff:document_add", kwargs={"public_id": cast.sfax.public_id})
    upload = SimpleUploadedFile("../../étude <b>.TXT", "Aigües pluvials".encode())
    answer = cast.client("contact").post(address, {"file": upload, "language": "ca", "kind": "study"})
    assert answer.status_code == 302, answer.context["form"].errors
    document = Document.objects.get()
    assert (document.title, document.file_name) == ("étude <b>", "étude <b>.txt")
    assert (document.text, document.size_bytes, document.added_by) == ("", 16, cast.contact)
    assert read_next_document()
    document.refresh_from_db()
    assert document.text == "Aigües pluvials"
    assert str(settings.HOME.documents) in document.file.path
    assert "tude" not in document.file.name
    assert (document.record, document.visibility, document.language) == (cast.sfax.public_id, "public", "ca")
    page = cast.client("contact").get(reverse("staff:change", kwargs={"public_id": cast.sfax.public_id}))
    assert "étude &lt;b&gt;" in page.text
    removed = cast.client("contact").post(reverse("staff:remove", kwargs={"public_id": document.public_id}))
    assert removed.status_code == 302
    assert not Document.objects.exists()
