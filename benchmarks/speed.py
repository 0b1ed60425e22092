"""How fast pages, search, brief and builds are, on the demo twenty times over. Prints a table with the machine.

    .venv/bin/python benchmarks/speed.py [--times 20] [--atlas FOLDER_OF_PORTAL_PAGES]

It works in a home of its own that is thrown away. Processor milliseconds are of this process alone; wall clock is
given where a reader waits for several processes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

QUESTIONS = (
    "aigua", "mobilitat sostenible", "residus", "gestion de l'eau", "transition énergétique", "montpeller", "AMB",
    "vivienda asequible", "economía circular", "climate adaptation", "heat islands", "youth employment", "migration",
    "المياه", "النقل", "التراث", "urban planning", "ports", "food systems", "digital twins",
)  # fmt: skip
PAGES = 25.0  # ms of processor time, the budget of lists and details


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--times", type=int, default=20)
    options.add_argument("--atlas", type=Path)
    options.add_argument("--json", type=Path)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="sympolis-speed-") as folder:
        os.environ["SYMPOLIS_HOME"] = folder
        print(f"{machine()}\n\n{'what':<56}{'measured':>12}{'budget':>14}")
        rows = []
        for what, measured, budget in measure(chosen.times, chosen.atlas):
            rows.append((what, measured, budget))
            print(f"{what:<56}{measured:>12}{budget:>14}", flush=True)
    if chosen.json:
        chosen.json.write_text(json.dumps([machine(), rows], indent=1, ensure_ascii=False), encoding="utf-8")


type Row = tuple[str, str, str]


def measure(times: int, portal: Path | None) -> Iterable[Row]:
    from sympolis.cli.start import prepare_demo
    from sympolis.config.home import current_home

    seconds, _ = clocked(lambda: prepare_demo(current_home()))
    yield "demo prepared, first time", f"{seconds:.1f} s", ""
    seconds, _ = clocked(lambda: prepare_demo(current_home()))
    yield "demo prepared, again", f"{seconds:.1f} s", ""
    grow(times)
    from sympolis.office.core.indexing import rebuild

    seconds, count = clocked(lambda: rebuild(lambda name, done, total: None))
    yield f"office's index rebuilt, {count} entries", f"{seconds:.1f} s", ""
    yield from pages()
    yield from searches()
    yield from briefs()
    if portal:
        yield from builds(portal)
    yield "this process at its largest", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB", ""


def grow(times: int) -> None:
    """The demo's organisations, projects, calls, events and relations again and again, under other names."""
    from sympolis.office.directory.models import Organisation, Relation
    from sympolis.office.events.models import Event
    from sympolis.office.projects.models import Call, Participation, Project

    for model in (Organisation, Project, Call, Event):
        copy_rows(model.objects.filter(source="facts"), times)  # type: ignore[attr-defined]
    organisations = by_source_id(Organisation)
    projects = by_source_id(Project)
    links = list(Participation.objects.select_related("project", "organisation"))
    relations = list(Relation.objects.select_related("from_organisation", "to_organisation"))
    for number in range(1, times):
        Participation.objects.bulk_create(
            Participation(
                project=projects[f"{link.project.source_id}~{number}"],
                organisation=organisations[f"{link.organisation.source_id}~{number}"],
                role=link.role,
            )
            for link in links
            if f"{link.project.source_id}~{number}" in projects
            and f"{link.organisation.source_id}~{number}" in organisations
        )
        copies = []
        for relation in relations:
            ends = [f"{one.source_id}~{number}" for one in (relation.from_organisation, relation.to_organisation)]
            if all(end in organisations for end in ends):
                copies.append(
                    Relation(
                        from_organisation=organisations[ends[0]],
                        to_organisation=organisations[ends[1]],
                        type=relation.type,
                    )
                )
        for copy in copies:
            copy.prepare()
        Relation.objects.bulk_create(copies)


def by_source_id(model: Any) -> dict[str, Any]:
    return {one.source_id: one for one in model.objects.all()}


def copy_rows(rows: Any, times: int) -> None:
    originals = list(rows)
    for number in range(1, times):
        copies = []
        for original in originals:
            copy = type(original).objects.get(pk=original.pk) if number == 1 else original
            copy.pk, copy.public_id, copy.slug = None, "", ""
            copy._state.adding = True
            copy.source_id = f"{original.source_id.partition('~')[0]}~{number}"
            if hasattr(copy, "parent_id"):
                copy.parent_id = None
            copy.prepare()
            copies.append(copy)
        type(originals[0]).objects.bulk_create(copies, batch_size=200)
        originals = copies


