"""Words on screen and their translations, without a gettext on the machine.

``extract`` gathers what is marked for translation in Python and templates into ``locale/<language>/…/django.po`` and
keeps what is translated; ``compile`` writes the ``.mo`` files Django reads (they are not committed); ``check`` says
what is missing, fuzzy, or names other placeholders than its original, and fails if there is any.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parents[1] / "src" / "sympolis"
LOCALE = SOURCE / "locale"
LANGUAGES = ("ca", "es", "fr", "ar")  # the originals are English

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "_now": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\([^)]*\)[#0\- +]*[\d.]*[a-zA-Z]|%[sdif]|(?<!\{)\{[a-z_][\w.:!,]*\}(?!\})")
ARABIC_FORMS = "n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5"
ACCUSATIVE = re.compile(
    "\N{ARABIC FATHATAN}\N{ARABIC LETTER ALEF}|[\N{ARABIC LETTER ALEF}\N{ARABIC LETTER HAMZA}]\N{ARABIC FATHATAN}"
)
DATES = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By|Report-Msgid-Bugs-To):.*\n',
    re.MULTILINE,
)
HEADER = "# Sympolis: words on screen."


def main(arguments: list[str]) -> int:
    commands = {"extract": extract, "compile": compile_all, "check": check}
    if len(arguments) != 1 or arguments[0] not in commands:
        print("usage: messages.py extract|compile|check", file=sys.stderr)
        return 2
    return commands[arguments[0]]()


def extract() -> int:
    """Bring every catalogue up to what the code says now. Translations of what is still there stay."""
    template = gathered()
    for language in LANGUAGES:
        catalog = read(language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.header_comment = HEADER
        written = io.BytesIO()
        write_po(written, catalog, no_location=True, sort_output=True, ignore_obsolete=True, width=110)
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(DATES.sub("", written.getvalue().decode()), encoding="utf-8")
        waiting = sum(1 for message in catalog if message.id and not is_translated(message))
        print(f"{language}: {len(catalog)} messages, {waiting} to translate")
    return 0


def compile_all() -> int:
    for language in LANGUAGES:
        if not po_path(language).exists():
            continue
        fresh = po_path(language).with_suffix(".mo.new")
        with fresh.open("wb") as out:
            write_mo(out, read(language))
        fresh.replace(po_path(language).with_suffix(".mo"))
    return 0


def check() -> int:
    faults = list(all_faults())
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def all_faults() -> Iterator[str]:
    """One line for everything that would show an untranslated or broken string to a reader."""
    template = gathered()
    for language in LANGUAGES:
        catalog = read(language)
        for original in template:
            if original.id:
                yield from (f"{language}: {fault}" for fault in faults_of(original, found(catalog, original)))
        if language == "ar":
            yield from (f"ar: {fault}" for fault in arabic_faults(catalog))


def arabic_faults(catalog: Catalog) -> Iterator[str]:
    """Counted nouns that stand where another number is: after 11 to 99 they end in an accusative, after 100 they don't.

    Babel's own rule has hundreds before 11 to 99; Unicode's and Django's have them after, and so has our catalogue.
    """
    if ARABIC_FORMS not in catalog.plural_forms:
        yield f"the rule of its plurals is not Unicode's: {ARABIC_FORMS}"
    for message in catalog:
        forms = strings(message.string or "")
        if len(forms) == catalog.num_plurals:
            eleven, hundred = (bool(ACCUSATIVE.search(form)) for form in forms[-2:])
            if hundred and not eleven:
                yield f"the forms for 11 and for 100 stand in each other's place: {forms[-1][:70]!r}"


def faults_of(original: Message, translated: Message | None) -> Iterator[str]:
    said = strings(original.id)
    shown = repr(said[0][:70])
    if translated is None or not is_translated(translated):
        yield f"not translated: {shown}"
        return
    if translated.fuzzy:
        yield f"fuzzy: {shown}"
    wanted = set(PLACEHOLDER.findall(" ".join(said)))
    for text in strings(translated.string):
        has = set(PLACEHOLDER.findall(text))
        # "one project" may do without its number in a plural form; nothing may name what the original does not have.
        if has != wanted and (len(said) == 1 or has - wanted):
            yield f"other placeholders than its original: {shown} has {sorted(wanted)}, {text[:70]!r} has {sorted(has)}"


def gathered() -> Catalog:
    """Every message of the code as it is now."""
    catalog = Catalog()
    for keyword_message in code_messages():
        message, context = keyword_message
        catalog.add(message, context=context)
    return catalog


def code_messages() -> Iterator[tuple[str | tuple[str, str], str | None]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield from python_messages(path.read_text(encoding="utf-8"))
    for path in sorted(path for suffix in ("html", "txt", "xml") for path in SOURCE.rglob(f"templates/**/*.{suffix}")):
        yield from template_messages(path.read_text(encoding="utf-8"), str(path))


def template_messages(template: str, origin: str) -> Iterable[tuple[str | tuple[str, str], str | None]]:
    # Django turns a template into something like Python; without indentation Python's own reader takes it.
    lines = templatize(template, origin=origin).splitlines()
    return python_messages("\n".join(line.strip() for line in lines))


def python_messages(code: str) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    found = extract_python(io.BytesIO(code.encode()), list(KEYWORDS), [], {"encoding": "utf-8"})
    for _line, keyword, said, _comments in found:
        parts = [said] if isinstance(said, str) else list(said or ())
        context = parts.pop(0) if parts and keyword.startswith(("pgettext", "npgettext")) else None
        wanted = 2 if keyword.startswith(("ngettext", "npgettext")) else 1
        texts = parts[:wanted]
        if not texts or not all(texts) or (context is None and keyword.startswith(("pgettext", "npgettext"))):
            continue  # a message made at run time, not written down here
        yield (texts[0] if wanted == 1 else (texts[0], texts[1])), context


def found(catalog: Catalog, original: Message) -> Message | None:
    message: Message | None = catalog.get(original.id, original.context)
    return message


def strings(of_message: str | Iterable[str]) -> list[str]:
    return [of_message] if isinstance(of_message, str) else list(of_message)


def is_translated(message: Message) -> bool:
    return bool(message.string) and all(strings(message.string))


def read(language: str) -> Catalog:
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def po_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def prepare_django() -> None:
    """``templatize`` wants settings; it asks for nothing in them."""
    if not settings.configured:
        settings.configure()
        django.setup()


if __name__ == "__main__":
    prepare_django()
    sys.exit(main(sys.argv[1:]))
