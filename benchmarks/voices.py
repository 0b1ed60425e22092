"""What a plan's page with hundreds of comments costs: queries and processor time. Prints a table.

    .venv/bin/python benchmarks/voices.py

It works in a home of its own that is thrown away: 50 threads of ten comments, a thousand supports. As in ``speed.py``,
every measurement stands between two runs of the same loop, and the last column says what it is where that takes 43 ms.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Callable
from typing import Any

from speed import LOOP_MS, processor_ms, reference_loop

THREADS, ANSWERS, PEOPLE, SUPPORTED = 50, 9, 20, 200


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="sympolis-voices-") as folder:
        os.environ["SYMPOLIS_HOME"] = folder
        os.environ["SYMPOLIS_PAGES_KEPT_S"] = "0"  # what a page costs is asked, not what is kept of it
        os.environ["DJANGO_SETTINGS_MODULE"] = "sympolis.config.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        print(f"{'page':<44}{'queries':>9}{'measured':>12}{'as at 43 ms':>14}")
        pages()


def pages() -> None:
    from django.contrib.auth.models import AnonymousUser
    from django.test import Client

    from sympolis.office.core.models import User
    from sympolis.office.core.texts import Text
    from sympolis.office.directory.models import Office, Organisation
    from sympolis.office.planning.models import Plan, Process
    from sympolis.office.planning.voices.queries import lines_of
    from sympolis.web.public.voices.threads import Reading, Threads

    amb = Organisation.objects.create(name="AMB", kind="metropolitan-authority")
    Office.objects.create(organisation=amb, languages=("en", "ca"))
    plan = Plan.objects.create(organisation=amb, title=Text.of(ca="El pla"))
    Process.objects.create(plan=plan, is_open=True)
    reader = User.objects.create_user("reader@example.org", "a harbour in the morning")
    address = plan.get_absolute_url().replace("/en/", "/ca/")
    signed_in = Client()
    signed_in.force_login(reader, backend="sympolis.office.directory.sign_in.SignIn")
    for what in ("without a comment", "500 comments"):
        if what == "500 comments":
            fill(plan)
        for who, client in (("visitor", Client()), ("signed in", signed_in)):
            row(f"{what}, {who}", lambda client=client: client.get(address, headers={"host": "localhost"}))
            if what == "500 comments":
                row(f"{what}, {who}, after a change", lambda client=client: changed(client, address))
    row("  of it the comments asked for", lambda: lines_of(reader, plan, "newest", 1))
    lines = lines_of(AnonymousUser(), plan, "newest", 1)
    order = [line.pk for line in lines if line.thread is None]
    row("  of it the comments written as HTML", lambda: Threads(lines, Reading(True, True)).html(order))


def changed(client: Any, address: str) -> None:
    from django.core.cache import cache

    cache.clear()
    client.get(address, headers={"host": "localhost"})


def fill(plan: Any) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from sympolis.office.core.models import User
    from sympolis.office.planning.models import Comment, Support

    people = User.objects.bulk_create(User(email=f"p{n}@example.org", first_name=f"Person {n}") for n in range(PEOPLE))
    text = "Words about the port and the water of the region, said at some length so that it is as people write. "
    begun = Comment.objects.bulk_create(
        Comment(plan=plan, author=people[n % PEOPLE], client_id=f"t{n}", text=f"{text}https://example.org/{n}\nMore.")
        for n in range(THREADS)
    )
    Comment.objects.bulk_create(
        Comment(
            plan=plan, author=people[m], client_id=f"{one.pk}-{m}", thread=one, parent=one, answers=one, text=text * 2
        )
        for one in begun
        for m in range(ANSWERS)
    )
    keys = list(Comment.objects.values_list("pk", flat=True))
    for n, pk in enumerate(keys):
        Comment.objects.filter(pk=pk).update(created_at=timezone.now() - timedelta(days=n % 60))
    Support.objects.bulk_create(Support(comment_id=pk, person=one) for pk in keys[:SUPPORTED] for one in people[:5])


def row(what: str, work: Callable[[], object]) -> None:
    from django.core.signals import request_started
    from django.db import connection, reset_queries
    from django.test.utils import CaptureQueriesContext

    work()
    with CaptureQueriesContext(connection) as asked:
        request_started.disconnect(reset_queries)
        work()
    taken, ratios = [], []
    for _turn in range(15):
        before = processor_ms(reference_loop)
        ms = processor_ms(work)
        taken.append(ms)
        ratios.append(ms * LOOP_MS / ((before + processor_ms(reference_loop)) / 2))
    median = statistics.median
    print(f"{what:<44}{len(asked):>9}{median(taken):>9.1f} ms{median(ratios):>11.1f} ms", flush=True)


if __name__ == "__main__":
    main()
