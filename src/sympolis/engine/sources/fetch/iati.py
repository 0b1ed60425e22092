"""The IATI datastore: activities that local governments report or take part in, as IATI XML, page by page.

https://developer.iatistandard.org; the key is free of charge.
"""

from __future__ import annotations

from itertools import count
from urllib.parse import urlencode

from lxml import etree

from .http import Client, Question
from .pages import Visit, kept_page

ADDRESS = "https://api.iatistandard.org/datastore/activity/iati"
KEPT = 1
TAKES_SINCE = True
NEEDS_KEY = "SYMPOLIS_IATI_KEY"
_ROWS = 500
_MOST_PAGES = 2_000
_LOCAL_GOVERNMENT = "11"  # in the code list OrganisationType


def fetch(client: Client, visit: Visit) -> None:
    """Pages until one is not full."""
    for number in count(1):
        file = visit.folder / f"iati-{number:04}.xml"
        told = kept_page(client, file, _question(visit, number), _activities)
        visit.tell(file.name)
        if _activities(told) < _ROWS or number == _MOST_PAGES:
            return


def _activities(raw: bytes) -> int:
    """How many activities a page holds. Raises ValueError for what is no whole page."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from error
    if root is None or etree.QName(root).localname != "iati-activities":
        raise ValueError("it holds no activities")
    return len(root.findall("{*}iati-activity"))


def _question(visit: Visit, number: int) -> Question:
    told = f"(reporting_org_type:{_LOCAL_GOVERNMENT} OR participating_org_type:{_LOCAL_GOVERNMENT})"
    if visit.since:
        told += f" AND last_updated_datetime:[{visit.since}T00:00:00Z TO *]"
    asked = urlencode({"q": told, "sort": "iati_identifier asc", "rows": _ROWS, "start": (number - 1) * _ROWS})
    headers = {"Ocp-Apim-Subscription-Key": visit.key, "Accept": "application/xml"}
    return Question(f"{visit.address}?{asked}", headers)
