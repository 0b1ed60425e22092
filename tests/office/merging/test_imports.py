"""A list that is brought in again finds what was merged where it is now, and does not bring it back."""

from __future__ import annotations

from sympolis.office.core.imports.undo import undo_import
from sympolis.office.core.merging.merge import merge_records
from sympolis.office.core.merging.undo import undo_merge
from sympolis.office.directory.models import Organisation, Relation
from tests.cast import Cast
from tests.factories import make_relation
from tests.office.imports.bringing import bring

CITIES = "id,name,country,place\nt1,Tunis,TN,\nt2,Ville de Tunis,TN,The port\n"
RELATIONS = "from,type,to\nt2,member_of,amb\n"


def test_the_same_list_again_changes_nothing_and_makes_nothing(cast: Cast) -> None:
    bring("organisations", CITIES)
    keeper, other = (Organisation.objects.get(source_id=key) for key in ("t1", "t2"))
    merge = merge_records(keeper, other, cast.officer, {"place": "keeper"})
    run = bring("organisations", CITIES)
    assert (run.created, run.changed, run.unchanged) == (0, 0, 2)
    kept = Organisation.objects.get(source_id="t1")
    assert (kept.name, kept.place, kept.imported["name"]) == ("Tunis", "", "Tunis")
    run = bring("organisations", CITIES.replace("t1,Tunis", "t1,Tunis-ville").replace("The port", "The lake"))
    assert (run.created, run.changed) == (0, 1)
    kept.refresh_from_db()
    assert (kept.name, kept.place) == ("Tunis-ville", "")
    undo_merge(merge, cast.officer)
    run = bring("organisations", CITIES)
    assert (run.created, run.changed) == (0, 1)
    assert Organisation.objects.filter(source_id="t2").get().place == "The port"


def test_rows_that_name_the_old_one_mean_the_one_that_stays(cast: Cast) -> None:
    bring("organisations", CITIES)
    bring("relations", RELATIONS)
    keeper, other = (Organisation.objects.get(source_id=key) for key in ("t1", "t2"))
    merge_records(keeper, other, cast.officer)
    for named in ("t2", "ville-de-tunis", "Ville de Tunis", other.public_id):
        bring("relations", RELATIONS.replace("t2", named))
        assert [one.from_organisation for one in Relation.objects.all()] == [keeper], named


def test_undoing_the_import_that_made_it_leaves_what_it_was_merged_into(cast: Cast) -> None:
    run = bring("organisations", CITIES)
    keeper, other = (Organisation.objects.get(source_id=key) for key in ("t1", "t2"))
    merge_records(keeper, other, cast.officer)
    undone = undo_import(run, cast.officer)
    assert (undone.removed, undone.kept) == (0, ["Tunis"])
    assert Organisation.objects.filter(pk=keeper.pk).exists()


def test_a_relation_that_was_folded_is_not_brought_in_again(cast: Cast) -> None:
    bring("organisations", CITIES)
    keeper, other = (Organisation.objects.get(source_id=key) for key in ("t1", "t2"))
    by_hand = make_relation(keeper, "member_of", cast.amb)
    twins = RELATIONS.replace("member_of", "twinned_with")
    for rows in (RELATIONS, twins):
        bring("relations", rows)
    merge_records(keeper, other, cast.officer)
    for rows in (RELATIONS, twins, RELATIONS.replace("t2", "t1")):
        bring("relations", rows)
    assert sorted(Relation.objects.values_list("type", flat=True)) == ["member_of", "twinned_with"]
    assert Relation.objects.get(type="member_of") == by_hand
