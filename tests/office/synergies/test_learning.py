"""Answers to suggestions: kept with who, why and how it was scored; what they teach; and who may forget it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django import DjangoAssertNumQueries

from sympolis.engine.match.learning import LEAST
from sympolis.engine.match.partners import WEIGHTS
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.synergies.actions import Wish, comment, decide, decide_partner, make_brief, read_brief
from sympolis.office.synergies.brief.lines import Section
from sympolis.office.synergies.brief.sheet import Reading
from sympolis.office.synergies.enums import Audience, Length, Subject
from sympolis.office.synergies.facts import pair_of
from sympolis.office.synergies.learning import SHIPPED, is_learning_on, office_learning
from sympolis.office.synergies.learning_words import FEATURES, feature_rows, learnt_in_words
from sympolis.office.synergies.models import Brief, LineDecision, SuggestionAnswer
from sympolis.office.synergies.partners import Asked, suggested_partners
from sympolis.office.synergies.teaching import Suggestion, keep_answer, switch_learning
from tests.cast import Cast, office_today
from tests.factories import make_organisation, make_relation
from tests.factories.synergies import make_pair

TODAY = date(2026, 3, 3)
OTHERS = ("contact", "participant", "outsider")


@pytest.fixture
def brief(cast: Cast) -> Brief:
    pair = make_pair(TODAY)
    return make_brief(cast.officer, Wish(pair.left, pair.right, pair.network, on=TODAY))


def teach(cast: Cast, times: int, subject: Subject = Subject.PARTNERS, *, example: bool = False) -> None:
    """No to whoever is near, yes to whoever has partners in common, ``times`` each."""
    rows = [("no", {"near": 0.9, "circle": 0.2}), ("yes", {"near": 0.3, "circle": 0.8})]
    if subject is Subject.SYNERGIES:
        rows = [("no", {"text": 0.9, "themes": 0.2}), ("yes", {"text": 0.3, "themes": 0.8})]
    SuggestionAnswer.objects.bulk_create(
        SuggestionAnswer(
            subject=subject, about="org", suggestion=f"{answer}-{number}-{example}", answer=answer, features=features,
            example=example, by=cast.officer,
        )
        for number in range(times)
        for answer, features in rows
    )  # fmt: skip


class TestPartners:
    @pytest.fixture
    def tunis(self, cast: Cast) -> Organisation:
        tunis = make_organisation("Tunis", kind="city", country="TN")
        make_relation(cast.amb, "partner_of", cast.sfax)
        make_relation(tunis, "twinned_with", cast.sfax)
        return tunis

    def test_an_answer_is_kept_with_who_why_and_the_scores_of_that_day(self, cast: Cast, tunis: Organisation) -> None:
        decide_partner(cast.officer, cast.amb, tunis, "no", " Elections ")
        kept = SuggestionAnswer.objects.get()
        assert (kept.subject, kept.about, kept.suggestion) == ("partners", cast.amb.public_id, tunis.public_id)
        assert (kept.answer, kept.reason, kept.by, kept.example) == ("no", "Elections", cast.officer, False)
        asked = suggested_partners(cast.officer, cast.amb, office_today(), Asked(only=tunis.pk))
        assert kept.features == asked.partners[0].scores
        assert kept.features["common-partners"] == 1.0
        assert set(kept.features) <= set(WEIGHTS)

    def test_each_officer_s_answer_counts_and_the_last_word_is_the_decision(
        self, cast: Cast, tunis: Organisation
    ) -> None:
        decide_partner(cast.officer, cast.amb, tunis, "no")
        decide_partner(cast.administrator, cast.amb, tunis, "yes")
        said = {(each.by, each.answer) for each in SuggestionAnswer.objects.all()}
        assert said == {(cast.officer, "no"), (cast.administrator, "yes")}
        assert cast.amb.partner_decisions.get().verdict == "yes"
        learnt = office_learning().learnt[Subject.PARTNERS]
        assert (learnt.answers, learnt.is_used) == (2, False)

    def test_what_is_said_anew_or_taken_back_stays_in_the_history(self, cast: Cast, tunis: Organisation) -> None:
        decide_partner(cast.officer, cast.amb, tunis, "no")
        decide_partner(cast.officer, cast.amb, tunis, "later", "After the summer")
        decide_partner(cast.administrator, cast.amb, tunis, "")
        assert SuggestionAnswer.objects.count() == 0
        told = SuggestionAnswer.history.order_by("history_id")
        assert [(row.history_type, row.answer, row.by, row.history_user) for row in told] == [
            ("+", "no", cast.officer, None),
            ("~", "later", cast.officer, None),
            ("-", "later", cast.officer, cast.administrator),
        ]

    @pytest.mark.parametrize("what", ["partner", "relation"])
    def test_examples_teach_nothing(self, cast: Cast, tunis: Organisation, what: str) -> None:
        if what == "partner":
            Organisation.objects.filter(pk=tunis.pk).update(illustrative=True)
        else:
            Relation.objects.filter(from_organisation=tunis).update(illustrative=True)
        decide_partner(cast.officer, cast.amb, tunis, "no")
        assert SuggestionAnswer.objects.get().example
        assert office_learning().learnt[Subject.PARTNERS].answers == 0

    def test_who_is_not_suggested_can_be_answered_and_teaches_nothing(self, cast: Cast, tunis: Organisation) -> None:
        decide_partner(cast.officer, cast.amb, cast.sfax, "no")  # works with it already
        assert SuggestionAnswer.objects.get().features == {}
        assert office_learning().learnt[Subject.PARTNERS].answers == 0

    def test_the_order_goes_by_what_was_learnt(self, cast: Cast, tunis: Organisation) -> None:
        make_organisation("Tunis Sud", kind="metropolitan-authority", country="TN")

        def scores() -> dict[str, float]:
            found = suggested_partners(cast.officer, cast.amb, office_today(), Asked())
            return {one.organisation.name: one.score for one in found.partners}

        before = scores()
        teach(cast, 200)
        after = scores()
        assert after["Tunis"] > before["Tunis"]  # the circle counts more
        learnt = office_learning().learnt[Subject.PARTNERS]
        assert learnt.multipliers["near"] == LEAST
        switch_learning(cast.administrator, on=False)
        assert scores() == before


class TestBrief:
    def kept(self, brief: Brief) -> list[tuple[str, str, str]]:
        return [(each.subject, each.suggestion, each.answer) for each in SuggestionAnswer.objects.order_by("pk")]

    def shown(self, brief: Brief, *, editing: bool = False) -> list[str]:
        sheet = read_brief(brief, Reading(Audience.INTERNAL, Length.LONG, editing=editing))
        return [line.key for line in sheet.lines]

    @pytest.mark.parametrize("section", [Section.SYNERGIES, Section.CALLS, Section.MEMBERS])
    def test_pin_is_a_yes_and_strike_out_a_no(self, cast: Cast, brief: Brief, section: Section) -> None:
        item = brief.document[section][0]
        decide(cast.officer, brief, item["key"], "pinned")
        assert self.kept(brief) == [(str(section), item["key"], "yes")]
        decide(cast.officer, brief, item["key"], "dropped", "No money")
        kept = SuggestionAnswer.objects.get()
        assert (kept.answer, kept.reason, kept.by) == ("no", "No money", cast.officer)
        assert kept.about == pair_of(brief.left, brief.right)
        assert (kept.features, kept.score) == (item["features"], item["score"])
        assert kept.features
        decide(cast.administrator, brief, item["key"], "")
        assert self.kept(brief) == []
        assert SuggestionAnswer.history.count() == 3

    def test_what_states_a_fact_is_no_suggestion(self, cast: Cast, brief: Brief) -> None:
        for section in (Section.SIDES, Section.COMMON, Section.THEMES):
            decide(cast.officer, brief, brief.document[section][0]["key"], "pinned")
        assert self.kept(brief) == []
        assert LineDecision.objects.count() == 3

    def test_what_rests_on_an_example_teaches_nothing(self, cast: Cast, brief: Brief) -> None:
        item = next(each for each in brief.document[Section.SYNERGIES] if each.get("example"))
        decide(cast.officer, brief, item["key"], "pinned")
        assert SuggestionAnswer.objects.get().example
        assert office_learning().learnt[Subject.SYNERGIES].answers == 0

    def test_set_aside_is_out_of_this_brief_and_back_in_the_next(self, cast: Cast, brief: Brief) -> None:
        key = brief.document[Section.SYNERGIES][0]["key"]
        decide(cast.officer, brief, key, "later", "Not today")
        assert self.kept(brief) == [("synergies", key, "later")]
        assert office_learning().learnt[Subject.SYNERGIES].answers == 0
        assert key not in self.shown(brief)
        assert key in self.shown(brief, editing=True)
        wish = Wish(brief.left, brief.right, brief.network, on=brief.on, language="ca")
        assert key not in self.shown(make_brief(cast.officer, wish))  # the same in another language
        next_one = make_brief(cast.officer, Wish(brief.left, brief.right, brief.network, on=TODAY + timedelta(1)))
        assert key in self.shown(next_one)
        comment(cast.officer, next_one, key, "Now?")
        assert key in self.shown(next_one)
        decide(cast.officer, next_one, key, "dropped", "Never")
        later_one = make_brief(cast.officer, Wish(brief.left, brief.right, brief.network, on=TODAY + timedelta(9)))
        assert key not in self.shown(later_one)
        assert key not in self.shown(brief)

    def test_what_comes_back_in_was_in_no_approved_brief(self, cast: Cast, brief: Brief) -> None:
        key = brief.document[Section.SYNERGIES][0]["key"]
        decide(cast.officer, brief, key, "later")
        LineDecision.objects.create(pair=pair_of(brief.left, brief.right), line="brief:x", verdict="approved")
        decide(cast.officer, brief, key, "")
        assert not LineDecision.objects.filter(verdict="approved").exists()

    def test_ways_stand_in_the_order_learnt_and_say_on_how_many_answers(self, cast: Cast, brief: Brief) -> None:
        assert brief.document["learnt"] == 0
        teach(cast, 120, Subject.SYNERGIES)
        wish = Wish(brief.left, brief.right, brief.network, on=TODAY)
        again = make_brief(cast.officer, wish)
        assert again.document["learnt"] == 240
        before, after = (
            {item["key"]: (item.get("score"), item.get("strength")) for item in made.document[Section.SYNERGIES]}
            for made in (brief, again)
        )
        assert before == after  # scores and words say what speaks for each: only the order is learnt
        assert office_learning().multipliers(Subject.SYNERGIES)["text"] == LEAST
        switch_learning(cast.administrator, on=False)
        assert make_brief(cast.officer, wish).document["learnt"] == 0

    @pytest.mark.parametrize("who", OTHERS)
    def test_nobody_else_answers(self, cast: Cast, brief: Brief, who: str) -> None:
        key = brief.document[Section.SYNERGIES][0]["key"]
        with pytest.raises(PermissionDenied):
            decide(getattr(cast, who), brief, key, "later")
        with pytest.raises(PermissionDenied):
            decide_partner(getattr(cast, who), brief.left, brief.right, "later")
        assert SuggestionAnswer.objects.count() == 0


class TestWhatWasLearnt:
    def test_it_is_one_question_and_examples_and_later_do_not_count(
        self, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        teach(cast, 5)
        teach(cast, 5, example=True)
        later = Suggestion(Subject.PARTNERS, "org", "later", {"near": 1.0})
        keep_answer(cast.officer, later, "later")  # type: ignore[arg-type]
        with django_assert_num_queries(1):
            learning = office_learning()
        assert learning.learnt[Subject.PARTNERS].answers == 10
        assert learning.used(Subject.PARTNERS) == 10
        assert learning.used(Subject.SYNERGIES, Subject.CALLS) == 0

    def test_in_words(self, cast: Cast) -> None:
        def told() -> str:
            return learnt_in_words(office_learning(), Subject.PARTNERS)

        assert told() == (
            "Nothing has been learnt yet: the order is as shipped. Yes and no to suggestions will teach it."
        )
        one = Suggestion(Subject.PARTNERS, "org", "one", {"near": 1.0})
        keep_answer(cast.officer, one, "no")  # type: ignore[arg-type]
        assert told() == "1 answer of this office was looked at; the order is as shipped, for it would be no better."
        SuggestionAnswer.objects.all().delete()
        teach(cast, 30)
        assert told() == (
            "60 answers of this office have been learnt from. Counts more: the same wider circle of partners. "
            "Counts less: being near."
        )
        switch_learning(cast.administrator, on=False)
        assert told() == "Learning is switched off: the order is as shipped."

    def test_rows_tell_weights_before_and_after_and_what_was_said(self, cast: Cast) -> None:
        teach(cast, 30)
        rows = {row.name: row for row in feature_rows(office_learning().learnt[Subject.PARTNERS])}
        near, circle = rows["being near"], rows["the same wider circle of partners"]
        assert (near.shipped, near.spoke_for, near.spoke_against) == (14.0, 30, 30)
        assert (circle.shipped, circle.spoke_for, circle.spoke_against) == (11.5, 30, 0)
        assert near.now < near.shipped
        assert circle.now > circle.shipped
        assert sum(row.now for row in rows.values()) == pytest.approx(100, abs=0.5)

    def test_every_weight_has_a_word(self) -> None:
        assert set(FEATURES) == {name for weights in SHIPPED.values() for name in weights}

    def test_only_administrators_forget_and_the_answers_stay(self, cast: Cast) -> None:
        teach(cast, 5)
        for who in ("officer", *OTHERS):
            with pytest.raises(PermissionDenied):
                switch_learning(getattr(cast, who), on=False)
        assert is_learning_on()
        switch_learning(cast.administrator, on=False)
        assert not is_learning_on()
        assert office_learning().multipliers(Subject.PARTNERS) == {}
        assert SuggestionAnswer.objects.count() == 10
        switch_learning(cast.administrator, on=True)
        assert office_learning().used(Subject.PARTNERS) == 10
