"""A small world: open data in the publishers' layout, built by the engine itself."""

from __future__ import annotations

import csv
import fcntl
import shutil
from pathlib import Path

from sympolis.engine import atlas
from sympolis.engine.resolve.gazetteer import Gazetteer

HOSTILE = '<script>alert("w")</script>'
CHECKOUT = Path(__file__).resolve().parents[2]
ORGANISATIONS = [
    # id, name, short name, kind, country, place, latitude, longitude, website, other names
    ("amb-en", "Barcelona Metropolitan Area", "", "metropolitan-authority", "ES", "Barcelona", "41.38", "2.17",
     "https://www.amb.example", "ca:Àrea Metropolitana de Barcelona|ar:منطقة برشلونة الحضرية"),
    ("sfax-fr", "Commune de Sfax", "", "city", "TN", "Sfax", "34.74", "10.76", "https://sfax.example", "ar:صفاقس"),
    ("gothenburg", "City of Gothenburg", "", "city", "SE", "Göteborg", "57.7", "11.97", "", "sv:Göteborgs Stad"),
    ("cordoba-es", "Ayuntamiento de Córdoba", "", "city", "ES", "Córdoba", "37.88", "-4.77", "", ""),
    ("cordoba-ar", "Municipalidad de Córdoba", "", "city", "AR", "Córdoba", "-31.4", "-64.18", "", ""),
    ("cordoba", "Córdoba", "", "other", "", "", "", "", "", ""),
    ("broken", "No kind", "", "", "FR", "", "", "", "", ""),
    ("odd", f"Odd {HOSTILE}", "", "company", "FR", "", "", "", "javascript:alert(1)", ""),
]  # fmt: skip
COLUMNS = ("id", "name", "short_name", "kind", "country_iso2", "place_name", "latitude", "longitude", "website",
           "names_other", "source_url")  # fmt: skip
PROJECT_COLUMNS = ("id", "title", "acronym", "programme", "lead_id", "partner_ids", "start_year", "end_year",
                   "budget_eur", "language", "source_url")  # fmt: skip


def projects() -> list[tuple[str, ...]]:
    """Twelve of the metropolitan area, one each year from 2010; the odd company takes part in the last."""
    found = []
    for number in range(12):
        year = 2010 + number
        partners = "sfax-fr;odd" if number == 11 else "gothenburg"
        address = f"https://projects.example/{number}"
        found.append((f"water-{number}", f"Water plan {number}", f"WP{number}", "Sea Programme", "amb-en", partners,
                      str(year), str(year + 2), "1000000", "en", address))  # fmt: skip
    found.append(("odd-1", f"Odd {HOSTILE}", "", HOSTILE, "odd", "", "2020", "", "", "en", "javascript:alert(2)"))
    return found


def add_world(home: Path) -> None:
    """Add the files, and the gazetteer that takes half a minute to make and is made once for all runs."""
    given = home / "given"
    _write(given / "organisations.csv", COLUMNS, [(*row, f"https://facts.example/{row[0]}") for row in ORGANISATIONS])
    _write(given / "projects.csv", PROJECT_COLUMNS, projects())
    atlas.add(home, "facts", [given])
    shutil.rmtree(given)
    cache = home / "atlas" / "cache" / "resolved"
    cache.mkdir(parents=True, exist_ok=True)
    for file in _gazetteer().glob("*.sqlite"):
        shutil.copyfile(file, cache / file.name)


def _gazetteer() -> Path:
    folder = CHECKOUT / "build" / "tests" / "gazetteer"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        Gazetteer(folder).close()
    return folder


def _write(file: Path, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(columns)
        table.writerows(rows)
