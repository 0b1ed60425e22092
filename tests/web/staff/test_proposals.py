"""What members would change and others rely on: it waits, an officer decides each field, the history says who."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sympolis.office.core.enums import ProposalState
from sympolis.office.core.models import Document, IndexChange, Proposal, ProposedChange, User
from sympolis.office.core.proposals import documents, mails
from sympolis.office.core.queries import visible_documents
from sympolis.office.core.texts import Text
from sympolis.office.directory.finder import suggestions
from sympolis.office.directory.models import Figure, Organisation, Person, Relation
from sympolis.office.projects.models import Need, Project
from tests.cast import Cast
from tests.factories import make_need, make_organisation, make_project, make_relation
from tests.web.public.site import make_document

PAGE = "staff:proposals"
OTHERS = ("contact", "participant", "outsider")


def address(record: Any) -> str:
    return reverse("staff:change", kwargs={"public_id": record.public_id})


def write(client: Client, record: Any, **said: Any) -> Any:
    """Send a record's form back with some fields changed, as a browser would. An old name was a mistake, unless said
    otherwise."""
    form = client.get(address(record)).context["form"]
    data: dict[str, Any] = {"seen": form.initial["seen"]}
    for name in form.fields:
        value = form.initial.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool):
            data[name] = value
    return client.post(address(record), {"old_name_was_wrong": "on", **data, **said})


def decide(client: Client, what: str, *fields: str, proposal: Proposal | None = None, **said: str) -> Any:
    """Press a button on the page, with the digest that stands in it."""
    of = proposal or Proposal.objects.get()
    shown, pk = client.get(reverse(PAGE), {"kind": of.kind}).context["waiting"], of.pk
    seen = next((one.seen for one in shown if one.proposal.pk == pk), "")
    pressed = reverse("staff:proposal_decide", kwargs={"pk": pk})
    return client.post(pressed, {"what": what, "field": list(fields), "seen": seen, **said}, follow=True)


def states() -> dict[str, str]:
    return dict(ProposedChange.objects.values_list("field", "state"))


def said_to(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_what_matters_waits_and_the_rest_is_saved_at_once(cast: Cast) -> None:
    answer = write(cast.client("contact"), cast.sfax, name="Sfax city", website="www.sfax.tn", country="MA")
    assert answer.status_code == 302
    cast.sfax.refresh_from_db()
    assert (cast.sfax.name, cast.sfax.country, cast.sfax.website) == ("Sfax", "TN", "https://www.sfax.tn")
    proposal = Proposal.objects.get()
    version = cast.sfax.history.order_by("history_id").first()
    assert (proposal.record, proposal.by, proposal.version) == (cast.sfax.public_id, cast.contact, version.history_id)
    rows = proposal.changes.values_list("field", "before", "after", "state")
    assert list(rows) == [("name", "Sfax", "Sfax city", "waiting"), ("country", "TN", "MA", "waiting")]


def renamed(cast: Cast, who: str, **said: Any) -> list[str]:
    """What Sfax is called besides, after somebody has sent its form."""
    answer = write(cast.client(who), cast.sfax, **{"old_name_was_wrong": "", **said})
    assert answer.status_code == 302, answer.context["form"].errors
    cast.sfax.refresh_from_db()
    return list(cast.sfax.called)


@pytest.fixture
def named(cast: Cast) -> None:
    cast.sfax.name_language, cast.sfax.names = "en", Text.of(fr="Ville de Sfax", ar="صفاقس")
    cast.sfax.save()


@pytest.mark.usefixtures("named")
def test_who_renames_keeps_the_former_name(cast: Cast) -> None:
    """In the language it was in, until the day of the change or the one that is said; found and shown."""
    today = timezone.localdate().isoformat()
    assert renamed(cast, "officer", name="Taparura", short_name="TAP") == [f"former|en||{today}|Sfax"]
    words = {"names_fr": "Commune de Sfax", "names_ar": "صفاقس", "renamed_on": "2024-05"}
    former = ["former|fr||2024-05|Ville de Sfax"]
    kept = {"called_kind": "former", "called_name": "Sfax", "called_language": "en", "called_until": today}
    assert renamed(cast, "officer", **words, **kept)[1:] == former
    found = Client().get(reverse("public:organisations"), {"q": "ville de sfax"})
    page = Client().get(cast.sfax.get_absolute_url()).text
    assert ("Taparura" in found.text, "Former name" in page, "Ville de Sfax" in page) == (True, True, True)
    assert [one.name for one in suggestions(cast.officer, "ville de sfax")] == ["Taparura"]


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize(
    "said",
    [
        {"name": "Taparura", "old_name_was_wrong": "on"},
        {"name": "SFÂX"},  # the same to whoever looks for it
        {"names_fr": ""},  # taken away, and not renamed
        {"name": "Taparura", "aliases": "Sfax"},  # it is still called so
        {"website": "www.sfax.tn"},
    ],
)
def test_what_is_no_former_name_is_not_kept(cast: Cast, said: dict[str, str]) -> None:
    others = {} if "names_fr" in said else {"names_fr": "Ville de Sfax"}
    assert renamed(cast, "officer", names_ar="صفاقس", **others, **said) == []


def test_a_member_proposes_its_new_name_with_the_former_one(cast: Cast) -> None:
    assert renamed(cast, "contact", name="Taparura", renamed_on="2024-05-03") == []
    officer = cast.client("officer")
    (one,) = officer.get(reverse(PAGE)).context["waiting"]
    read = [(str(c.label), str(line["after"])) for c in one.changes for line in c.wanted]
    assert read == [("Name", "Taparura"), ("Former and other names", "Former name · Sfax · 2024-05-03")]
    decide(officer, "approve", "name", "called")
    cast.sfax.refresh_from_db()
    assert (cast.sfax.name, cast.sfax.called) == ("Taparura", ["former|||2024-05-03|Sfax"])


def test_a_member_says_that_the_old_name_was_a_mistake(cast: Cast) -> None:
    renamed(cast, "contact", name="Taparura", old_name_was_wrong="on")
    assert states() == {"name": "waiting"}


def test_a_name_with_a_bar_is_kept_whole(cast: Cast) -> None:
    Organisation.objects.filter(pk=cast.sfax.pk).update(name="Sfax | Port; South")
    (line,) = renamed(cast, "officer", name="Taparura", renamed_on="2024")
    assert [(one.name, str(one.until)) for one in cast.sfax.called_names] == [("Sfax / Port, South", "2024")]
    assert line.count("|") == 4


def test_a_proposal_alone_makes_no_version_of_the_record(cast: Cast) -> None:
    before = cast.sfax.history.count()
    write(cast.client("contact"), cast.sfax, name="Sfax city")
    assert (cast.sfax.history.count(), Proposal.objects.count()) == (before, 1)
    write(cast.client("contact"), cast.sfax, website="www.sfax.tn")
    assert (cast.sfax.history.count(), Proposal.objects.count()) == (before + 1, 1)


def test_an_officer_waits_for_nobody(cast: Cast) -> None:
    write(cast.client("officer"), cast.sfax, name="Sfax city", visibility="office")
    cast.sfax.refresh_from_db()
    assert (cast.sfax.name, cast.sfax.visibility, Proposal.objects.count()) == ("Sfax city", "office", 0)


def test_the_office_reads_from_what_to_what_and_approves_all(cast: Cast) -> None:
    write(cast.client("contact"), cast.sfax, name="Sfax city", kind="region", parent="AMB")
    officer = cast.client("officer")
    (one,) = officer.get(reverse(PAGE)).context["waiting"]
    read = [(str(c.label), str(line["before"]), str(line["after"])) for c in one.changes for line in c.wanted]
    assert read == [
        ("Name", "Sfax", "Sfax city"), ("Kind", "City", "Region"), ("Part of", "", "Àrea Metropolitana de Barcelona"),
    ]  # fmt: skip
    answer = decide(officer, "approve", "name", "kind", "parent")
    assert said_to(answer) == ["Approved. Who proposed it is told by mail."]
    cast.sfax.refresh_from_db()
    assert (cast.sfax.name, cast.sfax.kind, cast.sfax.parent) == ("Sfax city", "region", cast.amb)
    assert states() == {"name": "approved", "kind": "approved", "parent": "approved"}
    assert IndexChange.objects.filter(record=cast.sfax.public_id).exists()


def test_the_history_says_who_proposed_and_who_approved(cast: Cast) -> None:
    write(cast.client("contact"), cast.sfax, name="Sfax city")
    decide(cast.client("officer"), "approve", "name")
    for who in ("officer", "contact"):
        page = cast.client(who).get(address(cast.sfax))
        version = page.context["versions"][0]["version"]
        assert (version.by, version.proposed_by) == ("Officer", "Contact")
        assert "proposed by <bdi>Contact</bdi>, approved by the office" in page.text


def test_field_by_field_and_told_by_mail_in_the_contacts_language(cast: Cast) -> None:
    cast.contact.language = "fr"
    cast.contact.save()
    write(cast.client("contact"), cast.sfax, name="Sfax city", country="MA", place="Sfax")
    officer = cast.client("officer")
    decide(officer, "approve", "place")
    assert states() == {"name": "waiting", "country": "waiting", "place": "approved"}
    answer = decide(officer, "refuse", "name", reason="The ministry writes Sfax.")
    assert said_to(answer) == ["Refused. Who proposed it is told by mail."]
    cast.sfax.refresh_from_db()
    assert (cast.sfax.name, cast.sfax.country, cast.sfax.place) == ("Sfax", "TN", "Sfax")
    assert states() == {"name": "refused", "country": "waiting", "place": "approved"}
    first, second = mail.outbox
    assert [message.to for message in mail.outbox] == [["contact@example.org"]] * 2
    assert first.subject == "Accepté\N{NO-BREAK SPACE}: vos modifications sur Sfax"
    assert second.subject == "Non retenu\N{NO-BREAK SPACE}: vos modifications sur Sfax"
    assert "- Nom\n" in second.body
    assert "The ministry writes Sfax." in second.body
    assert f"http://testserver/fr/office/records/{cast.sfax.public_id}/" in second.body
    page = cast.client("contact").get(reverse(PAGE))
    assert "The ministry writes Sfax." in page.text


def test_no_reason_no_refusal_and_nothing_ticked_nothing_done(cast: Cast) -> None:
    write(cast.client("contact"), cast.sfax, name="Sfax city")
    officer = cast.client("officer")
    assert said_to(decide(officer, "refuse", "name")) == ["Say why: who proposed it reads the reason."]
    assert said_to(decide(officer, "approve")) == ["Tick at least one field."]
    assert (states(), mail.outbox) == ({"name": "waiting"}, [])


def test_a_mail_that_cannot_go_takes_nothing_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_all: Any) -> None:
        raise OSError

    write(cast.client("contact"), cast.sfax, name="Sfax city")
    monkeypatch.setattr(mails.EmailMessage, "send", refused)
    answer = decide(cast.client("officer"), "approve", "name")
    assert said_to(answer) == ["It is decided, but the mail did not go out. Look at the mail server."]
    assert states() == {"name": "approved"}


def test_changed_meanwhile_shows_both_and_is_not_ticked(cast: Cast) -> None:
    write(cast.client("contact"), cast.sfax, name="Sfax city", place="Sfax")
    Organisation.objects.get(pk=cast.sfax.pk)
    officer = cast.client("officer")
    write(officer, cast.sfax, name="Sfax, Tunisia")
    page = officer.get(reverse(PAGE))
    (one,) = page.context["waiting"]
    since = [(change.field, [(line["before"], line["after"]) for line in change.since]) for change in one.changes]
    assert since == [("name", [("Sfax", "Sfax, Tunisia")]), ("place", [])]
    assert 'value="name">' in page.text
    assert 'value="place" checked>' in page.text
    decide(officer, "approve", "name", "place")
    cast.sfax.refresh_from_db()
    assert (cast.sfax.name, cast.sfax.place) == ("Sfax city", "Sfax")


def test_what_changes_while_the_officer_reads_is_read_again(cast: Cast) -> None:
    write(cast.client("contact"), cast.sfax, name="Sfax city")
    officer = cast.client("officer")
    seen = officer.get(reverse(PAGE)).context["waiting"][0].seen
    Organisation.objects.filter(pk=cast.sfax.pk).update(name="Sfax, Tunisia")
    pressed = reverse("staff:proposal_decide", kwargs={"pk": Proposal.objects.get().pk})
    answer = officer.post(pressed, {"what": "approve", "field": ["name"], "seen": seen}, follow=True)
    assert said_to(answer) == ["Somebody changed it while you were reading. Look at it once more."]
    assert (Organisation.objects.get(pk=cast.sfax.pk).name, states()) == ("Sfax, Tunisia", {"name": "waiting"})


def test_of_a_text_only_the_languages_that_were_changed(cast: Cast) -> None:
    cast.sfax.names = Text.of(ar="صفاقس")
    cast.sfax.save()
    write(cast.client("contact"), cast.sfax, names_ar="صفاقس", names_fr="Sfax-ville")
    cast.sfax.names = Text.of(ar="صفاقس", es="Sfax de Túnez")
    cast.sfax.save()
    officer = cast.client("officer")
    (one,) = officer.get(reverse(PAGE)).context["waiting"]
    assert not one.is_stale
    decide(officer, "approve", "names")
    cast.sfax.refresh_from_db()
    assert cast.sfax.names.plain() == {"ar": "صفاقس", "es": "Sfax de Túnez", "fr": "Sfax-ville"}


def test_the_contact_takes_it_back(cast: Cast) -> None:
    write(cast.client("contact"), cast.sfax, name="Sfax city")
    pressed = reverse("staff:proposal_withdraw", kwargs={"pk": Proposal.objects.get().pk})
    for who, status in (("visitor", 302), ("outsider", 404), ("participant", 404), ("officer", 404)):
        assert cast.client(who).post(pressed).status_code == status
    assert states() == {"name": "waiting"}
    assert cast.client("contact").post(pressed).status_code == 302
    assert states() == {"name": "withdrawn"}
    assert said_to(decide(cast.client("officer"), "approve", "name")) == ["It was decided already."]
    assert Organisation.objects.get(pk=cast.sfax.pk).name == "Sfax"


def test_proposing_the_same_field_again_replaces_what_waits(cast: Cast) -> None:
    contact = cast.client("contact")
    write(contact, cast.sfax, name="Sfax city", place="Sfax")
    write(contact, cast.sfax, name="City of Sfax")
    rows = ProposedChange.objects.order_by("pk").values_list("field", "after", "state")
    assert list(rows) == [
        ("name", "Sfax city", ProposalState.WITHDRAWN), ("place", "Sfax", ProposalState.WAITING),
        ("name", "City of Sfax", ProposalState.WAITING),
    ]  # fmt: skip


def test_who_sees_and_decides(cast: Cast) -> None:
    write(cast.client("contact"), cast.sfax, name="A SECRET NAME")
    page = reverse(PAGE)
    assert cast.client("visitor").get(page).status_code == 302
    for who in ("officer", "administrator", "contact"):
        assert "A SECRET NAME" in cast.client(who).get(page).text
    for who in ("participant", "outsider"):
        assert "A SECRET NAME" not in cast.client(who).get(page).text
    assert "A SECRET NAME" in cast.client("contact").get(address(cast.sfax)).text
    pressed = reverse("staff:proposal_decide", kwargs={"pk": Proposal.objects.get().pk})
    for who in OTHERS:
        assert cast.client(who).post(pressed, {"what": "approve", "field": "name"}).status_code == 403
    assert cast.client("visitor").post(pressed).status_code == 302
    assert states() == {"name": "waiting"}
    assert "1 proposed change to decide" in cast.client("officer").get(reverse("staff:dashboard")).text
    assert "1 change waits for the office" in cast.client("contact").get(reverse("staff:dashboard")).text


def test_a_hidden_parent_is_not_told_to_the_contact(cast: Cast) -> None:
    hidden = make_organisation("A hidden alliance", visibility="office")
    cast.sfax.parent = hidden
    cast.sfax.save()
    page = cast.client("contact").get(address(cast.sfax))
    assert "A hidden alliance" not in page.text
    assert "parent" not in page.context["form"].fields
    write(cast.client("contact"), cast.sfax, parent="AMB")
    assert Proposal.objects.count() == 0


def test_a_membership_is_proposed_and_added_by_the_office(cast: Cast) -> None:
    network = make_organisation("MedCities", kind="city-network")
    contact = cast.client("contact")
    add = reverse("staff:relations_add")
    wrong = contact.post(add, {"from_organisation": "AMB", "type": "member_of", "to_organisation": "MedCities"})
    assert wrong.context["form"].errors == {"from_organisation": ["You can write this for your own organisation only."]}
    said = {"from_organisation": "Sfax", "type": "member_of", "to_organisation": "MedCities", "since": "2019"}
    assert contact.post(add, said)["Location"] == reverse(PAGE)
    assert Relation.objects.count() == 0
    (one,) = cast.client("officer").get(reverse(PAGE)).context["waiting"]
    assert (one.proposal.title, one.is_new) == ("Sfax – MedCities", True)
    decide(cast.client("officer"), "approve", "type")
    made = Relation.objects.get()
    assert (made.from_organisation, made.type, made.to_organisation) == (cast.sfax, "member_of", network)
    assert (str(made.since), made.visibility, made.confirmed) == ("2019", "public", True)
    assert set(states().values()) == {"approved"}
    assert Proposal.objects.get().record == made.public_id


def test_the_end_of_a_membership_waits_too(cast: Cast) -> None:
    relation = make_relation(cast.sfax, "member_of", make_organisation("MedCities", kind="city-network"))
    assert cast.client("outsider").get(address(relation)).status_code == 404
    write(cast.client("contact"), relation, from_organisation="Sfax", to_organisation="MedCities", until="2025")
    relation.refresh_from_db()
    assert not relation.until
    decide(cast.client("officer"), "approve", "until")
    relation.refresh_from_db()
    assert str(relation.until) == "2025"


def test_who_takes_part_in_a_project_waits_and_its_words_do_not(cast: Cast) -> None:
    project = make_project("Water", cast.sfax)
    parts = {"parts": ["Sfax", "AMB"], "parts_was": [cast.sfax.public_id, ""], "parts_role": ["lead", "partner"],
             "parts_money": ["", "5000"]}  # fmt: skip
    write(cast.client("contact"), project, title_en="Clean water", **parts)
    project = Project.objects.get()
    assert (str(project.title), list(project.organisations.all())) == ("Clean water", [cast.sfax])
    (one,) = cast.client("officer").get(reverse(PAGE)).context["waiting"]
    assert [str(line["after"]) for change in one.changes for line in change.wanted] == [
        "Àrea Metropolitana de Barcelona (Partner, 5000.00)"
    ]
    decide(cast.client("officer"), "approve", "organisations")
    rows = project.participations.order_by("pk").values_list("organisation", "role", "money")
    assert [(pk, role, money and int(money)) for pk, role, money in rows] == [
        (cast.sfax.pk, "lead", None), (cast.amb.pk, "partner", 5000),
    ]  # fmt: skip
    assert set(project.history.first().lists["organisations"]) == {cast.sfax.public_id, cast.amb.public_id}


def test_what_no_longer_goes_together_is_not_approved(cast: Cast) -> None:
    """Two who each say that they preside; and half of a change, which would end before it begins."""
    make_organisation("Council", kind="body", parent=make_organisation("MedCities", kind="city-network"))
    officer, add = cast.client("officer"), reverse("staff:relations_add")
    for name in ("Sfax", "Rabat"):
        who = "contact" if name == "Sfax" else "outsider"
        said = {"from_organisation": name, "type": "president_of", "to_organisation": "Council", "since": "2024"}
        assert cast.client(who).post(add, said).status_code == 302
    first, second = Proposal.objects.order_by("pk")
    decide(officer, "approve", "type", proposal=first)
    answer = decide(officer, "approve", "type", proposal=second)
    assert [str(one) for one in answer.context["messages"]] == [
        "Sfax presides over Council at the same time (2024 – …). "
        "Say when the one ended, or that the presidency is shared."
    ]
    relation = Relation.objects.get()
    write(cast.client("contact"), relation, from_organisation="Sfax", type="president_of", to_organisation="Council",
          since="2020", until="2022")  # fmt: skip
    answer = decide(officer, "approve", "until", proposal=Proposal.objects.latest("pk"))
    assert [str(one) for one in answer.context["messages"]] == [
        "It would end before it begins. Correct the dates in its form."
    ]
    relation.refresh_from_db()
    assert (str(relation.since), str(relation.until)) == ("2024", "")


def test_what_is_gone_meanwhile_can_only_be_refused(cast: Cast) -> None:
    other = make_organisation("Gone soon")
    write(cast.client("contact"), cast.sfax, parent="Gone soon")
    other.delete()
    officer = cast.client("officer")
    answer = decide(officer, "approve", "parent")
    assert said_to(answer) == ["What this is about is no longer there. It can only be refused."]
    cast.sfax.delete()
    assert "no longer there" in officer.get(reverse(PAGE)).text
    decide(officer, "refuse", "parent", reason="Gone.")
    assert states() == {"parent": "refused"}


def test_going_back_to_a_version_does_not_go_around_the_office(cast: Cast) -> None:
    project = make_project("Water", cast.sfax)
    older = project.history.first().history_id
    project.budget, project.acronym = 5, "W"
    project.save()
    restore = reverse("staff:restore", kwargs={"public_id": project.public_id, "history_id": older})
    assert cast.client("contact").post(restore).status_code == 302
    project.refresh_from_db()
    assert (project.budget, project.acronym, list(project.organisations.all())) == (5, "", [cast.sfax])


def test_the_page_of_ones_own_organisation_is_removed_by_the_office_alone(cast: Cast) -> None:
    remove = reverse("staff:remove", kwargs={"public_id": cast.sfax.public_id})
    assert cast.client("contact").post(remove).status_code == 403
    assert remove not in cast.client("contact").get(address(cast.sfax)).text
    assert remove in cast.client("officer").get(address(cast.sfax)).text


@pytest.mark.parametrize("many", [2, 12])
def test_questions_to_the_database_do_not_grow(cast: Cast, many: int, django_assert_max_num_queries: Any) -> None:
    contact = cast.client("contact")
    for number in range(many):
        project = make_project(f"Project {number}", cast.sfax)
        write(contact, project, title_en=f"Project {number}", budget="5", parts=["Sfax", "AMB"],
              parts_was=[cast.sfax.public_id, ""], parts_role=["lead", "partner"], parts_money=["", ""])  # fmt: skip
        need = make_need(cast.sfax, f"Need {number}")
        write(contact, need, title_en=f"Need {number}", organisation="Sfax", visibility="office")
        relation = make_relation(cast.sfax, "member_of", make_organisation(f"Network {number}"))
        write(contact, relation, from_organisation="Sfax", to_organisation="AMB")
    write(contact, cast.sfax, name="Sfax city", parent="AMB")
    decide(cast.client("officer"), "refuse", "name", proposal=Proposal.objects.latest("pk"), reason="No.")
    counts = [(kind.prefix, count) for kind, count in contact.get(reverse(PAGE)).context["tabs"]]
    assert counts == [("org", 1), ("rel", many), ("prj", many), ("nee", many)]
    for who in ("officer", "contact"):
        client = cast.client(who)
        for kind, count in counts:
            with django_assert_max_num_queries(12):
                page = client.get(reverse(PAGE), {"kind": kind})
            assert len(page.context["waiting"]) == min(count, 20)


@pytest.mark.parametrize("many", [1, 4])
def test_the_form_asks_few_questions_with_all_that_waits(
    cast: Cast, many: int, django_assert_max_num_queries: Any
) -> None:
    project = make_project("Water", cast.sfax)
    for number in range(many):
        User.objects.create_user(f"{number}@example.org").memberships.create(organisation=cast.sfax)
        client = Client()
        client.force_login(User.objects.get(email=f"{number}@example.org"),
                           backend="sympolis.office.directory.sign_in.SignIn")  # fmt: skip
        write(client, project, title_en="Water", budget=f"{number + 5}", parts=["Sfax", "AMB"],
              parts_was=[cast.sfax.public_id, ""], parts_role=["lead", "partner"], parts_money=["", ""])  # fmt: skip
        write(client, cast.sfax, name=f"Sfax {number}", parent="AMB")
    for who in ("officer", "contact"):
        client = cast.client(who)
        for record in (project, cast.sfax):
            with django_assert_max_num_queries(12):
                page = client.get(address(record))
            assert len(page.context["waiting"]) == many


def contributing(cast: Cast) -> Client:
    cast.contact.memberships.update(role="contributor")
    return cast.client("contact")


def test_what_a_contributor_writes_waits_altogether(cast: Cast) -> None:
    contributor = contributing(cast)
    write(contributor, cast.sfax, website="www.sfax.tn", line_en="A port", themes=["water"])
    cast.sfax.refresh_from_db()
    assert (cast.sfax.website, str(cast.sfax.line), cast.sfax.themes) == ("", "", ())
    assert set(states()) == {"website", "line", "themes"}
    decide(cast.client("officer"), "approve", "website", "line", "themes")
    cast.sfax.refresh_from_db()
    assert (cast.sfax.website, str(cast.sfax.line), cast.sfax.themes) == ("https://www.sfax.tn", "A port", ("water",))


def test_what_a_contributor_adds_is_there_when_the_office_has_read_it(cast: Cast) -> None:
    contributor = contributing(cast)
    adding = {
        "needs": {"title_en": "Trees", "organisation": "Sfax", "stage": "need"},
        "people": {"name": "Amal", "organisation": "Sfax", "since": "2020"},
        "departments": {"name_en": "Water", "organisation": "Sfax"},
        "figures": {"what": "Staff", "value": "9", "unit": "people", "year": "2024", "organisation": "Sfax"},
        "projects": {"title_en": "Shade", "parts": ["Sfax"], "parts_was": [""], "parts_role": ["lead"],
                     "parts_money": [""]},
    }  # fmt: skip
    for kind, said in adding.items():
        assert contributor.post(reverse(f"staff:{kind}_add"), said)["Location"] == reverse(PAGE)
    assert (Need.objects.count(), Person.objects.count(), Project.objects.count()) == (0, 0, 0)
    officer = cast.client("officer")
    for proposal in Proposal.objects.all():
        decide(officer, "approve", "title", proposal=proposal)
    assert (str(Need.objects.get().title), Need.objects.get().organisation) == ("Trees", cast.sfax)
    assert (Person.objects.get().name, str(Person.objects.get().since)) == ("Amal", "2020")
    assert list(Project.objects.get().organisations.all()) == [cast.sfax]
    assert (Figure.objects.get().organisation, Figure.objects.get().value) == (cast.sfax, 9)
    assert len(mail.outbox) == 5


def test_a_contributor_does_nothing_else_at_once(cast: Cast) -> None:
    need = make_need(cast.sfax, "Trees")
    contributor = contributing(cast)
    public_id = {"public_id": need.public_id}
    assert contributor.get(address(need)).status_code == 200
    version = need.history.first().history_id
    for tried in (
        reverse("staff:remove", kwargs=public_id),
        reverse("staff:about", kwargs=public_id),
        reverse("staff:restore", kwargs={**public_id, "history_id": version}),
    ):
        assert contributor.post(tried).status_code == 404
        assert tried not in contributor.get(address(need)).text


def hang_up(client: Client, record: Any, **said: Any) -> Any:
    address = reverse("staff:document_add", kwargs={"public_id": record.public_id})
    file = SimpleUploadedFile("plan.txt", b"trees along the quay")
    return client.post(address, {"file": file, "title": "Quay", "visibility": "public", **said}, follow=True)


def waiting_file(cast: Cast, who: str, document: Document) -> int:
    answer: Any = cast.client(who).get(reverse("staff:document_file", kwargs={"public_id": document.public_id}))
    if answer.status_code == 200:
        assert b"".join(answer.streaming_content) == b"trees along the quay"
    return int(answer.status_code)


def test_a_document_a_contributor_hangs_up_is_open_when_the_office_has_read_it(cast: Cast) -> None:
    need = make_need(cast.sfax, "Trees")
    contributor = contributing(cast)
    assert "It waits for the office to read it." in hang_up(contributor, need).text
    document = Document.objects.get()
    assert (document.visibility, document.confirmed, document.added_by) == ("office", False, cast.contact)
    assert not visible_documents(AnonymousUser()).exists()
    everybody = ("officer", "contact", "participant", "outsider", "visitor")
    assert [waiting_file(cast, who, document) for who in everybody] == [200, 200, 404, 404, 302]
    assert "waits for the office" in contributor.get(address(need)).text
    [shown] = contributor.get(reverse(PAGE)).context["waiting"]
    assert shown.url == reverse("staff:document_file", kwargs={"public_id": document.public_id})
    officer = cast.client("officer")
    [shown] = officer.get(reverse(PAGE)).context["waiting"]
    assert (shown.url, shown.is_new) == (address(document), False)
    decide(officer, "approve", "confirmed", "visibility")
    document.refresh_from_db()
    assert (document.visibility, document.confirmed) == ("public", True)
    assert list(visible_documents(AnonymousUser())) == [document]
    assert need.public_id in mail.outbox[0].body
    assert document.public_id not in mail.outbox[0].body
    assert "waits for the office" not in contributor.get(address(need)).text


def test_a_document_may_be_taken_over_for_the_office_alone(cast: Cast) -> None:
    hang_up(contributing(cast), cast.sfax)
    decide(cast.client("officer"), "approve", "confirmed")
    document = Document.objects.get()
    assert (document.visibility, document.confirmed) == ("office", True)
    decide(cast.client("officer"), "refuse", "visibility", reason="Not yet")
    assert Document.objects.get().visibility == "office"


@pytest.mark.parametrize("way", ["refused", "taken back"])
def test_a_document_that_is_not_taken_over_goes(cast: Cast, way: str) -> None:
    contributor = contributing(cast)
    hang_up(contributor, cast.sfax)
    proposal = Proposal.objects.get()
    if way == "refused":
        decide(cast.client("officer"), "refuse", "confirmed", "visibility", reason="Too big")
        assert "Look at it here" not in mail.outbox[0].body
    else:
        contributor.post(reverse("staff:proposal_withdraw", kwargs={"pk": proposal.pk}))
    assert not Document.objects.exists()
    assert set(states().values()) == {"refused" if way == "refused" else "withdrawn"}
    assert cast.client("officer").get(reverse(PAGE)).status_code == 200


def test_another_proposal_that_is_refused_takes_no_document_along(cast: Cast) -> None:
    document = make_document(cast.sfax, "Kept", visibility="public")
    contact = cast.client("contact")
    write(contact, cast.sfax, country="FR")
    decide(cast.client("officer"), "refuse", "country", reason="No")
    assert Document.objects.get() == document


def test_who_hangs_up_what(cast: Cast) -> None:
    hang_up(cast.client("contact"), cast.sfax)  # an editor: at once
    assert [(one.visibility, one.confirmed) for one in Document.objects.all()] == [("public", True)]
    assert not Proposal.objects.exists()
    for who in ("participant", "outsider"):
        assert hang_up(cast.client(who), cast.sfax).status_code == 404
    cast.contact.memberships.update(role="reader")
    assert hang_up(cast.client("contact"), cast.sfax).status_code == 404
    assert hang_up(contributing(cast), cast.amb).status_code == 404
    assert Document.objects.count() == 1


def test_nobody_has_the_office_read_without_end(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_WAITING", 2)
    contributor = contributing(cast)
    for _number in range(2):
        hang_up(contributor, cast.sfax)
    answer = hang_up(contributor, cast.sfax)
    assert "The office has yet to read what you hung up before." in answer.text
    assert (Document.objects.count(), Proposal.objects.count()) == (2, 2)
    decide(cast.client("officer"), "approve", "confirmed", "visibility", proposal=Proposal.objects.earliest("pk"))
    assert "It waits for the office to read it." in hang_up(contributor, cast.sfax).text


def test_an_editor_of_one_house_does_not_write_at_once_for_another(cast: Cast) -> None:
    cast.contact.memberships.create(organisation=cast.amb, role="contributor")
    contact = cast.client("contact")
    said = {"title_en": "Trees", "organisation": "AMB", "stage": "need"}
    assert contact.post(reverse("staff:needs_add"), said)["Location"] == reverse(PAGE)
    assert Need.objects.count() == 0
    contact.post(reverse("staff:needs_add"), {**said, "organisation": "Sfax"})
    write(contact, Need.objects.get(), title_en="Trees", organisation="AMB")
    assert Need.objects.get().organisation == cast.sfax
    assert Proposal.objects.filter(record=Need.objects.get().public_id).count() == 1
