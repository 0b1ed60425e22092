"""A gazetteer made once for all processes of a run, whatever home they build in: making it takes some seconds."""

import fcntl
from pathlib import Path

from sympolis.engine.resolve.gazetteer import Gazetteer

FOLDER = Path(__file__).parents[1] / "build" / "tests" / "gazetteer"


def shared_gazetteer(folder: Path = FOLDER) -> Gazetteer:
    """The same for every home."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return Gazetteer(FOLDER)
