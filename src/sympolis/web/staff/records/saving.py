"""Keeping what a form says, when somebody else may be doing the same."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from sympolis.office.core.forms import RecordForm
from sympolis.office.core.tagging.actions import codes_of, note_tags
from sympolis.web.staff.records.kinds import Kind


def keep_change(kind: Kind, record: Any, user: Any, data: Any, files: Any) -> RecordForm:
    """Check the form and keep it, if it holds. Checking happens outside the transaction: it reads files and names;
    where the record was saved meanwhile, it is checked once more against the new one."""
    while True:
        form = kind.form(data, files, instance=record, user=user)
        before = record.updated_at
        if not form.is_valid():
            return form
        with transaction.atomic():
            fresh = type(record)._base_manager.select_for_update().get(pk=record.pk)
            if fresh.updated_at == before:
                kind.keep(form)
                note_tags(user, form.instance, codes_of(fresh))
                return form
        record = fresh
