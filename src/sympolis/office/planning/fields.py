"""Form fields of plans and sessions: records of several kinds, one a line; dots of each kind of participant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import ReaderField
from sympolis.office.core.markup import joined, markup
from sympolis.office.core.models import Record
from sympolis.office.core.queries import Reader
from sympolis.office.core.texts import folded
from sympolis.office.planning.enums import ParticipantKind, own_numbers

MOST_LINES = 100
KINDS = ParticipantKind.choices
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


class DotsByKindWidget(forms.Widget):
    """A small box for each kind of participant, folded until one of them says something."""

    use_fieldset = True

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        written = value if isinstance(value, dict) else own_numbers(value or ())
        said = {**self.attrs, **(attrs or {})}
        boxes = joined("", (self._box(f"{name}_{code}", label, written.get(code, ""), said) for code, label in KINDS))
        is_open = markup(" open") if any(one not in {"", None} for one in written.values()) else ""
        about = gettext("Another number for some of them")
        return markup(
            '<details class="more"{}><summary>{}</summary><div class="field-row">{}</div></details>',
            is_open, about, boxes,
        )  # fmt: skip

    def _box(self, name: str, label: Any, value: Any, attrs: Mapping[str, Any]) -> SafeString:
        described = attrs.get("aria-describedby")
        return markup(
            '<div class="field"><label for="id_{}">{}</label>'
            '<input type="number" class="input-short" name="{}" id="id_{}" min="0" max="{}" value="{}"{}></div>',
            name, label, name, name, self.most, value,
            markup(' aria-describedby="{}"', described) if described else "",
        )  # fmt: skip

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        return {code: str(data.get(f"{name}_{code}", "")).strip() for code, _label in KINDS}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return all(f"{name}_{code}" not in data for code, _label in KINDS)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_{KINDS[0][0]}" if id_ else ""


class DotsByKindField(forms.Field):
    """How many dots some kinds of participant have. Clean gives ``council:3`` for each kind that has its own number."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "number": _("%(kind)s: write a whole number from 0 to %(most)d, or leave it empty."),
    }

    def __init__(self, most: int, **kwargs: Any) -> None:
        self.most = most
        super().__init__(required=False, widget=DotsByKindWidget(most), **kwargs)

    def clean(self, value: Any) -> tuple[str, ...]:
        found = []
        for code, label in KINDS:
            written = str((value or {}).get(code, "")).strip()
            if not written:
                continue
            if not (written.isdecimal() and len(written) < 4 and int(written) <= self.most):
                about = {"kind": label, "most": self.most}
                raise ValidationError(self.error_messages["number"], code="number", params=about)
            found.append(f"{code}:{int(written)}")
        return tuple(found)

    def in_words(self, value: Any) -> list[str]:
        """As a history tells it."""
        return [f"{ParticipantKind(kind).label}: {number}" for kind, number in own_numbers(value or ()).items()]
