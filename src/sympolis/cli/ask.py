"""Questions: search, calls that fit, tags."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from sympolis.cli.office import office_home, reader, vectors_of
from sympolis.cli.reading import read_here
from sympolis.cli.terminal import (
    Refusal,
    language_choice,
    limit_option,
    plain,
    progress,
    read_rows,
    reason,
    say,
    tell_json,
    today,
    whole,
    write_rows,
)
from sympolis.config.home import Home, current_home

if TYPE_CHECKING:
    from sympolis.engine.model import Answer, Call, Hit, Item
    from sympolis.engine.texts.tags import Tag
    from sympolis.engine.texts.vectors import Vectors
    from sympolis.office.core.queries import Reader
    from sympolis.office.core.search import SearchHit

type Asking = Callable[[str], list[dict[str, Any]]]

KINDS = (
    *("organisation", "project", "call", "action", "event", "news", "practice"),
    *("need", "agreement", "position", "plan", "document", "meeting", "page"),
)
_TAGGED_AT_ONCE = 512


@click.command()
@click.argument("text", required=False)
@click.option("--queries", help="A file id,text[,language] to answer in one go; - is standard input.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS))
@limit_option
@click.option("--language", type=language_choice, default="en", show_default=True, help="In which titles are shown.")
@click.option("--as", "as_user", help="Search as the person of this mail address; the office otherwise.")
@click.option("--output", default="-", help="With --queries: a CSV or JSONL file; - is standard output.")
@click.option("--json", "as_json", is_flag=True)
def search(
    text: str | None,
    queries: str | None,
    kinds: tuple[str, ...],
    limit: int,
    language: str,
    as_user: str | None,
    output: str,
    as_json: bool,
) -> None:
    """Search the office's records and the world's data."""
    if (text is None) == (queries is None):
        raise click.UsageError("Give a TEXT, or a file of them with --queries.")
    if queries is not None and as_json:
        raise click.UsageError("--json goes with a TEXT. For --queries name a .jsonl file with --output.")
    asking = _asking(as_user, kinds, limit, language)
    if queries is not None:
        rows = read_rows(queries, ["id", "text"])
        write_rows(output, ["query_id", "rank", "id", "score"], _answers(asking, rows))
        return
    hits = asking(whole(text or ""))
    if as_json:
        tell_json(hits)
        return
    if not hits:
        say("Nothing found.")
    for hit in hits:
        click.echo(f"{hit['score']:.3f}  {hit['kind']:<13} {hit['id']:<18} {plain(hit['title'])}")


def _answers(asking: Asking, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    step = progress()
    for number, row in enumerate(rows, start=1):
        for rank, hit in enumerate(asking(row["text"]), start=1):
            yield {"query_id": row["id"], "rank": rank, "id": hit["id"], "score": f"{hit['score']:.6f}"}
        step("Searching", number, len(rows))


def _asking(as_user: str | None, kinds: tuple[str, ...], limit: int, language: str) -> Asking:
    """Search as it can be done here: in an office's home, or in one that holds the world's data alone."""
    home = current_home()
    if not home.kind and (home.atlas / "current").exists():
        return _asking_world(home, kinds, limit, language)
    asker = reader(as_user)
    from sympolis.office.core.search import search as ask

    return lambda text: [_hit(hit) for hit in ask(asker, text, kinds=kinds, language=language, limit=limit).hits]


def _asking_world(home: Home, kinds: tuple[str, ...], limit: int, language: str) -> Asking:
    from sympolis.engine import atlas
    from sympolis.engine.model import Query

    index = atlas.open_index(home.path)
    if index is None:
        raise Refusal("There is no world data to search.", "Build it: sympolis atlas build")
    return lambda text: [_world_hit(hit, language) for hit in index.search(Query(text=text, kinds=kinds, limit=limit))]


def _world_hit(hit: Hit, language: str) -> dict[str, Any]:
    document = hit.document
    shown = language if language in document.title else next(iter(document.title), "")
    return {
        "id": document.id,
        "kind": document.kind,
        "title": document.title.get(shown, ""),
        "language": shown,
        "passage": hit.passage,
        "score": round(hit.score, 6),
        "source_url": document.source_url,
    }


def _hit(hit: SearchHit) -> dict[str, Any]:
    return {
        "id": hit.public_id,
        "kind": hit.kind,
        "title": hit.title.text,
        "language": hit.title.language,
        "passage": "".join(piece.text for piece in hit.passage),
        "score": round(hit.score, 6),
        "source_url": hit.source_url,
    }


@click.command()
@click.argument("subject", metavar="ORGANISATION|TEXT")
@limit_option
@click.option("--language", type=language_choice, default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True)
def calls(subject: str, limit: int, language: str, as_json: bool) -> None:
    """Open calls that fit an organisation's portfolio or a text, with reasons and what speaks against."""
    subject = whole(subject)
    if not subject.strip():
        raise click.UsageError("Give an organisation or a text.")
    home = office_home()
    from sympolis.engine.calls_file import read_calls
    from sympolis.engine.match import fitting_calls
    from sympolis.office.core.readers import current_snapshot
    from sympolis.office.projects.queries import visible_calls
    from sympolis.office.synergies.answers import engine_call
    from sympolis.office.synergies.world_calls import topic_of, with_conditions

    user = reader()
    open_calls = [with_conditions(engine_call(call)) for call in visible_calls(user)]
    kept = {topic_of(call) for call in open_calls}
    if snapshot := current_snapshot():
        open_calls += [call for call in read_calls(snapshot) if topic_of(call) not in kept]
    about, countries, kinds = _subject(user, subject)
    vectors = _read_of_calls(home, about, open_calls)
    fits = fitting_calls(about, open_calls, countries, kinds, today(), vectors=vectors, limit=limit)
    found: list[dict[str, Any]] = [
        {
            "id": fit.call.id,
            "title": fit.call.title.get(language) or next(iter(fit.call.title.values()), ""),
            "closes": str(fit.call.closes),
            "strength": str(fit.strength),
            "score": round(fit.score, 6),
            "reasons": [reason(feature) for feature in fit.features],
            "against": [reason(feature) for feature in fit.against],
            "eligibility": [eligibility_row(answer) for answer in fit.eligibility],
            "source_url": fit.call.provenance.source_url,
        }
        for fit in fits
    ]
    if as_json:
        tell_json(found)
        return
    if not found:
        say("No open call fits.")
    for fit, call in zip(fits, found, strict=True):
        mark = _mark(fit.eligibility)
        click.echo(
            f"{call['score']:.3f}  {call['strength']:<7} {mark:<3} {call['closes']:<11} {call['id']}  "
            f"{plain(call['title'])}"
        )


