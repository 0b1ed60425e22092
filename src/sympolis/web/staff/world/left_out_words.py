"""Why a line of a file was left out, in the reader's words.

The engine says it in English, in ``rejects.csv``, and knows no other language. Here its messages stand once more, as
what is translated, with names for the places where it says a value; a reason is told by the message it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from sympolis.office.core.markup import joined, markup

# The first that fits is told, so what says more stands before what says less. “%(value)s” is a text the engine wrote
# between quotes, as Python quotes it; of %(error)s we know only that it is English: a library says it.
MESSAGES = (
    # Files and archives of any source
    _("The archive is cut off or damaged: %(error)s"),
    _("The archive holds %(count)s files, more than %(most)s."),
    _("The archive unpacks to %(count)s bytes, more than %(most)s."),
    _("The archive unpacks to more than %(most)s times its size."),
    _("The archive is locked with a password."),
    _("The text is in UTF-16, not in UTF-8."),
    _("This line is not in UTF-8; it and those like it were read as Windows-1252."),
    _("The file breaks off here: %(error)s"),
    _("The lines %(first)s to %(last)s can't be read: %(error)s."),
    _("There is no list of JSON objects in it."),
    _("The file breaks off or is damaged after %(count)s objects: an object is longer than 16 MB, or no JSON"),
    _("The file breaks off or is damaged after %(count)s objects: the list is not closed"),
    _("The file breaks off or is damaged after %(count)s objects: a comma is missing"),
    _("The file breaks off or is damaged after %(count)s objects: %(error)s"),
    # Tables and workbooks
    _("This is a workbook of an old kind. Save it as XLSX or CSV."),
    _("This is not a table: it holds bytes that are no text."),
    _("This is not a table: %(error)s."),
    _("The table can't be read on from here: %(error)s."),
    _("The workbook unpacks to more than we can read. Save its sheets as CSV."),
    _("The workbook is damaged or locked with a password: %(error)s"),
    _("The sheet can't be read on from here: %(text)s is no number of a row"),
    _("The sheet can't be read on from here: %(error)s"),
    _("There are more than %(count)s rows or %(most)s columns."),
    _("%(field)s: “%(value)s” is no number."),
    _("%(field)s: “%(value)s” is less than nothing."),
    _("%(field)s: “%(value)s” is off the map."),
    _("%(field)s: “%(value)s” is no date."),
    _("%(field)s: “%(value)s” is no country we know."),
    # A table with its mapping
    _("%(field)s: “%(value)s” is no web address."),
    _("max_grant: “%(value)s” is not in euros."),
    _("This row has no title."),
    _("This row has no name."),
    _("This row has no %(field)s."),
    _("This stands twice in this table: the first one counts."),
    _("These columns of the mapping are missing: %(text)s."),
    _("There is no sheet called “%(value)s”."),
    _("%(file)s has no mapping beside it."),
    _("The mapping of %(file)s is not approved."),
    _("%(file)s is too large for a mapping."),
    _("%(file)s is no YAML: %(error)s"),
    _("%(file)s has no columns."),
    _("%(file)s: kind should be one of %(text)s."),
    _("%(file)s: a %(kind)s has no field “%(value)s”; it has %(text)s."),
    _("%(file)s: more than one column is %(text)s."),
    _("%(file)s: no column is the %(field)s."),
    _("%(file)s: headings_row should be a number from 1."),
    _("%(file)s: dates should be day-first or month-first."),
    _("%(file)s: separator should be one character, decimal a point or a comma."),
    # Tables of facts
    _("The column %(field)s is empty."),
    _("%(field)s should be whole numbers: “%(value)s”."),
    _("%(field)s should be a date like 2021, 2021-03 or 2021-03-14: “%(value)s”."),
    _("%(field)s should be a number: “%(value)s”."),
    _("%(field)s should be degrees: “%(value)s”."),
    _("%(field)s is off the map: “%(value)s”."),
    _("stage should be need, priority or offer: “%(value)s”."),
    _("The action has neither title nor text."),
    _("The table is not in UTF-8 (byte %(count)s)."),
    _("These columns are missing: %(text)s."),
    _("The table can't be read on: %(error)s"),
    # Lists of Interreg
    _("This project stands twice in this file: the first one counts."),
    _("This row names no partner."),
    _("This row has neither a name nor an acronym nor a number of a project."),
    _("This partner stands twice in this project: the first one counts."),
    _("“%(value)s” is no country we know; the partner stays."),
    _("“%(value)s” is no country we know; the project stays."),
    _("The file is larger than %(count)s megabytes."),
    _("The file is cut off or damaged: %(error)s"),
    _("No sheet has headings of a list of projects we know."),
    # Places of GeoNames
    _("The line has %(count)s columns, not %(most)s."),
    _("“%(value)s” is no number of GeoNames."),
    _("“%(latitude)s”, “%(longitude)s” are no coordinates."),
    _("The place %(count)s has no name."),
    _("%(latitude)s, %(longitude)s is off the map."),
    _('It should say {"minimum_population": N}, with N from %(count)s on.'),
    # Exports of Decidim
    _("The zip unpacks to more than %(count)s megabytes."),
    _("The zip is damaged or locked: %(error)s"),
    _("This is no export of proposals, meetings or results that we know."),
    _("This stands twice in this file: the first one counts."),
    _("This row has neither a reference nor a number."),
    # Answers of Wikidata
    _("This row names no item of Wikidata."),
    _("This row doesn't say which two items are linked, or how."),
    _("%(field)s was left out: “%(value)s” is no date."),
    _("This is no row of an answer."),
    _("The line has %(count)s cells, the header %(most)s."),
    _("This line is neither two items of Wikidata nor an item and its name."),
    # Activities of IATI
    _("The activity has no identifier."),
    _("The organisation has no identifier."),
    _("The activity %(text)s has no title."),
    _("The activity %(text)s stands twice in this file: the first one counts."),
    _("Of the results of %(text)s the first %(most)s values are kept: %(count)s more."),
    _("The date “%(value)s” is none."),
    _("The date %(day)s does not say what it is the date of."),
    _("An indicator has no title."),
    _("The value “%(value)s” is no amount."),
    _("The file declares a document type: refused unread."),
    _("The file can't be read on from here: %(error)s"),
    _("What begins here takes more than %(count)s megabytes; the rest is left out."),
    # CORDIS
    _("The project's number or title is empty, or no number."),
    _("The project's number or title is empty."),
    _("The project's number is empty."),
    _("The project's number or the organisation's name is empty."),
    _("The list of participants can't be read."),
    _("A participant has no name."),
    _("%(partners)s partners and %(countries)s countries: it can't be told which name ends where."),
    _("%(field)s was left out: “%(value)s” is no amount."),
    _("%(field)s was left out: “%(value)s” is negative."),
    _("The role “%(value)s” is unknown; it was read as partner."),
    _("The table is empty."),
    _("The row has %(count)s cells, the header %(most)s: it is cut off or wrongly quoted."),
    _("The list holds no objects."),
    _("This is no object."),
    _("This is no table of CORDIS that we know."),
    # The portal of calls
    _("The page is cut off or damaged: it holds more than %(count)s bytes"),
    _("The page is cut off or damaged: %(error)s"),
    _("This is no page of the portal's search: it has no results."),
    _("This result has no usable identifier or title"),
    _("This result has no usable %(error)s"),
    _("This line has no usable identifier or title"),
    _("This line has no usable %(error)s"),
)

# What stands in a place. Only two have no bound, and no message has more than one of them; a quoted text ends at its
# own quote and is never looked through again. So what a stranger wrote takes no time, however long it is.
_NUMBER = r"\d{1,20}"
_PLACES = {
    **dict.fromkeys(("count", "most", "first", "last", "partners", "countries"), _NUMBER),
    **dict.fromkeys(("latitude", "longitude"), r"[-+.\w]{1,40}"),
    "field": r"[\w.]{1,80}",
    "kind": r"\w{1,80}",
    "day": r"[-\d]{1,40}",
    "file": r".{1,255}",
    "text": r".*",
    "error": r".*",
}
_QUOTED = r"""'[^'\\]*+(?:\\.[^'\\]*+)*+'|"[^"\\]*+(?:\\.[^"\\]*+)*+\""""
_PLACE = re.compile(r"“%\((\w+)\)s”|%\((\w+)\)s")
_NAMED = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Told:
    """A reason as the message it is, with its values."""

    message: str
    values: Mapping[str, str]

    def pieces(self) -> Iterator[tuple[str, str]]:
        """What the message says in the reader's language: a text and the name of the place after it, in turn."""
        parts = _NAMED.split(gettext(self.message))
        return zip(parts[::2], [*parts[1::2], ""], strict=True)


def told(reason: str) -> Told | None:
    """None for a reason that is no message we know."""
    for message, quoted, pattern in _patterns():
        if found := pattern.fullmatch(reason):
            values = {name: value[1:-1] if name in quoted else value for name, value in found.groupdict().items()}
            return Told(message, values)
    return None


def reason_in_words(reason: str) -> SafeString:
    """For a page: the values each by itself, so that none turns the sentence around it."""
    if (said := told(reason)) is None:
        return markup('<span lang="en" dir="ltr">{}</span>', reason)
    return joined("", [piece for text, name in said.pieces() for piece in (text, _value(said, name))])


def _value(said: Told, name: str) -> SafeString:
    if not name:
        return SafeString("")
    return markup('<bdi lang="en">{}</bdi>' if name == "error" else "<bdi>{}</bdi>", said.values[name])


def reason_in_text(reason: str, apart: str = "{}") -> str:
    """Where no markup can stand; ``apart`` is what is written around a value."""
    if (said := told(reason)) is None:
        return reason
    return "".join(text + (apart.format(said.values[name]) if name else "") for text, name in said.pieces())


@cache
def _patterns() -> tuple[tuple[str, frozenset[str], re.Pattern[str]], ...]:
    """Each message, which of its places are quoted, and what it looks like."""
    return tuple((message, *_pattern(message)) for message in MESSAGES)


def _pattern(message: str) -> tuple[frozenset[str], re.Pattern[str]]:
    quoted, pattern, at = set(), [], 0
    for place in _PLACE.finditer(message):
        name = place[1] or place[2]
        if place[1]:
            quoted.add(name)
        pattern += [re.escape(message[at : place.start()]), f"(?P<{name}>{_QUOTED if place[1] else _PLACES[name]})"]
        at = place.end()
    return frozenset(quoted), re.compile("".join((*pattern, re.escape(message[at:]))), re.DOTALL)
