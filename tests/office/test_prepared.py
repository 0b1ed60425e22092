"""Questions put into SQL once: everybody still gets their own answer."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from sympolis.office.core.enums import Visibility
from sympolis.office.core.prepared import Prepared
from sympolis.office.core.queries import Reader
from sympolis.office.projects.queries import visible_needs
from tests.cast import Cast
from tests.factories import make_need

made: list[Reader] = []


def needs_of(user: Reader, organisation: int, stage: str) -> QuerySet[Any, Any]:
    made.append(user)
    return (
        visible_needs(user).filter(organisation=organisation, stage=stage).order_by("sort_key").values_list("sort_key")
    )


def test_each_key_and_each_reader_gets_what_the_question_itself_says(cast: Cast) -> None:
    made.clear()
    for owner in (cast.amb, cast.sfax):
        for visibility in Visibility:
            make_need(owner, f"Water {owner.slug} {visibility}", visibility=visibility)
    readers = [cast.officer, AnonymousUser(), cast.contact, cast.outsider, cast.administrator, AnonymousUser()]
    question = Prepared(needs_of)
    for owner in (cast.amb, cast.sfax):
        for reader in readers:
            for stage in ("need", "offer"):
                assert question.rows(reader, owner.pk, stage) == list(needs_of(reader, owner.pk, stage))
    seen = {len(question.rows(reader, cast.amb.pk, "need")) for reader in readers}
    assert len(seen) > 1  # the readers differ, so that one's SQL for another would show


def test_officers_and_visitors_have_it_made_once(cast: Cast) -> None:
    made.clear()
    question = Prepared(needs_of)
    for _ in range(3):
        for reader in (cast.officer, cast.administrator, AnonymousUser()):
            question.rows(reader, cast.amb.pk, "need")
    assert len(made) == 2
