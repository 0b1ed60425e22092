"""The brief of the demo: Montpellier and Barcelona's metropolitan authorities, MedCities, in five languages."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pypdf
import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import transaction

from sympolis.cli.demo import load_demo
from sympolis.cli.main import sympolis_command
from sympolis.engine.match.features import compare_items, gives, wants, works
from sympolis.engine.model import LANGUAGES, Feature, Item, ItemKind, Stage, Strength, Synergy, SynergyKind
from sympolis.office.core.models import User
from sympolis.office.directory.models import Organisation
from sympolis.office.projects.queries import stage_on
from sympolis.office.synergies.actions import (
    Wish,
    brief_for_command_line,
    export_brief,
    make_brief,
    question_of,
    read_brief,
)
from sympolis.office.synergies.answers import Answers, answers_for, vectors
from sympolis.office.synergies.brief.lines import Section
from sympolis.office.synergies.brief.meeting_points import meeting_point_lines
from sympolis.office.synergies.brief.members import member_lines
from sympolis.office.synergies.brief.naming import name_of, named
from sympolis.office.synergies.brief.openings import opening_of
from sympolis.office.synergies.brief.sheet import Reading, SheetLine
from sympolis.office.synergies.brief.together import together_lines
from sympolis.office.synergies.brief.wording import Country, Money
from sympolis.office.synergies.enums import Format, Length
from sympolis.office.synergies.facts import Facts, gather
from sympolis.office.synergies.models import Brief
from tests.backed import unbacked

from .stored import seen, stored, values_of, walked

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LEFT, RIGHT, NETWORK = "montpellier-3m", "amb", "medcities"


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[User]:
    """The demo office, loaded once for the tests of this file and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        settings.HOME.prepare("demo")
        load_demo(lambda *_step: None)
        yield User.objects.filter(role="officer").first()  # type: ignore[misc]
        transaction.set_rollback(True)


