"""The demo office: its tables come in by the same importer any office uses for its spreadsheets."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from sympolis.cli.demo_council import keep_example_council
from sympolis.cli.demo_newsletter import keep_example_letters
from sympolis.cli.demo_pages import keep_demo_pages
from sympolis.cli.demo_process import keep_example_process
from sympolis.cli.demo_running import keep_example_running
from sympolis.cli.demo_session import keep_example_session
from sympolis.cli.demo_work import keep_example_work
from sympolis.cli.gazetteer import Gazetteer, Town
from sympolis.cli.sign_ins import SignIn, demo_sign_ins, keep_sign_ins
from sympolis.demo import FOLDER, GATHERED_ON, ORDER, TABLE_OF
from sympolis.engine.model import LANGUAGES, PartialDate
from sympolis.office.core.enums import SiteRole
from sympolis.office.core.imports.apply import bring_in
from sympolis.office.core.imports.definition import tables
from sympolis.office.core.imports.read import Sheet, read_table
from sympolis.office.core.imports.understand import understand
from sympolis.office.core.models import Import, User
from sympolis.office.core.texts import Text
from sympolis.office.directory.finder import COLUMNS, Finder
from sympolis.office.directory.models import Membership, Office, Organisation
from sympolis.office.events.models import Event
from sympolis.office.events.speakers import make_speaker_rows
from sympolis.office.synergies.models import Commitment, Meeting

SOURCE = "facts"
FILE = "demo/{name}.csv"
THE_MEETING = "mtg-ex-tuesday"
THE_MEETINGS_DAY = 2  # its place in the count of ``relative_days``
PLAN_OF_ACTIONS = "pam-ri"
WEBINAR = "webinar-internationalisation-2020"
WEBINAR_DATE = f"{WEBINAR}-date"  # a row that says what another source has for its day
NO_RECORDING = ". The news of it says that the recording is online; no source that was read gives its address."
TUESDAY = 1

type Progress = Callable[[str, int, int], None]

NAME = Text.of(
    en="International Relations of the Barcelona Metropolitan Area",
    ca="Relacions Internacionals de l'Àrea Metropolitana de Barcelona",
    es="Relaciones Internacionales del Área Metropolitana de Barcelona",
    fr="Relations internationales de l'Aire métropolitaine de Barcelone",
    ar="العلاقات الدولية لمنطقة برشلونة الحضرية",
)
ABOUT = Text.of(
    en="We work with cities and metropolises of the Mediterranean and of the world: in networks, in projects we share,"
    " and in cooperation with those who ask for it.",
    ca="Treballem amb ciutats i metròpolis de la Mediterrània i del món: en xarxes, en projectes compartits i cooperant"
    " amb qui ens ho demana.",
    es="Trabajamos con ciudades y metrópolis del Mediterráneo y del mundo: en redes, en proyectos compartidos y"
    " cooperando con quien nos lo pide.",
    fr="Nous travaillons avec des villes et des métropoles de la Méditerranée et du monde : dans des réseaux, dans des"
    " projets communs et en coopérant avec celles qui le demandent.",
    ar="نعمل مع مدن وحواضر من البحر المتوسط والعالم: في الشبكات، وفي مشاريع مشتركة، وبالتعاون مع من يطلب ذلك.",
)


def load_demo(progress: Progress) -> None:
    """Fill a migrated demo home: tables, office, sign-ins. Called again it adds nothing twice and loses nothing.

    ``progress`` is told what is being brought in, how many steps are done and how many there are. Meetings and
    promises that nobody edited move along with the calendar at every call, so that the demo never goes stale.
    """
    steps = len(ORDER) + 2
    office = _office()
    loaded = set(Import.objects.filter(file_name__startswith="demo/").values_list("file_name", flat=True))
    missing = [name for name in ORDER if FILE.format(name=name) not in loaded]
    for done, name in enumerate(ORDER):
        progress(name, done, steps)
        if name in missing:
            _bring_in(name, demo_sheet(name, timezone.localdate()))
    if "events" in missing:
        make_speakers()
    progress("office", len(ORDER), steps)
    _settle(office)
    progress("sign-ins", len(ORDER) + 1, steps)
    _make_sign_ins()
    keep_example_session(SOURCE)
    keep_example_work(SOURCE)
    keep_example_council(SOURCE, THE_MEETING, timezone.localdate())
    if office.examples_removed_at is None:
        keep_example_letters()
    keep_demo_pages(SOURCE)
    keep_example_process(timezone.localdate())
    keep_example_running(SOURCE)
    if not missing:
        refresh_dates(timezone.localdate())
    progress("done", steps, steps)


def demo_sheet(name: str, today: date) -> Sheet:
    """One of the demo's tables, its dates shifted, with what GeoNames knows."""
    sheet = read_table((FOLDER / f"{name}.csv").read_bytes())
    if name in {"meetings", "commitments"}:
        shift_dates(sheet, today)
    if name == "organisations":
        add_towns(sheet)
        add_names(sheet)
    if name == "events":
        link_editions(sheet)
    if name == "plan_actions":
        _add_column(sheet, "plan_id", [PLAN_OF_ACTIONS] * len(sheet.rows))
    return sheet


