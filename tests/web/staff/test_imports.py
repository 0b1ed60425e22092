"""Bringing in a spreadsheet in the browser: who may, what one sees, correcting, bringing in, taking back."""

from __future__ import annotations

import io
import os
import re
import time
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from sympolis.office.core.imports.origin import name_of_file, source_of
from sympolis.office.core.models import Import
from sympolis.office.directory.models import Agreement, Organisation, Relation
from sympolis.office.planning.models import Plan
from sympolis.office.projects.models import Project
from tests.cast import Cast

EVERYBODY = ("administrator", "officer", "contact", "participant", "outsider", "visitor")
TABLE = "Ciutat,Estat,Web\nTétouan,Marroc,www.tetouan.ma\nSfax,Tunísia,https://sfax.tn\n"


def upload(client: Client, text: str | bytes = TABLE, table: str = "organisations", **more: Any) -> Any:
    data = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile("ciutats.csv", data)
    return client.post(reverse("staff:imports"), {"table": table, "file": file, "language": "ca", **more})


def waiting(client: Client, text: str | bytes = TABLE, table: str = "organisations") -> str:
    response = upload(client, text, table)
    assert response.status_code == 302, response.content.decode()
    return str(response.url)


def stats(page: str) -> list[str]:
    return re.findall(r"<strong>(\d+)</strong>", page)


@pytest.fixture
def run(cast: Cast) -> Import:
    client = cast.client("officer")
    client.post(waiting(client) + "bring-in/")
    return Import.objects.get()


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("view", ["imports", "import-template", "import-undo", "import-preview", "import-apply"])
def test_only_officers(cast: Cast, run: Import, who: str, method: str, view: str) -> None:
    token = waiting(cast.client("officer"), "name\nGabès\n").rstrip("/").rpartition("/")[2]
    arguments = {
        "import-template": {"table": "events"}, "import-undo": {"pk": run.pk},
        "import-preview": {"token": token}, "import-apply": {"token": token},
    }.get(view, {})  # fmt: skip
    address = reverse(f"staff:{view}", kwargs=arguments)
    response = getattr(cast.client(who), method)(address)
    if who == "visitor":
        assert (response.status_code, response.url) == (302, f"{reverse('account_login')}?next={address}")
    elif who not in {"administrator", "officer"}:
        assert response.status_code == 403
    else:
        assert response.status_code not in {403, 500}
    untouched = who not in {"administrator", "officer"} or view != "import-undo" or method == "get"
    assert Organisation.objects.filter(name="Tétouan").exists() == untouched


def test_a_waiting_table_is_its_owners_alone(cast: Cast) -> None:
    address = waiting(cast.client("officer"))
    assert cast.client("administrator").get(address).status_code == 404
    assert cast.client("administrator").post(address + "bring-in/").status_code == 404
    assert cast.client("officer").get(address).status_code == 200
    assert (
        cast.client("officer").get(reverse("staff:import-preview", kwargs={"token": ".." + "x" * 25})).status_code
        == 404
    )


def test_the_preview_says_what_was_understood_and_writes_nothing(cast: Cast) -> None:
    client = cast.client("officer")
    page = client.get(waiting(client)).content.decode()
    assert stats(page) == ["2", "1", "1", "0", "0"]
    assert re.findall(r'<option value="(\w+)"\s*selected', page) == ["name", "country_iso2", "website"]
    assert "https://sfax.tn" in page
    assert (Organisation.objects.count(), Import.objects.count()) == (3, 0)


def test_the_preview_speaks_the_readers_language_and_not_in_codes(cast: Cast) -> None:
    officer = cast.client("officer")
    page = officer.get(waiting(officer, "name,kind,country,language\nGabès,city,TN,ar\n").replace("/en/", "/ca/"))
    said = re.findall(r"<ins>([^<]*)</ins>", page.content.decode())
    assert sorted(" ".join(one.split()) for one in said) == ["Ciutat", "Gabès", "Tunísia", "àrab"]


def test_the_file_waits_in_the_home_and_not_in_the_session(cast: Cast) -> None:
    client = cast.client("officer")
    address = waiting(client)
    token = address.rstrip("/").rpartition("/")[2]
    path = settings.HOME.path / "waiting-imports" / f"{token}.data"
    assert (path.read_text(), path.stat().st_mode & 0o777) == (TABLE, 0o600)
    assert "Tétouan" not in str(dict(client.session))
    client.post(address + "bring-in/")
    assert not path.exists()


