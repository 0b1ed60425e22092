"""Tables as people keep them: CSV in any usual letters, workbooks; numbers, days and countries in their cells."""

from .ahead import look_ahead
from .formulas import harmless
from .headings import known_headings, name_columns
from .rows import Sheet, UnreadableSheet, open_sheets
from .values import country_code, degrees, money, number, partial_date

__all__ = [
    "Sheet",
    "UnreadableSheet",
    "country_code",
    "degrees",
    "harmless",
    "known_headings",
    "look_ahead",
    "money",
    "name_columns",
    "number",
    "open_sheets",
    "partial_date",
]
