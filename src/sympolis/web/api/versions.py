"""Which saving of a record somebody saw, and what others wrote since: nobody's change is lost to another's."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from sympolis.office.core.models import Record
from sympolis.office.core.queries import Reader
from sympolis.web.api.problems import Refused
from sympolis.web.staff.records.cells import written
from sympolis.web.staff.records.kinds import Kind
from sympolis.web.staff.records.versions import seen_versions

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def version_of(record: Record) -> str:
    """The moment it was last saved, as a word."""
    return format((record.updated_at - _EPOCH) // _MICROSECOND, "x")


def tag_of(record: Record) -> str:
    """The same as HTTP writes it. What packs answers makes it weak; both are taken back."""
    return f'"{version_of(record)}"'


def named_versions(request: HttpRequest) -> list[str]:
    """What ``If-Match`` names: versions, ``*`` alone for whatever it is now, or nothing."""
    said = request.headers.get("If-Match", "").strip()
    return (_TAG.findall(said) or [said]) if said else []


def version_missing(version: str) -> Refused:
    return Refused(
        HTTPStatus.PRECONDITION_REQUIRED,
        _("Say which version you saw: send the header If-Match with the version you read."),
        version=version,
    )


def check_version(request: HttpRequest, kind: Kind, record: Any) -> None:
    """Refuse to write over what the writer has not seen: 428 where no version is said, 412 where it is an older one."""
    check_stands(request, version_of(record), lambda seen: changes_since(request.user, kind, record, seen))


def check_stands(request: HttpRequest, now: str, changes: Callable[[str], list[dict[str, str]]]) -> None:
    """The same of anything that has a word for how it stands ``now``; ``changes`` says what came after another."""
    known = named_versions(request)
    if not known:
        raise version_missing(now)
    if known == ["*"] or now in known:
        return
    raise Refused(
        HTTPStatus.PRECONDITION_FAILED,
        _("Somebody changed this since you read it. Look at what changed, and send your change with the new version."),
        changes=changes(known[0]),
        version=now,
    )


def changes_since(user: Reader, kind: Kind, record: Any, version: str) -> list[dict[str, str]]:
    """What was written into a record after a version, as far as this reader's own form would show it."""
    try:
        then = _EPOCH + int(version, 16) * _MICROSECOND
    except (ValueError, OverflowError):
        return []
    later = {row.history_id for row in record.history.filter(updated_at__gt=then).only("history_id")}
    return [
        {"field": change.name, "before": written(change.before), "after": written(change.after)}
        for told, changes in reversed(seen_versions(user, kind, record))
        if told.id in later
        for change in changes
    ]
