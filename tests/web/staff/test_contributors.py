"""A contributor of the whole site reads what the office keeps, proposes at any of it, and decides nothing."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from sympolis.office.core.api_tokens import make_token
from sympolis.office.core.enums import SiteRole, TokenScope
from sympolis.office.core.models import Document, Proposal, ProposedChange, User
from sympolis.office.core.queries import officers
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Agreement, Organisation, Person, Position, Relation
from sympolis.office.planning.models import Plan
from sympolis.office.planning.voices.names import name_of
from sympolis.office.projects.models import Call, Need
from sympolis.office.synergies.models import Meeting
from sympolis.web.staff.records import saving
from sympolis.web.staff.records.documents import KIND_OF_ID
from sympolis.web.staff.records.versions import seen_versions
from tests.cast import Cast, let_propose, let_read, office_today
from tests.factories import make_need, make_organisation, make_project, make_relation
from tests.web.staff.test_proposals import PAGE, address, decide, said_to, states, write


@pytest.fixture
def intern(cast: Cast) -> Any:
    let_read(cast)
    let_propose(cast)
    return cast.client("contributor")


AMB_IN = "Àrea Metropolitana de Barcelona · member of · Harbours"
EVERYBODY = ("administrator", "officer", "contributor", "reader", "contact", "participant", "outsider")


def token_of(user: Any) -> dict[str, str]:
    _token, secret = make_token(user, "A table", TokenScope.WRITE, office_today())
    return {"Authorization": f"Bearer {secret}"}


def test_who_writes_at_another_houses_page(cast: Cast, intern: Any) -> None:
    need = make_need(cast.sfax, "Trees", visibility="office")
    person = Person.objects.create(organisation=cast.sfax, name="Amal")
    relation = make_relation(cast.sfax, "member_of", make_organisation("Harbours", kind="city-network"))
    project = make_project("Reuse", visibility="office")  # of nobody
    records = (cast.sfax, need, person, relation, project)
    everybody = ("administrator", "officer", "contributor", "reader", "contact", "participant", "outsider", "visitor")
    asked = {who: [cast.client(who).get(address(one)).status_code for one in records] for who in everybody}
    assert asked == {
        **dict.fromkeys(("administrator", "officer", "contributor"), [200] * 5),
        "contact": [200, 200, 200, 200, 404],
        **dict.fromkeys(("reader", "participant", "outsider"), [404] * 5),
        "visitor": [302] * 5,
    }


def test_all_of_it_waits_and_says_where_it_was_read(cast: Cast, intern: Any) -> None:
    write(intern, cast.sfax, website="www.sfax.tn", name="Sfax city", source_url="https://www.sfax.tn/about")
    cast.sfax.refresh_from_db()
    assert (cast.sfax.website, cast.sfax.name, cast.sfax.source_url) == ("", "Sfax", "")
    assert states() == dict.fromkeys(("website", "name", "source_url"), "waiting")
    officer = cast.client("officer")
    decide(officer, "approve", "website", "source_url")
    decide(officer, "refuse", "name", reason="It is called Sfax.")
    cast.sfax.refresh_from_db()
    assert (cast.sfax.website, cast.sfax.name) == ("https://www.sfax.tn", "Sfax")
    assert cast.sfax.source_url == "https://www.sfax.tn/about"
    assert "It is called Sfax." in intern.get(reverse(PAGE)).text


def test_who_presses_save_and_changed_nothing_makes_no_version(cast: Cast, intern: Any) -> None:
    before = cast.sfax.history.count()
    write(intern, cast.sfax)
    assert (cast.sfax.history.count(), Proposal.objects.count()) == (before, 0)
    assert "You changed nothing: nothing waits." in intern.get(address(cast.sfax)).text


def test_what_the_office_says_to_itself_is_not_proposed(cast: Cast, intern: Any) -> None:
    """It would stand beside the form of the member's contact."""
    assert {"note", "confirmed"} & set(intern.get(address(cast.sfax)).context["form"].fields) == set()
    write(intern, cast.sfax, note="Hard to work with", confirmed="", name="Sfax city")
    assert states() == {"name": "waiting"}
    page = cast.client("contact").get(address(cast.sfax)).text
    assert ("Sfax city" in page, "Hard to work with" in page) == (True, False)


