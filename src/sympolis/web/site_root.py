"""Where this site is reached, for links in mails and on paper."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_from_path


def site_root(request: HttpRequest) -> str:
    """The public address that was set, else the one this request came to; without a slash at the end."""
    return (settings.SITE_ADDRESS or request.build_absolute_uri("/")).rstrip("/")


def for_any_reader(address: str) -> str:
    """An address of ours without its language: whoever opens it is led to the one that their browser asks for."""
    code = get_language_from_path(address)
    return address.removeprefix(f"/{code}") if code else address
