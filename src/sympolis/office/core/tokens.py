"""Addresses that open a page without sign-in: what is in the mail, and the little that is kept of it."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """What nobody guesses, fit for an address."""
    return secrets.token_urlsafe(24)


def hashed(token: str) -> str:
    """Only this is kept of the address in a mail: who reads the database cannot answer for anybody."""
    return hashlib.sha256(token.encode()).hexdigest()