def refresh_dates(today: date) -> None:
    """Move the demo's own meetings and promises with the calendar; those taken away or edited stay as they are."""
    tuesday = PartialDate(next_tuesday(today), next_tuesday(today))
    meeting = Meeting.objects.filter(source=SOURCE, source_id=THE_MEETING).first()
    if meeting is None or meeting.imported.get("starts") == str(tuesday):
        return
    for name, model in (("meetings", Meeting), ("commitments", Commitment)):
        sheet = demo_sheet(name, today)
        there = set(model.objects.filter(source=SOURCE).values_list("source_id", flat=True))
        column, days = sheet.headings.index("id"), sheet.headings.index("relative_days")
        sheet.rows = [row for row in sheet.rows if row.cells[column] in there and row.cells[days]]
        _bring_in(name, sheet)


def next_tuesday(today: date) -> date:
    """The first Tuesday after today."""
    return today + timedelta(days=(TUESDAY - today.weekday() - 1) % 7 + 1)


def shift_dates(sheet: Sheet, today: date) -> None:
    """Put days in place of ``relative_days``, counted so that the meeting to prepare falls on next Tuesday."""
    first_day = next_tuesday(today) - timedelta(days=THE_MEETINGS_DAY)
    days = sheet.headings.index("relative_days")
    dated = [sheet.headings.index(name) for name in ("starts_on", "ends_on", "due_on") if name in sheet.headings]
    for row in sheet.rows:
        if row.cells[days]:
            for at in dated:
                row.cells[at] = (first_day + timedelta(days=int(row.cells[days]))).isoformat()


def add_towns(sheet: Sheet) -> None:
    """The number of inhabitants of cities, and the place of those that have none, from GeoNames."""
    gazetteer = Gazetteer()
    at = {name: sheet.headings.index(name) for name in ("name", "kind", "country_iso2", "latitude", "longitude")}
    people: list[str] = []
    for row in sheet.rows:
        cells = row.cells
        town = _town_of({name: cells[column] for name, column in at.items()}, gazetteer)
        people.append(str(town.population) if town and town.population else "")
        if town and not cells[at["latitude"]]:
            cells[at["latitude"]], cells[at["longitude"]] = str(town.latitude), str(town.longitude)
    _add_column(sheet, "population", people)


def add_names(sheet: Sheet) -> None:
    """What cities are called in our languages, where the facts do not say it and GeoNames lists that name for them."""
    own, at = sheet.headings.index("id"), sheet.headings.index("names_other")
    named = dict(row.cells for row in read_table((FOLDER / "town_names.csv").read_bytes()).rows)
    for row in sheet.rows:
        row.cells[at] = "|".join(filter(None, (row.cells[at], named.get(row.cells[own], ""))))


