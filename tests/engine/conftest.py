"""Encoders are loaded once; vectors are kept for the whole run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sympolis.engine.model import Item, ItemKind, Stage
from sympolis.engine.resolve.gazetteer import Gazetteer
from sympolis.engine.texts.encoders import FAST
from sympolis.engine.texts.vectors import Vectors
from tests.gazetteer import shared_gazetteer


@pytest.fixture(scope="session")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Vectors:
    """The fast encoder with a memory."""
    return Vectors(tmp_path_factory.mktemp("vectors"), (FAST,))


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """Of all towns."""
    return shared_gazetteer()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The real data that is not shipped."""
    folder = Path(os.environ.get("SYMPOLIS_SHARED", Path(__file__).parents[3] / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip("the shared data are not on this machine")
    return folder


def item(
    key: str,
    kind: ItemKind,
    title: str,
    *,
    language: str = "en",
    text: str = "",
    stage: Stage = Stage.UNKNOWN,
    themes: tuple[str, ...] = (),
    owner: str = "",
    confirmed: bool = True,
) -> Item:
    """An item as the office would hand it over."""
    return Item(
        id=key,
        kind=kind,
        title={language: title},
        owner_id=owner,
        text={language: text} if text else {},
        stage=stage,
        themes=themes,
        confirmed=confirmed,
    )
