"""Beginning: the demo office, one's own office, its tables, its first people."""

from __future__ import annotations

import getpass
import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from sympolis.cli.office import office_home, ready
from sympolis.cli.opening import begin_home, refuse_no_picture, refuse_unknown
from sympolis.cli.readiness import is_prepared, note_prepared
from sympolis.cli.serve import address_option, port_option, refuse_taken, serve_together, shown
from sympolis.cli.sign_ins import demo_sign_ins
from sympolis.cli.terminal import Refusal, progress, say, tell_json
from sympolis.config.home import Home, current_home

ROLES = ("administrator", "officer", "contributor", "reader", "participant")


@click.command()
@port_option
@address_option
@click.option("--no-serve", is_flag=True, help="Prepare it and stop.")
def demo(port: int, address: str, no_serve: bool) -> None:
    """The demo office, ready to look around in."""
    home = current_home()
    if home.kind == "office":
        raise Refusal(f"An office of your own lives in {home.path}.", "Name another folder: SYMPOLIS_HOME=… make run")
    if not no_serve:
        refuse_taken(address, port)
    served_at = "" if no_serve else f"http://{shown(address)}:{port}/"
    if not no_serve and is_prepared(home):
        _print_sign_ins(home, served_at)
        serve_together(address, port)
        return
    prepare_demo(home)
    _print_sign_ins(home, served_at)
    if not no_serve:
        # A small process watches over the two: what preparing took of memory is given back.
        os.execv(sys.executable, [sys.executable, "-m", "sympolis.cli.main", "together", address, str(port)])  # noqa: S606


def prepare_demo(home: Home) -> None:
    """Tables, records and index of the demo; what is there already stays as it is."""
    if not home.kind:
        say("Preparing the demo office (once, about a minute)")
    home.prepare("demo")
    ready()
    from sympolis.cli.demo import load_demo
    from sympolis.office.core.indexing import ensure_index
    from sympolis.office.core.keeping.migrating import migrate as migrate_tables

    migrate_tables()
    step = progress()
    load_demo(step)
    ensure_index(step)
    note_prepared(home)


def _print_sign_ins(home: Home, address: str) -> None:
    if address:
        say(f"\n  Sympolis, the demo office: {address}\n")
    for person in demo_sign_ins(home):
        say(f"  {person.who:<16} {person.email:<28} {person.password}")
    say("")


@click.command()
def migrate() -> None:
    """Bring the tables up to date. `upgrade` backs up first."""
    office_home(migrated=False)
    from sympolis.office.core.keeping.migrating import migrate as migrate_tables

    say("Brought up to date." if migrate_tables() else "Nothing to do.")


@click.command()
def upgrade() -> None:
    """Back up, then bring the tables up to date. Says how to go back."""
    home = office_home(migrated=False)
    from sympolis.office.core.keeping.migrating import has_tables, is_migrated
    from sympolis.office.core.keeping.migrating import migrate as migrate_tables

    if is_migrated():
        say("Nothing to do.")
        return
    kept = None
    if has_tables():
        kept = _backed_up(home)
        say(f"Backed up: {kept}")
    try:
        migrate_tables()
    except Exception as error:
        if kept is None:
            raise
        raise Refusal(f"The upgrade stopped: {error}.", f"Go back: {_way_back(kept)}") from error
    say("Brought up to date." + (f" To go back: {_way_back(kept)}" if kept else ""))
    if not _finds(home):
        say("Search finds little until the worker is started again: it makes the index anew, in a minute or so.")


def _finds(home: Home) -> bool:
    """Whether this version reads the search index that the one before made."""
    from sympolis.engine.errors import IndexUnavailable
    from sympolis.engine.index import Index

    try:
        with Index.open(home.index):
            return True
    except IndexUnavailable:
        return False


def _backed_up(home: Home) -> Path:
    from sympolis.office.core.keeping.backup import dated_name, make_backup
    from sympolis.office.core.keeping.notes import note_done

    made = make_backup(home.backups / dated_name("before-upgrade"))
    note_done("backup", file=str(made.path), bytes=made.bytes)
    return made.path


def _way_back(backup: Path) -> str:
    """This version would bring the restored tables up to date once more: the earlier one restores them as they were."""
    return f"with the earlier version of Sympolis, sympolis restore {shlex.quote(str(backup))}"


