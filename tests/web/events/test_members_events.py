"""A contact announces its city's event: it waits, the office decides, and who it is not for sees none of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from sympolis.office.core.models import Proposal
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.events.actions import keep_event
from sympolis.office.events.models import Event
from tests.cast import Cast
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db
ADD = "staff:events_add"
SAID = {
    "title_en": "Day of the sea", "start": "2026-12-03", "from_hour": "9:30",
    "languages": "fr, ar", "link": "https://meet.example/sfax",
}  # fmt: skip


def sfax_event(cast: Cast, **about: Any) -> Event:
    day = date(2026, 12, 3)
    made = Event(title=Text.of(en="Day of salt"), start_earliest=day, start_latest=day, **about)
    return keep_event(made, [cast.sfax])


def send(cast: Cast, who: str, address: str, **said: Any) -> Any:
    site = cast.client(who)
    form = site.get(address).context["form"]
    data: dict[str, Any] = {"seen": form.initial["seen"]}
    for bound in form:
        widget = bound.field.widget
        value = bound.value()
        if bound.name == "organisers":
            data |= {"organisers": [one.name for one in value], "organisers_was": [one.public_id for one in value]}
        elif isinstance(value, Text):
            data |= {f"{bound.name}_{code}": words for code, words in value.plain().items()}
        elif isinstance(value, str) and not widget.is_hidden:
            data[bound.name] = value
    return site.post(address, {**data, **said})


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("administrator", 200),
        ("officer", 200),
        ("contact", 200),
        ("outsider", 200),
        ("participant", 403),
        ("visitor", 302),
    ],
)
def test_who_may_announce(cast: Cast, who: str, status: int) -> None:
    assert cast.client(who).get(reverse(ADD)).status_code == status


def test_it_waits_and_the_office_approves(cast: Cast) -> None:
    form = cast.client("contact").get(reverse(ADD)).context["form"]
    assert (form["organisers"].value(), {"visibility", "confirmed", "note"} & set(form.fields)) == ([cast.sfax], set())
    answer = send(cast, "contact", reverse(ADD), **SAID)
    assert (answer.status_code, answer["Location"]) == (302, reverse("staff:proposals"))
    assert not Event.objects.exists()
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.record, proposal.by) == ("eve", "", cast.contact)
    officer = cast.client("officer")
    (shown,) = officer.get(reverse("staff:proposals"), {"kind": "eve"}).context["waiting"]
    fields = [one.field for one in shown.changes]
    decided = reverse("staff:proposal_decide", kwargs={"pk": proposal.pk})
    officer.post(decided, {"what": "approve", "field": fields, "seen": shown.seen})
    event = Event.objects.get()
    assert (event.title.get_text("en"), event.start_earliest, str(event.from_hour), event.languages) == (
        "Day of the sea", date(2026, 12, 3), "09:30:00", ("fr", "ar"),
    )  # fmt: skip
    assert (list(event.organisers.all()), event.link_for) == ([cast.sfax], "registered")
    assert cast.client("visitor").get(event.get_absolute_url()).status_code == 200
    assert "Day of the sea" in cast.client("contact").get(reverse("staff:dashboard")).content.decode()


def test_for_another_city_it_is_refused(cast: Cast) -> None:
    answer = send(cast, "contact", reverse(ADD), **SAID, organisers=["Rabat"], organisers_was=[""])
    assert "Your own organisation must be among those who organise it." in answer.content.decode()
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("administrator", 200),
        ("officer", 200),
        ("contact", 200),
        ("outsider", 404),
        ("participant", 404),
        ("visitor", 302),
    ],
)
def test_who_writes_at_it(cast: Cast, who: str, status: int) -> None:
    event = sfax_event(cast)
    assert cast.client(who).get(reverse("staff:change", args=[event.public_id])).status_code == status
    rows = cast.client(who).get(reverse("staff:event_registrations", args=[event.public_id])).status_code
    assert rows == {"visitor": 302}.get(who, 200 if who in {"administrator", "officer"} else 403)


def test_what_the_office_keeps_to_itself_is_not_theirs(cast: Cast) -> None:
    quiet = sfax_event(cast, visibility="office")
    assert cast.client("contact").get(reverse("staff:change", args=[quiet.public_id])).status_code == 404
    hidden = make_organisation("Hidden Consultancy", slug="hidden", visibility="office")
    event = keep_event(sfax_event(cast, note="A secret note"), cities=[hidden, cast.sfax])
    address = reverse("staff:change", args=[event.public_id])
    page = cast.client("contact").get(address)
    assert "cities" not in page.context["form"].fields
    assert not {one for one in ("Hidden Consultancy", "A secret note") if one in page.content.decode()}
    send(cast, "contact", address, place="By the sea")
    (change,) = Proposal.objects.get().changes.all()
    assert (change.field, change.after) == ("place", "By the sea")
    event.refresh_from_db()
    assert (event.place, set(event.cities.all())) == ("", {hidden, cast.sfax})


def test_queries_are_as_many_for_many(cast: Cast, django_assert_max_num_queries: Any) -> None:
    event = sfax_event(cast)
    keep_event(event, cities=[make_organisation(f"City {n}", slug=f"city-{n}") for n in range(12)])
    for _n in range(12):
        sfax_event(cast)
    site = cast.client("contact")
    for page in (reverse("staff:change", args=[event.public_id]), reverse("staff:dashboard"), reverse("staff:events")):
        with django_assert_max_num_queries(12):
            assert site.get(page).status_code == 200
    assert Organisation.objects.count() == 15
