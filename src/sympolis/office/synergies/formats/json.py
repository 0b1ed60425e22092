"""A brief as JSON: the contract of the command line, every item with its text and evidence."""

from __future__ import annotations

import json
from typing import Any

from sympolis.office.synergies.brief.lines import Section
from sympolis.office.synergies.brief.sheet import Part, Sheet, SheetLine


def as_json(sheet: Sheet) -> bytes:
    return (json.dumps(data_of(sheet), ensure_ascii=False, indent=1) + "\n").encode()


def data_of(sheet: Sheet) -> dict[str, Any]:
    """All sections are there, those without lines empty; what is proposed first is named by key."""
    parts = {part.code: part for part in sheet.parts}
    proposals = {line.key: line for line in sheet.proposals}
    data: dict[str, Any] = {
        "title": sheet.title,
        "language": sheet.language,
        "on": sheet.on,
        "audience": "internal" if sheet.is_internal else "shared",
        "approved_by": sheet.approved_by,
        "left": {"id": sheet.left["id"], "name": sheet.left["name"]},
        "right": {"id": sheet.right["id"], "name": sheet.right["name"]},
        "network": sheet.network,
        "meeting": _item(sheet.meeting) if sheet.meeting else None,
        "proposals": list(proposals),
        "notices": sheet.notices,
    }
    for section in Section:
        data[section] = _items(parts.get(section))
    listed = {item["key"] for item in data[Section.SYNERGIES]}
    first = [_item(line) for key, line in proposals.items() if key not in listed]
    data[Section.SYNERGIES] = [*first, *data[Section.SYNERGIES]]
    return data


def _items(part: Part | None) -> list[dict[str, Any]]:
    return [_item(line) for block in part.blocks for line in block.everything] if part else []


def _item(line: SheetLine) -> dict[str, Any]:
    item: dict[str, Any] = {
        "key": line.key,
        "text": line.text,
        "evidence": [_evidence(evidence) for evidence in line.evidence],
    }
    if line.key.startswith("synergy:"):
        item |= {"kind": line.kind, "kind_label": line.kind_word, "strength": line.strength}
    optional: dict[str, Any] = {
        "side": line.side,
        "theme": line.group,
        "stands": line.fold,
        "state": line.state,
        "strength": line.strength,
        "score": line.score,
        "record": line.record,
        "labels": [badge.text for badge in line.badges],
        "example": any(badge.kind == "example" for badge in line.badges),
        "unconfirmed": any(badge.kind == "unconfirmed" for badge in line.badges),
        "not_known": line.unknown,
        "important": line.is_pinned,
        "remark": line.remark,
        "parts": [{"kind": part.kind, **_item(part)} for part in line.parts],
    }
    return item | {name: value for name, value in optional.items() if value not in ("", None, False, [])}


def _evidence(evidence: dict[str, Any]) -> dict[str, Any]:
    keep = ("record", "title", "passage", "source_url", "language", "read_on", "example", "unconfirmed")
    return {name: evidence[name] for name in keep if name in evidence}
