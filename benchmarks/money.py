"""What pages of running projects cost with thousands of budgets: queries and processor time. Prints a table.

    .venv/bin/python benchmarks/money.py [--share 0.05] [--home FOLDER]

It works in a home of its own that is thrown away, or in a folder that is kept: what is in it is measured, and it is
filled where it is empty. ``--share 1`` is 5,000 projects with 50 partners and 200 budget lines each. As in
``speed.py``, every measurement stands between two runs of the same loop.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from speed import LOOP_MS, processor_ms, reference_loop

PROJECTS, PARTNERS, LINES = 5000, 50, 200
WORLD = 400


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=0.05)
    parser.add_argument("--home", default="")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sympolis-money-") as folder:
        os.environ["SYMPOLIS_HOME"] = asked.home or folder
        os.environ["SYMPOLIS_PAGES_KEPT_S"] = "0"  # what a page costs is asked, not what is kept of it
        os.environ["DJANGO_SETTINGS_MODULE"] = "sympolis.config.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        make(round(PROJECTS * asked.share))
        measure()


def make(count: int) -> None:
    """An office with its officer and so many projects, unless there is one."""
    from django.db import transaction

    from sympolis.office.core.models import User
    from sympolis.office.directory.models import Office, Organisation

    if Office.objects.exists():
        return
    amb = Organisation.objects.create(name="AMB", kind="metropolitan-authority")
    Office.objects.create(organisation=amb, languages=("en", "ca"))
    User.objects.create_user("officer@example.org", "a harbour in the morning", role="officer")
    with transaction.atomic():
        fill(count)
    print(f"made in {time.process_time():.0f} s of processor", flush=True)


def measure() -> None:
    from django.test import Client
    from django.urls import reverse

    from sympolis.office.core.models import User
    from sympolis.office.projects.models import Project
    from sympolis.office.projects.running.models import BudgetLine, PartnerShare

    client = Client()
    officer = User.objects.get(email="officer@example.org")
    client.force_login(officer, backend="sympolis.office.directory.sign_in.SignIn")
    count = Project.objects.count()
    middle = Project.objects.order_by("pk")[count // 2]
    print(f"{count} projects, {PartnerShare.objects.count()} shares, {BudgetLine.objects.count()} lines")
    print(f"{'page':<44}{'queries':>9}{'measured':>12}{'as at 43 ms':>14}")
    names = ("running", "running_budget", "running_work", "running_claims", "running_changes", "running_payments")
    addresses = {name: reverse(f"staff:{name}", args=[middle.public_id]) for name in names}
    addresses |= {name: reverse(f"staff:{name}") for name in ("dues", "portfolio", "portfolio_map", "dashboard")}
    addresses["project"] = middle.get_absolute_url()
    for name, address in addresses.items():
        row(name, queries_of(client, address), lambda address=address: read(client, address))
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    size = sum(len(part) for part in client.get(reverse("staff:budgets"), headers=HOST).streaming_content)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    print(f"all budgets as CSV: {size / 2**20:.1f} MB in {time.process_time() - began:.1f} s, {grown} MB more memory")


def row(what: str, queries: int, work: Callable[[], object]) -> None:
    taken, ratios = [], []
    for _turn in range(15):
        before = processor_ms(reference_loop)
        ms = processor_ms(work)
        taken.append(ms)
        ratios.append(ms * LOOP_MS / ((before + processor_ms(reference_loop)) / 2))
    median = statistics.median
    print(f"{what:<44}{queries:>9}{median(taken):>9.1f} ms{median(ratios):>11.1f} ms", flush=True)


def queries_of(client: Any, address: str) -> int:
    from django.db import connection

    count = 0

    def counted(execute: Any, *about: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*about)

    with connection.execute_wrapper(counted):
        read(client, address)
    return count


HOST = {"host": "localhost"}


def read(client: Any, address: str) -> None:
    answer = client.get(address, headers=HOST)
    if answer.status_code != 200:
        sys.exit(f"{address}: {answer.status_code}")


def fill(count: int) -> None:
    """Made-up projects that start in ten years."""
    from django.utils import timezone

    from sympolis.office.core.texts import Text
    from sympolis.office.directory.models import Organisation
    from sympolis.office.projects.models import Participation, Project
    from sympolis.office.projects.running.models import BudgetLine, PartnerShare, ProjectMilestone, Running

    houses = [
        Organisation(name=f"City {n}", kind="city", country=("ES", "TN", "MA", "FR")[n % 4]) for n in range(WORLD)
    ]
    projects = [
        Project(
            title=Text.of(en=f"Project {n}"), programme=f"Programme {n % 40}", budget=Decimal("1000000.10"),
            themes=(("water", "ports", "health", "climate")[n % 4],), sdgs=(str(n % 17 + 1),), countries=("ES", "TN"),
            start_earliest=date(2016 + n % 10, 1, 1), start_latest=date(2016 + n % 10, 1, 1),
            end_earliest=date(2019 + n % 10, 12, 31), end_latest=date(2019 + n % 10, 12, 31),
        )
        for n in range(count)
    ]  # fmt: skip
    for one in (*houses, *projects):
        one.prepare()
    Organisation.objects.bulk_create(houses)
    Project.objects.bulk_create(projects, batch_size=500)
    Running.objects.bulk_create(Running(project=one, layout="full", rules="interreg") for one in projects)
    today = timezone.localdate()
    middle = projects[count // 2]
    insert(Participation, ("project_id", "organisation_id", "role", "money"), (
        (project.pk, house, "lead" if m == 0 else "partner", None)
        for n, project in enumerate(projects) for m, house in enumerate(own(houses, n))
    ))  # fmt: skip
    insert(PartnerShare, ("version", "project_id", "organisation_id", "own", "grant", "cofinancing"), (
        (1, project.pk, house, 2000.01, 8000.02, 0)
        for n, project in enumerate(projects) for house in own(houses, n)
    ))  # fmt: skip
    columns = ("version", "project_id", "what", "category", "organisation_id", "year", "basis", "planned", "actual")
    insert(BudgetLine, columns, (
        (1, project.pk, f"Line {m}", ("staff", "travel", "external")[m % 3], house, 2026 + m % 3, "real", 100.10, 90.07)
        for n, project in enumerate(projects) for m, house in enumerate(own(houses, n) * (LINES // PARTNERS))
    ))  # fmt: skip
    insert(ProjectMilestone, ("version", "project_id", "kind", "title", "due", "evidence_url", "is_public"), (
        (1, project.pk, "milestone", f'{{"en": {{"text": "M{m}"}}}}',
         (today + timedelta(days=n % 700 - 20 + m * 30)).isoformat(), "", 0)
        for n, project in enumerate(projects) for m in range(6)
    ))  # fmt: skip
    for line in middle.budget_lines.all()[:3]:  # some with history, as people write it
        line.save()


def own(houses: list[Any], n: int) -> list[int]:
    return [houses[(n * 7 + m) % WORLD].pk for m in range(PARTNERS)]


def insert(model: Any, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    """A million rows as they are made: objects of the model would take minutes and gigabytes. SQLite keeps decimals as
    numbers, as the models do."""
    from django.db import connection

    names, marks = ", ".join(f'"{one}"' for one in columns), ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks})', rows)


if __name__ == "__main__":
    main()
