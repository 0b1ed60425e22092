"""How a process that serves readers keeps house: what stays is left in peace, what is free is given back."""

from __future__ import annotations

import ctypes
import gc
import sys

OBJECTS_A_PAGE = 20_000


def settle() -> None:
    """Call it once all is loaded that every reader needs: what stays for good is not looked through again at each
    collection of garbage, and there is no collection in the middle of a page (a tenth of its time)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_A_PAGE, 20, 20)
    give_back()


def clear_up() -> None:
    """Let go of what went in circles since ``settle``, which waits long for a collection by itself: a Word file, a
    brief and a long list leave 20 MB. Some milliseconds, for a thread that nobody waits for."""
    gc.collect()
    give_back()


def give_back() -> None:
    """Return what the C library keeps of freed memory. Worth its milliseconds after loading something large: 20 MB of
    weights on their way to their place leave holes. Does nothing where the C library is another than glibc."""
    if sys.platform != "linux":
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
