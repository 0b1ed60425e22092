"""The versions of a record as this reader may see them: without what their form leaves out."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from sympolis.office.core import history
from sympolis.office.core.models import Record
from sympolis.office.core.queries import Reader, is_officer, visible_records
from sympolis.web.staff.records.differences import change_in_words
from sympolis.web.staff.records.documents import KIND_OF_ID
from sympolis.web.staff.records.kinds import Kind


def seen_versions(user: Reader, kind: Kind, record: Any) -> list[tuple[history.Version, list[history.FieldChange]]]:
    """The versions of a record, the newest first, each with the changes this reader may see."""
    if not hasattr(record, "history"):
        return []
    withheld = {name for group in record.withheld for name in (group, *record.FIELD_GROUPS[group])}
    hidden = not_shown(user, kind) | withheld

    def seen(model: Any) -> QuerySet[Any]:
        """Records of a model this reader may see, to be named in a history."""
        if not issubclass(model, Record):  # somebody with an account: who approved, who answers for it
            accounts: QuerySet[Any] = model._default_manager.all()
            return accounts if is_officer(user) else accounts.none()
        other = KIND_OF_ID.get(model.ID_PREFIX)
        return other.visible(user) if other else visible_records(user, model._default_manager.all())

    found = history.versions(record, user, seen)
    return [(version, [one for one in version.changes if one.name not in hidden]) for version in found]


def shown_versions(user: Reader, kind: Kind, record: Any) -> list[dict[str, Any]]:
    """The same in words, as the page shows them."""
    return [
        {"version": version, "changes": [change_in_words(kind, one) for one in changes]}
        for version, changes in seen_versions(user, kind, record)
    ]


def not_shown(user: Reader, kind: Kind) -> set[str]:
    """Columns of a record that are not this user's to see."""
    if is_officer(user):
        return set()
    return {*kind.form.OFFICE_ONLY, "organisation", "from_organisation", "to_organisation", "imported"}


def kept_out(user: Reader, kind: Kind) -> set[str]:
    """Columns of a record that are not this user's to set at once."""
    if is_officer(user):
        return set()
    lists = (kind.form.LISTS.get(name, name) for name in kind.form.MATTERS)
    return {*not_shown(user, kind), *kind.form.MATTERS, *lists}
