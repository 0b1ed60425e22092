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
REQUESTS, PRACTICES, DEPARTMENTS = 5000, 1000, 40  # and as many applications as projects
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
        make_beside(asked.share)
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


def make_beside(share: float) -> None:
    """Applications, requests of departments and practices, unless there are some."""
    from django.db import transaction

    from sympolis.office.projects.models import Application

    if not Application.objects.exists():
        with transaction.atomic():
            fill_beside(round(PROJECTS * share), round(REQUESTS * share), round(PRACTICES * share))


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
    addresses |= beside(reverse)
    for name, address in addresses.items():
        row(name, queries_of(client, address), lambda address=address: read(client, address))
    row_after(client, "portfolio, a project written", addresses["portfolio"], middle)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    size = sum(len(part) for part in client.get(reverse("staff:budgets"), headers=HOST).streaming_content)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    print(f"all budgets as CSV: {size / 2**20:.1f} MB in {time.process_time() - began:.1f} s, {grown} MB more memory")


def beside(reverse: Callable[..., str]) -> dict[str, str]:
    """Addresses of applications, requests and practices: boards, lists and one page of each."""
    from sympolis.office.projects.models import Application, Practice
    from sympolis.office.synergies.helping.models import HelpRequest

    found = {name: reverse(f"staff:{name}") for name in ("board", "help")}
    found |= {f"list of {name}": reverse(f"staff:{name}") for name in ("applications", "requests", "practices")}
    for name, model in (("application", Application), ("help_request", HelpRequest)):
        records = model.objects.order_by("pk")
        found[name] = reverse(f"staff:{name}", args=[records[records.count() // 2].public_id])
    practices = Practice.objects.order_by("pk")
    found["public practices"] = reverse("public:practices")
    found["public practice"] = practices[practices.count() // 2].get_absolute_url()
    return found


def row_after(client: Any, what: str, address: str, written: Any) -> None:
    """The same after a record was written: writing it is not measured."""
    written.save()
    queries, taken, ratios = queries_of(client, address), [], []
    for _turn in range(15):
        written.save()
        ms, ratio = one_turn(lambda: read(client, address))
        taken.append(ms)
        ratios.append(ratio)
    told(what, queries, taken, ratios)


def row(what: str, queries: int, work: Callable[[], object]) -> None:
    turns = [one_turn(work) for _turn in range(15)]
    told(what, queries, [ms for ms, _ratio in turns], [ratio for _ms, ratio in turns])


def one_turn(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds as measured, and as at a loop of 43 ms."""
    before = processor_ms(reference_loop)
    ms = processor_ms(work)
    return ms, ms * LOOP_MS / ((before + processor_ms(reference_loop)) / 2)


def told(what: str, queries: int, taken: list[float], ratios: list[float]) -> None:
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


def fill_beside(applications: int, requests: int, practices: int) -> None:
    """A sixth of the applications in each of six stages, with ten partners and three tasks each; a tenth of the
    requests not answered yet."""
    from django.utils import timezone

    from sympolis.office.core.models import User
    from sympolis.office.core.texts import Text
    from sympolis.office.directory.models import Department, Office, Organisation
    from sympolis.office.projects.applications.enums import ApplicationStage
    from sympolis.office.projects.applications.models import ApplicationPartner, ApplicationTask
    from sympolis.office.projects.models import Application, Practice
    from sympolis.office.synergies.helping.enums import HelpKind, HelpState
    from sympolis.office.synergies.helping.models import HelpRequest

    today, officer, amb = timezone.localdate(), User.objects.get(email="officer@example.org"), Office.objects.get()
    houses = list(Organisation.objects.exclude(pk=amb.organisation_id).order_by("pk")[:WORLD])
    stages, kinds = list(ApplicationStage), list(HelpKind)
    departments = [
        Department(organisation=amb.organisation, name=Text.of(en=f"Department {n}")) for n in range(DEPARTMENTS)
    ]
    asked = [
        Application(
            title=Text.of(en=f"Application {n}"), organisation=amb.organisation, programme=f"Programme {n % 40}",
            stage=stages[n % len(stages)], owner=officer, deadline_on=today + timedelta(days=n % 900 - 600),
            amount=Decimal("100000.10"), summary=Text.of(en="What it is about. " * 40),
        )
        for n in range(applications)
    ]  # fmt: skip
    told = [
        Practice(
            title=Text.of(en=f"Practice {n}"), organisation=houses[n % WORLD], visibility="public",
            problem=Text.of(en="What was wrong. " * 40), done=Text.of(en="What was done. " * 40),
            themes=(("water", "ports", "health", "climate")[n % 4],), countries=("ES",), cost=Decimal("1000.10"),
        )
        for n in range(practices)
    ]  # fmt: skip
    for one in (*departments, *asked, *told):
        one.prepare()
    for model, rows in ((Department, departments), (Application, asked), (Practice, told)):
        model.objects.bulk_create(rows, batch_size=500)
    helped = [
        HelpRequest(
            title=Text.of(en=f"Request {n}"), text=Text.of(en="Please help us. " * 20), kind=kinds[n % len(kinds)],
            department=departments[n % DEPARTMENTS], asked_by=f"Person {n}", owner=officer,
            asked_on=today - timedelta(days=n % 1500), due=today + timedelta(days=n % 60 - 30),
            state=HelpState.NEW if n % 10 == 0 else HelpState.ANSWERED,
        )
        for n in range(requests)
    ]  # fmt: skip
    for one in helped:
        one.prepare()
    HelpRequest.objects.bulk_create(helped, batch_size=500)
    ApplicationPartner.objects.bulk_create(
        [ApplicationPartner(application=one, organisation=houses[(n * 7 + m) % len(houses)])
         for n, one in enumerate(asked) for m in range(10)], batch_size=5000,
    )  # fmt: skip
    ApplicationTask.objects.bulk_create(
        [ApplicationTask(application=one, text=f"Task {m}", owner=officer, due=today + timedelta(days=n % 90 - 10 + m))
         for n, one in enumerate(asked) for m in range(3)], batch_size=5000,
    )  # fmt: skip


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
