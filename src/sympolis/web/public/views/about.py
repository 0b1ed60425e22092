"""About this site: where its facts come from, who answers for it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def credits(request: HttpRequest) -> HttpResponse:
    return render(request, "public/credits.html")


def legal(request: HttpRequest) -> HttpResponse:
    """The legal notice of the office, and how easy this site is to use for everybody."""
    return render(request, "public/legal.html")
