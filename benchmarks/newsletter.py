"""How long it takes to queue an issue for 100,000 readers, how it keeps its pace, and what memory that takes.

    .venv/bin/python benchmarks/newsletter.py [readers] [mails handed over] [mails a minute]

It works in a home of its own that is thrown away, and hands the mails over to a mail server of its own on this machine,
in a process of its own (aiosmtpd).
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date

SERVER = """
import sys, time
from aiosmtpd.controller import Controller
class Taken:
    async def handle_DATA(self, server, session, envelope):
        return "250 taken"
Controller(Taken(), hostname="127.0.0.1", port=int(sys.argv[1])).start()
time.sleep(36000)
"""
PORT = 8925
BATCH = 2_000


def main() -> None:
    readers, handed, rate = (int(word) for word in (*sys.argv[1:], "100000", "6000", "3000")[:3])
    server = subprocess.Popen([sys.executable, "-c", SERVER, str(PORT)])
    try:
        with tempfile.TemporaryDirectory(prefix="sympolis-newsletter-") as folder:
            os.environ.update(
                SYMPOLIS_HOME=folder, DJANGO_SETTINGS_MODULE="sympolis.config.settings",
                SYMPOLIS_SMTP_HOST="127.0.0.1", SYMPOLIS_SMTP_PORT=str(PORT), SYMPOLIS_SMTP_TLS="0",
            )  # fmt: skip
            measure(readers, handed, rate)
    finally:
        server.terminate()


def measure(readers: int, handed: int, rate: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from sympolis.office.core.texts import Text
    from sympolis.office.publishing.newsletter import sending
    from sympolis.office.publishing.newsletter.models import Delivery, Issue, IssueBlock, Subscriber

    call_command("migrate", verbosity=0)
    languages, kinds = ("en", "ca", "es", "fr", "ar"), ("news", "events", "calls", "plan")
    for at in range(0, readers, BATCH):
        Subscriber.objects.bulk_create(
            Subscriber(
                email=f"r{n}@readers.example", folded=f"r{n}@readers.example", state="subscribed",
                language=languages[n % 5], kinds=(kinds[n % 4],) if n % 3 == 0 else (),
            )
            for n in range(at, min(at + BATCH, readers))
        )  # fmt: skip
    words = Text.of(**{code: f"October {code}" for code in languages})
    issue = Issue.objects.create(
        month=date(2026, 10, 1), title=words, opening=words, languages=languages, state="sending",
        scheduled_for=timezone.now(), address="https://office.example", rate=rate,
    )  # fmt: skip
    for n in range(20):
        IssueBlock.objects.create(
            issue=issue, kind=kinds[n % 4] if n % 4 != 1 else "coming", record=f"new_{n}", position=n, title=words,
            text=Text.of(**dict.fromkeys(languages, "A harbour in the morning. " * 20)),
        )  # fmt: skip
    began = time.monotonic()
    count = sending.queue(issue)
    print(f"queued {count:,} in {time.monotonic() - began:.1f} s")
    sending.queue(issue)

    sent, began, memory = 0, time.monotonic(), []

    def stop_when_enough() -> bool:
        nonlocal sent
        sent += 1
        if sent % max(handed // 6, 1) == 0:
            memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
        return Delivery.objects.filter(state="sent").count() >= handed if sent % 500 == 0 else False

    sending.is_stopping = stop_when_enough  # type: ignore[assignment]
    while sending.Sender().run() and not stop_when_enough():
        pass
    took = time.monotonic() - began
    went = Delivery.objects.filter(state="sent").count()
    print(f"handed over {went:,} in {took:.1f} s: {went / took * 60:,.0f} a minute, {rate:,} set")
    print(f"most memory on the way, MB: {memory}")


if __name__ == "__main__":
    main()
