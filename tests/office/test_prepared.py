"""Questions put into SQL once: everybody still gets their own answer."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from sympolis.office.core.enums import Visibility
from sympolis.office.core.prepared import Prepared
from sympolis.office.core.queries import OneOf, Reader
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_relations
from sympolis.office.projects.queries import visible_needs
from tests.cast import Cast
from tests.factories import make_need, make_organisation, make_relation

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


def relations_of(user: Reader, organisation: int) -> QuerySet[Any, Any]:
    return visible_relations(user).filter(from_organisation=organisation).values_list(
        "since_earliest", "confirmed", "to_organisation__names", "to_organisation__themes"
    )  # fmt: skip


def test_rows_are_read_as_their_fields_read_them(cast: Cast) -> None:
    """Days, truths, texts and codes, not what the database keeps of them."""
    other = make_organisation("Tétouan", themes=("water",), names=Text.of(ar="تطوان"))
    make_relation(cast.amb, "partner_of", other, since_earliest=date(2019, 5, 1))
    question = Prepared(relations_of)
    for _again in range(2):
        (row,) = question.read(cast.officer, cast.amb.pk)
        assert row == [date(2019, 5, 1), True, Text.of(ar="تطوان"), ("water",)]
        assert [tuple(row)] == list(relations_of(cast.officer, cast.amb.pk))
    assert question.read(cast.officer, other.pk) == []


def test_many_keys_are_one_value(cast: Cast) -> None:
    found = Organisation.objects.filter(OneOf("pk", [cast.sfax.pk, cast.amb.pk, 10**9])).order_by("pk")
    assert list(found) == sorted([cast.amb, cast.sfax], key=lambda one: one.pk)
    assert len(found.query.sql_with_params()[1]) == 1
    assert not Organisation.objects.filter(OneOf("pk", [])).exists()
