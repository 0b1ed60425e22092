"""What kind of public body a name speaks of: *Ajuntament de …* is a city, *Ministero …* a ministry.

Only words that no other kind of body carries in front are listed; a name without one stays ``other``.
"""

from __future__ import annotations

import re

_WORDS = {
    "metropolitan-authority": (
        r"area metropolitana|àrea metropolitana|área metropolitana|métropole|metropole|città metropolitana|"
        r"citta metropolitana|metropolitan (?:area|authority|region|city of)|grand(?:e)? lyon|metropolregion"
    ),
    "ministry": (
        r"^(?:the )?(?:federal |national )?(?:ministry|department of state)\b|^minist(?:ere|ère|erio|eri|ero|ério|"
        r"erstvo|erie|erium|erul|ria|ry|arstvo)\b|\w*ministerium\b|^ypourgeio\b|^υπουργειο\b|\bministerie van\b|^وزارة|"
        r"ministeriö\b"
    ),
    "region": (
        r"^(?:the )?(?:provincia|província|province of|province de|provincie|diputaci[oóò]n?|region|région|regione|"
        r"regi[oó]n de|regione autonoma|county council|conseil r[eé]gional|conseil d[eé]partemental|d[eé]partement d|"
        r"generalitat|gobierno de|comunidad aut[oó]noma|xunta|junta de|land |freistaat|wojew[oó]dztwo|landkreis|kreis |"
        r"voivodeship|perifereia|periferia|περιφερεια|regionalna|jude[tț]ul|consiliul jude[tț]ean|fylkeskommune)|"
        r"\b(?:region|fylkeskommune|regional council|county council|county municipality|l[aä]nsstyrelsen|"
        r"maakunta|maakuntaliitto)$"
    ),
    "city": (
        r"^(?:the )?(?:city of|city council|municipality|municipal(?:ity)? of|ajuntament|ayuntamiento|concello|ville d|"
        r"commune d|mairie|comune d|roma capitale|gemeente|stad |stadt |landeshauptstadt|hansestadt|"
        r"freie und hansestadt|gmina|miasto|mesto|město|hlavn[ií] mesto|statut[aá]rn[ií] m[eě]sto|"
        r"m[uú]n[ií]c[ií]pio|c[aâ]mara municipal|"
        r"concelho|primaria|municipiul|dimos|δημος|obshtina|stolichna obshtina|grad |ob[cč]ina|mestna obcina|"
        r"savivaldyb|intendencia municipal|alcald[ií]a|prefeitura|london borough|royal borough|borough of|بلدية|"
        r"town of|commune urbaine)|"
        r"\b(?:kommune|kommun|kaupunki|stad|linn|city council|borough council|town council|municipality|belediyesi|"
        r"buyuksehir belediyesi|pa[sš]valdiba|dome|onkormanyzat|önkormányzata?|reykjav[ií]kurborg|"
        r"savivaldyb\w*|miesto savivaldyb\w*|district council|municipal council)$"
    ),
}
_KINDS = tuple((kind, re.compile(words)) for kind, words in _WORDS.items())


def kind_of_public_body(name: str) -> str:
    """city, region, metropolitan-authority or ministry where the name says so, else ``other``."""
    folded = name.casefold().strip(" .,\"'")
    return next((kind for kind, words in _KINDS if words.search(folded)), "other")
