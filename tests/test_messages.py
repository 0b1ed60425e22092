"""Words on screen: what the tool gathers and what it complains about; and that nothing is left untranslated."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from scripts import messages

CHECKOUT = Path(__file__).resolve().parents[1]


def test_templates_and_python_are_read() -> None:
    template = (
        "{% load i18n %}\n<p>{% translate 'Save' %}</p>\n    {% blocktranslate count n=n %}\n"
        "one project{% plural %}{{ n }} projects{% endblocktranslate %}\n{{ _('Water') }} it's \"odd\n"
        "{% translate 'Open' context 'verb' %}{% blocktranslate trimmed with who=a.b %}\n  Asked by\n  {{ who }}\n"
        "{% endblocktranslate %}"
    )
    assert list(messages.template_messages(template, "x.html")) == [
        ("Save", None),
        (("\none project", "%(n)s projects"), None),
        ("Water", None),
        ("Open", "verb"),
        ("Asked by %(who)s", None),
    ]
    code = "_('a')\nngettext('one', 'many', n)\npgettext('month', 'May')\ngettext(name)\nnpgettext('c', 'x', 'y', 2)\n"
    assert list(messages.python_messages(code)) == [
        ("a", None),
        (("one", "many"), None),
        ("May", "month"),
        (("x", "y"), "c"),
    ]


@pytest.mark.parametrize(
    ("original", "translated", "faults"),
    [
        ("Save", "Desa", 0),
        ("Save", "", 1),
        ("%(n)s of %(all)s", "%(n)s de %(all)s", 0),
        ("%(n)s of %(all)s", "%(n)s", 1),
        ("By {name}", "Per {nom}", 1),
        (("%(n)s day", "%(n)s days"), ("un dia", "%(n)s dies"), 0),
        (("%(n)s day", "%(n)s days"), ("%(m)s dia", "%(n)s dies"), 1),
        (("%(n)s day", "%(n)s days"), ("%(n)s dia", ""), 1),
    ],
)
def test_a_broken_translation_is_said(original: object, translated: object, faults: int) -> None:
    found = list(messages.faults_of(Message(original), Message(original, translated)))
    assert len(found) == faults


def test_a_fuzzy_translation_is_said() -> None:
    assert len(list(messages.faults_of(Message("Save"), Message("Save", "Desa", flags=["fuzzy"])))) == 1


def test_arabic_forms_stand_where_the_rule_asks_for_them() -> None:
    catalog = messages.read("ar")
    assert list(messages.arabic_faults(catalog)) == []
    days = ("%(n)s day", "%(n)s days")
    catalog.add(days, ("لا أيام", "يوم", "يومان", "%(n)s أيام", "%(n)s يوم", "%(n)s يومًا"))
    assert len(list(messages.arabic_faults(catalog))) == 1
    assert messages.ARABIC_FORMS not in messages.Catalog(locale="ar").plural_forms  # Babel's own: what it would write


def test_no_string_is_untranslated() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/messages.py", "check"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert done.stdout == ""


DAYS = "at|closes|date|day|decide|due|end|ends|last|moment|notice|opens|signed|since|start|until|when"
ARTICLE = re.compile(rf"\b(?:el|del|al|pel) (?:<\w+>)?%\((?:{DAYS})\)s", re.IGNORECASE)
ELIDED = frozenset({
    "%(value)s %(unit)s in %(year)s; %(target)s are wanted by %(last)s.",  # years alone
    "%(first)s to %(last)s: paid %(paid)s; meetings, events and projects with it: %(done)s.",
    "Closes in %(day)s.",  # months and years alone
    "%(version)s, holds from %(since)s. Each kind counts alike; what is done at home is left out.",
    "%(who)s: %(what)s (due on %(day)s)", "%(who)s: %(what)s (overdue since %(day)s)",
    "by %(day)s", "closes on %(day)s", "ends on %(day)s", "holds from %(since)s",
    "is renewed automatically on %(day)s unless notice is given by %(notice)s",
    "since %(start)s", "until %(day)s", "until %(end)s", "was due on %(day)s",
})  # fmt: skip
"""What ``elided`` makes right where it is shown, because a month or a year may stand there too; days alone are said
with « el dia »."""


def test_no_catalan_article_stands_before_a_day_that_may_begin_with_a_vowel() -> None:
    brief = "".join(one.read_text() for one in (messages.SOURCE / "office/synergies/brief").glob("*.py"))
    found = {
        original[0] if isinstance(original := message.id, tuple) else original
        for message in messages.read("ca")
        for said in ([message.string] if isinstance(message.string, str) else message.string)
        if message.id and ARTICLE.search(said)
    }
    assert {one for one in found - ELIDED if one not in brief} == set()
    assert found >= ELIDED, "what is elided no more has no place in the list"
    assert ARTICLE.search("tanca el %(day)s")
    assert not ARTICLE.search("tanca el dia %(day)s")


NAMES = "body|file|house|into|member|name|network|office|organisation|partner|text|themes|title|who"


@pytest.mark.parametrize("language", ["ca", "fr"])
def test_no_de_stands_before_a_name_that_may_begin_with_a_vowel(language: str) -> None:
    before = re.compile(rf"\b(?:de|que) (?:<\w+>)?%\((?:{NAMES})\)s", re.IGNORECASE)
    strings = [message.string for message in messages.read(language) if message.id]
    said = [one for strings_ in strings for one in ([strings_] if isinstance(strings_, str) else strings_)]
    assert len(said) > 4_000
    assert [one for one in said if before.search(one)] == []
