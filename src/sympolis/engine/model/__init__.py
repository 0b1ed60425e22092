"""Records the engine reads and the answers it gives, as frozen dataclasses, a module for each subject.

The same records come out of the sources of open data and out of the office's own tables, so that an answer never
depends on where a row was kept.
"""

from .eligibility import Answer, Applicant, Basis, Question, Verdict
from .matching import CallFit, Evidence, Feature, Match, Strength, Synergy, SynergyKind, ThemeGroup
from .portfolios import Item, Portfolio, Stage
from .records import (
    Call,
    Contribution,
    Event,
    ItemKind,
    Measurement,
    Need,
    Organisation,
    Participation,
    ParticipationRole,
    Place,
    PlanAction,
    Project,
    Record,
    Relation,
    ResultLevel,
)
from .search import Document, Hit, Query
from .values import LANGUAGES, PartialDate, Provenance, Text

__all__ = [
    "LANGUAGES",
    "Answer",
    "Applicant",
    "Basis",
    "Call",
    "CallFit",
    "Contribution",
    "Document",
    "Event",
    "Evidence",
    "Feature",
    "Hit",
    "Item",
    "ItemKind",
    "Match",
    "Measurement",
    "Need",
    "Organisation",
    "PartialDate",
    "Participation",
    "ParticipationRole",
    "Place",
    "PlanAction",
    "Portfolio",
    "Project",
    "Provenance",
    "Query",
    "Question",
    "Record",
    "Relation",
    "ResultLevel",
    "Stage",
    "Strength",
    "Synergy",
    "SynergyKind",
    "Text",
    "ThemeGroup",
    "Verdict",
]
