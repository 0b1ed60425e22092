"""Pages everybody can read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation


def to_language(request: HttpRequest) -> HttpResponse:
    """The bare address: on to the home page in the language the reader's browser asks for."""
    with translation.override(translation.get_language_from_request(request)):
        return redirect(reverse("public:home"))


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "public/home.html")