def test_what_is_added_for_any_house_waits(cast: Cast, intern: Any) -> None:
    tunis = make_organisation("Tunis", kind="city", country="TN", visibility="office")
    adding: dict[str, dict[str, Any]] = {
        "needs": {"title_en": "Shade", "organisation": "Tunis", "stage": "need"},
        "relations": {"from_organisation": "Tunis", "type": "twinned_with", "to_organisation": "Sfax"},
        "projects": {"title_en": "Shade", "parts": ["Tunis"], "parts_was": [""], "parts_role": ["lead"],
                     "parts_money": [""]},
        "events": {"title_en": "Shade day", "start": "2027-03-01"},
    }  # fmt: skip
    assert [intern.post(reverse(f"staff:{kind}_add"), said).get("Location") for kind, said in adding.items()] == [
        reverse(PAGE)
    ] * 4
    assert (Need.objects.count(), Relation.objects.count(), Proposal.objects.count()) == (0, 0, 4)
    officer = cast.client("officer")
    for proposal in Proposal.objects.all():
        decide(officer, "approve", "title", proposal=proposal)
    assert [(one.organisation, str(one.title)) for one in Need.objects.all()] == [(tunis, "Shade")]
    assert [(one.from_organisation, one.to_organisation) for one in Relation.objects.all()] == [(tunis, cast.sfax)]


def a_picture(colour: str) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (1200, 600), colour).save(out, "PNG")
    return SimpleUploadedFile("logo.png", out.getvalue() + b"<script>", "image/png")


def colour_of(content: bytes) -> Any:
    with Image.open(io.BytesIO(content)) as picture:
        return (picture.size, picture.convert("RGB").getpixel((5, 5)))


@pytest.fixture
def files(settings: Any) -> Path:
    """Where files wait, without those of other tests, whose proposals are gone."""
    folder = Path(settings.HOME.documents) / "proposed"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def test_a_logo_waits_with_its_proposal(
    cast: Cast, intern: Any, django_capture_on_commit_callbacks: Any, files: Path
) -> None:
    svg = SimpleUploadedFile("logo.svg", b"<svg onload='alert(1)'/>")
    refused = write(intern, cast.sfax, logo=svg).context["form"].errors
    assert refused == {"logo": ["This file is no picture we can read. Choose a PNG, JPEG, GIF or WebP file."]}
    write(intern, cast.sfax, logo=a_picture("navy"), website="www.sfax.tn")
    cast.sfax.refresh_from_db()
    assert (str(cast.sfax.logo), states()) == ("", {"logo": "waiting", "website": "waiting"})
    change = ProposedChange.objects.get(field="logo")
    assert change.kept_files() == list(files.iterdir())
    at = reverse("staff:proposal_picture", kwargs={"pk": change.pk})
    officer = cast.client("officer")
    assert f'<img src="{at}" alt="Proposed picture"' in officer.get(reverse(PAGE)).text
    assert {who: cast.client(who).get(at).status_code for who in (*EVERYBODY, "visitor")} == {
        **dict.fromkeys(("administrator", "officer", "contributor", "contact"), 200),  # a contact reads it at the form
        **dict.fromkeys(("reader", "participant", "outsider"), 404),
        "visitor": 302,
    }
    seen = officer.get(at)
    dots = b"".join(seen)
    assert (seen["Content-Type"], b"<script>" in dots) == ("image/png", False)
    assert colour_of(dots) == ((1000, 500), (0, 0, 128))
    other = reverse("staff:proposal_picture", kwargs={"pk": ProposedChange.objects.get(field="website").pk})
    assert officer.get(other).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        decide(officer, "approve", "logo")
    cast.sfax.refresh_from_db()
    with cast.sfax.logo.open() as kept:
        assert (cast.sfax.logo.name[:6], colour_of(kept.read())) == ("logos/", ((1000, 500), (0, 0, 128)))
    assert (list(files.iterdir()), officer.get(at).status_code) == ([], 404)
    assert states() == {"logo": "approved", "website": "waiting"}