_CALLS_READ = 60


def _read_of_calls(home: Home, about: Sequence[Item] | str, calls: Sequence[Call]) -> Vectors:
    """What encoders have read of the calls. What the worker has not come to yet is read here, of the likely ones."""
    from sympolis.engine.atlas import encoding
    from sympolis.engine.match import asked_items, call_texts, fitting_calls, item_texts
    from sympolis.engine.texts.encoders import CAREFUL, FAST
    from sympolis.engine.texts.subjects import subject_texts
    from sympolis.office.core.readers import current_snapshot

    vectors = vectors_of(home)
    if snapshot := current_snapshot():
        with closing(encoding(home.path, snapshot)) as read:
            read.hand_over(vectors)
    vectors.fill([*subject_texts(), *item_texts(asked_items(about))], CAREFUL)
    likely = fitting_calls(about, calls, (), (), today(), vectors=vectors, limit=_CALLS_READ)
    texts = call_texts([fit.call for fit in likely])
    vectors.fill(texts, FAST)
    step = progress()
    read_here(texts, CAREFUL, vectors, lambda done: step("Reading", done, len(texts)))
    return vectors


def eligibility_row(answer: Answer) -> dict[str, Any]:
    return {
        "question": answer.question,
        "verdict": answer.verdict,
        "detail": answer.detail,
        "values": answer.values,
        "passage": answer.passage,
        "language": answer.language,
        "basis": answer.basis,
        "where": answer.where,
    }


def _mark(answers: Sequence[Answer]) -> str:
    """The worst verdict in one mark: no, ? (can't tell), + (something is needed), ok."""
    verdicts = {str(answer.verdict) for answer in answers}
    return next(
        (mark for verdict, mark in (("no", "no"), ("cant-tell", "?"), ("needs", "+")) if verdict in verdicts), "ok"
    )


def _subject(user: Reader, subject: str) -> tuple[Any, list[str], list[str]]:
    """An organisation by id, slug or a name that is surely it, with its portfolio; else the text itself."""
    from sympolis.office.synergies.portfolio import portfolio_of
    from sympolis.office.synergies.queries import find_organisation

    organisation = find_organisation(user, subject).organisation if len(subject) <= 200 else None
    if organisation is None:
        return subject, [], []
    portfolio = portfolio_of(user, organisation, (), today())
    return portfolio.items, [organisation.country] if organisation.country else [], [organisation.kind]


@click.command()
@click.argument("texts")
@click.option("--scheme", type=click.Choice(["theme", "sdg", "target"]), default="theme", show_default=True)
@click.option("--output", default="-", help="A CSV or JSONL file; - is standard output.")
def tag(texts: str, scheme: str, output: str) -> None:
    """Themes, goals or targets of each row of a file id,text: a row per text and code considered, with its words."""
    rows = read_rows(texts, ["id", "text"])
    step = progress()
    found = (
        {
            "id": row["id"],
            "code": one.code,
            "score": f"{one.score:.6f}",
            "accepted": str(one.accepted).lower(),
            "words": "; ".join(one.words),
        }
        for row, tags in _tagged(rows, scheme, step)
        for one in tags
    )
    write_rows(output, ["id", "code", "score", "accepted", "words"], found)


def _tagged(
    rows: list[dict[str, Any]], scheme: Any, step: Callable[[str, int, int], None]
) -> Iterator[tuple[dict[str, Any], list[Tag]]]:
    from sympolis.engine.texts.themes import tag as tag_texts

    vectors = vectors_of(current_home())
    for start in range(0, len(rows), _TAGGED_AT_ONCE):
        part = rows[start : start + _TAGGED_AT_ONCE]
        yield from zip(part, tag_texts([row["text"] for row in part], scheme, vectors), strict=True)
        step("Tagging", start + len(part), len(rows))
