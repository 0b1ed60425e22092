"""A brief as a tagged PDF (PDF/UA-1), set by typst. Text goes in as data and is never read as markup."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from sympolis.office.core.typesetting import printable, typeset
from sympolis.office.directory.logo import office_logo
from sympolis.office.synergies.brief.lines import Fold
from sympolis.office.synergies.brief.sheet import Block, Sheet, SheetLine
from sympolis.office.synergies.formats.credits import credit_of, dated, site_of, under_title
from sympolis.office.synergies.formats.quoting import quoted


def as_pdf(sheet: Sheet) -> bytes:
    logo = office_logo()
    data = _data(sheet, bool(logo))
    picture = logo.getvalue() if logo is not None else None
    return typeset(_layout(), "sheet.json", data, picture, date.fromisoformat(sheet.on))


@cache
def _layout() -> bytes:
    return files(__package__).joinpath("brief.typ").read_bytes()


def _data(sheet: Sheet, has_logo: bool) -> dict[str, Any]:
    return {
        "title": printable(sheet.title),
        "language": sheet.language,
        "direction": sheet.direction,
        "under": [printable(line) for line in under_title(sheet)],
        "words": dict(sheet.words),
        "left": printable(sheet.left["name"]),
        "right": printable(sheet.right["name"]),
        "proposals": [_line(line) for line in sheet.proposals],
        "parts": [
            {"code": part.code, "heading": part.heading, "blocks": [_block(each) for each in part.blocks]}
            for part in sheet.parts
        ],
        "notices": sheet.notices,
        "logo": has_logo,
        "sources": [_source(sheet, line) for line in sheet.lines if line.evidence] if sheet.is_long else [],
    }


def _block(block: Block) -> dict[str, Any]:
    return {
        "heading": block.heading,
        "lead": _line(block.lead) if block.lead else None,
        "lines": [_line(line) for line in block.lines],
        "left": _folded(block.left),
        "right": _folded(block.right),
    }


def _folded(lines: list[SheetLine]) -> list[dict[str, Any]]:
    folds = [(fold, [line for line in lines if line.fold == fold]) for fold in Fold]
    return [{"fold": str(fold), "lines": [_line(line) for line in inside]} for fold, inside in folds if inside]


def _line(line: SheetLine) -> dict[str, Any]:
    number = f" {line.points}" if line.points else ""
    return {
        "runs": [[printable(text), language] for text, language in line.runs],
        "kind": line.kind,
        "kind_word": line.kind_word,
        "strength": f"{line.strength_word}{number}" if line.strength_word else "",
        "badges": [{"kind": badge.kind, "text": printable(badge.text)} for badge in line.badges],
        "unknown": line.unknown,
        "remark": printable(line.remark),
        "parts": [_line(part) for part in line.parts],
    }


def _source(sheet: Sheet, line: SheetLine) -> dict[str, Any]:
    return {
        "text": printable(line.text),
        "evidence": [
            {
                "passage": quoted(printable(each["passage"]), each.get("language") or sheet.language),
                "language": each.get("language", ""),
                "site": printable(site_of(each)) or sheet.words["no_source"],
                "url": credit_of(each),
                "date": dated(sheet, each),
            }
            for each in line.evidence
        ],
    }
