"""Addresses to be scanned with a phone."""

from __future__ import annotations

import base64

from allauth.mfa.adapter import get_adapter


def picture_of(address: str) -> str:
    """A QR code of an address, as what an ``img`` shows."""
    drawn = get_adapter().build_totp_svg(address)  # of any words
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}"
