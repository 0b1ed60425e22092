"""The typefaces of a PDF: complete IBM Plex files out of the packages that carry them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

PACKAGES = ("fontpkg_ibm_plex_sans", "fontpkg_ibm_plex_sans_arabic", "fontpkg_ibm_plex_serif")


@cache
def font_folders() -> tuple[Path, ...]:
    """A folder for each package, in order. Raises ModuleNotFoundError naming the one that is not installed."""
    return tuple(Path(str(files(package))) / "files" for package in PACKAGES)
