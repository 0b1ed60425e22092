"""A brief as a Word file that goes into a folder without retouching: real headings, logo, page numbers, language.

Right-to-left needs three things in WordprocessingML (ECMA-376 part 1, 17.3.1.6, 17.3.2.30, 17.3.2.26): ``w:bidi`` on
paragraphs, ``w:rtl`` on runs, and the complex-script font, size, weight and language of each run.
"""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from sympolis.office.core.texts import RIGHT_TO_LEFT
from sympolis.office.core.typesetting import printable
from sympolis.office.directory.logo import office_logo
from sympolis.office.synergies.brief.lines import Fold
from sympolis.office.synergies.brief.sheet import Block, Part, Sheet, SheetLine
from sympolis.office.synergies.formats.credits import dated, site_of, under_title
from sympolis.office.synergies.formats.quoting import quoted

FONT, ARABIC_FONT = "IBM Plex Sans", "IBM Plex Sans Arabic"
SEA, GREY = RGBColor(0x1F, 0x5F, 0x7A), RGBColor(0x5A, 0x64, 0x70)
_TERRITORY = {"en": "en-GB", "ca": "ca-ES", "es": "es-ES", "fr": "fr-FR", "ar": "ar-SA"}


def as_docx(sheet: Sheet) -> bytes:
    written = _Written(sheet)
    written.write()
    out = BytesIO()
    written.file.save(out)
    return _of_no_hour(out)


def _of_no_hour(made: BytesIO) -> bytes:
    """The same file without the hour its parts were packed: a stored brief is the same file whenever it is made."""
    packed = BytesIO()
    with ZipFile(made) as parts, ZipFile(packed, "w") as again:
        for part in parts.infolist():
            undated = ZipInfo(part.filename)  # its day is the first that such a file can have
            undated.compress_type = ZIP_DEFLATED
            again.writestr(undated, parts.read(part))
    return packed.getvalue()


class _Written:
    """One Word file being written."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.right_to_left = sheet.direction == "rtl"
        self.file: Any = docx.Document()
        self._set_up()

    def write(self) -> None:
        sheet = self.sheet
        self._heading(sheet.title, 0)
        for under in under_title(sheet):
            self._paragraph(quiet=True).add(under)
        if sheet.proposals:
            self._heading(sheet.words["proposals"], 1)
            for line in sheet.proposals:
                self._entry(line, "List Number")
        for part in sheet.parts:
            self._part(part)
        for notice in sheet.notices:
            self._paragraph(quiet=True).add(notice)
        self._evidence()

    def _part(self, part: Part) -> None:
        self._heading(part.heading, 1)
        for block in part.blocks:
            self._block(block)

    def _block(self, block: Block) -> None:
        if block.heading:
            self._heading(block.heading, 2)
        if block.lead:
            self._entry(block.lead, "Heading 2")
        for line in block.lines:
            self._entry(line, "List Bullet")
        for name, lines in ((self.sheet.left["name"], block.left), (self.sheet.right["name"], block.right)):
            if lines:
                self._heading(name, 3)
                self._folded(lines)

    def _folded(self, lines: list[SheetLine]) -> None:
        for fold in Fold:
            inside = [line for line in lines if line.fold == fold]
            if inside and fold is not Fold.NOW:
                self._paragraph(quiet=True).add(self.sheet.words[fold])
            for line in inside:
                self._entry(line, "List Bullet")

    def _entry(self, line: SheetLine, style: str) -> None:
        paragraph = self._paragraph(style)
        if line.kind_word:
            paragraph.add(f"{line.kind_word}{self._strength(line)}: ", bold=True)
        self._say(paragraph, line)
        if line.strength_word and not line.kind_word:
            paragraph.add(self._strength(line), quiet=True)
        for part in line.parts:
            inner = self._paragraph("List Bullet 2")
            label = {"step": self.sheet.words["step"], "against": self.sheet.words["against"]}.get(part.kind)
            if label:
                inner.add(f"{label} ", bold=True)
            self._say(inner, part)
        if line.remark:
            self._paragraph("List Bullet 2", quiet=True).add(line.remark)

    def _say(self, paragraph: _Paragraph, line: SheetLine) -> None:
        for text, language in line.runs:
            paragraph.add(text, language, italic=line.unknown)
        for badge in line.badges:
            paragraph.add(f" [{badge.text}]", quiet=True)

    def _strength(self, line: SheetLine) -> str:
        if not line.strength_word:
            return ""
        number = f" {line.points}" if line.points else ""
        return f" ({line.strength_word}{number})"

    def _evidence(self) -> None:
        """What each line rests on, at the end of the long version: a mayor's folder wants two pages."""
        if not self.sheet.is_long:
            return
        self._heading(self.sheet.words["sources"], 1)
        for line in self.sheet.lines:
            if line.evidence:
                self._paragraph("List Bullet").add(line.text, bold=True)
            for evidence in line.evidence:
                where = site_of(evidence) or self.sheet.words["no_source"]
                about = ", ".join(part for part in (where, dated(self.sheet, evidence)) if part)
                inner = self._paragraph("List Bullet 2", quiet=True)
                language = evidence.get("language", "")
                inner.add(quoted(evidence["passage"], language or self.sheet.language), language)
                inner.add(f" ({about})")

    def _set_up(self) -> None:
        section = self.file.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin, section.bottom_margin = Cm(1.8), Cm(1.6)
        properties = self.file.core_properties
        properties.title, properties.language = self.sheet.title[:255], _TERRITORY.get(self.sheet.language, "en-GB")
        properties.author = properties.comments = ""
        properties.created = properties.modified = datetime.fromisoformat(self.sheet.on).replace(tzinfo=UTC)
        self._styles()
        if self.right_to_left:
            _put(section._sectPr, OxmlElement("w:bidi"), before="w:docGrid")
        self._header(section)
        self._footer(section)

    def _styles(self) -> None:
        self.style_ids: dict[str, str] = {}
        sizes: dict[str, float] = {"Normal": 10, "Title": 20, "Heading 1": 13, "Heading 2": 11, "Heading 3": 10}
        sizes |= {"List Bullet": 10, "List Bullet 2": 9.5, "List Number": 10}
        for name, size in sizes.items():
            style = self.file.styles[name]
            self.style_ids[name] = style.style_id
            style.font.size, style.font.name = Pt(size), FONT
            style.paragraph_format.space_after = Pt(2)
            if name.startswith(("Heading", "Title")):
                style.font.color.rgb = SEA
                style.paragraph_format.space_before = Pt(8 if name != "Title" else 0)
                style.paragraph_format.keep_with_next = True
            properties = style.element.get_or_add_rPr()
            _fonts(properties, self.sheet.language)
            _as_large(properties)

    def _header(self, section: Any) -> None:
        paragraph = _Paragraph(section.header.paragraphs[0], self.sheet)
        logo = office_logo()
        if logo is not None:
            paragraph.picture(logo)
        paragraph.add(f"  {self.sheet.title}" if logo else self.sheet.title, quiet=True)

    def _footer(self, section: Any) -> None:
        paragraph = _Paragraph(section.footer.paragraphs[0], self.sheet)
        before, _, rest = self.sheet.words["page"].partition("%(page)s")
        between, _, after = rest.partition("%(pages)s")
        paragraph.add(before, quiet=True)
        paragraph.number("PAGE")
        paragraph.add(between, quiet=True)
        paragraph.number("NUMPAGES")
        paragraph.add(after, quiet=True)

    def _heading(self, text: str, level: int) -> None:
        self._paragraph(f"Heading {level}" if level else "Title").add(text)

    def _paragraph(self, style: str = "Normal", quiet: bool = False) -> _Paragraph:
        paragraph = self.file.add_paragraph()
        paragraph._p.get_or_add_pPr().style = self.style_ids[style]  # by id: by name python-docx searches each time
        return _Paragraph(paragraph, self.sheet, quiet)