def test_old_and_many_waiting_files_make_room(cast: Cast) -> None:
    client = cast.client("officer")
    folder = settings.HOME.path / "waiting-imports"
    for _time in range(8):
        waiting(client)
    assert len([path for path in folder.glob("*.json") if f'"user": {cast.officer.pk},' in path.read_text()]) == 5
    for path in folder.glob("*.json"):
        os.utime(path, (time.time() - 90_000,) * 2)
    address = waiting(client)
    assert [path.stem for path in folder.glob("*.json")] == [address.rstrip("/").rpartition("/")[2]]
    assert len(list(folder.iterdir())) == 2


def test_correcting_the_columns_reads_it_again(cast: Cast) -> None:
    client = cast.client("officer")
    address = waiting(client, "Who,Where is it,Country\nGabès,Tunisia,Golf\n")
    assert "There is no column for “Name”." in client.get(address).content.decode()
    assert client.post(address, {"column-0": "name", "column-1": "country_iso2", "column-2": ""}).status_code == 302
    assert stats(client.get(address).content.decode()) == ["1", "1", "0", "0", "0"]
    client.post(address + "bring-in/")
    assert Organisation.objects.get(name="Gabès").country == "TN"


def test_problems_say_row_column_value_and_remedy(cast: Cast) -> None:
    client = cast.client("officer")
    page = client.get(waiting(client, "from,type,to\nsfax,membre de,ambb\n", "relations")).content.decode()
    for words in (
        "To whom",
        "ambb",
        "Nothing with this id or name is known.",
        "Did you mean Àrea Metropolitana de Barcelona",
    ):
        assert words in page
    assert stats(page) == ["1", "0", "0", "0", "1"]


def test_rows_with_problems_stay_out_only_when_said(cast: Cast) -> None:
    client = cast.client("officer")
    address = waiting(client, "name,country\nGabès,TN\nOran,Nowhere\n")
    client.post(address + "bring-in/")
    assert not Organisation.objects.filter(name__in=["Gabès", "Oran"]).exists()
    client.post(address + "bring-in/", {"leave_out": "on"})
    assert set(Organisation.objects.filter(name__in=["Gabès", "Oran"]).values_list("name", flat=True)) == {"Gabès"}


def test_bringing_in_and_taking_back(cast: Cast, run: Import) -> None:
    client = cast.client("officer")
    assert (run.created, run.changed, run.by, run.file_name) == (1, 1, cast.officer, "ciutats.csv")
    tetouan = Organisation.objects.get(name="Tétouan")
    assert (tetouan.country, tetouan.website, tetouan.name_language) == ("MA", "https://www.tetouan.ma", "")
    page = client.get(reverse("staff:imports")).content.decode()
    assert "ciutats.csv" in page
    undo = reverse("staff:import-undo", kwargs={"pk": run.pk})
    asked = client.get(undo).content.decode()
    assert "1 record it made is removed." in asked
    assert Organisation.objects.filter(name="Tétouan").exists()
    done = client.post(undo, follow=True).content.decode()
    assert "Taken back: 1 removed, 1 as they were before." in done
    assert not Organisation.objects.filter(name="Tétouan").exists()
    assert "This import was undone already." in client.post(undo, follow=True).content.decode()


def test_pasted_rows_come_in_too(cast: Cast) -> None:
    client = cast.client("officer")
    form = {"table": "organisations", "pasted": "Nom\tPays\nGabès\tTunisie", "language": "fr"}
    response = client.post(reverse("staff:imports"), form)
    client.post(response.url + "bring-in/")
    assert Organisation.objects.get(name="Gabès").country == "TN"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The submitted file is empty."),
        (b"\x00\x01\x02\x03" * 5000, "This is not a table: it holds bytes that are no text."),
        (b"qwerty\n1\n", "None of the headings is known for this table."),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "This is not a table"),
    ],
)
def test_what_is_no_table_is_refused_on_the_same_page(cast: Cast, data: bytes, words: str) -> None:
    response = upload(cast.client("officer"), data)
    assert (response.status_code, words in response.content.decode()) == (422, True)


