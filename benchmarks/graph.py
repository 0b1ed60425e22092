"""How long the graph of 5,000 links between 1,000 organisations takes, and how large its data is.

    .venv/bin/python benchmarks/graph.py [--nodes 1000] [--links 5000] [--home FOLDER]

Networks are few and large, as in life: who is a member of what follows Zipf. It works in a home of its own that is
thrown away, or in the named one, which is filled only once and can be served afterwards to look at the picture.
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import statistics
import sys
import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.speed import LOOP_MS, Row, count_query, machine, processor_ms, reference_loop

KINDS = ("city",) * 14 + ("metropolitan-authority", "region", "ngo", "research", "development-bank", "programme")
TYPES = ("partner_of", "twinned_with", "participates_in", "funds", "local_partner_of")
COUNTRIES = ("ES", "FR", "IT", "TN", "MA", "DZ", "EG", "JO", "LB", "TR", "GR", "HR", "AL", "PT", "DE", "SN")
NETWORKS, MEMBERSHIPS = 0.045, 0.86  # shares of the organisations and of the links
TIMES = 15


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--nodes", type=int, default=1_000)
    options.add_argument("--links", type=int, default=5_000)
    options.add_argument("--home", type=Path)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="sympolis-graph-") as folder:
        home = chosen.home.resolve() if chosen.home else Path(folder)
        home.mkdir(parents=True, exist_ok=True)
        os.environ["SYMPOLIS_HOME"] = str(home)
        os.environ["SYMPOLIS_PAGES_KEPT_S"] = "0"  # what a page costs is asked, not what is kept of it
        os.environ["DJANGO_SETTINGS_MODULE"] = "sympolis.config.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        fill(chosen.nodes, chosen.links)
        print(f"{machine()}\n\n{'what':<56}{'measured':>12}{'as at 43 ms':>14}{'budget':>16}")
        for row in measure():
            print(f"{row.what:<56}{row.measured:>12}{row.as_at_43_ms:>14}{row.budget:>16}", flush=True)


def fill(nodes: int, links: int) -> None:
    """The same office every time."""
    from sympolis.office.core.texts import Text
    from sympolis.office.directory.models import Office, Organisation, Relation

    if Organisation.objects.exists():
        return
    chance = random.Random(7)
    networks = round(nodes * NETWORKS)
    made = [
        Organisation(
            name=f"Network of Mediterranean Harbours {at}" if at < networks else f"Municipality of New Harbour {at}",
            short_name=f"MedHarbour{at}" if at < networks else f"Harbour {at}",
            kind="city-network" if at < networks else chance.choice(KINDS),
            country=chance.choice(COUNTRIES),
        )
        for at in range(nodes)
    ]
    for one in made:
        one.prepare()
    Organisation.objects.bulk_create(made, batch_size=500)
    Office.objects.create(name=Text.of(en="Office"), organisation=made[networks])
    weights = [1 / (at + 2) for at in range(networks)]
    seen: set[tuple[int, int]] = set()
    while len(seen) < links:
        is_membership = len(seen) < links * MEMBERSHIPS
        start = chance.randrange(networks, nodes)
        end = chance.choices(range(networks), weights)[0] if is_membership else chance.randrange(networks, nodes)
        if start != end:
            seen.add((start, end))
    relations = [
        Relation(
            from_organisation=made[start],
            to_organisation=made[end],
            type="member_of" if end < networks else chance.choice(TYPES),
        )
        for start, end in sorted(seen)
    ]
    for relation in relations:
        relation.prepare()
    Relation.objects.bulk_create(relations, batch_size=500)


def measure() -> Iterable[Row]:
    """Processor time of one answer, each between two runs of the reference loop; the median counts."""
    from django.db import connection
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    for address in ("/ca/graph/data/", "/ca/graph/data/?on=2019&kind=city&kind=city-network", "/ca/graph/"):
        client.get(address)  # templates and patterns are read once
        queries: list[str] = []
        with connection.execute_wrapper(partial(count_query, queries)):
            answer = client.get(address)
        pairs = [(processor_ms(partial(client.get, address)), processor_ms(reference_loop)) for _ in range(TIMES)]
        spent = statistics.median(page for page, _ in pairs)
        ratio = statistics.median(page / loop for page, loop in pairs)
        budget = "300 ms" if "data" in address else ""
        what = f"{address} {answer.status_code}, {len(queries)} queries"
        yield Row(what, f"{spent:.0f} ms", f"{ratio * LOOP_MS:.0f} ms", budget)
        size = len(answer.content)
        packed = len(gzip.compress(answer.content, 6))
        yield Row("  size, and packed", f"{size / 1000:.0f} kB", f"{packed / 1000:.0f} kB", "400 kB" if budget else "")


if __name__ == "__main__":
    main()
