"""Letters that a partner signs, as Word files in its language: out of the office's own template, or a plain one."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from io import BytesIO
from typing import IO, Any

import docx
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement

from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.templatetags.show import country, when
from sympolis.office.core.texts import RIGHT_TO_LEFT
from sympolis.office.core.typesetting import printable
from sympolis.office.core.uploads import Refused, sniff
from sympolis.office.directory.queries import current_office
from sympolis.office.projects.applications.deadlines import in_words
from sympolis.office.projects.applications.enums import LetterKind
from sympolis.office.projects.models import ApplicationPartner, LetterTemplate

PLACEHOLDERS = {
    "partner": gettext_lazy("the partner's name"),
    "country": gettext_lazy("the partner's country"),
    "role": gettext_lazy("the partner's role"),
    "applicant": gettext_lazy("who applies"),
    "title": gettext_lazy("the title of the application"),
    "call": gettext_lazy("the call"),
    "programme": gettext_lazy("the programme"),
    "deadline": gettext_lazy("the deadline"),
    "office": gettext_lazy("the name of the office"),
    "today": gettext_lazy("the day the letter is made"),
}
MOST_BYTES, MOST_UNPACKED = 2 * 2**20, 30 * 2**20
_PLACE = re.compile(r"\{\{\s*([^{}]{0,100}?)\s*\}\}")


class UnknownPlaceholders(ValueError):
    """The template asks for what no letter can say: ``names`` as they stand there."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


def template_for(kind: LetterKind, language: str) -> LetterTemplate | None:
    return LetterTemplate.objects.filter(kind=kind, language=language).first()


@transaction.atomic
def keep_template(user: User, kind: LetterKind, language: str, upload: Any) -> LetterTemplate:
    """Take the place of the template there was. Raises Refused and UnknownPlaceholders."""
    officers_only(user)
    unknown = unknown_in(opened(upload, upload.size))
    if unknown:
        raise UnknownPlaceholders(unknown)
    kept = LetterTemplate.objects.select_for_update().filter(kind=kind, language=language).first()
    kept = kept or LetterTemplate(kind=kind, language=language)
    kept.file_name, kept.added_by = str(upload.name)[-200:], user
    upload.seek(0)
    kept.file.save("template.docx", upload, save=False)
    kept.save()
    return kept


def remove_template(user: User, template: LetterTemplate) -> None:
    officers_only(user)
    template.delete()


def opened(file: IO[bytes], size: int) -> Any:
    """A Word file, looked at before it is unpacked. Raises Refused."""
    if size > MOST_BYTES:
        raise Refused(_("The file is larger than 2 MB. Take large pictures out of it."))
    file.seek(0)
    content = file.read()
    try:
        if sniff("docx", content) != "docx":
            raise Refused(_("This is no Word file (.docx)."))
        with zipfile.ZipFile(BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise Refused(_("This file is far larger unpacked than any letter. Save it anew in Word."))
        return docx.Document(BytesIO(content))
    except Refused:
        raise
    except Exception as error:  # a broken file fails in as many ways as there are parts in it
        raise Refused(_("This Word file cannot be read. Save it anew in Word and try again.")) from error


def unknown_in(document: Any) -> list[str]:
    """Placeholders nobody can fill, each once, as they stand there."""
    found = (name for paragraph in _paragraphs(document) for name in _PLACE.findall(paragraph.text))
    return list(dict.fromkeys(name for name in found if name not in PLACEHOLDERS))


def letter_for(partner: ApplicationPartner, kind: LetterKind, language: str, on: date) -> bytes:
    """The letter as a Word file."""
    with override(language):
        values = _values(partner, language, on)
        template = template_for(kind, language)
        if template is not None:
            with template.file.open("rb") as file:
                document = opened(file, template.file.size)
        else:
            document = _plain(kind, language)
        for paragraph in _paragraphs(document):
            _fill(paragraph, values)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _values(partner: ApplicationPartner, language: str, on: date) -> dict[str, str]:
    application, house, office = partner.application, partner.organisation, current_office()
    call = application.call
    programme = application.programme or (call.programme if call else "")
    return {
        "partner": house.title_text().best(language).text,
        "country": country(house.country) if house.country else "",
        "role": str(partner.get_role_display()),
        "applicant": application.organisation.title_text().best(language).text,
        "title": application.title.best(language).text,
        "call": call.title.best(language).text if call else programme or _("a call for funding"),
        "programme": programme,
        "deadline": in_words(application.deadline_on, application.deadline_hour, application.deadline_zone),
        "office": office.name.best(language).text if office else "",
        "today": when(on),
    }


def _plain(kind: LetterKind, language: str) -> Any:
    """A letter without any template, with the same placeholders."""
    if kind == LetterKind.INTENT:
        title = _("Letter of intent")
        said = [
            _("{{partner}} intends to take part in “{{title}}”, which {{applicant}} prepares for {{call}}."),
            _("We have read what is planned, and will do our part in it if the application is granted."),
        ]
    else:
        title = _("Mandate letter")
        said = [
            _("{{partner}} gives {{applicant}} the mandate to hand in “{{title}}” for {{call}} in its name too."),
            _("{{applicant}} speaks for us in all that concerns this application until it is decided."),
        ]
    closing = _("Name, post, signature and stamp:")
    document = docx.Document()
    for words, style in ((title, "Heading 1"), ("{{today}}", None), *((one, None) for one in said), (closing, None)):
        paragraph = document.add_paragraph(words, style=style)
        if language in RIGHT_TO_LEFT:
            _turn_round(paragraph)
    return document


def _turn_round(paragraph: Any) -> None:
    """From right to left: the paragraph, and the letters in it."""
    paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT  # of a bidi paragraph this is the starting side
    for run in paragraph.runs:
        run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))


def _paragraphs(document: Any) -> Iterator[Any]:
    """Every paragraph: of the text, in tables, in the head and the foot of each section."""
    yield from _within(document)
    for section in document.sections:
        for part in (section.header, section.footer, section.first_page_header, section.first_page_footer):
            yield from _within(part)


def _within(part: Any) -> Iterator[Any]:
    yield from part.paragraphs
    for table in part.tables:
        for row in table.rows:
            for cell in row.cells:
                yield from _within(cell)


def _fill(paragraph: Any, values: Mapping[str, str]) -> None:
    """Put the values in. Word cuts a placeholder into several runs as it likes: the first then holds the whole."""
    runs = paragraph.runs
    if not _PLACE.search(paragraph.text):
        return
    for run in runs:
        if _PLACE.search(run.text):
            run.text = _filled(run.text, values)
    joined = "".join(run.text for run in runs)
    if runs and _PLACE.search(joined) and _is_cut(runs):
        runs[0].text = _filled(joined, values)
        for run in runs[1:]:
            run.text = ""


def _is_cut(runs: Iterable[Any]) -> bool:
    """Whether a placeholder is left that no run holds by itself: what a name says in braces is not asked about."""
    return any(("{" in run.text or "}" in run.text) and not _PLACE.search(run.text) for run in runs)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda found: printable(values.get(found[1], found[0])), text)
