"""Positions: who signed what, to whom, on their pages, in the brief, out of a spreadsheet and in the index."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation, Position
from sympolis.office.directory.search_documents import position_documents
from tests.cast import Cast
from tests.factories import make_organisation
from tests.office.imports.bringing import bring
from tests.web.public.test_as_of import page

LIST = "/en/positions/"


def signed(title: str, *who: Organisation, year: int = 2024, **fields: Any) -> Position:
    made = Position.objects.create(
        title=Text.of(en=title), adopted_earliest=date(year, 1, 1), adopted_latest=date(year, 12, 31), **fields
    )
    made.signatories.set(who)
    return made


def test_a_page_says_who_signed_to_whom_and_what_came_of_it(cast: Cast) -> None:
    hidden = make_organisation("Zuhaitz", visibility="office")
    union = make_organisation("Union for the Mediterranean", kind="intergovernmental")
    one = signed("Water for all", cast.amb, cast.sfax, hidden, addressed_to=union, text=Text.of(en="We ask for it."))
    shown = cast.client("visitor").get(page("position", one))
    assert [str(each) for each in shown.context["signatories"]] == ["Àrea Metropolitana de Barcelona", "Sfax"]
    assert shown.context["addressed_to"] == union
    assert "We ask for it." in shown.text
    assert "Nobody has written down yet what came of it." in shown.text
    assert "Zuhaitz" not in shown.text
    assert "Zuhaitz" in cast.client("officer").get(page("position", one)).text
    Position.objects.update(addressed_to=hidden, outcome=Text.of(fr="Rien"))
    shown = cast.client("visitor").get(page("position", one))
    assert shown.context["addressed_to"] is None
    assert '<span lang="fr" dir="ltr">Rien</span>' in shown.text


def test_the_list_is_searched_and_the_latest_comes_first(cast: Cast) -> None:
    signed("Old water", cast.amb, year=2019, themes=("water",))
    signed("New water", cast.sfax, year=2025)
    signed("The office's own", cast.sfax, visibility="office")

    def titles(query: str = "", who: str = "visitor") -> list[str]:
        return [str(one) for one in cast.client(who).get(LIST + query).context["listing"].page]

    assert titles() == ["New water", "Old water"]
    assert titles(who="officer") == ["New water", "The office's own", "Old water"]
    assert titles("?q=OLD") == titles("?theme=water") == ["Old water"]


def test_it_stands_on_the_pages_of_who_signed_and_of_whom_it_is_addressed_to(cast: Cast) -> None:
    one = signed("Water for all", cast.amb, addressed_to=cast.sfax)
    signed("Secret", cast.amb, visibility="office")
    for organisation in (cast.amb, cast.sfax):
        facts = cast.client("visitor").get(page("organisation", organisation)).context["facts"]
        assert [fact.public_id for fact in facts["positions"]] == [one.public_id]
    other = make_organisation("Tunis")
    assert "positions" not in cast.client("visitor").get(page("organisation", other)).context["facts"]


def test_few_queries_whatever_the_data(cast: Cast, django_assert_max_num_queries: Callable[..., Any]) -> None:
    for size in (1, 10):
        for number in range(size):
            one = signed(f"Position {number}", *(make_organisation(f"{size} {number} {at}") for at in range(3)),
                         addressed_to=cast.sfax)  # fmt: skip
        for who in ("visitor", "officer"):
            for address in (LIST, page("position", one), page("organisation", cast.sfax)):
                client = cast.client(who)
                with django_assert_max_num_queries(12, info=f"{who} {address}"):
                    assert client.get(address).status_code == 200


def test_a_spreadsheet_of_positions(cast: Cast) -> None:
    table = """signataires,title,title_ca,adopted_on,addressed_to_id,themes,outcome,language
AMB; Sfax,L'eau pour tous,Aigua per a tothom,2024-03,Sfax,water,Entendue,fr
"""
    assert [(run.created, run.unchanged) for run in (bring("positions", table), bring("positions", table))] == [
        (1, 0), (0, 1),
    ]  # fmt: skip
    one = Position.objects.get()
    assert one.title.plain() == {"fr": "L'eau pour tous", "ca": "Aigua per a tothom"}
    assert (str(one.adopted), one.addressed_to, one.themes) == ("2024-03", cast.sfax, ("water",))
    assert (one.outcome.plain(), set(one.signatories.all())) == ({"fr": "Entendue"}, {cast.amb, cast.sfax})


def test_the_index_has_its_words_and_its_note_for_the_office_alone(cast: Cast) -> None:
    one = signed("Water", cast.amb, text=Text.of(en="Rivers"), outcome=Text.of(en="Heard"), note="Hush")
    public, office = position_documents(one)
    assert public.kind == "position"
    for word in ("Rivers", "Heard", cast.amb.name):
        assert word in str(public)
    assert "Hush" not in str(public)
    assert "Hush" in str(office)
    assert office.audiences == ("office",)
