"""Every mail the product sends: plain text and HTML of the same words, in the reader's language, and why."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import override

import sympolis
from sympolis.office.core.mails import letter, mail_page, paragraph, paragraph_small, sides_of
from sympolis.office.core.markup import joined
from sympolis.office.core.rich import bare_words, plain_lines, program_in, rich_html
from sympolis.office.publishing.newsletter.letters import styled
from tests.mail_html import assert_drawn_everywhere

SOURCE = Path(sympolis.__file__).parent
# Where mails are put together; everybody else asks these.
MAKERS = {"office/core/mails.py", "office/publishing/newsletter/letters.py"}


def test_every_mail_is_made_by_who_makes_both_forms() -> None:
    making = re.compile(r"\b(?:EmailMessage|EmailMultiAlternatives|send_mail|send_mass_mail|mail_admins|Mail)\(")
    found = {str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*.py") if making.search(path.read_text("utf-8"))}
    found -= {"web/staff/accounts.py"}  # allauth's hook is called send_mail
    assert found == MAKERS


def html_of(mail: EmailMultiAlternatives) -> str:
    return next(str(one.content) for one in mail.alternatives if one.mimetype == "text/html")


def test_a_letter_says_the_same_twice_and_why() -> None:
    with override("ar"):
        mail = letter("A\nsubject", ["One <b>", "", "See https://x.example/a?b=1&c=2."], "a@x.example", "You asked.")
    assert mail.subject == "A subject"
    assert mail.body == "One <b>\n\nSee https://x.example/a?b=1&c=2.\n\n-- \nYou asked.\n"
    html = html_of(mail)
    assert '<html lang="ar" dir="rtl">' in html
    assert "One &lt;b&gt;" in html
    assert '<span dir="ltr"><a class="m-link" href="https://x.example/a?b=1&amp;c=2"' in html
    assert "word-break:break-all" in html  # a long address does not stretch the mail over the edge of a telephone
    assert "You asked." in html
    assert mail.message().get_content_type() == "multipart/alternative"


def test_the_mail_with_an_entry_for_the_calendar_goes_through_the_same_hands() -> None:
    said = (SOURCE / "office/synergies/attendee_mails.py").read_text("utf-8")
    assert "mail = letter(" in said


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("One\ntwo\n\nThree", "<p>One<br>two</p><p>Three</p>"),
        ("## Head\n- a\n- b\n1. c", "<h2>Head</h2><ul><li>a</li><li>b</li></ul><ol><li>c</li></ol>"),
        ("> said", "<blockquote><p>said</p></blockquote>"),
        ("**so** and *so*, 2 * 3 * 4", "<p><strong>so</strong> and <em>so</em>, 2 * 3 * 4</p>"),
        (
            "[page](https://x.example/a)",
            '<p><a href="https://x.example/a" rel="noopener nofollow">page</a></p>',
        ),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ('<script>alert("1")</script>', "<p>&lt;script&gt;alert(\"1\")&lt;/script&gt;</p>"),
        (
            '[a](https://x.example/"onclick="x)',
            '<p><a href="https://x.example/&quot;onclick=&quot;x" rel="noopener nofollow">a</a></p>',
        ),
    ],
)  # fmt: skip
def test_rich_text_is_a_dozen_harmless_elements(written: str, made: str) -> None:
    assert rich_html(written) == made


@pytest.mark.parametrize("hostile", ["<" * 20_000, "<" + " " * 20_000, "<on" * 7_000])
def test_no_text_makes_the_look_for_programs_slow(hostile: str) -> None:
    """Each took between two and twenty seconds, and a box takes 50,000 letters in each language."""
    began = time.process_time()
    assert program_in(hostile) == ""
    assert time.process_time() - began < 0.5


def test_a_program_is_found_wherever_it_hides() -> None:
    hidden = ("< / script>", '<a title="<" onclick = "x">', "<b <i onload=x", "<p\nonmouseover=x", "[x](javascript:x)")
    assert [one for one in hidden if not program_in(one)] == []


def test_rich_text_without_its_marks() -> None:
    written = "## Head\n**so** [page](https://x.example/a)\n\n- one & two"
    assert bare_words(written) == "Head\nso page\none & two"
    assert plain_lines("[page](https://x.example/a)") == "page <https://x.example/a>"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_is_used_that_a_mail_client_drops(language: str) -> None:
    rich = rich_html("## Head\n- a\n1. b\n> said\n\n[page](https://x.example/a) **so** *so*\nnext")
    side = sides_of(language)[1]
    content = joined("", [styled(rich, side), paragraph("https://x.example/a")])
    with override(language):
        html = mail_page("Title", content, paragraph_small("x"))
    assert_drawn_everywhere(html, language)
    assert f"border-{side}:3px solid" in html
