"""The demo office comes in by the importer: every row, once, with its dates kept fresh."""

from __future__ import annotations

import csv
import html
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from sympolis.cli import readiness, serve
from sympolis.cli.demo import demo_sheet, load_demo, next_tuesday, refresh_dates
from sympolis.cli.demo_council import keep_example_council
from sympolis.cli.demo_process import keep_example_process
from sympolis.cli.readiness import is_prepared, note_prepared
from sympolis.cli.sign_ins import demo_sign_ins, sign_ins_file
from sympolis.config.home import Home
from sympolis.demo import FOLDER, ORDER, TABLE_OF
from sympolis.office.core.imports.definition import tables
from sympolis.office.core.imports.errors import ImportRefused
from sympolis.office.core.imports.understand import understand
from sympolis.office.core.models import Import, RetiredId, User
from sympolis.office.directory.examples import example_counts, remove_examples
from sympolis.office.directory.models import (
    Agreement,
    Figure,
    Membership,
    MembershipFee,
    Office,
    Organisation,
    Position,
    Relation,
)
from sympolis.office.directory.moments import Moment
from sympolis.office.events.dates import OtherDate
from sympolis.office.events.models import Event
from sympolis.office.events.queries import editions_of
from sympolis.office.planning.models import (
    Action,
    Comment,
    Contribution,
    ContributionLink,
    Dot,
    GeographicalPriority,
    Plan,
    ProcessPhase,
    Session,
)
from sympolis.office.planning.voices.queries import openness_of
from sympolis.office.projects.models import Call, Need, Participation, Project
from sympolis.office.publishing.models import NewsItem
from sympolis.office.synergies.models import Commitment, Meeting
from sympolis.web.public.seats import benches_of, sitters_of

SHARED = Path(os.environ.get("SYMPOLIS_SHARED") or Path(__file__).resolve().parents[3] / "shared") / "data" / "facts"


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[list[tuple[str, int, int]]]:
    """The demo, loaded once for this module; what it said on the way."""
    steps: list[tuple[str, int, int]] = []
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        load_demo(lambda name, done, of: steps.append((name, done, of)))
        yield steps
        transaction.set_rollback(True)
    sign_ins_file(settings.HOME).unlink(missing_ok=True)


