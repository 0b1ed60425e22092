"""People as vCards: what goes out, what comes in after a look, and files that do harm or are too large."""

from __future__ import annotations

from typing import Any

import pytest
import vobject
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Department, Person
from sympolis.office.directory.vcards import Card, NoCards, read_cards
from tests.cast import Cast

OLD = """BEGIN:VCARD\r
VERSION:2.1\r
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=A9rida;Anna\r
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Anna M=C3=A9rida\r
ORG:Sfax;Water\r
TEL;CELL:+216 555\r
END:VCARD\r
"""
TOO_LARGE = "This file is larger than 2 MB. Export fewer people at a time, or leave out the photographs."
NEW = """BEGIN:VCARD
VERSION:4.0
FN:Amal
ORG:Sfax
TITLE:Director
EMAIL;TYPE=work:AMAL@example.org
LANG:fr
NOTE:private words
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Nobody's
END:VCARD
"""


@pytest.fixture
def amal(cast: Cast) -> Person:
    unit = Department.objects.create(organisation=cast.sfax, name=Text.of(en="Water; unit"))
    return Person.objects.create(
        organisation=cast.sfax, department=unit, name="Amal\nTEL:666", post=Text.of(en="Engineer"),
        email="amal@example.org", telephone="+216 1", language="ar", note="Late", basis="consent", basis_how="mail",
    )  # fmt: skip


def sent(cast: Cast, content: bytes, **more: str) -> Any:
    file = SimpleUploadedFile("people.vcf", content, "text/vcard")
    return cast.client("officer").post(reverse("staff:vcards"), {"file": file, **more})


def test_one_person_goes_out_and_can_be_read_again(cast: Cast, amal: Person) -> None:
    answer = cast.client("officer").get(reverse("staff:vcard", args=[amal.public_id]))
    assert answer["Content-Type"] == "text/vcard; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="{amal.slug}.vcf"'
    (card,) = vobject.readComponents(answer.content.decode())
    said = {name: [one.value for one in values] for name, values in card.contents.items() if name != "n"}
    assert said == {
        "version": ["4.0"], "uid": [f"urn:sympolis:{amal.public_id}"], "fn": ["Amal TEL:666"],
        "org": [["Sfax", "Water; unit"]], "title": ["Engineer"], "email": ["amal@example.org"], "tel": ["+216 1"],
        "lang": ["ar"],
    }  # fmt: skip
    assert read_cards(answer.content) == [
        Card("Amal TEL:666", "Sfax", "Engineer", "amal@example.org", "+216 1", "ar")
    ]  # fmt: skip


def test_the_people_of_a_house_go_out_to_who_may_change_them(cast: Cast, amal: Person) -> None:
    Person.objects.create(organisation=cast.amb, name="Elsewhere")
    for address in (cast.sfax.public_id, amal.public_id):
        seen = {}
        for who in ("visitor", "outsider", "participant", "contact", "officer"):
            answer = cast.client(who).get(reverse("staff:vcard", args=[address]))
            seen[who] = answer.status_code
            assert "Elsewhere" not in answer.text
            assert ("Amal" in answer.text) is (answer.status_code == 200)
        assert seen == {"visitor": 302, "outsider": 404, "participant": 404, "contact": 200, "officer": 200}


def test_a_file_is_looked_at_before_anything_is_written(cast: Cast, amal: Person) -> None:
    page = sent(cast, (OLD + NEW).encode())
    told = [(one.card.name, one.state, one.differing) for one in page.context["found"]]
    assert told == [
        ("Anna Mérida", "new", ()),
        ("Amal", "differs", (
            ("name", "Amal\nTEL:666", "Amal"), ("language", "ar", "fr"), ("post", "Engineer", "Director"),
        )),
        ("Nobody's", "unclear", ()),
    ]  # fmt: skip
    assert Person.objects.count() == 1
    again = cast.client("officer").post(reverse("staff:vcards"), {"cards": page.context["carried"]})
    assert again.status_code == 302
    anna = Person.objects.get(name="Anna Mérida")
    assert (anna.organisation, anna.telephone, anna.visibility) == (cast.sfax, "+216 555", "office")
    amal.refresh_from_db()
    assert (str(amal.post), amal.language) == ("Engineer", "ar")
    page = sent(cast, (OLD + NEW).encode())
    assert [one.state for one in page.context["found"]] == ["here", "differs", "unclear"]
    cast.client("officer").post(reverse("staff:vcards"), {"cards": page.context["carried"], "take": ["1", "x", "99"]})
    amal.refresh_from_db()
    assert (amal.name, str(amal.post), amal.language, amal.note) == ("Amal", "Director", "fr", "Late")
    assert Person.objects.count() == 2


def test_whose_people_they_are_can_be_said(cast: Cast) -> None:
    page = sent(cast, NEW.encode(), house="AMB")
    assert [(one.card.name, one.organisation) for one in page.context["found"]] == [
        ("Amal", cast.sfax), ("Nobody's", cast.amb),
    ]  # fmt: skip


def test_half_of_it_is_never_done(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    page = sent(cast, NEW.encode(), house="AMB")
    from sympolis.office.directory import vcards

    kept = vcards.keep_person
    monkeypatch.setattr(vcards, "keep_person", lambda one: kept(one) if one.name == "Amal" else 1 / 0)
    with pytest.raises(ZeroDivisionError):
        cast.client("officer").post(reverse("staff:vcards"), {"cards": page.context["carried"]})
    assert Person.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x" * (50 * 2**20), TOO_LARGE),
        (b"a:\n" * 60_000, "This file has more than 50,000 lines. Export fewer people at a time, without photographs."),
        (b"nonsense", "This is no vCard we can read. Export the people again, as a file that ends in .vcf."),
        (b"BEGIN:VCARD\nFN:x\n", "This is no vCard we can read. Export the people again, as a file that ends in .vcf."),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR", "There is nobody in this file. Choose a file that ends in .vcf."),
    ],
    ids=["50 MB", "lines", "nonsense", "cut off", "calendar"],
)  # fmt: skip
def test_a_bad_file_is_refused_with_how_to_mend_it(cast: Cast, content: bytes, said: str) -> None:
    page = sent(cast, content)
    assert (page.status_code, page.context["form"].errors) == (200, {"file": [said]})
    assert Person.objects.count() == 0


def test_hostile_words_are_words(cast: Cast) -> None:
    hostile = (
        "BEGIN:VCARD\nVERSION:3.0\nFN:<script>alert(1)</script>\u202e\nORG:Sfax\nEMAIL:a@b.c\\nBcc: x@y.z\nEND:VCARD"
    )
    page = sent(cast, hostile.encode())
    assert "<script>alert(1)" not in page.text
    (one,) = page.context["found"]
    assert (one.card.name, one.card.email) == ("<script>alert(1)</script>", "")


def test_only_officers_and_only_what_this_page_sent(cast: Cast) -> None:
    address = reverse("staff:vcards")
    seen = {who: cast.client(who).get(address).status_code for who in ("visitor", "participant", "contact", "officer")}
    assert seen == {"visitor": 302, "participant": 403, "contact": 403, "officer": 200}
    assert cast.client("contact").post(address, {"cards": "x"}).status_code == 403
    assert cast.client("officer").post(address, {"cards": "forged:x:y"}).status_code == 404


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda one: f"BEGIN:VCARD\n{one}\nEND:VCARD".encode()))
@settings(max_examples=150)
def test_wild_input_raises_nothing_else(content: bytes) -> None:
    try:
        cards = read_cards(content)
    except NoCards:
        return
    assert cards