def test_a_logo_that_is_refused_or_sent_anew_is_not_kept(
    cast: Cast, intern: Any, django_capture_on_commit_callbacks: Any, files: Path
) -> None:
    officer = cast.client("officer")
    officer.post(address(cast.sfax), {"name": "Sfax", "logo": a_picture("navy"), "seen": "{}"})
    cast.sfax.refresh_from_db()
    before = cast.sfax.logo.name
    with django_capture_on_commit_callbacks(execute=True):
        write(intern, cast.sfax, logo=a_picture("red"))
        write(intern, cast.sfax, logo=a_picture("lime"))
    (left,) = files.iterdir()
    assert colour_of(left.read_bytes())[1] == (0, 255, 0)
    with django_capture_on_commit_callbacks(execute=True):
        decide(officer, "refuse", "logo", reason="An old one.", proposal=Proposal.objects.last())
    assert (list(files.iterdir()), states()) == ([], {"logo": "refused"})
    write(intern, cast.sfax, **{"logo-clear": "on"})
    cast.sfax.refresh_from_db()
    assert cast.sfax.logo.name == before
    assert f'src="/media/{before}" alt="Picture until now"' in officer.get(reverse(PAGE)).text
    decide(officer, "approve", "logo", proposal=Proposal.objects.last())
    cast.sfax.refresh_from_db()
    assert cast.sfax.logo.name == ""


def test_words_that_look_like_a_picture_lead_to_no_file(
    cast: Cast, intern: Any, django_capture_on_commit_callbacks: Any, settings: Any
) -> None:
    kept = Path(settings.HOME.documents) / "2026" / "theirs.pdf"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(b"%PDF")
    with django_capture_on_commit_callbacks(execute=True):
        write(intern, cast.sfax, name="proposed/../2026/theirs.pdf")
        intern.post(reverse("staff:proposal_withdraw", kwargs={"pk": Proposal.objects.get().pk}))
    assert (states(), kept.exists()) == ({"name": "withdrawn"}, True)


def test_a_new_organisation_comes_with_its_logo(
    cast: Cast, intern: Any, django_capture_on_commit_callbacks: Any, files: Path
) -> None:
    said = {"name": "Port of Sfax", "kind": "company", "country": "TN", "logo": a_picture("teal")}
    assert intern.post(reverse("staff:organisations_add"), said).status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        decide(cast.client("officer"), "approve", "name")
    with Organisation.objects.get(name="Port of Sfax").logo.open() as kept:
        assert colour_of(kept.read()) == ((1000, 500), (0, 128, 128))
    assert list(files.iterdir()) == []


def history_of(record: Any) -> tuple[str, str]:
    """Who approved and who had proposed, as the last line of a record's history tells."""
    version = seen_versions(User.objects.get(email="officer@example.org"), KIND_OF_ID[record.ID_PREFIX], record)[0][0]
    return version.by, version.proposed_by


def test_a_new_organisation_is_proposed_decided_and_told(cast: Cast, intern: Any) -> None:
    said = {"name": "Port of Sfax", "kind": "company", "country": "TN", "short_name": "sfax", "website": "port.tn"}
    page = intern.get(reverse("staff:organisations_add"))
    assert ("The office reads this first." in page.text, "Propose it" in page.text) == (True, True)
    assert "The office reads this first." not in cast.client("officer").get(reverse("staff:organisations_add")).text
    assert intern.post(reverse("staff:organisations_add"), said)["Location"] == reverse(PAGE)
    asked = {who: "Port of Sfax" in cast.client(who).get(reverse(PAGE)).text for who in EVERYBODY}
    assert asked == {
        **dict.fromkeys(EVERYBODY, False),
        **dict.fromkeys(("administrator", "officer", "contributor"), True),
    }
    assert not Organisation.objects.filter(name="Port of Sfax").exists()
    officer = cast.client("officer")
    decide(officer, "approve", "name")
    made = Organisation.objects.get(name="Port of Sfax")
    assert (made.kind, made.country, made.website, made.visibility) == ("company", "TN", "https://port.tn", "public")
    assert history_of(made) == ("Officer", "Intern")
    assert f"/en/office/records/{made.public_id}/" in mail.outbox[0].body


