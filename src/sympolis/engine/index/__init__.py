"""One lexical and vector index over records, in a folder that one process writes and many read."""

from .index import Index
from .merge import merge_hits, search_both

__all__ = ["Index", "merge_hits", "search_both"]
