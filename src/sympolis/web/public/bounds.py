"""How often a page without sign-in takes something, for each address that was handed out."""

from __future__ import annotations

import time

from django.core.cache import cache

from sympolis.office.core.tokens import hashed


def has_room(what: str, token: str, most: int, in_seconds: int) -> bool:
    """At most so many in any such time. Kept as times: a count in files would forget its hour when it grows."""
    key, now = f"{what}-{hashed(token)}", time.time()
    given = [at for at in cache.get(key, []) if at > now - in_seconds]
    if len(given) >= most:
        return False
    cache.set(key, [*given, now], in_seconds)
    return True
