"""The brief between two partners: what it says, what it leaves out, and that it stays as it was made."""

from __future__ import annotations

import html
import io
import json
import re
import time
from datetime import date, timedelta
from decimal import Decimal

import docx
import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from pytest_django import DjangoAssertNumQueries

from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Figure, Organisation, Person, Position
from sympolis.office.synergies.actions import (
    Wish,
    approve_for_sharing,
    brief_for_command_line,
    comment,
    decide,
    export_brief,
    make_again,
    make_brief,
    question_of,
    read_brief,
)
from sympolis.office.synergies.brief.assembly import assemble
from sympolis.office.synergies.brief.lines import Section
from sympolis.office.synergies.brief.sheet import Reading
from sympolis.office.synergies.enums import Audience, Extra, Format, Length, Tie
from sympolis.office.synergies.errors import NotApproved, NotFound, ReasonMissing, SameTwice
from sympolis.office.synergies.models import Brief, LineDecision
from sympolis.office.synergies.queries import find_organisation
from sympolis.office.synergies.scope import scope_of
from tests.cast import Cast
from tests.factories import make_organisation, make_project, make_relation
from tests.factories.synergies import PRIVATE, Pair, make_pair

TODAY = date(2026, 3, 3)
SHARED = Reading(Audience.SHARED, Length.LONG)


@pytest.fixture
def pair(cast: Cast) -> Pair:
    return make_pair(TODAY)


def wish(pair: Pair, **more: object) -> Wish:
    return Wish(pair.left, pair.right, pair.network, **{"on": TODAY, **more})  # type: ignore[arg-type]


@pytest.fixture
def brief(cast: Cast, pair: Pair) -> Brief:
    return make_brief(cast.officer, wish(pair))


