"""Proposals as a page shows them: each field from what to what, and what stands there since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sympolis.office.core.history import FieldChange, in_list, text_changes
from sympolis.office.core.lists import list_fields, lists_of
from sympolis.office.core.markup import markup
from sympolis.office.core.models import Document, Proposal, ProposedChange, Record
from sympolis.office.core.proposals.pictures import is_proposed
from sympolis.office.core.proposals.queries import waiting_on, with_waiting
from sympolis.office.core.proposals.values import (
    Plain,
    digest,
    is_list,
    is_picture,
    is_text,
    plain_value,
    python_value,
)
from sympolis.office.core.queries import Reader, is_officer
from sympolis.office.core.texts import Text
from sympolis.web.public.templatetags.portal import media_address
from sympolis.web.staff.proposals.already import there_already
from sympolis.web.staff.records.differences import Difference, change_in_words, label_of
from sympolis.web.staff.records.documents import KIND_OF_ID
from sympolis.web.staff.records.kinds import Kind


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One field; ``since`` is what others made of it meanwhile, from what stood there to what stands there now."""

    field: str
    label: Any
    wanted: list[Difference]
    since: list[Difference]


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """One proposal; ``seen`` is the digest of what stands there, sent back with the decision."""

    proposal: Proposal
    kind: Kind
    url: str  # of the record's own form; empty for one that is not there
    changes: list[ShownChange]
    seen: str
    is_gone: bool
    already: list[tuple[Any, str]]  # what it may be there as, by title and address, for who decides

    @property
    def is_new(self) -> bool:
        return not self.proposal.record

    @property
    def is_stale(self) -> bool:
        return any(one.since for one in self.changes)


def shown_on(user: Reader, record: Record) -> list[ShownProposal]:
    """What waits for the office on a record the reader may write at."""
    return shown_proposals(user, with_waiting(waiting_on(record.public_id)), at_hand=record)


def shown_proposals(user: Reader, proposals: Iterable[Proposal], at_hand: Record | None = None) -> list[ShownProposal]:
    """Proposals that came with ``waiting``: a query for the records of each kind, less the one that is ``at_hand``, one
    for the lists of each, one for the names of each."""
    found = list(proposals)
    records = dict(_records(found, at_hand))
    standing = {one.pk: _standing(one, records.get(one.record)) for one in found}
    named = _names(user, found, standing)
    already = there_already(user, found) if is_officer(user) else {}
    return [
        _shown(user, one, records.get(one.record), standing[one.pk], named, already.get(one.pk, [])) for one in found
    ]


def _records(
    proposals: list[Proposal], at_hand: Record | None
) -> Iterator[tuple[str, tuple[Record, Mapping[str, Any]]]]:
    """Public id -> the record as it stands, and its lists where one of them is spoken of."""
    by_kind: defaultdict[str, list[Proposal]] = defaultdict(list)
    for one in proposals:
        if one.record:
            by_kind[one.kind].append(one)
    for prefix, some in by_kind.items():
        model = _model(prefix)
        fields = {change.field for one in some for change in one.waiting}  # type: ignore[attr-defined]  # with_waiting
        linked = [name for name in fields if _is_link(model, name)]
        rows = model._base_manager.filter(public_id__in=[one.record for one in some])
        found = [at_hand] if at_hand else list(rows.select_related(*linked) if linked else rows)
        has_lists = any(is_list(model, name) for name in fields)
        lists = lists_of(model, [row.pk for row in found]) if has_lists else {}
        for row in found:
            yield row.public_id, (row, lists.get(row.pk, {}))


def _model(prefix: str) -> Any:
    return KIND_OF_ID[prefix].form._meta.model


def _is_link(model: Any, name: str) -> bool:
    return any(field.name == name and isinstance(field, models.ForeignKey) for field in model._meta.concrete_fields)


def _standing(proposal: Proposal, found: tuple[Record, Mapping[str, Any]] | None) -> dict[str, Plain]:
    if found is None:
        return {}
    record, lists = found
    waiting: list[ProposedChange] = proposal.waiting  # type: ignore[attr-defined]  # with_waiting
    return {one.field: lists[one.field] if one.field in lists else plain_value(record, one.field) for one in waiting}


