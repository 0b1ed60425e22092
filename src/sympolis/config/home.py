"""The home: the one folder where state lives. Reading it has no side effects; ``prepare`` alone writes."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Home:
    """Paths of one office's state. ``kind`` is ``demo``, ``office``, or empty before the first start."""

    path: Path

    @property
    def database(self) -> Path:
        return self.path / "sympolis.sqlite"

    @property
    def ids(self) -> Path:
        return self.path / "ids.sqlite"

    @property
    def index(self) -> Path:
        return self.path / "index"

    @property
    def atlas(self) -> Path:
        return self.path / "atlas"

    @property
    def vectors(self) -> Path:
        return self.path / "vectors"

    @property
    def media(self) -> Path:
        return self.path / "media"

    @property
    def documents(self) -> Path:
        return self.path / "documents"

    @property
    def outbox(self) -> Path:
        return self.path / "outbox"

    @property
    def returned(self) -> Path:
        """Where mails that came back are dropped, for the worker to read."""
        return self.path / "returned"

    @property
    def cache(self) -> Path:
        return self.path / "cache"

    @property
    def backups(self) -> Path:
        return self.path / "backups"

    @property
    def secrets(self) -> Path:
        return self.path / "secrets.json"

    @property
    def about(self) -> Path:
        return self.path / "home.json"

    @property
    def kind(self) -> str:
        return str(read_json(self.about).get("kind", ""))

    def secret(self, name: str) -> str:
        """A secret made at first start; before that one that lives as long as this process."""
        return str(read_json(self.secrets).get(name) or secrets.token_urlsafe(50))

    def prepare(self, kind: str) -> None:
        """Make the folders and the secrets, once. Raises ValueError where a home of the other kind lives."""
        if self.kind and self.kind != kind:
            raise ValueError(f"{self.path} holds a home of kind {self.kind!r}, not {kind!r}.")
        for folder in (self.path, self.media, self.documents, self.outbox, self.cache, self.backups):
            folder.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o700)
        if not self.secrets.exists():
            # The code is asked for on the first-run page, so that no stranger opens an office on a fresh server.
            fresh = {"secret_key": secrets.token_urlsafe(50), "first_run_code": secrets.token_hex(4)}
            write_private_json(self.secrets, fresh)
        if not self.about.exists():
            write_private_json(self.about, {"kind": kind})


def read_json(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def write_private_json(path: Path, values: dict[str, Any]) -> None:
    """Write a file that only its owner reads, all or nothing."""
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        json.dump(values, out, indent=1, ensure_ascii=False)
    fresh.replace(path)


def current_home() -> Home:
    return Home(Path(os.environ.get("SYMPOLIS_HOME") or CHECKOUT / "var").resolve())
