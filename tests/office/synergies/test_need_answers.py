"""What answers a need is called as strong as its evidence, and the evidence is stored with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import LazySettings

from sympolis.config.home import Home
from sympolis.engine.match import CLEAR, STRONG
from sympolis.office.core.indexing import rebuild
from sympolis.office.core.readers import forget_readers
from sympolis.office.synergies.need_answers import NeedAnswer, answers_to
from tests.cast import Cast
from tests.factories import make_project

ON = date(2026, 3, 3)
NEED = "Els gossos abandonats omplen la canera municipal i no sabem com trobar-los una família. Qui ho ha fet?"
KENNEL = "Abandoned dogs find a family: adoption days at the municipal kennel"
OTHERS = (
    "Bicycle lanes along the river",
    "A library for the old town",
    "Teachers for evening schools",
    "Solar roofs on public housing",
    "Street lamps that switch themselves off",
    "Tram to the university",
    "Health centre for migrants",
    "Digital archive of the harbour",
    "Theatre festival in summer",
    "Water meters in every flat",
    "Young entrepreneurs in the suburbs",
    "Waste sorting at markets",
    "A municipal kindergarten for every family",
    "Housing for young families of the town",
    "Families who take in refugees",
    "Abandoned factories become studios",
    "Municipal nursery of plants",
    "Abandoned wells are closed",
    "Foster families for children",
    "Rats and pigeons in the centre",
    "Cows on municipal pastures",
    "Veterinary school in the new town",
    "A municipal register of families",
    "Empty homes find somebody who lives in them",
)


@pytest.fixture
def indexed(settings: LazySettings, tmp_path: Path) -> Iterator[Callable[[], None]]:
    settings.HOME = Home(tmp_path)  # type: ignore[misc]  # a setting of ours
    yield lambda: rebuild(lambda _name, _done, _total: None)
    forget_readers()


@pytest.fixture
def strangers(cast: Cast) -> None:
    for title in OTHERS:
        make_project(title, cast.amb)


def projects(cast: Cast) -> dict[str, NeedAnswer]:
    answers = answers_to(cast.officer, NEED, ON, kinds=("project",)).answers
    return {one.hit.title.text: one for one in answers}


def test_what_answers_alone_among_strangers_is_strong(cast: Cast, strangers: None, indexed: Callable[[], None]) -> None:
    make_project(KENNEL, cast.sfax)
    indexed()
    found = projects(cast)
    assert next(iter(found)) == KENNEL
    assert found[KENNEL].beyond >= CLEAR
    assert [str(one.strength) for one in found.values()] == ["strong", *["weak"] * (len(found) - 1)]


def test_what_as_many_others_say_stands_out_from_nothing_and_is_fair(
    cast: Cast, strangers: None, indexed: Callable[[], None]
) -> None:
    alike = [KENNEL, *(f"Adoption days for abandoned dogs, year {number}" for number in range(8))]
    for title in alike:
        make_project(title, cast.sfax)
    indexed()
    found = projects(cast)
    assert found[KENNEL].score >= STRONG
    assert found[KENNEL].beyond < CLEAR
    assert str(found[KENNEL].strength) == "fair"
