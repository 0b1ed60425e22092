"""Two records made one and taken apart again: nothing is lost on the way, nothing is left on the way back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.utils import timezone

from sympolis.office.core import actions, removals
from sympolis.office.core.dates import PartialDate
from sympolis.office.core.enums import TagScheme, TagVerdict, Visibility
from sympolis.office.core.merging.errors import MergeRefused
from sympolis.office.core.merging.fields import look
from sympolis.office.core.merging.merge import merge_records
from sympolis.office.core.merging.undo import undo_merge, why_not
from sympolis.office.core.models import Document, IndexChange, Merge, RetiredId, TagDecision
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import (
    Agreement,
    Department,
    Figure,
    Membership,
    Organisation,
    Person,
    Post,
    Relation,
    WorldLink,
)
from sympolis.office.events.models import Event
from sympolis.office.planning.models import Action, Plan
from sympolis.office.projects.models import Need, Participation, WritingLink
from sympolis.office.publishing.models import NewsItem
from sympolis.office.synergies.facts import pair_of
from sympolis.office.synergies.models import (
    Brief,
    Commitment,
    Invitation,
    LineDecision,
    Meeting,
    PartnerDecision,
    SuggestionAnswer,
)
from tests.cast import Cast
from tests.factories import make_need, make_organisation, make_project, make_relation
from tests.office.merging.rows import dump, rows_holding


class Two:
    """The same city twice, with something of every kind that can name an organisation; the network both are in."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.keeper = cast.sfax
        self.other = make_organisation(
            "Ville de Sfax", slug="ville-de-sfax", country="TN", short_name="VS", aliases=["Sfax City"],
            names=Text.of(ar="صفاقس"), themes=("water", "ports"), population=330_000, source="list:members",
            source_id="17", website="https://sfax.example.org",
        )  # fmt: skip
        self.keeper.themes = ("water", "waste")
        self.keeper.latitude, self.keeper.longitude = 34.7, 10.7
        self.keeper.save()
        self.network = make_organisation("MedCities", kind="city-network")
        for record in (self.keeper, self.other):
            self._hang_on(record)
        self._between()

    def _hang_on(self, record: Organisation) -> None:
        cast, name = self.cast, record.name
        make_organisation(f"Port of {name}", kind="body", parent=record)
        make_relation(record, "member_of", self.network, role="" if record == self.keeper else "mayor")
        make_relation(cast.amb, "twinned_with", record, since_earliest=date(2001, 1, 1), since_latest=date(2001, 1, 1))
        agreement = Agreement.objects.create(title=Text.of(en=f"Twins with {name}"), kind="twinning")
        agreement.parties.add(cast.amb, record)
        department = Department.objects.create(organisation=record, name=Text.of(en="Water"))
        person = Person.objects.create(organisation=record, department=department, name=f"Amal of {name}")
        Post.objects.create(person=person, organisation=record, post=Text.of(en="Clerk"))
        Figure.objects.create(organisation=record, what="budget", value="12.50", unit="EUR")
        Membership.objects.create(user=cast.participant, organisation=record)
        WorldLink.objects.create(organisation=record, world_id=f"wd:{name}")
        make_need(record, f"Pumps for {name}")
        WritingLink.objects.create(
            organisation=record, label="The port", language="fr", token=name, expires_on=date(2030, 1, 1)
        )
        Plan.objects.create(organisation=record, title=Text.of(en=f"Plan of {name}"))
        NewsItem.objects.create(organisation=record, title=Text.of(en="News"))
        Commitment.objects.create(organisation=record, text=Text.of(en="To write"))
        Document.objects.create(
            record=record.public_id, title="Paper", kind="other", language="en", file_name="a.txt",
            file=ContentFile(b"words", name="a.txt"), read_at=timezone.now(),
        )  # fmt: skip
        for code, verdict in (("water", TagVerdict.CONFIRMED), (name[:4], TagVerdict.REMOVED)):
            TagDecision.objects.create(
                record=record.public_id, scheme=TagScheme.THEME, code=code, verdict=verdict, by=cast.officer
            )
        brief = self._brief(cast.amb, record)
        Invitation.objects.create(brief=brief, organisation=record, language="en", subject="Come", body="along")
        LineDecision.objects.create(pair=pair_of(cast.amb, record), line="theme:water", verdict="pinned")
        LineDecision.objects.create(pair=pair_of(cast.amb, record), line=f"networks:{record.public_id}")
        PartnerDecision.objects.create(organisation=cast.amb, partner=record, verdict="yes")
        SuggestionAnswer.objects.create(
            subject="partners", about=cast.amb.public_id, suggestion=record.public_id, answer="yes", by=cast.officer
        )

    def _brief(self, left: Organisation, right: Organisation) -> Brief:
        return Brief.objects.create(
            left=left, right=right, network=self.network, on=date(2026, 5, 1), language="en", document={},
            title="Brief", right_scope=(self.keeper.public_id, self.other.public_id),
        )  # fmt: skip

    def _between(self) -> None:
        """What both are in, and what leads from the one to the other."""
        cast, keeper, other = self.cast, self.keeper, self.other
        project = make_project("Water", cast.amb)
        Participation.objects.create(project=project, organisation=keeper)
        Participation.objects.create(project=project, organisation=other, role="associated", money="12000.50")
        make_project("Ports", other)
        event = Event.objects.create(title=Text.of(en="Assembly"))
        event.organisers.add(keeper, other)
        event.cities.add(other)
        Action.objects.create(title=Text.of(en="Visit")).organisations.add(keeper, other)
        meeting = Meeting.objects.create(title=Text.of(en="Day"), kind="visit", brief=self._brief(keeper, other))
        meeting.organisations.add(keeper, other, cast.amb)
        between = make_relation(keeper, "partner_of", other)
        Document.objects.create(
            record=between.public_id,
            title="Letter",
            kind="other",
            language="en",
            file_name="b.txt",
            read_at=timezone.now(),
        )
        make_relation(other, "twinned_with", cast.amb)
        PartnerDecision.objects.create(organisation=keeper, partner=other, verdict="no")
        LineDecision.objects.create(pair=pair_of(keeper, other), line="theme:waste", verdict="dropped")
        cast.amb.imported = {"parent": other.public_id}
        cast.amb.save()


