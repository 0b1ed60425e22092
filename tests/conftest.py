"""What every test may ask for: the database, made once from a template, and the cast."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import LazySettings, settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils.translation import override

from sympolis.config.home import Home
from sympolis.engine import atlas
from sympolis.office.core.keeping.migrating import make_tables
from sympolis.office.core.readers import forget_readers
from tests.cast import Cast, make_cast
from tests.factories.world import add_world
from tests.migrated import fingerprint

CHECKOUT = Path(__file__).resolve().parents[1]

# No test fails by the clock: on a busy machine anything takes long once.
hypothesis.settings.register_profile("sympolis", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("sympolis")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow ones first: a long one that begins last leaves the other workers idle. Then those of the browser, together.

    The very first is one of the browser's: it makes the demo that all of these look at, while the other workers are at
    the slow ones rather than waiting for it.
    """
    items.sort(key=lambda item: (not item.get_closest_marker("slow"), not item.get_closest_marker("browser")))
    looks = (at for at, item in enumerate(items) if item.get_closest_marker("browser"))
    if (first := next(looks, None)) is not None:
        items.insert(0, items.pop(first))


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was imported stays to the end: nobody need look again and again whether it is garbage (a fifth of the
    processor time of tests of pages)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Make the tables once in a template, then copy it for every run and every worker.

    Where ``SYMPOLIS_DATABASE`` names a PostgreSQL database of the tests' own, they run there, by one worker.
    """
    if connection.vendor != "sqlite":
        with django_db_blocker.unblock():  # type: ignore[attr-defined]
            if not connection.introspection.table_names():
                make_tables()
                call_command("migrate", verbosity=0)
        yield
        return
    template = CHECKOUT / "build" / "tests" / f"template-{fingerprint()}.sqlite"
    database = tmp_path_factory.mktemp("database") / "test.sqlite"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        if template.exists():
            shutil.copyfile(template, database)
        connection.close()
        connection.settings_dict["NAME"] = str(database)
        connection.settings_dict["TEST"]["NAME"] = str(database)
        if not template.exists():
            make_tables()
            call_command("migrate", verbosity=0)
            connection.close()
            template.parent.mkdir(parents=True, exist_ok=True)
            fresh = template.with_suffix(f".{os.getpid()}.new")
            shutil.copyfile(database, fresh)
            fresh.replace(template)
        # Looked up once a process by whichever page comes first, which would seem to ask three questions more.
        assert connection.features.supports_json_field
        connection.close()
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connection.close()


@pytest.fixture(scope="session", autouse=True)
def one_list_of_places() -> None:
    """Builds of world data in any home take the gazetteer that is there."""
    from sympolis.engine.run import same
    from tests.gazetteer import shared_gazetteer

    same.Gazetteer = shared_gazetteer  # type: ignore[assignment, misc]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A request leaves its language behind: no test begins with that of the one before."""
    with override("en"):
        yield


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    """What is counted a minute is kept in memory, where the tests before left it, for rows of the same number."""
    cache.clear()


@pytest.fixture(autouse=True)
def no_index_left_behind() -> Iterator[None]:
    """A test that indexes does so in a home of its own: tests after it may hold what is found while there is none."""
    yield
    if settings.HOME.index.exists():
        shutil.rmtree(settings.HOME.index)
        pytest.fail("This test left an index behind in the home that all tests share: give it a home of its own.")


@pytest.fixture
def cast(db: None) -> Cast:
    """Who plays in every permission test."""
    return make_cast()


@pytest.fixture(scope="session")
def built_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with world data, built once for the run."""
    home = tmp_path_factory.mktemp("world")
    add_world(home)
    atlas.build(home)
    return home


@pytest.fixture
def world(built_world: Path, tmp_path: Path, settings: LazySettings) -> Iterator[Home]:
    """A home of the test's own with that world data in it."""
    home = Home(tmp_path / "home")
    shutil.copytree(built_world, home.path)
    settings.HOME = home  # type: ignore[misc]
    yield home
    forget_readers()
