"""Files sent by programs: logos and documents, judged by the forms of the pages, at once or for the office to read."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from sympolis.office.core.models import Document, Proposal, User
from sympolis.office.core.proposals import documents as proposed_documents
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Agreement
from tests.cast import Cast, let_propose
from tests.web.api.test_writing import Program

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


def picture(colour: str = "navy") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 30), colour).save(out, "PNG")
    return SimpleUploadedFile("logo.png", out.getvalue() + b"<script>", "image/png")


def text(words: bytes = b"The words in it", name: str = "../pact.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, words, "text/plain")


def send(user: User, path: str, scope: str = "write", method: str = "post", version: str = "*", **sent: Any) -> Any:
    headers = {
        "Authorization": f"Bearer {Program(user, scope).written}",
        "If-Match": version,
        **sent.pop("headers", {}),
    }
    return getattr(Client(enforce_csrf_checks=True), method)(f"/api/v1{path}", sent or None, headers=headers)


@pytest.fixture
def pact(cast: Cast) -> Agreement:
    found = Agreement.objects.create(title=Text.of(en="Water"), kind="other")
    found.parties.add(cast.sfax)
    return found


def test_a_logo_is_made_afresh_and_taken_away(cast: Cast) -> None:
    path = f"/organisations/{cast.sfax.public_id}"
    assert send(cast.officer, f"{path}/logo", version='"older"', logo=picture()).status_code == 412
    answer = send(cast.officer, f"{path}/logo", logo=picture())
    assert answer.status_code == 200, answer.content
    cast.sfax.refresh_from_db()
    with cast.sfax.logo.open() as kept:
        content = kept.read()
    assert (b"<script>" in content, answer.json()["logo"]) == (False, cast.sfax.logo.url)
    refused = send(cast.officer, f"{path}/logo", logo=SimpleUploadedFile("logo.svg", SVG))
    assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")
    assert refused.json()["errors"][0]["message"] == (
        "This file is no picture we can read. Choose a PNG, JPEG, GIF or WebP file."
    )
    assert send(cast.officer, f"{path}/logo").status_code == 422
    large = SimpleUploadedFile("logo.png", b"\x89PNG" + bytes(5 * 2**20), "image/png")
    assert "5 MB" in send(cast.officer, f"{path}/logo", logo=large).json()["errors"][0]["message"]
    assert send(cast.officer, f"{path}/logo", method="delete").json()["logo"] == ""
    cast.sfax.refresh_from_db()
    assert not cast.sfax.logo


def test_who_may_send_a_logo(cast: Cast) -> None:
    path = f"/organisations/{cast.sfax.public_id}/logo"
    codes = {who: send(getattr(cast, who), path, logo=picture()).status_code
             for who in ("participant", "outsider", "contact", "officer")}  # fmt: skip
    assert codes == {"participant": 403, "outsider": 403, "contact": 200, "officer": 200}
    assert Client().post(f"/api/v1{path}", {"logo": picture()}).status_code == 401
    assert send(cast.officer, path, scope="read", logo=picture()).status_code == 403
    waits = send(let_propose(cast), path, logo=picture("red"))
    assert (waits.status_code, [one["field"] for one in waits.json()["changes"]]) == (202, ["logo"])
    assert waits["Location"] == waits.json()["url"]


def test_a_document_is_hung_on_a_record_once(cast: Cast, pact: Agreement) -> None:
    path, key = f"/records/{pact.public_id}/documents", {"headers": {"Idempotency-Key": "one"}}
    answer = send(cast.officer, path, file=text(), kind="minutes", language="fr", visibility="public", **key)
    assert answer.status_code == 201, answer.content
    document = Document.objects.get()
    assert (document.record, document.file_name, document.title, document.kind, document.language) == (
        pact.public_id, "pact.txt", "pact", "minutes", "fr",
    )  # fmt: skip
    assert (document.visibility, document.added_by, answer["Location"]) == (
        "public", cast.officer, f"/api/v1/documents/{document.public_id}",
    )  # fmt: skip
    again = send(cast.officer, path, file=text(), kind="minutes", language="fr", visibility="public", **key)
    assert (again.json(), Document.objects.count()) == (answer.json(), 1)
    other = send(cast.officer, path, file=text(b"Other words"), **key)
    assert (other.status_code, Document.objects.count()) == (422, 1)
    replaced = send(cast.officer, f"/documents/{document.public_id}/file", file=text(b"a;b", "new.csv"))
    assert (replaced.json()["file_name"], replaced.json()["size_bytes"]) == ("new.csv", 3)


def test_what_is_wrong_with_a_document_is_told(cast: Cast, pact: Agreement) -> None:
    path = f"/records/{pact.public_id}/documents"
    svg = send(cast.officer, path, file=SimpleUploadedFile("a.svg", SVG))
    said = {**svg.json()["errors"][0]}
    assert (svg.status_code, said["field"], said["message"][:12]) == (422, "file", "We take PDF,")
    kind = send(cast.officer, path, file=text(), kind="letter of love").json()["errors"][0]
    assert (kind["pointer"], "One of: " in kind["mend"]) == ("/kind", True)
    unknown = send(cast.officer, path, file=text(), visiblity="office")
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/visiblity")
    assert send(cast.officer, "/records/agr_aaaaaaaaaaaa/documents", file=text()).status_code == 404
    headers = {"Authorization": f"Bearer {Program(cast.officer).written}"}
    broken = Client().generic("POST", f"/api/v1{path}", b"no form", content_type="multipart/form-data", headers=headers)
    assert (broken.status_code, broken["Content-Type"]) == (400, "application/problem+json")
    too_large = Client().generic(
        "POST", f"/api/v1{path}", b"x", content_type="multipart/form-data; boundary=x", headers=headers,
        CONTENT_LENGTH=27 * 2**20,
    )  # fmt: skip
    assert (too_large.status_code, "26 MB" in too_large.json()["detail"]) == (413, True)
    assert Document.objects.count() == 0


def test_of_who_only_proposes_the_office_reads_it_first(
    cast: Cast, pact: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/records/{pact.public_id}/documents"
    codes = {who: send(getattr(cast, who), path, file=text()).status_code for who in ("participant", "outsider")}
    assert codes == {"participant": 403, "outsider": 403}
    intern = let_propose(cast)
    waits = send(intern, path, file=text(), visibility="public")
    document = Document.objects.get()
    assert (waits.status_code, waits.json()["record"], document.visibility, document.confirmed) == (
        202, document.public_id, "office", False,
    )  # fmt: skip
    assert {one["field"]: one["state"] for one in waits.json()["changes"]} == {
        "confirmed": "waiting", "visibility": "waiting",
    }  # fmt: skip
    monkeypatch.setattr(proposed_documents, "MOST_WAITING", 1)
    assert send(intern, path, file=text()).status_code == 409
    assert (Document.objects.count(), Proposal.objects.count()) == (1, 1)
