"""A real mail server to send to: one that takes everything, or is slow, refuses some, or cuts the connection."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Taken:
    """What the server took. ``answer_to`` is what it says to an address, ``after`` what happens to a mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.answer_to: Callable[[str], str] = lambda address: "250 OK"
        self.after: Callable[[str], str] = lambda address: "250 taken"
        self.slow_s = 0.0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        said = self.answer_to(address)
        if said.startswith("2"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(self.slow_s)
        said = self.after(envelope.rcpt_tos[0])
        if said == "cut":  # it has taken it, and the answer never comes
            self._keep(envelope.content)
            server.transport.abort()
            return "250 nobody hears this"
        if said.startswith("2"):
            self._keep(envelope.content)
        return said

    def _keep(self, content: bytes) -> None:
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        self.raw.append(content)

    @property
    def recipients(self) -> list[str]:
        return [str(mail["To"]) for mail in self.mails]

    @property
    def message_ids(self) -> Counter[str]:
        return Counter(str(mail["Message-ID"]) for mail in self.mails)


class MailServer:
    """Runs in a thread while a test needs it."""

    def __init__(self) -> None:
        self.taken = Taken()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.controller = Controller(self.taken, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> MailServer:
        self.controller.start()
        return self

    def __exit__(self, *_about: object) -> None:
        self.controller.stop()

    @property
    def mailers(self) -> dict[str, Any]:
        options = {"host": "127.0.0.1", "port": self.port, "timeout": 5}
        return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
