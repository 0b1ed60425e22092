"""Partners with their roles and shares out of a spreadsheet, and back into one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sympolis.office.projects.models import Project
from sympolis.office.projects.running.actions import keep_entry
from sympolis.office.projects.running.models import PartnerShare
from tests.cast import Cast
from tests.factories import make_organisation, make_project

HEAD = "Partner;Role;Own money;Grant;Co-financing;Currency;Rate;Day of the rate\n"


@pytest.fixture
def project(cast: Cast) -> Project:
    """Sfax leads, AMB takes part; together 740.35 of 1,000."""
    made = make_project("Blue harbours", cast.sfax, cast.amb, budget=Decimal("1000.00"), currency="EUR")
    share(made, cast.amb, own="200.10", grant="399.90")
    share(made, cast.sfax, own="474.15", currency="TND", rate=Decimal("0.296"), rate_on=date(2026, 1, 31))
    return made


def share(project: Project, house: Any, **about: Any) -> PartnerShare:
    sums = {name: Decimal(about.pop(name, "0")) for name in ("own", "grant", "cofinancing")}
    return PartnerShare.objects.create(project=project, organisation=house, **sums, **about)


def at(name: str, project: Project, *more: Any) -> str:
    return reverse(f"staff:running_shares_{name}", args=[project.public_id, *more])


def send(cast: Cast, project: Project, table: str | bytes, who: str = "officer", name: str = "s.csv") -> Any:
    data = table if isinstance(table, bytes) else table.encode()
    return cast.client(who).post(at("in", project), {"file": SimpleUploadedFile(name, data)}, follow=True)


def bring(cast: Cast, project: Project, table: str | bytes, who: str = "officer") -> Any:
    """Looked at, then sent: the page on which one stands afterwards."""
    look = send(cast, project, table, who).redirect_chain[0][0]
    return cast.client(who).post(look, follow=True)


def refused(cast: Cast, project: Project, table: str, who: str = "officer") -> list[tuple[int, str, str]]:
    answer = send(cast, project, table, who)
    assert answer.status_code == 422
    return [(one.row, one.column, f"{one.what} {one.remedy}".strip()) for one in answer.context["problems"]]


def stands(project: Project) -> dict[str, tuple[Any, ...]]:
    """Each partner's role and share, by name."""
    shares = {one.organisation_id: one for one in PartnerShare.objects.filter(project=project)}
    found = {}
    for part in project.participations.select_related("organisation"):
        one = shares.pop(part.organisation_id, None)
        sums = (one.own, one.grant, one.cofinancing, one.currency, one.rate, one.rate_on) if one else None
        found[part.organisation.name] = (part.role, sums)
    assert not shares
    return found


def file_of(cast: Cast, project: Project, form: str) -> bytes:
    answer: Any = cast.client("officer").get(at("file", project), {"format": form})
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_what_was_taken_away_comes_in_again_as_it_was(cast: Cast, project: Project) -> None:
    """A rate of three decimals is no number of thousands; a partner without a share has none afterwards."""
    bizerte = make_organisation("Bizerte", country="TN")
    project.participations.create(organisation=bizerte)
    PartnerShare.objects.filter(organisation=cast.sfax).update(rate=Decimal("1.296"))
    before = stands(project)
    other = make_project("Other", budget=Decimal("2000.00"), currency="EUR")
    for form in ("csv", "xlsx"):
        file = file_of(cast, project, form)
        shown = send(cast, project, file)
        assert (len(shown.context["coming"]), shown.context["there"]) == (0, 3), form
        bring(cast, other, file)
        assert stands(other) == before
        assert file_of(cast, other, "csv") == file_of(cast, project, "csv")
        cast.client("officer").post(at("back", other, other.shares_brought.get().pk))  # type: ignore[attr-defined]  # a related name
        assert stands(other) == {}
    lines = file_of(cast, project, "csv").decode("utf-8-sig").splitlines()
    assert lines[0] == "id,partner,role,own,grant,cofinancing,currency,rate,rate_on"
    assert lines[1] == f"{cast.sfax.public_id},Sfax,lead,474.15,0,0,TND,1.296,2026-01-31"
    assert lines[3] == f"{bizerte.public_id},Bizerte,partner,,,,,,"


def test_one_is_raised_as_another_is_lowered_and_all_is_taken_back(cast: Cast, project: Project) -> None:
    make_organisation("Bizerte", country="TN")
    before = stands(project)
    table = f"{HEAD}{cast.amb.name};;800;;;;;\nSfax;;100.00;;;TND;0,30;2026-02-28\nBizerte;socio;;170.00;;;;\n"
    shown = send(cast, project, table)
    assert [(one.organisation.name, one.role) for one in shown.context["coming"]] == [
        (cast.amb.name, None), ("Sfax", None), ("Bizerte", "partner"),
    ]  # fmt: skip
    assert "now: €600" in shown.content.decode()
    assert stands(project) == before
    assert "3 partners were written." in bring(cast, project, table).content.decode()
    after = stands(project)
    nothing = Decimal(0)
    assert after == {
        "Sfax": ("lead", (Decimal(100), nothing, nothing, "TND", Decimal("0.3"), date(2026, 2, 28))),
        cast.amb.name: ("partner", (Decimal(800), nothing, nothing, "", None, None)),
        "Bizerte": ("partner", (nothing, Decimal(170), nothing, "", None, None)),
    }
    assert PartnerShare.history.filter(organisation=cast.amb, own=Decimal(800), history_user=cast.officer).exists()
    [brought] = project.shares_brought.all()  # type: ignore[attr-defined]  # a related name
    address = at("back", project, brought.pk)
    statuses = {who: cast.client(who).post(address).status_code for who in ("visitor", "participant", "outsider")}
    assert statuses == {"visitor": 302, "participant": 404, "outsider": 404}
    said = cast.client("officer").post(address, follow=True).content.decode()
    assert "3 partners are as before." in said
    assert stands(project) == before


