"""How fast a large file of activities is read, and in how much memory: both in a process of its own.

    .venv/bin/python benchmarks/iati.py [--megabytes 500]

The activities are made up: each a title and a description in two languages, four bodies, dates, sectors, budgets,
transactions and a result with an indicator in three periods. Seconds are of the processor, memory is the most the
process ever held.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

READ = """
import json, resource, sys, time
from pathlib import Path
from sympolis.engine.model import Project
from sympolis.engine.sources import find_source
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
rejects, rows, projects, began = [], 0, 0, time.process_time()
for record in find_source("iati").read(Path(sys.argv[1]), rejects):
    rows += 1
    projects += isinstance(record, Project)
seconds = time.process_time() - began
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps([rows, projects, len(rejects), seconds, before, most]))
"""
WORDS = ("water", "sanitation", "city", "mobility", "climate", "school", "health", "port", "market", "energy", "women")


def activity(number: int) -> str:
    """One activity of some 4 kilobytes."""
    words = " ".join(WORDS[(number * step) % len(WORDS)] for step in range(1, 60))
    bodies = "".join(
        f'<participating-org ref="GB-COH-{(number * role) % 5000:08d}" type="{kind}" role="{role}">'
        f"<narrative>Body number {(number * role) % 5000}</narrative></participating-org>"
        for role, kind in ((1, 10), (2, 40), (3, 21), (4, 11))
    )
    money = "".join(
        f'<transaction><transaction-type code="{2 + at % 3}"/><transaction-date iso-date="2020-0{at}-01"/>'
        f'<value value-date="2020-0{at}-01">{number * at % 90000}.50</value></transaction>'
        f'<budget type="1"><period-start iso-date="202{at}-01-01"/><period-end iso-date="202{at}-12-31"/>'
        f'<value value-date="2020-01-01">{number % 9000 + 1}</value></budget>'
        for at in range(1, 5)
    )
    periods = "".join(
        f'<period><period-start iso-date="202{at}-01-01"/><period-end iso-date="202{at}-12-31"/>'
        f'<target value="{at * 10}"/><actual value="{at * 9}.5"/></period>'
        for at in range(1, 4)
    )
    result = (
        f'<result type="1"><title><narrative>{words}</narrative></title><indicator measure="1">'
        f'<title><narrative>{words[:100]}</narrative></title><baseline year="2020" value="0"/>{periods}'
        "</indicator></result>"
    )
    return (
        f'<iati-activity xml:lang="en" default-currency="EUR"><iati-identifier>XX-1-{number}</iati-identifier>'
        f'<reporting-org ref="XX-1" type="40"><narrative>Reporter</narrative></reporting-org>'
        f'<title><narrative>Work {number}</narrative><narrative xml:lang="fr">Ouvrage {number}</narrative></title>'
        f'<description><narrative>{words}</narrative><narrative xml:lang="fr">{words}</narrative></description>{bodies}'
        f'<activity-status code="2"/><activity-date type="1" iso-date="2020-01-01"/>'
        f'<activity-date type="3" iso-date="2024-12-31"/><recipient-country code="TN"/>'
        f'<sector vocabulary="1" code="14030"><narrative>Basic drinking water supply</narrative></sector>'
        f'<tag vocabulary="2" code="6"/>{money}{result}'
        "</iati-activity>\n"
    )


def write(file: Path, megabytes: int) -> None:
    with file.open("w", encoding="utf-8") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="2.03">\n')
        number = 0
        while out.tell() < megabytes * 2**20:
            out.write("".join(map(activity, range(number, number + 500))))
            number += 500
        out.write("</iati-activities>\n")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--megabytes", type=int, default=500)
    with tempfile.TemporaryDirectory(prefix="sympolis-iati-") as folder:
        file = Path(folder) / "large.xml"
        write(file, options.parse_args().megabytes)
        answer = subprocess.run([sys.executable, "-c", READ, str(file)], capture_output=True, check=True)
        rows, projects, rejected, seconds, before, most = json.loads(answer.stdout)
        print(f"{file.stat().st_size / 2**20:.0f} MB, {projects} activities, {rows} records, {rejected} rejected")
        print(f"{seconds:.1f} s: {projects / seconds:.0f} activities/s, {rows / seconds:.0f} records/s")
        print(f"memory {most} MB at most, {before} MB before reading")


if __name__ == "__main__":
    main()