@pytest.fixture
def two(cast: Cast) -> Two:
    return Two(cast)


def test_everything_that_named_the_one_names_the_other(two: Two) -> None:
    keeper, other, amb = two.keeper, two.other, two.cast.amb
    merge = merge_records(keeper, other, two.cast.officer)
    keeper.refresh_from_db()
    assert not Organisation.objects.filter(pk=other.pk).exists()
    assert rows_holding(other.public_id) == {"core.RetiredId.public_id"}
    assert [str(one) for one in keeper.bodies.order_by("pk")] == ["Port of Sfax", "Port of Ville de Sfax"]
    assert {str(one) for one in keeper.agreements.all()} == {"Twins with Sfax", "Twins with Ville de Sfax"}
    assert keeper.people.count() == keeper.needs.count() == keeper.departments.count() == keeper.posts.count() == 2
    assert Membership.objects.filter(user=two.cast.participant).count() == 1
    assert set(keeper.world_links.values_list("world_id", flat=True)) == {"wd:Sfax", "wd:Ville de Sfax"}
    assert Document.objects.filter(record=keeper.public_id).count() == 3  # the letter between the two as well
    assert Brief.objects.filter(left=amb, right=keeper).count() == 2
    assert not Brief.objects.filter(left=keeper, right=keeper).exists()
    assert list(Brief.objects.values_list("right_scope", flat=True)) == [(keeper.public_id,)] * 2
    assert [(one.since.earliest, one.role) for one in Relation.objects.filter(to_organisation=two.network)] == [
        (None, "mayor")
    ]
    twins = Relation.objects.filter(type="twinned_with")
    assert [(one.from_organisation, one.since.earliest) for one in twins] == [(amb, date(2001, 1, 1))]
    assert not Relation.objects.filter(type="partner_of").exists()
    parts = Participation.objects.filter(organisation=keeper).order_by("pk")
    assert [(str(one.project), one.role, one.money and str(one.money)) for one in parts] == [
        ("Water", "partner", "12000.50"), ("Ports", "lead", None),
    ]  # fmt: skip
    assert set(LineDecision.objects.values_list("pair", "line")) == {
        (pair_of(amb, keeper), "theme:water"), (pair_of(amb, keeper), f"networks:{keeper.public_id}"),
    }  # fmt: skip
    assert list(PartnerDecision.objects.values_list("organisation", "partner", "verdict")) == [
        (amb.pk, keeper.pk, "yes")
    ]
    assert SuggestionAnswer.objects.get().suggestion == keeper.public_id
    amb.refresh_from_db()
    assert amb.imported == {"parent": keeper.public_id}
    assert merge.by == two.cast.officer


