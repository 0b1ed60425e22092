"""What a directory of a whole federation costs: 20,000 organisations, 200,000 relations and 100,000 people.

    .venv/bin/python benchmarks/directory.py [--share 1.0] [--rows 10000] [--exported 1000000] [--home FOLDER]

Lists, pages and their queries as officer; the preview and the bringing in of a table of so many rows; and how much
memory a CSV file of a million rows takes, beside one of a hundredth of them. In a home of its own that is thrown away,
or in the named one, which is filled only once. ``--share`` makes everything smaller.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import sys
import tempfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.speed import LOOP_MS, Row, count_query, machine, processor_ms, reference_loop

ORGANISATIONS, RELATIONS, PEOPLE = 20_000, 200_000, 100_000
TYPES = ("partner_of", "participates_in", "funds", "local_partner_of", "observer_of", "twinned_with")
COUNTRIES = ("ES", "FR", "IT", "TN", "MA", "DZ", "EG", "JO", "LB", "TR", "GR", "HR", "AL", "PT", "DE", "SN")
NETWORKS = 400
AT_ONCE, TIMES = 2_000, 7


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--share", type=float, default=1.0)
    options.add_argument("--rows", type=int, default=10_000)
    options.add_argument("--exported", type=int, default=1_000_000)
    options.add_argument("--home", type=Path)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="sympolis-directory-") as folder:
        home = chosen.home.resolve() if chosen.home else Path(folder)
        home.mkdir(parents=True, exist_ok=True)
        os.environ["SYMPOLIS_HOME"] = str(home)
        os.environ["DJANGO_SETTINGS_MODULE"] = "sympolis.config.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        fill(chosen.share)
        print(f"{machine()}\n\n{'what':<64}{'measured':>12}{'as at 43 ms':>14}{'budget':>16}")
        for rows in (exports(chosen.exported), pages(), imports(chosen.rows)):
            for row in rows:
                print(f"{row.what:<64}{row.measured:>12}{row.as_at_43_ms:>14}{row.budget:>16}", flush=True)


def kept(model: Any, records: Iterator[Any]) -> None:
    """So many at a time, with what is derived of each."""
    some: list[Any] = []
    for record in records:
        record.prepare()
        some.append(record)
        if len(some) == AT_ONCE:
            model.objects.bulk_create(some, batch_size=500)
            some.clear()
    model.objects.bulk_create(some, batch_size=500)


def fill(share: float) -> None:
    """The same directory every time; who is linked to whom follows Zipf."""
    from sympolis.office.core.texts import Text
    from sympolis.office.directory.models import Office, Organisation, Person, Relation

    if Organisation.objects.exists():
        return
    chance = random.Random(5)
    many, ties, people = (int(share * number) for number in (ORGANISATIONS, RELATIONS, PEOPLE))
    networks = max(2, int(share * NETWORKS))

    def organisations() -> Iterator[Organisation]:
        for at in range(many):
            kind = "city-network" if at < networks else chance.choice(("city", "city", "region", "ngo", "research"))
            name = f"Network {at}" if at < networks else f"Vila {at}"
            yield Organisation(name=name, kind=kind, country=chance.choice(COUNTRIES), latitude=41.0, longitude=2.0)

    kept(Organisation, organisations())
    keys = list(Organisation.objects.order_by("pk").values_list("pk", flat=True))
    weights = [1 / (place + 1) for place in range(networks)]
    ends = chance.choices(keys[:networks], weights, k=ties)

    def relations() -> Iterator[Relation]:
        for end in ends:
            start = keys[chance.randrange(networks, many)]
            other = end if chance.random() < 0.6 else keys[chance.randrange(networks, many)]
            type_ = "member_of" if other == end else chance.choice(TYPES)
            if start != other:
                yield Relation(from_organisation_id=start, to_organisation_id=other, type=type_)

    kept(Relation, relations())
    kept(Person, (
        Person(organisation_id=chance.choice(keys), name=f"Person {at}", post=Text.of(ca="Tècnica de relacions"))
        for at in range(people)
    ))  # fmt: skip
    Office.objects.create(organisation_id=keys[0], name=Text.of(en="Office"), languages=("ca",))


def officer() -> Any:
    from django.test import Client

    from sympolis.office.core.enums import SiteRole
    from sympolis.office.core.models import User

    user = User.objects.filter(role=SiteRole.OFFICER).first()
    client = Client(headers={"host": "localhost"})
    client.force_login(
        user or User.objects.create_user("officer@example.org", role=SiteRole.OFFICER),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


def pages() -> Iterable[Row]:
    """Processor time of one answer, each between two runs of the reference loop; the median counts."""
    from django.db import connection

    from sympolis.office.directory.models import Organisation, Person

    network, city = (Organisation.objects.filter(kind=kind).order_by("pk")[0] for kind in ("city-network", "city"))
    person = Person.objects.order_by("pk")[0]
    client = officer()
    for what, address in (
        ("staff's organisations", "/ca/office/organisations/"),
        ("the same, by a word", "/ca/office/organisations/?q=vila+77"),
        ("staff's relations", "/ca/office/relations/"),
        ("staff's people", "/ca/office/people/"),
        ("a person's form", f"/ca/office/{person.public_id}/"),
        ("an organisation's form", f"/ca/office/{city.public_id}/"),
        ("public organisations", "/ca/organisations/"),
        ("public networks", "/ca/networks/"),
        ("a city's page", city.get_absolute_url()),
        ("the largest network's page", network.get_absolute_url()),
    ):
        client.get(address)  # templates and patterns are read once
        queries: list[str] = []
        with connection.execute_wrapper(partial(count_query, queries)):
            answer = client.get(address, follow=True)
        pairs = [(processor_ms(partial(client.get, address)), processor_ms(reference_loop)) for _ in range(TIMES)]
        spent = statistics.median(page for page, _ in pairs)
        ratio = statistics.median(page / loop for page, loop in pairs)
        said = f"{what}: {answer.status_code}, {len(queries)} queries"
        yield Row(said, f"{spent:.0f} ms", f"{ratio * LOOP_MS:.0f} ms", "25 ms")


def imports(rows: int) -> Iterable[Row]:
    """A table of relations: read, held against all there is and shown; then brought in."""
    from sympolis.office.core.imports.apply import bring_in
    from sympolis.office.core.imports.definition import tables
    from sympolis.office.core.imports.preview import previewed
    from sympolis.office.core.imports.read import read_table
    from sympolis.office.core.imports.understand import understand

    for table, head, line in (
        ("organisations", "id,name,kind,country,identifiers", "new{0},New town {0},city,FR,pic:{1}"),
        ("relations", "from_id,type,to_id,since", "new{0},member_of,network-1,2020"),
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
        yield Row("  brought in", f"{spent / 1000:.1f} s", f"{spent / loop * LOOP_MS / 1000:.1f} s", "")


def exports(rows: int) -> Iterable[Row]:
    """The most memory this process ever had, before and after a file of that many rows went out."""
    from itertools import islice

    from sympolis.office.directory.models import Relation
    from sympolis.web.staff.csv_file import long_csv_file
    from sympolis.web.staff.records.tables.directory import RELATIONS as KIND

    for many in (rows // 100, rows):
        found = KIND.with_rows(Relation.objects.all(), None).order_by("pk")
        lines = islice(again(found), many)
        answer = long_csv_file("relations", ([one.public_id, *(c.value(one) for c in KIND.columns)] for one in lines))
        size = [0]

        def take(answer: Any = answer, size: list[int] = size) -> None:
            size[0] = sum(len(part) for part in answer)

        loop = processor_ms(reference_loop)
        spent = processor_ms(take)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        said = f"CSV of {many:,} rows, {size[0] / 1e6:.0f} MB: most memory so far {peak:.0f} MB"
        yield Row(said, f"{spent / 1000:.1f} s", f"{spent / loop * LOOP_MS / 1000:.1f} s", "flat")


def again(found: Any) -> Iterator[Any]:
    """All rows of a question again and again, a thousand in memory at a time."""
    while True:
        yield from found.iterator(chunk_size=1000)


if __name__ == "__main__":
    main()
