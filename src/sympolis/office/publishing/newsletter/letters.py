"""An issue as a mail: HTML and plain text in one language, with what a reader chose to be told of.

Readers who get the same words share one rendering; what is their own, the links to leave and to choose, is put in last.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parseaddr
from functools import partial

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override

from sympolis.office.core import mails
from sympolis.office.core.markup import joined, markup
from sympolis.office.core.rich import plain_lines, rich_html
from sympolis.office.core.templatetags.show import marked_for
from sympolis.office.core.texts import Text
from sympolis.office.directory.queries import current_office
from sympolis.office.publishing.newsletter.enums import TOPIC_OF, BlockKind
from sympolis.office.publishing.newsletter.models import Issue, IssueBlock, Subscriber
from sympolis.office.publishing.newsletter.tokens import message_id, own_token

LARGEST = 100_000  # bytes of HTML: from 102 kB on, mail programs cut a mail off and hide the link to leave
LEAVE, CHOOSE = "https://leave.invalid/", "https://choose.invalid/"
MOST_RENDERED = 64


@dataclass(frozen=True, slots=True)
class Rendered:
    """One issue for all who get the same words; links of their own stand as LEAVE and CHOOSE in it."""

    subject: str
    html: str
    text: str


def wanted_blocks(blocks: Iterable[IssueBlock], kinds: Iterable[str], themes: Iterable[str]) -> list[IssueBlock]:
    """Those somebody chose. A block without themes is for everybody, and nothing chosen means everything."""
    topics, about = set(kinds), set(themes)
    found = []
    for block in blocks:
        topic = TOPIC_OF.get(BlockKind(block.kind))
        if topic is not None and topics and topic not in topics:
            continue
        if about and block.themes and not about & set(block.themes):
            continue
        found.append(block)
    return found


def sections(blocks: Iterable[IssueBlock]) -> list[tuple[BlockKind, list[IssueBlock]]]:
    """Blocks by kind, sections in the order of their first block."""
    found: dict[BlockKind, list[IssueBlock]] = {}
    for block in blocks:
        found.setdefault(BlockKind(block.kind), []).append(block)
    return list(found.items())


def blocks_in(issue: Issue) -> list[IssueBlock]:
    return list(issue.blocks.filter(is_out=False).order_by("position", "pk"))


def render(issue: Issue, blocks: list[IssueBlock], language: str, address: str) -> Rendered:
    with override(language):
        office = current_office()
        name = office.name.best(language).text if office else ""
        subject = mails.one_line(issue.title.best(language).text)
        web = address + reverse("public:letter_issue", kwargs={"public_id": issue.public_id})
        html = mails.mail_page(
            subject,
            joined("", _html_parts(issue, blocks, language, address)),
            joined("", [mails.paragraph_small(_why(name)), _html_links(web)]),
        )
        return Rendered(subject, html, _text(issue, blocks, language, address, name, web))


def _why(name: str) -> str:
    return _("You get this because you agreed to get the newsletter of %(office)s.") % {"office": name}


def _html_links(web: str) -> SafeString:
    links = [
        mails.link(web, _("Read it on the web")),
        mails.link(CHOOSE, _("Choose what you get")),
        mails.link(LEAVE, _("Leave the newsletter")),
    ]
    style = f"margin:0 0 8px;font-size:13px;line-height:1.8;color:{mails.MUTED}"
    return markup('<p class="m-muted" style="{}">{}</p>', style, joined(" · ", links))


def _html_parts(issue: Issue, blocks: list[IssueBlock], language: str, address: str) -> Iterable[SafeString]:
    head = f"margin:0 0 16px;font-size:24px;line-height:1.25;color:{mails.INK}"
    yield markup('<h1 style="{}">{}</h1>', head, _marked(issue.title, language))
    if issue.illustrative:
        yield mails.paragraph_small(_("This issue is an example."))
    if issue.opening:
        yield _rich(issue.opening, language)
    heading = f"margin:28px 0 8px;font-size:13px;line-height:1.3;color:{mails.MUTED}"
    for kind, listed in sections(blocks):
        if kind != BlockKind.OWN:
            yield markup('<h2 class="m-muted" style="{}">{}</h2>', heading, str(kind.label))
        yield from (_html_block(block, language, address) for block in listed)


def _html_block(block: IssueBlock, language: str, address: str) -> SafeString:
    title = _marked(block.title, language)
    if target := _target(block, language, address):
        title = mails.link(target, title)
    made = [markup('<h3 style="margin:0 0 4px;font-size:18px;line-height:1.3;color:{}">{}</h3>', mails.INK, title)]
    if block.text:
        made.append(_rich(block.text, language))
    return markup(
        '<table {} width="100%"><tr>'
        '<td class="m-line" align="{}" style="padding:12px 0 4px;border-top:1px solid {}">{}</td></tr></table>',
        mails.TABLE, mails.sides_of(language)[1], mails.LINE, joined("", made),
    )  # fmt: skip


def _marked(text: Text, language: str) -> SafeString:
    return marked_for(language, text.best(language))


def _rich(text: Text, language: str) -> SafeString:
    """Rich text with styles on each element, marked where it is in another language."""
    written = text.best(language)
    align = mails.sides_of(written.language)[1]
    html = styled(rich_html(written.text), align)
    if written.language == language:
        return html
    pattern = '<div lang="{}" dir="{}" style="text-align:{}">{}</div>'
    return markup(pattern, written.language, written.direction, align, html)


STYLES = {
    "<p>": f"margin:0 0 12px;font-size:16px;line-height:1.5;color:{mails.INK}",
    "<h2>": f"margin:16px 0 6px;font-size:18px;line-height:1.3;color:{mails.INK}",
    "<h3>": f"margin:12px 0 4px;font-size:16px;line-height:1.3;color:{mails.INK}",
    "<ul>": "margin:0 24px 12px;padding:0",  # Outlook knows padding in cells alone
    "<ol>": "margin:0 24px 12px;padding:0",
    "<li>": f"margin:0 0 4px;font-size:16px;line-height:1.5;color:{mails.INK}",
    "<blockquote>": "margin:0 0 12px",
}
IN_QUOTE = '<table {} width="100%"><tr><td class="m-line" align="{}" style="padding:0 16px;border-{}:3px solid {}">'


def styled(html: str, side: str) -> SafeString:
    """The little HTML of rich text, which nh3 has cleaned, with a style on each element; ``side`` is where its lines
    begin, and the line beside a quotation stands."""
    inside = markup(IN_QUOTE, mails.TABLE, side, side, mails.LINE)
    html = html.replace("<blockquote>", f"<blockquote>{inside}").replace(
        "</blockquote>", "</td></tr></table></blockquote>"
    )
    for tag, style in STYLES.items():
        html = html.replace(tag, f'{tag[:-1]} style="{style}">')
    return SafeString(html.replace("<a href=", f'<a class="m-link" style="color:{mails.LINK}" href='))


def _target(block: IssueBlock, language: str, address: str) -> str:
    return f"{address}/{language}{block.page}" if block.page else block.link


def _text(issue: Issue, blocks: list[IssueBlock], language: str, address: str, name: str, web: str) -> str:
    parts = [issue.title.best(language).text]
    if issue.illustrative:
        parts.append(_("This issue is an example."))
    parts.append(plain_lines(issue.opening.best(language).text))
    for kind, listed in sections(blocks):
        if kind != BlockKind.OWN:
            parts.append(f"{kind.label}\n{'=' * min(len(str(kind.label)), 60)}")
        for block in listed:
            said = (block.title, block.text)
            lines = [plain_lines(text.best(language).text) for text in said]
            parts.append("\n".join(part for part in (*lines, _target(block, language, address)) if part))
    leads = (
        (_("Read it on the web"), web),
        (_("Choose what you get"), CHOOSE),
        (_("Leave the newsletter"), LEAVE),
    )
    links = "\n".join(_("%(what)s: %(address)s") % {"what": what, "address": lead} for what, lead in leads)
    return "\n\n".join(part for part in (*parts, f"-- \n{_why(name)}", links) if part) + "\n"


class Renderer:
    """Renders each issue once for everybody who gets the same words; the latest few are kept."""

    def __init__(self) -> None:
        self._blocks: dict[int, list[IssueBlock]] = {}
        self._rendered: OrderedDict[tuple[object, ...], Rendered] = OrderedDict()

    def mail_to(self, issue: Issue, subscriber: Subscriber) -> EmailMultiAlternatives | None:
        """The mail for one reader; None where nothing in the issue is for them."""
        if issue.pk not in self._blocks:
            self._blocks = {issue.pk: blocks_in(issue)}
        blocks = wanted_blocks(self._blocks[issue.pk], subscriber.kinds, subscriber.themes)
        if not blocks and not issue.opening:
            return None
        language = subscriber.language if subscriber.language in issue.languages else issue.languages[0]
        key = (issue.pk, language, tuple(block.pk for block in blocks))
        shared = self._once(key, partial(render, issue, blocks, language, issue.address))
        return addressed(shared, issue, subscriber, language)

    def _once(self, key: tuple[object, ...], make: partial[Rendered]) -> Rendered:
        if key not in self._rendered:
            self._rendered[key] = make()
            if len(self._rendered) > MOST_RENDERED:
                self._rendered.popitem(last=False)
        self._rendered.move_to_end(key)
        return self._rendered[key]


def addressed(shared: Rendered, issue: Issue, subscriber: Subscriber, language: str) -> EmailMultiAlternatives:
    """What is the reader's own: links, address, the Message-ID that stays the same whenever this is handed over."""
    token = own_token(subscriber.pk, issue.pk)
    with override(language):
        leave = issue.address + reverse("public:letter_leave", kwargs={"token": token})
        choose = issue.address + reverse("public:letter_preferences", kwargs={"token": token})
    mail = mails.Mail(
        subject=shared.subject,
        body=shared.text.replace(LEAVE, leave).replace(CHOOSE, choose),
        to=[subscriber.email],
        headers={
            "Message-ID": message_id(issue, subscriber.pk, sending_domain()),
            "List-ID": f"<newsletter.{sending_domain()}>",
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
            "Precedence": "bulk",
        },
    )
    mail.attach_alternative(shared.html.replace(LEAVE, leave).replace(CHOOSE, choose), "text/html")
    return mail


def sending_domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"


def largest(issue: Issue) -> int:
    """How many bytes of HTML the longest mail of an issue has: with every block, in each of its languages."""
    blocks, address = blocks_in(issue), issue.address or "https://example.org"
    return max((len(render(issue, blocks, one, address).html.encode()) for one in issue.languages), default=0)
