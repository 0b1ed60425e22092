"""One answer to a need: calls, projects, practices, actions and organisations in one list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sympolis.cli.ask import eligibility_row
from sympolis.cli.office import office_home, reader
from sympolis.cli.terminal import Refusal, language_choice, say, tell_json, today

if TYPE_CHECKING:
    from sympolis.office.core.search import SearchHit
    from sympolis.office.synergies.need_answers import NeedAnswer

ANSWERING = ("call", "project", "practice", "action", "organisation")


@click.command()
@click.argument("text")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(ANSWERING))
@click.option("--limit", type=click.IntRange(1, 1_000), default=20, show_default=True)
@click.option("--language", type=language_choice, default="en", show_default=True, help="In which titles are shown.")
@click.option("--json", "as_json", is_flag=True)
def answer(text: str, kinds: tuple[str, ...], limit: int, language: str, as_json: bool) -> None:
    """What answers a need written in two lines, in any language, best first, each with the words that do.

    What the office said no to as an answer to these words is left out, what it said later to comes last.
    """
    if not text.strip():
        raise click.UsageError("Give a TEXT: two lines about a need.")
    office_home()
    user = reader()
    from sympolis.office.directory.queries import current_office
    from sympolis.office.synergies.asked_need import AskedNeed
    from sympolis.office.synergies.enums import Subject
    from sympolis.office.synergies.need_answers import answers_to
    from sympolis.office.synergies.queries import answers_about

    office = current_office()
    ours = office.organisation if office else None
    said = {key: one.answer for key, one in answers_about(user, Subject.NEEDS, AskedNeed(text).about).items()}
    found = answers_to(user, text, today(), kinds=kinds, language=language, limit=limit, ours=ours, said=said)
    if found.unavailable:
        raise Refusal("There is no search index yet.", "Make it: sympolis worker --once")
    rows = [_row(one, language) | {"said": said.get(one.key, "")} for one in (*found.answers, *found.put_off)]
    if as_json:
        tell_json(rows)
        return
    if not rows:
        say("Nothing known here answers this.")
    for row in rows:
        title = f"{row['title']}  [{row['said']}]" if row["said"] else row["title"]
        click.echo(f"{row['score']:.3f}  {row['strength']:<7} {row['kind']:<13} {row['id']:<18} {title}")


def _row(one: NeedAnswer, language: str) -> dict[str, Any]:
    row = {**_told(one.hit), "kind": one.kind, "score": round(one.score, 6), "strength": str(one.strength)}
    row["beyond_chance"] = round(one.beyond, 2)
    if one.organisation is not None:
        title = one.organisation.title_text().best(language)
        row |= {
            "id": one.organisation.public_id,
            "title": title.text,
            "grounds": [{**_told(hit), "kind": hit.kind} for hit in one.grounds],
        }
    if one.kind == "call":
        row |= {
            "closes": one.closes.isoformat() if one.closes else "",
            "eligibility": [eligibility_row(each) for each in one.eligibility],
        }
    return row


def _told(hit: SearchHit) -> dict[str, Any]:
    return {
        "id": hit.public_id,
        "title": hit.title.text,
        "passage": "".join(piece.text for piece in hit.passage),
        "language": hit.passage_language,
        "source_url": hit.source_url,
    }
