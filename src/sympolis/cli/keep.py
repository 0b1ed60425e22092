"""Keeping: back up, restore, write everything out, look whether all is well."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from sympolis.cli.office import office_home, ready
from sympolis.cli.terminal import Refusal, progress, say, tell_json
from sympolis.config.home import current_home


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True)
def backup(file: Path, as_json: bool) -> None:
    """Everything this home holds, in one FILE."""
    office_home(migrated=False)
    from sympolis.office.core.keeping.backup import make_backup
    from sympolis.office.core.keeping.notes import note_done

    if file.exists():
        raise Refusal(f"{file} is there already.", "Name a new file.")
    made = make_backup(file)
    note_done("backup", file=str(made.path), bytes=made.bytes)
    if as_json:
        tell_json(asdict(made))
    else:
        say(f"Backed up {made.files} files, {made.bytes / 2**20:.1f} MB: {made.path}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--check", "only_check", is_flag=True, help="Prove that FILE could be restored, change nothing.")
@click.option("--json", "as_json", is_flag=True)
def restore(file: Path, only_check: bool, as_json: bool) -> None:
    """Put the state of a backup FILE in place; the state before it is kept aside."""
    ready()
    from sympolis.office.core.keeping.notes import note_done
    from sympolis.office.core.keeping.restore import check_backup, restore_backup

    home = current_home()
    if only_check:
        checked = check_backup(file)
        if home.kind:  # where an office is, its administration page tells when that was tried
            note_done("restore_check")
        if as_json:
            tell_json(asdict(checked))
        else:
            say(f"{file} is whole: {checked.files} files, {checked.rows} rows, made {checked.made_at[:16]}.")
        return
    aside = restore_backup(file, home.path)
    _bring_up_to_date()
    if as_json:
        tell_json({"home": str(home.path), "before": str(aside) if aside else None})
    else:
        say(f"Restored into {home.path}." + (f" What was there before is in {aside}." if aside else ""))


def _bring_up_to_date() -> None:
    """An older version's backup gets this version's tables; indexes are made again, the world's data included."""
    from sympolis.engine import atlas
    from sympolis.office.core.indexing import ensure_index
    from sympolis.office.core.keeping.migrating import migrate

    migrate()
    ensure_index(progress())
    home = current_home().path
    if atlas.status(home).inputs:
        atlas.build(home, progress())


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--json", "as_json", is_flag=True)
def export(folder: Path, as_json: bool) -> None:
    """Every table as CSV and JSON, every file, and all as FollowTheMoney, into FOLDER: leaving is always possible."""
    office_home()
    from sympolis.office.core.keeping.export import ENTITIES, export_everything
    from sympolis.web.api.entities import write_entities

    if folder.exists() and any(folder.iterdir()):
        raise Refusal(f"{folder} is not empty.", "Name a new folder.")
    tables = export_everything(folder, progress())
    with (folder / ENTITIES).open("w", encoding="utf-8") as lines:
        entities = write_entities(lines)
    if as_json:
        tell_json({"folder": str(folder), "rows": tables, "entities": entities})
    else:
        rows = sum(tables.values())
        say(f"Wrote {len(tables)} tables, {rows} rows, and {entities} entities into {folder}.")


@click.command()
@click.option("--mend", is_flag=True, help="Put right what can be put right.")
@click.option("--json", "as_json", is_flag=True)
def doctor(mend: bool, as_json: bool) -> None:
    """Look whether all is well. Exit status 1 when something is not."""
    office_home(migrated=False)
    from sympolis.office.core.keeping.doctor import examine

    findings = examine(mend=mend)
    if as_json:
        tell_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            remedy = "" if finding.ok else f". {finding.remedy}"
            click.echo(
                f"{'fine' if finding.ok else 'NOT WELL':<9} {finding.what}: {finding.detail.rstrip('.')}{remedy}"
            )
    ill = [finding for finding in findings if not finding.ok]
    if ill:
        raise Refusal(f"{len(ill)} of {len(findings)} things are not well.", ill[0].remedy)
