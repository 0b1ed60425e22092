"""The actions of a plan by place as GeoJSON: a point for each country and each part of the world that any names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils.translation import ngettext

from sympolis.engine.match.country_points import point_of
from sympolis.office.core.names import COUNTRIES
from sympolis.office.core.templatetags.show import number
from sympolis.office.planning.listed import ListedAction
from sympolis.web.public.charts import collection, feature
from sympolis.web.public.lists import language


def places_chart(actions: Iterable[ListedAction], address: str) -> dict[str, Any]:
    """``address``: the page that lists them by place."""
    counts = Counter(code for action in actions for code in {*action.countries, *action.regions})
    points = []
    for code, count in sorted(counts.items()):
        if (at := point_of(code)) is not None:
            said = ngettext("%(shown)s action", "%(shown)s actions", count) % {"shown": number(count)}
            about = {"name": COUNTRIES.name(code, language()), "note": said, "url": f"{address}#place-{code}"}
            points.append(feature("Point", [at[1], at[0]], about))
    return collection(points)
