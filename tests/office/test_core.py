"""Texts in several languages, partial dates, ids for life, who sees a record."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from sympolis.engine.model import PartialDate
from sympolis.office.core.ids import ids_for
from sympolis.office.core.texts import Text, codes, folded
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_organisations
from tests.cast import Cast
from tests.factories import make_organisation, make_relation


def test_a_text_has_no_main_language() -> None:
    text = Text.of(ca="Aigua", ar="ماء")
    assert text.best("ca") == ("Aigua", "ca")
    assert text.best("fr") == ("Aigua", "ca")
    assert text.best("ar").direction == "rtl"
    text.write("ca", "")
    assert text.plain() == {"ar": "ماء"}


def test_the_revision_moves_on_only_when_the_words_change() -> None:
    text = Text.of(fr="Eau")
    text.write("fr", "Eau", translator="Amal")
    assert (text["fr"]["revision"], text["fr"]["translator"]) == (1, "Amal")
    text.write("fr", "Eaux")
    assert text["fr"]["revision"] == 2


def test_codes_are_kept_once_and_in_order() -> None:
    assert codes("water; waste;water") == ("water", "waste")
    assert codes(",water,waste,") == ("water", "waste")


def test_folding_makes_scripts_and_accents_alike() -> None:
    assert folded("L'Hospitalet", "Montpel·lièr") == "l hospitalet montpel lier"


@pytest.mark.parametrize("written", ["2019", "2019-02", "2019-02-28", ""])
def test_a_partial_date_is_written_as_it_was_read(written: str) -> None:
    assert str(PartialDate.parse(written)) == written


def test_ids_are_for_life() -> None:
    first = ids_for("org", "facts", ["amb", "sfax"])
    assert ids_for("org", "facts", ["sfax", "tunis", "amb"]) | first == ids_for(
        "org", "facts", ["amb", "sfax", "tunis"]
    )
    assert first["amb"].startswith("org_")
    assert len(first["amb"]) == 16


def test_a_record_keeps_what_it_was_given(db: None) -> None:
    made = make_organisation("Tétouan", themes=("water", "coast"), names=Text.of(ar="تطوان"))
    again = Organisation.objects.get(pk=made.pk)
    assert (again.themes, again.names.get_text("ar"), again.sort_key) == (("water", "coast"), "تطوان", "tetouan")
    assert Organisation.objects.filter(themes__contains=",coast,").get() == again


def test_a_relation_keeps_partial_dates(cast: Cast) -> None:
    relation = make_relation(cast.sfax, "member_of", cast.amb)
    relation.since = PartialDate.parse("2016")
    relation.save()
    relation.refresh_from_db()
    assert str(relation.since) == "2016"
    assert str(relation.until) == ""


def test_who_sees_an_organisation_of_the_office_only(cast: Cast) -> None:
    cast.sfax.visibility = "office"
    cast.sfax.save()
    readers = {
        "administrator": cast.administrator,
        "officer": cast.officer,
        "contact": cast.contact,
        "participant": cast.participant,
        "outsider": cast.outsider,
        "visitor": AnonymousUser(),
    }
    seen = {who for who, user in readers.items() if visible_organisations(user).filter(slug="sfax").exists()}
    assert seen == {"administrator", "officer", "contact"}