@click.command()
@click.option("--name", help="What the office is called.")
@click.option("--organisation", help="The organisation it belongs to.")
@click.option("--kind", default="city", show_default=True, help="What kind of organisation: city, city-network …")
@click.option("--country", default="", help="Its country, two letters.")
@click.option("--language", default="en", show_default=True, help="The office's main language.")
@click.option("--languages", default="en,ca,es,fr,ar", show_default=True, help="Languages offered to readers.")
@click.option("--time-zone", default="Europe/Madrid", show_default=True)
@click.option("--currency", default="EUR", show_default=True)
@click.option("--contact", default="", help="How the public reaches the office.")
@click.option("--logo", type=click.Path(exists=True, dir_okay=False), help="A picture file.")
@click.option("--email", help="The first administrator's mail address.")
@click.option("--password", envvar="SYMPOLIS_PASSWORD", help="Theirs; better given in SYMPOLIS_PASSWORD or when asked.")
@click.option("--json", "as_json", is_flag=True)
def init(email: str | None, password: str | None, as_json: bool, **about: str | None) -> None:
    """An empty home for one's own office."""
    home = current_home()
    if home.kind == "demo":
        raise Refusal(f"The demo lives in {home.path}.", "Name another folder: SYMPOLIS_HOME=… sympolis init")
    if not sys.stdin.isatty():
        _refuse_missing({**about, "email": email, "password": password})
    for option, question in {"name": "Name of the office", "organisation": "Its organisation"}.items():
        about[option] = about[option] or _ask(option, question)
    email = email or _ask("email", "Mail address of the first administrator")
    password = password or _ask_password()
    refuse_unknown(about)
    _check_password(email, password)
    refuse_no_picture(about["logo"])
    begin_home(home)
    _open_office(email, password, {key: value or "" for key, value in about.items()})
    from sympolis.office.core.indexing import ensure_index

    ensure_index(progress())
    if as_json:
        tell_json({"home": str(home.path), "administrator": email})
    else:
        say(f"The office is ready in {home.path}. Start it: sympolis serve, and sympolis worker beside it.")


def _refuse_missing(given: Mapping[str, str | None]) -> None:
    """Where nobody can be asked: all that is missing, at once."""
    missing = [f"--{option} is missing." for option in ("name", "organisation", "email") if not given[option]]
    if not given["password"]:
        missing.append("The password is missing: give it in SYMPOLIS_PASSWORD.")
    if missing:
        raise click.UsageError("\n       ".join(missing))


def _check_password(email: str, password: str) -> None:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    ready()
    try:
        validate_email(email)
        validate_password(password)
    except ValidationError as error:
        raise Refusal(" ".join(error.messages), "Choose another.") from error


def _open_office(email: str, password: str, about: dict[str, str]) -> None:
    from sympolis.office.core.texts import codes
    from sympolis.office.directory import actions
    from sympolis.office.directory.queries import current_office

    if current_office() is not None:
        raise Refusal("There is an office in this home already.", "Change it on its administration page.")
    about["languages"] = codes(about["languages"])  # type: ignore[assignment]
    about["currency"] = about["currency"].upper()
    actions.open_office(email=email, password=password, **about)


def _ask(option: str, question: str) -> str:
    if not sys.stdin.isatty():
        raise click.UsageError(f"--{option} is missing.")
    answer: str = click.prompt(question, err=True)
    return answer


def _ask_password() -> str:
    if not sys.stdin.isatty():
        raise click.UsageError("The password is missing: give it in SYMPOLIS_PASSWORD.")
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("Again: "):
        raise Refusal("The two passwords differ.", "Try again.")
    return first


@click.group()
def user() -> None:
    """People who sign in."""


@user.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), default="officer", show_default=True)
@click.option("--first-name", default="")
@click.option("--last-name", default="")
@click.option("--language", default="en", show_default=True)
@click.option("--password", envvar="SYMPOLIS_PASSWORD", help="Better given in SYMPOLIS_PASSWORD or when asked.")
@click.option("--json", "as_json", is_flag=True)
def add_user(email: str, role: str, password: str | None, as_json: bool, **about: str) -> None:
    """Let a person sign in."""
    office_home()
    from django.conf import settings

    from sympolis.office.core.models import User

    if about["language"] not in dict(settings.LANGUAGES):
        raise click.UsageError(f"--language is one of {', '.join(dict(settings.LANGUAGES))}.")
    if User.objects.filter(email__iexact=email).exists():
        raise Refusal(f"{email} signs in already.", "Change the role on the administration page.")
    password = password or _ask_password()
    _check_password(email, password)
    make = User.objects.create_superuser if role == "administrator" else User.objects.create_user
    made = make(email, password, **{"role": role, **about})
    if as_json:
        tell_json({"email": made.email, "role": made.role})
    else:
        say(f"{made.email} can sign in as {role}.")
