"""keep.eu's open data: programmes, projects and partners of Interreg, a file for each period.

https://keep.eu, under "API. How to access keep.eu data in Open Data format"; keep.eu gives the key on request.
"""

from __future__ import annotations

from urllib.parse import urlencode

from .http import Client, Question
from .pages import Visit, kept_download

ADDRESS = "https://keep.eu/api/open-data"
KEPT = 1
TAKES_SINCE = False
NEEDS_KEY = "SYMPOLIS_KEEP_KEY"
_PERIODS = ("2000-2006", "2007-2013", "2014-2020", "2021-2027")
_MOST_BYTES = 4 << 30


def fetch(client: Client, visit: Visit) -> None:
    """The periods, each in its file."""
    for period in _PERIODS:
        asked = urlencode({"key": visit.key, "period": period})
        question = Question(f"{visit.address}?{asked}", {"Accept": "application/json"})
        kept_download(client, visit, f"keep-{period}.json", question, _MOST_BYTES)
