"""What a directory of a whole federation costs: 20,000 organisations, 200,000 relations and 100,000 people.

    .venv/bin/python benchmarks/directory.py [--share 1.0] [--rows 10000] [--exported 1000000] [--home FOLDER]
        [--only pages] [--like WORDS] [--times 7]

Every list and page with its queries as officer, as the contact of a member and signed out; the preview and the bringing
in of a table of so many rows, with the memory it takes; and how much memory a file of a million rows takes, beside one
of a hundredth of them, as CSV, JSON and XLSX. In a home of its own that is thrown away, or in the named one, which is
filled only once. ``--share`` makes everything smaller, ``--only`` and ``--like`` measure a part of it.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import tempfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.directory_rows import fill
from benchmarks.speed import LOOP_MS, Row, count_query, machine, processor_ms, reference_loop

PARTS = ("exports", "pages", "imports")
WHO = ("officer", "contact", "visitor")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--share", type=float, default=1.0)
    options.add_argument("--rows", type=int, default=10_000)
    options.add_argument("--exported", type=int, default=1_000_000)
    options.add_argument("--times", type=int, default=7)
    options.add_argument("--home", type=Path)
    options.add_argument("--only", choices=PARTS)
    options.add_argument("--like", default="", help="only pages whose name has these words")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="sympolis-directory-") as folder:
        home = chosen.home.resolve() if chosen.home else Path(folder)
        home.mkdir(parents=True, exist_ok=True)
        os.environ["SYMPOLIS_HOME"] = str(home)
        os.environ["SYMPOLIS_PAGES_KEPT_S"] = "0"  # what a page costs is asked, not what is kept of it
        os.environ["DJANGO_SETTINGS_MODULE"] = "sympolis.config.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        fill(chosen.share)
        read_by_the_planner()
        print(f"{machine()}\n\n{'what':<72}{'measured':>12}{'as at 43 ms':>14}{'budget':>16}")
        measured = {
            "exports": partial(exports, chosen.exported),
            "pages": partial(pages, chosen.like, chosen.times),
            "imports": partial(imports, chosen.rows),
        }
        for part in (chosen.only,) if chosen.only else PARTS:
            for row in measured[part]():
                print(f"{row.what:<72}{row.measured:>12}{row.as_at_43_ms:>14}{row.budget:>16}", flush=True)


def read_by_the_planner() -> None:
    """What the worker does every night: without it SQLite guesses."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()


def clients(city: Any) -> dict[str, Any]:
    """A browser of each."""
    from django.test import Client

    from sympolis.office.core.enums import SiteRole
    from sympolis.office.core.models import User
    from sympolis.office.directory.models import Membership

    def user(name: str, role: SiteRole) -> User:
        mail = f"{name}@example.org"
        return User.objects.filter(email=mail).first() or User.objects.create_user(mail, role=role)

    who = {"officer": user("officer", SiteRole.OFFICER), "contact": user("contact", SiteRole.PARTICIPANT)}
    Membership.objects.get_or_create(user=who["contact"], organisation=city)
    made = {name: Client(headers={"host": "localhost"}) for name in WHO}
    for name, one in who.items():
        made[name].force_login(one, backend="sympolis.office.directory.sign_in.SignIn")
    return made


