"""What the programs that read mails draw, and whether a mail keeps to it."""

from __future__ import annotations

from html.parser import HTMLParser

from sympolis.office.core.mails import sides_of

_TEXT = {"margin", "font-size", "line-height", "color"}
# What Outlook on Windows (Word), Gmail and Apple Mail draw, by the tables of Can I email: an element with a property
# that is not here loses it in one of them. A border of a paragraph or a div is unreliable in Word, padding is known in
# cells alone, widths are attributes.
DRAWN = {
    "body": {"margin", "padding", "background-color"},
    "table": {"max-width", "background-color", "border", "border-radius"},  # widest and round fall away without harm
    "td": {"padding", "border-top", "border-left", "border-right", "font-family", "text-align", "word-wrap",
           "word-break", "color"},
    "div": {"text-align"},
    "blockquote": {"margin"},
    "ul": {"margin", "padding"}, "ol": {"margin", "padding"},
    "a": {"color", "word-break"},
    "p": _TEXT, "h1": _TEXT, "h2": _TEXT, "h3": _TEXT, "li": _TEXT,
}  # fmt: skip
PLAIN = {"html", "head", "meta", "title", "style", "tr", "span", "br", "strong", "em"}


class _Drawn(HTMLParser):
    """Elements with what their styles say, and what stands in comments for Outlook alone."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.comments: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        style = dict(one.split(":", 1) for one in given.pop("style", "").split(";") if one)
        self.found.append((tag, given, style))

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def assert_drawn_everywhere(html: str, language: str) -> None:
    direction, side = sides_of(language)
    read = _Drawn()
    read.feed(html)
    for tag, given, style in read.found:
        assert tag in {*DRAWN, *PLAIN}, tag
        assert set(style) <= DRAWN.get(tag, set()), (tag, style)
        assert "-" not in style.get("margin", ""), style  # Gmail takes none below zero
        assert "background-color" not in style or given["bgcolor"] == style["background-color"], tag
        if tag == "table":
            assert [given[name] for name in ("role", "cellpadding", "cellspacing", "border", "width")] == [
                "presentation", "0", "0", "0", "100%",
            ]  # fmt: skip
        if tag == "a":
            assert "dir" not in given  # Word turns the words of such a link round
        if tag == "td" and "text-align" in style:
            assert given["align"] == style["text-align"] == side
    # One style sheet, an extra for the dark side; Outlook's font and width stand where only it reads them.
    assert html.count("<style>") == 2
    assert [one[:8] for one in read.comments] == ["[if mso]"] * 3
    assert 'width="600"' in read.comments[1]
    assert {given["dir"] for tag, given, _style in read.found if tag == "table" and "dir" in given} == {direction}
