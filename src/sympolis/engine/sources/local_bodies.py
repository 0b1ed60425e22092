"""Whether a local or regional authority is a city, a metropolitan authority or a region, by the words of its name."""

from __future__ import annotations

import re

from ..texts.words import fold

_METROPOLITAN = re.compile(r"\b(metropol\w*|area metropolitana|grand paris|communaute urbaine|agglomeration)\b")
_REGION = re.compile(
    r"\b(regi[oó]n\w*|regione|provinc\w*|provincia\w*|diputacion?|county|comte|comarca\w*|departament\w*|departement\w*|"
    r"state|estado|estat|land|lander|landkreis|kreis|voivodeship|wojewodztwo|oblast|canton\w*|governorate|prefectur\w*|"
    r"lan|lansstyrelsen|landsting|fylkeskommun\w*|gobierno autonomo departamental)\b"
)


def local_kind(name: str, default: str = "city") -> str:
    """One of ``city``, ``metropolitan-authority``, ``region``; ``default`` where the name does not say."""
    folded = fold(name)
    if _METROPOLITAN.search(folded):
        return "metropolitan-authority"
    return "region" if _REGION.search(folded) else default
