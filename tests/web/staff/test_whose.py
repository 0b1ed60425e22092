"""Lists of the office name no organisation their reader may not see, though what they list is there for everybody."""

from __future__ import annotations

from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Department
from tests.cast import Cast
from tests.factories import make_organisation


def test_a_public_department_of_a_hidden_house(cast: Cast) -> None:
    hidden = make_organisation("Zuhaitz", visibility="office")
    Department.objects.create(organisation=hidden, name=Text.of(en="Water works"))
    Department.objects.create(organisation=cast.sfax, name=Text.of(en="Harbour"))
    for address in ("/en/office/departments/", "/en/office/departments/?format=csv"):
        told = cast.client("contact").get(address)
        text = told.getvalue().decode() if told.streaming else told.text
        assert ("Water works" in text, "Sfax" in text, "Zuhaitz" in text) == (True, True, False), address
        told = cast.client("officer").get(address)
        assert "Zuhaitz" in (told.getvalue().decode() if told.streaming else told.text)
