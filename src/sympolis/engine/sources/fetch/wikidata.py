"""Wikidata's query service, country by country: twin towns (P190), memberships of places (P463), names of both.

https://www.wikidata.org/wiki/Wikidata:SPARQL_query_service/WDQS_user_manual; its rules for agents ask for a contact.
"""

from __future__ import annotations

import json
from itertools import count
from urllib.parse import urlencode

from babel import Locale

from .http import Client, Question
from .pages import Visit, kept_page

ADDRESS = "https://query.wikidata.org/sparql"
KEPT = 1
TAKES_SINCE = False
NEEDS_KEY = ""
_ROWS = 5_000
_MOST_PAGES = 200
_NO_COUNTRIES = {"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA", "AN"}
_LANGUAGES = (
    "en", "ca", "es", "fr", "ar", "de", "it", "pt", "nl", "el", "tr", "he", "sr", "hr", "pl", "ro", "ru", "uk",
)  # fmt: skip

_DATES = """
  OPTIONAL {{ ?statement pqv:P580 [ wikibase:timeValue ?since ; wikibase:timePrecision ?sincePrecision ] }}
  OPTIONAL {{ ?statement pqv:P582 [ wikibase:timeValue ?until ; wikibase:timePrecision ?untilPrecision ] }}"""
_TWINS = (
    """SELECT DISTINCT ?from ?twin ?since ?sincePrecision ?until ?untilPrecision {{
  ?land wdt:P297 "{country}" . ?from wdt:P17 ?land ; p:P190 ?statement . ?statement ps:P190 ?twin ."""
    + _DATES
    + "\n}} ORDER BY ?from ?twin ?since LIMIT {rows} OFFSET {offset}"
)
_MEMBERS = (
    """SELECT DISTINCT ?from ?network ?since ?sincePrecision ?until ?untilPrecision {{
  ?land wdt:P297 "{country}" . ?from wdt:P17 ?land ; wdt:P1082 [] ; p:P463 ?statement . ?statement ps:P463 ?network .
  FILTER NOT EXISTS {{ ?from wdt:P297 [] }}"""
    + _DATES
    + "\n}} ORDER BY ?from ?network ?since LIMIT {rows} OFFSET {offset}"
)
_NAMES = """SELECT DISTINCT ?item ?label ?itemCountry ?itemCoord ?itemGeonames {{
  ?land wdt:P297 "{country}" . ?item wdt:P17 ?land ; (wdt:P190|wdt:P463) [] ; wdt:P1082 [] ; rdfs:label ?label .
  FILTER(LANG(?label) IN ({languages})) FILTER NOT EXISTS {{ ?item wdt:P297 [] }}
  BIND("{country}" AS ?itemCountry)
  OPTIONAL {{ ?item wdt:P625 ?itemCoord }} OPTIONAL {{ ?item wdt:P1566 ?itemGeonames }}
}} ORDER BY ?item ?label LIMIT {rows} OFFSET {offset}"""
_NETWORK_NAMES = """SELECT DISTINCT ?network ?networkLabel ?from {{
  ?land wdt:P297 "{country}" . ?from wdt:P17 ?land ; wdt:P1082 [] ; wdt:P463 ?network .
  FILTER NOT EXISTS {{ ?from wdt:P297 [] }}
  ?network rdfs:label ?networkLabel . FILTER(LANG(?networkLabel) IN ({languages}))
}} ORDER BY ?network ?networkLabel ?from LIMIT {rows} OFFSET {offset}"""
_QUESTIONS = {"twins": _TWINS, "members": _MEMBERS, "names": _NAMES, "networks": _NETWORK_NAMES}


def fetch(client: Client, visit: Visit) -> None:
    """Every question for every country, page by page."""
    for country in countries():
        for topic, question in _QUESTIONS.items():
            for number in count(1):
                file = visit.folder / f"wikidata-{topic}-{country}-{number:04}.json"
                told = kept_page(client, file, _asked(visit, question, country, number), _bindings)
                visit.tell(file.name)
                if len(_bindings(told)) < _ROWS or number == _MOST_PAGES:
                    break


def countries() -> list[str]:
    """ISO 3166-1 codes of countries and territories."""
    codes = (str(code) for code in Locale.parse("en").territories)
    return sorted(code for code in codes if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES)


def _bindings(raw: bytes) -> list[object]:
    """The rows. Raises ValueError for an answer that broke off: the service ends such with words of its own."""
    answer = json.loads(raw)
    try:
        rows: list[object] = answer["results"]["bindings"]
    except (KeyError, TypeError) as error:
        raise ValueError("it has no bindings") from error
    return rows


def _asked(visit: Visit, question: str, country: str, number: int) -> Question:
    languages = ", ".join(f'"{code}"' for code in _LANGUAGES)
    query = question.format(country=country, languages=languages, rows=_ROWS, offset=(number - 1) * _ROWS)
    headers = {
        "Accept": "application/sparql-results+json",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return Question(visit.address, headers, urlencode({"query": query}).encode())