def test_nothing_chosen_is_said(cast: Cast) -> None:
    response = cast.client("officer").post(reverse("staff:imports"), {"table": "events", "language": "en"})
    assert "Choose a file, or paste rows below." in response.content.decode()


def test_markup_is_shown_as_text(cast: Cast) -> None:
    client = cast.client("officer")
    evil = "<img src=x onerror=alert(1)>"
    page = client.get(waiting(client, f"name,{evil},country\n{evil},{evil},{evil}\n")).content.decode()
    assert evil not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_an_empty_table_to_fill_in_is_understood_whole(cast: Cast) -> None:
    client = cast.client("officer")
    response = client.get(reverse("staff:import-template", kwargs={"table": "projects"}))
    assert response["Content-Disposition"] == 'attachment; filename="projects.csv"'
    headings = response.content.decode("utf-8-sig").strip().split(",")
    assert (headings[0], "summary_ar" in headings) == ("id", True)
    assert client.get(reverse("staff:import-template", kwargs={"table": "users"})).status_code == 404


@pytest.mark.parametrize("count", [3, 300])
def test_queries_do_not_grow_with_the_table(cast: Cast, count: int, django_assert_max_num_queries: Any) -> None:
    client = cast.client("officer")
    table = io.StringIO("")
    table.write("id,title,lead,partners\n")
    for number in range(count):
        table.write(f"p{number},Project {number},amb,sfax;rabat\n")
    address = waiting(client, table.getvalue(), "projects")
    with django_assert_max_num_queries(12):
        client.get(address)
    client.post(address + "bring-in/")
    address = waiting(client, table.getvalue().replace("Project", "Work"), "projects")
    with django_assert_max_num_queries(12):
        client.get(address)
    for number in range(count // 3):
        Import.objects.create(table="projects", file_name=f"{number}.csv", by=cast.officer)
    with django_assert_max_num_queries(12):
        client.get(reverse("staff:imports"))


def test_headings_below_a_title_are_found_and_it_is_said(cast: Cast) -> None:
    client = cast.client("officer")
    page = client.get(waiting(client, "Socis 2026\n\nentitat gran;País;Web\nGabès;Tunísia;gabes.tn\n")).content.decode()
    assert "The headings were found in row 3. What stands above it was left out." in page
    assert stats(page)[:2] == ["1", "0"]
    columns = {"column-0": "name", "column-1": "country_iso2", "column-2": "website"}
    address = waiting(client, "Socis 2026\n\nentitat gran;País;Web\nGabès;Tunísia;gabes.tn\n")
    client.post(address, columns)
    client.post(address + "bring-in/")
    assert _gabes() == ("TN", "https://gabes.tn")


def test_where_no_heading_is_known_a_person_says_which_is_which(cast: Cast) -> None:
    client = cast.client("officer")
    address = waiting(client, "qui;on\nGabès;Tunísia\n")
    page = client.get(address).content.decode()
    assert "None of the headings is known for this table." in page
    assert address + "bring-in/" not in page
    client.post(address, {"column-0": "name", "column-1": "country_iso2", "column-٣٣٣": "name"})
    client.post(address + "bring-in/")
    assert _gabes() == ("TN", "")


def _gabes() -> tuple[str, str]:
    made = Organisation.objects.get(name="Gabès")
    return made.country, made.website


def named(client: Client, name: str, text: str, table: str = "projects") -> str:
    """A file of this name, waiting; the address of its preview."""
    answer = client.post(
        reverse("staff:imports"), {"table": table, "file": SimpleUploadedFile(name, text.encode()), "language": "ca"}
    )
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.url)


def titles() -> dict[str, str]:
    """Every project's title with the source its id is of."""
    return {str(project.title): project.source for project in Project.objects.order_by("pk")}


def test_two_lists_that_both_count_from_one_do_not_meet(cast: Cast) -> None:
    client = cast.client("officer")
    for name, title in (("Projectes AMB.csv", "Water"), ("Projectes Sfax.csv", "Trams")):
        address = named(client, name, f"id,title,lead\n1,{title},amb\n")
        assert stats(client.get(address).content.decode())[1:3] == ["1", "0"]
        client.post(address + "bring-in/")
    assert titles() == {"Water": "list:projectes-amb", "Trams": "list:projectes-sfax"}