def test_the_fields_of_the_one_fill_what_the_other_leaves_open(two: Two) -> None:
    merge_records(two.keeper, two.other, two.cast.officer)
    kept = Organisation.objects.get(pk=two.keeper.pk)
    assert (kept.name, kept.slug, kept.short_name) == ("Sfax", "sfax", "VS")
    assert kept.aliases == ["Sfax City", "Ville de Sfax"]
    assert kept.names.plain() == {"ar": "صفاقس"}
    assert (kept.population, kept.latitude, kept.website) == (330_000, 34.7, "https://sfax.example.org")
    assert kept.themes == ("water", "waste", "ports")
    assert "ville de sfax" in kept.folded


def test_the_officer_chooses_field_by_field(two: Two) -> None:
    two.keeper.website = "https://old.example.org"
    two.keeper.save()
    merge_records(two.keeper, two.other, two.cast.officer, {"name": "other", "website": "keeper", "themes": "other"})
    kept = Organisation.objects.get(pk=two.keeper.pk)
    assert (kept.name, kept.website, kept.themes) == (
        "Ville de Sfax",
        "https://old.example.org",
        ("water", "ports", "waste"),
    )
    assert kept.aliases == ["Sfax City", "Sfax"]


def test_undone_the_database_is_what_it_was(two: Two) -> None:
    before = dump()
    assert len(before) > 30
    merge = merge_records(two.keeper, two.other, two.cast.officer, {"name": "other", "country": "other"})
    assert dump() != before
    back = undo_merge(merge, two.cast.officer)
    assert back.public_id == two.other.public_id
    assert dump() == before
    again = merge_records(two.other, two.keeper, two.cast.officer)
    undo_merge(again, two.cast.officer)
    assert dump() == before


def told(record: Any) -> list[tuple[str, str]]:
    return list(record.history.order_by("history_id").values_list("history_type", "history_change_reason"))


def test_the_history_of_both_stays_and_says_what_happened(two: Two) -> None:
    keeper, other, officer = two.keeper, two.other, two.cast.officer
    person = other.people.get()
    event = Event.objects.get()
    merge = merge_records(keeper, other, officer)
    why = f"merged:{other.public_id}"
    assert told(keeper)[-1] == ("~", why)
    assert told(Organisation(pk=merge.key)) == [("+", None), ("-", why)]
    assert told(person) == [("+", None), ("~", why)]
    last = event.history.first()
    assert last.history_change_reason == why
    assert set(last.lists["organisers"]) == {keeper.public_id}
    undo_merge(merge, officer)
    assert (told(other)[-1], told(person)[-1]) == (("+", f"undo of {why}"), ("~", f"undo of {why}"))
    assert set(event.history.first().lists["organisers"]) == {keeper.public_id, other.public_id}


