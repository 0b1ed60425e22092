"""How large a house is: each figure with its year and where it was read, written by who may."""

from __future__ import annotations

from django.urls import reverse

from sympolis.office.directory.models import Figure
from tests.cast import Cast

ADD = reverse("staff:figures_add")
LINES = {"what": "Tram lines", "value": "1200", "unit": "lines", "year": "2024", "organisation": "Sfax",
         "visibility": "public", "source_url": "https://sfax.example/report"}  # fmt: skip


def test_a_figure_stands_on_the_page_with_its_year_and_source(cast: Cast) -> None:
    assert cast.client("officer").post(ADD, LINES).status_code == 302
    figure = Figure.objects.get()
    assert (figure.organisation, figure.value, figure.year) == (cast.sfax, 1200, 2024)
    page = cast.client("visitor").get(cast.sfax.get_absolute_url()).text
    said = page[page.index("<bdi>Tram lines</bdi>") :].partition("</div>")[0]
    assert "1,200" in said
    assert "(2024)" in said
    assert 'href="https://sfax.example/report">sfax.example</a>' in said
    again = cast.client("officer").post(ADD, {**LINES, "what": "TRAM lines"})
    assert again.context["form"].errors == {"what": ["This figure of that year is there already. Change that one."]}
    assert cast.client("officer").post(ADD, {**LINES, "year": "2025"}).status_code == 302
    change = reverse("staff:change", kwargs={"public_id": figure.public_id})
    seen = cast.client("officer").get(change).context["form"].initial["seen"]
    assert cast.client("officer").post(change, {**LINES, "value": "1300", "seen": seen}).status_code == 302
    figure.refresh_from_db()
    assert (figure.value, figure.history.count()) == (1300, 2)


def test_who_writes_figures_of_whom(cast: Cast) -> None:
    Figure.objects.create(organisation=cast.amb, what="Budget", value=7, unit="EUR", visibility="office")
    hidden = reverse("staff:change", kwargs={"public_id": Figure.objects.get().public_id})
    assert cast.client("contact").post(ADD, LINES).status_code == 302
    assert cast.client("contact").post(ADD, {**LINES, "organisation": "AMB"}).context["form"].errors.keys() == {
        "organisation"
    }
    codes = {
        who: (cast.client(who).post(ADD, {**LINES, "year": year}).status_code, cast.client(who).get(hidden).status_code)
        for year, who in enumerate(("administrator", "officer", "contact", "participant", "outsider", "visitor"), 2001)
    }
    assert codes == {
        "administrator": (302, 200), "officer": (302, 200), "contact": (302, 404), "participant": (403, 404),
        "outsider": (200, 404), "visitor": (403, 302),  # with what was typed
    }  # fmt: skip
    added = Figure.objects.filter(organisation=cast.sfax).order_by("year").values_list("year", flat=True)
    assert list(added) == [2001, 2002, 2003, 2024]