def demo_brief(user: User, language: str) -> Brief:
    sides = [Organisation.objects.get(source_id=source_id) for source_id in (LEFT, RIGHT, NETWORK)]
    return make_brief(user, Wish(sides[0], sides[1], sides[2], language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_no_empty_section_and_fits_two_pages(demo: User, language: str) -> None:
    brief = demo_brief(demo, language)
    for section in Section:
        known = [item for item in brief.document[section] if not item.get("unknown")]
        # Nothing may have begun or ended since they met a month ago: then a line says that.
        assert known or (section is Section.CHANGES and brief.document[section]), section
    kinds = {item["kind"] for item in brief.document["synergies"] if item["key"].startswith("synergy:")}
    assert len(kinds) >= 3
    assert len([item for item in brief.document["calls"] if item["key"].startswith("call:")]) >= 2
    sheet = read_brief(brief, Reading())
    assert len({line.kind for line in sheet.proposals}) == 3
    pdf = pypdf.PdfReader(io.BytesIO(export_brief(brief, Reading(), Format.PDF)))
    assert len(pdf.pages) == 2
    assert pdf.metadata is not None
    assert pdf.metadata.title == brief.document["title"]
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert str(pdf.trailer["/Root"]["/Lang"]).startswith(language)


def test_no_line_rests_on_doubtful_rows_without_saying_so(demo: User) -> None:
    brief = demo_brief(demo, "en")

    def check(line: SheetLine) -> None:
        marks = {badge.kind for badge in line.badges}
        assert "unknown" not in marks, line.text  # of a project whose stage nobody wrote down it would say too much
        if any(each.get("example") for each in line.evidence):
            assert "example" in marks, line.text
        assert not any(each.get("unconfirmed") for each in line.evidence), line.text
        for part in line.parts:
            check(part)

    lines = list(read_brief(brief, Reading(length=Length.LONG)).lines)
    assert any("example" in {badge.kind for badge in line.badges} for line in lines)
    for line in lines:
        check(line)


def test_the_first_three_proposals_rest_on_no_example(demo: User) -> None:
    for line in read_brief(demo_brief(demo, "ca"), Reading()).proposals:
        assert "example" not in {badge.kind for badge in line.badges}


def test_links_through_the_city_say_so(demo: User) -> None:
    posts = [item for item in demo_brief(demo, "fr").document["sides"] if item["key"].startswith("post:")]
    assert ("left", "Montpellier") in {(item["side"], item.get("via")) for item in posts}


def test_names_as_an_officer_types_them(demo: User) -> None:
    made = brief_for_command_line("Montpeller", "AMB", "Medcities", "ca", "json").decode()
    assert '"audience": "shared"' in made
    assert "Montpeller" in made


# Every sentence rests on what is stored


@pytest.fixture(scope="module")
def asked(demo: User) -> tuple[Facts, Answers]:
    """What was read and what was answered for the pair of the demo, unconfirmed rows included."""
    left, right, network = (Organisation.objects.get(source_id=name) for name in (LEFT, RIGHT, NETWORK))
    question = question_of(demo, Wish(left, right, network, include_unconfirmed=True))
    facts = gather(question)
    return facts, answers_for(facts)


def test_all_pairs_of_the_two_portfolios_say_nothing_that_is_not_in_them(asked: tuple[Facts, Answers]) -> None:
    _, answers = asked
    lefts, rights = answers.left.items, answers.right.items
    assert min(len(lefts), len(rights)) > 10
    compared = compare_items(lefts, rights, vectors())
    for (row, left), (column, right) in product(enumerate(lefts), enumerate(rights)):
        assert unbacked(compared.explain(row, column), left, right) == [], (left.id, right.id)


def test_what_the_engine_proposes_rests_on_entries_of_the_two(asked: tuple[Facts, Answers]) -> None:
    facts, answers = asked
    calls = {call.public_id: call for call in facts.calls} | answers.world_calls
    entries = {item.id: item for side in (answers.left, answers.right) for item in side.items}
    assert len({one.kind for one in answers.synergies}) >= 3
    for one in answers.synergies:
        first, second = one.items
        assert second.id in entries, one.id
        assert first.id in entries or one.kind == "assistance", one.id
        assert (one.call_id in calls) is (one.kind == "joint-application")
        told = [feature for feature in one.features if feature.name in TOLD_OF_TWO or feature.name.startswith("text-")]
        # Reasons are told of the left side first, and of who wants before a helper, whoever gives.
        turned = one.kind == "assistance" or one.giver_id == answers.right.organisation_id
        pair = (second, first) if turned else (first, second)
        assert unbacked(tuple(told), *pair) == [], one.id
    for group in answers.themes:
        for match in group.matches:
            assert unbacked(match.features, entries[match.left_id], entries[match.right_id]) == []


TOLD_OF_TWO = ("themes", "stage", "sdgs", "partners", "programme", "place")


def test_every_value_in_a_line_of_the_brief_is_stored(asked: tuple[Facts, Answers]) -> None:
    facts, answers = asked
    there = stored(facts, answers)
    lines = [*together_lines(facts, answers), *member_lines(facts, answers), *meeting_point_lines(facts)]
    assert len(lines) > 30
    for line in walked(lines):
        for name, value in values_of(line.said):
            if name in COMPUTED:
                continue
            assert seen(value) in there, (line.key, name, value)


COMPUTED = ("decide", "theme", "themes", "count")
"""A day that is reckoned, what a text was read to be about, how many: other tests look at these."""


def test_what_a_line_says_of_entries_is_so_whatever_their_kind_and_stage(asked: tuple[Facts, Answers]) -> None:
    facts, answers = asked
    found: set[str] = set()
    for synergy in (*answers.synergies, *every_pairing(answers)):
        [line] = together_lines(facts, replace(answers, synergies=[synergy]))
        message = str(line.said.message)
        found |= {words for words in CLAIMS if words in message}
        for words, is_so in CLAIMS.items():
            assert words not in message or is_so(*synergy.items), (synergy.id, message)
        if synergy.kind in ("exchange", "assistance", "joint-project"):
            owners = [named(facts, item.owner_id) for item in synergy.items]
            assert [line.said.values["giver"], line.said.values["taker"]] == owners
    assert found == set(CLAIMS)


def every_pairing(answers: Answers) -> Iterator[Synergy]:
    """Two entries of each kind and stage, for each way in which the engine can put them together."""
    sides = [side.items[0] for side in (answers.left, answers.right)]
    standing = [(ItemKind.PROJECT, stage) for stage in Stage] + [
        (kind, Stage.UNKNOWN) for kind in ItemKind if kind is not ItemKind.PROJECT
    ]
    parts = {SynergyKind.EXCHANGE: (gives, wants), SynergyKind.JOINT_PROJECT: (works, works)}
    for (kind, (one, other)), first, second in product(parts.items(), standing, standing):
        items = tuple(replace(side, kind=k, stage=s) for side, (k, s) in zip(sides, (first, second), strict=True))
        if one(items[0]) * other(items[1]) > 0:
            ids = answers.left.organisation_id, answers.right.organisation_id
            yield Synergy(f"{kind}-{first}-{second}", kind, 0.5, Strength.FAIR, *ids, items, "water")


def _is_at(place: int, *stages: Stage) -> Callable[[Item, Item], bool]:
    return lambda *items: items[place].kind is ItemKind.PROJECT and items[place].stage in stages


CLAIMS: dict[str, Callable[[Item, Item], bool]] = {
    "%(giver)s offers": lambda given, wanted: given.kind is ItemKind.OFFER,
    "%(giver)s has done": _is_at(0, Stage.FINISHED),
    "%(giver)s is at work on": _is_at(0, Stage.ONGOING),
    "whose stage is not known": _is_at(0, Stage.UNKNOWN),
    "%(taker)s looks for": lambda given, wanted: wanted.kind is ItemKind.NEED,
    "Both are at it now": lambda one, other: (
        _is_at(0, Stage.ONGOING)(one, other) and _is_at(1, Stage.ONGOING)(one, other)
    ),
    "Both want to act": lambda one, other: not {Stage.FINISHED} & {one.stage, other.stage},
    "how far one of them is": lambda one, other: Stage.UNKNOWN in {one.stage, other.stage},
}
"""Words of the sentences on what two sides do, and when they may be said."""


def test_members_and_calls_are_told_with_what_is_theirs(asked: tuple[Facts, Answers]) -> None:
    facts, answers = asked
    lines = {line.key: line for line in (*member_lines(facts, answers), *together_lines(facts, answers))}
    assert answers.members
    for fit in answers.members:
        member = facts.by_public_id(fit.organisation_id)
        assert member is not None
        assert member.pk in {relation.from_organisation_id for relation in facts.memberships}
        said = lines[f"member:{member.public_id}"].said.values
        assert (said["member"], said["country"]) == (name_of(member), Country(member.country))
        theirs = [*facts.projects_of([member.pk]), *facts.needs_of([member.pk])]
        assert {item.id for item in fit.items} <= {record.public_id for record in theirs}
    calls = {call.public_id: call for call in facts.calls}
    applied = [one for one in answers.synergies if one.call_id in calls]
    assert applied
    for one in applied:
        line, call = lines[f"synergy:{one.id}"], calls[one.call_id]
        assert (line.said.values["call"], line.said.values["closes"]) == (call.title_text(), call.closes)
        opening = opening_of(facts, answers, one.call_id)
        assert opening is not None
        assert opening.grant == (None if call.max_grant is None else Money(call.max_grant, call.currency))
        decide = [part.said.values["decide"] for part in line.parts if part.kind == "step"]
        assert decide == [facts.question.on + (call.closes.latest - facts.question.on) // 3]


def test_where_the_two_meet_is_so(asked: tuple[Facts, Answers]) -> None:
    facts, _ = asked
    on = facts.question.on
    by_id = {project.public_id: project for project in facts.projects}
    kinds: set[str] = set()
    for line in meeting_point_lines(facts):
        kind, _, key = line.key.partition(":")
        message = str(line.said.message)
        kinds.add(kind)
        if kind == "common-project":
            stage = stage_on(by_id[key], on)
            assert message.startswith(_WORKED.get(stage, "Both work on")), (message, stage)
        elif kind == "partner" and message.startswith("Both work with"):
            worked = [by_id[proof.record] for proof in line.proofs if proof.record in by_id]
            assert all(stage_on(project, on) in ("ongoing", "preparing") for project in worked), key
        elif kind == "seat" and message.startswith("Both have a seat"):
            types = {relation.type for relation in facts.relations if relation.to_organisation.public_id == key}
            assert types - {"participates_in"}, key
    assert {"partner", "seat"} <= kinds


_WORKED = {Stage.FINISHED: "Both have worked on", Stage.UNKNOWN: "Both are named in"}


def test_a_match_of_two_files_of_its_rows_quotes_these_rows(
    asked: tuple[Facts, Answers], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYMPOLIS_HOME", str(tmp_path / "none"))
    sides = [[as_row(item) for item in side.items[:25]] for side in (asked[1].left, asked[1].right)]
    paths = [tmp_path / "l.jsonl", tmp_path / "r.jsonl", tmp_path / "m.jsonl"]
    for path, rows in zip(paths, sides, strict=False):
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    words = ["match", str(paths[0]), str(paths[1]), "--fast", "--limit", "5", "--output", str(paths[2])]
    assert CliRunner(catch_exceptions=False).invoke(sympolis_command, words).exit_code == 0
    lefts, rights = ({row["id"]: as_item(row) for row in rows} for rows in sides)
    found = [json.loads(line) for line in paths[2].read_text(encoding="utf-8").splitlines()]
    assert len(found) == 5 * len(lefts)
    for row in found:
        reasons = tuple(Feature(**reason) for reason in row["reasons"])
        assert unbacked(reasons, lefts[row["left_id"]], rights[row["right_id"]]) == [], row


def as_row(item: Item) -> dict[str, Any]:
    """An entry as somebody would write it into a file, in one of its languages."""
    language = next(iter(item.title))
    return {
        "id": item.id,
        "title": item.title[language],
        "text": item.text.get(language) or item.title[language],
        "language": language,
        "kind": item.kind,
        "themes": list(item.themes),
        "sdgs": list(item.sdgs),
        "countries": list(item.countries),
        "programme": item.programme,
    }


def as_item(row: dict[str, Any]) -> Item:
    return Item(
        id=row["id"],
        kind=row["kind"],
        title={row["language"]: row["title"]},
        text={row["language"]: row["text"]},
        owner_id="",
        themes=tuple(row["themes"]),
        sdgs=tuple(row["sdgs"]),
        countries=tuple(row["countries"]),
        programme=row["programme"],
    )
