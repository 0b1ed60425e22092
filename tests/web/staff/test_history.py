"""The history of a record's lists, going back to an earlier version with them, removing and bringing back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from sympolis.office.core import ids, removals
from sympolis.office.core.models import Document, IndexChange, Removal, RetiredId
from sympolis.office.core.rows import plain_rows
from sympolis.office.core.texts import MultilingualField, Text
from sympolis.office.directory.models import Agreement, Membership, Organisation, Person, Position, Relation
from sympolis.office.events.models import Event
from sympolis.office.planning.models import Action, Plan
from sympolis.office.projects.models import Need, Practice, Project
from sympolis.office.publishing.models import NewsItem
from sympolis.office.synergies.models import Brief, Commitment
from sympolis.web.staff.records.documents import KIND_OF_ID, KIND_OF_NAME
from sympolis.web.staff.records.removal import consequences_by_name, staying_without
from tests.cast import Cast, office_today
from tests.factories import make_organisation, make_project, make_relation
from tests.office.imports.bringing import bring
from tests.web.staff.rooms import LEAST, one_of_each

EVERYBODY = ("administrator", "officer", "contact", "participant", "outsider", "visitor")


def url(record: Any, what: str = "change", **more: Any) -> str:
    return reverse(f"staff:{what}", kwargs={"public_id": record.public_id, **more})


def shown(client: Any, record: Any) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """Every version on its page: who, what happened, and each change in words; the newest first."""
    page = client.get(url(record))
    assert page.status_code == 200
    return [
        (
            entry["version"].by,
            "back" if entry["version"].came_back else entry["version"].kind,
            [(str(one["label"]), str(one["before"]), str(one["after"])) for one in entry["changes"]],
        )
        for entry in page.context["versions"]
    ]


def seen(client: Any, record: Any) -> str:
    return str(client.get(url(record)).context["form"].initial["seen"])


LISTS = {
    "agreements": ("parties", "parties", "Parties"),
    "meetings": ("organisations", "organisations", "Who meets"),
    "events": ("organisers", "organisers", "Organised by"),
    "actions": ("organisations", "organisations", "Who does it"),
}


@pytest.mark.parametrize("kind", LISTS)
def test_who_came_into_a_list_and_who_left_it(cast: Cast, kind: str) -> None:
    officer = cast.client("officer")
    field, _attribute, _label = LISTS[kind]
    answer = officer.post(reverse(f"staff:{kind}_add"), {**LEAST[kind], field: ["AMB", "Sfax"]})
    assert answer.status_code == 302, answer.context["form"].errors
    record = _latest(kind)
    changed = {**LEAST[kind], field: ["Rabat", "Sfax"], "seen": seen(officer, record)}
    assert officer.post(url(record), changed).status_code == 302
    label = str(officer.get(url(record)).context["form"].fields[field].label)
    assert shown(officer, record) == [
        ("Officer", "~", [(label, "Àrea Metropolitana de Barcelona", "Rabat")]),
        ("Officer", "+", []),
    ]


def _latest(kind: str) -> Any:
    from sympolis.web.staff.records.documents import KIND_OF_NAME

    return KIND_OF_NAME[kind].form._meta.model._default_manager.latest("pk")


def parts(*rows: tuple[str, str, str, str]) -> dict[str, list[str]]:
    names = ("parts", "parts_was", "parts_role", "parts_money")
    return {name: [row[at] for row in rows] for at, name in enumerate(names)}


def test_a_partners_role_and_money_have_a_history_and_come_back(cast: Cast) -> None:
    officer = cast.client("officer")
    first = parts(("AMB", "", "lead", "1000"), ("Sfax", "", "partner", ""))
    officer.post(reverse("staff:projects_add"), {**LEAST["projects"], **first})
    project = Project.objects.get()
    then = parts(("AMB", cast.amb.public_id, "partner", "2500.50"))
    answer = officer.post(url(project), {**LEAST["projects"], **then, "seen": seen(officer, project)})
    assert answer.status_code == 302
    assert shown(officer, project)[0] == (
        "Officer",
        "~",
        [
            (
                "Who takes part",
                "Àrea Metropolitana de Barcelona (Lead partner, 1000.00), Sfax (Partner)",
                "Àrea Metropolitana de Barcelona (Partner, 2500.50)",
            )
        ],
    )
    version = officer.get(url(project)).context["versions"][1]["version"].id
    assert officer.post(url(project, "restore", history_id=version)).status_code == 302
    rows = project.participations.order_by("role").values_list("organisation__slug", "role", "money")
    assert [(slug, role, str(money)) for slug, role, money in rows] == [
        ("amb", "lead", "1000.00"),
        ("sfax", "partner", "None"),
    ]
    assert shown(officer, project)[0][2][0][2] == (
        "Àrea Metropolitana de Barcelona (Lead partner, 1000.00), Sfax (Partner)"
    )


def test_an_import_and_its_undo_are_in_the_history_of_the_lists(cast: Cast) -> None:
    from sympolis.office.core.imports.undo import undo_import

    first = bring("projects", "id,title,lead\nwater,Water,amb\n", by=cast.officer)
    second = bring("projects", "id,title,lead\nwater,Water,sfax\n", by=cast.officer)
    project = Project.objects.get()
    officer = cast.client("officer")
    assert shown(officer, project)[0][2] == [
        ("Who takes part", "Àrea Metropolitana de Barcelona (Lead partner)", "Sfax (Lead partner)")
    ]
    undo_import(second, cast.officer)
    assert shown(officer, project)[0][2] == [
        ("Who takes part", "Sfax (Lead partner)", "Àrea Metropolitana de Barcelona (Lead partner)")
    ]
    assert first.pk < second.pk


def test_a_history_names_nobody_its_reader_may_not_see(cast: Cast) -> None:
    hidden = make_organisation("Zuhaitz", kind="city", visibility="office")
    project = make_project("Water", cast.sfax)
    project.participations.create(organisation=hidden, role="partner")
    project.save()
    project.participations.filter(organisation=hidden).delete()
    project.save()
    from sympolis.web.staff.records.documents import KIND_OF_NAME

    if KIND_OF_NAME["projects"].changeable(cast.contact).filter(pk=project.pk).exists():
        page = cast.client("contact").get(url(project))
        assert "Zuhaitz" not in page.text
        assert "(not shown)" in page.text
    assert "Zuhaitz (Partner)" in cast.client("officer").get(url(project)).text


def test_documents_have_a_history_of_who_hung_them_and_changed_them(cast: Cast) -> None:
    officer = cast.client("officer")
    document = one_of_each(cast, "Minutes")["documents"]
    officer.post(url(document), {"title": "Minutes of May", "seen": seen(officer, document)})
    assert shown(officer, document)[0] == ("Officer", "~", [("Title", "Minutes", "Minutes of May")])
    first = officer.get(url(document)).context["versions"][-1]["version"].id
    assert officer.post(url(document, "restore", history_id=first)).status_code == 302
    document.refresh_from_db()
    assert (document.title, document.file_name) == ("Minutes", "a.txt")
    with document.file.open() as file:
        assert file.read() == b"the words in it"


def test_going_back_to_a_version_that_names_what_is_gone_keeps_the_rest(cast: Cast) -> None:
    plan = Plan.objects.create(organisation=cast.amb, title=Text.of(en="Plan"))
    action = Action.objects.create(plan=plan, title=Text.of(en="Before"))
    action.title = Text.of(en="After")
    action.save()
    version = action.history.earliest("history_id").history_id
    officer = cast.client("officer")
    officer.post(url(plan, "remove"))
    assert officer.post(url(action, "restore", history_id=version)).status_code == 302
    action.refresh_from_db()
    assert (str(action.title), action.plan) == ("Before", None)


# --- bringing back


def whole(cast: Cast) -> Organisation:
    """An organisation with something of every sort hanging on it."""
    tunis = make_organisation("Tunis", kind="city", country="TN", themes=("water", "ports"))
    tunis.names.write("ar", "تونس", author="Amal")
    tunis.save()
    body = make_organisation("Port of Tunis", kind="body", parent=tunis)
    make_relation(tunis, "member_of", cast.amb, role="mayor")
    project = make_project("Water", cast.amb)
    project.participations.create(organisation=tunis, role="partner", money="120000.50")
    agreement = Agreement.objects.create(title=Text.of(en="Twins"), kind="twinning")
    agreement.parties.add(cast.amb, tunis)
    Person.objects.create(organisation=tunis, name="Amal", email="amal@example.org")
    Need.objects.create(organisation=body, title=Text.of(en="Cranes"))
    NewsItem.objects.create(title=Text.of(en="News"), organisation=tunis)
    Membership.objects.create(user=cast.participant, organisation=tunis)
    for record, name in ((tunis, "a.txt"), (body, "b.txt")):
        Document.objects.create(
            record=record.public_id, title=name, kind="other", language="en", file_name=name,
            file=ContentFile(name.encode(), name=name), text="words", read_at=timezone.now(),
        )  # fmt: skip
    return tunis


MODELS = (Organisation, Relation, Project, Agreement, Person, Need, NewsItem, Document, Membership)


def test_what_goes_along_is_named(cast: Cast, django_assert_max_num_queries: Any) -> None:
    tunis = whole(cast)
    make_relation(tunis, "member_of", make_organisation("Harbours", kind="city-network", visibility="office"))
    Person.objects.bulk_create(
        Person(organisation=tunis, name=f"Person {n:02}", public_id=f"per_{n:012}") for n in range(11)
    )
    officer = cast.client("officer")

    def named(who: Any) -> dict[str, tuple[list[str], int]]:
        going: list[Any] = consequences_by_name(tunis, who)[0][:-1]
        return {one.words: ([str(title) for title, _url in one.first], one.more) for one in going}

    seen = named(cast.officer)
    assert seen == {
        "1 body of it": (["Port of Tunis"], 0),
        "2 relations": (["Tunis · member of · Àrea Metropolitana de Barcelona", "Tunis · member of · Harbours"], 0),
        "12 people": (["Amal", *(f"Person {n:02}" for n in range(9))], 2),
        "1 part in a project": (["Water"], 0),
        "1 user's right to act for it": ([], 0),
        "1 document": (["a.txt"], 0),
    }
    Commitment.objects.create(text=Text.of(en="Send it"), organisation=tunis)
    Practice.objects.create(title=Text.of(en="Trams"), organisation=tunis)
    Plan.objects.create(title=Text.of(en="Plan"), organisation=tunis)
    with django_assert_max_num_queries(12):  # one for each of six kinds that hang on it, however many of it
        page = officer.get(url(tunis, "remove")).text
    project = Project.objects.get()
    assert f'<a href="{url(project)}"><bdi>Water</bdi></a>' in page
    assert "<li>and 2 more</li>" in page
    assert "<p>These stay, and lose it:</p>" in page
    Membership.objects.create(user=cast.contact, organisation=tunis, role="administrator")
    theirs = named(cast.contact)
    assert theirs["2 relations"] == (["Tunis · member of · Àrea Metropolitana de Barcelona"], 1)
    assert theirs["12 people"] == seen["12 people"]


def test_what_stays_and_loses_it_is_named(cast: Cast, django_assert_num_queries: Any) -> None:
    """Agreements it is a party to, positions it signed, events in whichever of their lists: each once."""
    tunis = whole(cast)
    pact = Agreement.objects.get()
    hidden = Agreement.objects.create(title=Text.of(en="Hidden pact"), visibility="office")
    hidden.parties.add(tunis)
    letter = Position.objects.create(title=Text.of(en="A letter"))
    letter.signatories.add(tunis)
    fair = Event.objects.create(title=Text.of(en="Fair"))
    fair.organisers.add(tunis)
    fair.cities.add(tunis)
    Position.objects.create(title=Text.of(en="Of others")).signatories.add(cast.sfax)

    def named(who: Any) -> dict[str, list[tuple[str, str]]]:
        with django_assert_num_queries(1 if who.is_officer else 3):  # two for what the contact is inside of
            return {str(one): [(str(title), at) for title, at in one.first] for one in staying_without(tunis, who)}

    assert named(cast.officer) == {
        "Agreements: 2": [("Hidden pact", url(hidden)), ("Twins", url(pact))],
        "Positions: 1": [("A letter", url(letter))], "Events: 1": [("Fair", url(fair))],
    }  # fmt: skip
    theirs = named(cast.contact)
    assert theirs["Agreements: 1"] == [("Twins", pact.get_absolute_url())]
    page = cast.client("officer").get(url(tunis, "remove")).text
    assert "<li>Agreements: 2<ul>" in "".join(line.strip() for line in page.splitlines())


def test_briefs_that_keep_a_record_are_named(cast: Cast) -> None:
    brief = Brief.objects.create(
        left=cast.amb, right=cast.sfax, on=office_today(), language="en", document={}, title="Barcelona and Sfax"
    )
    page = cast.client("officer").get(url(cast.sfax, "remove")).text
    assert f'<a href="{reverse("staff:brief", kwargs={"public_id": brief.public_id})}"><bdi>Barcelona and Sfax' in page
    _going, briefs = consequences_by_name(cast.sfax, cast.contact)
    assert briefs is not None
    assert (briefs.count, briefs.first, briefs.more) == (1, [], 0)  # briefs are the office's own work


def rows() -> dict[str, list[dict[str, Any]]]:
    """Every row and every link, as the database has them; the time a neighbour was touched is no matter."""
    found = {model.__name__: list(model._default_manager.order_by("pk").values()) for model in MODELS}
    found["parts"] = list(Project.organisations.through._default_manager.order_by("pk").values())
    found["parties"] = list(Agreement.parties.through._default_manager.order_by("pk").values())
    return found


def test_a_removal_is_undone_to_the_last_row(cast: Cast) -> None:
    tunis = whole(cast)
    ledger = ids.ids_for("org", "facts", ["tunis"])
    before, officer = rows(), cast.client("officer")
    answer = officer.post(url(tunis, "remove"))
    assert (answer.status_code, answer["Location"]) == (302, url(tunis))
    counts = {name: len(found) for name, found in rows().items()}
    assert counts == {
        "Organisation": 3, "Relation": 0, "Project": 1, "Agreement": 1, "Person": 0, "Need": 0, "NewsItem": 1,
        "Document": 0, "Membership": 2, "parts": 1, "parties": 1,
    }  # fmt: skip
    gone = officer.get(url(tunis))
    assert gone.status_code == 410
    assert "“Tunis” was removed" in gone.text
    IndexChange.objects.all().delete()

    back = officer.post(url(tunis, "bring_back"))
    assert (back.status_code, back["Location"]) == (302, url(tunis))
    assert rows() == before
    for document in Document.objects.all():
        with document.file.open() as file:
            assert file.read() == document.title.encode()
    assert not RetiredId.objects.exists()
    assert not Removal.objects.exists()
    assert ids.ids_for("org", "facts", ["tunis"]) == ledger
    put = set(IndexChange.objects.filter(kind="put").values_list("record", flat=True))
    expected = [tunis, cast.amb, *Relation.objects.all(), *Person.objects.all(), *Need.objects.all()]
    expected += [*Organisation.objects.filter(kind="body"), *Document.objects.all(), *Project.objects.all()]
    expected += [*Agreement.objects.all(), *NewsItem.objects.all()]
    assert {one.public_id for one in expected} <= put
    assert officer.get(url(tunis)).status_code == 200


def test_the_history_tells_the_removal_and_the_return_of_it_and_of_whom_it_touched(cast: Cast) -> None:
    tunis, officer = whole(cast), cast.client("officer")
    project, news = Project.objects.get(), NewsItem.objects.get()
    project.save()
    officer.post(url(tunis, "remove"))
    partner = "Tunis (Partner, 120000.50)"
    assert shown(officer, project)[0] == ("Officer", "~", [("Who takes part", partner, "")])
    assert shown(officer, news)[0][2] == [("Whose news it is", "Tunis", "")]
    officer.post(url(tunis, "bring_back"))
    assert [(by, kind) for by, kind, _changes in shown(officer, tunis)] == [
        ("Officer", "back"), ("Officer", "-"), ("", "~"), ("", "+"),
    ]  # fmt: skip
    assert shown(officer, tunis)[0][2] == []
    assert shown(officer, project)[0] == ("Officer", "~", [("Who takes part", "", partner)])
    assert shown(officer, news)[0][2] == [("Whose news it is", "", "Tunis")]
    assert "Brought back" in officer.get(url(tunis)).text


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_may_bring_back_what_the_office_removed(cast: Cast, who: str) -> None:
    tunis = whole(cast)
    cast.client("officer").post(url(tunis, "remove"))
    client, staff = cast.client(who), who in {"administrator", "officer"}
    listed, page, post = (
        client.get(reverse("staff:removed")), client.get(url(tunis)), client.post(url(tunis, "bring_back")),
    )  # fmt: skip
    if who == "visitor":
        assert (page.status_code, post.status_code, listed.status_code) == (302, 302, 302)
    else:
        assert (page.status_code, post.status_code) == ((410, 302) if staff else (404, 404))
        assert listed.status_code == (200 if staff else 403)
    assert Organisation.objects.filter(pk=tunis.pk).exists() == staff
    assert ("Tunis" in page.text) == staff


def test_a_contact_brings_back_what_it_removed_itself_and_nothing_else(cast: Cast) -> None:
    own = Need.objects.create(organisation=cast.sfax, title=Text.of(en="Pumps"))
    other = Need.objects.create(organisation=cast.amb, title=Text.of(en="Trams"))
    contact = cast.client("contact")
    assert contact.post(url(own, "remove")).status_code == 302
    cast.client("officer").post(url(other, "remove"))
    assert "Bring it back" in contact.get(url(own)).text
    assert cast.client("outsider").post(url(own, "bring_back")).status_code == 404
    assert contact.post(url(other, "bring_back")).status_code == 404
    assert contact.post(url(own, "bring_back")).status_code == 302
    assert [str(one.title) for one in Need.objects.all()] == ["Pumps"]
    contact.post(url(own, "remove"))
    cast.contact.memberships.all().delete()
    assert contact.post(url(own, "bring_back")).status_code == 404, "who may no longer change it may not bring it back"
    assert not Need.objects.exists()


def test_links_come_back_only_where_both_ends_are(cast: Cast) -> None:
    tunis, officer = whole(cast), cast.client("officer")
    project, agreement, relation = Project.objects.get(), Agreement.objects.get(), Relation.objects.get()
    for record in (tunis, project):
        assert officer.post(url(record, "remove")).status_code == 302
    officer.post(url(tunis, "bring_back"))
    assert not Project.objects.exists()
    assert set(agreement.parties.all()) == {cast.amb, tunis}
    assert Relation.objects.get() == relation
    officer.post(url(project, "bring_back"))
    assert list(project.participations.values_list("organisation__slug", flat=True)) == ["amb"]


def test_what_hangs_on_something_gone_waits_for_it(cast: Cast) -> None:
    tunis, officer = whole(cast), cast.client("officer")
    person, document = Person.objects.get(), Document.objects.get(title="a.txt")
    for record in (person, document, tunis):
        officer.post(url(record, "remove"))
    for record in (person, document):
        refused = officer.post(url(record, "bring_back"), follow=True)
        assert "What it belonged to is no longer there. Bring that back first." in refused.text
    for record in (tunis, person, document):
        officer.post(url(record, "bring_back"))
    assert Person.objects.get().email == "amal@example.org"
    assert set(Document.objects.values_list("title", flat=True)) == {"a.txt", "b.txt"}


def test_what_was_brought_in_again_meanwhile_is_not_overwritten(cast: Cast) -> None:
    bring("organisations", "id,name\ntunis,Tunis\n")
    tunis, officer = Organisation.objects.get(name="Tunis"), cast.client("officer")
    officer.post(url(tunis, "remove"))
    bring("organisations", "id,name\ntunis,Tunis la verte\n")
    again = Organisation.objects.get(public_id=tunis.public_id)
    with pytest.raises(removals.CannotComeBack, match="somebody brought it in again"):
        removals.bring_back(tunis.public_id, cast.officer)
    assert Organisation.objects.get(public_id=tunis.public_id).name == again.name == "Tunis la verte"


def test_after_a_month_it_is_gone_with_its_files(cast: Cast) -> None:
    tunis = whole(cast)
    file = Document.objects.get(title="a.txt").file
    cast.client("officer").post(url(tunis, "remove"))
    assert removals.forget_removals() == 0
    assert file.storage.exists(file.name)
    Removal.objects.update(at=timezone.now() - removals.KEPT - timedelta(hours=1))
    assert removals.forget_removals() == 1
    assert not file.storage.exists(file.name)
    with pytest.raises(removals.CannotComeBack, match="too long ago"):
        removals.bring_back(tunis.public_id, cast.officer)
    assert "This was removed" in cast.client("officer").get(url(tunis)).text


def test_every_kind_of_record_shows_what_changed_and_goes_back(cast: Cast) -> None:
    officer = cast.client("officer")
    rows = one_of_each(cast, "Before")
    assert {KIND_OF_ID[row.ID_PREFIX].name for row in rows.values()} == set(KIND_OF_NAME)
    for kind, row in rows.items():
        before = plain_rows([type(row).objects.get(pk=row.pk)])[0]["fields"]
        number, name = next(
            (isinstance(value, Decimal | int), name)
            for name in ("name", "title", "text", "post", "role", "what", "amount")
            if (value := getattr(row, name, None))
        )
        field = type(row)._meta.get_field(name)
        setattr(row, name, 7777 if number else Text.of(en="After") if isinstance(field, MultilingualField) else "After")
        row.save()
        newest, first = officer.get(url(row)).context["versions"][:2]
        said = [str(one["after"]).replace(",", "") for one in newest["changes"]]
        assert any(one.startswith("7777" if number else "After") for one in said), (kind, said)
        assert officer.post(url(row, "restore", history_id=first["version"].id)).status_code == 302, kind
        after = plain_rows([type(row).objects.get(pk=row.pk)])[0]["fields"]
        kept = {one for one in before if one not in {"updated_at", "imported", "folded", "visibility"}}
        assert {one: after[one] for one in kept} == {one: before[one] for one in kept}, kind
