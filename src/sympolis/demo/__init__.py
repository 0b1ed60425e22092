"""The demo office: tables of facts about real organisations, and examples marked as such. See CREDITS.md."""

from datetime import date
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
GATHERED_ON = date(2026, 11, 22)

TABLE_OF = {
    "place_figures": "figures",
    "example_fees": "fees",
    "example_positions": "positions",
    "example_practices": "practices",
    "example_publications": "publications",
    "translated_actions": "plan_actions",
    "translated_plans": "plans",
}
"""Files that hold rows of a table by another name."""

# In the order in which they build on each other.
ORDER = (
    "organisations",
    "relations",
    "seats",
    "texts",
    "agreements",
    "departments",
    "figures",
    "place_figures",
    "example_fees",
    "example_positions",
    "projects",
    "calls",
    "needs",
    "example_practices",
    "plans",
    "translated_plans",
    "plan_actions",
    "translated_actions",
    "events",
    "meetings",
    "commitments",
    "news",
    "example_publications",
)