def test_who_decides_is_told_what_is_there_already(cast: Cast, intern: Any, django_assert_max_num_queries: Any) -> None:
    network = make_organisation("Harbours", kind="city-network")
    make_relation(cast.sfax, "member_of", network)
    Person.objects.create(organisation=cast.amb, name="Amal Trabelsi")
    Agreement.objects.create(title=Text.of(fr="Jumelage"))
    for kind, added in {
        "organisations": {"name": "Sfâx!", "kind": "region"},
        "people": {"name": "Amal Trabelsi", "organisation": "Sfax"},
        "agreements": {"title_en": "Twinning", "title_fr": "Jumelage", "parties": ["Sfax"]},
        "relations": {"from_organisation": "AMB", "type": "member_of", "to_organisation": "Harbours"},
        "needs": {"title_en": "Nothing like it", "organisation": "Sfax", "stage": "need"},
    }.items():
        for _again in range(3):
            assert intern.post(reverse(f"staff:{kind}_add"), added)["Location"] == reverse(PAGE), kind
    make_relation(cast.amb, "member_of", network)  # an officer was faster
    told = {}
    officer = cast.client("officer")
    for kind in ("org", "per", "agr", "rel", "nee"):
        with django_assert_max_num_queries(12):
            one, *_others = officer.get(reverse(PAGE), {"kind": kind}).context["waiting"]
        told[kind] = [str(title) for title, _url in one.already]
    assert told == {"org": ["Sfax"], "per": ["Amal Trabelsi"], "agr": ["Jumelage"], "rel": [AMB_IN], "nee": []}
    assert "There is already:" in officer.get(reverse(PAGE), {"kind": "org"}).text
    assert "There is already:" not in intern.get(reverse(PAGE), {"kind": "org"}).text


def test_a_number_that_is_taken_meanwhile_stands_in_the_way(cast: Cast, intern: Any) -> None:
    said = {"name": "Port of Sfax", "identifiers_kind": "wikidata", "identifiers_value": "Q1234"}
    assert intern.post(reverse("staff:organisations_add"), said)["Location"] == reverse(PAGE)
    Organisation.objects.filter(pk=cast.amb.pk).update(identifiers=["wikidata:Q1234"])
    (wrong,) = said_to(decide(cast.client("officer"), "approve", "name"))
    assert wrong.startswith("Wikidata Q1234 is of Àrea Metropolitana de Barcelona already.")
    assert not Organisation.objects.filter(name="Port of Sfax").exists()


def test_a_house_proposes_what_it_signed_and_no_more(cast: Cast) -> None:
    hidden = make_organisation("A hidden alliance", visibility="office", kind="city", country="FR")
    Agreement.objects.create(title=Text.of(en="A hidden treaty"), visibility="office")
    contact = cast.client("contact")
    add = reverse("staff:agreements_add")
    page = contact.get(add)
    assert ("A hidden treaty" in page.text, page.context["form"]["parties"].value()) == (False, [cast.sfax])
    begun = contact.get(reverse("staff:relations_add")).context["form"].initial
    assert begun["from_organisation"] == cast.sfax
    said = {"title_en": "Water for all", "parties": ["AMB"], "signed": "2024", "signatures_organisation": "Sfax",
            "signatures_post": "Mayor", "signatures_name": "Amal", "signatures_on": "2024-05-03"}  # fmt: skip
    for parties in (["AMB"], ["A hidden alliance"], []):
        form = contact.post(add, {**said, "parties": parties}).context["form"]
        assert set(form.errors) == {"parties"}, parties
    contact.post(add, {**said, "parties": ["Sfax", "AMB"]})
    form = contact.post(reverse("staff:positions_add"), {"title_en": "Open seas", "signatories": ["AMB"]}).context[
        "form"
    ]
    assert form.errors == {"signatories": ["Name your own organisation too: you write for it."]}
    contact.post(reverse("staff:positions_add"), {"title_en": "Open seas", "signatories": ["Sfax"]})
    contact.post(reverse("staff:organisations_add"), {"name": "A hidden alliance", "kind": "city", "country": "FR"})
    assert Proposal.objects.count() == 3  # nobody learns by trying that there is one of the name
    for proposal in Proposal.objects.exclude(kind="org"):
        decide(cast.client("officer"), "approve", "title", proposal=proposal)
    agreement, position = Agreement.objects.get(folded="water for all"), Position.objects.get()
    assert set(agreement.parties.all()) == {cast.sfax, cast.amb}
    assert agreement.signatures == [f"{cast.sfax.public_id}|Mayor|Amal|2024-05-03"]
    assert list(position.signatories.all()) == [cast.sfax]
    assert history_of(agreement) == ("Officer", "Contact")
    assert f"/en/agreement/{agreement.slug}-{agreement.public_id}/" in mail.outbox[0].body
    (told,) = cast.client("officer").get(reverse(PAGE)).context["waiting"]
    assert [title for title, _url in told.already] == [hidden.title_text()]


