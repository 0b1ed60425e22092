"""A call in the portal's layout, and what one is told of it."""

from __future__ import annotations

from sympolis.engine.model import Applicant, Call, PartialDate, Provenance

HORIZON = "Horizon Europe"
ANNEX_B = (
    "General conditions1. Admissibility Conditions: Proposal page limit and layoutdescribed in Annex A of the Work "
    "Programme General Annexes.2. Eligible Countriesdescribed in Annex B of the Work Programme General Annexes. A "
    "number of non-EU/non-Associated Countries that are not automatically eligible for funding have made specific "
    "provisions for making funding available for their participants in Horizon Europe projects.3. Other Eligible "
    "Conditions{more}described in Annex B of the Work Programme General Annexes.4. Financial and operational capacity "
    "and exclusiondescribed in Annex C of the Work Programme General Annexes."
)
CALL_DOCUMENT = (
    "Conditions1. Admissibility conditions: Proposal page limit and layoutdescribed in section 5 of the call document."
    "2. Eligible countriesdescribed in section 6 of the call document.3. Other eligibility conditionsdescribed in "
    "section 6 of the call document.6. Legal and financial set-up of the grantsdescribed in section 10."
)


def call(conditions: str = "", language: str = "en", **rest: object) -> Call:
    """A call with these conditions in a language; open until 15 January 2027."""
    told = {language: conditions} if conditions else {}
    fields = {"conditions": told, "closes": PartialDate.parse("2027-01-15")} | rest
    return Call("portal:ONE", {"en": "One call"}, Provenance("portal", "ONE"), **fields)  # type: ignore[arg-type]  # any field of a call


def bodies(*written: str) -> list[Applicant]:
    """``ES/city`` as an applicant."""
    return [Applicant(*one.split("/")) for one in written]
