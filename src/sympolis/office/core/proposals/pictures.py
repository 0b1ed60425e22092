"""Pictures that somebody proposes, such as a logo: files of their own until the office has decided, then gone.

They lie where documents do, and not where pictures of pages are served to everybody. A proposal keeps the name.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from functools import partial

from django.core.files.base import ContentFile, File
from django.db import transaction

from sympolis.office.core.models import PROPOSED_PICTURE, PROPOSED_PICTURES, private_storage


def keep_picture(picture: File[bytes]) -> str:
    """Put a picture made afresh by its form aside; gives the name it lies under."""
    picture.seek(0)
    return private_storage().save(f"{PROPOSED_PICTURES}/{secrets.token_hex(12)}.png", picture)


def is_proposed(name: object) -> bool:
    return isinstance(name, str) and PROPOSED_PICTURE.fullmatch(name) is not None


def picture_of(name: str) -> ContentFile[bytes]:
    """A picture that was put aside. Raises FileNotFoundError."""
    with private_storage().open(name) as kept:
        return ContentFile(kept.read(), name=name.rpartition("/")[2])


def drop_pictures(names: Iterable[object]) -> None:
    """Those among these that were put aside go, once what was decided is kept."""
    for name in map(str, filter(is_proposed, names)):
        transaction.on_commit(partial(private_storage().delete, name))
