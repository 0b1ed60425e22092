"""Two files of texts: for each row of the one the rows of the other that go with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sympolis.cli.office import vectors_of
from sympolis.cli.reading import read_here
from sympolis.cli.terminal import (
    Refusal,
    called,
    limit_option,
    lines_of,
    listed,
    progress,
    ranked,
    read_rows,
    reason,
    refuse_no_folder,
    refuse_same_ids,
    say,
    write_parts,
)
from sympolis.config.home import current_home

if TYPE_CHECKING:
    from sympolis.engine.model import Item, Match, PartialDate
    from sympolis.engine.run.spark import Cluster

WORLD = "atlas"
COLUMNS = ("left_id", "rank", "right_id", "score", "reasons")
_CAREFULLY_READ = 5_000
_NAMED = 5


@click.command()
@click.argument("left")
@click.argument("right")
@limit_option
@click.option(
    "--careful/--fast",
    default=None,
    help="Read every text with the careful encoder as well, or none. Up to 5,000 texts are unless told otherwise.",
)
@click.option(
    "--spark", default="", envvar="SYMPOLIS_SPARK", help="The cluster that reads and compares, sc://host:15002."
)
@click.option("--output", default="-", help="A CSV or JSONL file; - is standard output.")
def match(left: str, right: str, limit: int, careful: bool | None, spark: str, output: str) -> None:
    """For each row of LEFT the rows of RIGHT that go with it. Files id,text[,title,language,kind,themes,…].

    RIGHT may be the word atlas: the projects of the world's data.
    """
    from sympolis.engine.match import item_texts, item_words
    from sympolis.engine.match.common_words import MOST_PAIRS
    from sympolis.engine.texts.encoders import CAREFUL, FAST
    from sympolis.engine.texts.subjects import subject_texts

    if left == right == "-":
        raise click.UsageError("Only one of LEFT and RIGHT can be standard input.")
    if output != "-":
        refuse_no_folder(output)
    if right == WORLD and not Path(WORLD).exists():
        if spark:
            raise click.UsageError("The world's projects are looked up on this machine, without --spark.")
        _write_from_the_world(left, limit, bool(careful), output)
        return
    sides = [_items(path) for path in (left, right)]
    texts = list(dict.fromkeys(item_texts([*sides[0], *sides[1]])))
    encoders = _encoders(len(texts), careful)
    # Vectors of two encoders, and of the phrases that texts are compared by.
    vectors = vectors_of(current_home(), *encoders, least=3 * len(texts))
    step = progress()
    with _ways(spark) as (read, compare):
        for encoder in encoders:
            read(texts, encoder, vectors, lambda done: step("Reading", done, len(texts)))
        if CAREFUL in encoders:
            read(subject_texts(), CAREFUL, vectors)
        if FAST in encoders and len(sides[0]) * len(sides[1]) <= MOST_PAIRS:
            read(item_words([*sides[0], *sides[1]]), FAST, vectors)
        found = compare(
            *sides,
            limit,
            vectors=vectors,
            finish=partial(_lines, output),
            step=lambda done: step("Comparing", done, len(sides[0])),
        )
        write_parts(output, COLUMNS, found)


def _write_from_the_world(left: str, limit: int, careful: bool, output: str) -> None:
    """Those projects of the snapshot being served that go with each row."""
    from sympolis.engine import atlas
    from sympolis.engine.match import item_texts, match_index
    from sympolis.engine.texts.encoders import CAREFUL, FAST
    from sympolis.engine.texts.subjects import subject_texts

    home = current_home()
    index = atlas.open_index(home.path)
    if index is None:
        raise Refusal("There is no world data to match with.", "Build it: sympolis atlas build")
    with index:
        items = _items(left)
        vectors = vectors_of(home, FAST, *[CAREFUL] * careful)
        if careful:
            vectors.fill([*item_texts(items), *subject_texts()], CAREFUL)
        found = match_index(items, index, limit, vectors=vectors)
        write_parts(output, COLUMNS, (_lines(output, some) for _, some in groupby(found, lambda one: one.left_id)))


def _lines(output: str, found: Iterable[Match]) -> str:
    """Matches of some left items as lines of the file. Runs in whatever process has found them."""
    rows = (
        {
            "left_id": one.left_id,
            "rank": rank,
            "right_id": one.right_id,
            "score": f"{one.score:.6f}",
            "reasons": [reason(feature) for feature in one.features],
        }
        for rank, one in ranked(found, lambda one: one.left_id)
    )
    return lines_of(output, COLUMNS, rows)


def _encoders(texts: int, careful: bool | None) -> tuple[str, ...]:
    """Both for so many texts as are read in a few minutes, else the fast one.

    Two measures in one list would not compare, so that all texts are read carefully, or none.
    """
    from sympolis.engine.texts.encoders import CAREFUL, FAST

    if careful is None and texts > _CAREFULLY_READ:
        say(f"{texts:,} texts are many: the fast encoder alone reads them. With --careful both do.")
    many = texts > _CAREFULLY_READ if careful is None else not careful
    return (FAST,) if many else (FAST, CAREFUL)


@contextmanager
def _ways(spark: str) -> Iterator[tuple[Callable[..., None], Callable[..., Any]]]:
    """How texts are read and items compared: on this machine or on a cluster."""
    if not spark:
        from sympolis.engine.run.side_by_side import match_here

        yield read_here, match_here
        return
    from sympolis.engine.run.matching import read_far
    from sympolis.engine.run.runner import cluster_at

    with cluster_at(spark) as cluster:
        yield partial(read_far, cluster), partial(_compare_far, cluster)


def _compare_far(
    cluster: Cluster, *asked: Any, finish: Callable[[Iterable[Match]], str], **named: Any
) -> Iterator[str]:
    """What a cluster finds, finished here for one left item after another."""
    from sympolis.engine.run.matching import match_far

    for _, found in groupby(match_far(cluster, *asked, **named), lambda one: one.left_id):
        yield finish(found)


def _items(path: str) -> list[Item]:
    rows = read_rows(path, ["id", "text"])
    refuse_same_ids(path, rows)
    items = [_Row(f"{called(path)}, row {number}", row).item() for number, row in enumerate(rows, start=1)]
    _say_unknown_themes(path, rows)
    return items


class _Row:
    """A row of a file as something to compare; what cannot be meant is refused with its place."""

    def __init__(self, place: str, cells: dict[str, Any]) -> None:
        self._place = place
        self._cells = cells

    def item(self) -> Item:
        """Raises Refusal."""
        from sympolis.engine.match import LONGEST_TITLE
        from sympolis.engine.model import Item
        from sympolis.engine.texts.languages import detect_language

        title, text = self._text("title")[:LONGEST_TITLE], self._text("text")
        language = self._text("language") or detect_language(f"{title} {text}") or "en"
        return Item(
            id=str(self._cells["id"]),
            kind=self._kind(),
            title={language: title} if title else {},
            text={language: text},
            owner_id=self._text("owner"),
            themes=tuple(code for code in listed(self._cells.get("themes")) if code in _themes()),
            sdgs=tuple(self._goal(goal) for goal in listed(self._cells.get("sdgs"))),
            countries=listed(self._cells.get("countries")),
            programme=self._text("programme"),
            since=self._date("start"),
            until=self._date("end"),
        )

    def _text(self, column: str) -> str:
        value = self._cells.get(column)
        return "" if value is None else str(value).strip()

    def _kind(self) -> Any:
        from sympolis.engine.model import ItemKind

        kind = self._text("kind").lower() or ItemKind.PROJECT
        if kind not in set(ItemKind):
            raise self._refusal(f"{kind[:40]} is none of the kinds {', '.join(ItemKind)}")
        return ItemKind(kind)

    def _goal(self, goal: str) -> int:
        if not (goal.isascii() and goal.isdigit() and len(goal) < 3 and 1 <= int(goal) <= 17):
            raise self._refusal(f"{goal[:40]} is none of the goals 1 to 17")
        return int(goal)

    def _date(self, column: str) -> PartialDate:
        from sympolis.engine.model import PartialDate

        written = self._text(column)
        try:
            return PartialDate.parse(written)
        except (ValueError, OverflowError) as error:
            raise self._refusal(f"{column} {written[:40]} is no date like 2027, 2027-03 or 2027-03-14") from error

    def _refusal(self, what: str) -> Refusal:
        return Refusal(f"{self._place}: {what}.", "Correct it or leave it empty.")


@cache
def _themes() -> set[str]:
    from sympolis.engine.texts import vocabulary

    return {theme.code for theme in vocabulary.themes()}


def _say_unknown_themes(path: str, rows: Sequence[dict[str, Any]]) -> None:
    """A theme that no list has says nothing of what a row is about; the words of its text do."""
    unknown = dict.fromkeys(code for row in rows for code in listed(row.get("themes")) if code not in _themes())
    if unknown:
        named = ", ".join(code[:40] for code in list(unknown)[:_NAMED])
        more = f" and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else ""
        say(f"{called(path)}: themes that no list has are left out: {named}{more}.")
