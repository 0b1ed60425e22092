"""Where this site is reached, for links in mails and on paper."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def site_root(request: HttpRequest) -> str:
    """The public address that was set, else the one this request came to; without a slash at the end."""
    return (settings.SITE_ADDRESS or request.build_absolute_uri("/")).rstrip("/")
