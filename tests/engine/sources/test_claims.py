"""Sources must not take each other's files: somebody may name a folder in which everything lies."""

from pathlib import Path

import pytest

from sympolis.engine import sources
from sympolis.engine.sources import SOURCES

FOLDER = Path(sources.__file__).parent


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_takes_its_own_sample_and_nobody_elses(name: str) -> None:
    taken = SOURCES[name].files(FOLDER)
    samples = [file for file in taken if file.parent.name == "sample"]
    assert {file.parent.parent.name for file in samples} == {name}
    assert samples == SOURCES[name].files(FOLDER / name / "sample")


def test_no_real_file_is_taken_by_two(shared: Path) -> None:
    takers: dict[Path, list[str]] = {}
    for name, source in SOURCES.items():
        for file in source.files(shared):
            takers.setdefault(file, []).append(name)
    assert {file: names for file, names in takers.items() if len(names) > 1} == {}
    by_folder = {
        name: {file.relative_to(shared).parts[0] for file, names in takers.items() if name in names}
        for name in ("facts", "portal", "cordis", "wikidata", "geonames")
    }
    assert by_folder == {
        "facts": {"facts"},
        "portal": {"calls"},
        "cordis": {"cordis"},
        "wikidata": {"twins"},
        "geonames": set(),
    }
