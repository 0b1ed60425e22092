"""Rich text as people write it: plain lines with a few marks, and the little HTML that is made of them.

A blank line ends a paragraph; ``## `` begins a heading, ``- `` or ``1. `` a point of a list, ``> `` a quotation;
``**so**`` is strong, ``*so*`` is stressed, ``[words](address)`` is a link. Whatever comes out was cleaned by nh3 last,
so that no mark and no mistake of ours can bring in more than these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from itertools import groupby

import nh3
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

MARKS = _("A blank line begins a paragraph. **strong**, *stressed*, [words](https://…), - a list, ## a heading.")
"""What a form says beside a box for it."""

TAGS = {"p", "br", "h2", "h3", "ul", "ol", "li", "blockquote", "strong", "em", "a"}
ATTRIBUTES = {"a": {"href"}}
SCHEMES = {"http", "https", "mailto"}

_LINE = re.compile(r"(?P<head>#{2,3}) +|(?P<point>[-*•]) +|(?P<number>\d{1,3})[.)] +|(?P<quote>>) ?")
_LINK = r"\[(?P<words>[^\[\]\n]{1,500})\]\((?P<to>(?:https?://|mailto:|/)[^\s()<>]{1,1000})\)"
_BARE = r"(?P<bare>https?://[^\s<>()\[\]*]{1,1000}[^\s<>()\[\]*.,;:!?»”’\"'])"
_MARKS = re.compile(rf"{_LINK}|{_BARE}|\*\*(?P<strong>[^*\n]{{1,2000}})\*\*|\*(?P<em>[^*\s][^*\n]{{0,2000}})\*")
_TAG = re.compile(r"<[^>]*>")


# Each start ends at the next one, and no two spaces compete: a box full of "<" would hold a worker for minutes.
_PROGRAM = re.compile(
    r"<\s*(?:/\s*)?(script|style|iframe|object|embed|form|svg|meta|link|base|img|video|audio)\b"
    r"|[(='\"]\s*(?:javascript|vbscript|data)\s*:|<[^<>]*\bon[a-z]{3,20}\s*=",
    re.IGNORECASE,
)


def program_in(source: str) -> str:
    """The first thing in a text that would be a program or a foreign frame if it were HTML; empty where there is none.

    ``rich_html`` makes it harmless in any case; who wrote it is told, so that nobody wonders what became of it.
    """
    found = _PROGRAM.search(source)
    return found[0][:40] if found else ""


def rich_html(source: str) -> SafeString:
    """What was written, as HTML of a dozen harmless elements."""
    made = "".join(_blocks(source.replace("\r\n", "\n").split("\n")))
    clean = nh3.clean(made, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener nofollow")
    return SafeString(clean)  # nh3 has let through nothing but the elements above


def bare_words(source: str) -> str:
    """The same without marks, for search and for descriptions; addresses of links are left out."""
    html = rich_html(source).replace("<br>", "\n")
    spaced = re.sub(r"</(p|h2|h3|li|blockquote)>", "\n", html)
    return "\n".join(line.strip() for line in unescape(_TAG.sub("", spaced)).split("\n") if line.strip())


def plain_lines(source: str) -> str:
    """The same for a mail of plain text: as it was written, links as words and address."""
    return re.sub(_LINK, lambda found: f"{found['words']} <{found['to']}>", source.replace("\r\n", "\n").strip())


def _blocks(lines: list[str]) -> Iterator[str]:
    for kind, group in groupby(lines, _kind):
        said = [_LINE.sub("", line.strip(), count=1) if kind != "p" else line.strip() for line in group]
        if kind in {"h2", "h3"}:
            yield from (f"<{kind}>{_inline(words)}</{kind}>" for words in said)
        elif kind in {"ul", "ol"}:
            yield f"<{kind}>{''.join(f'<li>{_inline(words)}</li>' for words in said)}</{kind}>"
        elif kind == "blockquote":
            yield f"<blockquote><p>{'<br>'.join(map(_inline, said))}</p></blockquote>"
        elif kind == "p":
            yield f"<p>{'<br>'.join(map(_inline, said))}</p>"


def _kind(line: str) -> str:
    if not line.strip():
        return ""
    found = _LINE.match(line.strip())
    if found is None:
        return "p"
    if found["head"]:
        return f"h{len(found['head'])}"
    return "blockquote" if found["quote"] else "ol" if found["number"] else "ul"


def _inline(words: str) -> str:
    """Marks within a line; what stands between them is escaped."""
    made, at = [], 0
    for found in _MARKS.finditer(words):
        made.append(escape(words[at : found.start()]))
        made.append(_marked(found))
        at = found.end()
    return "".join([*made, escape(words[at:])])


def _marked(found: re.Match[str]) -> str:
    if found["words"]:
        return f'<a href="{escape(found["to"])}">{escape(found["words"])}</a>'
    if found["bare"]:
        return f'<a href="{escape(found["bare"])}">{escape(found["bare"])}</a>'
    if found["strong"]:
        return f"<strong>{_inline(found['strong'])}</strong>"
    return f"<em>{_inline(found['em'])}</em>"
