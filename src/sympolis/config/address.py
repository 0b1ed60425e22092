"""Where the site is reached, out of what an administrator wrote into the environment."""

from __future__ import annotations

from urllib.parse import urlsplit


def site_address(written: str) -> str:
    """Scheme, host and port: what browsers send as Origin, whatever was written after them."""
    parts = urlsplit(written.strip())
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.scheme and parts.netloc else ""


def answered_hosts(written: str, address: str) -> list[str]:
    """The host names that are answered: those listed, and the one of the public address."""
    listed = [host.strip() for host in written.split(",") if host.strip()]
    public = urlsplit(address).hostname
    return list(dict.fromkeys([*listed, *([public] if public else [])]))
