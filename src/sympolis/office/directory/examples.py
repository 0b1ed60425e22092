"""The invented examples of a demo, in every room: how many there are, and making them vanish with one button."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from sympolis.office.core.actions import mark_changed
from sympolis.office.core.imports.errors import ImportRefused
from sympolis.office.core.imports.removal import leant_on, retire
from sympolis.office.core.models import Record, User, record_models
from sympolis.office.core.texts import MultilingualField, Text
from sympolis.office.directory.models import Office, Organisation

REASON = "examples removed"


def example_counts() -> dict[str, int]:
    """What would go: the name of the kind, for people -> how many. Kinds without examples are left out."""
    counts = {
        str(model._meta.verbose_name_plural): model._default_manager.filter(illustrative=True).count()
        for model in record_models().values()
    }
    texts = sum(len(_example_texts(organisation)) for organisation in Organisation.objects.all())
    return {name: count for name, count in {**counts, str(_("texts about organisations")): texts}.items() if count}


@transaction.atomic
def remove_examples(by: User | None = None) -> int:
    """Take every example away, their history kept; says how many went. What people made since stays.

    An example that somebody's own work needs (a promise they wrote down in an example meeting) lets go of it where
    it can; else it stays. Raises ImportRefused where the examples were removed before.
    """
    office = Office.objects.select_for_update().first()
    if office is None or office.examples_removed_at:
        raise ImportRefused(_("The examples were removed already."))
    removed = _remove_example_texts(by)
    # what hangs on others goes first: promises before meetings, relations before the bodies they lead to
    for model in reversed(list(record_models().values())):
        _let_go(model, by)
        _forget_what_was_said(model)
    removed += _remove_in_rounds(by)
    office.examples_removed_at = timezone.now()
    office.save(update_fields=["examples_removed_at"])
    return removed


def _remove_in_rounds(by: User | None) -> int:
    """Examples hang on examples: take away what nothing leans on until nothing more can go."""
    removed = 0
    while True:
        gone = 0
        for model in record_models().values():
            examples = list(model._default_manager.filter(illustrative=True))
            stays = leant_on(model, examples)
            gone += retire([example for example in examples if example.pk not in stays], by, REASON)
        removed += gone
        if not gone:
            return removed


def _let_go(model: type[Record], by: User | None) -> None:
    """Real records that name an example where they need not: they forget it."""
    examples = model._default_manager.filter(illustrative=True)
    for relation in model._meta.related_objects:
        other: Any = relation.related_model
        if (
            not issubclass(other, Record)
            or not isinstance(relation.field, models.ForeignKey)
            or not relation.field.null
        ):
            continue
        name = relation.field.name
        leaning = list(other._default_manager.filter(**{f"{name}__in": examples}, illustrative=False))
        for record in leaning:
            setattr(record, name, None)
        if leaning:
            bulk_update_with_history(leaning, other, [name], default_user=by, default_change_reason=REASON)
            mark_changed(record.public_id for record in leaning)


def _forget_what_was_said(model: type[Record]) -> None:
    examples = model._default_manager.filter(illustrative=True)
    for relation in model._meta.related_objects:
        if relation.get_accessor_name() in model.SAID_OF_IT:
            rows: Any = relation.related_model
            rows._default_manager.filter(**{f"{relation.field.name}__in": examples}).delete()


def _remove_example_texts(by: User | None) -> int:
    touched, removed = [], 0
    for organisation in Organisation.objects.all():
        examples = _example_texts(organisation)
        for name, language in examples:
            text: Text = getattr(organisation, name)
            del text[language]
            organisation.imported.pop(f"{name}.{language}", None)
        if examples:
            organisation.prepare()
            touched.append(organisation)
            removed += len(examples)
    fields = [*_multilingual(), "imported", "sort_key", "folded"]
    bulk_update_with_history(touched, Organisation, fields, default_user=by, default_change_reason=REASON)
    mark_changed(organisation.public_id for organisation in touched)
    return removed


def _example_texts(organisation: Organisation) -> list[tuple[str, str]]:
    """(field, language) of every text that is an example."""
    return [
        (name, language)
        for name in _multilingual()
        for language, entry in getattr(organisation, name).items()
        if entry.get("illustrative")
    ]


def _multilingual() -> list[str]:
    return [field.name for field in Organisation._meta.fields if isinstance(field, MultilingualField)]
