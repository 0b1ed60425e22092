"""Mails the product sends: plain text and HTML of the same words, in the reader's language, with why they get it.

Mail clients know little: tables for layout, styles on each element, and one style sheet for those that have a dark
side. Outlook on Windows draws with Word: it knows padding in cells alone, no largest width, and falls back to Times
where it does not know the first font. What it needs stands in comments that only it reads. Which properties and
elements may be used at all is held by a test. Nothing is fetched from anywhere, so nothing tells who opened it.
"""

from __future__ import annotations

import email.policy
import re
from collections.abc import Iterable, Mapping
from email.message import EmailMessage
from html import escape
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from sympolis.office.core.markup import joined, markup
from sympolis.office.core.texts import RIGHT_TO_LEFT

FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
WRAPS = "word-wrap:break-word;word-break:break-word"  # whatever somebody wrote without a space in it
INK, MUTED, LINK, LINE, PAPER, GROUND = "#1b2430", "#56606d", "#0b5a8a", "#d9dee4", "#ffffff", "#f3f5f7"
DARK = (
    "@media (prefers-color-scheme:dark){"
    ".m-ground{background-color:#12161b!important}.m-paper{background-color:#1b2129!important;border-color:#39424d!important}"
    ".m-ink,.m-ink p,.m-ink h1,.m-ink h2,.m-ink h3,.m-ink li{color:#e8ecf1!important}.m-muted{color:#a7b1bd!important}"
    ".m-link,.m-ink a,.m-muted a{color:#8cc8f0!important}.m-line{border-color:#39424d!important}}"
)
IN_WORD = "body,table,td,div,p,a,span,h1,h2,h3,li,blockquote{font-family:'Segoe UI',Arial,sans-serif!important}"
TABLE = SafeString('role="presentation" cellpadding="0" cellspacing="0" border="0"')
LONGEST_SUBJECT = 200

_SPACE = re.compile(r"[^\S\xa0\u202f]+")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")


class WholeAddresses(email.policy.EmailPolicy):
    """Addresses in headers stay as they are, however long: what is longer than a line Python writes as encoded words,
    and those no mail program takes for the address to leave by (RFC 2369)."""

    def fold(self, name: str, value: Any) -> str:
        if name.casefold() in AS_ONE_LINE and str(value).isascii():
            return f"{name}: {value}{self.linesep}"
        folded: str = super().fold(name, value)
        return folded

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.casefold() in AS_ONE_LINE and str(value).isascii():
            return self.fold(name, value).encode()
        folded: bytes = super().fold_binary(name, value)
        return folded


AS_ONE_LINE = frozenset({"list-unsubscribe", "list-id", "message-id"})


class Mail(EmailMultiAlternatives):
    """What every mail of ours is, whichever way it goes out."""

    def message(self, *, policy: Any = email.policy.default) -> EmailMessage:
        made: EmailMessage = super().message(policy=WholeAddresses(linesep=policy.linesep))
        return made


def letter(
    subject: str,
    paragraphs: Iterable[str],
    to: str,
    why: str,
    *,
    reply_to: Iterable[str] = (),
    headers: Mapping[str, str] | None = None,
) -> Mail:
    """A mail of some paragraphs in the language that is active now; ``why`` says for what reason the reader gets it."""
    said = [part.strip() for part in paragraphs if part and part.strip()]
    content = joined("", [paragraph(part) for part in said])
    mail = Mail(
        subject=one_line(subject)[:LONGEST_SUBJECT],
        body="\n\n".join([*said, f"-- \n{why}"]) + "\n",
        to=[to],
        reply_to=list(reply_to) or None,
        headers=dict(headers or {}),
    )
    mail.attach_alternative(mail_page(str(mail.subject), content, paragraph_small(why)), "text/html")
    return mail


def one_line(subject: str) -> str:
    """Without breaks, which no header may have; spaces that do not break stay, as French wants them."""
    return _SPACE.sub(" ", subject).strip()


def paragraph(words: str) -> SafeString:
    return markup('<p style="{}">{}</p>', f"margin:0 0 16px;font-size:16px;line-height:1.5;color:{INK}", linked(words))


def paragraph_small(words: str) -> SafeString:
    style = f"margin:0 0 8px;font-size:13px;line-height:1.5;color:{MUTED}"
    return markup('<p class="m-muted" style="{}">{}</p>', style, linked(words))


def linked(words: str) -> SafeString:
    """Words with their addresses as links and their lines kept."""
    made, at = [], 0
    for found in _ADDRESS.finditer(words):
        made += [escape(words[at : found.start()]), _address(found[0])]
        at = found.end()
    return SafeString("".join([*made, escape(words[at:])]).replace("\n", "<br>"))


def _address(address: str) -> SafeString:
    """An address that is shown as such reads from the left in every language; Outlook knows no direction of links."""
    style = f"color:{LINK};word-break:break-all"  # longer than a telephone is wide, it would stretch the whole mail
    return markup('<span dir="ltr"><a class="m-link" href="{}" style="{}">{}</a></span>', address, style, address)


def link(address: str, words: object) -> SafeString:
    return markup('<a class="m-link" href="{}" style="{}">{}</a>', address, f"color:{LINK}", words)


def mail_page(title: str, content: SafeString, footer: SafeString) -> SafeString:
    """A whole HTML document. Direction and side stand on more than one element: some clients take them off tables."""
    language = (get_language() or "en").split("-")[0]
    direction, align = sides_of(language)
    head = markup(
        '<!DOCTYPE html><html lang="{}" dir="{}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        "<title>{}</title><style>{}</style><!--[if mso]><style>{}</style><![endif]--></head>",
        language, direction, title, SafeString(DARK), SafeString(IN_WORD),
    )  # fmt: skip
    in_cell = f"{FONT};text-align:{align};{WRAPS}"
    body = markup(
        '<body class="m-ground" bgcolor="{}" style="margin:0;padding:0;background-color:{}">'
        '<table {} class="m-ground" width="100%" bgcolor="{}" style="background-color:{}">'
        '<tr><td align="center" style="padding:24px 12px">'
        '<!--[if mso]><table {} width="600"><tr><td style="padding:0"><![endif]-->'
        '<table {} class="m-paper" width="100%" bgcolor="{}" dir="{}"'
        ' style="max-width:600px;background-color:{};border:1px solid {};border-radius:8px">'
        '<tr><td class="m-ink" align="{}" style="{}"><div dir="{}" style="text-align:{}">{}</div></td></tr>'
        '<tr><td class="m-line m-muted" align="{}" style="{}"><div dir="{}" style="text-align:{}">{}</div></td></tr>'
        "</table><!--[if mso]></td></tr></table><![endif]--></td></tr></table></body></html>",
        GROUND, GROUND, TABLE, GROUND, GROUND, TABLE, TABLE, PAPER, direction, PAPER, LINE,
        align, SafeString(f"padding:28px 28px 12px;{in_cell};color:{INK}"), direction, align, content,
        align, SafeString(f"padding:16px 28px;border-top:1px solid {LINE};{in_cell};color:{MUTED}"),
        direction, align, footer,
    )  # fmt: skip
    return SafeString(head + body)


def sides_of(language: str) -> tuple[str, str]:
    """Which way a language runs, and at which side its lines begin."""
    return ("rtl", "right") if language in RIGHT_TO_LEFT else ("ltr", "left")