def test_meetings_and_calls_are_proposed_by_who_writes_for_the_office(cast: Cast, intern: Any) -> None:
    for kind in ("meetings", "calls"):
        add = reverse(f"staff:{kind}_add")
        asked = {who: cast.client(who).get(add).status_code for who in ("contributor", "contact", "reader")}
        assert asked == {"contributor": 200, "contact": 403, "reader": 403}
        assert intern.post(add, {"title_en": "At the port"})["Location"] == reverse(PAGE)
        decide(cast.client("officer"), "approve", "title", proposal=Proposal.objects.latest("pk"))
    assert (str(Meeting.objects.get()), str(Call.objects.get())) == ("At the port", "At the port")
    assert intern.get(address(Meeting.objects.get())).status_code == 200


def test_an_earlier_post_is_proposed(cast: Cast, intern: Any) -> None:
    amal = Person.objects.create(organisation=cast.sfax, name="Amal")
    add = reverse("staff:post_add", kwargs={"public_id": amal.public_id})
    asked = {who: cast.client(who).get(add).status_code for who in EVERYBODY}
    able = ("administrator", "officer", "contributor", "contact")
    assert asked == {**dict.fromkeys(EVERYBODY, 404), **dict.fromkeys(able, 200)}
    assert intern.post(add, {"post_en": "Engineer", "organisation": "Sfax", "until": "2020"}).status_code == 302
    (one,) = cast.client("officer").get(reverse(PAGE)).context["waiting"]
    assert [(str(c.label), str(line["after"])) for c in one.changes for line in c.wanted] == [
        ("Person", "Amal"), ("Post", "Engineer"), ("Organisation", "Sfax"), ("In this post until", "2020"),
    ]  # fmt: skip
    assert amal.posts.count() == 0
    decide(cast.client("officer"), "approve", "post")
    assert [(str(one), one.organisation, str(one.until)) for one in amal.posts.all()] == [
        ("Engineer", cast.sfax, "2020")
    ]


def test_nobody_proposes_without_end(cast: Cast, intern: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "MOST_WAITING", 1)
    add = reverse("staff:needs_add")
    for number in range(2):
        answer = intern.post(add, {"title_en": f"Trees {number}", "organisation": "Sfax", "stage": "need"})
    assert answer.context["form"].non_field_errors() == [saving.TOO_MANY_WAIT]
    assert (answer.context["form"]["title"].value()["en"], Proposal.objects.count()) == ("Trees 1", 1)


def test_a_program_proposes_and_asks_what_became_of_it(cast: Cast, intern: Any) -> None:
    amal = Person.objects.create(organisation=cast.sfax, name="Amal")
    program = Client(headers=token_of(cast.contributor))
    json = {"content_type": "application/json", "headers": {"Idempotency-Key": "port"}}
    added = program.post("/api/v1/organisations", {"name": "Port of Sfax"}, **json)
    assert (added.status_code, added["Location"]) == (202, added.json()["url"])
    again = program.post("/api/v1/organisations", {"name": "Port of Sfax"}, **json)
    assert (again.status_code, again.json(), Proposal.objects.count()) == (202, added.json(), 1)
    post = program.post(
        f"/api/v1/people/{amal.public_id}/posts",
        {"post": {"en": "Engineer"}, "organisation": "Sfax"},
        content_type="application/json",
    )
    assert (post.status_code, amal.posts.count()) == (202, 0)
    url = added["Location"]
    asked = {who: cast.client(who).get(url).status_code for who in EVERYBODY}
    able = ("administrator", "officer", "contributor")
    assert asked == {**dict.fromkeys(EVERYBODY, 404), **dict.fromkeys(able, 200)}
    decide(
        cast.client("officer"),
        "refuse",
        "name",
        reason="It is part of the city.",
        proposal=Proposal.objects.earliest("pk"),
    )
    told = program.get(url).json()
    assert (told["kind"], told["title"], told["record"]) == ("organisations", "Port of Sfax", "")
    assert told["changes"][0] == {"field": "name", "state": "refused", "reason": "It is part of the city."}


