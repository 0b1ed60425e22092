"""How many rows are read in a second of the processor, source by source: CORDIS, the portal's calls, links of Wikidata,
lists of partners, proposals, a table of one's own. ``iati.py`` does the same for IATI.

    .venv/bin/python benchmarks/tables.py [--rows 50000]

The rows are made up. A loop that always does the same is clocked beside them, to compare machines and loads.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook

from sympolis.engine import sources
from sympolis.engine.sources import Reject, find_source

PARTNERS = (
    "Project acronym",
    "Programme",
    "Partner name",
    "Lead partner (Y/N)",
    "Country code",
    "Town",
    "Partner budget",
)
PROPOSALS = ("id", "title/ca", "body/ca", "state", "votes", "comments", "published_at", "url")
PROJECTS = ("Codi", "Títol", "Resum", "País", "Data d'inici", "Cost total", "Entitat líder")
MAPPING = """approved: true
kind: project
language: ca
columns: {Codi: id, Títol: title, Resum: summary, País: countries, Data d'inici: start, Cost total: budget,
  Entitat líder: lead}
"""


def partner(at: int) -> Sequence[str]:
    lead = "N" if at % 6 else "Y"
    return (f"PROJ{at // 6}", "Sea 2021-2027", f"Body {at % 9000}", lead, "FR", f"Town {at % 900}", f"{at % 9000}.50")


def proposal(at: int) -> Sequence[str]:
    day = f"2026-01-{at % 28 + 1:02d} 10:00:00 +0100"
    address = f"https://participa.example.org/proposals/{at}"
    return (str(at), f"Més ombra {at}", f"<p>Arbres per a la plaça {at}.</p>" * 3, "accepted", "12", "3", day, address)


def project(at: int) -> Sequence[str]:
    return (
        str(at),
        f"Font {at}",
        "Una font a cada plaça. " * 5,
        "Marroc",
        "13/02/2024",
        f"{at}.250,50",
        f"Vila {at % 900}",
    )


CORDIS = (
    "id", "acronym", "status", "title", "startDate", "endDate", "totalCost", "ecMaxContribution", "legalBasis",
    "topics", "frameworkProgramme", "masterCall", "subCall", "fundingScheme", "objective", "contentUpdateDate",
    "rcn", "grantDoi",
)  # fmt: skip
BODIES = (
    "projectID", "projectAcronym", "organisationID", "vatNumber", "name", "shortName", "SME", "activityType", "city",
    "country", "nutsCode", "geolocation", "organizationURL", "order", "role", "ecContribution", "totalCost",
)  # fmt: skip


def funded(at: int) -> Sequence[str]:
    key = f"9{at:08d}"
    dates, money, call = ("2024-01-01", "2027-12-31"), (f"{at},5", f"{at}"), "HORIZON-CL6-2023-01"
    what = f"Every drop twice {at}", "Towns of dry coasts reuse water for parks. " * 12
    told = "HORIZON.2.6", f"{call}-4", "HORIZON", call, call, "HORIZON-IA", what[1], "2025-03-04 10:11:12"
    return (key, f"DROP{at}", "SIGNED", what[0], *dates, *money, *told, key, f"10.3030/{key}")


def funded_body(at: int) -> Sequence[str]:
    named = (f"9{at % 9000:08d}", "", f"AJUNTAMENT DE VILA {at % 9000}", "", "false", "PUB", f"Vila {at % 900}", "ES")
    where = ("ES511", "41.2,1.7", "www.vila.example")
    return (f"9{at // 4:08d}", "", *named, *where, "1", "participant" if at % 4 else "coordinator", "9.5", "10,75")


def write_portal(file: Path, rows: int) -> None:
    """The sample's first result again and again, each with an identifier of its own."""
    sample = json.loads((Path(sources.__file__).parent / "portal" / "sample" / "page.json").read_text("utf-8"))
    one = json.dumps(sample["results"][0])
    key = sample["results"][0]["metadata"]["identifier"][0]
    sample["results"] = [json.loads(one.replace(key, f"{key}-{at}")) for at in range(rows)]
    file.write_text(json.dumps(sample), "utf-8")


def write_csv(file: Path, headings: Iterable[str], rows: Iterable[Sequence[str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(headings)
        writer.writerows(rows)


def write_book(file: Path, headings: Iterable[str], rows: Iterable[Sequence[str]]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Partners")
    sheet.append(list(headings))
    for row in rows:
        sheet.append(row)
    book.save(file)


def clocked(work: Callable[[], int]) -> tuple[int, float]:
    began = time.process_time()
    done = work()
    return done, time.process_time() - began


def report(source: str, file: Path, rows: int) -> None:
    rejects: list[Reject] = []
    records, seconds = clocked(lambda: sum(1 for _ in find_source(source).read(file, rejects)))
    rates = f"{rows / seconds:>9.0f} rows/s {records / seconds:>9.0f} records/s"
    print(
        f"{source:<10}{file.name:<18}{rows} rows, {records} records, {len(rejects)} rejected {seconds:>7.2f} s {rates}"
    )


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=50_000)
    rows = options.parse_args().rows
    _, seconds = clocked(lambda: sum(at * at % 7 for at in range(1_000_000)))
    print(f"load {os.getloadavg()[0]:.1f}, the loop of a million took {seconds * 1000:.0f} ms")
    with tempfile.TemporaryDirectory(prefix="sympolis-tables-") as folder:
        here = Path(folder)
        write_csv(here / "partners.csv", PARTNERS, map(partner, range(rows)))
        write_book(here / "partners.xlsx", PARTNERS, map(partner, range(rows)))
        write_csv(here / "proposals.csv", PROPOSALS, map(proposal, range(rows)))
        write_csv(here / "projects.csv", PROJECTS, map(project, range(rows)))
        (here / "projects.mapping.yaml").write_text(MAPPING, "utf-8")
        write_csv(here / "project.csv", CORDIS, map(funded, range(rows)))
        write_csv(here / "organization.csv", BODIES, map(funded_body, range(rows)))
        links = (f"Q{1_000 + at}\tQ{5_000_000 + at * 7 % 99_991}\n" for at in range(rows))
        (here / "relations.tsv").write_text("".join(links), "utf-8")
        write_portal(here / "page.json", rows // 10)
        report("cordis", here / "project.csv", rows)
        report("cordis", here / "organization.csv", rows)
        report("wikidata", here / "relations.tsv", rows)
        report("portal", here / "page.json", rows // 10)
        report("interreg", here / "partners.csv", rows)
        report("interreg", here / "partners.xlsx", rows)
        report("decidim", here / "proposals.csv", rows)
        report("table", here / "projects.csv", rows)


if __name__ == "__main__":
    main()
