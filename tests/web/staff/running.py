"""A project that runs, for the tests of its pages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import override

from sympolis.office.projects.models import Project
from tests.cast import Cast
from tests.factories import make_project


def blue_harbours(cast: Cast) -> Project:
    return make_project("Blue harbours", cast.sfax, cast.amb, budget=Decimal("1000.00"), currency="EUR")


def at(name: str, *about: Any) -> str:
    with override("en"):
        return reverse(f"staff:{name}", args=about)


def add(cast: Cast, project: Project, kind: str, who: str = "officer", **data: Any) -> Any:
    return cast.client(who).post(at(f"running_{kind}_add", project.public_id), data)
