"""What opens a door without a password, an address in a mail or the token of a program, and the little kept of it."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """What nobody guesses, fit for an address."""
    return secrets.token_urlsafe(24)


def new_api_token() -> str:
    """256 random bits behind a word that says what it is, so that one left lying about is recognised."""
    return f"sympolis_{secrets.token_urlsafe(32)}"


def hashed(token: str) -> str:
    """Only this is kept of an address or a token: who reads the database cannot answer for anybody."""
    return hashlib.sha256(token.encode()).hexdigest()
