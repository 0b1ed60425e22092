"""What was said on paper into a session: understood, shown with what is wrong, all of it or nothing, and once."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from sympolis.office.core.imports.errors import ImportRefused
from sympolis.office.core.texts import Text
from sympolis.office.planning.enums import Phase
from sympolis.office.planning.models import Contribution, Participant, Plan, Session
from sympolis.office.planning.sessions.actions import keep_session, set_phase
from sympolis.office.planning.sessions.errors import NotOpen
from sympolis.office.planning.sessions.incoming import bring_in, files_of, take_file_back, understand
from sympolis.office.planning.tracing.actions import link_contributions
from tests.cast import Cast

PAPER = """Taula;Què s'ha dit;Tipus;Llengua;Temes;En nom de;Tipus de participant
2;Reutilitzar l'aigua dels parcs;necessitat;català;aigua;Sant Cugat;ajuntament
2;Ombra a les places;idea;;;;
3;Ombra a les places;idea;;;;
3;Ombra a les places;idea;;;;
"""
WRONG = """Text,Kind,Themes
Shade,idea,water
,need,
Something,rant,
Other,need,flying carpets
"""
SHARED = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture
def session(cast: Cast) -> Session:
    return keep_session(Session(organisation=cast.amb, title=Text.of(en="First session")))


def address(session: Session, name: str = "session_incoming", **more: str) -> str:
    with override("en"):
        return reverse(f"staff:{name}", kwargs={"public_id": session.public_id, **more})


def one_line(response: Any) -> str:
    return " ".join(response.content.decode().split())


def uploaded(client: Any, session: Session, data: bytes, name: str = "paper.csv") -> Any:
    return client.post(address(session), {"file": SimpleUploadedFile(name, data), "kind": "proposal"})


class TestReading:
    def test_columns_are_guessed_and_each_row_understood(self) -> None:
        read = understand(PAPER.encode(), "proposal")
        assert read.columns == ["table", "text", "kind", "language", "themes", "speaks_for", "participant_kind"]
        assert read.problems == []
        assert [(one.number, one.text, one.kind, one.table, one.language, one.themes) for one in read.rows] == [
            (2, "Reutilitzar l'aigua dels parcs", "need", "2", "ca", ("water",)),
            *((row, "Ombra a les places", "idea", table, "ca", ()) for row, table in ((3, "2"), (4, "3"), (5, "3"))),
        ]
        assert (read.rows[0].speaks_for, read.rows[0].participant_kind) == ("Sant Cugat", "council")
        assert len({one.client_id for one in read.rows}) == 4
        assert [one.client_id for one in understand(PAPER.encode(), "need").rows] == [
            one.client_id for one in read.rows
        ]

    def test_what_is_wrong_with_row_column_and_remedy(self) -> None:
        read = understand(WRONG.encode() + b"Long " + b"x" * 10_000 + b",need,\n", "need")
        assert [one.text for one in read.rows] == ["Shade"]
        assert [(one.row, one.column, one.value[:14], bool(one.remedy)) for one in read.problems] == [
            (3, "Text", "", True), (4, "Kind", "rant", True), (5, "Themes", "flying carpets", True),
            (6, "Text", "Long xxxxxxxxx", True),
        ]  # fmt: skip
        assert [one.what for one in understand(b"a,b\n1,2\n", "need").problems] == ["No column holds what was said."]
        assert understand(b"a,b\n1,2\n", "need", {1: "text"}).rows[0].text == "2"

    def test_an_export_with_languages_in_its_headings_and_html(self) -> None:
        sample = Path(__file__).parents[2] / "src/sympolis/engine/sources/decidim/sample/proposals.csv"
        read = understand(sample.read_bytes(), "proposal")
        first = read.rows[0]
        assert (first.language, first.kind) == ("ca", "proposal")
        assert first.text.splitlines()[:2] == ["Més fonts", "Una font a cada plaça."]
        assert "<" not in first.text

    @pytest.mark.parametrize(
        ("name", "rows", "wrong"), [("pam2016/actions.csv", 733, 0), ("madrid/data_raw_data_proposals.csv", 80, 0)]
    )
    def test_real_exports(self, name: str, rows: int, wrong: int) -> None:
        file = SHARED / name
        if not file.exists():
            pytest.skip(f"{name} is not beside this checkout")
        read = understand(file.read_bytes(), "proposal")
        assert (len(read.sheet.rows), read.wrong_rows, len(read.rows)) == (rows, wrong, rows - wrong)
        assert max(len(one.text) for one in read.rows) < 10_000
        assert len({one.client_id for one in read.rows}) == len(read.rows)

    @given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: f"text;kind\n{text}".encode()))
    def test_wild_bytes(self, data: bytes) -> None:
        try:
            read = understand(data, "need")
        except ImportRefused:
            return
        assert all(one.text and len(one.text) <= 10_000 for one in read.rows)


class TestBringingIn:
    def test_once_however_often_and_bodies_are_counted(self, cast: Cast, session: Session) -> None:
        rows = understand(PAPER.encode(), "proposal").rows
        first, again = bring_in(cast.officer, session, rows), bring_in(cast.officer, session, rows)
        assert ((first.added, first.there), (again.added, again.there)) == ((4, 0), (0, 4))
        assert [one.sequence for one in session.contributions.all()] == [1, 2, 3, 4]
        assert list(Participant.objects.values_list("kind", "speaks_for")) == [("council", "Sant Cugat")]
        assert Contribution.objects.get(sequence=1).participant == Participant.objects.get()
        assert {one.noted_by for one in Contribution.objects.all()} == {cast.officer}
        assert Contribution.history.count() == 4
        session.refresh_from_db()
        assert session.sequence == 4
        set_phase(cast.officer, session, Phase.CLOSED)
        with pytest.raises(NotOpen):
            bring_in(cast.officer, session, rows)
        with pytest.raises(PermissionDenied):
            bring_in(cast.contact, session, rows)

    def test_looked_at_then_brought_in(self, cast: Cast, session: Session) -> None:
        book = Workbook()
        for row in (("Nobody's heading", "Table"), ("Shade in every square", "1"), ("Water", "2")):
            book.active.append(row)
        data = io.BytesIO()
        book.save(data)
        client = cast.client("officer")
        look = uploaded(client, session, data.getvalue(), "paper.xlsx")["Location"]
        assert "No column holds what was said." in one_line(client.get(look))
        client.post(look, {"bring": "in", "leave_out": "on"})
        assert Contribution.objects.count() == 0
        client.post(look, {"column-0": "text", "column-1": "table"})
        assert "Shade in every square" in one_line(client.get(look))
        answer = client.post(look, {"bring": "in"}, follow=True)
        assert "2 contributions brought in." in one_line(answer)
        assert list(Contribution.objects.values_list("text", "kind", "table")) == [
            ("Shade in every square", "proposal", "1"), ("Water", "proposal", "2"),
        ]  # fmt: skip
        assert client.get(look).status_code == 404

    def test_nothing_of_a_table_with_problems_unless_they_are_left_out(self, cast: Cast, session: Session) -> None:
        client = cast.client("officer")
        look = uploaded(client, session, WRONG.encode())["Location"]
        assert "flying carpets" in one_line(client.post(look, {"bring": "in"}))
        assert Contribution.objects.count() == 0
        client.post(look, {"bring": "in", "leave_out": "on"})
        assert Contribution.objects.get().text == "Shade"

    def test_a_file_is_taken_back_but_for_what_was_worked_on(self, cast: Cast, session: Session) -> None:
        client = cast.client("officer")
        client.post(uploaded(client, session, b"text\nFrom another\n", "other.csv")["Location"], {"bring": "in"})
        client.post(uploaded(client, session, PAPER.encode())["Location"], {"bring": "in"})
        water, shade = session.contributions.get(text__startswith="Reutilitzar"), session.contributions.last()
        plan = Plan.objects.create(organisation=cast.amb, title=Text.of(en="The plan"))
        link_contributions(cast.officer, [shade], plan)
        page = one_line(client.get(address(session))).partition('id="files"')[2]
        assert page.index("paper.csv") < page.index("4 contributions") < page.index("other.csv")
        back = address(session, "session_incoming_back", token=files_of(session)[0].token)
        for who, status in (("visitor", 302), ("outsider", 403), ("participant", 403), ("contact", 403)):
            assert cast.client(who).post(back).status_code == status
        said = one_line(client.post(back, follow=True))
        assert "3 contributions taken out again. 1 stays:" in said
        assert list(session.contributions.values_list("text", flat=True)) == ["From another", shade.text]
        assert not Participant.objects.exists()
        assert Contribution.history.filter(id=water.pk, history_type="-").get().history_user == cast.officer
        client.post(uploaded(client, session, PAPER.encode())["Location"], {"bring": "in"})
        assert session.contributions.count() == 5
        session.refresh_from_db()
        set_phase(cast.officer, session, Phase.CLOSED)
        with pytest.raises(NotOpen):
            take_file_back(cast.officer, session, files_of(session)[0].token)

    def test_nobody_but_officers_and_nobody_elses_file(self, cast: Cast, session: Session) -> None:
        for who, status in (("visitor", 302), ("outsider", 403), ("participant", 403), ("contact", 403)):
            assert cast.client(who).get(address(session)).status_code == status
            assert uploaded(cast.client(who), session, PAPER.encode()).status_code == status
        look = uploaded(cast.client("officer"), session, PAPER.encode())["Location"]
        other = keep_session(Session(organisation=cast.amb, title=Text.of(en="Other")))
        token = look.rstrip("/").rpartition("/")[2]
        assert cast.client("administrator").get(look).status_code == 404
        assert cast.client("officer").get(address(other, "session_incoming_preview", token=token)).status_code == 404
        with override("en"):
            shelf_of_records = reverse("staff:import-preview", kwargs={"token": token})
        assert cast.client("officer").get(shelf_of_records).status_code == 404
        assert uploaded(cast.client("officer"), session, b"\x00\x01\x02" * 99).status_code == 422
