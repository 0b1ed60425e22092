"""Two records made one and taken apart again: nothing is lost on the way, nothing is left on the way back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.utils import timezone

from sympolis.office.core import actions, removals
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
from sympolis.office.projects.models import Need, Participation, Project, WritingLink
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
            left=left, right=right, network=self.network, on=date(2026, 5, 1), language="en", document={}, title="Brief",
            right_scope=(self.keeper.public_id, self.other.public_id),
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
            record=between.public_id, title="Letter", kind="other", language="en", file_name="b.txt", read_at=timezone.now()
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
    assert (kept.name, kept.website, kept.themes) == ("Ville de Sfax", "https://old.example.org", ("water", "ports", "waste"))
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
