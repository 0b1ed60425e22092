"""Put together what the browser loads (standard library only): the npm packages' files that are used, copied into
build/static/vendor, one style sheet out of ours, build/static/web/css/sympolis.css, and our scripts; packed forms
beside them.

python3 scripts/frontend.py               does nothing when nothing it reads has changed
python3 scripts/frontend.py --strip-lock  take funding links out of package-lock.json (`npm run lock` does it)
"""

import gzip
import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "build" / "static" / "vendor"
STYLES = ROOT / "src" / "sympolis" / "web" / "static" / "web" / "css"
SCRIPTS = STYLES.parent / "js"
OURS = ROOT / "build" / "static" / "web"
LOCK = ROOT / "package-lock.json"
STAMP = ROOT / "build" / "static.stamp"

# In this order: tokens.css names the layers. Only the pages that have a map load its sheet.
SHEETS = {
    "sympolis": ("tokens", "base", "layout", "components", "forms", "tables", "brief", "print"),
    "map": ("map",),
}
# A script that is long is written in parts, in this order; what is no folder is one as it stands.
PARTS = {"graph": ("shapes", "arranging", "picture", "page")}
FONT_FACES = {
    "ibm-plex-sans": ("latin-400", "latin-ext-400", "latin-600", "latin-ext-600"),
    "ibm-plex-serif": ("latin-500", "latin-ext-500"),
    "ibm-plex-sans-arabic": ("arabic-400", "arabic-600"),
}
FILES = {
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "topojson-client/dist/topojson-client.min.js": "topojson/topojson-client.min.js",
    "graphology/dist/graphology.umd.min.js": "graphology/graphology.umd.min.js",
    "graphology-library/dist/graphology-library.min.js": "graphology/graphology-library.min.js",
    "sigma/dist/sigma.min.js": "sigma/sigma.min.js",
    "world-atlas/land-50m.json": "world-atlas/land-50m.json",
    "world-atlas/land-110m.json": "world-atlas/land-110m.json",
    "swagger-ui-dist/swagger-ui-bundle.js": "swagger-ui/swagger-ui-bundle.js",
    "swagger-ui-dist/swagger-ui.css": "swagger-ui/swagger-ui.css",
}
LICENCES = (
    "htmx.org",
    "leaflet",
    "topojson-client",
    "world-atlas",
    "graphology",
    "graphology-library",
    "sigma",
    "swagger-ui-dist",
)
SOURCE_MAP = re.compile(rb"\n?(//|/\*)# sourceMappingURL=\S+( ?\*/)?\s*$")


def wanted() -> dict[Path, Path]:
    """Every file to copy: where it is in node_modules, where it goes under vendor."""
    copies = {MODULES / source: VENDOR / target for source, target in FILES.items()}
    for family, faces in FONT_FACES.items():
        package = MODULES / "@fontsource" / family
        for face in faces:
            name = f"{family}-{face}-normal.woff2"
            copies[package / "files" / name] = VENDOR / "fonts" / name
        copies[package / "LICENSE"] = VENDOR / "licences" / f"{family}.txt"
    for package_name in LICENCES:
        folder = MODULES / package_name
        licence = next((path for path in sorted(folder.glob("LICEN[CS]E*"))), None)
        if licence:
            copies[licence] = VENDOR / "licences" / f"{package_name.replace('/', '-').lstrip('@')}.txt"
    return copies


def fingerprint() -> str:
    """Changes when a version in the lock, a style sheet, a script or this file does."""
    read = [LOCK, Path(__file__), *sorted(STYLES.glob("*.css")), *sorted(SCRIPTS.rglob("*.js"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in read)).hexdigest()


def tightened(css: str) -> str:
    """The same rules without comments and the white space that says nothing."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,]) ?", r"\1", css).replace(": ", ":").replace(";}", "}").strip() + "\n"


def join_styles() -> None:
    """One sheet, so that a phone asks once."""
    for sheet, names in SHEETS.items():
        css = "".join(tightened((STYLES / f"{name}.css").read_text(encoding="utf-8")) for name in names)
        target = OURS / "css" / f"{sheet}.css"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(css, encoding="utf-8")


def join_scripts() -> None:
    """Each script one file, so that a phone asks once."""
    shutil.copytree(SCRIPTS, OURS / "js", ignore=shutil.ignore_patterns(*PARTS))
    for script, names in PARTS.items():
        parts = [(SCRIPTS / script / f"{name}.js").read_text(encoding="utf-8") for name in names]
        (OURS / "js" / f"{script}.js").write_text("\n".join(parts), encoding="utf-8")


def pack() -> None:
    """Beside what packs well its packed form, which whitenoise sends to browsers that take it."""
    for path in sorted((ROOT / "build" / "static").rglob("*")):
        if path.suffix in {".css", ".js", ".json"}:
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def assemble() -> int:
    """Copy and join; returns how many files were copied, 0 when nothing had changed."""
    mark = fingerprint()
    if STAMP.exists() and STAMP.read_text() == mark:
        return 0
    copies = wanted()
    missing = [path for path in copies if not path.is_file()]
    if missing:
        sys.exit(f"Front end: {missing[0].relative_to(ROOT)} is missing; run npm ci first.")
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in copies.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        # A source map that is not there would stop collectstatic.
        target.write_bytes(SOURCE_MAP.sub(b"\n", source.read_bytes()))
    shutil.rmtree(OURS, ignore_errors=True)
    join_styles()
    join_scripts()
    pack()
    STAMP.write_text(mark)
    return len(copies)


def strip_lock() -> None:
    """Leave versions and hashes in the lock; no funding links, no download addresses."""
    lock = json.loads(LOCK.read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    LOCK.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if "--strip-lock" in sys.argv:
        strip_lock()
    else:
        print(f"Front end: {assemble() or 'nothing new'}")