def addresses(city: Any, network: Any) -> Iterator[tuple[str, str]]:
    """Everything somebody reads in the directory, in Catalan."""
    from sympolis.office.directory.models import Agreement, Organisation, Person, Position

    networks = Organisation.objects.filter(kind="city-network").order_by("pk")
    middle = networks[networks.count() // 10]
    body = Organisation.objects.filter(kind="body", visibility="public").order_by("pk")[0]
    person = Person.objects.filter(organisation=city).order_by("pk").first() or Person.objects.order_by("pk")[0]
    yield from (
        ("public organisations", "/ca/organisations/"),
        ("public organisations by a word", "/ca/organisations/?q=vila+77"),
        ("public organisations by kind", "/ca/organisations/?kind=city"),
        ("public organisations by country", "/ca/organisations/?country=TN"),
        ("public organisations by theme", "/ca/organisations/?theme=water"),
        ("public organisations by all", "/ca/organisations/?q=vila&kind=city&country=TN&theme=water"),
        ("public organisations, page 200", "/ca/organisations/?page=200"),
        ("public organisations as of 2010", "/ca/organisations/?on=2010"),
        ("public networks", "/ca/networks/"),
        ("public positions", "/ca/positions/"),
        ("themes", "/ca/themes/"),
        ("one theme", "/ca/themes/water/"),
        ("events", "/ca/events/"),
        ("home", "/ca/"),
    )
    for what, one in (("city", city), ("largest network", network), ("middling network", middle), ("body", body)):
        page = one.get_absolute_url().replace("/en/", "/ca/")
        yield f"page of a {what}", page
        yield f"page of a {what} as of 2010", f"{page}?on=2010"
        yield f"links of a {what}", f"{page}links/"
        yield f"changes of a {what}", f"{page}changes/"
        yield f"graph page of a {what}", f"{page}graph/"
        yield f"graph data of a {what}", f"/ca/graph/data/{one.public_id}/"
        yield f"map data of a {what}", f"/ca/map/{one.public_id}/"
        if one.kind == "city-network":
            yield f"members of a {what}", f"{page}members/"
            yield f"alliances of a {what}", f"{page}alliances/"
    for model in (Agreement, Position):
        one = model.objects.filter(visibility="public").order_by("pk")[0]
        yield f"a {model.__name__.lower()}", one.get_absolute_url().replace("/en/", "/ca/")
    yield from (
        ("graph page of all", "/ca/graph/"),
        ("graph page of all, cities", "/ca/graph/?kind=city"),
        ("graph page of all, bodies", "/ca/graph/?kind=body"),
        ("graph page of all, twinned", "/ca/graph/?type=twinned_with"),
        ("graph page of all by theme", "/ca/graph/?theme=water"),
        ("graph page of all by theme and kind as of 2010", "/ca/graph/?theme=water&kind=city&on=2010"),
        ("graph page of all by a word", "/ca/graph/?q=vila+77"),
        ("graph page of all as of 2010", "/ca/graph/?on=2010"),
        ("graph page of all, past the end", "/ca/graph/?page=9999"),
        *(
            (f"graph page of all by {sort}", f"/ca/graph/?sort={sort}")
            for sort in ("who", "relation", "-whom", "since")
        ),
        ("graph page of all by who, page 16", "/ca/graph/?sort=who&page=16"),
        ("graph page of all by who, past the end", "/ca/graph/?sort=who&page=9999"),
        ("graph page of all by who as of 1990", "/ca/graph/?sort=who&on=1990"),
        ("graph page of all by a word and since", "/ca/graph/?q=vila&sort=-since"),
        ("graph page of all with who met", "/ca/graph/?event=met&event=spoke&event=invited"),
        ("graph page of all with who met, page 4", "/ca/graph/?event=met&page=4"),
        ("graph page of all with who met, page 12", "/ca/graph/?event=met&page=12"),
        ("graph page of all with who met, cities", "/ca/graph/?event=met&kind=city"),
        ("graph page of all with who met by theme", "/ca/graph/?event=met&theme=water"),
        (
            "graph page of the largest by a word and who",
            f"{network.get_absolute_url().replace('/en/', '/ca/')}graph/?q=vila&theme=water&sort=who",
        ),
        (
            "graph page of the largest by a word with who met",
            f"{network.get_absolute_url().replace('/en/', '/ca/')}graph/?q=vila&theme=water&event=met&sort=who",
        ),
        (
            "graph page of the largest by theme",
            f"{network.get_absolute_url().replace('/en/', '/ca/')}graph/?theme=water",
        ),
        ("graph page of the largest, cities", f"{network.get_absolute_url().replace('/en/', '/ca/')}graph/?kind=city"),
        ("graph data of all", "/ca/graph/data/"),
        ("graph data of all with who met", "/ca/graph/data/?event=met"),
        ("graph data of all, members", "/ca/graph/data/?type=member_of"),
        ("graph data of all as a file", "/ca/graph/file/"),
        ("map data of all", "/ca/map/"),
        ("first screen", "/ca/office/"),
        ("office: organisations", "/ca/office/organisations/"),
        ("office: organisations by a word", "/ca/office/organisations/?q=vila+77"),
        ("office: organisations, unconfirmed", "/ca/office/organisations/?confirmed=no"),
        ("office: relations", "/ca/office/relations/"),
        ("office: relations by a word", "/ca/office/relations/?q=vila+77"),
        ("office: people", "/ca/office/people/"),
        ("office: people by a word", "/ca/office/people/?q=person+77"),
        ("office: posts", "/ca/office/posts/"),
        ("office: departments", "/ca/office/departments/"),
        ("office: agreements", "/ca/office/agreements/"),
        ("office: positions", "/ca/office/positions/"),
        ("office: figures", "/ca/office/figures/"),
        ("office: meetings", "/ca/office/meetings/"),
        ("office: a person's form", f"/ca/office/records/{person.public_id}/"),
        ("office: an organisation's form", f"/ca/office/records/{city.public_id}/"),
        ("office: agenda of the largest network", f"/ca/office/agenda/?of={network.public_id}"),
        ("office: agenda of a middling network", f"/ca/office/agenda/?of={middle.public_id}"),
        ("office: agenda of a small network", f"/ca/office/agenda/?of={small_network().public_id}"),
        ("office: who works on water", f"/ca/office/who/?theme=water&of={city.public_id}"),
        ("office: memberships", "/ca/office/memberships/"),
        ("office: one membership", f"/ca/office/memberships/{network.public_id}/"),
        ("office: stale pages", "/ca/office/pages/"),
        ("office: doubles", "/ca/office/twice/"),
        ("office: removed", "/ca/office/removed/"),
        ("office: imports", "/ca/office/import/"),
        ("API: organisations", "/api/v1/organisations"),
        ("API: organisations by a word", "/api/v1/organisations?q=vila+77"),
        ("API: relations", "/api/v1/relations"),
        ("API: relations of one", f"/api/v1/relations?organisation={network.public_id}"),
        ("API: people", "/api/v1/people"),
        ("API: departments", "/api/v1/departments"),
        ("API: agreements", "/api/v1/agreements"),
        ("API: one organisation", f"/api/v1/organisations/{city.public_id}"),
    )


def small_network() -> Any:
    """One with some sixty members, as many as most have."""
    from sympolis.office.directory.models import Organisation

    return Organisation.objects.filter(kind="city-network").order_by("-pk")[0]


def pages(like: str, times: int) -> Iterable[Row]:
    """Processor time of one answer, each between two runs of the reference loop; the median counts."""
    from sympolis.engine.memory import settle
    from sympolis.office.directory.models import Office, Organisation

    network = Organisation.objects.filter(kind="city-network").order_by("pk")[0]
    office = Office.objects.get()
    city: Any = office.organisation
    browsers = clients(city)
    settle()  # as the server does
    for what, address in addresses(city, network):
        if like in what:
            for who, browser in browsers.items():
                yield from measured_page(f"{what}, {who}", browser, address, times)


def measured_page(what: str, client: Any, address: str, times: int) -> Iterable[Row]:
    """One row; none where this page is not for them."""
    from django.db import connection

    first = client.get(address)  # templates and patterns are read once
    if first.status_code != 200:
        if first.status_code not in {302, 401, 403, 404}:
            yield Row(f"{what}: {first.status_code}", "-")
        return
    queries: list[str] = []
    with connection.execute_wrapper(partial(count_query, queries)):
        answer = client.get(address)
    pairs = [(processor_ms(partial(client.get, address)), processor_ms(reference_loop)) for _ in range(times)]
    spent = statistics.median(page for page, _ in pairs)
    ratio = statistics.median(page / loop for page, loop in pairs)
    size = sum(len(part) for part in answer) if answer.streaming else len(answer.content)
    is_data = "graph data" in what or "map data" in what
    budget = "300 ms, 400 kB" if is_data else "25 ms"
    flag = " !" if ratio * LOOP_MS > (300 if is_data else 25) or len(queries) > 12 else ""
    said = f"{what}: {len(queries)} queries, {size / 1000:.0f} kB"
    yield Row(said, f"{spent:.0f} ms", f"{ratio * LOOP_MS:.0f} ms", budget + flag)


def imports(rows: int) -> Iterable[Row]:
    """A table of relations: read, held against all there is and shown; then brought in."""
    from sympolis.office.core.imports.apply import bring_in
    from sympolis.office.core.imports.definition import tables
    from sympolis.office.core.imports.preview import previewed
    from sympolis.office.core.imports.read import read_table
    from sympolis.office.core.imports.understand import understand

    for table, head, line in (
        ("organisations", "id,name,kind,country,identifiers", "new{0},New town {0},city,FR,pic:{1}"),
        ("relations", "from_id,type,to_id,since", "new{0},member_of,xarxa-de-ciutats-1,2020"),
    ):
        body = "\n".join(line.format(at, 100_000_000 + at) for at in range(rows))
        data = f"{head}\n{body}\n".encode()
        kept_: list[Any] = []

        def look(table: str = table, data: bytes = data, kept_: list[Any] = kept_) -> None:
            kept_.append(understand(tables()[table], read_table(data), source="benchmark"))
            previewed(kept_[-1])

        loop = processor_ms(reference_loop)
        spent = processor_ms(look)
        said = f"{rows:,} {table} read and previewed, {len(kept_[-1].problems)} problems"
        yield Row(said, f"{spent / 1000:.1f} s", f"{spent / loop * LOOP_MS / 1000:.1f} s", "30 s")
        spent = processor_ms(partial(bring_in, kept_[-1]))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield Row(
            f"  brought in: most memory so far {peak:.0f} MB",
            f"{spent / 1000:.1f} s",
            f"{spent / loop * LOOP_MS / 1000:.1f} s",
            "",
        )


def exports(rows: int) -> Iterable[Row]:
    """The most memory this process ever had, before and after a file of that many rows went out, in each format."""
    from itertools import chain, islice

    from sympolis.office.directory.models import Relation
    from sympolis.web.staff.csv_file import long_csv_file
    from sympolis.web.staff.records.json_file import json_file
    from sympolis.web.staff.records.tables.directory import RELATIONS as KIND
    from sympolis.web.staff.workbook import workbook_file

    keys = ["id", *(column.key for column in KIND.columns)]
    files = {
        "CSV": lambda lines: long_csv_file("relations", lines),
        "JSON": lambda lines: json_file("relations", keys, lines),
        "XLSX": lambda lines: workbook_file("relations", chain([keys], lines)),
    }
    for form, file in files.items():
        for many in (rows // 100, rows):
            found = KIND.with_rows(Relation.objects.all(), None).order_by("pk")
            lines = islice(again(found), many)
            answer = file([one.public_id, *(column.value(one) for column in KIND.columns)] for one in lines)
            size = [0]

            def take(answer: Any = answer, size: list[int] = size) -> None:
                size[0] = sum(len(part) for part in answer)

            loop = processor_ms(reference_loop)
            spent = processor_ms(take)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            said = f"{form} of {many:,} rows, {size[0] / 1e6:.0f} MB: most memory so far {peak:.0f} MB"
            yield Row(said, f"{spent / 1000:.1f} s", f"{spent / loop * LOOP_MS / 1000:.1f} s", "flat")


def again(found: Any) -> Iterator[Any]:
    """All rows of a question again and again, a thousand in memory at a time."""
    while True:
        yield from found.iterator(chunk_size=1000)


if __name__ == "__main__":
    main()
