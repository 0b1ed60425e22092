"""What the office and its members do with practices."""

from __future__ import annotations

from sympolis.office.core.actions import keep_record, remove_record
from sympolis.office.core.models import User
from sympolis.office.projects.models import Practice


def keep_practice(practice: Practice) -> Practice:
    keep_record(practice)
    return practice


def remove_practice(practice: Practice, by: User | None = None) -> None:
    remove_record(practice, by)