def test_search_reads_again_what_shows_either(two: Two) -> None:
    person, need = two.other.people.get(), two.other.needs.get()
    IndexChange.objects.all().delete()
    merge = merge_records(two.keeper, two.other, two.cast.officer)
    changes = set(IndexChange.objects.values_list("record", "kind"))
    assert (two.other.public_id, "remove") in changes
    assert {(one.public_id, "put") for one in (two.keeper, person, need)} <= changes
    IndexChange.objects.all().delete()
    undo_merge(merge, two.cast.officer)
    assert {one.public_id for one in (two.keeper, two.other, person, need)} <= set(
        IndexChange.objects.filter(kind="put").values_list("record", flat=True)
    )


def refused(call: Any, *given: Any) -> str:
    before = dump()
    with pytest.raises(MergeRefused) as error:
        call(*given)
    assert dump() == before
    return str(error.value)


def test_what_cannot_be_one_is_refused_with_a_way_out(cast: Cast) -> None:
    officer, port = cast.officer, make_organisation("Port", kind="body", parent=cast.sfax)
    quay = make_organisation("Quay", kind="body", parent=port)
    person = Person.objects.create(organisation=cast.sfax, name="Amal")
    example = make_organisation("Example", illustrative=True)
    assert refused(merge_records, cast.sfax, person, officer) == (
        "“Sfax” and “Amal” are of different kinds. Choose two of the same kind."
    )
    assert refused(merge_records, cast.sfax, cast.sfax, officer) == (
        "These are not two: it is the same record. Choose another."
    )
    for one, other in ((cast.sfax, quay), (quay, cast.sfax)):
        assert refused(merge_records, one, other, officer) == (
            "“Quay” belongs to “Sfax”: they cannot be one. If that is wrong, correct it in the record first."
        )
    assert refused(merge_records, cast.sfax, example, officer) == (
        "One of the two is an example and the other is real. Remove the example in place of merging it."
    )
    assert refused(merge_records, cast.sfax, cast.amb, officer, {"slug": "other"}) == (
        "There is no field “slug” to choose. Open the page again."
    )
    assert refused(merge_records, cast.sfax, Organisation(pk=9_999, name="Gone"), officer) == (
        "One of the two is no longer there. Look at the list again."
    )


def test_who_looked_at_an_older_state_is_asked_to_look_again(cast: Cast) -> None:
    seen = look(cast.sfax, cast.amb)
    cast.amb.website = "https://amb.example.org"
    cast.amb.save()
    assert refused(merge_records, cast.sfax, cast.amb, cast.officer, {}, seen) == (
        "Somebody changed one of the two while you were looking. Look at both again and choose anew."
    )
    merge_records(cast.sfax, cast.amb, cast.officer, {}, look(cast.sfax, cast.amb))


@pytest.mark.parametrize("who", ["contact", "participant", "outsider"])
def test_only_officers_merge_and_undo(two: Two, who: str) -> None:
    user = getattr(two.cast, who)
    with pytest.raises(PermissionDenied):
        merge_records(two.keeper, two.other, user)
    merge = merge_records(two.keeper, two.other, two.cast.administrator)
    with pytest.raises(PermissionDenied):
        undo_merge(merge, user)


def test_what_was_for_the_office_alone_does_not_become_public(cast: Cast) -> None:
    hidden = make_organisation("Hidden", visibility=Visibility.OFFICE, line=Text.of(en="Not for everyone"))
    merge_records(cast.sfax, hidden, cast.officer)
    assert Organisation.objects.get(pk=cast.sfax.pk).visibility == Visibility.OFFICE
    left, right = make_organisation("Open"), make_organisation("Shut", visibility=Visibility.OFFICE)
    make_relation(left, "member_of", cast.amb)
    make_relation(right, "member_of", cast.amb, role="secret", visibility=Visibility.OFFICE)
    merge_records(left, right, cast.officer, {"visibility": "keeper"})
    assert list(Relation.objects.filter(from_organisation=left).order_by("pk").values_list("role", "visibility")) == [
        ("", "public"), ("secret", "office"),
    ]  # fmt: skip


def test_a_theme_somebody_removed_does_not_come_back_with_the_other(two: Two) -> None:
    TagDecision.objects.create(record=two.keeper.public_id, scheme="theme", code="ports", verdict="removed")
    merge_records(two.keeper, two.other, two.cast.officer)
    assert Organisation.objects.get(pk=two.keeper.pk).themes == ("water", "waste")