@pytest.fixture
def demo(told: list[tuple[str, int, int]]) -> Iterator[None]:
    """The demo, as it was when this test is over."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def counted() -> dict[str, int]:
    return {
        model.__name__: model._default_manager.count()
        for model in (
            Organisation, Relation, Agreement, Figure, Project, Participation, Call, Need, Plan, Action, Session, Event,
            Meeting, Commitment, NewsItem, Import, Office, User, Membership,
        )
    }  # fmt: skip


def test_it_says_how_far_it_is(told: list[tuple[str, int, int]]) -> None:
    assert [name for name, _done, _of in told] == [*ORDER, "office", "sign-ins", "done"]
    assert [done for _name, done, _of in told] == list(range(26))


@pytest.mark.parametrize("name", ORDER)
def test_no_row_is_refused_and_every_column_is_understood(demo: None, name: str) -> None:
    sheet = demo_sheet(name, date(2026, 11, 23))
    understood = understand(tables()[TABLE_OF.get(name, name)], sheet, source="facts")
    assert understood.problems == []
    assert len(sheet.rows) == len(rows(name)) - (name == "events")  # one row is another source's date of an event
    left_out = {heading for heading, column in zip(sheet.headings, understood.columns, strict=True) if not column}
    assert left_out == {"meetings": {"relative_days", "language"}, "commitments": {"relative_days"}}.get(name, set())
    assert [
        heading for heading, column in zip(sheet.headings, understood.columns, strict=True) if heading != column
    ] == [heading for heading in sheet.headings if heading in left_out or heading == "retrieved_note"]


def test_every_row_of_the_tables_is_there(demo: None) -> None:
    bodies = Organisation.objects.filter(kind="body", parent__isnull=False)
    made_by_seats = 11
    assert Organisation.objects.exclude(source_id="cou-ex").count() == len(rows("organisations")) + made_by_seats == 426
    assert bodies.exclude(source_id="cou-ex").count() == 5 + made_by_seats
    assert Relation.objects.filter(source_id__contains=":sits_on:").count() == 29
    in_seats = {
        pk for run in Import.objects.filter(table="seats") for pk in run.undo["created"] if pk.startswith("rel_")
    }
    of_facts = Relation.objects.exclude(source_id__startswith="cou-ex")
    assert of_facts.exclude(public_id__in=in_seats).count() == len(rows("relations")) == 935
    assert Relation.objects.filter(confirmed=False).count() == 317
    for model, name in (
        (Agreement, "agreements"), (Call, "calls"), (Need, "needs"),
        (Action, "plan_actions"), (Meeting, "meetings"),
        (Commitment, "commitments"), (NewsItem, "news"), (apps.get_model("directory.Department"), "departments"),
    ):  # fmt: skip
        made = model._default_manager.exclude(source_id__startswith="pla-ex-next").exclude(source_id="cou-ex-sitting")
        assert (name, made.count()) == (name, len(rows(name)))
    assert Event.objects.count() == len(rows("events")) - 1  # one row is another source's date of an event
    assert Plan.objects.exclude(source_id__startswith="pla-ex-next").count() == len(rows("plans"))
    assert Project.objects.exclude(source_id="prj-ex-shade").count() == len(rows("projects"))
    fees = MembershipFee.objects.filter(illustrative=True)  # nobody looked up the real ones
    assert MembershipFee.objects.count() == fees.count() == len(rows("example_fees"))
    assert Position.objects.filter(illustrative=True).count() == Position.objects.count() == 3
    assert Figure.objects.count() == len(rows("figures")) + len(rows("place_figures"))
    assert Participation.objects.exclude(project__source_id="prj-ex-shade").count() == sum(
        len({row["lead_id"], *row["partner_ids"].split(";")} - {""}) for row in rows("projects")
    )


def test_the_example_applications_and_requests_are_marked(demo: None) -> None:
    applications = apps.get_model("projects.Application")
    assert sorted(applications.objects.values_list("stage", "illustrative", "visibility")) == [
        ("drafting", True, "office"), ("granted", True, "office"), ("partners", True, "office"),
        ("refused", True, "office"),
    ]  # fmt: skip
    assert applications.objects.filter(call=None).count() == 0
    first = applications.objects.get(stage="drafting")
    assert {row.organisation.source_id: row.state for row in first.partners.all()} == {
        "sfax": "yes", "montpellier": "asked", "tunis": "thought",
    }  # fmt: skip
    requests = apps.get_model("synergies.HelpRequest")
    assert sorted(requests.objects.values_list("kind", "illustrative")) == [("partner", True), ("visit", True)]


def test_the_example_council_sits_by_kind_and_the_meeting_has_attendees(demo: None) -> None:
    council = Organisation.objects.get(source_id="cou-ex")
    assert (council.illustrative, council.kind, council.parent and council.parent.source_id) == (True, "body", "amb")
    benches = benches_of(sitters_of(AnonymousUser(), {council.pk}, Moment.now(timezone.localdate()))[council.pk])
    assert [(str(one.label), sorted(who.organisation.slug for who in one.sitters)) for one in benches] == [
        ("Public", ["badalona", "barcelona"]),
        ("Private", ["ascame"]),
        ("Civil society", ["fccd"]),
        ("Expert", ["cidob", "ibei"]),
    ]
    assert [one.illustrative for one in council.positions.all()] == [True]
    attendees = Meeting.objects.get(source_id="mtg-ex-tuesday").attendees.all()
    assert sorted((one.organisation.source_id, one.answer, one.name) for one in attendees) == [
        ("amb", "", ""), ("amb", "yes", ""), ("medcities", "", ""), ("montpellier", "no", ""),
        ("montpellier-3m", "yes", ""),
    ]  # fmt: skip
    keep_example_council("facts", "mtg-ex-tuesday", timezone.localdate())
    assert Organisation.objects.filter(source_id="cou-ex").count() == 1


def test_the_webinar_has_its_two_editions_its_speakers_and_both_dates(demo: None) -> None:
    spanish = Event.objects.get(source_id="webinar-internationalisation-2020")
    french = Event.objects.get(source_id="webinar-internationalisation-2020-fr")
    visitor = AnonymousUser()
    assert list(editions_of(visitor, spanish)) == [french]
    assert list(editions_of(visitor, french)) == [spanish]
    assert (str(spanish.start), str(french.start)) == ("2020-04-04", "2020-11-25")
    (other,) = [OtherDate.of(line) for line in spanish.also_dated]
    assert (str(other.on), other.source_url) == ("2020-04-03", "https://www.old.uclg.org/es/node/30951")
    assert other.words == "UCLG announces 3 April 16:30-17:30 CET, one hour"
    assert (spanish.cities.count(), spanish.organisers.count()) == (16, 2)
    spoke = [(one.name, one.post, one.house, one.organisation_id is not None) for one in spanish.speaker_rows.all()]
    assert spoke == [
        ("Paola Arjona", "Technical Director", "AL-LAs", True),
        ("Luz Amparo Medina Gerena", "District Director", "Bogotá City Hall", False),
        ("Oriol Illa", "Director of International Relations and Cooperation", "AMB", True),
        ("Mariana Flores Mayen", "Executive Director of Institutional Representation", "Mexico City Government", False),
    ]


def test_the_example_session_leads_to_an_example_plan_alone(demo: None) -> None:
    session = Session.objects.get(source_id="ses-ex-priorities")
    assert (session.illustrative, session.phase, session.visibility) == (True, "closed", "public")
    assert session.contributions.count() == 25
    assert set(session.contributions.values_list("language", flat=True)) == {"ca", "es", "fr", "en"}
    links = ContributionLink.objects.filter(contribution__session=session)
    assert (links.count(), links.filter(line__illustrative=True).count()) == (22, 22)
    assert Dot.objects.filter(group__session=session).count() == 50
    assert session.decisions_published_at is not None
    assert set(session.participants.values_list("name", "speaks_for", "email")) == {("", "", "")}


def test_an_open_process_is_an_example_and_moves_with_the_calendar(demo: None) -> None:
    plan = Plan.objects.get(source_id="pla-ex-next")
    today = timezone.localdate()
    opened = openness_of(plan)
    assert (opened.supports_open, opened.comments_open, opened.lets("contribute"), opened.lets("prioritise")) == (
        True, True, True, False,
    )  # fmt: skip
    session = Session.objects.get(source_id="ses-ex-open")
    assert (session.illustrative, session.phase, session.audience) == (True, "contribute", "public")
    actions = Action.objects.filter(plan__parent=plan)
    assert (actions.count(), actions.filter(illustrative=True).count()) == (2, 2)
    assert Comment.objects.filter(action__in=actions).count() == 2
    assert GeographicalPriority.objects.filter(version__plan=plan).count() == 2
    assert Contribution.objects.filter(session__plan=plan).exclude(countries="", regions="").exists()
    keep_example_process(today + timedelta(days=400))
    first, second = ProcessPhase.objects.filter(process__plan=plan)
    assert first.starts <= today + timedelta(days=400) <= first.ends < second.starts
    assert Comment.objects.count() == 2
    keep_example_process(today)  # it has not become old
    assert ProcessPhase.objects.filter(process__plan=plan).first() == first


def test_texts_in_the_language_they_were_written_in(demo: None) -> None:
    amb = Organisation.objects.get(slug="amb")
    assert set(amb.description.plain()) == {"en", "ca", "es", "fr", "ar"}
    asima = Project.objects.get(source_id="asima-tunis")
    assert (set(asima.title.plain()), set(asima.summary.plain())) == ({"en", "fr", "ar"}, {"fr", "ar"})
    for row in rows("texts"):
        organisation = Organisation.objects.get(source_id=row["organisation_id"], source="facts")
        field = {"name": "names", "line": "line", "description": "description"}[row["kind"]]
        entry = getattr(organisation, field)[row["language"]]
        assert (entry["text"], entry.get("illustrative", False)) == (row["text"].strip(), row["illustrative"] == "true")


MEASURE = {
    "en": "International relations",
    "ca": "Relacions internacionals",
    "es": "Relaciones internacionales",
    "fr": "Relations internationales",
    "ar": "العلاقات الدولية",
}
FIRST, LAST = (
    {"en": "Advisory council for international relations", "ca": "Consell assessor de relacions internacionals",
     "es": "Consejo asesor de relaciones internacionales", "fr": "Conseil consultatif des relations internationales",
     "ar": "مجلس استشاري للعلاقات الدولية"},
    {"en": "Alignment with the 2030 Agenda", "ca": "Alineació amb l'Agenda 2030", "es": "Alineación con la Agenda 2030",
     "fr": "Alignement sur l'Agenda 2030", "ar": "المواءمة مع خطة عام 2030"},
)  # fmt: skip


@pytest.mark.parametrize("language", list(MEASURE))
def test_the_measure_reads_whole_in_each_language(demo: None, language: str) -> None:
    measure = Plan.objects.get(source_id="pam-ri")
    with override(language):
        shown = Client().get(measure.get_absolute_url())
    actions = shown.context["plan"].listed_actions
    numbers = list(Action.objects.filter(plan=measure).order_by("source_id").values_list("pk", flat=True))
    assert ([one.pk for one in actions], len(numbers)) == (numbers, 13)
    assert measure.title.get_text(language) == MEASURE[language]
    for one in (measure, measure.parent, *Action.objects.filter(plan=measure)):
        assert one.title.get_text(language), one
        assert one.text.get_text(language) or one == measure.parent, one
    titles = [one.title.get_text(language) for one in actions]
    assert (titles[0], titles[-1], len(set(titles))) == (FIRST[language], LAST[language], 13)
    said = html.unescape(re.sub(r"<[^>]+>", "", shown.text))
    for words in (*titles, measure.text.get_text(language), measure.parent.title.get_text(language)):
        assert words in said
    assert 'class="lang-note"' not in shown.text  # nothing stands there in another language
    assert shown.context["owner"] == Organisation.objects.get(source_id="amb")
    assert (measure.published_supports, measure.published_comments) == (3, 0)
    assert "<dd>3</dd>" in shown.text
    who = {one.title[language].get("translator", "") for one in actions}
    assert who == ({""} if language == "en" else {"Sympolis"})
    assert ("<bdi>Sympolis</bdi>" in shown.text) == (language != "ca")


def test_the_seats_that_matter(demo: None) -> None:
    uclg = Organisation.objects.get(slug="uclg")
    medcities = Relation.objects.filter(
        from_organisation__slug="medcities", type="sits_on", to_organisation__parent=uclg
    )
    assert set(medcities.values_list("to_organisation__slug", flat=True)) == {"uclg-med", "uclg-strategic-planning"}
    presides = Relation.objects.filter(from_organisation__slug="montpellier", type="president_of")
    assert {(one.to_organisation.slug, str(one.since), str(one.until)) for one in presides} == {
        ("medcities", "2023", "2027"),
        ("cuf", "2024", ""),
    }
    hub = Relation.objects.filter(type="sits_on", to_organisation__name="Urban Hub")
    assert set(hub.values_list("from_organisation__slug", flat=True)) == {
        "medcities", "world-bank", "giz", "afd", "eib", "cdc", "cities-alliance"
    }  # fmt: skip


def test_places_and_people_of_cities(demo: None) -> None:
    barcelona = Organisation.objects.get(slug="barcelona")
    assert barcelona.population is not None
    assert 1_500_000 < barcelona.population < 1_800_000
    tiana = Organisation.objects.get(slug="tiana")
    assert (round(tiana.latitude or 0, 1), round(tiana.longitude or 0, 1)) == (41.5, 2.3)
    unknown = Organisation.objects.filter(kind="city", population=None).values_list("slug", flat=True)
    assert set(unknown) == {
        "badia-del-valles", "el-mina", "el-papiol", "la-palma-de-cervello", "sant-climent-de-llobregat", "zgharta-ehden"
    }  # fmt: skip


def test_who_sees_what(demo: None) -> None:
    assert set(Meeting.objects.values_list("visibility", flat=True)) == {"office"}
    assert set(Commitment.objects.values_list("visibility", flat=True)) == {"office"}
    assert set(Project.objects.values_list("visibility", flat=True)) == {"public"}


def test_overdue_is_never_written_down(demo: None) -> None:
    assert {row["status"] for row in rows("commitments")} == {"open", "overdue", "done", "unknown"}
    assert set(Commitment.objects.values_list("status", flat=True)) == {"open", "done", "unknown"}
    assert Commitment.objects.get(source_id="c-ex-1").status == "open"


@pytest.mark.parametrize("today", [date(2026, 11, 22) + timedelta(days=days) for days in range(14)])
def test_the_meeting_is_always_next_tuesday(today: date) -> None:
    tuesday = next_tuesday(today)
    assert (tuesday.weekday(), timedelta(0) < tuesday - today <= timedelta(days=7)) == (1, True)
    sheet = demo_sheet("meetings", today)
    day = {row.cells[0]: row.cells[sheet.headings.index("starts_on")] for row in sheet.rows}
    assert day["mtg-ex-tuesday"] == tuesday.isoformat()
    assert day["mtg-ex-call"] == (tuesday - timedelta(days=35)).isoformat()
    assert day["mtg-gabes-2022"] == "2022-09-27"
    promises = demo_sheet("commitments", today)
    due = {row.cells[0]: row.cells[promises.headings.index("due_on")] for row in promises.rows}
    assert date.fromisoformat(due["c-ex-1"]) < today
    assert date.fromisoformat(due["c-ex-7"]) > today


def test_the_office_and_its_people(demo: None) -> None:
    office = Office.objects.get()
    assert office.organisation is not None
    assert (office.is_demo, office.organisation.slug, office.languages) == (True, "amb", ("en", "ca", "es", "fr", "ar"))
    assert set(office.name.plain()) == set(office.about.plain()) == {"en", "ca", "es", "fr", "ar"}
    people = {person.who: person for person in demo_sign_ins(settings.HOME)}
    assert list(people) == ["administrator", "officer", "contact", "participant"]
    roles = {who: User.objects.get(email=person.email).role for who, person in people.items()}
    assert roles == {
        "administrator": "administrator", "officer": "officer", "contact": "participant", "participant": "participant"
    }  # fmt: skip
    assert all(User.objects.get(email=one.email).check_password(one.password) for one in people.values())
    assert Membership.objects.get().organisation.slug == "sfax"
    assert stat.S_IMODE((settings.HOME.path / "demo-sign-ins.json").stat().st_mode) == 0o600


def test_a_second_call_adds_nothing_and_loses_nothing(demo: None) -> None:
    before, passwords = counted(), json.dumps([one.password for one in demo_sign_ins(settings.HOME)])
    sfax = Organisation.objects.get(slug="sfax")
    sfax.website = "https://www.sfax.tn/nouveau"
    sfax.save()
    Need.objects.filter(illustrative=False).first().delete()  # type: ignore[union-attr]
    load_demo(lambda *_step: None)
    sfax.refresh_from_db()
    assert sfax.website == "https://www.sfax.tn/nouveau"
    assert counted() == {**before, "Need": before["Need"] - 1}
    assert json.dumps([one.password for one in demo_sign_ins(settings.HOME)]) == passwords


def test_a_week_later_the_meeting_has_moved_and_what_people_wrote_stays(demo: None) -> None:
    meeting = Meeting.objects.get(source_id="mtg-ex-tuesday")
    promise = Commitment.objects.get(source_id="c-ex-3")
    promise.status = "done"
    promise.save()
    Commitment.objects.get(source_id="c-ex-4").delete()
    moved = date.fromisoformat(str(meeting.starts)) + timedelta(days=7)
    refresh_dates(moved - timedelta(days=3))
    meeting.refresh_from_db()
    promise.refresh_from_db()
    assert str(meeting.starts) == moved.isoformat()
    assert (str(promise.due), promise.status) == ((moved - timedelta(days=1)).isoformat(), "done")
    assert not Commitment.objects.filter(source_id="c-ex-4").exists()


def test_a_load_that_broke_off_goes_on_where_it_stopped(demo: None, monkeypatch: pytest.MonkeyPatch) -> None:
    NewsItem.objects.all().delete()
    Import.objects.filter(table="news").delete()
    load_demo(lambda *_step: None)
    assert NewsItem.objects.count() == 3


def test_examples_vanish_in_one_go_and_nothing_real_goes_with_them(demo: None) -> None:
    counts = example_counts()
    assert (counts["meetings"], counts["commitments"], counts["departments"], counts["agreements"]) == (4, 9, 14, 3)
    assert counts["texts about organisations"] == 5
    before = counted()
    meeting = Meeting.objects.get(source_id="mtg-ex-tuesday")
    mine = Commitment.objects.create(organisation=Organisation.objects.get(slug="amb"), meeting=meeting)
    removed = remove_examples()
    mine.refresh_from_db()
    assert mine.meeting is None
    assert removed == sum(counts.values())
    assert example_counts() == {}
    assert RetiredId.objects.filter(public_id=meeting.public_id).exists()
    assert Meeting.history.filter(public_id=meeting.public_id, history_type="-").count() == 1  # type: ignore[attr-defined]
    after = counted()
    assert (after["Project"], after["Event"], after["Organisation"]) == (
        before["Project"] - 1, before["Event"], before["Organisation"] - 3
    )  # fmt: skip
    assert Organisation.objects.get(slug="amb").description.plain().keys() >= {"ca", "es", "fr", "en"} - {
        row["language"] for row in rows("texts") if row["illustrative"] == "true" and row["organisation_id"] == "amb"
    }
    assert Office.objects.get().examples_removed_at is not None
    with pytest.raises(ImportRefused, match="removed already"):
        remove_examples()
    load_demo(lambda *_step: None)
    assert example_counts() == {}


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data/facts is not beside this checkout")
def test_the_tables_are_those_that_were_gathered() -> None:
    assert {path.name for path in SHARED.glob("*.csv")} == {f"{name}.csv" for name in ORDER if name not in TABLE_OF}
    for path in SHARED.glob("*.csv"):
        assert path.read_bytes() == (FOLDER / path.name).read_bytes()


@pytest.mark.parametrize(("address", "expected"), [("127.0.0.1", "http://localhost:8123"), ("0.0.0.0", None)])
def test_mails_of_the_demo_lead_to_where_it_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, expected: str | None
) -> None:
    """Its worker is told, unless others reach it under a name that only they know."""
    home = Home(tmp_path / "home")
    home.prepare("demo")
    monkeypatch.setenv("SYMPOLIS_HOME", str(home.path))
    monkeypatch.setenv("SYMPOLIS_ADDRESS", "")
    monkeypatch.delenv("SYMPOLIS_ADDRESS")
    told: list[str | None] = []
    monkeypatch.setattr(serve, "refuse_taken", lambda *_: None)
    monkeypatch.setattr(serve, "serve_web", lambda *_: None)
    monkeypatch.setattr(serve.Companion, "start", lambda _: told.append(os.environ.get("SYMPOLIS_ADDRESS")))
    monkeypatch.setattr(serve.Companion, "stop", lambda _: None)
    serve.serve_together(address, 8123)
    assert told == [expected]


def test_the_next_start_prepares_again_when_anything_it_rests_on_is_gone_or_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    home.prepare("demo")
    home.database.touch()
    home.index.mkdir()
    (home.index / "complete").touch()
    assert not is_prepared(home)
    note_prepared(home)
    assert is_prepared(home)
    for gone in (home.database, home.index / "complete"):
        gone.unlink()
        assert not is_prepared(home)
        gone.touch()
    package = tmp_path / "package"
    shutil.copytree(readiness.PACKAGE / "cli", package)
    monkeypatch.setattr(readiness, "PACKAGE", package)
    assert not is_prepared(home)
    note_prepared(home)
    assert is_prepared(home)
    with (package / "demo.py").open("a") as program:
        program.write("\n")
    assert not is_prepared(home)
    (home.path / readiness.NOTE).write_text('{"finger')
    assert not is_prepared(home)


def test_nothing_of_django_is_loaded_before_a_prepared_demo_is_served(tmp_path: Path) -> None:
    asked = "import sys, sympolis.cli.start; print(sorted({'django', 'numpy', 'openpyxl'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_example_of_a_project_that_runs(demo: None) -> None:
    project = Project.objects.get(source_id="prj-ex-shade")
    assert (project.illustrative, project.running.layout, project.shares.count()) == (True, "full", 3)  # type: ignore[attr-defined]
    planned = {line.what: line.planned for line in project.budget_lines.all()}  # type: ignore[attr-defined]
    assert (planned["Project officer, months"], planned["Office costs"]) == (Decimal("115512.00"), Decimal("17326.80"))
    assert sum(planned.values()) == Decimal("440838.80")
    assert [payment.converted for payment in project.payments.filter(currency="TND")] == [Decimal("15460.10")]  # type: ignore[attr-defined]


def test_its_own_pages_are_in_five_languages_with_maps_that_say_what_they_show(demo: None) -> None:
    pages, pictures = apps.get_model("publishing.Page"), apps.get_model("publishing.Picture")
    about, network = pages.objects.order_by("pk")
    assert network.parent == about
    for page in (about, network):
        assert set(page.title.plain()) == {"en", "ca", "es", "fr", "ar"}
        assert page.published_at is not None
        assert page.title["ar"]["translator"] == "Sympolis"
    [item] = NewsItem.objects.exclude(blocks=[])
    assert (item.source_id, [one["kind"] for one in item.blocks]) == ("news-webinar", ["picture"])
    assert {len(one.alt.plain()) for one in pictures.objects.all()} == {5}
    load_demo(lambda *_said: None)
    assert (pages.objects.count(), pictures.objects.count()) == (2, 2)  # once
