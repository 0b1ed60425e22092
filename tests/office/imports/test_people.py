"""People brought in as a table, with their posts and why they may be kept; what was said in meetings."""

from __future__ import annotations

from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Department, Person
from sympolis.office.synergies.models import Meeting
from tests.cast import Cast
from tests.office.imports.bringing import bring, read_as

HEAD = "organisation_id,name,post_fr,department_id,email,language,languages,since,basis,basis_from,basis_how\n"
GOOD = "sfax,Zuhaitz Amari,Directrice,Harbour,z@example.org,fr,fr; ar,2021-03,consent,2021,a mail\n"


def test_they_come_with_their_post_and_stay_private(cast: Cast) -> None:
    harbour = Department.objects.create(organisation=cast.sfax, name=Text.of(en="Harbour"))
    run = bring("people", HEAD + GOOD + "sfax,,Maire,,,,,,,,\n")
    assert run.created == 2
    kept = Person.objects.get(name="Zuhaitz Amari")
    assert (kept.organisation, kept.department, kept.post.plain()) == (cast.sfax, harbour, {"fr": "Directrice"})
    assert (kept.language, list(kept.languages), str(kept.since)) == ("fr", ["fr", "ar"], "2021-03")
    assert (kept.basis, str(kept.basis_from), kept.basis_how, kept.visibility) == (
        "consent",
        "2021",
        "a mail",
        "office",
    )
    assert bring("people", HEAD + GOOD).unchanged == 1
    for who, sees in (("visitor", False), ("outsider", False), ("contact", True), ("officer", True)):
        answer = cast.client(who).get("/en/office/people/", follow=True)
        assert ("Zuhaitz" in answer.text) is sees, who


def test_what_is_missing_is_said_row_by_row(cast: Cast) -> None:
    Department.objects.create(organisation=cast.amb, name=Text.of(en="Works"))
    rows = (
        "sfax,,,,,,,,,,\n"
        "sfax,A,,,,,,,consent,,\n"
        "sfax,B,,Works,,,,,,,\n"
        "sfax,C,,,no mail,,,,,,\n"
    )  # fmt: skip
    found = read_as("people", HEAD + rows)
    assert sorted((one.row, one.what) for one in found.problems) == [
        (2, "There is neither a name nor a post."),
        (3, "Consent is said without when and how it was given."),
        (4, "This department is of another organisation."),
        (5, "This is not a mail address."),
    ]


def test_what_was_said_in_a_meeting_is_for_the_office(cast: Cast) -> None:
    bring(
        "meetings",
        "title,starts_on,organisation_ids,meeting_notes,visibility\nVisit,2026-01-02,sfax,Zuhaitz said no,public\n",
    )
    assert Meeting.objects.get().notes == "Zuhaitz said no"
