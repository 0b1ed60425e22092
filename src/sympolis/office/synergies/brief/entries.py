"""Entries of a portfolio as lines: a project with its stage, a need, a priority, an offer."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sympolis.engine.model import Item, ItemKind, Stage
from sympolis.office.core.models import Record
from sympolis.office.core.texts import Text
from sympolis.office.projects.models import Need, Practice, Project
from sympolis.office.projects.practices.queries import told_of
from sympolis.office.synergies.brief.lines import Fold, Line, Proof, proof_of
from sympolis.office.synergies.brief.naming import via
from sympolis.office.synergies.brief.wording import Said, Value
from sympolis.office.synergies.facts import Facts
from sympolis.office.synergies.scope import Side

_FOLDS = {
    Stage.IDEA: Fold.NOW,
    Stage.PREPARING: Fold.NOW,
    Stage.ONGOING: Fold.NOW,
    Stage.FINISHED: Fold.EXPERIENCE,
    Stage.UNKNOWN: Fold.ASK,
}


def fold_of(item: Item) -> Fold:
    """Work of today stands open, finished work is experience, what nobody knows the stage of is a question to ask."""
    return _FOLDS[item.stage] if item.kind is ItemKind.PROJECT else Fold.WANTED


def title_of(facts: Facts, item: Item) -> Text:
    record = facts.records.get(item.id)
    return record.title_text() if record else Text.of(**dict(item.title))


def proof_of_item(facts: Facts, item: Item) -> Proof | None:
    """The row and the words in it the matching read: one proof for all lines that rest on it, so that it is written
    down once."""
    if item.id not in facts.proofs and (proof := _proof_of(facts.records.get(item.id))):
        facts.proofs[item.id] = proof
    return facts.proofs.get(item.id)


def _proof_of(record: Record | None) -> Proof | None:
    match record:
        case Project():
            return proof_of(record, record.summary)
        case Need():
            return proof_of(record, record.text, record.organisation)
        case Practice():
            return proof_of(record, told_of(record), record.organisation)
        case None:
            return None
        case _:
            return proof_of(record)


def proofs_of_items(facts: Facts, items: tuple[Item, ...]) -> tuple[Proof, ...]:
    return tuple(proof for proof in (proof_of_item(facts, item) for item in items) if proof is not None)


def item_line(facts: Facts, side: Side, item: Item, theme: str) -> Line:
    """One entry under a theme. A project says its years, a need whose it is only when it comes through another."""
    owner = facts.by_public_id(item.owner_id)
    proof = proof_of_item(facts, item)
    return Line(
        key=f"entry:{theme}:{item.id}:{side.name}",
        said=said_of_item(facts, item),
        proofs=(proof,) if proof else (),
        side=side.name,
        group=theme,
        fold=fold_of(item),
        via=via(side, owner.pk) if owner and owner.pk in side.ends else None,
        stage=item.stage if item.kind is ItemKind.PROJECT else "",
        record=item.id,
    )


def said_of_item(facts: Facts, item: Item) -> Said:
    values: dict[str, Value] = {"title": title_of(facts, item), "since": item.since, "until": item.until}
    if item.kind is ItemKind.NEED:
        return Said(_("Looks for: %(title)s"), values)
    if item.kind is ItemKind.OFFER:
        return Said(_("Offers: %(title)s"), values)
    if item.kind is ItemKind.PRIORITY:
        return Said(_("Priority: %(title)s"), values)
    if item.since and item.until:
        return Said(_("%(title)s (%(since)s to %(until)s)"), values)
    if item.since:
        return Said(_("%(title)s (since %(since)s)"), values)
    if item.until:
        return Said(_("%(title)s (until %(until)s)"), values)
    return Said("%(title)s", values)
