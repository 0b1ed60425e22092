"""The worker puts contributions into groups: it reads a slice of them at a time, so that nothing waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.tasks import task

from sympolis.engine.match.cluster import APART, Contribution, TextGroup, cluster, in_languages, texts_read
from sympolis.engine.model import LANGUAGES
from sympolis.engine.texts.encoders import CAREFUL, FAST
from sympolis.engine.texts.subjects import subject_texts
from sympolis.engine.texts.themes import compared_texts
from sympolis.engine.texts.vectors import Vectors
from sympolis.office.synergies.enums import GroupingState
from sympolis.office.synergies.models import Grouping

AT_ONCE = {FAST: 128, CAREFUL: 32}
"""Texts a slice reads: half a second, and a second or two."""

UNFINISHED = (GroupingState.WAITING, GroupingState.READING)


@task
def put_into_groups(grouping_pk: int) -> bool:
    """One slice, and another one asked for; or, when all is read, the groups. Whether these are there.

    The vocabulary's phrases are read as well: with them the same texts come into the same groups in every home.
    """
    grouping = Grouping.objects.filter(pk=grouping_pk, state__in=UNFINISHED).first()
    if grouping is None:  # removed meanwhile, or done by another worker
        return False
    try:
        memory, texts = Vectors(settings.HOME.vectors), contributions_of(grouping)
        if _read_some(grouping, memory, texts):
            put_into_groups.enqueue(grouping_pk)
            return False
        groups = cluster(texts, vectors=memory)
        told = in_languages(texts, groups, vectors=memory, languages=LANGUAGES)
    except Exception as error:  # whatever it was is shown, and raised again for the task's own record
        _note(grouping, state=GroupingState.FAILED, error=str(error)[:500])
        raise
    number_of = {place: group.number for group in groups for place in group.members}
    placed = [number_of[place] for place in range(len(texts))]
    _note(grouping, state=GroupingState.DONE, groups=list(_kept(groups, told)), found=placed, placed=placed)
    return True


def contributions_of(grouping: Grouping) -> list[Contribution]:
    return [Contribution(one["text"], language=one["language"]) for one in grouping.texts]


def _read_some(grouping: Grouping, memory: Vectors, texts: list[Contribution]) -> bool:
    """Read one slice of what is missing; False where nothing was."""
    wanted = [(FAST, compared_texts()), (CAREFUL, subject_texts()), (CAREFUL, texts_read(texts))]
    missing = [int((~memory.known(listed, encoder)[1]).sum()) for encoder, listed in wanted]
    left = sum(missing)
    total = max(grouping.total, left)
    _note(grouping, state=GroupingState.READING, done=total - left, total=total)
    for (encoder, listed), count in zip(wanted, missing, strict=True):
        if count:
            memory.fill(listed, encoder, AT_ONCE[encoder])
            return True
    return False


def _kept(groups: list[TextGroup], told: dict[str, list[TextGroup]]) -> Iterator[dict[str, Any]]:
    for at, group in enumerate(groups):
        if group.number != APART:
            labels = {language: said[at].label for language, said in told.items()}
            yield {"number": group.number, "labels": labels, "theme": group.theme, "name": ""}


def _note(grouping: Grouping, **columns: Any) -> None:
    Grouping.objects.filter(pk=grouping.pk).update(**columns)
