"""How fast a large IATI file is checked, and in how much memory: both in a process of its own.

    .venv/bin/python benchmarks/iati_check.py --standard ../shared/data/iati [--megabytes 100] [--broken]

The file is the standard's own annotated example of an activity, or every file of activities in ``real_xml`` of the
folder, again and again, each with an identifier of its own. Memory is the most the process ever held.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from itertools import cycle
from pathlib import Path

CHECK = """
import json, resource, sys, time
from pathlib import Path
from sympolis.engine.iati import check_file, open_standard
began, processor = time.perf_counter(), time.process_time()
checked = check_file(Path(sys.argv[1]), open_standard(Path(sys.argv[2])))
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
seconds = [time.perf_counter() - began, time.process_time() - processor]
print(json.dumps([checked.valid, len(checked.problems), *seconds, most]))
"""
ACTIVITY = re.compile(r"<iati-activity[ >].*?</iati-activity>", re.DOTALL)


def activities(standard: Path, real: bool) -> list[str]:
    """The activities that are repeated."""
    files = sorted((standard / "real_xml").glob("*-activity.xml")) if real else sorted(standard.rglob("*annotated.xml"))
    texts = [file.read_text("utf-8") for file in files]
    return [found for text in texts if "<iati-activities" in text for found in ACTIVITY.findall(text)]


def write(file: Path, repeated: list[str], megabytes: int, broken: bool) -> int:
    """Fill a file; says how many activities are in it."""
    count = size = 0
    with file.open("w", encoding="utf-8") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="2.03">\n')
        for text in cycle(repeated):
            unlike = text.replace("</iati-identifier>", f"-{count}</iati-identifier>", 1)
            size += out.write(unlike.replace("<title>", "<titel>", 1) if broken else unlike) + 1
            out.write("\n")
            count += 1
            if size > megabytes * 1_000_000:
                break
        out.write("</iati-activities>\n")
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--standard", type=Path, required=True)
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--broken", action="store_true", help="no activity is well-formed or valid")
    told = parser.parse_args()
    for real in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "activities.xml"
            count = write(file, activities(told.standard, real), told.megabytes, told.broken)
            size = file.stat().st_size / 1e6
            command = [sys.executable, "-c", CHECK, str(file), str(told.standard)]
            answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        valid, problems, seconds, processor, most = json.loads(answer)
        print(
            f"{'real files' if real else 'example'}: {size:.0f} MB, {count:,} activities: valid {valid}, "
            f"{problems:,} problems kept, {seconds:.1f} s ({processor:.1f} s of processor), {most} MB"
        )


if __name__ == "__main__":
    main()
