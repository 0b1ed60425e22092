"""The organisations nearest to what is being typed into a field."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sympolis.office.synergies.queries import find_organisation


def suggested(request: HttpRequest, field: str) -> HttpResponse:
    """From the second letter on."""
    typed = request.GET.get(field, "")
    nearest = find_organisation(request.user, typed).nearest if len(typed.strip()) > 1 else []
    return render(request, "staff/brief/_suggestions.html", {"field": field, "nearest": nearest})
