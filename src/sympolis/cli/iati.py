"""Reporting to the International Aid Transparency Initiative: check files, get the standard, write what is recorded."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sympolis.cli.terminal import Refusal, plain, whole
from sympolis.config.home import current_home

if TYPE_CHECKING:
    from sympolis.engine.iati import Checked

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
