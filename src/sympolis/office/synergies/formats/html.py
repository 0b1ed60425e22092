"""A brief as one HTML file that needs nothing else: to be opened, printed or sent."""

from __future__ import annotations

from django.template.loader import render_to_string

from sympolis.office.synergies.brief.lines import Fold
from sympolis.office.synergies.brief.sheet import Sheet
from sympolis.office.synergies.formats.credits import under_title


def as_html(sheet: Sheet) -> bytes:
    context = {"sheet": sheet, "under": list(under_title(sheet)), "folds": [str(fold) for fold in Fold]}
    return render_to_string("synergies/brief_file.html", context).encode()
