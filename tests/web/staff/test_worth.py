"""What memberships are worth: who reads it, what counts in which year, what officers say of it and are asked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.jobs.recurring import JOBS
from sympolis.office.core.texts import Text
from sympolis.office.directory import memberships
from sympolis.office.directory.memberships import ask_yearly, unanswered, year_asked_about
from sympolis.office.directory.models import MembershipAnswer, MembershipFee, MembershipQuestion, Organisation
from sympolis.office.events.models import Event
from sympolis.office.synergies.models import Meeting
from sympolis.office.synergies.worth import Amount, Worth, worth_of
from tests.cast import Cast, office_today
from tests.factories import make_organisation, make_project, make_relation

WORTH = "/en/office/memberships/"
TODAY = date(2026, 6, 1)
LAST = office_today().year - 1


@pytest.fixture
def network(cast: Cast) -> Organisation:
    found = make_organisation("MedCities", kind="city-network", slug="medcities")
    make_relation(cast.amb, "member_of", found, since_earliest=date(2019, 1, 1), since_latest=date(2019, 12, 31))
    return found


def met(title: str, year: str, *who: Organisation, **fields: Any) -> Meeting:
    made = Meeting(title=Text.of(en=title), kind="other", **fields)
    made.starts = PartialDate.parse(year) if year else PartialDate()
    made.save()
    made.organisations.set(who)
    return made


def held(title: str, year: str, organisers: list[Organisation], cities: list[Organisation]) -> Event:
    made = Event(title=Text.of(en=title))
    made.start = PartialDate.parse(year)
    made.save()
    made.organisers.set(organisers)
    made.cities.set(cities)
    return made


def pay(cast: Cast, network: Organisation, year: int, amount: str, **fields: Any) -> MembershipFee:
    return MembershipFee.objects.create(
        organisation=cast.amb, network=network, year=year, amount=Decimal(amount), **fields
    )


def worth(cast: Cast, on: date = TODAY) -> list[Worth]:
    return worth_of(cast.officer, cast.amb.pk, on)


def page(network: Organisation) -> str:
    return f"{WORTH}{network.public_id}/"


def test_officers_read_it_and_nobody_else(cast: Cast, network: Organisation) -> None:
    pay(cast, network, 2024, "987654")
    for address in (WORTH, f"{WORTH}?format=csv", page(network)):
        assert cast.client("visitor").get(address).status_code == 302
        for who in ("contact", "participant", "outsider"):
            assert cast.client(who).get(address).status_code == 403
        for who in ("officer", "administrator"):
            answer = cast.client(who).get(address)
            assert answer.status_code == 200
            assert "987654" in answer.text.replace(",", "")
    for post in (f"{page(network)}answer/", f"{page(network)}fee/"):
        assert cast.client("visitor").post(post).status_code == 302
        for who in ("contact", "participant", "outsider"):
            assert cast.client(who).post(post).status_code == 403
        assert cast.client("officer").get(post).status_code == 405
    assert cast.client("officer").get(page(cast.sfax)).status_code == 404


def test_fees_and_answers_are_nowhere_else(cast: Cast, network: Organisation) -> None:
    pay(cast, network, 2024, "987654", note="Not for strangers")
    MembershipAnswer.objects.create(
        organisation=cast.amb, network=network, year=2024, used="no", keep="no", why="Not for strangers"
    )
    for who in ("visitor", "contact", "participant", "outsider"):
        for address in (network.get_absolute_url(), cast.amb.get_absolute_url(), "/api/v1/organisations"):
            text = cast.client(who).get(address).text
            assert "Not for strangers" not in text
            assert "987654" not in text.replace(",", "")


def test_which_memberships(cast: Cast, network: Organisation) -> None:
    """What we are a member of and the networks we take part in, however many rows say so; also what we only paid."""
    company, body = make_organisation("UITP", kind="business-network"), make_organisation("Hub", kind="body")
    make_relation(cast.amb, "participates_in", network)
    make_relation(cast.amb, "participates_in", company)
    make_relation(cast.amb, "participates_in", make_organisation("A fair", kind="company"))
    make_relation(cast.amb, "member_of", make_organisation("EIT", kind="intergovernmental"))
    make_relation(cast.amb, "member_of", body)
    make_relation(cast.amb, "partner_of", make_organisation("An ally", kind="city-network"))
    make_relation(cast.sfax, "member_of", make_organisation("Theirs", kind="city-network"))
    make_relation(cast.amb, "member_of", make_organisation("Left", kind="city-network"), until_latest=date(2020, 1, 1))
    pay(cast, make_organisation("Paid", kind="city-network"), 2020, "5")
    found = worth(cast)
    assert [(str(one.network), one.membership.holds_on(TODAY)) for one in found] == [
        ("EIT", True), ("Left", False), ("MedCities", True), ("Paid", True), ("UITP", True),
    ]  # fmt: skip
    assert str(found[2].membership.since) == "2019"
    shown = cast.client("officer").get(WORTH).context
    assert [str(one.network) for one, _tally in shown["rows"]] == ["EIT", "MedCities", "Paid", "UITP"]
    assert [str(one.network) for one, _tally in shown["past"]] == ["Left"]


def test_what_counts_and_in_which_year(cast: Cast, network: Organisation) -> None:
    hub = make_organisation("Urban hub", kind="body", parent=network)
    tunis, rabat, nobody = (make_organisation(name) for name in ("Tunis", "Salé", "Elsewhere"))
    met("With it", "2024-03", cast.amb, network, tunis)
    met("With a body of it", "2024-05", cast.amb, hub, rabat)
    met("Without it", "2024", cast.amb, nobody)
    met("Without us", "2024", network, nobody)
    met("An example", "2024", cast.amb, network, nobody, illustrative=True)
    met("To come", "2026-07", cast.amb, network, nobody)
    met("When?", "", cast.amb, network)
    held("Its assembly", "2025", [network], [cast.amb, tunis])
    held("Of both", "2023-11", [network, cast.amb], [])
    held("Not its", "2023", [cast.amb], [network, nobody])
    held("Without us", "2023", [network], [nobody])
    project = make_project("USUDS", cast.amb, network, cast.sfax, budget=Decimal(900), start_earliest=date(2024, 1, 1))
    project.participations.filter(organisation=cast.amb).update(money=Decimal(300))
    make_project("Unknown money", network, cast.amb, currency="USD", start_earliest=date(2024, 2, 1))
    make_project("An idea", network, cast.amb, nobody, stage="idea")
    make_project("To come", network, cast.amb, nobody, start_earliest=date(2027, 1, 1))
    (one,) = worth(cast)
    assert one.years == [2023, 2024, 2025, None]
    of_2024 = one.tally(2024)
    assert [str(meeting.title) for meeting in of_2024.meetings] == ["With it", "With a body of it", "An example"]
    assert (of_2024.meeting_count, of_2024.event_count, of_2024.project_count) == (2, 0, 2)
    assert of_2024.partners == {tunis.pk, rabat.pk, cast.sfax.pk}
    assert of_2024.grant.amounts == [Amount("EUR", Decimal(300))]
    assert (of_2024.grant.known, of_2024.grant.of) == (1, 2)
    assert (of_2024.budgets.amounts, of_2024.budgets.known) == ([Amount("EUR", Decimal(900))], 1)
    assert [str(event.title) for event in one.tally(2023).events] == ["Of both"]
    assert [str(event.title) for event in one.tally(2025).events] == ["Its assembly"]
    assert [str(meeting.title) for meeting in one.tally(None).meetings] == ["When?"]
    whole = one.all_years()
    assert (whole.meeting_count, whole.event_count, whole.project_count, len(whole.partners)) == (3, 2, 2, 3)
    text = cast.client("officer").get(page(network)).text
    for count, anchor in (("2", "meetings-2024"), ("2", "projects-2024"), ("3", "partners-2024"), ("1", "events-2023")):
        assert f'<a href="#{anchor}">{count}</a>' in text
        assert f'id="{anchor}"' in text
    assert "known of 1 of 2 projects" in text
    assert "money to us not known" in text


def test_fees_of_a_year_are_added_up_by_currency_and_examples_never(cast: Cast, network: Organisation) -> None:
    for amount, more in (("100", {}), ("50.50", {}), ("7", {"currency": "USD"}), ("999", {"illustrative": True})):
        pay(cast, network, 2024, amount, **more)
    pay(cast, network, 2025, "400", illustrative=True)
    (one,) = worth(cast)
    assert one.tally(2024).cost == [Amount("EUR", Decimal("150.50")), Amount("USD", Decimal(7))]
    assert one.tally(2025).cost == []
    assert one.tally(2025).shown_cost == [Amount("EUR", Decimal(400))]
    assert one.tally(2025).is_cost_an_example
    assert one.all_years().cost == one.tally(2024).cost
    shown = cast.client("officer").get(WORTH).context
    assert shown["total"] == one.tally(2024).cost


def test_the_table_is_sorted_and_asked_for_a_year(cast: Cast, network: Organisation) -> None:
    other = make_organisation("Another", kind="city-network")
    make_relation(cast.amb, "member_of", other)
    pay(cast, network, 2024, "9")
    pay(cast, other, 2024, "80")
    pay(cast, network, 2023, "500")
    client = cast.client("officer")

    def order(query: str) -> list[str]:
        return [str(one.network) for one, _tally in client.get(WORTH + query).context["rows"]]

    assert order("") == ["Another", "MedCities"]
    assert order("?sort=fee") == ["Another", "MedCities"]
    assert order("?sort=-fee") == ["MedCities", "Another"]
    assert order("?sort=fee&year=2024") == ["MedCities", "Another"]
    assert order("?sort=nonsense&year=1999") == ["Another", "MedCities"]
    rows = client.get(f"{WORTH}?format=csv").content.decode("utf-8-sig").splitlines()
    assert [row.split(",")[1:4] for row in rows[1:]] == [
        ["Another", "2024", "80 EUR"],
        ["MedCities", "2023", "500 EUR"],
        ["MedCities", "2024", "9 EUR"],
    ]


def test_three_ticks_are_kept_with_who_said_them(cast: Cast, network: Organisation) -> None:
    said = {"year": str(LAST), "used": "yes", "used_by": "Water department", "keep": "unsure", "why": ""}
    client, address = cast.client("officer"), f"{page(network)}answer/"
    answer = client.post(address, said)
    assert answer.context["answering"].errors == {"why": ["Write a line why."]}
    assert client.post(address, {**said, "year": "1980", "why": "x"}).context["answering"].errors.keys() == {"year"}
    assert MembershipAnswer.objects.count() == 0
    for why in ("Too dear", "Still too dear"):
        assert client.post(address, {**said, "why": why}).status_code == 302
    cast.client("administrator").post(address, {**said, "used": "no", "keep": "yes"})
    assert list(MembershipAnswer.objects.values_list("year", "used", "used_by", "keep", "why", "by__first_name")) == [
        (LAST, "yes", "Water department", "unsure", "Still too dear", "Officer"),
        (LAST, "no", "Water department", "yes", "", "Administrator"),
    ]
    tally = worth(cast)[0].tally(LAST)
    assert (tally.used, tally.keep) == ("yes", "unsure")
    assert "Still too dear" in client.get(page(network)).text
    assert client.get(page(network)).context["answering"].initial["why"] == "Still too dear"


def test_a_fee_is_added_beside_the_years(cast: Cast, network: Organisation) -> None:
    address = f"{page(network)}fee/"
    wrong = cast.client("officer").post(address, {"fee-year": "2024", "fee-amount": "-1", "fee-currency": "EUR"})
    assert wrong.context["paying"].errors.keys() == {"amount"}
    cast.client("officer").post(address, {"fee-year": "2024", "fee-amount": "120.5", "fee-currency": "eur"})
    fee = MembershipFee.objects.get()
    assert (fee.organisation, fee.network, fee.year, fee.amount) == (cast.amb, network, 2024, Decimal("120.5"))
    assert (fee.currency, fee.visibility, fee.history.get().history_user) == ("EUR", "office", cast.officer)


def test_the_fee_of_the_year_is_asked_for_too(
    cast: Cast, network: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, told = cast.client("officer"), f"The fee of {LAST} is not noted yet"
    assert [one.network for one in client.get("/en/office/memberships/").context["unpaid"]] == [network]
    assert client.get(page(network)).context["paying"].initial["year"] == LAST
    monkeypatch.setattr(memberships.timezone, "localdate", lambda: date(LAST + 1, 1, 2))
    ask_yearly()
    assert f"{told}: MedCities. Write 0 where there was none." in mail.outbox[0].body
    monkeypatch.undo()
    client.post(f"{page(network)}fee/", {"fee-year": str(LAST), "fee-amount": "0", "fee-currency": "EUR"})
    assert told not in client.get("/en/office/memberships/").text
    assert client.get(page(network)).context["paying"].initial["year"] == LAST + 1
    MembershipQuestion.objects.all().delete()
    mail.outbox.clear()
    monkeypatch.setattr(memberships.timezone, "localdate", lambda: date(LAST + 1, 1, 2))
    ask_yearly()
    assert told not in mail.outbox[0].body


def test_the_first_page_says_what_is_unanswered(cast: Cast, network: Organisation) -> None:
    def waiting() -> list[str]:
        return [one.words for one in cast.client("officer").get("/en/office/").context["waiting"]]

    assert waiting() == ["1 membership to look back on"]
    MembershipAnswer.objects.create(organisation=cast.amb, network=network, year=LAST, used="no", keep="no")
    assert waiting() == []


def test_of_what_officers_are_asked(cast: Cast, network: Organisation) -> None:
    make_relation(cast.amb, "member_of", make_organisation("New", kind="city-network"), since_earliest=date(2026, 1, 1))
    make_relation(cast.amb, "member_of", make_organisation("Left", kind="city-network"), until_latest=date(2026, 5, 1))
    make_relation(cast.amb, "member_of", make_organisation("Invented", kind="city-network"), illustrative=True)
    make_relation(cast.amb, "member_of", make_organisation("A body", kind="body"))
    make_relation(cast.amb, "participates_in", make_organisation("A fair", kind="company"))
    make_relation(cast.amb, "participates_in", make_organisation("Known", kind="city-network"))
    assert year_asked_about(TODAY) == 2025
    assert [str(one) for one in unanswered(cast.amb.pk, 2025, TODAY)] == ["Known", "MedCities"]
    assert list(unanswered(None, 2025, TODAY)) == []


def test_each_officer_is_asked_once_a_year(cast: Cast, network: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(day: date) -> int:
        monkeypatch.setattr(memberships.timezone, "localdate", lambda: day)
        return ask_yearly()

    days = [date(2026, 1, 2), date(2026, 1, 3), date(2026, 12, 31)]
    assert ([asked(day) for day in days], len(mail.outbox)) == ([2, 0, 0], 2)
    assert sorted(message.to[0] for message in mail.outbox) == ["administrator@example.org", "officer@example.org"]
    assert mail.outbox[0].subject == "What was 1 membership worth in 2025?"
    assert "MedCities" in mail.outbox[0].body
    MembershipAnswer.objects.create(organisation=cast.amb, network=network, year=2026, used="yes", keep="yes")
    assert asked(date(2027, 1, 2)) == 0
    assert asked(date(2028, 3, 31)) == 2
    assert sorted(MembershipQuestion.objects.values_list("year", flat=True)) == [2025, 2025, 2027, 2027]
    assert [job.at_hour for job in JOBS if job.run.endswith("memberships:ask_yearly")] == [8]


def test_a_mail_that_does_not_go_out_is_tried_again(
    cast: Cast, network: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memberships.timezone, "localdate", lambda: date(2026, 1, 2))

    def broken(_message: Any) -> int:
        raise OSError("no server")

    with monkeypatch.context() as patch:
        patch.setattr(memberships.EmailMessage, "send", broken)
        assert ask_yearly() == 0
    assert (MembershipQuestion.objects.count(), ask_yearly(), len(mail.outbox)) == (0, 2, 2)


def test_whom_a_mail_does_not_reach_keeps_no_other_back(
    cast: Cast, network: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memberships.timezone, "localdate", lambda: date(2026, 1, 2))
    send = memberships.EmailMessage.send

    def refused(message: mail.EmailMessage) -> int:
        if message.to == [cast.administrator.email]:
            raise SMTPRecipientsRefused({cast.administrator.email: (550, b"no such mailbox")})
        return send(message)

    monkeypatch.setattr(memberships.EmailMessage, "send", refused)
    assert (ask_yearly(), [message.to for message in mail.outbox]) == (1, [[cast.officer.email]])


def test_the_plot_draws_the_numbers_of_the_table(cast: Cast, network: Organisation) -> None:
    for year in range(2010, 2026):
        pay(cast, network, year, "12000" if year == 2025 else "6000")
    met("One", "2025", cast.amb, network)
    held("Two", "2025", [network], [cast.amb])
    met("Three", "2024", cast.amb, network)
    plot = cast.client("officer").get(page(network)).context["plot"]
    assert [column.year for column in plot.columns] == [str(year) for year in range(2014, 2026)]
    before, last = plot.columns[-2:]
    assert [(part.count, part.height, part.y) for part in last.parts] == [("1", 60, 84), ("1", 60, 24)]
    assert [(part.count, part.height, part.y) for part in before.parts] == [("1", 60, 84)]
    assert (last.cost, last.cost_height, before.cost, before.cost_height) == ("12K", 70, "6K", 35)
    assert plot.finding == "2014 to 2025: paid €78,000; meetings, events and projects with it: 3."


def test_few_queries_whatever_the_data(cast: Cast, network: Organisation) -> None:
    client, counts = cast.client("officer"), []
    for size in (1, 10):
        for number in range(size):
            other = make_organisation(f"Network {size} {number}", kind="city-network")
            make_relation(cast.amb, "member_of", other)
            for one in (other, network):
                pay(cast, one, 2000 + number, "10")
                partner = make_organisation(f"Partner {size} {number} {one.name}")
                met(f"Meeting {number}", "2024", cast.amb, one, partner)
                held(f"Event {number}", "2024", [one], [cast.amb, partner])
                make_project(f"Project {number}", cast.amb, one, partner, start_earliest=date(2024, 1, 1))
            said = {"used": "yes", "keep": "yes", "by": cast.officer}
            MembershipAnswer.objects.create(organisation=cast.amb, network=other, year=2000 + number, **said)
        for address in (WORTH, page(network)):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
            assert len(queries) <= 12, "\n".join(query["sql"][:200] for query in queries)
    assert counts[:2] == counts[2:]