class _Paragraph:
    """A paragraph that knows the brief's direction and marks runs of another one."""

    def __init__(self, paragraph: Any, sheet: Sheet, quiet: bool = False) -> None:
        self.paragraph, self.sheet, self.quiet = paragraph, sheet, quiet
        if sheet.direction == "rtl":
            paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
            paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT  # of a bidi paragraph this is the starting side

    def add(self, text: str, language: str = "", bold: bool = False, italic: bool = False, quiet: bool = False) -> None:
        run = self.paragraph.add_run(printable(text))
        run.bold = run.font.cs_bold = bold or None
        run.italic = run.font.cs_italic = italic or None
        if quiet or self.quiet:
            run.font.color.rgb = GREY
        self._direct(run, language or self.sheet.language)

    def number(self, field: str) -> None:
        """A page number that Word counts itself."""
        run = self.paragraph.add_run()
        for kind, text in (("begin", ""), ("", field), ("end", "")):
            element = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                element.set(qn("w:fldCharType"), kind)
            else:
                element.text = text
            run._r.append(element)
        run.font.color.rgb = GREY
        self._direct(run, self.sheet.language)

    def picture(self, file: BytesIO) -> None:
        self.paragraph.add_run().add_picture(file, height=Cm(1))

    def _direct(self, run: Any, language: str) -> None:
        properties = run._r.get_or_add_rPr()
        _fonts(properties, language)
        if language in RIGHT_TO_LEFT:
            properties.append(OxmlElement("w:rtl"))
        mark = OxmlElement("w:lang")
        mark.set(qn("w:bidi" if language in RIGHT_TO_LEFT else "w:val"), _TERRITORY.get(language, language))
        properties.append(mark)


def _fonts(properties: Any, language: str) -> None:
    """Latin and Arabic fonts by name: Word takes its own where they are not installed."""
    fonts = properties.get_or_add_rFonts()
    for slot, font in (("w:ascii", FONT), ("w:hAnsi", FONT), ("w:eastAsia", FONT), ("w:cs", ARABIC_FONT)):
        fonts.set(qn(slot), font)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def _as_large(properties: Any) -> None:
    """Arabic letters have a size of their own, which is the Latin one's."""
    size = properties.find(qn("w:sz"))
    for old in properties.findall(qn("w:szCs")):
        properties.remove(old)
    same = OxmlElement("w:szCs")
    same.set(qn("w:val"), size.get(qn("w:val")))
    size.addnext(same)


def _put(parent: Any, child: Any, before: str) -> None:
    """Where the schema wants it: Word finds files damaged whose parts stand in another order."""
    follower = parent.find(qn(before))
    if follower is None:
        parent.append(child)
    else:
        follower.addprevious(child)
