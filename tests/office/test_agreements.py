"""Agreements: who signed, from when they hold, what comes on their last day, and when something is to be done."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.imports.apply import bring_in
from sympolis.office.core.imports.definition import tables
from sympolis.office.core.imports.read import read_table
from sympolis.office.core.imports.understand import understand
from sympolis.office.core.texts import Text
from sympolis.office.directory import reminders
from sympolis.office.directory.agreements.forms import AgreementForm
from sympolis.office.directory.models import Agreement
from sympolis.office.directory.queries import MonthsBefore, agreements_ending, signatures_of, with_last_day_to_decide
from sympolis.office.directory.reminders import due_reminders, remind_of_endings
from tests.cast import Cast
from tests.factories import make_organisation
from tests.web.public.test_as_of import page

DAY = date(2026, 1, 1)


def agreement(title: str, ends: date | None, **fields: Any) -> Agreement:
    return Agreement.objects.create(
        title=Text.of(en=title), kind="other", ends_earliest=ends, ends_latest=ends, **fields
    )


def test_what_goes_on_by_itself_is_told_in_time_to_give_notice(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    agreement("Plain", date(2026, 3, 1), notice_months=6)
    agreement("Automatic", date(2026, 8, 31), renewal="automatic", notice_months=6)
    agreement("Automatic at once", date(2026, 2, 1), renewal="automatic")
    agreement("Too late for notice", date(2026, 3, 1), renewal="automatic", notice_months=6)
    ending = agreements_ending(cast.officer, DAY)
    assert [(str(one.title), one.decide_by) for one in ending] == [
        ("Automatic at once", date(2026, 2, 1)), ("Automatic", date(2026, 2, 28)), ("Plain", date(2026, 3, 1)),
    ]  # fmt: skip
    assert [str(one.agreement.title) for one in due_reminders(DAY)] == ["Automatic at once", "Automatic", "Plain"]
    monkeypatch.setattr(reminders.timezone, "localdate", lambda: DAY)
    assert remind_of_endings() == 3
    assert "is renewed automatically on 31 August 2026 unless notice is given by" in mail.outbox[0].body
    assert remind_of_endings() == 0


@pytest.mark.parametrize(
    ("ends", "months", "notice"),
    [
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
        (date(2028, 5, 31), 3, date(2028, 2, 29)),
        (date(2026, 5, 31), 1, date(2026, 4, 30)),
        (date(2026, 1, 31), 2, date(2025, 11, 30)),
        (date(2026, 3, 15), 3, date(2025, 12, 15)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 1, 1), 1, date(2025, 12, 1)),
        (date(2026, 12, 31), 120, date(2016, 12, 31)),
    ],
)
def test_notice_is_given_within_the_month_it_stands_for(cast: Cast, ends: date, months: int, notice: date) -> None:
    agreement("One", ends, renewal="automatic", notice_months=months)
    [one] = with_last_day_to_decide(Agreement.objects.all())
    assert one.decide_by == notice


def test_the_day_of_notice_is_written_for_postgresql_too(cast: Cast) -> None:
    """There dates less months end with the month of themselves. No server is at hand: what it would be asked is."""
    compiler = Agreement.objects.all().query.get_compiler("default")
    day = MonthsBefore("ends_latest", "notice_months").resolve_expression(compiler.query)
    columns = ('"directory_agreement"."ends_latest"', '"directory_agreement"."notice_months"')
    sql, values = day.as_postgresql(compiler, None)
    assert sql == f"({columns[0]} - MAKE_INTERVAL(months => {columns[1]}))::date"
    assert values == ()


def form(cast: Cast, **more: Any) -> Any:
    data = QueryDict(mutable=True)
    for name, value in {"title_en": "Water", "parties": ["Sfax"], "parties_was": [""], **more}.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return AgreementForm(data, instance=Agreement(), user=cast.officer)


SIGNED = {
    "signatures_organisation": ["Sfax", "sfax", ""], "signatures_post": ["Mayor", "Deputy mayor", ""],
    "signatures_name": ["Zuhaitz Signer", "", ""], "signatures_on": ["14/3/2019", "", ""],
}  # fmt: skip


def test_the_form_keeps_it_and_refuses_what_makes_no_sense(cast: Cast) -> None:
    good = form(cast, signed="2019", in_force="2019-04", ends="2027", renewal="automatic", notice_months="6", **SIGNED)
    assert good.is_valid(), good.errors
    kept = good.save(commit=False)
    assert kept.signatures == [f"{cast.sfax.public_id}|Mayor|Zuhaitz Signer|2019-03-14",
                               f"{cast.sfax.public_id}|Deputy mayor||"]  # fmt: skip
    assert (str(kept.in_force), kept.renewal, kept.notice_months) == ("2019-04", "automatic", 6)
    assert form(cast, in_force="2020", ends="2019").errors == {"ends": ["The agreement ends before it is in force."]}
    assert form(cast, renewal="automatic").errors == {
        "ends": ["Write the day on which it is renewed, so that you are told in time."]
    }
    assert list(form(cast, notice_months="600").errors) == ["notice_months"]
    wrong = form(
        cast, signatures_organisation=["Nowhere"], signatures_post=[""], signatures_name=[""], signatures_on=[""]
    )
    assert list(wrong.errors) == ["signatures"]


@pytest.fixture
def signed(cast: Cast) -> Agreement:
    hidden = make_organisation("Zuhaitz town", visibility="office")
    lines = [f"{cast.sfax.public_id}|Mayor|Zuhaitz Signer|2019-03-14", f"{hidden.public_id}|Zuhaitz post||"]
    one = agreement("Water", date(2027, 1, 1), signatures=lines, renewal="automatic", notice_months=3)
    one.in_force = PartialDate.parse("2019-04")
    one.save()
    one.parties.set([cast.sfax, hidden])
    return one


def test_names_of_who_signed_are_for_the_office_and_the_own_house(cast: Cast, signed: Agreement) -> None:
    assert [(str(one.party), one.post, one.name) for one in signatures_of(cast.officer, signed)] == [
        ("Sfax", "Mayor", "Zuhaitz Signer"), ("Zuhaitz town", "Zuhaitz post", ""),
    ]  # fmt: skip
    assert [one.name for one in signatures_of(cast.contact, signed)] == ["Zuhaitz Signer"]
    for who in ("visitor", "participant", "outsider"):
        shown = cast.client(who).get(page("agreement", signed)).text
        assert ("Mayor" in shown, "Zuhaitz" in shown) == (True, False), who
    shown = cast.client("visitor").get(page("agreement", signed)).text
    assert "It is renewed automatically, unless notice is given" in shown
    assert "notice: 3 months" in shown
    answer = cast.client("visitor").get(f"/api/v1/agreements/{signed.public_id}")
    assert "Zuhaitz" not in answer.text
    told = answer.json()
    assert told["signatures"] == [{"party": cast.sfax.public_id, "post": "Mayor", "on": "2019-03-14"}]
    assert (told["in_force"], told["renewal"], told["notice_months"]) == ("2019-04", "automatic", 3)


def test_few_questions_however_many_signed(cast: Cast) -> None:
    counts = []
    for size in (1, 12):
        towns = [make_organisation(f"Town {size} {at}") for at in range(size)]
        one = agreement(f"Signed by {size}", None, signatures=[f"{town.public_id}|Mayor||" for town in towns])
        one.parties.set(towns)
        for address in (page("agreement", one), f"/en/office/records/{one.public_id}/"):
            client = cast.client("officer")
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            counts.append(len(asked))
    assert counts[0] == counts[2] <= 12
    assert counts[1] == counts[3] <= 12


def test_what_goes_on_by_itself_is_in_force_after_its_day(cast: Cast, signed: Agreement) -> None:
    signed.ends = PartialDate.parse("2020")
    signed.save()
    agreement("Really over", date(2020, 1, 1)).parties.add(cast.sfax)
    officer = cast.client("officer")
    listed = officer.get("/en/office/agreements/?time=now").context["list"]
    assert [str(row.record) for row in listed.rows] == ["Water"]
    listed = officer.get("/en/office/agreements/?time=over").context["list"]
    assert [str(row.record) for row in listed.rows] == ["Really over"]
    last = date(timezone.localdate().year, 12, 31)
    agreement("This year", last).parties.add(cast.sfax)
    agreement("By itself", last, renewal="automatic")
    listed = officer.get("/en/office/agreements/?time=year").context["list"]
    assert [str(row.record) for row in listed.rows] == ["This year"]
    shown = cast.client("visitor").get(page("organisation", cast.sfax) + "?on=2023").context["facts"]["agreements"]
    assert [str(one.title) for one in shown] == ["This year", "Water"]


def test_a_table_brings_it_in(cast: Cast) -> None:
    rows = (
        "id,title,party_ids,signed_on,in_force_from,ends_on,renewal,notice_months,signatures\n"
        "water,Water,sfax;amb,2019,2019-04,2027,automatic,6,sfax|Mayor|A name|14/3/2019; amb|President\n"
        "late,Late,sfax;amb,2019,2029,2027,,,\n"
        "who,Who,sfax;amb,2019,,,,,nowhere|Mayor\n"
    )
    found = understand(tables()["agreements"], read_table(rows.encode()), source="list")
    assert [(one.row, one.what) for one in found.problems] == [
        (3, "It ends before it begins."), (4, "Nothing with this id or name is known."),
    ]  # fmt: skip
    bring_in(found, leave_out_wrong_rows=True)
    kept = Agreement.objects.get()
    assert kept.signatures == [f"{cast.sfax.public_id}|Mayor|A name|2019-03-14", f"{cast.amb.public_id}|President||"]
    assert (str(kept.in_force), kept.renewal, kept.notice_months) == ("2019-04", "automatic", 6)


def test_a_program_writes_it(cast: Cast) -> None:
    body = {
        "title": {"en": "Water"}, "parties": [cast.sfax.public_id], "renewal": "ends", "notice_months": 2,
        "signatures": [{"organisation": cast.sfax.public_id, "post": "Mayor", "on": "2019-03-14"}],
    }  # fmt: skip
    answer = cast.client("officer").post("/api/v1/agreements", json.dumps(body), content_type="application/json")
    assert answer.status_code == 201, answer.text
    assert Agreement.objects.get().signatures == [f"{cast.sfax.public_id}|Mayor||2019-03-14"]
