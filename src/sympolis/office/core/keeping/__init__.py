"""Keeping what the office has: migrating, backing up, restoring, exporting, checking."""
