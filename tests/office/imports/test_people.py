"""People brought in as a table, with their posts and why they may be kept; what was said in meetings."""

from __future__ import annotations

from datetime import time

from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Department, Person, Post
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


def test_posts_of_people_come_in_dated_and_private(cast: Cast) -> None:
    bring("people", "organisation_id,name\nsfax,Zuhaitz Amari\n")
    head = "person_id,organisation_id,post_fr,since,until\n"
    run = bring("posts", head + "Zuhaitz Amari,amb,Chargée de mission,2015,2019-06\n")
    assert run.created == 1
    kept = Post.objects.get()
    assert (kept.person.name, kept.organisation, kept.post.plain()) == (
        "Zuhaitz Amari",
        cast.amb,
        {"fr": "Chargée de mission"},
    )
    assert (str(kept.since), str(kept.until), kept.visibility) == ("2015", "2019-06", "office")
    assert bring("posts", head + "Zuhaitz Amari,amb,Chargée de mission,2015,2019-06\n").unchanged == 1
    found = read_as("posts", head + "Nobody,amb,Maire,,\nZuhaitz Amari,amb,Maire,2020,2019\nZuhaitz Amari,amb,,,\n")
    assert [one.row for one in found.problems] == [2, 3, 4]
    assert "It ends before it begins." in {one.what for one in found.problems}


def test_a_meeting_has_its_hours(cast: Cast) -> None:
    head = "title,starts_on,start_time,end_time,organisation_ids\n"
    bring("meetings", head + "Visit,2026-01-02,9:30,16h,sfax\n")
    meeting = Meeting.objects.get()
    assert (meeting.from_hour, meeting.until_hour) == (time(9, 30), time(16))
    found = read_as("meetings", head + "Late,2026-01-02,16:00,9:30,sfax\nOdd,2026-01-02,25:00,,sfax\n")
    assert sorted((one.row, one.what) for one in found.problems) == [
        (2, "It ends before it begins."),
        (3, "“25:00” is no hour."),
    ]
