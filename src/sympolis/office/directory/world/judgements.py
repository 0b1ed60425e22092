"""Same body? What people decide of two records of the world's data, and how the next build hears of it.

The database holds the decisions; ``<home>/atlas/judgements.csv`` is written from it, whole, after each of them and
before each build, so that they outlive every rebuild and come back with a restored backup.
"""

from __future__ import annotations

import csv
import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from sympolis.office.core.models import User
from sympolis.office.directory.enums import SameVerdict
from sympolis.office.directory.models import SameBody

FILE = "judgements.csv"
LONGEST_ID = 200


@transaction.atomic
def judge_pair(
    user: User, left: str, right: str, verdict: str, names: Sequence[str] = ("", ""), note: str = ""
) -> SameBody:
    """Keep what somebody decided; who decides later is right. ``names`` are those of ``left`` and ``right``.

    Raises ValueError where the two are one, no ids, or the verdict is none.
    """
    if left == right or not all(":" in one and len(one) <= LONGEST_ID for one in (left, right)):
        raise ValueError("not a pair")
    if left > right:
        left, right, names = right, left, tuple(reversed(names))
    about = {"verdict": SameVerdict(verdict), "by": user, "names": [name[:300] for name in names], "note": note}
    judgement, _new = SameBody.objects.update_or_create(left=left, right=right, defaults=about)
    transaction.on_commit(write_judgements)
    return judgement


@transaction.atomic
def take_back(user: User, judgement: SameBody) -> None:
    """As if nobody had decided: the pair waits again after the next build. Its history says who took it back."""
    judgement._history_user = user  # type: ignore[attr-defined]  # simple-history reads it
    judgement.delete()
    transaction.on_commit(write_judgements)


def decided_since(at: datetime) -> int:
    """How many decisions the world's data does not know yet."""
    return SameBody.objects.filter(at__gt=at).count()


def write_judgements() -> int:
    """Write all decisions where the build reads them, all or nothing; how many there are."""
    atlas: Path = settings.HOME.atlas
    atlas.mkdir(parents=True, exist_ok=True)
    with _alone(atlas / f"{FILE}.lock"):
        # Read under the lock: who writes last has read last.
        rows = list(SameBody.objects.order_by("left", "right").values_list("left", "right", "verdict"))
        fresh = atlas / f"{FILE}.{os.getpid()}.new"
        with fresh.open("w", encoding="utf-8", newline="") as out:
            table = csv.writer(out)
            table.writerow(["left", "right", "verdict"])
            table.writerows(rows)
        fresh.replace(atlas / FILE)
    return len(rows)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
