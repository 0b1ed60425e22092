"""Anybody's spreadsheet, read by a small mapping a person approved. See ``docs/sources/table.md``."""

from .guess import guess_mapping
from .mapping import Mapping, mapping_path, write_mapping, written
from .read import files, read

__all__ = ["Mapping", "files", "guess_mapping", "mapping_path", "read", "write_mapping", "written"]
