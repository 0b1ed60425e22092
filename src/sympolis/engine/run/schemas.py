"""The tables of a snapshot as Arrow schemas. Texts are maps from language to text; a date is its two days."""

from __future__ import annotations

import pyarrow as pa

_TEXT = pa.map_(pa.string(), pa.string())
_CODES = pa.list_(pa.string())
_GOALS = pa.list_(pa.int16())
_AMOUNT = pa.decimal128(20, 2)
_MEASURE = pa.decimal128(20, 4)
_PROVENANCE = [
    ("source", pa.string()),
    ("source_id", pa.string()),
    ("source_url", pa.string()),
    ("retrieved_at", pa.date32()),
    ("confirmed", pa.bool_()),
    ("illustrative", pa.bool_()),
]


def _dates(*names: str) -> list[tuple[str, pa.DataType]]:
    return [(f"{name}_{end}", pa.date32()) for name in names for end in ("earliest", "latest")]


def _codes(*names: str) -> list[tuple[str, pa.DataType]]:
    return [(name, _CODES) for name in names]


def _strings(*names: str) -> list[tuple[str, pa.DataType]]:
    return [(name, pa.string()) for name in names]


SCHEMAS: dict[str, pa.Schema] = {
    "organisations": pa.schema(
        [
            *_strings("id", "name", "kind", "short_name", "country", "place", "website"),
            ("names", _TEXT),
            ("description", _TEXT),
            *_codes("aliases", "themes", "identifiers"),
            ("latitude", pa.float64()),
            ("longitude", pa.float64()),
            *_PROVENANCE,
        ]
    ),
    "places": pa.schema(
        [
            *_strings("id", "name", "kind", "country"),
            ("names", _TEXT),
            *_codes("aliases", "identifiers"),
            ("latitude", pa.float64()),
            ("longitude", pa.float64()),
            ("population", pa.int64()),
            *_PROVENANCE,
        ]
    ),
    "relations": pa.schema(
        [*_strings("id", "from_id", "type", "to_id", "role"), *_dates("since", "until"), *_PROVENANCE]
    ),
    "projects": pa.schema(
        [
            *_strings("id", "acronym", "programme", "call", "status", "currency"),
            ("title", _TEXT),
            ("summary", _TEXT),
            *_codes("countries", "topics", "themes"),
            ("sdgs", _GOALS),
            ("budget", _AMOUNT),
            *_dates("start", "end"),
            *_PROVENANCE,
        ]
    ),
    "participations": pa.schema(
        [
            *_strings("id", "project_id", "organisation_id", "role", "currency"),
            ("grant", _AMOUNT),
            ("cost", _AMOUNT),
            *_dates("until"),
            *_PROVENANCE,
        ]
    ),
    "measurements": pa.schema(
        [
            *_strings("id", "project_id", "level", "unit", "baseline_words", "target_words", "reached_words"),
            ("title", _TEXT),
            ("aim", _TEXT),
            ("text", _TEXT),
            ("order", pa.int32()),
            *((name, _MEASURE) for name in ("baseline", "target", "reached")),
            *_dates("start", "end", "measured"),
            *_PROVENANCE,
        ]
    ),
    "calls": pa.schema(
        [
            *_strings("id", "programme", "status", "action_type"),
            ("title", _TEXT),
            ("summary", _TEXT),
            ("conditions", _TEXT),
            *_codes("eligible_countries", "eligible_kinds", "themes"),
            ("sdgs", _GOALS),
            ("max_grant_eur", _AMOUNT),
            ("cofinancing_rate", pa.decimal128(9, 4)),
            ("deadlines", pa.list_(pa.date32())),
            *_dates("opens", "closes"),
            *_PROVENANCE,
        ]
    ),
    "events": pa.schema(
        [
            *_strings("id", "topic", "place"),
            ("title", _TEXT),
            *_codes("organiser_ids", "city_ids", "languages", "themes"),
            ("sdgs", _GOALS),
            *_dates("starts", "ends"),
            *_PROVENANCE,
        ]
    ),
    "needs": pa.schema(
        [
            *_strings("id", "organisation_id", "kind"),
            ("title", _TEXT),
            ("text", _TEXT),
            *_codes("themes"),
            ("sdgs", _GOALS),
            *_PROVENANCE,
        ]
    ),
    "plan_actions": pa.schema(
        [
            *_strings("id"),
            ("title", _TEXT),
            ("text", _TEXT),
            *_codes("organisation_ids", "themes"),
            ("sdgs", _GOALS),
            *_PROVENANCE,
        ]
    ),
    "contributions": pa.schema(
        [
            *_strings("id", "process", "category", "status"),
            ("title", _TEXT),
            ("text", _TEXT),
            *_codes("themes"),
            ("sdgs", _GOALS),
            ("supports", pa.int64()),
            ("comments", pa.int64()),
            *_dates("made"),
            *_PROVENANCE,
        ]
    ),
}
"""Table -> its columns. Rows are sorted by the first column, so that the same input gives the same file."""