def _names(user: Reader, proposals: list[Proposal], standing: Mapping[int, Mapping[str, Plain]]) -> dict[Any, str]:
    """Public id -> name of what the values lead to, as far as the reader may see it."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for proposal in proposals:
        model = _model(proposal.kind)
        for one in proposal.waiting:  # type: ignore[attr-defined]  # with_waiting
            for value in (one.before, one.after, standing[proposal.pk].get(one.field)):
                for public_id in _named_in(model, one.field, value):
                    wanted[public_id.partition("_")[0]].add(public_id)
    found: dict[Any, str] = {}
    for prefix, public_ids in wanted.items():
        found |= {one.public_id: str(one) for one in KIND_OF_ID[prefix].visible(user).filter(public_id__in=public_ids)}
    return found


def _named_in(model: Any, name: str, value: Plain) -> Iterable[str]:
    if is_list(model, name):
        return value or ()
    return (value,) if value and _is_link(model, name) else ()


def _shown(
    user: Reader,
    proposal: Proposal,
    found: tuple[Record, Mapping[str, Any]] | None,
    standing: Mapping[str, Plain],
    named: Mapping[Any, str],
    already: list[Record],
) -> ShownProposal:
    kind = KIND_OF_ID[proposal.kind]
    changes = [
        ShownChange(
            one.field,
            label_of(kind, one.field),
            _differences(kind, one, one.before, one.after, named),
            _since(kind, one, standing[one.field], named) if one.field in standing else [],
        )
        for one in proposal.waiting  # type: ignore[attr-defined]  # with_waiting
    ]
    # Who hung up a document sees the file; its form is for who keeps what it hangs on.
    name = "staff:document_file" if kind.prefix == Document.ID_PREFIX and not is_officer(user) else "staff:change"
    url = reverse(name, kwargs={"public_id": proposal.record}) if found else ""
    alike = [(kind.called(one), reverse("staff:change", kwargs={"public_id": one.public_id})) for one in already]
    is_gone = bool(proposal.record) and found is None
    return ShownProposal(proposal, kind, url, changes, digest(dict(standing)), is_gone, alike)


def _since(kind: Kind, change: ProposedChange, now: Plain, named: Mapping[Any, str]) -> list[Difference]:
    """What others wrote into the same since: of a text, in the languages alone that are spoken of."""
    before, after = change.before, change.after
    if is_text(_model(kind.prefix), change.field):
        codes = [code for code in {**(before or {}), **(after or {})} if _words(before, code) != _words(after, code)]
        before, after, now = ({code: {"text": _words(one, code)} for code in codes} for one in (before, after, now))
    if now in (before, after):
        return []
    return _differences(kind, change, before, now, named)


def _words(text: Plain, code: str) -> str:
    return Text(text or {}).get_text(code)


def _differences(
    kind: Kind, change: ProposedChange, before: Plain, after: Plain, named: Mapping[Any, str]
) -> list[Difference]:
    name, model = change.field, _model(kind.prefix)
    if is_picture(model, name):
        label = label_of(kind, name)
        return [Difference(label=label, before=_shown_picture(change, before), after=_shown_picture(change, after))]
    return [change_in_words(kind, one) for one in _field_changes(model, name, before, after, named)]


def _shown_picture(change: ProposedChange, name: Plain) -> SafeString | str:
    """The picture itself: one that waits as the page of its proposal gives it to who may see that."""
    if not name:
        return ""
    if not is_proposed(name):
        address, words = media_address(name), _("Picture until now")
    else:
        address, words = reverse("staff:proposal_picture", kwargs={"pk": change.pk}), _("Proposed picture")
    shown = '<span class="avatar avatar-large avatar-logo"><img src="{}" alt="{}" width="72" height="72"></span>'
    return markup(shown, address, words)


def _field_changes(
    model: Any, name: str, before: Plain, after: Plain, named: Mapping[Any, str]
) -> Iterable[FieldChange]:
    if is_list(model, name):
        (field,) = (one for one in list_fields(model) if one.name == name)
        was, is_ = before or {}, after or {}
        gone = tuple(in_list(field, named, one, row) for one, row in was.items() if is_.get(one) != row)
        came = tuple(in_list(field, named, one, row) for one, row in is_.items() if was.get(one) != row)
        return [FieldChange(name, gone, came)]
    if is_text(model, name):
        return text_changes(name, Text(before or {}), Text(after or {}))
    if _is_link(model, name):
        return [FieldChange(name, *(one and named.get(one, "…") for one in (before, after)))]
    return [FieldChange(name, *(python_value(model, name, one) for one in (before, after)))]
