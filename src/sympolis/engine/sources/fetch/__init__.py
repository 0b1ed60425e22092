"""Asking public services for the files the sources read. Never needed to run: whatever it gets, a person may add."""

from .http import Client, Manners
from .visits import FETCHERS, Fetched, fetch

__all__ = ["FETCHERS", "Client", "Fetched", "Manners", "fetch"]
