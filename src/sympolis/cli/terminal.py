"""What commands say: refusals in one line, progress where somebody watches, rows and JSON for scripts."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sympolis.engine.model import Feature

type Progress = Callable[[str, int, int], None]


_SOON_S = 1.0  # before that a rate says nothing

_LINE_END = re.compile(r"\r\n|\r|\n")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
language_choice = click.Choice(["en", "ca", "es", "fr", "ar"])  # what answers can be read in
limit_option = click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True)


class Refusal(click.ClickException):
    """What was asked for is not done: one line on what is wrong and how to mend it, exit status 1."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(f"{what} {remedy}".strip())

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(plain(self.message), file=file or sys.stderr)


def say(line: str) -> None:
    """A word to the person at the terminal; never mixed with what a script reads."""
    click.echo("\n".join(plain(part) for part in line.split("\n")), err=True)


def plain(text: str) -> str:
    """Words of others on one line, without what a terminal would obey (ECMA-48) or cannot write."""
    return _CONTROLS.sub(" ", whole(text))


def whole(text: str) -> str:
    """A text as UTF-8 can write it: halves of characters are joined, and become U+FFFD where the other is missing."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def progress() -> Progress:
    """``step(name, done, total)``: a line that moves on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        return lambda name, done, total: None
    last = 0.0
    pace = Pace()

    def step(name: str, done: int, total: int) -> None:
        nonlocal last
        finished = total > 0 and done >= total
        if time.monotonic() - last < 0.1 and not finished:
            return
        last = time.monotonic()
        click.echo(f"\r\033[K{pace.line(name, done, total, time.monotonic())}", err=True, nl=finished)

    return step


class Pace:
    """How fast a step goes and how long it will take, in words. Told what is done now and then."""

    def __init__(self) -> None:
        self._name = ""
        self._began, self._already = 0.0, 0

    def line(self, name: str, done: int, total: int, now: float) -> str:
        """A line on a step at a moment (in seconds of any clock): how much is done, the rate, the time left."""
        if name != self._name or done < self._already:
            self._name, self._began, self._already = name, now, done
        spent, since = now - self._began, done - self._already
        share = f" {done:,} of {total:,}" if total > 1 else ""
        if spent < _SOON_S or since <= 0 or total <= 1:
            return f"{name}{share}"
        rate = since / spent
        left = f", {_duration((total - done) / rate)} left" if done < total else f" in {_duration(spent)}"
        return f"{name}{share}, {rate:,.0f}/s{left}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"