def test_relations_of_other_years_or_in_another_role_stay_two(cast: Cast) -> None:
    left, right = make_organisation("Left"), make_organisation("Right")
    make_relation(left, "member_of", cast.amb, since_earliest=date(2001, 1, 1), since_latest=date(2001, 12, 31))
    make_relation(right, "member_of", cast.amb, since_earliest=date(2010, 1, 1), since_latest=date(2010, 12, 31))
    make_relation(left, "sits_on", cast.amb, role="chair")
    make_relation(right, "sits_on", cast.amb, role="clerk")
    make_relation(left, "partner_of", cast.amb)
    make_relation(cast.amb, "partner_of", right)
    merge_records(left, right, cast.officer)
    assert sorted(Relation.objects.values_list("type", flat=True)) == [
        "member_of", "member_of", "partner_of", "sits_on", "sits_on",
    ]  # fmt: skip


def test_undoing_keeps_what_was_written_since(two: Two) -> None:
    officer = two.cast.officer
    need = two.other.needs.get()
    merge = merge_records(two.keeper, two.other, officer)
    kept = Organisation.objects.get(pk=two.keeper.pk)
    kept.population = 400_000
    kept.save()
    need.refresh_from_db()
    need.organisation = two.cast.amb
    need.save()
    actions.remove_record(kept.people.get(name="Amal of Ville de Sfax"), officer)
    make_need(kept, "Written since")
    undo_merge(merge, officer)
    kept.refresh_from_db()
    assert (kept.population, kept.website, kept.aliases) == (400_000, "", [])
    assert kept.needs.filter(title__en__text="Written since").exists()
    assert Need.objects.get(pk=need.pk).organisation == two.cast.amb
    back = Organisation.objects.get(public_id=two.other.public_id)
    assert not back.people.exists()
    assert (back.name, back.population) == ("Ville de Sfax", 330_000)


def test_what_makes_undoing_impossible_is_said(two: Two) -> None:
    officer, third = two.cast.officer, make_organisation("Third")
    first = merge_records(two.keeper, two.other, officer)
    second = merge_records(third, two.keeper, officer)
    assert refused(undo_merge, first, officer) == (
        "“Sfax” was merged into “Third” later, and that touches the same records. Undo that first."
    )
    undo_merge(second, officer)
    assert refused(undo_merge, second, officer) == "This was undone already."
    kept = Organisation.objects.get(pk=two.keeper.pk)
    Brief.objects.all().delete()
    actions.remove_record(kept, officer)
    assert refused(undo_merge, first, officer) == (
        "“Sfax”, which it was merged into, was removed. Bring that back first."
    )
    removals.bring_back(kept.public_id, officer)
    assert why_not(first) is None
    undo_merge(first, officer)


def test_what_it_belonged_to_must_be_there(cast: Cast) -> None:
    house = make_organisation("House")
    one, other = (Person.objects.create(organisation=where, name="Amal") for where in (cast.sfax, house))
    merge = merge_records(one, other, cast.officer)
    actions.remove_record(house, cast.officer)
    assert refused(undo_merge, merge, cast.officer) == (
        "What it belonged to is no longer there. Bring that back first."
    )
    removals.bring_back(house.public_id, cast.officer)
    assert undo_merge(merge, cast.officer).public_id == other.public_id


def test_merges_that_do_not_touch_each_other_are_undone_in_any_order(two: Two) -> None:
    before = dump()
    left, right = make_organisation("Left"), make_organisation("Right")
    with_both = dump()
    first = merge_records(two.keeper, two.other, two.cast.officer)
    second = merge_records(left, right, two.cast.officer)
    undo_merge(first, two.cast.officer)
    undo_merge(second, two.cast.officer)
    assert dump() == with_both
    assert before != with_both


