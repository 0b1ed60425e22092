"""The search of the EU's Funding and Tenders portal: calls that are forthcoming or open; since a day, closed ones too.

Its public key is ``SEDIA``, told on the portal's page for developers.
"""

from __future__ import annotations

import json
from itertools import count
from typing import Any
from urllib.parse import urlencode

from .http import Client, Question
from .pages import Visit, kept_page

ADDRESS = "https://api.tech.ec.europa.eu/search-api/prod/rest/search"
KEPT = 30
TAKES_SINCE = True
NEEDS_KEY = ""
_PAGE_SIZE = 100
_MOST_PAGES = 1_000
_BOUNDARY = "sympolis-8d1f0c52"
_GRANTS = ["1", "2", "8"]
_STATUSES = {"forthcoming": "31094501", "open": "31094502", "closed": "31094503"}


def fetch(client: Client, visit: Visit) -> None:
    """Every page of every status, in files named by both."""
    for status in ("forthcoming", "open", *(("closed",) if visit.since else ())):
        for number in count(1):
            file = visit.folder / f"portal-{status}-{number:04}.json"
            page = json.loads(kept_page(client, file, _question(visit, status, number), _page))
            visit.tell(file.name)
            results = page["results"]
            if not results or number * _PAGE_SIZE >= int(page.get("totalResults") or 0) or number == _MOST_PAGES:
                break


def _page(raw: bytes) -> None:
    page = json.loads(raw)
    if not isinstance(page, dict) or not isinstance(page.get("results"), list):
        raise ValueError("it has no results")


def _question(visit: Visit, status: str, number: int) -> Question:
    must: list[Any] = [{"terms": {"type": _GRANTS}}, {"terms": {"status": [_STATUSES[status]]}}]
    if visit.since and status == "closed":
        must.append({"range": {"deadlineDate": {"gte": f"{visit.since}T00:00:00.000+0000"}}})
    asked = {
        "query": {"bool": {"must": must}},
        "languages": ["en"],
        "sort": {"field": "identifier", "order": "ASC"},
    }
    where = urlencode({"apiKey": "SEDIA", "text": "***", "pageSize": _PAGE_SIZE, "pageNumber": number})
    kind = f"multipart/form-data; boundary={_BOUNDARY}"
    return Question(f"{visit.address}?{where}", {"Content-Type": kind, "Accept": "application/json"}, _form(asked))


def _form(fields: dict[str, Any]) -> bytes:
    """A form whose fields are JSON, as the search wants it."""
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="blob"\r\n'
        f"Content-Type: application/json\r\n\r\n{json.dumps(value)}\r\n"
        for name, value in fields.items()
    ]
    return ("".join(parts) + f"--{_BOUNDARY}--\r\n").encode()
