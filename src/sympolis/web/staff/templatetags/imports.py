"""What the pages of imports show that no plain variable tells."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def named(labels: Mapping[str, object], name: str) -> object:
    """The label of a table; its own name where it has gone."""
    return labels.get(name, name)
