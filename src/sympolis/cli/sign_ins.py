"""The demo's people and their passwords, as kept in its home."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from sympolis.config.home import Home, read_json, write_private_json


@dataclass(frozen=True, slots=True)
class SignIn:
    """One person of the demo. ``who`` is what they may do: administrator, officer, contact, participant."""

    who: str
    email: str
    password: str


def demo_sign_ins(home: Home) -> list[SignIn]:
    return [SignIn(**person) for person in read_json(sign_ins_file(home)).get("people", [])]


def keep_sign_ins(home: Home, people: list[SignIn]) -> None:
    write_private_json(sign_ins_file(home), {"people": [asdict(person) for person in people]})


def sign_ins_file(home: Home) -> Path:
    return home.path / "demo-sign-ins.json"
