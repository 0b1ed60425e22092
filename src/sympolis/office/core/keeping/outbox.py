"""Mails of a home without a mail server: written as files, one file a sending, and read again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

LINE = b"\n" + b"-" * 79 + b"\n"  # what Django's mailer puts behind each mail of a file
MOST_FILES, LARGEST = 500, 20 * 2**20
SHOWN_HEADERS = (
    "From", "To", "Reply-To", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "List-ID",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that hangs on a mail."""

    name: str
    kind: str
    content: bytes

    @property
    def size(self) -> int:
        return len(self.content)


@dataclass(frozen=True, slots=True)
class WrittenMail:
    """One mail of the outbox, by the name of its file and its place in it."""

    name: str
    number: int
    subject: str
    to: str
    at: datetime
    headers: tuple[tuple[str, str], ...] = ()
    text: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()


def files() -> list[Path]:
    """The latest first, as many as are looked at."""
    found = [path for path in settings.HOME.outbox.glob("*.log") if path.is_file()]
    return sorted(found, key=lambda path: (path.stat().st_mtime, path.name), reverse=True)[:MOST_FILES]


def mails() -> list[WrittenMail]:
    """Heads of the mails in the latest files."""
    return [mail for path in files() for mail in reversed(list(_in_file(path)))]


def mail_of(name: str, number: int) -> WrittenMail | None:
    """One whole mail; the name is one of those there are, never a way to another file."""
    path = next((path for path in files() if path.name == name), None)
    return next((mail for mail in _in_file(path) if mail.number == number), None) if path else None


def _in_file(path: Path) -> Iterator[WrittenMail]:
    if path.stat().st_size > LARGEST:
        return
    whole = path.read_bytes()
    for number, raw in enumerate(one for one in whole.split(LINE) if one.strip()):
        yield _read(path, number, raw)


def _read(path: Path, number: int, raw: bytes) -> WrittenMail:
    message = message_from_bytes(raw.lstrip(b"\n"), policy=policy.default)
    assert isinstance(message, EmailMessage)
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    try:
        at = parsedate_to_datetime(str(message["Date"])).astimezone(UTC)
    except (TypeError, ValueError):
        at = written
    return WrittenMail(
        path.name, number, str(message["Subject"] or ""), str(message["To"] or ""), at,
        tuple((name, str(message[name])) for name in SHOWN_HEADERS if message[name]),
        _body(message, "plain"), _body(message, "html"), tuple(_attachments(message)),
    )  # fmt: skip


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if isinstance(part, EmailMessage) else ""


def _attachments(message: EmailMessage) -> Iterator[Attachment]:
    """What hangs on it, and entries for calendars, which are another form of the mail itself."""
    for part in message.walk():
        kind = part.get_content_type()
        if part.is_multipart() or (kind in {"text/plain", "text/html"} and not part.get_filename()):
            continue
        content = part.get_payload(decode=True)
        name = part.get_filename() or ("invitation.ics" if kind == "text/calendar" else "attachment")
        yield Attachment(name, kind, content if isinstance(content, bytes) else b"")
