"""Handing one mail over, so that afterwards one of four things is known: taken, refused, not now, or nobody can say.

Django's own sending tells apart only "no error" and "error". Here the end of the mail is what counts: until the server
was told that all of it is there, it has not taken it, and the mail may go again. From then on, where no answer comes,
it may have been taken.
"""

from __future__ import annotations

import email.policy
import re
import smtplib
import socket
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from django.core.mail import EmailMultiAlternatives, mailers
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

ANSWER_S = 300  # how long the server may think about a whole mail (RFC 5321 has ten minutes)
GO_AHEAD = 354
_ENHANCED = re.compile(r"\b([45])\.(\d{1,3})\.(\d{1,3})\b")


class Answer(Enum):
    """What became of a mail."""

    TAKEN = "taken"
    NO_SUCH_MAILBOX = "no such mailbox"
    READER_REFUSED = "reader refused"  # a mailbox that takes nothing
    MAIL_REFUSED = "mail refused"  # for what it says or whom it comes from: nothing the reader can help
    NOT_NOW = "not now"  # this reader, for now
    DOOR_SHUT = "door shut"  # nothing goes out, whoever it is for; this mail was not taken
    NOBODY_KNOWS = "nobody knows"


@dataclass(frozen=True, slots=True)
class Said:
    answer: Answer
    words: str = ""


class DoorShut(Exception):
    """The mail server can't be reached, or lets nobody in."""


class Door(Protocol):
    """Where mails are handed over, one after another. ``open`` says whether it was shut before; raises DoorShut."""

    def open(self) -> bool: ...

    def hand_over(self, mail: EmailMultiAlternatives) -> Said: ...

    def close(self) -> None: ...


def the_door() -> Door:
    """The door of the mail setting."""
    backend: Any = mailers["default"]
    return SmtpDoor(backend) if isinstance(backend, SmtpBackend) else PlainDoor(backend)


class PlainDoor:
    """A mailer that is no server: files in the outbox, or memory in tests."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def open(self) -> bool:
        try:
            return bool(self._backend.open())
        except OSError as error:
            raise DoorShut(str(error)) from error

    def hand_over(self, mail: EmailMultiAlternatives) -> Said:
        try:
            self._backend.send_messages([mail])
        except OSError as error:
            return Said(Answer.DOOR_SHUT, str(error))
        return Said(Answer.TAKEN)

    def close(self) -> None:
        self._backend.close()


class SmtpDoor:
    """A mail server, over one connection."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def open(self) -> bool:
        try:
            is_new = bool(self._backend.open())
            if is_new:
                # Else the end of each mail waits for the server's word that it has the beginning: 40 ms of each.
                self._backend.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise DoorShut(_words(error)) from error
        return is_new

    def close(self) -> None:
        try:
            self._backend.close()
        except (OSError, smtplib.SMTPException):
            self._backend.connection = None

    def hand_over(self, mail: EmailMultiAlternatives) -> Said:
        """One mail. After any answer but a plain one of the server the connection is given up."""
        smtp: smtplib.SMTP = self._backend.connection
        try:
            sender, to = (self._backend.prep_address(one) for one in (mail.from_email, mail.to[0]))
        except ValueError as error:
            return Said(Answer.NO_SUCH_MAILBOX, str(error))
        payload = _payload(mail)
        try:
            said = self._ask(smtp, sender, to)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Said(Answer.DOOR_SHUT, _words(error))
        return said or self._give(smtp, payload)

    def _ask(self, smtp: smtplib.SMTP, sender: str, to: str) -> Said | None:
        """Whether the server wants it; None: it does."""
        smtp.ehlo_or_helo_if_needed()
        code, words = smtp.mail(sender)
        if code != 250:
            smtp.rset()
            return _not_let_in(code, words)
        code, words = smtp.rcpt(to)
        if code not in {250, 251}:
            smtp.rset()
            return _of_reader(code, words)
        code, words = smtp.docmd("DATA")
        if code != GO_AHEAD:
            smtp.rset()
            return _not_let_in(code, words) if code == 421 or code < 500 else _of_mail(code, words)
        return None

    def _give(self, smtp: smtplib.SMTP, payload: bytes) -> Said:
        """All of it with its end, and the server's answer. From the first byte on, a cut leaves it in doubt."""
        try:
            sock: Any = smtp.sock
            sock.settimeout(ANSWER_S)
            smtp.send(payload)
            code, words = smtp.getreply()
            sock.settimeout(smtp.timeout)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Said(Answer.NOBODY_KNOWS, _words(error))
        return Said(Answer.TAKEN, _decoded(words)) if code == 250 else _of_mail(code, words)


def _payload(mail: EmailMultiAlternatives) -> bytes:
    """As it goes over the wire: dots at the beginning of lines doubled, the end marked."""
    whole = mail.message(policy=email.policy.SMTP).as_bytes()
    lines = whole.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    stuffed = (b"\r\n" + lines).replace(b"\r\n.", b"\r\n..")[2:]
    return stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _of_reader(code: int, words: bytes) -> Said:
    """What a server says of an address: there is none, its mailbox takes nothing, or the server wants no mail of us.

    RFC 3463: x.1.x speaks of the address, x.2.x of the mailbox, all else is nothing the reader can help.
    """
    said = _told(code, words)
    if code == 421:
        return Said(Answer.DOOR_SHUT, said)
    if code < 500:
        return Said(Answer.NOT_NOW, said)
    enhanced = _ENHANCED.search(_decoded(words))
    about = enhanced[2] if enhanced else {550: "1", 551: "1", 553: "1", 552: "2"}.get(code, "")
    answers = {"1": Answer.NO_SUCH_MAILBOX, "2": Answer.READER_REFUSED}
    return Said(answers.get(about, Answer.MAIL_REFUSED), said)


def _of_mail(code: int, words: bytes) -> Said:
    if code == 421:
        return Said(Answer.DOOR_SHUT, _told(code, words))
    return Said(Answer.NOT_NOW if code < 500 else Answer.MAIL_REFUSED, _told(code, words))


def _not_let_in(code: int, words: bytes) -> Said:
    """The office itself is refused, or the server is busy: the next mail would fare no better."""
    return Said(Answer.DOOR_SHUT, _told(code, words))


def _told(code: int, words: bytes) -> str:
    return f"{code} {_decoded(words)}"


def _decoded(words: bytes) -> str:
    return words.decode("utf-8", "replace").replace("\n", " ")


def _words(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return _told(error.smtp_code, said if isinstance(said, bytes) else str(said).encode())
    return f"{type(error).__name__}: {error}"
