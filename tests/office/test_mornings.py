"""What is due is told by mail in the morning: to whom it concerns, each thing once, until a click stops it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from sympolis.office.core.models import User
from sympolis.office.core.texts import Text
from sympolis.office.projects import mornings
from sympolis.office.projects.models import Application, Project
from sympolis.office.projects.running.models import DueTold, ProjectMilestone, ReportingPeriod
from tests.cast import Cast, office_today
from tests.factories import make_project

ADDRESS = "https://town.example"


@pytest.fixture
def due(cast: Cast, settings: Any) -> dict[str, Any]:
    settings.SITE_ADDRESS = ADDRESS
    today = office_today()
    ours, theirs = make_project("Harbour", cast.amb), make_project("Water", cast.sfax)
    example = make_project("Example", cast.sfax, illustrative=True)
    made: dict[str, Any] = {"project": theirs}
    for of, title, days in ((ours, "Ours", 3), (theirs, "Late", -2), (theirs, "Far", 40), (example, "Invented", 1)):
        made[title] = milestone(of, title, today + timedelta(days=days))
    made["report"] = ReportingPeriod.objects.create(
        project=theirs, label="Report", starts=today, ends=today, due=today + timedelta(days=5)
    )
    owned = Application.objects.create(
        title=Text.of(en="Bid"), organisation=cast.amb, stage="drafting", owner=cast.officer,
        deadline_on=today + timedelta(days=9),
    )  # fmt: skip
    owned.tasks.create(text="Sign", due=today - timedelta(days=1))
    owned.tasks.create(text="Not mine", due=today, owner=cast.administrator)
    return made


def milestone(project: Project, title: str, day: date) -> ProjectMilestone:
    return ProjectMilestone.objects.create(project=project, title=Text.of(en=title), due=day)


def told() -> dict[str, list[str]]:
    """What each mail says, by who gets it; the box is empty again."""
    found = {
        one.to[0].partition("@")[0]: [line for line in str(one.body).splitlines() if "due" in line and ": " in line]
        for one in mail.outbox
    }
    mail.outbox.clear()
    return {who: [line.partition(" (")[0] for line in lines] for who, lines in found.items()}


def test_each_is_told_once_of_what_is_theirs(cast: Cast, due: dict[str, Any]) -> None:
    assert mornings.tell_daily() == 3
    assert told() == {
        "officer": [
            "Water: Late", "Bid: Sign", "Harbour: Ours", "Water: Report", "Bid: The application is to be handed in",
        ],
        "administrator": ["Water: Late", "Bid: Not mine", "Harbour: Ours", "Water: Report"],
        "contact": ["Water: Late", "Water: Report"],
    }  # fmt: skip
    assert mornings.tell_daily() == 0
    milestone(due["project"], "New", office_today())
    ProjectMilestone.objects.filter(pk=due["Ours"].pk).update(due=office_today() - timedelta(days=1))
    ReportingPeriod.objects.update(done_on=office_today())
    assert mornings.tell_daily() == 3
    assert told()["officer"] == ["Harbour: Ours", "Water: New"]


def test_a_click_stops_it_and_the_page_brings_it_back(cast: Cast, due: dict[str, Any]) -> None:
    mornings.tell_daily()
    [mine] = [one for one in mail.outbox if one.to == [cast.contact.email]]
    stop = mine.extra_headers["List-Unsubscribe"].strip("<>")
    assert stop in str(mine.body)
    visitor = cast.client("visitor")
    path = stop.removeprefix(ADDRESS)
    assert visitor.get(path).context["is_off"] is False
    assert mornings.gets_mails(cast.contact)
    assert visitor.post(path).context["is_off"] is True
    mail.outbox.clear()
    DueTold.objects.all().delete()
    assert mornings.tell_daily() == 2
    assert set(told()) == {"officer", "administrator"}
    contact = cast.client("contact")
    page = contact.get(reverse("staff:dues"))
    assert page.context["gets_mails"] is False
    contact.post(reverse("staff:due_mails"), {"mails": "on"})
    assert mornings.tell_daily() == 1
    assert visitor.get(f"{path}x").status_code == 404


def test_what_did_not_go_out_is_tried_again(cast: Cast, due: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    made = mornings.due_mail

    def refuse(user: User, things: list[mornings.Thing]) -> Any:
        if user == cast.officer:
            raise OSError("no door")
        return made(user, things)

    monkeypatch.setattr(mornings, "due_mail", refuse)
    assert mornings.tell_daily() == 2
    monkeypatch.undo()
    assert mornings.tell_daily() == 1
    assert mail.outbox[-1].to == [cast.officer.email]
