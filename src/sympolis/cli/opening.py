"""Opening an office: its empty home, what its first page asks for, and whether what is said of it can be true."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import available_timezones

import click

from sympolis.cli.office import office_home, ready
from sympolis.cli.terminal import Refusal, say
from sympolis.config.home import Home, current_home


def begin_home(home: Home) -> None:
    """Folders, keys and empty tables."""
    try:
        home.prepare("office")
    except OSError as error:
        raise Refusal(
            f"Cannot write in {home.path}: {error.strerror}.",
            "Name a folder that is yours and has room: SYMPOLIS_HOME=/some/folder",
        ) from error
    ready()
    from sympolis.office.core.keeping.migrating import migrate

    migrate()


def home_to_serve() -> Home:
    """The home that is meant; where nothing was begun an empty one, to be opened on its first page."""
    home = current_home()
    if not home.kind or not home.database.exists():
        say(f"Making an empty home in {home.path} (once)")
        begin_home(home)
    return office_home()


def tell_how_to_open(address: str) -> None:
    """While nobody has opened the office: where to, and the code that only this terminal shows."""
    from django.conf import settings

    from sympolis.office.directory.queries import is_empty_home

    if is_empty_home():
        say(f"\n  Open your office: {address}\n  Code:             {settings.HOME.secret('first_run_code')}\n")


def refuse_unknown(about: Mapping[str, str | None]) -> None:
    """Values that no page could work with are wrong usage, said before anything is made."""
    from django.conf import settings

    from sympolis.engine.texts import vocabulary
    from sympolis.office.core.names import COUNTRIES
    from sympolis.office.core.texts import codes

    ready()
    languages = [code for code, _name in settings.LANGUAGES]
    kinds = [one.code for one in vocabulary.terms("kinds")]
    countries = {"", *dict(COUNTRIES.choices("en"))}
    currency = about["currency"] or ""
    three_letters = len(currency) == 3 and currency.isascii() and currency.isalpha()
    offered = {about["language"] or "", *codes(about["languages"])}
    wrong = {
        f"--language and --languages are out of {', '.join(languages)}.": not offered <= set(languages),
        f"--kind is one of {', '.join(kinds)}.": about["kind"] not in kinds,
        "--country is the two letters of a country: ES, TN.": (about["country"] or "").upper() not in countries,
        "--time-zone is a name such as Europe/Madrid.": about["time_zone"] not in available_timezones(),
        "--currency is three letters: EUR, MAD, TND.": not three_letters,
    }
    said = [sentence for sentence, is_wrong in wrong.items() if is_wrong]
    if said:
        raise click.UsageError("\n       ".join(said))


def refuse_no_picture(logo: str | None) -> None:
    """A logo has to be a picture; better known before there is an office."""
    from django.core.files.base import File

    from sympolis.office.core.pictures import NotAPicture, tidy_picture

    if not logo:
        return
    try:
        with open(logo, "rb") as opened:
            tidy_picture(File(opened, name=logo))
    except (NotAPicture, OSError) as error:
        raise Refusal(f"{logo} is no picture that can be read.", "Give a PNG or JPEG.") from error
