"""Where the site is reached, out of what an administrator wrote into the environment."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def site_address(written: str) -> str:
    """Scheme, host and port: what browsers send as Origin, whatever was written after them. Raises
    ImproperlyConfigured where that is no address, and says how to mend it."""
    if not written.strip():
        return ""
    try:
        parts = urlsplit(written.strip())
        is_whole = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, half of an IPv6 address
        is_whole = False
    if not is_whole:
        said = "SYMPOLIS_ADDRESS is to begin with https:// (or http://), such as https://relations.example.org"
        raise ImproperlyConfigured(f"{said}; it is {written.strip()[:200]!r}.")
    return f"{parts.scheme}://{parts.netloc}".lower()


def answered_hosts(written: str, address: str) -> list[str]:
    """The host names that are answered: those listed, and the one of the public address."""
    listed = [host.strip() for host in written.split(",") if host.strip()]
    public = urlsplit(address).hostname
    return list(dict.fromkeys([*listed, *([public] if public else [])]))
