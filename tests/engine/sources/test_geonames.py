"""Cities, regions and countries out of GeoNames."""

import json
import random
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sympolis.engine import sources
from sympolis.engine.model import Place, Provenance
from sympolis.engine.sources import BUNDLED, Reject, geonames, read_source

SAMPLE = Path(sources.__file__).parent / "geonames" / "sample"


@pytest.fixture(scope="module")
def bundled() -> dict[str, Place]:
    rejects: list[Reject] = []
    places = list(read_source("geonames", [BUNDLED["geonames"]], rejects))
    assert rejects == []
    assert all(isinstance(place, Place) for place in places)
    return {place.id: place for place in places if isinstance(place, Place)}


def test_what_comes_with_the_package_needs_no_file(bundled: dict[str, Place]) -> None:
    kinds = Counter(place.kind for place in bundled.values())
    assert kinds["country"] == 252
    assert kinds["city"] > 33_000
    assert min(place.population or 0 for place in bundled.values() if place.kind == "city") < 15_000  # small capitals


def test_cities_have_their_names_in_every_script(bundled: dict[str, Place]) -> None:
    barcelona = bundled["geonames:3128760"]
    assert (barcelona.name, barcelona.kind, barcelona.country) == ("Barcelona", "city", "ES")
    assert {"Barcelone", "برشلونة", "Барселона", "Βαρκελώνη", "巴塞罗那"} <= set(barcelona.aliases)
    assert "BCN" not in barcelona.aliases
    assert barcelona.identifiers == ("geonames:3128760",)
    assert (round(barcelona.latitude or 0, 1), round(barcelona.longitude or 0, 1)) == (41.4, 2.2)


def test_countries_have_their_names_in_many_languages(bundled: dict[str, Place]) -> None:
    tunisia = next(one for one in bundled.values() if one.kind == "country" and one.country == "TN")
    wanted = ("en", "ca", "es", "fr", "ar", "el", "tr")
    assert [tunisia.names[language] for language in wanted] == [
        "Tunisia", "Tunísia", "Túnez", "Tunisie", "تونس", "Τυνησία", "Tunus",
    ]  # fmt: skip


def test_a_file_may_ask_for_larger_cities_only(tmp_path: Path) -> None:
    (tmp_path / "geonames.json").write_text('{"minimum_population": 5000000}')
    places = [place for place in read_source("geonames", [tmp_path]) if isinstance(place, Place)]
    cities = [place.population or 0 for place in places if place.kind == "city"]
    assert min(cities) >= 5_000_000
    assert [place.id for place in places if place.name == "Cairo"] == ["geonames:360630"]


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"minimum_population": "many"}', '{"minimum_population": 1}', "\0"]
)
def test_an_order_nobody_understands_is_rejected(tmp_path: Path, content: str) -> None:
    (tmp_path / "geonames.json").write_text(content)
    rejects: list[Reject] = []
    assert list(read_source("geonames", [tmp_path], rejects)) == []
    assert rejects == [Reject("geonames.json", 0, 'It should say {"minimum_population": N}, with N from 500 on.')]


def test_dumps_are_read_field_by_field_loose_or_zipped(tmp_path: Path) -> None:
    rejects: list[Reject] = []
    town, region = read_source("geonames", [SAMPLE], rejects)
    assert rejects == []
    assert town == Place(
        id="geonames:90000001",
        name="Vilanova del Port",
        kind="city",
        provenance=Provenance("geonames", "90000001", "https://www.geonames.org/90000001"),
        aliases=("Villanueva del Puerto", "فيلانوفا", "Вилануэва"),
        country="ES",
        latitude=41.2,
        longitude=1.7,
        population=66_000,
        identifiers=("geonames:90000001",),
    )
    assert isinstance(region, Place)
    assert (region.name, region.kind) == ("Costa Province", "region")
    with zipfile.ZipFile(tmp_path / "cities500.zip", "w") as archive:
        archive.write(SAMPLE / "cities500.txt", "cities500.txt")
    assert list(read_source("geonames", [tmp_path])) == [town, region]
    assert sources.cordis.files(tmp_path) == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1\ttwo", "The line has 2 columns, not 19."),
        ("x\tTown\t\t\t1\t1\tP\tPPL\tES\t\t\t\t\t\t9999\t\t\t\t", "'x' is no number of GeoNames."),
        ("1\tTown\t\t\t95\t1\tP\tPPL\tES\t\t\t\t\t\t9999\t\t\t\t", "95.0, 1.0 is off the map."),
        ("1\tTown\t\t\tnorth\t1\tP\tPPL\tES\t\t\t\t\t\t9999\t\t\t\t", "'north', '1' are no coordinates."),
        ("1\t \t\t\t1\t1\tP\tPPL\tES\t\t\t\t\t\t9999\t\t\t\t", "The place 1 has no name."),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(tmp_path: Path, line: str, reason: str) -> None:
    file = tmp_path / "XX.txt"
    file.write_text((SAMPLE / "cities500.txt").read_text("utf-8") + line + "\n", "utf-8")
    rejects: list[Reject] = []
    assert len(list(read_source("geonames", [tmp_path], rejects))) == 2
    assert rejects == [Reject("XX.txt", 6, reason)]


def test_noise_is_not_taken_and_rejected_where_it_is_read(tmp_path: Path) -> None:
    for name in ("noise.txt", "noise.zip"):
        (tmp_path / name).write_bytes(random.Random(11).randbytes(10 << 20))
        rejects: list[Reject] = []
        assert list(geonames.read(tmp_path / name, rejects)) == []
        assert rejects != []
    assert geonames.files(tmp_path) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.text(max_size=8), min_size=19, max_size=19), st.binary(max_size=200))
def test_anything_is_read_or_rejected(tmp_path: Path, cells: list[str], noise: bytes) -> None:
    line = "\t".join(["7", "Town", "", cells[3], "1", "2", "P", "PPL", cells[8], *cells[9:14], "900", *cells[15:]])
    (tmp_path / "a.txt").write_bytes(
        f"{line}\n".encode("utf-8", "replace") + "\t".join(cells).encode("utf-8", "replace")
    )
    (tmp_path / "b.txt").write_bytes(noise)
    (tmp_path / "geonames.json").write_bytes(b"{" + noise)
    for name in ("a.txt", "b.txt", "geonames.json"):
        for place in geonames.read(tmp_path / name, []):
            assert place.id.startswith("geonames:")


def test_the_order_that_is_shipped_is_what_the_docs_say() -> None:
    [file] = BUNDLED["geonames"].glob("*")
    assert json.loads(file.read_text()) == {"minimum_population": 15_000}
