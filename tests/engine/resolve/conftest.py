"""The gazetteer of all tests."""

import pytest

from sympolis.engine.resolve.gazetteer import Gazetteer
from tests.gazetteer import shared_gazetteer


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return shared_gazetteer()
