"""Reporting to the International Aid Transparency Initiative: checking files and writing them. See ``docs/iati.md``."""

from .check import Checked, check_file, refuse_unreadable
from .problems import Problem, Severity
from .standard import Standard, open_standard

__all__ = ["Checked", "Problem", "Severity", "Standard", "check_file", "open_standard", "refuse_unreadable"]
