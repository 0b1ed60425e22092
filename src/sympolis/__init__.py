"""Sympolis, the open workbench for city diplomacy."""

__version__ = "0.1.0"
