"""A result of the portal's search, and the same told flat, as a call."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from ...model import Call, PartialDate, Provenance
from ..json_text import parsed
from ..plain_text import plain_text

_STATUS = {"31094501": "forthcoming", "31094502": "open", "31094503": "closed"}
_PROGRAMMES = {
    "43108390": "Horizon Europe", "44181033": "European Defence Fund", "43252405": "LIFE",
    "111111": "EU External Action",
    "43152860": "Digital Europe", "43298916": "Euratom", "43251567": "Connecting Europe Facility", "43251589": "CERV",
    "43252449": "Research Fund for Coal and Steel", "43353764": "Erasmus+",
    "43637601": "Pilot Projects and Preparatory Actions", "43254019": "ESF+", "43252368": "Internal Security Fund",
    "45532249": "EU Agencies", "43252386": "Justice Programme", "44416173": "Interregional Innovation Investments",
    "43252433": "Pericles IV", "43392145": "EMFAF", "46324255": "Technical assistance for ERDF, CF and JTF",
    "43253967": "Renewable Energy Financing Mechanism", "43251814": "Creative Europe",
    "43252476": "Single Market Programme",
}  # fmt: skip
_FLAT = {
    "identifier": "topicId", "title": "title", "url": "portalUrl", "descriptionByte": "description",
    "deadlineDate": "deadline", "deadlineModel": "deadlineModel", "frameworkProgramme": "programmeId",
    "startDate": "startDate", "cofinancing": "cofinancing",
    "topicConditions": "topicConditions", "typesOfAction": "typesOfAction",
}  # fmt: skip
"""Field of a result -> its name where it is told flat."""

_STAGED = "two-stage"
_SHARE = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*(%?)")


def read_flat(row: Mapping[str, Any], seen: date | None) -> Call:
    """A call told as one flat object: status in a word, the most a grant can get in ``budgetMax``."""
    metadata: dict[str, Any] = {field: [row.get(name) or ""] for field, name in _FLAT.items()}
    status = str(row.get("callStatus") or "").lower()
    metadata["status"] = [next((code for code, word in _STATUS.items() if word == status), "")]
    metadata["budgetOverview"] = [
        json.dumps({"budgetTopicActionMap": {"1": [{"maxContribution": row.get("budgetMax")}]}})
    ]
    return read_result({"metadata": metadata}, seen)


def read_result(result: Mapping[str, Any], seen: date | None) -> Call:
    """A result of the search. Raises ValueError and the like for one without identifier or title."""
    metadata: Mapping[str, Any] = result["metadata"]
    identifier = _first(metadata, "identifier").strip()
    title = plain_text(_first(metadata, "title"))
    if not identifier or not title:
        raise ValueError("identifier or title")
    deadlines = _deadlines(metadata)
    starts = [written for written in metadata.get("startDate") or () if written]
    page = _first(metadata, "url") or str(result.get("url", ""))
    return Call(
        id=f"portal:{identifier}",
        title={"en": title},
        provenance=Provenance("portal", identifier, page, seen or _ingested(metadata)),
        programme=_PROGRAMMES.get(_first(metadata, "frameworkProgramme"), ""),
        summary={"en": summary} if (summary := plain_text(_first(metadata, "descriptionByte"))) else {},
        opens=PartialDate.parse(starts[0][:10]) if starts else PartialDate(),
        closes=PartialDate(deadlines[-1], deadlines[-1]) if deadlines else PartialDate(),
        max_grant_eur=_most_per_grant(_first(metadata, "budgetOverview"), identifier),
        cofinancing_rate=_share(_first(metadata, "cofinancing") or _first(metadata, "cofinancingRate")),
        status=_STATUS.get(_first(metadata, "status"), ""),
        deadlines=deadlines,
        conditions={"en": told} if (told := plain_text(_first(metadata, "topicConditions"))) else {},
        action_type=" ".join(_first(metadata, "typesOfAction").split()),
    )


def _first(metadata: Mapping[str, Any], name: str) -> str:
    value = metadata.get(name)
    if isinstance(value, list):
        value = value[0] if value else ""
    return value if isinstance(value, str) else str(value or "")


def _deadlines(metadata: Mapping[str, Any]) -> tuple[date, ...]:
    """Until when one can apply: of two stages the first only, for nobody enters at the second."""
    told = {date.fromisoformat(written[:10]) for written in metadata.get("deadlineDate") or () if written}
    model = _first(metadata, "deadlineModel").strip().lower()
    return tuple(sorted(told)[: 1 if model == _STAGED else None])


def _ingested(metadata: Mapping[str, Any]) -> date | None:
    """The day the portal took the topic in, where it says so."""
    try:
        return date.fromisoformat(_first(metadata, "esDA_IngestDate")[:10])
    except ValueError:
        return None


def _share(written: str) -> Decimal | None:
    """``80 %``, ``80`` or ``0.8`` as 0.8; None where no share is told."""
    found = _SHARE.fullmatch(written.strip())
    if found is None:
        return None
    share = Decimal(found.group(1).replace(",", "."))
    share = share / 100 if found.group(2) or share > 1 else share
    return share if 0 < share <= 1 else None


def _most_per_grant(written: str, identifier: str) -> Decimal | None:
    """The highest contribution a grant can get, out of the budget's JSON; None where it isn't said."""
    try:
        overview = parsed(written) if written else {}
        actions = [action for group in overview["budgetTopicActionMap"].values() for action in group]
        ours = [action for action in actions if str(action.get("action", "")).startswith(identifier)] or actions
        amounts = [Decimal(str(action["maxContribution"])) for action in ours if action.get("maxContribution")]
    except (KeyError, TypeError, AttributeError, InvalidOperation, json.JSONDecodeError):
        return None
    return max((amount for amount in amounts if amount.is_finite() and amount > 0), default=None)
