"""The brief of the demo: Montpellier and Barcelona's metropolitan authorities, MedCities, in five languages."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pypdf
import pytest
from django.conf import settings
from django.db import transaction

from sympolis.cli.demo import load_demo
from sympolis.engine.model import LANGUAGES
from sympolis.office.core.models import User
from sympolis.office.directory.models import Organisation
from sympolis.office.synergies.actions import Wish, brief_for_command_line, export_brief, make_brief, read_brief
from sympolis.office.synergies.brief.lines import Section
from sympolis.office.synergies.brief.sheet import Reading, SheetLine
from sympolis.office.synergies.enums import Format, Length
from sympolis.office.synergies.models import Brief

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
        assert known, section
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
