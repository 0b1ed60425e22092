"""The cache in files, which looks only now and then whether it has become too large."""

from __future__ import annotations

import pickle
import random
import zlib
from typing import Any

from django.core.cache.backends.filebased import FileBasedCache

LOOKS_ONCE_IN = 200
PACKED_AT = 1
"""A page of 180 kB takes .5 ms to be packed and 27 kB then, in place of 1.5 ms and 21 kB."""


class SeldomCulledCache(FileBasedCache):
    """Django's lists all its files each time it keeps something: of two thousand people who register at once, four
    thousand files for each. One time in so many is enough for a bound that need not be exact."""

    def _cull(self) -> None:
        if random.randrange(LOOKS_ONCE_IN) == 0:  # noqa: S311 - no secret
            super()._cull()  # type: ignore[misc]  # the stubs leave it out

    def _write_content(self, file: Any, timeout: Any, value: Any) -> None:
        expiry = self.get_backend_timeout(timeout)
        file.write(pickle.dumps(expiry, self.pickle_protocol))
        file.write(zlib.compress(pickle.dumps(value, self.pickle_protocol), PACKED_AT))
