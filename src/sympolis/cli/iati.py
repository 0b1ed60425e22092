"""Reporting to the International Aid Transparency Initiative: check files, get the standard, write what is recorded."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from sympolis.cli.office import agent, office_home
from sympolis.cli.terminal import Refusal, plain, refuse_no_folder, say, tell_json, today, whole
from sympolis.config.home import current_home

if TYPE_CHECKING:
    from sympolis.engine.iati import Checked
    from sympolis.engine.iati.write import Body
    from sympolis.office.directory.models import Organisation
    from sympolis.office.projects.iati import LeftOut

_SHOWN = 200
standard_option = click.option(
    "--standard",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="SYMPOLIS_IATI_STANDARD",
    help="The folder with the files of the standard (SYMPOLIS_IATI_STANDARD; iati-standard in the home).",
)


@click.group()
def iati() -> None:
    """Reporting to the International Aid Transparency Initiative (IATI)."""


def _folder(named: Path | None) -> Path:
    return named or current_home().path / "iati-standard"


@iati.command("check")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@standard_option
@click.option("--require-valid", is_flag=True, help="Exit status 1 where a file is not valid, for scripts.")
@click.option("--json", "as_json", is_flag=True)
def check(files: tuple[Path, ...], folder: Path | None, require_valid: bool, as_json: bool) -> None:
    """Whether files are valid, as the official validator says, and what is wrong with them: line, rule and remedy."""
    from sympolis.engine.iati import check_file, open_standard, refuse_unreadable

    standard = open_standard(_folder(folder))
    for file in files:
        refuse_unreadable(file)
    not_valid = []
    for file in files:
        checked = check_file(file, standard)
        _tell_as_json(checked) if as_json else _tell(checked)
        if not checked.valid:
            not_valid.append(file)
    if require_valid and not_valid:
        count = f"{len(not_valid)} of {len(files)} files are" if len(files) > 1 else f"{not_valid[0]} is"
        raise Refusal(f"{count} not valid.", "Mend what is critical.")


def _tell_as_json(checked: Checked) -> None:
    row = {
        "file": whole(str(checked.file)),
        "valid": checked.valid,
        "problems": [asdict(problem) for problem in checked.problems],
    }
    click.echo(json.dumps(row, ensure_ascii=False))


def _tell(checked: Checked) -> None:
    name = plain(str(checked.file))
    for problem in checked.problems[:_SHOWN]:
        click.echo(f"{name}:{problem.line}: {problem.severity:<8} {problem.rule}  {plain(problem.message)}")
    if (more := len(checked.problems) - _SHOWN) > 0:
        click.echo(f"{name}: {more:,} more; --json tells all.")
    found = [str(problem.severity) for problem in checked.problems]
    counts = ", ".join(f"{found.count(one)} {one}" for one in dict.fromkeys(sorted(found, key=_ORDER.index)))
    click.echo(f"{name}: {'valid' if checked.valid else 'NOT VALID'}{f' ({counts})' if counts else ''}")


_ORDER = ["critical", "error", "warning", "advisory"]


@iati.command("fetch")
@click.option(
    "--standard",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="SYMPOLIS_IATI_STANDARD",
    help="Where to put them, instead of iati-standard in the home.",
)
@click.option("--address", default="", help="Where to ask, instead of the standard's own home.")
@click.option("--json", "as_json", is_flag=True)
def fetch(folder: Path | None, address: str, as_json: bool) -> None:
    """Get the files of the standard: schemas, code lists and rulesets of 2.01 to 2.03."""
    from sympolis.engine.iati.fetch import fetch_standard
    from sympolis.engine.sources.fetch import Client, Manners

    target = _folder(folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    count = fetch_standard(Client(Manners(agent())), target, address.rstrip("/"), say)
    if as_json:
        tell_json({"folder": str(target), "files": count})
    else:
        say(f"{count} files of the standard in {target}. Next: sympolis iati check FILE")


@iati.command("export")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write.")
@click.option(
    "--organisation", "of_organisation", is_flag=True, help="The organisation's own file, not its activities."
)
@click.option(
    "--identifier",
    envvar="SYMPOLIS_IATI_IDENTIFIER",
    default="",
    help="Of who reports, in a register: ES-DIR3-LA0000000 (SYMPOLIS_IATI_IDENTIFIER).",
)
@standard_option
@click.option("--json", "as_json", is_flag=True)
def export(output: Path, of_organisation: bool, identifier: str, folder: Path | None, as_json: bool) -> None:
    """The public projects of the office's organisation as IATI 2.03: what is recorded, and what is missing named."""
    target = refuse_no_folder(str(output))
    office_home()
    from sympolis.office.directory.queries import current_office
    from sympolis.office.projects.iati import example_identifier, reporting_body

    office = current_office()
    if office is None or office.organisation is None:
        raise Refusal("The office has no organisation that could report.", "Choose one in the office's settings.")
    if office.is_demo and not identifier:
        identifier = example_identifier(office.organisation)
        say(f"This is the demo: {identifier} is an example that no register gave. Do not publish the file.")
    _refuse_identifier(identifier)
    reporting = reporting_body(office.organisation, identifier)
    if not reporting.type:
        raise Refusal("The kind of the office's organisation does not tell its IATI type.", "Choose a narrower kind.")
    report = _Report(office.organisation, reporting, office.default_language, office.currency)
    fresh = target.with_name(target.name + ".new")
    try:
        with fresh.open("wb") as out:
            count = report.write_organisation(out) if of_organisation else report.write_activities(out)
        valid = _valid(fresh, folder)
        fresh.replace(target)
    except OSError as error:
        raise Refusal(f"{target} can't be written: {error.strerror}.", "Name another file.") from error
    finally:
        fresh.unlink(missing_ok=True)
    left_out = [asdict(one) for one in report.left_out]
    if as_json:
        tell_json({"file": str(target), "written": count, "valid": valid, "left_out": left_out})
        return
    _tell_left_out(report.left_out)
    checked = "valid" if valid else "not checked, for the files of the standard are not here: sympolis iati fetch"
    say(f"{count} {'organisation' if of_organisation else 'activities'} in {target}: {checked}.")