def test_the_same_list_again_changes_what_it_brought(cast: Cast) -> None:
    client = cast.client("officer")
    client.post(named(client, "Projectes AMB.csv", "id,title\n1,Water\n") + "bring-in/")
    again = named(client, "projectes_AMB (2).csv", "id,title,acronym\n1,Waters,W\n")
    page = client.get(again)
    assert stats(page.content.decode())[1:3] == ["0", "1"]
    assert "This name was used before, for Projectes AMB.csv" in page.content.decode()
    client.post(again + "bring-in/")
    assert titles() == {"Waters": "list:projectes-amb"}


def test_a_list_may_be_called_what_one_likes_and_its_name_is_remembered(cast: Cast) -> None:
    client = cast.client("officer")
    first = named(client, "export.csv", "id,title\n1,Water\n")
    assert client.get(first).context["origin"].name == "export"
    client.post(first, {"list": "Our database", "column-0": "id", "column-1": "title"})
    assert client.get(first).context["origin"].source == "list:our-database"
    client.post(first + "bring-in/")
    again = named(client, "export.csv", "id,title\n1,Waters\n")
    assert client.get(again).context["origin"].name == "our-database"
    other = client.get(named(client, "Nova llista.csv", "id,title\n1,Trams\n")).context["origin"]
    assert (other.name, other.again, other.alike) == ("nova-llista", None, ("our-database",))
    client.post(again + "bring-in/")
    assert titles() == {"Waters": "list:our-database"}


def test_two_tables_of_one_database_share_their_ids_when_they_are_told_to(cast: Cast) -> None:
    client = cast.client("officer")
    client.post(named(client, "orgs.csv", "id,name\n7,Gabès\n", "organisations") + "bring-in/")
    address = named(client, "projects.csv", "id,title,lead\n7,Water,7\n")
    assert "Nothing with this id or name is known." in client.get(address).content.decode()
    chosen = {f"column-{one.at}": one.column for one in client.get(address).context["preview"].headings}
    client.post(address, {"list": "orgs", **chosen})
    client.post(address + "bring-in/")
    assert [part.organisation.name for part in Project.objects.get().participations.all()] == ["Gabès"]


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("Projectes AMB 2026 (2).xlsx", "projectes-amb-2026"),
        ("projectes_amb.xlsx", "projectes-amb"),
        ("Còpia de Projectes AMB v3 final.XLSX", "projectes-amb"),
        ("مشاريع صفاقس.xlsx", "مشاريع-صفاقس"),
        ("final (1).csv", "list"),
        ("../../etc/passwd", "passwd"),
        ("a" * 90 + ".csv", "a" * 35),
        ("<script>alert(1)</script>.csv", "script"),
    ],
)
def test_a_file_is_called_by_what_its_copies_share(file_name: str, name: str) -> None:
    assert name_of_file(file_name) == name
    assert len(source_of(name)) <= 40


PARTNERS = "Partenaire,Pays,Partenaire depuis\nVille de Marseille,France,1998\nSfax,Tunisie,2015\n"
TO_US = {"tied": "partner_of", "tied_to": "Àrea Metropolitana de Barcelona"}


def relations() -> list[tuple[str, str, str, str]]:
    rows = Relation.objects.select_related("from_organisation", "to_organisation").order_by("pk")
    return [(str(one.from_organisation), one.type, str(one.to_organisation), str(one.since)) for one in rows]


def test_whose_partners_they_are_is_asked_and_nothing_tied_until_it_is_said(cast: Cast) -> None:
    client = cast.client("officer")
    address = waiting(client, PARTNERS)
    page = client.get(address)
    assert "The column Partenaire depuis is left out until then." in page.content.decode()
    form = page.context["tie_form"]
    assert (form["tied"].value(), form["tied_to"].value()) == ("", cast.amb)
    other = client.get(waiting(client)).content.decode()
    assert ("left out until then" in other, "If they are members, partners or twin towns" in other) == (False, True)
    assert "tie_form" not in (client.get(waiting(client, "id,title\n1,Water\n", "projects")).content.decode())
    client.post(address + "bring-in/")
    assert relations() == []


