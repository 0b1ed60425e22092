"""The world's open data: adding files, building, and how it stands."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from sympolis.cli.terminal import progress, say, tell_json
from sympolis.config.home import current_home


@click.group()
def atlas() -> None:
    """The world's open data."""


@atlas.command("add")
@click.argument("source")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def add(source: str, paths: tuple[Path, ...], as_json: bool) -> None:
    """Add files of a SOURCE (facts, portal) to be read by the next build."""
    from sympolis.engine import atlas as engine_atlas
    from sympolis.engine.sources import SOURCES

    if source not in SOURCES:
        raise click.UsageError(f"There is no source {source!r}; there are {', '.join(SOURCES)}.")
    kept = engine_atlas.add(current_home().path, source, paths)
    if as_json:
        tell_json({"source": source, "files": [str(path) for path in kept]})
    else:
        say(f"{len(kept)} files of {source} added. Next: sympolis atlas build")


@atlas.command("build")
@click.option("--json", "as_json", is_flag=True)
def build(as_json: bool) -> None:
    """Read, tag, encode, index and publish what was added; what did not change is not done again."""
    from sympolis.engine import atlas as engine_atlas

    report = asdict(engine_atlas.build(current_home().path, progress()))
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
        click.echo(f"{name:<24} {value}")
