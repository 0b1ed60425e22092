"""Which rows of a file are the same body."""

from __future__ import annotations

from typing import Any

import click

from sympolis.cli.terminal import progress, read_rows, write_rows
from sympolis.config.home import current_home


@click.command()
@click.argument("records")
@click.option("--output", default="-", help="A CSV or JSONL file; - is standard output.")
@click.option(
    "--least",
    type=click.FloatRange(0.0, 1.0),
    default=0.5,
    show_default=True,
    help="How sure two rows must be to be put together; .85 is what a build of the world's data asks for.",
)
def resolve(records: str, output: str, least: float) -> None:
    """Say which rows of RECORDS (id,name,country,kind) are the same body: id,entity,score.

    Further columns help where they are there: names (parted by |), identifiers (scheme:value, parted by ;), website.
    """
    from sympolis.engine.resolve.gazetteer import Gazetteer
    from sympolis.engine.resolve.resolve import resolve_bodies

    bodies = [_body(row) for row in read_rows(records, ["id", "name"])]
    step = progress()
    found = resolve_bodies(
        bodies,
        Gazetteer(current_home().atlas / "cache"),
        least=least,
        tell=lambda done, total: step("Comparing", done, total),
    )
    rows = (
        {"id": body.id, "entity": found.entities[body.id][0], "score": f"{found.entities[body.id][1]:.4f}"}
        for body in bodies
    )
    write_rows(output, ["id", "entity", "score"], rows)


def _body(row: dict[str, Any]) -> Any:
    from sympolis.engine.resolve.bodies import Body

    def listed(column: str, sign: str) -> list[str]:
        return [part.strip() for part in str(row.get(column) or "").split(sign) if part.strip()]

    return Body(
        id=row["id"],
        names=tuple(dict.fromkeys([row["name"], *listed("names", "|")])),
        country=str(row.get("country") or ""),
        kind=str(row.get("kind") or ""),
        identifiers=tuple(listed("identifiers", ";")),
        website=str(row.get("website") or ""),
    )
