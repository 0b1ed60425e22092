"""What a page says while there is nothing to search in: what is true, and to the office how to mend it."""

from __future__ import annotations

from typing import Any

from django import template

from sympolis.office.core.jobs.lease import is_worker_there
from sympolis.office.core.queries import is_officer

register = template.Library()


@register.inclusion_tag("web/_not_searchable.html", takes_context=True)
def not_searchable(context: dict[str, Any], names: bool = False) -> dict[str, Any]:
    """``names``: the page shows what is found by its name alone."""
    officer = is_officer(context["request"].user)
    return {"is_coming": is_worker_there(), "names": names, "is_officer": officer}
