"""The archives that CORDIS publishes anew every month. https://cordis.europa.eu/projects"""

from __future__ import annotations

from .http import Client, Question
from .pages import Visit, kept_download

ADDRESS = "https://cordis.europa.eu/data"
KEPT = 1
TAKES_SINCE = False
NEEDS_KEY = ""
_ARCHIVES = ("cordis-fp7projects-csv.zip", "cordis-h2020projects-csv.zip", "cordis-HORIZONprojects-csv.zip")
_MOST_BYTES = 2 << 30


def fetch(client: Client, visit: Visit) -> None:
    """The archives, each in its file."""
    for name in _ARCHIVES:
        kept_download(client, visit, name, Question(f"{visit.address}/{name}"), _MOST_BYTES)