def link_editions(sheet: Sheet) -> None:
    """The French edition names the Spanish one, and what a second source says of that one's day stands with it."""
    at = {name: sheet.headings.index(name) for name in ("id", "start_date", "note", "source_url")}
    rows = {row.cells[at["id"]]: row for row in sheet.rows}
    other = rows[WEBINAR_DATE].cells
    words = other[at["note"]].partition(";")[0]
    said = f"{other[at['start_date']]} | {words} | {other[at['source_url']]}"
    sheet.rows = [row for row in sheet.rows if row.cells[at["id"]] != WEBINAR_DATE]
    ids = [row.cells[at["id"]] for row in sheet.rows]
    _add_column(sheet, "edition_of_id", [WEBINAR if one == f"{WEBINAR}-fr" else "" for one in ids])
    _add_column(sheet, "also_dated", [said if one == WEBINAR else "" for one in ids])
    rows[WEBINAR].cells[at["note"]] += NO_RECORDING
    _add_column(sheet, "kind", ["webinar" if one.startswith("webinar-") else "" for one in ids])


def make_speakers() -> None:
    """Rows of the words the facts have, with the organisations they name."""
    finder = Finder(Organisation.objects.only(*COLUMNS))
    anybody = AnonymousUser()
    for event in Event.objects.filter(source=SOURCE).exclude(speakers=""):
        make_speaker_rows(anybody, event, finder)


def _town_of(row: dict[str, str], gazetteer: Gazetteer) -> Town | None:
    if row["kind"] != "city":
        return None
    if row["latitude"]:
        return gazetteer.at(row["country_iso2"], float(row["latitude"]), float(row["longitude"]))
    return gazetteer.called(row["country_iso2"], row["name"])


def _add_column(sheet: Sheet, name: str, cells: Iterable[str]) -> None:
    width = len(sheet.headings)
    sheet.headings.append(name)
    for row, cell in zip(sheet.rows, cells, strict=True):
        row.cells[width:] = []
        row.cells.extend([*[""] * (width - len(row.cells)), cell])  # a row may end before the last heading


def _bring_in(name: str, sheet: Sheet) -> None:
    understood = understand(tables()[TABLE_OF.get(name, name)], sheet, source=SOURCE, language="en")
    bring_in(understood, file_name=FILE.format(name=name), retrieved_at=GATHERED_ON)


def _office() -> Office:
    office = Office.objects.first()
    if office is None:
        office = Office(is_demo=True, name=NAME, about=ABOUT, languages=LANGUAGES, default_language="en")
        office.save()
    if not office.is_demo:
        raise ValueError("An office of its own lives here; the demo has a home of its own.")
    return office


def _settle(office: Office) -> None:
    if office.organisation is None:
        office.organisation = Organisation.objects.filter(source=SOURCE, source_id="amb").first()
        office.save()


PEOPLE = (
    ("administrator", "admin@demo.example", "Núria", "Administrator", SiteRole.ADMINISTRATOR, "ca"),
    ("officer", "officer@demo.example", "Anna", "International relations officer", SiteRole.OFFICER, "en"),
    ("contact", "contact@demo.example", "Sami", "International relations, Sfax", SiteRole.PARTICIPANT, "fr"),
    ("participant", "participant@demo.example", "Jordi", "Councillor", SiteRole.PARTICIPANT, "ca"),
)
CITY_OF_CONTACT = "sfax"


def _make_sign_ins() -> None:
    """People of the demo with passwords made at random once; they are written down before they are used."""
    known = {person.who: person for person in demo_sign_ins(settings.HOME)}
    people = [known.get(who) or SignIn(who, email, secrets.token_urlsafe(9)) for who, email, *_rest in PEOPLE]
    if len(known) < len(PEOPLE):
        keep_sign_ins(settings.HOME, people)
    for person, (_who, email, name, post, role, language) in zip(people, PEOPLE, strict=True):
        if User.objects.filter(email=email).exists():
            continue
        with transaction.atomic():
            more = {"is_staff": True, "is_superuser": True} if role == SiteRole.ADMINISTRATOR else {}
            user = User.objects.create_user(
                email, person.password, first_name=name, post=post, role=role, language=language, **more
            )
            city = Organisation.objects.filter(source=SOURCE, source_id=CITY_OF_CONTACT).first()
            if person.who == "contact" and city:
                Membership.objects.create(user=user, organisation=city)