class _Report:
    """What is written for one organisation, and what of its projects could not be."""

    def __init__(self, organisation: Organisation, reporting: Body, language: str, currency: str) -> None:
        self._organisation = organisation
        self._reporting = reporting
        self._language = language
        self._currency = currency
        self.left_out: list[LeftOut] = []

    def write_activities(self, out: BinaryIO) -> int:
        from sympolis.engine.iati.write import write_activities
        from sympolis.office.projects.iati import activities_of, projects_to_report

        projects = projects_to_report(self._organisation)
        activities, self.left_out = activities_of(projects, self._reporting, self._organisation, today())
        if not activities:
            _tell_left_out(self.left_out)
            raise Refusal("No project can be reported.", "The lines above say what is missing of each.")
        return write_activities(out, activities, self._reporting, self._language, datetime.now(UTC), today())

    def write_organisation(self, out: BinaryIO) -> int:
        from sympolis.engine.iati.write import write_organisation

        write_organisation(out, self._reporting, self._language, self._currency, datetime.now(UTC))
        return 1


def _refuse_identifier(identifier: str) -> None:
    remedy = "Say it with --identifier or SYMPOLIS_IATI_IDENTIFIER: a register and a number in it, ES-DIR3-LA0000000."
    if not identifier:
        raise Refusal("Nobody said by which identifier the office's organisation reports.", remedy)
    if not _IDENTIFIER.fullmatch(identifier):
        raise Refusal(f"{identifier[:80]!r} is no identifier of an organisation.", remedy)


def _tell_left_out(left_out: Sequence[LeftOut]) -> None:
    for one in left_out:
        say(f"{one.public_id} {one.title}: {one.why}")


def _valid(file: Path, folder: Path | None) -> bool | None:
    """What the checker says of what was written; None where there is no standard to check by."""
    from sympolis.engine.iati import check_file, open_standard
    from sympolis.engine.iati.standard import StandardMissing

    try:
        standard = open_standard(_folder(folder))
    except StandardMissing:
        return None
    checked = check_file(file, standard)
    if not checked.valid:
        first = next(one for one in checked.problems if one.severity == "critical")
        raise Refusal(f"What was written would not be valid: {first.message}", "Nothing was kept. Tell us.")
    return True


_IDENTIFIER = re.compile(r"[A-Z]{2,3}-[A-Za-z0-9._]+-[A-Za-z0-9._:-]+")  # an agency of org-id.guide, and its number
