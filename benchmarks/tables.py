"""How many rows of tables are read in a second of the processor: lists of partners, proposals, a table of one's own.

    .venv/bin/python benchmarks/tables.py [--rows 50000]

The rows are made up. A loop that always does the same is clocked beside them, to compare machines and loads.
"""

from __future__ import annotations

import argparse
import csv
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook

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
        f"{source:<10}{file.suffix:<7}{rows} rows, {records} records, {len(rejects)} rejected {seconds:>7.2f} s {rates}"
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
        report("interreg", here / "partners.csv", rows)
        report("interreg", here / "partners.xlsx", rows)
        report("decidim", here / "proposals.csv", rows)
        report("table", here / "projects.csv", rows)


if __name__ == "__main__":
    main()
