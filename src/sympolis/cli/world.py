"""The world's open data: adding files, building, and how it stands."""

from __future__ import annotations

import os
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from sympolis.cli.office import agent, ready
from sympolis.cli.terminal import progress, say, tell_json
from sympolis.config.home import Home, current_home


@click.group()
def atlas() -> None:
    """The world's open data."""


@atlas.command("add")
@click.argument("source")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def add(source: str, paths: tuple[Path, ...], as_json: bool) -> None:
    """Add files of a SOURCE to be read by the next build; a source that brings its own data (geonames) needs none."""
    from sympolis.engine import atlas as engine_atlas
    from sympolis.engine.sources import BUNDLED, SOURCES

    if source not in SOURCES:
        raise click.UsageError(f"There is no source {source!r}; there are {', '.join(SOURCES)}.")
    if not paths and source not in BUNDLED:
        raise click.UsageError(f"Name the files of {source} or their folder.")
    kept = engine_atlas.add(current_home().path, source, paths or tuple(BUNDLED[source].glob("*")))
    if as_json:
        tell_json({"source": source, "files": [str(path) for path in kept]})
    else:
        say(f"{len(kept)} files of {source} added. Next: sympolis atlas build")


@atlas.command("fetch")
@click.argument("source")
@click.option("--address", default="", help="Where to ask, instead of the service's own address.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only what changed since that day (portal, iati).")
@click.option("--json", "as_json", is_flag=True)
def fetch(source: str, address: str, since: datetime | None, as_json: bool) -> None:
    """Ask the public service of a SOURCE for its files; the next build reads them. Cut off, it goes on where it was."""
    from sympolis.engine.sources import fetch as asking

    if source not in asking.FETCHERS:
        raise click.UsageError(f"Nobody can be asked for {source!r}; there are {', '.join(asking.FETCHERS)}.")
    fetched = asking.fetch(
        source,
        current_home().path / "atlas" / "inputs",
        asking.Client(asking.Manners(agent())),
        datetime.now(UTC).date(),
        address=address,
        since=since.date() if since else None,
        key=_key(source),
        tell=say,
    )
    if as_json:
        tell_json({"source": source, "files": [str(file) for file in fetched.files]})
    else:
        say(f"{len(fetched.files)} files of {source} in {fetched.folder}. Next: sympolis atlas build")


def _key(source: str) -> str:
    keys = {"iati": os.environ.get("SYMPOLIS_IATI_KEY", ""), "interreg": os.environ.get("SYMPOLIS_KEEP_KEY", "")}
    return keys.get(source, "")


@atlas.command("map")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sheet", default="", help="The sheet of a workbook; without it the first that holds anything.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it there.")
def map_table(file: Path, sheet: str, output: Path | None) -> None:
    """Guess what a table of your own holds, to be looked over and approved before it is added."""
    from sympolis.engine.sources.table import guess_mapping, mapping_path, write_mapping, written

    mapping = guess_mapping(file, sheet)
    if output is None:
        click.echo(written(mapping, file.name), nl=False)
        say(f"To keep it: sympolis atlas map {file} --output {mapping_path(file)}")
        return
    if output.exists():
        raise click.UsageError(f"{output} is there already: mend it, or move it away.")
    write_mapping(mapping, output, file.name)
    say(f"Look {output} over and write approved: true. Next: sympolis atlas add table {file}")


@atlas.command("build")
@click.option(
    "--spark", default="", envvar="SYMPOLIS_SPARK", help="The cluster that does the heavy steps, sc://host:15002."
)
@click.option("--json", "as_json", is_flag=True)
def build(spark: str, as_json: bool) -> None:
    """Read, tag, encode, index and publish what was added; what did not change is not done again."""
    from sympolis.engine import atlas as engine_atlas

    home = current_home()
    _bring_decisions(home)
    report = asdict(engine_atlas.build(home.path, progress(), spark))
    if as_json:
        tell_json(report)
        return
    for name, count in report["counts"].items():
        click.echo(f"{name:<24} {count:>10}")
    click.echo(f"{'rejected':<24} {len(report['rejects']):>10}")
    for step, seconds in report["seconds"].items():
        click.echo(f"{step:<24} {seconds:>9.1f}s")
    for reject in report["rejects"]:
        if reject["line"] == 0:
            say(f"Left out as a whole: {reject['file']}. {reject['reason']}")
    if report.get("unchanged"):
        say("Nothing had changed.")


def _bring_decisions(home: Home) -> None:
    """What people of the office decided on which bodies are one: after a restore it does not lie there yet."""
    if not home.kind:
        return
    ready()
    from sympolis.office.core.keeping.migrating import is_migrated

    if is_migrated():
        from sympolis.office.directory.world.judgements import write_judgements

        write_judgements()


@atlas.command("status")
@click.option("--json", "as_json", is_flag=True)
def status(as_json: bool) -> None:
    """What is being served and how old it is."""
    from sympolis.engine import atlas as engine_atlas

    found = asdict(engine_atlas.status(current_home().path))
    if as_json:
        tell_json(found)
        return
    if not found["build_id"]:
        say("No world data yet. Next: sympolis atlas add SOURCE PATHS")
        return
    for name, value in found.items():
        several = (
            ", ".join(f"{one} {count}" for one, count in value.items() if count) if isinstance(value, dict) else value
        )
        click.echo(f"{name:<24} {several}")
