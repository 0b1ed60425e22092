"""How fast pages, search, brief and builds are, on the demo twenty times over. Prints a table with the machine.

    .venv/bin/python benchmarks/speed.py [--times 20] [--atlas FOLDER_OF_PORTAL_PAGES] [--home FOLDER]

It works in a home of its own that is thrown away, or in the named one, which is filled only once. Processor
milliseconds are of this process alone, all its threads together; wall clock is given where a reader waits for several
processes, and beside them for search.

A machine shared with others is now fast, now slow: the same loop takes 43 ms here one day and 150 ms the next. So
every measurement stands between two runs of that loop, and the column "as at 43 ms" divides by them: budgets are
compared with that column.
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
from typing import Any, NamedTuple

QUESTIONS = (
    "aigua", "mobilitat sostenible", "residus", "gestion de l'eau", "transition énergétique", "montpeller", "AMB",
    "vivienda asequible", "economía circular", "climate adaptation", "heat islands", "youth employment", "migration",
    "المياه", "النقل", "التراث", "urban planning", "ports", "food systems", "digital twins",
)  # fmt: skip
PAGES = 25.0  # ms of processor time, the budget of lists and details
LOOP_MS = 43.0  # what `reference_loop` takes on the machine the budgets were set on, with nothing else running


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--times", type=int, default=20)
    options.add_argument("--atlas", type=Path)
    options.add_argument("--home", type=Path)
    options.add_argument("--json", type=Path)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="sympolis-speed-") as folder:
        os.environ["SYMPOLIS_HOME"] = str(chosen.home.resolve() if chosen.home else folder)
        os.environ["SYMPOLIS_PAGES_KEPT_S"] = "0"  # what a page costs is asked, not what is kept of it
        print(f"{machine()}\n\n{'what':<56}{'measured':>12}{'as at 43 ms':>14}{'budget':>12}")
        rows = []
        for row in measure(chosen.times, chosen.atlas):
            rows.append(row)
            print(f"{row.what:<56}{row.measured:>12}{row.as_at_43_ms:>14}{row.budget:>12}", flush=True)
    if chosen.json:
        chosen.json.write_text(json.dumps([machine(), rows], indent=1, ensure_ascii=False), encoding="utf-8")


class Row(NamedTuple):
    what: str
    measured: str
    as_at_43_ms: str = ""
    budget: str = ""


def measure(times: int, portal: Path | None) -> Iterable[Row]:
    from sympolis.cli.start import prepare_demo
    from sympolis.config.home import current_home

    yield timed("demo prepared, first time", lambda: prepare_demo(current_home()))
    yield timed("demo prepared, again", lambda: prepare_demo(current_home()))
    from sympolis.office.core.indexing import rebuild

    if not is_grown():
        grow(times)
        yield timed("office's index rebuilt", lambda: rebuild(lambda name, done, total: None))
    yield from pages()
    yield from searches()
    yield from briefs()
    if portal:
        yield from builds(portal)
    yield Row("this process at its largest", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def timed(what: str, work: Callable[[], object], budget: str = "") -> Row:
    """Seconds on the wall, between two runs of the reference loop."""
    before = processor_ms(reference_loop)
    seconds, _ = clocked(work)
    loop = (before + processor_ms(reference_loop)) / 2
    return Row(what, f"{seconds:.2f} s", f"{seconds * LOOP_MS / loop:.2f} s", budget)


def is_grown() -> bool:
    from sympolis.office.directory.models import Organisation

    return Organisation.objects.filter(source_id__contains="~").exists()


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

    from sympolis.engine.memory import settle
    from sympolis.office.core.keeping.nightly import refresh_statistics
    from sympolis.office.core.models import User
    from sympolis.office.directory.models import Organisation
    from sympolis.office.projects.models import Call, Project

    officer = User.objects.filter(role="officer").first()
    assert officer is not None
    client = Client(headers={"host": "localhost"})
    client.force_login(officer, backend="sympolis.office.directory.sign_in.SignIn")
    busiest = Organisation.objects.filter(source_id__in=["medcities", "amb", "barcelona", "montpellier-3m"])
    records = [*busiest, Project.objects.first(), Call.objects.first()]
    addresses = ["/ca/", "/ca/organisations/", "/ca/projects/", "/ca/calls/", "/ca/events/", "/ca/networks/"]
    addresses += ["/ca/office/", "/ca/office/organisations/", "/ca/office/projects/", "/ca/office/relations/"]
    addresses += ["/ca/themes/", "/ca/themes/water/"]
    addresses += [one.get_absolute_url().replace("/en/", "/ca/", 1) for one in records if one is not None]
    refresh_statistics()
    settle()  # as the server does
    for address in addresses:
        client.get(address)  # templates are read once
        queries: list[str] = []
        with connection.execute_wrapper(partial(count_query, queries)):
            answer = client.get(address)
        pairs = [(processor_ms(partial(client.get, address)), processor_ms(reference_loop)) for _ in range(9)]
        spent = statistics.median(page for page, _ in pairs)
        ratio = statistics.median(page / loop for page, loop in pairs)
        label = f"{address[:38]} {answer.status_code}, {len(queries)} queries"
        yield Row(label, f"{spent:.1f} ms", f"{ratio * LOOP_MS:.1f} ms", f"{PAGES:.0f} ms, 12")


def count_query(seen: list[str], execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    seen.append(sql)
    return execute(sql, params, many, context)


def searches() -> Iterable[Row]:
    from django.contrib.auth.models import AnonymousUser

    from sympolis.office.core.readers import warm_up
    from sympolis.office.core.search import search

    warm_up()
    ask = partial(search, AnonymousUser())
    taken = [(*both_ms(partial(ask, text)), processor_ms(reference_loop)) for _ in range(5) for text in QUESTIONS]
    for clock, column in (("on the wall", 0), ("of the processor", 1)):
        plain = sorted(one[column] for one in taken)
        ratios = sorted(one[column] / one[2] * LOOP_MS for one in taken)
        for word, share, budget in (("p50", 0.5, ""), ("p95", 0.95, "50 ms")):
            at = int(len(taken) * share)
            label = f"search, {len(taken)} questions, {word} {clock}"
            yield Row(label, f"{plain[at]:.0f} ms", f"{ratios[at]:.0f} ms", budget)


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
    # By their ids, as the form hands them on: looking names up among 8,500 organisations is another matter.
    chosen = [*(side.public_id for side in sides), Organisation.objects.get(source_id="medcities").public_id]
    make = partial(brief_for_command_line, *chosen, "ca", "json", True)
    yield timed("brief of 60 × 60 projects, first time", make, "3 s")
    yield timed("brief of 60 × 60 projects, again", make, "0.3 s")


def builds(portal: Path) -> Iterable[Row]:
    from sympolis.config.home import current_home
    from sympolis.engine import atlas

    home = current_home().path
    atlas.add(home, "portal", [portal])
    yield timed("world data of the demo and the portal built, first", lambda: atlas.build(home), "60 s")
    yield timed("world data of the demo and the portal built, again", lambda: atlas.build(home), "5 s")


def clocked[T](work: Callable[[], T]) -> tuple[float, T]:
    """Seconds on the wall and what came of it."""
    began = time.perf_counter()
    made = work()
    return time.perf_counter() - began, made


def both_ms(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds on the wall and of all threads of this process."""
    spent, began = time.process_time(), time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000, (time.process_time() - spent) * 1000


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
