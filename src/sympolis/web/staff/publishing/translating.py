"""A page or news in two languages side by side."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sympolis.office.core.rich import program_in
from sympolis.office.core.texts import RIGHT_TO_LEFT
from sympolis.office.publishing.pages.actions import Written
from sympolis.office.publishing.pages.translating import (
    MOST_CHARACTERS,
    Piece,
    Translation,
    clashes,
    day_of,
    keep_translation,
    pieces_of,
    revision,
)
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.publishing.access import written_or_404

LONGEST_LINE = 500


@officers
@require_http_methods(["GET", "HEAD", "POST"])
def translate(request: HttpRequest, public_id: str, source: str, target: str) -> HttpResponse:
    """What somebody else translated meanwhile is shown beside one's own words, and written over by a second save."""
    record, names = written_or_404(request, public_id), dict(settings.LANGUAGES)
    if source not in names or target not in names or source == target:
        raise Http404
    pieces = [one for one in pieces_of(record) if one.text.get_text(source) or one.text.get_text(target)]
    if request.method == "POST":
        made = _translation(request, pieces, source, target)
        wrong = _wrong(made, pieces)
        theirs = clashes(record, made) if not wrong else {}
        if not wrong and not theirs:
            keep_translation(record, made, reader(request))
            messages.success(request, _("Saved."))
            return redirect("staff:written", public_id=public_id)
        return _page(request, record, pieces, source, target, made, wrong, theirs)
    return _page(request, record, pieces, source, target)


def _translation(request: HttpRequest, pieces: list[Piece], source: str, target: str) -> Translation:
    data = request.POST
    keys = [one.key for one in pieces if f"words-{one.key}" in data]
    return Translation(
        source, target, data.get("translator", "").strip()[:200],
        {key: data[f"words-{key}"].replace("\x00", "") for key in keys},
        {key: _number(data.get(f"seen-{key}")) for key in keys},
        {key: _number(data.get(f"of-{key}")) for key in keys},
    )  # fmt: skip


def _number(said: str | None) -> int:
    return int(said) if said and said.isdecimal() and len(said) < 10 else 0


def _wrong(made: Translation, pieces: list[Piece]) -> dict[str, str]:
    found: dict[str, str] = {}
    for piece in pieces:
        words = made.words.get(piece.key, "")
        most = LONGEST_LINE if piece.is_line else MOST_CHARACTERS
        if len(words) > most:
            found[piece.key] = _("%(length)d characters are too many; %(most)d at most.") % {
                "length": len(words), "most": most
            }  # fmt: skip
        elif bad := program_in(words):
            found[piece.key] = _("“%(found)s” is not taken: there can be no programs, frames or styles in a text.") % {
                "found": bad
            }
    if not made.translator and any(words.strip() for words in made.words.values()):
        found["translator"] = _("Say who translated it.")
    return found


def _page(
    request: HttpRequest,
    record: Written,
    pieces: list[Piece],
    source: str,
    target: str,
    made: Translation | None = None,
    wrong: dict[str, str] | None = None,
    theirs: dict[str, str] | None = None,
) -> HttpResponse:
    wrong, theirs = wrong or {}, theirs or {}
    rows: list[dict[str, Any]] = [
        {
            "piece": one,
            "source": one.text.get_text(source),
            "words": (made.words if made else {}).get(one.key, one.text.get_text(target)),
            "state": one.state(source, target),
            "entry": one.text.get(target, {}),
            "day": day_of(one.text.get(target, {})),
            "seen": revision(one.text, target),
            "of": revision(one.text, source),
            "wrong": wrong.get(one.key, ""),
            "theirs": theirs.get(one.key),
        }
        for one in pieces
    ]
    names = dict(settings.LANGUAGES)
    before = [one.text[target].get("translator", "") for one in pieces if one.text.get(target)]
    context = {
        "record": record, "rows": rows, "source": source, "target": target,
        "source_name": names[source], "target_name": names[target],
        "source_direction": "rtl" if source in RIGHT_TO_LEFT else "ltr",
        "target_direction": "rtl" if target in RIGHT_TO_LEFT else "ltr",
        "translator": made.translator if made else next(filter(None, before), str(request.user)),
        "translator_wrong": wrong.get("translator", ""), "clash": bool(theirs), "is_wrong": bool(wrong),
        "others": [(code, name) for code, name in names.items() if code not in {source, target}],
    }  # fmt: skip
    status = 409 if theirs else 422 if wrong else 200
    return render(request, "staff/publishing/translate.html", context, status=status)
