"""A file or pasted lines as contributions; what is wrong with them is said with the row and the remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from sympolis.engine.texts.languages import detect_language
from sympolis.office.core.imports.read import Sheet, read_table
from sympolis.office.core.names import TONGUES
from sympolis.office.core.texts import folded

MOST_TEXTS = 1_000
FEWEST_TEXTS = 2
LONGEST_TEXT = 20_000
LONGEST_OF_ALL = 2_000_000
_LONGEST_ID = 100
_SURELY_A_TEXT = 6  # words: no heading says so much
_HEARD_LETTERS = 300

HEADINGS: Mapping[str, str] = {
    "id": "id, no, nr, num, number, núm, número, numéro, code, codi, código, ref, reference, الرقم, رقم, الرمز",
    "title": "title, títol, título, titre, العنوان, عنوان",
    "text": "text, texte, texto, contribution, contributions, contribució, contribucions, contribución, "
    "contribuciones, proposal, proposta, propuesta, proposition, idea, idée, need, necessitat, necesidad, besoin, "
    "comment, comentari, comentario, commentaire, answer, resposta, respuesta, réponse, body, description, "
    "descripció, descripción, النص, نص, مساهمة, المساهمة, اقتراح, الاقتراح, فكرة, تعليق",
    "language": "language, lang, llengua, idioma, langue, اللغة, لغة",
}
"""Column -> how people head it in five languages."""


class ContributionsRefused(Exception):
    """No groups can be made of this: what is wrong and what to do, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wrote. ``language`` is a code, empty where it is not known."""

    id: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Poured:
    """Everything that was poured in, and what the reader should know of how it was read."""

    said: tuple[Said, ...]
    notes: list[str] = field(default_factory=list)


def contributions_in_lines(written: str) -> Poured:
    """One contribution a line. A table copied out of a spreadsheet, with tabs, is read as one."""
    lines = [" ".join(line.split()) for line in written.replace("\x00", "").splitlines()]
    first = next((line for line in written.splitlines() if line.strip()), "")
    if "\t" in first.strip():
        return contributions_in_table(written.encode())
    kept = [line for line in lines if line]
    return _checked([(number, str(number), line, "") for number, line in enumerate(kept, start=1)], [])


def contributions_in_table(data: bytes) -> Poured:
    """The rows of a CSV or of the first sheet of a workbook. Raises ContributionsRefused, UnreadableTable."""
    sheet = read_table(data)
    columns = _columns(sheet.headings)
    notes = list(sheet.notes)
    rows = [(row.number, row.cells) for row in sheet.rows]
    if "text" not in columns and "title" not in columns:
        at = _longest_column(sheet)
        if len(sheet.headings[at].split()) > _SURELY_A_TEXT:
            raise ContributionsRefused(
                _("The first row must hold the headings, id and text for example; here it is “%(heading)s”.")
                % {"heading": f"{sheet.headings[at][:60]}…"}
            )
        columns["text"] = at
        notes.append(_("The column “%(heading)s” was read as the texts.") % {"heading": sheet.headings[at][:60]})
    return _checked(list(_rows(rows, columns)), notes)


def _rows(rows: Iterable[tuple[int, list[str]]], columns: Mapping[str, int]) -> Iterable[tuple[int, str, str, str]]:
    for number, cells in rows:
        cell = {name: cells[at].strip() if at < len(cells) else "" for name, at in columns.items()}
        text = "\n".join(filter(None, (cell.get("title"), cell.get("text"))))
        if text:
            yield number, cell.get("id") or "", text, cell.get("language") or ""


def _columns(headings: Sequence[str]) -> dict[str, int]:
    """Column -> where it stands; the first heading that says so."""
    found: dict[str, int] = {}
    for at, heading in enumerate(headings):
        written = folded(heading)
        for name, listed in HEADINGS.items():
            if written and written in {folded(one) for one in listed.split(",")}:
                found.setdefault(name, at)
    return found


def _longest_column(sheet: Sheet) -> int:
    rows = [sheet.headings, *(row.cells for row in sheet.rows[:MOST_TEXTS])]
    width = len(sheet.headings)
    letters = [sum(len(row[at]) for row in rows if at < len(row)) for at in range(width)]
    return letters.index(max(letters))


def _checked(rows: Sequence[tuple[int, str, str, str]], notes: list[str]) -> Poured:
    if len(rows) > MOST_TEXTS:
        raise ContributionsRefused(
            _("There are %(count)d contributions; at most %(most)d go into groups at once. Split them.")
            % {"count": len(rows), "most": MOST_TEXTS}
        )
    if len(rows) < FEWEST_TEXTS:
        raise ContributionsRefused(
            _("Groups need at least two contributions; here is one only.")
            if rows
            else _(
                "There is no contribution in it. Write one a line, or give a table with a heading and a row for each."
            )
        )
    if sum(len(text) for _number, _id, text, _language in rows) > LONGEST_OF_ALL:
        raise ContributionsRefused(_("All of it together is longer than two million characters. Split it."))
    seen: dict[str, int] = {}
    return Poured(tuple(_said(row, seen) for row in rows), notes)


def _said(row: tuple[int, str, str, str], seen: dict[str, int]) -> Said:
    number, own, text, language = row
    if len(text) > LONGEST_TEXT:
        raise ContributionsRefused(
            _("Row %(row)d: %(length)d characters are too many for one contribution; %(most)d at most. Shorten it.")
            % {"row": number, "length": len(text), "most": LONGEST_TEXT}
        )
    key = own[:_LONGEST_ID] or f"#{number}"
    if (first := seen.setdefault(key, number)) != number:
        raise ContributionsRefused(
            _("Row %(row)d: “%(id)s” is the number of row %(first)d already. Give each its own, or leave them out.")
            % {"row": number, "id": key, "first": first}
        )
    return Said(key, text, TONGUES.code(language) or detect_language(text[:_HEARD_LETTERS]))