def test_ids_lead_on_through_every_merging_and_back(cast: Cast) -> None:
    one, two, three = (make_organisation(name) for name in ("One", "Two", "Three"))
    first = merge_records(two, three, cast.officer)
    second = merge_records(one, Organisation.objects.get(pk=two.pk), cast.officer)
    assert dict(RetiredId.objects.values_list("public_id", "leads_to")) == {
        two.public_id: one.public_id, three.public_id: one.public_id,
    }  # fmt: skip
    undo_merge(second, cast.officer)
    assert dict(RetiredId.objects.values_list("public_id", "leads_to")) == {three.public_id: two.public_id}
    undo_merge(first, cast.officer)
    assert not RetiredId.objects.exists()


def test_what_a_removed_record_was_merged_of_is_forgotten_with_it(two: Two, settings: Any) -> None:
    merge_records(two.keeper, two.other, two.cast.officer)
    Brief.objects.all().delete()
    actions.remove_record(Organisation.objects.get(pk=two.keeper.pk), two.cast.officer)
    removals.Removal.objects.update(at=timezone.now() - removals.KEPT * 2)
    removals.forget_removals()
    assert not Merge.objects.exists()


def test_people_are_one_with_the_post_that_was_chosen(cast: Cast) -> None:
    house = make_organisation("House")
    one = Person.objects.create(organisation=cast.sfax, name="Amal", post=Text.of(en="Clerk"), languages=("fr",))
    other = Person.objects.create(
        organisation=house, name="Amal B", post=Text.of(en="Head"), email="a@example.org", languages=("ar", "fr")
    )
    before = dump()
    merge = merge_records(one, other, cast.officer, {"post": "other"})
    one.refresh_from_db()
    assert (one.name, one.organisation, str(one.post), one.email, one.languages) == (
        "Amal", house, "Head", "a@example.org", ("fr", "ar"),
    )  # fmt: skip
    assert [(str(held.post), held.organisation) for held in one.posts.all()] == [("Clerk", cast.sfax)]
    undo_merge(merge, cast.officer)
    assert dump() == before


@pytest.mark.parametrize("swapped", [False, True])
def test_two_bodies_with_a_president_each_are_not_made_one(cast: Cast, swapped: bool) -> None:
    """Until one of the two presidencies ended, or both are said to be shared; and then it can be undone."""
    hub, group = (make_organisation(name, kind="body") for name in ("Hub", "Working group"))
    make_relation(cast.amb, "president_of", hub, since_earliest=date(2020, 1, 1), since_latest=date(2020, 1, 1))
    ours = make_relation(cast.sfax, "president_of", group)
    ours.since = PartialDate(date(2022, 1, 1), date(2022, 1, 1))
    ours.save()
    make_relation(cast.amb, "president_of", group, illustrative=True)  # an example says nothing against a fact
    keeper, other = (group, hub) if swapped else (hub, group)
    with pytest.raises(MergeRefused) as refused:
        merge_records(keeper, other, cast.officer)
    said = str(refused.value)
    assert said.startswith(f"Made one, “{keeper}” and “{other}” would have two presidents at once: ")
    assert "Sfax (2022-01-01 – …)" in said
    assert said.endswith("Say when the one ended, or that the presidency is shared.")
    assert Merge.objects.count() == 0
    ours.until = PartialDate(date(2023, 1, 1), date(2023, 1, 1))
    ours.save()
    with pytest.raises(MergeRefused):
        merge_records(keeper, other, cast.officer)
    ours.shared = True
    ours.save()
    before = dump()
    merge = merge_records(keeper, other, cast.officer)
    real = Relation.objects.filter(to_organisation=keeper, illustrative=False)
    assert {str(one.from_organisation) for one in real} == {"Sfax", str(cast.amb)}
    undo_merge(merge, cast.officer)
    assert dump() == before


