"""The site every test of pages walks through."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.web.public.site import Site, make_site


@pytest.fixture
def site(cast: Cast) -> Site:
    return make_site(cast)