def test_whom_somebody_changed_since_stays(cast: Cast, project: Project) -> None:
    before = stands(project)
    bring(cast, project, f"{HEAD}{cast.amb.name};;1;;;;;\nSfax;;2;;;;;\n")
    changed = PartnerShare.objects.get(organisation=cast.amb)
    changed.grant = Decimal(5)
    keep_entry(cast.officer, changed)
    brought = project.shares_brought.get()  # type: ignore[attr-defined]  # a related name
    said = cast.client("contact").post(at("back", project, brought.pk), follow=True).content.decode()
    assert "1 partner is as before." in said
    assert "1 partner stays" in said
    assert stands(project)["Sfax"] == before["Sfax"]
    assert stands(project)[cast.amb.name] == ("partner", (Decimal(1), Decimal(5), Decimal(0), "", None, None))
    assert cast.client("contact").post(at("back", project, brought.pk)).status_code == 404


def test_what_can_not_be_is_said_with_its_row_and_a_remedy(cast: Cast, project: Project) -> None:
    before, name = stands(project), cast.amb.name
    beyond = (
        "With this share the partners have €1,000.01 together, more than the project's budget of €1,000. "
        "Lower a share, or raise the budget of the project first."
    )
    assert refused(cast, project, f"{HEAD}Sfax;;400.00;;;;;\n{name};;600,01;;;;;\n") == [(3, "Own money", beyond)]
    beyond = beyond.replace("€1,000.01", "€1,140.35")
    assert refused(cast, project, f"{HEAD}{name};;1000;;;;;\n") == [(2, "Own money", beyond)]
    wrong = refused(cast, project, HEAD + "".join((
        f"{name};;1;;;MAD;;\n", "Sfax;;1;;;TND;0.3;\n", "Nowhere;;1;;;;;\n", "Sfax;boss;1;;;;;\n",
        f"{name};;-5;;;;;\n", "Sfax;;1;;;dinar;0.3;2026-01-31\n", "Sfax;;1;;;TND;a third;2026\n",
        f"{name};;1;;;;;\n", f"{name};;1;;;;;\n", ";;1;;;;;\n",
    )))  # fmt: skip
    assert [(row, column) for row, column, _said in wrong] == [
        (2, "Rate"), (3, "Day of the rate"), (4, "Partner"), (5, "Role"), (6, "Own money"), (7, "Currency"),
        (8, "Rate"), (8, "Day of the rate"), (10, "Partner"), (11, "Partner"),
    ]  # fmt: skip
    assert wrong[0][2] == "Write the rate: the project is reckoned in EUR."
    assert wrong[2][2].startswith("No organisation is called that. Write it as the directory does")
    twins = [make_organisation("Twin"), make_organisation("Twin")]
    assert refused(cast, project, f"{HEAD}Twin;;1;;;;;\n") == [
        (2, "Partner", "Several organisations are called that. Write its id in a column “id”.")
    ]
    assert send(cast, project, f"id;own\n{twins[1].public_id};1\n").context["coming"][0].organisation == twins[1]
    leads = refused(cast, project, f"{HEAD}{name};Cap de fila;;;;;;\n".replace("Cap de fila", "lead"))
    assert leads == [(2, "Role", "Only one can lead. Make the others partners.")]
    assert send(cast, project, "What;Planned\nx;1\n").context["form"].errors
    assert stands(project) == before


def test_hostile_words_stay_words(cast: Cast, project: Project) -> None:
    house = make_organisation('<b title="x">House</b>')
    shown = send(cast, project, f"id;own\n{house.public_id};5\n", name="<b>s.csv")
    assert shown.status_code == 200
    wrong = send(cast, project, "Partner;own\n<b>Nobody;5\n")
    bring(cast, project, f"id;own\n{house.public_id};5\n")
    for page in (shown, wrong, cast.client("officer").get(reverse("staff:running", args=[project.public_id]))):
        assert "<b>" not in page.content.decode()
        assert "<b title" not in page.content.decode()
        assert "&lt;b" in page.content.decode()


def test_who_takes_part_is_the_office_s_to_change(cast: Cast, project: Project) -> None:
    make_organisation("Bizerte", country="TN")
    table = f"{HEAD}Sfax;partner;;;;;;\n{cast.amb.name};lead;;;;;;\nBizerte;;5;;;;;\n"
    assert [(row, column) for row, column, _said in refused(cast, project, table, "contact")] == [
        (2, "Role"), (3, "Role"), (4, "Partner"),
    ]  # fmt: skip
    bring(cast, project, f"{HEAD}{cast.amb.name};;7;;;;;\n", "contact")
    assert stands(project)[cast.amb.name][1][0] == Decimal(7)
    bring(cast, project, table)
    assert {name: role for name, (role, _share) in stands(project).items()} == {
        "Sfax": "partner", cast.amb.name: "lead", "Bizerte": "partner",
    }  # fmt: skip
    look = send(cast, project, f"{HEAD}Bizerte;;6;;;;;\n").redirect_chain[0][0]
    assert {who: cast.client(who).get(look).status_code for who in ("administrator", "outsider", "visitor")} == {
        "administrator": 404, "outsider": 404, "visitor": 302,
    }  # fmt: skip
