"""Whom to work with next: for one organisation of the office, or for many ids of a file of relations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sympolis.cli.office import organisation_named, reader
from sympolis.cli.terminal import (
    Refusal,
    language_choice,
    limit_option,
    listed,
    plain,
    progress,
    ranked,
    read_rows,
    refuse_no_folder,
    say,
    tell_json,
    today,
    whole,
    write_rows,
)

if TYPE_CHECKING:
    from sympolis.office.synergies.partners import Partner

_LISTS = ("languages", "themes")
_NUMBERS = ("latitude", "longitude", "population")


@click.command()
@click.argument("organisation", required=False)
@click.option("--relations", help="A file a,b: who works with whom; - is standard input.")
@click.option("--for", "asked", help="With --relations: a file with a column id, or ids parted by commas.")
@click.option(
    "--bodies",
    help="With --relations: a file id[,name,country,latitude,longitude,population,languages,kind,themes].",
)
@limit_option
@click.option(
    "--novelty",
    type=click.FloatRange(0.0, 1.0),
    default=0.0,
    show_default=True,
    help="How much less the usual suspects count: those with many partners, and those close already.",
)
@click.option("--language", type=language_choice, default="en", show_default=True, help="In which reasons are told.")
@click.option("--output", default="-", help="With --relations: a CSV or JSONL file; - is standard output.")
@click.option("--json", "as_json", is_flag=True)
def partners(
    organisation: str | None,
    relations: str | None,
    asked: str | None,
    bodies: str | None,
    limit: int,
    novelty: float,
    language: str,
    output: str,
    as_json: bool,
) -> None:
    """The organisations to work with next, with reasons; or, of a file a,b, the best partners of many ids.

    Who works with them already is left out. An id of --for that has no relation and no body gets no row.
    """
    if (organisation is None) == (relations is None):
        raise click.UsageError("Give an ORGANISATION, or a file of links with --relations.")
    if relations is None:
        if asked is not None or bodies is not None or output != "-":
            raise click.UsageError("--for, --bodies and --output go with --relations.")
        _tell(whole(organisation or ""), limit, novelty, language, as_json)
        return
    if asked is None or as_json:
        raise click.UsageError("--relations goes with --for, and writes rows: name a .jsonl file with --output.")
    if [relations, asked, bodies].count("-") > 1:
        raise click.UsageError("Only one of --relations, --for and --bodies can be standard input.")
    if output != "-":
        refuse_no_folder(output)
    _answer(relations, asked, bodies, limit, novelty, output)


def _answer(relations: str, asked: str, bodies: str | None, limit: int, novelty: float, output: str) -> None:
    links = [(_id(row["a"]), _id(row["b"])) for row in read_rows(relations, ["a", "b"])]
    described = [_body(bodies, at, row) for at, row in enumerate(read_rows(bodies, ["id"]), 1)] if bodies else []
    wanted = list(dict.fromkeys(_wanted(asked)))
    known = {end for link in links for end in link} | {body.id for body in described}
    if nobody := [name for name in wanted if name not in known]:
        say(f"{len(nobody)} of {len(wanted)} ids have no relation and get no row: {', '.join(nobody[:3])}")
    from sympolis.engine.match.partners import partners as suggest

    step = progress()
    found = suggest(
        links,
        wanted,
        limit,
        novelty=novelty,
        bodies=described,
        reasons=False,
        tell=lambda done, total: step("Asking", done, total),
    )
    rows = (
        {"id": one.asked, "rank": rank, "partner": one.partner, "score": f"{one.score:.6f}"}
        for rank, one in ranked(found, lambda one: one.asked)
    )
    write_rows(output, ["id", "rank", "partner", "score"], rows)


def _id(value: Any) -> str:
    return str(value).strip()


def _wanted(asked: str) -> list[str]:
    """The ids of a file, or those that are written out where there is no such file."""
    if asked == "-" or _is_file(asked):
        return [_id(row["id"]) for row in read_rows(asked, ["id"])]
    if asked.endswith((".csv", ".jsonl", ".ndjson")):
        raise Refusal(f"There is no file {asked}.", "Name a file with a column id, or ids parted by commas.")
    if wanted := [part.strip() for part in asked.split(",") if part.strip()]:
        return wanted
    raise Refusal("--for names nobody.", "Name a file with a column id, or ids parted by commas.")


def _is_file(path: str) -> bool:
    try:
        return Path(path).is_file()
    except (OSError, ValueError):  # ids written out may be longer than any path, or hold what no path may
        return False


def _body(path: str | None, number: int, row: dict[str, Any]) -> Any:
    from sympolis.engine.match.partner_bodies import PartnerBody

    lists = {name: listed(row.get(name)) for name in _LISTS}
    try:
        latitude, longitude, population = (float(row[name]) if row.get(name) else None for name in _NUMBERS)
    except (TypeError, ValueError) as error:
        wrong = next(name for name in _NUMBERS if row.get(name) and not _is_number(row[name]))
        raise Refusal(
            f"{path}, row {number}: {wrong} {str(row[wrong])[:40]} is no number.", "Correct it or leave it empty."
        ) from error
    texts = {name: str(row.get(name) or "").strip() for name in ("name", "country", "kind")}
    people = None if population is None else int(population)
    return PartnerBody(
        _id(row["id"]), texts["name"], texts["country"], latitude, longitude, people, lists["languages"], texts["kind"],
        lists["themes"],
    )  # fmt: skip


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _tell(text: str, limit: int, novelty: float, language: str, as_json: bool) -> None:
    """One organisation of the office, as the office sees it."""
    user = reader()
    from django.utils import translation

    from sympolis.office.synergies.enums import Subject
    from sympolis.office.synergies.learning_words import learnt_in_words
    from sympolis.office.synergies.partners import Asked, suggested_partners

    organisation = organisation_named(user, text)
    with translation.override(language):
        told = suggested_partners(user, organisation, today(), Asked(novelty, limit=limit))
        rows = [_row(one, language) for one in told.partners]
        say(learnt_in_words(told.learning, Subject.PARTNERS))
    if as_json:
        tell_json(rows)
        return
    if not rows:
        say("Nothing speaks for anybody yet: record relations, projects, places or themes first.")
    for row in rows:
        click.echo(f"{row['score']:.3f}  {row['id']:<18} {plain(row['name'])}")
        click.echo("".join(f"       {plain(reason['text'])}\n" for reason in row["reasons"]), nl=False)


def _row(one: Partner, language: str) -> dict[str, Any]:
    organisation = one.organisation
    return {
        "id": organisation.public_id,
        "name": organisation.title_text().plain().get(language, organisation.name),
        "kind": organisation.kind,
        "country": organisation.country,
        "score": one.score,
        "reasons": [
            {"name": each.feature.name, "score": each.feature.score, "detail": each.feature.detail,
             "values": each.feature.values, "text": each.text}
            for each in one.reasons
        ],
    }  # fmt: skip
