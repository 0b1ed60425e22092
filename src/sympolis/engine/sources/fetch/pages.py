"""What a visit is told, and pages that are kept as they come, each asked for once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .http import Client, Question, state_of

MOST_PAGE_BYTES = 256 << 20


@dataclass(frozen=True, slots=True)
class Visit:
    """What is asked: whom, since when, with which key; where it goes, and where the visit before went."""

    folder: Path
    address: str
    since: date | None = None
    key: str = ""
    before: Path | None = None
    tell: Callable[[str], None] = lambda _: None


def kept_page(client: Client, file: Path, question: Question, check: Callable[[bytes], object]) -> bytes:
    """The page: as it was kept, else asked for and kept, as a whole or not at all."""
    if file.exists():
        return file.read_bytes()
    raw = client.ask(question, MOST_PAGE_BYTES, check)
    new = file.with_name(file.name + ".new")
    with new.open("wb") as out:
        out.write(raw)
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)
    client.pause()
    return raw


def kept_download(client: Client, visit: Visit, name: str, question: Question, most_bytes: int) -> None:
    """A whole file: the one of the visit before where it did not change, else got anew; gone on with if cut off."""
    file = visit.folder / name
    if visit.before and not file.exists():
        _carry_over(visit.before / name, file)
    if file.exists() and not state_of(file).exists():
        return
    client.download(question, file, most_bytes)
    client.pause()
    visit.tell(name)


def _carry_over(old: Path, file: Path) -> None:
    part_begun = state_of(file).exists()
    if old.exists() and state_of(old).exists() and not part_begun:
        shutil.copy2(state_of(old), state_of(file))
        shutil.copy2(old, file.with_name(file.name + ".new"))
        file.with_name(file.name + ".new").replace(file)
