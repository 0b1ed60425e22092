"""Mails that came back and complaints: read from files that somebody drops, or that an administrator hands in.

A delivery report (RFC 3464) and a complaint (RFC 5965, ARF) have a part that programs read and a part with the mail
they are about. They count only where that mail is one of ours, by its sealed Message-ID, and went to that address:
anybody can write to a mailbox, and must not put others off the list by it. What does not fit is kept for a person.
"""

from __future__ import annotations

import hashlib
import logging
import mailbox
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import Message
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sympolis.office.publishing.newsletter.enums import DeliveryState, LeftWhy, ReturnKind
from sympolis.office.publishing.newsletter.models import Delivery, Return
from sympolis.office.publishing.newsletter.subscribing import folded_address, found_failing, found_gone, leave
from sympolis.office.publishing.newsletter.tokens import named_by

logger = logging.getLogger(__name__)

LARGEST = 5 * 2**20  # of one report; providers send back the head of a mail, or all of it
MOST_IN_A_FILE = 20_000
_STATUS = re.compile(r"^\s*([245])\.(\d{1,3})\.(\d{1,3})")
_MESSAGE_ID = re.compile(r"^Message-ID:\s*(<[^<>\s]{1,300}>)", re.IGNORECASE | re.MULTILINE)
_RECIPIENT = re.compile(r"^(?:To|Delivered-To):.*?([^\s<>,;:\"]+@[^\s<>,;\"]+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says: of which mail, for whom, and what became of it."""

    kind: ReturnKind
    recipient: str = ""
    message_id: str = ""
    said: str = ""


def read_report(raw: bytes) -> Report:
    """What one mail reports; whatever it is, this raises nothing."""
    try:
        return _read(message_from_bytes(raw, policy=policy.default))
    except Exception as error:  # the parser of the standard library fails in many ways on what is no mail
        return Report(ReturnKind.UNKNOWN, said=f"{type(error).__name__}: {error}"[:500])


def _read(message: Message) -> Report:
    original = _original(message)
    about = Report(
        ReturnKind.UNKNOWN,
        recipient=_first(_RECIPIENT, original),
        message_id=_first(_MESSAGE_ID, original),
        said=str(message.get("Subject", ""))[:500],
    )
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            return _of_status(part, about)
        if part.get_content_type() == "message/feedback-report":
            return _of_complaint(part, about)
    return about


def _of_status(part: Message, about: Report) -> Report:
    """The last group of fields that speaks of a recipient."""
    for fields in _groups(part):
        status, action = str(fields.get("Status", "")), str(fields.get("Action", "")).strip().lower()
        recipient = str(fields.get("Original-Recipient") or fields.get("Final-Recipient") or "").rpartition(";")[2]
        if not recipient:
            continue
        said = str(fields.get("Diagnostic-Code", "")) or status
        found = replace(about, recipient=recipient.strip().strip("<>"), said=" ".join(said.split())[:500])
        if action in {"delivered", "relayed", "expanded", "delayed"}:
            return replace(found, kind=ReturnKind.UNKNOWN)
        number = _STATUS.match(status)
        is_gone = bool(number) and number is not None and number[1] == "5" and number[2] == "1"
        return replace(found, kind=ReturnKind.GONE if is_gone else ReturnKind.FAILED)
    return about


def _groups(part: Message) -> Iterator[Message]:
    """The groups of fields of a delivery report: the parser makes a message of each."""
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (one for one in payload if isinstance(one, Message))


def _of_complaint(part: Message, about: Report) -> Report:
    fields = message_from_bytes(_bytes(part), policy=policy.default)
    said = str(fields.get("Feedback-Type", "abuse")).strip().lower()
    recipient = str(fields.get("Original-Rcpt-To", "")).strip().strip("<>") or about.recipient
    kind = ReturnKind.UNKNOWN if said == "not-spam" else ReturnKind.COMPLAINT
    return replace(about, kind=kind, recipient=recipient, said=said[:500])


def _bytes(part: Message) -> bytes:
    """The content of a part, be it that the parser took it for a message."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return b"\n".join(one.as_bytes() for one in payload if isinstance(one, Message))
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else str(payload).encode("utf-8", "replace")


def _original(message: Message) -> str:
    """The head of the mail a report is about, or all of a report that has none."""
    for part in message.walk():
        if part.get_content_type() in {"message/rfc822", "text/rfc822-headers"}:
            return _bytes(part).decode("utf-8", "replace")
    return ""


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def take_in(raw: bytes) -> Return | None:
    """Note a report and do what follows from it, once; None for one that was taken in before."""
    digest = hashlib.sha256(raw).hexdigest()
    if Return.objects.filter(digest=digest).exists():
        return None
    report = read_report(raw)
    delivery = _delivery_of(report)
    with transaction.atomic():
        noted, is_new = Return.objects.get_or_create(
            digest=digest,
            defaults={
                "kind": report.kind, "recipient": report.recipient[:254], "said": report.said, "delivery": delivery,
                "settled_at": timezone.now() if delivery and report.kind != ReturnKind.UNKNOWN else None,
            },
        )  # fmt: skip
        if is_new and delivery is not None:
            _follow_up(report, delivery)
    return noted if is_new else None


def _delivery_of(report: Report) -> Delivery | None:
    """The hand-over a report is about: its Message-ID is ours, and that mail went to this address."""
    named = named_by(report.message_id)
    if named is None:
        return None
    found = Delivery.objects.filter(issue__public_id=named[0], subscriber=named[1]).select_related("subscriber").first()
    if found is None or found.subscriber is None:
        return None
    return found if found.subscriber.folded == folded_address(report.recipient) else None


def _follow_up(report: Report, delivery: Delivery) -> None:
    assert delivery.subscriber is not None
    match report.kind:
        case ReturnKind.GONE:
            found_gone(delivery.subscriber, report.said)
        case ReturnKind.FAILED:
            found_failing(delivery.subscriber, report.said)
        case ReturnKind.COMPLAINT:
            leave(delivery.subscriber, LeftWhy.COMPLAINT, delivery.issue_id)
            return
        case _:
            return
    # One in doubt that came back went out: that is known now.
    there = Delivery.objects.filter(pk=delivery.pk, state__in=[DeliveryState.SENT, DeliveryState.DOUBT])
    there.update(state=DeliveryState.BOUNCED, said=report.said[:500])


def mails_in(path: Path) -> Iterator[bytes]:
    """The mails of a file: one, or a whole mailbox (mbox)."""
    with path.open("rb") as file:
        is_mailbox = file.read(5) == b"From "
    if not is_mailbox:
        if path.stat().st_size <= LARGEST:
            yield path.read_bytes()
        return
    box = mailbox.mbox(path, create=False)
    try:
        for count, key in enumerate(box.iterkeys()):
            if count >= MOST_IN_A_FILE:
                return
            raw = box.get_bytes(key)
            if len(raw) <= LARGEST:
                yield raw
    finally:
        box.close()


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many reports were new, and how many of them a person has to look at."""

    new: int = 0
    unclear: int = 0


def take_in_file(path: Path) -> TakenIn:
    new = unclear = 0
    for raw in mails_in(path):
        if noted := take_in(raw):
            new += 1
            unclear += noted.settled_at is None
    return TakenIn(new, unclear)


def read_dropped() -> int:
    """What lies in the home's folder for it: files of one mail or a mailbox, or a Maildir. Read, they go to ``read/``;
    what can't be read stays where it is, and is said in the log."""
    folder: Path = settings.HOME.returned
    if not folder.is_dir():
        return 0
    done, count = folder / "read", 0
    for path in sorted(one for one in _files(folder) if done not in one.parents):
        try:
            count += take_in_file(path).new
            done.mkdir(exist_ok=True)
            path.replace(done / path.name)
        except OSError:
            logger.exception("%s can't be read", path.name)
    return count


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            yield path


def settle(noted: Return) -> None:
    """A person has looked at one that did not fit."""
    Return.objects.filter(pk=noted.pk, settled_at=None).update(settled_at=timezone.now())