def test_a_new_record_begins_at_the_offices_own_house(cast: Cast, intern: Any) -> None:
    form = intern.get(reverse("staff:needs_add")).context["form"]
    assert form.initial["organisation"] == cast.amb
    cast.contributor.memberships.create(organisation=cast.sfax, role="contributor")  # type: ignore[union-attr]  # signed in
    assert intern.get(reverse("staff:needs_add")).context["form"].initial["organisation"] == cast.sfax


def test_who_edits_one_house_writes_at_once_for_it_alone(cast: Cast, intern: Any) -> None:
    cast.contributor.memberships.create(organisation=cast.sfax, role="editor")  # type: ignore[union-attr]  # signed in
    for house in (cast.sfax, cast.amb):
        write(intern, house, website="www.example.org")
    cast.sfax.refresh_from_db()
    cast.amb.refresh_from_db()
    assert (cast.sfax.website, cast.amb.website) == ("https://www.example.org", "")
    assert [one.record for one in Proposal.objects.all()] == [cast.amb.public_id]


def test_nothing_is_theirs_to_decide(cast: Cast, intern: Any) -> None:
    need = make_need(cast.sfax, "Trees")
    write(intern, need, title_en="Shade", organisation="Sfax")
    write(cast.client("contact"), cast.sfax, name="Sfax city")
    of_theirs = {"public_id": need.public_id}
    for tried, status in {
        reverse("staff:proposal_decide", kwargs={"pk": Proposal.objects.earliest("pk").pk}): 403,
        reverse("staff:proposal_withdraw", kwargs={"pk": Proposal.objects.latest("pk").pk}): 404,
        reverse("staff:remove", kwargs=of_theirs): 404,
        reverse("staff:restore", kwargs={**of_theirs, "history_id": need.history.first().history_id}): 404,
        reverse("staff:imports"): 403,
        reverse("staff:doubles"): 403,
        reverse("staff:team", kwargs={"public_id": cast.sfax.public_id}): 404,
    }.items():
        assert intern.post(tried, {"what": "approve", "field": "title"}).status_code == status, tried
    assert set(ProposedChange.objects.values_list("state", flat=True)) == {"waiting"}
    assert [one.by for one in intern.get(reverse(PAGE)).context["page"].object_list] == [cast.contributor]
    assert str(Need.objects.get().title) == "Trees"


def test_a_file_they_hang_up_waits(cast: Cast, intern: Any) -> None:
    hang_up = reverse("staff:document_add", kwargs={"public_id": cast.sfax.public_id})
    file = SimpleUploadedFile("plan.txt", b"trees along the quay")
    intern.post(hang_up, {"file": file, "title": "Quay", "visibility": "public"})
    assert [(one.visibility, one.confirmed) for one in Document.objects.all()] == [("office", False)]


def test_a_program_of_theirs_reads_everything_and_proposes(cast: Cast, intern: Any) -> None:
    person = Person.objects.create(organisation=cast.sfax, name="Amal", email="amal@example.org")
    headers = token_of(cast.contributor)
    visitor = cast.client("visitor")
    assert [one["email"] for one in visitor.get("/api/v1/people", headers=headers).json()["items"]] == [person.email]
    one = f"/api/v1/people/{person.public_id}"
    told = visitor.patch(one, {"name": "X"}, content_type="application/json", headers={**headers, "If-Match": "*"})
    assert (told.status_code, told.json()["waits"], Person.objects.get().name) == (202, ["name"], "Amal")
    assert visitor.delete(one, headers={**headers, "If-Match": "*"}).status_code == 403


def test_they_are_none_of_the_office(cast: Cast, intern: Any) -> None:
    assert set(officers()) == {cast.administrator, cast.officer}
    assert name_of("", "", SiteRole.CONTRIBUTOR) == "A participant"
    assert cast.contributor
    cast.contributor.is_active = False
    assert (cast.contributor.reads_office, cast.contributor.writes_everywhere) == (False, False)


