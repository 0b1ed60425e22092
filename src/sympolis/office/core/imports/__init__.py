"""Bringing in spreadsheets: read, understand, show what would change, write in one go, take back.

No room is imported here: rooms register their tables by name in ``settings.SYMPOLIS_TABLES``.
"""