def tell_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def write_rows(path: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> int:
    """Rows to a CSV or, by its ending, JSONL file; ``-`` is standard output as CSV. Gives their number.

    In CSV a text that a spreadsheet would run gets an apostrophe before it; JSONL has every text as it is.
    """
    with _written(path) as out:
        out.write(_heading(path, columns))
        return _write(path, out, columns, rows)


def write_parts(path: str, columns: Sequence[str], parts: Iterable[str]) -> None:
    """The same of rows that ``lines_of`` has made lines of."""
    with _written(path) as out:
        out.write(_heading(path, columns))
        out.writelines(parts)


def lines_of(path: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as the lines of a CSV or, by its ending, JSONL file, without the heading."""
    out = io.StringIO(newline="")
    _write(path, out, columns, rows)
    return out.getvalue()


def _is_json(path: str) -> bool:
    return path.endswith((".jsonl", ".ndjson"))


def _heading(path: str, columns: Sequence[str]) -> str:
    return "" if _is_json(path) else ",".join(columns) + "\n"


def _write(path: str, out: IO[str], columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> int:
    if _is_json(path):
        return _write_json_lines(out, columns, rows)
    writer = csv.writer(out, lineterminator="\n")
    count = 0
    for row in rows:
        writer.writerow([_cell(row.get(key, "")) for key in columns])
        count += 1
    return count


def _cell(value: Any) -> Any:
    from sympolis.engine.sheets import harmless

    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return harmless(value) if isinstance(value, str) else value


def _write_json_lines(out: IO[str], columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> int:
    count = 0
    for row in rows:
        out.write(json.dumps({key: row.get(key) for key in columns}, ensure_ascii=False, default=str) + "\n")
        count += 1
    return count


@contextmanager
def _written(path: str) -> Iterator[IO[str]]:
    """A file that is there as a whole or not at all."""
    if path == "-":
        yield sys.stdout
        return
    target = refuse_no_folder(path)
    fresh = target.with_name(target.name + ".new")
    with fresh.open("w", encoding="utf-8", newline="") as out:
        yield out
    fresh.replace(target)


def refuse_no_folder(path: str) -> Path:
    """The file that is meant, in a folder that is there."""
    target = Path(path)
    if not target.parent.is_dir():
        raise Refusal(f"There is no folder {target.parent}.", "Make it first or name another.")
    return target


def read_rows(path: str, required: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of a CSV or JSONL file; ``-`` is standard input, which is JSONL where it begins with an object and CSV
    otherwise. Refuses where a required column is missing. Required values are texts, save an id, which stays as it is.
    """
    text = _text_of(path)
    is_json = _is_json(path) or (path == "-" and text.lstrip().startswith("{"))
    named = called(path)
    rows = _json_rows(named, text) if is_json else _csv_rows(named, text)
    for number, row in enumerate(rows, start=1):
        missing = [column for column in required if not str("" if row.get(column) is None else row[column]).strip()]
        if missing:
            raise Refusal(f"{named}, row {number}: no {' and no '.join(missing)}.", "Every row needs it.")
        for column in required:
            if isinstance(row[column], list | dict):
                raise Refusal(f"{named}, row {number}: {column} is a list or an object.", "Write it as one text.")
        row.update({column: str(row[column]) for column in required if column != "id"})
    return rows


def called(path: str) -> str:
    """How a file is named to people."""
    return "standard input" if path == "-" else path


def _text_of(path: str) -> str:
    try:
        content = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror}.") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(f"{called(path)} is not UTF-8 text (byte {error.start}).", "Save it as UTF-8.") from error


def refuse_same_ids(path: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Refuse where two rows have one id: an answer could not say which of them it means."""
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        first = seen.setdefault(str(row["id"]), number)
        if first != number:
            raise Refusal(
                f"{called(path)}, row {number}: the id {row['id']} is that of row {first}.", "Give each its own."
            )


def _csv_rows(path: str, text: str) -> list[dict[str, Any]]:
    csv.field_size_limit(2**27)
    lines = io.StringIO(text, newline="")  # a cell may hold line breaks of every kind
    try:
        return [{str(key): value or "" for key, value in row.items() if key} for row in csv.DictReader(lines)]
    except csv.Error as error:
        raise Refusal(f"{path} is no CSV: {error}.", "Look for a quotation mark that is never closed.") from error


def _json_rows(path: str, text: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(_LINE_END.split(text), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Refusal(f"{path}, line {number}: not JSON.", "Write one object a line.") from error
        if not isinstance(row, dict):
            raise Refusal(f"{path}, line {number}: not an object.", "Write one object a line.")
        rows.append(_wholly(row))
    return rows


def _wholly(value: Any) -> Any:
    """JSON may escape half a character, which no file could take."""
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, list):
        return [_wholly(one) for one in value]
    return {key: _wholly(one) for key, one in value.items()} if isinstance(value, dict) else value


def listed(value: Any) -> tuple[str, ...]:
    """The values of a cell, parted by ``;`` or ``,``, or of a list of JSON."""
    found = value if isinstance(value, list) else str(value or "").replace(",", ";").split(";")
    return tuple(str(one).strip() for one in found if str(one).strip())


def ranked[T](found: Iterable[T], asked: Callable[[T], str]) -> Iterator[tuple[int, T]]:
    """What was found for one id after another, counted from 1 for each."""
    rank, before = 0, None
    for one in found:
        rank = rank + 1 if asked(one) == before else 1
        before = asked(one)
        yield rank, one


def reason(feature: Feature) -> dict[str, Any]:
    """Why, for a script: what was compared and what came of it."""
    return {"name": feature.name, "score": round(feature.score, 4), "detail": feature.detail, "values": feature.values}


def today() -> date:
    return datetime.now(UTC).date()