def pages() -> Iterable[Row]:
    from django.db import connection
    from django.test import Client

    from sympolis.office.core.keeping.nightly import refresh_statistics
    from sympolis.office.core.models import User
    from sympolis.office.directory.models import Organisation
    from sympolis.office.projects.models import Call, Project

    officer = User.objects.filter(role="officer").first()
    assert officer is not None
    client = Client(headers={"host": "localhost"})
    client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    busiest = Organisation.objects.filter(source_id__in=["medcities", "amb", "barcelona", "montpellier-3m"])
    records = [*busiest, Project.objects.first(), Call.objects.first()]
    addresses = ["/ca/", "/ca/organisations/", "/ca/projects/", "/ca/calls/", "/ca/events/", "/ca/networks/"]
    addresses += ["/ca/office/", "/ca/office/organisations/", "/ca/office/projects/", "/ca/office/relations/"]
    addresses += ["/ca/themes/", "/ca/themes/water/"]
    addresses += [one.get_absolute_url().replace("/en/", "/ca/", 1) for one in records if one is not None]
    references: list[float] = []
    refresh_statistics()
    for address in addresses:
        client.get(address)  # templates are read once
        queries: list[str] = []
        with connection.execute_wrapper(partial(count_query, queries)):
            answer = client.get(address)
        pairs = [(processor_ms(partial(client.get, address)), processor_ms(reference_loop)) for _ in range(7)]
        spent = statistics.median(page for page, _ in pairs)
        label = f"{address[:38]} {answer.status_code}, {len(queries)} queries"
        yield label, f"{spent:.1f} ms", f"{PAGES:.0f} ms, 12"
        references.extend(loop for _, loop in pairs)
    yield "reference loop between the pages", f"{statistics.median(references):.0f} ms", ""


def count_query(seen: list[str], execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    seen.append(sql)
    return execute(sql, params, many, context)


def searches() -> Iterable[Row]:
    from django.contrib.auth.models import AnonymousUser

    from sympolis.office.core.readers import warm_up
    from sympolis.office.core.search import search

    warm_up()
    ask = partial(search, AnonymousUser())
    taken = sorted(clocked(partial(ask, text))[0] * 1000 for _ in range(5) for text in QUESTIONS)
    yield f"search, {len(taken)} questions, p50", f"{taken[len(taken) // 2]:.0f} ms", ""
    yield f"search, {len(taken)} questions, p95", f"{taken[int(len(taken) * 0.95)]:.0f} ms", "50 ms"


def briefs() -> Iterable[Row]:
    from sympolis.office.directory.models import Organisation
    from sympolis.office.projects.models import Participation, Project
    from sympolis.office.synergies.actions import brief_for_command_line

    sides = [Organisation.objects.get(source_id=one) for one in ("montpellier-3m", "amb")]
    projects = list(Project.objects.order_by("pk")[:120])
    for at, side in enumerate(sides):
        mine = projects[at * 60 : at * 60 + 60]
        links = [Participation(project=project, organisation=side, role="partner") for project in mine]
        Participation.objects.bulk_create(links, ignore_conflicts=True)
    names = [side.public_id for side in sides]
    for word, budget in (("first time", "3 s"), ("again", "0.3 s")):
        seconds, _ = clocked(lambda: brief_for_command_line(*names, "medcities", "ca", "json", True))
        yield f"brief of 60 × 60 projects, {word}", f"{seconds:.2f} s", budget


def builds(portal: Path) -> Iterable[Row]:
    from sympolis.config.home import current_home
    from sympolis.engine import atlas

    home = current_home().path
    atlas.add(home, "portal", [portal])
    for word, budget in (("first time", "60 s"), ("again", "5 s")):
        seconds, report = clocked(lambda: atlas.build(home))
        yield f"world data of {sum(report.counts.values())} rows built, {word}", f"{seconds:.1f} s", budget


def clocked[T](work: Callable[[], T]) -> tuple[float, T]:
    """Seconds on the wall and what came of it."""
    began = time.perf_counter()
    made = work()
    return time.perf_counter() - began, made


def processor_ms(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def reference_loop() -> None:
    """How fast the processor is just now, to compare figures of a busy machine with those of an idle one."""
    total = 0
    for number in range(600_000):
        total += number * number % 7


def machine() -> str:
    load = os.getloadavg()[0]
    kind = platform.processor() or platform.machine()
    return f"{kind}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f}"


if __name__ == "__main__":
    main()