def test_pages_and_lists_lead_to_what_may_be_proposed(cast: Cast, intern: Any) -> None:
    project = make_project("Reuse", cast.sfax)
    for record in (cast.sfax, project):
        page = record.get_absolute_url()
        asked = {who: cast.client(who).get(page).text for who in ("contributor", "reader", "officer")}
        offered = {who: "Propose a change" in page for who, page in asked.items()}
        assert offered == {"contributor": True, "reader": False, "officer": False}
        assert f'href="{address(record)}"' in intern.get(page).text
    for who, leads in {"contributor": True, "reader": False}.items():
        assert (f'href="{address(cast.sfax)}"' in cast.client(who).get(reverse("staff:organisations")).text) is leads
    write(intern, cast.sfax, name="Sfax city")
    assert "1 change waits for the office" in intern.get(reverse("staff:dashboard")).text
    assert Organisation.objects.filter(name="Sfax city").count() == 0


def test_an_administrator_makes_somebody_a_contributor(cast: Cast) -> None:
    said = {"email": "new@example.org", "first_name": "N", "last_name": "N", "role": "contributor", "language": "en"}
    cast.client("administrator").post(reverse("staff:user_invite"), said)
    made = User.objects.get(email="new@example.org")
    assert (made.role, made.is_staff, made.reads_office, made.is_officer) == ("contributor", False, True, False)


@pytest.mark.parametrize("many", [1, 6])
def test_questions_to_the_database_do_not_grow(
    cast: Cast, intern: Any, many: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(many):
        need = make_need(make_organisation(f"City {number}", kind="city"), f"Trees {number}")
        write(intern, need, title_en="Shade", organisation=f"City {number}")
    assert Proposal.objects.count() == many
    write(intern, cast.sfax, name="Sfax city")
    pages = [reverse(name) for name in ("staff:dashboard", "staff:needs", "staff:organisations", PAGE)]
    for page in (*pages, address(cast.sfax), address(Need.objects.latest("pk"))):
        with django_assert_max_num_queries(12):
            assert intern.get(page).status_code == 200


def test_a_plan_is_proposed_with_what_it_serves(cast: Cast, intern: Any) -> None:
    """Added whole, changed field by field; what would make it part of itself is refused when it is decided."""
    region, strategy = (
        Plan.objects.create(organisation=cast.amb, title=Text.of(en=name)) for name in ("Region", "Strategy")
    )
    added = {"title_en": "Plan of Sfax", "organisation": "Sfax", "kind": "plan", "serves": "Region", "starts": "2027"}
    assert intern.post(reverse("staff:plans_add"), added)["Location"] == reverse(PAGE)
    codes = {who: cast.client(who).post(reverse("staff:plans_add"), added).status_code for who in EVERYBODY[3:]}
    assert codes == dict.fromkeys(("reader", "contact", "participant", "outsider"), 403)
    assert (Plan.objects.count(), set(states().values())) == (2, {"waiting"})
    officer = cast.client("officer")
    decide(officer, "approve", "title")
    plan = Plan.objects.get(organisation=cast.sfax)
    assert (str(plan.title), str(plan.starts), [str(one.title) for one in plan.serves.all()]) == (
        "Plan of Sfax", "2027", ["Region"],
    )  # fmt: skip
    write(intern, plan, **{**added, "serves": "Region\nStrategy", "ends": "2030"})
    second = Proposal.objects.latest("pk")
    decide(officer, "approve", "serves", proposal=second)
    decide(officer, "refuse", "ends", reason="It has no end.", proposal=second)
    plan.refresh_from_db()
    assert (set(plan.serves.all()), str(plan.ends)) == ({region, strategy}, "")
    assert f'href="{address(plan)}"' in intern.get(plan.get_absolute_url()).text
    write(intern, region, title_en="Region", organisation="AMB", parent=str(strategy.pk))
    strategy.parent = region
    strategy.save()
    answer = decide(officer, "approve", "parent", proposal=Proposal.objects.latest("pk"))
    region.refresh_from_db()
    assert region.parent is None
    assert said_to(answer) == ["A plan can't be part of itself."]
