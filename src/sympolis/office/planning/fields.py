"""A form field that names records of several kinds, one a line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import ReaderField
from sympolis.office.core.models import Record
from sympolis.office.core.queries import Reader
from sympolis.office.core.texts import folded

MOST_LINES = 100
_ID = re.compile(r"\b([a-z]{3}_[a-z0-9]{12})\b")
type Visible = Callable[[Reader], QuerySet[Any]]


class RecordsField(ReaderField, forms.CharField):
    """Records by title, by id or by the address of their page. Clean gives their public ids, each once.

    ``kinds`` leads from what an id begins with to those the reader may see.
    """

    default_error_messages: ClassVar[dict[str, Any]] = {
        "unknown": _("We know nothing called “%(written)s”. Paste the address of its page."),
        "several": _("Several are called “%(written)s”. Paste the address of the page of the one you mean."),
        "many": _("That is too much for one field: %(most)d lines at most."),
    }

    def __init__(self, kinds: Mapping[str, Visible], **kwargs: Any) -> None:
        self.kinds = kinds
        kwargs.setdefault("required", False)
        super().__init__(widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}), max_length=50_000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A line each: the title, then the id, which decides."""
        if isinstance(value, str) or not value:
            return value or ""  # an empty list would be written out as one
        titles = {one.public_id: one for one in self._with_ids(value)}
        return "\n".join(f"{' '.join(str(titles[one]).split())} {one}" if one in titles else one for one in value)

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in str(super().clean(value)).splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise ValidationError(self.error_messages["many"], code="many", params={"most": MOST_LINES})
        named = [found[-1] if (found := _ID.findall(line)) else "" for line in lines]
        there = {one.public_id for one in self._with_ids(named)}
        found = [
            one if one in there else self._called(line) for one, line in zip(named, lines, strict=True)
        ]  # fmt: skip
        return tuple(dict.fromkeys(found))

    def _with_ids(self, public_ids: Iterable[str]) -> list[Record]:
        wanted = [one for one in public_ids if one]
        found: list[Record] = []
        for prefix, visible in self.kinds.items():
            if of_kind := [one for one in wanted if one.startswith(f"{prefix}_")]:
                found += visible(self.user).filter(public_id__in=of_kind)
        return found

    def _called(self, written: str) -> str:
        wanted = folded(written)
        rows: list[str] = []
        for visible in self.kinds.values() if wanted else ():
            called = visible(self.user).filter(Q(sort_key=wanted[:200]) | Q(folded=wanted))
            rows += called.order_by().values_list("public_id", flat=True)[:2]
        if len(rows) == 1:
            return rows[0]
        kind = "several" if rows else "unknown"
        raise ValidationError(self.error_messages[kind], code=kind, params={"written": written[:100]})