def items(brief: Brief, section: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = brief.document[section]
    return found


def texts(brief: Brief, section: str) -> list[str]:
    return [str(item["text"]) for item in items(brief, section)]


def text_of(body: bytes, format_: Format) -> str:
    """What a reader finds in a file, whatever its form; spaces made alike."""
    if format_ is Format.DOCX:
        document = docx.Document(io.BytesIO(body))
        parts = [paragraph.text for paragraph in document.paragraphs]
        body_text = " ".join(parts + [each.text for each in document.sections[0].header.paragraphs])
    elif format_ is Format.PDF:
        body_text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    elif format_ is Format.HTML:
        body_text = html.unescape(re.sub(r"<[^>]+>", "", body.decode()))
    else:
        body_text = body.decode()
    return " ".join(body_text.split())


class TestMembersAskedAlong:
    """Whatever is named as the network, the part on members says something one can act on."""

    @pytest.mark.parametrize("format_", list(Format))
    @pytest.mark.parametrize(
        ("kind", "says"),
        [
            (
                "city",
                "Port of Call is not a network, and nobody is known here to belong to it: name one to see whom to ask.",
            ),
            ("city-network", "No member of Port of Call is known here: enter its members first."),
        ],
    )
    def test_no_network_or_one_without_members(
        self, cast: Cast, pair: Pair, kind: str, says: str, format_: Format
    ) -> None:
        named = make_organisation("Port of Call", kind=kind)
        made = make_brief(cast.officer, Wish(pair.left, pair.right, named, on=TODAY))
        assert [item["text"] for item in items(made, "members")] == [says]
        assert says in text_of(export_brief(made, Reading(), format_), format_).replace("\u200b", "")

    def test_a_body_with_members_serves_whatever_its_kind(self, cast: Cast, pair: Pair) -> None:
        club = make_organisation("Coast Compact", kind="programme")
        make_relation(pair.member, "member_of", club)
        made = make_brief(cast.officer, Wish(pair.left, pair.right, club, on=TODAY))
        assert [item["record"] for item in items(made, "members")] == [pair.member.public_id]


class TestWhatItSays:
    def test_a_seat_held_through_the_city_says_so(self, brief: Brief) -> None:
        posts = [item for item in items(brief, "sides") if item["text"] == "Presides Harbour Network."]
        assert [(item["side"], item["via"]) for item in posts] == [("left", "Lyra")]

    def test_the_shared_network_names_what_each_holds(self, brief: Brief) -> None:
        (seat,) = [item for item in items(brief, "common") if item["text"] == "Both take part in Harbour Network."]
        assert [part["text"] for part in seat["parts"]] == ["Lyra presides over it.", "CETUS is a member."]  # type: ignore[attr-defined]

    def test_a_body_tells_its_own_number_of_people_before_that_of_its_city(self, cast: Cast, pair: Pair) -> None:
        def numbers(language: str) -> list[object]:
            made = make_brief(cast.officer, wish(pair, language=language))
            return [
                (item["text"], item.get("via", ""), bool(item.get("long")))
                for item in items(made, "sides")
                if item["side"] == "left" and str(item["key"]).startswith(("people:", "figure:"))
            ]

        assert numbers("en") == [("People living in Lyra: 250,000", "Lyra", False)]
        for what, value, unit, year in (
            ("population", 490_000, "people", 2015),
            ("population", 507_526, "people", 2021),
            ("area", Decimal("533.68"), "km²", None),
            ("files read", 51, "files", 2025),
        ):
            Figure.objects.create(organisation=pair.left, what=what, value=value, unit=unit, year=year)
        assert numbers("ca") == [
            ("Habitants: 507.526 (2021)", "", False),
            ("files read: 51 files (2025)", "", True),
            ("Habitants: 490.000 (2015)", "", True),
            ("Superfície: 533,68 km²", "", True),
        ]

    def test_a_call_says_on_two_pages_what_speaks_against_it(self, brief: Brief) -> None:
        (call,) = [line for line in read_brief(brief, Reading()).lines if line.key.startswith("call:")]
        assert [part.text for part in call.parts_of("against")] == [
            "Which countries may apply was not read: look before you build on it.",
            "Who may apply was not read: look before you build on it.",
        ]

    def test_a_member_is_proposed_for_a_theme(self, brief: Brief) -> None:
        assert texts(brief, "members") == ["Porto Novo (Tunisia): water and sanitation. Wells of Porto Novo"]

    def test_partners_of_both_are_told_by_what_still_lasts(self, cast: Cast, pair: Pair) -> None:
        old, new = make_organisation("Old Partner"), make_organisation("New Partner")
        for side in (pair.left, pair.right):
            for partner, stage in ((old, "finished"), (new, "finished"), (new, "ongoing")):
                make_project(f"{side.name}, {partner.name}, {stage}", side, partner, stage=stage)
        make_project("Only begun on one side", pair.left, old, stage="ongoing")
        said = [
            line for line in items(make_brief(cast.officer, wish(pair)), "common") if "Partner" in str(line["text"])
        ]
        assert [line["text"] for line in said] == [
            "Both work with New Partner.",
            "Both work or have worked with Old Partner.",
        ]
        assert [proof["title"] for proof in said[0]["evidence"]] == [  # type: ignore[attr-defined]
            "Lyra Metropolis, New Partner, ongoing",
            "Cetus Area, New Partner, ongoing",
        ]

    def test_work_of_both_is_told_by_its_stage(self, cast: Cast, pair: Pair) -> None:
        for stage in ("finished", "ongoing", "unknown"):
            make_project(f"Wells, {stage}", pair.left, pair.right, stage=stage)
        said = [str(line["text"]) for line in items(make_brief(cast.officer, wish(pair)), "common")]
        assert {text for text in said if "Wells" in text} == {
            "Both have worked on Wells, finished.",
            "Both work on Wells, ongoing.",
            "Both are named in Wells, unknown.",
        }

    def test_work_of_today_finished_work_and_open_questions_are_told_apart(self, brief: Brief) -> None:
        entries = {str(item["text"]): item.get("fold", "now") for item in items(brief, "themes") if "side" in item}
        assert entries["Reuse of water in parks"] == "now"
        assert entries["Reuse of treated water"] == "experience"
        assert entries["Water of the hills"] == "ask"
        assert entries["Looks for: Water for thirty years"] == "wanted"

    def test_ways_to_work_together_have_kind_strength_step_and_evidence(self, brief: Brief) -> None:
        synergies = items(brief, "synergies")
        assert {"exchange", "joint-project", "joint-application"} <= {str(item["kind"]) for item in synergies}
        for item in synergies:
            assert item["strength"] in {"strong", "fair", "weak"}
            assert item["evidence"]
            assert [part["kind"] for part in item["parts"]].count("step") == 1  # type: ignore[attr-defined]

    def test_every_evidence_names_its_record_and_its_words(self, brief: Brief) -> None:
        evidence = [each for section in Section for item in items(brief, section) for each in item["evidence"]]  # type: ignore[attr-defined]
        assert evidence
        for each in evidence:
            assert set(each) >= {"record", "passage", "source_url", "title"}
            assert each["record"][3] == "_"
            assert each["passage"]

    def test_a_call_says_when_it_closes_and_what_is_not_known(self, brief: Brief) -> None:
        (call,) = items(brief, "calls")
        assert call["text"] == "Reuse of waste water in cities (LIFE), closes on 1 June 2026."
        said = [part["text"] for part in call["parts"]]  # type: ignore[attr-defined]
        assert "How much money there is for a project is not known here." in said

    def test_members_without_the_two_themselves_are_to_be_asked(self, brief: Brief, pair: Pair) -> None:
        assert [item["record"] for item in items(brief, "members")] == [pair.member.public_id]

    def test_an_overdue_promise_says_whose_it_is(self, brief: Brief) -> None:
        (promise,) = [item for item in items(brief, "commitments") if item.get("kind") == "promise"]
        assert promise["text"] == "Lyra Metropolis promised: “Envoyer les coûts”. Overdue since 26 February 2026."
        assert promise["runs"][1] == ["Envoyer les coûts", "fr"]  # type: ignore[index]
        assert (promise["state"], promise["side"]) == ("overdue", "left")

    def test_it_prepares_the_next_meeting_of_the_two(self, brief: Brief) -> None:
        assert brief.document["meeting"]["text"] == "For 10 March 2026: Day of the two"

    def test_unconfirmed_rows_stay_out_unless_asked_for(self, cast: Cast, pair: Pair, brief: Brief) -> None:
        assert "Unsure water" not in json.dumps(brief.document)
        taken_in = make_brief(cast.officer, wish(pair, include_unconfirmed=True))
        marked = [item for item in items(taken_in, "themes") if item["text"] == "Unsure water"]
        assert marked
        assert all(item["unconfirmed"] for item in marked)

    def test_what_rests_on_an_example_says_so_in_every_format(self, cast: Cast, brief: Brief) -> None:
        resting = [
            item for section in Section for item in items(brief, section) if "Invented water" in str(item["text"])
        ]
        assert resting
        assert all(item["example"] for item in resting)
        for format_ in Format:
            text = text_of(export_brief(brief, Reading(length=Length.LONG), format_), format_)
            assert "Invented water" in text
            assert "Example" in text


class TestPositions:
    def test_what_both_sides_signed(self, cast: Cast, pair: Pair) -> None:
        for title, who, day in (
            ("Water for all", (pair.left, pair.right), date(2024, 3, 1)),
            ("Undated", (pair.left, pair.right), None),
            ("Of one side", (pair.left, cast.amb), None),
        ):
            position = Position.objects.create(title=Text.of(en=title), adopted_earliest=day, adopted_latest=day)
            position.signatories.set(who)
        made = texts(make_brief(cast.officer, wish(pair)), "common")
        assert [line for line in made if "position" in line] == [
            "Both signed the position Water for all, 1 March 2024.",
            "Both signed the position Undated; the day is not known here.",
        ]


class TestScope:
    def test_the_seat_city_counts_at_once_other_municipalities_wait(self, cast: Cast, pair: Pair) -> None:
        hill = make_organisation("Hill Town", country="FR", place="Hill")
        make_relation(hill, "part_of", pair.left)
        found = [
            (each.organisation.name, each.tie, each.counted_at_once)
            for each in scope_of(cast.officer, pair.left, TODAY)
        ]
        assert found == [("Lyra", Tie.SEAT_CITY, True), ("Hill Town", Tie.MUNICIPALITY, False)]

    def test_a_narrowed_side_loses_what_came_through_its_city(self, cast: Cast, pair: Pair) -> None:
        narrow = make_brief(cast.officer, wish(pair, left_scope=[]))
        assert "Presides Harbour Network." not in texts(narrow, "sides")
        assert Brief.objects.get(pk=narrow.pk).left_scope == ()

    def test_the_partner_itself_is_never_taken_in(self, cast: Cast, pair: Pair) -> None:
        city = Organisation.objects.get(name="Lyra")
        question = question_of(cast.officer, Wish(pair.left, city, on=TODAY))
        assert [side.related for side in question.sides] == [(), ()]


class TestEdges:
    def test_the_same_twice_is_refused_with_a_sentence(self, cast: Cast, pair: Pair) -> None:
        with pytest.raises(SameTwice, match="Lyra Metropolis was named on both sides"):
            make_brief(cast.officer, Wish(pair.left, pair.left))

    def test_two_of_whom_nothing_is_known_get_sentences_not_a_broken_page(self, cast: Cast) -> None:
        one, other = make_organisation("Nowhere"), make_organisation("Elsewhere")
        empty = make_brief(cast.officer, Wish(one, other, on=TODAY))
        assert texts(empty, "common") == [
            "No network, agreement, project or partner in common is known here.",
            "Nobody known here has to do with both: ask who could introduce you.",
        ]
        assert texts(empty, "themes") == [
            "No project, need or offer of either is known here: begin by asking what they do and want."
        ]
        assert all(items(empty, section) for section in Section)
        assert export_brief(empty, Reading(), Format.MARKDOWN).startswith(b"# Nowhere and Elsewhere")

    def test_one_empty_side_is_named(self, cast: Cast, pair: Pair) -> None:
        empty = make_brief(cast.officer, Wish(pair.right, make_organisation("Nowhere"), on=TODAY))
        assert texts(empty, "themes") == [
            "No project, need or offer of Nowhere is known here: begin by asking what it does and wants."
        ]

    def test_a_network_without_members_says_so(self, cast: Cast, pair: Pair) -> None:
        lonely = make_organisation("Lonely Network", kind="city-network")
        made = make_brief(cast.officer, Wish(pair.left, pair.right, lonely, on=TODAY))
        assert texts(made, "members") == ["No member of Lonely Network is known here: enter its members first."]

    def test_a_chain_of_acquaintance_where_they_never_met(self, cast: Cast) -> None:
        one, other, friend = (make_organisation(name) for name in ("Nowhere", "Elsewhere", "Friend"))
        make_relation(one, "member_of", friend)
        make_relation(friend, "funds", other)
        made = make_brief(cast.officer, Wish(one, other, on=TODAY))
        assert texts(made, "common")[1] == "Friend knows both Nowhere and Elsewhere and could introduce them."

    @pytest.mark.parametrize("typed", ["CETUS", "cetus area", "Cetuss Area", "cetus-area"])
    def test_names_are_found_with_typing_errors(self, cast: Cast, pair: Pair, typed: str) -> None:
        assert find_organisation(cast.officer, typed).organisation == pair.right

    def test_an_unknown_name_is_refused_and_the_nearest_offered(self, cast: Cast, pair: Pair) -> None:
        with pytest.raises(NotFound, match="No organisation here is called “qqqqqq”"):
            brief_for_command_line("qqqqqq", "CETUS")
        assert pair.left in find_organisation(cast.officer, "Lyra Metrpls").nearest

    @pytest.mark.parametrize("reason", ["", " \n"])
    def test_a_line_is_struck_out_for_a_reason(self, cast: Cast, brief: Brief, reason: str) -> None:
        with pytest.raises(ReasonMissing, match="Say why: the next brief"):
            decide(cast.officer, brief, "x", "dropped", reason)
        assert LineDecision.objects.count() == 0

    def test_only_officers_make_and_decide(self, cast: Cast, pair: Pair, brief: Brief) -> None:
        for user in (cast.contact, cast.participant, cast.outsider):
            with pytest.raises(PermissionDenied):
                make_brief(user, wish(pair))
            with pytest.raises(PermissionDenied):
                decide(user, brief, "x", "dropped")
            with pytest.raises(PermissionDenied):
                approve_for_sharing(user, brief)

    def test_hostile_text_stays_text(self, cast: Cast, pair: Pair) -> None:
        evil = "<script>alert(1)</script> #{panic()} %(x)s \x07 \ue0000\ue001 [x](javascript:1)"
        make_project(evil, pair.right, themes=("water",), stage="ongoing", source_url="javascript:alert(1)")
        made = make_brief(cast.officer, wish(pair))
        page = export_brief(made, Reading(length=Length.LONG), Format.HTML).decode()
        assert "<script>" not in page
        assert 'href="javascript' not in page
        for format_ in Format:
            assert export_brief(made, Reading(length=Length.LONG), format_)


class TestDecisions:
    def first(self, brief: Brief) -> str:
        return str(items(brief, "synergies")[0]["key"])

    def shown(self, brief: Brief) -> set[str]:
        return {line.key for line in read_brief(brief, Reading(length=Length.LONG)).lines}

    def test_what_was_dropped_in_catalan_stays_dropped_in_french(self, cast: Cast, pair: Pair) -> None:
        catalan = make_brief(cast.officer, wish(pair, language="ca"))
        key = self.first(catalan)
        assert key in self.shown(catalan)
        decide(cast.officer, catalan, key, "dropped", "never true")
        turned = Wish(pair.right, pair.left, pair.network, "fr", TODAY + timedelta(1))
        french = make_brief(cast.administrator, turned)
        assert key in {item["key"] for item in items(french, "synergies")}
        assert key not in self.shown(french)
        assert key not in self.shown(catalan)

    def test_it_can_be_taken_back(self, cast: Cast, brief: Brief) -> None:
        key = self.first(brief)
        decide(cast.officer, brief, key, "dropped", "told us so")
        decide(cast.officer, brief, key, "")
        assert key in self.shown(brief)

    def test_a_pinned_line_comes_first_and_on_top(self, cast: Cast, brief: Brief) -> None:
        last = str(items(brief, "synergies")[-1]["key"])
        decide(cast.officer, brief, last, "pinned")
        assert read_brief(brief, Reading()).proposals[0].key == last

    def test_a_comment_is_for_colleagues_unless_ticked(self, cast: Cast, brief: Brief) -> None:
        comment(cast.officer, brief, self.first(brief), "REMARK of ours")
        approve_for_sharing(cast.officer, brief)
        ticked = Reading(Audience.SHARED, Length.LONG, frozenset({Extra.REMARKS}))
        for format_ in Format:
            assert "REMARK of ours" in text_of(export_brief(brief, Reading(), format_), format_)
            assert "REMARK" not in text_of(export_brief(brief, SHARED, format_), format_)
            assert "REMARK of ours" in text_of(export_brief(brief, ticked, format_), format_)


class TestHandingRound:
    def test_nothing_is_handed_round_before_a_named_officer_approved_it(self, cast: Cast, brief: Brief) -> None:
        with pytest.raises(NotApproved):
            export_brief(brief, SHARED, Format.PDF)
        approve_for_sharing(cast.officer, brief)
        assert "Approved for handing round by Officer" in export_brief(brief, SHARED, Format.MARKDOWN).decode()

    @pytest.mark.parametrize("format_", list(Format))
    def test_what_is_private_stays_in_the_office(self, cast: Cast, brief: Brief, format_: Format) -> None:
        approve_for_sharing(cast.officer, brief)
        internal = text_of(export_brief(brief, Reading(length=Length.LONG), format_), format_)
        shared = text_of(export_brief(brief, SHARED, format_), format_)
        for secret in (*PRIVATE, "Hidden Club"):
            assert secret in internal.replace("\\", ""), secret
            assert secret not in shared.replace("\\", ""), secret
        assert "Head of water" in internal
        assert "Head of water" not in shared  # people stay in the office: departments are handed round
        assert "Water service" in shared

    def test_scores_are_for_the_office(self, cast: Cast, brief: Brief) -> None:
        approve_for_sharing(cast.officer, brief)
        assert "score" in export_brief(brief, Reading(), Format.JSON).decode()
        assert "score" not in export_brief(brief, SHARED, Format.JSON).decode()
        ticked = Reading(Audience.SHARED, extras=frozenset({Extra.SCORES}))
        assert "score" in export_brief(brief, ticked, Format.JSON).decode()

    def test_contacts_go_along_when_ticked_and_nothing_else_does(self, cast: Cast, brief: Brief) -> None:
        approve_for_sharing(cast.officer, brief)
        ticked = Reading(Audience.SHARED, Length.LONG, frozenset({Extra.CONTACTS}))
        text = export_brief(brief, ticked, Format.JSON).decode()
        assert PRIVATE[0] in text
        assert "SECRET-NOTE" not in text

    @pytest.mark.parametrize("format_", list(Format))
    def test_the_same_lines_stand_in_every_format(self, brief: Brief, format_: Format) -> None:
        for length in Length:
            reading = Reading(length=length)
            text = text_of(export_brief(brief, reading, format_), format_).replace("\\", "").replace("&amp;", "&")
            if format_ is Format.JSON:
                text = text.replace('\\"', '"')
            packed = text.replace(" ", "").replace("-", "")
            for line in read_brief(brief, reading).lines:
                assert "".join(line.text.split()).replace("-", "") in packed, line.text

    def test_json_has_the_keys_of_the_contract(self, brief: Brief) -> None:
        data = json.loads(export_brief(brief, Reading(), Format.JSON))
        for section in Section:
            assert all({"text", "evidence"} <= set(item) for item in data[section])
        assert all({"kind", "strength"} <= set(item) for item in data["synergies"])
        assert set(data["proposals"]) <= {item["key"] for item in data["synergies"]}


class TestStore:
    def test_it_is_shown_again_as_it_was_made(self, cast: Cast, pair: Pair, brief: Brief) -> None:
        before = export_brief(brief, Reading(length=Length.LONG), Format.MARKDOWN)
        pair.reuse.delete()
        pair.right.name = "Renamed"
        pair.right.save()
        assert export_brief(Brief.objects.get(pk=brief.pk), Reading(length=Length.LONG), Format.MARKDOWN) == before

    @pytest.mark.parametrize("format_", list(Format))
    def test_a_file_made_again_on_another_day_is_the_same_file(
        self, cast: Cast, brief: Brief, format_: Format, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = export_brief(brief, Reading(), format_)
        later = time.time() + 86_400
        monkeypatch.setattr(time, "time", lambda: later)
        monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(later))
        time.sleep(1.1)  # the clock of what sets PDFs can't be put forward
        assert export_brief(Brief.objects.get(pk=brief.pk), Reading(), format_) == before

    def test_in_another_language_it_is_another_brief_of_the_same_day(self, cast: Cast, brief: Brief) -> None:
        again = make_again(cast.officer, brief, "ar")
        assert (again.language, again.on, again.left_scope) == ("ar", TODAY, brief.left_scope)
        assert again.document["direction"] == "rtl"
        keys = {section: [item["key"] for item in items(brief, section)] for section in Section}
        assert {section: [item["key"] for item in items(again, section)] for section in Section} == keys

    def test_as_many_questions_however_large_the_portfolios(
        self, cast: Cast, pair: Pair, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        assemble(question_of(cast.officer, wish(pair)))
        with django_assert_max_num_queries(28):
            assemble(question_of(cast.officer, wish(pair)))
        for side in (pair.left, pair.right):
            for number in range(60):
                make_project(f"Water {number}", side, pair.member, themes=("water",), stage="ongoing")
        with django_assert_max_num_queries(28):
            assemble(question_of(cast.officer, wish(pair)))


class TestWhomToInvite:
    def test_people_by_their_own_themes_and_local_partners_are_proposed(self, cast: Cast, pair: Pair) -> None:
        Person.objects.create(organisation=pair.left, name="Nour", themes=("water",))
        Person.objects.create(organisation=pair.left, name="Sami", themes=("sport",))
        works = make_organisation("Waterworks", kind="company", themes=("water",))
        make_relation(works, "local_partner_of", pair.left)
        make_relation(make_organisation("Theatre", themes=("culture",)), "local_partner_of", pair.left)
        made = make_brief(cast.officer, wish(pair))
        water = [item for item in items(made, "people") if item.get("group") == "water"]
        said = [(str(item["text"]), item["side"]) for item in water]
        assert said == [
            ("Eau", "left"),
            ("Nour", "left"),
            ("Local partner: Waterworks (company)", "left"),
            ("Water service", "right"),
        ]
        approve_for_sharing(cast.officer, made)
        shared = export_brief(made, SHARED, Format.MARKDOWN).decode()
        assert ("Waterworks" in shared, "Nour" in shared, "Sami" in shared) == (True, False, False)

    def test_who_left_or_whose_consent_ran_out_is_not_proposed(self, cast: Cast, pair: Pair) -> None:
        person = Person.objects.get(name="Laia Puig")
        assert "Laia Puig" in json.dumps(make_brief(cast.officer, wish(pair)).document)
        for column in ("until", "basis_until"):
            Person.objects.filter(pk=person.pk).update(**{f"{column}_latest": TODAY - timedelta(days=1)})
            assert "Laia Puig" not in json.dumps(make_brief(cast.officer, wish(pair)).document), column
            Person.objects.filter(pk=person.pk).update(**{f"{column}_latest": None})
