"""A deputy mayor reads what the office keeps, and changes nothing of it; an intern who proposes reads the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import lxml.html
import pytest

from sympolis.office.core.api_tokens import make_token
from sympolis.office.core.dates import PartialDate
from sympolis.office.core.enums import SiteRole, TokenScope
from sympolis.office.core.models import User
from sympolis.office.core.queries import officers
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Agreement, Department, Person
from sympolis.office.planning.voices.names import name_of
from sympolis.office.synergies.actions import Wish, make_brief
from sympolis.office.synergies.models import Commitment, Meeting
from tests.cast import Cast, let_propose, let_read, office_today
from tests.factories import make_call, make_need, make_organisation, make_project, make_relation

OFFICE = "/en/office/"
REFUSED = {"visitor": 302, "contact": 403, "participant": 403, "outsider": 403}


@dataclass
class Kept:
    """What the office has of each kind, none of it for others."""

    pages: dict[str, str]
    meeting: Meeting
    person: Person


@pytest.fixture
def kept(cast: Cast) -> Kept:
    let_read(cast)
    let_propose(cast)
    network = make_organisation("Harbours", kind="city-network")
    for one in (cast.amb, cast.sfax):
        make_relation(one, "member_of", network)
    make_project("Reuse", cast.amb, cast.sfax, network, stage="preparing", programme="LIFE", visibility="office")
    today = PartialDate(office_today(), office_today())
    meeting = Meeting(title=Text.of(en="In private"), kind="bilateral", visibility="office", place="Tunis")
    meeting.starts = today
    meeting.save()
    meeting.organisations.set([cast.amb, cast.sfax])
    Commitment.objects.create(
        organisation=cast.sfax, text=Text.of(en="Send it"), meeting=meeting, visibility="office",
        due_latest=office_today() - timedelta(9), due_earliest=office_today() - timedelta(9),
    )  # fmt: skip
    agreement = Agreement(title=Text.of(en="Twinning"), kind="other", visibility="office")
    agreement.ends = today
    agreement.save()
    make_call("Circular cities 2027", programme="LIFE", closes_latest=office_today(), visibility="office")
    make_need(cast.sfax, "LIFE", visibility="office")
    Department.objects.create(organisation=cast.sfax, name=Text.of(en="Works"), visibility="office")
    person = Person.objects.create(organisation=cast.sfax, name="Amal", email="amal@example.org")
    brief = make_brief(cast.officer, Wish(cast.amb, cast.sfax, network, on=office_today()))
    pages = {
        "Today": OFFICE,
        "briefs": f"{OFFICE}briefs/",
        "brief": f"{OFFICE}briefs/{brief.public_id}/",
        "brief, handed round": f"{OFFICE}briefs/{brief.public_id}/?audience=shared&line=x",
        "brief as a file": f"{OFFICE}briefs/{brief.public_id}/download/?format=json&audience=internal",
        "worth": f"{OFFICE}memberships/",
        "worth as a table": f"{OFFICE}memberships/?format=csv",
        "one membership": f"{OFFICE}memberships/{network.public_id}/",
        "agenda": f"{OFFICE}agenda/?of={network.public_id}",
        "agenda as a table": f"{OFFICE}agenda/?of={network.public_id}&format=csv",
        "who": f"{OFFICE}who/?host={cast.sfax.slug}",
        "meeting": f"{OFFICE}meetings/{meeting.public_id}/",
        "meetings": f"{OFFICE}meetings/",
        "people": f"{OFFICE}people/",
        "fees": f"{OFFICE}fees/",
    }
    return Kept(pages, meeting, person)


def test_who_opens_what_is_to_be_read(cast: Cast, kept: Kept) -> None:
    for who in ("administrator", "officer", "contributor", "reader"):
        client = cast.client(who)
        assert {name: client.get(page).status_code for name, page in kept.pages.items()} == dict.fromkeys(
            kept.pages, 200
        )
    for who, status in REFUSED.items():
        client = cast.client(who)
        for name in ("briefs", "brief", "worth", "one membership", "agenda", "who"):
            assert client.get(kept.pages[name]).status_code == status, (who, name)


@pytest.mark.parametrize("who", ["reader", "contributor"])
def test_a_readers_pages_change_nothing_and_lead_to_pages_they_may_open(cast: Cast, kept: Kept, who: str) -> None:
    client = cast.client(who)
    leads: dict[str, str] = {}
    for name, page in kept.pages.items():
        answer = client.get(page)
        if not answer["Content-Type"].startswith("text/html"):
            continue
        main = lxml.html.fromstring(answer.content).find(".//main")
        posts = [form.get("action") for form in main.iter("form") if (form.get("method") or "get").lower() == "post"]
        assert posts == [], name
        for link in main.iterfind(".//a[@href]"):
            leads.setdefault(link.get("href").partition("#")[0], name)
    office = {where: name for where, name in leads.items() if urlsplit(where).path.startswith(OFFICE)}
    assert len(office) > 20
    assert {where: name for where, name in office.items() if client.get(where).status_code != 200} == {}


def test_what_a_reader_sends_is_refused(cast: Cast, kept: Kept) -> None:
    client = cast.client("reader")
    for name in ("briefs", "brief", "worth", "one membership", "agenda", "who"):
        assert client.post(kept.pages[name]).status_code == 403, name
    for page in (f"records/{kept.meeting.public_id}/", f"records/{kept.person.public_id}/", "organisations/add/"):
        assert client.post(f"{OFFICE}{page}", {"title": "Mine"}).status_code in {403, 404}, page
    assert str(Meeting.objects.get().title) == "In private"


def test_programs_of_a_reader_read_everything_and_write_nothing(cast: Cast, kept: Kept) -> None:
    assert cast.reader
    _token, secret = make_token(cast.reader, "A table", TokenScope.WRITE, office_today() + timedelta(9))
    headers = {"Authorization": f"Bearer {secret}"}
    found = cast.client("visitor").get("/api/v1/people", headers=headers).json()
    assert [(one["name"], one["email"]) for one in found["items"]] == [("Amal", "amal@example.org")]
    one = f"/api/v1/people/{kept.person.public_id}"
    told = cast.client("visitor").patch(one, {"name": "X"}, content_type="application/json", headers=headers)
    assert (told.status_code, Person.objects.get().name) == (403, "Amal")


def test_a_reader_is_none_of_the_office(cast: Cast, kept: Kept) -> None:
    """The office's mails do not go to them, and what they say in public is not the office's word."""
    assert cast.reader
    assert set(officers()) == {cast.administrator, cast.officer}
    assert name_of("", "", SiteRole.READER) == "A participant"
    cast.reader.is_active = False
    assert not cast.reader.reads_office


def test_an_administrator_makes_somebody_a_reader(cast: Cast) -> None:
    client = cast.client("administrator")
    said = {"email": "mayor@example.org", "first_name": "M", "last_name": "M", "role": "reader", "language": "en"}
    client.post(f"{OFFICE}administration/users/invite/", said)
    assert User.objects.get(email="mayor@example.org").role == SiteRole.READER
