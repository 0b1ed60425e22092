"""Contributions into groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from sympolis.cli.office import vectors_of
from sympolis.cli.terminal import Refusal, language_choice, progress, read_rows, refuse_same_ids, write_rows
from sympolis.config.home import current_home


@click.command()
@click.argument("texts")
@click.option("--count", type=click.IntRange(1), help="How many groups; as many as there turn out to be if not said.")
@click.option("--language", type=language_choice, default="en", show_default=True, help="What labels are read in.")
@click.option("--quick", is_flag=True, help="With the fast encoder alone.")
@click.option("--output", default="-", help="A CSV or JSONL file; - is standard output.")
def cluster(texts: str, count: int | None, language: str, quick: bool, output: str) -> None:
    """Groups of contributions in whatever languages: a file id,text[,title,language]. Group 0 is what stays apart."""
    from sympolis.engine.match.cluster import Contribution
    from sympolis.engine.match.cluster import cluster as group
    from sympolis.engine.texts.encoders import FAST

    rows = read_rows(texts, ["id", "text"])
    _refuse(texts, rows)
    vectors = vectors_of(current_home(), FAST) if quick else vectors_of(current_home())
    given = [
        Contribution(str(row["text"]), str(row.get("title") or ""), str(row.get("language") or "")) for row in rows
    ]
    step = progress()
    groups = group(
        given, vectors=vectors, count=count, language=language, step=lambda done, total: step("Reading", done, total)
    )
    of = {at: one for one in groups for at in one.members}
    write_rows(
        output,
        ["id", "group", "label"],
        ({"id": row["id"], "group": of[at].number, "label": of[at].label} for at, row in enumerate(rows)),
    )


def _refuse(path: str, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        raise Refusal(f"{path} has no rows.", "Give it a heading id,text and a row for each contribution.")
    refuse_same_ids(path, rows)
