"""What can go wrong in the engine: a small tree, each error with a remedy."""


class EngineError(Exception):
    """Something the engine refuses. ``remedy`` says how to mend it."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.what} {self.remedy}".strip()


class SourceError(EngineError):
    """A file of a source can't be read as that source."""


class IndexUnavailable(EngineError):
    """There is no index to ask, or it was made by another version."""


class AtlasError(EngineError):
    """The atlas can't be added to or built."""


class IndexLocked(EngineError):
    """Another process is writing this index."""


class FetchError(EngineError):
    """A public service refuses, stays silent, or gives what can't be used."""