@pytest.mark.parametrize("swapped", [False, True])
def test_two_of_which_one_leads_to_the_other_are_not_made_one(cast: Cast, swapped: bool) -> None:
    """That one is part of the other, and nothing else between them, is no hindrance."""
    part, between, whole = (make_organisation(name) for name in ("Part", "Between", "Whole"))
    make_relation(part, "part_of", whole)
    make_relation(part, "part_of", between)
    last = make_relation(between, "part_of", whole)
    keeper, other = (whole, part) if swapped else (part, whole)
    with pytest.raises(MergeRefused) as refused:
        merge_records(keeper, other, cast.officer)
    assert str(refused.value) == (
        f"Made one, “{keeper}” and “{other}” would lead back to themselves. This goes round in a circle: "
        f"{keeper} → Between → {keeper}. Correct one of these relations, or give them dates that do not meet."
    )
    assert Merge.objects.count() == 0
    last.type = "partner_of"
    last.save()
    before = dump()
    undo_merge(merge_records(keeper, other, cast.officer), cast.officer)
    assert dump() == before


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("way", ["relations", "parents", "successors", "longer"])
def test_two_between_which_a_circle_would_close_are_not_made_one(cast: Cast, way: str, swapped: bool) -> None:
    """A is part of B, and B' of A, be it said by relations, by what they belong to, or by way of a fourth."""
    a, b, twin, fourth = (make_organisation(name) for name in ("A", "B", "B'", "Fourth"))
    type_ = "succeeded_by" if way == "successors" else "part_of"
    make_relation(a, type_, b)
    if way == "parents":
        twin.parent = a
        twin.save()
    elif way == "longer":
        make_relation(twin, type_, fourth)
        fourth.parent = a
        fourth.save()
    else:
        make_relation(twin, type_, a)
    keeper, other = (twin, b) if swapped else (b, twin)
    with pytest.raises(MergeRefused) as refused:
        merge_records(keeper, other, cast.officer)
    between = "Fourth → A" if way == "longer" else "A"
    assert f"This goes round in a circle: {keeper} → {between} → {keeper}." in str(refused.value)
    assert Merge.objects.count() == 0


def test_what_is_chosen_of_two_relations_has_to_hold_together(cast: Cast) -> None:
    a, b, c, d = (make_organisation(name) for name in "ABCD")
    first, second = make_relation(a, "part_of", b), make_relation(c, "part_of", a)
    make_relation(d, "part_of", a)
    away = make_relation(c, "part_of", d)
    dated = make_relation(c, "funds", d, since_earliest=date(2020, 1, 1), since_latest=date(2020, 1, 1))
    over = make_relation(c, "funds", d, until_earliest=date(2018, 1, 1), until_latest=date(2018, 1, 1), role="once")

    def refused(keeper: Relation, other: Relation, chosen: dict[str, str]) -> str:
        with pytest.raises(MergeRefused) as said:
            merge_records(keeper, other, cast.officer, chosen)
        return str(said.value)

    choose_end = {"to_organisation": "other"}
    assert refused(first, second, choose_end).startswith("An organisation has no relation to itself.")
    assert refused(first, away, choose_end).startswith("This goes round in a circle: A → D → A.")
    assert refused(dated, over, {"until": "other"}).startswith("Chosen so, it would end before it begins.")
    first.refresh_from_db()
    assert (first.to_organisation, Merge.objects.count()) == (b, 0)
    merge_records(dated, over, cast.officer, {"since": "other", "until": "other"})
    assert (str(Relation.objects.get(pk=dated.pk).until), Merge.objects.count()) == ("2018-01-01", 1)


def test_one_president_after_the_other_is_no_hindrance(cast: Cast) -> None:
    """Nor is the same president of both."""
    hub, group, third = (make_organisation(name, kind="body") for name in ("Hub", "Working group", "Third"))
    for who, body, first, last in (
        (cast.amb, hub, 2018, 2020),
        (cast.sfax, group, 2020, 2026),
        (cast.sfax, third, 2021, 2026),
    ):
        tie = make_relation(who, "president_of", body)
        tie.since, tie.until = (PartialDate(date(year, 1, 1), date(year, 1, 1)) for year in (first, last))
        tie.save()
    merge_records(hub, group, cast.officer)
    merge_records(hub, third, cast.officer)
    assert Merge.objects.count() == 2