def test_partners_of_ours_are_looked_at_brought_in_and_taken_back(cast: Cast) -> None:
    client = cast.client("officer")
    address = waiting(client, PARTNERS)
    wrong = client.post(address, {"tied": "partner_of", "tied_to": "Barcelonna"})
    assert (wrong.status_code, "Barcelonna” could be" in wrong.content.decode()) == (422, False)
    nobody = client.post(address, {"tied": "partner_of", "tied_to": ""})
    assert "Say which organisation they are tied to." in nobody.content.decode()
    assert client.post(address, TO_US).status_code == 302
    page = " ".join(client.get(address).content.decode().split())
    assert "<bdi>partner of</bdi> <strong><bdi>Àrea Metropolitana de Barcelona</bdi></strong>: 2 new relations" in page
    columns = {f"column-{one.at}": one.column for one in client.get(address).context["preview"].headings}
    client.post(address, columns)  # what the columns are says nothing of whose they are
    client.post(address + "bring-in/")
    ours = "Àrea Metropolitana de Barcelona"
    assert relations() == [("Ville de Marseille", "partner_of", ours, "1998"), ("Sfax", "partner_of", ours, "2015")]
    client.post(reverse("staff:import-undo", kwargs={"pk": Import.objects.get().pk}))
    assert (relations(), Organisation.objects.filter(name="Ville de Marseille").exists()) == ([], False)


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_officers_tie_what_comes_in(cast: Cast, who: str) -> None:
    address = waiting(cast.client("officer"), PARTNERS)
    answer = cast.client(who).post(address, TO_US)
    assert answer.status_code == {"officer": 302, "administrator": 404}.get(who, 403)
    cast.client("officer").post(address + "bring-in/")
    assert len(relations()) == (2 if who == "officer" else 0)


@pytest.mark.parametrize("count", [3, 300])
def test_queries_do_not_grow_with_what_ties_the_rows(
    cast: Cast, count: int, django_assert_max_num_queries: Any
) -> None:
    client = cast.client("officer")
    rows = "".join(f"Ville {number},{1990 + number % 30}\n" for number in range(count))
    for _time in range(2):
        address = waiting(client, f"Partenaire,Depuis\n{rows}")
        client.post(address, TO_US)
        with django_assert_max_num_queries(12):
            assert len(client.get(address).context["preview"].ties) == count
        client.post(address + "bring-in/")
    assert len(relations()) == count


def test_agreements_that_name_the_other_party_alone_are_ours_too(cast: Cast) -> None:
    client = cast.client("officer")
    rows = "Intitulé,Partenaire,Date\nConvention eau,Sfax,2019\nConvention port,Sfax;Rabat,2020\n"
    address = waiting(client, rows, "agreements")
    assert client.get(address).context["house_form"]["house"].value() == cast.amb
    client.post(address, {"house": ""})
    client.post(address + "bring-in/")
    assert parties() == {"Convention eau": {"Sfax"}, "Convention port": {"Rabat", "Sfax"}}
    again = waiting(client, rows, "agreements")
    page = " ".join(client.get(again).content.decode().split())
    assert "<del>Sfax</del>" in page
    assert "<ins>Àrea Metropolitana de Barcelona, Sfax</ins>" in page
    client.post(again + "bring-in/")
    both = {"Àrea Metropolitana de Barcelona", "Sfax"}
    assert parties() == {"Convention eau": both, "Convention port": {"Rabat", "Sfax"}}
    client.post(reverse("staff:import-undo", kwargs={"pk": Import.objects.latest("pk").pk}))
    assert parties()["Convention eau"] == {"Sfax"}


def parties() -> dict[str, set[str]]:
    return {str(one.title): {str(party) for party in one.parties.all()} for one in Agreement.objects.all()}


def test_plans_without_a_column_for_it_are_the_own_organisations_or_anothers(cast: Cast) -> None:
    client = cast.client("officer")
    address = waiting(client, "id,title\np1,Plan climat\n", "plans")
    client.post(address + "bring-in/")
    assert Plan.objects.get().organisation == cast.amb
    client.post(address := waiting(client, "id,title\np2,Plan eau\n", "plans"), {"house": "Sfax"})
    assert client.post(address, {"house": "Nowhere at all"}).status_code == 422
    client.post(address + "bring-in/")
    assert Plan.objects.get(source_id="p2").organisation == cast.sfax
    client.post(address := waiting(client, "id,title\np3,Plan\n", "plans"), {"house": ""})
    assert "There is no column for “Organisation”." in client.get(address).content.decode()
    named = client.get(waiting(client, "id,title,organisation\np4,Plan,sfax\n", "plans"))
    assert "house_form" not in named.context
