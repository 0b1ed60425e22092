"""A brief as Markdown: plain text that every editor and every mail reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sympolis.office.synergies.brief.lines import Fold
from sympolis.office.synergies.brief.sheet import Block, Part, Sheet, SheetLine
from sympolis.office.synergies.formats.credits import credit_of, dated, under_title
from sympolis.office.synergies.formats.quoting import quoted

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")


def as_markdown(sheet: Sheet) -> bytes:
    return ("\n".join(_document(sheet)).rstrip() + "\n").encode()


def escaped(text: str) -> str:
    """Text that Markdown shows as it is, HTML in it included."""
    return _SPECIAL.sub(r"\\\1", text).replace("&", "&amp;")


def _document(sheet: Sheet) -> Iterator[str]:
    yield f"# {escaped(sheet.title)}"
    yield ""
    for under in under_title(sheet):
        yield f"{escaped(under)}  "
    yield ""
    if sheet.proposals:
        yield f"## {escaped(sheet.words['proposals'])}"
        yield ""
        for number, line in enumerate(sheet.proposals, 1):
            yield f"{number}. **{escaped(line.kind_word)}**{_strength(line)} – {_text(line)}"
            yield from _inner(sheet, line, "   ")
        yield ""
    for part in sheet.parts:
        yield from _part(sheet, part)
    for notice in sheet.notices:
        yield f"*{escaped(notice)}*  "


def _part(sheet: Sheet, part: Part) -> Iterator[str]:
    yield f"## {escaped(part.heading)}"
    yield ""
    for block in part.blocks:
        yield from _block(sheet, block)


def _block(sheet: Sheet, block: Block) -> Iterator[str]:
    if block.heading:
        yield f"### {escaped(block.heading)}"
        yield ""
    if block.lead:
        yield f"### {_text(block.lead)}{_strength(block.lead)}"
        yield from _inner(sheet, block.lead, "")
        yield ""
    for line in block.lines:
        yield from _entry(sheet, line)
    if block.lines:
        yield ""
    for name, lines in ((sheet.left["name"], block.left), (sheet.right["name"], block.right)):
        if lines:
            yield f"**{escaped(name)}**"
            yield ""
            yield from _folded(sheet, lines)
            yield ""


def _folded(sheet: Sheet, lines: list[SheetLine]) -> Iterator[str]:
    for fold in Fold:
        inside = [line for line in lines if line.fold == fold]
        if inside and fold is not Fold.NOW:
            yield f"- *{escaped(sheet.words[fold])}*"
        for line in inside:
            yield from _entry(sheet, line)


def _entry(sheet: Sheet, line: SheetLine) -> Iterator[str]:
    kind = f"**{escaped(line.kind_word)}**{_strength(line)}: " if line.kind_word else ""
    yield f"- {kind}{_text(line)}"
    yield from _inner(sheet, line, "  ")


def _inner(sheet: Sheet, line: SheetLine, indent: str) -> Iterator[str]:
    for part in line.parts:
        label = f"**{escaped(sheet.words['step'])}** " if part.kind == "step" else ""
        label = f"{escaped(sheet.words['against'])} " if part.kind == "against" else label
        yield f"{indent}- {label}{_text(part)}"
    if line.remark:
        yield f"{indent}- {escaped(line.remark)}"
    if line.evidence:
        yield f"{indent}- {escaped(sheet.words['evidence'])} – " + "; ".join(
            _credit(sheet, each) for each in line.evidence
        )


def _credit(sheet: Sheet, evidence: dict[str, str]) -> str:
    url = credit_of(evidence)
    where = f"<{url}>" if url and not re.search(r"[\s<>]", url) else escaped(evidence.get("source_url", ""))
    date = dated(sheet, evidence)
    about = ", ".join(part for part in (where or escaped(sheet.words["no_source"]), escaped(date)) if part)
    return f"{escaped(quoted(evidence['passage'], evidence.get('language') or sheet.language))} ({about})"


def _text(line: SheetLine) -> str:
    badges = "".join(f" \\[{escaped(badge.text)}\\]" for badge in line.badges)
    return escaped(line.text) + badges


def _strength(line: SheetLine) -> str:
    if not line.strength:
        return ""
    number = f" {line.points}" if line.points else ""
    return f" ({escaped(line.strength_word)}{number})"
