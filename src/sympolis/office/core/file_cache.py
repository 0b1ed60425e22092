"""The cache in files, which looks only now and then whether it has become too large."""

from __future__ import annotations

import random

from django.core.cache.backends.filebased import FileBasedCache

LOOKS_ONCE_IN = 200


class SeldomCulledCache(FileBasedCache):
    """Django's lists all its files each time it keeps something: of two thousand people who register at once, four
    thousand files for each. One time in so many is enough for a bound that need not be exact."""

    def _cull(self) -> None:
        if random.randrange(LOOKS_ONCE_IN) == 0:  # noqa: S311 - no secret
            super()._cull()  # type: ignore[misc]  # the stubs leave it out
